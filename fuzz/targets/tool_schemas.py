"""Tool schemas: both engines agree on any schema, of any draft, as parameters of a tool or as a response format."""

# ruff: noqa: E501 - lists are easier to read in long lines

from collections.abc import Iterable
from typing import Any

from fuzz import examples
from fuzz.choices import Choices, mutate
from fuzz.laws import comparable, require, text_and_value_agree
from fuzz.words import words
from reqlint import Linter
from reqlint.schema.validators import ACCELERATED, REFERENCE

_FAST, _REFERENCE = Linter("openai", engine=ACCELERATED), Linter("openai", engine=REFERENCE)
_DRAFTS = tuple(
    f"{start}://json-schema.org/{draft}/schema{end}"
    for start, draft, end in (
        ("http", "draft-03", "#"), ("http", "draft-04", "#"), ("http", "draft-06", "#"), ("http", "draft-07", "#"),
        ("http", "draft-07", ""), ("https", "draft/2019-09", ""), ("https", "draft/2020-12", ""), ("https", "nowhere", ""),
    )
)  # fmt: skip
_REFS = (
    "#",
    "#/$defs/a",
    "#/$defs/b",
    "#/definitions/a",
    "#a",
    "a",
    "http://127.0.0.1:9/a",
    "#/properties/%",
    "#/",
    "",
)
_PATTERNS = ("^a+$", "(a+)+$", "(?<=a)b", "[", "\\p{L}", "(?P<n>a)", "a{1,99999}", "\\", "(", "^(?!x)", "\\Z", "😀", "")
_TYPES: tuple[Any, ...] = (
    "object",
    "string",
    "integer",
    "number",
    "array",
    "boolean",
    "null",
    ["string", "null"],
    [],
    "file",
    1,
)


def run(data: bytes) -> None:
    """Judge a request with the tool or the response format that *data* chooses."""
    choices = Choices(data)
    flags = choices.below(32)
    schema: Any = _schema(choices, 4)
    if flags & 1 and isinstance(schema, dict):
        schema["$schema"] = choices.one_of(_DRAFTS)
    if flags & 2:
        schema = mutate(choices, schema, words())
    if flags & 16:
        form = {"type": "json_schema", "json_schema": {"name": "a", "strict": bool(flags & 4), "schema": schema}}
        request = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "response_format": form}
    else:
        function = {"name": "get_weather", "parameters": schema, "strict": bool(flags & 4)}
        request = {
            "model": "gpt-4o",
            "messages": [{"role": "user", "content": "Hi"}],
            "tools": [{"type": "function", "function": function}],
        }
    if flags & 8 and not flags & 16:
        arguments = choices.one_of(('{"city": "Bergen"}', "{}", "[", '{"city": 1, "city": 2}', choices.text()))
        call = {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": arguments}}
        answer = {"role": "tool", "tool_call_id": "call_1", "content": "12"}
        request["messages"] += [{"role": "assistant", "tool_calls": [call]}, answer]  # type: ignore[operator]  # a list
    fast, reference = _FAST.check(request), _REFERENCE.check(request)
    require(
        comparable(fast) == comparable(reference),
        "both engines report the same",
        request,
        comparable(fast),
        comparable(reference),
    )
    text_and_value_agree(_FAST, request)


def _schema(choices: Choices, depth: int) -> Any:
    """Choose a value that is usually a JSON Schema."""
    kind = choices.below(16)
    if kind == 15 or not depth:
        return choices.one_of((True, False, {}, None, [], {"type": "string"}))
    if kind == 14:
        return {"$ref": choices.one_of(_REFS)}
    schema: dict[str, Any] = {"type": "object" if kind < 8 else choices.one_of(_TYPES)}
    for _ in range(choices.below(5)):
        key = choices.one_of(_KEYWORDS)
        schema[key] = _member(choices, key, depth - 1)
    if schema["type"] == "object" and kind < 6:
        names = [choices.one_of(("city", "unit", "a", "b", "$ref", "", "a/b")) for _ in range(choices.below(4))]
        schema["properties"] = {name: _schema(choices, depth - 1) for name in names}
        if kind < 4:
            schema |= {"required": list(schema["properties"]), "additionalProperties": False}
    return schema


_KEYWORDS = (
    "properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "items", "additionalProperties", "not", "if", "then",
    "else", "contains", "propertyNames", "allOf", "anyOf", "oneOf", "prefixItems", "required", "enum", "const", "pattern", "format", "$ref",
    "$id", "$anchor", "$dynamicRef", "$recursiveRef", "minimum", "maxLength", "multipleOf", "minItems", "nullable", "default", "description",
    "dependencies", "unevaluatedProperties", "$vocabulary", "exclusiveMinimum", "type", "strict",
)  # fmt: skip


def _member(choices: Choices, key: str, depth: int) -> Any:
    if choices.below(12) == 11:
        return choices.value(words(), 2)
    if key in ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"):
        names = _PATTERNS if key == "patternProperties" else ("a", "b", "city")
        return {choices.one_of(names): _schema(choices, depth) for _ in range(choices.below(3))}
    if key in ("allOf", "anyOf", "oneOf", "prefixItems"):
        return [_schema(choices, depth) for _ in range(choices.below(3))]
    if key in ("required", "enum"):
        return [choices.scalar(words()) for _ in range(choices.below(4))]
    if key in ("$ref", "$id", "$dynamicRef", "$recursiveRef", "$anchor"):
        return choices.one_of(_REFS)
    if key == "pattern":
        return choices.one_of(_PATTERNS)
    if key in (
        "const",
        "default",
        "format",
        "minimum",
        "maxLength",
        "multipleOf",
        "minItems",
        "nullable",
        "description",
        "exclusiveMinimum",
    ):
        return choices.scalar(words())
    return choices.one_of(_TYPES) if key == "type" else _schema(choices, depth)


def seeds() -> Iterable[bytes]:
    """Yield choices of schemas to start from."""
    for flags in range(32):
        yield bytes([flags, 0, 2, 2, 1, 3, 0, 1, 1, 8, 0, 0, 3, 0, 1, 9, 14, 1])
        yield bytes([flags, 8, 0, 4, 22, 1, 2, 1, 2, 14, 0, 20, 0, 3, 10, 1, 2])
    for i in range(64):
        yield bytes([i % 32, i % 16, i % 5, i % 40, i % 3, i * 7 % 251, i * 3 % 256, i, i * 5 % 256, 1, 2, 3, 4])
    yield from examples.texts()[:20]
