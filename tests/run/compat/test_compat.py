"""The table of tools and APIs: what stands in it, whatever the form, the place and the number of the tools."""

import json
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reqlint import __version__, check
from reqlint.core.findings import Severity
from reqlint.knowledge.catalog import shipped
from reqlint.reporters.compat import COMPAT_FORMATS, compat_reporter
from reqlint.reporters.rendering import Rendering
from reqlint.run.compat.columns import UnknownColumn, column_names, columns
from reqlint.run.compat.judging import Compat
from reqlint.run.compat.table import CompatReport, Row, ToolVerdict
from reqlint.run.compat.workers import hits_of_columns, judge_columns
from reqlint.run.judges import Judges
from reqlint.text.sources import Source
from tests.conftest import ROOT
from tests.strategies import tool_schemas
from tests.strategies._tools import WRAPPED, WRITTEN
from tests.support.planted import of_form

JUDGES = Judges("auto", (), (), {}, (), (), None, {})
ALL = columns(JUDGES)
SCHEMA = Draft202012Validator(json.loads((ROOT / "schemas/meta/compat.json").read_text("utf-8")))
ABOUT = {"name": "book_table", "description": "Book a table"}
FINE: dict[str, Any] = {"type": "object", "properties": {"guests": {"type": "integer", "description": "How many"}}}
MAYBE: dict[str, Any] = {"type": "object", "properties": {"note": {"type": ["string", "null"]}}}


def table(*texts: Any, name: str = "tools.json", **options: Any) -> CompatReport:
    """Return the table of texts, or of values written as JSON, each in a file of its own."""
    run = Compat(JUDGES, options.pop("shown", ALL), **options)
    for number, each in enumerate(texts):
        text = each if isinstance(each, str) else json.dumps(each)
        run.read(Source(f"{number}-{name}", None, text.encode("utf-8", "surrogatepass")))
    return run.finish()


def verdicts(row: Row) -> Mapping[str, str]:
    """Return the verdict of each column."""
    return {name: str(cell.verdict) for name, cell in row.cells.items()}


def some(*names: str) -> list[Any]:
    """Return the columns of these names."""
    return columns(JUDGES, names)


# ------------------------------------------------------------------------------------------------------------- columns


def test_each_column_belongs_to_one_profile() -> None:
    """No two profiles have a column of one name, each profile has one of its own, and its ways differ."""
    catalog = shipped()
    names = [name for profile in catalog.profile_names for name in catalog.profile(profile).ways]
    assert len(names) == len(set(names))
    assert {*catalog.profile_names} <= {*names}
    for profile in catalog.profile_names:
        ways = [*catalog.profile(profile).ways.values()]
        assert len(ways) == len(set(ways)), profile
    assert [column.name for column in ALL] == [*column_names(catalog)]


def test_an_unknown_column_is_named_with_a_suggestion() -> None:
    """What is no column is refused, with the one that was probably meant."""
    with pytest.raises(UnknownColumn, match='no API "gemini-jsn"; did you mean "gemini-json"'):
        some("openai", "gemini-jsn")


# ------------------------------------------------------------------------------------------------------------ verdicts


@pytest.mark.parametrize("wrapping", WRAPPED)
@pytest.mark.parametrize("form", WRITTEN)
def test_a_tool_has_the_same_verdicts_in_every_form(form: str, wrapping: str) -> None:
    """Each API is sent a tool in its own form, so that it does not matter in which form the tool was written down."""
    about = [{**ABOUT, "name": f"t{n}"} for n in range(2)]
    expected = [verdicts(row) for row in table([*map(WRITTEN["MCP"], about, (FINE, MAYBE))]).rows]
    tools = [*map(WRITTEN[form], about, (FINE, MAYBE))]
    found = table(WRAPPED[wrapping](tools))
    assert [verdicts(row) for row in found.rows] == expected
    assert expected[1]["gemini"] == "refused"
    assert (expected[1]["gemini-json"], expected[1]["openai"]) == ("taken", "taken")


def test_strict_goes_along_only_to_apis_that_mean_the_same() -> None:
    """A strict tool of OpenAI's is strict at the Responses API, and is sent to others without the word."""
    tool = WRITTEN["Chat Completions"]({**ABOUT, "strict": True}, FINE)
    [row] = table([tool]).rows
    told = verdicts(row)
    assert (told["openai"], told["openai-responses"], told["anthropic"]) == ("refused", "refused", "taken")
    assert told["openai-strict"] == told["openai-responses-strict"] == "refused"
    loose = table([WRITTEN["Chat Completions"]({**ABOUT, "strict": False}, FINE)]).rows[0]
    assert verdicts(loose)["openai"] == "taken"


