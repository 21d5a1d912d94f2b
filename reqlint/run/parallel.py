"""Judging side by side in several processes: many sources, and the stretches of long ones; told in their order."""

import os
import pickle
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

from reqlint.checks.files import EarlierLines
from reqlint.containers.envelope import Kind
from reqlint.core.errors import CheckFailed, WorkerLost
from reqlint.core.findings import Report
from reqlint.run.chunked import ChunkMerger, FirstLine, JudgedChunk, Task, judge_chunk, read_first_line
from reqlint.run.file_lines import NotSeparable
from reqlint.run.linter import Linter, Scope
from reqlint.text.chunks import CHUNK_BYTES, Chunk, split_chunks
from reqlint.text.documents import Form, Source, detect_form
from reqlint.text.json import reader

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing.process import BaseProcess

LONG = 2 * CHUNK_BYTES  #: bytes from which on a file is judged in stretches
_STORED_LONG = CHUNK_BYTES // 4  # the same of a compressed file, in stored bytes
_PAYS = 1 << 22  # bytes in all from which on it pays to start workers
_PAYS_FILES = 250  # or so many files, however small
_HELD = 1 << 25  # bytes of text that are handed over in advance, where workers cannot read it themselves
_LOOKS = 0.5  # seconds between two looks at the workers
_GROUP, _GROUP_BYTES = 50, 1 << 20  # files that are handed over together, and at most so many bytes of them

Outcome = Report | CheckFailed
Watch = Callable[[Source], Source]
"""Is given a source before it is judged in this process, and gives the one to read."""
Done = Callable[[int, int, int, int], None]
"""Is told how many lines, bytes as they are stored, files, and bytes of text were judged elsewhere."""


class Rest(NamedTuple):
    """A task without its linter, which is handed over once for all."""

    source: Source
    kind: Kind | None
    scope: Scope
    extract: Sequence[str]


