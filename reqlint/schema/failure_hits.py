"""A failed keyword as hits of the rule that speaks for it, with the facts that a message can use."""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from reqlint.core.findings import Hit, Part, Severity
from reqlint.core.pointer import Place, to_path, value_at
from reqlint.schema.close_words import KnownWords, bare, close_words, known_words
from reqlint.schema.engine import Failure
from reqlint.schema.keyword_rules import RULE_OF_KEYWORD, named_rule, speaking_rule
from reqlint.schema.request_rules import ROOT_NAME
from reqlint.schema.wrong_values import variant_of_length, variant_of_type

_TYPE_WORDS = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "object": "an object",
    "array": "an array",
    "null": "null",
}


class KeywordHits:
    """
    The hits of a keyword of a profile's schema, with what does not depend on the value that fails it.

    Args:
        schema: the subschema that holds the keyword.
        keyword: the one that fails.
        unproven: rules that the profile has no evidence for.
    """

    def __init__(self, schema: Mapping[str, Any], keyword: str, unproven: Collection[str] = ()) -> None:
        self.schema = schema
        self._keyword = keyword
        self._rule = speaking_rule(schema, keyword, "", unproven)
        self._rule_of_null = speaking_rule(schema, keyword, None, unproven)
        self._severity = Severity(schema["x-severity"]) if "x-severity" in schema else None
        self._known: Mapping[str, Any] = schema.get("properties", {})
        self._named = None if keyword in RULE_OF_KEYWORD else named_rule(schema, keyword)
        self._vague = "no value here" if schema.get("not") == {} else "another value"

    @cached_property
    def _words(self) -> KnownWords:
        return known_words(tuple(self._known))

    @cached_property
    def _bare(self) -> Mapping[str, str]:
        return {key: bare(key) for key in self._known}

    def hits(self, place: Place, value: object) -> Sequence[Hit]:
        """Return the hits of a *value* that fails the keyword."""
        keyword = self._keyword
        rule, severity = self._rule_of_null if value is None else self._rule, self._severity
        if keyword == "additionalProperties" and isinstance(value, Mapping):
            return self._of_unknown_keys(place, value)
        if keyword == "required" and isinstance(value, Mapping):
            owner = _name(place)
            missing = (field for field in self.schema["required"] if field not in value)
            return [Hit(place, Part.VALUE, {"field": field, "owner": owner}, (), rule, severity) for field in missing]
        facts = _facts(self.schema, keyword, place, value)
        if self._named != rule and keyword not in RULE_OF_KEYWORD:
            facts |= {"expected": self._vague, "allowed": self._vague}  # for the generic rule's message
        return (Hit(place, Part.VALUE, facts, (), rule, severity),)

    def _of_unknown_keys(self, place: Place, value: Mapping[str, Any]) -> Sequence[Hit]:
        known, owner, closest = self._known, _name(place), self._words.close
        there: set[str] | None = None
        hits = []
        for field in [key for key in value if key not in known]:
            facts: dict[str, object] = {"field": field, "owner": owner}
            if close := closest(field):
                if there is None:  # in whichever spelling, if keys have two
                    there = {self._bare[key] for key in value if key in known}
                facts |= self._misspelt(field, close, there)
            hits.append(Hit((*place, field), Part.KEY, facts, (), self._rule, self._severity))
        return hits

    def _misspelt(self, field: str, close: Sequence[str], there: Collection[str]) -> Mapping[str, object]:
        """Return which of the known keys an unknown *field* may misspell; *there* are those beside it, bare."""
        facts: dict[str, object] = {}
        if any(self._bare[key] in there for key in close):
            close = close_words(field, tuple([key for key, written in self._bare.items() if written not in there]))
            facts["close"] = 0  # unless there is another: it misspells a key that is there as well
        if close:
            facts |= {"suggestion": close[0], "close": len(close)}
        return facts


