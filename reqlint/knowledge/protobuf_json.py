"""
Schemas of requests that a server reads as the JSON form of protocol buffers, which writes one thing in many ways.

A wire shape with ``x-encoding: protobuf-json`` is written in one way: keys in lowerCamelCase, words in capitals, no
nulls. `as_protobuf_json` returns the schema that takes all ways, a plain JSON Schema again. The form is described at
https://protobuf.dev; what Google's servers were seen to answer goes beyond it.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any

SAME_AS = "x-same-as"
"""The annotation of a key in its other spelling; its value is the key as the schema has it."""

_NUMBER = r"^-?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][+-]?[0-9]+)?$"
_HOLDS_NUMBER = {"type": "string", "pattern": _NUMBER}
_ANY_CASE = "^(?i:"
_is_word = re.compile(r"[A-Z][A-Z0-9_]*\Z").match
_ONE = ("if", "then", "else", "not", "contains", "additionalProperties", "propertyNames", "items")
_SEVERAL = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED = ("properties", "patternProperties", "dependentSchemas")
_FOR_PEOPLE = frozenset({"description", "title", "default"})


def snake_case(key: str) -> str:
    """Return the original spelling of a key in lowerCamelCase: ``topK`` → ``top_k``."""
    return re.sub(r"[A-Z]", lambda match: f"_{match[0].lower()}", key)


def as_protobuf_json(schema: Any) -> Any:
    """
    Return *schema* as one that takes every way in which the JSON form of protocol buffers may be written.

    Keys may be in snake_case, also beside others that are not; null stands for a member left out; words of an enum may
    have any letter case; a number may be a string that holds one; and an object may stand for a list of one, all of
    which was seen to be answered or is in the description. A schema that is already so is returned as it is.
    """
    if not isinstance(schema, Mapping) or _is_either(schema):
        return schema
    kept = ("if", "then", "else") if _is_admitted(schema) else ()
    written = {key: value if key in kept else _inside(key, value) for key, value in schema.items()}
    if isinstance(written.get("properties"), Mapping):
        written["properties"] = _spelled_twice(written["properties"], _required(schema))
        _require_either(written)
    _admit_words(written)
    _admit_others(written)
    return written


def _inside(keyword: str, value: Any) -> Any:
    if keyword in _ONE:
        return as_protobuf_json(value)
    if keyword in _SEVERAL:
        return [as_protobuf_json(each) for each in value]
    if keyword == "$defs":  # what a member refers to may be null as well
        return {name: _with_null(as_protobuf_json(each)) for name, each in value.items()}
    if keyword in _NAMED:
        return {name: as_protobuf_json(each) for name, each in value.items()}
    return value


def _spelled_twice(properties: Mapping[str, Any], required: Collection[str]) -> dict[str, Any]:
    """
    Return the members, and those with a second spelling once more; all but *required* ones may be null.

    With null none is meant, so that it does not stand for a member that must be there.
    """
    own = {key: each for key, each in properties.items() if not (isinstance(each, Mapping) and SAME_AS in each)}
    spelled: dict[str, Any] = {}
    for key, each in own.items():
        member = spelled[key] = each if key in required else _with_null(each)
        twin = snake_case(key)
        if twin != key and member is not False:
            plain = member if isinstance(member, Mapping) else {}
            spelled[twin] = {SAME_AS: key, **{name: plain[name] for name in plain if name not in _FOR_PEOPLE}}
    return spelled


def _with_null(schema: Any) -> Any:
    return _with_type(schema, "null") if isinstance(schema, Mapping) and "type" in schema else schema


def _with_type(schema: Mapping[str, Any], name: str) -> dict[str, Any]:
    types = [schema["type"]] if isinstance(schema["type"], str) else list(schema["type"])
    return {**schema, "type": types if name in types else [*types, name]}


def _required(schema: Mapping[str, Any]) -> list[str]:
    """Return the members that must be there, also where that is said of either spelling."""
    either = [
        each["then"]["required"][0]
        for each in schema.get("allOf", ())
        if isinstance(each, Mapping) and _is_either(each)
    ]
    return [*schema.get("required", ()), *either]


def _require_either(schema: dict[str, Any]) -> None:
    """Let a required member have either of its spellings."""
    required = schema.get("required", ())
    twice = [key for key in required if snake_case(key) != key]
    if not twice:
        return
    once = [key for key in required if key not in twice]
    either = [{"if": {"properties": {snake_case(key): False}}, "then": {"required": [key]}} for key in twice]
    schema["allOf"] = [*schema.get("allOf", ()), *(each for each in either if each not in schema.get("allOf", ()))]
    if once:
        schema["required"] = once
    else:
        del schema["required"]


def _is_either(schema: Mapping[str, Any]) -> bool:
    """Return whether *schema* says that one of two spellings is required, as `_require_either` writes it."""
    then = schema.get("then")
    keys = then.get("required") if isinstance(then, Mapping) else None
    return (
        isinstance(keys, list) and len(keys) == 1 and schema.get("if") == {"properties": {snake_case(keys[0]): False}}
    )


def _is_admitted(schema: Mapping[str, Any]) -> bool:
    """Return whether *schema* has a condition as `_admit_words` or `_admit_others` writes it, for words or numbers."""
    condition = schema.get("if")
    if not isinstance(condition, Mapping):
        return False
    return condition == _HOLDS_NUMBER or str(condition.get("pattern", "")).startswith(_ANY_CASE)


def _admit_words(schema: dict[str, Any]) -> None:
    """
    Let the words of an enum be written in any letter case; messages go on to list them in capitals.

    They leave out the word that each enum has for none, which is taken and seldom meant.
    """
    words = schema.get("enum")
    if isinstance(words, list) and words and all(isinstance(word, str) and _is_word(word) for word in words):
        del schema["enum"]
        schema["if"] = {"pattern": f"{_ANY_CASE}{'|'.join(words)})$"}
        schema["else"] = {
            "enum": [word for word in words if not word.endswith("UNSPECIFIED")],
            **({"x-rule": schema.pop("x-rule")} if "x-rule" in schema else {}),
        }


def _admit_others(schema: dict[str, Any]) -> None:
    """Let a string hold a number, and an object stand for a list of one."""
    kind = schema.get("type")
    names = [kind] if isinstance(kind, str) else kind if isinstance(kind, list) else []
    wanted = next((name for name in ("integer", "number") if name in names), None)
    if wanted and "string" not in names:
        del schema["type"]
        schema["if"] = _HOLDS_NUMBER
        schema["else"] = {"type": [wanted, "null"]}
    items = schema.get("items")
    if "array" in names and "object" not in names and isinstance(items, Mapping) and _is_object(items):
        schema["type"] = [*names, "object"]
        schema["if"] = {"type": "object"}
        schema["then"] = items


def _is_object(items: Mapping[str, Any]) -> bool:
    return "$ref" in items or items.get("type") == "object"
