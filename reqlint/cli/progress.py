"""The progress bar of a long run: when it is drawn, and by which thread."""

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
