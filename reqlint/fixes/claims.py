"""What each fix takes for itself: the keys and names that it makes and the places that it changes."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import NamedTuple

from reqlint.core.pointer import Place, value_at
from reqlint.fixes.case import FixPlan
from reqlint.text.changes import Add, Change, Quote, Remove, Rename, Replace, Unwrap


class _Claim(NamedTuple):
    """Something that only one fix may do."""

    kind: str  #: ``key`` and ``value`` of a place, ``member`` that an object gets, ``name`` that a function gets
    place: Place
    word: str = ""


class Claims:
    """
    What the fixes of one document have taken.

    Two fixes that make the same key, or give two functions the same name, would each be right alone and lose something
    together. So would fixes that change one place in different ways, or that leave nothing of an object.
    """

    def __init__(self, root: object) -> None:
        self._root = root
        self._taken: dict[Hashable, str] = {}  # by what is claimed, the changes of the fix that took it
        self._whole: dict[Place, str] = {}  # places whose value goes or is written anew
        self._around: dict[Place, int] = {}  # how many changed places are inside of a place
        self._removed: dict[Place, int] = {}  # members by their object

    def take(self, base: Place, plan: FixPlan) -> bool:
        """Take what the fix of a request at *base* needs; return False, and take nothing, if another fix has it."""
        owner = repr(plan.changes)
        claims = list(self._claims(base, plan))
        if any(self._taken.get(claim, owner) != owner for claim in claims):
            return False
        if all(claim in self._taken for claim in claims):
            return True  # the same fix, offered for another finding
        if not all(self._is_free(change, owner) for change in plan.changes) or self._empties(plan.changes):
            return False
        self._taken.update(dict.fromkeys(claims, owner))
        for change in plan.changes:
            if isinstance(change, Replace | Remove):
                self._whole[change.place] = owner
            if isinstance(change, Remove):
                self._removed[change.place[:-1]] = self._removed.get(change.place[:-1], 0) + 1
            for length in range(len(change.place)):
                around = change.place[:length]
                self._around[around] = self._around.get(around, 0) + 1
        return True

    def _claims(self, base: Place, plan: FixPlan) -> Iterator[_Claim]:
        if plan.new_name is not None:
            yield _Claim("name", base, plan.new_name)
        for change in plan.changes:
            yield from _of_change(change, self._root)

    def _is_free(self, change: Change, owner: str) -> bool:
        """Return whether no other fix replaces what is around the change, or changes what it replaces."""
        place = change.place
        if any(self._whole.get(place[:length], owner) != owner for length in range(len(place))):
            return False
        return not isinstance(change, Replace | Remove) or place not in self._around

    def _empties(self, changes: Iterable[Change]) -> bool:
        """Return whether *changes*, with those of other fixes, remove all that an object has; one fix alone may."""
        for change in changes:
            if isinstance(change, Remove) and (gone := self._removed.get(change.place[:-1])):
                around = value_at(self._root, change.place[:-1])
                if isinstance(around, Mapping) and gone + 1 >= len(around):
                    return True
        return False


def _of_change(change: Change, root: object) -> Iterator[_Claim]:
    place = change.place
    if isinstance(change, Add):
        yield _Claim("member", place, change.key if change.key is not None else repr(change.value))
        return
    if isinstance(change, Rename):
        yield _Claim("member", place[:-1], change.key)
    elif isinstance(change, Unwrap):
        inside = value_at(root, place)
        for key in inside if isinstance(inside, Mapping) else ():
            yield _Claim("member", place[:-1], key)
    if isinstance(change, Rename | Remove | Unwrap) or (isinstance(change, Quote) and change.key):
        yield _Claim("key", place)
    if not isinstance(change, Rename) and not (isinstance(change, Quote) and change.key):
        yield _Claim("value", place)
