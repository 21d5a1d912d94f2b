"""A long JSONL file judged in chunks, independently of each other, with the same report as in one go."""

from collections import Counter
from itertools import islice
from typing import NamedTuple

from reqlint.checks.files import EarlierLines
from reqlint.core.findings import Finding, MoreFindings, Report
from reqlint.dialects.registry import Stranger
from reqlint.knowledge.profile_choice import Choice
from reqlint.run.file_lines import LinesSummary
from reqlint.run.scope import Scope, has_request_sign, skipped_without_sign
from reqlint.run.task import Task
from reqlint.text.chunks import Chunk
from reqlint.text.documents import JsonDocument, read_documents, read_json_lines
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form
from reqlint.text.sources import Source


class FirstLine(NamedTuple):
    """The first line of a file that can be read; it decides what the other lines are."""

    number: int  #: from 0
    line: bytes

    def document(self) -> JsonDocument:
        """Read the line."""
        return next(iter(read_json_lines([self.line], self.number)))


class JudgedChunk(NamedTuple):
    """The result of one chunk; pickled from one process to another."""

    findings: list[Finding]
    more: tuple[MoreFindings, ...]  #: those that were only counted
    choices: dict[Choice, int]
    passed_over: dict[Stranger, int]
    lines: LinesSummary
    seen: dict[str, int]  #: as in `Fingerprints`
    repeats: dict[int, str]  #: as in `Fingerprints`
    has_unreadable: bool  #: whether a line cannot be read


_MOST_LINES = 1000  # that are looked at before a readable one; looking for flaws takes longer than judging does


def read_first_line(source: Source) -> FirstLine | None:
    """
    Return the first readable line of a JSONL file; None when the file cannot be judged in chunks.

    Raises:
        OSError: the source cannot be read.
    """
    # NOTE: a file that is one text although it should be JSON Lines has one document, which cannot be read.
    for document in islice(read_documents(source, Form.JSONL), _MOST_LINES):
        if isinstance(document, JsonDocument) and document.value is not UNREADABLE:
            return FirstLine(document.index, document.text.encode())
    return None


def judge_chunk(task: Task, chunk: Chunk, first: FirstLine, earlier: EarlierLines | None = None) -> JudgedChunk:
    """
    Judge some lines of a file; *earlier* is what the lines before them said, where that makes a difference.

    Raises:
        OSError: they cannot be read.
        CheckFailed: a check raised, which is a bug.
    """
    run = task.start_lines()
    run.file_lines.start_at(first.document(), chunk.first, earlier)
    has_unreadable = False
    for document in chunk.documents():
        has_unreadable = has_unreadable or document.value is UNREADABLE
        run.judge(document)
    numbered = run.fingerprints
    return JudgedChunk(
        run.findings,
        run.counted(),
        dict(run.choices),
        dict(run.passed_over),
        run.file_lines.summary(),
        numbered.seen if numbered else {},
        numbered.repeats if numbered else {},
        has_unreadable,
    )


class ChunkMerger:
    """
    Puts the chunks of one file together, in their order.

    Args:
        task: the file.
        first: its first line.
    """

    def __init__(self, task: Task, first: FirstLine) -> None:
        self._task = task
        self._run = task.start_lines()
        self._run.file_lines.start_at(first.document())
        self._chunks: list[JudgedChunk] = []

    def add(self, judged: JudgedChunk) -> EarlierLines | None:
        """
        Add the next chunk. If the result is not None, the chunk must be judged again, knowing that.

        Raises:
            NotSeparable: the file cannot be judged in chunks.
        """
        earlier = self._run.file_lines.absorb(judged.lines)
        self._chunks.append(_without_merged(judged))
        return earlier

    def replace(self, number: int, judged: JudgedChunk) -> None:
        """Replace the result of the chunk with this number, which was judged again."""
        self._chunks[number] = _without_merged(judged)
        self._run.file_lines.absorb_links(judged.lines)

    def report(self, failed: OSError | None = None) -> Report:
        """Return the report of the file; *failed* is what kept the rest of it from being read."""
        run, source = self._run, self._task.source
        if self._task.scope is not Scope.NAMED and any(chunk.has_unreadable for chunk in self._chunks):
            try:
                if not has_request_sign(source):
                    return skipped_without_sign(source)
            except OSError as unreadable:
                failed = failed or unreadable
        choices: Counter[Choice] = run.choices
        for chunk in self._chunks:
            if chunk.findings or chunk.seen:
                run.findings += run.describer.fingerprints.renumber(chunk.findings, chunk.seen, chunk.repeats)
            choices.update(chunk.choices)
            run.passed_over.update(chunk.passed_over)
        if any(chunk.more for chunk in self._chunks):
            from reqlint.run.tally import add_up

            run.more = add_up(more for chunk in self._chunks for more in chunk.more)
        return run.finish(source, failed)


def _without_merged(judged: JudgedChunk) -> JudgedChunk:
    """Drop the ids of a chunk, which were merged into the state of the file, to save memory."""
    return judged._replace(lines=judged.lines._replace(lines=None, links={}))
