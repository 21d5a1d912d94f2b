"""Two engines with one meaning: `jsonschema` defines what a verdict is, `jsonschema-rs` gives the same one fast."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple, Protocol

from reqlint.core.json_values import to_json_value
from reqlint.core.pointer import Place, value_at
from reqlint.display.credentials import shorten
from reqlint.schema.combine import combine_schemas, resolve_reference
from reqlint.schema.limits import find_endless, subschemas

REFERENCE = "reference"
ACCELERATED = "accelerated"


class Failure(NamedTuple):
    """One keyword that a value does not satisfy."""

    place: Place  #: of the value in the instance
    keyword: str  #: the schema keyword that failed; ``not`` for the schema that accepts nothing
    schema: Mapping[str, Any]  #: the subschema that holds the keyword
    resource: int  #: which of the schemas the engine was built of, from 0


class Engine(Protocol):
    """One compiled conjunction of schemas."""

    resources: Sequence[Mapping[str, Any]]  #: the schemas it was built of; failures hold their very subschemas

    def is_valid(self, value: object) -> bool:
        """Tell whether *value* satisfies every schema; may raise on what is no JSON value."""
        ...

    def failures(self, value: object) -> Iterator[Failure]:
        """Yield every failed keyword of every schema, in no particular order."""
        ...


def default_engine() -> str:
    """
    Name the engine to use: what ``REQLINT_ENGINE`` says, else the accelerated one where its wheel is installed.

    NOTE: the only environment variable read outside the command line, since it must also reach a library call inside
    someone else's program, where the two engines are compared.
    """
    if os.environ.get("REQLINT_ENGINE") == REFERENCE:
        return REFERENCE
    return ACCELERATED if _has_accelerator() else REFERENCE


def compile_validator(resources: Sequence[Mapping[str, Any]], name: str | None = None) -> Engine:
    """
    Compile *resources*, each a self-contained schema with an ``$id``, into one engine.

    Nothing is ever fetched: a reference can lead only into the schema it stands in.
    """
    name = name or default_engine()
    resources = [_without_false(resource) for resource in resources]
    return _Reference(resources) if name == REFERENCE else _Accelerated(resources)


def compile_gate(schemas: Sequence[Mapping[str, Any]], name: str | None = None) -> Callable[[object], bool]:
    """Compile *schemas* into what tells whether a value satisfies all of them; may raise on what is no JSON value."""
    if (name or default_engine()) == REFERENCE:
        return _Reference(schemas).is_valid
    return _compiled(schemas[0] if len(schemas) == 1 else combine_schemas(schemas)).is_valid  # type: ignore[no-any-return]


def schema_fault(schema: Mapping[str, Any]) -> tuple[Place, str] | None:
    """
    Say what keeps *schema*, somebody else's, from being a JSON Schema that can be judged by, and where.

    None when nothing does: then judging by it takes bounded time, whatever the payload, and both engines take it.
    """
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    if fault := find_endless(schema):
        return fault
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as wrong:
        return tuple(wrong.absolute_path), f"is not JSON Schema: {cut(wrong.message)}"
    for place, each in subschemas(schema):
        for keyword in ("pattern", "patternProperties"):
            for pattern in each.get(keyword, ()) if keyword == "patternProperties" else [each.get(keyword)]:
                if pattern is not None and (fault := _pattern_fault((*place, keyword), pattern)):
                    return fault
    try:
        compile_validator([{**schema, "$id": "reqlint:tried"}])
    except ValueError as wrong:
        return (), f"is not JSON Schema: {cut(str(wrong))}"
    return None


def cut(text: str) -> str:
    """Give the first line of what a library says, which may quote all of a value, as far as anybody reads on."""
    return shorten(text.partition("\n")[0], 120, 119)


def _pattern_fault(place: Place, pattern: str) -> tuple[Place, str] | None:
    if linear(pattern) is not None:
        return None
    if not _has_accelerator():
        return place, "a pattern can be taken only where jsonschema-rs is installed, which matches it in linear time"
    return place, "the pattern is none that can be matched in linear time, without looking around or back"


def _has_accelerator() -> bool:
    try:
        import jsonschema_rs  # noqa: F401 - asked for only to learn whether it is there
    except ImportError:
        return False
    return True


@lru_cache(maxsize=1024)
def linear(pattern: str) -> Callable[[str], bool] | None:
    """Give what tells in linear time whether a text has a match of *pattern*; None where nothing can."""
    try:
        return _compiled({"pattern": pattern}).is_valid  # type: ignore[no-any-return]  # it has no types
    except (ImportError, ValueError):
        return None


def _without_false(schema: Any) -> Any:
    """
    Write the schema that accepts nothing as an object.

    NOTE: `jsonschema` reports a failed ``false`` at the place of its parent, and neither engine can say which
    annotations stand beside it.
    """
    if not isinstance(schema, Mapping):
        return schema
    written: dict[str, Any] = {}
    for keyword, member in schema.items():
        if keyword in ("properties", "patternProperties", "$defs"):
            written[keyword] = {
                name: _nothing if each is False else _without_false(each) for name, each in member.items()
            }
        elif keyword in ("items", "then", "else", "if", "not", "contains", "additionalProperties"):
            refuses = member is False and keyword != "additionalProperties"
            written[keyword] = _nothing if refuses else _without_false(member)
        elif keyword in ("allOf", "anyOf", "oneOf"):
            written[keyword] = [_without_false(each) for each in member]
        else:
            written[keyword] = member
    return written


_nothing: Mapping[str, Any] = {"not": {}}


def _joined(resources: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [{"$ref": resource["$id"]} for resource in resources],
        "$defs": {str(number): resource for number, resource in enumerate(resources)},
    }


def _compiled(schema: Mapping[str, Any]) -> Any:
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(
        dict(schema),
        validate_formats=False,
        offline=True,
        pattern_options=jsonschema_rs.RegexOptions(size_limit=_LARGEST_PATTERN),  # linear time, whatever the payload
    )


_LARGEST_PATTERN = 4 << 20  # bytes, compiled


class _Accelerated:
    def __init__(self, resources: Sequence[Mapping[str, Any]]) -> None:
        self.resources = resources
        compiled = _compiled(_joined(resources))
        self.is_valid = compiled.is_valid
        self._iter_errors = compiled.iter_errors
        self._walked: dict[tuple[str | int, ...], tuple[str, Mapping[str, Any], int]] = {}

    def failures(self, value: object) -> Iterator[Failure]:
        failures = []
        for error in self._iter_errors(value):
            place = tuple(error.instance_path)
            if not _is_plain(place, value) and not _names_its_place(error, value):
                # jsonschema-rs reads keys made of digits as indices, and leaves empty keys out of a path.
                return _Reference(self.resources).failures(value)
            # evaluation_path is the way that was taken: allOf, number, $ref, then on inside that resource.
            way = tuple(error.evaluation_path)
            walked = self._walked.get(way)
            if walked is None:
                if len(self._walked) >= _MOST_WALKED:
                    self._walked.clear()
                walked = self._walked[way] = (*_walk(self.resources[int(way[1])], way[3:]), int(way[1]))
            failures.append(Failure(place, *walked))
        return iter(failures)


_MOST_WALKED = 1024


def _is_plain(place: Place, value: Any) -> bool:
    """Tell whether *place* is in *value*, and no key on the way is one that the engine cannot name."""
    for step in place:
        if value.__class__ is dict:
            if step not in value or "" in value:
                return False
        elif value.__class__ is not list or step.__class__ is not int or step >= len(value):
            return False
        value = value[step]
    return value.__class__ is not dict or "" not in value


def _names_its_place(error: Any, value: object) -> bool:
    try:
        meant = value_at(value, tuple(error.instance_path))
    except LookupError:
        return False
    instance = error.instance
    return meant.__class__ is instance.__class__ and meant == instance


def _walk(resource: Mapping[str, Any], path: Sequence[str | int]) -> tuple[str, Mapping[str, Any]]:
    """Follow an evaluation path from the root of *resource*: the failed keyword, and the subschema it stands in."""
    node: Any = resource
    for step in path[:-1]:
        node = resolve_reference(resource, node["$ref"]) if step == "$ref" else node[step]
    return str(path[-1]), node


class _Reference:
    def __init__(self, resources: Sequence[Mapping[str, Any]]) -> None:
        from referencing.jsonschema import EMPTY_REGISTRY

        self.resources = resources
        # NOTE: without a registry of its own `jsonschema` opens whatever address or file a reference names.
        self._compiled = [_reference_class()(resource, registry=EMPTY_REGISTRY) for resource in resources]

    def is_valid(self, value: object) -> bool:
        as_json, oddities = to_json_value(value)
        if oddities or as_json != value:
            raise ValueError("not a JSON value")  # as the accelerated engine does when it meets one
        return all(compiled.is_valid(value) for compiled in self._compiled)

    def failures(self, value: object) -> Iterator[Failure]:
        for number, compiled in enumerate(self._compiled):
            for error in compiled.iter_errors(value):
                yield Failure(tuple(error.absolute_path), str(error.validator), error.schema, number)


_PIECE = r"\\.|\[(?:\\.|[^\]\\])*\]|\$"
"""An escape, a character class, or the dollar sign that means the end."""


@lru_cache(maxsize=1024)
def matches(pattern: str) -> Callable[[str], object]:
    """
    Give what tells whether a text has a match of *pattern*, for the reference engine.

    NOTE: Python's `re` takes time without bound for some patterns. It decides only where nothing else can, and there
    no pattern but our own is ever asked: `schema_fault` refuses those of others.
    """
    import re

    # JSON Schema patterns are ECMA-262's, where $ is the very end; Python's also matches before a last newline.
    found = re.sub(_PIECE, lambda token: r"\Z" if token[0] == "$" else token[0], pattern)
    return linear(pattern) or re.compile(found).search


@cache
def _reference_class() -> Any:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError
    from jsonschema.validators import extend

    def pattern(_: object, wanted: str, instance: object, __: object) -> Iterator[ValidationError]:
        if isinstance(instance, str) and not matches(wanted)(instance):
            yield ValidationError("does not match")

    def pattern_properties(
        validator: Any, wanted: Mapping[str, Any], instance: object, _: object
    ) -> Iterator[ValidationError]:
        for each, schema in wanted.items() if isinstance(instance, dict) else ():
            for key, member in instance.items():  # type: ignore[attr-defined]  # a dict, as the line above says
                if matches(each)(key):
                    yield from validator.descend(member, schema, path=key, schema_path=each)

    def additional_properties(
        validator: Any, wanted: Any, instance: object, schema: Mapping[str, Any]
    ) -> Iterator[ValidationError]:
        if not isinstance(instance, dict):
            return
        named, patterns = schema.get("properties", {}), schema.get("patternProperties", ())
        others = [key for key in instance if key not in named and not any(matches(each)(key) for each in patterns)]
        if isinstance(wanted, dict):
            for key in others:
                yield from validator.descend(instance[key], wanted, path=key)
        elif not wanted and others:
            yield ValidationError("has more")

    judges = {
        "pattern": pattern,
        "patternProperties": pattern_properties,
        "additionalProperties": additional_properties,
    }
    return extend(Draft202012Validator, judges)  # type: ignore[no-untyped-call]  # its stub has no types
