"""Some members of a request, with all that is asked of them and of no other member."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from reqlint.checks import Check, Facts
from reqlint.checks.idle import is_idle
from reqlint.checks.model_lists import LONGEST_NAME, is_listed_for
from reqlint.dialects.vocabulary import Dialect
from reqlint.judge.guards import GuardedChecks, WokenCheck
from reqlint.schema.combine import combine_schemas, separate_members
from reqlint.schema.ordinary import Template, with_quick_way
from reqlint.schema.validators import compile_gate

_MOST_PLANS = 256  # a program sends few models with few sets of keys
_MOST_STRICT = 4  # strict gates, one for each set of proofs that models have use for; each takes time to compile
_PATIENCE = 32  # how often a strict gate may refuse in vain before it is not asked for some requests
_REST = 128  # requests

_Predicate = Callable[[object], bool]
Unproven = tuple[GuardedChecks, ...]
"""Groups of checks whose proof does not hold of all members."""


class MemberGate:
    """
    Some members of a request, with every schema and check that needs no other member.

    Args:
        schema: what the members satisfy.
        unguarded: checks to run whenever their key is present.
        guarded: checks that a proof silences on nearly every request.
        facts: the profile's, for the checks.
        dialect: the wire shape of the requests.
        applies: which checks are meant.
        ordinary: templates of what nearly every value at a place looks like.
        elsewhere: keys of members that are proven by themselves, also to what proofs ask of them.
    """

    def __init__(
        self,
        schema: Mapping[str, Any],
        unguarded: Sequence[WokenCheck],
        guarded: Sequence[GuardedChecks],
        facts: Facts,
        dialect: Dialect,
        applies: Callable[[WokenCheck], bool],
        ordinary: Mapping[str, Sequence[Template]],
        elsewhere: Sequence[str] = (),
    ) -> None:
        self._schema = schema
        self._ordinary = ordinary
        self._elsewhere = elsewhere
        self._strict: dict[Sequence[GuardedChecks], _StrictGate] = {}  # by the proofs in each
        self._accepts: _Predicate | None = None  # the schema alone; compiled on first use
        self._unguarded = tuple(woken for woken in unguarded if applies(woken))
        groups = [(group, tuple(woken for woken in group.checks if applies(woken))) for group in guarded]
        self._guarded = tuple((group, checks) for group, checks in groups if checks)
        self._proofs_elsewhere: Sequence[tuple[GuardedChecks, _Predicate]] | None = None  # compiled on first use
        self._plans: dict[tuple[object, ...], _Plan] = {}
        self._facts = facts
        self._dialect = dialect
        self._known_keys = frozenset(schema.get("properties", ()))

    def unproven_by(self, members: object) -> Unproven:
        """Return the groups of checks whose proof does not hold of the members that are proven elsewhere."""
        if self._proofs_elsewhere is None:
            parts = [
                (group, separate_members(combine_schemas([group.schema]), self._elsewhere)[1])
                for group, _ in self._guarded
                if group.schema
            ]
            self._proofs_elsewhere = [(group, compile_gate([part])) for group, part in parts if part["properties"]]
        return tuple(group for group, holds in self._proofs_elsewhere if not holds(members))

    def is_clean(self, value: Any, unproven: Unproven = ()) -> bool:
        """
        Return whether nothing is wrong with the object *value*; may raise on values that JSON cannot hold.

        *unproven* is what `unproven_by` has said of the members that are proven elsewhere.
        """
        model = self._dialect.model(value)
        plan = self._plans.get((model, unproven, *value)) or self._plan_of(model, unproven, value)
        if plan.strict.passes(value):
            by_schema = plan.by_other_schema
        else:
            if self._accepts is None:
                self._accepts = self._compile(())
            if not self._accepts(value):
                return False
            by_schema = plan.by_schema
        for group, checks in by_schema:
            if not group.proves_silent(value) and self._has_hit(checks, value):
                return False
        for proves_silent, checks in plan.by_proof:
            if not proves_silent(value) and self._has_hit(checks, value):
                return False
        return not (plan.checks and self._has_hit(plan.checks, value))

    def _has_hit(self, checks: Sequence[Check], value: Any) -> bool:
        facts, dialect = self._facts, self._dialect
        for check in checks:
            for _ in check(value, facts, dialect):
                return True
        return False

    def _plan_of(self, model: str | None, unproven: Unproven, value: Mapping[str, Any]) -> "_Plan":
        """Return what to ask of requests with this model and these keys; kept by both."""
        is_name = model is None or len(model) <= LONGEST_NAME
        named = model if is_name else None

        def asked(several: Sequence[WokenCheck]) -> tuple[Check, ...]:
            return tuple(
                woken.check
                for woken in several
                if woken.at in value
                and not (is_name and is_idle(woken.rule, named, value.keys(), self._facts, self._dialect))
            )

        # The keys do not decide on the strict gate, or there would be one for nearly every set of them.
        of_model = tuple(
            group
            for group, checks in self._guarded
            if group.schema
            and group not in unproven
            and any(named is None or is_listed_for(woken.rule, named, self._facts) for woken in checks)
        )
        guarded = [(group, checks) for group, several in self._guarded if (checks := asked(several))]
        strict = self._strict_gate(of_model)
        by_schema = tuple((group, checks) for group, checks in guarded if group.schema)
        plan = _Plan(
            strict,
            by_schema,
            tuple((group, checks) for group, checks in by_schema if group not in strict.groups),
            tuple((group.proves_silent, checks) for group, checks in guarded if not group.schema),
            asked(self._unguarded),
        )
        if len(self._plans) >= _MOST_PLANS:
            self._plans.clear()
        if is_name and self._known_keys.issuperset(value):
            self._plans[(model, unproven, *value)] = plan
        return plan

    def _strict_gate(self, groups: Sequence[GuardedChecks]) -> "_StrictGate":
        """Return the gate that is the schema and the proofs of some groups in one; that without proofs if need be."""
        if groups not in self._strict and len(self._strict) >= _MOST_STRICT:
            groups = ()
        if groups not in self._strict:
            self._strict[groups] = _StrictGate(groups, self._compile)
        return self._strict[groups]

    def _compile(self, groups: Sequence[GuardedChecks]) -> _Predicate:
        """Compile the schema and the proofs of some groups, with the quick way."""
        combined = combine_schemas([self._schema, *(group.schema for group in groups if group.schema)])
        if self._elsewhere:
            combined, _ = separate_members(combined, self._elsewhere)
        return compile_gate([with_quick_way(combined, self._ordinary)])


class _StrictGate:
    """A gate that asks for more than it must, and is left alone for a while when that does not pay."""

    def __init__(
        self, groups: Sequence[GuardedChecks], compile_it: Callable[[Sequence[GuardedChecks]], _Predicate]
    ) -> None:
        self.groups = groups  #: those of which it asks the proof
        self._compile = compile_it
        self._accepts: _Predicate | None = None  # compiled on first use
        self._patience = _PATIENCE  # below zero, the gate is not asked until it is back at zero

    def passes(self, value: object) -> bool:
        """Return whether *value* passes; False also when that is not asked now."""
        if self._patience < 0:
            self._patience += 1
            return False
        if self._accepts is None:
            self._accepts = self._compile(self.groups)
        if self._accepts(value):
            if self._patience < _PATIENCE:
                self._patience += 1
            return True
        self._patience -= 2
        if self._patience < 0:
            self._patience = -_REST
        return False


class _Plan(NamedTuple):
    """What is asked of requests with one model and one set of keys."""

    strict: _StrictGate
    by_schema: Sequence[tuple[GuardedChecks, Sequence[Check]]]
    by_other_schema: Sequence[tuple[GuardedChecks, Sequence[Check]]]  #: those whose proof the strict gate leaves out
    by_proof: Sequence[tuple[_Predicate, Sequence[Check]]]
    checks: Sequence[Check]  #: those that no proof silences
