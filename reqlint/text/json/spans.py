"""The spans of keys and values in a JSON text."""

import re
from collections.abc import Iterable, Sequence
from json import JSONDecoder
from json.decoder import scanstring  # type: ignore[attr-defined]  # the C string reader json itself uses; no stub
from typing import Any, Final

from reqlint.core.pointer import Place
from reqlint.text.flaws import UNREADABLE, Span, Spans

_TEXT = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_STRING = re.compile(_TEXT, re.DOTALL)
_BRACKET_OR_STRING = re.compile(_TEXT + r"|[{}\[\]]", re.DOTALL)
_SCALAR = re.compile(r"[^ \t\n\r,\]}]*")
_GAP = re.compile(r"[ \t\n\r,:]*")
_ESCAPED_LETTER = re.compile(r"\\u00[3-7]")  # or any other character that an identifier can have

_PLAIN_MEMBER = re.compile(r'"([^"\\]*+)"[ \t\n\r]*:[ \t\n\r]*("[^"\\]*+"|[^"{\[ \t\n\r,\]}]++)[ \t\n\r,]*')
"""A member whose key and value have no escape and nothing inside, with what is behind it."""

_read = JSONDecoder(strict=False).scan_once  # type: ignore[attr-defined]  # undocumented, like scanstring; no stub
_MANY = 64  # places; one walk through all of the text finds them sooner than a search for each
_MOST_KEYS_SOUGHT = 16  # in one text; each search reads all of it, and with more of them one walk is shorter
_MAX_DECODED = 1 << 20  # characters of a text whose values are decoded to skip them: fast, but takes memory
_HERE: Final = None

_Tree = dict[Any, Any]
"""
Places by their steps: a step leads to a subtree, or to a place that ends there if no other is below it. In a subtree,
`_HERE` leads to the place that ends where it begins.
"""


def locate(text: str, start: int, places: Iterable[Place], value: object = UNREADABLE) -> Spans:
    """
    Find the spans of the key and of the value at each of *places*, in one walk of the text from *start*.

    The text must be one that `read_json` or `scan` can read. Of duplicate keys the last is meant, as in `json.loads`.
    The result omits places that do not exist. With *value*, which must be the value of the text and have no duplicate
    keys, the walk is shorter.
    """
    walk = _SpanWalk(text, unique_keys=value is not UNREADABLE)
    left: Sequence[Place] = [*places]
    if walk.unique_keys and len(left) <= _MANY and ("\\" not in text or not _ESCAPED_LETTER.search(text)):
        trees, left = _find_anchors(text, left, value)
        for at, (key, tree) in trees.items():
            walk.visit(_end(_GAP, text, at + len(key)), tree, (at, at + len(key)))
    if left:
        tree = {}
        parent: Place = ()
        siblings = tree
        for place in left:
            if not place:
                tree[_HERE] = place
                continue
            if place[:-1] != parent:
                parent, siblings = place[:-1], _subtree(tree, place[:-1])
            _plant_here(siblings, place[-1], place)
        walk.visit(_end(_GAP, text, start), tree, None)
    return walk.found


def _find_anchors(
    text: str, places: Iterable[Place], value: object
) -> tuple[dict[int, tuple[str, _Tree]], list[Place]]:
    """
    Return trees of places below keys that occur once, by the offsets of the keys, and the other places.

    A key of *value* whose letters are not written as escapes must be in the text between quotes; if those characters
    occur only once, they are the key, and the walk can start there. Each key is looked for once, and only so many are.
    """
    trees: dict[int, tuple[str, _Tree]] = {}
    left = []
    sought: dict[str, int] = {}  # the offset of each key; -1 if that is not certain
    for place in places:
        if not _has(value, place):
            continue
        for length in range(len(place), 0, -1):
            step = place[length - 1]
            if step.__class__ is str and step.isidentifier() and step.isascii():
                key = f'"{step}"'
                at = sought.get(key)
                if at is None:
                    if len(sought) == _MOST_KEYS_SOUGHT:
                        continue
                    at = sought[key] = _only(key, text)
                if at >= 0:
                    _plant(trees.setdefault(at, (key, {}))[1], place[length:], place)
                    break
        else:
            left.append(place)
    return trees, left


