"""The accelerated engine: `jsonschema-rs`, installed where it has wheels."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from threading import current_thread, main_thread
from typing import Any

from reqlint.core.json_values import is_deeper
from reqlint.core.pointer import value_at
from reqlint.schema.engine import Engine, Failure, resolve_reference

_LARGEST_PATTERN = 4 << 20  # bytes, compiled
_MOST_PATHS = 1024
_DEEPEST = 100
"""Levels of a value that `jsonschema-rs` explains in a thread; each takes 700 bytes of its stack."""


def has_accelerator() -> bool:
    """Return whether `jsonschema-rs` is installed."""
    try:
        import jsonschema_rs  # noqa: F401 - imported only to learn whether it is there
    except ImportError:
        return False
    return True


def compile_schema(schema: Mapping[str, Any]) -> Any:
    """Compile one schema; references lead nowhere outside it."""
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(
        dict(schema),
        validate_formats=False,
        offline=True,
        mask="",  # nobody reads its messages, and to write a large value into one takes longer than to find the mistake
        pattern_options=jsonschema_rs.RegexOptions(size_limit=_LARGEST_PATTERN),  # linear time, whatever the payload
    )


@lru_cache(maxsize=1024)
def compile_linear(pattern: str) -> Callable[[str], bool] | None:
    """Compile *pattern* to find a match in a text in linear time; None where that cannot be done."""
    try:
        return compile_schema({"pattern": pattern}).is_valid  # type: ignore[no-any-return]  # it has no types
    except (ImportError, ValueError):
        return None


class AcceleratedEngine:
    """
    An `Engine` on `jsonschema-rs`.

    Args:
        resources: the schemas, each with an ``$id``.
        exact: makes an engine that names every place right, for values in which this one cannot.
    """

    def __init__(
        self, resources: Sequence[Mapping[str, Any]], exact: Callable[[Sequence[Mapping[str, Any]]], Engine]
    ) -> None:
        self.resources = resources
        compiled = compile_schema(_conjunction(resources))
        self.is_valid = compiled.is_valid
        self._iter_errors = compiled.iter_errors
        self._make_exact = exact
        self._failed: dict[tuple[str | int, ...], tuple[str, Mapping[str, Any], int]] = {}  # by evaluation path

    def failures(self, value: object) -> Iterator[Failure]:
        """Yield every failed keyword of every schema, in no particular order."""
        if current_thread() is not main_thread() and is_deeper(value, _DEEPEST):
            # NOTE: a thread may have a stack of 128 KB, as musl's do, and past its end the process dies.
            return self._exact.failures(value)
        failures = []
        for error in self._iter_errors(value):
            place = tuple(error.instance_path)
            if not _is_unambiguous(place, value) and not _names_its_place(error, value):
                # jsonschema-rs reads keys made of digits as indices, and leaves empty keys out of a path.
                return self._exact.failures(value)
            # The evaluation path begins with allOf, a resource's index and $ref, and goes on inside that resource.
            path = tuple(error.evaluation_path)
            failed = self._failed.get(path)
            if failed is None:
                if len(self._failed) >= _MOST_PATHS:
                    self._failed.clear()
                failed = self._failed[path] = (*_follow(self.resources[int(path[1])], path[3:]), int(path[1]))
            failures.append(Failure(place, failed[0], failed[1], failed[2]))
        return iter(failures)

    @cached_property
    def _exact(self) -> Engine:
        return self._make_exact(self.resources)


def _conjunction(resources: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [{"$ref": resource["$id"]} for resource in resources],
        "$defs": {str(number): resource for number, resource in enumerate(resources)},
    }


def _is_unambiguous(place: tuple[str | int, ...], value: Any) -> bool:
    """Return whether *place* leads into *value*, past no key that the engine cannot name."""
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
        named = value_at(value, tuple(error.instance_path))
    except LookupError:
        return False
    instance = error.instance
    return named.__class__ is instance.__class__ and named == instance


def _follow(resource: Mapping[str, Any], path: Sequence[str | int]) -> tuple[str, Mapping[str, Any]]:
    """Follow an evaluation path from the root of *resource* to the failed keyword, and the subschema that holds it."""
    node: Any = resource
    for step in path[:-1]:
        inner = node[step]
        # A schema about schemas has a property of that name.
        node = resolve_reference(resource, inner) if step == "$ref" and isinstance(inner, str) else inner
    return str(path[-1]), node
