"""The first place of each of very many names, kept in little memory."""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping

from reqlint.core.pointer import Place

Where = tuple[int, Place]
"""The number of a document and a place in it."""

_MOST = 1 << 16
"""Names that are kept in full; a batch file that a service takes has fewer."""


class FirstPlaces:
    """
    The first place of each name.

    The latest names are kept in full. Older ones are kept by a digest of 128 bits, in 24 bytes a name instead of about
    200. That two names of one file share a digest is less likely than an error of the machine.
    """

    def __init__(self, most: int = _MOST) -> None:
        self.compacts = True  #: whether older names are kept by digests
        self._most = most
        self._recent: dict[str, int | Where] = {}  # only the number where the place is the root
        self._older: list[tuple[array[int], array[int], array[int]]] = []  # sorted: both halves of digests, documents

    def find_or_add(self, name: str, document: int, place: Place) -> Where | None:
        """Return the first place of *name*; None where it is new, and then this is its first place."""
        known = self._recent.get(name)
        if known is None:
            older = self._in_older(name) if self._older else None
            if older is not None:
                return older
            if len(self._recent) >= self._most and self.compacts and not place:  # an array is in memory anyway
                self._compact()
            self._recent[name] = (document, place) if place else document
            return None
        return _where(known)

    def add(self, known: Mapping[str, Where]) -> None:
        """Add names that were found elsewhere, with their first places."""
        for name, (document, place) in known.items():
            self.find_or_add(name, document, place)

    def add_later(self, after: "FirstPlaces") -> dict[str, Where]:
        """
        Add the names of *after*, which keeps all of them in full and was filled with later places.

        Returns those that were known with another first place, and this.
        """
        if self._older or len(self._recent) + len(after._recent) > self._most:
            found = ((name, where, self.find_or_add(name, *where)) for name, where in after.recent())
            return {name: first for name, where, first in found if first is not None and first != where}
        both = self._recent.keys() & after._recent.keys()
        known = {name: self._recent[name] for name in after._recent if name in both} if both else {}
        self._recent.update(after._recent)
        self._recent.update(known)
        return {name: _where(first) for name, first in known.items() if first != after._recent[name]}

    def recent(self) -> Iterator[tuple[str, Where]]:
        """Yield the names that are kept in full, with their first places; all names, unless it compacts."""
        for name, known in self._recent.items():
            yield name, _where(known)

    def _compact(self) -> None:
        """Replace the names so far by their digests."""
        digests = sorted((*_digest(name), known) for name, known in self._recent.items() if isinstance(known, int))
        self._older.append(
            (
                array("Q", (high for high, _, _ in digests)),
                array("Q", (low for _, low, _ in digests)),
                array("Q", (document for _, _, document in digests)),
            )
        )
        self._recent = {name: known for name, known in self._recent.items() if not isinstance(known, int)}

    def _in_older(self, name: str) -> Where | None:
        high, low = _digest(name)
        for highs, lows, documents in self._older:
            at = bisect_left(highs, high)
            while at < len(highs) and highs[at] == high:
                if lows[at] == low:
                    return documents[at], ()
                at += 1
        return None


def _where(known: int | Where) -> Where:
    return known if isinstance(known, tuple) else (known, ())


def _digest(name: str) -> tuple[int, int]:
    from hashlib import blake2b  # loads OpenSSL, needed for very long files only

    digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return int.from_bytes(digest[:8]), int.from_bytes(digest[8:])
