"""Patterns that stand for many files or for many places in a document."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from reqlint.core.pointer import Place

_WILD = re.compile(r"[*?\[]")

_ONE, _STAR, _SPAN, _FOLDERS = "?", "*", "**", "**/"
"""Tokens of a file pattern beside characters and classes: one character of a name, any number, and any of a path."""

_WORDS = frozenset({_ONE, _STAR, _SPAN, _FOLDERS})

Token = str | re.Pattern[str]


class _Path(NamedTuple):
    """A path with slashes, by what stands where: bit *n* of a number speaks of its character *n*."""

    whole: int  #: a bit for each character, and one for the end
    slashes: int
    at: Mapping[str, int]  #: by character


@lru_cache(maxsize=64)
def _path(written: str) -> _Path:
    at: dict[str, int] = {}
    for number, character in enumerate(written):
        at[character] = at.get(character, 0) | 1 << number
    return _Path((1 << len(written) + 1) - 1, at.get("/", 0), at)


class Glob(NamedTuple):
    """A file pattern, taken apart."""

    tokens: Sequence[Token]
    literal: str  #: the longest text in it that stands for itself, by which most paths are told at once


def compile_glob(tokens: Sequence[Token]) -> Glob:
    """Give the pattern of some tokens."""
    runs = [""]
    for token in tokens:
        if isinstance(token, str) and token not in _WORDS:
            runs[-1] += token
        else:
            runs.append("")
    return Glob(tuple(tokens), max(runs, key=len))


def match_ends(glob: Glob, written: str) -> int:
    """
    Give the places in a path up to which a pattern takes it from its start, as bits; the highest is its end.

    NOTE: as regular expressions, patterns such as ``**/**/**/a`` take exponential time. All ways through a path are
    followed at once here, which takes a few operations on whole numbers for each token, whatever the pattern.
    """
    if glob.literal not in written:
        return 0
    whole, slashes, at = path = _path(written)
    names = whole & ~slashes & (whole >> 1)
    here = 1
    for token in glob.tokens:
        if token.__class__ is not str:
            here = (here & _of_class(token, path)) << 1  # type: ignore[arg-type]  # the other kind of token
        elif token == _ONE:
            here = (here & names) << 1
        elif token == _STAR:
            # Adding carries a bit through the run of ones that it stands in, to the end of the name.
            here |= (((here & names) + names) ^ names) & whole
        elif token == _SPAN:
            here = whole & ~((here & -here) - 1) if here else 0
        elif token == _FOLDERS:
            here |= (slashes & ~((here & -here) - 1)) << 1 if here else 0
        else:
            here = (here & at.get(token, 0)) << 1
        if not here:
            return 0
    return here


def _of_class(wanted: "re.Pattern[str]", path: _Path) -> int:
    return sum(bits for character, bits in path.at.items() if character != "/" and wanted.match(character))


@lru_cache(maxsize=4096)
def _glob(pattern: str) -> Glob:
    """
    Take a file pattern apart.

    ``*`` and ``?`` stay within a name, ``**`` spans folders, ``[a-c]`` is one of some characters. A pattern without a
    slash stands for that name in every folder.
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
    """Give what takes the characters of a class, ``[!a-c`` without its end; None where it is none."""
    inside = written[1:].replace("\\", r"\\").replace("[", r"\[")
    negated = inside.startswith("!")
    try:
        return re.compile(f"[{'^' if negated else ''}{inside[negated:]}]")
    except re.error:
        return None


@lru_cache(maxsize=4096)
def matches_file(pattern: str, file: str) -> bool:
    """Tell whether *pattern* stands for *file*, a relative path with slashes, or for a folder that it is in."""
    met = match_ends(_glob(pattern), file)
    return bool(met and met & (1 << len(file) | _path(file).slashes))


def fixed_prefix(pattern: str) -> str:
    """Give the folder that everything *pattern* stands for is below, or the one file it names; "" for anywhere."""
    if "/" not in pattern.strip("/") and not pattern.startswith("/"):
        return ""
    sure = []
    for name in pattern.strip("/").split("/"):
        if _WILD.search(name):
            break
        sure.append(name)
    return "/".join(sure)


@lru_cache(maxsize=256)
def _steps(pattern: str) -> tuple[str, ...]:
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pattern.split("/")[1:])


def matches_pointer(pattern: str, pointer: str) -> bool:
    """
    Tell whether *pattern* stands for the place that *pointer* leads to, or for one that it is inside.

    Both are JSON Pointers (RFC 6901); in the pattern ``*`` is any one step and ``**`` any number of steps.
    """
    return _takes(_steps(pattern), _steps(pointer))


def _takes(pattern: Sequence[str], steps: Sequence[str]) -> bool:
    reached = _after(pattern, {0})
    for step in steps:
        if len(pattern) in reached:
            return True
        reached = _stepped(pattern, reached, step)
    return len(pattern) in reached


def _after(pattern: Sequence[str], reached: set[int]) -> set[int]:
    """Add where a pattern can go on without a step: behind a ``**``."""
    pending = [at for at in reached if at < len(pattern) and pattern[at] == "**"]
    while pending:
        behind = pending.pop() + 1
        if behind not in reached:
            reached.add(behind)
            if behind < len(pattern) and pattern[behind] == "**":
                pending.append(behind)
    return reached


def _stepped(pattern: Sequence[str], reached: Iterable[int], step: str) -> set[int]:
    """Give the parts of a pattern that can come next, once one of those that are *reached* has taken a step."""
    taken = {
        at if pattern[at] == "**" else at + 1
        for at in reached
        if at < len(pattern) and pattern[at] in ("*", "**", step)
    }
    return _after(pattern, taken)


def find_places(pattern: str, root: object) -> Iterator[tuple[Place, object]]:
    """Find every place in *root* that *pattern* stands for, with its value, each once, in the order of the document."""
    steps = _steps(pattern)
    # All ways through the pattern are followed at once: one by one they are more than anybody can wait for.
    pending: list[tuple[Place, object, set[int]]] = [((), root, _after(steps, {0}))]
    while pending:
        place, value, reached = pending.pop()
        if len(steps) in reached:
            yield place, value
        inside: Iterable[tuple[str | int, object]] = ()
        if isinstance(value, Mapping):
            inside = value.items()
        elif isinstance(value, list):
            inside = enumerate(value)
        further = [
            ((*place, at), member, after) for at, member in inside if (after := _stepped(steps, reached, str(at)))
        ]
        pending += reversed(further)
