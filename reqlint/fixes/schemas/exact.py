"""Edits that write the same demand in other words, so that the same values are allowed and nothing is lost."""

from collections.abc import Iterator
from typing import Any

from reqlint.fixes.schemas.edit import (
    Schema,
    SchemaCase,
    SchemaEdit,
    kinds_of,
)
from reqlint.fixes.schemas.wording import say, sentence_of

_WITHOUT_EFFECT: dict[str, object] = {
    "minLength": 0,
    "minItems": 0,
    "minProperties": 0,
    "uniqueItems": False,
    "additionalProperties": True,
    "unevaluatedProperties": True,
    "unevaluatedItems": True,
    "additionalItems": True,
    "patternProperties": {},
    "dependencies": {},
    "dependentRequired": {},
    "dependentSchemas": {},
    "allOf": [],
    "deprecated": False,
    "readOnly": False,
    "writeOnly": False,
    "exclusiveMinimum": False,
    "exclusiveMaximum": False,
}
"""Keywords with a value that says no more than leaving them out."""
_ANY_SCHEMA = frozenset(
    {"additionalProperties", "unevaluatedProperties", "unevaluatedItems", "additionalItems", "items"}
)
OF_TYPE = {
    **dict.fromkeys(("minLength", "maxLength", "pattern", "contentMediaType", "contentEncoding"), ("string",)),
    **dict.fromkeys(
        ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), ("number", "integer")
    ),
    **dict.fromkeys(
        ("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains", "additionalItems"), ("array",)
    ),
    **dict.fromkeys(
        (
            "properties", "required", "additionalProperties", "minProperties", "maxProperties", "propertyNames",
            "patternProperties", "dependencies", "dependentRequired", "dependentSchemas",
        ),
        ("object",),
    ),
}  # fmt: skip
"""The keywords that say something of values of some types only."""
_NAMES_OF_TYPES = {
    "str": "string", "text": "string", "int": "integer", "long": "integer", "float": "number", "double": "number",
    "decimal": "number", "bool": "boolean", "list": "array", "dict": "object", "map": "object", "none": "null",
}  # fmt: skip


