"""Text that was put together from stretches of another text, such as an argument of a command without its quotes."""

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from reqlint.text.flaws import Span


class Piece(NamedTuple):
    """
    Characters, and the start and end of the stretch of the source that writes them.

    If the stretch is as long as the characters, it writes them one by one; otherwise all of it writes each of them.
    """

    text: str
    start: int
    end: int
    unknown: bool = False  #: whether only a shell knows what stands there; *text* is then what is written


class MappedText:
    """The text of *pieces*, and where the source writes each of its characters."""

    __slots__ = ("_offsets", "pieces", "text")

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self.pieces = [piece for piece in pieces if piece.text]
        self.text = "".join(piece.text for piece in self.pieces)
        self._offsets: list[int] = []
        offset = 0
        for piece in self.pieces:
            self._offsets.append(offset)
            offset += len(piece.text)

    def span(self, span: Span) -> Span:
        """Return the stretch of the source that writes a span of the text; of an empty span, the place it is at."""
        start, end = span
        if not self.pieces:
            return 0, 0
        if start >= end:
            at = self._source(start, is_end=False) if start < len(self.text) else self.pieces[-1].end
            return at, at
        return self._source(start, is_end=False), self._source(end - 1, is_end=True)

    def _source(self, at: int, *, is_end: bool) -> int:
        number = bisect_right(self._offsets, at) - 1
        text, start, end, _ = self.pieces[number]
        if len(text) == end - start:
            return start + at - self._offsets[number] + is_end
        return end if is_end else start


def slice_of(source: str, start: int, end: int) -> Piece:
    """Return the stretch of *source* that stands for itself."""
    return Piece(source[start:end], start, end)
