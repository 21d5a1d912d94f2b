"""Many sources judged in several processes, long files in chunks; the results come in the order of the sources."""

import os
import pickle
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from reqlint.checks.files import EarlierLines
from reqlint.core.errors import CheckFailed, WorkerLost
from reqlint.run.chunked import ChunkMerger, FirstLine, JudgedChunk, Task, read_first_line
from reqlint.run.file_lines import NotSeparable
from reqlint.run.worker import Job, Outcome, judge_chunk, judge_group, outcome_of, start_worker
from reqlint.text.chunks import CHUNK_BYTES, Chunk, split_chunks
from reqlint.text.forms import Form, detect_form
from reqlint.text.json import reader
from reqlint.text.sources import Source

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing.process import BaseProcess

LONG = 2 * CHUNK_BYTES  #: bytes from which a file is judged in chunks
_LONG_COMPRESSED = CHUNK_BYTES // 4  # the same for a compressed file, in stored bytes
_WORTH_BYTES = 1 << 22  # bytes in all from which starting workers pays off
_WORTH_FILES = 250  # or so many files, however small
_MOST_SENT = 1 << 25  # bytes of text that wait to be judged, where workers cannot read it themselves
_POLL_SECONDS = 0.5  # between two looks at whether all workers are alive
_GROUP_FILES, _GROUP_BYTES = 50, 1 << 20  # small files that are sent together

Watch = Callable[[Source], Source]
"""Called with a source before it is judged in this process; returns the one to read."""
Done = Callable[[int, int, int, int], None]
"""Called with the lines, stored bytes, files and bytes of text that were judged in a worker."""


