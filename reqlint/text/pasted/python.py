"""
Python literals, and calls of which every argument is one, with the place of each of their parts.

A small reader of our own, not `ast`: it needs no more stack for deep nesting and no more memory for long text than JSON
does, gives places in characters, and knows nothing that could run.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from math import inf, nan
from typing import Any, NamedTuple

from reqlint.core.json_values import MAX_DEPTH
from reqlint.core.pointer import Place
from reqlint.text.flaws import Span, Spans

_STRING = re.compile(
    r"(?P<prefix>[A-Za-z]{0,2})(?:"
    r"'''(?P<long1>(?:[^\\']++|\\.|'(?!''))*+)'''|\"\"\"(?P<long2>(?:[^\\\"]++|\\.|\"(?!\"\"))*+)\"\"\""
    r"|'(?!'')(?P<one>(?:[^\\'\n]++|\\.)*+)'|\"(?!\"\")(?P<two>(?:[^\\\"\n]++|\\.)*+)\")",
    re.DOTALL,
)
_STRING_START = re.compile(r"[A-Za-z]{0,2}['\"]")
_NUMBER = re.compile(
    r"0[xX](?:_?[0-9a-fA-F])++|0[oO](?:_?[0-7])++|0[bB](?:_?[01])++"
    r"|(?:[0-9](?:_?[0-9])*+)?\.[0-9](?:_?[0-9])*+(?:[eE][-+]?[0-9](?:_?[0-9])*+)?[jJ]?"
    r"|[0-9](?:_?[0-9])*+\.?(?:[eE][-+]?[0-9](?:_?[0-9])*+)?[jJ]?"
)
_NAME = re.compile(r"[^\W\d]\w*(?:[ \t]*\.[ \t]*[^\W\d]\w*)*+")
_GAP = re.compile(r"(?:[ \t\r\n\f]++|#[^\n]*+|\\\r?\n)*+")
_OPENING = re.compile(
    r"(?:(?:[^\W\d]\w{0,80}\.){0,9}[^\W\d]\w{0,80}(?:[ \t]*:[ \t]*[\w.\[\], ]{1,80})?[ \t]*=(?!=)[ \t]*|return[ \t]+)?"
    r"(?:await[ \t]+)?"
)
_ESCAPE = re.compile(
    r"\\(?:(?P<line>\r?\n)|x(?P<x>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})|U(?P<U>[0-9a-fA-F]{8})"
    r"|N\{(?P<name>[^}\n]{1,200})\}|(?P<octal>[0-7]{1,3})|(?P<bad>[xuUN])|(?P<one>.))",
    re.DOTALL,
)
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", "'": "'", '"': '"'}
_CONSTANTS: dict[str, object] = {"True": True, "False": False, "None": None, "nan": nan, "inf": inf, "Ellipsis": ...}
_SDK_ONLY = frozenset({"extra_headers", "extra_query", "timeout"})
_MOST_GROUPS = 20
_Tree = dict[Any, Any]


class NotLiteral(Exception):
    """What stands at the offset *at* is not a literal; *what* says in words what it is."""

    def __init__(self, at: int, what: str) -> None:
        super().__init__(what)
        self.at = at
        self.what = what


class Literal(NamedTuple):
    """What a text in Python says."""

    value: object  #: tuples are lists, and keys are strings, as in the JSON that would be sent
    start: int
    end: int
    call: str = ""  #: the name that is called, such as ``client.chat.completions.create``


def read_literal(text: str, at: int = 0) -> Literal:
    """
    Read the literal at *at*, without what may stand around it.

    Raises:
        NotLiteral: it is none.
    """
    return _read(text, at, None, statement=False)


def read_statement(text: str) -> Literal:
    """
    Read *text*, which is one literal or one call with keyword arguments, perhaps assigned to a name.

    Raises:
        NotLiteral: it is something else.
    """
    start = _end(_GAP, text, 0)
    literal = _read(text, _end(_OPENING, text, start), None, statement=True)
    rest = _end(_GAP, text, literal.end)
    if rest < len(text):
        raise NotLiteral(rest, "more than one literal")
    return literal


def locate_in_literal(text: str, literal: Literal, places: Iterable[Place]) -> Spans:
    """Find the spans of the key and the value at each of *places* in a literal that was read from *text*."""
    tree: _Tree = {}
    for place in places:
        inner = tree
        for step in place:
            inner = inner.setdefault(step, {})
        inner[None] = place
    found: Spans = {}
    _read(text, literal.start, (tree, found), statement=bool(literal.call))
    return found


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


_Wanted = tuple[_Tree, Spans] | None


def _read(text: str, at: int, wanted: _Wanted, *, statement: bool) -> Literal:
    reader = _LiteralReader(text, {} if wanted is None else wanted[1])
    tree = wanted[0] if wanted else None
    try:
        name = _NAME.match(text, at) if statement and not _STRING_START.match(text, at) else None
        if name and text.startswith("(", opened := _end(_GAP, text, name.end())):
            value, end = reader.call(opened + 1, tree, 0, sdk=name[0] != "dict")
            reader.note(tree, None, (at, end))
            return Literal(value, at, end, "".join(name[0].split()))
        value, end = reader.value(at, tree, None, 0)
        return Literal(value, at, end)
    except RecursionError:
        raise NotLiteral(at, "more levels than are read") from None


class _LiteralReader:
    def __init__(self, text: str, found: Spans) -> None:
        self.text = text
        self.found = found
        self.groups = 0  # parentheses that are open

    def note(self, tree: _Tree | None, key: Span | None, span: Span) -> None:
        if tree and None in tree:
            self.found[tree[None]] = (key, span)

    def gap(self, at: int) -> int:
        return _end(_GAP, self.text, at)

    def value(self, at: int, tree: _Tree | None, key: Span | None, depth: int) -> tuple[Any, int]:
        """Read the value at *at*; return it and the offset after it."""
        text, first = self.text, self.text[at : at + 1]
        value: object
        if depth > MAX_DEPTH:
            raise NotLiteral(at, "more levels than are read")
        if first == "{":
            value, end = self.braces(at + 1, tree, depth + 1)
        elif first == "[":
            value, end, _ = self.items(at + 1, "]", tree, depth + 1)
        elif first == "(":
            value, end = self.parentheses(at + 1, tree, key, depth + 1)
        elif _STRING_START.match(text, at):
            value, end = self.strings(at)
        elif first and (first in "0123456789" or (first == "." and text[at + 1 : at + 2].isdigit())):
            value, end = self.number(at)
        elif first in ("-", "+"):
            inner = self.gap(at + 1)
            number = re.match(r"[0-9.]|inf\b|nan\b", text[inner : inner + 4])
            if not number:
                raise NotLiteral(at, "an expression")
            value, end = self.value(inner, None, None, depth)
            value = -value if first == "-" else value  # type: ignore[operator]  # a number, as was just seen
        elif text.startswith("...", at):
            value, end = ..., at + 3
        elif name := _NAME.match(text, at):
            value, end = self.named(name, tree, depth)
        else:
            raise NotLiteral(at, "the end of the text" if not first else f"`{first}`")
        self.note(tree, key, (at, end))
        return value, end

    def named(self, name: re.Match[str], tree: _Tree | None, depth: int) -> tuple[object, int]:
        after = self.gap(name.end())
        if self.text.startswith("(", after):
            if name[0] == "dict":
                return self.call(after + 1, tree, depth + 1, sdk=False)
            raise NotLiteral(name.start(), "a call inside of the literal")
        if name[0] in _CONSTANTS:
            return _CONSTANTS[name[0]], name.end()
        raise NotLiteral(name.start(), "a name whose value is not in the text")

    def number(self, at: int) -> tuple[object, int]:
        match = _NUMBER.match(self.text, at)
        if match is None or self.text[match.end() : match.end() + 1].isalnum():
            raise NotLiteral(at, "a number that Python does not read")
        written = match[0].replace("_", "")
        try:
            if written[-1] in "jJ":
                return complex(written), match.end()
            if written[:2].lower() in ("0x", "0o", "0b"):
                return int(written, 0), match.end()
            if written.isdigit():
                if written[0] == "0" and written.strip("0"):
                    raise NotLiteral(at, "a number that Python does not read")
                return int(written), match.end()
            return float(written), match.end()
        except ValueError:  # of thousands of digits
            raise NotLiteral(at, "a number of thousands of digits") from None

    def strings(self, at: int) -> tuple[object, int]:
        """Read strings side by side as one."""
        texts: list[str] = []
        kinds: set[bool] = set()
        end = at
        while _STRING_START.match(self.text, at):
            match = _STRING.match(self.text, at)
            if match is None:
                raise NotLiteral(at, "a string that does not end")
            prefix = match["prefix"].lower()
            if prefix not in ("", "r", "u", "b", "br", "rb"):
                what = "an f-string, whose value is not in the text" if "f" in prefix else "a string of another kind"
                raise NotLiteral(at, what)
            written = match["long1"] or match["long2"] or match["one"] or match["two"] or ""
            if "\r" in written:
                written = written.replace("\r\n", "\n").replace("\r", "\n")
            is_bytes = "b" in prefix
            kinds.add(is_bytes)
            if "\\" in written and "r" not in prefix:
                written = _ESCAPE.sub(_unescaped(at, is_bytes=is_bytes), written)
            if is_bytes and not written.isascii() and "\\" not in match[0]:
                raise NotLiteral(at, "bytes with other characters than ASCII")
            texts.append(written)
            end = match.end()
            at = self.gap(end)
        if len(kinds) > 1:
            raise NotLiteral(at, "bytes beside a string")
        joined = "".join(texts)
        return joined.encode("latin-1", "replace") if kinds == {True} else joined, end

    def items(self, at: int, closer: str, tree: _Tree | None, depth: int) -> tuple[list[object], int, bool]:
        """Read values up to *closer*; return them, the offset after it, and whether the last has a comma."""
        values: list[object] = []
        comma = False
        at = self.gap(at)
        while not self.text.startswith(closer, at):
            value, at = self.value(at, tree.get(len(values)) if tree else None, None, depth)
            values.append(value)
            at, comma = self.comma(at, closer)
        return values, at + 1, comma

    def comma(self, at: int, closer: str) -> tuple[int, bool]:
        at = self.gap(at)
        if self.text.startswith(",", at):
            return self.gap(at + 1), True
        if not self.text.startswith(closer, at):
            raise NotLiteral(at, "an expression" if at < len(self.text) else "the end of the text")
        return at, False

    def parentheses(self, at: int, tree: _Tree | None, key: Span | None, depth: int) -> tuple[object, int]:
        first = self.gap(at)
        if self.text.startswith(")", first):
            return [], first + 1
        self.groups += 1
        if self.groups > _MOST_GROUPS:  # with places wanted, each is read once more
            raise NotLiteral(at, "more levels than are read")
        value, after = self.value(first, None, None, depth)
        closing = self.gap(after)
        is_group = self.text.startswith(")", closing)  # around one value, which it leaves as it is
        if is_group and tree:
            self.value(first, tree, key, depth)
        self.groups -= 1
        if is_group:
            return value, closing + 1
        if tree is None:  # the first one need not be read again
            at, _ = self.comma(after, ")")
            rest, end, _ = self.items(at, ")", None, depth)
            return [value, *rest], end
        values, end, _ = self.items(at, ")", tree, depth)
        return values, end

    def braces(self, at: int, tree: _Tree | None, depth: int) -> tuple[object, int]:
        members: dict[str, object] = {}
        at = self.gap(at)
        while not self.text.startswith("}", at):
            if self.text.startswith("**", at):
                inner, at = self.value(self.gap(at + 2), tree, None, depth)
                if not isinstance(inner, dict):
                    raise NotLiteral(at, "an expression")
                members.update(inner)
            else:
                began = at
                key, at = self.value(at, None, None, depth)
                span = (began, at)
                at = self.gap(at)
                if not self.text.startswith(":", at):
                    return self.set_after(at, depth)
                name = _key(key, began)
                value, at = self.value(self.gap(at + 1), self.member(tree, name), span, depth)
                members[name] = value
            at, _ = self.comma(at, "}")
        return members, at + 1

    def member(self, tree: _Tree | None, name: str) -> _Tree | None:
        inner = tree.get(name) if tree else None
        if inner:
            self.forget(inner)  # of equal keys the last one counts
        return inner

    def forget(self, tree: _Tree) -> None:
        for step, inner in tree.items():
            if step is None:
                self.found.pop(inner, None)
            else:
                self.forget(inner)

    def set_after(self, at: int, depth: int) -> tuple[object, int]:
        """Read the rest of a set, whose first item ended at *at*; its items do not matter, as JSON has no sets."""
        at, _ = self.comma(at, "}")
        _, end, _ = self.items(at, "}", None, depth)
        return set(), end

    def call(self, at: int, tree: _Tree | None, depth: int, *, sdk: bool) -> tuple[dict[str, object], int]:
        """Read the keyword arguments of a call; of an SDK's, those that it sends and the members of *extra_body*."""
        members: dict[str, object] = {}
        extra: list[tuple[int, Any]] = []
        at = self.gap(at)
        while not self.text.startswith(")", at):
            if self.text.startswith("**", at):
                inner, at = self.value(self.gap(at + 2), tree, None, depth)
            elif (name := _NAME.match(self.text, at)) and self.equals(name.end()):
                value_at = self.gap(self.gap(name.end()) + 1)
                key = name[0]
                if sdk and key == "extra_body":
                    value, at = self.value(value_at, None, None, depth)
                    if isinstance(value, dict):
                        extra.append((value_at, value))
                        at, _ = self.comma(at, ")")
                        continue
                elif sdk and key in _SDK_ONLY:
                    _, at = self.value(value_at, None, None, depth)
                    at, _ = self.comma(at, ")")
                    continue
                else:
                    value, at = self.value(value_at, self.member(tree, key), name.span(), depth)
                members[key] = value
                at, _ = self.comma(at, ")")
                continue
            elif sdk:
                raise NotLiteral(at, "an argument without a name")
            else:
                inner, at = self.value(at, tree, None, depth)
            if not isinstance(inner, dict):
                raise NotLiteral(at, "an argument without a name")
            members.update(inner)
            at, _ = self.comma(at, ")")
        for place, value in extra:
            members.update(value)
            if tree:
                self.value(place, {step: inner for step, inner in tree.items() if step in value}, None, depth)
        return members, at + 1

    def equals(self, at: int) -> bool:
        at = self.gap(at)
        return self.text.startswith("=", at) and not self.text.startswith("==", at)


