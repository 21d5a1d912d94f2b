"""Words of other APIs at a place where an API has a closed list: the type of a part, of a tool, a role."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from reqlint.knowledge.field_owners import dialect_of, here_of
from reqlint.knowledge.index import shipped_neighbours

_OF_TYPE = {"content": "part", "parts": "part", "output": "part", "tools": "tool", "input": "item"}
"""What an item of a list is whose type is a word, by the key of the list."""
_OF_OBJECT = {"response_format": "format", "format": "format"}
"""The same of an object, by its own key."""


class ForeignWord(NamedTuple):
    """A word that another API has, or that people use for want of a better one."""

    owner: str | None  #: the API that has it, in the words of a message
    equivalent: str | None  #: the word for it under the profile
    advice: str | None  #: what to do where no word is the same, in the imperative


def foreign_word(word: str, place: Sequence[str | int], profile: str, allowed: Sequence[object]) -> ForeignWord | None:
    """
    Return what is known of *word*, where *profile* takes the *allowed* ones; None if there is nothing to say.

    *place* is that of the word in the request.
    """
    kind = _kind_of(place)
    return None if kind is None else _known(kind, word, profile, tuple(each for each in allowed if type(each) is str))


def _kind_of(place: Sequence[str | int]) -> str | None:
    """Return what *place* holds a word for, as ``schemas/neighbours.yaml`` calls it."""
    if not place or place[-1] not in ("role", "type"):
        return None
    if place[-1] == "role":
        return "role"
    if len(place) > 2 and isinstance(place[-2], int):
        return _OF_TYPE.get(str(place[-3]))
    return _OF_OBJECT.get(str(place[-2])) if len(place) > 1 else None


@lru_cache(maxsize=512)
def _known(kind: str, word: str, profile: str, allowed: tuple[str, ...]) -> ForeignWord | None:
    neighbours = shipped_neighbours()
    entries: Mapping[str, Mapping[str, Any]] = neighbours["words"][kind]
    entry = entries.get(word) or next(
        (each for name, each in entries.items() if name.endswith("*") and word.startswith(name[:-1])), None
    )
    if entry is None:
        return None
    dialect = dialect_of(profile)
    equivalent = here_of(entry.get("here"), profile, dialect)
    if equivalent not in allowed:
        equivalent = None
    advice = here_of(entry.get("do"), profile, dialect)
    if equivalent is None and advice is None:
        return None
    owner = neighbours["owners"][entry["owner"]]["name"] if "owner" in entry else None
    return ForeignWord(owner, equivalent, None if equivalent else advice)
