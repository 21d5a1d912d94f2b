"""Pointers and paths: written and read again they lead to the same place, and patterns of places take themselves."""

from collections.abc import Iterable
from json import dumps

from fuzz.choices import Choices
from fuzz.laws import hold, places
from reqlint.core.pointer import from_pointer, to_path, to_pointer, value_at
from reqlint.core.pointer_patterns import find_places, matches_pointer

_KEYS = (
    "a",
    "",
    "~",
    "/",
    "~0",
    "~1",
    "a/b",
    "0",
    "-1",
    "01",
    "*",
    "**",
    "١",
    "é",
    "\ud800",
    "a b",
    '"',
    "\\",
    "$ref",
    "²",
)


def run(data: bytes) -> None:
    """Look up every place of a value, and a pointer that may lead nowhere."""
    choices = Choices(data)
    value = choices.value(_KEYS, 3)
    pattern = "".join("/" + choices.one_of(("*", "**", "**", *_KEYS)) for _ in range(choices.below(7)))
    found = [place for place, _ in find_places(pattern, value)]
    for place in places(value):
        pointer = to_pointer(place)
        hold(from_pointer(pointer, value) == place, "a pointer leads back", place, pointer)
        hold(to_path(place) or not place, "a path names the place", place)
        escaped = to_pointer([step for step in place if step not in ("*", "**")])
        hold(matches_pointer(escaped, escaped), "a pattern takes itself", escaped)
        hold(matches_pointer(pattern, pointer) or place not in found, "what a pattern finds it takes", pattern, pointer)
    pointer = choices.rest().decode("utf-8", "replace")
    for each in (pointer, "/" + pointer):
        try:
            place = from_pointer(each, value)
        except LookupError:
            continue
        value_at(value, place)
        dumps(to_path(place))


def seeds() -> Iterable[bytes]:
    """Give choices to begin with."""
    yield from (bytes([kind, 5, 1, 2, 1, 4, 0, 1, 2, 3, 3, kind, 1, 2, 5]) + b"/a/0/~1" for kind in range(8))
    yield from (b"\1\3" + text.encode() for text in ("/", "/a", "//", "/~", "/-", "/0/1", "/" * 40, "/²", "/١"))
