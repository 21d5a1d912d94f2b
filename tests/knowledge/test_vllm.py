"""The profile of vLLM: what pydantic converts, how parts are read, and which schemas become a grammar."""

from typing import Any

import pytest

from reqlint import check
from reqlint.knowledge.pydantic_lax import as_pydantic_lax

TEXT = {"type": "string"}
PART = {"type": "text", "text": "Hi"}
BAD = {"type": "object", "properties": {"x": {"type": "any"}}}


def found(**members: Any) -> list[tuple[str, str, str]]:
    """Return severity, rule and place of every finding in a request with some members."""
    request = {"messages": [{"role": "user", "content": "Hi"}], **members}
    return [(str(each.severity), each.rule, each.pointer) for each in check(request, "vllm")]


def function(**more: Any) -> dict[str, Any]:
    """Return a tool."""
    return {"type": "function", "function": {"name": "f", **more}}


def answer(schema: object) -> dict[str, Any]:
    """Return a form of answers."""
    return {"type": "json_schema", "json_schema": {"name": "a", "schema": schema}}


TYPE = "/tools/0/function/parameters/properties/x/type"
FORM = "/response_format/json_schema/schema"


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"temperature": "0.5", "max_tokens": " 5 ", "seed": "1.0", "n": True, "stream": "Yes", "logprobs": 0}, []),
        ({"temperature": "hot"}, [("error", "wrong-type", "/temperature")]),
        ({"temperature": "2.5"}, [("error", "wrong-type", "/temperature")]),
        ({"top_p": "-0.5"}, [("error", "wrong-type", "/top_p")]),
        ({"presence_penalty": "-1.5"}, []),
        ({"max_tokens": "1e2"}, [("error", "wrong-type", "/max_tokens")]),
        ({"max_tokens": 2.5}, [("error", "wrong-type", "/max_tokens")]),
        ({"stream": 2}, [("error", "wrong-type", "/stream")]),
        ({"user": 5}, [("error", "wrong-type", "/user")]),
        ({"top_p": 0}, [("error", "out-of-range", "/top_p")]),
        ({"logprobs": True, "top_logprobs": "3"}, [("error", "wrong-type", "/top_logprobs")]),
        ({"logit_bias": {"5": "1.5", "hello": 1}}, [("error", "malformed-string", "/logit_bias")]),
        ({"stop": ["a", ""]}, [("error", "wrong-length", "/stop/1")]),
        ({"stream_options": {"include_usage": True}}, [("error", "missing-field", "")]),
        ({"stream_options": {}}, []),
        ({"tool_choice": "auto"}, [("error", "missing-field", "")]),
        ({"tool_choice": "none"}, []),
        ({"tools": []}, [("error", "empty-tools", "/tools")]),
        ({"n": 2, "temperature": 0}, [("error", "out-of-range", "/n")]),
        ({"zz": 1, "functions": 5}, []),
        ({"tools": [function(parameters=BAD)]}, []),
        ({"tools": [function(parameters=BAD, strict=True)]}, [("error", "schema-beyond-grammar", TYPE)]),
        ({"tools": [function(parameters=BAD, strict=True)], "tool_choice": "none"}, []),
        ({"response_format": answer(BAD)}, [("error", "schema-beyond-grammar", f"{FORM}/properties/x/type")]),
        ({"response_format": answer(BAD), "tools": [function()], "tool_choice": "required"}, []),
        (
            {"response_format": answer({"type": "object", "required": "a"})},
            [("error", "schema-beyond-grammar", f"{FORM}/required")],
        ),
        (
            {"response_format": answer({"type": "string", "minLength": "2"})},
            [("error", "schema-beyond-grammar", f"{FORM}/minLength")],
        ),
        ({"response_format": answer({"anyOf": [TEXT], "type": "any"})}, []),
        ({"response_format": answer({"type": "string", "properties": 5})}, []),
        (
            {"response_format": answer({"items": {"type": "array", "uniqueItems": True}})},
            [("error", "schema-beyond-grammar", f"{FORM}/items/uniqueItems")],
        ),
        ({"tools": [function(parameters={"type": "array", "uniqueItems": True}, strict=True)]}, []),
        ({"response_format": answer({"type": "string", "uniqueItems": True})}, []),
    ],
)
def test_parameters_are_read_as_the_server_reads_them(
    members: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    """With what it converts, and with schemas only where they become a grammar."""
    assert found(**members) == expected


@pytest.mark.parametrize(
    ("message", "place"),
    [
        ({"role": "user", "content": [PART, "plain"]}, None),
        ({"role": "user", "content": ["plain"]}, "/content/0"),
        ({"role": "user", "content": [{"type": "text"}]}, "/content/0"),
        ({"role": "user", "content": [{"type": "text"}, PART]}, None),
        ({"role": "user", "content": [{"type": "input_text", "text": "Hi"}]}, "/content/0/type"),
        ({"role": "user", "content": [PART, {"text": "Hi"}]}, "/content/1"),
        ({"role": "user", "content": None}, "/content"),
        ({"role": "user"}, None),
        ({"role": "user", "content": {}}, None),
        ({"role": "user", "content": "Hi", "name": None}, "/name"),
        ({"role": "user", "content": "Hi", "tool_calls": 5}, "/tool_calls"),
        ({"role": "user", "content": "Hi", "tool_calls": "x"}, None),
        ({"role": "assistant"}, None),
        ({"role": "assistant", "content": None}, None),
        ({"role": "assistant", "content": None, "tool_calls": None}, "/tool_calls"),
        ({"role": "tool", "content": "x", "tool_call_id": 5}, "/tool_call_id"),
        ({"role": "tool", "content": "x"}, None),
        ({"role": "function", "content": None, "name": "f"}, None),
        ({"role": "function", "content": None}, "/content"),
        ({"role": "made up", "content": ["plain"]}, None),
        ({"content": "Hi"}, ""),
    ],
)
def test_messages_are_read_by_their_roles(message: dict[str, Any], place: str | None) -> None:
    """And a part alone with more care than one of several."""
    errors = [where for severity, _, where in found(messages=[message]) if severity == "error"]
    assert errors == ([] if place is None else [f"/messages/0{place}"])


def test_only_what_pydantic_reads_is_widened() -> None:
    """Texts, conditions, lists of values, and what says that it is not read stay as they are."""
    for schema in (
        TEXT,
        {"type": ["string", "integer"]},
        {"enum": [1]},
        {"type": "integer", "x-lax": False},
        {"if": {"type": "integer"}, "then": True},
        True,
    ):
        assert as_pydantic_lax(schema) == schema
    widened = as_pydantic_lax({"items": {"type": ["integer", "null"], "minimum": 1, "x-severity": "warning"}})
    assert widened["items"]["else"] == {"type": ["integer", "null"], "x-severity": "warning"}
    assert widened["items"]["minimum"] == 1
