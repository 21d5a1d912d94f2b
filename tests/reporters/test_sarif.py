"""SARIF reports: the OASIS schema, GitHub's stricter rules, and alerts that stay apart."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reqlint.core.findings import Finding, Part, Related, Report, Severity
from reqlint.reporters import FORMATS, reporter
from reqlint.reporters.line_hash import line_hash, line_hashes
from reqlint.reporters.rendering import Rendering, RuleCard
from tests.reporters.test_reporters import finding, marked

SCHEMA = Path(__file__).parents[1] / "data" / "sarif-schema-2.1.0.json"
CARDS = {
    "unknown-field": RuleCard(
        id="unknown-field",
        summary="A field the API does not know",
        why="The API refuses it.\nMost often the name is misspelt. " + "And so on. " * 200,
        severity=Severity.ERROR,
        subject="shape",
        help_markdown=lambda: "# unknown-field",
        tags=tuple(f"tag-{number}" for number in range(30)),
    ),
    "credential-in-request": RuleCard(
        "credential-in-request", "A credential", "It leaks.", Severity.WARNING, "hygiene", tags=("security",)
    ),
}


def sarif(
    findings: Iterable[Finding], lines: dict[int, str] | None = None, root: Path | None = None, **different: Any
) -> dict[str, Any]:
    """Render *findings* and read the log back."""
    given = lines or {}
    rendering = Rendering(
        lines=lambda _source, wanted: {number: given[number] for number in wanted if number in given},
        rules=CARDS,
        version="0.1.0",
        root=root,
    )
    report = Report(tuple(findings), files=1, requests=1, judged_by=(("openai", "", 1),))
    written: list[str] = []
    reporter("sarif")(report, replace(rendering, **different), written.append)
    log: dict[str, Any] = json.loads("".join(written).encode("utf-8"))
    return log


def results(log: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the results of a log."""
    found: list[dict[str, Any]] = log["runs"][0]["results"]
    return found


def everything() -> dict[str, Any]:
    """Return a log with a result of every kind."""
    lines, (key, body, other) = marked('{«"temprature"»: «"😀é"»,\n«"seed"»: 1}')
    link = Related('the [other] "one"', "/seed", "seed", other)
    return sarif(
        [
            finding(key, part=Part.KEY, related=(link,), help="rename it", custom_id="req-1"),
            finding(key),
            finding(body, rule="credential-in-request", severity=Severity.WARNING, message='key "x" is a secret'),
            finding(rule="not-a-card", severity=Severity.NOTE, pointer="", message="is it?"),
            finding(source=None),
            finding(source="<stdin>", pointer="/a~1b/0"),
            finding(suppressed=True),
        ],
        lines,
        exit_code=1,
        notifications=("b.json: no such file",),
    )


def test_the_schema_is_the_one_of_oasis() -> None:
    """The vendored schema is, byte for byte, the one that OASIS published with errata 01."""
    digest = hashlib.sha256(SCHEMA.read_bytes()).hexdigest()
    assert digest == "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"


