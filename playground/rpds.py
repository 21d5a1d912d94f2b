"""
The part of rpds that jsonschema and referencing use, in Python, for the browser.

The real one is written in Rust, and PyPI has no wheel of it for Pyodide. Copies take the place of its persistent trees,
as the maps here have a few entries; tests/repository/test_playground.py compares both.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any


class HashTrieMap(Mapping[Any, Any]):
    """A map that never changes."""

    def __init__(self, entries: Mapping[Any, Any] | Iterable[tuple[Any, Any]] = (), **more: Any) -> None:
        self._entries = dict(entries, **more)

    @classmethod
    def convert(cls, value: Any) -> "HashTrieMap":
        """Return *value* if it is one already."""
        return value if isinstance(value, cls) else cls(value)

    def insert(self, key: Any, value: Any) -> "HashTrieMap":
        """Return a map with one more entry."""
        return HashTrieMap({**self._entries, key: value})

    def update(self, *others: Any, **more: Any) -> "HashTrieMap":
        """Return a map with the entries of *others* too."""
        entries = dict(self._entries)
        for other in others:
            entries.update(other)
        return HashTrieMap(entries, **more)

    def remove(self, key: Any) -> "HashTrieMap":
        """Return a map without *key*, which it must have."""
        entries = dict(self._entries)
        del entries[key]
        return HashTrieMap(entries)

    def discard(self, key: Any) -> "HashTrieMap":
        """Return a map without *key*."""
        return self.remove(key) if key in self._entries else self

    def __getitem__(self, key: Any) -> Any:
        return self._entries[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __hash__(self) -> int:
        return hash(frozenset(self._entries.items()))

    def __repr__(self) -> str:
        return f"HashTrieMap({self._entries!r})"


class HashTrieSet(Set[Any]):
    """A set that never changes."""

    def __init__(self, members: Iterable[Any] = ()) -> None:
        self._members = dict.fromkeys(members)

    def insert(self, member: Any) -> "HashTrieSet":
        """Return a set with one more member."""
        return HashTrieSet([*self._members, member])

    def update(self, *others: Iterable[Any]) -> "HashTrieSet":
        """Return a set with the members of *others* too."""
        return HashTrieSet([*self._members, *(member for other in others for member in other)])

    def remove(self, member: Any) -> "HashTrieSet":
        """Return a set without *member*, which it must have."""
        if member not in self._members:
            raise KeyError(member)
        return self.discard(member)

    def discard(self, member: Any) -> "HashTrieSet":
        """Return a set without *member*."""
        return HashTrieSet(each for each in self._members if each != member)

    def __contains__(self, member: object) -> bool:
        return member in self._members

    def __iter__(self) -> Iterator[Any]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def __hash__(self) -> int:
        return self._hash()


class List(tuple[Any, ...]):
    """A list that never changes, and grows at its front."""

    __slots__ = ()

    def __new__(cls, *members: Any) -> "List":
        """Return the list of *members*, or of those of the one iterable that is given."""
        return super().__new__(cls, members[0] if len(members) == 1 else members)

    @property
    def first(self) -> Any:
        """The first member; IndexError if there is none."""
        if not self:
            raise IndexError("empty list has no first element")
        return self[0]

    @property
    def rest(self) -> "List":
        """All but the first member."""
        return List(self[1:])

    def push_front(self, member: Any) -> "List":
        """Return a list with one more member, which comes first."""
        return List((member, *self))

    def drop_first(self) -> "List":
        """Return a list without its first member; IndexError if there is none."""
        if not self:
            raise IndexError("empty list has no first element")
        return self.rest
