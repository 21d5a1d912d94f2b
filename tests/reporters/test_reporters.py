"""Reports for people and programs: exact texts, and what no payload can do to them."""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from reqlint.core.findings import Finding, Part, Region, Related, Report, Severity, Suppression
from reqlint.reporters import FORMATS, UnknownFormat, reporter
from reqlint.reporters.rendering import ProfileCard, Rendering, RuleCard

pytestmark = pytest.mark.core

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas/meta/report.json").read_text(encoding="utf-8"))
OPENAI = ProfileCard("openai", "2026-08-21", "OpenAI Chat Completions")


def marked(text: str) -> tuple[dict[int, str], list[Region]]:
    """Remove the marks «…» from a text; return its lines by number, and the marked regions."""
    plain, opened, regions = "", [], []
    for piece in re.split("([«»])", text):
        if piece == "«":
            opened.append(len(plain))
        elif piece == "»":
            regions.append(region(plain, opened.pop(), len(plain)))
        else:
            plain += piece
    return dict(enumerate(plain.split("\n"), 1)), regions


def region(text: str, start: int, end: int) -> Region:
    """Return the region of a stretch of *text*, in all units."""

    def place(offset: int) -> tuple[int, int, int, int]:
        before = text[:offset].rpartition("\n")[2]
        utf16 = len(before.encode("utf-16-le", "surrogatepass")) // 2
        return (
            text[:offset].count("\n") + 1,
            len(before) + 1,
            utf16 + 1,
            len(before.encode("utf-8", "surrogatepass")) + 1,
        )

    (line, column, utf16, byte), (end_line, end_column, end_utf16, end_byte) = place(start), place(end)
    return Region(start, end, line, column, end_line, end_column, utf16, end_utf16, byte, end_byte)


def finding(where: Region | None = None, **different: object) -> Finding:
    """Return a finding of a misspelt parameter, with some fields *different*."""
    usual = Finding(
        "unknown-field",
        Severity.ERROR,
        "unknown field temprature",
        "/temprature",
        "temprature",
        profile="openai",
        source="a.json",
        region=where,
        fingerprint="1f2e",
    )
    return replace(usual, **different)  # type: ignore[arg-type]  # the fields are the caller's choice


def run(
    findings: Iterable[Finding], lines: Mapping[int, str] | None = None, form: str = "human", **different: object
) -> str:
    """Render *findings* of one file with one request."""
    report = Report(tuple(findings), files=1, requests=1, judged_by=(("openai", "", 1),))
    return rendered(report, lines or {}, form, **different)


def rendered(report: Report, lines: Mapping[int, str], form: str, **different: object) -> str:
    """Render *report*; every source has the same *lines*."""

    def lines_of(_source: str, wanted: Iterable[int]) -> dict[int, str]:
        return {number: lines[number] for number in wanted if number in lines}

    written: list[str] = []
    rendering = replace(Rendering(lines=lines_of, profiles=(OPENAI,), version="0.1.0"), **different)  # type: ignore[arg-type]
    reporter(form)(report, rendering, written.append)
    return "".join(written)


def several() -> list[Finding]:
    """Return a finding of every kind: marks in non-ASCII text, many lines, no region, no file, links, hostile text."""
    _, (key, body, tools) = marked('{"é😀": 1, «"temprature"»: «"😀é"»,\n"tools": «[\n1]»}')
    link = Related('first "here"', "/tools", "tools", tools)
    return [
        finding(key, help="rename it", note="refused", custom_id="req-1", related=(link,)),
        finding(key),
        finding(body, rule="developer-role", severity=Severity.WARNING, source="sub/b.json"),
        finding(tools, rule="tool-without-description", severity=Severity.NOTE, pointer="/tools", document=2),
        finding(source="<stdin>", rule="invalid-json"),
        finding(source=None, rule="empty-messages", pointer=""),
        finding(rule="unreadable-input", source="c.json", pointer="", message="no such file"),
        finding(key, message=HOSTILE, pointer=f"/{HOSTILE}", custom_id=HOSTILE, help=HOSTILE, note=HOSTILE),
        finding(key, suppressed=True, message="suppressed"),
    ]


