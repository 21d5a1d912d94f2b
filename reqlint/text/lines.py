"""Lines and columns: from offsets in a text to regions."""

import re
from bisect import bisect_right

from reqlint.core.findings import Hit, Link, Region
from reqlint.core.records import replace
from reqlint.text.flaws import Flaw, Span

_STRETCH = 512  # characters
_MOST_LINKS = 4096  # that are remembered


class Lines:
    """The lines of a text, whose first has the number *first_line*."""

    def __init__(self, text: str, first_line: int) -> None:
        self.text = text
        self.first_line = first_line
        self._ends: list[int] | None = None
        self._marks: dict[int, list[tuple[int, int]]] = {}  # by the offset of a long line: what its stretches take
        # By the id of what a flaw relates to, that with its links: keys that are written again and again share them.
        self._links: dict[int, tuple[object, tuple[Link, ...]]] = {}
        self._is_simple: bool | None = None  # one line of ASCII, as most lines of JSON Lines are

    def region(self, span: Span) -> Region:
        """Return the region of *span*."""
        start, end = span
        if self._is_simple is None:
            self._is_simple = self.text.isascii() and self.text.find("\n", 0, -1) < 0
        if self._is_simple and end < len(self.text):
            line, column, end_column = self.first_line, start + 1, end + 1
            return Region(start, end, line, column, line, end_column, column, end_column, column, end_column)
        line, column, utf16, utf8 = self._position(start)
        end_line, end_column, end_utf16, end_utf8 = self._position(end)
        return Region(start, end, line, column, end_line, end_column, utf16, end_utf16, utf8, end_utf8)

    def hit(self, flaw: Flaw) -> Hit:
        """Return *flaw* as a hit, with regions in place of offsets."""
        related: tuple[Link, ...] = ()
        if flaw.related:
            known = self._links.get(id(flaw.related))
            if known is None:
                links = tuple(
                    [Link(place, label, part, self.region(span)) for label, place, part, span in flaw.related]
                )
                known = self._links[id(flaw.related)] = flaw.related, links
            related = known[1]
        region = self.region(flaw.span)
        if flaw.rule == "not-utf8":  # the text has U+FFFD there, three bytes for one byte of the source
            region = replace(region, byte_end_column=region.byte_column + 1)
        return Hit(flaw.place, flaw.part, flaw.facts, related, flaw.rule, None, region)

    def _position(self, at: int) -> tuple[int, int, int, int]:
        """Return the line of the offset *at*, and its column in code points, in UTF-16 units and in bytes of UTF-8."""
        if self._ends is None:
            self._ends = [match.start() for match in re.finditer("\n", self.text)]
        line = bisect_right(self._ends, at - 1)
        start = self._ends[line - 1] + 1 if line else 0
        column = at - start + 1
        if self.text.isascii():
            return self.first_line + line, column, column, column
        marked, utf16, utf8 = self._mark(start, at)
        before = self.text[marked:at]
        if before.isascii():
            return self.first_line + line, column, utf16 + len(before) + 1, utf8 + len(before) + 1
        utf16 += len(before.encode("utf-16-le")) // 2
        return self.first_line + line, column, utf16 + 1, utf8 + len(before.encode()) + 1

    def _mark(self, start: int, at: int) -> tuple[int, int, int]:
        """
        Return the last mark at or before *at* on the line from *start*: its offset, and what is before it on the line.

        Marks are a stretch apart, so that many positions on one long line do not each encode all that is before them.
        """
        number = (at - start) // _STRETCH
        if not number:
            return start, 0, 0
        marks = self._marks.setdefault(start, [(0, 0)])
        while len(marks) <= number:
            utf16, utf8 = marks[-1]
            end = start + len(marks) * _STRETCH
            stretch = self.text[end - _STRETCH : end]
            marks.append((utf16 + len(stretch.encode("utf-16-le")) // 2, utf8 + len(stretch.encode())))
        return start + number * _STRETCH, *marks[number]