def test_a_verdict_names_its_rules_and_their_status() -> None:
    """A refusal has the rules that speak of it and the firmest status of their evidence; what is taken has none."""
    [row] = table([WRITTEN["MCP"](ABOUT, MAYBE)], shown=some("gemini", "openai")).rows
    refused, taken = row.cells["gemini"], row.cells["openai"]
    assert (refused.verdict, refused.rules, refused.status, refused.is_certain) == (
        ToolVerdict.REFUSED, ("malformed-schema-value",), "observed", True,
    )  # fmt: skip
    assert (taken.verdict, taken.rules, taken.status) == (ToolVerdict.TAKEN, (), None)


def test_one_malformed_tool_hides_no_other() -> None:
    """Among many tools, some of them no objects or without a schema, each has the verdicts it has alone."""
    broken: list[Any] = [{**ABOUT, "name": "a b", "inputSchema": MAYBE}, {"name": "x", "inputSchema": {"type": 7}}]
    tools = [WRITTEN["MCP"]({**ABOUT, "name": f"t{n}"}, MAYBE if n % 3 else FINE) for n in range(40)]
    tools[7:7] = broken
    rows = {row.name: verdicts(row) for row in table({"tools": tools}).rows}
    for tool in tools:
        assert rows[tool["name"]] == verdicts(table({"tools": [tool]}).rows[0]), tool["name"]


def test_too_many_tools_are_those_beyond_the_limit() -> None:
    """Tools beyond what an API takes are refused, and those before are not; names twice count against the second."""
    tools = [WRITTEN["MCP"]({**ABOUT, "name": f"t{n}"}, FINE) for n in range(130)]
    tools[5]["name"] = "t3"
    rows = table({"tools": tools}, shown=some("openai", "anthropic", "gemini-json")).rows
    assert [n for n, row in enumerate(rows) if row.cells["openai"].verdict is ToolVerdict.REFUSED][-2:] == [128, 129]
    refused = [n for n, row in enumerate(rows) if row.cells["anthropic"].verdict is ToolVerdict.REFUSED]
    assert refused == [5]
    assert rows[5].cells["anthropic"].rules == ("duplicate-tool-name",)


def test_files_can_be_one_request() -> None:
    """Tools of several files are judged apart, and with `together` as a client sends them: names must then differ."""
    tools = [{"tools": [WRITTEN["MCP"](ABOUT, FINE)]}, {"tools": [WRITTEN["MCP"](ABOUT, FINE)]}]
    shown = some("anthropic")
    assert [verdicts(row) for row in table(*tools, shown=shown).rows] == [{"anthropic": "taken"}] * 2
    joined = table(*tools, shown=shown, together=True)
    assert [row.cells["anthropic"].verdict for row in joined.rows] == [ToolVerdict.TAKEN, ToolVerdict.REFUSED]
    [found] = joined.findings
    assert (found.finding.source, found.finding.pointer) == ("1-tools.json", "/tools/0/name")
    apart = table(*tools, shown=shown, together=True, prefix=lambda name: f"s{name[0]}_")
    assert all(row.is_taken for row in apart.rows)
    assert [row.name for row in apart.rows] == ["s0_book_table", "s1_book_table"]


def test_a_prefix_counts_as_part_of_the_name() -> None:
    """A name that is short enough alone may be too long with the prefix of a client; its place is that of the name."""
    for form, write in WRITTEN.items():
        tool = [write({**ABOUT, "name": "n" * 50}, FINE)]
        shown = some("openai", "mistral")
        assert table(tool, shown=shown).rows[0].is_taken, form
        long = table(tool, shown=shown, prefix=lambda _: "mcp__restaurant__")
        assert [cell.verdict for cell in long.rows[0].cells.values()] == [ToolVerdict.REFUSED] * 2, form
        assert {each.finding.pointer.rpartition("/")[2] for each in long.findings} == {"name"}, form


def test_schemas_and_requests_have_rows_too() -> None:
    """A schema of parameters is judged as a tool's; a request by the profiles of its wire shape, as a whole."""
    [row] = table({"$schema": "https://json-schema.org/draft/2020-12/schema", **MAYBE}).rows
    assert (row.name, row.is_request) == (None, False)
    assert verdicts(row)["gemini"] == "refused"
    request = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "n": 0}
    [row] = table(request).rows
    assert row.is_request
    assert {*row.cells} == {*shipped().profiles_in("openai-chat")}
    assert row.cells["openai"].verdict is ToolVerdict.REFUSED
    assert row.cells["openai"].rules == ("out-of-range",)


