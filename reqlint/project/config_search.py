"""Which configuration applies to a folder: the nearest, up to the top of the repository."""

import os
from pathlib import Path

from reqlint.core.paths import absolute, rooted
from reqlint.project.config_toml import has_table

NAMES = ("reqlint.toml", "pyproject.toml")
"""The files to look for, in this order; a ``pyproject.toml`` without a table for reqlint does not count."""


def find_top(folder: Path) -> Path:
    """Return the top of the repository around *folder*, or *folder* itself outside of a repository."""
    here = Path(absolute(folder))
    return next((each for each in (here, *here.parents) if os.path.lexists(each / ".git")), here)


def find_config(folder: Path, known: dict[str, Path | None] | None = None) -> Path | None:
    """
    Return the configuration of the files in *folder*, or None.

    The search ends at the top of the repository, and outside of one at the root of the file system. *known* caches
    results by folder.

    Raises:
        BadConfig: a ``pyproject.toml`` on the way that may have a table for reqlint cannot be parsed.
    """
    known = {} if known is None else known
    here = str(rooted(folder))
    passed = []
    # NOTE: os.path, because this runs for every folder of a run and pathlib takes ten times as long.
    while here not in known:
        passed.append(here)
        for name in NAMES:
            path = os.path.join(here, name)  # noqa: PTH118
            if os.path.isfile(path) and (name != "pyproject.toml" or has_table(Path(path))):  # noqa: PTH113
                known[here] = Path(path)
                break
        parent = os.path.dirname(here)  # noqa: PTH120
        if here not in known and (parent == here or os.path.exists(os.path.join(here, ".git"))):  # noqa: PTH110, PTH118
            known[here] = None
        if here not in known:
            here = parent
    known.update(dict.fromkeys(passed, known[here]))
    return known[here]
