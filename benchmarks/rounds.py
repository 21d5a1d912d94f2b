"""
Compare contenders fairly on a machine that also does other work.

In each round every contender runs once, so that a slow phase of the machine slows all of them. A ratio compares two
times of the same round; the results show the median of the rounds' ratios, with the smallest and the largest.
"""

import gc
import statistics
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from time import process_time
from typing import Any


@dataclass(frozen=True, slots=True)
class Measurement:
    """The time, memory and output size of one run."""

    seconds: float
    memory: int = 0  #: peak of its largest process in bytes; 0 if not measured
    written: int = 0  #: number of bytes that it printed
    processor: float = 0.0  #: seconds of all its processes on a processor; 0 if not measured


@dataclass(frozen=True, slots=True)
class Contender:
    """One of the things compared, and the function that measures a run of it."""

    name: str
    measure: Callable[[], Measurement] | None
    size: int = 0  #: bytes that one run reads
    absent: str = ""  #: why it has no figures, if `measure` is None


@dataclass(frozen=True, slots=True)
class Row:
    """The measurements of a contender in all rounds."""

    name: str
    runs: tuple[Measurement, ...]
    size: int = 0
    absent: str = ""

    @property
    def seconds(self) -> float:
        """The median time of the rounds."""
        return statistics.median(run.seconds for run in self.runs)

    @property
    def processor(self) -> float:
        """The median processor time of the rounds."""
        return statistics.median(run.processor for run in self.runs)

    @property
    def memory(self) -> int:
        """The highest peak of all rounds, in bytes."""
        return max(run.memory for run in self.runs)

    @property
    def written(self) -> int:
        """The number of bytes that the last round printed."""
        return self.runs[-1].written


@dataclass(frozen=True, slots=True)
class Spread:
    """The median, the smallest and the largest of some numbers."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, numbers: Iterable[float]) -> "Spread":
        """Return the spread of *numbers*."""
        ordered = sorted(numbers)
        return cls(statistics.median(ordered), ordered[0], ordered[-1])


def run_interleaved(contenders: Sequence[Contender], rounds: int) -> list[Row]:
    """Run every contender once in each round; each round begins with a different contender."""
    runs: list[list[Measurement]] = [[] for _ in contenders]
    for number in range(rounds):
        order = range(len(contenders))
        at = number % max(len(order), 1)
        for index in [*order[at:], *order[:at]]:
            contender = contenders[index]
            if contender.measure:
                show_progress(f"round {number + 1} of {rounds}: {contender.name}")
                runs[index].append(contender.measure())
    show_progress("")
    return [Row(one.name, tuple(of_one), one.size, one.absent) for one, of_one in zip(contenders, runs, strict=True)]


def show_progress(step: str) -> None:
    """Write the current step to the terminal, over the previous one."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{step and '  '}{step}")
        sys.stderr.flush()


def ratio(row: Row, base: Row) -> Spread:
    """Return the time of *row* divided by that of *base*, round by round."""
    return Spread.of(one.seconds / other.seconds for one, other in zip(row.runs, base.runs, strict=True))


def per_item(
    run: Callable[[Any], object], pools: Callable[[int], Sequence[Sequence[Any]]]
) -> Callable[[], Measurement]:
    """
    Return a function that measures *run* on items that it has never seen, one pass over each pool of them.

    *pools* returns the pools of a round. The result is the processor seconds of one item in the median pass, which an
    interruption of a few passes does not change.
    """
    numbers = count()

    def measure() -> Measurement:
        made = pools(next(numbers))  # before the time begins
        with garbage_collector_off():
            return Measurement(statistics.median(_pass(run, items) / len(items) for items in made))

    return measure


def _pass(run: Callable[[Any], object], items: Sequence[Any]) -> float:
    start = process_time()
    for item in items:
        run(item)
    return process_time() - start


@contextmanager
def garbage_collector_off() -> Iterator[None]:
    """Switch the garbage collector off, as timeit does: when it runs depends on what ran before."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