def test_what_holds_no_tools_is_skipped_and_what_cannot_be_read_is_said() -> None:
    """An answer, a package and an empty list have no rows; broken JSON is unreadable, with its place."""
    report = table({"name": "shop", "version": "1.0.0"}, {"tools": []}, '{"tools": [')
    assert [name for name, _ in report.skipped] == ["0-tools.json", "1-tools.json"]
    assert [name for name, _ in report.unread] == ["2-tools.json"]
    assert not report.rows
    [found] = report.findings
    assert (found.finding.rule, found.finding.source, found.columns) == ("invalid-json", "2-tools.json", {})


# ------------------------------------------------------------------------------------------------------------ findings


def test_a_finding_is_told_once_with_all_its_columns() -> None:
    """What many APIs say of one place is one finding, the gravest, with the severity in each column."""
    report = table({"tools": [WRITTEN["MCP"]({**ABOUT, "name": "menu.today"}, FINE)]})
    places = [(each.finding.rule, each.finding.pointer, each.finding.message) for each in report.findings]
    assert len(places) == len(set(places))
    named = [each for each in report.findings if each.finding.rule == "malformed-tool-name"]
    concerned = [name for each in named for name in each.columns]
    assert len(concerned) == len(set(concerned))
    assert {"openai", "anthropic", "bedrock-converse", "mistral"} <= {*concerned}
    assert all(each.finding.pointer == "/tools/0/name" for each in named)
    assert all(each.finding.severity is min(each.columns.values(), key=lambda s: s.rank) for each in named)


@settings(max_examples=40, deadline=None)
@given(st.lists(tool_schemas(), min_size=1, max_size=4), st.sampled_from(sorted(WRITTEN)), st.booleans())
def test_the_table_says_what_check_says(schemas: list[Any], form: str, has_prefix: bool) -> None:
    """
    Whatever the schemas: a column refuses a tool if, and only if, it has an error in the request that offers it.

    Every finding is behind a verdict or a remark, at a place of the tool, and every format can be written.
    """
    tools = [WRITTEN[form]({"name": f"t{n}", "description": "d"}, schema) for n, schema in enumerate(schemas)]
    report = table(tools if form != "Gemini" else {"functionDeclarations": tools}, prefix=lambda _: "p_" * has_prefix)
    for row in report.rows:
        inside = [each for each in report.findings if (each.finding.pointer + "/").startswith(row.pointer + "/")]
        for name, cell in row.cells.items():
            errors = [each for each in inside if each.columns.get(name) is Severity.ERROR]
            assert bool(errors) == (cell.verdict is ToolVerdict.REFUSED and cell.is_certain), (name, cell)
            assert {each.finding.rule for each in errors} <= {*cell.rules}
    for form_of_report in COMPAT_FORMATS:
        written: list[str] = []
        compat_reporter(form_of_report)(report, Rendering(version=__version__), written.append)
        text = "".join(written)
        if form_of_report == "json":
            assert list(SCHEMA.iter_errors(json.loads(text))) == []
        elif form_of_report == "human":
            assert max(map(len, text.split("\n\n")[0].splitlines())) <= 80


@pytest.mark.parametrize("profile", ["openai", "anthropic", "openai-responses", "deepseek"])
def test_a_tool_in_a_column_is_judged_as_in_a_request(profile: str) -> None:
    """The findings of a column are those that a request with the tool has under the profile, at the same words."""
    schema = {"type": "object", "properties": {"at": {"type": "array"}, "by": {"type": "any"}}, "required": ["x"]}
    form = {"anthropic": "Anthropic", "openai-responses": "the Responses API"}.get(profile, "Chat Completions")
    tool = WRITTEN[form](ABOUT, schema)
    around: dict[str, Any] = {"model": "-", "messages": [{"role": "user", "content": "-"}], "max_tokens": 1}
    if profile == "openai-responses":
        around = {"model": "-", "input": "-"}
    expected = {(f.rule, f.pointer) for f in check({**around, "tools": [tool]}, profile) if "/tools/" in f.pointer}
    report = table({"tools": [tool]}, shown=some(profile))
    assert {(each.finding.rule, each.finding.pointer) for each in report.findings} == expected
    assert expected


# -------------------------------------------------------------------------------------------------- size and hostility


def test_four_times_the_tools_take_four_times_the_work() -> None:
    """The calls of functions for each tool do not become more with the tools, each with a mistake of its own."""
    import sys

    def steps(count: int, first: int) -> int:
        tools = [
            WRITTEN["MCP"](
                {"name": f"t{n}", "description": f"Tool {n}"},
                {"type": "object", "properties": {f"p{n}": {"type": ["string", "null"]}, "b": {"type": f"k{n}"}}},
            )
            for n in range(first, first + count)
        ]
        text = json.dumps({"tools": tools})
        done = 0

        def tick(*_: object) -> None:
            nonlocal done
            done += 1

        before = sys.getprofile()
        sys.setprofile(tick)
        try:
            assert len(table(text, shown=shown).rows) == count
        finally:
            sys.setprofile(before)
        return done

    shown = some("openai", "gemini")
    for column in shown:
        column.judge.compile_now()  # which otherwise happens when many requests were judged
    steps(20, 0)
    few, many = steps(40, 1_000), steps(160, 5_000)
    assert many / 160 <= 1.2 * few / 40


