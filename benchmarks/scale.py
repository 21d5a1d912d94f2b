"""
How many times longer does an input take that has four times as many of anything.

Each row is one thing that an input can have many of, such as messages, mistakes, anchors, files or baseline entries.
The time is that of the processor, so that other work on the machine counts little. The items are made of numbers that
no measurement has used before.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.answers import Answer, Options, Table, duration, times
from benchmarks.dimensions import DIMENSIONS, Dimension
from benchmarks.rounds import Spread, garbage_collector_off, show_progress

TIMES = 4
LIMIT = 4.8  #: what the tests allow
NOTES = (
    "Processor time of one process, the best of the rounds, and the ratio of the best times, with those of single "
    f"rounds in brackets. {TIMES} × is time in proportion to the input; a square would be {TIMES * TIMES} ×. "
    f"`tests/laws/test_growth.py` allows {LIMIT} ×.",
)


@dataclass(frozen=True, slots=True)
class Growth:
    """The times of one dimension, round by round."""

    dimension: Dimension
    size: int  #: of the small input
    small: tuple[float, ...]
    large: tuple[float, ...]
    findings: int  #: in the large input

    @property
    def spread(self) -> Spread:
        """How many times longer the large input took: by the best times, and the smallest and largest of one round."""
        each = [large / small for small, large in zip(self.small, self.large, strict=True)]
        return Spread(min(self.large) / min(self.small), min(each), max(each))


def ask(options: Options) -> Answer:
    """Measure every dimension."""
    share = 80 if options.quick else 1 if options.full else 4
    grown = [measure(each, max(2, each.size // share), min(options.rounds, 3)) for each in DIMENSIONS]
    return Answer([table(grown)], NOTES)


def measure(dimension: Dimension, size: int, rounds: int) -> Growth:
    """
    Judge inputs of *size* and four times as many items in turn.

    As many small inputs are judged at once as are as much as a large one: what else the machine does falls on both.
    """
    taken: tuple[list[float], list[float]] = ([], [])
    findings = 0
    dimension.judge(dimension.make(_unused(20)))  # what is compiled or imported once is not measured
    for number in range(rounds):
        show_progress(f"{dimension.name}, round {number + 1} of {rounds}")
        for times_of, count in zip(taken, (size, TIMES * size), strict=True):
            inputs = [dimension.make(_unused(count)) for _ in range(TIMES * size // count)]
            with garbage_collector_off():
                began = time.process_time()
                for made in inputs:
                    findings = dimension.judge(made)
                times_of.append((time.process_time() - began) / len(inputs))
    show_progress("")
    return Growth(dimension, size, (*taken[0],), (*taken[1],), findings)


def _unused(count: int) -> range:
    """Return *count* numbers that were not returned before: what was remembered would answer in no time."""
    global _next
    _next += count
    return range(_next - count, _next)


_next = 1_000_000


def table(grown: Iterable[Growth]) -> Table:
    """Return a table with a line for each dimension."""
    rows = [
        [
            each.dimension.name,
            f"{each.size:,}",
            f"{each.findings:,}",
            duration(min(each.small)),
            duration(min(each.large)),
            times(each.spread),
        ]
        for each in grown
    ]
    return Table("What there are many of.", ["many", "N", "findings in 4 N", "N", "4 N", "4 N ÷ N"], rows)
