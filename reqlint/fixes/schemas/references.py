"""Writing schemas that a reference leads to in its stead."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from reqlint.checks.json_schema import LISTS, MAPS, SCHEMAS
from reqlint.core.pointer import from_pointer, value_at
from reqlint.fixes.schemas.edit import Schema, SchemaCase, SchemaEdit, put
from reqlint.fixes.schemas.exact import has_references
from reqlint.fixes.schemas.merging import merge

_MOST = 1_000
"""Subschemas that a schema may have once it is written without references."""
_DEFINITIONS = ("$defs", "definitions")
_ANCHORS = ("$id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef")


class _NotWritten(Exception):
    """A reference is not to be written out: it goes round in a circle, leads nowhere, or to too much."""


def write_out_references(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Write every schema where it is referred to, if none refers to itself and it stays small."""
    if "can be written out" not in case.known:
        refers = has_references(case.root) or not case.root.keys().isdisjoint(_DEFINITIONS)
        case.known["can be written out"] = refers and _written_out(case.root) is not None
    if case.known["can be written out"]:
        yield SchemaEdit((), "write what references lead to in their stead", True, _write_out)


def _write_out(_: Schema, root: Schema) -> None:
    whole = _written_out(root)
    if whole is not None:
        put(root, whole)


def target_of(reference: object, root: Schema) -> Any:
    """Return the schema that a reference inside *root* leads to; None if it leads nowhere in it."""
    if not isinstance(reference, str) or not (reference == "#" or reference.startswith("#/")):
        return None
    try:
        return value_at(root, from_pointer(unquote(reference[1:]), root))
    except LookupError:
        return None


def _written_out(root: Schema) -> Schema | None:
    whole = {key: value for key, value in root.items() if key not in _DEFINITIONS}
    try:
        written = _inlined(whole, root, (), [_MOST])
    except (_NotWritten, RecursionError):
        return None
    return written if isinstance(written, dict) and not has_references(written) else None


def _inlined(schema: Any, root: Schema, within: tuple[str, ...], left: list[int]) -> Any:
    if not isinstance(schema, dict):
        return schema
    left[0] -= 1
    if left[0] < 0 or any(key in schema for key in _ANCHORS if schema is not root and within):
        raise _NotWritten
    reference = schema.get("$ref")
    beside = {
        key: _inside(key, value, root, within, left)
        for key, value in schema.items()
        if key != "$ref" and not (key in _DEFINITIONS and "$ref" in schema)
    }
    if "$ref" not in schema:
        return beside
    target = target_of(reference, root)
    if not isinstance(target, dict) or reference in within or not isinstance(reference, str):
        raise _NotWritten
    inner = _inlined(target, root, (*within, reference), left)
    merged = merge(beside, {key: value for key, value in inner.items() if key not in _DEFINITIONS})
    if merged is None:
        raise _NotWritten
    return merged


def _inside(keyword: str, value: Any, root: Schema, within: tuple[str, ...], left: list[int]) -> Any:
    """Return the value of a keyword with the schemas in it written out; other values are no schemas."""
    if keyword in MAPS and isinstance(value, dict):
        return {name: _inlined(each, root, within, left) for name, each in value.items()}
    if (keyword in LISTS or keyword == "items") and isinstance(value, list):
        return [_inlined(each, root, within, left) for each in value]
    return _inlined(value, root, within, left) if keyword in SCHEMAS else value
