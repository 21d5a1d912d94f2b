"""The bar that a long run draws on a terminal: how far it is, and how fast."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader, BytesIO, FileIO
from threading import Event, Thread
from time import perf_counter
from typing import BinaryIO, TextIO, cast

from reqlint.documents import Source
from reqlint.inert import counted

_BEGINS, _EVERY = 1.0, 0.1  # seconds; a run shorter than the first draws nothing
_CELLS = 24
_ERASE = "\r\x1b[2K"


class Progress:
    """
    Counts files and lines; once the run has taken *begins* seconds, a thread shows the counts on *stream*.

    The run itself only adds numbers, so that it costs a run nothing that can be measured.
    """

    def __init__(self, stream: TextIO, begins: float = _BEGINS) -> None:
        self.total = 0  #: files there will be
        self.begun = 0  #: files, with the one at hand
        self.lines = 0
        self.read = self.size = 0  #: bytes of the file at hand
        self.counting = False  #: whether its lines are still to be counted; a file that is read again counts once
        self._stream = stream
        self._begins = begins
        self._ended = Event()
        self._thread = Thread(target=self._show, daemon=True)
        self._started = perf_counter()

    def __enter__(self) -> "Progress":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def watch(self, source: Source) -> Source:
        """Give *source* as one whose lines are counted as they are read; the source before it is done."""
        self.begun += 1
        self.read, self.counting = 0, True
        try:
            self.size = source.size()
        except OSError:  # said by whoever reads it
            self.size = 0
        return _Watched(source.name, source.path, source.data, self)

    def line(self, columns: int, seconds: float, unicode: bool = True) -> str:
        """Write how far the run is after *seconds*, in less than *columns*."""
        done = max(self.begun - 1, 0)
        parts = [f"{done:,}/{counted(self.total, 'file')}"] if self.total > 1 else []
        parts += [counted(self.lines, "line")] if self.lines or not parts else []
        number, what = (self.lines, "lines") if self.lines else (done, "files")
        parts += [f"{number / seconds:,.0f} {what}/s"] if number and seconds else []
        within = min(self.read / self.size, 1.0) if self.size else 0.0
        share = min((done + within) / self.total, 1.0) if self.total else 0.0
        if share:
            full = int(share * _CELLS)
            on, off = ("━", "─") if unicode else ("#", "-")
            parts = [on * full + off * (_CELLS - full), f"{share:4.0%}", *parts]
        return "  ".join(parts)[: max(columns - 1, 0)]

    def _show(self) -> None:
        unicode = "utf" in (self._stream.encoding or "").lower()
        drawn, wait = False, self._begins
        while not self._ended.wait(wait):
            drawn, wait = True, _EVERY
            self._put(_ERASE + self.line(self._columns(), perf_counter() - self._started, unicode))
        if drawn:
            self._put(_ERASE)

    def _columns(self) -> int:
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or 80
        except (OSError, ValueError):
            return 80

    def _put(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):  # the terminal went away; the run goes on
            self._ended.set()


@dataclass(frozen=True, slots=True)
class _Watched(Source):
    """A source that says how much of it was read."""

    progress: Progress | None = None

    def open(self) -> BinaryIO:
        raw = FileIO(self.path) if self.data is None and self.path else BytesIO(self.data or b"")
        return cast(BinaryIO, _Counted(cast(FileIO, raw), self.progress))


class _Counted(BufferedReader):
    """A file whose lines are counted while they are read one by one."""

    def __init__(self, raw: FileIO, progress: Progress | None) -> None:
        super().__init__(raw, 1 << 18)
        self._progress = progress

    def __iter__(self) -> Iterator[bytes]:
        progress = self._progress
        lines = iter(self.readline, b"")
        if progress is None or not progress.counting:
            yield from lines
            return
        progress.counting = False
        for line in lines:
            progress.lines += 1
            progress.read += len(line)
            yield line
