"""Changes of parts of a value, independent of how the text is written."""

from collections.abc import Iterable, Mapping, Sequence

from reqlint.core.pointer import Place
from reqlint.core.records import dataclass


@dataclass(frozen=True, slots=True)
class Rename:
    """Rename the member at *place* to *key*."""

    place: Place
    key: str


@dataclass(frozen=True, slots=True)
class Replace:
    """Replace the value at *place*."""

    place: Place
    value: object


@dataclass(frozen=True, slots=True)
class Remove:
    """Remove the member at *place* from its object."""

    place: Place


@dataclass(frozen=True, slots=True)
class Add:
    """Add a member to the object at *place*, or without a key, an item to the end of the array there."""

    place: Place
    key: str | None
    value: object
    first: bool = False  #: before the other members, not after them


@dataclass(frozen=True, slots=True)
class Wrap:
    """Put the value at *place* into an object under *key*, after the members *before* it."""

    place: Place
    key: str
    before: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Unwrap:
    """Replace the member at *place*, whose value is an object, by the members of that object."""

    place: Place


@dataclass(frozen=True, slots=True)
class Quote:
    """Put quotes around the plain YAML scalar at *place*, or with *key* around its key; the value stays the same."""

    place: Place
    key: bool = False


Change = Rename | Replace | Remove | Add | Wrap | Unwrap | Quote


def apply_changes(root: object, changes: Iterable[Change]) -> object:
    """Return *root* after all *changes*, whose places are those before any of them; *root* itself is not modified."""
    changes = list(changes)
    on_the_way = {change.place[:length] for change in changes for length in range(len(change.place) + 1)}
    by_place: dict[Place, list[Change]] = {}
    for change in changes:
        by_place.setdefault(change.place, []).append(change)
    return _changed(root, (), by_place, on_the_way)


def _changed(value: object, place: Place, by_place: Mapping[Place, Sequence[Change]], on_the_way: set[Place]) -> object:
    if place not in on_the_way:
        return value
    if isinstance(value, Mapping):
        members: dict[str, object] = {}
        for key, inner in value.items():
            _put_member(members, key, inner, (*place, key), by_place, on_the_way)
        value = members
    elif isinstance(value, list):
        value = [_changed(inner, (*place, index), by_place, on_the_way) for index, inner in enumerate(value)]
    for change in by_place.get(place, ()):
        if isinstance(change, Replace):
            value = change.value
        elif isinstance(change, Wrap):
            value = {**dict(change.before), change.key: value}
        elif isinstance(change, Add) and isinstance(value, dict) and change.key is not None:
            value = {change.key: change.value, **value} if change.first else {**value, change.key: change.value}
        elif isinstance(change, Add) and isinstance(value, list):
            value = [*value, change.value]
    return value


def _put_member(
    members: dict[str, object],
    key: str,
    inner: object,
    place: Place,
    by_place: Mapping[Place, Sequence[Change]],
    on_the_way: set[Place],
) -> None:
    changes = by_place.get(place, ())
    if any(isinstance(change, Remove) for change in changes):
        return
    value = _changed(inner, place, by_place, on_the_way)
    if any(isinstance(change, Unwrap) for change in changes) and isinstance(value, dict):
        members.update(value)
        return
    renamed = next((change.key for change in changes if isinstance(change, Rename)), key)
    members[renamed] = value
