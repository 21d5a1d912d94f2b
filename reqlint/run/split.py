"""A JSONL file split into two: the lines that an API takes, and those it would refuse."""

from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from reqlint.containers.envelope import Kind
from reqlint.core.errors import ReqlintError
from reqlint.core.findings import Finding, Severity
from reqlint.core.paths import is_folder
from reqlint.run.linter import Linter
from reqlint.text.atomic_write import Replacement, is_same_file, stamp_of
from reqlint.text.compressed import suffix_of
from reqlint.text.documents import read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form
from reqlint.text.sources import Source

_BLANK, _GOOD, _BAD = 0, 1, 2  # the state of a line; one byte each


class NotSplit(ReqlintError, ValueError):
    """A file cannot be split as it was asked for; nothing was written."""


@dataclass(frozen=True, slots=True)
class Split:
    """How a file was split."""

    good: int  #: lines in the good file, blank ones included
    bad: int  #: lines in the bad file
    requests: int  #: requests that were judged; with none of them and no bad line nothing was written
    rules: dict[str, int]  #: the rules that made lines bad, the most frequent first, with the number of lines
    whole: tuple[Finding, ...]  #: findings about the good file as a whole, which no line can be blamed for

    @property
    def written(self) -> bool:
        """Whether there was anything to split."""
        return bool(self.requests or self.bad)


def split(
    linter: Linter,
    source: Source,
    good: Path,
    bad: Path,
    *,
    kind: Kind | str | None = None,
    fail_on: Severity = Severity.ERROR,
) -> Split:
    """
    Write every line of *source* to exactly one of *good* and *bad*, byte for byte and in order.

    A line is bad when it cannot be read or has a finding at or above *fail_on*. Of lines that cannot stand together,
    such as two with one ``custom_id``, the later ones are bad. Taking lines out can reveal a fault in another one (the
    first line decides what a file is), so the good lines are judged again until they have none. Blank lines go to the
    good file, if there are good lines and *fail_on* does not count blank ones. Both files are replaced at the end,
    when nothing can fail any more, each at once, the good one last.

    Memory grows by a byte a line, and by what must be compared across lines.

    A compressed *source* is read as such; the lines are written as text.

    Raises:
        NotSplit: the outputs are not files of their own; *source* is not JSON Lines, or changed meanwhile.
        NotWritten: an output cannot be written.
        OSError: something cannot be read or written.
    """
    _refuse_clashes(source, good, bad)
    before = stamp_of(source.path) if source.path else None
    first = _judge_lines(linter, source, kind, fail_on)
    states, whole, keeps_blank = first.states, first.whole, not first.blank_fails
    rules = first.rules
    if not first.requests and _BAD not in states:
        return Split(0, 0, 0, {}, ())
    with ExitStack() as stack:
        good_out = stack.enter_context(Replacement(good, like=source.path))
        bad_out = stack.enter_context(Replacement(bad, like=source.path))
        while True:
            keeps_blank = keeps_blank and _GOOD in states  # a file of blank lines only would be an empty one
            count = _copy_lines(source, states, good_out.file, keeps_blank)
            if _GOOD not in states:
                whole = ()  # nothing is left that could have a fault
                break
            if _BAD not in states and (keeps_blank or _BLANK not in states):
                break
            again = _judge_lines(linter, Source(str(good), good_out.temporary), kind, fail_on)
            whole = again.whole
            if _BAD not in again.states and not (again.blank_fails and keeps_blank):
                break
            _mark_bad(states, again.states, keeps_blank)
            keeps_blank = keeps_blank and not again.blank_fails
            rules += again.rules
        bad_count = _copy_lines(source, states, bad_out.file, not keeps_blank, _BAD)
        if source.path and stamp_of(source.path) != before:
            raise NotSplit(f"{source.name} changed while it was read")
        good_out.finish()
        bad_out.commit()
        good_out.commit()  # last: whoever finds the good file knows that the bad lines are kept as well
    return Split(count, bad_count, first.requests, dict(rules.most_common()), whole)


@dataclass(slots=True)
class _JudgedLines:
    states: bytearray  #: one byte a line
    rules: Counter[str]
    requests: int = 0
    whole: tuple[Finding, ...] = ()
    blank_fails: bool = False  #: whether blank lines count at or above fail_on


def _judge_lines(linter: Linter, source: Source, kind: Kind | str | None, fail_on: Severity) -> _JudgedLines:
    judged = _JudgedLines(bytearray(), Counter())
    states = judged.states
    run = linter.source_run(source.name, Form.JSONL, kind=Kind(kind) if kind else None)
    for document in read_documents(source, Form.JSONL):
        findings = run.findings_of(document)
        failing = _failing_rules(findings, fail_on)
        states += bytes(document.index - len(states))  # blank lines are not read as documents
        states.append(_BAD if failing or document.value is UNREADABLE else _GOOD)
        judged.rules.update(sorted(failing))
        if findings:
            run.forget_findings()
    judged.requests = run.choices.total()
    of_file = run.findings_of_file(source)
    failing = _failing_rules(of_file, fail_on)
    judged.blank_fails = "blank-line" in failing
    judged.whole = tuple(finding for finding in of_file if finding.rule in failing - {"blank-line"})
    return judged


def _failing_rules(findings: Iterable[Finding], fail_on: Severity) -> set[str]:
    return {
        each.rule for each in findings if each.severity.rank <= fail_on.rank and (each.explained or not each.suppressed)
    }


def _copy_lines(source: Source, states: bytearray, out: BinaryIO, blank: bool, wanted: int = _GOOD) -> int:
    """Replace the content of *out* by the lines in the *wanted* state, and blank ones if *blank*; return how many."""
    out.seek(0)
    out.truncate()
    count, known = 0, len(states)
    with source.open() as lines:
        for index, line in enumerate(lines):
            state = states[index] if index < known else _BLANK
            if state == _BLANK and line.strip(b" \t\r\n"):
                # Reading ended here: a value over several lines, or an encoding in which every line is unreadable.
                raise NotSplit(f"{source.name} is not JSON Lines in UTF-8: one value per line")
            if state == wanted or (state == _BLANK and blank):
                out.write(line)
                count += 1
    out.flush()
    return count


def _mark_bad(states: bytearray, of_good_file: bytearray, keeps_blank: bool) -> None:
    """Mark the lines of the source that turned out bad in the good file."""
    in_good_file = iter(of_good_file)
    for index, state in enumerate(states):
        if (state == _GOOD or (state == _BLANK and keeps_blank)) and next(in_good_file, _BLANK) == _BAD:
            states[index] = _BAD


def _refuse_clashes(source: Source, good: Path, bad: Path) -> None:
    for option, path in (("--good", good), ("--bad", bad)):
        if is_folder(path):
            raise NotSplit(f"{option} {path} is a folder; name a file")
        if suffix := suffix_of(path.name):
            raise NotSplit(f"{option} {path} would not be compressed, whatever its name says; leave {suffix} out")
        if source.path is not None and is_same_file(source.path, path):
            raise NotSplit(f"{option} {path} is the input file; name another file")
    if is_same_file(good, bad):
        raise NotSplit(f"--good and --bad are both {bad}; name two files")
