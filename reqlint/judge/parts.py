"""The hits of a request found in two halves: its messages, and all the rest, which is often what it was before."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from marshal import dumps
from typing import Any

from reqlint.core.findings import Hit
from reqlint.judge.reach import Reach
from reqlint.knowledge.rule import Rule
from reqlint.schema.keyword_rules import named_rules

_BULK = "messages"
_MOST_KEPT = 64
_LONGEST = 1 << 16  # bytes of a rest that is remembered
_PATIENCE = 64  # rests that were new, beyond those that were known, before nobody asks any more

Find = Callable[[object], Sequence[Hit]]


class RequestParts:
    """
    Finds what a judge finds in a request, and remembers what it found beside the messages.

    Where every line of a file has the same mistake, it stands most often in what every line has in common.

    Args:
        schema: the profile's.
        rules: those that are on.
        find: finds all hits of an object, for the engine to choose from; may raise on what is no JSON value.
        proves: tells that an object has none, or that this is not known.
    """

    def __init__(
        self, schema: Mapping[str, Any], rules: Iterable[Rule], find: Find, proves: Callable[[object], bool]
    ) -> None:
        reach = Reach(schema, rules)
        self._about = reach.rules_about(_BULK)
        self._looked_at = reach.felt_by(frozenset({_BULK})).union(schema.get("required", ()))
        self._left = 0 if reach.unknown or not self._about.isdisjoint(named_rules(schema)) else _PATIENCE
        self._find = find
        self._proves = proves
        self._known: dict[bytes, Sequence[Hit]] = {}

    def hits(self, request: object) -> Sequence[Hit] | None:
        """Give the hits of *request* in no particular order; None where it cannot, or does not pay to, be halved."""
        if self._left <= 0 or request.__class__ is not dict or _BULK not in request:
            return None
        members: dict[str, Any] = request
        # The key stays, as a key that is there is no longer suggested for another.
        rest = {key: [] if key == _BULK else value for key, value in members.items()}
        try:
            written = dumps(rest, 4)
        except ValueError:
            return None  # something that JSON does not have
        known = self._known.get(written)
        if known is None:
            self._left -= 1
            known = [hit for hit in self._find(rest) if hit.rule not in self._about and hit.place[:1] != (_BULK,)]
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            if len(written) <= _LONGEST:
                self._known[written] = known
        elif self._left < _PATIENCE:
            self._left += 1
        talk = {key: members[key] for key in members if key in self._looked_at}
        if self._proves(talk):
            return known
        found = self._find(talk)
        return [*known, *(hit for hit in found if hit.rule in self._about or hit.place[:1] == (_BULK,))]
