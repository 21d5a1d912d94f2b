"""The progress bar of a long run: when it is drawn, and by which thread."""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from math import inf
from threading import Event, Thread
from time import perf_counter
from typing import TextIO

from reqlint.cli.counting import Counts

_BEGINS = 1.0  # seconds; a shorter run draws nothing and never imports rich


class ProgressBar:
    """
    Shows the counts of a run on *stream*, a terminal, once the run has taken a second; erases them at the end.

    A thread does all the drawing, so that the run itself only adds numbers.
    """

    def __init__(self, stream: TextIO, *, color: bool) -> None:
        self._stream = stream
        self._color = color
        self._counts = Counts()
        self._ended = Event()
        self._thread = Thread(target=self._show, daemon=True)
        self._started = perf_counter()

    def __enter__(self) -> Counts:
        self._thread.start()
        return self._counts

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _show(self) -> None:
        if self._ended.wait(_BEGINS):
            return
        from reqlint.cli.bar import draw

        try:
            draw(self._counts, self._stream, self._ended, self._started, color=self._color)
        except (OSError, ValueError):  # the terminal went away; the run goes on without a bar
            return


class ShareBar:
    """
    Shows which share of a run is done, as `ProgressBar` does, whenever the run says so.

    The run draws it itself: a run that forks must not have a second thread.

    Args:
        stream: a terminal.
        noun: what the run counts, in the plural.
        color: whether to draw in colour.
    """

    def __init__(self, stream: TextIO, noun: str, *, color: bool) -> None:
        self._stream = stream
        self._noun = noun
        self._color = color
        self._done = self._total = 0
        self._started = perf_counter()
        self._next = self._started + _BEGINS  # when to draw
        self._update: Callable[[], None] | None = None
        self._drawn = ExitStack()

    def __enter__(self) -> "ShareBar":
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError, ValueError):
            self._drawn.close()

    def measure(self) -> tuple[float, float]:
        """Return how much is done, and of how much."""
        return self._done, self._total

    def summary(self, seconds: float) -> str:
        """Describe how much is done."""
        return f"{self._done:,}/{self._total:,} {self._noun}"

    def tell(self, done: int, total: int) -> None:
        """Take note that *done* of *total* are done, and draw that if it is time to."""
        self._done, self._total = done, total
        now = perf_counter()
        if now < self._next:
            return
        from reqlint.cli.bar import EVERY, drawing

        self._next = now + EVERY
        try:
            if self._update is None:
                drawn = drawing(self, self._stream, self._started, color=self._color)
                self._update = self._drawn.enter_context(drawn)
            self._update()
        except (OSError, ValueError):  # the terminal went away; the run goes on without a bar
            self._next = inf
