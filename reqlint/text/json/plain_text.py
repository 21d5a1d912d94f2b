"""
Which value was read from plain text: one in which nothing of ASCII is escaped and no telling word stands.

A search of the text, as it lies there, answers for all texts and keys in it at once what would otherwise be asked of
each of them, or of a text that has to be written for it.
"""

from collections.abc import Callable, Collection
from typing import Any

ESCAPED = "00[2-7]"
"""A pattern of what stands in every escaped character of ASCII but control characters; numbers may have it, too."""

HOLDERS = ("body", "request", "params")
"""Members of a line that hold its request, where the line is not the request itself."""

_LONGEST = 1 << 20  # bytes of a text that is searched; its value is kept until the next one is read
_ONLY_ASCII = bytes(byte if byte < 0x80 else ord("?") for byte in range(256))

_search: Callable[[str], bool] | None = None
_last: tuple[object, object] = (None, None)
"""The value that was read last, None if its text is not plain, and the tools in it that are not in its text."""


def look_for(search: Callable[[str], bool]) -> None:
    """Have texts searched from now on: *search* finds `ESCAPED`, and each word, all of ASCII."""
    global _search
    _search = search


def searchable(text: bytes) -> str:
    """
    Return a text in which words of ASCII are found where they are in *text*, which may have any other characters.

    NOTE: a search wants UTF-8, and to turn a text with other characters into that takes longer than to replace them.
    """
    return str(text if text.isascii() else text.translate(_ONLY_ASCII), "latin-1")


def look_at(text: bytes, value: object) -> bool:
    """
    Note that *value* was read from a text, and return whether this is plain; False may mean that it is not known.

    A plain text has no telling word, nor anything escaped.
    """
    global _last
    is_plain = _search is not None and len(text) <= _LONGEST and not _search(searchable(text))
    _last = (value if is_plain else None, None)
    return is_plain


def remember_tools(value: object, tools: object) -> None:
    """Note that *tools* were put into the value that was read last."""
    global _last
    if _last[0] is value:
        _last = (value, tools)


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
