"""Where the keys and values of a JSON text stand in it."""

import re
from collections.abc import Iterable
from json.decoder import scanstring  # type: ignore[attr-defined]  # the C string reader json itself uses; no stub

from reqlint._json import Span, Spans
from reqlint.pointer import Place

_TEXT = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_STRING = re.compile(_TEXT, re.DOTALL)
_BRACKET_OR_STRING = re.compile(_TEXT + r"|[{}\[\]]", re.DOTALL)
_SCALAR = re.compile(r"[^ \t\n\r,\]}]*")
_GAP = re.compile(r"[ \t\n\r,:]*")


def locate(text: str, start: int, places: Iterable[Place]) -> Spans:
    """
    Find the spans of the key and of the value at each of *places*, in one walk of the text.

    The text must be one that `read` or `scan` could read. Of duplicate keys the last is meant, as in `json.loads`. A
    place that is not there is left out.
    """
    wanted = set(places)
    towards = {place[:length] for place in wanted for length in range(len(place) + 1)}
    found: Spans = {}
    if towards:
        _walk(text, _end(_GAP, text, start), (), None, towards, found)
    return {place: found[place] for place in wanted if place in found}


def _walk(text: str, at: int, place: Place, key: Span | None, towards: set[Place], found: Spans) -> int:
    """Note the spans of the value at *at* and of those inside that are on the way; give the offset after it."""
    start, opener = at, text[at]
    if opener == "{" or opener == "[":
        at, index = _end(_GAP, text, at + 1), 0
        while text[at] not in "}]":
            step: str | int = index
            name: Span | None = None
            if opener == "{":
                step, after = scanstring(text, at + 1, True)
                name = (at, after)
                at = _end(_GAP, text, after)
            child = (*place, step)
            if child in towards:
                if child in found:  # a duplicate key: the last one is meant
                    for stale in [p for p in found if p[: len(child)] == child]:
                        del found[stale]
                at = _walk(text, at, child, name, towards, found)
            else:
                at = _skip(text, at)
            at, index = _end(_GAP, text, at), index + 1
        at += 1
    else:
        at = _skip(text, at)
    found[place] = (key, (start, at))
    return at


def _skip(text: str, at: int) -> int:
    """Give the offset after the value at *at*."""
    if text[at] == '"':
        return _end(_STRING, text, at)
    if text[at] not in "{[":
        return _end(_SCALAR, text, at)
    depth = 0
    for token in _BRACKET_OR_STRING.finditer(text, at):
        if token[0] in "{[":
            depth += 1
        elif token[0] in "}]":
            depth -= 1
            if not depth:
                return token.end()
    return len(text)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at
