"""
JSON that is still being typed, read as far as it stands.

The text is copied with as few changes as make it JSON: what is open is closed, a missing comma or value is put in, and
what nobody can read is blanked. The copy can be read, judged and located like any other text, and an `OffsetMap` leads
back. Whatever the changes guess at is remembered as not certain, so that nobody takes it for what the author wrote.
"""

import re
from typing import NamedTuple

from reqlint.core.pointer import Place
from reqlint.core.records import dataclass, field
from reqlint.text.flaws import Span
from reqlint.text.half_typed import OffsetMap, Uncertain
from reqlint.text.json.mended_copy import MendedCopy
from reqlint.text.json.reader import MAX_DEPTH, STRICT

_scan_once = STRICT.scan_once  # type: ignore[attr-defined]  # decodes from an offset; no stub
_TOKEN = re.compile(
    r"(?P<blank>[ \t\r\n\ufeff]+|//[^\n]*|/\*.*?(?:\*/|\Z))"
    r'|(?P<string>"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+")'
    r'|(?P<broken>"(?:[^"\\\n]|\\[^\n])*+"?)'
    r"|(?P<sign>[{}\[\],:])"
    r'|(?P<word>[^\s{}\[\],:"]+)',
    re.DOTALL,
)
_SCALAR = re.compile(r"(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)\Z")
_BARE_KEY = re.compile(r"[A-Za-z_$][\w$-]*\Z", re.ASCII)
_COLON = re.compile(r"[ \t\r\n]*:")
_TRIES = 24  # containers that are read the fast way in vain
_MOST_LINES = 16  # whose rest is given up before everything after the first is


class Mended(NamedTuple):
    """The readable copy of a text that is still being typed."""

    text: str
    offsets: OffsetMap
    uncertain: Uncertain


def mend(text: str, start: int = 0) -> Mended | None:
    """
    Return a copy of *text* that is JSON from *start* on; None if there is no value in it.

    Never raises, whatever the text is. What stands before the first mistake is in the copy as it is.
    """
    given_up: list[Span] = []
    for _ in range(2 * _MOST_LINES):
        mender = _Mender(text, start, given_up, MendedCopy(text))
        try:
            return mender.mend()
        except _LineLost as lost:
            if len(given_up) >= _MOST_LINES:
                given_up = [(min([lost.span[0], *(span[0] for span in given_up)]), len(text))]
            else:
                given_up = sorted([*given_up, lost.span])
        except _TooDeep:
            return None
    return None


class _LineLost(Exception):
    """Two mistakes in one line: what comes after the first of them is anybody's guess."""

    def __init__(self, span: Span) -> None:
        super().__init__(span)
        self.span = span


class _TooDeep(Exception):
    """There is no use in reading what nests so deeply."""


@dataclass(slots=True)
class _Open:
    """An object or array that is being read."""

    is_object: bool
    state: str  #: what comes next: a ``key``, a ``colon``, a ``value``, or the ``end`` or a comma
    key: str = ""
    count: int = 0  #: items so far
    comma: int = -1  #: number of the piece that is the comma before what comes next
    last: int = -1  #: offset at which the last value ended

    @property
    def step(self) -> str | int:
        return self.key if self.is_object else self.count


