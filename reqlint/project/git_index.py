"""
The files of a working tree that git tracks, as its index lists them; works without git.

NOTE: git itself is not asked. It would run what a hostile repository configures (``core.fsmonitor``, which
`safe.directory` does not cover in a repository of one's own), and is not installed everywhere.
"""

import os
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from reqlint.core.paths import relative
from reqlint.text.trusted_files import read_limited

MOST_BYTES = 32_000_000
"""Bytes of the longest index that is read, and of all names in it; a repository of 100,000 files has about 12 MB."""

_HEADER = 12
_FIXED = 62  # bytes of an entry before its name, in a repository with SHA-1; with SHA-256 there are 12 more
_LONG = 0x4000


class GitIndex:
    """
    The index of the working tree at *root*, an absolute folder; read when it is first asked.

    A ``.git`` that is a file (of a linked working tree or a submodule) leads out of the repository and is not followed.
    An index that cannot be read, or is not what git writes, tracks nothing.
    """

    def __init__(self, root: str) -> None:
        self._root = root

    def tracks(self, path: str, *, is_folder: bool) -> bool:
        """Return whether git tracks the file *path*, or anything below it if it is a folder."""
        name = os.fsencode(relative(path, self._root)) + b"/" * is_folder
        # Versions 2 and 3 hold every name in full, so the names need not be read for what is nowhere in the index.
        if not self._data or (self._data[4:8] != b"\0\0\0\4" and name not in self._data):
            return False
        at = bisect_left(self._names, name)
        return at < len(self._names) and (self._names[at].startswith(name) if is_folder else self._names[at] == name)

    @cached_property
    def _data(self) -> bytes:
        folder = os.path.join(self._root, ".git")  # noqa: PTH118 - of an absolute path, like everything here
        path = os.path.join(folder, "index")  # noqa: PTH118
        if os.path.islink(folder) or os.path.islink(path):  # noqa: PTH114
            return b""
        try:
            data = read_limited(Path(path), MOST_BYTES)
        except OSError:
            return b""
        return data if len(data) <= MOST_BYTES and data.startswith(b"DIRC") else b""

    @cached_property
    def _names(self) -> list[bytes]:
        return sorted(read_names(self._data))


def read_names(data: bytes) -> Iterator[bytes]:
    """Yield the names in an index of version 2, 3 or 4, up to the first entry that is not what git writes."""
    version, count = (int.from_bytes(data[at : at + 4]) for at in (4, 8))
    if not data.startswith(b"DIRC") or version not in (2, 3, 4):
        return
    fixed = _FIXED + 12 * (_checksum_length(data) == 32)
    at, name, left = _HEADER, b"", MOST_BYTES
    for _ in range(min(count, len(data) // fixed)):
        flags = int.from_bytes(data[at + fixed - 2 : at + fixed])
        start = at + fixed + 2 * (version > 2 and bool(flags & _LONG))
        if version == 4:
            shared, start = _number(data, start)
            if shared > len(name):
                return
            name = name[: len(name) - shared]
        else:
            name = b""
        end = data.find(b"\0", start)
        if end < 0:
            return
        name += data[start:end]
        left -= len(name)
        if len(name) > _LONGEST_NAME or left < 0:
            return
        yield name
        at = end + 1 if version == 4 else at + (end - at + 8) // 8 * 8


_LONGEST_NAME = 4096  # bytes; no path has more


def _checksum_length(data: bytes) -> int:
    """Return the length of the object names, by the checksum that the index ends with."""
    from hashlib import sha256

    return 32 if len(data) > _HEADER + 32 and sha256(data[:-32]).digest() == data[-32:] else 20


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Return the number that the bytes at *at* write, in git's own variable width, and the offset after it."""
    number = -1
    for end in range(at, min(at + 10, len(data))):
        number = (number + 1 << 7) | (data[end] & 0x7F)
        if not data[end] & 0x80:
            return number, end + 1
    return len(data), len(data)
