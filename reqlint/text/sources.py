"""Named text before it is parsed: where it comes from, how to open it, how long it is."""

import os
import stat
from collections.abc import Iterable
from io import BufferedReader, BytesIO, FileIO, RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from reqlint.core.records import dataclass
from reqlint.text import compressed

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BOM = b"\xef\xbb\xbf"
"""The byte order mark of UTF-8."""

MAX_BYTES = 1_000_000_000
"""Bytes of the longest line, and of the longest text in a form that cannot be streamed; see also `compressed`."""

TOO_MUCH = "not enough memory"
"""The reason when memory runs out while a source is read."""

_BUFFER = 1 << 18
_PIECE = 1 << 24


@dataclass(frozen=True, slots=True)
class Source:
    """Named text: a file, or *data* from a caller or from standard input."""

    name: str  #: as the user wrote it, or as it was found in a folder
    path: Path | None = None
    data: bytes | None = None

    @property
    def compression(self) -> str:
        """
        The suffix of its compression; empty when it is not compressed.

        The name of a file decides. For *data* the name decides too, unless the caller has unpacked them already.
        """
        if self.data is None:
            return compressed.suffix_of(self.path.name) if self.path else ""
        suffix = compressed.suffix_of(self.name)
        return suffix if suffix and compressed.is_compressed(self.data, suffix) else ""

    def open(self) -> BinaryIO:
        """
        Open its text, unpacked, as a stream from the start; the caller closes the stream.

        Raises:
            OSError: it cannot be opened; or, while reading, it cannot be unpacked or has too long a line.
        """
        suffix = self.compression
        if self.data is not None or self.path is None:
            stream: BinaryIO = BytesIO(self.data or b"")
            return compressed.unpack_stream(stream, suffix) if suffix else stream
        file = FileIO(self.path)
        if suffix:
            return compressed.unpack_stream(cast(BinaryIO, file), suffix)
        # Pipes and devices have no size, and may have no end.
        is_short = 0 < os.fstat(file.fileno()).st_size <= MAX_BYTES
        return cast(BinaryIO, BufferedReader(file if is_short else _LineLimitedFile(file), _BUFFER))

    def read(self) -> bytes:
        """
        Return its whole text.

        Raises:
            OSError: as `open`, or it is longer than `MAX_BYTES`.
        """
        is_packed = bool(self.compression)
        if self.data is not None and not is_packed:
            return self.data
        most = compressed.MAX_BYTES if is_packed else MAX_BYTES
        size = self.size()
        if 0 < size <= most:
            with self.open() as stream:
                return stream.read()
        pieces: list[bytes] = []
        if size <= most:
            with self.open() as stream:
                while size <= most and (some := stream.read(_PIECE)):
                    pieces.append(some)
                    size += len(some)
        if size > most:
            verb = "unpacks to" if is_packed else "has"
            raise OSError(f"it {verb} more than {most:,} bytes, the limit for JSON and YAML")
        return b"".join(pieces)

    def size(self) -> int:
        """Return the length of its text in bytes; 0 if unknown, as for a pipe or compressed text."""
        if self.compression:
            return 0
        return self.path.stat().st_size if self.data is None and self.path else len(self.data or b"")

    def lines(self, wanted: Iterable[int]) -> dict[int, str]:
        """
        Return the *wanted* lines by their numbers from 1, without line ends; read no further than the last of them.

        Lines end at line feeds only; bytes that are not UTF-8 become U+FFFD. Lines that do not exist are omitted.
        """
        left = set(wanted)
        found: dict[int, str] = {}
        with self.open() as stream:
            for number, line in enumerate(stream, 1):
                if not left:
                    break
                if number in left:
                    left.discard(number)
                    found[number] = strip_line_end(line).decode("utf-8", "replace")
        return found


_ENDLESS = ("it is a device, which may be endless", "it is a socket")
PIPE = "it is a pipe"
PASSED_OVER = (PIPE, *_ENDLESS)
"""The reasons why a path in a folder is skipped without a word."""


def why_unreadable(source: Source) -> str | None:
    """Return why *source* cannot be read, by the kind of its path; None for files and readable folders."""
    if source.path is None or source.data is not None:
        return None
    if not source.name:  # `Path` takes it for the current folder
        return "its path is empty"
    try:
        mode = source.path.stat().st_mode
    except (OSError, ValueError):  # reported when it is read
        return None
    if stat.S_ISREG(mode):
        return None
    if stat.S_ISDIR(mode):
        try:
            os.scandir(source.path).close()
        except OSError as failed:
            return f"it is a folder that cannot be listed: {(failed.strerror or str(failed)).lower()}"
        return None
    if stat.S_ISFIFO(mode) or source.path.samefile(os.devnull):
        return PIPE
    return _ENDLESS[stat.S_ISSOCK(mode)]


class _LineLimitedFile(RawIOBase):
    """A file that may have lines too long for memory; closes *file*."""

    def __init__(self, file: FileIO) -> None:
        self._file = file
        self._line = compressed.LineLength()

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return whether *file* is seekable."""
        return self._file.seekable()

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move to another offset."""
        self._line = compressed.LineLength()
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the offset."""
        return self._file.tell()

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """
        Read into *buffer*.

        Raises:
            OSError: a line is longer than `MAX_BYTES`.
        """
        view = memoryview(buffer)
        some = self._file.read(len(view)) or b""
        view[: len(some)] = some
        self._line.add(some, MAX_BYTES)
        return len(some)

    def close(self) -> None:
        """Close *file*."""
        if not self.closed:
            self._file.close()
        super().close()


def strip_line_end(line: bytes) -> bytes:
    """Return *line* without its line end."""
    return line.removesuffix(b"\n").removesuffix(b"\r")
