"""
How do contenders compare on a machine that also does other things.

In each round every contender runs in turn, so that what slows the machine slows all of them. A ratio is taken within
one round; what is shown is the median of the rounds' ratios, with the smallest and the largest.
"""

import gc
import statistics
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any


@dataclass(frozen=True, slots=True)
class Taken:
    """What one run took."""

    seconds: float
    memory: int = 0  #: bytes that its largest process held at most; 0 where nobody looked
    written: int = 0  #: bytes that it printed


@dataclass(frozen=True, slots=True)
class Contender:
    """Something that does the work, and how a run of it is measured."""

    name: str
    measure: Callable[[], Taken] | None
    size: int = 0  #: bytes that one run reads
    absent: str = ""  #: why it has no figures; then `measure` is None


@dataclass(frozen=True, slots=True)
class Row:
    """A contender with what each round of it took."""

    name: str
    taken: tuple[Taken, ...]
    size: int = 0
    absent: str = ""

    @property
    def seconds(self) -> float:
        """The median of the rounds."""
        return statistics.median(taken.seconds for taken in self.taken)

    @property
    def memory(self) -> int:
        """The highest peak of all rounds, in bytes."""
        return max(taken.memory for taken in self.taken)

    @property
    def written(self) -> int:
        """What the last round printed, in bytes."""
        return self.taken[-1].written


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle, the smallest and the largest of some numbers."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, numbers: Iterable[float]) -> "Spread":
        """Sum up the numbers."""
        known = sorted(numbers)
        return cls(statistics.median(known), known[0], known[-1])


def interleaved(contenders: Sequence[Contender], rounds: int) -> list[Row]:
    """Run every contender once a round, each round beginning with another of them."""
    taken: list[list[Taken]] = [[] for _ in contenders]
    for number in range(rounds):
        order = range(len(contenders))
        at = number % max(len(order), 1)
        for index in [*order[at:], *order[:at]]:
            contender = contenders[index]
            if contender.measure:
                told(f"round {number + 1} of {rounds}: {contender.name}")
                taken[index].append(contender.measure())
    told("")
    return [Row(one.name, tuple(runs), one.size, one.absent) for one, runs in zip(contenders, taken, strict=True)]


def told(what: str) -> None:
    """Say on a terminal what is being done, over what was said before."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{what and '  '}{what}")
        sys.stderr.flush()


def ratio(row: Row, base: Row) -> Spread:
    """Say how many times as long as *base* it took, each round compared with itself."""
    return Spread.of(one.seconds / other.seconds for one, other in zip(row.taken, base.taken, strict=True))


def per_item(run: Callable[[Any], object], items: Sequence[Any], at_least: float) -> Callable[[], Taken]:
    """
    Measure *run* on all items in turn, again and again for *at_least* seconds; gives the seconds of one item.

    They are those of the middle pass, which an interruption of some passes does not touch.
    """

    def measure() -> Taken:
        passes: list[float] = []
        with _uncollected():
            while sum(passes) < at_least:
                passes.append(_pass(run, items))
        return Taken(statistics.median(passes) / len(items))

    return measure


def once_per_item(run: Callable[[Any], object], fresh: Callable[[], Sequence[Any]]) -> Callable[[], Taken]:
    """Measure *run* as `per_item` does, on items that it has never seen: made for each pass, outside its time."""

    def measure() -> Taken:
        pools = [fresh() for _ in range(5)]
        with _uncollected():
            return Taken(statistics.median(_pass(run, items) / len(items) for items in pools))

    return measure


def _pass(run: Callable[[Any], object], items: Sequence[Any]) -> float:
    start = perf_counter()
    for item in items:
        run(item)
    return perf_counter() - start


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector out, as timeit does: when it runs depends on what ran before."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
