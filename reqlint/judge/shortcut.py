"""The quick proof that a request is clean: one walk instead of one check after the other."""

from collections.abc import Callable, Mapping, Sequence
from marshal import dumps
from math import isfinite
from typing import Any, NamedTuple

from reqlint.checks import Check, Facts
from reqlint.checks.model_lists import LONGEST_NAME, is_listed_for
from reqlint.core.json_values import json_predicate
from reqlint.dialects.vocabulary import Dialect
from reqlint.knowledge.proofs import ProofEntry, proofs_by_rule
from reqlint.schema.combine import combine_schemas, separate_members
from reqlint.schema.validators import compile_gate

_MOST_PROVEN = 256  # sets of repeated members: more than a program has, and with the next a bound on memory
_MOST_MODELS = 256  # a program sends few; the lists of models are looked up once for each
_LONGEST_PROVEN = 1 << 18  # bytes of one set


class WokenCheck(NamedTuple):
    """A check, and the key that wakes it."""

    rule: str
    at: str
    needs: frozenset[str]  #: keys whose shape must be right, because the check indexes into them
    check: Check


class GuardedChecks:
    """Checks that are proven silent on every request that satisfies one schema, or passes one Python proof."""

    def __init__(self, proof: ProofEntry, dialect: Dialect, checks: tuple[WokenCheck, ...], engine: str | None) -> None:
        self.schema: Mapping[str, Any] | None = None  #: None if a Python function is the proof
        self.checks = checks
        self._engine = engine
        self._proof: Callable[[Any], bool] | None = None
        if proof.schema is None:
            self._proof = dialect.proofs[proof.name]
        else:
            self.schema = {"$id": f"reqlint:proof/{proof.name}", **proof.schema}

    def proves_silent(self, request: object) -> bool:
        """Return whether the checks cannot have a hit; a schema is compiled on the first call."""
        if self._proof is None and self.schema is not None:
            self._proof = compile_gate([self.schema], self._engine)
        return self._proof is None or self._proof(request)


def group_by_proof(
    checks: Sequence[WokenCheck], dialect: Dialect, engine: str | None
) -> tuple[tuple[WokenCheck, ...], tuple[GuardedChecks, ...]]:
    """Return the checks that no proof of the dialect silences, and the others grouped by their proof."""
    proofs = proofs_by_rule(dialect.name)
    groups: dict[str, list[WokenCheck]] = {}
    for check in checks:
        if check.rule in proofs:
            groups.setdefault(proofs[check.rule].name, []).append(check)
    guarded = [GuardedChecks(proofs[group[0].rule], dialect, tuple(group), engine) for group in groups.values()]
    return tuple(check for check in checks if check.rule not in proofs), tuple(guarded)


def is_sendable(request: Any, repeated: Sequence[str]) -> bool:
    """
    Return whether an object holds only JSON values; the same answer as the `Shortcut`'s, without its memory.

    *repeated* are the keys of the dialect's repeated members.
    """
    try:
        return json_predicate()(request) and bool(dumps({key: request[key] for key in repeated if key in request}, 4))
    except MemoryError:
        raise
    except Exception:  # a value that only orjson writes; or another thread changes the request
        return False


