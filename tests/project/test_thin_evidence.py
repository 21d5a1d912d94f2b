"""``--evidence``: findings on thinner evidence are left out and counted."""

import json
from itertools import pairwise
from typing import Any

import pytest

from reqlint.knowledge.evidence import STATUSES, is_thinner
from reqlint.reporters import FORMATS
from reqlint.text.trusted_json import load_json
from tests.conftest import ROOT
from tests.support.scratch import Scratch

MIXED = {
    "model": "qwen-plus",
    "messages": [{"role": "developer", "content": "Be brief"}, {"role": "user", "content": ""}],
    "temperature": 3,
}
"""The range is documented, the refusal of the role observed, and that of an empty text inferred."""
DOCUMENTED = ("-p", "dashscope", "--evidence", "documented")


def by_status(report: dict[str, Any]) -> dict[str, list[str]]:
    """Return the rules of the findings in a JSON report by their evidence."""
    found: dict[str, list[str]] = {}
    for finding in report["findings"]:
        found.setdefault(str(finding["evidence"]), []).append(finding["rule"])
    return found


def test_the_statuses_are_ordered() -> None:
    """Documented is firmer than observed, and disputed the thinnest; none is thinner than itself."""
    assert [status for status in STATUSES if status != "measured"] == ["documented", "observed", "inferred", "disputed"]
    assert all(is_thinner(one, other) for one, other in pairwise(reversed(STATUSES)))
    assert not any(is_thinner(each, each) for each in STATUSES)


def test_every_list_of_the_statuses_is_whole() -> None:
    """The configuration takes all of them, and the JSON report may have all of them."""
    config = load_json(ROOT / "schemas/meta/config.json")["properties"]["evidence"]["enum"]
    report = load_json(ROOT / "schemas/meta/report.json")["$defs"]["finding"]["properties"]["evidence"]["enum"]
    assert tuple(config) == STATUSES
    assert tuple(report) == (*STATUSES, None)


@pytest.mark.parametrize("least", STATUSES)
def test_only_findings_that_are_known_firmly_enough_are_left(scratch: Scratch, least: str) -> None:
    """Those on thinner evidence are gone and counted, whether the command line or the configuration asks for it."""
    scratch.write("a.json", MIXED)
    every = by_status(scratch.report("a.json", "-p", "dashscope"))
    assert {*every} == {"documented", "observed", "inferred"}
    wanted = {status: rules for status, rules in every.items() if not is_thinner(status, least)}
    asked = scratch.report("a.json", "-p", "dashscope", "--evidence", least)
    assert by_status(asked) == wanted
    left_out = sum(map(len, every.values())) - sum(map(len, wanted.values()))
    assert asked["summary"]["thin_evidence"] == left_out
    scratch.write("reqlint.toml", f'evidence = "{least}"\n')
    assert scratch.report("a.json", "-p", "dashscope")["summary"] == asked["summary"]
    assert by_status(scratch.report("a.json", "-p", "dashscope", "--evidence", "disputed")) == every


def test_the_exit_code_and_the_baseline_know_only_what_is_left(scratch: Scratch) -> None:
    """A finding that is left out does not fail the run, and does not go into a baseline; one there is not stale."""
    scratch.write("a.json", {**MIXED, "temperature": 1})
    assert scratch.run("check", "-p", "dashscope", "a.json").code == 1
    assert scratch.run("check", *DOCUMENTED, "a.json").code == 0
    assert scratch.run("baseline", "create", "-p", "dashscope", "a.json").code == 0
    kept = json.loads((scratch.folder / "reqlint-baseline.json").read_text("utf-8"))
    done = scratch.report(*DOCUMENTED, "a.json")
    assert "stale-baseline-entry" not in [finding["rule"] for finding in done["findings"]]
    scratch.write("reqlint.toml", 'evidence = "documented"\n')
    scratch.run("baseline", "create", "--force", "-p", "dashscope", "a.json")
    assert len(json.loads((scratch.folder / "reqlint-baseline.json").read_text("utf-8"))["findings"]) < len(
        kept["findings"]
    )


def test_nothing_that_was_left_out_is_fixed(scratch: Scratch) -> None:
    """--fix edits only what is reported: that OpenAI refuses an unknown field was observed."""
    scratch.write("a.json", {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "temprature": 1})
    scratch.run("check", "-p", "openai", "--fix", "--evidence", "documented", "a.json")
    assert "temprature" in (scratch.folder / "a.json").read_text("utf-8")
    scratch.run("check", "-p", "openai", "--fix", "--evidence", "observed", "a.json")
    assert "temprature" not in (scratch.folder / "a.json").read_text("utf-8")


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_or_standard_error_says_how_many(scratch: Scratch, form: str) -> None:
    """Nothing disappears silently, whatever the format; -q hides it with the rest of the summary."""
    scratch.write("a.json", MIXED)
    command = ("check", *DOCUMENTED, "--output-format", form, "a.json")
    done = scratch.run(*command)
    count = scratch.report(*DOCUMENTED, "a.json")["summary"]["thin_evidence"]
    assert count > 1
    said = f"{count} findings on thinner evidence left out"
    assert (said in done.out) + (said in done.err) + (f'"thin_evidence": {count}' in done.out) == 1
    assert said not in scratch.run(*command, "-q").err


def test_what_is_no_claim_about_an_api_is_never_left_out(scratch: Scratch) -> None:
    """A file that cannot be read and the project's own suppressions are reported whatever is asked for."""
    scratch.write("reqlint.toml", '[[ignore]]\nrules = ["developer-role"]\nreason = "x"\n')
    scratch.write("a.json", {**MIXED, "messages": [{"role": "user", "content": "Hi"}]})
    rules = [f["rule"] for f in scratch.report(*DOCUMENTED, ".", "no-such.json")["findings"]]
    assert {"unreadable-input", "unused-suppression"} <= {*rules}


def test_a_finding_that_is_left_out_still_uses_its_suppression(scratch: Scratch) -> None:
    """An entry that covers it is not unused, and what it covers is suppressed as before."""
    scratch.write("reqlint.toml", '[[ignore]]\nrules = ["developer-role"]\nreason = "x"\n')
    scratch.write("a.json", MIXED)
    report = scratch.report(*DOCUMENTED, "a.json")
    assert "unused-suppression" not in [finding["rule"] for finding in report["findings"]]
    assert report["summary"]["suppressed"] == 1


def test_an_unknown_status_is_refused(scratch: Scratch) -> None:
    """By the command line and by the configuration, with the line."""
    scratch.write("a.json", MIXED)
    assert scratch.run("check", "--evidence", "firm", "a.json").code == 2
    scratch.write("reqlint.toml", '\nevidence = "firm"\n')
    done = scratch.run("check", "a.json")
    assert done.code == 2
    assert "reqlint.toml:2:1: evidence is" in done.err
    scratch.write("reqlint.toml", 'evidence = "observed"\n')
    assert "evidence          observed" in scratch.run("check", "--show-settings", "a.json").out
