"""What proves checks of tools silent proves it of tools that nobody wrote as an example, too."""

import json
from copy import deepcopy
from random import Random
from typing import Any

import pytest

from reqlint.checks import checks_of
from reqlint.dialects.registry import DIALECT_NAMES, dialect_named
from reqlint.judge.guards import GuardedChecks
from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.proofs import proofs_by_rule
from reqlint.schema.validators import ACCELERATED

SCALARS = ("", "x", 0, -1, True, None, [], {})
ODDITIES: dict[str, tuple[Any, ...]] = {
    "type": ("text", "array", "OBJECT", ["string", "null"], ["array"], None, 1),
    "enum": (["x", ""], [1], ["x"], *SCALARS),
    "format": ("date", "enum", 1),
    "$ref": ("#/$defs/none", "#/properties/a", "#", "other.json"),
    "$defs": ({"b": {"type": "string"}}, {"b": {"$ref": "#/$defs/none"}}),
    "pattern": ("x", "(?=x)", "("),
    "required": (["a"], ["none"], ["a", "a"], True, "a"),
    "properties": ({"with space": {"type": "string"}}, {"b": {}}, {"b": None}, [], {"x" * 70: {"type": "string"}}),
    "items": ([{"type": "string"}], {"type": "array"}, {}, {"$ref": "#/$defs/none"}, True),
    "additionalProperties": (False, {"$ref": "#/$defs/none"}, None),
    "anyOf": ([{"type": "string"}], [{"type": "text"}], [{"required": ["none"]}], []),
    "oneOf": ([{"type": "string"}, {}], {}),
    "not": ({"type": "string"}, {"$ref": "#/$defs/none"}),
    "$schema": ("http://json-schema.org/draft-07/schema#", "http://json-schema.org/draft-04/schema#", 1),
    "exclusiveMinimum": (True, 1),
    **dict.fromkeys(("description", "nullable", "minimum", "minItems", "default", "const", "uniqueItems"), SCALARS),
    **dict.fromkeys(("any_of", "example", "readOnly", "title"), SCALARS),
}
"""By keyword: values of which some are wrong in one API or another, and some are wrong nowhere."""


def _schema(dice: Random, depth: int, *, shouts: bool) -> dict[str, Any]:
    """Return an ordinary schema, whose types are in upper case if it *shouts*."""
    kind = (
        "object"
        if not depth
        else dice.choice(("object", "array", "string", "string", "integer") if depth < 3 else ("string",))
    )
    made: dict[str, Any] = {"type": kind.upper() if shouts else kind}
    if kind == "object":
        names = dice.sample(("a", "b", "items"), 1 + dice.randrange(2))
        made["properties"] = {name: _schema(dice, depth + 1, shouts=shouts) for name in names}
        made["required"] = names[:1]
    elif kind == "array":
        made["items"] = _schema(dice, depth + 1, shouts=shouts)
    elif kind == "string" and dice.random() < 0.3:
        made["enum"] = ["x", "y"]
    return made


def _inside(schema: Any) -> list[dict[str, Any]]:
    """Return the schema and those in it."""
    inner = [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else ())]
    return [schema, *(found for each in inner for found in _inside(each))]


def made_tools(number: int) -> list[tuple[Any, Any, Any, dict[str, Any]]]:
    """Return name, schema, strictness and other members of tools, in which one thing may be out of the ordinary."""
    dice = Random(number)  # noqa: S311 - test data
    tools = []
    for name in ("first", dice.choice(("first", "second", "second", "second")))[: 1 + dice.randrange(2)]:
        schema: Any = _schema(dice, 0, shouts=dice.random() < 0.3)
        if dice.random() < 0.7:
            keyword = dice.choice([*ODDITIES])
            at = dice.choice(_inside(schema))
            if dice.random() < 0.2:
                at.pop(dice.choice([*at]))
            else:
                at[keyword] = deepcopy(dice.choice(ODDITIES[keyword]))
        tools.append((name, schema, dice.choice((None, None, False, True)), dice.choice(MORE)))
    return tools


def _chat(tools: list[Any], _: Any) -> dict[str, Any]:
    functions = [{"name": name, "parameters": schema, "strict": strict, **more} for name, schema, strict, more in tools]
    return {"messages": [], "tools": [{"type": "function", "function": function} for function in functions]}