def under_carets(output: str, sign: str = "^") -> str:
    """Return the text above the first row of *sign*, by terminal columns."""
    rows = output.split("\n")
    index, row = next((i, row) for i, row in enumerate(rows) if re.match(rf"\s*\| +{re.escape(sign)}", row))
    start, width = row.index(sign), row.count(sign)
    taken, cells = "", 0
    for char in rows[index - 1]:
        if start <= cells < start + width:
            taken += char
        cells += cell_len(char)
    return taken


def test_a_finding_shows_what_where_and_the_marked_text() -> None:
    """Two lines say what and where; the frame marks exactly the span; the last lines say what was covered."""
    lines, (key,) = marked('{\n  "model": "gpt-4o",\n  «"temprature"»: 0.2,\n  "messages": []\n}')
    found = finding(key, help="rename it to temperature", note="openai answers HTTP 400 (documented, read 2026-08-21)")
    assert run([found], lines, seconds=0.214) == (
        "error[unknown-field]: unknown field temprature\n"
        "  --> a.json:3:3   /temprature\n"
        "   |\n"
        ' 3 |   "temprature": 0.2,\n'
        "   |   ^^^^^^^^^^^^ rename it to temperature\n"
        "   = note: openai answers HTTP 400 (documented, read 2026-08-21)\n"
        "\n"
        "1 finding (1 error) in 1 request, 1 file\n"
        "profile openai (read 2026-08-21)  ·  0.21 s  ·  explain any of these: reqlint explain unknown-field\n"
    )


@pytest.mark.parametrize(
    ("advice", "width", "beside"),
    [("use 1", 100, True), ("use 1", 40, True), ("use " + "1" * 57, 100, False), ("use " + "1" * 30, 50, False)],
)
def test_what_was_wanted_stands_beside_the_mark(advice: str, width: int, beside: bool) -> None:
    """A short help is written beside the carets, if there is room; otherwise, and without a frame, below them."""
    lines, (value,) = marked('{"temperature": «"warm"»}')
    found = finding(value, help=advice, note="the API says so")
    shown = run([found], lines, quiet=True, width=width)
    assert (f"^^^^^^ {advice}\n" in shown) is beside
    assert ("= help: use" in shown) is not beside
    assert shown.count("use 1") == 1
    assert f"= help: {advice}\n" in run([found], {}, quiet=True)
    assert all(len(line) <= width for line in shown.splitlines())


def test_a_label_of_a_relation_stands_alone() -> None:
    """On a line with two marks the label of the relation is the only one."""
    lines, (first, second) = marked('{«"n"»: 1, «"n"»: 2}')
    found = finding(second, help="keep one", related=(Related("the first one", "/n", "n", first),))
    shown = run([found], lines, quiet=True)
    assert "the first one" in shown
    assert "= help: keep one\n" in shown


def test_the_other_half_of_a_relation_is_in_the_same_frame() -> None:
    """A related place on a line far away is marked with --- and its label, in the order of the text."""
    text = '[\n  {"id": «"call_a1"»},\n  0,\n  {"tool_call_id": «"call_al"»}\n]'
    lines, (call, reply) = marked(text)
    related = (Related("the only open call", "/0/id", "[0].id", call),)
    found = finding(
        reply, rule="orphan-tool-result", message="no call has this id", pointer="/2/tool_call_id", related=related
    )
    assert run([found], lines, quiet=True) == (
        "error[orphan-tool-result]: no call has this id\n"
        "  --> a.json:4:20   /2/tool_call_id\n"
        "   |\n"
        ' 2 |   {"id": "call_a1"},\n'
        "   |          --------- the only open call\n"
        "...\n"
        ' 4 |   {"tool_call_id": "call_al"}\n'
        "   |                    ^^^^^^^^^\n"
        "\n"
    )