@pytest.mark.parametrize("log", [everything(), sarif([])], ids=["everything", "clean"])
def test_logs_satisfy_the_schema(log: dict[str, Any]) -> None:
    """A log with one of everything and an empty one are valid SARIF 2.1.0."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(log)


@pytest.mark.parametrize("log", [everything(), sarif([])], ids=["everything", "clean"])
def test_logs_have_what_github_asks_for(log: dict[str, Any]) -> None:
    """Everything that code scanning requires beyond the schema is there, and its limits are kept."""
    assert log["$schema"] == "https://json.schemastore.org/sarif-2.1.0.json"
    assert log["version"] == "2.1.0"
    (one,) = log["runs"]
    driver = one["tool"]["driver"]
    assert driver["name"] == "reqlint"
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", driver["semanticVersion"])
    assert one["columnKind"] == "utf16CodeUnits"
    assert one["automationDetails"]["id"] == "reqlint/openai/"
    assert one["originalUriBaseIds"]["%SRCROOT%"]["uri"].endswith("/")
    assert isinstance(one["results"], list)
    for rule in driver["rules"]:
        assert rule["name"] != rule["id"]
        assert len(rule["name"]) <= 255
        for text in (rule["shortDescription"]["text"], rule["fullDescription"]["text"]):
            assert 0 < len(text) <= 1_024
            assert text.endswith(".")
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}
        properties = rule["properties"]
        assert len(properties["tags"]) <= 20
        assert properties["precision"] in {"very-high", "high", "medium", "low"}
        assert properties["problem.severity"] in {"error", "warning", "recommendation"}
        assert ("security-severity" in properties) == ("security" in properties["tags"])
        assert 0 < float(properties.get("security-severity", "1")) <= 10
    for result in one["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
        assert result["message"]["text"].endswith(".")
        (location,) = result["locations"]
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert not uri.startswith((".", "/"))
        assert "\\" not in uri
        assert all(isinstance(value, str) for value in result["partialFingerprints"].values())
        assert result["partialFingerprints"]["reqlint/v1"] == "1f2e"


def test_only_rules_that_fired_are_described() -> None:
    """The rules of a log are those of its results, in the order of their ids."""
    rules = everything()["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["credential-in-request", "not-a-card", "unknown-field"]
    assert sarif([])["runs"][0]["tool"]["driver"]["rules"] == []


def test_a_result_says_where_and_what_it_relates_to() -> None:
    """Message, region, pointer and the related place of a result are as GitHub shows them."""
    result = results(everything())[0]
    assert result["message"]["text"] == (
        "unknown field temprature. At '/temprature'. In the request 'req-1'. See [the \\[other\\] \"one\"](1). "
        "Help: rename it."
    )
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "a.json", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 1, "startColumn": 2, "endLine": 1, "endColumn": 14},
            },
            "logicalLocations": [{"fullyQualifiedName": "/temprature", "name": "temprature", "kind": "property"}],
        }
    ]
    assert result["relatedLocations"][0]["id"] == 1
    assert result["relatedLocations"][0]["physicalLocation"]["region"]["startLine"] == 2


@pytest.mark.parametrize(("form", "imported"), [*((form, form == "sarif") for form in FORMATS)])
def test_only_sarif_imports_the_pages_about_rules(tmp_path: Path, form: str, imported: bool) -> None:
    """The page about a rule is written for the format that shows it; no other imports what writes pages."""
    (tmp_path / "a.json").write_text('{"model": 1, "messages": []}')
    program = (
        "import atexit, sys; from reqlint.cli import main;"
        "atexit.register(lambda: print('reqlint.pages' in sys.modules, file=sys.stderr)); main()"
    )
    command = [sys.executable, "-c", program, "check", "a.json", "--output-format", form]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr == f"{imported}\n"


def test_messages_are_sentences_with_quoted_values() -> None:
    """What varies stands in single quotes, and a question keeps its mark."""
    texts = [result["message"]["text"] for result in results(everything())]
    assert texts[2].startswith("key 'x' is a secret. At")
    assert texts[3] == "is it? At the top level."


def test_a_payload_makes_no_links() -> None:
    """What looks like a link in a message that quotes a payload is none."""
    (result,) = results(sarif([finding(message="unknown field [x](1)", pointer="/[x](1)", custom_id="[x](1)")]))
    assert "](" not in result["message"]["text"]


def test_columns_count_utf16_code_units() -> None:
    """An emoji before and in a region counts twice, as in editors and on GitHub."""
    lines, (mark,) = marked('{"😀": «"é😀"»}')
    (result,) = results(sarif([finding(mark)], lines))
    region = result["locations"][0]["physicalLocation"]["region"]
    assert (region["startColumn"], region["endColumn"]) == (8, 13)


def test_an_unknown_place_has_no_region() -> None:
    """A region is left out rather than guessed."""
    (result,) = results(sarif([finding()]))
    assert "region" not in result["locations"][0]["physicalLocation"]


def test_files_are_named_relative_to_the_root(tmp_path: Path) -> None:
    """Files under the root have percent-encoded relative URIs; one outside has its own and no base."""
    root = tmp_path / "root"
    names = ["a b/ü#%.json", "sub/../c:d.json"]
    sources = [*(str(root / name) for name in names), str(tmp_path / "out.json")]
    log = sarif([finding(source=source) for source in sources], root=root)
    artifacts = [result["locations"][0]["physicalLocation"]["artifactLocation"] for result in results(log)]
    assert artifacts == [
        {"uri": "a%20b/%C3%BC%23%25.json", "uriBaseId": "%SRCROOT%"},
        {"uri": "c%3Ad.json", "uriBaseId": "%SRCROOT%"},
        {"uri": (tmp_path / "out.json").resolve().as_uri()},
    ]
    assert log["runs"][0]["originalUriBaseIds"]["%SRCROOT%"]["uri"] == root.resolve().as_uri() + "/"


def test_symbolic_links_are_followed(tmp_path: Path) -> None:
    """A finding in a linked file is reported in the file itself, which is the one GitHub can show."""
    (tmp_path / "real.json").write_text("{}", encoding="utf-8")
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    (result,) = results(sarif([finding(source=str(tmp_path / "link.json"))], root=tmp_path))
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "real.json"


def test_standard_input_is_no_file() -> None:
    """What came from no file is named without a base, so that nothing looks for it under the root."""
    stdin = results(everything())[5]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert stdin == {"uri": "stdin", "description": {"text": "Not a file: stdin."}}


def test_suppressed_findings_are_marked() -> None:
    """A suppressed finding stays in the log, marked; without any, no result speaks of suppressions."""
    marks = [result["suppressions"] for result in results(everything())]
    assert marks == [[]] * 6 + [[{"kind": "external", "status": "accepted"}]]
    assert "suppressions" not in results(sarif([finding()]))[0]


def test_findings_of_one_rule_on_one_line_stay_apart() -> None:
    """In minified text the first finding of a rule on a line leaves its hash to GitHub; all others have their own."""
    line = '{"messages": [' + ", ".join('{«"nam"»: 0}' for _ in range(3)) + "]}"
    lines, keys = marked("\n".join([line] * 4))
    findings = [finding(key, pointer=f"/messages/{number % 3}/nam") for number, key in enumerate(keys)]
    findings.append(findings[-1])
    hashes = [r["partialFingerprints"].get("primaryLocationLineHash") for r in results(sarif(findings, lines))]
    assert [number for number, value in enumerate(hashes) if value is None] == [0, 3, 6, 9]
    others = [value for value in hashes if value]
    assert len(set(others)) == len(others) == 9
    assert all(re.fullmatch(r"[0-9a-f]{1,16}:\d+-[0-9a-f]{8}", value) for value in others)


def test_line_hashes_are_those_of_github() -> None:
    """The hashes equal published ones of the upload action, blanks, line ends and repetition included."""
    assert line_hash("") == "c129715d7a2bc9a3"
    lines = [" a", "b", "  \t\tc", " d"]
    expected = ["271789c17abda88f", "54703d4cd895b18", "180aee12dab6264", "a23a3dc5e078b07b"]
    assert [line_hash("\r\n".join(lines[start:])) for start in range(4)] == expected
    numbered = dict(enumerate(lines, 1))
    given = line_hashes([1, 3], lambda wanted: {n: numbered[n] for n in wanted if n in numbered})
    assert given == {1: expected[0], 3: expected[2]}
    lorem = "Lorem ipsum dolor sit amet.\n"
    assert [line_hash(lorem * times) for times in (10, 4, 3)] == [
        "a7f2ff13bc495cf2",
        "a7f2ff1481e87703",
        "a9cf91f7bbf1862b",
    ]


def test_long_lines_need_no_neighbours() -> None:
    """For a long line, as in JSONL, no other line of the file is asked for."""
    asked: list[int] = []

    def lines_of(wanted: Iterable[int]) -> dict[int, str]:
        asked.extend(wanted)
        return dict.fromkeys(asked, "x" * 1_000)

    line_hashes([7, 9], lines_of)
    assert asked == [7, 9]


def test_more_than_5000_results_are_cut_by_severity() -> None:
    """The gravest 5,000 stay, in source order, and the log says how many of which rule are missing."""
    minor = [finding(rule="minor", severity=Severity.NOTE, pointer=f"/{number}") for number in range(5_001)]
    log = sarif([*minor, finding(), finding(suppressed=True)])
    kept = results(log)
    assert len(kept) == 5_000
    assert [result["ruleId"] for result in kept[-2:]] == ["minor", "unknown-field"]
    (note,) = log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert note == {
        "level": "warning",
        "message": {
            "text": "3 findings are left out, the gravest 5,000 and some of every rule are kept. "
            "By rule: 'minor' 2, 'unknown-field' 1."
        },
    }


def test_the_run_tells_how_it_ended() -> None:
    """Exit code and unreadable inputs are in the invocation; only an exit code of 2 is a failure."""
    (invocation,) = everything()["runs"][0]["invocations"]
    assert invocation == {
        "executionSuccessful": True,
        "exitCode": 1,
        "toolExecutionNotifications": [{"level": "error", "message": {"text": "b.json: no such file."}}],
    }
    assert sarif([], exit_code=2)["runs"][0]["invocations"][0]["executionSuccessful"] is False


@pytest.mark.skipif("SARIF_MULTITOOL" not in os.environ, reason="needs the path of a Sarif.Multitool binary")
def test_the_multitool_agrees(tmp_path: Path) -> None:
    """Microsoft's validator with GitHub's rules finds no error in a log with one of everything."""
    log, verdict = tmp_path / "log.sarif", tmp_path / "verdict.sarif"
    log.write_text(json.dumps(everything()), encoding="utf-8")
    command = [os.environ["SARIF_MULTITOOL"], "validate", str(log), "--rule-kind", "Sarif;Ghas", "-o", str(verdict)]
    subprocess.run([*command, "--log", "ForceOverwrite"], check=True, capture_output=True)
    # The program ends with 0 whatever it finds.
    found = json.loads(verdict.read_text(encoding="utf-8-sig"))["runs"][0]["results"]
    assert [result for result in found if result.get("level") == "error"] == []
    assert {result["ruleId"] for result in found} <= {"SARIF2005", "SARIF2017"}  # no informationUri; regions left out
