"""
Which rule speaks for a failed keyword of a schema: the one that ``x-rule`` names, or the keyword's generic rule.

``x-rule`` is an object of rules by keyword, ``{"maxLength": "too-long-tool-call-id"}``, or one rule's name, which
stands for the keywords beside it in the same file. ``type`` and ``additionalProperties`` are named only in an object.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

RULE_OF_KEYWORD = {
    "type": "wrong-type",
    "required": "missing-field",
    "additionalProperties": "unknown-field",
    "enum": "unknown-value",
    "const": "unknown-value",
    "minimum": "out-of-range",
    "maximum": "out-of-range",
    "exclusiveMinimum": "out-of-range",
    "exclusiveMaximum": "out-of-range",
    "multipleOf": "out-of-range",
    "minLength": "wrong-length",
    "maxLength": "wrong-length",
    "minItems": "wrong-length",
    "maxItems": "wrong-length",
    "minProperties": "wrong-length",
    "maxProperties": "wrong-length",
    "pattern": "malformed-string",
    "uniqueItems": "duplicate-item",
}
"""The generic rule of each keyword that has one."""

GENERIC_RULES = frozenset(RULE_OF_KEYWORD.values()) | {"null-not-allowed"}
"""Rules that speak for keywords of any schema; a rule that says more about the same place supersedes them."""

_NEVER_MEANT = ("type", "additionalProperties")
"""Keywords that a rule's name alone does not stand for: their generic rules say more of a wrong type or a wrong key."""

_CAN_FAIL = (frozenset(RULE_OF_KEYWORD) - set(_NEVER_MEANT)) | {
    "not", "contains", "minContains", "maxContains", "anyOf", "oneOf", "propertyNames", "dependentRequired",
}  # fmt: skip
"""Keywords that a rule's name alone can stand for."""


def named_rule(schema: Mapping[str, Any], keyword: str) -> str | None:
    """Return the rule that ``x-rule`` names for a keyword of *schema*."""
    named = schema.get("x-rule")
    if isinstance(named, Mapping):
        rule = named.get(keyword)
        return rule if isinstance(rule, str) else None
    return named if isinstance(named, str) and keyword not in _NEVER_MEANT else None


def speaking_rule(schema: Mapping[str, Any], keyword: str, value: object, unproven: Collection[str]) -> str:
    """
    Return the rule that speaks for a keyword of *schema* that *value* fails.

    A named rule that is *unproven* says nothing under this profile, and the keyword's generic rule speaks in its place.
    """
    named = named_rule(schema, keyword)
    if named is not None and named not in unproven:
        return named
    if value is None and (keyword == "type" or (named is not None and keyword not in RULE_OF_KEYWORD)):
        return "null-not-allowed"
    return RULE_OF_KEYWORD.get(keyword, "unknown-value")


def named_rules(schema: object) -> Iterator[str]:
    """Yield the rules that ``x-rule`` names anywhere in *schema*."""
    if isinstance(schema, Mapping):
        named = schema.get("x-rule")
        if isinstance(named, str):
            yield named
        elif isinstance(named, Mapping):
            yield from (rule for rule in named.values() if isinstance(rule, str))
        for member in schema.values():
            yield from named_rules(member)
    elif isinstance(schema, list):
        for item in schema:
            yield from named_rules(item)


def write_out_rules(schema: Any, other: object) -> Any:
    """
    Return *schema* as it is to be merged with *other*, a schema or a delta, so that no ``x-rule`` changes its meaning.

    A rule's name stands for the keywords in its own file. Where *other* adds keywords, or names rules for some, the
    name is written out: ``"x-rule": "r"`` beside ``maxLength`` becomes ``"x-rule": {"maxLength": "r"}``.
    """
    if not isinstance(schema, Mapping) or not isinstance(other, Mapping):
        return schema
    written = {key: write_out_rules(member, other.get(key)) for key, member in schema.items()}
    named = schema.get("x-rule")
    if isinstance(named, str) and (_failing(other) - schema.keys() or _names_rules(other)):
        by_keyword = {keyword: named for keyword in schema if keyword in _failing(schema)}
        written["x-rule"] = by_keyword or named  # a name alone is a delta's, for the keywords that it inherits
    return written


def _names_rules(schema: Mapping[str, Any]) -> bool:
    named = schema.get("x-rule")
    return isinstance(named, Mapping) or (isinstance(named, str) and bool(_failing(schema)))


def _failing(schema: Mapping[str, Any]) -> set[str]:
    return {keyword for keyword in _CAN_FAIL.intersection(schema) if schema[keyword] is not None}
