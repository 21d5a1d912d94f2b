"""The changes that lead from one value to another, as few and as small as the values allow."""

from collections.abc import Iterator, Mapping

from reqlint.core.pointer import Place
from reqlint.fixes.read_back import is_same_json
from reqlint.text.changes import Add, Change, Remove, Rename, Replace


def differences(before: object, after: object, place: Place = ()) -> Iterator[Change]:
    """
    Yield changes that make *after* of *before*, which is at *place*; the order of members does not count.

    A member that goes and one that comes in its stead are written at one place: the key is renamed.
    """
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from _of_members(before, after, place)
    elif isinstance(before, list) and isinstance(after, list) and len(before) <= len(after) and before:
        for index, (old, new) in enumerate(zip(before, after, strict=False)):
            yield from differences(old, new, (*place, index))
        yield from (Add(place, None, new) for new in after[len(before) :])
    elif not is_same_json(before, after):
        yield Replace(place, after)


def _of_members(before: Mapping[str, object], after: Mapping[str, object], place: Place) -> Iterator[Change]:
    gone = [key for key in before if key not in after]
    new = [key for key in after if key not in before]
    if gone and len(gone) == len(before):
        if not after:
            yield Replace(place, after)
            return
        if len(gone) > 1:  # removing all of them one by one would remove one comma twice
            yield Replace(place, after)
            return
    for key, value in before.items():
        if key in after:
            yield from differences(value, after[key], (*place, key))
    for old, key in zip(gone, new, strict=False):
        yield Rename((*place, old), key)
        yield from differences(before[old], after[key], (*place, old))
    yield from (Remove((*place, key)) for key in gone[len(new) :])
    yield from (Add(place, key, after[key]) for key in new[len(gone) :])
