"""Where the keys and values of a JSON text stand in it."""

import re
from collections.abc import Iterable
from json import JSONDecoder
from json.decoder import scanstring  # type: ignore[attr-defined]  # the C string reader json itself uses; no stub
from typing import Any, Final

from reqlint.core.pointer import Place
from reqlint.text.json.reader import UNREADABLE, Span, Spans

_TEXT = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_STRING = re.compile(_TEXT, re.DOTALL)
_BRACKET_OR_STRING = re.compile(_TEXT + r"|[{}\[\]]", re.DOTALL)
_SCALAR = re.compile(r"[^ \t\n\r,\]}]*")
_GAP = re.compile(r"[ \t\n\r,:]*")
_ESCAPED_LETTER = re.compile(r"\\u00[3-7]")  # of those that an identifier can have

_read = JSONDecoder(strict=False).scan_once  # type: ignore[attr-defined]  # undocumented, as the reader above; no stub
_MOST_READ = 1 << 20  # characters of a text in which values are read to be skipped: fast, but it takes their memory
_HERE: Final = None  # in a tree of places: the place itself is wanted

_Tree = dict[Any, Any]
"""Places by their steps: each step leads to another tree, `_HERE` to the place that ends there."""


def locate(text: str, start: int, places: Iterable[Place], value: object = UNREADABLE) -> Spans:
    """
    Find the spans of the key and of the value at each of *places*, in one walk of the text.

    The text must be one that `read` or `scan` could read. Of duplicate keys the last is meant, as in `json.loads`. A
    place that is not there is left out. Where *value* is given, it is what the text holds and no key is in it twice;
    then the walk is shorter.
    """
    walk = _Walk(text, certain=value is not UNREADABLE)
    left: Iterable[Place] = places
    if walk.certain and ("\\" not in text or not _ESCAPED_LETTER.search(text)):
        trees, left = _anchored(text, places, value)
        for at, (key, tree) in trees.items():
            walk.visit(_end(_GAP, text, at + len(key)), tree, (at, at + len(key)))
    if left:
        whole: _Tree = {}
        for place in left:
            _plant(whole, place, place)
        walk.visit(_end(_GAP, text, start), whole, None)
    return walk.found


def _anchored(text: str, places: Iterable[Place], value: object) -> tuple[dict[int, tuple[str, _Tree]], list[Place]]:
    """
    Give the places that can be walked to from a key that is written only once, by where it is, and the others.

    A key that *value* has, and whose letters are not written as escapes, is somewhere in the text between quotes; so
    where that stands only once, it is the key.
    """
    trees: dict[int, tuple[str, _Tree]] = {}
    left = []
    for place in places:
        if not _is_in(value, place):
            continue
        for length in range(len(place), 0, -1):
            step = place[length - 1]
            if step.__class__ is str and step.isidentifier() and step.isascii():
                key = f'"{step}"'
                at = text.find(key)
                if at == text.rfind(key):
                    _plant(trees.setdefault(at, (key, {}))[1], place[length:], place)
                    break
        else:
            left.append(place)
    return trees, left


def _is_in(value: Any, place: Place) -> bool:
    for step in place:
        if isinstance(value, dict):
            if step not in value:
                return False
        elif not isinstance(value, list) or not isinstance(step, int) or not 0 <= step < len(value):
            return False
        value = value[step]
    return True


def _plant(tree: _Tree, steps: Place, place: Place) -> None:
    for step in steps:
        tree = tree.setdefault(step, {})
    tree[_HERE] = place


class _Walk:
    """One walk over a text; *certain* when no key is twice in an object, so that it ends where all is found."""

    def __init__(self, text: str, *, certain: bool) -> None:
        self.text = text
        self.certain = certain
        self.found: Spans = {}
        self._reads = len(text) <= _MOST_READ

    def visit(self, at: int, tree: _Tree, key: Span | None) -> int:
        """Note the spans of the value at *at* and of those inside; give the offset after it, -1 if nobody asked."""
        text, start = self.text, at
        wanted = _HERE in tree
        left = len(tree) - wanted
        opener = text[at]
        if not left or (opener != "{" and opener != "["):
            at = self.skip(at)
        else:
            in_object, index = opener == "{", 0
            at = _end(_GAP, text, at + 1)
            while text[at] not in "}]":
                step: str | int = index
                name: Span | None = None
                if in_object:
                    step, after = scanstring(text, at + 1, True)
                    name = (at, after)
                    at = _end(_GAP, text, after)
                if (inner := tree.get(step)) is None:
                    at = self.skip(at)
                else:
                    if not self.certain:
                        self._forget(inner)  # a duplicate key: the last one is meant
                    began, at = at, self.visit(at, inner, name)
                    left -= 1
                    if self.certain and not left and not wanted:
                        return -1
                    at = at if at >= 0 else self.skip(began)
                at, index = _end(_GAP, text, at), index + 1
            at += 1
        if wanted:
            self.found[tree[_HERE]] = (key, (start, at))
        return at

    def _forget(self, tree: _Tree) -> None:
        for step, inner in tree.items():
            if step is _HERE:
                self.found.pop(inner, None)
            else:
                self._forget(inner)

    def skip(self, at: int) -> int:
        """Give the offset after the value at *at*."""
        text = self.text
        if text[at] == '"':
            return _end(_STRING, text, at)
        if text[at] not in "{[":
            return _end(_SCALAR, text, at)
        if self._reads:
            try:
                return int(_read(text, at)[1])
            except (ValueError, RecursionError):  # a number of thousands of digits, or nested beyond what C follows
                pass
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
