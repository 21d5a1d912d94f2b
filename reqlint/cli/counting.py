"""How far a run is: counts of its files, lines and bytes, added while sources are read."""

from collections.abc import Iterable, Iterator
from io import BufferedReader, BytesIO, FileIO, RawIOBase
from threading import Lock
from typing import BinaryIO, cast

from reqlint.core.records import dataclass
from reqlint.display.escaping import counted
from reqlint.text.compressed import Unpacked
from reqlint.text.sources import Source


class Counts:
    """
    The counts of one run.

    A run only adds numbers; shares and speeds are computed when they are shown. Sources read in this process are
    passed through `watch`; work done by other processes is added with `advance`.
    """

    def __init__(self) -> None:
        self.total = 0  #: files of the run
        self.files = 0  #: files that are done
        self.lines = 0  #: lines read
        self.text = 0  #: bytes of these lines
        self.stored = 0  #: bytes of finished files as stored on disk, so compressed where the file is
        self.size = 0  #: stored bytes of the current file; 0 if unknown
        self.counting = False  #: whether the current file's lines still have to be counted; they are counted once
        self.unpacked: Unpacked | None = None  #: the current file, if it is compressed
        self._watching = False
        self._text_before = 0  # text read before the current file
        self._expected: list[Source] = []
        self._expected_bytes: int | None = None
        self._adding = Lock()

    def expect(self, sources: Iterable[Source]) -> None:
        """Announce all sources of the run, so that the share can be measured in their bytes."""
        self._expected = list(sources)
        self.total = len(self._expected)
        self._expected_bytes = None  # sizes are looked up when a bar is drawn

    def watch(self, source: Source) -> Source:
        """Return a copy of *source* that counts its lines as they are read; the previous source is done."""
        if self._watching:
            self.advance(0, self.size, 1)
        self.size = _stored_size(source)
        self.counting, self.unpacked = True, None
        self._watching, self._text_before = True, self.text
        if type(source) is not Source:  # one that cannot be read, and says why when that is tried
            return source
        return _CountedSource(source.name, source.path, source.data, self)

    def advance(self, lines: int, stored: int, files: int = 0, text: int | None = None) -> None:
        """
        Add work that was done elsewhere, such as in another process. Any thread may call this.

        Args:
            lines: number of lines.
            stored: bytes of the file, as stored.
            files: number of files finished by this.
            text: bytes of the lines, if they differ from *stored* because the file is compressed.
        """
        read = (stored if lines else 0) if text is None else text
        with self._adding:
            self.lines += lines
            self.text += read
            self._text_before += read
            self.stored += stored
            self.files += files

    def measure(self) -> tuple[float, float]:
        """Return how much is done, and of how much: in stored bytes, or in files if no size is known."""
        if self._expected_bytes is None:
            self._expected_bytes = sum(map(_stored_size, self._expected))
            self._expected.clear()
        read = self.unpacked.stored_position if self.unpacked else self.text - self._text_before
        if self._expected_bytes:
            return min(self.stored + min(read, self.size), self._expected_bytes), self._expected_bytes
        within = min(read / self.size, 1.0) if self.size else 0.0
        return min(self.files + within, self.total), self.total

    def summary(self, seconds: float) -> str:
        """Describe the counts after *seconds*: files, lines and speed."""
        number, unit = (self.lines, "lines") if self.lines else (self.files, "files")
        parts = [
            f"{self.files:,}/{counted(self.total, 'file')}" if self.total > 1 else "",
            counted(self.lines, "line") if self.lines or self.total < 2 else "",
            f"{number / seconds:,.0f} {unit}/s" if number and seconds > 0 else "",
            f"{self.text / seconds / 1e6:,.0f} MB/s" if seconds > 0 and self.text > seconds * 1e6 else "",
        ]
        return "  ".join(filter(None, parts))


def _stored_size(source: Source) -> int:
    """Return the bytes of a source as it is stored; 0 if that is unknown."""
    if source.data is not None:
        return len(source.data)
    try:
        return source.path.stat().st_size if source.path else 0
    except (OSError, ValueError):  # reported when the file is read
        return 0


@dataclass(frozen=True, slots=True)
class _CountedSource(Source):
    """A source that adds the lines read from it to *counts*."""

    counts: Counts | None = None

    def open(self) -> BinaryIO:
        stored = FileIO(self.path) if self.data is None and self.path else BytesIO(self.data or b"")
        suffix = self.compression
        raw = Unpacked(cast(BinaryIO, stored), suffix) if suffix else stored
        return cast(BinaryIO, _CountedReader(cast(RawIOBase, raw), self.counts))


class _CountedReader(BufferedReader):
    """A file whose lines are counted while it is iterated over."""

    def __init__(self, raw: RawIOBase, counts: Counts | None) -> None:
        super().__init__(raw, 1 << 18)
        self._counts = counts

    def __iter__(self) -> Iterator[bytes]:
        counts = self._counts
        lines = iter(self.readline, b"")
        if counts is None or not counts.counting:
            yield from lines
            return
        counts.counting = False
        counts.unpacked = self.raw if isinstance(self.raw, Unpacked) else None
        for line in lines:
            counts.lines += 1
            counts.text += len(line)
            yield line
