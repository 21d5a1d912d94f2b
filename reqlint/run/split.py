"""A file of JSON Lines as two: the lines that an API takes, and those it would refuse."""

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from reqlint.containers.envelope import Kind
from reqlint.core.errors import ReqlintError
from reqlint.core.findings import Finding, Severity
from reqlint.run.linter import Linter
from reqlint.text.atomic_write import Replacement, is_same_file, stamp_of
from reqlint.text.compressed import suffix_of
from reqlint.text.documents import Source

_BLANK, _GOOD, _BAD = 0, 1, 2  # what is known of a line, one byte for each


class NotSplit(ReqlintError, ValueError):
    """A file cannot be split as it was asked for; nothing was written."""


@dataclass(frozen=True, slots=True)
class Split:
    """How a file was split."""

    good: int  #: lines that went to the good file, blank ones included
    bad: int
    requests: int  #: that were judged; with none of them and no bad line nothing was written
    rules: dict[str, int]  #: the rules that made lines bad, the most frequent first, and how many lines each
    whole: tuple[Finding, ...]  #: what the good file has against it as a whole, which no line can be blamed for

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

    A line is bad when it cannot be read or has a finding at or above *fail_on*; of lines that cannot stand together,
    such as two with one ``custom_id``, the later ones are. Taking lines out can show a fault in another (the first
    line says what a file is), so the good lines are judged again until they stand on their own. Blank lines go with
    the good ones, if there are any and *fail_on* does not count them. Both files are replaced at the end, when nothing
    is left that could fail, each at once, the good one last.

    Memory does not grow with the file, but for a byte a line and what must be compared across lines.

    What is compressed is read all the same; the lines are written as text.

    Raises:
        NotSplit: the outputs are not files of their own; *source* is not JSON Lines, or changed.
        NotWritten: an output cannot be written.
        OSError: something cannot be read or written.
    """
    _refuse_clashes(source, good, bad)
    before = stamp_of(source.path) if source.path else None
    first = _judged(linter, source, kind, fail_on)
    marks, whole, keeps_blank = first.marks, first.whole, not first.blank_fails
    rules = first.rules
    if not first.requests and _BAD not in marks:
        return Split(0, 0, 0, {}, ())
    with ExitStack() as stack:
        good_out = stack.enter_context(Replacement(good, like=source.path))
        bad_out = stack.enter_context(Replacement(bad, like=source.path))
        while True:
            keeps_blank = keeps_blank and _GOOD in marks  # a file of blank lines only would be an empty one
            count = _copied(source, marks, good_out.file, keeps_blank)
            if _GOOD not in marks:
                whole = ()  # nothing is left that could have a fault
                break
            if _BAD not in marks and (keeps_blank or _BLANK not in marks):
                break
            again = _judged(linter, Source(str(good), good_out.temporary), kind, fail_on)
            whole = again.whole
            if _BAD not in again.marks and not (again.blank_fails and keeps_blank):
                break
            _carry(again.marks, marks, keeps_blank)
            keeps_blank = keeps_blank and not again.blank_fails
            rules += again.rules
        bad_count = _copied(source, marks, bad_out.file, not keeps_blank, _BAD)
        if source.path and stamp_of(source.path) != before:
            raise NotSplit(f"{source.name} changed while it was read")
        good_out.finish()
        bad_out.commit()
        good_out.commit()  # last, so that whoever finds it knows that the bad lines are kept as well
    return Split(count, bad_count, first.requests, dict(rules.most_common()), whole)


@dataclass(slots=True)
class _Judgement:
    marks: bytearray
    rules: Counter[str]
    requests: int = 0
    whole: tuple[Finding, ...] = ()
    blank_fails: bool = False


def _judged(linter: Linter, source: Source, kind: Kind | str | None, fail_on: Severity) -> _Judgement:
    found = _Judgement(bytearray(), Counter())
    marks = found.marks
    for judged in linter.check_lines(source, kind):
        grave = {f.rule for f in judged.findings if f.severity.rank <= fail_on.rank and not f.suppressed}
        if judged.line is None:
            found.blank_fails = "blank-line" in grave
            found.whole = tuple(f for f in judged.findings if f.rule in grave - {"blank-line"})
            continue
        marks += bytes(judged.line - len(marks))
        marks.append(_BAD if grave or not judged.readable else _GOOD)
        found.requests += judged.requests
        found.rules.update(sorted(grave))
    return found


def _copied(source: Source, marks: bytearray, out: BinaryIO, blank: bool, wanted: int = _GOOD) -> int:
    """Write the lines of one sort in place of what *out* holds, with the blank ones if *blank*; give their number."""
    out.seek(0)
    out.truncate()
    count, known = 0, len(marks)
    with source.open() as lines:
        for index, line in enumerate(lines):
            mark = marks[index] if index < known else _BLANK
            if mark == _BLANK and line.strip(b" \t\r\n"):
                # Reading ended here: a value over several lines, or an encoding in which every line is unreadable.
                raise NotSplit(f"{source.name} is not JSON Lines in UTF-8: one value a line")
            if mark == wanted or (mark == _BLANK and blank):
                out.write(line)
                count += 1
    out.flush()
    return count


def _carry(again: bytearray, marks: bytearray, keeps_blank: bool) -> None:
    """Mark the lines that were bad in the good file as bad in the source."""
    verdicts = iter(again)
    for index, mark in enumerate(marks):
        if (mark == _GOOD or (mark == _BLANK and keeps_blank)) and next(verdicts, _BLANK) == _BAD:
            marks[index] = _BAD


def _refuse_clashes(source: Source, good: Path, bad: Path) -> None:
    named = [("--good", good), ("--bad", bad)]
    for option, path in named:
        if path.is_dir():
            raise NotSplit(f"{option} {path} is a folder; name a file")
        if suffix := suffix_of(path.name):
            raise NotSplit(f"{option} {path} would not be compressed, whatever its name says; leave {suffix} out")
        if source.path is not None and is_same_file(source.path, path):
            raise NotSplit(f"{option} {path} is the file that is read; name another, and it stays as it is")
    if is_same_file(good, bad):
        raise NotSplit(f"--good and --bad are both {bad}; name two files")
