"""Judging the files of a lake that are texts, long ones in stretches, and noting which ids and flaws were met."""

from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple

from reqlint.checks.files import EarlierLines
from reqlint.containers.batch import find_batch_lines
from reqlint.core.findings import Report
from reqlint.run.chunked import ChunkMerger, FirstLine, JudgedChunk, Task, judge_chunk, read_first_line
from reqlint.run.file_lines import NotSeparable
from reqlint.text.chunks import Chunk, split_chunks
from reqlint.text.documents import UNREADABLE, Document, Form, JsonDocument, Source, detect_form, read_documents


class Notes:
    """What is noted of documents beside their findings."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}  #: each ``custom_id`` with the first document that has it
        self.unreadable = 0

    def take(self, document: Document) -> None:
        """Note what there is to note of a document."""
        value = document.value
        if value is UNREADABLE:
            self.unreadable += 1
            return
        for line in (value,) if type(value) is dict else (line for _, line in find_batch_lines(value)):
            custom_id = line.get("custom_id") if isinstance(line, dict) else None
            if isinstance(custom_id, str):
                self.ids.setdefault(custom_id, document.index)

    def add(self, after: "Notes") -> None:
        """Add what was noted of the documents that follow."""
        for custom_id, document in after.ids.items():
            self.ids.setdefault(custom_id, document)
        self.unreadable += after.unreadable


class Piece(NamedTuple):
    """What a stretch came to."""

    judged: JudgedChunk
    notes: Notes


Submit = Callable[[Chunk, FirstLine, EarlierLines | None], Callable[[], Piece]]
"""Begins to judge a stretch, and gives what waits for the end of that."""


class _Noted(Chunk):
    """A stretch whose documents are noted while they are read."""

    notes: Notes

    def documents(self) -> Iterator[JsonDocument]:
        for document in super().documents():
            self.notes.take(document)
            yield document


def piece(task: Task, stretch: Chunk, opening: FirstLine, before: EarlierLines | None = None) -> Piece:
    """
    Judge a stretch here and now.

    Raises:
        OSError: it cannot be read.
        CheckFailed: a check raised, which is a bug.
    """
    noted = _Noted(*stretch)
    noted.notes = Notes()
    return Piece(judge_chunk(task, noted, opening, before), noted.notes)


def text_report(task: Task, size: int, submit: Submit | None = None, ahead: int = 1) -> tuple[Report, Notes]:
    """
    Say what a file came to; no more of it than a stretch is in memory at a time, but for its findings and ids.

    Args:
        task: the file.
        size: bytes of a stretch.
        submit: has stretches judged elsewhere.
        ahead: how many stretches may be under way at a time.

    Raises:
        CheckFailed: a check raised, which is a bug.
    """
    try:
        opening = read_first_line(task.source) if detect_form(task.source) is Form.JSONL else None
    except OSError:
        opening = None  # as whoever reads it whole will say
    if opening is None:
        return _whole(task)
    try:
        return _put_together(task, opening, size, submit or _here(task), ahead)
    except (NotSeparable, OSError):
        return _whole(task)


def _here(task: Task) -> Submit:
    def submit(stretch: Chunk, opening: FirstLine, before: EarlierLines | None) -> Callable[[], Piece]:
        done = piece(task, stretch, opening, before)
        return lambda: done

    return submit


class _Cut:
    """The stretches of a file, and what kept the rest from being read."""

    def __init__(self, source: Source, size: int) -> None:
        self._source, self._size = source, size
        self.failed: OSError | None = None

    def __iter__(self) -> Iterator[Chunk]:
        try:
            yield from split_chunks(self._source, self._size)
        except OSError as failed:
            self.failed = failed


def _put_together(task: Task, opening: FirstLine, size: int, submit: Submit, ahead: int) -> tuple[Report, Notes]:
    pieces, notes = ChunkMerger(task, opening), Notes()
    cut = _Cut(task.source, size)
    under_way: deque[tuple[int, Chunk, Callable[[], Piece]]] = deque()
    again: list[tuple[int, Callable[[], Piece]]] = []

    def take() -> None:
        number, stretch, wait = under_way.popleft()
        done = wait()
        notes.add(done.notes)
        before = pieces.add(done.judged)
        if before is not None:
            again.append((number, submit(stretch, opening, before)))

    for number, stretch in enumerate(cut):
        under_way.append((number, stretch, submit(stretch, opening, None)))
        if len(under_way) >= ahead:
            take()
    while under_way:
        take()
    for number, wait in again:
        pieces.mend(number, wait().judged)
    return pieces.report(cut.failed), notes


def _whole(task: Task) -> tuple[Report, Notes]:
    """Judge a file in one go, and read it once more where there is something to note."""
    report, notes = task.run(), Notes()
    try:
        form = detect_form(task.source)
        if report.findings or form is Form.JSONL or b"custom_id" in task.source.read():
            for document in read_documents(task.source, form):
                notes.take(document)
    except OSError:
        pass  # the report says so
    return report, notes
