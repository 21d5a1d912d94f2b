"""Schemas of tools with what some API refuses, and values for them."""

import random
from typing import Any

_WORDS = ("city", "days", "unit", "zip code", "$top")
_LEAVES: tuple[Any, ...] = (
    {"type": "string"},
    {"type": "integer", "exclusiveMinimum": 2},
    {"type": "number", "exclusiveMaximum": 2.5},
    {"const": "metric"},
    {"const": 1},
    {"type": "integer", "const": 3},
    {"const": None},
    {"type": "string", "format": "uri"},
    {"enum": ["C", "F"]},
    {"type": ["string", "null"], "description": "What it is"},
    {"type": ["string", "integer", "null"], "enum": ["a", 1, None], "default": None},
    {"type": "string", "default": "C", "description": "In which unit."},
    {"type": "integer", "enum": [1, 2, 3]},
    {"type": "integer", "enum": [1, 5]},
    {"type": "boolean", "enum": [True, False]},
    {"$ref": "#/$defs/place"},
    {"$ref": "#/$defs/place", "description": "Where."},
    {"type": "string", "examples": ["Ulm"], "title": "Town", "$comment": "old"},
    {"type": "string", "minLength": 0, "pattern": "^(?!x)"},
    {"type": "string", "properties": {"a": {"type": "string"}}},
    {"type": "string", "enum": ["", "z"]},
    {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
    {"type": "array"},
    True,
    {},
)
_PLACES: tuple[Any, ...] = (
    {"type": "string", "description": "A place."},
    {"type": "object", "properties": {"next": {"$ref": "#/$defs/place"}}},
    {"type": "integer", "exclusiveMinimum": 0},
)


def faulty_schema(rng: random.Random) -> dict[str, Any]:
    """Return a schema of parameters that is a schema by draft 2020-12, and that few APIs take."""
    schema = _object(rng, 3)
    if rng.random() < 0.3:
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return {**schema, "$defs": {"place": rng.choice(_PLACES)}}


def _any(rng: random.Random, depth: int) -> Any:
    kind = rng.randrange(9) if depth else 8
    if kind < 2:
        return _object(rng, depth)
    if kind == 2:
        return {"type": "array", "items": _any(rng, depth - 1)}
    if kind == 3:
        bound = {"maxItems": 2} if rng.random() < 0.5 else {}
        item = _any(rng, depth - 1)
        return {"type": "array", "prefixItems": [item, item if rng.random() < 0.5 else _any(rng, 0)], **bound}
    if kind < 7:
        branches = [_any(rng, depth - 1) for _ in range(rng.randint(1, 3))]
        return {("anyOf", "oneOf", "allOf")[kind - 4]: branches, "description": "One of several."}
    return rng.choice(_LEAVES)


def _object(rng: random.Random, depth: int) -> dict[str, Any]:
    names = rng.sample(_WORDS, rng.randint(0, 3))
    schema: dict[str, Any] = {"type": "object", "properties": {name: _any(rng, depth - 1) for name in names}}
    if rng.random() < 0.5:
        schema["required"] = [name for name in names if rng.random() < 0.6]
    if rng.random() < 0.3:
        schema["additionalProperties"] = rng.choice((False, True, {}, {"type": "string"}))
    if rng.random() < 0.1:
        schema["propertyNames"] = rng.choice(({"type": "string"}, {"pattern": "^[a-z]"}))
    if rng.random() < 0.1 and names:
        schema["anyOf"] = [{"required": [name]} for name in names]
    return schema


def fitting(rng: random.Random, schema: Any, root: Any, depth: int = 5) -> Any:
    """Return a value that may fit a schema, or nearly does."""
    if rng.random() < 0.1 or depth == 0 or not isinstance(schema, dict):
        return rng.choice(("x", "C", "", 0, 1, 2, 2.5, 3, True, None, [], {}))
    if "$ref" in schema:
        return fitting(rng, root["$defs"]["place"], root, depth - 1)
    for union in ("anyOf", "oneOf", "allOf"):
        if union in schema and (not schema.get("properties") or rng.random() < 0.2):
            return fitting(rng, rng.choice(schema[union]), root, depth)
    if "const" in schema or "enum" in schema:
        return rng.choice(schema.get("enum", [schema.get("const")]))
    kind = schema.get("type")
    if kind == "object":
        inside = {k: fitting(rng, v, root, depth - 1) for k, v in schema["properties"].items() if rng.random() < 0.8}
        return inside | ({"more": 1} if rng.random() < 0.1 else {})
    if kind == "array":
        first = schema.get("prefixItems", [])[: rng.randint(0, 2)]
        rest = [schema.get("items", True)] * rng.randint(0, 2)
        return [fitting(rng, each, root, depth - 1) for each in (*first, *rest)]
    chosen = rng.choice(kind) if isinstance(kind, list) else kind
    return {"string": "x", "integer": rng.randint(-1, 5), "number": 2.5, "boolean": True}.get(str(chosen))
