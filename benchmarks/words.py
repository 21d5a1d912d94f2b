"""Words and sentences from a number: the same bytes on every machine, and other ones for every other number."""

import random
from collections.abc import Sequence
from functools import cache
from typing import TypeVar

_Item = TypeVar("_Item")

_BEGINS = ("b", "br", "c", "d", "dr", "f", "g", "gr", "h", "k", "l", "m", "n", "p", "pl", "r", "s", "st", "t", "v")
_MIDDLES = ("a", "e", "i", "o", "u", "ai", "ea", "ou", "\u00f8", "\u00e5")
_ENDS = ("", "n", "r", "s", "l", "nd", "rt", "st", "m", "k")
_COMMON = ("the", "of", "and", "to", "in", "is", "for", "with", "on", "from")


@cache
def vocabulary() -> tuple[str, ...]:
    """Return some five thousand words; every fourth is a common one, as in any text."""
    dice = random.Random(0)  # noqa: S311 - no secret
    made = set()
    while len(made) < 3750:
        made.add("".join(_syllable(dice) for _ in range(1 + int(dice.random() * 2.5))))
    rare = sorted(made)
    return tuple(word for n, one in enumerate(rare) for word in ((one, _COMMON[n // 3 % 10]) if n % 3 == 0 else (one,)))


def _syllable(dice: random.Random) -> str:
    return "".join(letters[int(dice.random() * len(letters))] for letters in (_BEGINS, _MIDDLES, _ENDS))


class Dice:
    """
    The choices of one request, drawn from its number.

    Only `random.Random.random` is asked, whose numbers are the same in every version of Python.
    """

    def __init__(self, number: int) -> None:
        self._random = random.Random(number).random  # noqa: S311 - no secret

    def below(self, limit: int) -> int:
        """Return a number from 0 up to *limit*, without it."""
        return int(self._random() * limit)

    def one_of(self, items: Sequence[_Item]) -> _Item:
        """Return one of *items*."""
        return items[self.below(len(items))]

    def some_of(self, items: Sequence[_Item], count: int) -> list[_Item]:
        """Return *count* different ones of *items*, in the order that was drawn."""
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in range(count)]

    def word(self) -> str:
        """Return a word of ASCII letters, as a name needs it."""
        while not (word := self.one_of(vocabulary())).isascii():
            pass
        return word

    def text(self, count: int) -> str:
        """Return a sentence of *count* words."""
        words = vocabulary()
        size, draw = len(words), self._random
        said = " ".join([words[int(draw() * size)] for _ in range(count)])
        return said[:1].upper() + said[1:] + "."
