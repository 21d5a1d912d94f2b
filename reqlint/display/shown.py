"""
Types for text that may be written: mypy refuses to write any other text.

`Masked` text holds no credentials, `Shown` text holds no credentials and nothing that acts on a terminal or in a build
log. Only this folder turns other text into either: `mask`, `escape`, `sanitize` and `to_json`. Everybody else puts
shown text together with the functions below, because an f-string or ``+`` gives an ordinary ``str`` again. Both types
exist for mypy alone and are ``str`` at run time.

NOTE: mypy reads ``LiteralString`` as ``str``. That these arguments really are literals is held by a test.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import LiteralString, NewType, Protocol, TypeVar, cast

Masked = NewType("Masked", str)
"""Text without credentials; it may hold any character, so it must be escaped before it is written."""

Shown = NewType("Shown", Masked)
"""Text that may be written as it is."""

Json = Masked | StrEnum | int | float | None | Mapping[str, "Json"] | list["Json"] | tuple["Json", ...]
"""A JSON value whose strings are masked; `to_json` escapes it."""

_Text = TypeVar("_Text", bound=Masked)

ELLIPSIS = cast("Shown", "…")


def ellipsis(unicode: bool) -> Shown:
    """Return the sign for text that is left out."""
    return ELLIPSIS if unicode else cast("Shown", "...")


def literal(text: LiteralString) -> Shown:
    """Return text that stands in our own source code."""
    return cast("Shown", text)


class _Format(Protocol):
    def __call__(self, template: LiteralString, /, *parts: Shown | StrEnum | int | float) -> Shown: ...


# These two are called several times for every finding, so they are the methods of `str` under another type.

fill = cast("_Format", str.format)
"""Fill the braces of a template."""

join = cast("Callable[[LiteralString, Iterable[Shown]], Shown]", str.join)
"""Join parts with a separator."""


def repeat(text: Shown, times: int) -> Shown:
    """Repeat *text*, as ``*`` does."""
    return cast("Shown", text * times)


def transform(text: _Text, change: Callable[[str], str]) -> _Text:
    """Cut, pad or encode *text*; *change* must add nothing of a payload, and must not undo an escape."""
    return cast("_Text", change(text))


class Style(StrEnum):
    """How text looks on a terminal: parameters of Select Graphic Rendition (ECMA-48 section 8.3.117)."""

    RED = "1;31"
    YELLOW = "1;33"
    CYAN = "1;36"
    GREEN = "32"
    DIM = "2"


def styled(text: Shown, style: Style) -> Shown:
    """Return *text* with the codes that make a terminal show it in this style."""
    return cast("Shown", f"\x1b[{style}m{text}\x1b[0m")


def linked(text: Shown, url: str) -> Shown:
    """
    Return *text* as a link for a terminal that has links (OSC 8), or as it is if *url* is no plain address.

    The address must be one that may be shown, such as that of a project's own page; never one out of a payload.
    """
    if not _ADDRESS.fullmatch(url):
        return text
    return cast("Shown", f"\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\")


_ADDRESS = re.compile(r"https?://[!-~]{1,500}")

_COMMANDS = ("::", "##")
"""How a line begins that GitHub, Azure Pipelines or TeamCity acts on."""


def wrap(text: Shown, first: int, width: int) -> list[Shown]:
    """
    Return *text* in lines that end at words: the first of at most *first* columns, the others of at most *width*.

    What stands in quotes stays together if a line has room for it. A word that is longer than a line has one of its
    own. No line begins with what a build log takes for a command.
    """
    lines: list[str] = []
    line = ""
    for word in _quotes_whole(text.split(" "), width) if '"' in text else text.split(" "):
        if not word:  # the second of two blanks, after which a line could begin with anything
            line += " "
        elif line and not word.startswith(_COMMANDS) and len(line) + 1 + len(word) > (width if lines else first):
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return [cast("Shown", each) for each in (*lines, line)]


def _quotes_whole(words: Sequence[str], width: int) -> Iterator[str]:
    """Yield *words*, those between two quotation marks as one, unless it would be longer than *width*."""
    start = 0
    while start < len(words):
        end, whole = start + 1, words[start]
        while whole.count('"') % 2 and end < len(words) and len(whole) <= width:
            whole, end = f"{whole} {words[end]}", end + 1
        if whole.count('"') % 2 or len(whole) > width:
            end, whole = start + 1, words[start]
        yield whole
        start = end


def verbatim(name: str) -> Masked:
    """
    Return a name as it is, even if it looks like a credential, because readers of the report look it up.

    That is the path of a file, the name of a rule or profile, a fingerprint, or what a rule file says; never a payload.
    """
    return Masked(name)
