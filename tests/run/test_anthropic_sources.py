"""A Messages request is judged alike as a dict, in JSON, YAML and recordings; suppressions and fingerprints work."""

import json
from typing import Any

import yaml

from reqlint import Linter

REQUEST: dict[str, Any] = {
    "model": "claude-haiku-4-5",
    "max_tokens": 300,
    "system": "Be brief.",
    "temperature": 1.5,
    "messages": [
        {"role": "user", "content": "When does the ferry leave?"},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_1", "name": "timetable", "input": {}}]},
        {"role": "user", "content": "Well?"},
    ],
}
URL = "https://api.anthropic.com/v1/messages"
EXPECTED = [("out-of-range", "temperature"), ("unanswered-tool-call", "messages[1]")]
LINTER = Linter()


def told(report: Any) -> list[tuple[str, str]]:
    return [(found.rule, found.path) for found in report]


def test_every_source_has_the_same_findings() -> None:
    """The profile is found by the address or by the marks of the body."""
    text = json.dumps(REQUEST)
    post = {"method": "POST", "headers": {"anthropic-version": ["2023-06-01"]}}
    cassette = {
        "interactions": [{"request": {**post, "uri": URL, "body": text}, "response": {"status": {"code": 400}}}]
    }
    entry = {
        "request": {
            "method": "POST",
            "url": URL,
            "headers": [],
            "postData": {"mimeType": "application/json", "text": text},
        },
        "response": {"status": 400},
    }
    assert told(LINTER.check(REQUEST)) == EXPECTED
    assert told(LINTER.check_text(text, "a.json")) == EXPECTED
    assert told(LINTER.check_text(yaml.safe_dump(REQUEST, sort_keys=False), "a.yaml")) == EXPECTED
    assert told(LINTER.check_text(text + "\n" + text + "\n", "a.jsonl")) == EXPECTED * 2
    for recorded in (
        LINTER.check_text(yaml.safe_dump(cassette, sort_keys=False), "cassette.yaml"),
        LINTER.check_text(json.dumps({"log": {"entries": [entry]}}), "a.har"),
        LINTER.check_text(json.dumps({"request": REQUEST, "response": {"status": 400}}), "a.json"),
    ):
        assert [(found.rule, found.path.partition("temp")[1] or found.path[-11:]) for found in recorded] == [
            ("out-of-range", "temp"),
            ("unanswered-tool-call", "messages[1]"),
        ]
        assert {found.profile for found in recorded} == {"anthropic"}


def test_a_recorded_answer_contradicts_an_error() -> None:
    """Where the server took a request that has an error, the recording says so."""
    exchange = {"request": REQUEST, "response": {"status": 200}}
    assert "contradicted-by-recording" in {found.rule for found in LINTER.check_text(json.dumps(exchange), "a.json")}


def test_half_a_surrogate_pair_is_an_error() -> None:
    """Anthropic's server reads no text with half a character, which other servers do."""
    text = json.dumps(REQUEST).replace("Be brief.", "Be brief \\ud83d")
    [found] = [each for each in LINTER.check_text(text, "a.json") if each.rule == "lone-surrogate"]
    assert str(found.severity) == "error"


def test_suppressions_and_fingerprints() -> None:
    """A comment silences a finding, and a fingerprint stays when lines move."""
    text = yaml.safe_dump(REQUEST, sort_keys=False)
    before = {found.rule: found.fingerprint for found in LINTER.check_text(text, "a.yaml")}
    moved = "# a note\n" + text.replace(
        "temperature: 1.5", "temperature: 1.5  # reqlint: ignore[out-of-range] as a test"
    )
    after = LINTER.check_text(moved, "a.yaml")
    assert {found.rule: found.fingerprint for found in after} == before
    assert [found.rule for found in after if found.suppressed] == ["out-of-range"]
