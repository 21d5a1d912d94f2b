"""
Whether schemas in Gemini's own form, a subset of OpenAPI's, are what the server reads.

They describe functions (``parameters``, ``response``) and the answer (``responseSchema``). The server refuses each
keyword that it does not know, and some beside a type that they do not belong to.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from reqlint.checks import Facts, Request, check
from reqlint.checks.json_schema import MAX_SUBSCHEMAS
from reqlint.core.findings import Hit, Part, Severity
from reqlint.core.pointer import Place, to_path
from reqlint.dialects.gemini_generate import declarations
from reqlint.dialects.protobuf_members import child, member, snake_case, spelling
from reqlint.dialects.vocabulary import Dialect

_TYPES = ("STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL")
_UNSPECIFIED = "TYPE_UNSPECIFIED"
_KEYWORDS = frozenset(
    {
        "anyOf", "default", "description", "enum", "example", "format", "items", "maxItems", "maxLength",
        "maxProperties", "maximum", "minItems", "minLength", "minProperties", "minimum", "nullable", "pattern",
        "properties", "propertyOrdering", "required", "title", "type",
    }
)  # fmt: skip
_TYPED_BY = ("type", "anyOf", "ref", "$ref", "oneOf", "allOf")
"""Keywords that say what a value is; some are refused, which is another rule's."""
_COUNTS = frozenset({"maxItems", "maxLength", "maxProperties", "minItems", "minLength", "minProperties"})
_TEXTS = frozenset({"description", "format", "pattern", "title", "ref"})
_OF_OBJECT = ("properties", "required")
_MISSPELT = {"str": "STRING", "int": "INTEGER", "float": "NUMBER", "bool": "BOOLEAN", "list": "ARRAY", "dict": "OBJECT"}


class _Schema(NamedTuple):
    """A subschema, whatever it is, and where it stands."""

    place: Place
    value: object
    is_branch: bool = False  #: whether it is one of an anyOf