def request_rule_hit(failure: Failure, place: Place, rule: str, mark: Part, request: object) -> Hit:
    """Return the hit at *place* of a rule whose ``request:`` schema failed."""
    value = value_at(request, failure.place)
    if failure.keyword == "additionalProperties" and isinstance(value, Mapping) and place == failure.place:
        known = failure.schema.get("properties", {})
        place = (*place, next((key for key in value if key not in known), ""))
    facts = {
        **_facts(failure.schema, failure.keyword, failure.place, value),
        "name": _name(place),
        "value": value_at(request, place),
    }
    return Hit(place, mark, facts, rule=rule)


def _name(place: Place) -> str:
    """Return the name of a value in messages: its key, or the key of its array with its index."""
    if not place:
        return ROOT_NAME
    key = place[-1]
    if isinstance(key, str) and key.isascii() and key.isidentifier():
        return key  # as `to_path` writes it
    last_key = max((i for i, step in enumerate(place) if isinstance(step, str)), default=0)
    path = to_path(place[last_key:])
    return path if last_key == 0 or not path.startswith("[") else to_path(place[last_key - 1 :])


def _facts(schema: Mapping[str, Any], keyword: str, place: Place, value: object) -> dict[str, object]:
    """Return what a message can say of a failed keyword; the facts are listed in ``schemas/meta/rule.json``."""
    facts: dict[str, object] = {"name": _name(place), "value": value}
    rule = RULE_OF_KEYWORD.get(keyword)
    if rule == "wrong-type":
        types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        facts["expected"] = _types_in_words(tuple(types))
        facts["variant"] = variant_of_type(value, types, place)
    elif rule == "unknown-value":
        allowed = schema.get("enum", [schema.get("const")])
        facts["allowed"] = allowed
        facts["suggestion"] = _suggestion(value, tuple([word for word in allowed if isinstance(word, str)]))
    elif rule == "out-of-range":
        facts["range"] = _range(schema, value)
    elif rule == "wrong-length" and isinstance(value, str | list | dict):
        facts["length"] = len(value)
        facts["limit"] = _limit(schema, value)
        facts["variant"] = variant_of_length(value, keyword, schema[keyword])
    elif rule == "malformed-string" and isinstance(value, str):
        facts["length"] = len(value)
        facts["pattern"] = schema["pattern"]
    return {key: fact for key, fact in facts.items() if fact is not None or key == "value"}


@lru_cache(maxsize=256)
def _types_in_words(types: tuple[str, ...]) -> str:
    words = [word for name in types for word in (("true", "false") if name == "boolean" else (_TYPE_WORDS[name],))]
    return " or ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


_LARGEST = 2**53
"""A bound from here on is that of a number's representation, and helps only who is above it."""


def _range(schema: Mapping[str, Any], value: object) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None and high >= _LARGEST and isinstance(value, int | float) and value <= high:
        high = None
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f"exactly {low}" if low == high else f"from {low} to {high}"
    parts = [
        f"{word} {bound}"
        for word, bound in (("at least", low), ("above", above), ("at most", high), ("below", below))
        if bound is not None
    ]
    return " and ".join(parts) or f"a multiple of {schema.get('multipleOf')}"


def _limit(schema: Mapping[str, Any], value: str | list[object] | dict[str, object]) -> str:
    kind, unit = (
        ("Length", "character")
        if isinstance(value, str)
        else ("Items", "item")
        if isinstance(value, list)
        else ("Properties", "key")
    )
    low, high = schema.get(f"min{kind}"), schema.get(f"max{kind}")
    bounds = [f"{word} {bound}" for word, bound in (("at least", low), ("at most", high)) if bound is not None]
    last = high if high is not None else low
    return f"{' and '.join(bounds)} {unit}{'s' * (last != 1)}"


def _suggestion(word: object, known: tuple[str, ...]) -> str | None:
    """Return the known word that *word* most likely misspells; None rather than a guess."""
    return next(iter(close_words(word, known)), None)