@dataclass(slots=True)
class _Mender:
    """One pass over a text; *given_up* are stretches that are blanked."""

    text: str
    start: int
    given_up: list[Span]
    copy: MendedCopy
    stack: list[_Open] = field(default_factory=list)
    open: set[Place] = field(default_factory=set)
    unknown: set[Place] = field(default_factory=set)
    half_keys: set[Place] = field(default_factory=set)
    tries: int = _TRIES
    done: bool = False  # the root value has ended
    mistake: int = -1  # offset of the last one

    def mend(self) -> Mended | None:
        at, text, size = self.start, self.text, len(self.text)
        waiting = iter([*self.given_up, (size, size)])
        stop, resume = next(waiting)
        while at < size:
            if at >= stop:
                self.copy.blank(stop, resume)
                self._doubt_all()
                at, (stop, resume) = max(at, resume), next(waiting, (size, size))
                continue
            token = _TOKEN.match(text, at, size)
            if token is None or token.lastgroup is None:  # nothing else is left to match but a lone quote or NUL
                self._mistake(at)
                self.copy.blank(at, at + 1)
                at += 1
                continue
            end = min(token.end(), stop)
            if token.lastgroup == "blank" or end < token.end():
                self.copy.blank(at, end)
            else:
                end = self._take(token.lastgroup, token[0], at, end)
            at = end
        if not self.done and not self.stack:
            return None
        while self.stack:
            self.open.add(self._place_of_top())
            self._close(size)
        return self._result()

    # -------------------------------------------------------------------------------------------------------- tokens

    def _take(self, kind: str, seen: str, at: int, end: int) -> int:
        if self.done:
            self._after_the_end(at, end)
            return end
        top = self.stack[-1] if self.stack else None
        if kind == "sign" and seen in "}]":
            self._closer(seen, at, end)
        elif seen == "," and kind == "sign":
            self._comma(at, end)
        elif seen == ":" and kind == "sign":
            self._colon(at, end)
        elif top is not None and top.is_object:
            return self._in_object(top, kind, seen, at, end)
        else:
            if top is not None and top.state == "end":
                self._no_comma(top, at)
            return self._value(kind, seen, at, end)
        return end

    def _in_object(self, top: _Open, kind: str, seen: str, at: int, end: int) -> int:
        is_key = kind in ("string", "broken") and _COLON.match(self.text, end) is not None
        if top.state == "end":
            if kind not in ("string", "broken") and not (kind == "word" and _COLON.match(self.text, end)):
                self._mistake(at)
                if kind == "word":
                    self._doubt_last(top)
                    self.copy.blank(at, end)
                    return end
            self._no_comma(top, at)
        elif top.state == "colon":
            if is_key:  # the key before has neither colon nor value yet
                self._mistake(at)
                self._half_member(at)
                self._no_comma(top, at)
            else:
                self._mistake(at)
                self.copy.put(":", at)
                top.state = "value"
        elif top.state == "value" and is_key:  # the value of the key before is not there yet
            self._mistake(at)
            self._no_value(at)
            self._no_comma(top, at)
        if top.state == "key":
            return self._key(top, kind, seen, at, end)
        return self._value(kind, seen, at, end)

    def _key(self, top: _Open, kind: str, seen: str, at: int, end: int) -> int:
        top.state = "colon"
        if kind == "string":
            top.key = _scan_once(self.text, at)[0]
            self.copy.copy(at, end)
            self.unknown.discard(self._place())  # the second of two keys of one name decides
            self.half_keys.discard(self._place())
            return end
        self._mistake(at)
        if kind == "word" and _BARE_KEY.match(seen):
            top.key = seen
            self.copy.put(f'"{seen}"', at, end)
        elif kind == "broken":
            top.key = "".join(re.findall(r"[\w.-]+", seen))[:64]
            self.copy.put(f'"{top.key}"', at, end)
        else:
            top.key = ""
            self.copy.put('""', at)
            end = at if kind == "sign" else end
            if kind != "sign":
                self.copy.blank(at, end)
        self._half_key()
        return end

    def _value(self, kind: str, seen: str, at: int, end: int) -> int:
        if kind == "sign":
            return self._container(seen, at)
        place = self._place()
        if kind == "string":
            self.copy.copy(at, end)
        elif kind == "word" and _SCALAR.match(seen):
            self.copy.copy(at, end)
            if end == len(self.text) and seen not in ("true", "false", "null"):  # more digits may follow
                self.unknown.add(place)
        else:
            self._mistake(at)
            self.copy.put('""' if kind == "broken" else "null", at, end)
            self.unknown.add(place)
        self._ended(end)
        return end

    def _container(self, seen: str, at: int) -> int:
        if self.tries and not any(at < begin for begin, _ in self.given_up):
            try:
                _, end = _scan_once(self.text, at)
            except (ValueError, StopIteration, RecursionError):
                self.tries -= 1
            else:
                if self.text.count("{", at, end) + self.text.count("[", at, end) <= MAX_DEPTH - len(self.stack):
                    self.copy.copy(at, end)
                    self._ended(end)
                    return int(end)
        if len(self.stack) >= MAX_DEPTH:
            raise _TooDeep
        self.copy.copy(at, at + 1)
        self.stack.append(_Open(seen == "{", "key" if seen == "{" else "value"))
        return at + 1

    def _closer(self, seen: str, at: int, end: int) -> None:
        is_object = seen == "}"
        inner = next((n for n, each in enumerate(reversed(self.stack)) if each.is_object == is_object), None)
        if inner is None:
            self._mistake(at)
            self._doubt_all()
            self.copy.blank(at, end)
            return
        if inner:
            self._mistake(at)
            for _ in range(inner):
                self.open.add(self._place_of_top())
                self._close(at)
            self.open.add(self._place_of_top())
        self._close(at, end)

    def _comma(self, at: int, end: int) -> None:
        top = self.stack[-1] if self.stack else None
        if top is None or (top.state in ("key", "value") and not (top.is_object and top.state == "value")):
            self._mistake(at)
            self.copy.blank(at, end)
            return
        if top.state == "colon":
            self._mistake(at)
            self._half_member(at)
        elif top.state == "value":
            self._mistake(at)
            self._no_value(at)
        top.comma = self.copy.copy(at, end)
        top.state = "key" if top.is_object else "value"

    def _colon(self, at: int, end: int) -> None:
        top = self.stack[-1] if self.stack else None
        if top is None or not top.is_object or top.state in ("value", "end"):
            self._mistake(at)
            if top is not None:
                self._doubt_last(top)
            self.copy.blank(at, end)
            return
        if top.state == "key":
            self._mistake(at)
            self.copy.put('""', at)
            top.key = ""
            self._half_key()
        self.copy.copy(at, end)
        top.state = "value"

    def _after_the_end(self, at: int, end: int) -> None:
        self._mistake(at)
        self.open.add(())
        self.copy.blank(at, end)

    # ------------------------------------------------------------------------------------------------------- mending

    def _no_comma(self, top: _Open, at: int) -> None:
        """Put in the comma that is missing before what stands at *at*."""
        if top.state == "end" and "\n" not in self.text[top.last : at]:
            self._mistake(at)
            self._doubt_last(top)
        top.comma = self.copy.put(",", at)
        top.state = "key" if top.is_object else "value"

    def _half_member(self, at: int) -> None:
        """Put a value behind a key that stands alone, and may be half a key."""
        self.copy.put(":null", at)
        self._half_key()
        self._ended(at)

    def _half_key(self) -> None:
        place = self._place()
        self.unknown.add(place)
        self.half_keys.add(place)
        self.open.add(place[:-1])

    def _no_value(self, at: int) -> None:
        self.copy.put("null", at)
        self.unknown.add(self._place())
        self._ended(at)

    def _close(self, at: int, end: int | None = None) -> None:
        """Close the innermost container; with *end*, by the sign that stands at *at*."""
        top = self.stack[-1]
        if top.state == "colon":
            self._mistake(at)
            self._half_member(at)
        elif top.is_object and top.state == "value":
            self._mistake(at)
            self._no_value(at)
        elif top.state in ("key", "value") and top.comma >= 0:
            self._mistake(at)
            self.copy.take_back(top.comma)
            self.open.add(self._place_of_top())
        self.stack.pop()
        if end is None:
            self.copy.put("}" if top.is_object else "]", at)
        else:
            self.copy.copy(at, end)
        self._ended(at if end is None else end)

    def _ended(self, at: int) -> None:
        """Note that a value ended at *at*."""
        if not self.stack:
            self.done = True
            return
        top = self.stack[-1]
        top.state, top.comma, top.last = "end", -1, at
        top.count += 1

    def _mistake(self, at: int) -> None:
        """Note a mistake; the second one in a line ends the reading of that line."""
        before, self.mistake = self.mistake, at
        if 0 <= before < at and before < len(self.text) and "\n" not in self.text[before:at] and at < len(self.text):
            end = self.text.find("\n", before)
            raise _LineLost((before, end if end >= 0 else len(self.text)))

    def _doubt_last(self, top: _Open) -> None:
        """Note that the value before this place may have another end."""
        self.unknown.add((*self._place_of_top(), top.key if top.is_object else max(0, top.count - 1)))

    def _doubt_all(self) -> None:
        """Note that whatever is open here may have more in it."""
        place = self._place_of_top()
        self.open.update(place[:length] for length in range(len(place) + 1))
        if self.stack:
            self._doubt_last(self.stack[-1])

    def _place(self) -> Place:
        """Return the place of the value that comes next."""
        return tuple(each.step for each in self.stack)

    def _place_of_top(self) -> Place:
        """Return the place of the innermost container."""
        return tuple(each.step for each in self.stack[:-1])

    def _result(self) -> Mended:
        uncertain = Uncertain(*map(frozenset, (self.open, self.unknown, self.half_keys)))
        return Mended(*self.copy.result(), uncertain)
