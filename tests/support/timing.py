"""Time in tests, measured so that neither a slow machine nor a busy one changes the outcome."""

import gc
import sys
import time
from collections.abc import Callable
from itertools import count
from statistics import median
from types import FrameType
from typing import Any, TypeVar

Made = TypeVar("Made")

_STEPS = 60_000
_NOMINAL_SECONDS = 0.002
"""Processor time of `_workload` on the machine that the bounds in tests were measured on, with nothing beside it."""


def _workload() -> float:
    began, numbers = time.process_time(), {}
    for number in range(_STEPS):
        numbers[number & 255] = number
    return time.process_time() - began


def slowdown() -> float:
    """Return how many times slower than the reference machine this one computes at the moment; 1.0 if it is faster."""
    return max(1.0, median(_workload() for _ in range(5)) / _NOMINAL_SECONDS)


class Stopwatch:
    """
    Measures the processor time of a ``with`` block.

    ``seconds`` is that of the reference machine: what the block took, divided by the slowdown right before or after it.
    """

    seconds = 0.0

    def __enter__(self) -> "Stopwatch":
        self._slowdown = slowdown()
        self._began = time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        took = time.process_time() - self._began
        self.seconds = took / max(self._slowdown, slowdown())


def growth(
    judge: Callable[[Made], object],
    make: Callable[[int], Made],
    size: int,
    *,
    below: float,
    times: int = 4,
    rounds: int = 30,
) -> float:
    """
    Return how many times longer *judge* takes for an input that is *times* as large.

    In each round a large input is judged, and then as many small ones as are as much together: whatever else the
    machine does meanwhile falls on both alike. The sizes of each round differ, so that nothing is remembered from the
    round before. The fastest of each counts, and a ratio under *below* ends the rounds, of which a busy machine needs
    some: its other work takes the processor's cache away. The garbage collector is off,
    as with timeit: how often it walks the memory of all tests before depends on what they left there.
    """
    small = large = float("inf")
    for number in range(rounds):
        large = min(large, _time_of(judge, [make(times * (size + number))]))
        small = min(small, _time_of(judge, [make(size + number + more) for more in range(times)]))
        if large * times / small < below:
            break
    return large * times / small


def growth_in_steps(
    judge: Callable[[Made], object], make: Callable[[range], Made], size: int, *, below: float, times: int = 4
) -> float:
    """
    Return how many times more steps *judge* takes for an input that is *times* as large.

    A step is a line that runs, or a function of Python that is called: their number is the same on every machine, so
    small inputs are enough, and a square that has a fortieth of the steps of the smaller one shows. Each input is made
    of numbers that no input had before, so that nothing is remembered of it. But what it has in common with others may
    be, and some things are compiled when they were used often enough; so one large input is judged first, the fewest
    steps of several count, and a ratio under *below* ends them. Not seen is a square inside of one call of a function
    in C, such as cutting the rest off a long text each time: one input of each kind has to be timed for that, see
    `growth`.
    """
    judge(make(_unused(times * size)))
    few = min(steps(judge, make(_unused(size))) for _ in range(3))
    many = sys.maxsize
    for _ in range(6):
        many = min(many, steps(judge, make(_unused(times * size))))
        if many / few < below:
            break
    return many / few


_used = count(1_000_000)
"""Numbers in turn, which have as many digits as each other."""


def _unused(size: int) -> range:
    """Return numbers that no input had before."""
    first = next(_used)
    for _ in range(size - 1):
        next(_used)
    return range(first, first + size)


def steps(judge: Callable[[Made], object], made: Made) -> int:
    """Return how many lines run, and how many functions of Python are called, while *judge* looks at an input."""
    counted = 0

    def step(_frame: FrameType, _event: str, _argument: object) -> Any:
        nonlocal counted
        counted += 1
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        judge(made)
    finally:
        sys.settrace(before)
    return counted


def _time_of(judge: Callable[[Made], object], inputs: list[Made]) -> float:
    gc.disable()
    try:
        began = time.process_time()
        for made in inputs:
            judge(made)
        return time.process_time() - began
    finally:
        gc.enable()
