"""The quick way: telling that a request has nothing against it without asking everything one by one."""

from collections.abc import Callable, Mapping, Sequence
from marshal import dumps
from math import isfinite
from typing import Any, NamedTuple

from reqlint.checks import Check, Facts, all_proofs
from reqlint.core.errors import BadData
from reqlint.core.json_values import json_predicate
from reqlint.knowledge.rule import Rule, all_rules
from reqlint.schema.combine import combine_schemas, separate_members
from reqlint.schema.validators import compile_gate

REPEATED = ("model", "tools", "response_format")
"""Members that are the bulk of many requests, and the same in one after the other."""

_REMEMBERED = 256  # more than any program has sets of tools, and with the next a bound on memory
_LONGEST = 1 << 18  # bytes of what is remembered


class WokenCheck(NamedTuple):
    """A check, and what wakes it."""

    rule: str
    at: str
    needs: frozenset[str]  #: keys whose shape must hold for the check to index into them
    check: Check


class Guarded:
    """Checks that are silent on whatever satisfies one schema, or passes one proof."""

    def __init__(self, owner: str, checks: tuple[WokenCheck, ...], engine: str | None) -> None:
        self.schema: Mapping[str, Any] | None = None  #: None where a function says it
        self.checks = checks
        self._engine = engine
        self._passes: Callable[[Any], bool] | None = all_proofs().get(owner)
        if self._passes is None:
            quick = all_rules()[owner].quick
            if not isinstance(quick, Mapping):
                raise BadData(f"{owner}.yaml", "quick", "another rule refers to its schema, and it has none")
            self.schema = {"$id": f"reqlint:quick/{owner}", **quick}

    def passes(self, request: object) -> bool:
        """Tell whether the checks are proven silent; a schema is compiled when it is first asked alone."""
        if self._passes is None and self.schema is not None:
            self._passes = compile_gate([self.schema], self._engine)
        return self._passes is None or self._passes(request)


def group_by_proof(waking: Sequence[tuple[Rule, WokenCheck]], engine: str | None) -> tuple[Guarded, ...]:
    """Group checks by what proves them silent."""
    groups: dict[str, list[WokenCheck]] = {}
    for rule, woken in waking:
        groups.setdefault(rule.quick if isinstance(rule.quick, str) else rule.id, []).append(woken)
    return tuple(Guarded(owner, tuple(checks), engine) for owner, checks in groups.items())


def is_sendable(request: Any) -> bool:
    """Tell that an object is plain JSON as the `Shortcut` does, without anything remembered."""
    try:
        return json_predicate()(request) and bool(dumps({key: request[key] for key in REPEATED if key in request}, 4))
    except MemoryError:
        raise
    except Exception:  # what orjson writes and nobody else; or another thread changes it
        return False


class Shortcut:
    """
    Tells in one walk that a request has nothing against it; where it cannot tell, the long way decides.

    What the `REPEATED` members say is proven once and then known by its bytes, since programs send the same tools with
    every request.

    Args:
        schemas: what the gate is made of.
        always: checks that every request has to pass, where their key is there.
        unless: those that are silent on nearly every request, by what proves it.
        facts: what the profile knows, for the checks.
    """

    def __init__(
        self,
        schemas: Sequence[Mapping[str, Any]],
        always: Sequence[WokenCheck],
        unless: Sequence[Guarded],
        facts: Facts,
    ) -> None:
        rest, repeated = separate_members(combine_schemas(schemas), REPEATED)
        self._rest = _Part(rest, always, unless, facts, lambda woken: not woken.needs.issubset(REPEATED))
        self._repeated = _Part(repeated, always, unless, facts, lambda woken: woken.needs.issubset(REPEATED))
        self._known: set[bytes] = set()
        self._has_plain = json_predicate()

    def proves(self, request: Any, *, sure: bool = True) -> bool:
        """
        Tell whether nothing is wrong with *request*; False means only that this way cannot tell.

        *sure* is whether it was read from a text, and can only be what text has.
        """
        if type(request) is not dict:
            return False
        try:
            if sure:
                for value in request.values():
                    if value.__class__ is float and not isfinite(value):
                        return False
            else:
                others = request.copy()
                for key in REPEATED:
                    others.pop(key, None)
                if not self._has_plain(others):
                    return False
            repeated = {key: request[key] for key in REPEATED if key in request}
            # NOTE: other ways to write a value down take 1 for true, or a subclass for its base.
            written = dumps(repeated, 4)
            if written not in self._known:
                if not self._has_plain(repeated) or not self._repeated.is_clear(repeated):
                    return False
                if len(self._known) >= _REMEMBERED:
                    self._known.clear()
                if len(written) <= _LONGEST:
                    self._known.add(written)
            return self._rest.is_clear(request)
        except MemoryError:
            raise
        except Exception:  # a value that is not JSON, or a bug of ours; the long way says which
            return False


class _Part:
    """Some members of a request, and all that is asked of them without a look at the others."""

    def __init__(
        self,
        schema: Mapping[str, Any],
        always: Sequence[WokenCheck],
        unless: Sequence[Guarded],
        facts: Facts,
        is_asked: Callable[[WokenCheck], bool],
    ) -> None:
        self._schema = schema
        self._patience = 16  # how often the first is asked in vain, before it is not asked any more
        self._ordinary: Callable[[object], bool] | None = None  # compiled when first asked, as the next
        self._accepts: Callable[[object], bool] | None = None
        self._always = tuple((woken.at, woken.check) for woken in always if is_asked(woken))
        under = [(each, tuple((w.at, w.check) for w in each.checks if is_asked(w))) for each in unless]
        self._by_schema = tuple((each, some) for each, some in under if some and each.schema)
        self._by_proof = tuple((each, some) for each, some in under if some and not each.schema)
        self._facts = facts

    def is_clear(self, value: Any) -> bool:
        """Tell whether nothing is wrong with *value*, an object; may raise on what is no JSON value."""
        checks = self._always
        if self._patience:
            if self._ordinary is None:
                self._ordinary = compile_gate(
                    [self._schema, *(each.schema for each, _ in self._by_schema if each.schema)]
                )
            is_ordinary = self._ordinary(value)
        else:
            is_ordinary = False
        if not is_ordinary:
            if self._accepts is None:
                self._accepts = compile_gate([self._schema])
            if not self._accepts(value):
                return False
            self._patience = max(self._patience - 1, 0)
            for guarded, woken in self._by_schema:
                if not guarded.passes(value):
                    checks += woken
        for guarded, woken in self._by_proof:
            if not guarded.passes(value):
                checks += woken
        facts = self._facts
        for at, check in checks:
            if at in value:
                for _ in check(value, facts):
                    return False
        return True
