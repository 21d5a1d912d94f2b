"""Which keys and words a profile's schema lists at a place of a request, given what stands there so far."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reqlint.core.pointer import Place
from reqlint.knowledge.protobuf_json import SAME_AS

Subschema = Mapping[str, Any]

_MOST_BRANCHES = 400  # of one object; schemas of APIs have some dozens
_NOTHING: Subschema = {}
ABSENT = object()
"""The value at a place where nothing stands."""


def schemas_at(root: Subschema, place: Place, request: object) -> list[Subschema]:
    """Return the parts of the schema *root* that speak of the value at *place* of a *request*, references followed."""
    schemas, value = _parts(root, root, request), request
    for step in place:
        inner = _inside(value, step)
        schemas = [
            part
            for schema in schemas
            for below in _below(schema, step)
            for part in _parts(below, root, inner)
        ]  # fmt: skip
        schemas, value = schemas[:_MOST_BRANCHES], inner
    return schemas


def keys_in(schemas: Sequence[Subschema]) -> dict[str, list[Subschema]]:
    """Return the keys that an object may have by *schemas*, and what each of them says of it."""
    found: dict[str, list[Subschema]] = {}
    for schema in schemas:
        for key, member in schema.get("properties", _NOTHING).items():
            if isinstance(member, Mapping) and SAME_AS not in member:
                found.setdefault(key, []).append(member)
    refused = {
        key
        for schema in schemas
        for key, member in schema.get("properties", _NOTHING).items()
        if member is False
    }  # fmt: skip
    return {key: members for key, members in found.items() if key not in refused}


def required_in(schemas: Sequence[Subschema]) -> frozenset[str]:
    """Return the keys that an object must have by *schemas*."""
    return frozenset(key for schema in schemas for key in schema.get("required", ()))


def words_in(schemas: Sequence[Subschema]) -> list[object]:
    """Return the values that *schemas* list, in their order, each once."""
    words: list[object] = []
    for schema in schemas:
        listed = schema["enum"] if "enum" in schema else [schema["const"]] if "const" in schema else ()
        words += [word for word in listed if not any(word is each or word == each for each in words)]
    return words


def types_in(schemas: Sequence[Subschema]) -> list[str]:
    """Return the names of the types that *schemas* allow, in their order."""
    types: dict[str, None] = {}
    for schema in schemas:
        named = schema.get("type", ())
        types.update(dict.fromkeys([named] if isinstance(named, str) else named))
    return list(types)


def first_in(schemas: Sequence[Subschema], keyword: str) -> Any:
    """Return what the first of *schemas* that has a *keyword* says under it; None if none has it."""
    return next((schema[keyword] for schema in schemas if keyword in schema), None)


def expand(members: Sequence[Subschema], root: Subschema, value: object = ABSENT) -> list[Subschema]:
    """Return *members*, as `keys_in` has them, with the branches that a *value* leads into."""
    return [part for member in members for part in _parts(member, root, value)]


def is_decided(schemas: Sequence[Subschema], value: object) -> bool:
    """Return whether *schemas* say the same of what is in an object, whatever members are added to it."""
    return all(
        _holds(schema["if"], value) is not None if "if" in schema else not _DECIDE_BY_ALL.intersection(schema)
        for schema in schemas
    )


_DECIDE_BY_ALL = frozenset({"anyOf", "oneOf", "not", "dependentSchemas", "dependentRequired"})


def _below(schema: Subschema, step: str | int) -> Iterator[Subschema]:
    """Yield what *schema* says of the member or item at *step*."""
    if isinstance(step, int):
        below = schema.get("items")
    else:
        properties = schema.get("properties", _NOTHING)
        below = properties[step] if step in properties else schema.get("additionalProperties")
        if isinstance(below, Mapping) and isinstance(below.get(SAME_AS), str):
            below = properties.get(below[SAME_AS], below)
    if isinstance(below, Mapping):
        yield below


def _parts(schema: Subschema, root: Subschema, value: object) -> list[Subschema]:
    """Return *schema* and the branches of it that speak of *value*; both where it is not known which does."""
    found: list[Subschema] = []
    pending: list[object] = [schema]
    seen: set[int] = set()
    while pending and len(found) < _MOST_BRANCHES:
        part = pending.pop(0)
        if not isinstance(part, Mapping) or id(part) in seen:
            continue
        seen.add(id(part))
        found.append(part)
        reference = part.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/"):
            pending.append(_target(root, reference))
        for keyword in ("allOf", "anyOf", "oneOf"):
            pending += part.get(keyword, ())
        if "if" in part:
            holds = _holds(part["if"], value)
            pending += [part.get("then")] if holds is not False else []
            pending += [part.get("else")] if holds is not True else []
    return found


def _target(root: Subschema, reference: str) -> object:
    target: Any = root
    for step in reference[2:].split("/"):
        target = target.get(step, _NOTHING) if isinstance(target, Mapping) else _NOTHING
    return target


_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "null": (type(None),),
    "integer": (int,),
    "number": (int, float),
}


def _holds(condition: object, value: object) -> bool | None:
    """Return whether a *condition* holds for a *value*; None where that depends on what does not stand there yet."""
    if isinstance(condition, bool):
        return condition
    if not isinstance(condition, Mapping) or value is ABSENT:
        return None
    answers: list[bool | None] = []
    for keyword, said in condition.items():
        if keyword == "type":
            names = [said] if isinstance(said, str) else said
            answers.append(any(_is_a(value, name) for name in names))
        elif keyword in ("const", "enum"):
            answers.append(value in (said if keyword == "enum" else [said]))
        elif keyword == "required":
            answers.append(True if isinstance(value, Mapping) and all(key in value for key in said) else None)
        elif keyword == "properties" and isinstance(value, Mapping):
            answers += [_holds(inner, value.get(key, ABSENT)) for key, inner in said.items()]
        elif not keyword.startswith(("x-", "$", "description")):
            answers.append(None)
    return False if False in answers else None if None in answers else True


def _is_a(value: object, name: str) -> bool:
    return isinstance(value, _TYPES.get(name, ())) and (not isinstance(value, bool) or name == "boolean")


def _inside(value: object, step: str | int) -> object:
    if isinstance(value, Mapping) and isinstance(step, str):
        return value.get(step, ABSENT)
    if isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
        return value[step]
    return ABSENT