class Shortcut:
    """
    Proves in one walk that a request is clean; if it cannot, the long way decides.

    The dialect's repeated members are proven once and then recognised by their bytes, because programs send the same
    tools with every request.

    Args:
        schemas: those that the gate is made of.
        unguarded: checks to run whenever their key is present.
        guarded: checks that a proof silences on nearly every request.
        facts: the profile's, for the checks.
        dialect: the wire shape of the requests.
    """

    def __init__(
        self,
        schemas: Sequence[Mapping[str, Any]],
        unguarded: Sequence[WokenCheck],
        guarded: Sequence[GuardedChecks],
        facts: Facts,
        dialect: Dialect,
    ) -> None:
        keys = self._keys = dialect.repeated
        rest, repeated = separate_members(combine_schemas(schemas), keys)
        checks = unguarded, guarded, facts, dialect
        self._rest = _MemberGate(rest, *checks, lambda check: not check.needs.issubset(keys))
        self._repeated = _MemberGate(repeated, *checks, lambda check: check.needs.issubset(keys))
        self._proven: set[bytes] = set()
        self._is_json = json_predicate()

    def proves_clean(self, request: Any, *, from_text: bool = True) -> bool:
        """
        Return whether *request* is proven clean; False means only that this way cannot tell.

        A request *from_text* was parsed, so it holds only what a text can hold.
        """
        if type(request) is not dict:
            return False
        try:
            if from_text:
                for value in request.values():
                    if value.__class__ is float and not isfinite(value):
                        return False
            else:
                others = request.copy()
                for key in self._keys:
                    others.pop(key, None)
                if not self._is_json(others):
                    return False
            repeated = {key: request[key] for key in self._keys if key in request}
            # NOTE: other serializers write 1 and true, or a subclass and its base, alike.
            written = dumps(repeated, 4)
            if written not in self._proven:
                if not self._is_json(repeated) or not self._repeated.is_clean(repeated):
                    return False
                if len(self._proven) >= _MOST_PROVEN:
                    self._proven.clear()
                if len(written) <= _LONGEST_PROVEN:
                    self._proven.add(written)
            return self._rest.is_clean(request)
        except MemoryError:
            raise
        except Exception:  # a value that JSON cannot hold, or a bug; the long way reports which
            return False


class _MemberGate:
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
        self._schema = schema
        self._patience = 16  # how often the strict gate may refuse in vain before it is no longer asked
        self._strict: Callable[[object], bool] | None = None  # the schema and all proofs; compiled on first use
        self._accepts: Callable[[object], bool] | None = None  # the schema alone; compiled on first use
        self._unguarded = tuple((woken.rule, woken.at, woken.check) for woken in unguarded if applies(woken))
        self._by_model: dict[object, tuple[tuple[str, Check], ...]] = {}
        groups = [(group, tuple((w.at, w.check) for w in group.checks if applies(w))) for group in guarded]
        self._by_schema = tuple((group, checks) for group, checks in groups if checks and group.schema)
        self._by_proof = tuple((group, checks) for group, checks in groups if checks and not group.schema)
        self._facts = facts
        self._dialect = dialect

    def is_clean(self, value: Any) -> bool:
        """Return whether nothing is wrong with the object *value*; may raise on values that JSON cannot hold."""
        model = self._dialect.model(value)
        checks = self._by_model.get(model)
        if checks is None:
            checks = self._asked_of(model)
        if self._patience:
            if self._strict is None:
                self._strict = compile_gate(
                    [self._schema, *(group.schema for group, _ in self._by_schema if group.schema)]
                )
            passes_strict = self._strict(value)
        else:
            passes_strict = False
        if not passes_strict:
            if self._accepts is None:
                self._accepts = compile_gate([self._schema])
            if not self._accepts(value):
                return False
            self._patience = max(self._patience - 1, 0)
            for group, woken in self._by_schema:
                if not group.proves_silent(value):
                    checks += woken
        for group, woken in self._by_proof:
            if not group.proves_silent(value):
                checks += woken
        facts, dialect = self._facts, self._dialect
        for at, check in checks:
            if at in value:
                for _ in check(value, facts, dialect):
                    return False
        return True

    def _asked_of(self, model: str | None) -> tuple[tuple[str, Check], ...]:
        """Return the checks without a proof, except those whose lists of models do not have *model*; kept by model."""
        is_known = model is not None and len(model) <= LONGEST_NAME
        asked = tuple(
            (at, check)
            for rule, at, check in self._unguarded
            if model is None or not is_known or is_listed_for(rule, model, self._facts)
        )
        if len(self._by_model) >= _MOST_MODELS:
            self._by_model.clear()
        if is_known or model is None:
            self._by_model[model] = asked
        return asked
