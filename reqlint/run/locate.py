"""Where the hits of a document stand in its text, and which request each belongs to."""

from collections.abc import Iterable, Sequence

from reqlint.containers.envelope import RECORDINGS, EmbeddedRequest, Envelope
from reqlint.core.findings import Hit, Part, Region
from reqlint.core.json_values import encodable
from reqlint.core.pointer import Place
from reqlint.judge.hits import rebase
from reqlint.judge.origin import Located
from reqlint.text.documents import Document


def locate_hits(document: Document, hits: Iterable[tuple[Envelope, Hit]]) -> Located:
    """
    Return the region of every place that *hits* speak of.

    The document is walked once, and so is each text that is embedded in one of its strings.
    """
    outer: list[tuple[Place, Part]] = []
    inner: dict[int, tuple[EmbeddedRequest, list[tuple[Place, Part]]]] = {}
    for envelope, hit in hits:
        places = outer if envelope.inner is None else inner.setdefault(id(envelope.inner), (envelope.inner, []))[1]
        if hit.region is None:
            places.append((hit.place, hit.part))
        for link in hit.related:
            if link.region is None and link.document is None:
                places.append((link.place, link.part))
    for embedded, places in inner.values():
        outside = (wanted for wanted in places if wanted[0][: len(embedded.place)] != embedded.place)
        outer += [(embedded.place, Part.VALUE), *outside]
    located = document.locate(outer) if outer else {}
    for embedded, places in inner.values():
        located.update(embedded.locate(document, places, located))
    return located


def regions_of(hits: Iterable[Hit], located: Located) -> list[Region | None]:
    """Return the region of each hit; None where that is not known."""
    return [hit.region or located.get((hit.place, hit.part)) for hit in hits]


class NearestRequest:
    """Finds the request of a document that a flaw of its text belongs to."""

    def __init__(self, envelopes: Sequence[Envelope]) -> None:
        self._around = envelopes[0] if envelopes[0].kind not in RECORDINGS else None
        self._by_place: dict[Place, tuple[int, Envelope]] = {}
        for number, envelope in enumerate(envelopes):
            self._by_place.setdefault(envelope.place, (number, envelope))

    def __call__(self, flaw: Hit) -> Envelope | None:
        """Return the first request that *flaw* is in; None for a flaw in what a recording holds around its requests."""
        if self._around is not None and len(self._by_place) == 1:
            return self._around
        inside = (self._by_place.get(flaw.place[:length]) for length in range(len(flaw.place) + 1))
        first = min((each for each in inside if each is not None), key=lambda each: each[0], default=None)
        return first[1] if first else self._around


def encodable_place(place: Place) -> Place:
    """Return a place of the text as it is in the value that was judged, where half a character is replaced."""
    return tuple(encodable(step) if isinstance(step, str) else step for step in place)


def to_document(hit: Hit, base: Place) -> Hit:
    """
    Return *hit* with places that start at the document's root; *base* leads to its request.

    A judge returns the same hit for equal mistakes in many lines; so does this, which lets later steps remember it.
    """
    if not base:
        return hit
    known = _REBASED.get(id(hit))
    if known is not None and known[0] is hit and known[1] == base:
        return known[2]
    value = hit.facts.get("value")
    rebased = rebase(hit, base)
    if not isinstance(value, str | list | dict) or len(value) <= _LONGEST_VALUE:
        if len(_REBASED) >= _MOST_REBASED:
            _REBASED.clear()
        _REBASED[id(hit)] = (hit, base, rebased)
    return rebased


_REBASED: dict[int, tuple[Hit, Place, Hit]] = {}
_MOST_REBASED = 1024
_LONGEST_VALUE = 100  # characters or items; longer values are not kept alive
