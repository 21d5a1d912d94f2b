"""A JSONL file split in two: the lines that an API takes, in one file or several, and those it would refuse."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO

from reqlint.containers.envelope import Kind
from reqlint.core.findings import Finding, Severity
from reqlint.core.paths import is_folder
from reqlint.core.records import dataclass
from reqlint.run.linter import Linter
from reqlint.run.splitting.line_states import (
    BAD,
    BLANK,
    GOOD,
    Bar,
    JudgedLines,
    Judging,
    as_lines,
    judge_lines,
    judged_by,
    kept_indexes,
    tells_all,
)
from reqlint.run.splitting.parts import GROUPED, Cut, NotSplit, PartFile, PartWriter
from reqlint.text.atomic_write import Replacement, is_same_file, stamp_of
from reqlint.text.compressed import suffix_of
from reqlint.text.sources import Source


@dataclass(frozen=True, slots=True)
class Split:
    """How a file was split."""

    good: int  #: lines in the good files, blank ones included
    bad: int  #: lines in the bad file
    requests: int  #: requests that were judged; with none of them and no bad line nothing was written
    rules: dict[str, int]  #: the rules that made lines bad, the most frequent first, with the number of lines
    whole: tuple[Finding, ...]  #: findings about the good file as a whole, which no line can be blamed for
    examples: dict[str, tuple[int, ...]]  #: numbers of the first lines, from 1, that each rule made bad
    parts: tuple[PartFile, ...] = ()  #: the good files, if there are several
    fixed: int = 0  #: findings that were fixed in the good lines
    blank: int = 0  #: blank lines in the bad file that are no mistake

    @property
    def written(self) -> bool:
        """Whether there was anything to split."""
        return bool(self.requests or self.bad)

    @property
    def is_clean(self) -> bool:
        """Whether every line is good, and they are so together."""
        return self.bad == self.blank and not self.whole


def split(
    linter: Linter,
    source: Source,
    good: Path,
    bad: Path,
    *,
    kind: Kind | str | None = None,
    fail_on: Severity = Severity.ERROR,
    cut: Cut | None = None,
    fix: bool = False,
    jobs: int | None = 1,
    bar: Bar = nullcontext,
    threshold: int | None = None,
) -> Split:
    """
    Write every line of *source* to exactly one of *good* and *bad*, byte for byte and in order.

    A line is bad when it cannot be read or has a finding at or above *fail_on*. Of lines that cannot stand together,
    such as two with one ``custom_id``, the later ones are bad. Taking lines out can reveal a fault in another one (the
    first line decides what a file is), so the good lines are judged again where that can be. Blank lines go to the
    good file, if there are good lines and *fail_on* does not count blank ones. All files are replaced at the end,
    when nothing can fail any more, each at once, the good ones last.

    With a *cut*, the good lines go to files named after *good*, each for one model and URL and within what the API
    takes in one file, and blank lines to *bad*. With *fix*, good lines have their safe fixes, and lines that a fix
    makes good are good; bad lines are as they were.

    One after the other (*jobs* 1), memory grows by a byte a line, and by what must be compared across lines; with more
    jobs, or fixes, also by the findings.

    A compressed *source* is read as such; the lines are written as text.

    Raises:
        NotSplit: the outputs are not files of their own; *source* is not JSON Lines, or changed meanwhile.
        NotWritten: an output cannot be written.
        InputChanged: *source* changed while it was fixed.
        OSError: something cannot be read or written.
    """
    _refuse_clashes(source, good, bad, several=cut is not None)
    before = stamp_of(source.path) if source.path else None
    judges = linter.without(GROUPED) if cut else linter
    judging = Judging(judges, Kind(kind) if kind else None, fail_on, jobs, bar, threshold)
    with ExitStack() as stack:
        text, first, fixed = stack.enter_context(_fixed(judging, source)) if fix else (source, None, ())
        first = first or judge_lines(judging, text)
        if not first.requests and BAD not in first.states:
            return Split(0, 0, 0, {}, (), {})
        lines = _SettledLines(text, first, has_blank=cut is None)
        bad_out = stack.enter_context(Replacement(bad, like=source.path))
        if cut:
            if not lines.are_settled:
                scratch = Replacement(good.with_name(f"{good.stem}-000{good.suffix}"), like=source.path, new=True)
                lines.settle(judging, stack.enter_context(scratch))
            files = stack.enter_context(PartWriter(good, cut, linter, judging.kind, source, bad))
            count, parts = lines.divide(files), files.parts
            good_out: Replacement | PartWriter = files
        else:
            good_out = file = stack.enter_context(Replacement(good, like=source.path))
            lines.settle(judging, file)
            count, parts = _copy_lines(text, lines.states, file.file, lines.has_blank), []
        good_out.finish()
        bad_count = _copy_lines(source, lines.states, bad_out.file, not lines.has_blank, BAD)
        bad_out.finish()
        if source.path and stamp_of(source.path) != before:
            raise NotSplit(f"{source.name} changed while it was read")
        bad_out.commit()
        good_out.commit()  # last: whoever finds the good files knows that the bad lines are kept as well
    moved = 0 if lines.blank_fails else bad_count - lines.states.count(BAD)
    return Split(
        count,
        bad_count,
        first.requests,
        dict(lines.rules.most_common()),
        () if cut else lines.whole,
        {rule: tuple(index + 1 for index in found) for rule, found in lines.examples.items()},
        tuple(parts),
        sum(lines.states[finding.document] == GOOD for finding in fixed),
        moved,
    )


@contextmanager
def _fixed(judging: Judging, source: Source) -> Iterator[tuple[Source, JudgedLines | None, Sequence[Finding]]]:
    """Yield *source* with its safe fixes, what judging it came to, and the findings that were fixed."""
    from reqlint.fixes.apply import apply_fixes, discard  # few files are fixed on the way

    named = as_lines(source)
    repair = apply_fixes(named, judging.report)
    try:
        judged = judged_by(judging, repair.left, repair.source) if tells_all(judging) else None
        yield repair.source, judged, repair.fixed
    finally:
        discard(repair, named)


class _SettledLines:
    """
    The lines of a file whose good ones have no fault among themselves.

    Args:
        text: the lines.
        first: what judging them came to.
        has_blank: whether blank lines go to the good file, if they are no mistake.
    """

    def __init__(self, text: Source, first: JudgedLines, *, has_blank: bool) -> None:
        self.states = first.states
        self.rules = first.rules
        self.examples = first.examples
        self.whole = first.whole
        self.blank_fails = first.blank_fails
        self.has_blank = has_blank and not first.blank_fails
        self._text = text
        self._last = first

    @property
    def are_settled(self) -> bool:
        """Whether the good lines need no second look."""
        return BAD not in self.states or GOOD not in self.states or not self._last.needs_another_look()

    def settle(self, judging: Judging, scratch: Replacement) -> None:
        """Judge the good lines again, and take out those that are bad among themselves, until none is."""
        while not self.are_settled:
            _copy_lines(self._text, self.states, scratch.file, self.has_blank)
            again = judge_lines(judging, Source(str(scratch.path), scratch.temporary))
            self.whole, self._last = again.whole, again
            if BAD not in again.states and not (again.blank_fails and self.has_blank):
                break
            self._take_out(again)
        if GOOD not in self.states:  # a file of blank lines only would be an empty one
            self.has_blank, self.whole = False, ()

    def _take_out(self, again: JudgedLines) -> None:
        """Mark the lines that turned out bad in the file of the good ones."""
        kept = list(kept_indexes(self.states, self.has_blank))
        for index, state in zip(kept, again.states, strict=False):
            if state == BAD:
                self.states[index] = BAD
        self.blank_fails = self.blank_fails or again.blank_fails
        self.has_blank = self.has_blank and not again.blank_fails
        self.rules += again.rules
        for rule, found in again.examples.items():
            self.examples[rule] = sorted({*self.examples.get(rule, ()), *(kept[index] for index in found)})

    def divide(self, parts: PartWriter) -> int:
        """Write the good lines into files; return how many. One that is too large for any of them is bad."""
        count = 0
        with self._text.open() as lines:
            for index, line in enumerate(lines):
                if index < len(self.states) and self.states[index] == GOOD:
                    if parts.takes(line):
                        count += 1
                        continue
                    self.states[index] = BAD
                    self.rules["oversized-batch-file"] += 1
                    self.examples.setdefault("oversized-batch-file", []).append(index)
        return count


def _copy_lines(source: Source, states: bytearray, out: BinaryIO, blank: bool, wanted: int = GOOD) -> int:
    """Replace the content of *out* by the lines in the *wanted* state, and blank ones if *blank*; return how many."""
    out.seek(0)
    out.truncate()
    count, known = 0, len(states)
    with source.open() as lines:
        for index, line in enumerate(lines):
            state = states[index] if index < known else BLANK
            if state == BLANK and line.strip(b" \t\r\n"):
                # Reading ended here: a value over several lines, or an encoding in which every line is unreadable.
                raise NotSplit(f"{source.name} is not JSON Lines in UTF-8: one value per line")
            if state == wanted or (state == BLANK and blank):
                out.write(line)
                count += 1
    out.flush()
    return count


def _refuse_clashes(source: Source, good: Path, bad: Path, *, several: bool) -> None:
    for option, path in (("--good", good), ("--bad", bad)):
        if is_folder(path):
            raise NotSplit(f"{option} {path} is a folder; name a file")
        if suffix := suffix_of(path.name):
            raise NotSplit(f"{option} {path} would not be compressed, whatever its name says; leave {suffix} out")
        if source.path is not None and is_same_file(source.path, path):
            raise NotSplit(f"{option} {path} is the input file; name another file")
    if is_same_file(good, bad):
        raise NotSplit(f"--good and --bad are both {bad}; name two files")
    if several and good.exists() and not good.is_file():
        raise NotSplit(f"--good {good} is no file, and several are written; name a file")
