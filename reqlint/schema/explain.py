"""What a refused request is refused for: the keywords that failed, as hits of the rules that speak through them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from marshal import dumps
from operator import itemgetter
from typing import Any, NamedTuple

from reqlint.core.findings import Hit, Part, Severity
from reqlint.core.pointer import Place, to_path, value_at
from reqlint.schema.validators import Failure, compile_gate, compile_validator

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

ROOT_NAME = "the request"
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


class Explainer:
    """A profile's schema and those of its rules, asked what they have against a request that did not pass the gate."""

    def __init__(self, schema: Mapping[str, Any], rules: Sequence[RequestRule], engine: str | None = None) -> None:
        self._schema = schema
        self._rules = rules
        self._engine = engine
        self._asked: _Asked | None = None  # compiled when something is wrong

    def explain(self, request: object) -> Explanation:
        """Say which rules a refused request meets, and where."""
        asked = self._asked
        if asked is None:
            self._asked = asked = _Asked(self._schema, self._rules, self._engine)
        hits: list[Hit] = []
        met: set[str] = set()
        broken: set[str | None] = set()
        blamed: set[Place] = set()
        # Engines differ in the order they look; of two keywords that fail in one place the first by name is told.
        failures = sorted(asked.failures(request), key=_resource_and_keyword)
        mistyped = {place for place, keyword, _, resource in failures if keyword == "type" and resource == 0}
        for failure in failures:
            place, keyword, schema, resource = failure
            if resource == 0:
                if place in mistyped and keyword in _OF_ITS_TYPE:
                    continue
                hits += asked.hits(failure, request)
                if keyword in _STRUCTURAL and "x-severity" not in schema:
                    broken.update(_broken_by(failure))
                if id(schema) in asked.discriminators:
                    blamed.add(place)
                continue
            rule = self._rules[resource - 1]
            if rule.everywhere or rule.at is None:
                hits.append(_hit(failure, place, rule.id, rule.mark, request))
            elif rule.id not in met:
                met.add(rule.id)
                hits.append(_hit(failure, (rule.at,), rule.id, rule.mark, request))
        if blamed and len(hits) > 1:
            ats = _by_owner(blamed)
            hits = [hit for hit in hits if not _is_beside(hit.place, ats)]
        return Explanation(_distinct(hits) if len(hits) > 1 else hits, frozenset(broken))


_resource_and_keyword = itemgetter(3, 1)


class _Asked:
    """
    The schemas, compiled to be asked for all that fails.

    NOTE: what a simple root requires and allows is looked at here. Every error of the accelerated engine carries a
    copy of what it is about, and one of a whole request takes several times as long as to judge it.
    """

    def __init__(self, schema: Mapping[str, Any], rules: Sequence[RequestRule], engine: str | None) -> None:
        simple = schema.keys() <= _SIMPLE and not _refers_to_root(schema)
        simple = simple and not isinstance(schema.get("additionalProperties"), Mapping)
        simple = simple and all(map(_only_names, schema.get("allOf", ())))
        self._roots = [(each, frozenset(each.get("required", ()))) for each in _roots(schema)] if simple else []
        self._profile = {key: each for key, each in schema.items() if not simple or key not in _OF_ROOT}
        self._whole = compile_validator([self._profile], engine)
        schemas = [*map(as_resource, rules)]
        self._rules = compile_validator(schemas, engine) if rules else None
        self._rules_accept = compile_gate(schemas, engine) if rules else None
        self._engine = engine
        self._times = 0
        self._members: _Members | None = None
        self._known: dict[tuple[object, ...], Sequence[Hit]] = {}
        self.discriminators = frozenset(map(id, _discriminators(self._whole.resources[0])))

    def failures(self, request: object) -> list[Failure]:
        """Give every keyword that *request* fails; the profile's schema is resource 0, then come the rules."""
        failures: list[Failure] = []
        if self._roots and isinstance(request, dict):
            for root, required in self._roots:
                if not required <= request.keys():
                    failures.append(Failure((), "required", root, 0))
                if (
                    root.get("additionalProperties") is False
                    and not request.keys() <= root.get("properties", {}).keys()
                ):
                    failures.append(Failure((), "additionalProperties", root, 0))
            if self._members is None:
                self._times += 1
                if self._times > _FEW:
                    members = _Members(self._profile, self._engine)
                    self.discriminators |= members.discriminators
                    self._members = members
        if self._members is not None and isinstance(request, dict):
            failures += self._members.failures(request)
        else:
            failures += self._whole.failures(request)
        if self._rules is not None and self._rules_accept is not None and not self._rules_accept(request):
            for place, keyword, schema, number in self._rules.failures(request):
                failures.append(Failure(place, keyword, schema, number + 1))
        return failures

    def hits(self, failure: Failure, request: object) -> Sequence[Hit]:
        """Make hits of a failure; they are kept, as a mistake in one line of a file is often one in all of them."""
        value = value_at(request, failure.place)
        kind = value.__class__
        if (kind is not str or len(value) > _LONGEST_KEPT) and kind is not int and value is not None:  # type: ignore[arg-type]  # a str
            return [*_shape_hits(failure, value)]
        key = (id(failure.schema), failure.keyword, failure.place, kind, value)
        hits = self._known.get(key)
        if hits is None:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            hits = self._known[key] = [*_shape_hits(failure, value)]
        return hits


