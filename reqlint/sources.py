"""Named text, before anybody knows what is in it: where it is from, how it is opened, how long it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from reqlint import compressed

_BUFFER = 1 << 18


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
        else:
            stream = self.path.open("rb", buffering=0) if suffix else self.path.open("rb", buffering=_BUFFER)
        return compressed.opened(stream, suffix) if suffix else stream

    def read(self) -> bytes:
        """
        Give all of its text.

        Raises:
            OSError: as `open`, or it unpacks to more than can be held.
        """
        packed = bool(self.compression)
        if self.data is not None and not packed:
            return self.data
        with self.open() as stream:
            text = stream.read(compressed.LONGEST + 1 if packed else -1)
        if packed and len(text) > compressed.LONGEST:
            raise OSError(f"it unpacks to more than {compressed.LONGEST:,} bytes, and its form is read whole")
        return text

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
                    found[number] = without_end(line).decode("utf-8", "replace")
        return found


def without_end(line: bytes) -> bytes:
    """Give a line without its line end."""
    return line.removesuffix(b"\n").removesuffix(b"\r")
