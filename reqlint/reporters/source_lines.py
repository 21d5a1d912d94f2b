"""Read lines of sources, for reports that show them in order."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import BinaryIO

from reqlint.text.sources import Source

_MOST_KEPT = 64  # lines; many findings relate to the same line


class SourceLines:
    """
    The lines of *sources*, by the source's name and the line's number, without line ends.

    Each source is read on from the last line that was asked for, so a report that asks for one line after the other
    reads the source once and keeps little of it in memory.
    """

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self._name = ""
        self._stream: BinaryIO | None = None
        self._number = 0  # of the last line read, from 1
        self._kept: OrderedDict[int, str] = OrderedDict()

    def __call__(self, name: str, wanted: Iterable[int]) -> Mapping[int, str]:
        """
        Return the *wanted* lines of a source by number, from 1; missing lines are left out.

        So are those of a source that cannot be read any more: a report has its findings also without their lines.
        """
        source = self._sources.get(name)
        left = sorted(set(wanted))
        if source is None or not left:
            return {}
        if name != self._name:
            self.close()
            self._name = name
            self._kept.clear()
        try:
            return self._read(source, left)
        except OSError:
            self.close()
            return {}

    def _read(self, source: Source, left: list[int]) -> Mapping[int, str]:
        found = {number: self._kept[number] for number in left if number in self._kept}
        left = [number for number in left if number not in found]
        if left and (self._stream is None or left[0] <= self._number):
            self.close()
            self._stream = source.open()
        stream = self._stream
        for number in left:
            line = b""
            while stream is not None and self._number < number and (line := stream.readline()):
                self._number += 1
            if self._number < number:
                break
            found[number] = line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "replace")
        self._kept.update(found)
        while len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return found

    def close(self) -> None:
        """Close the source that is being read."""
        if self._stream is not None:
            self._stream.close()
        self._stream = None
        self._number = 0
