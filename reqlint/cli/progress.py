"""The bar that a long run draws on a terminal: how far it is, how fast, and how long it will still take."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BufferedReader, BytesIO, FileIO, RawIOBase
from math import ceil
from threading import Event, Lock, Thread
from time import perf_counter
from typing import BinaryIO, TextIO, cast

from reqlint.display.escaping import counted
from reqlint.text.compressed import Unpacked
from reqlint.text.documents import Source

_BEGINS, _EVERY = 1.0, 0.1  # seconds; a run shorter than the first draws nothing
_CELLS, _FEWEST = 24, 6  # of the bar: how many it has, and the fewest that still say something
_ERASE = "\r\x1b[2K"


class Progress:
    """
    Counts files and lines; once the run has taken *begins* seconds, a thread shows the counts on *stream*.

    The run itself only adds numbers, so that it costs a run nothing that can be measured.
    """

    def __init__(self, stream: TextIO, begins: float = _BEGINS) -> None:
        self.total = 0  #: files there will be
        self.files = 0  #: files that are done
        self.lines = 0
        self.text = 0  #: bytes of these lines
        self.done = (
            0  #: bytes that are done, without those of the file at hand; as they are stored, so maybe compressed
        )
        self.size = 0  #: bytes of the file at hand; 0 when not known
        self.counting = False  #: whether its lines are still to be counted; a file that is read again counts once
        self.unpacked: Unpacked | None = None  #: the file at hand, if it is compressed
        self._watches = False
        self._before = 0  # text before the file at hand
        self._expected: list[Source] = []
        self._whole: int | None = None
        self._pace = _Pace()
        self._adding = Lock()
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

    def expect(self, sources: Iterable[Source]) -> None:
        """Say which sources there will be, so that the share can go by their bytes."""
        self._expected = list(sources)
        self.total = len(self._expected)
        self._whole = None  # looked up when there is something to draw

    def watch(self, source: Source) -> Source:
        """Give *source* as one whose lines are counted as they are read; the source before it is done."""
        if self._watches:
            self.advance(0, self.size, 1)
        self.size = _stored(source)
        self.counting, self.unpacked = True, None
        self._watches, self._before = True, self.text
        return _Watched(source.name, source.path, source.data, self)

    def advance(self, lines: int, bytes_: int, files: int = 0, text: int | None = None) -> None:
        """
        Add what was judged elsewhere, such as in another process; any thread may.

        *bytes_* are those of the file as it is stored, *text* those of the lines where that is something else, as it is
        compressed; *files* are those that this completes. A source that is judged elsewhere is not watched as well.
        """
        read = (bytes_ if lines else 0) if text is None else text
        with self._adding:
            self.lines += lines
            self.text += read
            self._before += read
            self.done += bytes_
            self.files += files

    def line(self, columns: int, seconds: float, unicode: bool = True) -> str:
        """Write how far the run is after *seconds*, in less than *columns*; what says least goes first for that."""
        share = self._share()
        left = self._pace.left(seconds, share)
        number, what = (self.lines, "lines") if self.lines else (self.files, "files")
        ranked = [
            (0, f"{share:4.0%}" if share else ""),
            (4, f"{self.files:,}/{counted(self.total, 'file')}" if self.total > 1 else ""),
            (2, counted(self.lines, "line") if self.lines or self.total < 2 else ""),
            (3, f"{number / seconds:,.0f} {what}/s" if number and seconds > 0 else ""),
            (5, f"{self.text / seconds / 1e6:,.0f} MB/s" if seconds > 0 and self.text > seconds * 1e6 else ""),
            (1, f"~{_duration(left)} left" if left is not None else ""),
        ]
        ranked = [each for each in ranked if each[1]]
        room = columns - 1  # one less, so that no terminal goes to the next line
        while ranked and len("  ".join(text for _, text in ranked)) > room:
            ranked.remove(max(ranked))
        parts = [text for _, text in ranked]
        cells = min(_CELLS, room - len("  ".join(["", *parts])))
        if share and cells >= _FEWEST:
            full = int(share * cells)
            on, off = ("━", "─") if unicode else ("#", "-")
            parts.insert(0, on * full + off * (cells - full))
        return "  ".join(parts)

    def _share(self) -> float:
        if self._whole is None:
            self._whole = sum(map(_stored, self._expected))
            self._expected.clear()
        read = self.unpacked.stored_position if self.unpacked else self.text - self._before
        if self._whole:
            return min((self.done + min(read, self.size)) / self._whole, 1.0)
        within = min(read / self.size, 1.0) if self.size else 0.0
        return min((self.files + within) / self.total, 1.0) if self.total else 0.0

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


class _Pace:
    """How long the rest takes at the pace of the last half minute or so: steady, and soon right when it changes."""

    def __init__(self) -> None:
        self._noted: deque[tuple[float, float]] = deque([(0.0, 0.0)], maxlen=60)  # seconds and share

    def left(self, seconds: float, share: float) -> float | None:
        """Note the *share* that is done after *seconds*, and give how long the rest takes, if that can be told."""
        at, had = self._noted[-1]
        if share > had and seconds - at >= 0.5:
            self._noted.append((seconds, share))
            at, had = seconds, share
        since, began = self._noted[0]
        if not began < had <= share < 1:
            return None
        # Work that is handed out is told of stretch by stretch. Between two of them the time runs on.
        rest = (1 - had) * (at - since) / (had - began)
        return max(rest - (seconds - at), rest / 2)


def _duration(seconds: float) -> str:
    """Write about how long, as finely as one can believe."""
    whole = max(ceil(seconds), 1)
    if whole <= 90:
        return f"{whole} s"
    minutes = ceil(whole / 60)
    return f"{minutes} min" if minutes <= 90 else f"{minutes // 60:,} h {minutes % 60} min"


def _stored(source: Source) -> int:
    """Give the bytes of a source as it is stored; 0 when that is not known."""
    if source.data is not None:
        return len(source.data)
    try:
        return source.path.stat().st_size if source.path else 0
    except (OSError, ValueError):  # said by whoever reads it
        return 0


@dataclass(frozen=True, slots=True)
class _Watched(Source):
    """A source that says how much of it was read."""

    progress: Progress | None = None

    def open(self) -> BinaryIO:
        stored = FileIO(self.path) if self.data is None and self.path else BytesIO(self.data or b"")
        suffix = self.compression
        raw = Unpacked(cast(BinaryIO, stored), suffix) if suffix else stored
        return cast(BinaryIO, _Counted(cast(RawIOBase, raw), self.progress))


class _Counted(BufferedReader):
    """A file whose lines are counted while they are read one by one."""

    def __init__(self, raw: RawIOBase, progress: Progress | None) -> None:
        super().__init__(raw, 1 << 18)
        self._progress = progress

    def __iter__(self) -> Iterator[bytes]:
        progress = self._progress
        lines = iter(self.readline, b"")
        if progress is None or not progress.counting:
            yield from lines
            return
        progress.counting = False
        progress.unpacked = self.raw if isinstance(self.raw, Unpacked) else None
        for line in lines:
            progress.lines += 1
            progress.text += len(line)
            yield line
