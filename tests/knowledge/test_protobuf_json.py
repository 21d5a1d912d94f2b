"""A schema in one spelling becomes one that takes every way of writing the JSON form of protocol buffers."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.protobuf_json import as_protobuf_json, snake_case

INNER = {
    "type": "object",
    "required": ["mimeType", "data"],
    "additionalProperties": False,
    "properties": {"mimeType": {"type": "string"}, "data": {"type": "string"}},
}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "topK": {"type": "integer", "minimum": 1},
        "harmLevel": {"type": "string", "enum": ["LEVEL_UNSPECIFIED", "BLOCK_LOW", "OFF"]},
        "inlineData": {"$ref": "#/$defs/inner"},
        "allParts": {"type": "array", "items": {"$ref": "#/$defs/inner"}},
        "store": {"type": "boolean"},
    },
    "$defs": {"inner": INNER},
}
BLOB = {"mimeType": "image/png", "data": "aGk="}
TAKEN: list[Any] = [
    {"topK": 1},
    {"top_k": 1},
    {"top_k": "40"},
    {"topK": None, "inlineData": None, "allParts": None, "store": None},
    {"harmLevel": "block_low"},
    {"harm_level": "Off"},
    {"harmLevel": "LEVEL_UNSPECIFIED"},
    {"inline_data": {"mime_type": "image/png", "data": "aGk="}},
    {"allParts": BLOB},
    {"all_parts": [BLOB, {"mime_type": "image/png", "data": "aGk="}]},
]
REFUSED: list[Any] = [
    {"topK": 0},
    {"top_k": "many"},
    {"top_K": 1},
    {"harmLevel": "BLOCK"},
    {"inlineData": {"data": "aGk="}},
    {"inline_data": {"mime_type": None, "data": "aGk="}},
    {"allParts": "a"},
    {"all_parts": {"data": "aGk="}},
    {"store": "true"},
]


def fails(value: Any) -> bool:
    """Return whether the schema of all ways refuses *value*."""
    return not Draft202012Validator(as_protobuf_json(SCHEMA)).is_valid(value)


@pytest.mark.parametrize("value", TAKEN)
def test_every_way_of_writing_a_value_is_taken(value: Any) -> None:
    """Either spelling, null for a member left out, words in any case, numbers in strings and an object for a list."""
    assert not fails(value)


@pytest.mark.parametrize("value", REFUSED)
def test_what_is_wrong_in_one_spelling_is_wrong_in_both(value: Any) -> None:
    """What the schema refuses is refused in any way of writing it, and null stands for nothing that is required."""
    assert fails(value)


@pytest.mark.parametrize("profile", ["gemini", "vertex-gemini"])
def test_a_schema_that_takes_all_ways_stays_as_it_is(profile: str) -> None:
    """A profile may extend one of this shape: what is taken over is not changed again."""
    schema = shipped().profile(profile).schema
    assert as_protobuf_json(schema) == schema
    assert as_protobuf_json(as_protobuf_json(SCHEMA)) == as_protobuf_json(SCHEMA)


def test_a_key_in_lower_camel_case_has_one_other_spelling() -> None:
    """Each capital becomes an underscore and a small letter."""
    assert [snake_case(key) for key in ("topK", "responseMimeType", "text", "top_k")] == [
        "top_k",
        "response_mime_type",
        "text",
        "top_k",
    ]
