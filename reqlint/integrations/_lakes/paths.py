"""Files of a lake by path: local ones, and those that pyarrow reads from elsewhere."""

import glob
import os
import re
from collections.abc import Iterable, Iterator
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from pyarrow import fs

from reqlint.core.globs import fixed_prefix, matches_file
from reqlint.core.paths import absolute
from reqlint.core.records import dataclass
from reqlint.project.discovery import SUFFIXES, find_inputs
from reqlint.text import compressed
from reqlint.text.sources import Source

TABLE = ".parquet"
"""The suffix of a table."""

_WILD = re.compile(r"[*?\[]")
_URI = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_BUFFER = 1 << 20  # bytes; a chunk of a remote file is read in few requests


@dataclass(frozen=True, slots=True)
class Remote(Source):
    """A file of a pyarrow filesystem."""

    filesystem: Any = None
    key: str = ""  #: its path there

    @property
    def compression(self) -> str:
        """The suffix of its compression; empty if it is not compressed."""
        return compressed.suffix_of(self.name)

    def open(self) -> BinaryIO:
        """
        Open its text for reading from the start; the caller closes it.

        Raises:
            OSError: it cannot be opened; or, while reading, cannot be unpacked.
        """
        stored = cast(BinaryIO, BufferedReader(self.filesystem.open_input_file(self.key), _BUFFER))
        return compressed.unpack_stream(stored, self.compression) if self.compression else stored

    def size(self) -> int:
        """Return the length of its text in bytes; 0 if it is compressed."""
        return 0 if self.compression else int(self.filesystem.get_file_info(self.key).size or 0)


class LakeInput(NamedTuple):
    """A file to judge."""

    source: Source
    named: bool  #: named by the user, rather than found in a folder
    stored: int  #: bytes; 0 if not known

    @property
    def is_table(self) -> bool:
        """Whether it is Parquet."""
        return self.source.name.lower().endswith(TABLE)

    def stream(self) -> Any:
        """
        Open it for `pyarrow.parquet`.

        Raises:
            OSError: it cannot be opened.
        """
        if isinstance(self.source, Remote):
            return self.source.filesystem.open_input_file(self.source.key)
        return fs.LocalFileSystem().open_input_file(str(self.source.path))


def find_lake_inputs(paths: Iterable[str], filesystem: Any = None) -> Iterator[LakeInput]:
    """
    Yield the files that *paths* stand for, each once: files, folders, patterns, and URIs that pyarrow knows.

    Local folders are walked as by `reqlint check`, remote ones without names that begin with a dot or ``_``. A path
    that does not exist is yielded too: that it cannot be read is a finding.

    Args:
        paths: as the user gave them; with a *filesystem*, paths on it.
        filesystem: of pyarrow; by default the local one, or that of a URI.

    Raises:
        OSError, ValueError: pyarrow does not take a URI, or cannot list what is there.
    """
    seen: set[str] = set()
    for path in paths:
        if filesystem is None and not _URI.match(path):
            found = _local(path)
        elif filesystem is None:
            found = _addressed(path)
        else:
            found = _remote(filesystem, path, "", wild=bool(_WILD.search(path)))
        for each in found:
            key = each.source.key if isinstance(each.source, Remote) else absolute(each.source.name)
            if key not in seen:
                seen.add(key)
                yield each


def _local(path: str) -> Iterator[LakeInput]:
    matches = sorted(glob.glob(path, recursive=True)) if _WILD.search(path) and not os.path.exists(path) else []  # noqa: PTH207, PTH110 - keeps names as they were given
    for match in matches or [path]:
        for name, named in [*find_inputs([match]), *((name, False) for name in _tables(match))]:
            yield LakeInput(Source(name, Path(absolute(name))), named, _size(name))


def _tables(folder: str) -> Iterator[str]:
    """Yield the tables below a folder; in a data lake, names that begin with a dot or ``_`` are not data."""
    for walked, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "_")))
        for name in sorted(files):
            if name.lower().endswith(TABLE) and not name.startswith((".", "_")):
                yield os.path.join(walked, name)  # noqa: PTH118 - as above


def _size(name: str) -> int:
    try:
        return Path(name).stat().st_size
    except (OSError, ValueError):
        return 0


def _addressed(uri: str) -> Iterator[LakeInput]:
    """Yield the files of a URI; its ``?`` begins a query, so patterns there have only ``*`` and ``[``."""
    wild = re.search(r"[*\[]", uri)
    sure = uri[: uri.rindex("/", 0, wild.start())] if wild else uri.rstrip("/")
    there, key = fs.FileSystem.from_uri(sure)
    scheme = sure.removesuffix(key) if sure.endswith(key) else ""
    return _remote(there, key + uri[len(sure) :] if wild else key, scheme, wild=bool(wild))


def _remote(there: Any, key: str, scheme: str, *, wild: bool) -> Iterator[LakeInput]:
    top = ("/" if key.startswith("/") else "") + fixed_prefix("/" + key) if wild else key.rstrip("/")
    info = there.get_file_info(top)
    if info.type is not fs.FileType.Directory:
        yield LakeInput(Remote(scheme + key, None, None, there, key), True, info.size or 0)
        return
    below = there.get_file_info(fs.FileSelector(top, recursive=True))
    for each in sorted(below, key=lambda each: str(each.path)):
        names = each.path[len(top) :].strip("/").split("/")
        wanted = (
            matches_file("/" + key, each.path.strip("/")) if wild else each.path.lower().endswith((*SUFFIXES, TABLE))
        )
        if each.is_file and wanted and not any(name.startswith((".", "_")) for name in names):
            yield LakeInput(Remote(scheme + each.path, None, None, there, each.path), wild, each.size or 0)
