"""Edits that write a union with one branch, or what must hold all at once, as one schema."""

from collections.abc import Iterator

from reqlint.fixes.schemas.edit import Schema, SchemaCase, SchemaEdit, put
from reqlint.fixes.schemas.wording import say


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
