"""Documents whose reader says where their parts stand, because no walk through JSON or YAML can find them."""

from collections.abc import Callable, Iterable

from reqlint.core.findings import Hit
from reqlint.core.pointer import Place
from reqlint.text.documents import Document
from reqlint.text.flaws import Spans
from reqlint.text.lines import Lines


class LocatedDocument(Document):
    """
    A document that is never edited, because its text is not what it was read as.

    Args:
        index: as of every document.
        value: what was read.
        flaws: what the text has wrong.
        first_line: the line that it begins in, from 1.
        lines: of the whole text.
        spans: finds the spans of the key and the value at each of some places.
    """

    __slots__ = ("_lines", "_spans")

    is_editable = False

    def __init__(
        self,
        index: int,
        value: object,
        flaws: tuple[Hit, ...],
        first_line: int,
        lines: Lines,
        spans: Callable[[Iterable[Place]], Spans],
    ) -> None:
        super().__init__(index, value, flaws, first_line)
        self._lines = lines
        self._spans = spans

    @property
    def text(self) -> str:
        """The text that offsets of regions count in: the whole text."""
        return self._lines.text

    def lines(self) -> Lines:
        """Return the lines of `text`, which turn spans into regions."""
        return self._lines

    def spans(self, places: Iterable[Place]) -> Spans:
        """Find the spans of the key and the value at each of *places*; omit places that do not exist."""
        return self._spans(places)
