"""What of a payload may be shown: no control characters, no credentials."""

import json
import re
import unicodedata
from functools import cache

from reqlint.display.credentials import ELLIPSIS, mask

__all__ = ["ELLIPSIS", "cell_count", "counted", "escape", "escape_at", "mask", "sanitize", "sanitize_lines", "to_json"]

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Marks and letters that nobody sees; variation selectors are a range of their own."""

_SPACES = " \u3000"  # and what Chinese and Japanese are written with

_MOST_MARKS = 3  # on one letter; Vietnamese takes two, Hebrew three, and a hundred climb over the lines above


# A clean run shows nothing of a payload, so the patterns are compiled when they are first asked for.
@cache
def _suspect() -> re.Pattern[str]:
    return re.compile(
        r"[^\x20-\x7e\xa1-\xac\xae-\u02ff\u0370-\u0482\u048a-\u058f\u3040-\u3098\u309b-\u3163\u3165-\u9fff\uac00-\ud7a3]"
    )


@cache
def _command() -> re.Pattern[str]:
    """
    Give the pattern of what a build log obeys: two signs that begin a command.

    GitHub's and Azure's runners look for ``##[`` and ``##vso[`` anywhere in a line, TeamCity for ``##teamcity[``;
    ``::`` counts where a line begins, blanks before it left out.
    """
    return re.compile(r"##(?=[A-Za-z.]{0,40}\[)|(?:\A|(?<=\n))(\s*)::")


def escape(text: str, unicode: bool = True) -> str:
    r"""
    Write *text* so that a terminal only shows it: what would move, hide or reorder becomes an escape (``\x1b``).

    With *unicode* off everything outside ASCII does. So does the beginning of what a build log takes for a command.
    """
    if "##" in text or "::" in text:
        text = _command().sub(_defused, text)
    if text.isascii() and text.isprintable():
        return text
    if unicode:
        return _suspect().sub(_escape_unseen, text)
    return "".join(_ascii(char) for char in text)


def _defused(found: re.Match[str]) -> str:
    return r"\x23#" if found[0] == "##" else rf"{found[1]}\x3a:"


def escape_at(text: str, index: int, unicode: bool = True, *, measured: bool = False) -> str:
    """
    Write the character at *index* of *text* as `escape` does.

    With *measured* on, whatever terminals do not agree upon how wide it is becomes an escape as well: flags, tones of
    skin, marks that take room of their own in some terminals, and the later parts of Korean syllables.
    """
    char = text[index]
    if char == "#" and (found := _command().match(text, index)):
        return _defused(found)[:-1]
    if " " <= char <= "~":
        return char
    if not unicode:
        return _escape(char)
    return _escape(char) if _is_unseen(text, index) or (measured and _is_unmeasured(char)) else char


def _escape_unseen(found: re.Match[str]) -> str:
    return _escape(found[0]) if _is_unseen(found.string, found.start()) else found[0]


def _is_unseen(text: str, index: int) -> bool:
    char = text[index]
    category = unicodedata.category(char)
    if category == "Zs":
        return char not in _SPACES  # others look like these, and a key with one of them is another key
    if category[0] != "M":
        return category in _UNSEEN or char in _BLANK
    # NOTE: variation selectors are marks by category but can carry hidden text, and change how wide an emoji is.
    if "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef" or char in _BLANK:
        return True
    below = index - 1  # what the mark stands on
    while below >= 0 and index - below < _MOST_MARKS and unicodedata.category(text[below])[0] == "M":
        below -= 1
    return below < 0 or unicodedata.category(text[below])[0] not in "LNS"


def _is_unmeasured(char: str) -> bool:
    return (
        unicodedata.category(char) == "Mc"
        or "\U0001f1e6" <= char <= "\U0001f1ff"
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\u1160" <= char <= "\u11ff"
        or "\ud7b0" <= char <= "\ud7fb"
    )


def cell_count(text: str) -> int:
    """
    Count the columns that a terminal gives to *text*, which must be as `escape` leaves it.

    It counts one or two for each character and none for a mark, as the C library does, not by clusters as some
    terminals do: for what `escape_at` leaves with *measured* on, both come to the same. Characters that are newer than
    this Python's tables are unknown to it and were written as escapes. Where a terminal was told to give two columns
    to what is ambiguous (UAX #11), such as Greek letters and the ellipsis, it is off.
    """
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.category(char) in ("Mn", "Me") else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def _ascii(char: str) -> str:
    return char if " " <= char <= "~" else _escape(char)


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def sanitize(text: str, unicode: bool = True) -> str:
    """Write a sentence that may quote the payload: credentials hidden, nothing but visible characters."""
    return escape(mask(text, unicode), unicode)


def sanitize_lines(text: str, unicode: bool = True) -> str:
    """Write a text of several lines as `sanitize` does each of them."""
    return "\n".join(sanitize(line, unicode) for line in text.split("\n"))


def to_json(value: object, indent: int | None = None) -> str:
    """Write *value* as JSON in one line that any terminal, build log, editor and UTF-8 file can take."""
    written = _written(value) if indent is None else json.dumps(value, ensure_ascii=False, indent=indent)
    if "##" in written:
        written = _command().sub(lambda found: "\\u0023#" if found[0] == "##" else found[0], written)
    if indent is None and written.isascii() and "\x7f" not in written:
        return written
    return _suspect().sub(_escape_for_json, written)


_written = json.JSONEncoder(ensure_ascii=False).encode


def _escape_for_json(found: re.Match[str]) -> str:
    char = found[0]
    if char == "\n" or not _is_unseen(found.string, found.start()):  # a newline of JSON's own, by its indent
        return char
    return "\\u007f" if char == "\x7f" else json.dumps(char)[1:-1]  # json itself leaves this one control as it is


def counted(number: int, noun: str) -> str:
    """Write a number with its noun: ``1 finding``, ``1,204 findings``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