def test_two_places_on_one_line_share_it() -> None:
    """Both marks stand under one copy of the line when they fit, and the label of the left one hangs below it."""
    lines, (first, second) = marked('{«"seed"»: 1, «"seed"»: 2}')
    found = finding(
        second,
        rule="duplicate-key",
        message="seed appears twice",
        related=(Related("first here", "/seed", "seed", first),),
    )
    assert run([found], lines, quiet=True) == (
        "error[duplicate-key]: seed appears twice\n"
        "  --> a.json:1:13   /temprature\n"
        "   |\n"
        ' 1 | {"seed": 1, "seed": 2}\n'
        "   |  ------     ^^^^^^\n"
        "   |  first here\n"
        "\n"
    )


def test_two_places_far_apart_on_one_line_get_a_copy_each() -> None:
    """A line too long for both marks is shown twice, cropped around each."""
    filler = ", ".join(f'"k{number}": {number}' for number in range(200))
    lines, (first, second) = marked(f'{{«"seed"»: 1, {filler}, «"seed"»: 2}}')
    found = finding(second, related=(Related("first here", "/seed", "seed", first),))
    output = run([found], lines)
    assert under_carets(output) == under_carets(output, "-") == '"seed"'
    assert "\n...\n" in output


def test_a_finding_without_a_place_has_no_frame() -> None:
    """A finding of a value that came without text shows its pointer; no line is guessed."""
    assert run([finding(source=None)], quiet=True) == (
        "error[unknown-field]: unknown field temprature\n  --> request   /temprature\n\n"
    )


def test_a_region_without_its_text_has_no_frame() -> None:
    """If the line can no longer be read, the report still shows line and column."""
    _, (key,) = marked("«x»")
    assert run([finding(key)], {}, quiet=True) == (
        "error[unknown-field]: unknown field temprature\n  --> a.json:1:1   /temprature\n\n"
    )


def test_a_clean_report_states_its_coverage() -> None:
    """Without findings the report says how much was checked, skipped, suppressed and taken from the baseline."""
    accepted = [finding(suppressed=True, suppression=Suppression("baseline", "accepted"))] * 3
    skipped, judged_by = (("index.json", "not a request"),), (("openai", "", 1),)
    report = Report((finding(suppressed=True), *accepted), 14, 128, skipped, judged_by)
    assert rendered(report, {}, "human", seconds=0.2) == (
        "No findings in 128 requests (14 files)\n"
        "1 suppressed  ·  3 in the baseline  ·  1 file skipped (-v names them)\n"
        "profile openai (read 2026-08-21)  ·  0.20 s\n"
    )
    assert rendered(report, {}, "human", verbose=1).endswith("skipped index.json: not a request\n")


def test_nothing_checked_is_not_called_clean() -> None:
    """Without a request the report never says that there are no findings."""
    report = Report((), 3, 0)
    assert rendered(report, {}, "human") == "No requests found in 3 files; nothing was checked\n"
    assert rendered(report, {}, "concise") == "No requests found in 3 files\n"


@pytest.mark.parametrize("form", ["human", "concise"])
def test_quiet_and_clean_is_silent(form: str) -> None:
    """With -q a clean run prints nothing at all."""
    assert run([], form=form, quiet=True) == ""


def test_many_findings_of_a_rule_are_counted_not_shown() -> None:
    """Of a rule the first few are framed; the rest are counted with their lines, so nothing is silently lost."""
    lines, keys = marked("\n".join('{«"temprature"»: 0}' for _ in range(1_500)))
    findings = [finding(key, document=number) for number, key in enumerate(keys)]
    findings.insert(1, finding(keys[0], rule="other", message="else"))
    output = run(findings, lines)
    assert output.count("error[unknown-field]") == 3
    assert output.count("error[other]") == 1
    assert "\n   … and 1,497 more unknown-field on lines 4–1,500, all at /temprature\n" in output
    assert "1,501 findings (1,501 errors) in 1 request, 1 file\n" in output
    assert run(findings, lines, max_per_rule=0).count("error[unknown-field]") == 1_500