def _gemini(tools: list[Any], settings_: Any) -> dict[str, Any]:
    declared = [
        {"name": name, ("parameters" if strict is None else "parametersJsonSchema"): schema, **more}
        for name, schema, strict, more in tools
    ]
    more = settings_ if isinstance(settings_, dict) else {}
    return {"contents": [], "tools": [{"functionDeclarations": declared, **more}], "generationConfig": more}


def _converse(tools: list[Any], _: Any) -> dict[str, Any]:
    specs = [
        {"toolSpec": {"name": name, "inputSchema": {"json": schema}, "strict": strict, **more}}
        for name, schema, strict, more in tools
    ]
    return {"modelId": "anthropic.claude-haiku-4-5", "messages": [], "toolConfig": {"tools": specs}}


def _responses(tools: list[Any], _: Any) -> dict[str, Any]:
    listed = [
        {"type": "function", "name": name, "parameters": schema, "strict": strict, **more}
        for name, schema, strict, more in tools
    ]
    return {"input": [], "tools": listed}


def _messages(tools: list[Any], _: Any) -> dict[str, Any]:
    listed = [{"name": name, "input_schema": schema, "strict": strict, **more} for name, schema, strict, more in tools]
    return {"messages": [], "tools": listed}


WRITERS = {
    "openai-chat": _chat,
    "openai-responses": _responses,
    "anthropic-messages": _messages,
    "gemini-generate": _gemini,
    "bedrock-converse": _converse,
}
MORE: tuple[dict[str, Any], ...] = (
    {},
    {},
    {},
    {"description": "said"},
    {"response": {"type": "text"}},
    {"parameters": {}},
)
SETTINGS = (None, None, {"googleSearch": {}}, {"responseSchema": {"type": "text"}})


@pytest.mark.parametrize("dialect", DIALECT_NAMES)
def test_no_proof_hides_what_is_wrong_with_a_tool(dialect: str) -> None:
    """Whatever the tools are: where a proof about them holds, the checks that it silences find nothing."""
    known, spoken = proofs_by_rule(dialect), dialect_named(dialect)
    rules = {rule: seen for rule in known if (seen := shipped().rules[rule].in_dialect(spoken)) is not None}
    of_tools = {
        rule: GuardedChecks(known[rule], spoken, (), ACCELERATED)
        for rule, seen in rules.items()
        if spoken.keys["tools"] in (seen.at, *seen.reads)
    }
    facts = [shipped().profile(name).facts or {} for name in shipped().profile_names
             if shipped().profile(name).dialect == dialect][:2]  # fmt: skip
    held = set()
    for number in range(2000):
        request = WRITERS[dialect](made_tools(number), SETTINGS[number % len(SETTINGS)])
        for rule, proof in of_tools.items():
            if rules[rule].at in request and proof.proves_silent(request):
                held.add(rule)
                for each in facts:
                    assert list(checks_of(dialect)[rule](request, each, spoken)) == [], (rule, request)
    assert len(held) > max(3, len(of_tools) // 2)


def test_what_passes_for_plain_arguments_is_an_object() -> None:
    """Texts that the proof of arguments takes are JSON objects, however they were garbled."""
    dice = Random(24)  # noqa: S311 - test data
    proof = GuardedChecks(
        proofs_by_rule("openai-chat")["tool-arguments-not-json"], dialect_named("openai-chat"), (), ACCELERATED
    )
    plain = ('{"a": "x\\u00e5", "b": [1, 2.5, "y"], "c": true}', "{}", '{"a\\n": null}', '{"k": -0.5,"l":[]}')
    passed = 0
    for _ in range(6000):
        text = [*dice.choice(plain)]
        for _ in range(dice.randrange(4)):
            at = dice.randrange(len(text))
            text[at : at + dice.randrange(2)] = dice.choice('{}[]":,\\u0aebfnrt/ 1.-xX\n\t\x01')
        arguments = "".join(text)
        calls = [{"id": "c", "type": "function", "function": {"name": "f", "arguments": arguments}}]
        if proof.holds({"messages": [{"role": "assistant", "tool_calls": calls}]}):
            passed += 1
            assert isinstance(json.loads(arguments), dict)
    assert 1000 < passed < 5000
