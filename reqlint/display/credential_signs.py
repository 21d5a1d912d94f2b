"""
Whether a text may hold a credential at all, seen at once; nearly every text that a report shows has none.

Looking for the beginnings of all forms takes each of them at each character. This looks only at the signs and capitals
that beginnings have and words have not, and from there at what stands around.
"""

import re
from collections.abc import Iterable

_RARE = "-_./~:"
_BEFORE = 3  # characters before a sign that are compared


def pattern_of_signs(beginnings: Iterable[str], others: Iterable[str]) -> re.Pattern[str]:
    """
    Return a pattern that is found in every text with one of *beginnings*, and in few others.

    It is found as well where one of *others* is: patterns of one width each, which end with a rare character.
    """
    at_sign: dict[str, list[tuple[str, str]]] = {}  # what stands before and behind each sign
    for word in beginnings:
        at = _place_of_sign(word)
        at_sign.setdefault(word[at], []).append((word[max(0, at - _BEFORE) : at], word[at + 1 :]))
    patterns = {sign: _around(sign, sorted(set(pairs))) for sign, pairs in at_sign.items()}
    for pattern in others:
        patterns.setdefault(pattern[-1], []).append(f"(?<={pattern})")
    # NOTE: each branch begins with a literal, so that `re` skips all characters that are no sign.
    return re.compile("|".join(f"{re.escape(sign)}(?:{'|'.join(each)})" for sign, each in patterns.items()), re.ASCII)


def _place_of_sign(word: str) -> int:
    """Return where in *word* the character stands that is rarest in other words."""
    signs = [at for at, letter in enumerate(word) if letter in _RARE]
    others = [at for at, letter in enumerate(word) if not ("a" <= letter <= "z" or letter == " ")]
    return max(signs) if signs else others[0] if others else 0


def _around(sign: str, pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Return patterns of what stands around *sign*: one for all that has nothing behind it and is equally long."""
    by_width: dict[int, list[str]] = {}
    patterns = []
    for before, behind in pairs:
        if behind or not before:
            look = f"(?<={re.escape(before + sign)})" if before else ""
            patterns.append(look + re.escape(behind))
        else:
            by_width.setdefault(len(before), []).append(re.escape(before))
    alike = [f"(?<=(?:{'|'.join(words)}){re.escape(sign)})" for words in by_width.values()]
    return [*alike, *patterns]
