"""Judging a request of which some values are not known, such as what a shell puts in place of ``$MODEL``."""

from collections.abc import Sequence

from reqlint.core.findings import Hit, Part
from reqlint.core.pointer import Place
from reqlint.judge.judge import Judge
from reqlint.text.pasted.bodies import Unknown


def certain_hits(judge: Judge, value: object, place: Place, unknown: Unknown) -> Sequence[Hit]:
    """
    Return the hits against *value*, at *place* of its document, that hold whatever the unknown values are.

    A hit is kept if it is at no unknown value, relates to none, and is also found with each of many other values.
    """
    verdict = judge.judge(value)
    if verdict is None:
        return ()
    depth = len(place)
    places = [each[depth:] for each in unknown.places]
    kept = [hit for hit in verdict.hits if not _touches(hit, places)]
    for document in unknown.readings():
        if not kept:
            break
        again = judge.judge(_inside(document, place))
        still = {_name(hit) for hit in again.hits} if again else set()
        kept = [hit for hit in kept if _name(hit) in still]
    return kept


def _inside(value: object, place: Place) -> object:
    for step in place:
        value = value[step]  # type: ignore[index]  # the same shape as the document the place was found in
    return value


def _name(hit: Hit) -> tuple[str, Place, Part]:
    return hit.rule, hit.place, hit.part


def _touches(hit: Hit, places: Sequence[Place]) -> bool:
    at = [hit.place, *(link.place for link in hit.related if link.document is None)]
    return any(each[: len(place)] == place for each in at for place in places)
