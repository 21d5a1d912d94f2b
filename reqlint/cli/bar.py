"""The progress bar on the screen, drawn by rich; imported only once there is something to draw."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from time import perf_counter
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Column

EVERY = 0.5  # seconds between two drawings, each of which takes about 1 ms
_WIDE = 80  # columns; a narrower terminal shows the bar, the share and the remaining time, but no counts


class _SteadyConsole(Console):
    """A console that leaves the cursor visible: a run that is killed cannot bring it back."""

    def show_cursor(self, show: bool = True) -> bool:
        return False


class WithProgress(Protocol):
    """What the bar shows."""

    def measure(self) -> tuple[float, float]:
        """Return how much is done, and of how much."""

    def summary(self, seconds: float) -> str:
        """Describe what was done in so many seconds."""


def draw(counts: WithProgress, stream: TextIO, ended: Event, started: float, *, color: bool) -> None:
    """
    Draw the bar on *stream* until *ended* is set, then erase it; *started* is when the run began.

    Raises:
        OSError, ValueError: the terminal is not there any more.
    """
    with drawing(counts, stream, started, color=color) as update:
        while not ended.wait(EVERY):
            update()


@contextmanager
def drawing(counts: WithProgress, stream: TextIO, started: float, *, color: bool) -> Iterator[Callable[[], None]]:
    """Draw the bar, and yield a function that draws it again; erase it at the end. Arguments and errors as `draw`."""
    console = _SteadyConsole(file=stream, force_terminal=True, no_color=not color)

    def summary() -> str:
        return counts.summary(perf_counter() - started) if console.width >= _WIDE else ""

    cut = Column(no_wrap=True, overflow="crop")  # an ellipsis is six characters wide where the encoding is ASCII
    bar = Progress(
        BarColumn(24),
        TaskProgressColumn(table_column=cut),
        TextColumn("{task.description}", markup=False, table_column=cut),
        TimeRemainingColumn(compact=True, table_column=cut),
        TextColumn("left", table_column=cut),
        console=console,
        auto_refresh=False,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    task = bar.add_task("")

    def update(*, refresh: bool = True) -> None:
        done, total = counts.measure()
        bar.update(task, completed=done, total=total, description=summary(), refresh=refresh)

    update(refresh=False)
    with bar:
        yield update
