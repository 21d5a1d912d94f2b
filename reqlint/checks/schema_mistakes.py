"""What is wrong at a place where a schema breaks its draft, what was wanted there, and which kind of mistake it is."""

import re
from collections.abc import Mapping
from typing import Any

from reqlint.checks.json_schema import LISTS, MAPS, SCHEMAS, TYPES
from reqlint.core.pointer import Place, to_path

_MISSPELT = {
    "str": "string", "text": "string", "char": "string", "varchar": "string", "int": "integer", "long": "integer",
    "int32": "integer", "int64": "integer", "float": "number", "double": "number", "decimal": "number",
    "bool": "boolean", "list": "array", "tuple": "array", "set": "array", "dict": "object", "map": "object",
    "json": "object", "none": "null", "nil": "null", "undefined": "null",
}  # fmt: skip
_ANYTHING = frozenset({"any", "unknown", "mixed", "*", "all", "variant"})
"""Words of other type systems for a value of any type."""
_FORMATS = frozenset({"date", "time", "datetime", "date-time", "uuid", "email", "uri", "url"})
"""Words for a string of a certain form."""
_SEVERAL = re.compile(r"[|,]|\bor\b|^optional\b|^union\b|\?$", re.IGNORECASE)
_OF_ITEMS = re.compile(r"^(?:list|array|set|tuple|sequence)\s*[\[<(]|\[\]$", re.IGNORECASE)
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?\Z")

_EXPECTED: Mapping[str | int | None, str] = {
    "type": "one of its seven types or an array of them",
    "required": "an array of distinct names",
    "properties": "an object of schemas",
    "patternProperties": "an object of schemas",
    "$defs": "an object of schemas",
    "definitions": "an object of schemas",
    "anyOf": "an array of at least one schema",
    "oneOf": "an array of at least one schema",
    "allOf": "an array of at least one schema",
    "prefixItems": "an array of at least one schema",
}
_TYPE_WORDS = {
    "string": "a string", "integer": "an integer", "number": "a number", "boolean": "true or false",
    "object": "an object", "array": "an array",
}  # fmt: skip
_KEYWORDS = (
    LISTS
    | (SCHEMAS - {"if", "then", "else", "not"})
    | {"type", "required", "enum", "const", "default", "description", "title", "format", "pattern", "$ref"}
    | {"minimum", "maximum"}
)
"""Keywords that slip in among the names of properties."""


def facts_of(error: Any, place: Place, draft: str) -> dict[str, object]:
    """Return the facts of an error that `jsonschema` found at *place*, without the value."""
    keyword, value = keyword_at(place), error.instance
    expected = _EXPECTED.get(keyword)
    if keyword == "required" and (draft == "3" or error.validator == "minItems"):
        expected = None  # draft 3 has true or false here, draft 4 at least one name
    if expected is None and error.validator == "type":
        types = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
        expected = " or ".join(dict.fromkeys(_TYPE_WORDS.get(str(name), "a schema") for name in types))
        if types in (["object", "boolean"], ["boolean", "object"]):
            expected = "a schema"
    facts: dict[str, object] = {"name": to_path(place[-1:]) or "parameters", "draft": draft}
    if place and isinstance(place[-1], int):
        facts["name"] = to_path(place[-2:])
    facts["expected"] = expected or _limit(error)
    variant = _variant(keyword, value, place, error)
    if variant:
        facts["variant"] = variant
    suggestion = _type_for(value) if keyword == "type" or variant == "bare-type" else None
    if suggestion:
        facts["suggestion"] = suggestion
    return facts


def keyword_at(place: Place) -> str | int | None:
    """Return the last step of *place*; None where it is a name from the author, such as a property called type."""
    is_name = among_names = False
    for step in place:
        is_name, among_names = among_names, not among_names and step in MAPS
    return place[-1] if place and not is_name else None


def _variant(keyword: str | int | None, value: object, place: Place, error: Any) -> str | None:
    """Return which kind of mistake it is, as the rule `malformed-parameters-schema` names it."""
    if keyword is None and place:
        return _variant_of_property(str(place[-1]), value)
    if value is None:
        return "null-keyword"
    if keyword == "type":
        return _variant_of_type(value)
    if keyword == "required":
        if error.validator == "uniqueItems":
            return "repeated-name"
        return (
            "required-of-one" if isinstance(value, bool) else "names-not-in-array" if isinstance(value, str) else None
        )
    if keyword in MAPS:
        return "list-of-properties" if isinstance(value, list) and keyword == "properties" else None
    if keyword == "enum" and not isinstance(value, list):
        return "enum-not-list"
    if keyword == "items" and isinstance(value, list):
        return "items-as-list"
    if keyword in ("exclusiveMinimum", "exclusiveMaximum") and isinstance(value, bool):
        return "flag-for-bound"
    if keyword in LISTS and isinstance(value, dict):
        return "schema-not-in-array"
    if isinstance(value, str):
        if value in ("true", "false"):
            return "boolean-as-text"
        if error.validator == "type" and "string" not in error.validator_value and _NUMBER.match(value):
            return "number-as-text"
        if _type_for(value) and keyword in SCHEMAS | {None}:
            return "bare-type"
    return None


def _variant_of_property(name: str, value: object) -> str:
    if name in _KEYWORDS and not isinstance(value, dict | bool):
        return "keyword-among-properties"
    return "bare-type" if isinstance(value, str) and _type_for(value) else "property-without-schema"


def _variant_of_type(value: object) -> str | None:
    if not isinstance(value, str):
        return "schema-as-type" if isinstance(value, dict) else None
    word = value.lower()
    if word in TYPES or word in _MISSPELT:
        return "misspelt-type"
    if word in _ANYTHING:
        return "any-type"
    if word in _FORMATS:
        return "format-as-type"
    if word == "enum":
        return "enum-as-type"
    if _OF_ITEMS.search(word):
        return "type-of-items"
    return "several-types" if _SEVERAL.search(word) else "unknown-type"


def _type_for(value: object) -> str | None:
    """Return the type of JSON Schema that a word of another language stands for."""
    if not isinstance(value, str):
        return None
    word = value.lower()
    return word if word in TYPES else _MISSPELT.get(word)


def _limit(error: Any) -> str:
    words = {
        "minimum": "{} or more",
        "exclusiveMinimum": "a number above {}",
        "minItems": "an array of at least {}",
        "uniqueItems": "an array of distinct items",
        "pattern": "a text that matches {}",
    }
    return words.get(str(error.validator), "another form").format(error.validator_value)
