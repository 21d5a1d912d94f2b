"""The kinds of remedies that bring a request in the form of another API into that of Anthropic's."""

from collections.abc import Mapping

from reqlint.core.findings import Unfixed
from reqlint.fixes.case import FixCase, FixPlan
from reqlint.text.changes import Change, Remove, Rename, Replace, Unwrap

_WORDS = {"any": "any", "auto": "auto", "none": "none", "required": "any"}


def claude_tool(case: FixCase) -> FixPlan | Unfixed | None:
    """Take a function out of its wrapper, and call its parameters ``input_schema``."""
    tool, place = case.value, case.hit.place
    if not isinstance(tool, Mapping):
        return None
    changes: list[Change] = [Remove((*place, "type"))] if tool.get("type") == "function" else []
    function = tool.get("function")
    if not isinstance(function, Mapping):
        schema = next((key for key in ("parameters", "inputSchema") if key in tool), None)
        if schema is None:
            return None
        return FixPlan(f"call {schema} input_schema", [*changes, Rename((*place, schema), "input_schema")])
    if not isinstance(function.get("parameters"), Mapping) or not function.keys().isdisjoint(tool.keys()):
        return None  # without parameters, a schema would have to be made up
    inner = (*place, "function")
    return FixPlan(
        "take the function out of its wrapper, and call its parameters input_schema",
        [*changes, Unwrap(inner), Rename((*inner, "parameters"), "input_schema")],
    )


def claude_tool_choice(case: FixCase) -> FixPlan | None:
    """Write a choice of Chat Completions as an object with ``type``."""
    place, choice = case.hit.place, case.value
    if case.key == "type":
        place, choice = place[:-1], case.parent
    if isinstance(choice, Mapping):
        function = choice.get("function", choice)
        name = function.get("name") if isinstance(function, Mapping) else None
        written = {"type": "tool", "name": name} if isinstance(name, str) else None
    else:
        written = {"type": _WORDS[choice]} if isinstance(choice, str) and choice in _WORDS else None
    return FixPlan("write it as this API takes it", [Replace(place, written)]) if written else None


def strip_end(case: FixCase) -> FixPlan | None:
    """Take the white space at the end of a text away, if anything is left."""
    text = case.value
    if not isinstance(text, str) or not text.rstrip():
        return None
    return FixPlan("take away the white space at the end", [Replace(case.hit.place, text.rstrip())])
