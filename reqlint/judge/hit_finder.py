"""All hits of one request after the other, each with few questions: for files in which many requests have some."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum, auto
from marshal import dumps
from typing import Any

from reqlint.checks import Facts
from reqlint.checks.idle import is_idle
from reqlint.checks.model_lists import LONGEST_NAME, is_listed_for
from reqlint.core.findings import Hit
from reqlint.dialects.vocabulary import Dialect
from reqlint.judge.guards import GuardedChecks, WokenCheck
from reqlint.judge.hits import of_rule
from reqlint.knowledge.proofs import ordinary_members
from reqlint.schema.combine import combine_schemas, separate_members
from reqlint.schema.failures import Known
from reqlint.schema.ordinary import with_quick_way
from reqlint.schema.validators import compile_gate

_MOST_CLEAN = 256  # sets of repeated members that are remembered
_LONGEST_CLEAN = 1 << 18  # bytes of one set
_MOST_PLANS = 256  # a program sends few models with few sets of keys

Explain = Callable[[object, Known], tuple[list[Hit], frozenset[str | None]]]
"""Returns what is wrong with the shape of a request, and which of its keys are broken; None for all of it."""
_Predicate = Callable[[Any], bool]
_Groups = Sequence[tuple[GuardedChecks, Sequence[WokenCheck]]]


class _Fit(Enum):
    """What the gate of some members says of them."""

    SILENT = auto()  #: they have the right shape, and every check that has a schema for a proof is silent
    RIGHT = auto()  #: they have the right shape
    BROKEN = auto()


class HitFinder:
    """
    Finds the hits of requests: the same ones as the long way, of which it leaves out what one gate answers.

    The dialect's repeated members, such as tools, are judged apart, and not again if they were clean before.

    Args:
        schemas: those that the gate is made of.
        unguarded: checks to run whenever their key is present.
        guarded: checks that a proof silences on nearly every request.
        facts: the profile's, for the checks.
        dialect: the wire shape of the requests.
        explain: says what is wrong with a shape.
    """

    def __init__(
        self,
        schemas: Sequence[Mapping[str, Any]],
        unguarded: Sequence[WokenCheck],
        guarded: Sequence[GuardedChecks],
        facts: Facts,
        dialect: Dialect,
        explain: Explain,
    ) -> None:
        keys = self._keys = dialect.repeated
        rest, repeated = separate_members(combine_schemas(schemas), keys)
        checks = unguarded, guarded, facts, dialect
        ordinary = ordinary_members(dialect.name)
        self._rest = _Members(with_quick_way(rest, ordinary), *checks, lambda check: not check.needs.issubset(keys))
        self._repeated = _Members(repeated, *checks, lambda check: check.needs.issubset(keys))
        self._explain = explain
        self._clean: set[bytes] = set()

    def hits(self, request: object) -> Sequence[Hit] | None:
        """Return all hits of a request of JSON values, in no particular order; None if this way cannot tell."""
        if type(request) is not dict:
            return None
        try:
            return self._hits(request)
        except MemoryError:
            raise
        except Exception:  # a value that JSON cannot hold, or a bug; the long way reports which
            return None

    def _hits(self, request: dict[str, Any]) -> Sequence[Hit]:
        repeated = {key: request[key] for key in self._keys if key in request}
        written = dumps(repeated, 4)
        is_clean = written in self._clean
        fit_repeated = _Fit.SILENT if is_clean else self._repeated.fit(repeated)
        fit_rest = self._rest.fit(request)
        hits: list[Hit] = []
        broken: frozenset[str | None] = frozenset()
        if fit_repeated is _Fit.BROKEN or fit_rest is _Fit.BROKEN:
            found, broken = self._explain(request, self._known(request, repeated, fit_repeated, fit_rest))
            hits += found
            if None in broken:
                return hits
        if not is_clean:
            of_repeated = [*self._repeated.hits(repeated, fit_repeated, broken)]
            hits += of_repeated
            if not of_repeated and fit_repeated is not _Fit.BROKEN and len(written) <= _LONGEST_CLEAN:
                if len(self._clean) >= _MOST_CLEAN:
                    self._clean.clear()
                self._clean.add(written)
        hits += self._rest.hits(request, fit_rest, broken)
        return hits

    def _known(self, request: dict[str, Any], repeated: dict[str, Any], of_repeated: _Fit, of_rest: _Fit) -> Known:
        """Return what the gates say of the members of a request, of which they refuse some."""
        of_each = ((repeated.keys(), of_repeated), (request.keys() - repeated.keys(), of_rest))
        right = [keys for keys, fit in of_each if fit is not _Fit.BROKEN]
        return Known(frozenset().union(*right), repeated.keys() if of_repeated is _Fit.BROKEN else frozenset())


class _Members:
    """Some members of a request, with every schema and check that needs no other member."""

    def __init__(
        self,
        schema: Mapping[str, Any],
        unguarded: Sequence[WokenCheck],
        guarded: Sequence[GuardedChecks],
        facts: Facts,
        dialect: Dialect,
        applies: Callable[[WokenCheck], bool],
    ) -> None:
        groups = [(group, tuple(filter(applies, group.checks))) for group in guarded]
        self._unguarded = tuple(filter(applies, unguarded))
        self._by_schema: _Groups = [(group, checks) for group, checks in groups if checks and group.schema]
        self._by_proof: _Groups = [(group, checks) for group, checks in groups if checks and not group.schema]
        self._schema = schema
        self._proof_schemas = [group.schema for group, _ in self._by_schema if group.schema]
        self._facts = facts
        self._dialect = dialect
        self._known_keys = frozenset(schema.get("properties", ()))
        self._asked: dict[object, Sequence[WokenCheck]] = {}  # checks without a proof, by model and keys
        self._strict: _Predicate | None = None  # the schema and all proofs; compiled on first use, as the next two
        self._accepts: _Predicate | None = None  # the schema alone
        self._proofs: _Predicate | None = None  # the proofs alone
        self._is_fit = True  # whether the last ones were; then the next probably are, too

    def fit(self, value: object) -> _Fit:
        """Return how the object *value* fits; may raise on values that JSON cannot hold."""
        if self._is_fit:
            if self._strict is None:
                self._strict = compile_gate([self._schema, *self._proof_schemas])
            if self._strict(value):
                return _Fit.SILENT
        if self._accepts is None:
            self._accepts = compile_gate([self._schema])
        self._is_fit = self._accepts(value)
        return _Fit.RIGHT if self._is_fit else _Fit.BROKEN

    def hits(self, value: Any, fit: _Fit, broken: frozenset[str | None]) -> Iterator[Hit]:
        """Yield what the checks find in *value*, but not of those that need one of its *broken* keys."""
        woken = self._asked_of(value)
        if fit is not _Fit.SILENT and self._proof_schemas:
            if self._proofs is None:
                self._proofs = compile_gate(self._proof_schemas)
            if not self._proofs(value):
                woken = [*woken, *_unproven(self._by_schema, value)]
        facts, dialect = self._facts, self._dialect
        for rule, at, needs, check in (*woken, *_unproven(self._by_proof, value)):
            if at in value and (not broken or needs.isdisjoint(broken)):
                for hit in check(value, facts, dialect):
                    yield of_rule(hit, rule)

    def _asked_of(self, value: Mapping[str, Any]) -> Sequence[WokenCheck]:
        """Return the checks without a proof that may have something to find with this model and these keys."""
        model = self._dialect.model(value)
        if model is not None and len(model) > LONGEST_NAME:
            return self._unguarded
        keys = tuple(value) if self._known_keys.issuperset(value) else None  # with others, no end of sets
        asked = self._asked.get((model, keys))
        if asked is None:
            facts, dialect = self._facts, self._dialect
            asked = [
                woken
                for woken in self._unguarded
                if (model is None or is_listed_for(woken.rule, model, facts))
                and (keys is None or (woken.at in keys and not is_idle(woken.rule, model, keys, facts, dialect)))
            ]
            if len(self._asked) >= _MOST_PLANS:
                self._asked.clear()
            self._asked[model, keys] = asked
        return asked


def _unproven(groups: _Groups, value: object) -> Iterator[WokenCheck]:
    for group, checks in groups:
        if not group.proves_silent(value):
            yield from checks
