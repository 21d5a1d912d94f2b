"""Which lines of a file are good, which are bad, and by which rules."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from typing import Protocol

from reqlint.containers.envelope import Kind
from reqlint.core.errors import CheckFailed
from reqlint.core.findings import Finding, Report, Severity
from reqlint.core.records import dataclass, field, replace
from reqlint.run.linter import Linter
from reqlint.run.parallel import WorkerPool
from reqlint.run.source_run import SourceRun
from reqlint.run.task import Task
from reqlint.text.compressed import suffix_of
from reqlint.text.documents import read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form, form_by_name
from reqlint.text.sources import Source

BLANK, GOOD, BAD = 0, 1, 2  # the state of a line; one byte each

OF_FILES = frozenset(
    {"blank-line", "empty-batch-file", "oversized-batch-file", "too-few-examples", "too-many-batch-lines"}
)
"""The rules about a file as a whole, which no line of it can be blamed for."""

_KEEPS_FROM_READING = frozenset({"invalid-json", "not-utf8", "too-deep"})
_EXAMPLES = 5  # line numbers kept of each rule


class Watching(Protocol):
    """What counts the lines that are judged, for a progress bar."""

    def expect(self, sources: Iterable[Source]) -> None:
        """Announce what will be judged."""

    def watch(self, source: Source) -> Source:
        """Return the source to read instead, which counts."""

    def advance(self, lines: int, stored: int, files: int = 0, text: int | None = None) -> None:
        """Count lines that were judged elsewhere."""


Bar = Callable[[], AbstractContextManager[Watching | None]]
"""Starts to show how far one reading of a file is; None of a person who does not see it."""


@dataclass(frozen=True, slots=True)
class Judging:
    """
    How lines are judged.

    Args:
        linter: judges each line.
        kind: what each line holds; None if each decides.
        fail_on: the lowest severity that makes a line bad.
        jobs: number of processes; None for the number of CPUs.
        bar: starts a progress bar.
        threshold: bytes from which a file is judged by several processes.
    """

    linter: Linter
    kind: Kind | None
    fail_on: Severity
    jobs: int | None = 1
    bar: Bar = nullcontext
    threshold: int | None = None

    def report(self, source: Source) -> Report:
        """
        Judge all lines of *source*, in several processes where that pays.

        Raises:
            CheckFailed: a check raised, which is a bug.
            WorkerLost: a worker ended too early.
        """
        task = Task(self.linter, source, self.kind)
        with WorkerPool([task], self.jobs, threshold=self.threshold) as pool, self.bar() as counts:
            if counts:
                counts.expect([source])
            outcome = next(pool.outcomes(counts.watch, counts.advance) if counts else pool.outcomes())
        if isinstance(outcome, CheckFailed):
            raise outcome
        return outcome

    def failing(self, findings: Iterable[Finding]) -> list[tuple[str, int]]:
        """Return the rules of the findings that make their line bad, each with the index of the line."""
        return [
            (each.rule, each.document)
            for each in findings
            if each.severity.rank <= self.fail_on.rank and (each.explained or not each.suppressed)
        ]


@dataclass(slots=True)
class JudgedLines:
    """What judging the lines of a file came to."""

    states: bytearray = field(default_factory=bytearray)  #: one byte a line, up to the last one that is not blank
    rules: Counter[str] = field(default_factory=Counter)  #: lines by the rule that made them bad
    examples: dict[str, list[int]] = field(default_factory=dict)  #: indexes of the first lines of each rule
    requests: int = 0
    whole: tuple[Finding, ...] = ()  #: what the file has wrong as a whole
    blank_fails: bool = False  #: whether blank lines count at or above the level
    first_is_bad: bool = False  #: whether the line that decides what the others are is bad
    counts_examples: bool = False  #: whether the lines are those of a training file, which needs so many of them

    def blame(self, rules: Iterable[str], index: int) -> None:
        """Count a line under each rule that made it bad."""
        for rule in sorted(rules):
            self.rules[rule] += 1
            examples = self.examples.setdefault(rule, [])
            if len(examples) < _EXAMPLES:
                examples.append(index)

    def needs_another_look(self) -> bool:
        """
        Return whether the good lines can have a fault among themselves that they do not have here.

        Batch lines are compared with earlier ones, so taking bad ones out takes only reasons away; unless it is the
        first of all, which decides what the file is. A training file can have too few lines left.
        """
        return self.first_is_bad or bool(self.whole) or self.counts_examples


def judge_lines(judging: Judging, source: Source) -> JudgedLines:
    """
    Judge the lines of *source*, one after the other, or in chunks if there are jobs and enough of them.

    One after the other, memory grows by a byte a line and by what must be compared across lines; in chunks, also by
    the findings.

    Raises:
        CheckFailed, WorkerLost: as `Judging.report`.
        OSError: the source cannot be read.
    """
    if judging.jobs != 1 and tells_all(judging):
        named = as_lines(source)
        return judged_by(judging, judging.report(named), named)
    with judging.bar() as counts:
        if counts:
            counts.expect([source])
        return _judge_one_by_one(judging, source, counts.watch(source) if counts else source)


def as_lines(source: Source) -> Source:
    """Return *source* under a name that says that it has a value on each line."""
    if form_by_name(source.name) is Form.JSONL:
        return source
    # The name of data says whether they are compressed; of a file, its path does.
    suffix = suffix_of(source.name) if source.data is not None else ""
    return replace(source, name=f"{source.name.removesuffix(suffix)}.jsonl{suffix}")


def tells_all(judging: Judging) -> bool:
    """Return whether every line that cannot be read has a finding that makes it bad."""
    severities = judging.linter.judges.default.severities
    found = [severities.get(rule) for rule in _KEEPS_FROM_READING]
    return all(each is not None and each.rank <= judging.fail_on.rank for each in found)


def judged_by(judging: Judging, report: Report, source: Source) -> JudgedLines:
    """
    Return what a report says about the lines of its source.

    Raises:
        OSError: the source could not be read to its end.
    """
    for finding in report.findings:
        if finding.rule == "unreadable-input":
            raise OSError(finding.message.removeprefix("cannot be read: "))  # without a number, as whoever read it
    judged = JudgedLines(_nonblank(source), requests=report.requests + report.tools)
    states = judged.states
    run = SourceRun(judging.linter.judges, source.name, Form.JSONL, kind=judging.kind)
    documents = list(islice(read_documents(source, Form.JSONL), 2))
    for document in documents[:1]:
        run.file_lines.check(document)
        if document.value is UNREADABLE and len(documents) == 1:
            del states[document.index + 1 :]  # it stands for the rest, none of which was read as a line
    by_line: dict[int, set[str]] = {}
    for rule, index in judging.failing(finding for finding in report.findings if finding.rule not in OF_FILES):
        states[index] = BAD
        by_line.setdefault(index, set()).add(rule)
    for index in sorted(by_line):
        judged.blame(by_line[index], index)
    _note_whole(judged, judging, [finding for finding in report.findings if finding.rule in OF_FILES])
    judged.first_is_bad = bool(documents) and states[documents[0].index] == BAD
    judged.counts_examples = run.file_lines.kind is Kind.FINETUNE
    return judged


def _nonblank(source: Source) -> bytearray:
    """Return a state for each line up to the last one that is not blank: good, or blank."""
    states = bytearray()
    with source.open() as lines:
        for line in lines:
            states.append(BLANK if line[:1] in b" \t\r\n" and not line.strip(b" \t\r\n") else GOOD)
    return states.rstrip(bytes([BLANK]))


def _judge_one_by_one(judging: Judging, source: Source, watched: Source) -> JudgedLines:
    judged = JudgedLines()
    states = judged.states
    run = SourceRun(judging.linter.judges, source.name, Form.JSONL, kind=judging.kind)
    first: int | None = None
    for document in read_documents(watched, Form.JSONL):
        findings = run.findings_of(document)
        rules = {rule for rule, _ in judging.failing(findings)} if findings else ()
        states += bytes(document.index - len(states))  # blank lines are not read as documents
        states.append(BAD if rules or document.value is UNREADABLE else GOOD)
        if rules:
            judged.blame(rules, document.index)
        if first is None:
            first = document.index
            judged.first_is_bad = states[-1] == BAD
        if findings:
            run.forget_findings()
    judged.requests = run.choices.total()
    judged.counts_examples = run.file_lines.kind is Kind.FINETUNE
    _note_whole(judged, judging, run.findings_of_file(source))
    return judged


def _note_whole(judged: JudgedLines, judging: Judging, of_file: Sequence[Finding]) -> None:
    failing = {rule for rule, _ in judging.failing(of_file)}
    judged.blank_fails = "blank-line" in failing
    judged.whole = tuple(finding for finding in of_file if finding.rule in failing - {"blank-line"})


def kept_indexes(states: bytearray, blank: bool) -> Iterator[int]:
    """Yield the indexes of the lines that a file of the good ones has, *blank* ones included or not."""
    return (index for index, state in enumerate(states) if state == GOOD or (state == BLANK and blank))
