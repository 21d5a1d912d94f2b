"""Where something stands inside a JSON value: a path of keys and indices, in its written forms."""

import re
from collections.abc import Iterable, Mapping, Sequence

Place = tuple[str | int, ...]
"""Keys (str) and indices (int) from the root of a document to a value; ``()`` is the root itself."""

_PLAIN_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]*\Z")


def to_pointer(place: Iterable[str | int]) -> str:
    """Write *place* as a JSON Pointer (RFC 6901): ``/messages/0/role``; the root is the empty string."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in place)


def to_path(place: Iterable[str | int]) -> str:
    """Write *place* the way people and servers do: ``messages[0].role``; the root is the empty string."""
    written = ""
    for step in place:
        if isinstance(step, int):
            written += f"[{step}]"
        elif _PLAIN_KEY.match(step):
            written += f".{step}" if written else step
        else:
            escaped = step.replace("\\", "\\\\").replace('"', '\\"')
            written += f'["{escaped}"]'
    return written


def from_pointer(pointer: str, root: object) -> Place:
    """
    Read a JSON Pointer against the value it points into, which decides whether a step is a key or an index.

    Raises:
        LookupError: the pointer leads nowhere in *root*.
    """
    place: list[str | int] = []
    value = root
    for written in pointer.split("/")[1:]:
        step: str | int = written.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Sequence) and not isinstance(value, str):
            step = int(step) if str(step).isdecimal() and len(str(step)) <= _LONGEST_INDEX else step
        value = value_at(value, (step,))
        place.append(step)
    return tuple(place)


_LONGEST_INDEX = 20  # digits; no array is as long


def value_at(root: object, place: Place) -> object:
    """
    Give the value at *place* in *root*.

    Raises:
        LookupError: there is no such key or index.
    """
    value = root
    for step in place:
        kind, by = value.__class__, step.__class__
        if (kind is dict and by is str) or (kind is list and by is int):
            value = value[step]  # type: ignore[index]  # as the line above says; nearly all values are these
            continue
        steps_into = str if isinstance(value, Mapping) else int
        if isinstance(value, Mapping | Sequence) and not isinstance(value, str) and isinstance(step, steps_into):
            value = value[step]  # type: ignore[index]  # a mapping by a key, a sequence by an index
        else:
            raise LookupError(f"no {step!r} in {to_pointer(place)}")
    return value
