"""All hits of one request after the other, each with few questions: for files in which many requests have some."""

from collections.abc import Callable, Mapping, Sequence, Set
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from reqlint.checks import Facts
from reqlint.checks.idle import is_idle, keys_spoken_of
from reqlint.checks.model_lists import LONGEST_NAME
from reqlint.core.findings import Hit
from reqlint.dialects.vocabulary import Dialect
from reqlint.judge.guards import GuardedChecks, WokenCheck
from reqlint.judge.hits import of_rule
from reqlint.schema.combine import Schema, combine_schemas, separate_items
from reqlint.schema.failures import Known
from reqlint.schema.validators import compile_gate

if TYPE_CHECKING:
    from reqlint.judge.shortcut import Shortcut

_NOTHING: frozenset[str] = frozenset()
_MOST_LEFT = 64  # sets of broken keys, for each plan
_MOST_PLANS = 256  # a program sends few models with few sets of keys

Explain = Callable[[object, Known], tuple[list[Hit], frozenset[str | None]]]
"""Returns what is wrong with the shape of a request, and which of its keys are broken; None for all of it."""
_Predicate = Callable[[Any], bool]
_Groups = Sequence[tuple[GuardedChecks, Sequence[WokenCheck]]]


class HitFinder:
    """
    Finds the hits of requests: the same ones as the long way, of which it leaves out what few gates answer.

    Each item of the long arrays, such as the conversation and the tools, is asked about by itself, because nearly all
    of them have nothing wrong, and what is wrong with the others takes long to find.

    Args:
        schemas: that of the profile, and those of its rules.
        unguarded: checks to run whenever their key is present.
        guarded: checks that a proof silences on nearly every request.
        facts: the profile's, for the checks.
        dialect: the wire shape of the requests.
        explain: says what is wrong with a shape.
        shortcut: knows what is to be found in repeated members by themselves.
    """

    def __init__(
        self,
        schemas: Sequence[Mapping[str, Any]],
        unguarded: Sequence[WokenCheck],
        guarded: Sequence[GuardedChecks],
        facts: Facts,
        dialect: Dialect,
        explain: Explain,
        shortcut: "Shortcut | None" = None,
    ) -> None:
        profile, *rules = schemas
        proofs = [group.schema for group in guarded if group.schema]
        combined = combine_schemas([profile])
        arrays = [key for key in (dialect.bulk, *dialect.repeated) if _has_items(combined, key)]
        self._arrays = arrays
        self._profile = _Gates(combined, arrays)
        self._strict = _Gates(combine_schemas([*schemas, *proofs]), arrays)
        self._rules = _Gates(combine_schemas(rules), arrays)
        self._proofs = _Gates(combine_schemas(proofs), arrays)
        self._unguarded, self._guarded = unguarded, guarded
        self._facts, self._dialect = facts, dialect
        self._known_keys = frozenset(profile.get("properties", ()))
        self._plans: dict[tuple[object, ...], _Candidates] = {}
        self._explain = explain
        self._shortcut = shortcut
        self._apart = frozenset(shortcut.keys_apart if shortcut else ())
        self._were_apart_right = True  # in the last request
        self.was_right = True  #: whether the shape of the last request was

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
        apart = None
        if self._shortcut:
            apart = self._shortcut.judged_apart(request, only_shared=not self._were_apart_right)
        known, is_silent = self._look_at(request, _NOTHING if apart is None else self._apart)
        if apart is not None and apart.unproven:
            is_silent = False
        hits: list[Hit] = []
        broken: frozenset[str | None] = frozenset()
        self.was_right = known.is_right
        self._were_apart_right = apart is not None or not any(known.items.get(key, ()) for key in self._apart)
        if not known.is_right:
            found, broken = self._explain(request, known)
            hits += found
            if None in broken:
                return hits
        is_known = apart is not None and broken.isdisjoint(self._apart)
        if apart is not None and is_known:
            hits += apart.hits
        self._run_checks(request, broken, self._apart if is_known else _NOTHING, is_silent, hits)
        return hits

    def _look_at(self, request: dict[str, Any], right: Set[str]) -> tuple[Known, bool]:
        """Return what is known of a request with these *right* members, and whether all proofs hold of the others."""
        strict, profile, rules, proofs = self._strict, self._profile, self._rules, self._proofs
        is_right = obeys = is_silent = True
        if not strict.rest.accepts(request):
            is_right = profile.rest.accepts(request)
            obeys = rules.rest.accepts(request)
            is_silent = proofs.rest.accepts(request)
        wrong: dict[str, Sequence[int] | None] = {}
        for key in self._arrays:
            if key not in request:
                continue
            wrong[key] = numbers = []
            if key in right:
                continue
            value = request[key]
            if value.__class__ is list:
                accepts = strict.items[key].accepts
                for number, item in enumerate(value):
                    if not accepts(item):
                        if not profile.items[key].accepts(item):
                            numbers.append(number)
                        obeys = obeys and rules.items[key].accepts(item)
                        is_silent = is_silent and proofs.items[key].accepts(item)
            if not strict.frames[key].accepts(value):
                if not profile.frames[key].accepts(value):
                    wrong[key] = None
                obeys = obeys and rules.frames[key].accepts(value)
                is_silent = is_silent and proofs.frames[key].accepts(value)
        return Known(is_right, wrong, obeys), is_silent

    def _run_checks(
        self,
        request: Mapping[str, Any],
        broken: frozenset[str | None],
        apart: frozenset[str],
        is_silent: bool,
        hits: list[Hit],
    ) -> None:
        """Run the checks that may have a hit, but not those that need a *broken* key, or only ones judged *apart*."""
        plan = self._plan_of(request)
        left = plan.left.get((broken, apart))
        if left is None:
            if len(plan.left) >= _MOST_LEFT:
                plan.left.clear()
            left = plan.left[broken, apart] = plan.without(broken, apart)
        self._run(left.unguarded, request, hits)
        for groups in (left.by_proof,) if is_silent else (left.by_proof, left.by_schema):
            for group, checks in groups:
                if not group.proves_silent(request):
                    self._run(checks, request, hits)

    def _run(self, checks: Sequence[WokenCheck], request: Any, hits: list[Hit]) -> None:
        facts, dialect = self._facts, self._dialect
        for rule, _, _, check in checks:
            for hit in check(request, facts, dialect):
                hits.append(of_rule(hit, rule))  # noqa: PERF401 - a list takes a call, also of each silent check

    def _plan_of(self, request: Mapping[str, Any]) -> "_Candidates":
        """Return the checks that may have something to find with this model and these keys."""
        model = self._dialect.model(request)
        keys = request.keys() & self._known_keys
        others = request.keys() - keys if len(keys) != len(request) else ()
        key = (model, *keys)
        plan = self._plans.get(key)
        if plan is not None and plan.spoken_of.isdisjoint(others):
            return plan
        is_name = model is None or len(model) <= LONGEST_NAME
        facts, dialect = self._facts, self._dialect

        def asked(several: Sequence[WokenCheck]) -> Sequence[WokenCheck]:
            return tuple(
                woken
                for woken in several
                if woken.at in request and not (is_name and is_idle(woken.rule, model, request, facts, dialect))
            )

        groups = [(group, checks) for group in self._guarded if (checks := asked(group.checks))]
        by_proof = [(group, checks) for group, checks in groups if not group.schema]
        by_schema = [(group, checks) for group, checks in groups if group.schema]
        plan = _Candidates(_Asked(asked(self._unguarded), by_proof, by_schema), self._spoken_of(model))
        if is_name and plan.spoken_of.isdisjoint(others):
            if len(self._plans) >= _MOST_PLANS:
                self._plans.clear()
            self._plans[key] = plan
        return plan

    def _spoken_of(self, model: str | None) -> Set[str]:
        """Return the keys that decide whether a check has something to find with a model."""
        every = (*self._unguarded, *(woken for group in self._guarded for woken in group.checks))
        spoken_of = (keys_spoken_of(woken.rule, model, self._facts, self._dialect) for woken in every)
        return frozenset(woken.at for woken in every).union(*(keys for keys in spoken_of if keys is not None))


