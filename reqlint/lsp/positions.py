"""Positions as editors count them: lines from 0, and in a line code units of UTF-16."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

from reqlint.core.findings import Region

Position = Mapping[str, int]
"""``{"line": 0, "character": 0}``, as the protocol has it."""
Range = dict[str, Any]

_LINE_END = re.compile(r"\r\n|\n|\r")
_LONE_RETURN = re.compile(r"\r(?!\n)")
_HALF_PAIR = re.compile("[\ud800-\udfff]")
START: Range = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}


def without_half_pairs(text: str) -> str:
    """Return *text* with U+FFFD for each half of a surrogate pair, which no encoding has; positions stay the same."""
    return text if text.isascii() or not _HALF_PAIR.search(text) else _HALF_PAIR.sub("\ufffd", text)


class TextPositions:
    """The positions in one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(end.end() for end in _LINE_END.finditer(text))]
        self._feeds = [0, *(end.end() for end in re.finditer("\n", text))]
        self._counts_alike = not _LONE_RETURN.search(text)  # lines end where those of a region do

    def range(self, region: Region | None) -> Range:
        """Return the range of a *region*; the start of the text where it is not known."""
        if region is None:
            return START
        if self._counts_alike:
            return {
                "start": {"line": region.line - 1, "character": region.utf16_column - 1},
                "end": {"line": region.end_line - 1, "character": region.utf16_end_column - 1},
            }
        return self.range_of(*self.span(region))

    def span(self, region: Region) -> tuple[int, int]:
        """Return the offsets of a *region* in the whole text, whatever its document is."""
        return self._at(region.line, region.column), self._at(region.end_line, region.end_column)

    def _at(self, line: int, column: int) -> int:
        start = self._feeds[min(line, len(self._feeds)) - 1]
        return min(start + column - 1, len(self.text))

    def range_of(self, start: int, end: int) -> Range:
        """Return the range between two offsets."""
        return {"start": self.position(start), "end": self.position(end)}

    def position(self, offset: int) -> dict[str, int]:
        """Return the position of an *offset*."""
        line = bisect_right(self._starts, offset) - 1
        before = self.text[self._starts[line] : offset]
        return {"line": line, "character": _units(before)}

    def offset(self, position: Position) -> int:
        """Return the offset of a *position*; what is beyond the end of a line, or of the text, is its end."""
        line = max(0, position["line"])
        if line >= len(self._starts):
            return len(self.text)
        start = self._starts[line]
        end = self._starts[line + 1] if line + 1 < len(self._starts) else len(self.text)
        written = self.text[start:end].rstrip("\r\n")
        wanted = max(0, position["character"])
        if written.isascii():
            return start + min(wanted, len(written))
        units = 0
        for number, character in enumerate(written):
            if units >= wanted:
                return start + number
            units += 2 if character > "\uffff" else 1
        return start + len(written)


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def overlaps(one: Range, other: Range) -> bool:
    """Return whether two ranges share a position; the ends belong to both."""
    return _key(one["start"]) <= _key(other["end"]) and _key(other["start"]) <= _key(one["end"])


def _key(position: Position) -> tuple[int, int]:
    return position["line"], position["character"]
