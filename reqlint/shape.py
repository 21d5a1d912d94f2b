"""The gate and its explanation: does a request satisfy the schemas, and if not, which rule is met where."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from reqlint.engines import Engine, Failure, engine_of
from reqlint.findings import Hit, Part, Severity
from reqlint.pointer import Place, to_path, value_at

_RULE_OF_KEYWORD = {
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

GENERIC_RULES = frozenset(_RULE_OF_KEYWORD.values()) | {"null-not-allowed"}
"""Rules that a schema keyword speaks through; a rule that says more about the same place supersedes them."""

WHOLE = "the request"
"""What the root of a value is called."""

_OF_ITS_TYPE = frozenset(_RULE_OF_KEYWORD) - {"type", "required", "additionalProperties"}
"""Keywords that say nothing more of a value whose type is wrong."""

_STRUCTURAL = ("type", "required", "not")
"""Keywords whose failure means that a check cannot index into what it expects."""


class RequestRule(NamedTuple):
    """A rule whose ``request:`` schema is part of the gate."""

    id: str
    at: str | None  #: None: always asked, and every hit at its own place
    mark: Part
    everywhere: bool  #: a hit at each failing place, rather than one at ``at``
    schema: Mapping[str, Any]


class Explanation(NamedTuple):
    """What a failed gate means."""

    hits: list[Hit]
    broken: frozenset[str | None]  #: top-level keys whose shape is broken; None when the request itself is


class Shape:
    """A profile's schema and the ``request:`` schemas of its rules, compiled into one gate."""

    def __init__(self, schema: Mapping[str, Any], rules: Sequence[RequestRule], engine: str | None = None) -> None:
        self._rules = rules
        self._engine: Engine = engine_of([schema, *map(_resource, rules)], engine)
        self._discriminators = {id(subschema) for subschema in _discriminators(self._engine.resources[0])}
        #: Whether a request has nothing to explain; may raise on what is no JSON value.
        self.accepts: Callable[[object], bool] = self._engine.is_valid

    def explain(self, request: object) -> Explanation:
        """Say which rules a refused request meets, and where."""
        hits: list[Hit] = []
        met: set[str] = set()
        broken: set[str | None] = set()
        blamed: set[Place] = set()
        # Engines differ in the order they look; of two keywords that fail in one place the first by name is told.
        failures = sorted(self._engine.failures(request), key=lambda f: (f.resource, f.keyword))
        mistyped = {f.place for f in failures if f.keyword == "type" and f.resource == 0}
        for failure in failures:
            if failure.resource == 0:
                if failure.keyword in _OF_ITS_TYPE and failure.place in mistyped:
                    continue
                hits.extend(_shape_hits(failure, request))
                if failure.keyword in _STRUCTURAL and "x-severity" not in failure.schema:
                    broken.update(_broken_by(failure))
                if id(failure.schema) in self._discriminators:
                    blamed.add(failure.place)
                continue
            rule = self._rules[failure.resource - 1]
            if rule.everywhere or rule.at is None:
                hits.append(_hit(failure, failure.place, rule.id, rule.mark, request))
            elif rule.id not in met:
                met.add(rule.id)
                hits.append(_hit(failure, (rule.at,), rule.id, rule.mark, request))
        if blamed:
            hits = [hit for hit in hits if not _is_beside(hit.place, blamed)]
        return Explanation(_distinct(hits), frozenset(broken))


def _discriminators(schema: object) -> Iterator[object]:
    """Find the subschemas of the members that decide what an object is: where one fails, the rest says nothing."""
    if isinstance(schema, Mapping):
        if "x-discriminator" in schema:
            yield schema["properties"][schema["x-discriminator"]]
        for subschema in schema.values():
            yield from _discriminators(subschema)
    elif isinstance(schema, list):
        for subschema in schema:
            yield from _discriminators(subschema)


def _resource(rule: RequestRule) -> dict[str, Any]:
    """Make a rule's schema one that asks only when the key that wakes it is there."""
    if rule.at is None:
        return {"$id": f"reqlint:rule/{rule.id}", **rule.schema}
    return {
        "$id": f"reqlint:rule/{rule.id}",
        "if": {"type": "object", "required": [rule.at]},
        "then": {key: member for key, member in rule.schema.items() if key != "$defs"},
        "$defs": rule.schema.get("$defs", {}),  # where the rule's references, `#/$defs/…`, look for it
    }


def _is_beside(place: Place, blamed: set[Place]) -> bool:
    """Tell whether *place* is inside an object whose discriminator is at fault, and not the discriminator itself."""
    return any(place != at and place[: len(at) - 1] == at[:-1] for at in blamed)


def _distinct(hits: list[Hit]) -> list[Hit]:
    """Drop a second hit of one rule at one place: two keywords of one subschema make one mistake."""
    first: dict[tuple[str, Place, object], Hit] = {}
    for hit in hits:
        first.setdefault((hit.rule, hit.place, hit.facts.get("field")), hit)
    return list(first.values())


