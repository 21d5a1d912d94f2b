"""The JSON body of a pasted command, some of whose values only a shell knows."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from reqlint.core.pointer import Place
from reqlint.text.flaws import UNREADABLE, Flaw, Spans
from reqlint.text.json.scanner import read_or_scan
from reqlint.text.json.spans import locate
from reqlint.text.pasted.pieces import MappedText, Piece

_QUOTE = re.compile(r'\\.|"', re.DOTALL)
_FIRST = 0xF0000  # a private use plane; each unknown stretch becomes one character of it
_MOST_UNKNOWN = 1000


class Unknown(NamedTuple):
    """The values of a body that are not in the text."""

    places: frozenset[Place]
    readings: Callable[[], Iterator[object]]  #: the body with other values in their places, one after the other


class Body(NamedTuple):
    """A body that was read."""

    value: object  #: `UNREADABLE` if it is no JSON
    flaws: tuple[Flaw, ...]  #: with spans of the source
    spans: Callable[[Iterable[Place]], Spans]  #: finds places in the source
    unknown: Unknown | None = None


def read_body(written: MappedText) -> Body | None:
    """Read the body that a command writes; None if it cannot be read without what only a shell knows."""
    if sum(piece.unknown for piece in written.pieces) > _MOST_UNKNOWN:
        return None
    stretches: list[str] = []
    bare: set[int] = set()  # those outside of a string, which may be of any type
    text = MappedText(_with_stand_ins(written, stretches, bare))
    if stretches and _has_private(written):
        return None
    value, flaws = read_or_scan(text.text)
    if value is UNREADABLE and stretches:
        return None
    moved = tuple(flaw.moved(text.span) for flaw in flaws)
    readable = value if not flaws else UNREADABLE

    def spans(places: Iterable[Place]) -> Spans:
        found = locate(text.text, 0, places, readable)
        return {place: (text.span(key) if key else None, text.span(at)) for place, (key, at) in found.items()}

    if not stretches:
        return Body(value, moved, spans)
    places = list(_places_of_unknown(value, ()))
    if None in places or () in places:  # a key: nobody knows what the object has; or all of it
        return None
    unknown = Unknown(
        frozenset(place for place in places if place is not None), lambda: _readings(value, stretches, bare)
    )
    return Body(_filled(value, stretches.__getitem__), moved, spans, unknown)


def _has_private(written: MappedText) -> bool:
    return any(ord(character) >= _FIRST for character in written.text)


def _with_stand_ins(written: MappedText, stretches: list[str], bare: set[int]) -> Iterator[Piece]:
    """Yield the pieces with a character for each unknown one, in quotes where it stands outside of a string."""
    in_string = False
    for piece in written.pieces:
        if not piece.unknown:
            for token in _QUOTE.finditer(piece.text):
                in_string ^= token[0] == '"' and True
            yield piece
            continue
        stand_in = chr(_FIRST + len(stretches))
        if not in_string:
            bare.add(len(stretches))
        stretches.append(piece.text)
        yield Piece(stand_in if in_string else f'"{stand_in}"', piece.start, piece.end)


def _places_of_unknown(value: object, place: Place) -> Iterator[Place | None]:
    if isinstance(value, str):
        if any(ord(character) >= _FIRST for character in value):
            yield place
    elif isinstance(value, dict):
        for key, inner in value.items():
            if any(ord(character) >= _FIRST for character in key):
                yield None
            yield from _places_of_unknown(inner, (*place, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _places_of_unknown(inner, (*place, index))


_STAND_IN = re.compile("[\U000f0000-\U000ffffd]")
_WORDS = ("", "x", "json", "user", "assistant", "tool", "system", "function", "gpt-4o", "o3-mini", "qwen-plus", "auto",
          "https://example.com/a.png", "data:image/png;base64,iVBORw0KGgo=", "{}", "x" * 70)  # fmt: skip
_ALONE: tuple[object, ...] = (None, True, False, 0, 1, 2, 0.5, 100_000, [], {}, ["x"], {"type": "json_object"})


def _readings(value: object, stretches: list[str], bare: set[int]) -> Iterator[object]:
    """
    Yield *value* with other values for what is unknown.

    The same variable has the same value everywhere; in one reading all variables differ, in the others they are alike.
    What stands inside of a string stays a string.
    """
    numbers: Mapping[str, int] = {name: number for number, name in enumerate(dict.fromkeys(stretches))}
    yield _filled(value, lambda number: f"x{numbers[stretches[number]]}")
    for word in _WORDS:
        yield _filled(value, lambda _, word=word: word)  # type: ignore[misc]  # mypy does not see the default
    for alone in _ALONE:
        yield _filled(value, lambda number, alone=alone: alone if number in bare else "x")  # type: ignore[misc]


def _filled(value: Any, fill: Callable[[int], object]) -> Any:
    """Return *value* with every stand-in filled, by its number."""
    if isinstance(value, str):
        if len(value) == 1 and ord(value) >= _FIRST:
            return fill(ord(value) - _FIRST)
        return _STAND_IN.sub(lambda match: str(fill(ord(match[0]) - _FIRST)), value)
    if isinstance(value, dict):
        return {key: _filled(inner, fill) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, fill) for inner in value]
    return value
