"""The copy of a text that is being mended: pieces of it as they are, blanked or put in, and where each comes from."""

from reqlint.text.half_typed import OffsetMap


class MendedCopy:
    """Collects the pieces of the copy of *text*, in their order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._pieces: list[tuple[str, int, int]] = []  # as written, and the span in the text

    def copy(self, at: int, end: int) -> int:
        """Take what stands between two offsets as it is; return the number of the piece."""
        self._pieces.append((self._text[at:end], at, end))
        return len(self._pieces) - 1

    def blank(self, at: int, end: int) -> None:
        """Take blanks in the place of what stands between two offsets, or what stands there if it is blank."""
        text = self._text[at:end]
        self._pieces.append((text if not text.strip(" \t\r\n") else " " * (end - at), at, end))

    def put(self, written: str, at: int, end: int | None = None) -> int:
        """
        Write what does not stand in the text: between two characters, or in the place of what ends at *end*.

        Return the number of the piece.
        """
        self._pieces.append((written, at, at if end is None else end))
        return len(self._pieces) - 1

    def take_back(self, number: int) -> None:
        """Blank a piece that was taken before."""
        _, at, end = self._pieces[number]
        self._pieces[number] = (" " * (end - at), at, end)

    def result(self) -> tuple[str, OffsetMap]:
        """Return the copy, and the map from its offsets to those of the text."""
        offsets, size = OffsetMap(), 0
        for piece, at, end in self._pieces:
            offsets.add(size, at, end - at)
            size += len(piece)
        return "".join(piece for piece, _, _ in self._pieces), offsets
