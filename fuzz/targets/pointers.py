"""Pointers: written and read again they lead to the same place, and a pattern matches the places that it finds."""

from collections.abc import Iterable
from json import dumps

from fuzz.choices import Choices
from fuzz.laws import places, require
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
        require(from_pointer(pointer, value) == place, "a pointer leads back to its place", place, pointer)
        require(to_path(place) or not place, "a path is not empty", place)
        escaped = to_pointer([step for step in place if step not in ("*", "**")])
        require(matches_pointer(escaped, escaped), "a pattern matches itself", escaped)
        require(
            matches_pointer(pattern, pointer) or place not in found,
            "a pattern matches the places that it finds",
            pattern,
            pointer,
        )
    pointer = choices.rest().decode("utf-8", "replace")
    for text in (pointer, "/" + pointer):
        try:
            place = from_pointer(text, value)
        except LookupError:
            continue
        value_at(value, place)
        dumps(to_path(place))


def seeds() -> Iterable[bytes]:
    """Yield values and pointers to start from."""
    yield from (bytes([kind, 5, 1, 2, 1, 4, 0, 1, 2, 3, 3, kind, 1, 2, 5]) + b"/a/0/~1" for kind in range(8))
    yield from (b"\1\3" + text.encode() for text in ("/", "/a", "//", "/~", "/-", "/0/1", "/" * 40, "/²", "/١"))