def test_of_a_container_over_several_lines_the_bracket_is_marked() -> None:
    """A region that goes on over lines is marked at its opening bracket."""
    lines, (tools,) = marked('{"tools": «[\n  1\n]»}')
    assert under_carets(run([finding(tools)], lines)) == "["


def test_of_a_container_longer_than_a_line_the_bracket_is_marked() -> None:
    """In minified text a container that no line of output can hold is marked at its opening bracket too."""
    lines, (tools,) = marked('{"tools": «[' + "1," * 5_000 + "1]»}")
    assert under_carets(run([finding(tools)], lines)) == "["


def test_carets_stay_under_the_span_in_a_line_of_20_000_characters() -> None:
    """However far out in a minified line, the span is in sight, exactly marked, and the line is short."""
    before = ",".join(f'"key{number}":"漢字 {number}"' for number in range(1_000))
    lines, (key,) = marked(f'{{{before},«"temprature"»:0,{before}}}')
    output = run([finding(key)], lines, width=200)
    assert len(lines[1]) > 20_000
    assert under_carets(output) == '"temprature"'
    assert max(cell_len(row) for row in output.split("\n")[:6]) <= 120


LETTERS = st.text(st.sampled_from('ab "\\:,{}[]\t😀漢é\u0301\u200b\x1b\x9b\u202e\u2028'), max_size=200)


@settings(max_examples=150, deadline=None)
@given(LETTERS, LETTERS, st.integers(20, 130), st.booleans(), st.booleans())
def test_carets_stay_under_the_span_whatever_is_around_it(
    before: str, after: str, width: int, show_values: bool, unicode: bool
) -> None:
    """Wide, invisible, escaped, tabbed and cropped neighbours never move the carets from the span."""
    lines, (number,) = marked(f'["{before}",«12345»,"{after}"')
    output = run([finding(number)], lines, width=width, show_values=show_values, unicode=unicode, quiet=True)
    marks = next(row for row in output.split("\n") if re.match(r"\s*\| .*\^", row))
    # An odd quote before it may make the span a part of a string, whose shortened form then stands for all of it.
    assert under_carets(output) in {"12345", '"12345'} or "(" in under_carets(output), marks


EVIL = "\x1b[2J\x1b]0;owned\x07\r\n::error::injected\u202egnp\x9b31m\x85\u2028\ud800\U000e0041[bold]x[/bold]"
HOSTILE = (
    f"{EVIL}\n::error::x\r::set-output name=a::b%0A##[add-mask]x]]><!--&amp;|`@all [x](y) ![z](http://e) <img>\x00\x0b"
)


@pytest.mark.parametrize("form", ["human", "concise", "json", "jsonl"])
@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("unicode", [False, True])
def test_no_payload_can_steer_the_terminal(form: str, color: bool, unicode: bool) -> None:
    """Control characters in names, messages and lines become escapes; the number of lines does not change."""

    def written_for(text: str) -> str:
        lines = {1: f'{{"a{text}": 1}}'.replace("\n", "")}
        key = region(lines[1], 1, len(lines[1]) - 4)
        link = (Related(f"first {text}", f"/a{text}", f"a{text}"),)
        found = finding(
            key, source=f"a{text}.json", pointer=f"/a{text}", message=f"no {text}", custom_id=text, help=text
        )
        report = Report((replace(found, note=text, related=link),), 1, 1, ((text, text),), (("openai", "", 1),))
        output = rendered(report, lines, form, color=color, unicode=unicode, verbose=1, width=500)
        return re.sub(r"\x1b\[[0-9;]*m", "", output) if color and form == "human" else output

    output = written_for(EVIL)
    assert output.count("\n") == written_for("harmless " * 20).count("\n")
    assert all(char == "\n" or char.isprintable() for char in output)
    if form in {"human", "concise"}:
        assert "\\x1b[2J" in output
        assert output.count("[bold]x[/bold]") >= 2
        assert unicode or output.isascii()


