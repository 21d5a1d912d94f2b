"""Fixes that give a request to Bedrock's Converse its form, where it has that of another API."""

import json
from typing import Any

import pytest

from tests.support.scratch import Scratch

REQUEST: dict[str, Any] = {
    "modelId": "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "messages": [{"role": "user", "content": [{"text": "When is the next ferry?"}]}],
}
SCHEMA = {"type": "object", "properties": {"to": {"type": "string"}}}
SPEC = {"toolSpec": {"name": "ferry", "inputSchema": {"json": SCHEMA}}}


def tools(*tools: object, **more: Any) -> dict[str, Any]:
    """Return a toolConfig."""
    return {"toolConfig": {"tools": list(tools), **more}}


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ({"max_tokens": 5, "stop": "END"}, {"inferenceConfig": {"maxTokens": 5, "stopSequences": ["END"]}}),
        ({"top_p": 1, "inferenceConfig": {"maxTokens": 5}}, {"inferenceConfig": {"maxTokens": 5, "topP": 1}}),
        ({"system": "Be brief."}, {"system": [{"text": "Be brief."}]}),
        ({"system": {"text": "Be brief."}}, {"system": [{"text": "Be brief."}]}),
        ({"system": ["Be brief."]}, {"system": [{"text": "Be brief."}]}),
        (tools({"name": "ferry", "input_schema": SCHEMA}), tools(SPEC)),
        (tools({"type": "function", "function": {"name": "ferry", "parameters": SCHEMA}}), tools(SPEC)),
        (tools({"type": "function", "name": "ferry", "parameters": SCHEMA}), tools(SPEC)),
        (tools({"name": "ferry", "inputSchema": {"json": SCHEMA}}), tools(SPEC)),
        (tools({"toolSpec": {"name": "ferry", "inputSchema": SCHEMA}}), tools(SPEC)),
        (tools(SPEC, toolChoice="required"), tools(SPEC, toolChoice={"any": {}})),
        (tools(SPEC, toolChoice={"type": "auto"}), tools(SPEC, toolChoice={"auto": {}})),
        (
            tools(SPEC, toolChoice={"type": "function", "function": {"name": "ferry"}}),
            tools(SPEC, toolChoice={"tool": {"name": "ferry"}}),
        ),
    ],
)
def test_a_fix_renames_moves_or_wraps(wrong: dict[str, Any], right: dict[str, Any], scratch: Scratch) -> None:
    """The request has the form of this API afterwards, and says the same."""
    path = scratch.write("request.json", REQUEST | wrong)
    assert scratch.run("check", "--fix", "request.json").code == 0
    assert json.loads(path.read_text("utf-8")) == REQUEST | right


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_tokens": 5, "inferenceConfig": {"maxTokens": 6}},  # which of the two is meant
        {"max_tokens": 5, "maxTokens": 6},
        {"system": " "},  # a blank block would be refused as well
        tools({"type": "web_search_20250305", "name": "web_search"}),  # a tool that Anthropic's service runs
        tools({"type": "function", "function": {"name": "ferry"}}),  # a schema would have to be made up
        tools(SPEC, toolChoice="none"),
    ],
)
def test_what_has_no_equivalent_is_left_alone(wrong: dict[str, Any], scratch: Scratch) -> None:
    """A fix needs exactly one meaning; the file stays byte for byte, and the finding stays."""
    path = scratch.write("request.json", REQUEST | wrong)
    before = path.read_bytes()
    assert scratch.run("check", "--fix", "--fail-on", "warning", "request.json").code == 1
    assert path.read_bytes() == before
