"""Reports for CI systems: what each consumer's schema or parser makes of them, and what no payload can do to them."""

import hashlib
import json
import os
import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import junitparser
import pytest
import xmlschema
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reqlint.core.findings import Finding, Related, Report, Severity
from reqlint.display.escaping import escape, sanitize
from reqlint.reporters import FORMATS
from reqlint.reporters.markdown import block, code, escape_markdown
from tests.reporters.test_reporters import HOSTILE, finding, marked, rendered, run, several

DATA = Path(__file__).parents[1] / "data"
ROOT = Path(__file__).parents[2]
CI = ["github", "gitlab", "junit", "rdjson", "rdjsonl"]
RDJSON = json.loads((DATA / "rdformat-result.json").read_text("utf-8"))
JUNIT = xmlschema.XMLSchema(DATA / "junit-10.xsd")
NAMES = st.text(st.sampled_from("aé😀 .,:;%=#[]`*_<>|@!&\"'\\/\n\r\t\x00\x1b\u2028\ud800\ufffe"), max_size=40)


def commands(output: str) -> list[tuple[str, dict[str, str], str]]:
    """Read workflow commands as GitHub's runner does: name, properties, message."""
    read = []
    for line in re.split(r"\r\n|[\r\n]", output.removesuffix("\n")) if output else []:
        assert line.startswith("::"), line
        head, _, message = line[2:].partition("::")
        name, _, rest = head.partition(" ")
        given = dict(pair.split("=", 1) for pair in rest.split(","))
        read.append((name, {key: unescaped(value, True) for key, value in given.items()}, unescaped(message, False)))
    return read


def unescaped(text: str, is_property: bool) -> str:
    """Undo the escapes of workflow commands, in the runner's order."""
    for sign, written in (("\r", "%0D"), ("\n", "%0A"), *([(":", "%3A"), (",", "%2C")] * is_property), ("%", "%25")):
        text = text.replace(written, sign)
    return text


def entries(output: str) -> list[dict[str, Any]]:
    """Read a Code Quality report."""
    read: list[dict[str, Any]] = json.loads(output)
    return read


def suites(output: str) -> junitparser.JUnitXml:
    """Read a JUnit report with two parsers and the XML Schema of Jenkins."""
    ElementTree.fromstring(output)  # noqa: S314 - our own output
    JUNIT.validate(StringIO(output))
    return junitparser.JUnitXml.fromroot(ElementTree.fromstring(output))  # noqa: S314


def diagnostics(findings: Iterable[Finding], **different: object) -> list[dict[str, Any]]:
    """Render rdjson, validate it, compare rdjsonl with it, and return the diagnostics."""
    given = list(findings)
    result = json.loads(run(given, form="rdjson", **different))
    jsonschema.Draft7Validator(RDJSON).validate(result)
    lines = [json.loads(line) for line in run(given, form="rdjsonl", **different).split("\n") if line]
    assert lines == result["diagnostics"]
    return lines


@pytest.mark.parametrize(("name", "digest"), [
    ("junit-10.xsd", "a1a816f58d1bf95ebabf371994df0b9246dee66ea9572fbec4f9296f1b2c0ff6"),
])  # fmt: skip
def test_schemas_are_as_they_came(name: str, digest: str) -> None:
    """A schema that others made is, byte for byte, what its notice says."""
    assert hashlib.sha256((DATA / name).read_bytes()).hexdigest() == digest
    assert digest in (DATA / "README.md").read_text("utf-8")


# All of them


@pytest.mark.parametrize("form", CI)
def test_suppressed_findings_are_left_out(form: str) -> None:
    """What was suppressed is not a word in a format that has no place for it."""
    assert run([finding(suppressed=True)], form=form) == run([], form=form)
    assert "suppressed" not in run(several(), form=form)


@pytest.mark.parametrize("form", CI)
@pytest.mark.parametrize("unicode", [True, False])
def test_no_payload_can_break_out(form: str, unicode: bool) -> None:
    """A hostile text takes as many lines as a harmless one, all printable; without Unicode all are ASCII."""

    def written_for(text: str) -> str:
        link = (Related(text, f"/{text}", text),)
        found = finding(
            message=text, pointer=f"/{text}", custom_id=text, help=text, note=text, related=link, source=None
        )
        return run([found, finding(source="é.json")], form=form, unicode=unicode)

    output = written_for(HOSTILE)
    assert output.count("\n") == written_for("harmless").count("\n")
    assert all(char == "\n" or char.isprintable() for char in output)
    assert unicode or form == "github" or output.isascii()
    output.encode("utf-8")


