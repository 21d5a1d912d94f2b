"""The profile of llama.cpp's server: what it makes a grammar of, and what it reads as something else than it looks."""

from typing import Any

import pytest

from reqlint import check

TEXT = {"type": "string"}
DEEP = {"type": "array", "items": {"anyOf": [{"type": "object", "additionalProperties": {"type": "any"}}]}}


def found(**members: Any) -> list[tuple[str, str, str]]:
    """Return severity, rule and place of every finding in a request with some members."""
    request = {"messages": [{"role": "user", "content": "Hi"}], **members}
    return [(str(each.severity), each.rule, each.pointer) for each in check(request, "llama.cpp")]


def tools(schema: object) -> list[dict[str, Any]]:
    """Return a list with one function."""
    return [{"type": "function", "function": {"name": "f", "description": "Do it", "parameters": schema}}]


def answer(schema: object) -> dict[str, Any]:
    """Return a form of answers."""
    return {"type": "json_schema", "json_schema": {"name": "a", "schema": schema}}


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({"type": "any"}, "/type"),
        ({"type": ["string", "any"]}, "/type/1"),
        ({"type": 1}, "/type"),
        ({"type": {}}, "/type"),
        ({"type": [], "enum": ["a"]}, "/type"),
        ({"enum": []}, "/enum"),
        ({"enum": "a"}, "/enum"),
        ({"anyOf": {}}, "/anyOf"),
        ({"oneOf": []}, "/oneOf"),
        ({"allOf": [5]}, "/allOf/0"),
        ({"properties": []}, "/properties"),
        ({"properties": {"a": True}}, "/properties/a"),
        ({"additionalProperties": "no"}, "/additionalProperties"),
        ({"type": "array", "items": False}, "/items"),
        ({"type": "array", "prefixItems": [5]}, "/prefixItems/0"),
        ({"type": "array", "minItems": -1}, "/minItems"),
        ({"type": "string", "minLength": "2"}, "/minLength"),
        ({"type": "string", "format": 5}, "/format"),
        ({"type": "integer", "minimum": "1"}, "/minimum"),
        ({"type": "integer", "exclusiveMinimum": True}, "/exclusiveMinimum"),
        ({"$ref": "#"}, "/$ref"),
        ({"$ref": "https://example.com/a.json"}, "/$ref"),
        (DEEP, "/items/anyOf/0/additionalProperties/type"),
    ],
)
def test_what_no_grammar_is_made_of_is_an_error_at_its_place(schema: object, place: str) -> None:
    """In the parameters of a function and in the schema of the answer, however deep, unless no tool may be called."""
    root = {"type": "object", "properties": {"x": schema}}
    for member, before in (
        ({"tools": tools(root)}, "/tools/0/function/parameters"),
        ({"response_format": answer(root)}, "/response_format/json_schema/schema"),
    ):
        assert found(**member) == [("error", "schema-beyond-grammar", f"{before}/properties/x{place}")]
    assert found(tools=tools(root), tool_choice="none") == []


@pytest.mark.parametrize(
    "schema",
    [
        {"type": ["string", "null"]},
        {"type": None, "title": 5},
        {"type": "any", "enum": ["a"]},
        {"type": "any", "anyOf": [TEXT]},
        {"type": "string", "properties": []},
        {"type": "object", "required": "a", "minProperties": "x"},
        {"type": "number", "exclusiveMinimum": True},
        {"not": {}, "if": 5, "contains": 5},
        {"$ref": "#/$defs/d", "type": "any"},
        {"type": "array", "items": [TEXT]},
    ],
)
def test_what_the_server_does_not_look_at_is_no_finding(schema: object) -> None:
    """It reads the first that it finds of references, unions and values, and the rest by type."""
    root = {"type": "object", "properties": {"x": schema}, "$defs": {"d": TEXT}}
    assert found(tools=tools(root)) == found(response_format=answer(root)) == []


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"temperature": True, "seed": 2.5, "top_p": None, "max_tokens": 4294967296}, []),
        ({"temperature": "0.5"}, [("error", "wrong-type", "/temperature")]),
        ({"max_tokens": 2147483648}, [("error", "out-of-range", "/max_tokens")]),
        ({"stream": 1}, [("error", "wrong-type", "/stream")]),
        ({"n": 5}, [("error", "out-of-range", "/n")]),
        ({"top_logprobs": 0}, [("error", "missing-field", "")]),
        ({"top_logprobs": 2}, [("error", "top-logprobs-without-logprobs", "/top_logprobs")]),
        ({"response_format": "json"}, [("warning", "wrong-type", "/response_format")]),
        ({"response_format": {"type": "xml"}}, [("error", "unknown-response-format", "/response_format/type")]),
        ({"tool_choice": {"type": "function", "function": {"name": "f"}}}, [("warning", "wrong-type", "/tool_choice")]),
        ({"tool_choice": "any"}, [("error", "unknown-value", "/tool_choice")]),
        ({"stop": ["a", None, []]}, [("warning", "null-not-allowed", "/stop/1"), ("warning", "wrong-type", "/stop/2")]),
        ({"stop": [5]}, [("error", "wrong-type", "/stop/0")]),
        ({"zz": 1, "messages": []}, []),
        ({"grammar": "root ::= [a]", "tools": tools({})}, [("error", "unknown-value", "/grammar")]),
    ],
)
def test_parameters_are_read_as_the_server_reads_them(
    members: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    """What it takes for something left out is a warning at most."""
    assert found(**members) == expected


ASK = {"role": "user", "content": "Hi"}
SAID = {"role": "assistant", "content": "Well"}
CALLED = {"role": "assistant", "tool_calls": [{"type": "function", "function": {"name": "f", "arguments": {"a": 1}}}]}


@pytest.mark.parametrize(
    ("messages", "form", "is_refused"),
    [
        ([ASK, CALLED], None, True),
        ([ASK, SAID, SAID], None, True),
        ([ASK, SAID], {"type": "json_object"}, True),
        ([ASK, SAID], {"type": "text"}, False),
        ([ASK, {**SAID, "content": ""}], {"type": "json_object"}, False),
        ([ASK, CALLED, ASK], {"type": "json_object"}, False),
        ([SAID, SAID, ASK], None, False),
    ],
)
def test_a_last_answer_has_to_be_one_to_go_on_with(
    messages: list[dict[str, Any]], form: dict[str, Any] | None, is_refused: bool
) -> None:
    """It cannot go on with calls, with the second of two answers, or with JSON that has begun."""
    members = {"messages": messages, **({"response_format": form} if form else {})}
    expected = [("error", "unextendable-last-answer", f"/messages/{len(messages) - 1}/role")] if is_refused else []
    assert found(**members) == expected
