"""What JSON Schema's own drafts say of a schema: the thorough reading, by `jsonschema`, that fetches nothing."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from marshal import dumps, loads
from typing import Any
from urllib.parse import unquote

from reqlint.checks.parameters import MAPS, MAX_SUBSCHEMAS, TYPES, subschemas
from reqlint.core.pointer import Place, from_pointer, to_path, value_at

MAX_DEPTH = 60
"""Levels that the reading goes down; `jsonschema` calls itself for each, and no function needs as many."""

_DRAFT = re.compile(r"draft-0?([3467])\b|draft/(2019-09|2020-12)\b")
_ASSUMED = "2020-12"
_MISSPELT = {
    "str": "string", "text": "string", "int": "integer", "long": "integer", "float": "number", "double": "number",
    "decimal": "number", "bool": "boolean", "list": "array", "tuple": "array", "dict": "object", "map": "object",
    "none": "null", "nil": "null",
}  # fmt: skip
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


@dataclass(frozen=True, slots=True)
class Mistake:
    """One place where a schema breaks its draft."""

    place: Place
    facts: Mapping[str, object] = field(default_factory=dict)
    older: str | None = None  #: the draft that took the keyword in this form, when the schema names none


def mistakes(parameters: dict[str, Any]) -> Sequence[Mistake]:
    """
    Give each mistake of *parameters* once, at the innermost place; nothing where no draft can be told.

    What was found is known by the bytes of *parameters*: two rules ask, for each fix that is tried once more.
    """
    if _is_deeper(parameters, MAX_DEPTH):
        return ()
    try:
        written = dumps(parameters, 2)
    except ValueError:  # a class of somebody's own
        return tuple(_mistakes(parameters))
    found = _known.pop(written, None)
    if found is None:
        found = tuple(_mistakes(loads(written)))  # noqa: S302 - a copy of what was just written, which nobody changes
        if len(_known) >= _MOST_KNOWN or len(written) > _LONGEST:
            _known.clear()
    _known[written] = found
    return found


_known: dict[bytes, Sequence[Mistake]] = {}
_MOST_KNOWN = 64
_LONGEST = 1 << 16  # bytes of parameters that are known beside others


def _mistakes(parameters: dict[str, Any]) -> Iterator[Mistake]:
    named = parameters.get("$schema")
    draft = _draft_of(named)
    if draft is None:
        return
    seen: set[Place] = set()
    for error in _metaschema(draft).iter_errors(_Cut().schema(parameters)):
        place = tuple(error.absolute_path)
        if place not in seen:
            seen.add(place)
            facts = {**_facts(error, place, draft), "value": value_at(parameters, place)}
            yield Mistake(place, facts, None if named else _older(place, error.instance))
    for place, reference in _dangling(parameters):
        yield Mistake(place, {"name": "$ref", "value": reference, "draft": draft, "expected": "a place in the schema"})


class _Cut:
    """Takes the first `MAX_SUBSCHEMAS` subschemas, and items of lists, out of a schema; each takes 0.2 ms to read."""

    def __init__(self) -> None:
        self._left = MAX_SUBSCHEMAS

    def schema(self, value: Any) -> Any:
        """Give a schema, or whatever stands in the place of one, without what is beyond."""
        if isinstance(value, list):  # which must not become empty
            return [
                self.schema(each) for number, each in enumerate(value[:_MOST_ITEMS]) if not number or self._left > 0
            ]
        self._left -= 1
        if not isinstance(value, dict):
            return value
        return {keyword: self._member(keyword, inner) for keyword, inner in value.items()}

    def _member(self, keyword: str, value: Any) -> Any:
        if keyword in _DATA:
            return value
        if keyword in _MAPS and isinstance(value, dict):
            return {name: self.schema(each) for name, each in value.items() if self._left > 0}
        return self.schema(value) if isinstance(value, dict | list) else value


_MOST_ITEMS = 1_000  # each is held against each, to see that they are distinct
_MAPS = MAPS | {"dependencies", "dependentRequired"}
_DATA = frozenset(("const", "default", "examples"))  # of which no draft asks more than a type


def _draft_of(named: object) -> str | None:
    """Give the draft that `$schema` names, the newest when it names none, and None for a dialect of somebody's own."""
    if named is None or not isinstance(named, str):
        return _ASSUMED
    match = _DRAFT.search(named)
    return (match[1] or match[2]) if match else None


