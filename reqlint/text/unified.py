"""Unified diffs of two versions of a text, in time that grows with the text and not with its square."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

_FARTHEST = 64  # lines in both texts together that are looked at to find where they agree again
_LONGEST_HUNK = 10_000  # lines kept in memory


def unified(before: BinaryIO, after: BinaryIO, name: str, *, line_by_line: bool) -> Iterator[bytes]:
    """Yield the lines of a unified diff; *line_by_line* compares files of equal length without loading them."""
    encoded = name.encode("utf-8", "surrogateescape")
    compare = _line_by_line if line_by_line else _compare_texts
    for line in compare(before, after, encoded):
        yield line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"


class _Hunk(NamedTuple):
    """Lines that differ, as indices of both texts."""

    start: int
    end: int
    new_start: int
    new_end: int


def _compare_texts(one: BinaryIO, other: BinaryIO, name: bytes) -> Iterator[bytes]:
    before, after = list(one), list(other)
    yield b"--- %b\n" % name
    yield b"+++ %b\n" % name
    hunk: list[_Hunk] = []
    for block in _blocks(before, after):
        if hunk and block.start - hunk[-1].end > 2:  # more than the lines shown around them
            yield from _shown(hunk, before, after)
            hunk = []
        hunk.append(block)
    if hunk:
        yield from _shown(hunk, before, after)


def _blocks(before: Sequence[bytes], after: Sequence[bytes]) -> Iterator[_Hunk]:
    """
    Yield the blocks in which the texts differ, in their order.

    NOTE: `difflib` takes the square of the time when thousands of lines differ. An edit changes few lines, so the texts
    agree again soon; where they do not, lines are taken as replaced one by one, which is longer and just as right.
    """
    at, new_at = 0, 0
    while at < len(before) or new_at < len(after):
        if before[at : at + 1] == after[new_at : new_at + 1]:
            at, new_at = at + 1, new_at + 1
            continue
        start, new_start = at, new_at
        while at < len(before) or new_at < len(after):
            found = _agreement(before, after, at, new_at)
            if found is not None:
                at, new_at = found
                break
            at, new_at = min(at + 1, len(before)), min(new_at + 1, len(after))
        yield _Hunk(start, at, new_start, new_at)


def _agreement(before: Sequence[bytes], after: Sequence[bytes], at: int, new_at: int) -> tuple[int, int] | None:
    """Return the nearest indices from which two lines, or all that are left, are the same."""
    ours: dict[tuple[bytes, ...], int] = {}  # lines skipped before these two are met first
    theirs: dict[tuple[bytes, ...], int] = {}
    distance, best = _FARTHEST, 0
    for skipped in range(_FARTHEST):
        if skipped > distance:  # whatever follows is farther
            break
        if at + skipped <= len(before):
            lines = tuple(before[at + skipped : at + skipped + 2])
            ours.setdefault(lines, skipped)
            if lines in theirs:
                distance, best = min((distance, best), (skipped + theirs[lines], skipped))
        if new_at + skipped <= len(after):
            lines = tuple(after[new_at + skipped : new_at + skipped + 2])
            theirs.setdefault(lines, skipped)
            if lines in ours:
                distance, best = min((distance, best), (skipped + ours[lines], ours[lines]))
    return (at + best, new_at + distance - best) if distance < _FARTHEST else None


def _shown(hunk: Sequence[_Hunk], before: Sequence[bytes], after: Sequence[bytes]) -> Iterator[bytes]:
    first, last = hunk[0], hunk[-1]
    lead = int(first.start > 0)
    trail = int(last.end < len(before))
    old = _range(first.start - lead, last.end + trail)
    new = _range(first.new_start - lead, last.new_end + trail)
    yield b"@@ -%b +%b @@\n" % (old, new)
    at = first.start - lead
    for block in hunk:
        yield from (b" " + line for line in before[at : block.start])
        yield from (b"-" + line for line in before[block.start : block.end])
        yield from (b"+" + line for line in after[block.new_start : block.new_end])
        at = block.end
    yield from (b" " + line for line in before[at : at + trail])


def _range(start: int, end: int) -> bytes:
    """Return a range of lines as a patch writes it: counted from 1, and an empty one by the line before it."""
    count = end - start
    if count == 1:
        return b"%d" % (start + 1)
    return b"%d,%d" % (start + (count > 0), count)


def _line_by_line(before: BinaryIO, after: BinaryIO, name: bytes) -> Iterator[bytes]:
    yield b"--- %b\n" % name
    yield b"+++ %b\n" % name
    first = 0  # line number of the current hunk
    hunk: list[bytes] = []
    unchanged: list[bytes] = []  # lines after its last change
    previous: list[bytes] = []
    for number, (old, new) in enumerate(zip(before, after, strict=True), 1):
        if old != new:
            if not hunk:
                first, hunk, unchanged = number - len(previous), [b" " + line for line in previous], []
            hunk += [*(b" " + line for line in unchanged), b"-" + old, b"+" + new]
            unchanged = []
        elif hunk:
            unchanged.append(old)
        previous = [old]
        if hunk and (len(unchanged) > 2 or len(hunk) > _LONGEST_HUNK):
            yield from _hunk(first, hunk, unchanged[:1])
            hunk = []
    if hunk:
        yield from _hunk(first, hunk, unchanged[:1])


def _hunk(first: int, lines: list[bytes], after: list[bytes]) -> Iterator[bytes]:
    count = sum(not line.startswith(b"+") for line in lines) + len(after)
    yield b"@@ -%d,%d +%d,%d @@\n" % (first, count, first, count)
    yield from lines
    yield from (b" " + line for line in after)
