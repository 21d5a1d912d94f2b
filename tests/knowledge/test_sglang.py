"""The profile of SGLang: what it reads of parameters, messages, functions and forms of answers."""

from typing import Any

import pytest

from reqlint import check

BAD = {"type": "object", "properties": {"x": {"type": "any"}}}
TYPE = "/tools/0/function/parameters/properties/x/type"
FORM = "/response_format/json_schema/schema"
CHOSEN = "/tool_choice/function/name"


def found(**members: Any) -> list[tuple[str, str, str]]:
    """Return severity, rule and place of every finding in a request with some members."""
    request = {"messages": [{"role": "user", "content": "Hi"}], **members}
    return [(str(each.severity), each.rule, each.pointer) for each in check(request, "sglang")]


def function(**more: Any) -> dict[str, Any]:
    """Return a tool."""
    return {"type": "function", "function": {"name": "f", **more}}


def choice(name: str) -> dict[str, Any]:
    """Return the choice of a function."""
    return {"type": "function", "function": {"name": name}}


def answer(schema: object) -> dict[str, Any]:
    """Return a form of answers."""
    return {"type": "json_schema", "json_schema": {"name": "a", "schema": schema}}


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"temperature": "7.5", "max_tokens": 0, "seed": "1.0", "stream": "Yes", "top_logprobs": 3, "n": "1"}, []),
        ({"frequency_penalty": None}, [("error", "null-not-allowed", "/frequency_penalty")]),
        ({"presence_penalty": 2.1}, [("error", "out-of-range", "/presence_penalty")]),
        ({"max_tokens": -1}, [("error", "out-of-range", "/max_tokens")]),
        ({"top_k": 0}, [("error", "out-of-range", "/top_k")]),
        ({"top_k": -1}, []),
        ({"n": 0}, [("error", "out-of-range", "/n")]),
        ({"n": -1}, [("warning", "out-of-range", "/n")]),
        ({"stop": [""] * 32, "stream_options": {"include_usage": True}}, []),
        ({"stop": ["a"] * 33}, [("error", "wrong-length", "/stop")]),
        ({"logit_bias": {"hello": 1}}, [("error", "malformed-string", "/logit_bias")]),
        ({"reasoning_effort": "ultra", "metadata": 5, "functions": 5}, []),
        ({"reasoning_effort": "extreme"}, [("error", "unknown-value", "/reasoning_effort")]),
        ({"tool_choice": "auto", "tools": []}, []),
        ({"tool_choice": "required", "tools": []}, [("error", "wrong-length", "/tools")]),
        ({"tools": [function(parameters=BAD)]}, [("error", "malformed-parameters-schema", TYPE)]),
        ({"tools": [function(parameters={"type": "VARCHAR(20)", "items": {"type": ["int32", "null"]}})]}, []),
        (
            {"tools": [function(parameters={"properties": {"type": "str"}})]},
            [("error", "malformed-parameters-schema", "/tools/0/function/parameters/properties/type")],
        ),
        ({"tools": [function(parameters={"properties": {"x": {"type": "String"}}}, strict=True)]}, []),
        (
            {"tools": [function(parameters={"properties": {"x": {"enum": []}}}, strict=True)]},
            [("error", "schema-beyond-grammar", "/tools/0/function/parameters/properties/x/enum")],
        ),
        ({"tools": [function(parameters={"properties": {"x": {"enum": []}}})]}, []),
        ({"tools": [function(parameters={"$ref": "#/$defs/nowhere"})]}, []),
        ({"tools": [{**function(), "type": "any"}], "tool_choice": choice("f")}, []),
        ({"tools": [function()], "tool_choice": choice("g")}, [("error", "undeclared-tool-choice", CHOSEN)]),
        (
            {"tools": [function()], "tool_choice": choice("f"), "response_format": {"type": "json_object"}},
            [("error", "response-format-with-tools", "/response_format/type")],
        ),
        ({"tools": [function()], "tool_choice": "required", "response_format": {"type": "text"}}, []),
        ({"tools": [function()], "response_format": {"type": "json_object"}}, []),
        (
            {"response_format": answer({"properties": {"x": {"type": "string", "format": "made-up"}}})},
            [("error", "schema-beyond-grammar", f"{FORM}/properties/x/format")],
        ),
        ({"response_format": answer({"multipleOf": 2})}, [("error", "schema-beyond-grammar", f"{FORM}/multipleOf")]),
        (
            {"response_format": answer({"properties": {"x": False}})},
            [("error", "schema-beyond-grammar", f"{FORM}/properties/x")],
        ),
    ],
)
def test_parameters_are_read_as_the_server_reads_them(
    members: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    """With what it converts, with other names of types in functions, and with less in an answer than in a function."""
    assert found(**members) == expected


@pytest.mark.parametrize(
    ("message", "place"),
    [
        ({"role": "SYSTEM", "content": "Be kind."}, None),
        ({"role": "User", "content": "Hi"}, "/role"),
        ({"role": "user", "content": "Hi", "name": 5}, None),
        ({"role": "user", "content": None}, "/content"),
        ({"role": "user", "content": ["plain"]}, "/content/0"),
        ({"role": "user", "content": [{"type": "file"}]}, "/content/0/type"),
        ({"role": "assistant"}, None),
        ({"role": "assistant", "name": 5}, "/name"),
        ({"role": "assistant", "tool_calls": [{"function": {"arguments": {"a": 1}}}]}, None),
        ({"role": "assistant", "tool_calls": [{"function": {"arguments": "{"}}]}, "/tool_calls/0/function/arguments"),
        ({"role": "assistant", "tool_calls": [{"function": {"arguments": "[1]"}}]}, "/tool_calls/0/function/arguments"),
        ({"role": "assistant", "tool_calls": [{"function": {"arguments": ""}}]}, "/tool_calls/0/function/arguments"),
        ({"role": "tool"}, None),
    ],
)
def test_messages_are_read_by_their_roles(message: dict[str, Any], place: str | None) -> None:
    """And the arguments of a call that are text are one JSON object."""
    errors = [where for severity, _, where in found(messages=[message]) if severity == "error"]
    assert errors == ([] if place is None else [f"/messages/0{place}"])