class WorkerPool:
    """
    Judges tasks in several processes; results and their order are the same as with one.

    With one job, or too little work for more, everything is judged in this process.

    Args:
        tasks: what to judge.
        jobs: number of processes; None for the number of CPUs.
        chunk_bytes: size of a chunk.
        threshold: bytes from which a file is judged in chunks, and all files by workers.
    """

    def __init__(
        self,
        tasks: Sequence[Task],
        jobs: int | None = None,
        *,
        chunk_bytes: int = CHUNK_BYTES,
        threshold: int | None = None,
    ) -> None:
        self._tasks = tasks
        self._chunk_bytes = chunk_bytes
        self._long = LONG if threshold is None else threshold
        self._long_compressed = _LONG_COMPRESSED if threshold is None else threshold
        self._sizes = [_stored_size(task.source) for task in tasks]
        total = sum(self._sizes)
        jobs = jobs or cpu_count()
        worth_it = total >= (_WORTH_BYTES if threshold is None else threshold) or len(tasks) >= _WORTH_FILES
        self._jobs = jobs if worth_it and (len(tasks) > 1 or self._first_line_of_long(0)) else 1
        self._pool: ProcessPoolExecutor | None = None
        self._processes: set[BaseProcess] = set()
        self._pickled: dict[int, bytes] = {}  # linters, by their id
        if self._jobs > 1:
            self._start(total)

    @property
    def is_parallel(self) -> bool:
        """Whether there are workers."""
        return self._pool is not None

    def _start(self, total: int) -> None:
        """Start the workers, after compiling what they all need, so that forked ones inherit it."""
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor  # not imported for one small file

        reader.expect_bytes(total)
        for linter in {id(task.linter): task.linter for task in self._tasks}.values():
            linter.compile_now()
        # Forking is not safe in a process with threads, nor on other systems.
        method = multiprocessing.get_context("fork" if sys.platform == "linux" and has_one_thread() else "spawn")
        self._pool = ProcessPoolExecutor(self._jobs, method, initializer=start_worker, initargs=(total,))
        self._pool.submit(os.getpid)  # starts all workers, before anything else in this process starts a thread
        self._known_processes()

    def _known_processes(self) -> "set[BaseProcess]":
        """Return all workers that were seen so far; spawned ones start one after the other."""
        import multiprocessing

        self._processes.update(multiprocessing.active_children())
        return self._processes

    def __enter__(self) -> "WorkerPool":
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._pool is None:
            return
        if kind is not None:
            for process in self._known_processes():  # nobody needs the rest of their work
                process.kill()
                process.join()
            # NOTE: a worker that is killed in the middle of a message leaves the pool's threads waiting for the rest
            # of it, and the interpreter waiting for them, because this process holds the other ends of the pipes. The
            # second one is closed by the pool's own thread in most releases of Python; at the same time, both would
            # fail, so this waits for the thread to end.
            thread = getattr(self._pool, "_executor_manager_thread", None)
            for queue, end in (("_result_queue", "_writer"), ("_call_queue", "_reader")):
                pipe = getattr(getattr(self._pool, queue, None), end, None)
                if pipe is not None and not pipe.closed:
                    pipe.close()
                if thread is not None:
                    thread.join(1)
        self._pool.shutdown(wait=kind is None, cancel_futures=True)

    def outcomes(self, watch: Watch | None = None, done: Done | None = None) -> Iterator[Outcome]:
        """
        Yield the result of each task, in the order of the tasks.

        Args:
            watch: called with each source that is judged in this process.
            done: called with the amount of work that workers have done.

        Raises:
            WorkerLost: a worker ended too early.
        """
        if self._pool is None:
            for task in self._tasks:
                yield outcome_of(task._replace(source=watch(task.source)) if watch else task)
            return
        from concurrent.futures.process import BrokenProcessPool

        try:
            yield from self._ordered(done or _ignore)
        except BrokenProcessPool:
            raise WorkerLost from None

    def _ordered(self, done: Done) -> Iterator[Outcome]:
        steps = self._steps()
        ahead: deque[_Step] = deque()
        while True:
            while len(ahead) < 2 * self._jobs + 2 and sum(step.sent_bytes for step in ahead) < _MOST_SENT:
                if (step := next(steps, None)) is None:
                    break
                ahead.append(step)
            if not ahead:
                return
            self._wait(ahead[0])
            yield from ahead.popleft().outcomes(done)

    def _wait(self, step: "_Step") -> None:
        """Wait for a step's futures as long as all workers are alive; the pool does not always notice a dead one."""
        from concurrent.futures import wait

        while wait(step.futures(), timeout=_POLL_SECONDS).not_done:
            if any(process.exitcode is not None for process in self._known_processes()):
                raise WorkerLost

    # -------------------------------------------------------------------------------------------- sending out work

    def _steps(self) -> "Iterator[_Step]":
        """Send work to the pool; yield a step for each piece of it, in the order of the results."""
        group: list[int] = []
        size = 0
        for number in range(len(self._tasks)):
            if first := self._first_line_of_long(number):
                if group:
                    yield self._group(group)
                    group, size = [], 0
                yield from self._chunk_steps(self._tasks[number], first)
                continue
            group.append(number)
            size += self._sizes[number]
            if len(group) == _GROUP_FILES or size >= _GROUP_BYTES:
                yield self._group(group)
                group, size = [], 0
        if group:
            yield self._group(group)

    def _group(self, numbers: Sequence[int]) -> "_GroupStep":
        jobs = [self._job(self._tasks[number]) for number in numbers]
        return _GroupStep(self._submit(judge_group, jobs), sum(self._sizes[number] for number in numbers))

    def _first_line_of_long(self, number: int) -> FirstLine | None:
        """Return the first line of a long file; None when it is short, or must be judged in one go."""
        if not self._is_long(number):
            return None
        source = self._tasks[number].source
        try:
            return read_first_line(source) if detect_form(source) is Form.JSONL else None
        except (OSError, MemoryError):
            return None

    def _chunk_steps(self, task: Task, first: FirstLine) -> "Iterator[_Step]":
        job = self._job(task)

        def judge(chunk: Chunk, earlier: EarlierLines | None) -> "Future[JudgedChunk]":
            return self._submit(judge_chunk, job, chunk, first, earlier)

        file = _LongFile(task, ChunkMerger(task, first), judge)
        failed: OSError | None = None
        try:
            for number, chunk in enumerate(split_chunks(task.source, self._chunk_bytes)):
                yield _ChunkStep(file, number, chunk)
                if file.in_one_go:
                    break
        except OSError as unreadable:
            failed = unreadable
        yield _EndOfFile(file, failed)

    def _job(self, task: Task) -> Job:
        key = id(task.linter)
        if key not in self._pickled:
            self._pickled[key] = pickle.dumps(task.linter)
        return Job(self._pickled[key], *task[1:])

    def _submit(self, work: Callable[..., Any], *arguments: object) -> "Future[Any]":
        if self._pool is None:
            raise WorkerLost
        return self._pool.submit(work, *arguments)

    def _is_long(self, number: int) -> bool:
        compressed = bool(self._tasks[number].source.compression)
        return self._sizes[number] >= (self._long_compressed if compressed else self._long)


