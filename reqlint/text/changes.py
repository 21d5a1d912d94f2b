"""What can be done to parts of a value, apart from how it is written into a text."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reqlint.core.pointer import Place


@dataclass(frozen=True, slots=True)
class Rename:
    """Give the member at *place* another key."""

    place: Place
    key: str


@dataclass(frozen=True, slots=True)
class Replace:
    """Put another value at *place*."""

    place: Place
    value: object


@dataclass(frozen=True, slots=True)
class Remove:
    """Take the member at *place* out of its object."""

    place: Place


@dataclass(frozen=True, slots=True)
class Add:
    """Put a member into the object at *place*, or, without a key, an item at the end of the array there."""

    place: Place
    key: str | None
    value: object
    first: bool = False  #: before the other members rather than after them


@dataclass(frozen=True, slots=True)
class Wrap:
    """Put the value at *place* into an object under *key*, after the members *before* it."""

    place: Place
    key: str
    before: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Unwrap:
    """Put the members of the object at *place* in the place of the member that holds it."""

    place: Place


@dataclass(frozen=True, slots=True)
class Quote:
    """Write the plain scalar at *place* (its key, if so said) in quotes; the value stays what it is."""

    place: Place
    key: bool = False


Change = Rename | Replace | Remove | Add | Wrap | Unwrap | Quote


def apply_changes(root: object, changes: Iterable[Change]) -> object:
    """Give *root* after all *changes*, whose places are those before any of them; *root* itself stays as it is."""
    changes = list(changes)
    towards = {change.place[:length] for change in changes for length in range(len(change.place) + 1)}
    own: dict[Place, list[Change]] = {}
    for change in changes:
        own.setdefault(change.place, []).append(change)
    return _value(root, (), own, towards)


def _value(value: object, place: Place, own: Mapping[Place, Sequence[Change]], towards: set[Place]) -> object:
    if place not in towards:
        return value
    if isinstance(value, Mapping):
        members: dict[str, object] = {}
        for key, inner in value.items():
            _put(members, key, inner, (*place, key), own, towards)
        value = members
    elif isinstance(value, list):
        value = [_value(inner, (*place, index), own, towards) for index, inner in enumerate(value)]
    for change in own.get(place, ()):
        if isinstance(change, Replace):
            value = change.value
        elif isinstance(change, Wrap):
            value = {**dict(change.before), change.key: value}
        elif isinstance(change, Add) and isinstance(value, dict) and change.key is not None:
            value = {change.key: change.value, **value} if change.first else {**value, change.key: change.value}
        elif isinstance(change, Add) and isinstance(value, list):
            value = [*value, change.value]
    return value


def _put(
    members: dict[str, object],
    key: str,
    inner: object,
    place: Place,
    own: Mapping[Place, Sequence[Change]],
    towards: set[Place],
) -> None:
    changes = own.get(place, ())
    if any(isinstance(change, Remove) for change in changes):
        return
    value = _value(inner, place, own, towards)
    if any(isinstance(change, Unwrap) for change in changes) and isinstance(value, dict):
        members.update(value)
        return
    renamed = next((change.key for change in changes if isinstance(change, Rename)), key)
    members[renamed] = value
