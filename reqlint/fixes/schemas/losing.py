"""Edits that lose something: a demand that only a sentence in the description makes afterwards, or values."""

from collections.abc import Iterator, Mapping
from typing import Any

from reqlint.fixes.schemas.edit import Schema, SchemaCase, SchemaEdit, is_number, kinds_of, swap
from reqlint.fixes.schemas.merging import only_branch
from reqlint.fixes.schemas.wording import say, sentence_of
from reqlint.text.json.edits import write_json

_NULL = {"type": "null"}


def drop_demand(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Remove a keyword, and say in the description what it demanded."""
    keyword, value = str(case.keyword), case.value
    sentence = sentence_of(keyword, value) if isinstance(case.schema.get("description", ""), str) else None
    lost = "; only the description says it" if sentence else "; what it demands is no longer said"

    def make(schema: Schema, _: Schema) -> None:
        del schema[keyword]
        if keyword == "if":
            schema.pop("then", None)
            schema.pop("else", None)
        say(schema, sentence)

    yield SchemaEdit(case.place, f"remove {keyword}{lost}", False, make)


def open_object(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Remove the ban on further members. No sentence says it, as every model takes the declared ones for all."""
    if case.value is False:
        what = "remove additionalProperties; other members are no longer refused"
        yield SchemaEdit(case.place, what, False, lambda schema, _: schema.pop("additionalProperties"))


def loosen_bound(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Write an exclusive bound as one that includes the edge, and say in the description that it does not."""
    keyword, value = str(case.keyword), case.value
    plain = "minimum" if keyword == "exclusiveMinimum" else "maximum"
    if not is_number(value) or plain in case.schema:
        return
    sentence = sentence_of(keyword, value)

    def make(schema: Schema, _: Schema) -> None:
        swap(schema, keyword, plain, schema[keyword])
        say(schema, sentence)

    what = f"write {keyword} as {plain}; only the description excludes the number itself"
    yield SchemaEdit(case.place, what, False, make, {"type": "number", plain: 1})


def drop_words(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Remove the empty word from an enum."""
    words = case.value
    if isinstance(words, list) and "" in words and any(words):
        what = "remove the empty word from the enum; it is no longer allowed"
        yield SchemaEdit(
            case.place, what, False, lambda schema, _: schema.update(enum=list(filter(None, schema["enum"])))
        )


def drop_undeclared(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Remove the names from required that the object does not declare."""
    schema = case.schema
    required, properties = schema.get("required"), schema.get("properties", {})
    if not isinstance(required, list) or not isinstance(properties, dict):
        return
    unknown = [name for name in required if isinstance(name, str) and name not in properties]
    if not unknown:
        return

    def make(schema: Schema, _: Schema) -> None:
        schema["required"] = [name for name in schema["required"] if name not in unknown]
        if not schema["required"]:
            del schema["required"]
        say(schema, f"Required: {', '.join(unknown)}.")

    what = "remove what is not declared from required; only the description says that it is"
    yield SchemaEdit(case.place, what, False, make)


def require_all(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Require every property, and let those be null that need not be there."""
    schema = case.schema
    properties = schema.get("properties") if isinstance(schema, dict) else None
    if not isinstance(properties, dict) or not all(isinstance(each, dict) for each in properties.values()):
        return
    lost = "; those that could be left out have to be null instead"
    for as_union, needs in ((False, {"type": ["string", "null"]}), (True, {"anyOf": [{"type": "string"}, _NULL]})):

        def make(schema: Schema, _: Schema, as_union: bool = as_union) -> None:
            required = schema["required"] if isinstance(schema.get("required"), list) else []
            missing = [name for name in schema["properties"] if name not in required]
            for name in missing:
                _allow_null(schema["properties"][name], as_union=as_union)
            schema["required"] = [*required, *missing]

        yield SchemaEdit(case.place, f"require every property{lost}", False, make, needs)


_SAYS_WHAT = frozenset({"type", "enum", "const", "$ref", "anyOf", "oneOf", "allOf", "not", "if"})
"""Without these, a schema takes null as well."""


def _allow_null(schema: Schema, *, as_union: bool) -> None:
    takes_anything = _SAYS_WHAT.isdisjoint(schema)
    if takes_anything or "null" in kinds_of(schema) or schema.get("nullable") is True:
        return
    union, kind, words = schema.get("anyOf"), schema.get("type"), schema.get("enum")
    if isinstance(union, list) and kind is None:
        if not any("null" in kinds_of(branch) for branch in union):
            union.append(dict(_NULL))
        return
    simple = isinstance(kind, str) and "const" not in schema and "anyOf" not in schema and "oneOf" not in schema
    if simple and not as_union:
        schema["type"] = [kind, "null"]
        if isinstance(words, list):
            words.append(None)
        return
    beside: Schema = {key: schema.pop(key) for key in ("description", "title", "default") if key in schema}
    branch = dict(schema)
    schema.clear()
    schema.update({**beside, "anyOf": [branch, dict(_NULL)]})


def merge_branches(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Let an object have the members of all branches of its union, and say in the description which go together."""
    keyword, branches, schema = str(case.keyword), case.value, case.schema
    if not isinstance(branches, list) or not branches or "object" not in (kinds_of(schema) or ["object"]):
        return
    if not all(_is_of_members(branch) for branch in branches):
        return
    named = [list(branch.get("required") or branch.get("properties") or ()) for branch in branches]
    lead = "Needs one of" if keyword == "anyOf" else "Needs exactly one of"
    sentence = f"{lead}: {'; or '.join(' with '.join(names) or 'nothing' for names in named)}."

    def make(schema: Schema, _: Schema) -> None:
        inside = schema.pop(keyword)
        declared = [branch["properties"] for branch in inside if isinstance(branch.get("properties"), dict)]
        properties = dict(schema.get("properties") or {})
        for members in declared:
            for name, each in members.items():
                properties[name] = _either(properties[name], each) if name in properties else each
        needed = [name for name in named[0] if all(name in branch.get("required", ()) for branch in inside)]
        known = schema.get("required") if isinstance(schema.get("required"), list) else []
        required = [*(known or []), *(name for name in needed if name not in (known or []))]
        schema |= {"type": "object", "properties": properties}
        if required:
            schema["required"] = required
        say(schema, sentence)

    what = f"merge the branches of {keyword}; only the description says which members go together"
    yield SchemaEdit(case.place, what, False, make)


def _is_of_members(branch: object) -> bool:
    """Return whether a branch speaks of nothing but which members an object has."""
    if not isinstance(branch, Mapping):
        return False
    required, properties = branch.get("required", []), branch.get("properties", {})
    return (
        branch.keys() <= {"type", "properties", "required", "description", "title", "additionalProperties"}
        and kinds_of(branch) in ([], ["object"])
        and isinstance(required, list)
        and all(isinstance(name, str) for name in required)
        and isinstance(properties, dict)
        and not isinstance(branch.get("additionalProperties"), dict)
    )


def _either(one: Any, other: Any) -> Any:
    """Return the schema of a member that is one thing in a branch, and another in the next."""
    if write_json(one) == write_json(other):
        return one
    words = [_words(one), _words(other)]
    if isinstance(one, dict) and all(words):
        kept = {key: value for key, value in one.items() if key not in ("const", "enum")}
        return {**kept, "type": "string", "enum": list(dict.fromkeys([*words[0], *words[1]]))}
    if isinstance(one, dict) and one.keys() == {"anyOf"}:
        return one if other in one["anyOf"] else {"anyOf": [*one["anyOf"], other]}
    return {"anyOf": [one, other]}


def _words(schema: Any) -> list[str]:
    values = schema.get("enum", [schema.get("const")]) if isinstance(schema, dict) else []
    return values if isinstance(values, list) and all(isinstance(value, str) for value in values) else []


def forget_order(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Let every item of an array be what any of the listed ones is, and say the order in the description."""
    schema = case.schema
    listed = schema.get("prefixItems", schema.get("items")) if isinstance(schema, dict) else None
    if not isinstance(listed, list) or not listed or not all(isinstance(each, dict) for each in listed):
        return
    sentence = sentence_of("Items in this order", listed)
    lost = "; only the description says their order" if sentence else "; their order is no longer said"

    def make(schema: Schema, _: Schema) -> None:
        branches: list[Any] = []
        rest = schema.get("items") if "prefixItems" in schema else schema.get("additionalItems")
        for each in (*schema.pop("prefixItems", schema.get("items")), *([rest] if isinstance(rest, dict) else [])):
            if each not in branches:
                branches.append(each)
        schema.pop("additionalItems", None)
        schema["items"] = branches[0] if len(branches) == 1 else {"anyOf": branches}
        say(schema, sentence)

    yield SchemaEdit(case.place, f"write the items as one schema{lost}", False, make)


def merge_around(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Merge the branches of the union that the schema is one of."""
    place = case.place
    if len(place) >= 2 and place[-2] in ("anyOf", "oneOf", "allOf") and isinstance(place[-1], int):
        around = case._replace(place=place[:-2], keyword=str(place[-2]))
        yield from only_branch(around)
        yield from merge_branches(around)