def _unescaped(at: int, *, is_bytes: bool) -> Callable[[re.Match[str]], str]:
    def unescape(match: re.Match[str]) -> str:
        if match["line"]:
            return ""
        if code := match["x"]:
            return chr(int(code, 16))
        if octal := match["octal"]:
            return chr(int(octal, 8))
        if is_bytes and (match["u"] or match["U"] or match["name"] or match["bad"] in ("u", "U", "N")):
            return match[0]
        if code := match["u"] or match["U"]:
            if int(code, 16) > 0x10FFFF:
                raise NotLiteral(at, "an escape that Python does not read")
            return chr(int(code, 16))
        if match["name"]:
            try:
                return unicodedata.lookup(match["name"])
            except KeyError:
                raise NotLiteral(at, "an escape that Python does not read") from None
        if match["bad"]:
            raise NotLiteral(at, "an escape that Python does not read")
        return _LETTERS.get(match["one"], match[0])

    return unescape


def _key(key: object, at: int) -> str:
    """Return a key as JSON writes it."""
    if isinstance(key, str):
        return key
    if key is None or isinstance(key, bool):
        return {True: "true", False: "false", None: "null"}[key]
    if isinstance(key, int):
        return int.__repr__(key)
    if isinstance(key, float):
        return float.__repr__(key)
    raise NotLiteral(at, "a key that JSON does not have")
