"""Whether a schema that Claude must keep to exactly, at Anthropic or on Bedrock, has only what it can keep to."""

import re
from collections.abc import Iterator, Mapping
from itertools import accumulate
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
    """
    Find the tools when too many of them are strict, and the schema with which loose parameters become too many.

    Loose are optional parameters, and those of several types; those of all schemas count together.
    """
    limits = facts.get("strict-totals", {}).get("value", {})
    roots = [*_strict_roots(request, dialect)] if limits else []
    tools = [place for place, _ in roots if place[0] == dialect.keys["tools"]]
    if len(tools) > limits.get("tools", len(tools)):
        shown = {"count": len(tools), "what": "strict tools", "limit": limits["tools"]}
        yield Hit((dialect.keys["tools"],), facts=shown)
    loose = [_loose_parts(root) for _, root in roots]
    for number, name, what in (
        (0, "optional", "optional parameters in strict schemas"),
        (1, "unions", "parameters of several types in strict schemas"),
    ):
        totals = [*accumulate(counts[number] for counts in loose)]
        limit = limits.get(name)
        if totals and limit is not None and totals[-1] > limit:
            crossing = next(index for index, total in enumerate(totals) if total > limit)
            yield Hit(roots[crossing][0], facts={"count": totals[-1], "what": what, "limit": limit})


def _loose_parts(root: Mapping[str, Any]) -> tuple[int, int]:
    """Return how many optional parameters a schema has, and how many that are of several types."""
    optional = unions = 0
    for _, schema in subschemas(root):
        properties, required = schema.get("properties"), schema.get("required")
        if isinstance(properties, dict):
            named = set(required) if isinstance(required, list) and all(isinstance(n, str) for n in required) else ()
            optional += sum(name not in named for name in properties)
        unions += isinstance(schema.get("type"), list) or "anyOf" in schema
    return optional, unions


def _strict_roots(request: Request, dialect: Dialect) -> Iterator[tuple[Place, dict[str, Any]]]:
    yield from dialect.strict_answers(request)
    for tool in dialect.tools(request):
        if tool.value.get("strict") is True and isinstance(tool.parameters, dict):
            yield tool.parameters_place, tool.parameters
