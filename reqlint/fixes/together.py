"""Which fixes of one text can be written at once."""

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

from reqlint.text.json.edits import Splice

_Fix = TypeVar("_Fix", bound=Hashable)


def choose_together(fixes: Iterable[tuple[_Fix, Sequence[Splice]]], *, may_touch: bool) -> list[_Fix]:
    """
    Choose fixes whose splices do not meet, those that come first before others; equal ones are one fix.

    A fix that inserts or removes text takes everything from its first splice to its last, because it may indent the
    lines in between. With *may_touch*, one stretch may end where the next begins, as they can in JSON; but not where
    something is inserted, because then the order would matter.
    """
    chosen: list[_Fix] = []
    starts: list[int] = []
    ends: list[int] = []
    known: set[tuple[Splice, ...]] = set()
    for fix, splices in fixes:
        written = tuple(splices)
        if written in known:
            chosen.append(fix)
            continue
        stretches = _stretches(written)
        if any(_meets(start, end, starts, ends, may_touch=may_touch) for start, end in stretches):
            continue
        for start, end in stretches:
            at = bisect_left(starts, start)
            starts.insert(at, start)
            ends.insert(at, end)
        known.add(written)
        chosen.append(fix)
    return chosen


def _stretches(splices: Sequence[Splice]) -> list[tuple[int, int]]:
    if not splices:
        return []
    if all(start < end and text for start, end, text in splices):
        return [(start, end) for start, end, _ in splices]
    return [(splices[0][0], max(end for _, end, _ in splices))]


def _meets(start: int, end: int, starts: Sequence[int], ends: Sequence[int], *, may_touch: bool) -> bool:
    """Return whether a stretch meets one of those taken, which are in order and do not meet each other."""
    at = bisect_left(starts, start)
    for near in (at - 1, at):
        if not 0 <= near < len(starts):
            continue
        touches = starts[near] <= end and start <= ends[near]
        overlaps = starts[near] < end and start < ends[near]
        is_insertion = start == end or starts[near] == ends[near]
        if touches and (overlaps or is_insertion or not may_touch):
            return True
    return False
