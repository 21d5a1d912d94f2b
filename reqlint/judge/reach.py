"""Which top-level keys of a request are read together, so that changing one may change a finding at another."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reqlint.knowledge.rule import Rule

_IRRELEVANT = frozenset(
    {"$schema", "$id", "$defs", "$comment", "title", "description", "examples", "default", "deprecated", "type"}
)
_BY_MEMBER = frozenset({"properties", "additionalProperties", "required"})
"""Keywords with which a profile's schema judges each member by itself."""


class Reach:
    """
    How far a change of a request's keys can be felt, under one profile and some rules.

    Args:
        schema: the profile's.
        rules: those that are on.
    """

    def __init__(self, schema: Mapping[str, Any], rules: Iterable[Rule]) -> None:
        self._read_by: dict[str, frozenset[str]] = {}  # keys by rule
        relevant = schema.keys() - _IRRELEVANT - _BY_MEMBER - {key for key in schema if key.startswith("x-")}
        self.is_unknown = bool(relevant) or "x-discriminator" in schema  #: because something reads all keys at once
        for rule in rules:
            keys = set(rule.reads if rule.request is None else _keys(rule.request, by_member=rule.at is None))
            self.is_unknown = self.is_unknown or None in keys
            self._read_by[rule.id] = frozenset(key for key in (rule.at, *keys) if key is not None)

    def affected_by(self, keys: frozenset[str]) -> frozenset[str]:
        """Return *keys* and every key that some rule reads together with one of them."""
        return keys.union(*(group for group in self._read_by.values() if not keys.isdisjoint(group)))

    def keys_of(self, rule: str) -> frozenset[str]:
        """Return the keys that a *rule* reads."""
        return self._read_by[rule]

    def rules_reading(self, key: str) -> frozenset[str]:
        """Return the rules that read *key*, without those that judge every member alike."""
        return frozenset(rule for rule, group in self._read_by.items() if key in group)


def _keys(schema: Any, *, by_member: bool) -> Iterator[str | None]:
    """
    Yield the top-level keys that a ``request:`` schema reads together; None stands for all keys.

    With *by_member*, no key wakes the rule, and a hit is at the member it is about, whatever the other members are.
    """
    if not isinstance(schema, Mapping):
        return
    for keyword, value in schema.items():
        if keyword in _IRRELEVANT or keyword.startswith("x-"):
            continue
        if keyword == "properties":
            yield from () if by_member else value
        elif keyword == "required":
            yield from value
        elif keyword == "additionalProperties" and by_member:
            pass
        elif keyword in ("if", "then", "else", "not"):
            yield from _keys(value, by_member=False)
        elif keyword in ("allOf", "anyOf", "oneOf"):
            for subschema in value:
                yield from _keys(subschema, by_member=by_member and keyword == "allOf")
        else:
            yield None
