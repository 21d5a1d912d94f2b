"""A recorded refusal that a finding explains: counted and shown on request, but no failure unless asked for."""

import json
from typing import Any

import pytest

from reqlint import Linter, Report
from reqlint.core.findings import Severity
from reqlint.reporters import FORMATS
from tests.support.scratch import REQUEST, Scratch

BAD = {**REQUEST, "n": 0, "temperature": 9}


def exchange(request: dict[str, Any], status: int) -> dict[str, Any]:
    """Return a recorded exchange."""
    return {"request": request, "response": {"status": status}}


def checked(*exchanges: object) -> Report:
    """Return the report of a recording of these exchanges."""
    return Linter("openai").check_text("\n".join(map(json.dumps, exchanges)), "a.jsonl")


@pytest.mark.parametrize(
    ("status", "explained"), [(400, True), (422, True), (413, True), (200, False), (401, False), (429, False)]
)
def test_only_a_refusal_is_explained(status: int, explained: bool) -> None:
    """Errors count for a request that was accepted, and where the answer says nothing about the request."""
    report = checked(exchange(BAD, status))
    errors = [finding for finding in report if finding.severity is Severity.ERROR]
    assert len(errors) == 2
    assert [finding.explained for finding in errors] == [explained] * 2
    assert [finding.suppressed for finding in errors] == [explained] * 2
    assert report.explained_refusals == explained
    assert report.is_valid is explained


def test_only_errors_explain() -> None:
    """A warning does not say that a request is refused, so it counts, and the refusal stays unexplained."""
    warned = {**REQUEST, "max_tokens": 9, "top_p": 1, "messages": [*REQUEST["messages"], *REQUEST["messages"]]}
    report = checked(exchange(warned, 400))
    assert {finding.rule for finding in report} >= {"unexplained-refusal"}
    assert not any(finding.explained for finding in report)


def test_each_refused_request_is_counted_once() -> None:
    """Two errors of one request are one refusal; equal requests in other lines, documents or places are others."""
    refused = exchange(BAD, 400)
    assert checked(refused, refused).explained_refusals == 2
    cassette = {"interactions": [refused, refused, exchange(REQUEST, 400), exchange(BAD, 200)]}
    report = Linter("openai").check_text(json.dumps(cassette), "a.json")
    assert report.explained_refusals == 2
    assert {finding.explains for finding in report if finding.explained} == {
        "/interactions/0/request",
        "/interactions/1/request",
    }


def test_a_flaw_of_the_recording_itself_counts() -> None:
    """A key that is twice in the file of a recording was not necessarily sent twice."""
    text = '{"request": {"model": "m", "messages": [], "messages": []}, "response": {"status": 400}}'
    report = Linter("openai").check_text(text, "a.json")
    assert [(f.rule, f.explained) for f in report if f.rule == "duplicate-key"] == [("duplicate-key", False)]


def test_a_run_passes_unless_asked(scratch: Scratch) -> None:
    """The exit code is 0, and 1 if the command line or the configuration asks for it; the summary counts."""
    scratch.write("a.json", exchange(BAD, 400))
    done = scratch.run("check", "-p", "openai", "a.json")
    assert done.code == 0
    assert "No findings in 1 request (1 file)" in done.out
    assert "1 recorded refusal explained (-v shows them)" in done.out
    assert "out-of-range" not in done.out
    asked = scratch.run("check", "-p", "openai", "--fail-on-refusals", "a.json")
    assert asked.code == 1
    assert "2 findings (2 errors)" in asked.out
    assert "explained" not in asked.out
    scratch.write("reqlint.toml", "fail-on-refusals = true\n")
    assert scratch.run("check", "-p", "openai", "a.json").code == 1
    scratch.write("reqlint.toml", "fail-on-refusals = 1\n")
    assert scratch.run("check", "-p", "openai", "a.json").code == 2


def test_verbose_output_shows_what_explains(scratch: Scratch) -> None:
    """With -v the findings are shown, and say that they do not count."""
    scratch.write("a.json", exchange(BAD, 400))
    done = scratch.run("check", "-p", "openai", "-v", "a.json")
    assert done.code == 0
    assert done.out.count("error[out-of-range]") == 2
    said = " ".join(done.out.split())  # lines end at words
    assert said.count("= note: does not count: the request was refused with 400, which this error explains") == 2


