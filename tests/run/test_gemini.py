"""A generateContent request in every form that requests come in, with fixes, suppressions and fingerprints."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from reqlint import Linter
from reqlint.fixes.apply import apply_fixes
from reqlint.run.one_request import linter_for
from reqlint.text.sources import Source

URL = "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash-preview-09-2025:generateContent"
USER = {"role": "user", "parts": [{"text": "Hi"}]}
WRONG: dict[str, Any] = {
    "contents": [USER],
    "generationConfig": {"thinkingConfig": {"thinkingLevel": "LOW"}, "temperature": 3},
}
OF_BODY = [("out-of-range", "/generationConfig/temperature")]
OF_MODEL = [("thinking-level-on-older-model", "/generationConfig/thinkingConfig/thinkingLevel")]


def cassette(body: str) -> dict[str, Any]:
    """Return a recording as VCR makes them."""
    response = {"status": {"code": 200}, "body": {"string": "{}"}}
    return {"interactions": [{"request": {"method": "POST", "uri": URL, "body": body}, "response": response}]}


def har(body: str) -> dict[str, Any]:
    """Return a recording of a browser."""
    request = {"method": "POST", "url": URL, "headers": [], "postData": {"text": body}}
    return {"log": {"entries": [{"request": request, "response": {"status": 400, "content": {"text": "{}"}}}]}}


OF_BOTH = [*OF_MODEL, *OF_BODY]
FORMS = {
    "request.json": (json.dumps(WRONG), "", OF_BODY),
    "request.yaml": (yaml.safe_dump(WRONG), "", OF_BODY),
    "requests.jsonl": (f"{json.dumps(WRONG)}\n{json.dumps({'contents': [USER]})}\n", "", OF_BODY),
    "batch.jsonl": (json.dumps({"key": "r1", "request": WRONG}), "/request", OF_BODY),
    "cassette.yaml": (yaml.safe_dump(cassette(json.dumps(WRONG))), "/interactions/0/request/body", OF_BOTH),
    "traffic.har": (json.dumps(har(json.dumps(WRONG))), "/log/entries/0/request/postData/text", OF_BOTH),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_a_request_is_found_and_judged_in_every_form(name: str) -> None:
    """The same mistake is found wherever the request stands; the model counts where an address names it."""
    text, place, expected = FORMS[name]
    for linter in (Linter(), Linter("gemini")):
        findings = [f for f in linter.check_text(text, name) if f.rule != "contradicted-by-recording"]
        assert [(f.rule, f.pointer.removeprefix(place)) for f in findings] == expected
        assert {f.profile for f in findings} == {"gemini"}
        assert all(f.region is not None for f in findings)


def test_a_line_of_a_batch_has_its_key_as_its_id() -> None:
    """Findings in a line of Google's batch files carry the key of the line."""
    lines = [{"key": f"r{number}", "request": WRONG if number == 2 else {"contents": [USER]}} for number in (1, 2, 3)]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    assert [(f.custom_id, f.document) for f in Linter().check_text(text, "batch.jsonl")] == [("r2", 1)]


def test_a_recording_with_an_answer_is_no_line_of_a_batch() -> None:
    """A pair of request and response is a recording, whatever shape the request has."""
    pair = {"request": {"contents": [{"parts": []}, USER]}, "response": {"candidates": []}}
    [finding] = Linter().check_text(json.dumps(pair), "pair.json")
    assert finding.pointer == "/request/contents/0/parts"
    assert finding.fix is None


FUNCTION = {"name": "now", "description": "Tell the time"}
CHAT_LIKE = {
    "contents": [
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": [{"type": "text", "text": "Hello"}]},
        {"role": "user", "content": "Bye"},
    ],
    "systemInstruction": "Be brief.",
    "max_tokens": 100,
    "stop": "END",
    "tools": [{"type": "function", "function": {**FUNCTION, "parameters": {"type": "object"}}}],
}  # fmt: skip
AS_GEMINI = {
    "contents": [
        {"role": "user", "parts": [{"text": "Hi"}]},
        {"role": "model", "parts": [{"text": "Hello"}]},
        {"role": "user", "parts": [{"text": "Bye"}]},
    ],
    "systemInstruction": {"parts": [{"text": "Be brief."}]},
    "tools": [{"functionDeclarations": [{**FUNCTION, "parametersJsonSchema": {"type": "object"}}]}],
    "generationConfig": {"maxOutputTokens": 100, "stopSequences": ["END"]},
}  # fmt: skip


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_fixes_give_a_request_the_form_of_this_api(form: str) -> None:
    """Safe fixes turn what has the form of Chat Completions into the same request for Google, and leave nothing."""
    text = (
        json.dumps(CHAT_LIKE, indent=1)
        if form == "json"
        else yaml.safe_dump(CHAT_LIKE, sort_keys=False, default_flow_style=True)
    )
    source = Source(f"request.{form}", None, text.encode())
    repaired = apply_fixes(source, linter_for("gemini").check_source, unsafe=False).source.read()
    assert yaml.safe_load(repaired) == AS_GEMINI
    assert list(linter_for("gemini").check_text(repaired.decode(), f"request.{form}")) == []


def test_a_setting_moves_into_the_config_that_is_there() -> None:
    """A setting joins generationConfig in whichever spelling it has, and replaces none that is there."""

    def fixed(request: dict[str, Any]) -> Any:
        source = Source("request.json", None, json.dumps(request).encode())
        return json.loads(apply_fixes(source, linter_for("gemini").check_source, unsafe=False).source.read())

    there = {"contents": [USER], "generation_config": {"top_k": 40}}
    assert fixed({**there, "temperature": 1}) == {**there, "generation_config": {"top_k": 40, "temperature": 1}}
    assert fixed({**there, "topK": 20}) == {**there, "topK": 20}
    assert fixed({"contents": [USER], "systemInstruction": {"parts": []}, "system": "a"})["system"] == "a"


def test_a_yaml_comment_suppresses_a_finding(tmp_path: Path) -> None:
    """A comment with the rule and a reason suppresses the finding of its line."""
    path = tmp_path / "request.yaml"
    path.write_text(
        "contents: [{role: user, parts: [{text: Hi}]}]\n"
        "generation_config:\n"
        "  top_k: many  # reqlint: ignore[wrong-type] a template fills it in\n",
        "utf-8",
    )
    assert [finding.rule for finding in Linter().check_file(path) if not finding.suppressed] == []


def test_a_fingerprint_stays_when_other_turns_come_before() -> None:
    """A finding keeps its fingerprint when lines move, and differs from the same in another member."""

    def print_of(request: dict[str, Any]) -> list[str]:
        return [f.fingerprint for f in Linter("gemini").check_text(json.dumps(request, indent=1), "r.json")]

    [one] = print_of({"contents": [USER], "generationConfig": {"topK": "k"}})
    [moved] = print_of({"contents": [USER, USER], "tools": [{"urlContext": {}}], "generationConfig": {"topK": "k"}})
    [other] = print_of({"contents": [USER], "generationConfig": {"topP": "k"}})
    assert one == moved != other
