"""A long file of JSON Lines, judged in stretches apart from each other and put together as if it had been one walk."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from reqlint.checks.files import EarlierLines
from reqlint.containers.envelope import Kind
from reqlint.core.findings import Finding, Report
from reqlint.judge.describe import Describer
from reqlint.knowledge.profile_choice import Choice
from reqlint.run.file_lines import LinesSummary
from reqlint.run.linter import Linter, Scope, has_request_sign, skipped_without_sign
from reqlint.text.chunks import Chunk
from reqlint.text.documents import UNREADABLE, Form, JsonDocument, Source, read_documents, read_json_lines


class Task(NamedTuple):
    """A source to judge, and how."""

    linter: Linter
    source: Source
    kind: Kind | None = None
    scope: Scope = Scope.NAMED
    extract: Sequence[str] = ()

    def run(self) -> Report:
        """Judge it here and now."""
        return self.linter.check_source(self.source, kind=self.kind, scope=self.scope, extract=self.extract)


class FirstLine(NamedTuple):
    """The first line of a file that has something in it, which says what the others are."""

    number: int
    line: bytes

    def document(self) -> JsonDocument:
        """Read it."""
        return next(iter(read_json_lines([self.line], self.number)))


class JudgedChunk(NamedTuple):
    """What one stretch came to; handed from one process to another."""

    findings: list[Finding]
    choices: dict[Choice, int]
    met: LinesSummary
    told: dict[str, int]
    repeats: dict[int, str]
    unread: bool  #: whether a line cannot be read


def read_first_line(source: Source) -> FirstLine | None:
    """
    Give the opening of a file of JSON Lines; None when it cannot be judged in stretches.

    Raises:
        OSError: the source cannot be read.
    """
    first = next(iter(read_documents(source, Form.JSONL)), None)
    if not isinstance(first, JsonDocument) or first.value is UNREADABLE:
        return None
    return FirstLine(first.index, first.text.encode())


def judge_chunk(task: Task, stretch: Chunk, opening: FirstLine, before: EarlierLines | None = None) -> JudgedChunk:
    """
    Judge some lines of a file.

    Raises:
        OSError: they cannot be read.
        CheckFailed: a check raised, which is a bug.
    """
    linter = task.linter
    lines = linter.file_lines(Form.JSONL, task.kind)
    lines.begin(opening.document(), stretch.first, before)
    teller = Describer(task.source.name, linter.show_values)
    teller.several = True
    findings: list[Finding] = []
    choices: Counter[Choice] = Counter()
    unread = False
    for document in stretch.documents():
        unread = unread or document.value is UNREADABLE
        findings += linter.of_document(teller, document, lines, task.kind, task.scope, choices, task.extract)
    return JudgedChunk(findings, dict(choices), lines.met(), teller.seen, teller.repeats, unread)


class ChunkMerger:
    """
    Puts the stretches of one file together, in their order.

    Args:
        task: the file.
        opening: its first line.
    """

    def __init__(self, task: Task, opening: FirstLine) -> None:
        self._task = task
        self._lines = task.linter.file_lines(Form.JSONL, task.kind)
        self._lines.begin(opening.document())
        self._parts: list[JudgedChunk] = []

    def add(self, judged: JudgedChunk) -> EarlierLines | None:
        """
        Take the next stretch; what comes back is what it would have had to know, if it is to be judged again.

        Raises:
            Entangled: the file cannot be judged in stretches.
        """
        before = self._lines.absorb(judged.met)
        self._parts.append(_kept(judged))
        return before

    def mend(self, number: int, judged: JudgedChunk) -> None:
        """Put what the stretch of this number came to, judged again, in its place."""
        self._parts[number] = _kept(judged)
        self._lines.absorb_links(judged.met)

    def report(self, failed: OSError | None = None) -> Report:
        """Say what the file came to; *failed* is what kept the rest from being read."""
        linter, source = self._task.linter, self._task.source
        if self._task.scope is Scope.LIKELY and any(part.unread for part in self._parts):
            try:
                if not has_request_sign(source):
                    return skipped_without_sign(source)
            except OSError as unreadable:
                failed = failed or unreadable
        teller = Describer(source.name, linter.show_values)
        teller.several = True
        findings: list[Finding] = []
        choices: Counter[Choice] = Counter()
        for part in self._parts:
            findings += teller.renumbered(part.findings, part.told, part.repeats)
            choices.update(part.choices)
        return linter.concluded(teller, source, self._task.scope, self._lines, findings, choices, failed)


def _kept(judged: JudgedChunk) -> JudgedChunk:
    """Give what is needed until the end: not all ids of the stretch, which are in what absorbed them."""
    return judged._replace(met=judged.met._replace(lines=None, links={}))
