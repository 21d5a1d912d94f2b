"""Turn bytes into a sequence of choices, so that a fuzzer that changes bytes changes the generated values."""

# ruff: noqa: E501 - lists are easier to read in long lines

import json
from collections.abc import Sequence
from typing import Any, TypeVar

_T = TypeVar("_T")


class Choices:
    """
    A sequence of choices that are read from *data*; when it is used up, every choice is the first option.

    It replaces the FuzzedDataProvider of atheris, so that inputs found with atheris can be replayed without it.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def __bool__(self) -> bool:
        return self._at < len(self._data)

    def below(self, count: int) -> int:
        """Choose a number from 0 to *count* - 1, of which the first 65,536 can be chosen."""
        if count <= 1 or not self:
            return 0
        width = 1 if count <= 256 else 2
        taken = self._data[self._at : self._at + width]
        self._at += width
        return int.from_bytes(taken, "little") % count

    def one_of(self, values: Sequence[_T]) -> _T:
        """Choose one of *values*."""
        return values[self.below(len(values))]

    def text(self, max_length: int = 40) -> str:
        """Choose a length and then a UTF-8 text; bytes that are no UTF-8 become U+FFFD, or sometimes lone surrogates."""
        length = self.below(max_length + 1)
        taken = self._data[self._at : self._at + length]
        self._at += len(taken)
        return taken.decode("utf-8", "surrogateescape" if length % 7 == 6 else "replace")

    def rest(self) -> bytes:
        """Return all bytes that are left."""
        taken, self._at = self._data[self._at :], len(self._data)
        return taken

    def scalar(self, words: Sequence[str]) -> Any:
        """Choose a JSON scalar, often one of *words*."""
        kind = self.below(12)
        if kind < 5:
            return self.one_of(words)
        if kind == 5:
            return self.text()
        if kind == 6:
            return self.below(65_536) - 1_000
        return self.one_of(_SCALARS)

    def value(self, words: Sequence[str], depth: int = 4) -> Any:
        """Choose a JSON value, with keys and strings from *words*."""
        kind = self.below(8)
        if depth and kind == 0:
            return [self.value(words, depth - 1) for _ in range(self.below(5))]
        if depth and kind <= 3:
            return {self.key(words): self.value(words, depth - 1) for _ in range(self.below(6))}
        return self.scalar(words)

    def key(self, words: Sequence[str]) -> str:
        """Choose a key, usually one of *words*."""
        return self.text(8) if self.below(16) == 15 else self.one_of(words)


_SCALARS: list[Any] = [
    None, True, False, 0, 1, -1, 2, 128, 1.0, 0.5, -0.0, 1e300, 10**25, "", " ", "a b", "x" * 65, "é😀", "line\nbreak",
    "\u202e", "\x1b[31m", "a/b~c", "~01", "2", "null", "data:image/png;base64,@@", "http://", "::error::", "]8;;", "\ud800",
]  # fmt: skip


def mutate(choices: Choices, value: Any, words: Sequence[str]) -> Any:
    """Return a copy of the JSON *value* with up to seven changes at any places."""
    value = json.loads(json.dumps(value))
    for _ in range(choices.below(8)):
        spots = [spot for spot in _containers(value) if spot]
        if not spots:
            return choices.value(words)
        _change(choices, choices.one_of(spots), spots, words)
    return value


def _change(choices: Choices, spot: Any, spots: list[Any], words: Sequence[str]) -> None:
    at = choices.one_of(list(spot) if isinstance(spot, dict) else range(len(spot)))
    kind = choices.below(8)
    if kind <= 1:
        spot[at] = choices.scalar(words)
    elif kind == 2:
        spot[at] = choices.value(words)
    elif kind == 3:
        del spot[at]
    elif kind == 4:  # a copy of another object or array of the value
        spot[at] = json.loads(json.dumps(choices.one_of(spots)))
    elif isinstance(spot, list):
        spot.insert(at, json.loads(json.dumps(spot[at])) if kind == 5 else choices.value(words))
    elif kind == 5:
        spot[choices.key(words)] = spot.pop(at)
    else:
        spot[choices.key(words)] = choices.value(words)


def _containers(value: Any) -> list[Any]:
    """Return every object and array in *value*, outer ones first."""
    found = [value] if isinstance(value, dict | list) else []
    for container in found:
        inside = container.values() if isinstance(container, dict) else container
        found += [inner for inner in inside if isinstance(inner, dict | list)]
    return found
