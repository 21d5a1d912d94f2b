"""Pieces of the work of several processes, in the order of their results."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from reqlint.checks.files import EarlierLines
from reqlint.core.errors import CheckFailed
from reqlint.run.chunked import ChunkMerger, JudgedChunk
from reqlint.run.file_lines import NotSeparable
from reqlint.run.task import Outcome, Task, Watch, outcome_of
from reqlint.text.chunks import Chunk

if TYPE_CHECKING:
    from concurrent.futures import Future

Done = Callable[[int, int, int, int], None]
"""Called with the lines, stored bytes, files and bytes of text that were judged in a worker, or take it back."""


class Progress(NamedTuple):
    """Who is told how far the work is."""

    watch: Watch
    done: Done

    def outcome_of(self, task: Task) -> Outcome:
        """Judge a task in this process."""
        return outcome_of(task._replace(source=self.watch(task.source)))


class Step:
    """A piece of work that was sent to the pool, or is done in this process when its turn comes."""

    sent_bytes = 0  #: of text that is kept until the step is done

    def futures(self) -> "Sequence[Future[Any]]":
        """Return what must be done before `outcomes` is called."""
        raise NotImplementedError

    def outcomes(self, progress: Progress) -> Iterator[Outcome]:
        """Yield the results of the tasks that this step completes."""
        raise NotImplementedError


class HereStep(Step):
    """One source that is judged in this process, in one go."""

    def __init__(self, task: Task) -> None:
        self._task = task

    def futures(self) -> "Sequence[Future[Any]]":
        """Return what must be done first."""
        return ()

    def outcomes(self, progress: Progress) -> Iterator[Outcome]:
        """Judge the source, and yield its result."""
        yield progress.outcome_of(self._task)


class GroupStep(Step):
    """Some sources, each judged in one go."""

    def __init__(self, future: "Future[list[Outcome]]", size: int) -> None:
        self._future = future
        self._size = size

    def futures(self) -> "Sequence[Future[Any]]":
        """Return what must be done first."""
        return (self._future,)

    def outcomes(self, progress: Progress) -> Iterator[Outcome]:
        """Yield the results of the sources."""
        outcomes = self._future.result()
        progress.done(0, self._size, len(outcomes), 0)
        yield from outcomes


class LongFile:
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
        self._told: list[tuple[int, int, int]] = []

    def tell(self, progress: Progress, chunk: Chunk) -> None:
        """Add a chunk to what is done."""
        self._told.append((chunk.lines, chunk.stored, chunk.size))
        progress.done(chunk.lines, chunk.stored, 0, chunk.size)

    def tell_of_no_chunk(self, progress: Progress) -> None:
        """Take back what was said of the chunks, because the file is judged again from its beginning."""
        for lines, stored, text in self._told:
            progress.done(-lines, -stored, 0, -text)


class ChunkStep(Step):
    """One chunk of a long file."""

    def __init__(self, file: LongFile, number: int, chunk: Chunk) -> None:
        self._file, self._number, self._chunk = file, number, chunk
        self._future = file.judge(chunk, None)
        self.sent_bytes = len(chunk.data or b"")

    def futures(self) -> "Sequence[Future[Any]]":
        """Return what must be done first."""
        return () if self._file.in_one_go else (self._future,)

    def outcomes(self, progress: Progress) -> Iterator[Outcome]:
        """Merge what was found in the chunk; it completes no task."""
        file, chunk = self._file, self._chunk
        if not file.in_one_go:
            try:
                earlier = file.merger.add(self._future.result())
                if earlier is not None:
                    file.judged_again.append((self._number, file.judge(chunk, earlier)))
            except (NotSeparable, OSError, MemoryError, CheckFailed):
                file.in_one_go = True
            file.tell(progress, chunk)
        return iter(())


class EndOfFile(Step):
    """The end of a long file, which completes it."""

    def __init__(self, file: LongFile, failed: OSError | None) -> None:
        self._file, self._failed = file, failed

    def futures(self) -> "Sequence[Future[Any]]":
        """Return what must be done first."""
        return () if self._file.in_one_go else [future for _, future in self._file.judged_again]

    def outcomes(self, progress: Progress) -> Iterator[Outcome]:
        """Yield the result of the file."""
        file = self._file
        try:
            for number, future in () if file.in_one_go else file.judged_again:
                file.merger.replace(number, future.result())
        except (OSError, MemoryError, CheckFailed):
            file.in_one_go = True
        if file.in_one_go:
            file.tell_of_no_chunk(progress)
            yield progress.outcome_of(file.task)
        else:
            yield file.merger.report(self._failed)
            progress.done(0, 0, 1, 0)
