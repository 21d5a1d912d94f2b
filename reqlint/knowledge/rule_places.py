"""
Where a rule looks in a request: literal keys, or places that each dialect has under a name.

A rule file says ``at: /max_tokens`` for a key of one wire shape, and ``at: tools`` for what every shape has. With
``each: tool-name``, its ``request`` is a schema for every value at that named place instead of the whole request.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from reqlint.dialects.vocabulary import Dialect


class RulePlaces(NamedTuple):
    """The places of a rule as its file has them, and what they are in one dialect."""

    at: str | None  #: the top-level key that wakes the rule
    reads: tuple[str, ...]  #: further top-level keys it looks into
    request: Mapping[str, Any] | None  #: a schema of the whole request
    wakes: tuple[str, ...] = ()  #: those of the further keys that wake the rule as well


def places_in(loaded: Mapping[str, Any], dialect: Dialect) -> RulePlaces | None:
    """
    Return the places of a rule in *dialect*, from ``at``, ``reads``, ``wakes``, ``each`` and ``request`` in its file.

    None if the dialect has no place of such a name: the rule cannot see there.
    """
    each, request = loaded.get("each"), loaded.get("request")
    at = _key_of(loaded["at"], dialect) if "at" in loaded else None
    reads = [_key_of(name, dialect) for name in loaded.get("reads", ())]
    if ("at" in loaded and at is None) or None in reads or (each and each not in dialect.places):
        return None
    if each is not None:
        at, request = _at_place(dialect.places[each], request, dialect)
    spelled = [other for key in (at, *reads) if key is not None for other in dialect.spellings(key)]
    wakes = tuple(key for name in loaded.get("wakes", ()) if (key := _key_of(name, dialect)) is not None)
    return RulePlaces(at, tuple(key for key in dict.fromkeys(spelled) if key != at), request, wakes)


def _key_of(name: str, dialect: Dialect) -> str | None:
    return name[1:] if name.startswith("/") else dialect.keys.get(name)


def _at_place(place: str, schema: Any, dialect: Dialect) -> tuple[str, Mapping[str, Any]]:
    """Return the top-level key of a place such as ``/tools/*/name``, and *schema* there as one of the whole request."""
    steps = place.split("/")[1:]
    for step in reversed(steps):
        members = {} if step == "*" else dict.fromkeys(dialect.spellings(step), schema)
        schema = {"properties": members} if members else {"items": schema}
    return steps[0], schema
