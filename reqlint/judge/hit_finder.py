"""All hits of one request after the other, each with few questions: for files in which many requests have some."""

from collections.abc import Callable, Mapping, Sequence, Set
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from reqlint.checks.idle import keys_spoken_of
from reqlint.core.findings import Hit
from reqlint.judge.guards import GuardedChecks, WokenCheck
from reqlint.judge.questions import Questions, is_short
from reqlint.knowledge.proofs import ordinary_members
from reqlint.schema.combine import ArraySchemas, Schema, combine_schemas, separate_items
from reqlint.schema.failures import Known
from reqlint.schema.ordinary import Template, with_quick_way
from reqlint.schema.validators import compile_gate

if TYPE_CHECKING:
    from reqlint.judge.shortcut import Shortcut

_NOTHING: frozenset[str] = frozenset()
_PAUSE = 8  # requests after one in which the repeated members were wrong
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
        questions: what the profile asks.
        explain: says what is wrong with a shape.
        shortcut: knows what is to be found in repeated members by themselves.
    """

    def __init__(self, questions: Questions, explain: Explain, shortcut: "Shortcut | None" = None) -> None:
        (profile, *rules), guarded, dialect = questions.schemas, questions.guarded, questions.dialect
        proofs = [(group, group.schema) for group in guarded if group.schema]
        combined = combine_schemas([profile])
        arrays = [key for key in (dialect.bulk, *dialect.repeated) if _has_items(combined, key)]
        others = [*rules, *(schema for _, schema in proofs)]
        strict = _Separated([profile, *others], arrays, ordinary_members(dialect.name))
        apart = _Separated([profile], arrays), _Separated(rules, arrays)
        of_groups = [(group, _Separated([schema], arrays)) for group, schema in proofs]
        parts = partial(_Part, strict, _Separated(others, arrays), *apart, of_groups)
        self._rest = parts(_Separated.rest)
        self._arrays = {
            key: (parts(partial(_Separated.frame, key=key)), parts(partial(_Separated.item, key=key))) for key in arrays
        }
        self._questions = questions
        self._run = questions.run
        self._known_keys = frozenset(profile.get("properties", ()))
        self._plans: dict[tuple[object, ...], _Candidates] = {}
        self._explain = explain
        self._shortcut = shortcut
        self._apart = frozenset(shortcut.keys_apart if shortcut else ())
        self._pause = 0  # requests until new members are judged apart again
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
            apart = self._shortcut.judged_apart(request, only_shared=self._pause > 0)
            self._pause -= 1
        unproven = set(apart.unproven if apart else ())
        known = self._look_at(request, _NOTHING if apart is None else self._apart, unproven)
        hits: list[Hit] = []
        broken: frozenset[str | None] = frozenset()
        self.was_right = known.is_right
        if apart is None and any(known.items.get(key, ()) for key in self._apart):
            self._pause = _PAUSE
        if not known.is_right:
            found, broken = self._explain(request, known)
            hits += found
            if None in broken:
                return hits
        is_known = apart is not None and broken.isdisjoint(self._apart)
        if apart is not None and is_known:
            hits += apart.hits
        self._run_checks(request, broken, self._apart if is_known else _NOTHING, unproven, hits)
        return hits

    def _look_at(self, request: dict[str, Any], right: Set[str], unproven: set[GuardedChecks]) -> Known:
        """Return what is known of a request with these *right* members; add the groups whose proof does not hold."""
        is_right = obeys = True
        rest = self._rest
        if not rest.strict.accepts(request):
            is_right, obeys = rest.look_at(request, unproven)
        wrong: dict[str, Sequence[int] | None] = {}
        for key, (frame, each) in self._arrays.items():
            if key not in request:
                continue
            wrong[key] = numbers = []
            if key in right:
                continue
            value = request[key]
            if value.__class__ is list:
                accepts = each.strict.accepts
                for number, item in enumerate(value):
                    if not accepts(item):
                        fits, is_obedient = each.look_at(item, unproven)
                        obeys = obeys and is_obedient
                        if not fits:
                            numbers.append(number)
            if not frame.strict.accepts(value):
                fits, is_obedient = frame.look_at(value, unproven)
                obeys = obeys and is_obedient
                if not fits:
                    wrong[key] = None
        return Known(is_right, wrong, obeys)

    def _run_checks(
        self,
        request: Mapping[str, Any],
        broken: frozenset[str | None],
        apart: frozenset[str],
        unproven: Set[GuardedChecks],
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
        for group, checks in left.by_proof:
            if not group.proves_silent(request):
                self._run(checks, request, hits)
        if unproven:
            for group, checks in left.by_schema:
                if group in unproven and not group.proves_silent_otherwise(request):
                    self._run(checks, request, hits)

    def _plan_of(self, request: Mapping[str, Any]) -> "_Candidates":
        """Return the checks that may have something to find with this model and these keys."""
        model = self._questions.dialect.model(request)
        keys = request.keys() & self._known_keys
        others = request.keys() - keys if len(keys) != len(request) else ()
        key = (model, *keys)
        plan = self._plans.get(key)
        if plan is not None and plan.spoken_of.isdisjoint(others):
            return plan
        questions = self._questions
        asked = partial(questions.worth_asking, model=model, request=request)
        groups = [(group, checks) for group in questions.guarded if (checks := asked(group.checks))]
        by_proof = [(group, checks) for group, checks in groups if not group.schema]
        by_schema = [(group, checks) for group, checks in groups if group.schema]
        plan = _Candidates(_Chosen(asked(questions.unguarded), by_proof, by_schema), self._spoken_of(model))
        if is_short(model) and plan.spoken_of.isdisjoint(others):
            if len(self._plans) >= _MOST_PLANS:
                self._plans.clear()
            self._plans[key] = plan
        return plan

    def _spoken_of(self, model: str | None) -> Set[str]:
        """Return the keys that decide whether a check has something to find with a model."""
        _, unguarded, guarded, facts, dialect = self._questions
        every = (*unguarded, *(woken for group in guarded for woken in group.checks))
        spoken_of = (keys_spoken_of(woken.rule, model, facts, dialect) for woken in every)
        return frozenset(woken.at for woken in every).union(*(keys for keys in spoken_of if keys is not None))


class _Chosen(NamedTuple):
    """Checks to run: some at once, the others in groups whose proof does not hold."""

    unguarded: Sequence[WokenCheck]
    by_proof: _Groups
    by_schema: _Groups


class _Candidates:
    """The checks that may have something to find, with one model and one set of keys."""

    def __init__(self, asked: _Chosen, spoken_of: Set[str]) -> None:
        self._asked = asked
        self.spoken_of = spoken_of  #: keys with which there may be others
        self.left: dict[tuple[frozenset[str | None], frozenset[str]], _Chosen] = {}  #: by the arguments of `without`

    def without(self, broken: frozenset[str | None], apart: frozenset[str]) -> _Chosen:
        """Return the checks that need no *broken* key, and other keys than those judged *apart*."""

        def left(checks: Sequence[WokenCheck]) -> Sequence[WokenCheck]:
            return tuple(each for each in checks if each.needs.isdisjoint(broken) and not each.needs <= apart)

        unguarded, *several = self._asked
        by_proof, by_schema = (
            [(group, some) for group, checks in groups if (some := left(checks))] for groups in several
        )
        return _Chosen(left(unguarded), by_proof, by_schema)


class _Separated:
    """Some schemas in parts: that of a request without what is in its arrays, and those of each array."""

    def __init__(
        self,
        schemas: Sequence[Mapping[str, Any]],
        keys: Sequence[str],
        ordinary: Mapping[str, Sequence[Template]] | None = None,
    ) -> None:
        self._made_of = schemas, keys, ordinary

    @cached_property
    def _parts(self) -> tuple[dict[str, Any], dict[str, ArraySchemas]]:
        schemas, keys, ordinary = self._made_of
        combined = combine_schemas(schemas)
        return separate_items(with_quick_way(combined, ordinary) if ordinary else combined, keys)

    def rest(self) -> Schema:
        return self._parts[0]

    def frame(self, key: str) -> Schema:
        return self._parts[1][key].frame

    def item(self, key: str) -> Schema:
        return self._parts[1][key].item


class _Gate:
    """A schema that is worked out and compiled on first use."""

    def __init__(self, find: Callable[[], Schema]) -> None:
        self._find = find

    @cached_property
    def accepts(self) -> _Predicate:
        """What returns whether a value satisfies the schema; may raise on values that JSON cannot hold."""
        schema = self._find()
        if isinstance(schema, bool):
            schema = {} if schema else {"not": {}}
        return compile_gate([schema])


class _Part:
    """
    All that is asked of one part of a request.

    Args:
        strict: all schemas together.
        others: those of rules and proofs.
        profile: the profile's.
        rules: those of rules.
        proofs: that of each group of checks.
        part: takes the part out of a separated schema.
    """

    def __init__(
        self,
        strict: _Separated,
        others: _Separated,
        profile: _Separated,
        rules: _Separated,
        proofs: Sequence[tuple[GuardedChecks, _Separated]],
        part: Callable[[_Separated], Schema],
    ) -> None:
        self.strict, self._others, self._profile, self._rules = (
            _Gate(partial(part, each)) for each in (strict, others, profile, rules)
        )
        self._proofs = [(group, _Gate(partial(part, each))) for group, each in proofs]

    def look_at(self, value: object, unproven: set[GuardedChecks]) -> tuple[bool, bool]:
        """
        Return whether a value that not all schemas accept satisfies the profile's, and those of rules.

        The groups of checks whose proof does not hold are added to *unproven*.
        """
        if self._others.accepts(value):
            return False, True
        for group, gate in self._proofs:
            if group not in unproven and not gate.accepts(value):
                unproven.add(group)
        return self._profile.accepts(value), self._rules.accepts(value)


def _has_items(combined: Mapping[str, Any], key: str) -> bool:
    """Return whether a profile says something of the items of a member."""
    return key in combined.get("properties", ()) and separate_items(combined, [key])[1][key].item is not True