@pytest.mark.parametrize("form", CI)
def test_ten_thousand_findings_are_all_counted(form: str) -> None:
    """A large report is whole where the format has no limit, and says what is left out where it has one."""
    many = [finding(pointer=f"/{number}", fingerprint=str(number)) for number in range(10_000)]
    output = run(many, form=form)
    counts = {
        "github": lambda: len(commands(output)) - 1 + int(commands(output)[-1][2].split(" ")[0].replace(",", "")),
        "gitlab": lambda: len({entry["fingerprint"] for entry in entries(output)}),
        "junit": lambda: suites(output).tests,
        "rdjson": lambda: len(json.loads(output)["diagnostics"]),
        "rdjsonl": lambda: output.count("\n"),
    }
    assert counts[form]() == 10_000


@pytest.mark.parametrize("form", CI)
def test_reports_import_nothing_heavy(form: str) -> None:
    """A clean run in any format loads neither rich, jsonschema nor yaml."""
    program = (
        "import sys; from reqlint.core.findings import Report; from reqlint.reporters import reporter;"
        "from reqlint.reporters.rendering import Rendering;"
        f"reporter({form!r})(Report((), 1, 1), Rendering(), lambda text: None);"
        "print([name for name in ('rich', 'jsonschema', 'yaml', 'xml.etree') if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"


@pytest.mark.parametrize("form", ["github", "gitlab", "junit"])
def test_files_are_named_from_the_root(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever it runs, a file is named relative to the repository, with slashes and no leading dot."""
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    found = [finding(source=source) for source in ("./a.json", str(tmp_path / "sub" / "a.json"), "../sub/a.json")]
    output = run(found, form=form, root=tmp_path)
    assert output.count("sub/a.json") >= 3
    assert not re.search(r"\./|\.\.|" + re.escape(str(tmp_path)), output)


# GitHub


def test_an_annotation_has_all_its_properties() -> None:
    """File, lines, columns in UTF-16 code units and the rule are properties; the message has a line for each remark."""
    _, (key,) = marked('{"é😀": 1, «"a😀"»: 2}')
    found = finding(key, help="50 % off", source="a,b:c.json", custom_id="req-1")
    assert run([found], form="github") == (
        "::error file=a%2Cb%3Ac.json,line=1,endLine=1,col=12,endColumn=17,title=unknown-field::"
        "unknown field temprature%0Aat /temprature%0Ain the request req-1%0Ahelp: 50 %25 off\n"
    )


def test_levels_are_in_the_order_of_gravity_and_rules_together() -> None:
    """Errors come first, then warnings and notices; the findings of a rule stand together."""
    found = [
        finding(rule="n", severity=Severity.NOTE),
        finding(rule="b"),
        finding(rule="a"),
        finding(rule="w", severity=Severity.WARNING),
        finding(rule="b"),
    ]
    read = [(name, given["title"]) for name, given, _ in commands(run(found, form="github"))]
    assert read == [("error", "b"), ("error", "b"), ("error", "a"), ("warning", "w"), ("notice", "n")]


def test_what_is_over_several_lines_has_no_columns() -> None:
    """The runner drops columns of a region over several lines, so there are none."""
    _, (tools,) = marked("«[\n1]»")
    ((_, given, _),) = commands(run([finding(tools)], form="github"))
    assert given == {"file": "a.json", "line": "1", "endLine": "2", "title": "unknown-field"}


def test_an_unknown_place_has_no_line_and_no_file_no_name() -> None:
    """Without a region only the file is named, and what is no file is not named as one."""
    read = [given for _, given, _ in commands(run([finding(), finding(source=None)], form="github"))]
    assert read == [{"file": "a.json", "title": "unknown-field"}, {"title": "unknown-field"}]


@given(NAMES, NAMES)
@settings(max_examples=150, deadline=None)
def test_the_runner_reads_what_was_meant(text: str, custom_id: str) -> None:
    """Whatever stands in a payload, there is one command, and its text is the visible form of the payload."""
    ((name, given, message),) = commands(
        run([finding(message=text, pointer="", custom_id=custom_id, source=None)], form="github")
    )
    assert (name, given) == ("error", {"title": "unknown-field"})
    assert message == f"{sanitize(text)}\nin the request {sanitize(custom_id)}"


@pytest.mark.parametrize(("errors", "warnings", "notes"), [
    (10, 10, 10), (11, 0, 0), (11, 0, 9), (11, 0, 10), (0, 0, 11), (3, 12, 30),
])  # fmt: skip
def test_the_runners_limit_is_kept(errors: int, warnings: int, notes: int) -> None:
    """No level has more than ten commands, and shown and left out make all; the closing notice counts as one."""
    numbers = {Severity.ERROR: errors, Severity.WARNING: warnings, Severity.NOTE: notes}
    found = [finding(severity=severity) for severity, number in numbers.items() for _ in range(number)]
    read = commands(run(found, form="github"))
    assert all(number <= 10 for number in Counter(name for name, _, _ in read).values())
    if max(numbers.values()) <= 10:
        assert len(read) == len(found)
    else:
        assert read[-1][:2] == ("notice", {"title": "reqlint"})
        assert len(read) - 1 + int(read[-1][2].split(" ")[0]) == len(found)


def test_every_rule_is_shown_before_any_is_shown_twice() -> None:
    """One rule that is met everywhere does not hide the others."""
    found = [finding(rule="common") for _ in range(100)] + [finding(rule=f"rare-{number}") for number in range(5)]
    titles = [given["title"] for _, given, _ in commands(run(found, form="github"))]
    assert titles == ["common"] * 5 + [f"rare-{number}" for number in range(5)] + ["reqlint"]
    assert run(found, form="github").endswith("::95 more findings (GitHub keeps 10 per level): common 95\n")


def markdown(text: str) -> list[Any]:
    """Read Markdown as CommonMark with tables; return the tokens, those inside paragraphs too."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return [inner for token in tokens for inner in [token, *(token.children or [])]]


def test_the_summary_is_appended(tmp_path: Path) -> None:
    """What other programs wrote to the summary stays; ours has a count by rule and every finding."""
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", "utf-8")
    output = run([finding(), finding(), finding(rule="x", severity=Severity.NOTE)], form="github", step_summary=summary)
    assert len(commands(output)) == 3
    assert summary.read_text("utf-8") == (
        "before\n\n### reqlint: 3 findings in 1 request, 1 file\n\n"
        "| severity | rule | findings |\n|---|---|---:|\n| error | `unknown-field` | 2 |\n| note | `x` | 1 |\n"
        "\nprofile `openai` (read 2026-08-21)\n\n```text\n"
        "a.json: error unknown-field: unknown field temprature [/temprature]\n"
        "a.json: error unknown-field: unknown field temprature [/temprature]\n"
        "a.json: note x: unknown field temprature [/temprature]\n```\n"
    )
    clean = tmp_path / "clean.md"
    run([], form="github", step_summary=clean)
    assert clean.read_text("utf-8").startswith("### reqlint: no findings in 1 request, 1 file\n")
    rendered(Report((), 2, 0), {}, "github", step_summary=clean)
    assert "no requests found in 2 files; nothing was checked" in clean.read_text("utf-8")


@given(NAMES, NAMES)
@settings(max_examples=150, deadline=None)
def test_a_code_block_holds_whatever_it_is_given(first: str, second: str) -> None:
    """Read as Markdown, a block is one fence with exactly the lines in it."""
    lines = [escape(first), escape(second)]
    opening, closing = block(lines)
    tokens = markdown("\n".join([opening, *lines, closing, ""]))
    assert [(token.type, token.content) for token in tokens] == [("fence", "\n".join([*lines, ""]))]


def test_a_payload_makes_nothing_of_the_summary(tmp_path: Path) -> None:
    """Hostile names are one code block: no link, image, tag or further heading."""
    summary = tmp_path / "summary.md"
    evil = [finding(message=text, source=None, pointer=f"/{text}") for text in (HOSTILE, "```", "~~~\n# x", "````x")]
    run(evil, form="github", step_summary=summary)
    types = Counter(token.type for token in markdown(summary.read_text("utf-8")))
    assert types["fence"] == 1
    assert types["heading_open"] == 1
    assert not {"html_block", "html_inline", "link_open", "image", "code_block"} & set(types)


@pytest.mark.parametrize("already", [0, 900_000, 1_048_400, 2_000_000])
def test_the_summary_keeps_githubs_limit(tmp_path: Path, already: int) -> None:
    """With what is there already a summary is at most 1 MiB, its block closed, and it says how many are missing."""
    summary = tmp_path / "summary.md"
    summary.write_text("x" * already, "utf-8")
    run((finding(message="é" * 150) for _ in range(10_000)), form="github", step_summary=summary)
    text = summary.read_text("utf-8")
    assert summary.stat().st_size <= max(already, 1_048_576)
    if already < 1_000_000:
        shown = text.count("a.json: error")
        assert shown > 100
        assert text.endswith(f"\n```\n\n… and {10_000 - shown:,} more\n")
    else:
        assert text == "x" * already


def test_a_summary_that_cannot_be_written_is_a_warning(tmp_path: Path) -> None:
    """The annotations come all the same, and one more says what went wrong."""
    read = commands(run([finding()], form="github", step_summary=tmp_path / "no" / "such.md"))
    assert [name for name, _, _ in read] == ["error", "warning"]
    assert read[1][2].startswith("the step summary cannot be written: ")


# GitLab


def test_gitlab_finds_what_it_asks_for() -> None:
    """
    Every entry has what GitLab's table of Code Quality reports asks for, and its path and line are as it says.

    A checklist of our own, as no package registry has GitLab's schema.
    """
    found = entries(run(several(), form="gitlab"))
    assert len(found) == 8
    for entry in found:
        assert set(entry) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert all(isinstance(entry[key], str) and entry[key] for key in set(entry) - {"location"})
        assert entry["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert not entry["location"]["path"].startswith(("/", "./"))
        where = entry["location"]
        line = where["lines"]["begin"] if "lines" in where else where["positions"]["begin"]["line"]
        assert isinstance(line, int)
        assert line >= 1
    assert found[0]["location"] == {
        "path": "a.json",
        "positions": {"begin": {"line": 1, "column": 11}, "end": {"line": 1, "column": 23}},
    }
    assert found[0]["description"] == "unknown field temprature (/temprature)"
    assert [entry["severity"] for entry in found[:4]] == ["major", "major", "minor", "info"]
    assert found[4]["location"] == {"path": "stdin", "lines": {"begin": 1}}
    assert entries(run([], form="gitlab")) == []


def test_no_two_entries_share_a_fingerprint() -> None:
    """Equal findings have fingerprints of their own, the first the finding's; all are the same in the next run."""
    found = [finding(), finding(), finding(fingerprint=""), finding(fingerprint=""), finding()]
    prints = [entry["fingerprint"] for entry in entries(run(found, form="gitlab"))]
    assert prints[0] == "1f2e"
    assert len(set(prints)) == 5
    assert prints == [entry["fingerprint"] for entry in entries(run(found, form="gitlab"))]


# JUnit


def test_counts_of_suites_are_those_of_their_cases() -> None:
    """Tests, failures and errors of every suite and of the whole are the numbers of cases that say so."""
    report = suites(run(several(), form="junit", read=("a.json", "clean.json"), seconds=1234.5))
    assert [suite.name for suite in report] == ["a.json", "sub/b.json", "stdin", "request", "c.json", "clean.json"]
    for suite in report:
        results = [type(result) for case in suite for result in case.result]
        assert suite.tests == len(list(suite))
        assert suite.failures == results.count(junitparser.Failure)
        assert suite.errors == results.count(junitparser.Error)
    assert report.tests == sum(suite.tests for suite in report) == 9
    assert (report.failures, report.errors) == (6, 1)
    assert report.time == 1234.5


def test_a_finding_is_a_case() -> None:
    """A case says rule and place, and its failure the message, the remarks and the line."""
    (suite, *_) = suites(run(several(), form="junit"))
    case = next(iter(suite))
    assert case.name == "unknown-field at /temprature in the request req-1"
    assert case.classname == "reqlint.a_json"
    (failure,) = case.result
    assert (failure.type, failure.message) == ("unknown-field", "unknown field temprature")
    assert failure.text == (
        'a.json:1:11: error: unknown field temprature\nsee line 2: first "here"\nhelp: rename it\nnote: refused'
    )


def test_notes_pass_and_say_something() -> None:
    """A note is no failure; its text is the output of the case."""
    (suite,) = suites(run([finding(severity=Severity.NOTE)], form="junit"))
    (case,) = suite
    assert case.is_passed
    assert case.system_out == "a.json: note: unknown field temprature"


def test_a_clean_file_is_a_case_that_passes() -> None:
    """Every file that holds requests is in the report, one without findings with a single passing case."""
    (suite,) = suites(run([finding(suppressed=True)], form="junit", read=("a.json",)))
    assert [(case.name, case.is_passed) for case in suite] == [("no findings", True)]
    assert suites(run([], form="junit")).tests == 0


def test_an_internal_error_is_not_hidden() -> None:
    """A run that was cut short is never all green."""
    report = suites(run([], form="junit", read=("a.json",), exit_code=2, notifications=("internal <error>",)))
    assert (report.tests, report.failures, report.errors) == (2, 0, 1)
    *_, broken = report
    assert next(iter(broken)).result[0].text == "internal <error>"


@given(NAMES, NAMES)
@settings(max_examples=150, deadline=None)
def test_xml_holds_whatever_it_is_given(text: str, custom_id: str) -> None:
    """Every text comes back from a parser in its visible form; what XML 1.0 cannot hold is an escape."""
    output = run([finding(message=text, pointer="", custom_id=custom_id, help=text or "x")], form="junit")
    (case,) = ElementTree.parse(BytesIO(output.encode("utf-8"))).iter("testcase")  # noqa: S314 - our own output
    failure = case[0]
    assert case.attrib["name"] == f"unknown-field in the request {sanitize(custom_id)}"
    assert failure.attrib["message"] == sanitize(text)
    assert failure.text == f"a.json: error: {sanitize(text)}\nhelp: {sanitize(text or 'x')}"


# reviewdog


def test_columns_of_reviewdog_count_bytes() -> None:
    """Cut out of the line's UTF-8 bytes, the range is the marked text; its end is no part of it."""
    lines, (mark,) = marked('{"é😀": «"é😀"»}')
    (found,) = diagnostics([finding(mark)])
    start, end = found["location"]["range"]["start"], found["location"]["range"]["end"]
    assert (start["line"], end["line"]) == (1, 1)
    assert lines[1].encode()[start["column"] - 1 : end["column"] - 1].decode() == '"é😀"'


def test_a_diagnostic_says_everything() -> None:
    """Message, place, severity, source and code are where reviewdog looks for them."""
    found = diagnostics(several())
    assert found[0] == {
        "message": 'unknown field temprature (`/temprature`)\n\nSee line 2: first "here"\n\nHelp: rename it'
        "\n\nNote: refused",
        "location": {
            "path": "a.json",
            "range": {"start": {"line": 1, "column": 15}, "end": {"line": 1, "column": 27}},
        },
        "severity": "ERROR",
        "source": {"name": "reqlint"},
        "code": {"value": "unknown-field"},
    }
    assert [each["severity"] for each in found[:4]] == ["ERROR", "ERROR", "WARNING", "INFO"]
    assert found[5]["location"] == {"path": "request"}
    assert diagnostics([]) == []


def test_reviewdog_gets_files_as_they_were_given() -> None:
    """Paths stay relative to the working directory, from where reviewdog looks them up."""
    found = diagnostics([finding(source=source) for source in ("./a.json", "../a.json", "/a.json")], root=ROOT)
    assert [each["location"]["path"] for each in found] == ["a.json", "../a.json", "/a.json"]


@given(NAMES)
@settings(max_examples=300, deadline=None)
def test_markdown_leaves_an_escaped_text_alone(text: str) -> None:
    """Read as Markdown inside a sentence, a text is plain or code, and its characters are all there."""
    shown = escape(text)
    for written in (escape_markdown(shown), code(shown)):
        children = [token for token in markdown(f"Help: {written} (") if token.type not in {"inline"}][1:-1]
        assert {token.type for token in children} <= {"text", "code_inline"}
        read = "".join(token.content for token in children)
        assert read == f"Help: {shown} (" or not shown.strip()


@pytest.mark.parametrize("text", [
    "https://example.com", "www.example.com", "@someone", "#1", "GH-1", "![x](y)", "<b>", "_x_", "a|b", "x*", "~x~",
])  # fmt: skip
def test_what_github_makes_links_of_is_code(text: str) -> None:
    """Addresses, mentions and references, which GitHub finds in plain text too, stand in code spans."""
    assert escape_markdown(f"say {text}").startswith("`")
    assert escape_markdown('unknown field max_token; did you mean "max_tokens"?').startswith("unknown")


# The command and its documentation

BAD = '{"model": "qwen-plus", "messages": [{"role": "user", "content": "Hi"}], "n": 11}'


def reqlint(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command in *cwd*."""
    known = {key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "REQLINT_"))}
    return subprocess.run(
        [sys.executable, "-m", "reqlint", *arguments],
        cwd=cwd,
        env={**known, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Create a folder with a bad and a good request in ``requests``."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "requests").mkdir()
    (tmp_path / "requests" / "bad.json").write_text(BAD, "utf-8")
    (tmp_path / "requests" / "good.json").write_text(BAD.replace("11", "1"), "utf-8")
    return tmp_path


def test_the_command_writes_the_summary(project: Path) -> None:
    """Where GitHub names a summary the command appends to it, in the github format and no other."""
    summary = project / "summary.md"
    ended = reqlint(
        "check", "requests", "--output-format", "github", cwd=project, GITHUB_STEP_SUMMARY=str(summary)
    )  # fmt: skip
    assert ended.returncode == 1, ended.stderr
    ((name, given, _),) = commands(ended.stdout)
    assert (name, given["file"], given["title"]) == ("error", "requests/bad.json", "out-of-range")
    assert "| error | `out-of-range` | 1 |" in summary.read_text("utf-8")
    summary.unlink()
    reqlint("check", "requests", cwd=project, GITHUB_STEP_SUMMARY=str(summary))
    assert not summary.exists()


def test_the_command_names_clean_files(project: Path) -> None:
    """Files that hold requests are suites, with findings or without; strangers are none."""
    (project / "requests" / "package.json").write_text('{"name": "shop"}', "utf-8")
    ended = reqlint("check", "requests", "--output-format", "junit", cwd=project)
    assert {(suite.name, suite.failures) for suite in suites(ended.stdout)} == {
        ("requests/bad.json", 1),
        ("requests/good.json", 0),
    }


def test_the_help_names_every_format(project: Path) -> None:
    """The help of --output-format lists all formats there are."""
    helped = " ".join(reqlint("check", "--help", cwd=project).stdout.split())
    assert all(re.search(rf"\b{form}\b", helped) for form in FORMATS)


PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")


def test_the_page_has_working_commands(project: Path) -> None:
    """Every reqlint command of docs/ci.md runs, ends as it says, and writes the files it names."""
    written = re.findall(r"reqlint check [^|'\n]*", PAGE)
    assert len(written) >= 4
    for command in written:
        ended = reqlint(*shlex.split(command)[1:], cwd=project)
        assert ended.returncode == (0 if "--exit-zero" in command else 1), ended.stderr
        for file in re.findall(r"--output-format \w+:(\S+)", command):
            assert (project / file).stat().st_size
            (project / file).unlink()


def test_the_page_has_readable_yaml() -> None:
    """Every YAML block of docs/ci.md is YAML, and what it passes to the action are inputs of it."""
    blocks = [yaml.safe_load(text) for text in re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)]
    assert len(blocks) == 2
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    (step,) = [s for s in blocks[0]["jobs"]["requests"]["steps"] if "repository" in s.get("uses", "")]
    assert set(step["with"]) <= set(action["inputs"])
    assert set(re.findall(r"^\| `([\w-]+)` \|", PAGE.partition("| input |")[2], re.MULTILINE)) == set(action["inputs"])


def test_findings_are_kept_as_they_are() -> None:
    """No reporter changes what it is given, so several can be written in one run."""
    found = several()
    before = [replace(each) for each in found]
    for form in CI:
        run(found, form=form)
    assert found == before
