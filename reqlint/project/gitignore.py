"""Which files of a working tree git leaves out, as ``.gitignore`` says it; works where no git is installed."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from reqlint.core.errors import BadData
from reqlint.core.globs import Glob, Token, compile_glob, match_ends
from reqlint.text.trusted_files import MEGABYTE, display_path, read_limited


class Pattern(NamedTuple):
    """One line of a ``.gitignore``."""

    folder: str  #: that the file is in
    taken: Glob  #: of paths from there, with slashes
    folders_only: bool
    again: bool  #: whether it takes back in what another left out


_MOST_PATTERNS = 10_000
_LONGEST = 4096  # characters; no path has more


def patterns(file: Path, folder: str, before: Sequence[Pattern] = ()) -> list[Pattern]:
    """
    Give the patterns *before* and those of a file, which speak of what is below *folder*.

    A file that cannot be read has none, and neither has a link, which git does not follow either.

    Raises:
        BadData: it has more than anybody writes.
    """
    found = list(before)
    try:
        text = "" if file.is_symlink() else read_limited(file, MEGABYTE).decode("utf-8", "surrogateescape")
    except OSError:
        return found
    if len(text) <= MEGABYTE:
        found += (pattern for line in text.splitlines() if (pattern := _pattern(line, folder)))
    if len(text) > MEGABYTE or len(found) > _MOST_PATTERNS:
        raise BadData(display_path(file), "", f"comes to more than {_MOST_PATTERNS:,} patterns")
    return found


def around(folder: str) -> list[Pattern]:
    """Give the patterns that the repository around *folder* has for it, without those in it; none outside of one."""
    here = os.path.abspath(folder)  # noqa: PTH100 - whatever is a link stays one
    above = [here]
    while not os.path.exists(os.path.join(above[-1], ".git")):  # noqa: PTH110, PTH118
        parent = os.path.dirname(above[-1])  # noqa: PTH120
        if parent == above[-1]:
            return []
        above.append(parent)
    found = patterns(Path(above[-1], ".git", "info", "exclude"), above[-1])
    for each in reversed(above[1:]):
        found = patterns(Path(each, ".gitignore"), each, found)
    return found


def is_in_repository(folder: str) -> bool:
    """Tell whether a folder is in a working tree of git."""
    here = Path(os.path.abspath(folder))  # noqa: PTH100 - as above
    return any((each / ".git").exists() for each in (here, *here.parents))


def is_ignored(path: str, known: Sequence[Pattern], *, is_folder: bool) -> bool:
    """Tell whether *path*, an absolute one, is left out: the last pattern that takes it decides."""
    for pattern in reversed(known):
        if is_folder or not pattern.folders_only:
            inside = path[len(pattern.folder) :].lstrip(os.sep).replace(os.sep, "/")
            if match_ends(pattern.taken, inside) >> len(inside):
                return not pattern.again
    return False


_PIECE = re.compile(r"\\.|\*+|\?|\[[!^]?\]?(?:\\.|\[:\w+:\]|[^\]\\])*+\]|.", re.S)


def _pattern(line: str, folder: str) -> Pattern | None:
    text = line.rstrip("\r\n")
    kept = text.rstrip(" \t")
    text = text[: len(kept) + 1] if kept.endswith("\\") else kept  # a blank behind a backslash is part of the name
    if not text or text.startswith("#") or len(text) > _LONGEST:
        return None
    again = text.startswith("!")
    text = text[1:] if again else text
    folders_only = text.endswith("/")
    text = text.rstrip("/") if folders_only else text
    anywhere = "/" not in text
    text = text.removeprefix("/")
    tokens: list[Token] = ["**/"] if anywhere else []
    at = 0
    while at < len(text):
        if text.startswith("**/", at) and (at == 0 or text[at - 1] == "/"):
            tokens.append("**/")
            at += 3
            continue
        if text[at:] == "**" and (at == 0 or text[at - 1] == "/"):
            tokens += ["?", "**"]  # at least something
            break
        match = _PIECE.match(text, at)
        piece = match[0] if match else text[at]
        token = _token(piece)
        if token is None:  # a class that git does not take either
            return None
        tokens.append(token)
        at += len(piece)
    return Pattern(folder, compile_glob(tokens), folders_only, again)


def _token(piece: str) -> Token | None:
    if piece.startswith("*"):
        return "*"
    if piece.startswith("\\"):
        return _itself(piece[1:])
    if piece.startswith("[") and len(piece) > 2:
        inside = re.sub(r"\[:(\w+):\]", lambda named: _CLASSES.get(named[1], ""), piece[1:-1])
        negated = inside[:1] in "!^"
        inside = (inside[1:] if negated else inside).replace("[", r"\[")
        inside = rf"\]{inside[1:]}" if inside.startswith("]") else inside
        try:
            return re.compile(f"[{'^' if negated else ''}{inside}]")
        except re.error:
            return None
    return piece if piece == "?" else _itself(piece)


def _itself(character: str) -> Token | None:
    """Give the token of a character that means itself, be it one that would mean more."""
    return re.compile(re.escape(character)) if character in "?*" else character or None


_CLASSES = {"alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "lower": "a-z", "upper": "A-Z", "space": r"\s"}
