"""Which files of a working tree git leaves out, as ``.gitignore`` says it; works where no git is installed."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Pattern(NamedTuple):
    """One line of a ``.gitignore``."""

    folder: str  #: that the file is in
    taken: "re.Pattern[str]"  #: of paths from there, with slashes
    folders_only: bool
    again: bool  #: whether it takes back in what another left out


def patterns(file: Path, folder: str) -> list[Pattern]:
    """Read the patterns of a file, which speak of what is below *folder*; none if it cannot be read."""
    try:
        lines = file.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return []
    return [pattern for line in lines if (pattern := _pattern(line, folder))]


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
        found += patterns(Path(each, ".gitignore"), each)
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
            if pattern.taken.match(inside):
                return not pattern.again
    return False


_PIECE = re.compile(r"\\.|\*+|\?|\[[!^]?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]|.", re.S)


def _pattern(line: str, folder: str) -> Pattern | None:
    text = re.sub(r"(?<!\\)[ \t]+\Z", "", line.rstrip("\r\n"))
    if not text or text.startswith("#"):
        return None
    again = text.startswith("!")
    text = text[1:] if again else text
    folders_only = text.endswith("/")
    text = text.rstrip("/") if folders_only else text
    anywhere = "/" not in text
    text = text.removeprefix("/")
    written = "(?:.*/)?" if anywhere else ""
    at = 0
    while at < len(text):
        if text.startswith("**/", at) and (at == 0 or text[at - 1] == "/"):
            written, at = written + "(?:.*/)?", at + 3
            continue
        if text[at:] == "**" and (at == 0 or text[at - 1] == "/"):
            written, at = written + ".+", at + 2
            continue
        match = _PIECE.match(text, at)
        piece = match[0] if match else text[at]
        written += _written(piece)
        at += len(piece)
    try:
        return Pattern(folder, re.compile(f"(?s:{written})\\Z"), folders_only, again)
    except re.error:  # a class that git does not take either
        return None


def _written(piece: str) -> str:
    if piece.startswith("*"):
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    if piece.startswith("\\"):
        return re.escape(piece[1:])
    if piece.startswith("[") and len(piece) > 2:
        inside = re.sub(r"\[:(\w+):\]", lambda named: _CLASSES.get(named[1], ""), piece[1:-1])
        negated = inside[:1] in "!^"
        inside = (inside[1:] if negated else inside).replace("[", r"\[")
        inside = rf"\]{inside[1:]}" if inside.startswith("]") else inside
        return f"(?!/)[{'^' if negated else ''}{inside}]"
    return re.escape(piece)


_CLASSES = {"alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "lower": "a-z", "upper": "A-Z", "space": r"\s"}
