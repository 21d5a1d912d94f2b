"""Checks that a key of the request wakes, and the proofs that silence them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from reqlint.checks import Check
from reqlint.dialects.vocabulary import Dialect
from reqlint.knowledge.proofs import ProofEntry, proofs_by_rule
from reqlint.schema.first_values import first_gate
from reqlint.schema.validators import compile_gate


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
        self._otherwise = dialect.proofs[proof.otherwise] if proof.otherwise else None
        if proof.schema is None:
            self._proof = dialect.proofs[proof.name]
        else:
            self.schema = {"$id": f"reqlint:proof/{proof.name}", **proof.schema}

    def proves_silent(self, request: object) -> bool:
        """Return whether the checks cannot have a hit."""
        return self.holds(request) or (self._otherwise is not None and self._otherwise(request))

    def proves_silent_otherwise(self, request: object) -> bool:
        """Return the same where the proof itself seldom holds: what else there is to ask is asked first."""
        return (self._otherwise is not None and self._otherwise(request)) or self.holds(request)

    def holds(self, request: object) -> bool:
        """Return whether the proof itself holds."""
        if self._proof is None and self.schema is not None:
            schema = self.schema
            self._proof = first_gate([schema], self._engine, lambda: compile_gate([schema], self._engine))
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
