"""Edits that write unions in the words that an API takes: lists of types, and oneOf."""

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

from reqlint.fixes.schemas.edit import Schema, SchemaCase, SchemaEdit, kind_of, kinds_of, put, swap
from reqlint.fixes.schemas.exact import OF_TYPE

_BESIDE = frozenset(
    {
        "description",
        "title",
        "default",
        "examples",
        "example",
        "deprecated",
        "readOnly",
        "writeOnly",
        "$comment",
        "nullable",
    }
)
"""Keywords that stay beside a union, as they are about all of it."""
_UNIONS = frozenset({"anyOf", "oneOf", "allOf", "not", "if", "then", "else", "$ref", "const"})
_JSON_TYPES: dict[type, tuple[str, ...]] = {
    str: ("string",),
    bool: ("boolean",),
    int: ("integer", "number"),
    float: ("number",),
    list: ("array",),
    dict: ("object",),
    type(None): ("null",),
}
_TWO_TYPES: object = {"anyOf": [{"type": "string"}, {"type": "integer"}]}
_NULL_BESIDE: object = {"anyOf": [{"type": "string"}, {"type": "null"}]}


def types_to_union(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Write a list of types as a union of schemas with one type each; or null as nullable, for those who read that."""
    schema, listed = case.schema, case.value
    if not isinstance(listed, list) or not listed or not all(isinstance(each, str) for each in listed):
        return
    kinds = list(dict.fromkeys(listed))
    if len(kinds) == 1:
        kind = kinds[0]
        yield SchemaEdit(case.place, "write the type without a list", True, lambda schema, _: schema.update(type=kind))
        return
    if case.is_root or not _UNIONS.isdisjoint(schema):
        return
    needs: object = (
        _NULL_BESIDE if "null" in map(str.lower, kinds) else {"anyOf": [{"type": "string"}, {"type": "integer"}]}
    )
    possible = [kind for kind in kinds if _of_kind(schema, kind) is not None]
    if not possible:
        return
    if len(possible) == 1:
        yield SchemaEdit(case.place, "write the only type that is possible", True, _narrowing(possible[0]))
        return
    yield SchemaEdit(case.place, "write the list of types as anyOf", True, _to_union, needs)
    others = [kind for kind in possible if kind.lower() != "null"]
    if len(others) != 1:
        return
    if case.of_nullable:
        needs = {"type": "string", "nullable": True}
        yield SchemaEdit(case.place, "write null as nullable", True, _narrowing(others[0], nullable=True), needs)
    what = "remove null from the types; null is no longer allowed"
    yield SchemaEdit(case.place, what, False, _narrowing(others[0]))


def _to_union(schema: Schema, _: Schema) -> None:
    branches = [branch for kind in dict.fromkeys(schema["type"]) if (branch := _of_kind(schema, kind)) is not None]
    put(schema, {**{key: value for key, value in schema.items() if key in _BESIDE}, "anyOf": branches})


def _narrowing(kind: str, *, nullable: bool = False) -> Callable[[Schema, Schema], object]:
    def make(schema: Schema, _: Schema) -> None:
        beside = {key: value for key, value in schema.items() if key in _BESIDE}
        if beside.get("default", "") is None and not nullable:
            del beside["default"]
        put(schema, {**beside, **(_of_kind(schema, kind) or {}), **({"nullable": True} if nullable else {})})

    return make


def _of_kind(schema: Schema, kind: str) -> Schema | None:
    """Return what a schema says of values of one type; None if it allows none of them."""
    name = kind.lower()
    branch: Schema = {"type": kind}
    for key, value in schema.items():
        if key in ("type", *_BESIDE) or name not in OF_TYPE.get(key, (name,)):
            continue
        if key == "format" and not _is_format_of(value, name):
            continue
        if key == "enum" and isinstance(value, list):
            words = [word for word in value if name in _JSON_TYPES.get(type(word), ()) or _is_whole(word, name)]
            if not words:
                return None
            if name == "null":
                continue
            value = words
        branch[key] = value
    return branch


def _is_whole(word: object, name: str) -> bool:
    return name == "integer" and isinstance(word, float) and word.is_integer()


def _is_format_of(value: object, name: str) -> bool:
    of_numbers = value in ("int32", "int64", "float", "double", "uint32", "uint64", "int", "uint", "int8", "int16")
    return name in ("number", "integer") if of_numbers else name == "string"


def one_of_to_any_of(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Write oneOf as anyOf, which means the same where no value fits two branches."""
    branches = case.value
    if "anyOf" in case.schema or not isinstance(branches, list) or not branches or len(branches) > 100:
        return
    is_same = all(_exclude(one, other, case.root) for one, other in combinations(branches, 2))
    lost = "" if is_same else "; a value may fit several branches"
    yield SchemaEdit(case.place, f"write oneOf as anyOf{lost}", is_same, _to_any_of, _TWO_TYPES)


def _to_any_of(schema: Schema, _: Schema) -> None:
    swap(schema, "oneOf", "anyOf", schema["oneOf"])


def drop_discriminator(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Remove the name of the member that tells branches apart, where the branches say so themselves."""
    named = case.value.get("propertyName") if isinstance(case.value, dict) else None
    branches = case.schema.get("oneOf", case.schema.get("anyOf"))
    told = isinstance(branches, list) and all(_words(_resolved(branch, case.root), named) for branch in branches)
    lost = "" if told else "; it no longer says which member tells the branches apart"
    yield SchemaEdit(case.place, f"remove discriminator{lost}", told, lambda schema, _: schema.pop("discriminator"))


def _resolved(schema: Any, root: Schema) -> Any:
    from reqlint.fixes.schemas.references import target_of

    return target_of(schema["$ref"], root) if isinstance(schema, dict) and schema.keys() == {"$ref"} else schema


def _exclude(one: Any, other: Any, root: Schema) -> bool:
    """Return whether it is certain that no value fits both schemas."""
    one, other = _resolved(one, root), _resolved(other, root)
    if not isinstance(one, dict) or not isinstance(other, dict):
        return False
    kinds, others = set(kinds_of(one)), set(kinds_of(other))
    if kinds and others and not (kinds & others) and not ({"number", "integer"} <= kinds | others):
        return True
    here, there = _values(one), _values(other)
    if here and there and not set(here) & set(there):
        return True
    if kind_of(one) != "object" or kind_of(other) != "object":
        return False
    shared = (one.get("properties") or {}).keys() & (other.get("properties") or {}).keys()
    return any(
        not set(ours) & set(theirs)
        for name in shared
        if (ours := _words(one, name)) and (theirs := _words(other, name))
    )


def _words(branch: Any, name: object) -> list[str]:
    """Return the words that a member which must be there can have; none if it need not, or if that is not known."""
    if not isinstance(branch, dict) or not isinstance(name, str) or name not in (branch.get("required") or ()):
        return []
    properties = branch.get("properties")
    return _values(properties.get(name)) if isinstance(properties, dict) else []


def _values(schema: object) -> list[str]:
    """Return the only words that a schema takes; none if they are not known to be words."""
    if not isinstance(schema, dict):
        return []
    values = schema["enum"] if isinstance(schema.get("enum"), list) else [schema["const"]] if "const" in schema else []
    return values if all(isinstance(value, str) for value in values) else []
