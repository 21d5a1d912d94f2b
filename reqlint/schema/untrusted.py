"""Whether a schema that somebody else wrote can be used to judge requests."""

from collections.abc import Mapping
from typing import Any

from reqlint.core.pointer import Place
from reqlint.display.credentials import shorten
from reqlint.schema.accelerated import compile_linear, has_accelerator
from reqlint.schema.limits import find_endless, subschemas
from reqlint.schema.validators import compile_validator


def schema_fault(schema: Mapping[str, Any]) -> tuple[Place, str] | None:
    """
    Find what keeps *schema* from being used, and where; None when nothing does.

    A schema without a fault is JSON Schema that both engines take, and judging by it takes bounded time, whatever the
    payload.
    """
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    if fault := find_endless(schema):
        return fault
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as wrong:
        return tuple(wrong.absolute_path), f"is not JSON Schema: {_first_line(wrong.message)}"
    for place, each in subschemas(schema):
        for keyword in ("pattern", "patternProperties"):
            for pattern in each.get(keyword, ()) if keyword == "patternProperties" else [each.get(keyword)]:
                if pattern is not None and (fault := _pattern_fault((*place, keyword), pattern)):
                    return fault
    try:
        compile_validator([{**schema, "$id": "reqlint:tried"}])
    except ValueError as wrong:
        return (), f"is not JSON Schema: {_first_line(str(wrong))}"
    return None


def _first_line(message: str) -> str:
    """Return the first line of a library's message, shortened, as it may quote a whole value."""
    return shorten(message.partition("\n")[0], 120, 119)


def _pattern_fault(place: Place, pattern: str) -> tuple[Place, str] | None:
    if compile_linear(pattern) is not None:
        return None
    if not has_accelerator():
        return place, "a pattern can be taken only where jsonschema-rs is installed, which matches it in linear time"
    return (
        place,
        "the pattern needs lookaround or a backreference, or is too large; it cannot be matched in linear time",
    )
