"""The lines of sources, for reports that show them from the first to the last."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import BinaryIO

from reqlint.text.documents import Source

_MOST_KEPT = 64  # lines; what many findings relate to is often the same


class Texts:
    """
    Gives lines of *sources*, by name, without their line ends; what is not there is left out.

    Each source is read on from where it was left, so that a report which asks for one line after the other reads it
    once, and holds next to nothing of it.
    """

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self._name = ""
        self._stream: BinaryIO | None = None
        self._number = 0  # of the line that was read last, from 1
        self._kept: OrderedDict[int, str] = OrderedDict()

    def __call__(self, name: str, wanted: Iterable[int]) -> Mapping[int, str]:
        """Give the *wanted* lines of a source, counted from 1."""
        source = self._sources.get(name)
        left = sorted(set(wanted))
        if source is None or not left:
            return {}
        if name != self._name:
            self.close()
            self._name = name
            self._kept.clear()
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
        """Close what is open."""
        if self._stream is not None:
            self._stream.close()
        self._stream = None
        self._number = 0
