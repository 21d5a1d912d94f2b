"""Reading the folders of rules and profiles that a project adds; `reqlint.knowledge.custom` checks their content."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from reqlint.core.errors import BadData
from reqlint.text.trusted_files import MEGABYTE, display_path, file_size, is_within, read_text_file
from reqlint.text.trusted_json import parse_json
from reqlint.text.trusted_yaml import parse_yaml


class CustomFolders(NamedTuple):
    """The folders that a project adds."""

    rules: tuple[str, ...] = ()  #: each holds ``<id>.yaml`` or ``<subject>/<id>.yaml``
    profiles: tuple[str, ...] = ()  #: each holds ``<name>/profile.yaml``, and beside it other `PROFILE_FILES`


class CustomFile(NamedTuple):
    """A file of the added folders, as it was read."""

    path: Path
    kind: str  #: ``rule``, or a key of `PROFILE_FILES`
    text: str


class CustomContents(NamedTuple):
    """The parsed files of the added folders."""

    folders: CustomFolders
    rules: Mapping[Path, dict[str, Any]]
    profiles: Mapping[str, Mapping[str, Any]]  #: by folder name: ``folder``, and its `PROFILE_FILES` by key


NOTHING_CUSTOM = CustomContents(CustomFolders(), {}, {})

PROFILE_FILES: Mapping[str, tuple[str, int, Callable[[str, Path], dict[str, Any]]]] = {
    "profile": ("profile.yaml", MEGABYTE, parse_yaml),
    "delta": ("delta.yaml", MEGABYTE, parse_yaml),
    "schema": ("request.json", 8 * MEGABYTE, parse_json),
    "evidence": ("evidence.yaml", MEGABYTE, parse_yaml),
    "answers": ("answers.yaml", MEGABYTE, parse_yaml),
    "facts": ("facts.yaml", MEGABYTE, parse_yaml),
}
"""The files in the folder of a profile: name, most bytes, and what parses it."""

_MOST_FILES = 1000
_MOST_CHARACTERS = 4 << 20


def read_files(folders: CustomFolders) -> tuple[CustomFile, ...]:
    """
    Read the files of the added folders.

    Raises:
        BadData: a file cannot be read, or the folders hold more than any project needs.
    """
    files: list[CustomFile] = []
    size = 0

    def read(path: Path, kind: str, top: Path, most: int) -> None:
        nonlocal size
        size += file_size(path)
        if len(files) >= _MOST_FILES or size > _MOST_CHARACTERS:
            raise BadData(
                display_path(top), "", f"holds more than {_MOST_FILES:,} files or {_MOST_CHARACTERS >> 20} MB"
            )
        files.append(CustomFile(path, kind, read_text_file(path, most, top)))

    for top in map(Path, folders.rules):
        for path in _yaml_files(top):
            read(path, "rule", top, MEGABYTE)
    for top in map(Path, folders.profiles):
        for folder in _subfolders(top):
            if os.path.lexists(folder / "profile.yaml"):
                for kind, (name, most, _) in PROFILE_FILES.items():
                    if os.path.lexists(folder / name):
                        read(folder / name, kind, top, most)
    return tuple(files)


def parse_files(folders: CustomFolders, files: Iterable[CustomFile]) -> CustomContents:
    """
    Parse the *files* of the added folders.

    Raises:
        BadData: a file is not YAML or JSON, or two profiles have the same name.
    """
    rules: dict[Path, dict[str, Any]] = {}
    profiles: dict[str, dict[str, Any]] = {}
    for path, kind, text in files:
        if kind == "rule":
            rules[path] = parse_yaml(text, path)
            continue
        folder = path.parent
        known = profiles.setdefault(folder.name, {"folder": folder})
        if known["folder"] != folder:
            other = display_path(known["folder"])
            raise BadData(display_path(folder), "", f"{other} is a profile of this name as well")
        known[kind] = PROFILE_FILES[kind][2](text, path)
    return CustomContents(folders, rules, profiles)


def _yaml_files(top: Path) -> list[Path]:
    """Return the ``*.yaml`` files of a folder and of its subfolders, sorted."""
    files = [
        Path(entry.path)
        for folder in (top, *_subfolders(top))
        for entry in _entries(folder)
        if entry.name.lower().endswith(".yaml")
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
