"""Where a request names its functions, and which name replaces one that the API refuses."""

import re
from collections.abc import Iterator, Mapping

from reqlint.core.pointer import Place

_FORBIDDEN = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST = 64


def allowed_name(name: str, request: object) -> str | None:
    """Return the allowed form of *name*; None if nothing is left of it, or if the request already uses that name."""
    new = _FORBIDDEN.sub("_", name)[:_LONGEST]
    taken = any(other == new for _, other in _names(request))
    return None if taken or not new.strip("_-") else new


def places_of_name(name: str, request: object) -> list[Place]:
    """Return every place in the request at which the function *name* is named."""
    return [place for place, other in _names(request) if other == name]


def _names(request: object) -> Iterator[tuple[Place, object]]:
    """Yield the names of functions with their places: in tools, tool choices, calls and results."""
    if not isinstance(request, Mapping):
        return
    yield from _in_tools(request.get("tools"), ("tools",))
    for index, function in _items(request.get("functions")):
        yield from _name(function, ("functions", index))
    choice = request.get("tool_choice")
    yield from _in_tool(choice, ("tool_choice",))
    allowed = choice.get("allowed_tools") if isinstance(choice, Mapping) else None
    if isinstance(allowed, Mapping):
        yield from _in_tools(allowed.get("tools"), ("tool_choice", "allowed_tools", "tools"))
    yield from _name(request.get("function_call"), ("function_call",))
    for index, message in _items(request.get("messages")):
        if isinstance(message, Mapping):
            place: Place = ("messages", index)
            yield from _in_tools(message.get("tool_calls"), (*place, "tool_calls"))
            yield from _name(message.get("function_call"), (*place, "function_call"))
            if message.get("role") in ("tool", "function"):
                yield from _name(message, place)


def _in_tools(tools: object, place: Place) -> Iterator[tuple[Place, object]]:
    for index, tool in _items(tools):
        yield from _in_tool(tool, (*place, index))


def _in_tool(tool: object, place: Place) -> Iterator[tuple[Place, object]]:
    if isinstance(tool, Mapping):
        for kind in ("function", "custom"):
            yield from _name(tool.get(kind), (*place, kind))


def _name(owner: object, place: Place) -> Iterator[tuple[Place, object]]:
    if isinstance(owner, Mapping) and isinstance(owner.get("name"), str):
        yield (*place, "name"), owner["name"]


def _items(value: object) -> Iterator[tuple[int, object]]:
    yield from enumerate(value) if isinstance(value, list) else ()
