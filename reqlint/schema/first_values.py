"""The first values of a run are judged without an engine, whose import takes longer than judging a few of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from reqlint.schema.engine import Engine, Failure
from reqlint.schema.validators import engine_of, is_reference, without_false

_FIRST = 3
"""Values; judging more pays for the import of the engine."""


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


def first_gate(
    schemas: Sequence[Mapping[str, Any]], name: str | None, compile_it: Callable[[], Callable[[object], bool]]
) -> Callable[[object], bool]:
    """Return the gate of some schemas that *compile_it* compiles: at once for the reference engine, and else later."""
    return compile_it() if is_reference(name) else FirstGate(schemas, compile_it).accepts


class FirstEngine:
    """
    An `Engine` that likewise compiles nothing before it has to.

    Args:
        resources: the schemas, as `compile_validator` takes them.
        name: the engine to compile.
    """

    def __init__(self, resources: Sequence[Mapping[str, Any]], name: str | None) -> None:
        self.resources = [without_false(resource) for resource in resources]
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
        return engine_of(self.resources, self._name)
