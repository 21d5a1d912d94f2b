"""
Where a path leads, asked in one place that never raises: a run goes on whatever its files are named and become.

A path in a report may be a link to itself, may have become one since it was read, and may have been given in a working
directory that is gone. `Path.resolve` and `Path.cwd` raise for these, in some versions of Python.
"""

import os
from errno import ELOOP, ENAMETOOLONG
from pathlib import Path

AnyPath = str | os.PathLike[str]


def working_directory() -> str:
    """Return the working directory; if it is gone, the root of the file system, so that names stay as given."""
    try:
        return os.getcwd()  # noqa: PTH109 - called for every file, and pathlib takes ten times as long
    except OSError:
        return os.path.abspath(os.sep)  # noqa: PTH100


def rooted(path: AnyPath) -> Path:
    """Return *path* from the root on, as it was given."""
    return Path(working_directory(), path)


def absolute(path: AnyPath) -> str:
    """Return *path* from the root on, without ``.`` and ``..``; links are kept."""
    # NOTE: os.path, because this runs for every file of a run.
    given = os.fspath(path)
    return os.path.normpath(given if os.path.isabs(given) else os.path.join(working_directory(), given))  # noqa: PTH117, PTH118


def real(path: AnyPath) -> str:
    """
    Return the file that *path* leads to, from the root on, whether it exists or not.

    Links are followed as far as the system follows them: one that leads to itself, or on through more links than the
    system takes, stands for itself.
    """
    given = os.path.join(working_directory(), path)  # noqa: PTH118 - with its .., which may lead out of a link's target
    try:
        os.stat(given)  # noqa: PTH116
    except OSError as failed:
        if failed.errno in (ELOOP, ENAMETOOLONG):
            return absolute(path)
    except ValueError:  # a NUL in its name
        return absolute(path)
    try:
        return os.path.realpath(given)
    except (OSError, ValueError, RecursionError):  # it has changed since
        return absolute(path)


def relative(path: AnyPath, folder: AnyPath) -> str:
    """Return *path* as seen from *folder*, with slashes; links are kept. On another drive it stays as it is."""
    try:
        seen = os.path.relpath(absolute(path), absolute(folder))
    except ValueError:
        seen = os.fspath(path)
    return seen.replace(os.sep, "/")


def below(path: AnyPath, folder: AnyPath) -> str | None:
    """Return *path* as seen from *folder*, with slashes; None if it is not inside. Both are absolute."""
    inside, top = Path(path), Path(folder)
    return inside.relative_to(top).as_posix() if inside.is_relative_to(top) else None


def is_folder(path: AnyPath) -> bool:
    """Return whether *path* is a folder; False if the system does not say, as for a name that is too long."""
    return os.path.isdir(path)  # noqa: PTH112 - `Path.is_dir` raises for these
