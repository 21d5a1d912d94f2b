"""Edits that write the same demand in other words, so that the same values are allowed and nothing is lost."""

from collections.abc import Iterator
from math import floor
from typing import Any

from reqlint.fixes.schemas.edit import (
    Schema,
    SchemaCase,
    SchemaEdit,
    is_integer,
    is_number,
    kind_of,
    kinds_of,
    put,
    swap,
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
_ANY_SCHEMA = frozenset({"additionalProperties", "unevaluatedProperties", "unevaluatedItems", "additionalItems", "items"})
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
    says_nothing |= keyword == "enum" and kinds == ["boolean"] and isinstance(value, list) and len(value) == 2 and (
        value in ([True, False], [False, True]) and all(isinstance(each, bool) for each in value)
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
    """Say that parameters are an object, which they always are."""
    if case.is_root and isinstance(case.schema, dict) and case.schema.get("type") in (None, ["object"]):
        yield SchemaEdit((), 'add "type": "object"', True, lambda schema, _: schema.update(type="object"))


def name_type_of_words(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Say the type of the values that a schema lists; or of the only value that it takes."""
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


def const_to_enum(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Write the only word that is taken as an enum of one; or the only number as both bounds."""
    value = case.value
    if isinstance(value, str) and "enum" not in case.schema:
        needs = {"type": "string", "enum": ["a"]}

        def to_enum(schema: Schema, _: Schema) -> None:
            swap(schema, "const", "enum", [value])
            schema.setdefault("type", "string")

        yield SchemaEdit(case.place, "write const as an enum of one", True, to_enum, needs)
    elif is_integer(value) and kind_of(case.schema) == "integer":
        needs = {"type": "integer", "minimum": 1, "maximum": 1}
        if not {"minimum", "maximum"} & case.schema.keys():

            def to_bounds(schema: Schema, _: Schema) -> None:
                swap(schema, "const", "minimum", value)
                schema["maximum"] = value

            yield SchemaEdit(case.place, "write const as minimum and maximum", True, to_bounds, needs)
    elif value is None and kinds_of(case.schema) in ([], ["null"]):
        yield SchemaEdit(case.place, "write const as a type", True, lambda schema, _: swap(schema, "const", "type", "null"))


def numbers_to_bounds(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Write whole numbers without a gap as the bounds that they have."""
    values = case.value
    if not isinstance(values, list) or not values or not all(map(is_integer, values)) or len(values) > 10_000:
        return
    low, high = min(values), max(values)
    if kind_of(case.schema) != "integer" or high - low + 1 != len(set(values)) or {"minimum", "maximum"} & case.schema.keys():
        return

    def make(schema: Schema, _: Schema) -> None:
        swap(schema, "enum", "minimum", low)
        schema["maximum"] = high

    needs = {"type": "integer", "minimum": 1, "maximum": 2}
    yield SchemaEdit(case.place, "write the enum as minimum and maximum", True, make, needs)


def bound_of_integer(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Write an exclusive bound of a whole number as the next number, and one of draft 4 as a number."""
    keyword, value = str(case.keyword), case.value
    is_lower = keyword == "exclusiveMinimum"
    plain = "minimum" if is_lower else "maximum"
    other = case.schema.get(plain)
    edge = other if value is True else value
    if not is_number(edge) or (other is not None and not is_number(other)):
        return
    if kind_of(case.schema) == "integer" and abs(edge) < 2**53:
        inside = floor(edge) + 1 if is_lower else -(floor(-edge) + 1)
        if value is not True and other is not None:
            inside = max(inside, other) if is_lower else min(inside, other)

        def to_next(schema: Schema, _: Schema) -> None:
            swap(schema, keyword, plain, inside)

        needs = {"type": "integer", plain: 1}
        yield SchemaEdit(case.place, f"write {keyword} as {plain}", True, to_next, needs)
    if value is True:

        def to_number(schema: Schema, _: Schema) -> None:
            del schema[plain]
            schema[keyword] = edge

        yield SchemaEdit(case.place, f"write {keyword} as a number", True, to_number, {"type": "number", keyword: 1})


def item_schemas(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Write a list of items as prefixItems; or as the one schema that all of them have."""
    items, schema = case.value, case.schema
    if not isinstance(items, list) or not items or "prefixItems" in schema:
        return
    rest = schema.get("additionalItems")

    def to_prefix(schema: Schema, _: Schema) -> None:
        swap(schema, "items", "prefixItems", schema["items"])
        if "additionalItems" in schema:
            swap(schema, "additionalItems", "items", schema["additionalItems"])

    needs = {"type": "array", "prefixItems": [{"type": "string"}]}
    yield SchemaEdit(case.place, "write items as prefixItems", True, to_prefix, needs)
    yield from _one_for_all(case, items, rest)


def prefix_items(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Write prefixItems that are all alike as the one schema of all items."""
    if isinstance(case.value, list) and case.value:
        yield from _one_for_all(case, case.value, case.schema.get("items"))


def _one_for_all(case: SchemaCase, items: list[Any], rest: object) -> Iterator[SchemaEdit]:
    longest = case.schema.get("maxItems")
    is_bounded = rest is False or (is_integer(longest) and longest <= len(items))
    if not all(each == items[0] for each in items) or not isinstance(items[0], dict):
        return
    if rest != items[0] and not is_bounded:
        return

    def make(schema: Schema, _: Schema) -> None:
        schema["items"] = schema.pop("prefixItems", schema.get("items"))[0]
        schema.pop("additionalItems", None)
        if rest is False:
            schema["maxItems"] = min(len(items), longest) if is_integer(longest) else len(items)

    needs = {"type": "array", "items": {"type": "string"}, "maxItems": 2}
    yield SchemaEdit(case.place, "write the items, which are alike, as one schema", True, make, needs)


def true_to_schema(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Write true, which stands for any value, as the schema that says so."""
    if case.keyword is not None or not case.place:
        return
    key = case.place[-1]
    if case.schema is True and isinstance(key, str) and len(case.place) > 1:
        around, inside = case.place[:-2], case.place[-2]

        def make(schema: Schema, _: Schema) -> None:
            if isinstance(schema.get(str(inside)), dict):
                schema[str(inside)][key] = {}

        yield SchemaEdit(around, "write true as {}", True, make, {})


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


def array_of_anything(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Say that the items of an array can be anything."""
    schema = case.schema
    if isinstance(schema, dict) and "array" in kinds_of(schema) and schema.get("items") is None:
        needs = {"type": "array", "items": {}}
        yield SchemaEdit(case.place, "add items that can be anything", True, lambda schema, _: schema.update(items={}), needs)


def close_object(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Say that an object has no members but those that it declares; safe where it declares some and says nothing."""
    schema = case.schema
    if not isinstance(schema, dict) or schema.get("additionalProperties") is False or "patternProperties" in schema:
        return
    if "object" not in kinds_of(schema) and "properties" not in schema and not case.is_root:
        return
    is_silent = "additionalProperties" not in schema and isinstance(schema.get("properties"), dict)
    is_closed = is_silent and (bool(schema["properties"]) or case.is_root)
    what = 'add "additionalProperties": false' if "additionalProperties" not in schema else "let additionalProperties be false"
    lost = "" if is_closed else "; other members are no longer allowed"
    needs = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}
    yield SchemaEdit(case.place, what + lost, is_closed, lambda schema, _: schema.update(additionalProperties=False), needs)


def type_into_branches(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Let the branches of a union say the type that stands beside it."""
    keyword = next((key for key in ("anyOf", "oneOf") if isinstance(case.schema.get(key), list)), None)
    kind, branches = case.schema.get("type"), case.schema.get(keyword or "")
    if keyword is None or kind is None or case.is_root or not isinstance(branches, list):
        return
    if not all(isinstance(branch, dict) and "$ref" not in branch for branch in branches):
        return
    if any("type" in branch and branch["type"] != kind for branch in branches):
        return

    def make(schema: Schema, _: Schema) -> None:
        for branch in schema[keyword]:
            branch.setdefault("type", kind)
        del schema["type"]

    yield SchemaEdit(case.place, f"move type into the branches of {keyword}", True, make)


def only_branch(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Put the only branch of a union, or several that must all hold, into the schema around it."""
    keyword, branches, schema = str(case.keyword), case.value, case.schema
    if not isinstance(branches, list) or not branches or not all(isinstance(branch, dict) for branch in branches):
        return
    if len(branches) > 1 and keyword != "allOf":
        return
    if _merged(schema, keyword) is not None:

        def make(schema: Schema, _: Schema) -> None:
            whole = _merged(schema, keyword)
            if whole is not None:
                put(schema, whole)

        yield SchemaEdit(case.place, f"merge {keyword} into the schema around it", True, make)


def _merged(schema: Schema, keyword: str) -> Schema | None:
    merged: Schema | None = {key: value for key, value in schema.items() if key != keyword}
    for branch in schema[keyword]:
        merged = merged if merged is None else merge(merged, branch)
    return merged


_TOGETHER = (
    frozenset({"items", "prefixItems", "additionalItems"}),
    frozenset({"if", "then", "else"}),
    frozenset({"contains", "minContains", "maxContains"}),
    frozenset({"unevaluatedProperties", "unevaluatedItems"}),
)
"""Keywords of which one says something about another in the same schema."""
_OF_MEMBERS = frozenset({"properties", "patternProperties", "additionalProperties"})


def _part(schema: Schema, keys: frozenset[str]) -> Schema:
    return {key: value for key, value in schema.items() if key in keys}


def merge(one: Schema, other: Schema) -> Schema | None:
    """Return the schema of what both allow; None where that takes an allOf."""
    if "$ref" in one or "$ref" in other:
        return None
    for group in _TOGETHER:
        if not group.isdisjoint(one) and not group.isdisjoint(other) and _part(one, group) != _part(other, group):
            return None  # what one of them says there depends on what the other does not know
    is_open = "additionalProperties" not in one and "additionalProperties" not in other
    if not is_open and not _OF_MEMBERS.isdisjoint(one) and not _OF_MEMBERS.isdisjoint(other):
        return None  # each speaks of the members that it does not declare itself
    merged = dict(one)
    for key, value in other.items():
        here = merged.get(key)
        if key not in merged or here == value:
            merged[key] = value
        elif key == "required" and isinstance(here, list) and isinstance(value, list):
            merged[key] = [*here, *(name for name in value if name not in here)]
        elif key == "properties" and isinstance(here, dict) and isinstance(value, dict):
            if any(here[name] != value[name] for name in here.keys() & value.keys()):
                return None
            merged[key] = {**here, **value}
        elif key == "description" and isinstance(here, str) and isinstance(value, str):
            say(merged, value)
        elif key not in ("title", "default", "examples", "example"):
            return None
    return merged
