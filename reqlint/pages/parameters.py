"""The parameter table of a profile, read from its request schema."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from reqlint.knowledge.protobuf_json import SAME_AS
from reqlint.knowledge.words import words_of_schema

PARAMETER_HEAD = ["path", "type", "required", "default", "values"]


def parameters(schema: Mapping[str, Any]) -> Iterator[list[str]]:
    """Yield a row for each parameter in *schema*, members of objects and of array items below their parent."""
    yield from _rows(schema, schema, "", ())


def _rows(
    schema: Mapping[str, Any], root: Mapping[str, Any], prefix: str, followed: tuple[str, ...]
) -> Iterator[list[str]]:
    """Yield the rows below *prefix*; *followed* are the references on the way, so that a recursive schema ends."""
    seen: set[str] = set()
    for branch, required, passed in _branches(schema, root, followed):
        for key, member in branch.get("properties", {}).items():
            if key in seen or not isinstance(member, Mapping) or SAME_AS in member:
                continue
            seen.add(key)
            path = f"{prefix}.{key}" if prefix else key
            resolved = _resolve(member, root)
            yield [path, _types(resolved), "yes" if key in required else "no", _default(resolved), _values(resolved)]
            reference = str(member.get("$ref", ""))
            if reference and reference in passed:
                continue
            below = (*passed, reference) if reference else passed
            yield from _rows(resolved, root, path, below)
            items = resolved.get("items")
            if isinstance(items, Mapping):
                item_reference = str(items.get("$ref", ""))
                if item_reference not in below or not item_reference:
                    yield from _rows(_resolve(items, root), root, f"{path}[]", (*below, item_reference))


def _branches(
    schema: Mapping[str, Any], root: Mapping[str, Any], followed: tuple[str, ...]
) -> Iterator[tuple[Mapping[str, Any], frozenset[str], tuple[str, ...]]]:
    """
    Yield a schema and its conditional branches, which describe the same object, each with its required keys.

    The third is *followed* with the references that lead to the branch; one that was followed before is left out.
    """
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference not in followed[-1:]:
        if reference in followed:
            return
        followed = (*followed, reference)
    schema = _resolve(schema, root)
    yield schema, frozenset(schema.get("required", ())), followed
    for conditional in (*schema.get("allOf", ()), schema):
        for name in ("then", "else"):
            if isinstance(conditional.get(name), Mapping) and conditional[name] != conditional.get("items"):
                yield from _branches(conditional[name], root, followed)


def _resolve(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = schema.get("$ref")
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return schema
    target: Any = root
    for step in reference[2:].split("/"):
        target = target[step]
    return {**target, **{key: value for key, value in schema.items() if key != "$ref"}}


def _types(schema: Mapping[str, Any]) -> str:
    types = schema.get("type") or schema.get("else", {}).get("type", ())
    return " / ".join([types] if isinstance(types, str) else types)


def _default(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema["default"], ensure_ascii=False) if "default" in schema else ""


def _values(schema: Mapping[str, Any]) -> str:
    """Return the values that a parameter takes: a list of words, or the bounds and the pattern."""
    if words := words_of_schema(schema):
        return " | ".join(json.dumps(word, ensure_ascii=False) for word in words)
    bounds = [
        f"{sign} {schema[key]}"
        for sign, key in (("≥", "minimum"), (">", "exclusiveMinimum"), ("≤", "maximum"), ("<", "exclusiveMaximum"))
        if key in schema
    ]
    bounds += [f"{schema['minItems']}+ items"] if "minItems" in schema else []
    bounds += [f"at most {schema['maxItems']} items"] if "maxItems" in schema else []
    bounds += [f"at most {schema['maxLength']} characters"] if "maxLength" in schema else []
    bounds += [f"pattern {schema['pattern']}"] if "pattern" in schema else []
    return ", ".join(bounds)
