"""
Which texts of a payload read like names that somebody chose: the words of an API, names of tools, ids of calls.

Such a text may be shown where a name stands. What is random is not: a credential without a known form is only told
from a name by its letters, which do not follow each other as in words.
"""

import re
from functools import lru_cache
from itertools import pairwise

from reqlint.display.credentials import mask

LONGEST = 64  # characters
"""The longest name that is shown."""

_NAME = re.compile(r"[#$@_/]{0,3}[A-Za-z][A-Za-z0-9_.:/$#|[\]-]*\Z", re.ASCII)
_RUNS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
"""Letters of one case, the first of them perhaps a capital, or digits."""

_MOST_DIGITS = 10  # as a date and a version have
_SHORT = 4  # characters, too few for a secret
_FREE = 3  # letters of an abbreviation, such as mcp

_FOLLOWING = {
    "a": "abcdefgiklmnpqrstuvwxyz", "b": "abceijlorstuy", "c": "acehiklorstuy", "d": "adegilnoprsuvy",
    "e": "abcdefghijklmnopqrstuvwxyz", "f": "aefilorstuy", "g": "aeghilmnorstuy", "h": "aeiorstuy",
    "i": "abcdefgklmnopqrstuvxz", "j": "aeopsu", "k": "aeilnosuw", "l": "abcdefgiklmnoprstuvwy", "m": "abeilmnopsuy",
    "n": "acdefgijklmnoprstuvy", "o": "abcdefghijklmnoprstuvwxy", "p": "adehiloprstuy", "q": "uw",
    "r": "abcdefgiklmnoprstuvwy", "s": "acdefhiklmnopqrstuwy", "t": "abcdehilmnoprstuwy", "u": "abcdefgilmnoprstux",
    "v": "aeio", "w": "aehinors", "x": "acehiptuy", "y": "aeilmnopstw", "z": "aeiouy",
}  # fmt: skip
"""The letters that often follow each letter in English words and in the names of parameters."""


@lru_cache(maxsize=1024)
def _is_identifier(text: str) -> bool:
    if not _NAME.match(text) or mask(text) != text:
        return False
    runs = list(_RUNS.finditer(text))
    letters = sum(len(run[0]) for run in runs if run[0].isalpha())
    if sum(len(run[0]) for run in runs) - letters > _MOST_DIGITS:
        return False
    joined = {run.start() for run in runs} & {run.end() for run in runs}
    if len(text) > _SHORT and 5 * len(joined) > letters + 2:  # getWeather2 has two; random signs one at every other
        return False
    rare = 0
    for run in runs:
        is_free = len(run[0]) <= _FREE and joined.isdisjoint(run.span())
        rare += 0 if is_free else _rare_pairs(run[0].lower())
    return rare <= letters // 16


def _rare_pairs(letters: str) -> int:
    """Count the letters that rarely come after the one before."""
    return sum(after not in _FOLLOWING.get(letter, after) for letter, after in pairwise(letters))


def is_identifier(text: str) -> bool:
    """Return whether a text reads like a name: ``audio_url``, ``getWeather``, ``#/$defs/City``; no random letters."""
    return 0 < len(text) <= LONGEST and _is_identifier(text)
