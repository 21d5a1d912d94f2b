"""Text that is stored compressed: which names say so, and the text itself as a stream."""

import sys
from collections.abc import Callable
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple, cast

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

SUFFIXES: Final = (".gz", ".zst")
"""What the name of a compressed file ends in, after the suffix that tells its form."""

LONGEST: Final = 128_000_000
"""The longest line in bytes that is read, and the longest text that can only be read whole: little unpacks to a lot."""

_BUFFER = 1 << 18
_EMPTY = "it is empty, and even nothing takes some bytes once it is compressed"


class _Way(NamedTuple):
    """A way to compress."""

    name: str
    begins: tuple[bytes, ...]  #: what compressed bytes may begin with; no text in UTF-8 does
    unpacking: Callable[[Any], tuple[Any, type[Exception]]]  #: gives the stream of the text, and what it raises


def _gunzipping(stored: Any) -> tuple[Any, type[Exception]]:
    import gzip  # as the next one: few inputs are compressed
    import zlib

    return gzip.GzipFile(fileobj=stored, mode="rb"), zlib.error


def _unpacking_zstd(stored: Any) -> tuple[Any, type[Exception]]:
    try:
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
    except ImportError:  # no wheel for this platform, or a Python that was built without it
        what = "the package backports.zstd" if sys.version_info < (3, 14) else "a python that was built with it"
        raise OSError(f"it is compressed with zstd, and reading that takes {what}, which is not here") from None
    return zstd.ZstdFile(stored, "rb"), zstd.ZstdError


_SKIPPED = tuple(b"%c\x2a\x4d\x18" % number for number in range(0x50, 0x60))  # frames that hold something else
_WAYS: Final = {
    ".gz": _Way("gzip", (b"\x1f\x8b",), _gunzipping),
    ".zst": _Way("zstd", (b"\x28\xb5\x2f\xfd", *_SKIPPED), _unpacking_zstd),
}


def suffix_of(name: str) -> str:
    """Give the suffix of *name* that says it is compressed, in lower case; empty when none does."""
    last = name[-4:].lower()
    return ".zst" if last == ".zst" else ".gz" if last.endswith(".gz") else ""


def is_compressed(stored: bytes, suffix: str) -> bool:
    """Tell whether *stored* begins as *suffix* says; a text that was unpacked before it was given does not."""
    return stored.startswith(_WAYS[suffix].begins)


def opened(stored: BinaryIO, suffix: str) -> BinaryIO:
    """
    Give the text in *stored*, which is closed with it; several members or frames are one text.

    All that stands before damage is given first.

    Raises:
        OSError: what reads it is not installed; while reading: it is not compressed in the way *suffix* says, is
            damaged or ends too early, or a line is longer than `LONGEST`.
    """
    return cast(BinaryIO, BufferedReader(Unpacked(stored, suffix), _BUFFER))


def stored_position(stream: BinaryIO) -> int | None:
    """Tell how much of a compressed file was read for *stream*; None when it is not the text of one."""
    raw = stream.raw if isinstance(stream, BufferedReader) else None
    return raw.stored_position if isinstance(raw, Unpacked) else None


class Line:
    """Counts the bytes since the last line end."""

    def __init__(self) -> None:
        self._since = 0

    def goes_on(self, some: bytes, longest: int) -> None:
        """
        Take what was read on.

        Raises:
            OSError: a line has more than *longest* bytes.
        """
        at = some.rfind(b"\n")
        self._since = self._since + len(some) if at < 0 else len(some) - at - 1
        if self._since > longest:
            raise OSError(f"it has a line of more than {longest:,} bytes")


class Unpacked(RawIOBase):
    """The text in a compressed file, without a buffer; raises as `opened`."""

    def __init__(self, stored: BinaryIO, suffix: str) -> None:
        self._way = _WAYS[suffix]
        self._stored = _Stored(stored)
        self._line = Line()
        try:
            self._text, self._error = self._way.unpacking(self._stored)
        except OSError:
            stored.close()
            raise

    @property
    def stored_position(self) -> int:
        """How much of the compressed bytes was read."""
        return self._stored.taken

    def readable(self) -> bool:
        """Say that it is for reading."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """Unpack some more, as much as the next compressed bytes hold."""
        view = memoryview(buffer)
        try:
            some: bytes = self._text.read1(len(view))
        except Exception as failed:
            raise self._said(failed) from None
        if not some and not self._stored.taken:
            raise OSError(_EMPTY)
        view[: len(some)] = some
        self._line.goes_on(some, LONGEST)
        return len(some)

    def close(self) -> None:
        """Close it and the compressed file."""
        if not self.closed:
            self._stored.file.close()
        super().close()

    def _said(self, failed: Exception) -> Exception:
        """Say in our words what the reader of the compressed bytes met; the words of the disk stay as they are."""
        if isinstance(failed, OSError) and failed.errno is not None:
            return failed
        if not isinstance(failed, EOFError | OSError | self._error):
            return failed
        name = self._way.name
        if not self._stored.taken:
            return OSError(_EMPTY)
        if not self._stored.begin.startswith(self._way.begins):
            return OSError(f"it is not {name}, whatever its name says")
        if isinstance(failed, EOFError):
            return OSError(f"its {name} data ends too early; the rest is missing")
        if "too much memory" in str(failed):  # a window of more than 128 MB, as `zstd --long=31` makes
            return OSError(f"its {name} data asks for more memory than is safe to give")
        return OSError(f"its {name} data is damaged")


class _Stored:
    """A compressed file that says how much of it was read; it may be a pipe."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.taken = 0
        self.begin = b""

    def read(self, size: int = -1) -> bytes:
        """Read up to *size* bytes."""
        some = self.file.read(size)
        self.taken += len(some)
        if len(self.begin) < 4:
            self.begin += some[:4]
        return some
