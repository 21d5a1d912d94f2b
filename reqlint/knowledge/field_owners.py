"""Which API a field belongs to that the profile does not know, and what the profile has for it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.index import shipped_neighbours
from reqlint.knowledge.profile import DEFAULT_DIALECT

_ORIGINAL = "openai"
"""The API that the others follow; a field that it has is its field, whoever else takes it."""
_NOBODYS = ("openai-compatible",)
"""Profiles of no API of their own."""


class FieldOwner(NamedTuple):
    """The API that a field belongs to."""

    owner: str  #: in the words of a message
    equivalent: str | None  #: what means the same under the profile


def field_owner(field: str, profile: str, inside: Sequence[str | int] = ()) -> FieldOwner | None:
    """
    Return the API that *field* belongs to, which *profile* does not document; None for a field below the top level.

    reqlint's profiles come before the table of other APIs, as the author is more likely to use one of them.
    """
    return None if inside else _owner_of_top_level(field, profile)


@lru_cache(maxsize=512)
def _owner_of_top_level(field: str, profile: str) -> FieldOwner | None:
    neighbours = shipped_neighbours()
    entry: Mapping[str, object] = neighbours["fields"].get(field, {})
    here = entry.get("here")
    dialect = _dialect_of(profile)
    others = "*" if dialect == DEFAULT_DIALECT else dialect
    equivalent = here.get(profile, here.get(others)) if isinstance(here, Mapping) else None
    takers = [name for name in shipped().profiles_with_field(field, dialect) if name not in _NOBODYS]
    if _ORIGINAL in takers:
        return FieldOwner(f"profile {_ORIGINAL}", equivalent)
    if takers:
        names = [*takers[:2], *([f"{len(takers) - 2} more"] if len(takers) > 2 else ())]
        listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
        return FieldOwner(f"profile{'s' * (len(takers) > 1)} {listed}", equivalent)
    if entry:
        return FieldOwner(str(neighbours["owners"][entry["owner"]]["name"]), equivalent)
    if dialect != DEFAULT_DIALECT and _ORIGINAL in shipped().profiles_with_field(field, DEFAULT_DIALECT):
        return FieldOwner("Chat Completions", None)
    return None


def _dialect_of(profile: str) -> str:
    """Return the dialect of a profile; chat for one that is not shipped."""
    return shipped().profile(profile).dialect if profile in shipped().profile_names else DEFAULT_DIALECT
