"""Whether the offered tools have distinct names, and the chosen one is among them."""

from collections.abc import Iterator, Mapping
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.core.findings import Hit, Link
from reqlint.core.pointer import Place


@check
def duplicate_tool_name(request: Request, facts: Facts) -> Iterator[Hit]:
    """Find the name of every function that has the same name as an earlier one."""
    tools = request["tools"]
    try:
        if len({tool["function"]["name"] for tool in tools}) == len(tools):
            return
    except (KeyError, TypeError):  # a tool of another shape, which the loop below skips
        pass
    first: dict[str, Place] = {}
    for index, tool in enumerate(tools if isinstance(tools, list) else ()):
        place = ("tools", index, "function", "name")
        name = _name(tool)
        if name is None:
            continue
        if name in first:
            yield Hit(place, facts={"value": name}, related=(Link(first[name], "first declared here"),))
        else:
            first[name] = place


def _name(tool: Any) -> str | None:
    function = tool.get("function") if isinstance(tool, dict) else None
    name = function.get("name") if isinstance(function, dict) else None
    return name if isinstance(name, str) else None


@check
def undeclared_tool_choice(request: Request, facts: Facts) -> Iterator[Hit]:
    """Find the name of a chosen tool that the request does not offer."""
    choice, tools = request["tool_choice"], request.get("tools")
    if not isinstance(choice, dict) or not isinstance(tools, list):
        return
    declared = {_named(tool) for tool in tools}
    for place, chosen in _chosen(choice):
        name = _named(chosen)
        if name and name not in declared:
            from difflib import get_close_matches  # slow to import, and needed only for a finding

            close = get_close_matches(name[1], [known[1] for known in declared if known])
            shown = {"name": name[1], **({"suggestion": close[0]} if close else {})}
            yield Hit(("tool_choice", *place, name[0], "name"), facts=shown)


def _chosen(choice: Mapping[str, Any]) -> Iterator[tuple[Place, object]]:
    yield (), choice
    among = choice.get("allowed_tools")
    tools = among.get("tools") if isinstance(among, dict) else None
    for index, tool in enumerate(tools if isinstance(tools, list) else ()):
        yield ("allowed_tools", "tools", index), tool


def _named(tool: object) -> tuple[str, str] | None:
    """Return the kind and the name of a tool, or of a choice of a tool; None where it has no name."""
    kind = tool.get("type") if isinstance(tool, dict) else None
    inner = tool.get(kind) if isinstance(tool, dict) and kind in ("function", "custom") else None
    name = inner.get("name") if isinstance(inner, dict) else None
    return (str(kind), name) if isinstance(name, str) else None
