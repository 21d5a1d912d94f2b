"""
A quick way through a schema for what nearly every value looks like.

A gate asks of every message which role it has, and then everything that the role entails. A *template* describes what
most messages are: two or three members of known types. What a schema still asks of a value that fits the template is
worked out once, ahead, and is little or nothing. The quick way is tried first, and the whole schema after it, so that
both together accept exactly what the schema accepts.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from reqlint.core.records import dataclass, field
from reqlint.schema.engine import resolve_reference

Template = Mapping[str, Any]
"""
A JSON Schema of few words: `type`, `const`, `enum` of texts, `minLength`, `minItems`, `items`, and for objects
`properties` with `required`, which are closed. `items` may be an ``anyOf`` of templates.
"""

_MOST_VARIANTS = 64  # of one template: the values of its enumerations, multiplied
_DEEPEST = 40  # subschemas followed for one place of a template; then the rest is asked as it is written
_ANNOTATIONS = frozenset(
    {"$id", "$schema", "$defs", "$comment", "title", "description", "default", "deprecated", "examples"}
)
_OF_OBJECTS = frozenset(
    {
        "properties", "additionalProperties", "patternProperties", "required", "propertyNames", "minProperties",
        "maxProperties", "dependentSchemas", "dependentRequired",
    }
)  # fmt: skip
_OF_ARRAYS = frozenset(
    {"items", "prefixItems", "contains", "minContains", "maxContains", "minItems", "maxItems", "uniqueItems"}
)
_OF_TEXTS = frozenset({"minLength", "maxLength", "pattern", "format", "contentEncoding", "contentMediaType"})
_OF_NUMBERS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})
_BESIDE_OTHERS = frozenset({"properties", "patternProperties", "additionalProperties", "items", "prefixItems"})
"""Keywords whose meaning depends on what stands beside them."""
_HANDLED_TOGETHER = frozenset(
    {"then", "else", "minContains", "maxContains", "additionalProperties", "patternProperties"}
)


class _Refused(Exception):
    """No value that fits the template satisfies the schema."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What a template says of one place."""

    kind: str  #: the type of the value
    values: Sequence[str] | None = None  #: the texts it may be
    least: int = 0  #: characters or items
    members: Mapping[str, "_Known"] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    items: Sequence["_Known"] | None = None  #: what an item may be; None where nothing is said
    is_closed: bool = False  #: whether an object has no other members


@dataclass(slots=True)
class _Rest:
    """What a schema still asks of a value that fits a template."""

    own: list[dict[str, Any]] = field(default_factory=list)
    members: dict[str, "_Rest"] = field(default_factory=dict)
    items: list["_Rest"] | None = None

    def __bool__(self) -> bool:
        return bool(self.own) or any(self.members.values()) or any(self.items or ())

    def add(self, other: "_Rest") -> None:
        self.own += [each for each in other.own if each not in self.own]
        for name, rest in other.members.items():
            self.members.setdefault(name, _Rest()).add(rest)
        if other.items is not None:
            if self.items is None:
                self.items = [_Rest() for _ in other.items]
            for mine, theirs in zip(self.items, other.items, strict=True):
                mine.add(theirs)


def with_quick_way(schema: dict[str, Any], templates: Mapping[str, Sequence[Template]]) -> dict[str, Any]:
    """
    Return a combined schema that accepts the same values, and those sooner that fit one of the templates.

    *templates* are by place: ``/messages/*`` for each message.
    """
    for place, several in templates.items():
        schema = _replaced(schema, schema, place.split("/")[1:], several)
    return schema


