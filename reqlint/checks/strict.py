"""Whether a strict schema keeps to the subset of JSON Schema that OpenAI's structured outputs support."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from reqlint.checks import Facts, Request, check
from reqlint.checks.json_schema import LISTS, MAPS, MAX_SUBSCHEMAS, SCHEMAS, TYPES, members, subschemas
from reqlint.core.findings import Hit, Link, Part, Severity
from reqlint.core.pointer import Place, from_pointer, value_at
from reqlint.dialects.vocabulary import Dialect

Schema = Mapping[str, Any]

# One of these says what the value is; without any, the server asks for a type.
_DESCRIPTIVE = frozenset(("type", "anyOf", "oneOf", "allOf", "not", "enum", "const", "$ref"))
_BESIDE_REFERENCE = frozenset(("$ref", "$defs", "definitions", "$schema", "$id"))


# The rarer keywords with schemas in them.
_RARE = (MAPS | LISTS | SCHEMAS) - {"properties", "items", "anyOf", "additionalProperties"}


@check
def non_object_strict_schema(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every strict schema whose root is not of type object, or is a union."""
    for place, root in _roots(request, dialect):
        target = _target(root, root) if "$ref" in root else root
        if not isinstance(target, dict):
            continue
        keyword = next((keyword for keyword in ("anyOf", "oneOf", "enum") if keyword in target), None)
        kind = target.get("type")
        if keyword:
            yield Hit(place, facts={"keyword": keyword})
        elif kind not in ("object", ["object"]):
            kinds = kind if isinstance(kind, list) else [kind]
            named = dict.fromkeys(each for each in kinds if isinstance(each, str))
            known = " or ".join(list(named)[: len(TYPES)])
            yield Hit(place, facts={"type": known} if known else {"lacks": "type"})


