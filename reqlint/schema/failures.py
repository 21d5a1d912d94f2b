"""Every keyword that a refused request fails, found at the lowest cost when mistakes come in every line of a file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from marshal import dumps
from typing import Any, NamedTuple

from reqlint.schema.engine import Failure, resolve_reference
from reqlint.schema.first_values import FirstEngine, first_gate
from reqlint.schema.request_rules import RequestRule, as_resource
from reqlint.schema.validators import compile_gate, compile_validator

_SEPARATE_AFTER = 16  # refused requests that are explained before members get validators of their own
_MOST_KEPT = 64
_LONGEST_KEPT = 1 << 16  # bytes of a member
_ROOT_KEYWORDS = frozenset({"required", "additionalProperties", "allOf"})
_SIMPLE = _ROOT_KEYWORDS | {
    "$schema", "$id", "$defs", "$comment", "title", "description", "examples", "type", "properties", "x-severity",
}  # fmt: skip
"""Keywords of a simple root; where `_only_names_keys` holds, none of the others changes what the first three mean."""


class Known(NamedTuple):
    """What is known of a request before its failures are looked for."""

    rest_is_right: bool  #: whether the request has the right shape but for the following members
    items: Mapping[str, Sequence[int] | None]
    """By the keys of arrays: the numbers of their wrong items; None where there may be more that is wrong."""
    obeys_rules: bool  #: whether it satisfies the schemas of rules

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong."""
        return self.rest_is_right and self.obeys_rules and all(wrong == [] for wrong in self.items.values())


class FailureFinder:
    """
    A profile's schema and those of its rules, compiled to find every keyword that a request fails.

    NOTE: what a simple root requires and allows is checked here in Python. Every error of the accelerated engine
    carries a copy of its value, and copying a whole request takes several times as long as judging it.
    """

    def __init__(
        self,
        schema: Mapping[str, Any],
        rules: Sequence[RequestRule],
        engine: str | None,
        bulk: str = "",
        repeated: Sequence[str] = (),
    ) -> None:
        self._members = bulk, repeated
        is_simple = schema.keys() <= _SIMPLE and not _refers_to_root(schema)
        is_simple = is_simple and not isinstance(schema.get("additionalProperties"), Mapping)
        is_simple = is_simple and all(map(_only_names_keys, schema.get("allOf", ())))
        self._roots = [*map(_Root.of, _roots(schema))] if is_simple else []
        self._profile = {key: each for key, each in schema.items() if not is_simple or key not in _ROOT_KEYWORDS}
        self._together = FirstEngine([self._profile], engine)
        resources = [*map(as_resource, rules)]
        self._rules = FirstEngine(resources, engine) if rules else None
        self._rules_accept = first_gate(resources, engine, lambda: compile_gate(resources, engine)) if rules else None
        self._engine = engine
        self._times = 0
        self._separately: _SeparateMembers | None = None
        self.discriminators = frozenset(map(id, _discriminators(self._together.resources[0])))
        """Ids of the subschemas that decide what an object is."""

    def failures(self, request: object, known: Known | None = None) -> list[Failure]:
        """
        Find every keyword that *request* fails; resource 0 is the profile's schema, then come the rules.

        *known* is what the caller knows of it.
        """
        failures: list[Failure] = []
        if self._roots and isinstance(request, dict):
            for root, required, allowed in () if known is not None and known.rest_is_right else self._roots:
                if not required <= request.keys():
                    failures.append(Failure((), "required", root, 0))
                if allowed is not None and not request.keys() <= allowed:
                    failures.append(Failure((), "additionalProperties", root, 0))
            if self._separately is None:
                self._times += 1
                if self._times > _SEPARATE_AFTER:
                    separately = _SeparateMembers(self._profile, self._engine, *self._members)
                    self.discriminators |= separately.discriminators
                    self._separately = separately
        if self._separately is not None and isinstance(request, dict):
            failures += self._separately.failures(request, known)
        else:
            failures += self._together.failures(request)
        if known is not None and known.obeys_rules:
            return failures
        if self._rules is not None and self._rules_accept is not None and not self._rules_accept(request):
            for place, keyword, schema, number in self._rules.failures(request):
                failures.append(Failure(place, keyword, schema, number + 1))
        return failures


