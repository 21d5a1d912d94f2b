"""Where each of very many names was met first, in memory that hardly grows with them."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping

from reqlint.core.pointer import Place

Where = tuple[int, Place]
"""The number of a document, and a place in it."""

_MOST = 1 << 16
"""Names that are kept as they are; a batch file that a service takes has fewer."""


class FirstPlaces:
    """
    Remembers where names were met first.

    The last of them are kept as they are. Older ones are kept by a digest of 128 bits, at 24 bytes a name in place of
    some 200; that two names of one file share a digest is less likely than that the machine errs.
    """

    def __init__(self, most: int = _MOST) -> None:
        self.folds = True  #: whether older names are kept by digests
        self._most = most
        self._recent: dict[str, int | Where] = {}  # the number alone where the place is the whole document
        self._older: list[tuple[array[int], array[int], array[int]]] = []  # sorted: two halves of digests, documents

    def meet(self, name: str, document: int, place: Place) -> Where | None:
        """Say where *name* was met before; where it was not, remember that it is met here."""
        met = self._recent.get(name)
        if met is None:
            older = self._in_older(name) if self._older else None
            if older is not None:
                return older
            if len(self._recent) >= self._most and self.folds and not place:  # an array of lines is held whole anyway
                self._fold()
            self._recent[name] = (document, place) if place else document
            return None
        return met if isinstance(met, tuple) else (met, ())

    def learn(self, known: Mapping[str, Where]) -> None:
        """Take over where names were met by others."""
        for name, (document, place) in known.items():
            self.meet(name, document, place)

    def recent(self) -> Iterator[tuple[str, Where]]:
        """Give the names that are kept as they are; all of them, unless it folds."""
        for name, met in self._recent.items():
            yield name, met if isinstance(met, tuple) else (met, ())

    def _fold(self) -> None:
        """Keep the names so far by their digests."""
        folded = sorted((*_digest(name), met) for name, met in self._recent.items() if isinstance(met, int))
        self._older.append(
            (
                array("Q", (high for high, _, _ in folded)),
                array("Q", (low for _, low, _ in folded)),
                array("Q", (document for _, _, document in folded)),
            )
        )
        self._recent = {name: met for name, met in self._recent.items() if not isinstance(met, int)}

    def _in_older(self, name: str) -> Where | None:
        high, low = _digest(name)
        for highs, lows, met in self._older:
            at = bisect_left(highs, high)
            while at < len(highs) and highs[at] == high:
                if lows[at] == low:
                    return met[at], ()
                at += 1
        return None


def _digest(name: str) -> tuple[int, int]:
    from hashlib import blake2b  # loads OpenSSL, which few files are long enough for

    digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return int.from_bytes(digest[:8]), int.from_bytes(digest[8:])