def test_color_changes_no_character() -> None:
    """Colour adds escapes around the severity and the span, and nothing else; what is in brackets is no markup."""
    lines, (key,) = marked('{«"temprature"»: "[red]text[/red]"}')
    findings = [finding(key, severity=severity, message="[bold]") for severity in Severity]
    colored, plain = run(findings, lines, color=True), run(findings, lines)
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain
    assert '\x1b[1;31m"temprature"\x1b[0m' in colored


SECRETS = ["sk-proj-abcdefgh12345678", "AKIAABCDEFGHIJKLMNOP", "ghp_abcdefghijklmnop1234", "Bearer abcdefgh12345678"]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("form", sorted(FORMATS))
@pytest.mark.parametrize("show_values", [False, True])
def test_credentials_are_never_shown(secret: str, form: str, show_values: bool) -> None:
    """What looks like a credential is masked in messages, pointers' neighbours and lines, even with --show-values."""
    lines, (body,) = marked(f'{{"a": «"{secret}"», "text": "my key is {secret} keep it, and some more words to fill"}}')
    related = (Related(f"with {secret}", "/text", "text", body),)
    found = finding(body, message=f"value is {secret}", help=f"drop {secret}", note=f"not {secret}", related=related)
    output = run([found], lines, form, show_values=show_values)
    assert secret[-8:] not in output
    assert "(masked)" in output


@pytest.mark.parametrize("line", [
    '"api_key": "hunter2", "n": «1»',
    '"X-Api-Key": "hunter2", "n": «1»',
    '"authorization": ["hunter2"], "n": «1»',
    '{"name": "api-key", "value": "hunter2"}, «1»',
    '"clientSecret": "hunter2", "n": «1»',
    '"password" : «"hunter2"»',
])  # fmt: skip
def test_a_value_is_hidden_because_of_its_key(line: str) -> None:
    """The value of a key that names a credential is masked even if it looks like nothing."""
    lines, (mark,) = marked(line)
    output = run([finding(mark)], lines, show_values=True)
    assert "hunter2" not in output
    assert "…(masked)" in output


def test_a_marked_value_is_hidden_because_of_its_pointer() -> None:
    """The key of a value may stand on an earlier line; the pointer knows it."""
    lines, (mark,) = marked('{\n"api_key":\n«"hunter2"»}')
    output = run([finding(mark, pointer="/api_key")], lines, show_values=True)
    assert under_carets(output) == '"…(masked)"'
    assert "hunter2" in run([finding(mark, pointer="/max_tokens")], lines, show_values=True)


@pytest.mark.parametrize("key", ["max_tokens", "prompt_tokens", "secretary", "top_logprobs", "tokenizer", "cookies_ok"])
def test_common_keys_are_not_taken_for_credentials(key: str) -> None:
    """Values of ordinary parameters are shown."""
    lines, (mark,) = marked(f'{{"{key}": "shown", "n": «1»}}')
    assert '"shown"' in run([finding(mark)], lines)


def test_long_strings_are_shortened() -> None:
    """Of a string longer than 40 characters only the first letters and the length are shown, and marked as a whole."""
    text = "You are a helpful assistant." * 4
    lines, (body,) = marked(f'{{"content": «"{text}"», "n": "{"x" * 40}"}}')
    output = run([finding(body)], lines)
    assert f'{{"content": "You are…(112 chars)", "n": "{"x" * 40}"}}' in output
    assert under_carets(output) == '"You are…(112 chars)"'
    assert f'"{text[:60]}' in run([finding(body)], lines, show_values=True)