def test_json_and_sarif_keep_the_findings(scratch: Scratch) -> None:
    """In JSON they are marked, in SARIF suppressed with the reason; no other format makes an alert of them."""
    scratch.write("a.json", exchange(BAD, 400))
    report = json.loads(scratch.run("check", "-p", "openai", "--output-format", "json", "a.json").out)
    kinds = ("errors", "suppressed", "baselined", "explained_refusals")
    assert [report["summary"][key] for key in kinds] == [0, 0, 0, 1]
    assert [(f["suppressed"], f["explained"], f["suppression"]["kind"]) for f in report["findings"]] == [
        (True, True, "recording")
    ] * 2
    sarif = json.loads(scratch.run("check", "-p", "openai", "--output-format", "sarif", "a.json").out)
    reason = "the request was refused with 400, which this error explains"
    assert [result["suppressions"] for result in sarif["runs"][0]["results"]] == [
        [{"kind": "external", "status": "accepted", "justification": reason}]
    ] * 2
    for form in set(FORMATS) - {"json", "jsonl", "sarif"}:
        done = scratch.run("check", "-p", "openai", "--output-format", form, "a.json")
        assert (done.code, "out-of-range" in done.out) == (0, False), form


def test_an_expectation_of_a_refusal_still_holds(scratch: Scratch) -> None:
    """Expected, ignored and accepted findings are found as before, so that no entry becomes stale."""
    scratch.write("a.json", exchange(BAD, 400))
    run = ("check", "-p", "openai", "--output-format", "json", "a.json")
    entry = 'files = ["a.json"]\nrules = ["out-of-range"]\nreason = "shown to users"\n'
    for config in (f"[[expect]]\n{entry}", f"[[ignore]]\n{entry}"):
        scratch.write("reqlint.toml", config)
        report = json.loads(scratch.run(*run).out)
        assert {f["suppression"]["kind"] for f in report["findings"]} == {"external"}, config
        assert (report["summary"]["suppressed"], report["summary"]["explained_refusals"]) == (2, 0)
    scratch.write("reqlint.toml", "fail-on-refusals = true\n")
    assert scratch.run("baseline", "create", "-p", "openai", "a.json").code == 0
    scratch.write("reqlint.toml", 'baseline = "reqlint-baseline.json"\n')
    report = json.loads(scratch.run(*run).out)
    assert {(f["rule"], f["suppression"]["kind"]) for f in report["findings"]} == {("out-of-range", "baseline")}


def test_a_comment_on_a_refusal_is_used(scratch: Scratch) -> None:
    """A suppression comment on an explained error is not reported as one without effect."""
    scratch.write(
        "a.yaml",
        "request:\n  model: m\n  messages: [{role: user, content: Hi}]\n"
        "  n: 0  # reqlint: ignore[out-of-range] on purpose\nresponse: {status: 400}\n",
    )
    report = json.loads(scratch.run("check", "-p", "openai", "--output-format", "json", "a.yaml").out)
    assert [(f["rule"], f["suppression"]["kind"]) for f in report["findings"]] == [("out-of-range", "inSource")]


def test_a_new_baseline_leaves_them_out(scratch: Scratch) -> None:
    """What does not count needs no entry."""
    scratch.write("a.json", exchange(BAD, 400))
    scratch.write("b.json", exchange(BAD, 200))
    assert scratch.run("baseline", "create", "-p", "openai", ".").code == 0
    entries = json.loads((scratch.folder / "reqlint-baseline.json").read_text())["findings"]
    assert {entry["file"] for entry in entries} == {"b.json"}


def test_split_treats_a_refused_line_as_bad(scratch: Scratch) -> None:
    """Whoever splits lines wants those that an API takes."""
    scratch.write("a.jsonl", [exchange(BAD, 400), exchange(REQUEST, 200)])
    scratch.run("split", "a.jsonl", "--good", "good.jsonl", "--bad", "bad.jsonl", "-p", "openai", "--as", "exchange")
    assert json.loads((scratch.folder / "bad.jsonl").read_text()) == exchange(BAD, 400)
