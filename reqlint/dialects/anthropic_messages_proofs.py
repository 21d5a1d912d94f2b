"""The functions that prove some checks silent on a Messages request; see ``anthropic-messages.proofs.json``."""

from collections.abc import Mapping
from typing import Any

from reqlint.dialects.vocabulary import Proof


def paired_calls(request: Any) -> bool:
    """
    Return True when the roles alternate, and every call is answered once at the start of the next message.

    False means that the checks have to run.
    """
    unanswered: set[str] = set()
    called: set[str] = set()
    before = ""
    try:
        for message in request["messages"]:
            role, content = message["role"], message["content"]
            if role == before or (role == "assistant" and unanswered):
                return False
            before = role
            if content.__class__ is str:
                if unanswered:
                    return False
                continue
            if role == "user":
                for block in content:
                    if block["type"] == "tool_result":
                        unanswered.remove(block["tool_use_id"])
                    elif unanswered:
                        return False
                if unanswered:
                    return False
                continue
            for block in content:
                kind = block["type"]
                if kind == "tool_use":
                    name = block["id"]
                    if name in called:
                        return False
                    called.add(name)
                    unanswered.add(name)
                elif kind != "text" and kind != "thinking":
                    return False
    except (AttributeError, KeyError, TypeError):  # an unusual shape
        return False
    return not unanswered


def distinct_tool_names(request: Any) -> bool:
    """Return True when every tool has a name of its own."""
    tools = request.get("tools", ())
    try:
        return len({tool["name"] for tool in tools}) == len(tools)
    except (KeyError, TypeError):
        return False


_BRANCHES = frozenset(("properties", "anyOf", "additionalProperties", "oneOf", "allOf"))


def flat_parameters(request: Any) -> bool:
    """Return True when all required names are declared and no property has properties of its own."""
    is_leaf = _BRANCHES.isdisjoint
    try:
        for tool in request.get("tools", ()):
            parameters = tool["input_schema"]
            if "$defs" in parameters or "definitions" in parameters:
                return False
            properties = parameters["properties"]
            for name in parameters.get("required", ()):
                if name not in properties:
                    return False
            for value in properties.values():
                if not is_leaf(value) or ("items" in value and "properties" in value["items"]):
                    return False
    except (AttributeError, KeyError, TypeError):
        return False
    return True


PROOFS: Mapping[str, Proof] = {
    "paired-calls": paired_calls,
    "distinct-tool-names": distinct_tool_names,
    "flat-parameters": flat_parameters,
}
