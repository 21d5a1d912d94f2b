"""Whether schemas keep to what a vendor's own reading of JSON Schema takes."""

from collections.abc import Iterator, Mapping
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.checks.json_schema import subschemas
from reqlint.checks.model_lists import is_any
from reqlint.checks.patterns import fault_in
from reqlint.core.findings import Hit, Part, Severity
from reqlint.core.pointer import Place
from reqlint.dialects.vocabulary import Dialect

_APPLIED = frozenset(("properties", "items", "additionalProperties"))
"""Keywords that lead one level deeper into a value."""


@check
def required_without_properties(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every required in a function's parameters that has no properties beside it."""
    for place, inner, schema, _ in _schemas(request, dialect):
        if "required" in schema and "properties" not in schema and "$ref" not in schema:
            severity = Severity.WARNING if inner else None  # only the root is known to be refused
            yield Hit((*place, *inner, "required"), Part.KEY, severity=severity)


@check
def items_as_list(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every items that is a list of schemas, in the parameters of a function."""
    for place, inner, schema, _ in _schemas(request, dialect):
        if isinstance(schema.get("items"), list):
            yield Hit((*place, *inner, "items"))


@check
def type_beside_union(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every type beside anyOf, in the parameters of a function."""
    for place, inner, schema, _ in _schemas(request, dialect):
        if isinstance(schema.get("anyOf"), list) and "type" in schema:
            yield Hit((*place, *inner, "type"), Part.KEY)


@check
def keyword_in_conflict_with_reference(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every keyword beside a $ref that the definition it leads to has with another value."""
    for place, inner, schema, root in _schemas(request, dialect):
        target = _definition(root, schema.get("$ref"))
        if target is None:
            continue
        for keyword in schema:
            if keyword != "$ref" and keyword in target and target[keyword] != schema[keyword]:
                yield Hit((*place, *inner, keyword), Part.KEY, {"keyword": keyword})


@check
def list_of_types(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every type that is a list, in the parameters of a function."""
    for place, inner, schema, _ in _schemas(request, dialect):
        if isinstance(schema.get("type"), list):
            yield Hit((*place, *inner, "type"))


@check
def boolean_required(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every required that is true or false, in the parameters of a function."""
    for place, inner, schema, _ in _schemas(request, dialect):
        if isinstance(schema.get("required"), bool):
            yield Hit((*place, *inner, "required"), facts={"value": schema["required"]})


@check
def negation_in_parameters(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every not in the parameters of a function."""
    for place, inner, schema, _ in _schemas(request, dialect):
        if "not" in schema:
            yield Hit((*place, *inner, "not"), Part.KEY)


@check
def empty_additional_properties(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every additionalProperties that is an empty schema, in the parameters of a function."""
    for place, inner, schema, _ in _schemas(request, dialect):
        if schema.get("additionalProperties") == {}:
            yield Hit((*place, *inner, "additionalProperties"))


@check
def untyped_union_branch(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every schema of an anyOf that has no type, where the model's servers want one."""
    if not is_any(dialect.model(request), facts, "wants-typed-branches"):
        return
    for place, inner, schema, _ in _schemas(request, dialect):
        branches = schema.get("anyOf")
        for index, branch in enumerate(branches if isinstance(branches, list) else ()):
            if isinstance(branch, dict) and not {"type", "$ref"} & branch.keys():
                yield Hit((*place, *inner, "anyOf", index))


@check
def untyped_property(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every property that names neither a type nor what stands for one, in the parameters of a function."""
    for place, inner, schema, _ in _schemas(request, dialect):
        properties = schema.get("properties")
        for name, each in properties.items() if isinstance(properties, dict) else ():
            if isinstance(each, dict) and not _says_its_type(each) and not {"enum", "const"} & each.keys():
                yield Hit((*place, *inner, "properties", name))


@check
def pattern_no_engine_reads(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every pattern in the parameters of a function that regular-expression engines cannot read."""
    for place, inner, schema, _ in _schemas(request, dialect):
        pattern = schema.get("pattern")
        fault = fault_in(pattern) if isinstance(pattern, str) else None
        if fault is not None:
            yield Hit((*place, *inner, "pattern"), facts={"expected": fault})


@check
def too_deep_parameters(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the first schema of every function's parameters that is nested deeper than the API takes."""
    if "nesting-limit" not in facts:
        return
    most = facts["nesting-limit"]["value"]
    seen: set[Place] = set()
    for place, inner, _, _ in _schemas(request, dialect):
        if place not in seen and _depth(inner) > most:
            seen.add(place)
            yield Hit((*place, *inner), facts={"limit": most})


@check
def unsupported_answer_keyword(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every keyword in the schema of the answer that the API refuses there."""
    refused = facts["answer-keywords-refused"]["value"] if "answer-keywords-refused" in facts else ()
    wanted = request["response_format"]
    form = wanted.get("json_schema") if isinstance(wanted, dict) else None
    root = form.get("schema") if isinstance(form, dict) else None
    for inner, schema in subschemas(root) if isinstance(root, dict) else ():
        for keyword in refused:
            if keyword in schema:
                place = ("response_format", "json_schema", "schema", *inner, keyword)
                yield Hit(place, Part.KEY, {"keyword": keyword})


def _schemas(request: Request, dialect: Dialect) -> Iterator[tuple[Place, Place, Mapping[str, Any], Mapping[str, Any]]]:
    """Yield the place of each function's parameters, and the place, value and root of every schema in them."""
    for tool in dialect.tools(request):
        if isinstance(tool.parameters, dict):
            for inner, schema in subschemas(tool.parameters):
                yield tool.parameters_place, inner, schema, tool.parameters


def _says_its_type(schema: Mapping[str, Any]) -> bool:
    return any(keyword in schema for keyword in ("type", "$ref", "anyOf", "oneOf", "allOf"))


def _definition(root: Mapping[str, Any], reference: object) -> Mapping[str, Any] | None:
    """Return the schema that a reference to a definition of *root* leads to; None for any other reference."""
    if not isinstance(reference, str):
        return None
    start, _, name = reference.rpartition("/")
    holder = root.get(start.removeprefix("#/")) if start in ("#/$defs", "#/definitions") else None
    target = holder.get(name) if isinstance(holder, dict) else None
    return target if isinstance(target, dict) else None


def _depth(inner: Place) -> int:
    """Return how deep a schema describes a value: 1 for the root, 2 for its properties."""
    depth, is_name = 1, False
    for step in inner:  # a property may be called items
        depth += not is_name and step in _APPLIED
        is_name = not is_name and step in ("properties", "$defs", "definitions", "patternProperties")
    return depth
