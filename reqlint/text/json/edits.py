"""Splices that write changes of a value into a JSON text or a flow collection of YAML, and leave the rest untouched."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from json import dumps

from reqlint.core.pointer import Place, value_at
from reqlint.text.changes import Add, Change, Quote, Remove, Rename, Replace, Unwrap, Wrap
from reqlint.text.flaws import Span, Spans

Splice = tuple[int, int, str]
"""The start and end of a stretch of the text, and the text that replaces it."""

_BLANK = re.compile(r"[ \t\r\n]*")
_SEPARATOR = re.compile(r"[ \t\r\n]*,[ \t\r\n]*")


class Unwritable(Exception):
    """The change cannot be written without touching other parts of the text."""


def needed_places(root: object, changes: Iterable[Change], *, around: bool = True) -> set[Place]:
    """Return all places whose spans `Flow` needs for *changes*; with *around*, also those that YAML blocks need."""
    places: set[Place] = set()
    for change in changes:
        place = change.place
        places.add(place)
        if around:
            places.add(place[:-1])
        if isinstance(change, Remove):
            places |= {(*place[:-1], key) for key in _key_and_next(root, place)}
        elif isinstance(change, Add | Wrap | Unwrap):
            places |= set(children(root, place))
    return places


def children(root: object, place: Place) -> list[Place]:
    """Return the places directly inside the value at *place*."""
    value = value_at(root, place)
    keys: Iterable[str | int] = value if isinstance(value, dict) else ()
    if isinstance(value, list):
        keys = range(len(value))
    return [(*place, key) for key in keys]


def _key_and_next(root: object, place: Place) -> Iterator[str]:
    """Yield the key at *place* and the key after it."""
    around = value_at(root, place[:-1])
    if isinstance(around, dict) and place[-1] in around:
        keys = list(around)
        yield from islice(keys, keys.index(str(place[-1])), keys.index(str(place[-1])) + 2)


class Flow:
    """
    Writes changes between braces and brackets, with the spacing of the text around them.

    Args:
        text: the text of the document.
        spans: the spans of the `needed_places`.
        root: the value of the document, without duplicate keys.
        is_yaml: whether keys and words may stand without quotes.
    """

    def __init__(self, text: str, spans: Spans, root: object, *, is_yaml: bool = False) -> None:
        self.text = text
        self.spans = spans
        self.root = root
        self.is_yaml = is_yaml

    def splices(self, change: Change) -> list[Splice]:
        """
        Return the splices that make *change*, in the order of the text.

        Raises:
            Unwritable: the change cannot be written here.
        """
        if isinstance(change, Rename):
            start, end = self.key_span(change.place)
            return [(start, end, self.word(change.key, self.text[start:end]))]
        if isinstance(change, Replace):
            return [self._replace(change)]
        if isinstance(change, Remove):
            return [self._remove(change.place)]
        if isinstance(change, Add):
            return [self._add(change)]
        if isinstance(change, Wrap):
            return self._wrap(change)
        if isinstance(change, Unwrap):
            return self._unwrap(change.place)
        raise Unwritable

    def span(self, place: Place) -> Span:
        """Return the span of the value at *place*; raise `Unwritable` if there is none."""
        if place not in self.spans:
            raise Unwritable
        return self.spans[place][1]

    def key_span(self, place: Place) -> Span:
        """Return the span of the key at *place*; raise `Unwritable` if there is none."""
        key = self.spans[place][0] if place in self.spans else None
        if key is None:
            raise Unwritable
        return key

    def word(self, word: str, like: str) -> str:
        """Write a key or word with the quotes that *like* has."""
        if self.is_yaml and like[:1] not in ('"', "'") and _WORD.match(word):
            return word
        return f"'{word}'" if like[:1] == "'" and _WORD.match(word) else write_json(word)

    def _replace(self, change: Replace) -> Splice:
        start, end = self.span(change.place)
        if isinstance(change.value, str):
            return start, end, self.word(change.value, self.text[start:end])
        return start, end, write_json(change.value)

    def _remove(self, place: Place) -> Splice:
        value = self.span(place)
        key = self.spans[place][0] or value
        before, after = self._last_before(key[0]), self._next_from(value[1])
        if self.text[after] == ",":
            following = self._next_from(after + 1)
            return key[0], following if self.text[following] not in "}]" else after + 1, ""
        if self.text[before] == ",":
            return before, value[1], ""
        if self.text[before] in "{[" and self.text[after] in "}]":
            return before + 1, after, ""
        raise Unwritable

    def _add(self, change: Add) -> Splice:
        start, end = self.span(change.place)
        if self.text[start] != ("[" if change.key is None else "{"):
            raise Unwritable
        inside = children(self.root, change.place)
        colon, comma = self._colon(inside or [change.place]), self._comma(change.place, inside)
        value = write_json(change.value, compact=not colon.endswith(" "))
        new = value if change.key is None else write_json(change.key) + colon + value
        if not inside:
            if self.text[start + 1 : end - 1].strip():
                raise Unwritable
            return start + 1, end - 1, new
        if change.first:
            at = (self.spans[inside[0]][0] or self.span(inside[0]))[0]
            return at, at, new + comma
        at = self.span(inside[-1])[1]
        return at, at, comma + new

    def _wrap(self, change: Wrap) -> list[Splice]:
        start, end = self.span(change.place)
        colon = self._colon([change.place, *children(self.root, change.place)])
        comma = ", " if colon.endswith(" ") else ","
        before = "".join(f"{write_json(key)}{colon}{write_json(value)}{comma}" for key, value in change.before)
        return [(start, start, f"{{{before}{write_json(change.key)}{colon}"), (end, end, "}")]

    def _unwrap(self, place: Place) -> list[Splice]:
        inside = children(self.root, place)
        if not inside:
            return [self._remove(place)]
        key, value = self.key_span(place), self.span(place)
        first, last = self.key_span(inside[0])[0], self.span(inside[-1])[1]
        outer, inner = self.indent(key[0]), self.indent(first)
        splices: list[Splice] = [(key[0], first, "")]
        if outer is not None and inner is not None and inner.startswith(outer):
            for line in re.finditer("\n" + re.escape(inner), self.text[first:last]):
                at = first + line.end()
                splices.append((at - len(inner) + len(outer), at, ""))
        return [*splices, (last, value[1], "")]

    def indent(self, at: int) -> str | None:
        """Return the blanks from the start of the line to *at*; None when there is anything else before *at*."""
        start = self.text.rfind("\n", 0, at) + 1
        blanks = self.text[start:at]
        return None if blanks.strip() else blanks

    def _colon(self, places: Sequence[Place]) -> str:
        """Return the colon with the blanks around it, as at the first of *places* that has a key."""
        for key, value in (self.spans[place] for place in places if place in self.spans):
            if key and not self.is_yaml:
                gap = self.text[key[1] : value[0]]
                return gap if "\n" not in gap else ": "
        return ": "

    def _comma(self, place: Place, inside: Sequence[Place]) -> str:
        """Return the comma with the blanks around it, as between the members or items at *place*."""
        if not inside:
            return ""
        start = (self.spans[inside[0]][0] or self.span(inside[0]))[0]
        lead = self.text[self.span(place)[0] + 1 : start]
        if "\n" in lead and not lead.strip():
            end = lead.rindex("\n")
            return "," + lead[end - (lead[end - 1 : end] == "\r") :]
        if len(inside) > 1:
            end = (self.spans[inside[1]][0] or self.span(inside[1]))[0]
            gap = self.text[self.span(inside[0])[1] : end]
            if _SEPARATOR.fullmatch(gap):
                return gap
        return ", " if self._colon(inside).endswith(" ") else ","

    def _next_from(self, at: int) -> int:
        """Return the offset of the first character from *at* on that is not blank."""
        found = _BLANK.match(self.text, at)
        end = found.end() if found else at
        if end >= len(self.text):
            raise Unwritable
        return end

    def _last_before(self, at: int) -> int:
        """Return the offset of the last character before *at* that is not blank."""
        at -= 1
        while at >= 0 and self.text[at] in " \t\r\n":
            at -= 1
        if at < 0:
            raise Unwritable
        return at


# A word that every YAML reader takes for a string.
_WORD = re.compile(r"(?!(?i:y|n|yes|no|on|off|true|false|null|nan|inf)\Z)[A-Za-z_][A-Za-z0-9_-]*\Z")


def write_json(value: object, *, compact: bool = False) -> str:
    """Return *value* as JSON in one line."""
    if isinstance(value, str) and value.isascii():
        return dumps(value)
    separators = (",", ":") if compact else (", ", ": ")
    text = dumps(value, ensure_ascii=False, separators=separators)
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair, which only an escape can write
        text = dumps(value, separators=separators)
    return text


def order_splices(splices: list[Splice]) -> list[Splice]:
    """Sort *splices* by their place in the text; raise `Unwritable` when two overlap."""
    splices.sort(key=lambda splice: splice[:2])
    if any(one[1] > other[0] for one, other in pairwise(splices)):
        raise Unwritable
    return splices


def json_splices(text: str, spans: Spans, root: object, changes: Iterable[Change]) -> list[Splice]:
    """Return the splices that make *changes* in a JSON text; raise `Unwritable` if one cannot be written."""
    flow = Flow(text, spans, root)
    if any(isinstance(change, Quote) for change in changes):
        raise Unwritable
    return [splice for change in changes for splice in flow.splices(change)]
