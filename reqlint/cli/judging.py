"""From the paths on the command line to what judging, or fixing, each of their files came to."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from reqlint.core.errors import CheckFailed, NotWritten

if TYPE_CHECKING:
    from reqlint.cli.counting import Counts
    from reqlint.cli.fixing import Fixing
    from reqlint.core.findings import Report
    from reqlint.project.project import Project
    from reqlint.run.parallel import WorkerPool
    from reqlint.run.scope import Scope
    from reqlint.run.task import Task
    from reqlint.text.sources import Source

Outcome = tuple["Source", "Report | CheckFailed | NotWritten"]
"""A source, and its report or what went wrong."""


def open_inputs(
    project: "Project", paths: Iterable[str], requests_only: bool, stdin_filename: str | None, *, fixes: bool
) -> "list[tuple[Source, Scope]]":
    """
    Return the source of every input, and its scope, which says what it means if the source holds no request.

    Args:
        project: the project whose excludes apply.
        paths: files, folders and ``-``.
        requests_only: treat a named file without a request like one found in a folder.
        stdin_filename: the name of standard input.
        fixes: whether the inputs will be fixed, and so must be real files or standard input.
    """
    from reqlint.cli.piped import named, standard_input
    from reqlint.run.scope import Scope
    from reqlint.text.sources import Source

    inputs = []
    for found in project.find_inputs(paths):
        if found.name == "-":
            name = stdin_filename or "<stdin>"
            # A fixed source without a path is written to standard output.
            source = standard_input(name, whole=True) if fixes else standard_input(name)
        else:
            # A pipe cannot be fixed, which is reported when it is tried.
            source = named(found.name) if found.named and not fixes else Source(found.name, Path(found.name), None)
        inputs.append((source, Scope.LIKELY if requests_only else Scope.NAMED if found.named else Scope.FOUND))
    return inputs


def judge_all(
    project: "Project",
    inputs: "Sequence[tuple[Source, Scope]]",
    bar: "AbstractContextManager[Counts | None]",
    jobs: int | None,
) -> Iterator[Outcome]:
    """Judge sources, in parallel where that pays, and yield the outcomes in the order of the sources."""
    from reqlint.run.task import outcomes_here, pause_gc

    pause_gc()
    tasks = [project.task(source, scope) for source, scope in inputs]
    with _workers(tasks, jobs) as pool, bar as counts:  # the bar starts a thread, which must not be forked
        if counts:
            counts.expect(task.source for task in tasks)
        watch, done = (counts.watch, counts.advance) if counts else (None, None)
        outcomes = pool.outcomes(watch, done) if pool else outcomes_here(tasks, watch)
        for task, outcome in zip(tasks, outcomes, strict=True):
            marked = outcome if isinstance(outcome, CheckFailed) else project.mark(outcome, task.source.name)
            yield task.source, marked


def _workers(tasks: "Sequence[Task]", jobs: int | None) -> "AbstractContextManager[WorkerPool | None]":
    """Return workers, or none for what is judged before they would have started."""
    from reqlint.run.task import is_little

    if is_little(tasks):
        return nullcontext()
    from reqlint.run.parallel import WorkerPool

    return WorkerPool(tasks, jobs)


def fix_all(
    project: "Project",
    inputs: "Sequence[tuple[Source, Scope]]",
    bar: "AbstractContextManager[Counts | None]",
    fixing: "Fixing",
) -> Iterator[Outcome]:
    """Fix sources one by one, and yield the fixed source of each with the findings that are left."""
    from reqlint.run.scope import Scope
    from reqlint.run.task import pause_gc
    from reqlint.text.sources import why_unreadable

    pause_gc()
    with bar as counts:
        if counts:
            counts.expect(source for source, _ in inputs)
        for source, scope in inputs:
            if scope is Scope.NAMED and (reason := why_unreadable(source)):
                yield source, NotWritten(f"cannot fix {source.name}: {reason}; --fix - fixes standard input")
                continue
            check = partial(project.check, scope=scope)
            try:
                left, fixed = fixing.run(counts.watch(source) if counts else source, check)
            except (CheckFailed, NotWritten) as failed:
                yield source, failed
            else:
                yield fixed, left
