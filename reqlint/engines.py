"""Two engines with one meaning: `jsonschema` defines what a verdict is, `jsonschema-rs` gives the same one fast."""

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, Protocol

from reqlint.pointer import Place

REFERENCE = "reference"
ACCELERATED = "accelerated"


class Failure(NamedTuple):
    """One keyword that a value does not satisfy."""

    place: Place  #: of the value in the instance
    keyword: str  #: the schema keyword that failed; ``false`` for the schema that accepts nothing
    schema: Mapping[str, Any]  #: the subschema that holds the keyword
    resource: int  #: which of the schemas the engine was built of, from 0


class Engine(Protocol):
    """One compiled conjunction of schemas."""

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
    try:
        import jsonschema_rs  # noqa: F401 - asked for only to learn whether it is there
    except ImportError:
        return REFERENCE
    return ACCELERATED


def engine_of(resources: Sequence[Mapping[str, Any]], name: str | None = None) -> Engine:
    """
    Compile *resources*, each a self-contained schema with an ``$id``, into one engine.

    Nothing is ever fetched: a reference can lead only into the schema it stands in.
    """
    name = name or default_engine()
    return _Reference(resources) if name == REFERENCE else _Accelerated(resources)


def _joined(resources: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [{"$ref": resource["$id"]} for resource in resources],
        "$defs": {str(number): resource for number, resource in enumerate(resources)},
    }


class _Accelerated:
    def __init__(self, resources: Sequence[Mapping[str, Any]]) -> None:
        import jsonschema_rs

        self._resources = resources
        compiled = jsonschema_rs.Draft202012Validator(
            _joined(resources),
            validate_formats=False,
            offline=True,
            pattern_options=jsonschema_rs.RegexOptions(),  # linear time, whatever the payload
        )
        self.is_valid = compiled.is_valid
        self._iter_errors = compiled.iter_errors

    def failures(self, value: object) -> Iterator[Failure]:
        for error in self._iter_errors(value):
            # evaluation_path is the way that was taken: allOf, number, $ref, then on inside that resource.
            number = error.evaluation_path[1]
            keyword, schema = _walk(self._resources[int(number)], error.evaluation_path[3:])
            yield Failure(tuple(error.instance_path), keyword, schema, int(number))


def _walk(resource: Mapping[str, Any], path: Sequence[str | int]) -> tuple[str, Mapping[str, Any]]:
    """Follow an evaluation path from the root of *resource*: the failed keyword, and the subschema it stands in."""
    node: Any = resource
    holder: Mapping[str, Any] = resource
    for step in path:
        holder = node if isinstance(node, Mapping) else holder
        node = _referred(resource, node["$ref"]) if step == "$ref" else node[step]
    keyword = path[-1] if path else "false"
    if node is False and not isinstance(keyword, int) and keyword != "additionalProperties":
        return "false", holder
    return str(keyword), holder


def _referred(resource: Mapping[str, Any], reference: str) -> Any:
    node: Any = resource
    for step in reference.removeprefix("#").split("/")[1:]:
        node = node[step.replace("~1", "/").replace("~0", "~")]
    return node


class _Reference:
    def __init__(self, resources: Sequence[Mapping[str, Any]]) -> None:
        joined = _joined(resources)
        self._resources = resources
        self._compiled = _reference_class()(joined)

    def is_valid(self, value: object) -> bool:
        return bool(self._compiled.is_valid(value))

    def failures(self, value: object) -> Iterator[Failure]:
        for error in self._compiled.iter_errors(value):
            path = list(error.absolute_schema_path)
            number = int(path[1])
            if error.validator is None:
                keyword, schema = "false", self._holder(self._resources[number], path[2:])
            else:
                keyword, schema = str(error.validator), error.schema
            yield Failure(tuple(error.absolute_path), keyword, schema, number)

    def _holder(self, resource: Mapping[str, Any], path: Sequence[Any]) -> Mapping[str, Any]:
        """Find the subschema whose member is ``false``; `jsonschema` leaves references out of its paths."""
        node: Any = resource
        holder: Mapping[str, Any] = resource
        for step in path:
            while isinstance(node, Mapping) and step not in node:
                # A path leaves out both the references it passes and the `if` that a `then` belongs to.
                node = _referred(resource, node["$ref"])
            holder = node if isinstance(node, Mapping) else holder
            node = node[step]
        return holder


@cache
def _reference_class() -> Any:
    import re

    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError
    from jsonschema.validators import extend

    @cache
    def compiled(pattern: str) -> "re.Pattern[str]":
        # JSON Schema patterns are ECMA-262's, where $ is the very end; Python's also matches before a last newline.
        return re.compile(re.sub(r"(?<!\\)\$", r"\\Z", pattern))

    def pattern(_: object, wanted: str, instance: object, __: object) -> Iterator[ValidationError]:
        if isinstance(instance, str) and not compiled(wanted).search(instance):
            yield ValidationError("does not match")

    return extend(Draft202012Validator, {"pattern": pattern})  # type: ignore[no-untyped-call]  # its stub has no types