def test_a_mark_inside_a_long_string_stays_in_sight() -> None:
    """A bad escape deep in a string is shown and marked, the text on both sides of it is not."""
    lines, (bad,) = marked('{"content": "' + "secret words " * 20 + "«\\x»" + " more secret words" * 20 + '"}')
    output = run([finding(bad)], lines)
    assert under_carets(output) == "\\x"
    assert output.count("words") == 0


@pytest.mark.parametrize(("line", "shown"), [
    ("content: «" + "plain words " * 20 + "»", " 1 | content: plain wo…(240 chars)"),
    ("- «'" + "single, quoted: " * 9 + "'»", " 1 | - 'single,…(144 chars)'"),
    ("  api_key: «hunter2»", " 1 |   api_key: …(masked)"),
    ("«no»: true", " 1 | no: true"),
])  # fmt: skip
def test_yaml_is_shown_with_the_same_care(line: str, shown: str) -> None:
    """Bare and single-quoted text of YAML is shortened and masked as strings of JSON are."""
    lines, (mark,) = marked(line)
    assert shown in run([finding(mark, source="a.yaml")], lines).split("\n")


@pytest.mark.parametrize(
    "line", ["«»", "{«»", '"«', "«\\»", '{"a": "«\r»', "\t\t«1»", "«" + '"' * 999 + "»", "«" + "\\" * 999 + "»"]
)
@pytest.mark.parametrize("source", ["a.json", "a.yaml"])
def test_broken_lines_are_shown_too(line: str, source: str) -> None:
    """Empty lines, ends of lines and unfinished strings have a caret as everything else."""
    lines, regions = marked(line if "»" in line else line + "»")
    assert "^" in run([finding(regions[0], source=source)], lines)


def test_a_line_of_megabytes_is_quick() -> None:
    """One minified line of several megabytes, with every value shown, is cropped without being laid out."""
    image = "QUJD" * 1_000_000
    lines, (key,) = marked(f'{{"image": "{image}", «"temprature"»: "{image}"}}')
    output = run([finding(key)], lines, show_values=True)
    assert under_carets(output) == '"temprature"'
    assert len(output) < 1_000


def test_documents_of_one_file_are_told_apart() -> None:
    """Batch lines show their custom_id, documents of a YAML stream their number."""
    assert '--> b.jsonl   custom_id "req-1"   /temprature' in run(
        [finding(source="b.jsonl", custom_id="req-1", document=3)]
    )
    assert "--> b.yaml   document 4   /temprature" in run([finding(source="b.yaml", document=3)])


def test_at_most_three_remarks_stand_under_a_finding() -> None:
    """Help and notes beyond three appear only with -v, and so does why the rule is there."""
    related = tuple(Related(f"place {number}", f"/{number}", f"[{number}]") for number in range(4))
    cards = {"unknown-field": RuleCard("unknown-field", "A field", "Nobody  reads it.", Severity.ERROR, "shape")}
    found = finding(help="drop it", note="refused", related=related)
    assert run([found], rules=cards).count("   = ") == 3
    verbose = run([found], rules=cards, verbose=1)
    assert verbose.count("   = ") == 8
    assert "   = why: Nobody reads it.\n" in verbose


def test_concise_is_one_line_a_finding() -> None:
    """Every finding is one line that editors can follow; the last line counts them."""
    lines, (key,) = marked('{«"temprature"»: 0}')
    findings = [
        finding(key),
        finding(source="b c.json", pointer="", severity=Severity.WARNING),
        finding(suppressed=True),
    ]
    assert run(findings, lines, "concise") == (
        "a.json:1:2: unknown-field error unknown field temprature [/temprature]\n"
        "b c.json: unknown-field warning unknown field temprature\n"
        "2 findings in 1 request, 1 file\n"
    )


