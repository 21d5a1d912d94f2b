"""Which files a path stands for."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

SUFFIXES = (".json", ".jsonl", ".ndjson", ".yaml", ".yml", ".har")
"""What is looked at inside a folder."""

_NEVER = {"__pycache__", "node_modules", "site-packages"}


class Input(NamedTuple):
    """One file to judge."""

    name: str  #: as it was given or found
    named: bool  #: given itself, rather than found in a folder


def inputs(paths: Iterable[str]) -> Iterator[Input]:
    """
    Give the files that *paths* stand for, each once.

    A file stands for itself, a folder for what is below it, sorted: its files, then its folders.

    Hidden folders, and those that hold installed code, are not walked. ``-`` is standard input. A path that does not
    exist is given too: that it cannot be read is a finding.
    """
    seen: set[str] = set()
    for path in paths:
        for found in _inputs(path):
            key = found.name if found.name == "-" else str(Path(found.name).absolute())
            if key not in seen:
                seen.add(key)
                yield found


def _inputs(path: str) -> Iterator[Input]:
    if path == "-" or not Path(path).is_dir():
        yield Input(path, named=True)
        return
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _NEVER)
        for name in sorted(files):
            if name.endswith(SUFFIXES):
                yield Input(os.path.join(folder, name), named=False)  # noqa: PTH118 - keeps the name as it was given
