"""What somebody probably meant by a value of a wrong type or length: the variant of a rule that says what to write."""

import re
from collections.abc import Collection, Mapping
from json import loads
from math import isfinite

from reqlint.core.pointer import Place

_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?\Z")
_JSON_TEXTS = frozenset({"arguments"})
"""Keys whose strings are JSON."""
_OF_RESULTS = frozenset({"content", "output"})
"""Keys under which programs put what a tool returned."""
_LONGEST = 100_000  # characters of a text that is read as JSON


def variant_of_type(value: object, types: Collection[str], place: Place) -> str | None:
    """Return what is wrong with a value that is none of *types*, as `wrong-type` names it; None if it is unclear."""
    key = place[-1] if place else None
    if value is None:
        return "null-content" if key == "content" and "string" in types else None
    if isinstance(value, str):
        return _variant_of_text(value, types)
    if isinstance(value, Mapping):
        if "array" in types and "string" not in types:
            return "one-for-array"
        if "string" in types:
            return "object-for-json" if key in _JSON_TEXTS else "object-for-text" if key in _OF_RESULTS else None
    elif isinstance(value, list):
        if len(value) == 1:
            return "array-for-one"
    elif isinstance(value, int | float) and not isinstance(value, bool) and "string" in types:
        return "number-for-text"
    return None


def _variant_of_text(value: str, types: Collection[str]) -> str | None:
    if "boolean" in types and value in ("true", "false"):
        return "boolean-as-text"
    if not {"integer", "number"}.isdisjoint(types) and _NUMBER.match(value):
        return "number-as-text"
    if "object" in types:
        return "json-for-object" if is_json_object(value) else "text-for-object"
    return "one-for-array" if "array" in types else None


def is_json_object(text: str) -> bool:
    """Return whether a text is one JSON object that every reader reads alike: no key twice, no number without end."""
    if len(text) > _LONGEST or not text.lstrip().startswith("{"):
        return False
    try:
        return isinstance(loads(text, object_pairs_hook=_object, parse_float=_finite, parse_constant=_refuse), dict)
    except (ValueError, RecursionError):
        return False


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _finite(written: str) -> float:
    number = float(written)
    return number if isfinite(number) else _refuse(written)


def _refuse(written: str) -> float:
    raise ValueError(f"{written} is not a JSON number")


def variant_of_length(value: object, keyword: str, bound: object) -> str:
    """Return what is wrong with the length of a value, as `wrong-length` names it."""
    if keyword.startswith("min"):
        return "too-short" if value else "empty"
    if not bound:
        return "not-empty"
    return "too-long" if isinstance(value, str) else "too-many"
