"""An object where JSON text is wanted becomes text, and JSON text where an object is wanted becomes the object."""

import json
from typing import Any

import pytest

from reqlint import Finding, Linter
from tests.support.scratch import Scratch

CALL = ("messages", 1, "tool_calls", 0, "function", "arguments")
BLOCK = ("messages", 1, "content", 0, "input")


def chat(arguments: object) -> dict[str, Any]:
    """Return a request of DashScope with a call of these arguments."""
    call = {"id": "call_a", "type": "function", "function": {"name": "tide", "arguments": arguments}}
    turns = [
        {"role": "user", "content": "When is high tide?"},
        {"role": "assistant", "content": "", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "call_a", "content": "At noon"},
    ]
    return {"model": "qwen-plus", "messages": turns}


def claude(arguments: object) -> dict[str, Any]:
    """Return a request of Anthropic's with a call of these arguments."""
    call = {"type": "tool_use", "id": "toolu_a", "name": "tide", "input": arguments}
    turns = [
        {"role": "user", "content": "When is high tide?"},
        {"role": "assistant", "content": [call]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_a", "content": "At noon"}]},
    ]
    tool = {"name": "tide", "description": "Tell the tides", "input_schema": {"type": "object", "properties": {}}}
    return {"model": "claude-haiku-4-5", "max_tokens": 20, "messages": turns, "tools": [tool]}


def value_at(root: Any, place: tuple[str | int, ...]) -> object:
    """Return the value at *place*."""
    for step in place:
        root = root[step]
    return root


def fixed(scratch: Scratch, request: dict[str, Any], profile: str) -> Any:
    """Return what ``--fix`` makes of a request."""
    path = scratch.write("request.json", json.dumps(request, ensure_ascii=False))
    scratch.run("check", "request.json", "-p", profile, "--fix")
    return json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize(
    "arguments", [{}, {"port": "Zürich", "days": [1, 2.5]}, {"quoted": 'a "b" \\ c', "none": None}]
)
def test_an_object_becomes_the_text_of_it_and_back(scratch: Scratch, arguments: object) -> None:
    """The text is JSON of the same value, and the object is what the text holds."""
    written = value_at(fixed(scratch, chat(arguments), "dashscope"), CALL)
    assert isinstance(written, str)
    assert json.loads(written) == arguments
    assert value_at(fixed(scratch, claude(written), "anthropic"), BLOCK) == arguments


@pytest.mark.parametrize(
    "text", ["noon", "[1]", "{", '{"a": 1, "a": 2}', '{"a": NaN}', '{"a": 1e999}', '{"a": 1} {}', ""]
)
def test_a_text_that_is_no_object_stays(text: str) -> None:
    """What is no JSON object, or one that readers read differently, has a finding and no fix."""
    found: list[Finding] = list(Linter(profile="anthropic").check_text(json.dumps(claude(text)), "request.json"))
    [finding] = [each for each in found if each.pointer == "/messages/1/content/0/input"]
    assert finding.fix is None
    assert finding.help == "write an object in place of the text"
