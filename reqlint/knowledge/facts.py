"""Which facts the message and help of a rule may use, by the keywords that can fail; ``x-facts`` in the rule schema."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from reqlint.core.pointer import Place
from reqlint.knowledge.validation import load_meta_schema
from reqlint.schema.keyword_rules import named_rule
from reqlint.schema.limits import subschemas

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_BY_NAME = ("properties", "patternProperties", "dependentSchemas", "$defs", "allOf", "prefixItems")
_REPORTED_AS_ONE = ("if", "not", "contains", "anyOf", "oneOf")
"""Keywords that fail as a whole: which of the keywords inside failed is not reported."""


def placeholders(template: str) -> list[str]:
    """Return the facts that a message or help template names, in the order of the text."""
    return _PLACEHOLDER.findall(template)


def facts_of_request(schema: Mapping[str, Any]) -> frozenset[str]:
    """Return the facts that a rule with this ``request:`` schema can give, whichever of its keywords fails."""
    listed = load_meta_schema("rule").facts
    by_keyword = listed["request"]
    facts = {*listed["always"], *by_keyword["*"]}
    for place, each in subschemas(schema):
        if _is_reported(place):
            facts.update(*(by_keyword.get(keyword, ()) for keyword in each))
    return frozenset(facts)


def facts_of_profile(schema: Mapping[str, Any]) -> Mapping[str, frozenset[str]]:
    """Return the facts that a profile's schema can give, by the rule that it names in ``x-rule``."""
    listed = load_meta_schema("rule").facts
    by_keyword = {**listed["request"], **listed["profile"]}
    facts: dict[str, frozenset[str]] = {}
    for place, each in subschemas(schema):
        if "x-rule" in each and _is_reported(place):
            for keyword in each:
                if rule := named_rule(each, keyword):
                    facts[rule] = facts.get(rule, frozenset(by_keyword["*"])).union(by_keyword.get(keyword, ()))
    return facts


def _is_reported(place: Place) -> bool:
    """Return whether a failure of the subschema at *place* is reported itself, not as one of the schema around it."""
    steps: Iterator[str | int] = iter(place)
    for keyword in steps:
        if keyword in _REPORTED_AS_ONE:
            return False
        if keyword in _BY_NAME:
            next(steps, None)  # a name or an index, which may read like a keyword
    return True
