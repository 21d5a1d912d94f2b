"""The fix of a finding as a diff of the lines that it changes, cropped like the line of the finding itself."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from reqlint.core.findings import Edit, Finding
from reqlint.display.excerpt import Look, excerpt
from reqlint.display.line_tokens import tokens
from reqlint.display.shown import Shown, Style, ellipsis, fill, literal, repeat
from reqlint.reporters.frame import Line, marked_parts
from reqlint.reporters.shown_finding import shown_fix

_MOST_LINES = 8  # of a fix, before and after each; the diff of --diff has all


class _Change(NamedTuple):
    """A line before or after a fix, and what of it differs."""

    number: int | None  #: of the line; None for one that is added
    text: str
    start: int
    end: int


def lines_of(finding: Finding, *, unsafe: bool) -> Iterator[int]:
    """Yield the numbers of the lines that `fix_diff` needs."""
    if finding.fix is not None and (finding.fix.safe or unsafe):
        for first, last in _stretches(finding.fix.edits):
            yield from range(first, min(last, first + _MOST_LINES) + 1)


def fix_diff(finding: Finding, texts: Mapping[int, str], look: Look, gutter: int, *, unsafe: bool) -> Iterator[Line]:
    """
    Yield the lines that the fix of *finding* changes, as they are and as they will be.

    Nothing is shown of a fix that has to do with a credential, or whose lines are not in *texts*.
    """
    fix = finding.fix if shown_fix(finding) else None
    if fix is None or not (fix.safe or unsafe):
        return
    bar: Line = [(fill("{}|", repeat(literal(" "), gutter + 1)), Style.DIM)]
    for first, last in _stretches(fix.edits):
        edits = [edit for edit in fix.edits if first <= edit.region.line <= last]
        numbers = range(first, last + 1)
        if len(numbers) > _MOST_LINES or any(number not in texts for number in numbers):
            yield bar
            yield _left_out(len(numbers), look, gutter)
            continue
        old = [texts[number].removesuffix("\r") for number in numbers]
        new = _edited(old, edits, first).split("\n")
        if len(old) + len(new) > 2 and (_hides_over_lines(old, look) or _hides_over_lines(new, look)):
            continue
        yield bar
        before, after = _changes(old, new, first)
        yield from _shown(before, literal("-"), Style.RED, look, gutter)
        yield from _shown(after[:_MOST_LINES], literal("+"), Style.GREEN, look, gutter)
        if len(after) > _MOST_LINES:
            yield _left_out(len(after) - _MOST_LINES, look, gutter)


def _stretches(edits: Sequence[Edit]) -> list[tuple[int, int]]:
    """Return the first and last lines of edits that touch the same or neighbouring lines."""
    found: list[tuple[int, int]] = []
    for edit in sorted(edits, key=lambda edit: edit.region.start):
        first, last = edit.region.line, edit.region.end_line
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return found


def _edited(old: Sequence[str], edits: Sequence[Edit], first: int) -> str:
    """Return the lines of a stretch, which begins with line *first*, with the edits made."""
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line) + 1)
    text = "\n".join(old)
    for edit in sorted(edits, key=lambda edit: edit.region.start, reverse=True):
        region = edit.region
        start = starts[region.line - first] + region.column - 1
        end = starts[region.end_line - first] + region.end_column - 1
        text = text[:start] + edit.replacement.replace("\r\n", "\n") + text[end:]
    return text


def _hides_over_lines(lines: Sequence[str], look: Look) -> bool:
    """Return whether a value on one line is secret because of its key on another, which no line alone can tell."""
    text = "\n".join(lines)
    alone = sum(token.secret for line in lines for token in tokens(line, yaml=look.yaml))
    return sum(token.secret for token in tokens(text, yaml=False)) > alone


def _changes(old: Sequence[str], new: Sequence[str], first: int) -> tuple[list[_Change], list[_Change]]:
    """Return the lines that differ, before and after, without equal ones around them."""
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    end = 0
    while end < min(len(old), len(new)) - same and old[-1 - end] == new[-1 - end]:
        end += 1
    before, after = old[same : len(old) - end], new[same : len(new) - end]
    if len(before) == len(after):
        pairs = [(_differing(a, b), _differing(b, a)) for a, b in zip(before, after, strict=True)]
    else:
        pairs = []
    spans_before = [one for one, _ in pairs] or [_whole(line) for line in before]
    spans_after = [two for _, two in pairs] or [_whole(line) for line in after]
    return (
        [
            _Change(first + same + n, line, *span)
            for n, (line, span) in enumerate(zip(before, spans_before, strict=True))
        ],
        [_Change(None, line, *span) for line, span in zip(after, spans_after, strict=True)],
    )


def _differing(line: str, other: str) -> tuple[int, int]:
    """Return where *line* begins and ends to differ from *other*."""
    most = min(len(line), len(other))
    start = next((n for n in range(most) if line[n] != other[n]), most)
    end = next((n for n in range(most - start) if line[-1 - n] != other[-1 - n]), most - start)
    return start, len(line) - end


def _whole(line: str) -> tuple[int, int]:
    return len(line) - len(line.lstrip()), len(line)


def _shown(changes: Sequence[_Change], sign: Shown, style: Style, look: Look, gutter: int) -> Iterator[Line]:
    for change in changes:
        part = excerpt(change.text, [(change.start, change.end)], look)
        if part is None:
            continue
        number = fill("{:>{}}", change.number, gutter) if change.number else repeat(literal(" "), gutter)
        yield [(fill("{} ", number), Style.DIM), (fill("{} ", sign), style), *marked_parts(part, style)]


def _left_out(count: int, look: Look, gutter: int) -> Line:
    dots = ellipsis(look.unicode)
    return [(fill("{}{} {:,} more lines, which --diff shows", repeat(literal(" "), gutter + 1), dots, count), None)]
