"""Syntax errors of PyYAML, in the words of reqlint."""

import re

import yaml

from reqlint.core.findings import Part
from reqlint.core.pointer import Place
from reqlint.text.flaws import Flaw, Span

_WORDS: tuple[tuple[str, str, str | None], ...] = (
    # the message of PyYAML (from either parser), then what was expected and what was found; None: the character
    (r"mapping values are not allowed", "quotes around a value that holds `: `", "a second `:`"),
    (r"character '(\t|\\t)'", "spaces; a tab cannot indent", "a tab"),
    (r"a tab character", "spaces; a tab cannot indent", "a tab"),
    (r"expected ',' or ']'", "`,` or `]`", None),
    (r"expected ',' or '}'", "`,` or `}`", None),
    (r"find expected ':'", "`:` after a key", None),
    (r"unexpected end of stream", "a closing quote", "the end of the text"),
    (r"unknown escape character", "a known escape such as `\\n`, or single quotes", None),
    (r"incompatible YAML document|version number", "a version of YAML 1, such as `%YAML 1.2`", "another one"),
    (r"duplicate", "each directive once", None),
    (r"expected escape sequence|Unicode character escape", "hexadecimal digits after the escape", None),
    (r"cannot start any token", "quotes around a value that starts with this character", None),
    (r"expected <block end>|expected key|expected '-'", "the same indentation and kind as the lines before", None),
    (r"node content", "a value", None),
    (r"document start", "`---` before another document", None),
    (r"undefined tag handle", "a tag that is declared", None),
    (r"block sequence entries are not allowed|sequence entries are not allowed", "a line break before `- `", None),
    (r"control characters|special characters", "characters that can be printed", None),
    (r"chomping or indentation", "a line break after `|` or `>`", None),
    (r"unexpected document", "a closing quote before the document ends", None),
)


def syntax_flaw(error: yaml.YAMLError, text: str, shift: int) -> Flaw:
    """
    Return the flaw of *text* that PyYAML raised *error* for, with the place where the broken construct began.

    *shift* is the offset in *text* where PyYAML started to read.
    """
    message = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "YAML")
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    at = (mark.index if mark else int(getattr(error, "position", 0))) + shift
    expected, found = next(
        ((expected, found) for pattern, expected, found in _WORDS if re.search(pattern, message)),
        ("something else here", None),
    )
    if "mapping values" in message and ":" not in text[text.rfind("\n", 0, at) + 1 : at]:
        expected, found = "the indentation of the lines above", "a key with another indentation"
    if at >= len(text):
        at = len(text.rstrip())
        span, found = (at, at), "the end of the text"
    else:
        span = (at, at) if text[at] in "\r\n" else (at, at + 1)
        if found is None:
            found = _describe(text[at])
    related: tuple[tuple[str, Place, Part, Span], ...] = ()
    opened = getattr(error, "context_mark", None)
    if opened and opened.index + shift < at:
        label = "opened here" if text[opened.index + shift] in "[{\"'" else "began here"
        related = ((label, (), Part.VALUE, (opened.index + shift, opened.index + shift + 1)),)
    return Flaw("invalid-yaml", span, {"expected": expected, "found": found}, related=related)


def _describe(character: str) -> str:
    if character in "\r\n":
        return "a line break"
    return f"`{character}`" if character.isascii() and character.isprintable() else f"U+{ord(character):04X}"