class _Step:
    """A piece of work that was sent to the pool."""

    sent_bytes = 0  #: of text that is kept until the step is done

    def futures(self) -> "Sequence[Future[Any]]":
        """Return what must be done before `outcomes` is called."""
        raise NotImplementedError

    def outcomes(self, done: Done) -> Iterator[Outcome]:
        """Yield the results of the tasks that this step completes."""
        raise NotImplementedError


class _GroupStep(_Step):
    """Some sources, each judged in one go."""

    def __init__(self, future: "Future[list[Outcome]]", size: int) -> None:
        self._future = future
        self._size = size

    def futures(self) -> "Sequence[Future[Any]]":
        return (self._future,)

    def outcomes(self, done: Done) -> Iterator[Outcome]:
        outcomes = self._future.result()
        done(0, self._size, len(outcomes), 0)
        yield from outcomes


class _LongFile:
    """What the steps of one long file share."""

    def __init__(
        self,
        task: Task,
        merger: ChunkMerger,
        judge: "Callable[[Chunk, EarlierLines | None], Future[JudgedChunk]]",
    ) -> None:
        self.task = task
        self.merger = merger
        self.judge = judge
        self.in_one_go = False  #: whether it must be judged in one go after all, which also reports what went wrong
        self.judged_again: list[tuple[int, Future[JudgedChunk]]] = []  #: chunks by number


class _ChunkStep(_Step):
    """One chunk of a long file."""

    def __init__(self, file: _LongFile, number: int, chunk: Chunk) -> None:
        self._file, self._number, self._chunk = file, number, chunk
        self._future = file.judge(chunk, None)
        self.sent_bytes = len(chunk.data or b"")

    def futures(self) -> "Sequence[Future[Any]]":
        return () if self._file.in_one_go else (self._future,)

    def outcomes(self, done: Done) -> Iterator[Outcome]:
        file, chunk = self._file, self._chunk
        if not file.in_one_go:
            try:
                earlier = file.merger.add(self._future.result())
                if earlier is not None:
                    file.judged_again.append((self._number, file.judge(chunk, earlier)))
            except (NotSeparable, OSError, MemoryError, CheckFailed):
                file.in_one_go = True
            done(chunk.lines, chunk.stored, 0, chunk.size)
        return iter(())


class _EndOfFile(_Step):
    """The end of a long file, which completes it."""

    def __init__(self, file: _LongFile, failed: OSError | None) -> None:
        self._file, self._failed = file, failed

    def futures(self) -> "Sequence[Future[Any]]":
        return () if self._file.in_one_go else [future for _, future in self._file.judged_again]

    def outcomes(self, done: Done) -> Iterator[Outcome]:
        file = self._file
        try:
            for number, future in () if file.in_one_go else file.judged_again:
                file.merger.replace(number, future.result())
        except (OSError, MemoryError, CheckFailed):
            file.in_one_go = True
        yield outcome_of(file.task) if file.in_one_go else file.merger.report(self._failed)
        done(0, 0, 1, 0)


def cpu_count() -> int:
    """Return how many CPUs this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _ignore(_lines: int, _bytes: int, _files: int, _text: int) -> None:
    pass


def _stored_size(source: Source) -> int:
    """Return the bytes a source takes where it is stored; 0 if that is not known."""
    if source.data is not None or source.path is None:
        return len(source.data or b"")
    try:
        return source.path.stat().st_size
    except (OSError, ValueError):
        return 0


def has_one_thread() -> bool:
    """Return whether this process has no thread beside the main one, so that it can be forked."""
    import threading

    return threading.active_count() == 1