@cache
def _metaschema(draft: str) -> Any:
    import jsonschema

    by_draft = {
        "3": jsonschema.Draft3Validator,
        "4": jsonschema.Draft4Validator,
        "6": jsonschema.Draft6Validator,
        "7": jsonschema.Draft7Validator,
        "2019-09": jsonschema.Draft201909Validator,
        "2020-12": jsonschema.Draft202012Validator,
    }
    chosen = by_draft[draft]
    return chosen(chosen.META_SCHEMA)  # its references lead to metaschemas that are bundled; nothing is fetched


def _older(place: Place, value: object) -> str | None:
    """Name the draft in which a keyword took such a value, for the two forms that old generators still write."""
    keyword = _keyword(place)
    if keyword in ("exclusiveMinimum", "exclusiveMaximum") and isinstance(value, bool):
        return "draft 4"
    if keyword == "items" and isinstance(value, list):
        return "draft 7"
    return None


def _keyword(place: Place) -> str | int | None:
    """Give the last step of *place*; None where it is a name that the author chose, such as a property called type."""
    is_name = among_names = False
    for step in place:
        is_name, among_names = among_names, not among_names and step in MAPS
    return place[-1] if place and not is_name else None


def _facts(error: Any, place: Place, draft: str) -> dict[str, object]:
    keyword, value = _keyword(place), error.instance
    expected = _EXPECTED.get(keyword)
    if keyword == "required" and (draft == "3" or error.validator == "minItems"):
        expected = None  # true or false in the one, and at least one name in draft 4
    if expected is None and error.validator == "type":
        types = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
        expected = " or ".join(_TYPE_WORDS.get(str(name), "a schema") for name in types)
    facts: dict[str, object] = {"name": to_path(place[-1:]) or "parameters", "value": value, "draft": draft}
    if place and isinstance(place[-1], int):
        facts["name"] = to_path(place[-2:])
    facts["expected"] = expected or _limit(error)
    if keyword == "type" and isinstance(value, str):
        suggestion = value.lower() if value.lower() in TYPES else _MISSPELT.get(value.lower())
        if suggestion:
            facts["suggestion"] = suggestion
    return facts


def _limit(error: Any) -> str:
    words = {
        "minimum": "{} or more",
        "exclusiveMinimum": "a number above {}",
        "minItems": "an array of at least {}",
        "uniqueItems": "an array of distinct items",
        "pattern": "a text that matches {}",
    }
    return words.get(str(error.validator), "another form").format(error.validator_value)


def _is_deeper(root: object, limit: int) -> bool:
    level: list[object] = [root]
    for _ in range(limit):
        level = [
            member
            for value in level
            if isinstance(value, dict | list)
            for member in (value.values() if isinstance(value, dict) else value)
            if isinstance(member, dict | list)
        ]
        if not level:
            return False
        if len(level) > 100_000:  # aliases of aliases
            return True
    return True


def _dangling(root: dict[str, Any]) -> Iterator[tuple[Place, str]]:
    """Yield each local reference that leads nowhere; one to another document is nobody's to follow."""
    found = list(subschemas(root))
    if any("$id" in schema or "id" in schema for place, schema in found if place):
        return  # a schema inside with a base of its own changes what # means below it
    anchors = {schema.get(key) for _, schema in found for key in ("$anchor", "$dynamicAnchor") if _is_text(schema, key)}
    for place, schema in found:
        reference = schema.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#") or reference == "#":
            continue
        fragment = unquote(reference[1:])
        try:
            if fragment.startswith("/"):
                from_pointer(fragment, root)
            elif fragment not in anchors:
                yield (*place, "$ref"), reference
        except LookupError:
            yield (*place, "$ref"), reference


def _is_text(schema: Mapping[str, Any], key: str) -> bool:
    return isinstance(schema.get(key), str)