def _broken_by(failure: Failure) -> Iterator[str | None]:
    if failure.place:
        yield str(failure.place[0])
    elif failure.keyword != "required":  # a missing top-level key leaves the others what they are
        yield None


def _shape_hits(failure: Failure, request: object) -> Iterator[Hit]:
    """Make hits of a failed keyword of the profile's own schema."""
    own = failure.schema.get("x-rule")
    severity = Severity(failure.schema["x-severity"]) if "x-severity" in failure.schema else None
    value = value_at(request, failure.place)
    if failure.keyword == "additionalProperties" and isinstance(value, Mapping):
        known = failure.schema.get("properties", {})
        for field in value:
            if field not in known:
                facts = _unknown_field_facts(field, known, value, failure.place)
                yield Hit((*failure.place, field), Part.KEY, facts, rule="unknown-field", severity=severity)
    elif failure.keyword == "required" and isinstance(value, Mapping):
        for field in failure.schema["required"]:
            if field not in value:
                facts = {"field": field, "owner": _name(failure.place)}
                yield Hit(failure.place, Part.VALUE, facts, rule=own or "missing-field", severity=severity)
    else:
        rule = "null-not-allowed" if failure.keyword == "type" and value is None else None
        rule = own if own and failure.keyword != "type" else rule or _RULE_OF_KEYWORD.get(failure.keyword) or own
        yield Hit(failure.place, Part.VALUE, _facts(failure, value), rule=rule or "unknown-value", severity=severity)


def _hit(failure: Failure, place: Place, rule: str, mark: Part, request: object) -> Hit:
    """Make the hit of a rule whose ``request:`` schema failed."""
    value = value_at(request, failure.place)
    if failure.keyword == "additionalProperties" and isinstance(value, Mapping) and place == failure.place:
        known = failure.schema.get("properties", {})
        place = (*place, next((key for key in value if key not in known), ""))
    own = {"name": _name(place), "value": value_at(request, place)}
    return Hit(place, mark, {**_facts(failure, value), **own}, rule=rule)


def _name(place: Place) -> str:
    """Name a value the way people speak of it: by its key, or by its list's key and its index."""
    if not place:
        return WHOLE
    last_key = max((i for i, step in enumerate(place) if isinstance(step, str)), default=0)
    path = to_path(place[last_key:])
    return path if last_key == 0 or not path.startswith("[") else to_path(place[last_key - 1 :])


_TYPE_WORDS = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
    "array": "an array",
    "null": "null",
}


def _facts(failure: Failure, value: object) -> dict[str, object]:
    """Gather what a message can say of a failed keyword; the keys are listed in ``schemas/meta/rule.json``."""
    schema = failure.schema
    facts: dict[str, object] = {"name": _name(failure.place), "value": value}
    rule = _RULE_OF_KEYWORD.get(failure.keyword)
    if rule == "wrong-type":
        types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        facts["expected"] = " or ".join(_TYPE_WORDS[name] for name in types)
    elif rule == "unknown-value":
        allowed = schema.get("enum", [schema.get("const")])
        facts["allowed"] = allowed
        facts["suggestion"] = _suggestion(value, [word for word in allowed if isinstance(word, str)])
    elif rule == "out-of-range":
        facts["range"] = _range(schema)
    elif rule == "wrong-length" and isinstance(value, str | list | dict):
        facts["length"] = len(value)
        facts["limit"] = _limit(schema, value)
    elif rule == "malformed-string" and isinstance(value, str):
        facts["length"] = len(value)
        facts["pattern"] = schema["pattern"]
    return {key: fact for key, fact in facts.items() if fact is not None or key == "value"}


def _range(schema: Mapping[str, Any]) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if low is not None and high is not None:
        return f"from {low} to {high}"
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


def _unknown_field_facts(
    field: str, known: Mapping[str, Any], owner: Mapping[str, Any], place: Place
) -> dict[str, object]:
    facts: dict[str, object] = {"field": field, "owner": _name(place)}
    close = _close(field, [key for key in known if key not in owner])
    if close:
        facts |= {"suggestion": close[0], "close": len(close)}
    return facts


def _suggestion(word: object, known: Sequence[str]) -> str | None:
    """Give the known word that *word* most likely misspells; None rather than a guess."""
    return next(iter(_close(word, known)), None)


def _close(word: object, known: Sequence[str]) -> list[str]:
    """Give the known words that *word* may misspell, two at most, the likelier first; one that it surely is, alone."""
    if not isinstance(word, str) or len(word) > 64:
        return []
    from difflib import get_close_matches  # slow to import, and needed for a mistake only

    plain = {key.lower().replace("_", "").replace("-", ""): key for key in known}
    written = word.lower().replace("_", "").replace("-", "")
    if written in plain:
        return [plain[written]]
    return [plain[close] for close in get_close_matches(written, plain, n=2, cutoff=0.8)]
