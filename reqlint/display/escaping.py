"""Escape text so that a terminal or build log only shows it, and write JSON in the same way."""

import json
import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import LiteralString, TypeGuard, cast, overload

from reqlint.display.credential_search import may_hold_credential
from reqlint.display.credentials import mask
from reqlint.display.shown import Json, Masked, Shown

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Invisible marks and letters; variation selectors are handled as a range."""

_SPACES = " \u3000"  # the second is the space of Chinese and Japanese

_MOST_MARKS = 3  # on one letter; Vietnamese needs two, Hebrew three; a hundred would cover the lines above


# A clean run shows no payload, so the patterns are compiled on first use.
@cache
def _suspect() -> re.Pattern[str]:
    # Whole ranges of visible characters; what is between them, such as unassigned ones, is looked at one by one.
    visible = (
        r"\x20-\x7e\xa1-\xac\xae-\u02ff\u0370-\u0377\u037a-\u037f\u0384-\u038a\u038e-\u03a1\u03a3-\u0482\u048a-\u052f"
        r"\u0531-\u0556\u0559-\u058a\u3041-\u3096\u309b-\u30ff\u3105-\u312f\u3131-\u3163\u3165-\u318e\u3190-\u31e3\u31f0-\u321e"
        r"\u3220-\u9fff\uac00-\ud7a3"
    )
    return re.compile(f"[^{visible}]")


@cache
def _command() -> re.Pattern[str]:
    """
    Return the pattern of the two signs that begin a command in a build log.

    GitHub's and Azure's runners look for ``##[`` and ``##vso[`` anywhere in a line, TeamCity for ``##teamcity[``;
    ``::`` counts at the beginning of a line, after any blanks.
    """
    return re.compile(r"##(?=[A-Za-z.]{0,40}\[)|(?:\A|(?<=\n))(\s*)::")


def escape(text: Masked, unicode: bool = True) -> Shown:
    r"""
    Return *text* with escapes (``\x1b``) for whatever would move the cursor, hide or reorder text, or begin a command.

    With *unicode* off, every character outside ASCII is escaped too.
    """
    escaped: str = text
    if "##" in escaped or "::" in escaped:
        escaped = _command().sub(_defuse, escaped)
    if not (escaped.isascii() and escaped.isprintable()):
        escaped = _suspect().sub(_escape_invisible, escaped) if unicode else "".join(map(_escape_non_ascii, escaped))
    return cast("Shown", escaped)


def _defuse(found: re.Match[str]) -> str:
    return r"\x23#" if found[0] == "##" else rf"{found[1]}\x3a:"


def escape_at(text: str, index: int, unicode: bool = True, *, measured: bool = False) -> Shown:
    """
    Return the character at *index* of *text* as `escape` writes it.

    With *measured* on, characters whose width differs between terminals are escaped too: flags, skin tones, spacing
    marks and the later parts of Korean syllables.
    """
    char = text[index]
    if char == "#" and (found := _command().match(text, index)):
        char = _defuse(found)[:-1]
    elif not " " <= char <= "~" and (not unicode or _is_invisible(text, index) or (measured and _is_ambiguous(char))):
        char = _escape(char)
    return cast("Shown", char)


def _escape_invisible(found: re.Match[str]) -> str:
    return _escape(found[0]) if _is_invisible(found.string, found.start()) else found[0]


def _is_invisible(text: str, index: int) -> bool:
    char = text[index]
    category = unicodedata.category(char)
    if category == "Zs":
        return char not in _SPACES  # other spaces look the same, but a key with one of them is another key
    if category[0] != "M":
        return category in _INVISIBLE or char in _BLANK
    # NOTE: variation selectors are marks by category but can carry hidden text, and change how wide an emoji is.
    if "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef" or char in _BLANK:
        return True
    base = index - 1  # the character that the mark belongs to
    while base >= 0 and index - base < _MOST_MARKS and unicodedata.category(text[base])[0] == "M":
        base -= 1
    return base < 0 or unicodedata.category(text[base])[0] not in "LNS"


def _is_ambiguous(char: str) -> bool:
    return (
        unicodedata.category(char) == "Mc"
        or "\U0001f1e6" <= char <= "\U0001f1ff"
        or "\U0001f3fb" <= char <= "\U0001f3ff"
        or "\u1160" <= char <= "\u11ff"
        or "\ud7b0" <= char <= "\ud7fb"
    )


def cell_count(text: str) -> int:
    """
    Count the terminal columns of *text*, which must be escaped.

    It counts one or two columns for a character and none for a mark, as the C library does. Some terminals count by
    clusters instead; for text escaped by `escape_at` with *measured* on, both counts are equal. Characters newer than
    this Python's tables are unassigned there, so they were escaped. The count is wrong on a terminal set to show
    ambiguous characters (UAX #11), such as Greek letters and the ellipsis, two columns wide.
    """
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.category(char) in ("Mn", "Me") else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def _escape_non_ascii(char: str) -> str:
    return char if " " <= char <= "~" else _escape(char)


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def is_harmless(text: str) -> TypeGuard[Shown]:
    """Return whether nothing in *text* is masked or escaped, if that is seen at once; no part of it is then, either."""
    return "##" not in text and not may_hold_credential(text)


def is_harmless_word(word: str) -> bool:
    """
    Return whether texts are harmless in which *word* stands between blanks, and all else is harmless.

    What `is_harmless` looks for has no blank but at its end, which a test holds. So it stands in the word, or in the
    rest of the text.
    """
    return "##" not in word and not may_hold_credential(f"{word} ")


def sanitize(text: str, unicode: bool = True) -> Shown:
    """Return *text*, which may quote a payload, with credentials masked and invisible characters escaped."""
    return escape(mask(text, unicode), unicode)


def sanitize_lines(text: str, unicode: bool = True) -> Shown:
    """Sanitize every line of *text* and keep the line ends between them."""
    return cast("Shown", "\n".join(sanitize(line, unicode) for line in text.split("\n")))


@overload
def to_json(value: Json, indent: int | None = None, *, unicode: bool = True) -> Shown: ...
@overload
def to_json(value: object, indent: int | None = None, *, unicode: bool = True) -> str: ...
def to_json(value: object, indent: int | None = None, *, unicode: bool = True) -> str:
    """
    Write *value* as JSON, on one line without an *indent*; the text is safe in a terminal, build log or UTF-8 file.

    Credentials are not masked here: only JSON whose strings are `Masked` comes out as `Shown`.
    """
    if unicode and indent is None:
        written = _encode(value)
    else:
        written = json.dumps(value, ensure_ascii=not unicode, indent=indent)
    if "##" not in written and indent is None and written.isascii() and "\x7f" not in written:
        return written
    return safe_json(written)


def safe_json(written: str) -> str:
    """Return JSON of the same value that is safe in a terminal or build log."""
    if "##" in written:
        written = _command().sub(lambda found: "\\u0023#" if found[0] == "##" else found[0], written)
    return _suspect().sub(_escape_for_json, written)


def _encoder() -> Callable[[object], str]:
    """Return the encoder of one line; the library makes one anew for each value, which takes longer than to encode."""
    encoder = json.JSONEncoder(ensure_ascii=False)
    try:
        from json.encoder import c_make_encoder, encode_basestring  # type: ignore[attr-defined]  # no stub has these
    except ImportError:
        return encoder.encode
    if c_make_encoder is None:  # a Python without this part of the library in C
        return encoder.encode
    chunks = c_make_encoder(None, encoder.default, encode_basestring, None, ": ", ", ", False, False, True)
    return lambda value: encode_basestring(value) if value.__class__ is str else "".join(chunks(value, 0))


_encode = _encoder()


def _escape_for_json(found: re.Match[str]) -> str:
    char = found[0]
    if char == "\n" or not _is_invisible(found.string, found.start()):  # JSON with an indent has newlines
        return char
    return "\\u007f" if char == "\x7f" else json.dumps(char)[1:-1]  # json.dumps leaves this control character as it is


def counted(number: int, noun: LiteralString | StrEnum) -> Shown:
    """Write a number with its noun: ``1 finding``, ``1,204 findings``."""
    return cast("Shown", f"{number:,} {noun}{'' if number == 1 else 's'}")
