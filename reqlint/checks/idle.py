"""Which checks have nothing to find, by the model and the keys of a request alone."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from reqlint.checks import Facts
from reqlint.checks.model_lists import is_listed_for, rows_for
from reqlint.dialects.vocabulary import Dialect


def is_idle(rule: str, model: str | None, keys: Collection[str], facts: Facts, dialect: Dialect) -> bool:
    """Return whether the check of *rule* finds nothing in any request with this model and these top-level keys."""
    if model is not None and not is_listed_for(rule, model, facts):
        return True
    named = keys_spoken_of(rule, model, facts, dialect)
    return named is not None and named.isdisjoint(keys)


def keys_spoken_of(rule: str, model: str | None, facts: Facts, dialect: Dialect) -> frozenset[str] | None:
    """Return the top-level keys of which a request has one wherever the check of *rule* has a hit; None if any."""
    spoken_of = KEYS_OF_CHECKS.get(rule)
    return spoken_of(facts, model, dialect) if spoken_of else None


def _listed_in(fact: str) -> Callable[[Facts, str | None, Dialect], frozenset[str]]:
    return lambda facts, *_: frozenset(_value(facts, fact, {}))


def _of_values(facts: Facts, model: str | None, _: Dialect) -> frozenset[str]:
    rows = rows_for(model, facts, "values-of-models")
    return frozenset(name.partition(".")[0] for row in rows for name in row["values"])


def _of_limits(_: Facts, model: str | None, dialect: Dialect) -> frozenset[str] | None:
    return frozenset(dialect.limit_keys) if dialect.limit_keys else None


def _value(facts: Facts, fact: str, default: Any) -> Any:
    return facts[fact]["value"] if fact in facts else default


KEYS_OF_CHECKS: Mapping[str, Callable[[Facts, str | None, Dialect], frozenset[str] | None]] = {
    "deprecated-field": _listed_in("deprecated-parameters"),
    "parameter-of-other-models": _listed_in("parameters-of-models"),
    "token-limit-above-that-of-model": _of_limits,
    "value-of-other-models": _of_values,
}
"""By rule: the top-level keys of which the request has one wherever the check finds something; None if any."""
