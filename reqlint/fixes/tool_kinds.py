"""The kinds of remedies for tools and their schemas."""

from collections.abc import Mapping

from reqlint.core.findings import Unfixed
from reqlint.core.pointer import Place, value_at
from reqlint.display.credentials import mask
from reqlint.fixes.case import FixCase, FixPlan
from reqlint.fixes.tool_names import allowed_name
from reqlint.text.changes import Add, Change, Rename, Replace, Wrap


def insert_type(case: FixCase) -> FixPlan | None:
    """Add the type to a tool, a call or a tool choice that has a function."""
    owner = case.value
    if case.hit.facts.get("field") != "type" or not isinstance(owner, Mapping) or "type" in owner:
        return None
    if isinstance(owner.get("function"), Mapping):
        return FixPlan('add "type": "function"', [Add(case.hit.place, "type", "function", first=True)])
    return None


def rename_function(case: FixCase) -> FixPlan | Unfixed | None:
    """Change the name of a function to one that the API takes, wherever the request names it."""
    name = case.value
    new = allowed_name(name) if isinstance(name, str) else None
    if not isinstance(name, str) or new is None or mask(name) != name:  # the new name would show most of a credential
        return None
    if case.names.places(new):
        return Unfixed.CLASH  # two functions would have one name
    changes: list[Change] = [Replace((*case.base, *place), new) for place in case.names.places(name)]
    return FixPlan(f"rename it to {new} everywhere", changes, new)


def complete_required(case: FixCase) -> FixPlan | None:
    """List every property of a strict schema as required, and let those be null that were optional."""
    at = case.hit.place[:-1] if case.key == "required" and isinstance(case.value, list) else case.hit.place
    schema = value_at(case.root, at)
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    if not isinstance(schema, Mapping) or not isinstance(properties, Mapping):
        return None
    required = schema.get("required")
    named = {name for name in required if isinstance(name, str)} if isinstance(required, list) else ()
    missing = [name for name in properties if name not in named]
    changes: list[Change] = []
    for name in missing:
        to_nullable = _allow_null((*at, "properties", name), properties[name])
        if to_nullable is None:
            return None
        changes += to_nullable
    if not isinstance(required, list):
        change = Add(at, "required", missing) if "required" not in schema else Replace((*at, "required"), missing)
        return FixPlan(_COMPLETED, [*changes, change])
    if len(missing) > 1 or not required:
        return FixPlan(_COMPLETED, [*changes, Replace((*at, "required"), [*required, *missing])])
    return FixPlan(_COMPLETED, [*changes, Add((*at, "required"), None, missing[0])])


_COMPLETED = "list every property in required, and make the added ones nullable"


def _allow_null(place: Place, schema: object) -> list[Change] | None:
    """Return the changes that let a property be null; None if its schema has neither type nor anyOf, or a const."""
    if not isinstance(schema, Mapping):
        return None
    kind, union, listed = schema.get("type"), schema.get("anyOf"), schema.get("enum")
    changes: list[Change] = []
    if isinstance(kind, str) and kind != "null":
        changes.append(Replace((*place, "type"), [kind, "null"]))
    elif isinstance(kind, list) and kind and "null" not in kind:
        changes.append(Add((*place, "type"), None, "null"))
    elif isinstance(union, list) and union and kind is None:
        if {"type": "null"} not in union:
            changes.append(Add((*place, "anyOf"), None, {"type": "null"}))
    elif kind is None:
        return None
    if isinstance(listed, list) and listed and None not in listed:
        changes.append(Add((*place, "enum"), None, None))
    return None if "const" in schema else changes


def functions_to_tools(case: FixCase) -> FixPlan | None:
    """Rewrite the deprecated ``functions`` and ``function_call`` as ``tools`` and ``tool_choice``."""
    request = case.request
    if not isinstance(request, Mapping) or "tools" in request or "tool_choice" in request:
        return None
    functions, choice = request.get("functions"), request.get("function_call")
    if not isinstance(functions, list) or not all(isinstance(function, Mapping) and function for function in functions):
        return None
    old = any("function_call" in turn.value or turn.role == "function" for turn in case.dialect.turns(request))
    if not case.dialect.has_turns(request) or old:
        return None  # the conversation uses the old form as well
    with_type = (("type", "function"),)
    changes: list[Change] = [Rename((*case.base, "functions"), "tools")]
    changes += [Wrap((*case.base, "functions", index), "function", with_type) for index in range(len(functions))]
    if "function_call" in request:
        if not isinstance(choice, Mapping) and choice not in ("auto", "none"):
            return None
        changes.append(Rename((*case.base, "function_call"), "tool_choice"))
        if isinstance(choice, Mapping):
            changes.append(Wrap((*case.base, "function_call"), "function", with_type))
    return FixPlan("replace functions with tools", changes)
