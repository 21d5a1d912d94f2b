"""Whatever is no request stays byte for byte, whichever fixes are asked for; what is one is fixed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reqlint import Report
from reqlint.core.findings import Unfixed
from reqlint.dialects.openai_chat import OPENAI_CHAT
from reqlint.dialects.registry import certainly_a_request
from reqlint.fixes.apply import apply_fixes, discard
from reqlint.knowledge.catalog import shipped
from reqlint.run.linter import Linter
from reqlint.run.one_request import linter_for
from reqlint.text.sources import Source
from tests.conftest import own_requests
from tests.strategies.strangers import STRANGERS, strangers
from tests.support.scratch import Scratch

pytestmark = pytest.mark.core

PROFILES = [*shipped().profile_names, "auto"]
MISTAKEN = {"model": "gpt-4o", "messages": [{"role": "User", "content": "Hi"}], "temprature": 1, "user": None}
ANSWER = {"id": "c-1", "object": "chat.completion", "model": "gpt-4o", "choices": []}
URL = "https://api.openai.com/v1/chat/completions"
POST = {"method": "POST", "url": URL}

WRAPPED: dict[str, Callable[[Any], Any]] = {
    "alone": lambda value: value,
    "in an array": lambda value: [value, value],
    "beside an answer": lambda value: [value, ANSWER],
    "a request and its response": lambda value: {"request": value, "response": ANSWER},
    "a cassette": lambda value: {"interactions": [{"request": {**POST, "body": value}, "response": {"status": 200}}]},
    "a cassette of texts": lambda value: {
        "interactions": [{"request": {**POST, "body": json.dumps(value)}, "response": {"body": json.dumps(value)}}]
    },
    "an answer in a cassette": lambda value: {"interactions": [{"request": POST, "response": {"body": value}}]},
    "a HAR file": lambda value: {
        "log": {"entries": [{"request": {**POST, "postData": {"text": json.dumps(value)}}, "response": {}}]}
    },
    "a recorded scope": lambda value: [
        {"scope": "https://api.openai.com:443", "method": "POST", "path": "/v1/chat/completions", "body": value,
         "status": 200, "response": ANSWER}
    ],
    "a result of a batch": lambda value: {"custom_id": "a", "response": {"status_code": 200, "body": value}},
    "a line of a batch and its response": lambda value: {
        "custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": value, "response": ANSWER
    },
}  # fmt: skip
RECORDED = sorted(WRAPPED.keys() - {"alone", "in an array"})

WRITTEN: dict[str, Callable[[Any], str]] = {
    "a.json": lambda value: json.dumps(value, indent=1),
    "a.jsonl": lambda value: f"{json.dumps(value)}\n{json.dumps(value)}\n",
    "a.yaml": lambda value: yaml.safe_dump(value, sort_keys=False),
}


def unedited(value: object, name: str, profile: str, **how: Any) -> Report:
    """Require that no fix is offered or made in a file with *value*, and return its report."""
    text = WRITTEN[name](value).encode()
    source = Source(name, None, text)
    linter = linter_for(profile)
    repair = apply_fixes(source, lambda each: linter.check_source(each, **how), unsafe=True)
    after = repair.source.read()
    discard(repair, source)
    assert after == text
    assert not repair.fixed
    assert not [finding for finding in repair.found if finding.fix]
    return repair.found


@pytest.mark.parametrize("what", STRANGERS)
def test_a_stranger_is_no_request(what: str) -> None:
    """Each written stranger is refused by the question itself, whatever keys a profile adds."""
    value, _ = STRANGERS[what]
    for profile in shipped().profile_names:
        keys = shipped().profile(profile).schema["properties"].keys()
        assert not certainly_a_request(value, OPENAI_CHAT, keys)


@settings(deadline=None, max_examples=300)
@given(strangers(), st.sampled_from(sorted(WRAPPED)), st.sampled_from(sorted(WRITTEN)), st.sampled_from(PROFILES))
def test_a_stranger_keeps_every_byte(stranger: tuple[str, Any], wrapped: str, name: str, profile: str) -> None:
    """However a stranger is changed, wrapped and written, and whichever profile judges it, nothing in it is edited."""
    unedited(WRAPPED[wrapped](stranger[1]), name, profile)


@pytest.mark.parametrize("name", WRITTEN)
@pytest.mark.parametrize("wrapped", RECORDED)
def test_a_recorded_request_keeps_every_byte(wrapped: str, name: str) -> None:
    """A request with mistakes that fixes know is left as it was sent, in whatever form it was recorded."""
    for profile in PROFILES:
        unedited(WRAPPED[wrapped](MISTAKEN), name, profile)


@pytest.mark.parametrize(
    ("wrapped", "pointer"),
    [
        ("a request and its response", "/request"),
        ("a cassette", "/interactions/*/request/body"),
        ("a recorded scope", "/*/body"),
        ("a line of a batch and its response", "/body"),
    ],
)
def test_a_pointer_into_a_recording_makes_it_no_request(wrapped: str, pointer: str) -> None:
    """A project that says where its requests are may mean recorded ones; these are judged, and not edited."""
    report = unedited(WRAPPED[wrapped](MISTAKEN), "a.json", "openai", extract=[pointer])
    assert {finding.unfixed for finding in report if finding.rule == "unknown-role"} == {Unfixed.UNCERTAIN}


def test_the_findings_stay_and_a_reason_is_said(scratch: Scratch) -> None:
    """What is judged and not certainly a request keeps its findings; --fix says why it leaves them."""
    scratch.write("a.json", {"model": "gpt-4o", "messages": [{"role": "User", "content": "Hi", "mood": "good"}]})
    before = Path("a.json").read_bytes()
    done = scratch.run("check", "-p", "openai", "--fix", "--unsafe-fixes", "a.json")
    assert Path("a.json").read_bytes() == before
    assert done.code == 1
    assert "in a.json: it is not certain that this is a request" in done.err
    assert "fixable" not in scratch.run("check", "-p", "openai", "a.json").out


def test_requests_are_certain_and_fixed() -> None:
    """The law is not kept by editing nothing: good requests are certain, and mistakes in them are fixed."""
    fixed = 0
    for request in own_requests():
        if not linter_for("openai").is_valid(request) or not str(request.get("model", "")).startswith(("gpt", "o")):
            continue
        assert certainly_a_request(request, OPENAI_CHAT), request
        if "temperature" in request or "max_tokens" in request:
            continue
        report = Linter("openai").check_text(json.dumps({**request, "max_completion_token": 100}), "a.json")
        fixed += any(finding.fix for finding in report if finding.rule == "unknown-field")
    assert fixed > 50


@pytest.mark.parametrize(
    "change",
    [
        {"user": None}, {"temprature": 0.5}, {"n": "2"}, {"tools": []}, {"extra_body": {"seed": 7}}, {"stream": "true"},
        {"tools": [{"function": {"name": "look_up", "description": "Look it up"}}]},
        {"messages": [{"role": "USER", "content": "Hi"}]},
        {"messages": [{"role": "user", "content": [{"type": "Text", "text": "Hi"}]}]},
    ],
)  # fmt: skip
def test_a_request_with_a_mistake_is_fixed(change: dict[str, Any]) -> None:
    """A mistake that has a fix does not make a request uncertain: alone, in an array, and in a batch file."""
    request = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hi"}], **change}
    line = {"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": request}
    for name, value in (("a.json", request), ("a.json", [request, request]), ("a.jsonl", line), ("a.yaml", request)):
        findings = linter_for("openai").check_text(WRITTEN[name](value), name).findings
        assert findings
        assert all(finding.fix for finding in findings if finding.rule != "duplicate-custom-id")
