"""Where a request names its functions, and what a name becomes that the API does not take."""

import re
from collections.abc import Iterator, Mapping

from reqlint.core.pointer import Place

_OTHER = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST = 64


def allowed_name(name: str, request: object) -> str | None:
    """Give the name that *name* becomes; None when nothing is left of it, or another function has that name already."""
    new = _OTHER.sub("_", name)[:_LONGEST]
    taken = any(other == new for _, other in _names(request))
    return None if taken or not new.strip("_-") else new


def places_of_name(name: str, request: object) -> list[Place]:
    """Give every place of the request that says *name* and means the function."""
    return [place for place, other in _names(request) if other == name]


def _names(request: object) -> Iterator[tuple[Place, object]]:
    """Yield the names of functions, with their places: on offer, chosen, called and answered."""
    if not isinstance(request, Mapping):
        return
    yield from _nested(request.get("tools"), ("tools",))
    for index, function in _listed(request.get("functions")):
        yield from _name(function, ("functions", index))
    choice = request.get("tool_choice")
    yield from _inside(choice, ("tool_choice",))
    among = choice.get("allowed_tools") if isinstance(choice, Mapping) else None
    if isinstance(among, Mapping):
        yield from _nested(among.get("tools"), ("tool_choice", "allowed_tools", "tools"))
    yield from _name(request.get("function_call"), ("function_call",))
    for index, message in _listed(request.get("messages")):
        if isinstance(message, Mapping):
            place: Place = ("messages", index)
            yield from _nested(message.get("tool_calls"), (*place, "tool_calls"))
            yield from _name(message.get("function_call"), (*place, "function_call"))
            if message.get("role") in ("tool", "function"):
                yield from _name(message, place)


def _nested(tools: object, place: Place) -> Iterator[tuple[Place, object]]:
    for index, tool in _listed(tools):
        yield from _inside(tool, (*place, index))


def _inside(tool: object, place: Place) -> Iterator[tuple[Place, object]]:
    if isinstance(tool, Mapping):
        for kind in ("function", "custom"):
            yield from _name(tool.get(kind), (*place, kind))


def _name(owner: object, place: Place) -> Iterator[tuple[Place, object]]:
    if isinstance(owner, Mapping) and isinstance(owner.get("name"), str):
        yield (*place, "name"), owner["name"]


def _listed(value: object) -> Iterator[tuple[int, object]]:
    yield from enumerate(value) if isinstance(value, list) else ()
