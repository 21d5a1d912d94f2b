"""JSON Schemas of tools: in any draft, with references, for strict tools and others, some of them broken."""

# ruff: noqa: E501 - lists, read at a glance

import copy
import random
from typing import Any

DRAFTS = (
    "http://json-schema.org/draft-03/schema#",
    "http://json-schema.org/draft-04/schema#",
    "http://json-schema.org/draft-07/schema#",
    "https://json-schema.org/draft/2019-09/schema",
    "https://json-schema.org/draft/2020-12/schema",
    "https://example.com/schema",
)
_NAMES = ("city", "days", "unit", "stops", "guest", "price")
_FORMATS = ("date", "date-time", "email", "uuid", "uri", "regex", "color")
_PATTERNS = ("^[a-z]+$", "(a+)+$", "(?<=a)b", "[", "\\p{L}+", "(?!x)", "a{1,99999}", "\\Z", "")
_REFERENCES = (
    "#/$defs/place",
    "#/definitions/place",
    "#",
    "#place",
    "#/$defs/none",
    "https://example.com/place.json",
    "#/properties/city",
)


def tool_schema(rng: random.Random, *, strict: bool | None = None) -> Any:
    """Return the schema of a function's parameters; if *strict*, mostly of the subset for strict tools."""
    strict = rng.random() < 0.4 if strict is None else strict
    schema = _object(rng, strict, 3)
    if "#/$defs/place" in str(schema) or rng.random() < 0.1:
        schema["$defs"] = {"place": {"type": "string"}}
    if rng.random() < 0.2:
        schema["$schema"] = rng.choice(DRAFTS)
    for _ in range(rng.choice((0, 0, 0, 1, 1, 2))):
        schema = spoilt(rng, schema)
    return schema


def _object(rng: random.Random, strict: bool, depth: int) -> dict[str, Any]:
    names = rng.sample(_NAMES, rng.randint(0 if not strict else 1, 3))
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: _property(rng, strict, depth - 1) for name in names},
    }
    if strict:
        schema |= {"required": names, "additionalProperties": False}
    elif rng.random() < 0.6:
        schema["required"] = rng.sample(names, rng.randint(0, len(names)))
    return schema


def _property(rng: random.Random, strict: bool, depth: int) -> Any:
    kind = rng.randrange(10)
    if depth > 0 and kind == 0:
        return _object(rng, strict, depth)
    if depth > 0 and kind == 1:
        return {"type": "array", "items": _property(rng, strict, depth - 1)}
    if depth > 0 and kind == 2:
        return {"anyOf": [_property(rng, strict, depth - 1), {"type": "null"}]}
    if kind == 3:
        return {"type": "string", "enum": ["C", "F"]}
    if kind == 4:
        return {"$ref": "#/$defs/place"}
    described = {"description": "What it is."} if rng.random() < 0.5 else {}
    simple = rng.choice(
        ({"type": "string"}, {"type": "integer", "minimum": 0}, {"type": ["number", "null"]}, {"type": "boolean"})
    )
    return {**simple, **described}


def _hostile(rng: random.Random) -> Any:
    kind = rng.randrange(10)
    if kind == 0:
        deep: Any = {"type": "string"}
        for _ in range(rng.choice((6, 12, 40))):
            deep = {"type": "object", "properties": {"a": deep}, "required": ["a"], "additionalProperties": False}
        return deep
    if kind == 1:
        wide = {f"p{i}": {"type": "string"} for i in range(101)}
        return {"type": "object", "properties": wide, "required": [*wide], "additionalProperties": False}
    if kind == 2:
        return {"type": "object", "properties": {"a": {"type": "string", "enum": [f"value {i}" for i in range(501)]}}}
    return rng.choice(
        (
            None, True, [], "object", {}, {"type": "string"}, {"type": "objekt"}, {"type": ["object", "object"]}, {"type": "object"}, {"$ref": "#"},
            {"allOf": [{"$ref": "#"}]}, {"type": "object", "properties": {"$ref": {"type": "string"}}}, {"type": "array"}, {"type": []},
            {"type": "object", "properties": {"": {}, "a/b": {}, "~0": {}}}, {"$id": "a", "$anchor": "b", "$dynamicRef": "#b"},
        )
    )  # fmt: skip


def spoilt(rng: random.Random, schema: Any) -> Any:
    """Return a schema with one wrong keyword, reference or type, or something hostile."""
    schema = copy.deepcopy(schema)
    spots = _objects(schema)
    if not spots or rng.random() < 0.15:
        return _hostile(rng)
    spot = rng.choice(spots)
    change = rng.randrange(8)
    if change == 0 and spot:
        del spot[rng.choice(list(spot))]
    elif change == 1:
        spot["$ref"] = rng.choice(_REFERENCES)
    elif change == 2:
        spot["type"] = rng.choice(("array", "object", "string", "null", "any", None, ["string", "null"], []))
    elif change == 3:
        spot.update({"type": "string", rng.choice(("format", "pattern")): rng.choice(_FORMATS + _PATTERNS)})
    elif change == 4:
        spot["required"] = rng.choice((["nothing"], [], True, ["city", "city"], "city"))
    elif change == 5:
        spot["additionalProperties"] = rng.choice((True, {}, {"type": "string"}, None))
    elif change == 6:
        spot[rng.choice(("allOf", "oneOf", "anyOf"))] = [_property(rng, False, 0) for _ in range(rng.randint(0, 2))]
    else:
        keyword = rng.choice(
            (
                "default",
                "minLength",
                "uniqueItems",
                "not",
                "if",
                "patternProperties",
                "nullable",
                "const",
                "x-order",
                "$comment",
                "strict",
            )
        )
        spot[keyword] = rng.choice((1, "a", None, {}, {"type": "string"}, True))
    return schema


def _objects(value: Any) -> list[dict[str, Any]]:
    found = [value] if isinstance(value, dict | list) else []
    for each in found:
        found += [
            inner for inner in (each.values() if isinstance(each, dict) else each) if isinstance(inner, dict | list)
        ]
    return [each for each in found if isinstance(each, dict)]
