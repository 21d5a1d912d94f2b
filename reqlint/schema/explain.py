"""What a refused request is refused for: its failures as hits, without those that only follow from others."""

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from reqlint.core.findings import Hit
from reqlint.core.pointer import Place, value_at
from reqlint.schema.engine import Failure
from reqlint.schema.failure_hits import KeywordHits, request_rule_hit
from reqlint.schema.failures import FailureFinder, Known
from reqlint.schema.keyword_rules import RULE_OF_KEYWORD, named_rule
from reqlint.schema.request_rules import RequestRule

_MEANINGLESS_OF_WRONG_TYPE = frozenset(RULE_OF_KEYWORD) - {"type", "required", "additionalProperties"}
"""Keywords whose failure is not reported for a value of a wrong type."""

_STRUCTURAL = ("type", "required", "not")
"""Keywords whose failure means that a check cannot index into the value."""

_MOST_KEPT = 1024
_LONGEST_KEPT = 64  # characters


class Explanation(NamedTuple):
    """The reasons why a request was refused."""

    hits: list[Hit]
    broken: frozenset[str | None]  #: top-level keys whose shape is broken; None when the request itself is


class Explainer:
    """
    Explains what a profile's schema and the ``request:`` schemas of its rules have against a request.

    Args:
        schema: the profile's.
        rules: those with a ``request:`` schema that are on.
        engine: the name of an engine; the default one when None.
        unproven: rules that the profile has no evidence for. They say nothing; where ``x-rule`` names one of them, the
            generic rule of the failed keyword speaks.
        bulk: the key of the largest member, which is another one in nearly every request.
        repeated: keys of members that are the same from one request to the next.
    """

    def __init__(
        self,
        schema: Mapping[str, Any],
        rules: Sequence[RequestRule],
        engine: str | None = None,
        unproven: frozenset[str] = frozenset(),
        bulk: str = "",
        repeated: Sequence[str] = (),
    ) -> None:
        self._members = bulk, repeated
        self._schema = schema
        self._rules = rules
        self._engine = engine
        self._unproven = unproven
        self._finder: FailureFinder | None = None  # compiled when something is wrong
        self._written: dict[tuple[int, str], KeywordHits] = {}  # by the id of a subschema, and its failed keyword
        self._kept: dict[tuple[object, ...], Sequence[Hit]] = {}

    def explain(self, request: object, known: Known | None = None) -> Explanation:
        """
        Return the hits of a refused request, and which of its keys are broken.

        *known* is what the caller knows of it.
        """
        finder = self._finder
        if finder is None:
            self._finder = finder = FailureFinder(self._schema, self._rules, self._engine, *self._members)
        hits: list[Hit] = []
        found: set[str] = set()
        broken: set[str | None] = set()
        wrong_discriminators: set[Place] = set()
        # Engines differ in order; of two keywords that fail at one place, the first by name is reported.
        failures = finder.failures(request, known)
        if len(failures) > 1:
            failures.sort(key=_resource_and_keyword)
        mistyped = {place for place, keyword, _, resource in failures if keyword == "type" and resource == 0}
        for failure in failures:
            place, keyword, schema, resource = failure
            if resource == 0:
                if place in mistyped and (keyword in _MEANINGLESS_OF_WRONG_TYPE or self._is_vague(schema, keyword)):
                    continue
                hits += self._shape_hits(failure, request)
                if keyword in _STRUCTURAL and "x-severity" not in schema:
                    if place:
                        broken.add(str(place[0]))
                    elif keyword != "required":  # a missing top-level key leaves the others what they are
                        broken.add(None)
                if id(schema) in finder.discriminators:
                    wrong_discriminators.add(place)
                continue
            rule = self._rules[resource - 1]
            if rule.everywhere or rule.at is None:
                hits.append(request_rule_hit(failure, place, rule.id, rule.mark, request))
            elif rule.id not in found:
                found.add(rule.id)
                hits.append(request_rule_hit(failure, (rule.at,), rule.id, rule.mark, request))
        if wrong_discriminators and len(hits) > 1:
            by_owner = _by_owner(wrong_discriminators)
            hits = [hit for hit in hits if not _follows_from_discriminator(hit.place, by_owner)]
        return Explanation(_distinct(hits) if len(hits) > 1 else hits, frozenset(broken))

    def _is_vague(self, schema: Mapping[str, Any], keyword: str) -> bool:
        """Return whether a keyword without a generic rule has lost the rule that would speak for it."""
        return keyword not in RULE_OF_KEYWORD and named_rule(schema, keyword) in self._unproven

    def _shape_hits(self, failure: Failure, request: object) -> Sequence[Hit]:
        """Return the hits of a failure; kept, as a mistake in one line of a file is often one in all of them."""
        place, keyword, schema, _ = failure
        value = value_at(request, place)
        written = self._written.get((id(schema), keyword))
        if written is None:  # it holds the schema, so no other has its id
            written = self._written[id(schema), keyword] = KeywordHits(schema, keyword, self._unproven)
        kind = value.__class__
        if (kind is not str or len(value) > _LONGEST_KEPT) and kind is not int and value is not None:  # type: ignore[arg-type]  # a str
            return written.hits(place, value)
        key = (id(schema), keyword, place, kind, value)
        hits = self._kept.get(key)
        if hits is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            hits = self._kept[key] = written.hits(place, value)
        return hits


_resource_and_keyword = itemgetter(3, 1)


def _by_owner(discriminators: Iterable[Place]) -> Mapping[Place, set[Place]]:
    """Return wrong discriminators by the place of the object that they belong to."""
    by_owner: dict[Place, set[Place]] = {}
    for place in discriminators:
        by_owner.setdefault(place[:-1], set()).add(place)
    return by_owner


def _follows_from_discriminator(place: Place, by_owner: Mapping[Place, set[Place]]) -> bool:
    """Return whether *place* is in an object with a wrong discriminator, and is not that discriminator itself."""
    wrong = (by_owner.get(place[:length], ()) for length in range(len(place) + 1))
    return any(len(places) > 1 or place not in places for places in wrong if places)


def _distinct(hits: list[Hit]) -> list[Hit]:
    """Drop a second hit of one rule at one place: two keywords of one subschema make one mistake."""
    if len({hit.place for hit in hits}) == len(hits):
        return hits
    first: dict[tuple[str, Place, object], Hit] = {}
    for hit in hits:
        first.setdefault((hit.rule, hit.place, hit.facts.get("field")), hit)
    return list(first.values())
