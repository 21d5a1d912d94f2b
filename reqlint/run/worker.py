"""What runs inside a worker process of `reqlint.run.parallel`."""

import os
import pickle
from collections.abc import Sequence
from functools import lru_cache
from threading import Thread
from typing import NamedTuple

from reqlint.checks.files import EarlierLines
from reqlint.containers.envelope import Kind
from reqlint.run import chunked
from reqlint.run.chunked import FirstLine, JudgedChunk
from reqlint.run.linter import Linter
from reqlint.run.scope import Scope
from reqlint.run.task import Outcome, Task, outcome_of, pause_gc
from reqlint.text.chunks import Chunk
from reqlint.text.json import reader
from reqlint.text.sources import Source


class Job(NamedTuple):
    """A task as it is sent to a worker: its linter is pickled once for all tasks."""

    linter: bytes
    source: Source
    kind: Kind | None
    scope: Scope
    extract: Sequence[str]
    most_described: int | None

    def task(self) -> Task:
        """Return the task, with the linter as this process has it."""
        return Task(_linter_from(self.linter), *self[1:])


@lru_cache(maxsize=64)
def _linter_from(pickled: bytes) -> Linter:
    linter: Linter = pickle.loads(pickled)  # noqa: S301 - written by the process that started this one
    return linter


def start_worker(expected_bytes: int) -> None:
    """Prepare a worker process for that much text, and have it end when its parent does."""
    import signal
    from multiprocessing import parent_process

    pause_gc()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears Ctrl-C, and ends its workers
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # not the parent's handler, which tidies up the parent's files
    parent = parent_process()

    def end_with_parent() -> None:
        if parent is not None:
            parent.join()
            os._exit(2)  # nobody is left to take the results

    Thread(target=end_with_parent, daemon=True).start()
    reader.expect_bytes(expected_bytes)


def judge_group(jobs: Sequence[Job]) -> list[Outcome]:
    """Judge some sources, each in one go."""
    return [outcome_of(job.task()) for job in jobs]


def judge_chunk(job: Job, chunk: Chunk, first: FirstLine, earlier: EarlierLines | None) -> JudgedChunk:
    """Judge one chunk of a long file."""
    task = job.task()
    task.linter.compile_now()
    return chunked.judge_chunk(task, chunk, first, earlier)
