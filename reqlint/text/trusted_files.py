"""
Files that configure reqlint: configurations, rules, profiles and baselines, read within limits.

Whoever clones a repository and runs reqlint in it reads what strangers wrote. So only regular files of limited size
are opened, and no link leads out of its folder; anything else is refused with a sentence.
"""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from reqlint.core.errors import BadData
from reqlint.core.paths import below, real, rooted, working_directory
from reqlint.display.escaping import sanitize

MEGABYTE = 1 << 20
MAX_LEVELS = 100
"""Levels of lists and mappings in a file; ours have up to twelve."""
MAX_VALUES = 50_000
"""Values in a file of JSON or YAML, with aliases written out; our longest has about 4,000."""


def display_path(path: Path) -> str:
    """Return *path* relative to the current folder if it is inside, otherwise as it is."""
    inside = below(rooted(path), working_directory())
    return str(path) if inside is None else inside


def is_within(path: Path, folder: Path) -> bool:
    """Return whether *path* is *folder* or below it after all links are followed."""
    return "\0" not in str(path) and below(real(path), real(folder)) is not None


def file_size(path: Path) -> int:
    """Return the size of a file in bytes; 0 if it cannot be known."""
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0


def read_text_file(path: Path, most: int = MEGABYTE, within: Path | None = None) -> str:
    """
    Read a regular file of at most *most* bytes of UTF-8, with or without a byte order mark.

    Raises:
        BadData: it is something else, or a link that leads out of the folder *within*.
    """
    if within is not None and not is_within(path, within):
        raise BadData(
            display_path(path), "", f"leads out of {display_path(within)}; only what is in the folder is read"
        )
    try:
        content = read_limited(path, most)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise BadData(display_path(path), "", f"cannot be read: {reason}") from error
    except ValueError:
        raise BadData(sanitize(str(path)), "", "cannot be read: there is a NUL in its name") from None
    if len(content) > most:
        size = f"{most // MEGABYTE} MB" if most >= MEGABYTE else f"{most:,} bytes"
        raise BadData(display_path(path), "", f"has more than {size}; nobody writes that much by hand")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadData(display_path(path), f"line {line}", "is not UTF-8") from None


def read_limited(path: Path, most: int) -> bytes:
    """
    Read the first *most* bytes of a regular file, and one more if there is one; do not open anything else.

    Raises:
        OSError: it cannot be read, or is not a regular file.
        ValueError: there is a NUL in its name.
    """
    mode = os.stat(path).st_mode  # noqa: PTH116 - like os.open below
    if not stat.S_ISREG(mode):
        kind = next((word for is_kind, word in _KINDS if is_kind(mode)), "a device")
        raise OSError(None, f"it is {kind}")
    # O_NONBLOCK: a pipe that was put in its place since then must not block either.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        return file.read(most + 1)


_KINDS = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a named pipe"), (stat.S_ISSOCK, "a socket"))


def require_utf8(texts: Iterable[str], path: Path) -> None:
    """Raise `BadData` if a text in the file has half a surrogate pair, which UTF-8 cannot write."""
    for text in texts:
        if not text.isascii():
            try:
                text.encode()
            except UnicodeEncodeError:
                raise BadData(display_path(path), "", f"has half a surrogate pair in {quote(text)}") from None


def exceeded_limit(levels: int) -> str:
    """Return words for the limit that a file exceeds: `MAX_LEVELS` if *levels* are more, otherwise `MAX_VALUES`."""
    if levels > MAX_LEVELS:
        return f"is nested in more than {MAX_LEVELS} levels"
    return f"has more than {MAX_VALUES:,} values, with aliases expanded"


def quote(text: str) -> str:
    """Return *text* in quotes for an error, cut and without control characters."""
    return f'"{sanitize(text if len(text) <= 60 else text[:59] + "…")}"'
