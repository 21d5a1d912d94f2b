"""JSON Schema as it stands in a request: the keywords with schemas in them, and a bounded walk over subschemas."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from reqlint.core.pointer import Place

MAX_SUBSCHEMAS = 5_000
"""Subschemas that are looked at in one schema; one that unfolds to more is checked only up to there."""

TYPES = frozenset(("array", "boolean", "integer", "null", "number", "object", "string"))
MAPS = frozenset(("properties", "$defs", "definitions", "patternProperties", "dependentSchemas"))
LISTS = frozenset(("anyOf", "oneOf", "allOf", "prefixItems"))
SCHEMAS = frozenset(("items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else"))


_Walk = list[tuple[Place, Mapping[str, Any]]]
_walks: ContextVar[dict[int, tuple[Mapping[str, Any], _Walk]] | None] = ContextVar("_walks", default=None)
"""The walks of schemas that nobody changes meanwhile, by id, with the schema, which keeps the id its own."""


def _share_walks() -> Iterator[None]:
    token = _walks.set({})
    try:
        yield
    finally:
        _walks.reset(token)


walked_once = contextmanager(_share_walks)
"""Let checks share their walks over schemas, for whoever judges the same schemas many times unchanged."""


def subschemas(root: Mapping[str, Any]) -> Iterable[tuple[Place, Mapping[str, Any]]]:
    """Return the first `MAX_SUBSCHEMAS` subschemas of *root* that are objects, *root* included, with their places."""
    known = _walks.get()
    if known is None:
        return _walk(root)
    found = known.get(id(root))
    if found is None:
        found = known[id(root)] = (root, list(_walk(root)))
    return found[1]


def _walk(root: Mapping[str, Any]) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    pending: list[tuple[Place, object]] = [((), root)]
    seen = 0
    while pending and seen < MAX_SUBSCHEMAS:
        place, schema = pending.pop()
        seen += 1
        if isinstance(schema, dict):
            yield place, schema
            pending += list(members(place, schema))[::-1]


def members(place: Place, schema: Mapping[str, Any]) -> Iterator[tuple[Place, object]]:
    """Yield the values directly inside *schema* that stand where a schema can stand, with their places."""
    for keyword, value in schema.items():
        if keyword in SCHEMAS and isinstance(value, dict):
            yield (*place, keyword), value
        elif keyword in MAPS and isinstance(value, dict):
            yield from (((*place, keyword, name), member) for name, member in value.items())
        elif (keyword in LISTS or keyword == "items") and isinstance(value, list):
            yield from (((*place, keyword, index), member) for index, member in enumerate(value))
