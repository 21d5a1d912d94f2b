"""
Which value was read from plain text: one in which nothing of ASCII is escaped and no telling word stands.

A search of the text, as it lies there, answers for all texts and keys in it at once what would otherwise be asked of
each of them, or of a text that has to be written for it.
"""

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

ESCAPED = "00[2-7]"
"""A pattern of what stands in every escaped character of ASCII but control characters; numbers may have it, too."""

HOLDERS = ("body", "request", "params")
"""Members of a line that hold its request, where the line is not the request itself."""

_LONGEST = 1 << 20  # bytes of a text that is searched; its value is kept until the next one is read


class _Read(NamedTuple):
    """What was read last."""

    value: object  #: None if its text is not plain
    tools: object  #: in the value, though not in the text; None if there are none


_search: Callable[[str], bool] | None = None
_last = _NOTHING = _Read(None, None)


def look_for(search: Callable[[str], bool]) -> None:
    """Have texts searched from now on: *search* finds `ESCAPED`, and each word, in a text of its bytes as Latin-1."""
    global _search
    _search = search


def is_plain_text(text: bytes) -> bool:
    """Return whether a text has no telling word, nor anything escaped; False may mean that this is not known."""
    return _search is not None and len(text) <= _LONGEST and not _search(str(text, "latin-1"))


def remember(value: object) -> None:
    """Note the value that was read last, from plain text; None if its text is not."""
    global _last
    _last = _NOTHING if value is None else _Read(value, None)


def remember_tools(value: object, tools: object) -> None:
    """Note that *tools* were put into the value that was read last."""
    global _last
    if _last.value is value:
        _last = _Read(value, tools)


def is_from_plain_text(request: dict[str, Any], apart: Collection[str]) -> bool:
    """
    Return whether all of *request* but its members *apart* was read from plain text.

    False may mean that this is not known: only the value that was read last is, and what this holds as a line.
    """
    value, tools = _last
    if request is not value and not (
        value.__class__ is dict and any(request is value.get(holder) for holder in HOLDERS)
    ):
        return False
    if tools is None or ("tools" in apart and request.get("tools") is tools):
        return True
    config = request.get("toolConfig") if "toolConfig" in apart else None
    return config.__class__ is dict and config.get("tools") is tools
