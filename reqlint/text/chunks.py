"""A long text of many lines, cut into stretches of whole lines that can be read apart from each other."""

from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, NamedTuple

from reqlint.text.compressed import stored_position
from reqlint.text.documents import JsonDocument, Source, read_json_lines
from reqlint.text.sources import TOO_MUCH

CHUNK_BYTES = 1 << 22
"""Bytes of a stretch, at least: enough to make handing it over cheap, few enough to keep several workers busy."""


class Chunk(NamedTuple):
    """Some lines of a source that follow each other; small to hand over where the source is a file."""

    source: Source
    start: int  #: where it starts in the text, in bytes
    size: int  #: in bytes
    first: int  #: the number of its first line, from 0
    lines: int  #: how many, blank ones included
    data: bytes | None = None  #: its text, where that cannot be read from *start* on
    stored: int = 0  #: bytes of the source as it is stored, which is less than `size` where it is compressed

    def documents(self) -> Iterator[JsonDocument]:
        """
        Read its lines as values, one each; blank ones are left out.

        Raises:
            OSError: the source cannot be read, or has become shorter.
        """
        if self.data is not None:
            yield from read_json_lines(BytesIO(self.data), self.first)
            return
        with self.source.open() as stream:
            stream.seek(self.start)
            yield from read_json_lines(_some(stream, self.size), self.first)


def split_chunks(source: Source, size: int = CHUNK_BYTES) -> Iterator[Chunk]:
    """
    Cut the text of *source* at line ends, into stretches of at least *size* bytes, reading it as a stream.

    The lines before one that cannot be read are given first.

    Raises:
        OSError: the source cannot be read.
    """
    at_hand = source.data is not None or bool(source.compression)  # text that only this process can read, or only once
    start = first = before = 0
    failed: list[OSError] = []
    with source.open() as stream:
        while not failed and (text := _lines(stream, size, failed)):
            lines = text.count(b"\n") + (not text.endswith(b"\n"))
            at = stored_position(stream)
            stored = len(text) if at is None else at - before
            yield Chunk(source, start, len(text), first, lines, text if at_hand else None, stored)
            start += len(text)
            first += lines
            before = at or 0
    for each in failed:
        raise each


def _lines(stream: BinaryIO, size: int, failed: list[OSError]) -> bytes:
    """Read whole lines; where reading stops, those before that, and put why into *failed*."""
    pieces: list[bytes] = []
    try:
        while size > 0 and (some := stream.read1(size)):  # type: ignore[attr-defined]  # what `Source.open` gives has it
            pieces.append(some)  # NOTE: with `read`, all that was read before a failure would be lost
            size -= len(some)
        if pieces and not pieces[-1].endswith(b"\n"):
            pieces.append(stream.readline())
    except (OSError, MemoryError) as stopped:
        failed.append(OSError(TOO_MUCH) if isinstance(stopped, MemoryError) else stopped)
        text = b"".join(pieces)
        return text[: text.rfind(b"\n") + 1]
    return b"".join(pieces)


def _some(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """Give lines of *size* bytes in all."""
    for line in stream:
        size -= len(line)
        yield line
        if size <= 0:
            return
    if size > 0:
        raise OSError("it became shorter while it was read")
