"""The reference engine: `jsonschema`, which defines what a verdict is and runs everywhere."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from reqlint.core.json_values import to_json_value
from reqlint.schema.accelerated import compile_linear
from reqlint.schema.engine import Failure

_PIECE = r"\\.|\[(?:\\.|[^\]\\])*\]|\$"
"""An escape, a character class, or the dollar sign that means the end."""


class ReferenceEngine:
    """An `Engine` on `jsonschema`."""

    def __init__(self, resources: Sequence[Mapping[str, Any]]) -> None:
        from referencing.jsonschema import EMPTY_REGISTRY

        self.resources = resources
        # NOTE: without a registry of its own `jsonschema` opens whatever address or file a reference names.
        self._compiled = [_validator_class()(resource, registry=EMPTY_REGISTRY) for resource in resources]

    def is_valid(self, value: object) -> bool:
        """Return whether *value* satisfies every schema; raise ValueError on what is no JSON value."""
        as_json, oddities = to_json_value(value)
        if oddities or as_json != value:
            raise ValueError("not a JSON value")  # as the accelerated engine does
        return all(compiled.is_valid(value) for compiled in self._compiled)

    def failures(self, value: object) -> Iterator[Failure]:
        """Yield every failed keyword of every schema, in no particular order."""
        for number, compiled in enumerate(self._compiled):
            for error in compiled.iter_errors(value):
                yield Failure(tuple(error.absolute_path), str(error.validator), error.schema, number)


@lru_cache(maxsize=1024)
def compile_pattern(pattern: str) -> Callable[[str], object]:
    """
    Compile *pattern* to find a match in a text, in linear time where `jsonschema-rs` is installed.

    NOTE: Python's `re` takes time without bound for some patterns. It is used only without `jsonschema-rs`, and then
    for our own patterns alone: `schema_fault` refuses those of others.
    """
    import re

    # JSON Schema patterns are ECMA-262's, where $ is the very end; Python's also matches before a last newline.
    translated = re.sub(_PIECE, lambda token: r"\Z" if token[0] == "$" else token[0], pattern)
    return compile_linear(pattern) or re.compile(translated).search


@cache
def _validator_class() -> Any:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError
    from jsonschema.validators import extend

    def pattern(_: object, wanted: str, instance: object, __: object) -> Iterator[ValidationError]:
        if isinstance(instance, str) and not compile_pattern(wanted)(instance):
            yield ValidationError("does not match")

    def pattern_properties(
        validator: Any, wanted: Mapping[str, Any], instance: object, _: object
    ) -> Iterator[ValidationError]:
        for each, schema in wanted.items() if isinstance(instance, dict) else ():
            for key, member in instance.items():  # type: ignore[attr-defined]  # a dict, as the line above says
                if compile_pattern(each)(key):
                    yield from validator.descend(member, schema, path=key, schema_path=each)

    def additional_properties(
        validator: Any, wanted: Any, instance: object, schema: Mapping[str, Any]
    ) -> Iterator[ValidationError]:
        if not isinstance(instance, dict):
            return
        named, patterns = schema.get("properties", {}), schema.get("patternProperties", ())
        others = [
            key for key in instance if key not in named and not any(compile_pattern(each)(key) for each in patterns)
        ]
        if isinstance(wanted, dict):
            for key in others:
                yield from validator.descend(instance[key], wanted, path=key)
        elif not wanted and others:
            yield ValidationError("has more")

    keywords = {
        "pattern": pattern,
        "patternProperties": pattern_properties,
        "additionalProperties": additional_properties,
    }
    return extend(Draft202012Validator, keywords)  # type: ignore[no-untyped-call]  # its stub has no types
