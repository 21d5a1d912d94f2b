"""
Members of an object that is written as the JSON form of protocol buffers, by either spelling, and lists of objects.

Such a server takes ``topK`` and ``top_k`` alike, at every level, and an object in place of a list of one. Places keep
what is written.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from reqlint.core.pointer import Place

_NOTHING: Mapping[str, Any] = {}


@cache
def snake_case(key: str) -> str:
    """Return the original spelling of a key in lowerCamelCase: ``topK`` → ``top_k``."""
    return re.sub(r"[A-Z]", lambda match: f"_{match[0].lower()}", key)


def spelling(owner: Mapping[str, Any], key: str) -> str:
    """Return the *key*, in lowerCamelCase, as *owner* has it; as it is if *owner* has neither spelling."""
    if key in owner:
        return key
    snake = snake_case(key)
    return snake if snake in owner else key


def member(owner: Mapping[str, Any], key: str) -> Any:
    """Return the value at *key*, in lowerCamelCase, whichever way *owner* spells it; None if it has none."""
    if key in owner:
        return owner[key]
    return owner.get(snake_case(key))


def child(owner: object, key: str, place: Place) -> tuple[Mapping[str, Any], Place]:
    """Return the object at *key* of *owner*, which is at *place*, and its place; an empty one if there is none."""
    if not isinstance(owner, Mapping):
        return _NOTHING, (*place, key)
    written = spelling(owner, key)
    value = owner.get(written)
    return (value if isinstance(value, dict) else _NOTHING), (*place, written)


def listed(owner: object, key: str, place: Place) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield each object in the list at *key* of *owner*, which is at *place*; or the object that stands for a list."""
    if not isinstance(owner, Mapping):
        return
    written = spelling(owner, key)
    value = owner.get(written)
    if isinstance(value, dict):
        yield (*place, written), value
    elif isinstance(value, list):
        for index, each in enumerate(value):
            if isinstance(each, dict):
                yield (*place, written, index), each
