"""What stands in a text that is still being typed: a value, and what of it is not certain yet."""

from bisect import bisect_right
from collections.abc import Callable, Iterable

from reqlint.core.findings import Hit
from reqlint.core.pointer import Place
from reqlint.core.records import dataclass
from reqlint.text.documents import Document
from reqlint.text.flaws import Span, Spans
from reqlint.text.located import LocatedDocument


class OffsetMap:
    """Which offset of a text each offset of its mended copy comes from."""

    def __init__(self) -> None:
        self._mended: list[int] = []  # where a piece begins in the copy
        self._typed: list[int] = []  # where it begins in the text
        self._lengths: list[int] = []  # how long it is in the text; 0 for what was put in

    def add(self, mended: int, typed: int, length: int) -> None:
        """Add the piece that begins at *mended* in the copy, and comes from *length* characters at *typed*."""
        self._mended.append(mended)
        self._typed.append(typed)
        self._lengths.append(length)

    def offset(self, mended: int) -> int:
        """Return the offset in the text for one in the copy."""
        number = bisect_right(self._mended, mended) - 1
        if number < 0:
            return 0
        return self._typed[number] + min(mended - self._mended[number], self._lengths[number])

    def span(self, mended: Span) -> Span:
        """Return the span in the text for one in the copy."""
        start, end = mended
        number = bisect_right(self._mended, end - 1) - 1 if end > start else -1  # the piece of the last character
        first = self.offset(start)
        if number < 0:
            return first, first
        last = self._typed[number] + min(end - self._mended[number], self._lengths[number])
        return first, max(first, last)


@dataclass(frozen=True, slots=True)
class Uncertain:
    """
    What may still become something else.

    A value at one of *unknown* is only begun, or its end is guessed; at one of *half_keys*, so is its key. An object or
    an array at one of *open* may get more members or items; after those that are there, as far as it is an array.
    """

    open: frozenset[Place] = frozenset()
    unknown: frozenset[Place] = frozenset()
    half_keys: frozenset[Place] = frozenset()  #: among *unknown*

    def below(self, base: Place) -> "Uncertain":
        """Return what is uncertain in the value at *base*, by places in it."""
        depth = len(base)
        return Uncertain(*(_below(places, base, depth) for places in (self.open, self.unknown, self.half_keys)))

    def is_whole(self, place: Place) -> bool:
        """Return whether the value at *place* is complete."""
        doubtful = (*self.open, *self.unknown)
        around = any(place[: len(each)] == each for each in self.unknown)
        return not around and not any(each[: len(place)] == place for each in doubtful)


def _below(places: frozenset[Place], base: Place, depth: int) -> frozenset[Place]:
    return frozenset(place[depth:] for place in places if place[:depth] == base)


class HalfTypedDocument(LocatedDocument):
    """A document whose text is no JSON or YAML yet. It is never edited, because it is known only in part."""

    __slots__ = ("uncertain",)

    def __init__(
        self,
        broken: Document,
        value: object,
        flaws: Iterable[Hit],
        uncertain: Uncertain,
        spans: Callable[[Iterable[Place]], Spans],
    ) -> None:
        super().__init__(broken.index, value, (*broken.flaws, *flaws), broken.first_line, broken.lines(), spans)
        self.uncertain = uncertain  #: by places in the document