def test_json_is_what_its_schema_says() -> None:
    """The JSON output satisfies schemas/meta/report.json and carries every finding whole."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    _, (key, value) = marked('{«"temprature"»: «"😀"»}')
    link = Related("this value", "/temprature", "temprature", value)
    findings = [
        finding(key, part=Part.KEY, related=(link,), help="rename it"),
        finding(suppressed=True),
        finding(source=None),
        *[finding(suppressed=True, suppression=Suppression("baseline", "accepted"))] * 4,
    ]
    report = Report(tuple(findings), 2, 3, (("x.json", "not a request"),), (("openai", "", 1),))
    printed = json.loads(rendered(report, {}, "json", notifications=("b.json: no such file",)))
    jsonschema.Draft202012Validator(SCHEMA).validate(printed)
    assert printed["tool"] == {"name": "reqlint", "version": "0.1.0"}
    assert printed["summary"] == {
        "files": 2,
        "requests": 3,
        "tools": 0,
        "errors": 2,
        "warnings": 0,
        "notes": 0,
        "skipped": 1,
        "suppressed": 1,
        "baselined": 4,
        "explained_refusals": 0,
        "thin_evidence": 0,
        "profiles": ["openai"],
        "judged_by": [{"profile": "openai", "because": None, "requests": 1}],
        "passed_over": [],
        "fixable": 0,
        "fixed": 0,
        "by_rule": {"unknown-field": 2},
        "skipped_files": [{"file": "x.json", "reason": "not a request"}],
        "notifications": ["b.json: no such file"],
    }
    assert printed["findings"][0] == {
        "rule": "unknown-field",
        "severity": "error",
        "message": "unknown field temprature",
        "pointer": "/temprature",
        "path": "temprature",
        "profile": "openai",
        "file": "a.json",
        "line": 1,
        "column": 2,
        "end_line": 1,
        "end_column": 14,
        "document": 0,
        "custom_id": None,
        "part": "key",
        "help": "rename it",
        "note": None,
        "evidence": None,
        "docs_url": None,
        "related": [
            {
                "message": "this value",
                "pointer": "/temprature",
                "path": "temprature",
                "document": 0,
                "line": 1,
                "column": 16,
                "end_line": 1,
                "end_column": 19,
            }
        ],
        "fix": None,
        "suppressed": False,
        "suppression": None,
        "baselined": False,
        "explained": False,
        "fingerprint": "1f2e",
    }
    lines = rendered(report, {}, "jsonl").splitlines()
    assert [json.loads(line) for line in lines] == printed["findings"]


def test_an_empty_json_report_is_valid() -> None:
    """A clean run prints a whole object too, and no lines."""
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(run([], form="json")))
    assert run([], form="jsonl") == ""


@given(st.text(st.characters(), max_size=30))
@settings(max_examples=100, deadline=None)
def test_json_gives_back_what_went_in(text: str) -> None:
    """Whatever stands in a pointer, half a surrogate pair too, can be written as UTF-8 and read back."""
    printed = run([finding(pointer="/" + text, source=text)], form="json")
    back = json.loads(printed.encode("utf-8"))["findings"][0]
    assert (back["pointer"], back["file"]) == ("/" + text, text)


def test_an_unknown_format_gets_a_suggestion() -> None:
    """A misspelt format is an error that names the one that was meant."""
    with pytest.raises(UnknownFormat, match='no format "sarf"; did you mean "sarif"\\?'):
        reporter("sarf")


@pytest.mark.parametrize("form", ["human", "concise", "json", "jsonl"])
def test_a_clean_report_imports_no_rich(form: str) -> None:
    """A report without findings is written without rich, in colour too."""
    program = (
        "import sys; from reqlint.core.findings import Report; from reqlint.reporters import reporter;"
        "from reqlint.reporters.rendering import Rendering;"
        f"reporter({form!r})(Report((), 1, 1), Rendering(color=True), lambda text: None);"
        "print([name for name in ('rich', 'jsonschema', 'yaml') if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"