class _SeparateMembers:
    """
    A profile's schema with validators of their own for the largest members of a request.

    These are the conversation at the key *bulk*, nearly always without a mistake, and the *repeated* members, such as
    tools, which are the same in one request after the other.
    """

    def __init__(self, profile: Mapping[str, Any], engine: str | None, bulk: str, repeated: Sequence[str]) -> None:
        self._bulk = bulk
        frame = {key: each for key, each in profile.items() if key in ("$schema", "$id", "$defs")}
        members = profile.get("properties", {})
        single = {key: {**frame, "properties": {key: members[key]}} for key in (bulk, *repeated) if key in members}
        self._rest = compile_validator(
            [{**profile, "properties": {k: v for k, v in members.items() if k not in single}}], engine
        )
        self._single = {key: compile_validator([schema], engine) for key, schema in single.items()}
        self._accepts = {key: compile_gate([schema], engine) for key, schema in single.items()}
        self._by_item = frozenset(key for key in single if _is_by_item(profile, members[key]))
        self._kept: dict[bytes, list[Failure]] = {}
        validators = (self._rest, *self._single.values())
        self.discriminators = frozenset(id(each) for one in validators for each in _discriminators(one.resources[0]))

    def failures(self, request: dict[str, Any], known: Known | None = None) -> list[Failure]:
        """Find every keyword that a member of *request* fails, but for those that are known to be right."""
        failures: list[Failure] = []
        single = self._single
        otherwise = () if known is not None and known.rest_is_right else None
        for key in single:
            if key in request:
                wrong = otherwise if known is None else known.items.get(key, otherwise)
                if wrong is None:
                    failures += self._of_member(key, {key: request[key]})
                elif wrong:
                    failures += self._of_items(key, request[key], wrong)
        if otherwise is None:
            failures += self._rest.failures({key: each for key, each in request.items() if key not in single})
        return failures

    def _of_items(self, key: str, value: list[Any], wrong: Sequence[int]) -> Iterable[Failure]:
        """Return the failures of the *wrong* items of an array, in which all else is right."""
        find = self._single[key].failures
        if key not in self._by_item:
            return find({key: value})
        found = find({key: [value[number] for number in wrong]})
        # What the few fail together would be said of their array, which is right with all of them.
        return [
            Failure((key, wrong[place[1]], *place[2:]), keyword, schema, 0)  # type: ignore[index]  # a number
            for place, keyword, schema, _ in found
            if len(place) > 1
        ]

    def _of_member(self, key: str, member: dict[str, Any]) -> list[Failure]:
        if key == self._bulk:
            return self._find(key, member)
        try:
            written = dumps(member, 4)
        except ValueError:  # a value that JSON does not have
            return [*self._single[key].failures(member)]
        failures = self._kept.get(written)
        if failures is None:
            failures = self._find(key, member)
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            if len(written) <= _LONGEST_KEPT:
                self._kept[written] = failures
        return failures

    def _find(self, key: str, member: dict[str, Any]) -> list[Failure]:
        return [] if self._accepts[key](member) else [*self._single[key].failures(member)]


_BY_ITEM = frozenset({"type", "items", "minItems", "maxItems", "description", "title", "examples", "default"})


def _is_by_item(root: Mapping[str, Any], schema: object) -> bool:
    """Return whether an item of an array fails the same keywords of *schema* when it is alone in the array."""
    if not isinstance(schema, Mapping):
        return False
    applied = [resolve_reference(root, schema["$ref"])] if "$ref" in schema else []
    if "if" in schema:
        condition = schema["if"]
        if not isinstance(condition, Mapping) or condition.keys() != {"type"}:
            return False
        branch = "then" if condition["type"] == "array" or "array" in condition["type"] else "else"
        applied += [schema[branch]] if branch in schema else []
    unknown = schema.keys() - _BY_ITEM - {"$ref", "if", "then", "else"}
    return all(keyword.startswith("x-") for keyword in unknown) and all(_is_by_item(root, each) for each in applied)


class _Root(NamedTuple):
    """What a simple root asks of the keys of a request."""

    schema: Mapping[str, Any]
    required: frozenset[str]
    allowed: frozenset[str] | None  #: None for any

    @classmethod
    def of(cls, schema: Mapping[str, Any]) -> "_Root":
        is_closed = schema.get("additionalProperties") is False
        allowed = frozenset(schema.get("properties", ())) if is_closed else None
        return cls(schema, frozenset(schema.get("required", ())), allowed)


def _roots(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield schema
    yield from schema.get("allOf", ())


def _only_names_keys(schema: object) -> bool:
    """Return whether a schema says only which keys an object must or may have."""
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
    """Yield the subschemas of members that decide what an object is; where one fails, the rest says nothing."""
    if isinstance(schema, Mapping):
        if "x-discriminator" in schema:
            yield schema["properties"][schema["x-discriminator"]]
        for subschema in schema.values():
            yield from _discriminators(subschema)
    elif isinstance(schema, list):
        for subschema in schema:
            yield from _discriminators(subschema)
