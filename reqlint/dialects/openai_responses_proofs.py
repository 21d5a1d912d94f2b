"""Quick proofs that checks find nothing in a request of the Responses API."""

import re
from typing import Any

from reqlint.dialects.flat_schemas import are_flat
from reqlint.dialects.strict_schemas import do_agree


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
            elif item.get("role") == "tool":
                return False
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


def flat_parameters(request: Any) -> bool:
    """Return True when the schema of every tool is flat, and no tools are elsewhere."""
    try:
        tools = request.get("tools", ())
        if any("tools" in tool for tool in tools):
            return False
        if not are_flat(schema for tool in tools if (schema := tool.get("parameters")) is not None):
            return False
        given = request.get("input", ())
        return isinstance(given, str) or not any("tools" in item for item in given)
    except (AttributeError, KeyError, TypeError):
        return False


def agreeing_strict_schemas(request: Any) -> bool:
    """Return True when names agree in every strict schema, and no tools are elsewhere."""
    try:
        tools = request.get("tools", ())
        answer = (request.get("text") or {}).get("format") or {}
        strict = [each for each in (*tools, answer) if each.get("strict") is True]
        if any("tools" in tool for tool in tools):
            return False
        given = request.get("input", ())
        if not isinstance(given, str) and any("tools" in item for item in given):
            return False
        return do_agree(each["schema" if each is answer else "parameters"] for each in strict)
    except (AttributeError, KeyError, TypeError):
        return False


ID_PREFIXES = {
    "message": "msg",
    "function_call": "fc",
    "custom_tool_call": "ctc",
    "reasoning": "rs",
    "web_search_call": "ws",
}
_MESSAGE = frozenset({"type", "role", "content", "id", "status", "phase"})
_PLAIN = frozenset({"function_call", "function_call_output", "custom_tool_call", "custom_tool_call_output"})
_ROLES = frozenset({"user", "assistant", "system", "developer"})


def ordinary_items(request: Any) -> bool:
    """
    Return True when every item is a plain message, a call, an output or encrypted reasoning, and no id comes twice.

    Messages hold texts of the right kind, and pictures at addresses with http or https.
    """
    given = request.get("input")
    ids: set[str] = set()
    try:
        if not given or any("cache_control" in tool for tool in request.get("tools", ())):
            return False
        if given.__class__ is str:
            return True
        for item in given:
            kind = item.get("type", "message")
            if kind == "message":
                content = item["content"]
                if item["role"] not in _ROLES or not _MESSAGE.issuperset(item):
                    return False
                if content.__class__ is not str and not _are_plain(content, item["role"]):
                    return False
            elif kind in _PLAIN:
                if "cache_control" in item or item.get("output", "").__class__ is not str:
                    return False
            elif kind != "reasoning" or not item["encrypted_content"]:
                return False
            if "id" in item:
                item_id = item["id"]
                if item_id in ids or not item_id.startswith(ID_PREFIXES.get(kind, "")):
                    return False
                ids.add(item_id)
    except (AttributeError, KeyError, TypeError):  # an unusual shape
        return False
    return True


def _are_plain(content: Any, role: str) -> bool:
    text = "output_text" if role == "assistant" else "input_text"
    for part in content:
        if "cache_control" in part:
            return False
        if part["type"] != text and not (role != "assistant" and _is_at_address(part)):
            return False
    return True


def _is_at_address(part: Any) -> bool:
    return part["type"] == "input_image" and _is_on_the_internet(part["image_url"]) is not None


_is_on_the_internet = re.compile(r"https?://[a-z0-9.-]+\.(?:com|org|net|io|dev|ai|co|de|example)[:/]").match
"""Of an address whose last name belongs to the internet; others are looked at more closely."""
