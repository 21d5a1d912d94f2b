"""Whether judging by somebody else's schema ends, after a bounded number of steps, whatever the payload."""

from collections.abc import Iterator, Mapping
from typing import Any

from reqlint.core.pointer import Place

_ONE = ("if", "then", "else", "not", "contains", "additionalProperties", "propertyNames", "items")
_SEVERAL = ("allOf", "anyOf", "oneOf", "prefixItems")
_NAMED = ("properties", "patternProperties", "dependentSchemas", "$defs")
_REFUSED = frozenset(
    {
        "$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveRef", "$recursiveAnchor", "$vocabulary", "definitions",
        "dependencies", "unevaluatedItems", "unevaluatedProperties",
    }
)  # fmt: skip
"""Keywords that look beyond their own subschema, which schemas that are combined cannot have."""

_MOST_LEVELS = 50  # of subschemas, as written and with references followed; our own schemas have up to 41
_MOST_STEPS = 20_000  # subschemas applied to one value, references followed; our own come to some hundreds
_PREFIX = "#/$defs/"


class _Endless(Exception):
    def __init__(self, place: Place, what: str) -> None:
        super().__init__(what)
        self.place, self.what = place, what


def find_endless(schema: Mapping[str, Any]) -> tuple[Place, str] | None:
    """
    Find what keeps judging by *schema*, a JSON value, from being bounded, and where; None when nothing does.

    In a bounded schema, references lead only into ``$defs`` of the same schema and never back, and the schema with all
    of them followed is small. So each part of a payload is looked at a bounded number of times, and nothing is fetched.
    """
    bounds = _Bounds()
    try:
        bounds.visit_all(schema)
        bounds.count_steps(schema, 1)
    except _Endless as found:
        return found.place, found.what
    return None


class _Bounds:
    """A walk over a schema that raises `_Endless` at the first thing that is not bounded."""

    def __init__(self) -> None:
        self.places: dict[int, Place] = {}  # of subschemas, by id
        self.references: dict[int, Mapping[str, Any]] = {}  # the target of $ref, by id of the subschema
        self.counted: dict[int, tuple[int, int]] = {}  # steps and levels below a subschema, by its id
        self.open: set[int] = set()  # ids of the subschemas on the way to this one

    def visit_all(self, root: Mapping[str, Any]) -> None:
        """Visit every subschema as it is written, and find the targets of references."""
        self._visit(root, ())
        for place in list(self.places.values()):
            self._find_target(root, place)

    def _visit(self, schema: object, place: Place) -> None:
        if len(place) > _MOST_LEVELS:
            raise _Endless(place, f"is nested in more than {_MOST_LEVELS} levels")
        if not isinstance(schema, Mapping):
            return
        self.places[id(schema)] = place
        if place and "$id" in schema:
            raise _Endless((*place, "$id"), "only the whole schema has an $id")
        for keyword in schema:
            if keyword in _REFUSED:
                raise _Endless((*place, keyword), f"{keyword} is not supported here")
        for step, inner in _inner(schema):
            self._visit(inner, (*place, *step))

    def _find_target(self, root: Mapping[str, Any], place: Place) -> None:
        schema = _at(root, place)
        if not isinstance(schema, Mapping) or "$ref" not in schema:
            return
        reference = schema["$ref"]
        where = (*place, "$ref")
        if not isinstance(reference, str) or not reference.startswith(_PREFIX) or "%" in reference:
            raise _Endless(where, "a reference is #/$defs/ and a name; nothing else is read, and nothing is fetched")
        steps = tuple(step.replace("~1", "/").replace("~0", "~") for step in reference.split("/")[1:])
        target = _at(root, steps)
        if isinstance(target, bool) and len(steps) == 2:
            return
        if not isinstance(target, Mapping) or id(target) not in self.places:
            raise _Endless(where, "the reference leads to no schema")
        self.references[id(schema)] = target

    def count_steps(self, schema: Mapping[str, Any], level: int) -> tuple[int, int]:
        """Count the subschemas that may be applied to a value, and their levels."""
        place = self.places[id(schema)]
        if id(schema) in self.open:
            raise _Endless(place, "a reference leads back to itself, so judging may never end")
        counted = self.counted.get(id(schema))
        if counted is None:
            if level > _MOST_LEVELS:
                raise _Endless(place, f"is reached through more than {_MOST_LEVELS} subschemas")
            self.open.add(id(schema))
            steps, levels = 1, 0
            inner = [each for step, each in _inner(schema) if step[0] != "$defs"]
            for each in (*inner, self.references.get(id(schema))):
                if isinstance(each, Mapping):
                    below, deep = self.count_steps(each, level + 1)
                    steps, levels = steps + below, max(levels, deep)
            if steps > _MOST_STEPS:
                raise _Endless(place, f"comes to more than {_MOST_STEPS:,} subschemas, references followed")
            self.open.discard(id(schema))
            counted = self.counted[id(schema)] = (steps, levels + 1)
        if level + counted[1] > _MOST_LEVELS + 1:
            raise _Endless(place, f"is reached through more than {_MOST_LEVELS} subschemas")
        return counted


def _inner(schema: Mapping[str, Any]) -> Iterator[tuple[Place, object]]:
    """Yield the subschemas directly inside *schema*, with the steps to them."""
    for keyword in _ONE:
        if keyword in schema:
            yield (keyword,), schema[keyword]
    for keyword in _SEVERAL:
        several = schema.get(keyword)
        yield from (((keyword, i), each) for i, each in enumerate(several if isinstance(several, list) else ()))
    for keyword in _NAMED:
        named = schema.get(keyword)
        yield from (((keyword, name), each) for name, each in (named.items() if isinstance(named, Mapping) else ()))


def _at(root: object, place: Place) -> object:
    value = root
    for step in place:
        if not isinstance(value, Mapping | list) or isinstance(value, list) is not isinstance(step, int):
            return None
        try:
            value = value[step]  # type: ignore[index]  # a list by a number, a mapping by a string
        except LookupError:
            return None
    return value


def subschemas(schema: object, place: Place = ()) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Yield every subschema as it is written, with its place; only for a schema that `find_endless` passes."""
    if isinstance(schema, Mapping):
        yield place, schema
        for step, inner in _inner(schema):
            yield from subschemas(inner, (*place, *step))
