"""The two engines behind one interface: equal streams of failures, at the right places, whatever keys a value has."""

from typing import Any

import pytest

from reqlint.schema.engine import Failure
from reqlint.schema.validators import ACCELERATED, REFERENCE, compile_gate, compile_validator

SCHEMAS: list[dict[str, Any]] = [
    {
        "$id": "reqlint:first",
        "type": "object",
        "properties": {"a": {"type": "array", "items": {"$ref": "#/$defs/word"}}, "never": False},
        "patternProperties": {"^x-": {"maxLength": 2}},
        "additionalProperties": {"type": ["integer", "object", "array"]},
        "$defs": {"word": {"type": "string", "pattern": "^[a-z]+$"}},
    },
    {
        "$id": "reqlint:second",
        "required": ["a"],
        "if": {"required": ["b"]},
        "then": {"properties": {"b": {"const": 1}}},
    },
]
VALUES: list[Any] = [
    {"a": ["x"]},
    {"a": ["x", "X", 3], "b": 2},
    {"b": 2, "never": None},
    {"a": [], "x-y": "long", "0": "zero", "": "empty"},
    {"a": {"0": 1}, "1": {"1": "one"}},
    {"": {"": 1}, "a": ["\n"]},
    [],
    "text",
]


def by_place(failures: Any) -> list[str]:
    """Return failures in an order of their own."""
    return sorted(repr((failure.place, failure.keyword, failure.resource)) for failure in failures)


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_both_engines_give_the_same_failures(value: Any) -> None:
    """Place, keyword and schema are the same, also where keys are empty or look like indices."""
    fast, exact = (compile_validator(SCHEMAS, name) for name in (ACCELERATED, REFERENCE))
    assert by_place(fast.failures(value)) == by_place(exact.failures(value))
    assert fast.is_valid(value) == exact.is_valid(value) == (not by_place(exact.failures(value)))
    gates = [compile_gate(SCHEMAS, name) for name in (ACCELERATED, REFERENCE)]
    assert [gate(value) for gate in gates] == [exact.is_valid(value)] * 2


@pytest.mark.parametrize("name", [ACCELERATED, REFERENCE])
def test_a_failure_holds_the_subschema_of_its_keyword(name: str) -> None:
    """A failure behind a reference holds the very subschema that is referred to, and the number of its schema."""
    engine = compile_validator(SCHEMAS, name)
    assert list(engine.failures({"a": ["X"]})) == [
        Failure(("a", 0), "pattern", engine.resources[0]["$defs"]["word"], 0)
    ]
    [failure] = engine.failures({"a": [], "never": 1})
    assert failure == Failure(("never",), "not", {"not": {}}, 0)
    assert failure.schema is engine.resources[0]["properties"]["never"]
