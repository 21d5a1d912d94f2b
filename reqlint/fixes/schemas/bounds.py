"""Edits that write bounds and single values in the words that an API takes."""

from collections.abc import Iterator
from math import floor

from reqlint.fixes.schemas.edit import Schema, SchemaCase, SchemaEdit, is_integer, is_number, kind_of, kinds_of, swap


def const_to_enum(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Write the only word that is taken as an enum of one; or the only number as both bounds."""
    value = case.value
    if isinstance(value, str) and "enum" not in case.schema:
        needs: object = {"type": "string", "enum": ["a"]}

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
        yield SchemaEdit(
            case.place, "write const as a type", True, lambda schema, _: swap(schema, "const", "type", "null")
        )


def numbers_to_bounds(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Write whole numbers without a gap as the bounds that they have."""
    values = case.value
    if not isinstance(values, list) or not values or not all(map(is_integer, values)) or len(values) > 10_000:
        return
    low, high = min(values), max(values)
    if (
        kind_of(case.schema) != "integer"
        or high - low + 1 != len(set(values))
        or {"minimum", "maximum"} & case.schema.keys()
    ):
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
