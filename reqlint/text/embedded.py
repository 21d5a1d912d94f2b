"""JSON text inside a string of a document: its value, its flaws, and where its parts stand in the document."""

from collections.abc import Iterable, Mapping, Sequence

from reqlint.core.findings import Hit, Link, Part, Region
from reqlint.core.pointer import Place
from reqlint.core.records import dataclass
from reqlint.text.characters import CharacterOffsets, character_offsets
from reqlint.text.documents import Document
from reqlint.text.flaws import UNREADABLE, Flaw, Span, Spans
from reqlint.text.json.reader import read_json
from reqlint.text.lines import Lines


@dataclass(frozen=True, slots=True, eq=False)
class Embedded:
    """
    A JSON text inside the string at *place* of a document.

    The place of a part is that of the string, then that in the text: the role at ``/messages/0/role`` of a text at
    ``/interactions/0/request/body`` is at ``/interactions/0/request/body/messages/0/role``. Its region covers the
    characters that write it in the document, through escapes, folded lines and indentation; where these are not
    certain, as for an alias, the region is that of the whole string.
    """

    place: Place
    text: str
    value: object  #: `UNREADABLE` when the text cannot be read
    text_flaws: tuple[Flaw, ...] = ()  #: with places and spans in the text

    def locate(
        self,
        document: Document,
        places: Iterable[tuple[Place, Part]],
        known: Mapping[tuple[Place, Part], Region] | None = None,
    ) -> dict[tuple[Place, Part], Region]:
        """
        Find the regions of *places*, some of which lead through the string; omit places that do not exist.

        *known* are the regions of all places outside of the text, so that the document is not walked for each string.
        """
        wanted = set(places)
        depth = len(self.place)
        inside = {
            (place, part)
            for place, part in wanted
            if place[:depth] == self.place and (len(place) > depth or part is Part.VALUE)
        }
        outside = {*(wanted - inside), (self.place, Part.VALUE)}
        located = document.locate(outside) if known is None else {at: known[at] for at in outside if at in known}
        string = located.get((self.place, Part.VALUE))
        if string is None or not inside:
            return located
        regions = self._regions(document, string)
        spans: Spans = {}
        if self.value is not UNREADABLE:
            from reqlint.text.json.spans import locate

            spans = locate(self.text, 0, {place[depth:] for place, _ in inside})
        for place, part in inside:
            if self.value is UNREADABLE:
                located[place, part] = string
            elif place[depth:] in spans and (span := spans[place[depth:]][part is Part.VALUE]):
                located[place, part] = regions.region(span)
        return located

    @property
    def is_flawed(self) -> bool:
        """Whether the text itself has a flaw."""
        return bool(self.text_flaws)

    def flaws(self, document: Document, known: Mapping[tuple[Place, Part], Region]) -> Sequence[Hit]:
        """Return the flaws of the text, with places and regions of the *document*; that of the string is *known*."""
        if not self.text_flaws:
            return ()
        regions = self._regions(document, known[self.place, Part.VALUE])
        hits = []
        for flaw in self.text_flaws:
            links = (
                Link((*self.place, *place), label, part, regions.region(span))
                for label, place, part, span in flaw.related
            )
            place = (*self.place, *flaw.place)
            hits.append(Hit(place, flaw.part, flaw.facts, tuple(links), flaw.rule, None, regions.region(flaw.span)))
        return hits

    def _regions(self, document: Document, string: Region) -> "_EmbeddedLines":
        return _EmbeddedLines(document.lines(), character_offsets(document, string, self.text), string)


def read_embedded(text: str, place: Place) -> Embedded:
    """Read the JSON *text* of the string at *place*."""
    try:
        return Embedded(place, text, read_json(text.encode()))
    except ValueError:
        from reqlint.text.json.scanner import scan

        value, flaws = scan(text)
        return Embedded(place, text, value, tuple(flaws))


@dataclass(frozen=True, slots=True)
class _EmbeddedLines:
    """Turns spans of an embedded text into regions of the document."""

    lines: Lines
    offsets: CharacterOffsets | None
    string: Region

    def region(self, span: Span) -> Region:
        """Return the region of *span*, or of the whole string if the offsets are not known."""
        if self.offsets is None:
            return self.string
        return self.lines.region(self.offsets.span(*span))
