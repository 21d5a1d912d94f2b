"""The hits of a request found in two parts: its messages, and the rest, which often repeats an earlier request's."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from marshal import dumps
from typing import Any

from reqlint.core.findings import Hit
from reqlint.judge.reach import Reach
from reqlint.knowledge.rule import Rule
from reqlint.schema.keyword_rules import named_rules

_MOST_KEPT = 64
_LONGEST_KEPT = 1 << 16  # bytes of a rest
_PATIENCE = 64  # how many more rests may be new than repeated before splitting is given up

FindHits = Callable[[object], Sequence[Hit]]


class RequestParts:
    """
    Finds the hits of a request, and remembers those outside its messages.

    If every line of a file has the same mistake, it is most often in the members that all lines share.

    Args:
        schema: the profile's.
        rules: those that are on.
        find_hits: finds all hits of an object; may raise on values that JSON cannot hold.
        proves_clean: returns True only for an object without hits.
        bulk: the key of the conversation, which is another one in nearly every request.
    """

    def __init__(
        self,
        schema: Mapping[str, Any],
        rules: Iterable[Rule],
        find_hits: FindHits,
        proves_clean: Callable[[object], bool],
        bulk: str,
    ) -> None:
        self._bulk = bulk
        reach = Reach(schema, rules)
        self._message_rules = reach.rules_reading(bulk)
        self._message_keys = reach.affected_by(frozenset({bulk})).union(schema.get("required", ()))
        can_split = not reach.is_unknown and self._message_rules.isdisjoint(named_rules(schema))
        self._patience = _PATIENCE if can_split else 0
        self._find_hits = find_hits
        self._proves_clean = proves_clean
        self._of_rest: dict[bytes, Sequence[Hit]] = {}

    def hits(self, request: object) -> Sequence[Hit] | None:
        """Return the hits of *request* in no particular order; None if splitting it is impossible or does not pay."""
        if self._patience <= 0 or request.__class__ is not dict or self._bulk not in request:
            return None
        members: dict[str, Any] = request
        # The key of the messages stays, because a key that is present is not suggested for a misspelled one.
        rest = {key: [] if key == self._bulk else value for key, value in members.items()}
        try:
            written = dumps(rest, 4)
        except ValueError:
            return None  # a value that JSON cannot hold
        of_rest = self._of_rest.get(written)
        if of_rest is None:
            self._patience -= 1
            of_rest = [hit for hit in self._find_hits(rest) if not self._is_of_messages(hit)]
            if len(self._of_rest) >= _MOST_KEPT:
                self._of_rest.clear()
            if len(written) <= _LONGEST_KEPT:
                self._of_rest[written] = of_rest
        elif self._patience < _PATIENCE:
            self._patience += 1
        around_messages = {key: members[key] for key in members if key in self._message_keys}
        if self._proves_clean(around_messages):
            return of_rest
        return [*of_rest, *filter(self._is_of_messages, self._find_hits(around_messages))]

    def _is_of_messages(self, hit: Hit) -> bool:
        return hit.rule in self._message_rules or hit.place[:1] == (self._bulk,)
