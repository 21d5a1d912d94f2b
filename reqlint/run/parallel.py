"""Many sources judged in several processes, long files in chunks; the results come in the order of the sources."""

import os
import pickle
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from reqlint.checks.files import EarlierLines
from reqlint.core.errors import WorkerLost
from reqlint.run.chunked import ChunkMerger, FirstLine, JudgedChunk, read_first_line
from reqlint.run.steps import ChunkStep, Done, EndOfFile, GroupStep, HereStep, LongFile, Progress, Step
from reqlint.run.task import WORTH_BYTES, WORTH_FILES, Outcome, Task, Watch, judge_sample, outcomes_here, stored_size
from reqlint.run.worker import Job, judge_chunk, judge_group, start_worker
from reqlint.text.chunks import CHUNK_BYTES, Chunk, split_chunks
from reqlint.text.forms import Form, detect_form
from reqlint.text.json import reader
from reqlint.text.sources import Source

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing.process import BaseProcess

LONG = 2 * CHUNK_BYTES  #: bytes from which a file is judged in chunks
_LONG_COMPRESSED = CHUNK_BYTES // 4  # the same for a compressed file, in stored bytes
_LARGE = 1 << 23  # bytes in all from which it pays, without workers, to compile before the first request
_MOST_SENT = 1 << 25  # bytes of text that wait to be judged, where workers cannot read it themselves
_POLL_SECONDS = 0.5  # between two looks at whether all workers are alive
_GROUP_FILES, _GROUP_BYTES = 50, 1 << 20  # small files that are sent together


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
        self._sizes = [stored_size(task.source) for task in tasks]
        total = sum(self._sizes)
        jobs = jobs or cpu_count()
        worth_it = total >= (WORTH_BYTES if threshold is None else threshold) or len(tasks) >= WORTH_FILES
        self._jobs = jobs if worth_it and (len(tasks) > 1 or self._is_separable(0)) else 1
        self._pool: ProcessPoolExecutor | None = None
        self._processes: set[BaseProcess] = set()
        self._pickled: dict[int, bytes] = {}  # linters, by their id
        if self._jobs > 1:
            self._start(total)
        elif total >= _LARGE:
            self._compile(total)

    @property
    def is_parallel(self) -> bool:
        """Whether there are workers."""
        return self._pool is not None

    def _start(self, total: int) -> None:
        """Start the workers, after compiling what they all need, so that forked ones inherit it."""
        import multiprocessing
        from concurrent.futures import ProcessPoolExecutor  # not imported for one small file

        self._compile(total)
        # Forking is not safe in a process with threads, nor on other systems.
        forks = sys.platform == "linux" and has_one_thread()
        if forks:
            # NOTE: what has no size may be a pipe, which can be read only once.
            readable = (task for task, size in zip(self._tasks, self._sizes, strict=True) if size)
            if (first := next(readable, None)) is not None:
                judge_sample(first)
        method = multiprocessing.get_context("fork" if forks else "spawn")
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

    def _compile(self, total: int) -> None:
        """Prepare for *total* bytes, and compile what pays for as many."""
        reader.expect_bytes(total)
        for linter in {id(task.linter): task.linter for task in self._tasks}.values():
            linter.compile_now()

    def outcomes(self, watch: Watch | None = None, done: Done | None = None) -> Iterator[Outcome]:
        """
        Yield the result of each task, in the order of the tasks.

        Args:
            watch: called with each source that is judged in this process.
            done: called with the amount of work that workers have done; negative for what is to be done again.

        Raises:
            WorkerLost: a worker ended too early.
        """
        if self._pool is None:
            yield from outcomes_here(self._tasks, watch)
            return
        from concurrent.futures.process import BrokenProcessPool

        try:
            yield from self._ordered(Progress(watch or _as_it_is, done or _ignore))
        except BrokenProcessPool:
            raise WorkerLost from None

    def _ordered(self, progress: Progress) -> Iterator[Outcome]:
        steps = self._steps()
        ahead: deque[Step] = deque()
        while True:
            while len(ahead) < 2 * self._jobs + 2 and sum(step.sent_bytes for step in ahead) < _MOST_SENT:
                if (step := next(steps, None)) is None:
                    break
                ahead.append(step)
            if not ahead:
                return
            self._wait(ahead[0])
            yield from ahead.popleft().outcomes(progress)

    def _wait(self, step: "Step") -> None:
        """Wait for a step's futures as long as all workers are alive; the pool does not always notice a dead one."""
        from concurrent.futures import wait

        while wait(step.futures(), timeout=_POLL_SECONDS).not_done:
            if any(process.exitcode is not None for process in self._known_processes()):
                raise WorkerLost

    # -------------------------------------------------------------------------------------------- sending out work

    def _steps(self) -> Iterator[Step]:
        """Send work to the pool; yield a step for each piece of it, in the order of the results."""
        group: list[int] = []
        size = 0
        for number, task in enumerate(self._tasks):
            if self._has_long_lines(number):
                if group:
                    yield self._group(group)
                    group, size = [], 0
                first = self._first_line(task.source)
                # A file without a line that tells what the others are is judged here, where its lines are watched.
                yield from self._chunk_steps(task, first) if first else [HereStep(task)]
                continue
            group.append(number)
            size += self._sizes[number]
            if len(group) == _GROUP_FILES or size >= _GROUP_BYTES:
                yield self._group(group)
                group, size = [], 0
        if group:
            yield self._group(group)

    def _group(self, numbers: Sequence[int]) -> GroupStep:
        jobs = [self._job(self._tasks[number]) for number in numbers]
        return GroupStep(self._submit(judge_group, jobs), sum(self._sizes[number] for number in numbers))

    def _is_separable(self, number: int) -> bool:
        """Return whether several workers can judge the lines of a task."""
        return self._has_long_lines(number) and self._first_line(self._tasks[number].source) is not None

    def _has_long_lines(self, number: int) -> bool:
        """Return whether a task is a long file of many lines."""
        try:
            return self._is_long(number) and detect_form(self._tasks[number].source) is Form.JSONL
        except (OSError, MemoryError):
            return False

    @staticmethod
    def _first_line(source: Source) -> FirstLine | None:
        """Return the first line of a file; None when it must be judged in one go, which also reports why."""
        try:
            return read_first_line(source)
        except (OSError, MemoryError):
            return None

    def _chunk_steps(self, task: Task, first: FirstLine) -> Iterator[Step]:
        job = self._job(task)

        def judge(chunk: Chunk, earlier: EarlierLines | None) -> "Future[JudgedChunk]":
            return self._submit(judge_chunk, job, chunk, first, earlier)

        file = LongFile(task, ChunkMerger(task, first), judge)
        failed: OSError | None = None
        try:
            for number, chunk in enumerate(split_chunks(task.source, self._chunk_bytes)):
                yield ChunkStep(file, number, chunk)
                if file.in_one_go:
                    break
        except OSError as unreadable:
            failed = unreadable
        yield EndOfFile(file, failed)

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


def cpu_count() -> int:
    """Return how many CPUs this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _as_it_is(source: Source) -> Source:
    return source


def _ignore(_lines: int, _bytes: int, _files: int, _text: int) -> None:
    pass


def has_one_thread() -> bool:
    """Return whether this process has no thread beside the main one, so that it can be forked."""
    import threading

    return threading.active_count() == 1
