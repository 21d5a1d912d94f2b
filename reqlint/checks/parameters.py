"""Whether the parameters of functions are correct JSON Schema that a model can follow."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.checks.json_schema import LISTS, MAPS, MAX_SUBSCHEMAS, SCHEMAS, TYPES, subschemas
from reqlint.core.findings import Hit, Severity
from reqlint.core.pointer import Place
from reqlint.dialects.vocabulary import Dialect

_TEXTS = frozenset(("description", "title", "format", "pattern", "$comment"))
_COUNTS = frozenset(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"))
_BOUNDS = frozenset(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"))
_FLAGS = frozenset(("uniqueItems", "deprecated", "readOnly", "writeOnly"))
# Keywords of some draft that are rare enough to be left to `jsonschema`.
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
# Beside one of these keywords, a name in `required` may be declared elsewhere.
_OPEN = ("$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "if", "patternProperties", "additionalProperties",
         "unevaluatedProperties", "dependentSchemas")  # fmt: skip


@check
def malformed_parameters_schema(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every keyword that breaks its draft of JSON Schema, and every local reference that leads nowhere."""
    for place, parameters in _parameters(request, dialect):
        if not is_ordinary(parameters):
            from reqlint.checks.drafts import mistakes  # imports jsonschema, which a clean run never needs

            for mistake in mistakes(parameters, _only_draft(facts)):
                if not mistake.older and not _is_name_of_type(mistake.place, mistake.facts, facts):
                    severity = milder(mistake.place, mistake.facts, facts)
                    yield Hit((*place, *mistake.place), facts=mistake.facts, severity=severity)


@check
def undeclared_schema_draft(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every keyword in an older draft's form, in parameters that name no draft."""
    for place, parameters in _parameters(request, dialect):
        if not is_ordinary(parameters):
            from reqlint.checks.drafts import mistakes  # as above

            only = _only_draft(facts)
            for mistake in mistakes(parameters, only):
                if mistake.older:
                    read = {"newer": f"draft {only}"} if only else {"newer": mistake.facts["draft"], "where": "$schema"}
                    yield Hit((*place, *mistake.place), facts={**mistake.facts, **read, "draft": mistake.older})


@check
def undeclared_required_property(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every name in `required` that is not in the `properties` beside it and cannot be declared elsewhere."""
    for place, parameters in _parameters(request, dialect):
        for inner, schema in subschemas(parameters):
            for index, name in _undeclared(schema):
                yield Hit((*place, *inner, "required", index), facts={"field": name})


@check
def array_without_items(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every subschema of type array, or of several types with array, that does not describe the items."""
    for place, parameters in _parameters(request, dialect):
        for inner, schema in subschemas(parameters):
            kind = schema.get("type")
            is_array = kind == "array" or (isinstance(kind, list) and "array" in kind)
            if is_array and not ("items" in schema or "prefixItems" in schema or "$ref" in schema):
                yield Hit((*place, *inner))


def milder(place: Place, shown: Mapping[str, object], facts: Facts) -> Severity | None:
    """Return a lower severity for what an API that was seen to refuse values that are no schemas may take."""
    if "only-non-schemas-seen-refused" in facts:
        value, step = shown["value"], place[-1] if place else None
        is_schema = step in SCHEMAS or (len(place) > 1 and place[-2] in MAPS | LISTS)
        if not is_schema or isinstance(value, dict | bool):
            return Severity.WARNING
    return None


def _parameters(request: Request, dialect: Dialect) -> Iterator[tuple[Place, dict[str, Any]]]:
    for tool in dialect.tools(request):
        if isinstance(tool.parameters, dict):
            yield tool.parameters_place, tool.parameters


def _is_name_of_type(place: Place, shown: Mapping[str, object], facts: Facts) -> bool:
    """Return whether a value is what this API takes for the name of a type, or several such."""
    is_type = place[-1:] == ("type",) and (len(place) == 1 or place[-2] not in MAPS)  # or a property of that name
    if "other-names-of-types" not in facts or not is_type:
        return False
    names, value = facts["other-names-of-types"]["value"], shown["value"]
    listed = value if isinstance(value, list) else [value]
    return bool(listed) and all(
        isinstance(each, str) and re.fullmatch(names, each, re.IGNORECASE | re.VERBOSE) for each in listed
    )


def _only_draft(facts: Facts) -> str | None:
    """Return the one draft in which the API reads every schema, whatever the schema names; None if there is none."""
    draft = facts.get("schema-draft", {}).get("value")
    return str(draft) if draft else None


def _undeclared(schema: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    required, properties = schema.get("required"), schema.get("properties")
    if not isinstance(required, list) or not isinstance(properties, dict):
        return
    if any(schema.get(keyword, False) is not False for keyword in _OPEN):
        return
    for index, name in enumerate(required):
        if isinstance(name, str) and name not in properties:
            yield index, name


def is_ordinary(root: dict[str, Any]) -> bool:
    """
    Return True when *root* is surely correct JSON Schema; False means that only `jsonschema` can tell.

    NOTE: stricter than JSON Schema on purpose. It saves nearly every run the import of jsonschema, which takes longer
    than all the rest.
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
