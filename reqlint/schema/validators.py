"""Two engines with one meaning: `jsonschema` defines what a verdict is, `jsonschema-rs` gives the same one fast."""

import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reqlint.schema.engine import Engine

REFERENCE = "reference"
ACCELERATED = "accelerated"


def default_engine() -> str:
    """
    Return the name of the engine to use: the accelerated one where it is installed, unless ``REQLINT_ENGINE`` says no.

    NOTE: the only environment variable read outside the command line, since it must also reach a library call inside
    someone else's program, where the two engines are compared.
    """
    if os.environ.get("REQLINT_ENGINE") == REFERENCE:
        return REFERENCE
    from reqlint.schema.accelerated import has_accelerator  # the first requests need no engine, so all of it is lazy

    return ACCELERATED if has_accelerator() else REFERENCE


def compile_validator(resources: Sequence[Mapping[str, Any]], name: str | None = None) -> Engine:
    """
    Compile *resources*, each a self-contained schema with an ``$id``, into one engine.

    Nothing is ever fetched: a reference can lead only into the schema it stands in.
    """
    return engine_of([without_false(resource) for resource in resources], name)


def engine_of(resources: Sequence[Mapping[str, Any]], name: str | None) -> Engine:
    """Compile schemas that `without_false` has written, and that the failures name as they are."""
    if (name or default_engine()) == REFERENCE:
        return _reference_engine(resources)
    from reqlint.schema.accelerated import AcceleratedEngine

    return AcceleratedEngine(resources, _reference_engine)


def compile_gate(schemas: Sequence[Mapping[str, Any]], name: str | None = None) -> Callable[[object], bool]:
    """Compile *schemas* into a predicate of values that satisfy all of them; may raise on what is no JSON value."""
    if (name or default_engine()) == REFERENCE:
        return _reference_engine(schemas).is_valid
    from reqlint.schema.accelerated import compile_schema
    from reqlint.schema.combine import combine_schemas

    return compile_schema(schemas[0] if len(schemas) == 1 else combine_schemas(schemas)).is_valid  # type: ignore[no-any-return]


def is_reference(name: str | None) -> bool:
    """Return whether the reference engine is asked for, without looking which one is installed."""
    return (name or os.environ.get("REQLINT_ENGINE")) == REFERENCE


def _reference_engine(resources: Sequence[Mapping[str, Any]]) -> Engine:
    from reqlint.schema.reference import ReferenceEngine  # a run with the accelerated one hardly ever needs it

    return ReferenceEngine(resources)


def without_false(schema: Any) -> Any:
    """
    Return *schema* with each subschema ``false`` written as an object.

    NOTE: `jsonschema` reports a failed ``false`` at the place of its parent, and neither engine can say which
    annotations stand beside it.
    """
    if not isinstance(schema, Mapping):
        return schema
    written: dict[str, Any] = {}
    for keyword, member in schema.items():
        if keyword in ("properties", "patternProperties", "$defs"):
            written[keyword] = {
                name: _nothing if each is False else without_false(each) for name, each in member.items()
            }
        elif keyword in ("items", "then", "else", "if", "not", "contains", "additionalProperties"):
            refuses = member is False and keyword != "additionalProperties"
            written[keyword] = _nothing if refuses else without_false(member)
        elif keyword in ("allOf", "anyOf", "oneOf"):
            written[keyword] = [without_false(each) for each in member]
        else:
            written[keyword] = member
    return written


_nothing: Mapping[str, Any] = {"not": {}}