class _Members:
    """
    What a profile says of the members of a request, each asked by itself.

    The bulk of requests are messages, nearly always without a mistake, and tools, which are the same in one request
    after the other.
    """

    def __init__(self, profile: Mapping[str, Any], engine: str | None) -> None:
        frame = {key: each for key, each in profile.items() if key in ("$schema", "$id", "$defs")}
        members = profile.get("properties", {})
        single = {key: {**frame, "properties": {key: members[key]}} for key in (_BULK, *_REPEATED) if key in members}
        self._rest = compile_validator(
            [{**profile, "properties": {k: v for k, v in members.items() if k not in single}}], engine
        )
        self._single = {key: compile_validator([schema], engine) for key, schema in single.items()}
        self._accepts = {key: compile_gate([schema], engine) for key, schema in single.items()}
        self._known: dict[bytes, list[Failure]] = {}
        asked = (self._rest, *self._single.values())
        self.discriminators = frozenset(id(each) for one in asked for each in _discriminators(one.resources[0]))

    def failures(self, request: dict[str, Any]) -> list[Failure]:
        """Give every keyword that a member of *request* fails."""
        rest = dict(request)
        failures: list[Failure] = []
        for key in self._single:
            if key in rest:
                failures += self._of(key, {key: rest.pop(key)})
        return [*failures, *self._rest.failures(rest)]

    def _of(self, key: str, member: dict[str, Any]) -> list[Failure]:
        if key == _BULK:
            return [] if self._accepts[key](member) else [*self._single[key].failures(member)]
        try:
            written = dumps(member, 4)
        except ValueError:  # what only Python has
            return [*self._single[key].failures(member)]
        known = self._known.get(written)
        if known is None:
            known = [] if self._accepts[key](member) else [*self._single[key].failures(member)]
            if len(self._known) >= _MOST_MEMBERS:
                self._known.clear()
            if len(written) <= _LONGEST_MEMBER:
                self._known[written] = known
        return known


_BULK = "messages"
_REPEATED = ("tools", "response_format")
_FEW = 16  # requests that are explained before the members are compiled apart
_MOST_MEMBERS = 64
_LONGEST_MEMBER = 1 << 16  # bytes
_MOST_KEPT = 1024
_LONGEST_KEPT = 64  # characters
_OF_ROOT = frozenset({"required", "additionalProperties", "allOf"})
_SIMPLE = _OF_ROOT | {
    "$schema", "$id", "$defs", "$comment", "title", "description", "examples", "type", "properties", "x-severity",
}  # fmt: skip
"""Keywords of a root, none of which changes what the first do where `_only_names` holds."""


def _roots(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield schema
    yield from schema.get("allOf", ())


def _only_names(schema: object) -> bool:
    """Tell whether a schema says only which keys an object must or may have."""
    return (
        isinstance(schema, Mapping)
        and schema.keys() <= {"required", "properties", "additionalProperties", "x-severity"}
        and all(each is True for each in schema.get("properties", {}).values())
        and schema.get("additionalProperties") in (False, None)
    )


def _refers_to_root(schema: object) -> bool:
    if isinstance(schema, Mapping):
        return schema.get("$ref") == "#" or any(map(_refers_to_root, schema.values()))
    return isinstance(schema, list) and any(map(_refers_to_root, schema))


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


def as_resource(rule: RequestRule) -> dict[str, Any]:
    """Make a rule's schema one that asks only when the key that wakes it is there."""
    if rule.at is None:
        return {"$id": f"reqlint:rule/{rule.id}", **rule.schema}
    return {
        "$id": f"reqlint:rule/{rule.id}",
        "if": {"type": "object", "required": [rule.at]},
        "then": {key: member for key, member in rule.schema.items() if key != "$defs"},
        "$defs": rule.schema.get("$defs", {}),  # where the rule's references, `#/$defs/…`, look for it
    }


def _by_owner(blamed: Iterable[Place]) -> Mapping[Place, set[Place]]:
    """Give discriminators at fault by the place of the object that each is of."""
    ats: dict[Place, set[Place]] = {}
    for at in blamed:
        ats.setdefault(at[:-1], set()).add(at)
    return ats


def _is_beside(place: Place, ats: Mapping[Place, set[Place]]) -> bool:
    """Tell whether *place* is inside an object whose discriminator is at fault, and not the discriminator itself."""
    owners = (ats.get(place[:length], ()) for length in range(len(place) + 1))
    return any(len(own) > 1 or place not in own for own in owners if own)


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


def _shape_hits(failure: Failure, value: object) -> Iterator[Hit]:
    """Make hits of a failed keyword of the profile's own schema, for the value that failed it."""
    own = failure.schema.get("x-rule")
    severity = Severity(failure.schema["x-severity"]) if "x-severity" in failure.schema else None
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
        return ROOT_NAME
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
        facts["suggestion"] = _suggestion(value, tuple([word for word in allowed if isinstance(word, str)]))
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
    close = _close(field, tuple(known))
    if any(key in owner for key in close):
        close = _close(field, tuple([key for key in known if key not in owner]))
    if close:
        facts |= {"suggestion": close[0], "close": len(close)}
    return facts


def _suggestion(word: object, known: tuple[str, ...]) -> str | None:
    """Give the known word that *word* most likely misspells; None rather than a guess."""
    return next(iter(_close(word, known)), None)


def _close(word: object, known: tuple[str, ...]) -> Sequence[str]:
    """Give the known words that *word* may misspell, two at most, the likelier first; one that it surely is, alone."""
    return _closest(str(word), known) if isinstance(word, str) and len(word) <= 64 else ()


@lru_cache(maxsize=512)
def _closest(word: str, known: tuple[str, ...]) -> Sequence[str]:
    from difflib import get_close_matches  # slow to import, and needed for a mistake only

    plain = {key.lower().replace("_", "").replace("-", ""): key for key in known}
    written = word.lower().replace("_", "").replace("-", "")
    if written in plain:
        return (plain[written],)
    return [plain[close] for close in get_close_matches(written, plain, n=2, cutoff=0.8)]