def drop_decoration(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Remove what names the schema or its draft, which no model needs."""
    if case.keyword in ("$id", "id") and (not isinstance(case.value, str) or has_references(case.root)):
        return
    yield SchemaEdit(case.place, f"remove {case.keyword}", True, lambda schema, _: schema.pop(case.keyword or ""))


def has_references(value: object) -> bool:
    """Return whether anything in a schema is referred to by something else in it."""
    pending: list[Any] = [value]
    for each in pending:  # grows on the way
        if isinstance(each, dict):
            if "$ref" in each or "$dynamicRef" in each or "$anchor" in each:
                return True
            pending += each.values()
        elif isinstance(each, list):
            pending += each
    return False


def tell_annotation(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Move what is only told, such as an example, into the description."""
    keyword = str(case.keyword)
    sentence = sentence_of(keyword, case.value)
    is_told = sentence is not None or keyword == "title"
    what = f"move {keyword} into the description" if is_told else f"remove {keyword}, which is too long for a sentence"

    def make(schema: Schema, _: Schema) -> None:
        if keyword != "title" or not str(schema.get("description") or "").strip():
            say(schema, sentence)
        elif sentence and _letters(sentence) not in _letters(f"{case.place[-1:]} {schema['description']}"):
            say(schema, f"Title: {sentence}")
        del schema[keyword]

    if "description" not in case.schema or isinstance(case.schema["description"], str):
        yield SchemaEdit(case.place, what, is_told, make)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()


def drop_without_effect(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Remove a keyword that says nothing: null, an allowance of what is allowed anyway, or one of another type."""
    keyword, value, kinds = str(case.keyword), case.value, kinds_of(case.schema)
    says_nothing = value is None and keyword not in ("default", "const", "example")
    if keyword in _WITHOUT_EFFECT and type(value) is type(_WITHOUT_EFFECT[keyword]):
        says_nothing |= value == _WITHOUT_EFFECT[keyword]
    says_nothing |= value == {} and keyword in _ANY_SCHEMA and keyword != "items"
    says_nothing |= keyword == "propertyNames" and value in ({}, {"type": "string"}, True)
    says_nothing |= bool(kinds) and keyword in OF_TYPE and not set(kinds) & set(OF_TYPE[keyword])
    says_nothing |= (
        keyword == "enum"
        and kinds == ["boolean"]
        and isinstance(value, list)
        and len(value) == 2
        and (value in ([True, False], [False, True]) and all(isinstance(each, bool) for each in value))
    )
    says_nothing |= keyword == "nullable" and value is False
    if says_nothing and not (case.is_root and keyword == "properties"):
        what = f"remove {keyword}, which has no effect here"
        yield SchemaEdit(case.place, what, True, lambda schema, _: schema.pop(keyword))


def empty_properties(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Write the properties of an object without any as an empty object."""
    if isinstance(case.schema, dict) and kinds_of(case.schema) == ["object"] and case.schema.get("properties") is None:
        yield SchemaEdit(case.place, "add an empty properties", True, lambda schema, _: schema.update(properties={}))


def name_root_type(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Name the type of parameters, which are always an object."""
    if case.is_root and isinstance(case.schema, dict) and case.schema.get("type") in (None, ["object"]):
        yield SchemaEdit((), 'add "type": "object"', True, lambda schema, _: schema.update(type="object"))


def name_type_of_words(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Name the type of the values that a schema lists; or of the only value that it takes."""
    schema = case.schema
    if case.is_root or not isinstance(schema, dict) or "type" in schema:
        return
    values = schema["enum"] if isinstance(schema.get("enum"), list) else [schema["const"]] if "const" in schema else []
    kinds = {type(value) for value in values}
    kind = {str: "string", bool: "boolean", int: "integer"}.get(next(iter(kinds))) if len(kinds) == 1 else None
    if kind:
        yield SchemaEdit(case.place, f'add "type": "{kind}"', True, lambda schema, _: schema.update(type=kind))


def spell_type(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Write the name of a type as JSON Schema has it."""
    value = case.value
    if not isinstance(value, str):
        return
    word = _NAMES_OF_TYPES.get(value.strip().lower(), value.strip().lower())
    if word in ("array", "boolean", "integer", "null", "number", "object", "string") and word != value:
        yield SchemaEdit(case.place, f'write the type as "{word}"', True, lambda schema, _: schema.update(type=word))
    elif word in ("any", "mixed") and not case.is_root:
        yield SchemaEdit(case.place, "remove type, as any value is meant", True, lambda schema, _: schema.pop("type"))


def required_word(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Name a property that says itself that it is required, where the object lists such names."""
    if not isinstance(case.value, bool) or len(case.place) < 2 or case.place[-2] != "properties":
        return
    name, is_required = str(case.place[-1]), case.value

    def make(schema: Schema, _: Schema) -> None:
        listed = schema.get("required")
        if is_required and isinstance(listed, list):
            if name not in listed:
                listed.append(name)
        elif is_required:
            schema["required"] = [name]
        del schema["properties"][name]["required"]

    what = "name it in the object's required" if is_required else "remove required, which is false"
    yield SchemaEdit(case.place[:-2], what, True, make)


def close_object(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Close an object to members that it does not declare; safe where it declares some and says nothing of others."""
    schema = case.schema
    if not isinstance(schema, dict) or schema.get("additionalProperties") is False or "patternProperties" in schema:
        return
    if "object" not in kinds_of(schema) and "properties" not in schema and not case.is_root:
        return
    is_silent = "additionalProperties" not in schema and isinstance(schema.get("properties"), dict)
    is_closed = is_silent and (bool(schema["properties"]) or case.is_root)
    what = (
        'add "additionalProperties": false'
        if "additionalProperties" not in schema
        else "let additionalProperties be false"
    )
    lost = "" if is_closed else "; other members are no longer allowed"
    needs = {
        "type": "object",
        "properties": {"a": {"type": "string"}},
        "required": ["a"],
        "additionalProperties": False,
    }
    yield SchemaEdit(
        case.place, what + lost, is_closed, lambda schema, _: schema.update(additionalProperties=False), needs
    )
