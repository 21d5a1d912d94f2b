"""The text files of a lake, judged whole or in chunks, with their ids and unreadable documents counted."""

from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple

from reqlint.checks.files import EarlierLines
from reqlint.containers.batch import find_batch_lines
from reqlint.core.findings import Report
from reqlint.run.chunked import ChunkMerger, FirstLine, JudgedChunk, judge_chunk, read_first_line
from reqlint.run.file_lines import NotSeparable
from reqlint.run.task import Task
from reqlint.text.chunks import Chunk, split_chunks
from reqlint.text.documents import Document, JsonDocument, read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form, detect_form
from reqlint.text.sources import Source


class DocumentNotes:
    """What is counted of documents beside their findings."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}  #: each ``custom_id`` with the first document that has it
        self.unreadable = 0

    def add(self, document: Document) -> None:
        """Add the ids of a document, or count it as unreadable."""
        value = document.value
        if value is UNREADABLE:
            self.unreadable += 1
            return
        for line in (value,) if type(value) is dict else (line for _, line in find_batch_lines(value)):
            custom_id = line.get("custom_id") if isinstance(line, dict) else None
            if isinstance(custom_id, str):
                self.ids.setdefault(custom_id, document.index)

    def merge(self, following: "DocumentNotes") -> None:
        """Add the notes of the documents that follow."""
        for custom_id, document in following.ids.items():
            self.ids.setdefault(custom_id, document)
        self.unreadable += following.unreadable


class ChunkResult(NamedTuple):
    """The result of a chunk."""

    judged: JudgedChunk
    notes: DocumentNotes


Submit = Callable[[Chunk, FirstLine, EarlierLines | None], Callable[[], ChunkResult]]
"""Starts to judge a chunk; returns a function that waits for the result."""


class _NotedChunk(Chunk):
    """A chunk whose documents are added to notes while they are read."""

    notes: DocumentNotes

    def documents(self) -> Iterator[JsonDocument]:
        for document in super().documents():
            self.notes.add(document)
            yield document


def judge_noted_chunk(task: Task, chunk: Chunk, first: FirstLine, earlier: EarlierLines | None = None) -> ChunkResult:
    """
    Judge a chunk here and now.

    Raises:
        OSError: it cannot be read.
        CheckFailed: a check raised, which is a bug.
    """
    noted = _NotedChunk(*chunk)
    noted.notes = DocumentNotes()
    return ChunkResult(judge_chunk(task, noted, first, earlier), noted.notes)


def judge_text(task: Task, size: int, submit: Submit | None = None, ahead: int = 1) -> tuple[Report, DocumentNotes]:
    """
    Judge a file; only a chunk of it is in memory at a time, besides its findings and ids.

    Args:
        task: the file.
        size: bytes of a chunk.
        submit: starts to judge a chunk elsewhere; by default it is judged here.
        ahead: how many chunks may be under way at a time.

    Raises:
        CheckFailed: a check raised, which is a bug.
    """
    try:
        first = read_first_line(task.source) if detect_form(task.source) is Form.JSONL else None
    except OSError:
        first = None  # reading the whole file reports it
    if first is None:
        return _judge_whole(task)
    try:
        return _judge_in_chunks(task, first, size, submit or _submit_here(task), ahead)
    except (NotSeparable, OSError):
        return _judge_whole(task)


def _submit_here(task: Task) -> Submit:
    def submit(chunk: Chunk, first: FirstLine, earlier: EarlierLines | None) -> Callable[[], ChunkResult]:
        result = judge_noted_chunk(task, chunk, first, earlier)
        return lambda: result

    return submit


class _Chunks:
    """The chunks of a file, and the error that kept the rest from being read."""

    def __init__(self, source: Source, size: int) -> None:
        self._source, self._size = source, size
        self.failed: OSError | None = None

    def __iter__(self) -> Iterator[Chunk]:
        try:
            yield from split_chunks(self._source, self._size)
        except OSError as failed:
            self.failed = failed


def _judge_in_chunks(
    task: Task, first: FirstLine, size: int, submit: Submit, ahead: int
) -> tuple[Report, DocumentNotes]:
    merger, notes = ChunkMerger(task, first), DocumentNotes()
    chunks = _Chunks(task.source, size)
    under_way: deque[tuple[int, Chunk, Callable[[], ChunkResult]]] = deque()
    judged_again: list[tuple[int, Callable[[], ChunkResult]]] = []

    def take_next() -> None:
        number, chunk, wait = under_way.popleft()
        result = wait()
        notes.merge(result.notes)
        earlier = merger.add(result.judged)
        if earlier is not None:
            judged_again.append((number, submit(chunk, first, earlier)))

    for number, chunk in enumerate(chunks):
        under_way.append((number, chunk, submit(chunk, first, None)))
        if len(under_way) >= ahead:
            take_next()
    while under_way:
        take_next()
    for number, wait in judged_again:
        merger.replace(number, wait().judged)
    return merger.report(chunks.failed), notes


def _judge_whole(task: Task) -> tuple[Report, DocumentNotes]:
    """Judge a file in one go; read it once more if it may have ids or unreadable documents."""
    report, notes = task.run(), DocumentNotes()
    try:
        form = detect_form(task.source)
        if report.findings or form is Form.JSONL or b"custom_id" in task.source.read():
            for document in read_documents(task.source, form):
                notes.add(document)
    except OSError:
        pass  # the report says so
    return report, notes
