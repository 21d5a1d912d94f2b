"""
Which files of a working tree git ignores; works without git.

NOTE: pathspec, which reads the same files, matches with backtracking regular expressions: ``*a*a*a*a*a*ab`` against a
name of 100 characters takes it 15 s, and a repository's ``.gitignore`` is an attacker's (docs/security.md). Here it
takes 0.02 ms. docs/dependencies.md has the figures.
"""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from reqlint.core.errors import BadData
from reqlint.core.globs import Glob, Token, compile_glob, match_ends
from reqlint.core.paths import absolute
from reqlint.text.trusted_files import MEGABYTE, display_path, read_limited


class IgnorePattern(NamedTuple):
    """One line of a ``.gitignore``."""

    folder: str  #: of the file
    glob: Glob  #: matches paths relative to that folder, with slashes
    folders_only: bool
    negated: bool  #: whether it includes again what an earlier pattern ignores


_MOST_PATTERNS = 10_000
_LONGEST = 4096  # characters; no path has more


def read_patterns(file: Path, folder: str, before: Sequence[IgnorePattern] = ()) -> list[IgnorePattern]:
    """
    Return the patterns *before*, and those of *file*, which apply below *folder*.

    A file that cannot be read has no patterns; neither has a link, which git does not follow.

    Raises:
        BadData: the file is larger than any that people write.
    """
    found = list(before)
    try:
        text = "" if file.is_symlink() else read_limited(file, MEGABYTE).decode("utf-8", "surrogateescape")
    except OSError:
        return found
    if len(text) <= MEGABYTE:
        found += (pattern for line in text.splitlines() if (pattern := parse_pattern(line, folder)))
    if len(text) > MEGABYTE or len(found) > _MOST_PATTERNS:
        raise BadData(display_path(file), "", f"comes to more than {_MOST_PATTERNS:,} patterns")
    return found


def patterns_above(folder: str) -> list[IgnorePattern]:
    """Return the patterns that apply to *folder* from above it in its repository; none outside of a repository."""
    here = absolute(folder)
    above = [here]
    while not os.path.exists(os.path.join(above[-1], ".git")):  # noqa: PTH110, PTH118
        parent = os.path.dirname(above[-1])  # noqa: PTH120
        if parent == above[-1]:
            return []
        above.append(parent)
    found = read_patterns(Path(above[-1], ".git", "info", "exclude"), above[-1])
    for each in reversed(above[1:]):
        found = read_patterns(Path(each, ".gitignore"), each, found)
    return found


def is_in_repository(folder: str) -> bool:
    """Return whether a folder is in a working tree of git."""
    return root_of(folder) is not None


def root_of(folder: str) -> str | None:
    """Return the top folder of the working tree of git that *folder* is in; None if it is in none."""
    here = Path(absolute(folder))
    tops = (each for each in (here, *here.parents) if os.path.exists(each / ".git"))  # noqa: PTH110 - never raises
    return next(map(str, tops), None)


def is_ignored(path: str, patterns: Sequence[IgnorePattern], *, is_folder: bool) -> bool:
    """Return whether the last of *patterns* that matches *path*, an absolute one, ignores it."""
    for pattern in reversed(patterns):
        if is_folder or not pattern.folders_only:
            inside = path[len(pattern.folder) :].lstrip(os.sep).replace(os.sep, "/")
            if match_ends(pattern.glob, inside) >> len(inside):
                return not pattern.negated
    return False


_PIECE = re.compile(r"\\.|\*+|\?|\[[!^]?\]?(?:\\.|\[:\w+:\]|[^\]\\])*+\]|.", re.S)


def parse_pattern(line: str, folder: str) -> IgnorePattern | None:
    """Return the pattern of a line in a ``.gitignore`` in *folder*; None for comments and what git discards."""
    text = line.rstrip("\r\n")
    stripped = text.rstrip(" \t")
    text = text[: len(stripped) + 1] if stripped.endswith("\\") else stripped  # an escaped blank is part of the name
    if not text or text.startswith("#") or len(text) > _LONGEST:
        return None
    negated = text.startswith("!")
    text = text[1:] if negated else text
    folders_only = text.endswith("/")
    text = text.rstrip("/") if folders_only else text
    in_any_folder = "/" not in text
    text = text.removeprefix("/")
    tokens: list[Token] = ["**/"] if in_any_folder else []
    at = 0
    while at < len(text):
        if text.startswith("**/", at) and (at == 0 or text[at - 1] == "/"):
            tokens.append("**/")
            at += 3
            continue
        if text[at:] == "**" and (at == 0 or text[at - 1] == "/"):
            tokens += ["?", "**"]  # at least one character
            break
        match = _PIECE.match(text, at)
        piece = match[0] if match else text[at]
        token = _token(piece)
        if token is None:  # a class that git discards too
            return None
        tokens.append(token)
        at += len(piece)
    return IgnorePattern(folder, compile_glob(tokens), folders_only, negated)


def _token(piece: str) -> Token | None:
    """Return the token of one piece of a pattern; None if its character class is invalid."""
    if piece.startswith("*"):
        return "*"
    if piece.startswith("\\"):
        return _literal(piece[1:])
    if piece.startswith("[") and len(piece) > 2:
        inside = re.sub(r"\[:(\w+):\]", lambda name: _CLASSES.get(name[1], ""), piece[1:-1])
        negated = inside[:1] in "!^"
        inside = (inside[1:] if negated else inside).replace("[", r"\[")
        inside = rf"\]{inside[1:]}" if inside.startswith("]") else inside
        try:
            return re.compile(f"[{'^' if negated else ''}{inside}]")
        except re.error:
            return None
    return piece if piece == "?" else _literal(piece)


def _literal(character: str) -> Token | None:
    """Return the token that matches just this character; None for an empty string."""
    return re.compile(re.escape(character)) if character in "?*" else character or None


_CLASSES = {"alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "lower": "a-z", "upper": "A-Z", "space": r"\s"}
