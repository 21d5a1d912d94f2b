"""Quick proofs that checks find nothing in a request of the Responses API."""

from typing import Any


def paired_calls(request: Any) -> bool:
    """Return True when every call has one output, and every output a call; False means that the checks have to run."""
    unanswered: set[str] = set()
    given = request.get("input")
    if isinstance(given, str):
        return True
    try:
        for item in given:
            kind = item.get("type")
            if kind in ("function_call", "custom_tool_call"):
                call_id = item["call_id"]
                if call_id in unanswered:
                    return False
                unanswered.add(call_id)
            elif kind in ("function_call_output", "custom_tool_call_output"):
                unanswered.remove(item["call_id"])
    except (AttributeError, KeyError, TypeError):  # an unusual shape, or an output before its call
        return False
    return not unanswered


def distinct_tool_names(request: Any) -> bool:
    """Return True when no two tools of the list have the same name, and no tools are elsewhere."""
    tools = request.get("tools", ())
    try:
        names = [tool["name"] for tool in tools if "name" in tool]  # a tool of OpenAI's own has none
        if len({*names}) != len(names):
            return False
        given = request.get("input", ())
        return isinstance(given, str) or not any("tools" in item for item in given)
    except (KeyError, TypeError):
        return False


_BRANCHES = frozenset(("properties", "anyOf", "additionalProperties", "oneOf", "allOf"))


def flat_parameters(request: Any) -> bool:
    """Return True when every required name is declared and no property has properties of its own."""
    is_leaf = _BRANCHES.isdisjoint
    try:
        for tool in request.get("tools", ()):
            if "tools" in tool:
                return False
            parameters = tool.get("parameters")
            if parameters is None:
                continue
            if "$defs" in parameters or "definitions" in parameters:
                return False
            properties = parameters["properties"]
            for name in parameters.get("required", ()):
                if name not in properties:
                    return False
            for value in properties.values():
                if not is_leaf(value) or ("items" in value and "properties" in value["items"]):
                    return False
        given = request.get("input", ())
        return isinstance(given, str) or not any("tools" in item for item in given)
    except (AttributeError, KeyError, TypeError):
        return False
