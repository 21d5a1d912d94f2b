"""Flaws of a text itself, by offsets, and the value of a document that cannot be read."""

from collections.abc import Callable, Mapping
from typing import Final

from reqlint.core.findings import Part
from reqlint.core.pointer import Place
from reqlint.core.records import dataclass, field, replace

Span = tuple[int, int]  #: code-point offsets of the first character and one past the last
Spans = dict[Place, tuple[Span | None, Span]]  #: of the key (none in an array and at the root), and of the value


class Unreadable:
    """The class of `UNREADABLE`."""

    def __repr__(self) -> str:
        return "UNREADABLE"


UNREADABLE: Final = Unreadable()
"""The value of a document whose text cannot be read."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong with the text itself; `Lines.hit` turns it into a hit, with lines and columns."""

    rule: str
    span: Span
    facts: Mapping[str, object] = field(default_factory=dict)
    place: Place = ()
    part: Part = Part.VALUE
    related: tuple[tuple[str, Place, Part, Span], ...] = ()  #: label, and where

    def moved(self, move: Callable[[Span], Span]) -> "Flaw":
        """Return the flaw of a copy of a text where it stands in the text, for whose spans *move* has those there."""
        related = tuple((label, place, part, move(span)) for label, place, part, span in self.related)
        return replace(self, span=move(self.span), related=related)


class RepeatedKeys:
    """Makes the flaws of keys that are written again in the object at a place; those of one key share what is equal."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._known: dict[str, Flaw] = {}  # the first of each key

    def flaw(self, key: str, span: Span, first: Span) -> Flaw:
        """Return the flaw that *key*, which stood at *first*, is written again at *span*."""
        known = self._known.get(key)
        if known is None:
            here = (*self._place, key)
            related = (("first here", here, Part.KEY, first),)
            self._known[key] = known = Flaw("duplicate-key", span, {"name": key}, here, Part.KEY, related)
            return known
        return Flaw("duplicate-key", span, known.facts, known.place, Part.KEY, known.related)


class FatalFlaw(Exception):
    """A flaw that reading cannot go on after."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw
