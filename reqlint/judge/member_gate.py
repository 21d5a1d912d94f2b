"""Some members of a request, with all that is asked of them and of no other member."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from reqlint.core.findings import Hit
from reqlint.core.json_values import json_writer
from reqlint.judge.guards import GuardedChecks, WokenCheck
from reqlint.judge.questions import Questions, is_short
from reqlint.schema.combine import combine_schemas, only_members, separate_members, without_members
from reqlint.schema.ordinary import Template, with_quick_way
from reqlint.schema.validators import compile_gate

_MOST_PLANS = 256  # a program sends few models with few sets of keys
_MOST_STRICT = 16  # strict gates, one for each set of proofs that is asked for; each takes time to compile
_PATIENCE = 8  # how often a proof may be asked for in vain before it is asked for apart
_MOST_SETTLED = 64  # sets of members beside each set of repeated ones
_LONGEST_SETTLED = 1 << 12  # bytes of such members

_Predicate = Callable[[object], bool]
Unproven = tuple[GuardedChecks, ...]
"""Groups of checks whose proof does not hold of all members."""
Settled = set[tuple[object, bytes]]
"""By plan and members: with which others there is nothing to find in the repeated members."""


class MemberGate:
    """
    Some members of a request, with every schema and check that needs no other member.

    Args:
        schema: what the members satisfy.
        questions: what the profile asks; its schemas are in *schema*.
        applies: which checks are meant.
        ordinary: templates of what nearly every value at a place looks like.
        elsewhere: keys of members that are proven by themselves, also to what proofs ask of them.
    """

    def __init__(
        self,
        schema: Mapping[str, Any],
        questions: Questions,
        applies: Callable[[WokenCheck], bool],
        ordinary: Mapping[str, Sequence[Template]],
        elsewhere: Sequence[str] = (),
    ) -> None:
        self._schema = schema
        self._ordinary = ordinary
        self._elsewhere = elsewhere
        self._strict: dict[Sequence[GuardedChecks], _Predicate] = {}  # by the proofs in each
        self._accepts: _Predicate | None = None  # the schema alone; compiled on first use
        self._unguarded = tuple(woken for woken in questions.unguarded if applies(woken))
        groups = [(group, tuple(woken for woken in group.checks if applies(woken))) for group in questions.guarded]
        self._guarded = tuple((group, checks) for group, checks in groups if checks)
        self._proofs_elsewhere: Sequence[tuple[GuardedChecks, _Predicate]] | None = None  # compiled on first use
        self._plans: dict[tuple[object, ...], _Plan] = {}
        self._questions = questions
        self._dialect = questions.dialect
        self._run = questions.run
        self._known_keys = frozenset(schema.get("properties", ()))
        self._write = json_writer()

    def unproven_by(self, members: object, proven: Sequence[GuardedChecks]) -> Unproven:
        """Return the groups of checks, other than *proven* ones, whose proof does not hold of members elsewhere."""
        if self._proofs_elsewhere is None:
            parts = [(group, only_members(group.schema, self._elsewhere)) for group, _ in self._guarded if group.schema]
            self._proofs_elsewhere = [(group, compile_gate([part])) for group, part in parts if part["properties"]]
        return tuple(group for group, holds in self._proofs_elsewhere if group not in proven and not holds(members))

    def proofs(
        self, value: Any, hits: list[Hit], unproven: Unproven = (), settled: Settled | None = None
    ) -> Sequence[GuardedChecks] | None:
        """
        Return the groups whose proof holds of the object *value*, not all of them; None if its shape may be wrong.

        What the checks find is added to *hits*. May raise on values that JSON cannot hold. *unproven* is what
        `unproven_by` has said of the members that are proven elsewhere, and *settled* what is known of them together
        with others.
        """
        key = (self._dialect.model(value), unproven, *value)
        plan = self._plans.get(key) or self._plan_of(key, value)
        strict = plan.strict or self._strict_gate(plan)
        proven: Sequence[GuardedChecks] = plan.strict_groups
        if strict(value):
            for group, checks in plan.apart:
                if not group.proves_silent_otherwise(value):
                    self._run(checks, value, hits)
        elif self._has_right_shape(value):
            proven = ()
            self._run_unproven(plan, value, hits)
        else:
            return None
        for proves_silent, checks in plan.by_proof:
            if not proves_silent(value):
                self._run(checks, value, hits)
        if plan.checks:
            self._run(plan.checks, value, hits)
        if plan.of_repeated:
            self._run_settled(plan, value, settled, hits)
        return proven

    def _has_right_shape(self, value: Any) -> bool:
        if self._accepts is None:
            self._accepts = self._compile(())
        return self._accepts(value)

    def _run_unproven(self, plan: "_Plan", value: Any, hits: list[Hit]) -> None:
        """Run the checks whose proof does not hold, on a *value* of which not all proofs do."""
        for group, checks in (*plan.in_strict, *plan.apart):
            if not group.holds(value):
                plan.count_failure(group)
                if not group.proves_silent_otherwise(value):
                    self._run(checks, value, hits)

    def _run_settled(self, plan: "_Plan", value: Any, settled: Settled | None, hits: list[Hit]) -> None:
        """Run the checks of repeated members; that they find nothing is remembered with the members beside these."""
        beside = self._write({key: self._essence(value[key]) for key in plan.beside}) if plan.beside else b""
        if settled is not None and (plan, beside) in settled:
            return
        before = len(hits)
        self._run(plan.of_repeated, value, hits)
        if settled is not None and len(hits) == before and len(beside) <= _LONGEST_SETTLED:
            if len(settled) >= _MOST_SETTLED:
                settled.clear()
            settled.add((plan, beside))

    def _essence(self, member: Any) -> object:
        """Return of a member what checks of tools may look at: of an object that has only plain settings, which."""
        is_plain = type(member) is dict and self._dialect.plain_settings.issuperset(member)
        return sorted(member) if is_plain else member

    def _plan_of(self, key: tuple[Any, ...], value: Mapping[str, Any]) -> "_Plan":
        """Return what to ask of requests with this model and these keys; kept by both."""
        model = key[0]
        asked = partial(self._questions.worth_asking, model=model, request=value)
        guarded = [(group, checks) for group, several in self._guarded if (checks := asked(several))]
        by_schema = [(group, checks) for group, checks in guarded if group.schema]
        plan = _Plan(
            [(group, checks) for group, checks in by_schema if group not in key[1]],
            [(group, checks) for group, checks in by_schema if group in key[1]],
            [(group.proves_silent, checks) for group, checks in guarded if not group.schema],
        )
        unguarded = asked(self._unguarded)
        repeated = [woken for woken in unguarded if self._is_of_repeated(woken)]
        plan.checks = tuple(woken for woken in unguarded if woken not in repeated)
        plan.of_repeated = tuple(repeated)
        beside = {name for woken in repeated for name in woken.needs.difference(self._elsewhere) if name in value}
        plan.beside = tuple(sorted(beside))
        if len(self._plans) >= _MOST_PLANS:
            self._plans.clear()
        if is_short(model) and self._known_keys.issuperset(value):
            self._plans[key] = plan
        return plan

    def _is_of_repeated(self, woken: WokenCheck) -> bool:
        """Return whether a check looks at the tools, and not at the conversation."""
        tools = self._dialect.keys.get("tools")
        return tools in self._elsewhere and tools in woken.needs and self._dialect.bulk not in woken.needs

    def _strict_gate(self, plan: "_Plan") -> _Predicate:
        """Return the gate that is the schema and the proofs of a plan in one, compiled once for all plans."""
        groups = tuple(group for group, _ in plan.in_strict)
        if groups not in self._strict and len(self._strict) >= _MOST_STRICT:
            plan.apart += plan.in_strict
            plan.in_strict, groups = [], ()
        if groups not in self._strict:
            self._strict[groups] = self._compile(groups)
        plan.strict, plan.strict_groups = self._strict[groups], groups
        return plan.strict

    def _compile(self, groups: Sequence[GuardedChecks]) -> _Predicate:
        """Compile the schema and the proofs of some groups, with the quick way."""
        combined = self._schema
        if groups:
            proofs = [without_members(group.schema, self._elsewhere) for group in groups if group.schema]
            combined = combine_schemas(proofs, self._schema)
        if self._elsewhere:
            combined, _ = separate_members(combined, self._elsewhere)
        return compile_gate([with_quick_way(dict(combined), self._ordinary)])


class _Plan:
    """What is asked of requests with one model and one set of keys."""

    def __init__(
        self,
        in_strict: list[tuple[GuardedChecks, Sequence[WokenCheck]]],
        apart: list[tuple[GuardedChecks, Sequence[WokenCheck]]],
        by_proof: Sequence[tuple[_Predicate, Sequence[WokenCheck]]],
    ) -> None:
        self.strict: _Predicate | None = None  #: the schema and the proofs of `in_strict`; found on first use
        self.strict_groups: Sequence[GuardedChecks] = ()  #: those of `in_strict`, when `strict` was compiled
        self.in_strict = in_strict
        self.apart = apart  #: those whose proof is asked for by itself, since it often fails
        self.by_proof = by_proof
        self.checks: Sequence[WokenCheck] = ()  #: those that no proof silences
        self.of_repeated: Sequence[WokenCheck] = ()  #: of these, those that look at repeated members and little else
        self.beside: Sequence[str] = ()  #: the other members that these look at
        self._failures: dict[GuardedChecks, int] = {}

    def count_failure(self, group: GuardedChecks) -> None:
        """Ask for the proof of a group by itself from now on, if it fails once too often."""
        count = self._failures[group] = self._failures.get(group, 0) + 1
        if count == _PATIENCE:
            moved = [each for each in self.in_strict if each[0] is group]
            self.in_strict = [each for each in self.in_strict if each[0] is not group]
            self.apart = [*self.apart, *moved]
            self.strict = None