def _only(key: str, text: str) -> int:
    """Return the offset of *key* in *text*; -1 if it is not there exactly once."""
    at = text.find(key)
    return at if at == text.rfind(key) else -1


def _has(value: Any, place: Place) -> bool:
    for step in place:
        if isinstance(value, dict):
            if step not in value:
                return False
        elif not isinstance(value, list) or not isinstance(step, int) or not 0 <= step < len(value):
            return False
        value = value[step]
    return True


def _plant(tree: _Tree, steps: Place, place: Place) -> None:
    """Add *place* to *tree*, at the end of *steps*."""
    if steps:
        _plant_here(_subtree(tree, steps[:-1]), steps[-1], place)
    else:
        tree[_HERE] = place


def _plant_here(tree: _Tree, step: str | int, place: Place) -> None:
    there = tree.get(step)
    if there.__class__ is dict:
        there[_HERE] = place
    else:
        tree[step] = place


def _subtree(tree: _Tree, steps: Place) -> _Tree:
    """Return the tree at the end of *steps*, which is made if there is none."""
    for step in steps:
        there = tree.get(step)
        if there is None:
            there = tree[step] = {}
        elif there.__class__ is tuple:
            there = tree[step] = {_HERE: there}
        tree = there
    return tree


class _SpanWalk:
    """One walk over a text; with *unique_keys*, when no key is duplicate, it ends as soon as everything is found."""

    def __init__(self, text: str, *, unique_keys: bool) -> None:
        self.text = text
        self.unique_keys = unique_keys
        self.found: Spans = {}
        self._order: list[Place] = []  # the places as they were found, some of them more than once
        self._found_in: dict[int, Span] = {}  # by the id of a tree: which of them were found at its last visit
        self._decodes = len(text) <= _MAX_DECODED

    def visit(self, at: int, tree: _Tree, key: Span | None) -> int:
        """Record the wanted spans in the value at *at*; return the offset after it, or -1 if the walk ended early."""
        text, start, found, unique_keys = self.text, at, self.found, self.unique_keys
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
                    if member := _PLAIN_MEMBER.match(text, at):
                        if (inner := tree.get(member[1])) is None:
                            at = member.end()
                            continue
                        if inner.__class__ is tuple:
                            found[inner] = ((at, member.end(1) + 1), member.span(2))
                            at = member.end()
                            if unique_keys:
                                left -= 1
                                if not left and not wanted:
                                    return -1
                            else:
                                self._order.append(inner)
                            continue
                    step, after = scanstring(text, at + 1, True)
                    name = (at, after)
                    at = _end(_GAP, text, after)
                if (inner := tree.get(step)) is None:
                    at = self.skip(at)
                else:
                    if inner.__class__ is tuple:
                        inner = tree[step] = {_HERE: inner}
                    if not unique_keys:
                        self._forget(inner)  # a duplicate key: the last one is meant
                    began, first, at = at, len(self._order), self.visit(at, inner, name)
                    if not unique_keys:
                        self._found_in[id(inner)] = (first, len(self._order))
                    left -= 1
                    if unique_keys and not left and not wanted:
                        return -1
                    at = at if at >= 0 else self.skip(began)
                at, index = _end(_GAP, text, at), index + 1
            at += 1
        if wanted:
            found[tree[_HERE]] = (key, (start, at))
            self._order.append(tree[_HERE])
        return at

    def _forget(self, tree: _Tree) -> None:
        """Drop the spans found at the last visit of *tree*, however many places it has."""
        for place in self._order[slice(*self._found_in.get(id(tree), (0, 0)))]:
            self.found.pop(place, None)

    def skip(self, at: int) -> int:
        """Return the offset after the value at *at*."""
        text = self.text
        if text[at] == '"':
            return _end(_STRING, text, at)
        if text[at] not in "{[":
            return _end(_SCALAR, text, at)
        if self._decodes:
            try:
                return int(_read(text, at)[1])
            except (ValueError, RecursionError):  # a number of thousands of digits, or too deep for the C decoder
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