HOSTILE: Mapping[str, Any] = {
    "control characters": {"name": "a\x1b[31m\x07\u202e", "description": "\x9b2J", "inputSchema": FINE},
    "a name with a bar and ticks": {"name": "a|b`c``<script>@org ![x](y)", "description": "d", "inputSchema": MAYBE},
    "half a character": {"name": "a\ud800", "description": "d", "inputSchema": MAYBE},
    "no name": {"description": "d", "inputSchema": MAYBE},
    "a name that is a list": {"name": ["x"], "description": "d", "inputSchema": MAYBE},
    "a schema that is null": {"name": "x", "description": "d", "inputSchema": None},
    "deep": {"name": "x", "description": "d", "inputSchema": json.loads('{"items":' * 120 + "{}" + "}" * 120)},
    "a circle": {"name": "x", "description": "d", "inputSchema": {"$ref": "#"}},
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("form", COMPAT_FORMATS)
def test_hostile_tools_are_judged_and_shown_harmlessly(what: str, form: str) -> None:
    """Whatever a tool holds, every format shows it without a control sign, and Markdown makes nothing of it."""
    fine = WRITTEN["MCP"](ABOUT, FINE)
    report = table(json.dumps({"tools": [fine, HOSTILE[what]]}, ensure_ascii="half" in what))
    assert len(report.rows) == 2 if report.rows else report.unread or report.skipped
    written: list[str] = []
    compat_reporter(form)(report, Rendering(version=__version__), written.append)
    text = "".join(written)
    assert not any(sign in text for sign in "\x1b\x07\u202e\x9b")
    if form == "markdown":
        assert "<script>" not in text.replace("`a\\|b`c``", "`").split("<details>")[0] or "``" in text
        rows = [line for line in text.splitlines() if line.startswith("|")]
        bars = {line.replace("\\|", "").count("|") for line in rows}
        assert len(bars) <= 1


def test_credentials_in_tools_are_shown_nowhere(planted_key: str) -> None:
    """A key in a name, a description, an enum or a default is masked in every format."""
    schema = {
        "type": "object",
        "properties": {"a": {"type": ["string"], "enum": [planted_key, 1], "format": planted_key}},
    }
    tool = {"name": f"x {planted_key}", "description": planted_key, "inputSchema": schema}
    report = table({"tools": [tool]})
    assert report.findings
    for form in COMPAT_FORMATS:
        written: list[str] = []
        compat_reporter(form)(report, Rendering(version=__version__), written.append)
        assert planted_key not in "".join(written), form


@pytest.fixture
def planted_key() -> str:
    """Return a made-up key in the form of a real one, put together here so that no scanner finds it in this file."""
    return of_form("OpenAI project", Random(16)).text  # noqa: S311 - made up


def test_a_file_is_read_as_a_source(tmp_path: Path) -> None:
    """Tools of a file on disk have their lines, also as YAML and as JSON Lines."""
    file = tmp_path / "tools.yaml"
    file.write_text("tools:\n  - name: a b\n    description: d\n    inputSchema: {type: object, properties: {}}\n")
    run = Compat(JUDGES, some("openai"))
    run.read(Source("tools.yaml", file))
    report = run.finish()
    assert [row.region.line for row in report.rows if row.region] == [2]
    [found] = [each.finding for each in report.findings if each.finding.rule == "malformed-tool-name"]
    assert found.region is not None
    assert (found.region.line, found.region.column) == (2, 11)


@pytest.mark.parametrize("jobs", [1, 2])
def test_it_says_how_far_it_is(jobs: int) -> None:
    """Whoever judges, this process or others, what is told adds up to all there is; and all find the same."""
    run = Compat(JUDGES, ALL, jobs=jobs)
    tools = [{"name": f"find_{number}", "description": "Find", "parameters": FINE | MAYBE} for number in range(40)]
    run.read(
        Source("tools.json", None, json.dumps([{"type": "function", "function": each} for each in tools]).encode())
    )
    [found] = run.found()
    told: list[int] = []
    hits = hits_of_columns(found.listed, ALL, jobs, worth=1, told=told.append)
    assert sum(told) == run.work == 40 * len(ALL)
    assert hits == judge_columns(found.listed, ALL)
