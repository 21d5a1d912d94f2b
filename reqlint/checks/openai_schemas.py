"""Whether the parameters of functions keep to what OpenAI's servers take, and stay what they are."""

from collections.abc import Iterator, Mapping
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.checks.json_schema import subschemas
from reqlint.checks.model_lists import is_any
from reqlint.checks.patterns import looks_around
from reqlint.core.findings import Hit, Link, Part, Severity
from reqlint.core.pointer import Place
from reqlint.dialects.vocabulary import Dialect

_Schema = Mapping[str, Any]


@check
def pattern_with_lookaround(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """
    Find every pattern with a look-around, for models that are not known to take it.

    It is an error for models on the profile's list ``lookaround-refused-by``.
    """
    model = request.get("model")
    if is_any(model, facts, "lookaround-taken-by"):
        return
    severity = Severity.ERROR if is_any(model, facts, "lookaround-refused-by") else None
    for place, schema, _, _ in _schemas(request, dialect):
        pattern = schema.get("pattern")
        if isinstance(pattern, str) and looks_around(pattern):
            yield Hit((*place, "pattern"), severity=severity)


@check
def unsupported_parameters_keyword(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every keyword that the API refuses in a function's schema, strict or not."""
    refused = facts["parameters-keywords-refused"]["value"] if "parameters-keywords-refused" in facts else ()
    for place, schema, _, tool in _schemas(request, dialect):
        for keyword in refused:
            if keyword in schema and tool.get("strict") is not True:  # of strict ones, other rules tell
                yield Hit((*place, keyword), Part.KEY, {"keyword": keyword})


@check
def unresolved_parameters_reference(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every reference inside a function's schema that leads nowhere, unless the function is strict."""
    for tool in dialect.tools(request):
        if not isinstance(tool.parameters, dict) or tool.value.get("strict") is True:
            continue
        if any("$ref" in schema for _, schema in subschemas(tool.parameters)):
            from reqlint.checks.drafts import dangling_references, described  # few schemas have references

            for inner, reference in dangling_references(tool.parameters):
                yield Hit((*tool.parameters_place, *inner), facts=described(tool.parameters, reference))


@check
def keyword_without_strict_false(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every oneOf, and every format off the list, in a function that does not say whether it is strict."""
    formats = facts["strict-formats"]["value"] if "strict-formats" in facts else ()
    for place, schema, root, tool in _schemas(request, dialect):
        if "strict" in tool:
            continue
        if "oneOf" in schema and schema is not root:  # at the root, another rule tells
            yield Hit((*place, "oneOf"), Part.KEY, {"what": "oneOf"})
        name, kind = schema.get("format"), schema.get("type")
        if isinstance(name, str) and name not in formats and (kind == "string" or _is_list_with(kind, "string")):
            # Only one was seen to be refused.
            severity = None if name == "uri" else Severity.NOTE
            yield Hit((*place, "format"), facts={"what": f"format {name}"}, severity=severity)


@check
def optional_property_made_required(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find, once for each function that does not say whether it is strict, the properties that are optional in it."""
    for tool in dialect.tools(request):
        if "strict" in tool.value or not isinstance(tool.parameters, dict):
            continue
        optional = [
            (*tool.parameters_place, *inner, "properties", name)
            for inner, schema in subschemas(tool.parameters)
            for name in _optional(schema)
        ]
        if optional:
            names = ", ".join(str(place[-1]) for place in optional[:5])
            shown = {"fields": f"{names} and {len(optional) - 5} more" if len(optional) > 5 else names}
            links = tuple(Link(place, "optional too", Part.KEY) for place in optional[1:3])
            yield Hit(optional[0], Part.KEY, shown, related=links)


@check
def dropped_schema_draft(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find $schema in every function that does not say whether it is strict."""
    for tool in dialect.tools(request):
        if "strict" not in tool.value and isinstance(tool.parameters, dict) and "$schema" in tool.parameters:
            yield Hit((*tool.parameters_place, "$schema"), Part.KEY)


def _schemas(request: Request, dialect: Dialect) -> Iterator[tuple[Place, _Schema, _Schema, Mapping[str, Any]]]:
    """Yield the place, value and root of every schema in the parameters of functions, and the function."""
    for tool in dialect.tools(request):
        if isinstance(tool.parameters, dict):
            for inner, schema in subschemas(tool.parameters):
                yield (*tool.parameters_place, *inner), schema, tool.parameters, tool.value


def _optional(schema: Mapping[str, Any]) -> Iterator[str]:
    properties, required = schema.get("properties"), schema.get("required", ())
    if isinstance(properties, dict) and isinstance(required, list | tuple):
        named = {name for name in required if isinstance(name, str)}
        yield from (name for name in properties if name not in named)


def _is_list_with(kind: object, word: str) -> bool:
    return isinstance(kind, list) and word in kind
