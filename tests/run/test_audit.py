"""`reqlint audit`: recorded answers compared with the profile's verdicts."""

import json
from pathlib import Path

from reqlint import Linter
from reqlint.reporters.audit import as_json, as_text
from reqlint.run.audit import audit
from reqlint.text.sources import Source
from tests.cli.test_cli import Runner, reqlint  # noqa: F401 - a fixture is used by its name

GOOD = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}
BAD = {**GOOD, "n": 0}


def lines(*values: object) -> bytes:
    """Return values as JSON Lines."""
    return "".join(json.dumps(value) + "\n" for value in values).encode()


PAIRS = lines(
    {"request": GOOD, "response": {"status": 200}},
    {"request": BAD, "status": 400},
    {"request": GOOD, "response": {"status": 400, "error": {"code": "invalid_image_url", "param": "messages"}}},
    {"request": BAD, "response": {"status": 200}},
    {"request": GOOD, "response": {"status": 429}},
    {"request": GOOD},
    {"request": {"input": "Hi"}, "response": {"status": 200}},
    {"request": {"url": "https://api.openai.com/v1/chat/completions", "body": "[FILTERED]"}, "status": 200},
    GOOD,
)


def test_every_pair_is_counted_once() -> None:
    """The table counts each exchange by answer and verdict, per profile; exchanges left out are counted too."""
    result = audit(Linter("auto"), [Source("pairs.jsonl", None, PAIRS)])
    assert dict(result.counts) == {
        ("openai", "accepted", "clean"): 2,
        ("openai", "accepted", "error"): 1,
        ("openai", "refused", "clean"): 1,
        ("openai", "refused", "error"): 1,
        ("openai", "other", "clean"): 1,
    }
    assert (result.assumed, result.other_endpoints, result.opaque, result.unrecorded) == (1, 1, 1, 1)
    assert result.agreement("openai") == (3, 5)
    assert [(case.line, case.pointer, case.status, case.recorded, case.rules) for case in result.cases] == [
        (3, "/request", 400, "refused", ()),
        (4, "/request", 200, "accepted", ("out-of-range",)),
    ]


def test_the_report_names_every_disagreement() -> None:
    """The text has the table and both lists of disagreements; the JSON has the same values."""
    result = audit(Linter("openai"), [Source("pairs.jsonl", None, PAIRS)])
    assert (
        as_text(result)
        == """\
openai: 3 of 5 agree (60.0 %)
                                      judged clean   judged an error
  recorded as accepted                           2                 1
  recorded as refused                            1                 1
  other answers, such as 401 or 429              1                 0

Recorded as accepted, judged an error
  pairs.jsonl:4  /request  200  openai: out-of-range

Recorded as refused, judged clean
  pairs.jsonl:3  /request  400  openai: code invalid_image_url, parameter messages

1 request without a recorded answer counted as accepted
left out: 1 request recorded for other endpoints
left out: 1 request recorded with a body that is not JSON
left out: 1 request not from a recording
"""
    )
    written = json.loads(as_json(result, "1.2.3"))
    assert written["version"] == 1
    assert written["tool"] == {"name": "reqlint", "version": "1.2.3"}
    assert written["profiles"] == [
        {
            "profile": "openai",
            "agree": 3,
            "decided": 5,
            "accepted": {"clean": 2, "error": 1},
            "refused": {"clean": 1, "error": 1},
            "other": {"clean": 1, "error": 0},
        }
    ]
    assert [case["line"] for case in written["disagreements"]] == [3, 4]
    assert written["left_out"] == {"other_endpoints": 1, "not_json": 1, "not_recorded": 1, "no_profile": 0}


def test_exit_codes(reqlint: Runner, tmp_path: Path) -> None:  # noqa: F811 - as above
    """The exit code is 0 whether or not they agree, 1 for unreadable input, 2 for usage, 3 without recordings."""
    (tmp_path / "pairs.jsonl").write_bytes(PAIRS)
    (tmp_path / "plain.json").write_text(json.dumps(GOOD))
    (tmp_path / "broken.json").write_text("{")
    for form in ("human", "json"):
        ran = reqlint("audit", "pairs.jsonl", "--output-format", form)
        assert (ran.code, ran.err) == (0, "")
        ran = reqlint("audit", "plain.json", "--output-format", form)
        assert (ran.code, ran.err) == (3, "error: no recorded requests found\n")
        ran = reqlint("audit", "broken.json", "pairs.jsonl", "--output-format", form)
        assert (ran.code, ran.err) == (1, "error: cannot read broken.json: line 1: invalid-json\n")
        assert reqlint("audit", "none.json", "--output-format", form).code == 1
    assert reqlint("audit", "pairs.jsonl", "-p", "nosuch").code == 2


def test_what_is_no_recording_in_a_folder_is_passed_over(reqlint: Runner, tmp_path: Path) -> None:  # noqa: F811 - as above
    """As in a check: what cannot be read there and has no sign of a request; with one, or named, it is told."""
    (tmp_path / "x").mkdir()
    (tmp_path / "x/tsconfig.json").write_text('{"compilerOptions": {"strict": true,}} // for now')
    (tmp_path / "x/empty.json").write_bytes(b"")
    (tmp_path / "x/rows.jsonl").write_text('{\n  "row": 1\n}\n{\n  "row": 2\n}\n')
    ran = reqlint("audit", "x")
    assert (ran.code, ran.err) == (3, "error: no recorded requests found\n")
    (tmp_path / "x/pairs.jsonl").write_bytes(PAIRS)
    assert (reqlint("audit", "x").code, reqlint("audit", "x/empty.json").code) == (0, 1)
    (tmp_path / "x/cut.json").write_text('{"request": {"body": {"messages": [')
    ran = reqlint("audit", "x")
    assert (ran.code, ran.err) == (1, "error: cannot read x/cut.json: line 1: invalid-json\n")


def test_what_is_left_out_is_told_without_a_verdict_too(reqlint: Runner, tmp_path: Path) -> None:  # noqa: F811 - as above
    """A folder of recordings that no profile is for says so, and nothing else on standard output."""
    away = {"url": "https://llm.example.com/v1/chat/completions", "method": "POST", "body": GOOD}
    (tmp_path / "away.json").write_text(json.dumps({"request": away, "response": {"status": 200}}))
    ran = reqlint("audit", "away.json")
    assert (ran.code, ran.out) == (3, "left out: 1 request to an API that no profile is for\n")


def test_the_examples_disagree_where_they_are_meant_to(root: Path) -> None:
    """The example recordings have one accepted request with an error, and one refusal that reqlint cannot know."""
    sources = [Source(path.name, path) for path in sorted((root / "examples/recordings").iterdir())]
    result = audit(Linter("auto"), sources)
    assert [(case.source, case.status, case.rules, case.code) for case in result.cases] == [
        ("menu-translation.har", 400, (), "invalid_image_url"),
        ("trip-planner.yaml", 200, ("malformed-tool-name",), None),
    ]
    assert result.other_endpoints == 2
