"""Which files a path stands for."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from reqlint.core.paths import absolute, is_folder, rooted
from reqlint.text import compressed

_LINES = (".jsonl", ".ndjson", ".httprr")
_PACKED = tuple(lines + suffix for lines in _LINES for suffix in compressed.SUFFIXES)
SUFFIXES = (".json", *_LINES, ".yaml", ".yml", ".har", *_PACKED)
"""The files judged inside a folder, in any case. Other compressed forms are read only if they are named."""

_SKIPPED_FOLDERS = {"__pycache__", "node_modules", "site-packages"}


class InputFile(NamedTuple):
    """One file to judge."""

    name: str  #: as it was given or found
    named: bool  #: whether it was given by name; False if it was found in a folder


def has_suffix(name: str) -> bool:
    """Return whether a file with this name is judged inside a folder."""
    return name.lower().endswith(SUFFIXES)


def _nothing(_: str) -> bool:
    return False


def find_inputs(
    paths: Iterable[str], excluded: Callable[[str], bool] = _nothing, *, isolated: bool = False
) -> Iterator[InputFile]:
    """
    Yield the files that *paths* stand for, without duplicates.

    A file stands for itself, a folder for what is below it, sorted: first its files, then its folders. ``-`` is
    standard input. A path that does not exist is yielded too, because that it cannot be read is a finding.

    Hidden folders, folders of installed code, and whatever git ignores are not walked; what git tracks it does not
    ignore, whatever matches it.

    Args:
        paths: files and folders.
        excluded: returns whether a file or folder found in a folder is left out.
        isolated: read neither a ``.gitignore`` nor git's index.
    """
    seen: set[str] = set()
    for path in paths:
        for found in _inputs(path, excluded, isolated):
            key = found.name if found.name == "-" else str(rooted(found.name))
            if key not in seen:
                seen.add(key)
                yield found


def _inputs(path: str, excluded: Callable[[str], bool], isolated: bool) -> Iterator[InputFile]:
    if path == "-" or not is_folder(path):
        yield InputFile(path, named=True)
        return
    from reqlint.project import gitignore
    from reqlint.project.git_index import GitIndex
    from reqlint.project.gitignore import is_ignored

    top = absolute(path)
    tracked = not isolated and gitignore.is_in_repository(top)
    patterns = {top: gitignore.patterns_above(top)} if tracked else {}
    index = GitIndex(gitignore.root_of(top) or top)
    ignored_folders: set[str] = set()  # that are walked all the same, for what git tracks in them

    def is_left_out(folder: str, name: str, *, is_folder: bool) -> bool:
        path = f"{folder}{os.sep}{name}"
        if patterns and (folder in ignored_folders or is_ignored(path, patterns[folder], is_folder=is_folder)):
            if not index.tracks(path, is_folder=is_folder):
                return True
            if is_folder:
                ignored_folders.add(path)
        return excluded(os.path.join(walked, name))  # noqa: PTH118 - keeps the name as it was given

    unreadable: list[str] = []
    for walked, folders, files in os.walk(path, onerror=lambda failed: unreadable.append(str(failed.filename))):
        yield from (InputFile(folder, named=False) for folder in unreadable)  # reading it reports why
        unreadable.clear()
        here = absolute(walked)
        if tracked and ".gitignore" in files:
            patterns[here] = gitignore.read_patterns(Path(walked, ".gitignore"), here, patterns[here])
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and name not in _SKIPPED_FOLDERS and not is_left_out(here, name, is_folder=True)
        )
        if tracked:
            patterns.update({f"{here}{os.sep}{name}": patterns[here] for name in folders})
        for name in sorted(files):
            if has_suffix(name) and not is_left_out(here, name, is_folder=False):
                yield InputFile(os.path.join(walked, name), named=False)  # noqa: PTH118 - keeps the name as given
    yield from (InputFile(folder, named=False) for folder in unreadable)
