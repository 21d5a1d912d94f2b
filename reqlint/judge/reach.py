"""Which top-level keys of a request are looked at together, so that a change of one can be felt at the other."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reqlint.knowledge.rule import Rule

_SAYS_NOTHING = frozenset(
    {"$schema", "$id", "$defs", "$comment", "title", "description", "examples", "default", "deprecated", "type"}
)
_ALONE = frozenset({"properties", "additionalProperties", "required"})
"""Keywords that a profile's schema says of each member by itself."""


class Reach:
    """
    What the keys of a request have to do with one another under one profile and some rules.

    Args:
        schema: the profile's.
        rules: those that are on.
    """

    def __init__(self, schema: Mapping[str, Any], rules: Iterable[Rule]) -> None:
        self._groups: dict[str, frozenset[str]] = {}
        #: Whether nothing is known, as something looks at all keys at once.
        self.unknown = bool(schema.keys() - _SAYS_NOTHING - _ALONE - {key for key in schema if key.startswith("x-")})
        self.unknown = self.unknown or "x-discriminator" in schema
        for rule in rules:
            keys = set(rule.reads if rule.request is None else _keys(rule.request, alone=rule.at is None))
            self.unknown = self.unknown or None in keys
            self._groups[rule.id] = frozenset(key for key in (rule.at, *keys) if key is not None)

    def felt_by(self, keys: frozenset[str]) -> frozenset[str]:
        """Give *keys* and all that are looked at together with one of them."""
        return keys.union(*(group for group in self._groups.values() if not keys.isdisjoint(group)))

    def rules_about(self, key: str) -> frozenset[str]:
        """Give the rules that look at *key*, apart from those that say the same of every member."""
        return frozenset(rule for rule, group in self._groups.items() if key in group)


def _keys(schema: Any, *, alone: bool) -> Iterator[str | None]:
    """
    Yield the top-level keys that *schema*, which a whole request is held against, looks at together.

    None stands for all keys. With *alone*, the rule is not woken by a key, and what it says of a member makes a hit
    there, whatever the others are.
    """
    if not isinstance(schema, Mapping):
        return
    for keyword, value in schema.items():
        if keyword in _SAYS_NOTHING or keyword.startswith("x-"):
            continue
        if keyword == "properties":
            yield from () if alone else value
        elif keyword == "required":
            yield from value
        elif keyword == "additionalProperties" and alone:
            pass
        elif keyword in ("if", "then", "else", "not"):
            yield from _keys(value, alone=False)
        elif keyword in ("allOf", "anyOf", "oneOf"):
            for each in value:
                yield from _keys(each, alone=alone and keyword == "allOf")
        else:
            yield None
