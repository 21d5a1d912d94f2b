"""JSON text inside a string of a document: what it says, what is wrong with it, and where its parts stand."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]  # the C string reader json itself uses; no stub
from typing import NamedTuple

from reqlint.core.findings import Hit, Link, Part, Region
from reqlint.core.pointer import Place
from reqlint.text.documents import Document, Lines, YamlDocument
from reqlint.text.json import reader
from reqlint.text.json.reader import UNREADABLE, Flaw, Span


@dataclass(frozen=True, slots=True, eq=False)
class Embedded:
    """
    A JSON text inside the string at *place* of a document.

    A part of it has the string's place and then its own: the role at ``/messages/0/role`` of a text at
    ``/interactions/0/request/body`` is at ``/interactions/0/request/body/messages/0/role``. Its region is the
    characters that write it in the document, through escapes, folded lines and indentation; where they cannot be told
    for certain, as with the use of an alias, the region of the whole string.
    """

    place: Place
    text: str
    value: object  #: `UNREADABLE` when there is none
    said: tuple[Flaw, ...] = ()

    def locate(
        self,
        document: Document,
        places: Iterable[tuple[Place, Part]],
        known: Mapping[tuple[Place, Part], Region] | None = None,
    ) -> dict[tuple[Place, Part], Region]:
        """
        Find the regions of *places*, some of which lead through the string; what is not there is left out.

        *known* are those of the document that were found already, so that it need not be walked for each string in it.
        """
        wanted = set(places)
        depth = len(self.place)
        inside = {
            (place, part)
            for place, part in wanted
            if place[:depth] == self.place and (len(place) > depth or part is Part.VALUE)
        }
        outside = {*(wanted - inside), (self.place, Part.VALUE)}
        located = {at: known[at] for at in outside if at in known} if known else {}
        located |= document.locate(outside - located.keys())
        whole = located.get((self.place, Part.VALUE))
        if whole is None or not inside:
            return located
        regions = self._regions(document, whole)
        spans: reader.Spans = {}
        if self.value is not UNREADABLE:
            from reqlint.text.json.spans import locate

            spans = locate(self.text, 0, {place[depth:] for place, _ in inside})
        for place, part in inside:
            if self.value is UNREADABLE:
                located[place, part] = whole
            elif place[depth:] in spans and (span := spans[place[depth:]][part is Part.VALUE]):
                located[place, part] = regions(span)
        return located

    def flaws(self, document: Document) -> Sequence[Hit]:
        """Give what the text itself has against it, with places and regions of the *document*."""
        if not self.said:
            return ()
        whole = document.locate([(self.place, Part.VALUE)])[self.place, Part.VALUE]
        regions = self._regions(document, whole)
        hits = []
        for flaw in self.said:
            links = (
                Link((*self.place, *place), label, part, regions(span)) for label, place, part, span in flaw.related
            )
            place = (*self.place, *flaw.place)
            hits.append(Hit(place, flaw.part, flaw.facts, tuple(links), flaw.rule, None, regions(flaw.span)))
        return hits

    def _regions(self, document: Document, whole: Region) -> "_Regions":
        return _Regions(document.lines(), _written(document, whole, self.text), whole)


def read_embedded(text: str, place: Place) -> Embedded:
    """Read the JSON *text* that stands in the string at *place*."""
    try:
        return Embedded(place, text, reader.read_json(text.encode()))
    except ValueError:
        from reqlint.text.json.scanner import scan

        value, flaws = scan(text)
        return Embedded(place, text, value, tuple(flaws))


class _Written(NamedTuple):
    """For each character of a text the offsets where the document begins and ends to write it."""

    starts: Sequence[int]
    ends: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Regions:
    """Gives the region of the document for a span of the text."""

    lines: Lines
    written: _Written | None
    whole: Region

    def __call__(self, span: Span) -> Region:
        if self.written is None:
            return self.whole
        starts, ends = self.written
        at = starts[span[0]] if span[0] < len(starts) else ends[-1]
        return self.lines.region((at, ends[span[1] - 1] if span[1] > span[0] else at))


# -------------------------------------------------------------------------------------------- how strings are written

_Piece = tuple[str, int, int]
"""
Characters, and where the stretch that writes them begins and ends.

