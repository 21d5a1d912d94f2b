"""Time in tests, measured so that neither a slow machine nor a busy one changes the outcome."""

import gc
import time
from collections.abc import Callable
from statistics import median
from typing import TypeVar

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


def _time_of(judge: Callable[[Made], object], inputs: list[Made]) -> float:
    gc.collect()
    gc.disable()
    try:
        began = time.process_time()
        for made in inputs:
            judge(made)
        return time.process_time() - began
    finally:
        gc.enable()
