"""Which files a path stands for."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from reqlint.text import compressed

_LINES = (".jsonl", ".ndjson")
_PACKED = tuple(lines + suffix for lines in _LINES for suffix in compressed.SUFFIXES)
SUFFIXES = (".json", *_LINES, ".yaml", ".yml", ".har", *_PACKED)
"""What is looked at inside a folder. Other forms are read compressed when they are named; few are fixtures."""

_NEVER = {"__pycache__", "node_modules", "site-packages"}


class Input(NamedTuple):
    """One file to judge."""

    name: str  #: as it was given or found
    named: bool  #: given itself, rather than found in a folder


def _nothing(_: str) -> bool:
    return False


def find_inputs(
    paths: Iterable[str], excluded: Callable[[str], bool] = _nothing, *, isolated: bool = False
) -> Iterator[Input]:
    """
    Give the files that *paths* stand for, each once.

    A file stands for itself, a folder for what is below it, sorted: its files, then its folders.

    Hidden folders, those that hold installed code, what git ignores, and what is *excluded*, files and folders, are
    not walked; *isolated* asks no ``.gitignore``. ``-`` is standard input. A path that does not exist is given too:
    that it cannot be read is a finding.
    """
    seen: set[str] = set()
    for path in paths:
        for found in _inputs(path, excluded, isolated):
            key = found.name if found.name == "-" else str(Path(found.name).absolute())
            if key not in seen:
                seen.add(key)
                yield found


def _inputs(path: str, excluded: Callable[[str], bool], isolated: bool) -> Iterator[Input]:
    if path == "-" or not Path(path).is_dir():
        yield Input(path, named=True)
        return
    from reqlint.project import gitignore

    top = os.path.abspath(path)  # noqa: PTH100 - a link stays one
    tracked = not isolated and gitignore.is_in_repository(top)
    patterns = {top: gitignore.around(top)} if tracked else {}

    def left_out(folder: str, name: str, *, is_folder: bool) -> bool:
        if patterns and gitignore.is_ignored(f"{folder}{os.sep}{name}", patterns[folder], is_folder=is_folder):
            return True
        return excluded(os.path.join(walked, name))  # noqa: PTH118 - keeps the name as it was given

    closed: list[str] = []
    for walked, folders, files in os.walk(path, onerror=lambda failed: closed.append(str(failed.filename))):
        yield from (Input(folder, named=False) for folder in closed)  # what cannot be looked into is told by its reader
        closed.clear()
        here = os.path.abspath(walked)  # noqa: PTH100 - as above
        if tracked and ".gitignore" in files:
            patterns[here] = gitignore.patterns(Path(walked, ".gitignore"), here, patterns[here])
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and name not in _NEVER and not left_out(here, name, is_folder=True)
        )
        if tracked:
            patterns.update({f"{here}{os.sep}{name}": patterns[here] for name in folders})
        for name in sorted(files):
            if name.endswith(SUFFIXES) and not left_out(here, name, is_folder=False):
                yield Input(os.path.join(walked, name), named=False)  # noqa: PTH118 - keeps the name as it was given
    yield from (Input(folder, named=False) for folder in closed)