@check
def unsupported_schema_keyword(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every keyword that the server does not know."""
    known = _known(facts)
    disputed = facts.get("disputed-schema-keywords", {}).get("value", ())
    for place, schema in _objects(request, facts):
        for keyword in schema:
            if keyword not in known:
                severity = Severity.WARNING if keyword in disputed else None
                yield Hit((*place, keyword), Part.KEY, _facts_of(keyword, known, schema), severity=severity)


@check
def malformed_schema_value(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every keyword with a value that the server cannot read, and every subschema that is no object."""
    for each in _walk(request, facts):
        if not isinstance(each.value, dict):
            yield Hit(each.place, facts={"name": _name(each.place), "value": each.value, "expected": "a schema"})
            continue
        for keyword, value in each.value.items():
            place = (*each.place, keyword)
            for inside, wanted in _flaws(keyword, value):
                at = (*place, *inside)
                found = value[inside[0]] if inside else value
                facts_here: dict[str, object] = {"name": _name(at), "value": found, "expected": wanted}
                if keyword == "type" and isinstance(value, str) and value.lower() in _MISSPELT:
                    facts_here["suggestion"] = _MISSPELT[value.lower()]
                yield Hit(at, facts=facts_here)


@check
def empty_word_in_schema(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every word of an enum that is empty."""
    for place, schema in _objects(request, facts):
        words = schema.get("enum")
        for index, word in enumerate(words if isinstance(words, list) else ()):
            if word == "":
                yield Hit((*place, "enum", index))


@check
def keyword_of_another_type(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find what only objects have in schemas of another type, and words of an enum where the type has none."""
    for each in _walk(request, facts):
        if not isinstance(each.value, dict):
            continue
        kind, written = _kind(each.value), each.value.get("type")
        for keyword in _OF_OBJECT:
            if each.value.get(keyword) in (None, [], {}) or kind == "OBJECT":
                continue
            severity = None if kind or each.is_branch else Severity.WARNING
            shown: dict[str, object] = {"name": keyword, "expected": "OBJECT", **({"type": written} if kind else {})}
            yield Hit((*each.place, keyword), Part.KEY, shown, severity=severity)
        if each.value.get("enum") and kind not in (None, "STRING"):
            severity = Severity.WARNING if kind in ("INTEGER", "NUMBER") else None
            yield Hit(
                (*each.place, "enum"),
                Part.KEY,
                {"name": "enum", "expected": "STRING", "type": written},
                severity=severity,
            )


@check
def format_of_string_in_schema(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every format of a string that is none of those that the profile lists."""
    taken = facts.get("string-formats", {}).get("value", ())
    for place, schema in _objects(request, facts) if taken else ():
        wanted = schema.get("format")
        if _kind(schema) == "STRING" and isinstance(wanted, str) and wanted and wanted not in taken:
            yield Hit((*place, "format"), facts={"value": wanted, "formats": list(taken)})


@check
def non_object_schema_of_function(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the schema of every function's parameters whose root is not of type OBJECT."""
    for place, function in declarations(request):
        schema = function.get("parameters")
        if isinstance(schema, dict) and _kind(schema) != "OBJECT":
            # Of a schema with nothing in it no refusal is known.
            yield Hit((*place, "parameters"), severity=None if schema else Severity.WARNING)


@check
def untyped_schema(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every subschema of a property or an item that names neither a type nor what stands for one."""
    for each in _walk(request, facts):
        if isinstance(each.value, dict) and each.place[-1] != "parameters" and not each.is_branch:
            has_type = any(member(each.value, key) is not None for key in _TYPED_BY)
            if not has_type:
                yield Hit(each.place)


@check
def undocumented_property_name(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every name of a property that is not made of the letters that are documented."""
    import re  # the module is in every Python process; the pattern is the profile's

    pattern = facts.get("property-names", {}).get("value")
    fits = re.compile(pattern).match if pattern else None
    for place, schema in _objects(request, facts) if fits else ():
        properties = schema.get("properties")
        for name in properties if isinstance(properties, dict) else ():
            if fits is not None and not fits(name):
                yield Hit((*place, "properties", name), Part.KEY, {"pattern": pattern})


def _known(facts: Facts) -> frozenset[str]:
    """Return the keywords that the server knows, in both spellings."""
    known = _KEYWORDS.union(facts.get("more-schema-keywords", {}).get("value", ()))
    return known.union(map(snake_case, known))


def _facts_of(keyword: str, known: frozenset[str], schema: Mapping[str, Any]) -> Mapping[str, object]:
    from difflib import get_close_matches  # slow to import, and needed for a mistake only

    style = [each for each in known if ("_" in each) is ("_" in keyword) or each.islower()]
    close = [each for each in get_close_matches(keyword, style, n=1, cutoff=0.85) if each not in schema]
    return {"field": keyword, **({"suggestion": close[0]} if close else {})}


def _flaws(keyword: str, value: object) -> Iterator[tuple[Place, str]]:
    """Yield the places in the value of a keyword that the server cannot read, with what it wants there."""
    if value is None:  # the same as leaving it out
        return
    if keyword == "type":
        if not isinstance(value, str) or value.upper() not in (*_TYPES, _UNSPECIFIED):
            yield (), f"one of {', '.join(_TYPES)}"
    elif keyword == "enum":
        if not isinstance(value, list):
            yield (), "an array of strings"
        else:
            yield from (((i,), "a string") for i, word in enumerate(value) if not isinstance(word, str))
    elif keyword in ("required", "propertyOrdering", "property_ordering"):
        if not isinstance(value, list):
            yield (), "an array of names"
        else:
            yield from (((i,), "a name") for i, word in enumerate(value) if not isinstance(word, str))
    elif keyword in ("properties", "defs"):
        if not isinstance(value, dict):
            yield (), "an object of schemas"
    elif keyword in ("anyOf", "any_of"):
        if not isinstance(value, list | dict):
            yield (), "an array of schemas"
    elif keyword == "nullable":
        if not isinstance(value, bool):
            yield (), "true or false"
    elif keyword in _TEXTS:
        if not isinstance(value, str):
            yield (), "a string"
    elif keyword in ("minimum", "maximum") or keyword in _COUNTS or keyword in _SNAKE_COUNTS:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number and not (isinstance(value, str) and value.lstrip("-").replace(".", "", 1).isdecimal()):
            yield (), "a number"


_SNAKE_COUNTS = frozenset(map(snake_case, _COUNTS))


def _kind(schema: Mapping[str, Any]) -> str | None:
    kind = schema.get("type")
    return kind.upper() if isinstance(kind, str) and kind and kind.upper() != _UNSPECIFIED else None


def _objects(request: Request, facts: Facts) -> Iterator[tuple[Place, dict[str, Any]]]:
    return ((each.place, each.value) for each in _walk(request, facts) if isinstance(each.value, dict))


def _walk(request: Request, facts: Facts) -> Iterator[_Schema]:
    """Yield every schema in Gemini's form and what stands in one where a schema belongs, up to a bound."""
    pending = list(_roots(request))[::-1]
    more = facts.get("more-schema-keywords", {}).get("value", ())
    seen = 0
    while pending and seen < MAX_SUBSCHEMAS:
        each = pending.pop()
        seen += 1
        yield each
        if isinstance(each.value, dict):
            pending += list(_inside(each.place, each.value, more))[::-1]


def _inside(place: Place, schema: Mapping[str, Any], more: Any) -> Iterator[_Schema]:
    for keyword, value in schema.items():
        if keyword == "items" and value is not None:
            yield _Schema((*place, keyword), value)
        elif (keyword == "properties" or (keyword == "defs" and keyword in more)) and isinstance(value, dict):
            yield from (_Schema((*place, keyword, name), each) for name, each in value.items())
        elif keyword in ("anyOf", "any_of"):
            if isinstance(value, list):
                yield from (_Schema((*place, keyword, i), each, True) for i, each in enumerate(value))
            elif isinstance(value, dict):
                yield _Schema((*place, keyword), value, True)


def _roots(request: Request) -> Iterator[_Schema]:
    for place, function in declarations(request):
        for key in ("parameters", "response"):
            if isinstance(function.get(key), dict):
                yield _Schema((*place, key), function[key])
    config, place = child(request, "generationConfig", ())
    key = spelling(config, "responseSchema")
    if isinstance(config.get(key), dict):
        yield _Schema((*place, key), config[key])


def _name(place: Place) -> str:
    last = max((i for i, step in enumerate(place) if isinstance(step, str)), default=0)
    return to_path(place[last:])
