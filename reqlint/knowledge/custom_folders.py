"""Reading the folders of rules and profiles that a project adds; `reqlint.knowledge.custom` checks their content."""

import os
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from reqlint.core.errors import BadData
from reqlint.text.trusted_files import display_path, file_size, is_within
from reqlint.text.trusted_json import load_json
from reqlint.text.trusted_yaml import load_yaml


class CustomFolders(NamedTuple):
    """The folders that a project adds; `reqlint.knowledge.custom.load_custom` returns them once they are checked."""

    rules: tuple[str, ...] = ()  #: each holds ``<id>.yaml`` or ``<subject>/<id>.yaml``
    profiles: tuple[str, ...] = ()  #: each holds ``<name>/profile.yaml`` and what goes beside it


NO_CUSTOM = CustomFolders()


class CustomContents(NamedTuple):
    """The parsed files of the added folders."""

    rules: Mapping[Path, dict[str, Any]]
    profiles: Mapping[str, Mapping[str, Any]]  #: by folder name: its files by `PROFILE_FILES`, and ``folder``


_MOST_FILES = 1000
_MOST_CHARACTERS = 4 << 20


@cache
def read_custom(own: CustomFolders) -> CustomContents:
    """
    Read the files of the added folders, each once.

    Raises:
        BadData: a file cannot be read, or the folders hold more than any project needs.
    """
    rules: dict[Path, dict[str, Any]] = {}
    profiles: dict[str, Mapping[str, Any]] = {}
    count = size = 0

    def counted(path: Path, folder: Path) -> Path:
        nonlocal count, size
        count, size = count + 1, size + file_size(path)
        if count > _MOST_FILES or size > _MOST_CHARACTERS:
            raise BadData(
                display_path(folder), "", f"holds more than {_MOST_FILES:,} files or {_MOST_CHARACTERS >> 20} MB"
            )
        return path

    for top in map(Path, own.rules):
        for path in _yaml_files(top, counted):
            rules[path] = load_yaml(path, top)
    for top in map(Path, own.profiles):
        for folder in _subfolders(top):
            if not os.path.lexists(folder / "profile.yaml"):
                continue
            if folder.name in profiles:
                other = display_path(profiles[folder.name]["folder"])
                raise BadData(display_path(folder), "", f"{other} is a profile of this name as well")
            profiles[folder.name] = {
                "folder": folder,
                **{
                    key: load(counted(folder / name, top), top)
                    for key, name, load in PROFILE_FILES
                    if os.path.lexists(folder / name)
                },
            }
    return CustomContents(rules, profiles)


PROFILE_FILES: tuple[tuple[str, str, Callable[[Path, Path], dict[str, Any]]], ...] = (
    ("profile", "profile.yaml", load_yaml),
    ("delta", "delta.yaml", load_yaml),
    ("schema", "request.json", load_json),
    ("evidence", "evidence.yaml", load_yaml),
)


def _yaml_files(top: Path, counted: Callable[[Path, Path], Path]) -> list[Path]:
    """Return the ``*.yaml`` files of a folder and of its subfolders, sorted."""
    files = [
        counted(Path(entry.path), top)
        for folder in (top, *_subfolders(top))
        for entry in _entries(folder)
        if entry.name.endswith(".yaml")
    ]
    return sorted(files)


def _subfolders(top: Path) -> list[Path]:
    """Return the folders in a folder, sorted, without links that lead out of it."""
    return sorted(path for entry in _entries(top) if (path := Path(entry.path)).is_dir() and is_within(path, top))


def _entries(folder: Path) -> Iterator["os.DirEntry[str]"]:
    """Yield the entries of a folder that are not hidden."""
    try:
        with os.scandir(folder) as entries:
            yield from (entry for entry in entries if not entry.name.startswith("."))
    except OSError as unreadable:
        raise BadData(display_path(folder), "", f"cannot be read: {(unreadable.strerror or '').lower()}") from None
