"""Patterns that stand for many files or for many places in a document."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from reqlint.pointer import Place

_WILD = re.compile(r"[*?\[]")


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> "re.Pattern[str]":
    """
    Write a file pattern as a regular expression that also takes whatever is below a folder that the pattern takes.

    ``*`` and ``?`` stay within a name, ``**`` spans folders, ``[a-c]`` is one of some characters. A pattern without a
    slash stands for that name in every folder.
    """
    pattern = pattern.strip("/") if "/" in pattern.strip("/") or pattern.startswith("/") else f"**/{pattern.strip('/')}"
    written, at = "", 0
    while at < len(pattern):
        if pattern.startswith("**/", at) and (at == 0 or pattern[at - 1] == "/"):
            written, at = written + "(?:.*/)?", at + 3
        elif pattern.startswith("**", at):
            written, at = written + ".*", at + 2
        elif pattern[at] == "[" and (end := pattern.find("]", at + 2)) > 0:
            written += _class(pattern[at + 1 : end])
            at = end + 1
        else:
            written += {"*": "[^/]*", "?": "[^/]"}.get(pattern[at], re.escape(pattern[at]))
            at += 1
    return re.compile(f"(?s:{written})(?:/.*)?\\Z")


def _class(inside: str) -> str:
    """Write what stands in brackets as a regular expression; a range whose end comes first has nothing in it."""
    negated, at, taken = inside[0] in "!^", 0, ""
    inside = inside[negated:]
    while at < len(inside):
        if inside[at + 1 : at + 2] == "-" and at + 2 < len(inside):
            first, last, at = inside[at], inside[at + 2], at + 3
            taken += f"{re.escape(first)}-{re.escape(last)}" if first <= last else ""
        else:
            taken, at = taken + re.escape(inside[at]), at + 1
    if not taken:
        return "[^/]" if negated else "(?!)"
    return f"(?!/)[{'^' * negated}{taken}]"


def takes_file(pattern: str, file: str) -> bool:
    """Tell whether *pattern* stands for *file*, a relative path with slashes, or for a folder that it is in."""
    return _compiled(pattern).match(file) is not None


def stem_of(pattern: str) -> str:
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


def takes_pointer(pattern: str, pointer: str) -> bool:
    """
    Tell whether *pattern* stands for the place that *pointer* leads to, or for one that it is inside.

    Both are JSON Pointers (RFC 6901); in the pattern ``*`` is any one step and ``**`` any number of steps.
    """
    return _takes(_steps(pattern), _steps(pointer))


def _takes(pattern: Sequence[str], steps: Sequence[str]) -> bool:
    if not pattern:
        return True
    if pattern[0] == "**":
        return any(_takes(pattern[1:], steps[i:]) for i in range(len(steps) + 1))
    return bool(steps) and pattern[0] in ("*", steps[0]) and _takes(pattern[1:], steps[1:])


def places_of(pattern: str, root: object) -> Iterator[tuple[Place, object]]:
    """Find every place in *root* that *pattern* stands for, with its value, in the order of the document."""
    yield from _found(_steps(pattern), root, ())


def _found(pattern: Sequence[str], value: object, place: Place) -> Iterator[tuple[Place, object]]:
    if not pattern:
        yield place, value
        return
    step, rest = pattern[0], pattern[1:]
    inside: list[tuple[str | int, object]] = []
    if isinstance(value, Mapping):
        inside = [(key, member) for key, member in value.items() if step in ("*", "**", key)]
    elif isinstance(value, list):
        inside = [(i, member) for i, member in enumerate(value) if step in ("*", "**") or step == str(i)]
    if step == "**":
        yield from _found(rest, value, place)
        rest = pattern
    for at, member in inside:
        yield from _found(rest, member, (*place, at))
