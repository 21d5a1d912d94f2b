"""Places in a JSON value: keys and indices from the root, and the two ways of writing them."""

import re
from collections.abc import Iterable, Mapping, Sequence

Place = tuple[str | int, ...]
"""The keys (str) and indices (int) from the root of a document to a value; ``()`` is the root."""

_BARE_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]*\Z")


def to_pointer(place: Iterable[str | int]) -> str:
    """Return *place* as a JSON Pointer (RFC 6901): ``/messages/0/role``; the root is the empty string."""
    written = ""
    for step in place:
        if isinstance(step, str) and ("~" in step or "/" in step):
            step = step.replace("~", "~0").replace("/", "~1")
        written += f"/{step}"
    return written


def to_path(place: Iterable[str | int]) -> str:
    """Return *place* as people and servers write it: ``messages[0].role``; the root is the empty string."""
    written = ""
    for step in place:
        if isinstance(step, int):
            written += f"[{step}]"
        elif _BARE_KEY.match(step):
            written += f".{step}" if written else step
        else:
            escaped = step.replace("\\", "\\\\").replace('"', '\\"')
            written += f'["{escaped}"]'
    return written


def item_path(place: Place) -> str:
    """Return the path of the innermost item of a list that *place* is in: ``tools[1]`` for its name, too."""
    steps = max((number for number, step in enumerate(place, 1) if isinstance(step, int)), default=len(place))
    return to_path(place[:steps])


def from_pointer(pointer: str, root: object) -> Place:
    """
    Parse a JSON Pointer into *root*, whose objects and arrays decide whether a step is a key or an index.

    Raises:
        LookupError: the pointer leads nowhere in *root*.
    """
    place: list[str | int] = []
    value = root
    for escaped in pointer.split("/")[1:]:
        step: str | int = escaped.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Sequence) and not isinstance(value, str):
            step = int(step) if str(step).isdecimal() and len(str(step)) <= _LONGEST_INDEX else step
        value = value_at(value, (step,))
        place.append(step)
    return tuple(place)


_LONGEST_INDEX = 20  # digits; no array is that long


def value_at(root: object, place: Place) -> object:
    """
    Return the value at *place* in *root*.

    Raises:
        LookupError: there is no such key or index.
    """
    value = root
    for step in place:
        kind, by = value.__class__, step.__class__
        if (kind is dict and by is str) or (kind is list and by is int):
            value = value[step]  # type: ignore[index]  # checked above; nearly all values are these
            continue
        steps_into = str if isinstance(value, Mapping) else int
        if isinstance(value, Mapping | Sequence) and not isinstance(value, str) and isinstance(step, steps_into):
            value = value[step]  # type: ignore[index]  # a mapping by a key, a sequence by an index
        else:
            raise LookupError(f"no {step!r} in {to_pointer(place)}")
    return value
