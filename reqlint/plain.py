"""What a Python value would be as JSON, and what of it JSON cannot hold."""

import math
from collections.abc import Iterator, Mapping, Sequence, Set

from reqlint.findings import Hit, Part
from reqlint.pointer import Place

MAX_DEPTH = 254
"""Levels of nesting that are looked into; common JSON readers refuse more."""


NON_FINITE = {math.inf: "Infinity", -math.inf: "-Infinity"}
"""What a JSON writer that does not care calls these numbers; NaN, which equals nothing, is the third."""


def plain(value: object) -> tuple[object, list[Hit]]:
    """
    Give *value* as dicts, lists, strings, numbers, booleans and None, and a hit for each part that is none of these.

    Mappings, sequences and objects with a ``model_dump`` method (pydantic models, such as the messages an SDK
    returns) become what a JSON writer would make of them. What cannot be written becomes null in the result.
    """
    hits: list[Hit] = []
    return _plain(value, (), frozenset(), hits), hits


def _plain(value: object, place: Place, inside: frozenset[int], hits: list[Hit]) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        if math.isfinite(value):
            return value
        return _no_word(hits, place, NON_FINITE.get(value, "NaN"))
    if isinstance(value, str):
        if any("\ud800" <= character <= "\udfff" for character in value):
            hits.append(Hit(place, facts={"name": "a lone surrogate"}, rule="lone-surrogate"))
            return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in value)
        return str(value)
    if id(value) in inside:
        return _no_word(hits, place, "a value that contains itself")
    if len(place) > MAX_DEPTH:
        hits.append(Hit(place, facts={"limit": MAX_DEPTH}, rule="too-deep"))
        return None
    inside |= {id(value)}
    if isinstance(value, Mapping):
        return dict(_members(value, place, inside, hits))
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return [_plain(item, (*place, i), inside, hits) for i, item in enumerate(value)]
    dump = getattr(type(value), "model_dump", None)
    if callable(dump):
        try:
            return _plain(dump(value, mode="json", exclude_unset=True), place, inside, hits)
        except Exception:
            return _no_word(hits, place, f"a Python {type(value).__name__}")
    kind = "set" if isinstance(value, Set) else type(value).__name__
    return _no_word(hits, place, f"a Python {kind}")


def written_key(key: str) -> str:
    """Give the key that stands for *key* where half a surrogate pair cannot be written."""
    return key if key.isascii() else key.encode("utf-8", "replace").decode()


def _members(
    value: Mapping[object, object], place: Place, inside: frozenset[int], hits: list[Hit]
) -> Iterator[tuple[str, object]]:
    for key, member in value.items():
        if isinstance(key, str):
            name = str(key)
            if (clean := written_key(name)) != name:
                name = clean
                hits.append(Hit((*place, name), Part.KEY, {"name": "a lone surrogate"}, rule="lone-surrogate"))
            yield name, _plain(member, (*place, name), inside, hits)
        else:
            hits.append(Hit(place, Part.VALUE, {"name": f"a key that is a Python {type(key).__name__}"}, rule=_RULE))


_RULE = "non-json-value"


def _no_word(hits: list[Hit], place: Place, name: str) -> object:
    """Note a value that JSON has no word for; null stands in for it."""
    hits.append(Hit(place, facts={"name": name}, rule=_RULE))
    return None
