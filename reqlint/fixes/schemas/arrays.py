"""Edits that write the items of arrays in the words that an API takes."""

from collections.abc import Iterator
from typing import Any

from reqlint.fixes.schemas.edit import Schema, SchemaCase, SchemaEdit, is_integer, kinds_of, swap


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


def array_of_anything(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Add items that can be anything to an array without any."""
    schema = case.schema
    if isinstance(schema, dict) and "array" in kinds_of(schema) and schema.get("items") is None:
        needs = {"type": "array", "items": {}}
        yield SchemaEdit(
            case.place, "add items that can be anything", True, lambda schema, _: schema.update(items={}), needs
        )
