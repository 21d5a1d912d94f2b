"""The JSON objects and Python dicts that stand in the lines of a log."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from reqlint.text.json.reader import MAX_DEPTH, STRICT
from reqlint.text.pasted.python import Literal, NotLiteral, read_literal

_scan_once = STRICT.scan_once  # type: ignore[attr-defined]  # decodes from an offset; no stub


class LoggedObject(NamedTuple):
    """One object in a text."""

    start: int
    end: int
    value: dict[str, object]
    literal: Literal | None  #: set if it is written in Python; otherwise it is JSON


def objects_alone_in_line(text: str) -> Iterator[LoggedObject]:
    """Yield the objects of which no other begins in the same line; an object may go on over several lines."""
    found = list(_objects(text))
    lines: list[int] = []
    line = at = 0
    for each in found:
        line += text.count("\n", at, each.start)
        at = each.start
        lines.append(line)
    count = Counter(lines)
    for each, number in zip(found, lines, strict=True):
        if count[number] == 1:
            yield each


def _objects(text: str) -> Iterator[LoggedObject]:
    """Yield the objects in *text* that have members; the work is bounded by its length."""
    at, left = text.find("{"), 8 * len(text) + 100_000
    while at >= 0 and left > 0:
        found, reached = _object_at(text, at)
        left -= max(1, reached - at)
        if found is not None:
            if found.value:
                yield found
            at = found.end - 1
        at = text.find("{", at + 1)


def _object_at(text: str, at: int) -> tuple[LoggedObject | None, int]:
    """Return the object at *at*, if there is one, and the offset up to which the text was read."""
    reached = len(text)
    try:
        value, end = _scan_once(text, at)
        if text.count("{", at, end) + text.count("[", at, end) <= MAX_DEPTH:
            return LoggedObject(at, end, value, None), end
    except ValueError as error:
        reached = getattr(error, "pos", reached)
    except (StopIteration, RecursionError) as error:
        reached = error.value if isinstance(error, StopIteration) and isinstance(error.value, int) else at
    try:
        literal = read_literal(text, at)
    except NotLiteral as error:
        return None, max(reached, error.at)
    if not isinstance(literal.value, dict):
        return None, literal.end
    return LoggedObject(at, literal.end, literal.value, literal), literal.end
