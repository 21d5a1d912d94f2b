"""Compressed files: which names have a compression, and the unpacked text as a stream."""

import sys
from collections.abc import Callable
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple, cast

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

SUFFIXES: Final = (".gz", ".zst")
"""The suffixes of compressed files, which follow the suffix of the form, as in ``.jsonl.gz``."""

MAX_BYTES: Final = 128_000_000
"""Bytes of the longest line, and of the longest text in a form that cannot be streamed; few bytes unpack to many."""

_BUFFER = 1 << 18
_EMPTY = "it is empty; a compressed file never is"


class _Compression(NamedTuple):
    """A compression format."""

    name: str
    magic: tuple[bytes, ...]  #: the first bytes of compressed files; no text in UTF-8 starts with them
    unpack: Callable[[Any], tuple[Any, type[Exception]]]  #: returns the stream of the text, and the error it raises


def _unpack_gzip(stored: Any) -> tuple[Any, type[Exception]]:
    import gzip  # NOTE: imported here because few inputs are compressed
    import zlib

    return gzip.GzipFile(fileobj=stored, mode="rb"), zlib.error


def _unpack_zstd(stored: Any) -> tuple[Any, type[Exception]]:
    try:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
    except ImportError:  # no wheel for this platform, or a Python that was built without it
        needed = "the package backports.zstd" if sys.version_info < (3, 14) else "a python that was built with it"
        raise OSError(f"it is compressed with zstd, and reading it needs {needed}, which is not installed") from None
    return zstd.ZstdFile(stored, "rb"), zstd.ZstdError


_SKIPPED = tuple(b"%c\x2a\x4d\x18" % number for number in range(0x50, 0x60))  # skippable frames, which hold no text
_COMPRESSIONS: Final = {
    ".gz": _Compression("gzip", (b"\x1f\x8b",), _unpack_gzip),
    ".zst": _Compression("zstd", (b"\x28\xb5\x2f\xfd", *_SKIPPED), _unpack_zstd),
}


def suffix_of(name: str) -> str:
    """Return the suffix of a compression in *name*, in lower case; empty when there is none."""
    last = name[-4:].lower()
    return ".zst" if last == ".zst" else ".gz" if last.endswith(".gz") else ""


def is_compressed(stored: bytes, suffix: str) -> bool:
    """Return whether *stored* starts with the magic bytes of *suffix*, which unpacked text does not."""
    return stored.startswith(_COMPRESSIONS[suffix].magic)


def unpack_stream(stored: BinaryIO, suffix: str) -> BinaryIO:
    """
    Return the text in *stored* as a stream, which closes *stored* too; several members or frames are one text.

    All text before damage can be read.

    Raises:
        OSError: the package to unpack it is not installed; while reading: it has another format than *suffix* says, is
            damaged or ends too early, or a line is longer than `MAX_BYTES`.
    """
    return cast(BinaryIO, BufferedReader(Unpacked(stored, suffix), _BUFFER))


def stored_position(stream: BinaryIO) -> int | None:
    """Return how many compressed bytes were read for *stream*; None when *stream* is not from `unpack_stream`."""
    raw = stream.raw if isinstance(stream, BufferedReader) else None
    return raw.stored_position if isinstance(raw, Unpacked) else None


class LineLength:
    """Counts the bytes since the last line end."""

    def __init__(self) -> None:
        self._since = 0

    def add(self, some: bytes, most: int) -> None:
        """
        Count the next bytes of the text.

        Raises:
            OSError: the line has more than *most* bytes.
        """
        at = some.rfind(b"\n")
        self._since = self._since + len(some) if at < 0 else len(some) - at - 1
        if self._since > most:
            raise OSError(f"it has a line of more than {most:,} bytes")


class Unpacked(RawIOBase):
    """The text in a compressed file, without a buffer; raises as `unpack_stream` does."""

    def __init__(self, stored: BinaryIO, suffix: str) -> None:
        self._suffix = suffix
        self._compression = _COMPRESSIONS[suffix]
        self._stored = _CountedFile(stored)
        self._line = LineLength()
        try:
            self._text, self._error = self._compression.unpack(self._stored)
        except OSError:
            stored.close()
            raise

    @property
    def stored_position(self) -> int:
        """The number of compressed bytes read."""
        return self._stored.taken

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Unpack the next compressed bytes into *buffer*."""
        view = memoryview(buffer)
        try:
            some: bytes = self._text.read1(len(view))
        except Exception as failed:
            raise self._explain(failed) from None
        if not some and not self._stored.taken:
            raise OSError(_EMPTY)
        view[: len(some)] = some
        self._line.add(some, MAX_BYTES)
        return len(some)

    def close(self) -> None:
        """Close the text and the compressed file."""
        if not self.closed:
            self._stored.file.close()
        super().close()

    def _explain(self, failed: Exception) -> Exception:
        """Return the error in our words; errors of the file system and of the program stay as they are."""
        if isinstance(failed, OSError) and failed.errno is not None:
            return failed
        if not isinstance(failed, EOFError | OSError | self._error):
            return failed
        name = self._compression.name
        if not self._stored.taken:
            return OSError(_EMPTY)
        if not self._stored.head.startswith(self._compression.magic):
            return OSError(f"it is not {name}, although its name ends in {self._suffix}")
        if isinstance(failed, EOFError):
            return OSError(f"its {name} data ends too early; the rest is missing")
        if "too much memory" in str(failed):  # a window of more than 128 MB, as `zstd --long=31` makes
            return OSError(f"its {name} data asks for more memory than is safe to give")
        return OSError(f"its {name} data is damaged")


class _CountedFile:
    """A compressed file that counts the bytes read; it may be a pipe."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.taken = 0
        self.head = b""

    def read(self, size: int = -1) -> bytes:
        """Read up to *size* bytes."""
        some = self.file.read(size)
        self.taken += len(some)
        if len(self.head) < 4:
            self.head += some[:4]
        return some
