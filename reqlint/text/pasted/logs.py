"""The JSON objects and Python dicts that stand in the lines of a log."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from reqlint.text.json.reader import MAX_DEPTH, STRICT, is_deeper
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
    held: LoggedObject | None = None
    is_alone = True
    for found in _objects(text):
        if held is not None and text.find("\n", held.start, found.start) < 0:
            is_alone = False
            continue
        if held is not None and is_alone:
            yield held
        held, is_alone = found, True
    if held is not None and is_alone:
        yield held


def _objects(text: str) -> Iterator[LoggedObject]:
    """
    Yield the objects in *text* that have members; the work is bounded by its length.

    The rest of a line is not looked at after an object in it that does not end well.
    """
    at, left = 0, 2 * len(text) + 100_000
    while left > 0 and (opening := _OPENING.search(text, at)):
        start = opening.start()
        found, reached = _object_at(text, start, is_json=opening[0][-1] == '"')
        left -= reached - start + 1
        if found is not None:
            yield found
            at = found.end
        else:
            left -= start // 50  # what Python takes to count the lines before an error
            at = text.find("\n", start)
            if at < 0:
                return


_OPENING = re.compile(r"\{\s*+[rRbBuU]{0,2}['\"]")


def _object_at(text: str, at: int, *, is_json: bool) -> tuple[LoggedObject | None, int]:
    """Return the object at *at*, if there is one, and the offset up to which the text was read."""
    reached = at
    if is_json:
        try:
            value, end = _scan_once(text, at)
            brackets = text.count("{", at, end) + text.count("[", at, end)
            if brackets <= MAX_DEPTH or not is_deeper(value, MAX_DEPTH):
                return LoggedObject(at, end, value, None), end
            reached = end
        except ValueError as error:  # for a repeated key or the like, without a place
            reached = getattr(error, "pos", len(text))
        except StopIteration as error:
            reached = int(error.value)
        except RecursionError:
            pass
    try:
        literal = read_literal(text, at)
    except NotLiteral as error:
        return None, max(reached, error.at)
    if not isinstance(literal.value, dict):
        return None, literal.end
    return LoggedObject(at, literal.end, literal.value, literal), literal.end
