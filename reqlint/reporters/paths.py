"""
Names of sources as reports show them: as they were given, or relative to the repository's root, with slashes.

Every name of a file in a report is made here, and no name raises: a report has all its findings, whatever one of their
files is called or has become.
"""

import os
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path, PurePath
from typing import NamedTuple
from urllib.parse import quote

from reqlint.core.paths import below, real, working_directory
from reqlint.display.cached import mask_path
from reqlint.display.shown import Masked, verbatim


class Located(NamedTuple):
    """Where a file is."""

    path: str  #: with slashes; from the root of the repository on if it is inside, else absolute
    inside: bool  #: of the repository


def is_file(source: str | None) -> bool:
    """Whether a source is a file, and not standard input or a value."""
    return source is not None and not source.startswith("<")


@lru_cache(maxsize=1024)
def as_given(source: str | None) -> Masked:
    """Return the name the user gave, with slashes and without ``./``; ``stdin`` or ``request`` for what is no file."""
    if source is None or source.startswith("<"):
        return mask_path((source or "").strip("<>") or "request")
    return mask_path(PurePath(source).as_posix())


def locator(root: Path | None) -> Callable[[str], Located]:
    """Return a function that finds files, by default from the working directory; links are followed, as servers do."""
    top = real(root or working_directory())

    @cache
    def find(source: str) -> Located:
        file = real(source)
        inside = below(file, top)
        return Located(PurePath(file).as_posix(), False) if inside is None else Located(inside, True)

    return find


def relative_to(root: Path | None) -> Callable[[str | None], Masked]:
    """
    Return a function that names sources relative to *root*, by default the working directory; links are followed.

    It returns the absolute path of a file elsewhere, and names what is not a file as `as_given` does.
    """
    find = locator(root)

    def name(source: str | None) -> Masked:
        return as_given(source) if source is None or not is_file(source) else mask_path(find(source).path)

    return name


def relative_uri(path: str) -> Masked:
    """Return the URI reference of a relative path with slashes, or of a name that is no file's."""
    return verbatim(quote(_bytes_of(mask_path(path)), safe="/"))


def absolute_uri(path: str) -> Masked:
    """Return the URI of an absolute path."""
    shown = mask_path(path)
    try:
        return verbatim(PurePath(shown).as_uri())
    except UnicodeEncodeError:  # half a character, which no file has in its name
        return verbatim("file://" + quote(_bytes_of(shown), safe="/"))


def _bytes_of(path: str) -> bytes:
    try:
        return os.fsencode(path)
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")