def _replaced(root: Mapping[str, Any], schema: Any, steps: Sequence[str], templates: Sequence[Template]) -> Any:
    if not isinstance(schema, Mapping):
        return schema
    if not steps:
        return _with_branches(root, schema, templates)
    if "$ref" in schema and len(schema) == 1:
        schema = resolve_reference(root, schema["$ref"])
    step, rest = steps[0], steps[1:]
    if step == "*":
        if "items" not in schema or "prefixItems" in schema:
            return schema
        return {**schema, "items": _replaced(root, schema["items"], rest, templates)}
    if step not in schema.get("properties", {}):
        return schema
    inner = _replaced(root, schema["properties"][step], rest, templates)
    return {**schema, "properties": {**schema["properties"], step: inner}}


def _with_branches(root: Mapping[str, Any], schema: Mapping[str, Any], templates: Sequence[Template]) -> Any:
    branches = [branch for template in templates for branch in _branches(root, schema, template)]
    return {"anyOf": [*branches, schema]} if branches else schema


def _branches(root: Mapping[str, Any], schema: Mapping[str, Any], template: Template) -> Iterator[dict[str, Any]]:
    """Yield what a value has to satisfy to fit the template and the schema; one schema where the rest is the same."""
    found: dict[str, list[tuple[_Known, _Rest]]] = {}
    variants = list(_variants(_read(template)))
    for known in variants:
        try:
            rest = _rest(root, schema, known, 0)
        except _Refused:
            continue
        found.setdefault(json.dumps(_write(_blurred(known), rest)), []).append((known, rest))
    if len(found) == 1 and sum(map(len, found.values())) == len(variants):
        ((_, rest), *_) = next(iter(found.values()))
        yield _write(_read(template), rest)
        return
    for several in found.values():
        for known, rest in several:
            yield _write(known, rest)


def _read(template: Template) -> _Known:
    values = [template["const"]] if "const" in template else template.get("enum")
    if values is not None:
        return _Known("string", tuple(values))
    kind = template["type"]
    if kind == "object":
        members = {name: _read(each) for name, each in template.get("properties", {}).items()}
        is_closed = template.get("additionalProperties") is False
        return _Known(kind, members=members, required=frozenset(template.get("required", ())), is_closed=is_closed)
    if kind == "array":
        items = template.get("items")
        several = None if items is None else tuple(_read(each) for each in items.get("anyOf", [items]))
        return _Known(kind, least=template.get("minItems", 0), items=several)
    return _Known(kind, least=template.get("minLength", 0))


def _variants(known: _Known) -> Iterator[_Known]:
    """Yield what is known of an object for each combination of the texts that its members may be."""
    choices = {name: each.values for name, each in known.members.items() if each.values and len(each.values) > 1}
    count = 1
    for values in choices.values():
        count *= len(values)
    if count > _MOST_VARIANTS:
        yield known
        return
    for chosen in product(*choices.values()):
        one = {name: _Known("string", (value,)) for name, value in zip(choices, chosen, strict=True)}
        yield _Known(known.kind, members={**known.members, **one}, required=known.required, is_closed=known.is_closed)


def _blurred(known: _Known) -> _Known:
    """Return what is known without the texts, to find those for which the same is left to ask."""
    members = {name: _Known("string") if each.values else each for name, each in known.members.items()}
    return _Known(known.kind, members=members, required=known.required, is_closed=known.is_closed)


def _write(known: _Known, rest: _Rest) -> dict[str, Any]:
    """Write what is known of a place, and what is left to ask there, as one schema."""
    written: dict[str, Any] = {}
    if known.values is not None:
        written = {"const": known.values[0]} if len(known.values) == 1 else {"enum": list(known.values)}
    else:
        written["type"] = known.kind
        if known.least:
            written["minLength" if known.kind == "string" else "minItems"] = known.least
    if known.kind == "object":
        if known.required:
            written["required"] = sorted(known.required)
        if known.members:
            empty = _Rest()
            written["properties"] = {
                name: _write(each, rest.members.get(name, empty)) for name, each in known.members.items()
            }
        if known.is_closed:
            written["additionalProperties"] = False
    if known.items is not None:
        rests = rest.items or [_Rest() for _ in known.items]
        inner = [_write(each, of_item) for each, of_item in zip(known.items, rests, strict=True)]
        written["items"] = inner[0] if len(inner) == 1 else {"anyOf": inner}
    several = []
    for own in rest.own:
        if written.keys().isdisjoint(own) and _BESIDE_OTHERS.isdisjoint(own):
            written.update(own)
        else:
            several.append(own)
    if several:
        written["allOf"] = [*written.get("allOf", ()), *several]
    return written


