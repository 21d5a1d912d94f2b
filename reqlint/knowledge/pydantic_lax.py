"""
Schemas of requests that a server reads with pydantic, which takes a text that holds a number for the number.

A list of parameters with ``lax: pydantic`` says what each value is, as strictly as any other. `as_pydantic_lax` returns
the schema that takes what pydantic converts: ``"5"`` and ``true`` where a number is wanted, ``"yes"`` and ``0`` where
true or false is. Texts are never made of anything else. https://docs.pydantic.dev has the table of conversions.
"""

from collections.abc import Mapping
from typing import Any

_WHOLE = r"^\s*[+-]?[0-9]+([.]0*)?\s*$"
_NUMBER = r"^\s*[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?\s*$"
_FLAG = "^(?i:true|false|t|f|yes|no|y|n|on|off|1|0)$"
_TAKEN: Mapping[str, Mapping[str, Any]] = {
    "integer": {"anyOf": [{"type": "boolean"}, {"type": "string", "pattern": _WHOLE}]},
    "number": {"anyOf": [{"type": "boolean"}, {"type": "string", "pattern": _NUMBER}]},
    "boolean": {"anyOf": [{"enum": [0, 1]}, {"type": "string", "pattern": _FLAG}]},
}
"""What is taken for a value of a type, beside such values."""
_NEVER_WIDENED = ("if", "not", "enum", "const")
"""Conditions tell objects apart by what is written, and values are listed as they are."""


def _within(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what is taken for a number between a small one and 0 or its negative; a text keeps to that, too."""
    most = schema["maximum"]
    signs = "[+]?" if "exclusiveMinimum" in schema or schema.get("minimum", -1) >= 0 else "[+-]?"
    digits = rf"(0*[0-{most - 1}]([.][0-9]*)?|0*{most}([.]0*)?|[.][0-9]+)(e0)?"
    return {"anyOf": [{"type": "boolean"}, {"type": "string", "pattern": rf"^\s*{signs}{digits}\s*$"}]}


def as_pydantic_lax(schema: Any) -> Any:
    """
    Return *schema* as one that also takes what pydantic converts to what it wants; other keywords stay.

    A subschema with ``x-lax: false`` is about what pydantic does not read, and is left as it is.
    """
    if isinstance(schema, list):
        return [as_pydantic_lax(each) for each in schema]
    if not isinstance(schema, Mapping) or schema.get("x-lax") is False:
        return schema
    widened = {key: each if key in _NEVER_WIDENED else as_pydantic_lax(each) for key, each in schema.items()}
    kinds = schema.get("type")
    names = [kinds] if isinstance(kinds, str) else kinds if isinstance(kinds, list) else []
    wanted = next((name for name in _TAKEN if name in names), None)
    if wanted is None or "string" in names or "if" in schema:
        return widened
    del widened["type"]
    taken = _within(schema) if wanted == "number" and schema.get("maximum") in range(1, 10) else _TAKEN[wanted]
    named = {"x-severity": schema["x-severity"]} if "x-severity" in schema else {}
    return {**widened, "if": taken, "else": {"type": kinds, **named}}
