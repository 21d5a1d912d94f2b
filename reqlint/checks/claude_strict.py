"""Whether a schema that Claude must keep to exactly, at Anthropic or on Bedrock, has only what it can keep to."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.checks.json_schema import subschemas
from reqlint.core.findings import Hit, Part
from reqlint.core.pointer import Place, to_pointer
from reqlint.dialects.vocabulary import Dialect

_BEYOND_REGULAR = re.compile(r"\(\?(?:[=!]|<[=!])|\\[1-9bB]").search
_DEFINITIONS = ("#/$defs/", "#/definitions/")
_CONSTRUCTS = ("minItems", "pattern", "enum", "allOf", "$ref")


@check
def unsupported_strict_construct(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """
    Find everything in a strict schema that is refused, where the keyword alone does not say so.

    A profile may name those of the keywords that it is known to refuse something of.
    """
    known = facts.get("strict-constructs-refused", {}).get("value", _CONSTRUCTS)
    for hit in _constructs(request, dialect):
        if hit.place[-1] in known:
            yield hit


def _constructs(request: Request, dialect: Dialect) -> Iterator[Hit]:
    for place, root in _strict_roots(request, dialect):
        found = [*subschemas(root)]
        recursive = _recursive_definitions(root, found)
        for inner, schema in found:
            at = (*place, *inner)
            least, pattern, members = schema.get("minItems"), schema.get("pattern"), schema.get("enum")
            if type(least) is int and least > 1:
                yield Hit((*at, "minItems"), facts={"what": f"minItems is {least}, and only 0 and 1 are taken"})
            if isinstance(pattern, str) and _BEYOND_REGULAR(pattern):
                what = "the pattern looks around, refers back or asks for a word's end"
                yield Hit((*at, "pattern"), facts={"what": what})
            if isinstance(members, list) and any(isinstance(each, dict | list) for each in members):
                yield Hit((*at, "enum"), facts={"what": "a member of the enum is an object or an array"})
            all_of = schema.get("allOf")
            if isinstance(all_of, list) and any(isinstance(each, dict) and "$ref" in each for each in all_of):
                yield Hit((*at, "allOf"), Part.KEY, {"what": "there is a $ref in allOf"})
            reference = schema.get("$ref")
            if isinstance(reference, str) and (_defined(reference) in recursive or _is_around(reference, inner)):
                yield Hit((*at, "$ref"), facts={"what": "the schema refers to itself"})


def _recursive_definitions(root: Mapping[str, Any], found: list[tuple[Place, Mapping[str, Any]]]) -> frozenset[str]:
    """Return the names of the definitions that refer to themselves, directly or through others."""
    uses: dict[str, set[str]] = {}
    for place, schema in found:
        reference = schema.get("$ref") if len(place) > 1 and place[0] in ("$defs", "definitions") else None
        if isinstance(reference, str) and (used := _defined(reference)):
            uses.setdefault(str(place[1]), set()).add(used)
    return frozenset(name for name in uses if name in _reached(name, uses))


def _is_around(reference: str, place: Place) -> bool:
    """Return whether a reference leads to a schema that holds the one at *place*, such as the root."""
    return reference == "#" or (reference.startswith("#/") and f"{to_pointer(place)}/".startswith(f"{reference[1:]}/"))


def _reached(name: str, uses: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    pending = [name]
    while pending:
        for used in uses.get(pending.pop(), ()):
            if used not in reached:
                reached.add(used)
                pending.append(used)
    return reached


def _defined(reference: str) -> str | None:
    """Return the name of the definition that a reference leads to."""
    start = next((start for start in _DEFINITIONS if reference.startswith(start)), None)
    return reference.removeprefix(start) if start else None


@check
def too_many_strict_parts(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the tools when there are more strict ones, or more optional or union-typed parameters, than are taken."""
    limits = facts.get("strict-totals", {}).get("value", {})
    roots = [*_strict_roots(request, dialect)]
    optional = unions = 0
    for _, root in roots if limits else ():
        for _, schema in subschemas(root):
            properties, required = schema.get("properties"), schema.get("required")
            if isinstance(properties, dict):
                named = (
                    set(required) if isinstance(required, list) and all(isinstance(n, str) for n in required) else ()
                )
                optional += sum(name not in named for name in properties)
            unions += isinstance(schema.get("type"), list) or "anyOf" in schema
    tools = sum(place[0] == "tools" for place, _ in roots)
    for what, count, name in (
        ("strict tools", tools, "tools"),
        ("optional parameters in strict schemas", optional, "optional"),
        ("parameters of several types in strict schemas", unions, "unions"),
    ):
        if count > limits.get(name, count):
            place = roots[0][0][:1]
            yield Hit(place, facts={"count": count, "what": what, "limit": limits[name]})


def _strict_roots(request: Request, dialect: Dialect) -> Iterator[tuple[Place, dict[str, Any]]]:
    yield from dialect.strict_answers(request)
    for tool in dialect.tools(request):
        if tool.value.get("strict") is True and isinstance(tool.parameters, dict):
            yield tool.parameters_place, tool.parameters