# ------------------------------------------------------------------------------------------------- what is left to ask


def _rest(root: Mapping[str, Any], schema: Any, known: _Known, depth: int) -> _Rest:
    """
    Return what *schema* still asks of a value that fits.

    Raises:
        _Refused: no value that fits satisfies it.
    """
    rest = _Rest()
    if schema is True:
        return rest
    if schema is False:
        raise _Refused
    if depth > _DEEPEST:
        rest.own.append(dict(schema))
        return rest
    if schema.keys() & {"properties", "additionalProperties", "patternProperties"}:
        rest.add(_rest_of_members(root, schema, known, depth))
    if "contains" in schema and known.kind == "array":
        rest.own.append({key: schema[key] for key in ("contains", "minContains", "maxContains") if key in schema})
    for keyword, value in schema.items():
        if keyword not in _HANDLED_TOGETHER and keyword not in ("properties", "contains"):
            rest.add(_rest_of_keyword(root, schema, keyword, value, known, depth + 1))
    return rest


def _rest_of_keyword(
    root: Mapping[str, Any], schema: Mapping[str, Any], keyword: str, value: Any, known: _Known, depth: int
) -> _Rest:
    if keyword in _ANNOTATIONS or keyword.startswith("x-") or _is_of_other_types(keyword, known.kind):
        return _Rest()
    if keyword == "$ref":
        return _rest(root, resolve_reference(root, value), known, depth)
    if keyword == "allOf":
        rest = _Rest()
        for each in value:
            rest.add(_rest(root, each, known, depth))
        return rest
    if keyword in ("anyOf", "oneOf"):
        return _rest_of_several(root, keyword, value, known, depth)
    if keyword == "not":
        return _negated(_decided(root, value, known, depth), {"not": value})
    if keyword == "if":
        return _rest_of_condition(root, schema, known, depth)
    if keyword == "items" and "prefixItems" not in schema and known.items is not None:
        return _Rest(items=[_rest_or_refusal(root, value, each, depth) for each in known.items])
    if keyword == "dependentSchemas":
        return _rest_of_dependents(root, value, known, depth)
    whole = {keyword: value}
    if keyword == "prefixItems" and "items" in schema:
        whole["items"] = schema["items"]
    answer = _answer(keyword, value, known)
    if answer is False:
        raise _Refused
    return _Rest() if answer else _Rest([whole])


def _is_of_other_types(keyword: str, kind: str) -> bool:
    """Return whether a keyword says nothing about values of a type."""
    if keyword in _OF_OBJECTS:
        return kind != "object"
    if keyword in _OF_ARRAYS:
        return kind != "array"
    if keyword in _OF_TEXTS:
        return kind != "string"
    return keyword in _OF_NUMBERS and kind not in ("number", "integer")


def _answer(keyword: str, value: Any, known: _Known) -> bool | None:
    """Return whether every value that fits satisfies a keyword without subschemas, or none does; None if some do."""
    if keyword == "type":
        kinds = [value] if isinstance(value, str) else value
        if known.kind in kinds or (known.kind == "integer" and "number" in kinds):
            return True
        return None if known.kind == "number" and "integer" in kinds else False
    if keyword in ("const", "enum"):
        among = [value] if keyword == "const" else value
        if known.values is not None:
            return _all_or_none(one in among for one in known.values)
        return None if any(_kind(each) == known.kind or not isinstance(each, str) for each in among) else False
    if keyword == "required":
        if not known.required.issuperset(value):
            return False if known.is_closed and not known.members.keys() >= {*value} else None
        return True
    if keyword == "minLength":
        lengths = [len(each) for each in known.values] if known.values is not None else None
        return _all_or_none(each >= value for each in lengths) if lengths else known.least >= value or None
    if keyword == "minItems":
        return known.least >= value or None
    if keyword == "minProperties":
        return len(known.required) >= value or None
    if keyword == "maxProperties":
        return (known.is_closed and len(known.members) <= value) or None
    return None