Several characters in a stretch of as many are written one by one, in any other each by all of it.
"""

_BREAK = r"(?:\r\n|[\r\n])"
_FOLD = rf"{_BREAK}(?P<{{0}}>(?:[ \t]*+{_BREAK})*+)[ \t]*+"
_PAIR = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_JSON = re.compile(rf"{_PAIR}|\\u.{{4}}|\\.|[^\\]+", re.DOTALL)
_DOUBLE = re.compile(
    rf"[ \t]*+{_FOLD.format('more')}|\\{_FOLD.format('joined')}|{_PAIR}"
    r"|\\x.{2}|\\u.{4}|\\U.{8}|\\.|[^\\ \t\r\n]+|[ \t]+",
    re.DOTALL,
)
_SINGLE = re.compile(rf"[ \t]*+{_FOLD.format('more')}|''|[^' \t\r\n]+|[ \t]+")
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")  # an anchor and a tag before a scalar belong to its node
_BLANKS = re.compile(r"(?: *\n)*( *)")
_HEADER = re.compile(rf"[|>][-+0-9]*[ \t]*(?:#[^\r\n]*)?{_BREAK}")
_LINE = re.compile(rf"( *)([^\r\n]*)({_BREAK}|\Z)")
_ESCAPES = dict(zip('0abt\tnvfre "\\/N_LP', '\0\a\b\t\t\n\v\f\r\x1b "\\/\x85\xa0\u2028\u2029', strict=True))


def _written(document: Document, whole: Region, text: str) -> _Written | None:
    """Say how the document writes each character of *text*; None unless what it writes is read as that very text."""
    outer = document.text
    if not isinstance(document, YamlDocument):
        return _matching(_json_pieces(outer, whole.start + 1, whole.end - 1), text)
    start = _PROPERTIES.match(outer, whole.start, whole.end).end()  # type: ignore[union-attr]  # matches nothing too
    style = outer[start : start + 1]
    if style == '"':
        return _matching(_double_pieces(outer, start + 1, whole.end - 1), text)
    if style == "'":
        return _matching(_single_pieces(outer, start + 1, whole.end - 1), text)
    if style and style in "|>" and (header := _HEADER.match(outer, start, whole.end)):
        lines = [found for found in _LINE.finditer(outer, header.end(), whole.end) if found[0]]
        # The header may declare an indentation, relative to what is around; the blanks that are left of it tell which.
        first = next((found for found in lines if found[2]), None)
        kept = len(_BLANKS.match(text)[1])  # type: ignore[index]  # matches nothing too
        indent = len(first[1]) - kept if first else 0
        return _matching(_block_pieces(lines, indent, folded=style == ">"), text) if indent >= 0 else None
    return None  # NOTE: a plain scalar does not begin with a brace, so none holds an object


def _matching(pieces: Iterable[_Piece], text: str) -> _Written | None:
    said: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for characters, start, end in pieces:
        said.append(characters)
        if len(characters) == end - start:
            starts += range(start, end)
            ends += range(start + 1, end + 1)
        else:
            starts += [start] * len(characters)
            ends += [end] * len(characters)
    read = "".join(said)
    kept = text.rstrip("\n")  # a block's last line ends are settled by its header and stand for nothing in JSON
    if not kept or read.rstrip("\n") != kept:
        return None
    missing = max(0, len(text) - len(starts))
    return _Written(starts + ends[-1:] * missing, ends + ends[-1:] * missing)


def _json_pieces(outer: str, start: int, end: int) -> Iterator[_Piece]:
    for found in _JSON.finditer(outer, start, end):
        characters = scanstring(found[0] + '"', 0, True)[0] if found[0][0] == "\\" else found[0]
        yield characters, found.start(), found.end()


def _double_pieces(outer: str, start: int, end: int) -> Iterator[_Piece]:
    for found in _DOUBLE.finditer(outer, start, end):
        piece = found[0]
        if (more := found["more"]) is not None:
            characters = "\n" * _breaks(more) or " "
        elif (joined := found["joined"]) is not None:
            characters = "\n" * _breaks(joined)
        elif piece[0] != "\\":
            characters = piece
        elif len(piece) == 12:  # half a pair of surrogates and the other half
            characters = chr(0x10000 + ((int(piece[2:6], 16) & 0x3FF) << 10) + (int(piece[8:], 16) & 0x3FF))
        elif piece[1] in "xuU" and len(piece) > 2:
            characters = chr(int(piece[2:], 16))
        else:
            characters = _ESCAPES.get(piece[1], "")
        yield characters, found.start(), found.end()


def _single_pieces(outer: str, start: int, end: int) -> Iterator[_Piece]:
    for found in _SINGLE.finditer(outer, start, end):
        more = found["more"]
        characters = found[0] if more is None else "\n" * _breaks(more) or " "
        yield "'" if characters == "''" else characters, found.start(), found.end()


def _breaks(blank: str) -> int:
    return len(re.findall(_BREAK, blank))


def _block_pieces(lines: Sequence[re.Match[str]], indent: int, *, folded: bool) -> Iterator[_Piece]:
    """Read the lines of a block scalar; YAML 1.2.2, 8.1."""
    last: re.Match[str] | None = None
    empty: list[Span] = []
    for line in lines:
        start = line.start() + min(indent, len(line[1]))
        content = line.string[start : line.start(3)]
        if not content:
            empty.append(line.span(3))
            continue
        if last is not None:
            joined = folded and len(last[1]) <= indent and content[0] not in " \t" and last[2][0] != "\t"
            if not joined:
                yield "\n", *last.span(3)
            elif not empty:
                yield " ", *last.span(3)
        for span in empty:
            yield "\n", *span
        empty = []
        yield content, start, line.start(3)
        last = line
