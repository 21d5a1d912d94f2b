"""Chunks of a long text of many lines, which can be read independently of each other."""

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, NamedTuple

from reqlint.text.compressed import stored_position
from reqlint.text.documents import JsonDocument, read_json_lines
from reqlint.text.sources import TOO_MUCH, Source

CHUNK_BYTES = 1 << 22
"""Least bytes of a chunk: enough to make handing it over cheap, few enough to keep several workers busy."""


_PIECE = 1 << 18  # bytes that are looked at together, few enough for the processor's cache


class Chunk(NamedTuple):
    """Consecutive lines of a source; cheap to pass to another process where the source is a file."""

    source: Source
    start: int  #: offset in the text, in bytes
    size: int  #: in bytes
    first: int  #: index of its first line, from 0
    lines: int  #: number of its lines, blank ones included
    data: bytes | None = None  #: its text, where that cannot be read from the source again
    stored: int = 0  #: its bytes as stored, fewer than `size` if compressed

    def documents(self) -> Iterator[JsonDocument]:
        """
        Read each of its lines as one value; skip blank lines.

        Raises:
            OSError: the source cannot be read, or has become shorter.
        """
        if self.data is not None:
            yield from read_json_lines(BytesIO(self.data), self.first)
            return
        with self.source.open() as stream:
            stream.seek(self.start)
            yield from read_json_lines(_next_lines(stream, self.size), self.first)


def split_chunks(source: Source, size: int = CHUNK_BYTES) -> Iterator[Chunk]:
    """
    Yield the text of *source* in chunks of whole lines, of at least *size* bytes each; reads it as a stream.

    The lines before a failure are yielded first.

    Raises:
        OSError: the source cannot be read.
    """
    keeps_text = source.data is not None or bool(source.compression)  # no other process can read it from an offset
    measure = _read_lines if keeps_text else _pass_lines
    start = first = before = 0
    failed: list[OSError] = []
    with source.open() as stream:
        while not failed and (lines := measure(stream, size, failed)).size:
            at = stored_position(stream)
            stored = lines.size if at is None else at - before
            yield Chunk(source, start, lines.size, first, lines.number, lines.text, stored)
            start += lines.size
            first += lines.number
            before = at or 0
    for error in failed:
        raise error


class _Lines(NamedTuple):
    """Whole lines of a stream."""

    size: int  #: in bytes
    number: int
    text: bytes | None = None


def _read_lines(stream: BinaryIO, size: int, failed: list[OSError]) -> _Lines:
    """Read whole lines of at least *size* bytes; after an error, return the lines before it, and add it to *failed*."""
    pieces: list[bytes] = []
    try:
        while size > 0 and (some := stream.read1(size)):  # type: ignore[attr-defined]  # all streams of `Source.open` have it
            pieces.append(some)  # NOTE: `read` would lose everything before a failure
            size -= len(some)
        if pieces and not pieces[-1].endswith(b"\n"):
            pieces.append(stream.readline())
        text = b"".join(pieces)
    except (OSError, MemoryError) as stopped:
        failed.append(OSError(TOO_MUCH) if isinstance(stopped, MemoryError) else stopped)
        text = b"".join(pieces)
        text = text[: text.rfind(b"\n") + 1]
    return _Lines(len(text), text.count(b"\n") + (bool(text) and not text.endswith(b"\n")), text)


def _pass_lines(stream: BinaryIO, size: int, failed: list[OSError]) -> _Lines:
    """Do the same without keeping their text: it is looked at where it lies, a piece at a time."""
    piece = bytearray(min(size, _PIECE))
    passed = count = complete = 0  # bytes, line ends, and bytes up to the last of these
    try:
        while passed < size and (got := stream.readinto1(memoryview(piece)[: size - passed])):  # type: ignore[attr-defined]  # as above
            ends = _count_ends(piece, got)
            if ends:
                count += ends
                complete = passed + piece.rfind(b"\n", 0, got) + 1
            passed += got
        if passed > complete:
            rest = stream.readline()
            passed += len(rest)
            count += 1  # a last line without an end counts as well
    except (OSError, MemoryError) as stopped:
        failed.append(OSError(TOO_MUCH) if isinstance(stopped, MemoryError) else stopped)
        passed = complete
    return _Lines(passed, count)


def _count_ends(piece: bytearray, size: int) -> int:
    """Count the line ends in the first *size* bytes; where lines are long, searching for the next one is quicker."""
    count, at = 0, -1
    while (at := piece.find(b"\n", at + 1, size)) >= 0:
        count += 1
        if count > size >> 9:
            return piece.count(b"\n", 0, size)
    return count


def _next_lines(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """Yield the next lines of *stream*, *size* bytes in total."""
    for line in stream:
        size -= len(line)
        yield line
        if size <= 0:
            return
    if size > 0:
        raise OSError("it became shorter while it was read")