def _kind(value: object) -> str:
    if isinstance(value, str):
        return "string"
    return "object" if isinstance(value, dict) else "array" if isinstance(value, list) else ""


def _all_or_none(answers: Iterator[bool]) -> bool | None:
    found = {*answers}
    return found.pop() if len(found) == 1 else None


def _decided(root: Mapping[str, Any], schema: Any, known: _Known, depth: int) -> bool | None:
    """Return whether every value that fits satisfies *schema*, or none does; None if that is not known."""
    try:
        return None if _rest(root, schema, known, depth) else True
    except _Refused:
        return False


def _negated(answer: bool | None, whole: dict[str, Any]) -> _Rest:
    if answer:
        raise _Refused
    return _Rest() if answer is False else _Rest([whole])


def _rest_or_refusal(root: Mapping[str, Any], schema: Any, known: _Known, depth: int) -> _Rest:
    """Return what is left to ask of one of several sorts of items; for a refused one, something nothing satisfies."""
    try:
        return _rest(root, schema, known, depth)
    except _Refused:
        return _Rest([{"not": {}}])


def _rest_of_several(root: Mapping[str, Any], keyword: str, several: Sequence[Any], known: _Known, depth: int) -> _Rest:
    answers = [_decided(root, each, known, depth) for each in several]
    left = [each for each, answer in zip(several, answers, strict=True) if answer is not False]
    if not left or (keyword == "oneOf" and answers.count(True) > 1):
        raise _Refused
    if keyword == "anyOf" and True in answers:
        return _Rest()
    return _rest(root, left[0], known, depth) if len(left) == 1 else _Rest([{keyword: left}])


def _rest_of_condition(root: Mapping[str, Any], schema: Mapping[str, Any], known: _Known, depth: int) -> _Rest:
    answer = _decided(root, schema["if"], known, depth)
    if answer is not None:
        return _rest(root, schema.get("then" if answer else "else", True), known, depth)
    both = [_decided(root, schema.get(branch, True), known, depth) for branch in ("then", "else")]
    if both == [True, True]:
        return _Rest()
    if both == [False, False]:
        raise _Refused
    return _Rest([{key: schema[key] for key in ("if", "then", "else") if key in schema}])


def _rest_of_dependents(root: Mapping[str, Any], named: Mapping[str, Any], known: _Known, depth: int) -> _Rest:
    rest = _Rest()
    for name, each in named.items():
        if name in known.required:
            rest.add(_rest(root, each, known, depth))
        elif name in known.members or not known.is_closed:
            answer = _decided(root, each, known, depth)
            if not answer:
                rest.own.append({"dependentSchemas": {name: each}})
    return rest


def _rest_of_members(root: Mapping[str, Any], schema: Mapping[str, Any], known: _Known, depth: int) -> _Rest:
    rest = _Rest()
    if known.kind != "object":
        return rest
    if not known.is_closed or "patternProperties" in schema:
        keywords = ("properties", "patternProperties", "additionalProperties")
        rest.own.append({keyword: schema[keyword] for keyword in keywords if keyword in schema})
        return rest
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for name, member in known.members.items():
        try:
            rest.members[name] = _rest(root, properties.get(name, others), member, depth + 1)
        except _Refused:
            if name in known.required:
                raise
            rest.members[name] = _Rest([{"not": {}}])
    return rest
