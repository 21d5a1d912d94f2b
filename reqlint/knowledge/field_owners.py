"""Which API a field belongs to that the profile does not know, and what the profile has for it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.index import shipped_neighbours, shipped_words
from reqlint.knowledge.profile import DEFAULT_DIALECT

_ORIGINAL = "openai"
"""The API that the others follow; a field that it has is its field, whoever else takes it."""
_MOST_NAMED = 2
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
    return None if inside or field not in _fields_with_owner(profile) else _owner_of_top_level(field, profile)


def fields_with_owner(profile: str, inside: Sequence[str | int] = ()) -> frozenset[str]:
    """Return all fields for which `field_owner` may not return None."""
    return frozenset() if inside else _fields_with_owner(profile)


@lru_cache(maxsize=64)
def _fields_with_owner(profile: str) -> frozenset[str]:
    """Return all fields that have an owner when they are unknown to *profile*; most unknown fields have none."""
    catalog = shipped()
    names = (*catalog.profiles_in(dialect_of(profile)), _ORIGINAL)
    return frozenset(shipped_neighbours()["fields"]).union(*(shipped_words()[name]["fields"] for name in names))


@lru_cache(maxsize=512)
def _owner_of_top_level(field: str, profile: str) -> FieldOwner | None:
    neighbours = shipped_neighbours()
    entry: Mapping[str, object] = neighbours["fields"].get(field, {})
    dialect = dialect_of(profile)
    equivalent = here_of(entry.get("here"), profile, dialect)
    takers = [name for name in shipped().profiles_with_field(field, dialect) if name not in _NOBODYS]
    if _ORIGINAL in takers:
        return FieldOwner(f"profile {_ORIGINAL}", equivalent)
    if takers:
        listed = " and ".join(takers[:_MOST_NAMED])
        others = " among others" if len(takers) > _MOST_NAMED else ""
        return FieldOwner(f"profile{'s' * (len(takers) > 1)} {listed}{others}", equivalent)
    if entry:
        return FieldOwner(str(neighbours["owners"][entry["owner"]]["name"]), equivalent)
    if dialect != DEFAULT_DIALECT and _ORIGINAL in shipped().profiles_with_field(field, DEFAULT_DIALECT):
        return FieldOwner("Chat Completions", None)
    return None


def here_of(by_profile: object, profile: str, dialect: str) -> str | None:
    """Return what a table of neighbours says for a profile: by its name, its wire shape, or, of chat, under ``*``."""
    if not isinstance(by_profile, Mapping):
        return None
    others = "*" if dialect == DEFAULT_DIALECT else dialect
    found: str | None = by_profile.get(profile, by_profile.get(others))
    return found


def dialect_of(profile: str) -> str:
    """Return the dialect of a profile; chat for one that is not shipped."""
    return shipped().profile(profile).dialect if profile in shipped().profile_names else DEFAULT_DIALECT
