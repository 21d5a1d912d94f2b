"""Whether the tools on offer can be told apart."""

from collections.abc import Iterator
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.findings import Hit, Link
from reqlint.pointer import Place


@check
def duplicate_tool_name(request: Request, facts: Facts) -> Iterator[Hit]:
    """Every function whose name an earlier one has."""
    tools = request["tools"]
    try:
        if len({tool["function"]["name"] for tool in tools}) == len(tools):
            return
    except (KeyError, TypeError):  # a tool of another shape, which the slow look below steps over
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