class WorkerPool:
    """
    Judges tasks in *jobs* processes, and gives what each came to in their order, as if they had been judged one by one.

    With one job, or where there is too little to do for more, it judges in this process.

    Args:
        tasks: what to judge.
        jobs: how many processes; None for one a core.
        stretch: bytes of a stretch.
        least: bytes from which on a file is judged in stretches, and the whole by workers.
    """

    def __init__(
        self,
        tasks: Sequence[Task],
        jobs: int | None = None,
        *,
        stretch: int = CHUNK_BYTES,
        least: int | None = None,
    ) -> None:
        self._tasks = tasks
        self._stretch = stretch
        self._long = LONG if least is None else least
        self._stored_long = _STORED_LONG if least is None else least
        self._sizes = [_stored(task.source) for task in tasks]
        jobs = jobs or cores()
        total = sum(self._sizes)
        pays = total >= (_PAYS if least is None else least) or len(tasks) >= _PAYS_FILES
        alone = len(tasks) == 1 and not self._is_long(0)
        self._jobs = jobs if pays and not alone else 1
        self._pool: ProcessPoolExecutor | None = None
        self._workers: set[BaseProcess] = set()
        self._handed: dict[int, bytes] = {}
        if self._jobs > 1:
            self._start(total)

    @property
    def parallel(self) -> bool:
        """Whether there are workers."""
        return self._pool is not None

    def _start(self, total: int) -> None:
        """Start the workers; what they all need is made before, where they inherit it."""
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor  # as the line before: one small file needs neither

        reader.expect_bytes(total)
        for linter in {id(task.linter): task.linter for task in self._tasks}.values():
            linter.compile_now()
        # A fork takes over what is compiled. Elsewhere, and in a process with threads, that is not safe.
        ways = multiprocessing.get_context("fork" if sys.platform == "linux" and _has_one_thread() else "spawn")
        self._pool = ProcessPoolExecutor(self._jobs, ways, initializer=_begin_work, initargs=(total,))
        self._pool.submit(os.getpid)  # starts them all, before anything else here starts a thread
        self._crew()

    def _crew(self) -> "set[BaseProcess]":
        """Give the workers there are and were; where they are not forked, they come one by one."""
        import multiprocessing

        self._workers.update(multiprocessing.active_children())
        return self._workers

    def __enter__(self) -> "WorkerPool":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._pool is None:
            return
        if kind is not None:
            for worker in self._crew():  # what they are at is of no use any more
                worker.kill()
                worker.join()
            # NOTE: a worker that ends in the middle of a message leaves the pool's threads waiting for the rest of it,
            # and the interpreter for them, as this process holds the other ends of the pipes open itself.
            for queue, end in (("_result_queue", "_writer"), ("_call_queue", "_reader")):
                pipe = getattr(getattr(self._pool, queue, None), end, None)
                if pipe is not None:
                    pipe.close()
        self._pool.shutdown(wait=kind is None, cancel_futures=True)

    def outcomes(self, watch: Watch | None = None, done: Done | None = None) -> Iterator[Outcome]:
        """
        Give what each task came to, in the order of the tasks, and say how it goes on.

        Raises:
            WorkerLost: a worker ended before it was done.
        """
        if self._pool is None:
            for task in self._tasks:
                yield _outcome(task._replace(source=watch(task.source)) if watch else task)
            return
        from concurrent.futures.process import BrokenProcessPool

        try:
            yield from self._ordered(done or _nobody)
        except BrokenProcessPool:
            raise WorkerLost from None

    def _ordered(self, done: Done) -> Iterator[Outcome]:
        steps = self._steps()
        ahead: deque[_Step] = deque()
        while True:
            while len(ahead) < 2 * self._jobs + 2 and sum(each.held for each in ahead) < _HELD:
                if (step := next(steps, None)) is None:
                    break
                ahead.append(step)
            if not ahead:
                return
            self._wait(ahead[0])
            yield from ahead.popleft().outcomes(done)

    def _wait(self, step: "_Step") -> None:
        """Wait for what a step needs, as long as all workers are there: the pool does not always notice."""
        from concurrent.futures import wait

        while wait(step.needs(), timeout=_LOOKS).not_done:
            if any(worker.exitcode is not None for worker in self._crew()):
                raise WorkerLost

    def _steps(self) -> "Iterator[_Step]":
        """Hand out work, and give what to do with what comes back."""
        group: list[int] = []
        size = 0
        for number in range(len(self._tasks)):
            if self._is_long(number) and (long := self._in_stretches(number)):
                if group:
                    yield self._group(group)
                    group, size = [], 0
                yield from long
                continue
            group.append(number)
            size += self._sizes[number]
            if len(group) == _GROUP or size >= _GROUP_BYTES:
                yield self._group(group)
                group, size = [], 0
        if group:
            yield self._group(group)

    def _group(self, numbers: Sequence[int]) -> "_Group":
        handed = [(self._hand(self._tasks[number]), self._rest(number)) for number in numbers]
        return _Group(self._submit(_judge_group, handed), sum(self._sizes[number] for number in numbers))

    def _in_stretches(self, number: int) -> "Iterator[_Step] | None":
        """Begin with a long file; None when it has to be judged in one go."""
        task = self._tasks[number]
        try:
            opening = read_first_line(task.source) if detect_form(task.source) is Form.JSONL else None
        except (OSError, MemoryError):
            return None
        return None if opening is None else self._stretches(task, self._rest(number), opening)

    def _stretches(self, task: Task, rest: Rest, opening: FirstLine) -> "Iterator[_Step]":
        pieces = ChunkMerger(task, opening)
        handed = self._hand(task)

        def judged(stretch: Chunk, before: EarlierLines | None) -> "Future[JudgedChunk]":
            return self._submit(_judge_stretch, handed, rest, stretch, opening, before)

        fate = _Fate()
        failed: OSError | None = None
        try:
            for number, stretch in enumerate(split_chunks(task.source, self._stretch)):
                yield _Piece(pieces, number, stretch, judged, fate)
                if fate.in_one_go:
                    break
        except OSError as unreadable:
            failed = unreadable
        yield _Last(task, pieces, fate, failed)

    def _hand(self, task: Task) -> bytes:
        """Write a linter down once for all tasks that have it."""
        key = id(task.linter)
        if key not in self._handed:
            self._handed[key] = pickle.dumps(task.linter)
        return self._handed[key]

    def _rest(self, number: int) -> Rest:
        return Rest(*self._tasks[number][1:])

    def _submit(self, work: Callable[..., Any], *handed: object) -> "Future[Any]":
        if self._pool is None:
            raise WorkerLost
        return self._pool.submit(work, *handed)

    def _is_long(self, number: int) -> bool:
        compressed = bool(self._tasks[number].source.compression)
        return self._sizes[number] >= (self._stored_long if compressed else self._long)


class _Step:
    """Work that was handed out."""

    held = 0  #: bytes of text that are kept for it

    def needs(self) -> "Sequence[Future[Any]]":
        """Give what has to be there before `outcomes` can."""
        raise NotImplementedError

    def outcomes(self, done: Done) -> Iterator[Outcome]:
        """Give the tasks that are complete with it."""
        raise NotImplementedError


class _Group(_Step):
    """Some sources, each judged whole."""

    def __init__(self, future: "Future[list[Outcome]]", size: int) -> None:
        self._future = future
        self._size = size

    def needs(self) -> "Sequence[Future[Any]]":
        """Give what judges them."""
        return (self._future,)

    def outcomes(self, done: Done) -> Iterator[Outcome]:
        """Give them all."""
        outcomes = self._future.result()
        done(0, self._size, len(outcomes), 0)
        yield from outcomes


