"""The profiles of vLLM's /v1/messages and /v1/responses: what each reads otherwise than the API whose format it has."""

from typing import Any

import pytest

from reqlint import check

BAD = {"type": "object", "properties": {"x": {"type": "any"}}}
CALL = {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}
SAID = {"role": "assistant", "content": [{"type": "output_text", "text": "x"}]}


def errors(profile: str, request: dict[str, Any]) -> list[tuple[str, str]]:
    """Return rule and place of every error in a request."""
    return [(each.rule, each.pointer) for each in check(request, profile) if str(each.severity) == "error"]


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, []),
        ({"max_tokens": "5", "stream": "yes", "top_k": -1, "odd": 1}, []),
        ({"messages": [], "system": "Be brief."}, []),
        ({"messages": []}, [("wrong-length", "/messages")]),
        (
            {"messages": [{"role": "user", "content": [{"type": "document", "source": {}}]}]},
            [("unknown-content-type", "/messages/0/content/0/type")],
        ),
        ({"messages": [{"role": "user", "content": [{"type": "text"}]}, {"role": "assistant", "content": "a"}]}, []),
        ({"tool_choice": {"type": "any"}}, []),
        ({"tools": [], "tool_choice": {"type": "tool", "name": "f"}}, []),
        ({"tools": [{"name": "f", "input_schema": BAD}]}, []),
        (
            {"tools": [{"name": "f", "strict": True, "input_schema": BAD}]},
            [("schema-beyond-grammar", "/tools/0/input_schema/properties/x/type")],
        ),
        ({"tools": [{"name": "f", "strict": True, "input_schema": BAD}], "tool_choice": {"type": "none"}}, []),
        (
            {"output_config": {"format": {"type": "json_schema", "schema": BAD}}},
            [("schema-beyond-grammar", "/output_config/format/schema/properties/x/type")],
        ),
        (
            {"tools": [{"name": "f", "input_schema": {}}], "tool_choice": {"type": "tool", "name": "g"}},
            [("undeclared-tool-choice", "/tool_choice/name")],
        ),
    ],
)
def test_messages_are_read_as_vllm_reads_them(members: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    """Values are converted, blocks are hardly looked at, and schemas of strict tools become grammars."""
    request = {"model": "m", "max_tokens": 50, "messages": [{"role": "user", "content": "Hi"}], **members}
    assert errors("vllm-messages", request) == expected


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, []),
        ({"top_logprobs": 21}, []),
        ({"top_logprobs": 21, "include": ["message.output_text.logprobs"]}, [("out-of-range", "/top_logprobs")]),
        ({"input": [CALL, {"type": "function_call_output", "output": "x"}]}, []),
        ({"input": [{**CALL, "arguments": {}}]}, [("wrong-type", "/input/0/arguments")]),
        ({"input": [SAID]}, [("unknown-content-type", "/input/0/content/0/type")]),
        ({"input": [{**SAID, "type": "message"}]}, []),
        ({"input": [{**SAID, "id": "msg_1"}]}, []),
        ({"input": [{"type": "item_reference", "id": "msg_1"}]}, [("unknown-value", "/input/0/type")]),
        ({"tool_choice": "required"}, [("missing-field", "")]),
        ({"tools": [{"type": "web_search"}]}, []),
        ({"tools": [{"type": "custom", "name": "n"}], "tool_choice": {"type": "file_search"}}, []),
        (
            {"tools": [{"type": "custom", "name": "n", "format": {"type": "grammar"}}]},
            [("unknown-value", "/tools/0/format/type")],
        ),
        ({"background": True}, []),
        ({"background": True, "store": False}, [("unknown-value", "/store")]),
        (
            {"text": {"format": {"type": "json_schema", "name": "a", "schema": BAD}}},
            [("schema-beyond-grammar", "/text/format/schema/properties/x/type")],
        ),
    ],
)
def test_responses_are_read_as_vllm_reads_them(members: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    """Items of hosted tools and references are refused, hosted tools themselves come to nothing."""
    assert errors("vllm-responses", {"model": "m", "input": "Hi", **members}) == expected


def test_only_their_names_choose_them() -> None:
    """A request of one of these shapes is judged by the API that the shape is from."""
    for request, wanted in (
        (
            {
                "model": "m",
                "max_tokens": 5,
                "system": "Hi",
                "messages": [{"role": "user", "content": "Hi"}],
                "tools": [{"name": "f", "input_schema": {}}],
            },
            "anthropic",
        ),
        ({"model": "m", "input": "Hi", "instructions": "Hi"}, "openai-responses"),
    ):
        assert {each.profile for each in check({**request, "zz_unknown": 1})} == {wanted}
