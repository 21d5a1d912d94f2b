"""A source to judge, and its result when it is judged in this process."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from reqlint.containers.envelope import Kind
from reqlint.core.errors import CheckFailed
from reqlint.core.findings import Report
from reqlint.run.linter import Linter
from reqlint.run.scope import Scope
from reqlint.run.source_run import SourceRun
from reqlint.text.forms import Form
from reqlint.text.sources import Source

WORTH_BYTES = 1 << 22  # bytes in all from which starting workers pays off
WORTH_FILES = 250  # or so many files, however small
_SAMPLE_BYTES = 1 << 17

Outcome = Report | CheckFailed
"""The result of a task: its report, or the bug of ours that kept it from having one."""
Watch = Callable[[Source], Source]
"""Called with a source before it is judged in this process; returns the one to read."""


class Task(NamedTuple):
    """A source to judge, and how."""

    linter: Linter
    source: Source
    kind: Kind | None = None
    scope: Scope = Scope.NAMED
    extract: Sequence[str] = ()
    most_described: int | None = None  #: findings of each rule and severity in a file of lines; None for all

    def run(self) -> Report:
        """Judge the source here and now."""
        return self.linter.check_source(
            self.source,
            kind=self.kind,
            scope=self.scope,
            extract=self.extract,
            most_described=self.most_described,
        )

    def start_lines(self) -> SourceRun:
        """Return the state of the source as a JSONL file of which nothing was judged yet."""
        return SourceRun(
            self.linter.judges,
            self.source.name,
            Form.JSONL,
            kind=self.kind,
            scope=self.scope,
            extract=self.extract,
            show_values=self.linter.show_values,
            most_described=self.most_described,
        )


def outcome_of(task: Task) -> Outcome:
    """Judge a task; a bug of ours is returned, not raised, so that the other tasks go on."""
    try:
        return task.run()
    except CheckFailed as bug:
        return bug


def judge_sample(task: Task) -> None:
    """Judge the first lines of a task for nothing, so that what they need is imported and compiled."""
    try:
        with task.source.open() as stream:
            start = stream.read(_SAMPLE_BYTES)
    except (OSError, MemoryError):  # is reported where the source is judged
        return
    start = start[: start.rfind(b"\n") + 1] if len(start) == _SAMPLE_BYTES else start
    outcome_of(task._replace(source=Source(task.source.name, None, start)))


def outcomes_here(tasks: Iterable[Task], watch: Watch | None = None) -> Iterator[Outcome]:
    """Judge tasks in this process, one after the other; *watch* gets each source before."""
    for task in tasks:
        yield outcome_of(task._replace(source=watch(task.source)) if watch else task)


def is_little(tasks: Sequence[Task]) -> bool:
    """Return whether tasks are so few, and so small, that several processes would take longer than one."""
    return len(tasks) < WORTH_FILES and sum(stored_size(task.source) for task in tasks) < WORTH_BYTES


def stored_size(source: Source) -> int:
    """Return the bytes a source takes where it is stored; 0 if that is not known."""
    if source.data is not None or source.path is None:
        return len(source.data or b"")
    try:
        return source.path.stat().st_size
    except (OSError, ValueError):
        return 0


def pause_gc() -> None:
    """
    Let this process collect reference cycles rarely; for processes that only judge.

    Nothing that is made of a request has cycles. Looking for them among the findings that are kept takes a fifth of
    the time when every line is wrong.
    """
    import gc

    gc.set_threshold(100_000, 20, 100)