class _Fate:
    """How a long file fares."""

    def __init__(self) -> None:
        self.in_one_go = (
            False  #: whether it has to be judged in one go after all, as a bug or a lost file is told there
        )
        self.again: list[tuple[int, Future[JudgedChunk]]] = []  #: stretches that are judged a second time, by number


class _Piece(_Step):
    """One stretch of a long file."""

    def __init__(
        self,
        pieces: ChunkMerger,
        number: int,
        stretch: Chunk,
        judged: "Callable[[Chunk, EarlierLines | None], Future[JudgedChunk]]",
        fate: _Fate,
    ) -> None:
        self._pieces, self._number, self._stretch, self._judged, self._fate = pieces, number, stretch, judged, fate
        self._future = judged(stretch, None)
        self.held = len(stretch.data or b"")

    def needs(self) -> "Sequence[Future[Any]]":
        """Give what judges it; nobody waits for that once the file is judged in one go."""
        return () if self._fate.in_one_go else (self._future,)

    def outcomes(self, done: Done) -> Iterator[Outcome]:
        """Give nothing yet; have the stretch judged again if it has to know what was before it."""
        fate = self._fate
        if not fate.in_one_go:
            try:
                before = self._pieces.add(self._future.result())
                if before is not None:
                    fate.again.append((self._number, self._judged(self._stretch, before)))
            except (NotSeparable, OSError, MemoryError, CheckFailed):
                fate.in_one_go = True
            done(self._stretch.lines, self._stretch.stored, 0, self._stretch.size)
        return iter(())


class _Last(_Step):
    """The end of a long file."""

    def __init__(self, task: Task, pieces: ChunkMerger, fate: _Fate, failed: OSError | None) -> None:
        self._task, self._pieces, self._fate, self._failed = task, pieces, fate, failed

    def needs(self) -> "Sequence[Future[Any]]":
        """Give what judges stretches a second time."""
        return () if self._fate.in_one_go else [future for _, future in self._fate.again]

    def outcomes(self, done: Done) -> Iterator[Outcome]:
        """Give what the file came to."""
        try:
            for number, future in () if self._fate.in_one_go else self._fate.again:
                self._pieces.mend(number, future.result())
        except (OSError, MemoryError, CheckFailed):
            self._fate.in_one_go = True
        yield _outcome(self._task) if self._fate.in_one_go else self._pieces.report(self._failed)
        done(0, 0, 1, 0)


def pause_gc() -> None:
    """
    Have this process look for cycles of objects seldom; for one that does nothing but judge.

    What is made of a request has no cycles and is freed as it goes. Looking for some in the findings that are kept
    takes a fifth of the time when every line is wrong.
    """
    import gc

    gc.set_threshold(100_000, 20, 100)


def cores() -> int:
    """Say how many processes this one may run at a time."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _nobody(_lines: int, _bytes: int, _files: int, _text: int) -> None:
    """Tell nobody."""


def _stored(source: Source) -> int:
    """Give the bytes a source takes where it is; 0 for what cannot be asked."""
    if source.data is not None or source.path is None:
        return len(source.data or b"")
    try:
        return source.path.stat().st_size
    except OSError:
        return 0


def _has_one_thread() -> bool:
    import threading

    return threading.active_count() == 1


def _outcome(task: Task) -> Outcome:
    try:
        return task.run()
    except CheckFailed as bug:
        return bug


# -------------------------------------------------------------------------------------------------- inside of a worker


def _begin_work(total: int) -> None:
    import signal
    from multiprocessing import parent_process

    pause_gc()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who asked for the work hears it, and ends the workers
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # what the parent tidies up is the parent's
    parent = parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os._exit(2)  # nobody is left to hand the work to

    Thread(target=follow, daemon=True).start()
    reader.expect_bytes(total)


@lru_cache(maxsize=64)
def _linter_of(handed: bytes) -> Linter:
    linter: Linter = pickle.loads(handed)  # noqa: S301 - written by the process that started this one
    return linter


def _judge_group(handed: Sequence[tuple[bytes, Rest]]) -> list[Outcome]:
    return [_outcome(Task(_linter_of(linter), *rest)) for linter, rest in handed]


def _judge_stretch(
    linter: bytes, rest: Rest, stretch: Chunk, opening: FirstLine, before: EarlierLines | None
) -> JudgedChunk:
    task = Task(_linter_of(linter), *rest)
    task.linter.compile_now()
    return judge_chunk(task, stretch, opening, before)
