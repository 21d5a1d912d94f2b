"""Which known words a written one most likely misspells."""

from collections.abc import Sequence
from functools import lru_cache

_LONGEST = 64  # characters of a word for which others are looked for
_CUTOFF = 0.8  # likeness, as `difflib` measures it
_ROUNDING = 1e-6
_SHORTEST, _LONGER = (each + sign * _ROUNDING for each, sign in ((_CUTOFF / (2 - _CUTOFF), -1), (2 / _CUTOFF - 1, 1)))
"""Bounds of the length of a word that can be so like another, as shares of its length."""

_MOST_KEPT = 512
_LANE = 8  # bits; a count of at most `_LONGEST` fits below the topmost
_TOP = 1 << _LANE - 1


def close_words(word: object, known: tuple[str, ...]) -> Sequence[str]:
    """Return up to two known words that *word* may misspell, the likelier first; one alone where it is certain."""
    return known_words(known).close(word) if isinstance(word, str) else ()


def bare(key: str) -> str:
    """Return a key without what spellings differ in."""
    return key.lower().replace("_", "").replace("-", "")


class _Lanes(dict[str, int]):
    """A number for each letter; 0 for those that no word has."""

    def __missing__(self, letter: str) -> int:
        return 0


_NO_WORDS = dict.fromkeys(map(chr, range(128)), 0)
"""Nearly all letters that are looked up, so that few are missing."""


class KnownWords:
    """
    Words that others are compared with.

    NOTE: likeness is twice the number of letters in common, divided by those of both. A letter that a known word does
    not have is not in common; so most are ruled out without `difflib`, which takes a hundred times as long. They are
    ruled out all at once: a number has eight bits for each, in which it counts the letters of the written word. For the
    few that are left, each letter is counted in both.
    """

    __slots__ = ("_forms", "_having", "_kept", "_known", "_lacking", "_spelt", "_tops")

    def __init__(self, known: Sequence[str]) -> None:
        self._known = known
        self._forms = tuple(dict.fromkeys(map(bare, known)))
        self._having = _Lanes(_NO_WORDS)  # by letter: 1 in the lanes of the words that have it
        for number, form in enumerate(self._forms):
            for letter in set(form):
                self._having[letter] |= 1 << _LANE * number
        self._tops = sum(_TOP << _LANE * number for number in range(len(self._forms)))
        self._lacking: dict[int, int] = {}  # by the length of a written word: what makes the wanted counts reach a top
        self._spelt: dict[bool, dict[str, str]] = {}  # words by their bare forms
        self._kept: dict[str, Sequence[str]] = {}

    def close(self, word: str) -> Sequence[str]:
        """Return up to two words that *word* may misspell, the likelier first; one alone where it is certain."""
        if len(word) > _LONGEST:
            return ()
        found = self._kept.get(word)
        if found is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            found = self._kept[word] = self._find(word)
        return found

    def _find(self, word: str) -> Sequence[str]:
        has_underscore = "_" in word
        spelt = self._spelt.get(has_underscore)
        if spelt is None:
            spelt = self._spelt[has_underscore] = self._spelling(has_underscore)
        written = bare(word)
        if written in spelt:
            return (spelt[written],)
        near = self._near(written)
        if not near:
            return ()
        from difflib import get_close_matches  # slow to import, and seldom needed

        return [spelt[close] for close in get_close_matches(written, near, n=2, cutoff=_CUTOFF)]

    def _spelling(self, has_underscore: bool) -> dict[str, str]:
        """Return the words by their bare forms; of two spellings, the one that is more like what is written."""
        spelt: dict[str, str] = {}
        for key in self._known:
            if (form := bare(key)) not in spelt or ("_" in key) is has_underscore:
                spelt[form] = key
        return spelt

    def _near(self, word: str) -> Sequence[str]:
        """Return all bare forms that can be as like *word* as wanted, by their lengths and letters."""
        lacking = self._lacking.get(len(word))
        if lacking is None:
            lacking = self._lacking[len(word)] = self._lacking_for(len(word))
        left = sum(map(self._having.__getitem__, word), lacking) & self._tops
        near = []
        while left:
            lowest = left & -left
            form = self._forms[lowest.bit_length() // _LANE - 1]
            common = sum([min(word.count(letter), form.count(letter)) for letter in set(word)])
            if 2 * common >= (_CUTOFF - _ROUNDING) * (len(word) + len(form)):
                near.append(form)
            left ^= lowest
        return near

    def _lacking_for(self, length: int) -> int:
        lacking = 0
        for number, form in enumerate(self._forms):
            if length * _SHORTEST <= len(form) <= length * _LONGER:
                wanted = -int((_ROUNDING - _CUTOFF * (length + len(form))) // 2)  # rounded up
                lacking |= max(0, _TOP - wanted) << _LANE * number
        return lacking


known_words = lru_cache(maxsize=256)(KnownWords)
"""Return the words of a tuple, prepared once."""
