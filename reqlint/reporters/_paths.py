"""Names of sources as other programs look for them: relative to the repository's root, with slashes."""

from collections.abc import Callable
from functools import cache
from pathlib import Path, PurePath


def is_file(source: str | None) -> bool:
    """Whether a source is a file, and not standard input or a value."""
    return source is not None and not source.startswith("<")


def as_given(source: str | None) -> str:
    """Name a source as the user did, with slashes and without a leading ``./``; what is no file by what it is."""
    if source is None or source.startswith("<"):
        return (source or "request").strip("<>")
    return PurePath(source).as_posix()


def below(root: Path | None) -> Callable[[str | None], str]:
    """
    Give a function that names sources relative to *root* (the working directory without one), links followed.

    A file elsewhere has its absolute path; what is no file is named by what it is.
    """
    top = (root or Path.cwd()).resolve()

    @cache
    def name(source: str | None) -> str:
        if source is None or not is_file(source):
            return as_given(source)
        file = Path(source).resolve()
        return (file.relative_to(top) if file.is_relative_to(top) else file).as_posix()

    return name
