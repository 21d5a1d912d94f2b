"""Hits after they were found: moved into their document, restated, freed of repetition, sorted."""

from collections.abc import Mapping
from math import isfinite

from reqlint.core.findings import Hit, Link, Part
from reqlint.core.json_values import NON_FINITE
from reqlint.core.pointer import Place
from reqlint.core.records import replace
from reqlint.knowledge.rule import Rule
from reqlint.schema.request_rules import ROOT_NAME


def rebase(hit: Hit, base: Place) -> Hit:
    """Return *hit* with places of the document, in which its request stands at *base*."""
    if not base:
        return hit
    links = tuple(
        link if link.document is not None else Link((*base, *link.place), link.label, link.part, link.region)
        for link in hit.related
    )
    return Hit((*base, *hit.place), hit.part, hit.facts, links, hit.rule, hit.severity, hit.region)


def of_rule(hit: Hit, rule: str) -> Hit:
    """Return a hit of the check of a *rule*, which does not name it."""
    return Hit(hit.place, hit.part, hit.facts, hit.related, rule, hit.severity, hit.region)


def name_line(hit: Hit) -> Hit:
    """Return a hit against a line of a file in which the root is called "the line" and not a request."""
    if hit.place and "owner" not in hit.facts:
        return hit
    names = {key: "the line" for key in ("name", "owner") if hit.facts.get(key) == ROOT_NAME}
    return replace(hit, facts={**hit.facts, **names})


def restate_non_finite(hit: Hit) -> Hit:
    """Return a hit on NaN or an infinity as `non-json-value`; which numbers the API takes does not matter there."""
    facts = hit.facts
    value = facts.get("value") if facts else None
    if isinstance(value, float) and not isfinite(value):
        return replace(hit, facts={"name": NON_FINITE.get(value, "NaN")}, rule="non-json-value")
    return hit


def drop_superseded(hits: list[Hit], rules: Mapping[str, Rule]) -> list[Hit]:
    """Return *hits* without those that a more telling rule supersedes, at its place and everywhere below."""
    superseded: dict[Place, set[str]] = {}
    for hit in hits:
        if names := rules[hit.rule].supersedes:
            superseded.setdefault(hit.place, set()).update(names)
    if not superseded:
        return hits
    return [
        hit
        for hit in hits
        if not any(hit.rule in superseded.get(hit.place[:length], ()) for length in range(len(hit.place) + 1))
    ]


_FEW = 16
"""Keys of an object that are counted faster than they are numbered."""


class DocumentOrder:
    """
    The sort key that puts hits in the order of the document *root*, whichever engine or check found them.

    NOTE: the keys of an object are numbered once for all hits; a request may have a million keys.
    """

    def __init__(self, root: object) -> None:
        self._root = root
        self._numbers: dict[int, dict[object, int]] = {}  # of the keys of an object, by its id

    def __call__(self, hit: Hit) -> tuple[tuple[int, ...], bool, str]:
        """Return the sort key of a hit."""
        numbers: list[int] = []
        value = self._root
        for step in hit.place:
            if isinstance(value, dict) and step in value:
                numbers.append([*value].index(step) if len(value) <= _FEW else self._number_of(step, value))
                value = value[step]
            elif isinstance(value, list | tuple) and isinstance(step, int) and step < len(value):
                numbers.append(step)
                value = value[step]
            else:
                break
        return tuple(numbers), hit.part is Part.VALUE, hit.rule + str(hit.facts.get("field", ""))

    def _number_of(self, key: object, value: dict[object, object]) -> int:
        of_keys = self._numbers.get(id(value))
        if of_keys is None:
            of_keys = self._numbers[id(value)] = {key: number for number, key in enumerate(value)}
        return of_keys[key]