@check
def open_strict_schema(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """
    Find every object in a strict schema that allows members it does not name.

    OpenAI answered a nullable map, ``{"type": ["object", "null"], "additionalProperties": {"type": "string"}}``. One
    that is nullable by anyOf means the same and has not been seen, so it is a warning.
    """
    takes_nullable = "nullable-maps-taken" in facts
    for place, schema, _ in _objects(request, dialect):
        if "additionalProperties" not in schema:
            yield Hit(place)
        elif schema["additionalProperties"] is not False:
            is_map = isinstance(schema["additionalProperties"], dict) and "properties" not in schema and takes_nullable
            if not (is_map and isinstance(schema.get("type"), list)):
                severity = Severity.WARNING if is_map and place[-2] == "anyOf" else None
                yield Hit((*place, "additionalProperties"), severity=severity)


@check
def optional_strict_property(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every object in a strict schema with properties that are not required."""
    for place, schema, _ in _disagreeing(request, dialect):
        properties, required = schema.get("properties"), schema.get("required")
        if isinstance(properties, dict):
            named = {name for name in required if isinstance(name, str)} if isinstance(required, list) else ()
            missing = [name for name in properties if name not in named]
            if missing:
                at = (*place, "required") if isinstance(required, list) else place
                links = tuple(Link((*place, "properties", name), "not required", Part.KEY) for name in missing[:3])
                yield Hit(at, facts={"fields": ", ".join(missing[:5])}, related=links)


@check
def undeclared_strict_property(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every name that a strict schema requires and does not declare."""
    for place, schema, _ in _disagreeing(request, dialect):
        properties, required = schema.get("properties", {}), schema.get("required")
        if isinstance(properties, dict) and isinstance(required, list):
            for index, name in enumerate(required):
                if isinstance(name, str) and name not in properties:
                    yield Hit((*place, "required", index), facts={"field": name})


@check
def unsupported_strict_keyword(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every keyword in a strict schema that is documented or observed as refused."""
    yield from _keywords(request, dialect, facts.get("strict-keywords-refused", {}).get("value"))


@check
def unproven_strict_keyword(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every keyword in a strict schema that is neither listed as supported nor known to be refused."""
    yield from _keywords(request, dialect, facts.get("strict-keywords-inferred", {}).get("value"))


@check
def unsupported_strict_format(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every format of a string in a strict schema that is not on the profile's list."""
    formats = facts.get("strict-formats", {}).get("value")
    for place, schema, _ in _strict_subschemas(request, dialect):
        name, kind = schema.get("format"), schema.get("type")
        is_string = kind == "string" or (isinstance(kind, list) and "string" in kind)
        if formats and is_string and isinstance(name, str) and name not in formats:
            yield Hit((*place, "format"), facts={"format": name, "formats": list(formats)})


@check
def untyped_strict_schema(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """
    Find every subschema in a strict schema that does not say what the value is.

    Whether true and false are refused in place of one is not known, so they are a warning.
    """
    for place, schema, root in _strict_subschemas(request, dialect):
        # A condition need not describe the value, and is refused as a keyword.
        is_condition = place[-1] in ("if", "then", "else", "not") and place[-2] != "properties"
        if schema is not root and not is_condition and _DESCRIPTIVE.isdisjoint(schema):
            yield Hit(place)
        for inside, member in members(place, schema):
            if isinstance(member, bool):
                yield Hit(inside, facts={"value": member, "variant": "boolean"}, severity=Severity.WARNING)


@check
def strict_array_without_items(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every array in a strict answer schema without items; `array-without-items` covers functions."""
    for place, schema, _ in _strict_subschemas(request, dialect):
        if place[0] == dialect.keys["answer"] and _includes(schema, "array") and "items" not in schema:
            yield Hit(place)


@check
def unresolved_strict_reference(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every reference in a strict schema that leads out of it, or nowhere."""
    for place, schema, root in _strict_subschemas(request, dialect):
        reference = schema.get("$ref")
        if isinstance(reference, str) and _target(schema, root) is None and not _is_anchor(reference):
            from reqlint.checks.drafts import described  # for a finding only

            yield Hit((*place, "$ref"), facts=described(root, reference))


@check
def strict_reference_with_siblings(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every reference in a strict schema with other keywords beside it."""
    for place, schema, _ in _strict_subschemas(request, dialect):
        siblings = [key for key in schema if key not in _BESIDE_REFERENCE] if "$ref" in schema else []
        if siblings:
            yield Hit(place, facts={"siblings": ", ".join(siblings[:5])})


@check
def oversized_strict_schema(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every size limit that a strict schema exceeds."""
    limits = facts.get("strict-limits", {}).get("value")
    for place, root in _roots(request, dialect) if limits else ():
        if _is_small(root, limits):
            continue
        counts: Counter[str] = Counter()
        for inner, schema in subschemas(root):
            values = schema.get("enum")
            if isinstance(values, list):
                counts["values of enums"] += len(values)
                size = sum(len(value) for value in values if isinstance(value, str))
                counts["characters of names, enums and constants"] += size
                if len(values) > limits["long-enum"] and size > limits["long-enum-characters"]:
                    limit = limits["long-enum-characters"]
                    yield _beyond((*place, *inner, "enum"), size, "characters in one long enum", limit)
            constant = schema.get("const")
            counts["characters of names, enums and constants"] += len(constant) if isinstance(constant, str) else 0
            for keyword in ("properties", "$defs", "definitions"):
                names = schema.get(keyword)
                if isinstance(names, dict):
                    counts["properties"] += len(names) if keyword == "properties" else 0
                    counts["characters of names, enums and constants"] += sum(map(len, names))
        for what, name in (
            ("properties", "properties"),
            ("values of enums", "enum-values"),
            ("characters of names, enums and constants", "characters"),
        ):
            if counts[what] > limits[name]:
                yield _beyond(place, counts[what], what, limits[name])
        deep = _too_deep(root, limits["nesting"])
        if deep is not None:
            yield _beyond((*place, *deep), limits["nesting"] + 1, "levels of objects", limits["nesting"])


def _is_small(root: Schema, limits: Mapping[str, int]) -> bool:
    """Return True when *root* is short enough to be within all limits; False means that it takes counting."""
    try:
        written = repr(root)
    except RecursionError:
        return False
    # A value in an enum takes at least three characters, anything else more; a level of objects has one of two words.
    levels = written.count("'properties'") + written.count("'object'")
    return len(written) < 3 * limits["enum-values"] and levels <= limits["nesting"]


def _beyond(place: Place, count: int, what: str, limit: int) -> Hit:
    return Hit(place, facts={"count": count, "what": what, "limit": limit})


def _too_deep(root: Schema, limit: int) -> Place | None:
    """
    Find the first object nested in *limit* others, the root being the outermost.

    A reference counts as its target, and an object that is reached in two ways counts at the lesser depth, so a
    schema that refers to itself is as deep as it is written.
    """
    level: list[tuple[Place, Schema]] = [((), root)]
    seen: set[int] = set()
    for depth in range(limit + 1):
        below: list[tuple[Place, Schema]] = []
        while level:
            place, schema = level.pop(0)
            if id(schema) in seen or len(seen) > MAX_SUBSCHEMAS:
                continue
            seen.add(id(schema))
            if depth == limit and _includes(schema, "object"):
                return place
            target = _target(schema, root)
            inside = [(place, target)] if isinstance(target, dict) else []
            inside += [(inner, value) for inner, value in _described(place, schema) if isinstance(value, dict)]
            # Members of an object are one level further down; branches of a union and items of an array are not.
            (below if _includes(schema, "object") else level).extend(inside)
        level = below
    return None


def _described(place: Place, schema: Schema) -> Iterator[tuple[Place, object]]:
    """Yield the subschemas directly inside *schema*, without definitions, which count where they are referred to."""
    for inner, value in members(place, schema):
        if inner[len(place)] not in ("$defs", "definitions"):
            yield inner, value


def _keywords(request: Request, dialect: Dialect, keywords: object) -> Iterator[Hit]:
    wanted = frozenset(keywords) if isinstance(keywords, list) else frozenset()
    for place, schema, _ in _strict_subschemas(request, dialect):
        for keyword in schema:
            if keyword in wanted:
                yield Hit((*place, keyword), Part.KEY, {"keyword": keyword})


def _disagreeing(request: Request, dialect: Dialect) -> Iterator[tuple[Place, Schema, Schema]]:
    """Yield every object of the strict schemas, except of those where required names just the properties everywhere."""
    for place, root in _roots(request, dialect):
        if not _agrees(root):
            for inner, schema in subschemas(root):
                if _includes(schema, "object"):
                    yield (*place, *inner), schema, root


def _agrees(root: Schema) -> bool:
    """Return True when required names just the properties at every level; False means that it takes a walk."""
    pending: list[Any] = [root]
    try:
        for schema in pending:  # grows on the way
            if type(schema) is dict:
                if "properties" in schema:
                    properties = schema["properties"]
                    if properties.keys() != set(schema["required"]):
                        return False
                    pending += properties.values()
                elif "required" in schema:
                    return False
                if "items" in schema:
                    pending.append(schema["items"])
                if "anyOf" in schema:
                    pending += schema["anyOf"]
                if not _RARE.isdisjoint(schema) or len(pending) > MAX_SUBSCHEMAS:
                    return False
    except (AttributeError, KeyError, TypeError):  # an unusual shape
        return False
    return True


def _objects(request: Request, dialect: Dialect) -> Iterator[tuple[Place, Schema, Schema]]:
    for place, schema, root in _strict_subschemas(request, dialect):
        if _includes(schema, "object"):
            yield place, schema, root


def _strict_subschemas(request: Request, dialect: Dialect) -> Iterator[tuple[Place, Schema, Schema]]:
    """Yield every subschema of every strict schema with its place in the request, and the root it belongs to."""
    for place, root in _roots(request, dialect):
        for inner, schema in subschemas(root):
            yield (*place, *inner), schema, root


def _roots(request: Request, dialect: Dialect) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield the schema of the answer and those of the functions, where strict is true."""
    yield from dialect.strict_answers(request)
    for tool in dialect.tools(request):
        if tool.value.get("strict") is True and isinstance(tool.parameters, dict):
            yield tool.parameters_place, tool.parameters


def _includes(schema: Schema, kind: str) -> bool:
    types = schema.get("type")
    return types == kind or (isinstance(types, list) and kind in types) or (kind == "object" and "properties" in schema)


def _target(schema: Schema, root: Schema) -> object:
    """Return the target of a reference inside *root*; None when there is none, or when it is by an anchor."""
    reference = schema.get("$ref")
    if not isinstance(reference, str) or not reference.startswith("#") or _is_anchor(reference):
        return None
    try:
        return value_at(root, from_pointer(unquote(reference[1:]), root))
    except LookupError:
        return None


def _is_anchor(reference: str) -> bool:
    """Return whether a reference is by an anchor in the schema, on which no page says anything."""
    return reference.startswith("#") and reference[1:2] not in ("", "/")
