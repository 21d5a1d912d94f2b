"""What is known of a request changes nothing of its failures, and spares looking where none are."""

from typing import Any

import pytest

from reqlint.schema.combine import combine_schemas, separate_items
from reqlint.schema.failures import FailureFinder, Known
from reqlint.schema.validators import compile_gate

ITEM = {"type": "object", "required": ["role"], "properties": {"role": {"type": "string"}, "n": {"maximum": 3}}}
FIRST = {"properties": {"role": {"const": "system"}}}
ARRAYS: dict[str, dict[str, Any]] = {
    "items": {"type": "array", "items": ITEM},
    "a reference": {"$ref": "#/$defs/several"},
    "limits": {"type": ["array", "null"], "items": ITEM, "minItems": 2, "maxItems": 3},
    "a condition of types": {"if": {"type": "object"}, "then": ITEM, "else": {"type": "array"}, "items": ITEM},
    "first items": {"type": "array", "prefixItems": [FIRST], "items": ITEM},
    "first items beside": {"type": "array", "items": ITEM, "allOf": [{"prefixItems": [FIRST]}]},
    "a contained item": {"type": "array", "items": ITEM, "contains": FIRST},
    "a condition of lengths": {"items": ITEM, "if": {"minItems": 2}, "then": {"items": {"required": ["n"]}}},
    "unequal items": {"type": "array", "items": ITEM, "uniqueItems": True},
    "a value": {"type": "string"},
    "nothing": {},
}
ITEMS: tuple[Any, ...] = (
    {"role": "system"},
    {"role": "user", "n": 1},
    {"role": 5},
    {"n": 4},
    {"role": "user", "n": 9},
    [],
    {"": 1},
)
VALUES: list[Any] = [
    None, "text", [], *([each] for each in ITEMS), *([one, other] for one in ITEMS for other in ITEMS),
    [ITEMS[0], ITEMS[3], ITEMS[1], ITEMS[2]], ITEMS[0], ITEMS[2],
]  # fmt: skip


@pytest.mark.parametrize("kind", ARRAYS)
def test_failures_of_wrong_items_are_those_of_the_array(kind: str) -> None:
    """Whatever an array's schema asks, the wrong items alone fail what they fail in the array."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "reqlint:tried",
        "type": "object",
        "required": ["messages"],
        "properties": {"messages": ARRAYS[kind], "n": {"type": "integer"}},
        "$defs": {"several": {"type": "array", "items": ITEM, "minItems": 1}},
    }
    rest, arrays = separate_items(combine_schemas([schema]), ["messages"])
    is_right, (frame, item) = compile_gate([rest]), arrays["messages"]
    gates = [compile_gate([each if isinstance(each, dict) else {} if each else {"not": {}}]) for each in (frame, item)]
    whole = compile_gate([schema])
    finder = FailureFinder(schema, [], None, "messages", ())
    for value in VALUES * 2:  # members are asked about by themselves after some requests
        for request in ({"messages": value}, {"messages": value, "n": "1"}):
            wrong = [n for n, each in enumerate(value) if not gates[1](each)] if isinstance(value, list) else []
            fits = gates[0](value)
            known = Known(is_right(request), {"messages": wrong if fits else None}, obeys_rules=True)
            assert known.is_right == whole(request), request
            told = sorted((failure.place, failure.keyword) for failure in finder.failures(request, known))
            assert told == sorted((failure.place, failure.keyword) for failure in finder.failures(request)), request
            assert bool(told) != known.is_right
