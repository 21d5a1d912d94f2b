"""Whether the parameters of functions are sound JSON Schema, and a schema that a model can follow."""

from collections.abc import Iterator, Mapping
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.core.findings import Hit
from reqlint.core.pointer import Place

MAX_SUBSCHEMAS = 5_000
"""Subschemas of one function that are looked into; one that unfolds further is judged as far as that."""

TYPES = frozenset(("array", "boolean", "integer", "null", "number", "object", "string"))
MAPS = frozenset(("properties", "$defs", "definitions", "patternProperties", "dependentSchemas"))
LISTS = frozenset(("anyOf", "oneOf", "allOf", "prefixItems"))
SCHEMAS = frozenset(("items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else"))
_TEXTS = frozenset(("description", "title", "format", "pattern", "$comment"))
_COUNTS = frozenset(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"))
_BOUNDS = frozenset(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"))
_FLAGS = frozenset(("uniqueItems", "deprecated", "readOnly", "writeOnly"))
# Keywords some draft gives a meaning to, and rare enough to be left to the thorough reading.
_RARE = frozenset(
    (
        "$id", "id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor", "$vocabulary",
        "multipleOf", "examples", "dependencies", "dependentRequired", "additionalItems", "unevaluatedItems",
        "unevaluatedProperties", "minContains", "maxContains", "contentEncoding", "contentMediaType",
        "contentSchema", "extends", "disallow", "divisibleBy",
    )
)  # fmt: skip
# In these two drafts every keyword of the sets above has one meaning.
_COMMON_DRAFTS = ("https://json-schema.org/draft/2020-12/schema", "http://json-schema.org/draft-07/schema#")
# Beside one of these a name in `required` may be declared elsewhere.
_OPEN = ("$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "if", "patternProperties", "additionalProperties",
         "unevaluatedProperties", "dependentSchemas")  # fmt: skip


_BRANCHES = frozenset(("properties", "anyOf", "additionalProperties", "oneOf", "allOf"))


@check
def malformed_parameters_schema(request: Request, facts: Facts) -> Iterator[Hit]:
    """Every keyword that breaks the draft of JSON Schema it is in, and every local reference that leads nowhere."""
    for place, parameters in _parameters(request):
        if not _is_ordinary(parameters):
            from reqlint.checks._drafts import mistakes  # imports jsonschema, which a clean run never needs

            for mistake in mistakes(parameters):
                if not mistake.older:
                    yield Hit((*place, *mistake.place), facts=mistake.facts)


@check
def undeclared_schema_draft(request: Request, facts: Facts) -> Iterator[Hit]:
    """Every keyword in the form of an older draft, in parameters that name no draft."""
    for place, parameters in _parameters(request):
        if not _is_ordinary(parameters):
            from reqlint.checks._drafts import mistakes  # as above

            for mistake in mistakes(parameters):
                if mistake.older:
                    yield Hit((*place, *mistake.place), facts={**mistake.facts, "draft": mistake.older})


@check
def undeclared_required_property(request: Request, facts: Facts) -> Iterator[Hit]:
    """Every name in a `required` that the `properties` beside it does not declare, and nothing else can."""
    if _are_flat(request["tools"]):
        return
    for place, parameters in _parameters(request):
        for inner, schema in subschemas(parameters):
            for index, name in _undeclared(schema):
                yield Hit((*place, *inner, "required", index), facts={"field": name})


@check
def array_without_items(request: Request, facts: Facts) -> Iterator[Hit]:
    """Every subschema whose type is or includes array, and that says nothing on the items."""
    for place, parameters in _parameters(request):
        for inner, schema in subschemas(parameters):
            kind = schema.get("type")
            is_array = kind == "array" or (isinstance(kind, list) and "array" in kind)
            if is_array and not ("items" in schema or "prefixItems" in schema or "$ref" in schema):
                yield Hit((*place, *inner))


def subschemas(root: Mapping[str, Any]) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Yield every subschema that is an object, with its place in *root*; at most `MAX_SUBSCHEMAS` of them."""
    pending: list[tuple[Place, object]] = [((), root)]
    seen = 0
    while pending and seen < MAX_SUBSCHEMAS:
        place, schema = pending.pop()
        seen += 1
        if isinstance(schema, dict):
            yield place, schema
            pending += list(members(place, schema))[::-1]


def members(place: Place, schema: Mapping[str, Any]) -> Iterator[tuple[Place, object]]:
    """Yield what lies directly inside a schema and may be a schema, with its place."""
    for keyword, value in schema.items():
        if keyword in SCHEMAS and isinstance(value, dict):
            yield (*place, keyword), value
        elif keyword in MAPS and isinstance(value, dict):
            yield from (((*place, keyword, name), member) for name, member in value.items())
        elif (keyword in LISTS or keyword == "items") and isinstance(value, list):
            yield from (((*place, keyword, index), member) for index, member in enumerate(value))


def _parameters(request: Request) -> Iterator[tuple[Place, dict[str, Any]]]:
    tools = request["tools"]
    for index, tool in enumerate(tools if isinstance(tools, list) else ()):
        function = tool.get("function") if isinstance(tool, dict) else None
        parameters = function.get("parameters") if isinstance(function, dict) else None
        if isinstance(parameters, dict):
            yield ("tools", index, "function", "parameters"), parameters


def _undeclared(schema: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    required, properties = schema.get("required"), schema.get("properties")
    if not isinstance(required, list) or not isinstance(properties, dict):
        return
    if any(schema.get(keyword, False) is not False for keyword in _OPEN):
        return
    for index, name in enumerate(required):
        if isinstance(name, str) and name not in properties:
            yield index, name


def _are_flat(tools: Any) -> bool:
    """Tell in one look that all required names are declared and that no property has properties of its own."""
    is_leaf = _BRANCHES.isdisjoint
    try:
        for tool in tools:
            parameters = tool["function"]["parameters"]
            if "$defs" in parameters or "definitions" in parameters:
                return False
            properties = parameters["properties"]
            for name in parameters.get("required", ()):
                if name not in properties:
                    return False
            for value in properties.values():
                if not is_leaf(value) or ("items" in value and "properties" in value["items"]):
                    return False
    except (AttributeError, KeyError, TypeError):  # of another shape than nearly all; the slow look sorts it out
        return False
    return True


def _is_ordinary(root: dict[str, Any]) -> bool:
    """
    Tell at a glance that *root* is sound JSON Schema; False means only that it takes a thorough reading to know.

    NOTE: stricter than JSON Schema on purpose. It stands between almost every schema and the import of jsonschema,
    which takes longer than a whole run.
    """
    if root.get("$schema", _COMMON_DRAFTS[0]) not in _COMMON_DRAFTS:
        return False
    pending: list[object] = [root]
    for schema in pending:  # grows on the way
        if type(schema) is not dict:
            if type(schema) is bool:
                continue
            return False
        if len(pending) > MAX_SUBSCHEMAS:
            return False
        for keyword, value in schema.items():
            if keyword == "type":
                names = [value] if type(value) is str else value
                if type(names) is not list or not names or not _are_distinct(names) or not TYPES.issuperset(names):
                    return False
            elif keyword in _TEXTS:
                if type(value) is not str:
                    return False
            elif keyword in MAPS:
                if type(value) is not dict:
                    return False
                pending += value.values()
            elif keyword == "required":
                if type(value) is not list or not _are_distinct(value):
                    return False
            elif keyword in SCHEMAS:
                pending.append(value)
            elif keyword in LISTS:
                if type(value) is not list or not value:
                    return False
                pending += value
            elif keyword == "enum":
                if type(value) is not list:
                    return False
            elif keyword in _BOUNDS:
                if type(value) is not int and type(value) is not float:
                    return False
            elif keyword in _COUNTS:
                if type(value) is not int or value < 0:
                    return False
            elif keyword in _FLAGS:
                if type(value) is not bool:
                    return False
            elif keyword == "$ref":
                if not _leads_to_definition(value, root):
                    return False
            elif keyword in _RARE:
                return False
    return True


def _are_distinct(names: list[object]) -> bool:
    return all(type(name) is str for name in names) and len(set(names)) == len(names)


def _leads_to_definition(reference: object, root: Mapping[str, Any]) -> bool:
    if not isinstance(reference, str):
        return False
    start, _, name = reference.rpartition("/")
    holder = root.get(start.removeprefix("#/")) if start in ("#/$defs", "#/definitions") else None
    return isinstance(holder, dict) and name in holder
