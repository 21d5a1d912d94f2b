"""Two engines with one meaning: `jsonschema` defines what a verdict is, `jsonschema-rs` gives the same one fast."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from reqlint.schema.engine import Engine, Failure

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
    return _engine([_without_false(resource) for resource in resources], name)


def _engine(resources: Sequence[Mapping[str, Any]], name: str | None) -> Engine:
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


class FirstGate:
    """
    A gate that compiles nothing before it has to: whether a value satisfies the schemas is worked out, a few times.

    Args:
        schemas: those that are to be satisfied.
        compile_it: compiles what says so of every value.
    """

    def __init__(
        self, schemas: Sequence[Mapping[str, Any]], compile_it: Callable[[], Callable[[object], bool]]
    ) -> None:
        self._schemas = schemas
        self._compile = compile_it
        self._left = _FIRST  # values to try without
        self._accepts: Callable[[object], bool] | None = None

    def accepts(self, value: object) -> bool:
        """Return whether *value* satisfies all schemas; may raise on what is no JSON value."""
        if self._accepts is None:
            if self._left > 0:
                self._left -= 1
                from reqlint.schema.plain import judge_plainly

                answer = judge_plainly(self._schemas, value)
                if answer is not None:
                    return answer
            self._accepts = self._compile()
        return self._accepts(value)


def first_gate(schemas: Sequence[Mapping[str, Any]], name: str | None) -> Callable[[object], bool]:
    """Return what `compile_gate` returns, compiled when the first values are judged."""
    if is_reference(name):
        return compile_gate(schemas, name)
    return FirstGate(schemas, lambda: compile_gate(schemas, name)).accepts


class FirstEngine:
    """
    An `Engine` that likewise compiles nothing before it has to.

    Args:
        resources: the schemas, as `compile_validator` takes them.
        name: the engine to compile.
    """

    def __init__(self, resources: Sequence[Mapping[str, Any]], name: str | None) -> None:
        self.resources = [_without_false(resource) for resource in resources]
        self._name = name
        self._left = 0 if is_reference(name) else _FIRST
        self._gate = FirstGate(self.resources, lambda: self._engine.is_valid)
        self.is_valid: Callable[[object], bool] = self._gate.accepts if self._left else self._engine.is_valid

    def failures(self, value: object) -> Iterator[Failure]:
        """Yield every failed keyword of every schema, in no particular order."""
        if self._left > 0:
            self._left -= 1
            from reqlint.schema.plain_failures import find_failures

            failures = find_failures(self.resources, value)
            if failures is not None:
                return iter(failures)
            self._left = 0
        return self._engine.failures(value)

    @cached_property
    def _engine(self) -> Engine:
        return _engine(self.resources, self._name)


_FIRST = 3
"""Values; judging more pays for the import of the engine."""


def is_reference(name: str | None) -> bool:
    """Return whether the reference engine is asked for, without looking which one is installed."""
    return (name or os.environ.get("REQLINT_ENGINE")) == REFERENCE


def _reference_engine(resources: Sequence[Mapping[str, Any]]) -> Engine:
    from reqlint.schema.reference import ReferenceEngine  # a run with the accelerated one hardly ever needs it

    return ReferenceEngine(resources)


def _without_false(schema: Any) -> Any:
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
