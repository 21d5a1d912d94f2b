"""Reading the members of a request, which may hold anything: what has another form than expected is left out."""

from collections.abc import Iterable, Mapping
from typing import Any

NOTHING: Mapping[str, Any] = {}
"""What stands for an object where there is none."""


def numbered(value: object) -> Iterable[tuple[int, Any]]:
    """Return the elements of a list with their numbers; none for what is no list."""
    return enumerate(value) if isinstance(value, list) else ()


def as_text(value: object) -> str | None:
    """Return a text as it is, and None for anything else."""
    return value if isinstance(value, str) else None


def said_first(messages: list[Any]) -> object:
    """Return the content of the first message of the user; failing that the first message."""
    said = [each for each in messages if isinstance(each, Mapping) and each.get("role") == "user"]
    return [each.get("content") for each in said[:1]] or messages[:1]
