"""Named text, before anybody knows what is in it: where it is from, how it is opened, how long it is."""

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from io import BufferedReader, BytesIO, FileIO, RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from reqlint.text import compressed

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LONGEST = 1_000_000_000
"""The longest line in bytes that is read, and the longest text that can only be read whole; see also `compressed`."""

TOO_MUCH = "it takes more memory than there is"
"""Why a source could not be read that may be fine."""

_BUFFER = 1 << 18
_PIECE = 1 << 24


@dataclass(frozen=True, slots=True)
class Source:
    """Named text: a file, or *data* that was given or came from standard input."""

    name: str  #: as it was given or found
    path: Path | None = None
    data: bytes | None = None

    @property
    def compression(self) -> str:
        """
        The suffix that tells how it is compressed; empty when it is not.

        A file goes by its own name. So do given bytes, unless they are text already, unpacked by whoever gave them.
        """
        if self.data is None:
            return compressed.suffix_of(self.path.name) if self.path else ""
        suffix = compressed.suffix_of(self.name)
        return suffix if suffix and compressed.is_compressed(self.data, suffix) else ""

    def open(self) -> BinaryIO:
        """
        Open its text for reading from the start, as a stream even where it is compressed; whoever opens closes.

        Raises:
            OSError: it cannot be opened; or, while reading, cannot be unpacked.
        """
        suffix = self.compression
        if self.data is not None or self.path is None:
            stream: BinaryIO = BytesIO(self.data or b"")
            return compressed.opened(stream, suffix) if suffix else stream
        file = FileIO(self.path)
        if suffix:
            return compressed.opened(cast(BinaryIO, file), suffix)
        # What has no size, as a pipe or a device, may have no end.
        return cast(
            BinaryIO, BufferedReader(file if 0 < os.fstat(file.fileno()).st_size <= LONGEST else _Lines(file), _BUFFER)
        )

    def read(self) -> bytes:
        """
        Give all of its text.

        Raises:
            OSError: as `open`, or it is longer than can be held.
        """
        packed = bool(self.compression)
        if self.data is not None and not packed:
            return self.data
        longest = compressed.LONGEST if packed else LONGEST
        size = self.size()
        if 0 < size <= longest:
            with self.open() as stream:
                return stream.read()
        pieces: list[bytes] = []
        if size <= longest:
            with self.open() as stream:
                while size <= longest and (some := stream.read(_PIECE)):
                    pieces.append(some)
                    size += len(some)
        if size > longest:
            what = "unpacks to" if packed else "holds"
            raise OSError(f"it {what} more than {longest:,} bytes, and its form is read whole")
        return b"".join(pieces)

    def size(self) -> int:
        """Give the length of its text in bytes; 0 when that is not known, as of a pipe or where it is compressed."""
        if self.compression:
            return 0
        return self.path.stat().st_size if self.data is None and self.path else len(self.data or b"")

    def lines(self, wanted: Iterable[int]) -> dict[int, str]:
        """
        Give the *wanted* lines, counted from 1, without their line ends, reading no further than the last of them.

        Lines end at line feeds only; bytes that are not UTF-8 become U+FFFD. A line that is not there is left out.
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


_ENDLESS = ("it is a device, which need not have an end", "it is a socket")
PIPE = "it is a pipe"
PASSED_OVER = (PIPE, *_ENDLESS)
"""What is passed over in a folder."""


def why_unreadable(source: Source) -> str | None:
    """Say what *source* is if it is no file; None of files, of folders that can be looked into, and of nothing."""
    if source.path is None or source.data is not None:
        return None
    try:
        mode = source.path.stat().st_mode
    except (OSError, ValueError):  # said by whoever reads it
        return None
    if stat.S_ISREG(mode):
        return None
    if stat.S_ISDIR(mode):
        try:
            os.scandir(source.path).close()
        except OSError as failed:
            return f"it is a folder that cannot be looked into: {(failed.strerror or str(failed)).lower()}"
        return None
    if stat.S_ISFIFO(mode) or source.path.samefile(os.devnull):
        return PIPE
    return _ENDLESS[stat.S_ISSOCK(mode)]


class _Lines(RawIOBase):
    """A file whose lines may be too long to be held; closes it."""

    def __init__(self, file: FileIO) -> None:
        self._file = file
        self._line = compressed.Line()

    def readable(self) -> bool:
        """Say that it is for reading."""
        return True

    def seekable(self) -> bool:
        """Tell whether it is a file that can be read from anywhere."""
        return self._file.seekable()

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go on at another place."""
        self._line = compressed.Line()
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Give the place it is at."""
        return self._file.tell()

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """
        Read some more.

        Raises:
            OSError: a line is longer than `LONGEST`.
        """
        view = memoryview(buffer)
        some = self._file.read(len(view)) or b""
        view[: len(some)] = some
        self._line.goes_on(some, LONGEST)
        return len(some)

    def close(self) -> None:
        """Close the file."""
        if not self.closed:
            self._file.close()
        super().close()


def strip_line_end(line: bytes) -> bytes:
    """Give a line without its line end."""
    return line.removesuffix(b"\n").removesuffix(b"\r")
