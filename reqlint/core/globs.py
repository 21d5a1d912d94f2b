"""File patterns: which paths ``src/**/*.json`` stands for."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

_WILD = re.compile(r"[*?\[]")

_ONE, _STAR, _SPAN, _FOLDERS = "?", "*", "**", "**/"
"""Tokens beside characters and classes: one character of a name, any number of them, any part of a path, folders."""

_WILD_TOKENS = frozenset({_ONE, _STAR, _SPAN, _FOLDERS})

Token = str | re.Pattern[str]


class _PathBits(NamedTuple):
    """A path with slashes as bit sets: bit *n* of each number stands for character *n*."""

    every: int  #: a bit for each character, and one for the end
    slashes: int
    by_character: Mapping[str, int]


@lru_cache(maxsize=64)
def _bits(path: str) -> _PathBits:
    by_character: dict[str, int] = {}
    for number, character in enumerate(path):
        by_character[character] = by_character.get(character, 0) | 1 << number
    return _PathBits((1 << len(path) + 1) - 1, by_character.get("/", 0), by_character)


class Glob(NamedTuple):
    """A compiled file pattern."""

    tokens: Sequence[Token]
    literal: str  #: the longest text in it that matches itself; a path without it does not match


def compile_glob(tokens: Sequence[Token]) -> Glob:
    """Compile the tokens of a pattern."""
    runs = [""]
    for token in tokens:
        if isinstance(token, str) and token not in _WILD_TOKENS:
            runs[-1] += token
        else:
            runs.append("")
    return Glob(tuple(tokens), max(runs, key=len))


def match_ends(glob: Glob, path: str) -> int:
    """
    Return where a match that begins at the start of *path* can end, as a bit set; bit ``len(path)`` is a full match.

    NOTE: compiled to regular expressions, patterns such as ``**/**/**/a`` take exponential time. This follows all
    ways through the path at once, in a few operations on integers for each token, whatever the pattern.
    """
    if glob.literal not in path:
        return 0
    every, slashes, by_character = bits = _bits(path)
    names = every & ~slashes & (every >> 1)
    here = 1
    for token in glob.tokens:
        if token.__class__ is not str:
            here = (here & _bits_of_class(token, bits)) << 1  # type: ignore[arg-type]  # the other kind of token
        elif token == _ONE:
            here = (here & names) << 1
        elif token == _STAR:
            # The addition carries a bit through the run of ones that it is in, to the end of the name.
            here |= (((here & names) + names) ^ names) & every
        elif token == _SPAN:
            here = every & ~((here & -here) - 1) if here else 0
        elif token == _FOLDERS:
            here |= (slashes & ~((here & -here) - 1)) << 1 if here else 0
        else:
            here = (here & by_character.get(token, 0)) << 1
        if not here:
            return 0
    return here


def _bits_of_class(characters: "re.Pattern[str]", path: _PathBits) -> int:
    return sum(bits for each, bits in path.by_character.items() if each != "/" and characters.match(each))


@lru_cache(maxsize=4096)
def _glob(pattern: str) -> Glob:
    """
    Parse a file pattern.

    ``*`` and ``?`` stay within a name, ``**`` spans folders, ``[a-c]`` is one of some characters. A pattern without a
    slash matches that name in every folder.
    """
    pattern = pattern.strip("/") if "/" in pattern.strip("/") or pattern.startswith("/") else f"**/{pattern.strip('/')}"
    tokens: list[Token] = []
    at = 0
    while at < len(pattern):
        if pattern.startswith("**/", at) and (at == 0 or pattern[at - 1] == "/"):
            tokens.append(_FOLDERS)
            at += 3
        elif pattern.startswith("**", at):
            tokens.append(_SPAN)
            at += 2
        elif pattern[at] == "[" and (end := pattern.find("]", at + 2)) > 0 and (one := compile_class(pattern[at:end])):
            tokens.append(one)
            at = end + 1
        else:
            tokens.append(pattern[at] if pattern[at] not in "*?" else {"*": _STAR, "?": _ONE}[pattern[at]])
            at += 1
    return compile_glob(tokens)


def compile_class(written: str) -> "re.Pattern[str] | None":
    """Compile a character class, written ``[!a-c`` without its closing bracket; None if it is not one."""
    inside = written[1:].replace("\\", r"\\").replace("[", r"\[")
    negated = inside.startswith("!")
    try:
        return re.compile(f"[{'^' if negated else ''}{inside[negated:]}]")
    except re.error:
        return None


@lru_cache(maxsize=4096)
def matches_file(pattern: str, file: str) -> bool:
    """Return whether *pattern* matches *file*, a relative path with slashes, or a folder that it is in."""
    ends = match_ends(_glob(pattern), file)
    return bool(ends and ends & (1 << len(file) | _bits(file).slashes))


def fixed_prefix(pattern: str) -> str:
    """Return the folder that every match of *pattern* is below, or the one file that it names; "" for anywhere."""
    if "/" not in pattern.strip("/") and not pattern.startswith("/"):
        return ""
    fixed = []
    for name in pattern.strip("/").split("/"):
        if _WILD.search(name):
            break
        fixed.append(name)
    return "/".join(fixed)
