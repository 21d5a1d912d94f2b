"""Checks of how single vendors read the schemas of functions, by their whole hits."""

from typing import Any

import pytest

from reqlint.core.findings import Hit, Part
from tests.support.checking import hits

PARAMETERS = ("tools", 0, "function", "parameters")
TEXT = {"type": "string"}


def of(rule: str, schema: dict[str, Any], model: str = "m", **facts: object) -> list[tuple[tuple[str | int, ...], Any]]:
    """Return the place in the schema of a property x, and the facts, of every hit; () is the schema itself."""
    parameters = {"type": "object", "properties": {"x": schema}, "$defs": {"d": TEXT}}
    request = {"model": model, "tools": [{"type": "function", "function": {"name": "f", "parameters": parameters}}]}
    start = (*PARAMETERS, "properties", "x")
    found = hits(rule, request, **facts)
    assert all(hit.place[: len(start)] == start and hit.severity is None for hit in found)
    return [(hit.place[len(start) :], dict(hit.facts)) for hit in found]


@pytest.mark.parametrize(
    ("rule", "schema", "expected"),
    [
        ("list-of-types", {"type": ["string", "null"]}, [(("type",), {})]),
        ("list-of-types", {"type": "string"}, []),
        ("list-of-types", {"type": "object", "properties": {"type": TEXT}}, []),
        ("boolean-required", {"required": True}, [(("required",), {"value": True})]),
        ("boolean-required", {"required": False}, [(("required",), {"value": False})]),
        ("boolean-required", {"required": ["x"]}, []),
        ("boolean-required", {"properties": {"required": True}}, []),
        ("negation-in-parameters", {"not": {}}, [(("not",), {})]),
        ("negation-in-parameters", {"items": {"not": TEXT}}, [(("items", "not"), {})]),
        ("negation-in-parameters", {"properties": {"not": TEXT}}, []),
        ("empty-additional-properties", {"additionalProperties": {}}, [(("additionalProperties",), {})]),
        ("empty-additional-properties", {"additionalProperties": False}, []),
        ("empty-additional-properties", {"additionalProperties": TEXT}, []),
        ("untyped-property", {"description": "A"}, [((), {})]),
        ("untyped-property", {}, [((), {})]),
        ("untyped-property", {"items": {}, "type": "array"}, []),
        ("untyped-property", {"$ref": "#/$defs/d"}, []),
        ("untyped-property", {"anyOf": [{}]}, []),
        ("untyped-property", {"enum": [1]}, []),
        ("untyped-property", {"const": 1}, []),
        ("dangling-reference", {"$ref": "#/$defs/e"}, [(("$ref",), {"value": "#/$defs/e", "lacks": "$defs/e"})]),
        ("dangling-reference", {"$ref": "#/$defs/d"}, []),
        ("dangling-reference", {"$ref": "#"}, []),
        ("pattern-no-engine-reads", {"pattern": "a)"}, [(("pattern",), {"expected": "a ( for each )"})]),
        ("pattern-no-engine-reads", {"pattern": "^(?!a)"}, []),
        ("pattern-no-engine-reads", {"pattern": 1}, []),
    ],
)
def test_a_schema_has_the_hits_that_its_server_knows(rule: str, schema: dict[str, Any], expected: object) -> None:
    """Each at its own place in the schema; a property of the same name as a keyword is none."""
    assert of(rule, schema) == expected


DEEPSEEK = {"models": ["deepseek/*"]}


@pytest.mark.parametrize(
    ("model", "branch", "is_found"),
    [
        ("deepseek/deepseek-chat", {"const": 1}, True),
        ("deepseek/deepseek-chat", {}, True),
        ("deepseek/deepseek-chat", {"type": "string"}, False),
        ("deepseek/deepseek-chat", {"$ref": "#/$defs/d"}, False),
        ("deepseek/deepseek-chat", {"anyOf": [TEXT]}, True),
        ("deepseek/deepseek-chat", True, False),
        ("openai/gpt-5", {}, False),
    ],
)
def test_a_branch_needs_a_type_with_the_models_of_the_list(model: str, branch: object, is_found: bool) -> None:
    """The router passes a request on, and one vendor's servers read a type in each branch."""
    schema = {"anyOf": [TEXT, branch]}
    found = of("untyped-union-branch", schema, model, wants_typed_branches=DEEPSEEK)
    assert found == ([(("anyOf", 1), {})] if is_found else [])
    assert of("untyped-union-branch", schema, model) == []


def test_the_keyword_is_marked_where_it_is_wrong_itself() -> None:
    """A not is the fault; of another keyword its value is."""
    schema = {"not": TEXT, "additionalProperties": {}}
    parameters = {"tools": [{"type": "function", "function": {"name": "f", "parameters": schema}}]}
    assert hits("negation-in-parameters", parameters) == [Hit((*PARAMETERS, "not"), Part.KEY)]
    assert hits("empty-additional-properties", parameters) == [Hit((*PARAMETERS, "additionalProperties"))]
