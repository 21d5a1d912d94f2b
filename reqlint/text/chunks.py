"""Chunks of a long text of many lines, which can be read independently of each other."""

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, NamedTuple

from reqlint.text.compressed import stored_position
from reqlint.text.documents import JsonDocument, read_json_lines
from reqlint.text.sources import TOO_MUCH, Source

CHUNK_BYTES = 1 << 22
"""Least bytes of a chunk: enough to make handing it over cheap, few enough to keep several workers busy."""


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
    start = first = before = 0
    failed: list[OSError] = []
    with source.open() as stream:
        while not failed and (text := _read_lines(stream, size, failed)):
            lines = text.count(b"\n") + (not text.endswith(b"\n"))
            at = stored_position(stream)
            stored = len(text) if at is None else at - before
            yield Chunk(source, start, len(text), first, lines, text if keeps_text else None, stored)
            start += len(text)
            first += lines
            before = at or 0
    for error in failed:
        raise error


def _read_lines(stream: BinaryIO, size: int, failed: list[OSError]) -> bytes:
    """Read whole lines of at least *size* bytes; after an error, return the lines before it, and add it to *failed*."""
    pieces: list[bytes] = []
    try:
        while size > 0 and (some := stream.read1(size)):  # type: ignore[attr-defined]  # all streams of `Source.open` have it
            pieces.append(some)  # NOTE: `read` would lose everything before a failure
            size -= len(some)
        if pieces and not pieces[-1].endswith(b"\n"):
            pieces.append(stream.readline())
    except (OSError, MemoryError) as stopped:
        failed.append(OSError(TOO_MUCH) if isinstance(stopped, MemoryError) else stopped)
        text = b"".join(pieces)
        return text[: text.rfind(b"\n") + 1]
    return b"".join(pieces)


def _next_lines(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """Yield the next lines of *stream*, *size* bytes in total."""
    for line in stream:
        size -= len(line)
        yield line
        if size <= 0:
            return
    if size > 0:
        raise OSError("it became shorter while it was read")