class _Asked(NamedTuple):
    """Checks to run: some at once, the others in groups whose proof does not hold."""

    unguarded: Sequence[WokenCheck]
    by_proof: _Groups
    by_schema: _Groups


class _Candidates:
    """The checks that may have something to find, with one model and one set of keys."""

    def __init__(self, asked: _Asked, spoken_of: Set[str]) -> None:
        self._asked = asked
        self.spoken_of = spoken_of  #: keys with which there may be others
        self.left: dict[tuple[frozenset[str | None], frozenset[str]], _Asked] = {}  #: by the arguments of `without`

    def without(self, broken: frozenset[str | None], apart: frozenset[str]) -> _Asked:
        """Return the checks that need no *broken* key, and other keys than those judged *apart*."""

        def left(checks: Sequence[WokenCheck]) -> Sequence[WokenCheck]:
            return tuple(each for each in checks if each.needs.isdisjoint(broken) and not each.needs <= apart)

        unguarded, *several = self._asked
        by_proof, by_schema = (
            [(group, some) for group, checks in groups if (some := left(checks))] for groups in several
        )
        return _Asked(left(unguarded), by_proof, by_schema)


class _Gates:
    """Some schemas as gates: of a request without what is in its arrays, of each of these, and of their items."""

    def __init__(self, combined: Mapping[str, Any], keys: Sequence[str]) -> None:
        rest, arrays = separate_items(combined, keys)
        self.rest = _Gate(rest)
        self.frames = {key: _Gate(each.frame) for key, each in arrays.items()}
        self.items = {key: _Gate(each.item) for key, each in arrays.items()}


class _Gate:
    """A schema that is compiled on first use."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    @cached_property
    def accepts(self) -> _Predicate:
        """What returns whether a value satisfies the schema; may raise on values that JSON cannot hold."""
        schema = self._schema
        if isinstance(schema, bool):
            schema = {} if schema else {"not": {}}
        return compile_gate([schema])


def _has_items(combined: Mapping[str, Any], key: str) -> bool:
    """Return whether a profile says something of the items of a member."""
    return key in combined.get("properties", ()) and separate_items(combined, [key])[1][key].item is not True
