"""Patterns of JSON Pointers: which places in a document ``/cases/*/payload`` stands for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from reqlint.core.pointer import Place


def matches_pointer(pattern: str, pointer: str) -> bool:
    """
    Return whether *pattern* matches *pointer*, or a place that it leads through.

    Both are JSON Pointers (RFC 6901); in the pattern ``*`` is any one step and ``**`` any number of steps.
    """
    steps = _steps(pattern)
    states = _skip_spans(steps, {0})
    for step in _steps(pointer):
        if len(steps) in states:
            return True
        states = _advance(steps, states, step)
    return len(steps) in states


def find_places(pattern: str, root: object) -> Iterator[tuple[Place, object]]:
    """Yield every place in *root* that *pattern* matches, with its value, once each and in document order."""
    steps = _steps(pattern)
    # All ways through the pattern are followed at once; followed one by one, they can be exponentially many.
    pending: list[tuple[Place, object, set[int]]] = [((), root, _skip_spans(steps, {0}))]
    while pending:
        place, value, states = pending.pop()
        if len(steps) in states:
            yield place, value
        members: Iterable[tuple[str | int, object]] = ()
        if isinstance(value, Mapping):
            members = value.items()
        elif isinstance(value, list):
            members = enumerate(value)
        pending += reversed(
            [
                ((*place, step), member, after)
                for step, member in members
                if (after := _advance(steps, states, str(step)))
            ]
        )


@lru_cache(maxsize=256)
def _steps(pointer: str) -> tuple[str, ...]:
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])


def _skip_spans(pattern: Sequence[str], states: set[int]) -> set[int]:
    """Add to *states*, the indices of the next step to match, those behind each ``**``, which may match nothing."""
    pending = [at for at in states if at < len(pattern) and pattern[at] == "**"]
    while pending:
        behind = pending.pop() + 1
        if behind not in states:
            states.add(behind)
            if behind < len(pattern) and pattern[behind] == "**":
                pending.append(behind)
    return states


def _advance(pattern: Sequence[str], states: Iterable[int], step: str) -> set[int]:
    """Return the states after one *step* of a pointer."""
    after = {
        at if pattern[at] == "**" else at + 1 for at in states if at < len(pattern) and pattern[at] in ("*", "**", step)
    }
    return _skip_spans(pattern, after)
