"""Which known words a written one most likely misspells."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

_LONGEST = 64  # characters of a word for which others are looked for
_CUTOFF = 0.8  # likeness, as `difflib` measures it
_ROUNDING = 1e-6
_SHORTEST, _LONGER = (each + sign * _ROUNDING for each, sign in ((_CUTOFF / (2 - _CUTOFF), -1), (2 / _CUTOFF - 1, 1)))
"""Bounds of the length of a word that can be so like another, as shares of its length."""


def close_words(word: object, known: tuple[str, ...]) -> Sequence[str]:
    """Return up to two known words that *word* may misspell, the likelier first; one alone where it is certain."""
    return _find_close(word, known) if isinstance(word, str) and len(word) <= _LONGEST else ()


def bare(key: str) -> str:
    """Return a key without what spellings differ in."""
    return key.lower().replace("_", "").replace("-", "")


@lru_cache(maxsize=512)
def _find_close(word: str, known: tuple[str, ...]) -> Sequence[str]:
    normalized, candidates = _candidates(known, "_" in word)
    written = bare(word)
    if written in normalized:
        return (normalized[written],)
    near = _near(written, candidates)
    if not near:
        return ()
    from difflib import get_close_matches  # slow to import, and seldom needed

    return [normalized[close] for close in get_close_matches(written, near, n=2, cutoff=_CUTOFF)]


@lru_cache(maxsize=256)
def _candidates(known: tuple[str, ...], has_underscore: bool) -> tuple[Mapping[str, str], Sequence["_Candidate"]]:
    """Return the known words by their bare forms, and each bare form with its letters and length."""
    normalized: dict[str, str] = {}
    for key in known:  # of the two spellings of a key, the one that is more like what is written
        if (form := bare(key)) not in normalized or ("_" in key) is has_underscore:
            normalized[form] = key
    return normalized, [(form, _letters(form), len(form)) for form in normalized]


_Candidate = tuple[str, int, int]


def _letters(word: str) -> int:
    """Return the set of letters in *word*, as bits; different letters may share one."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 63)
    return bits


def _near(word: str, candidates: Sequence["_Candidate"]) -> Sequence[str]:
    """
    Return all candidates that can be as like *word* as wanted, by their lengths and letters.

    NOTE: likeness is twice the number of letters in common, divided by those of both. A letter of one that the other
    does not have is not in common; so most candidates are ruled out without `difflib`, which takes a hundred times as
    long.
    """
    letters, length = 0, len(word)
    least, most = length * _SHORTEST, length * _LONGER
    near = []
    for candidate, its_letters, its_length in candidates:
        if its_length < least or its_length > most:
            continue
        letters = letters or _letters(word)
        common = min(length - (letters & ~its_letters).bit_count(), its_length - (its_letters & ~letters).bit_count())
        if 2 * common >= _CUTOFF * (length + its_length) - _ROUNDING:
            near.append(candidate)
    return near
