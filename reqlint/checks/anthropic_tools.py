"""Whether the tools of a Messages request are such that Anthropic's API takes all of them together."""

import re
from collections.abc import Iterator, Mapping

from reqlint.checks import Facts, Request, check
from reqlint.checks.claude import blocks_in
from reqlint.core.findings import Hit, Link, Part
from reqlint.core.pointer import Place
from reqlint.dialects.vocabulary import Dialect

_HAS_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://").match
_RUNS_CODE = ("code_execution_", "web_search_2026", "web_fetch_2026")
"""How the types of tools begin that run code in a container, some of them unasked."""


@check
def only_deferred_tools(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the list of tools when the model would see none of them."""
    offered = request["tools"]
    if offered and all(isinstance(tool, dict) and tool.get("defer_loading") is True for tool in offered):
        yield Hit(("tools",))


@check
def both_domain_lists(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the second list of sites of every tool that has both."""
    for place, tool in blocks_in(request["tools"], ("tools",)):
        if tool.get("allowed_domains") and tool.get("blocked_domains"):
            link = Link((*place, "allowed_domains"), "the other list")
            yield Hit((*place, "blocked_domains"), Part.KEY, related=(link,))


@check
def scheme_in_domain(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every site that is written as an address."""
    for place, tool in blocks_in(request["tools"], ("tools",)):
        for key in ("allowed_domains", "blocked_domains"):
            for number, site in enumerate(tool.get(key) or ()):
                if isinstance(site, str) and _HAS_SCHEME(site):
                    yield Hit((*place, key, number))


@check
def container_without_code_execution(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a container that no tool runs code in."""
    if request["container"] is None:
        return
    tools = request.get("tools") or ()
    kinds = [str(tool.get("type")) for tool in tools if isinstance(tool, dict)]
    if not any(kind.startswith(_RUNS_CODE) for kind in kinds):
        yield Hit(("container",), Part.KEY)


@check
def unmatched_mcp_server(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """
    Find every MCP server that no toolset names, and every toolset that names no server, or one a second time.

    Requests without any toolset are of the first version of the feature.
    """
    servers: dict[str, Place] = {}
    for place, server in blocks_in(request.get("mcp_servers"), ("mcp_servers",)):
        if isinstance(name := server.get("name"), str):
            servers.setdefault(name, (*place, "name"))
    sets = [
        ((*place, "mcp_server_name"), tool.get("mcp_server_name"))
        for place, tool in blocks_in(request.get("tools"), ("tools",))
        if tool.get("type") == "mcp_toolset"
    ]
    seen: set[object] = set()
    for place, name in sets:
        if name not in servers:
            yield Hit(place, facts={"lacks": "no server of this name in mcp_servers"})
        elif name in seen:
            yield Hit(place, facts={"lacks": "another toolset for this server"})
        seen.add(name)
    for name, place in servers.items() if sets else ():
        if name not in seen:
            yield Hit(place, facts={"lacks": "no toolset for this server in tools"})


@check
def late_clearing_of_thinking(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the edit that clears thoughts where it is not the first."""
    management = request["context_management"]
    edits = management.get("edits") if isinstance(management, dict) else None
    for place, edit in blocks_in(edits, ("context_management", "edits")):
        if str(edit.get("type")).startswith("clear_thinking_") and place[-1] != 0:
            yield Hit(place)


@check
def mismatched_input_example(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every example of a call that the tool's own schema refuses."""
    for tool in dialect.tools(request):
        examples = tool.value.get("input_examples")
        if isinstance(examples, list) and isinstance(tool.parameters, dict):
            for number, example in enumerate(examples):
                if flaw := _flaw(tool.parameters, example, _LEVELS):
                    yield Hit((*tool.place, "input_examples", number), facts={"flaw": flaw})


_LEVELS = 8
"""How deep an example is compared with its schema."""
_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool, "object": dict, "array": list,
    "null": type(None),
}  # fmt: skip


def _flaw(schema: object, value: object, levels: int) -> str | None:
    """
    Return why a schema refuses a value, in words; None if it does not.

    Only plain keywords count, and only down to so many levels: a schema of somebody else's may take for ever.
    """
    if not isinstance(schema, dict) or levels == 0:
        return None
    kinds = schema.get("type")
    names = [kinds] if isinstance(kinds, str) else kinds if isinstance(kinds, list) else []
    if names and all(name in _TYPES for name in names) and not any(_is_of(value, name) for name in names):
        return f"a value is not of type {' or '.join(names)}"
    if isinstance(allowed := schema.get("enum"), list) and value not in allowed:
        return "a value is none of its enum"
    properties = schema.get("properties")
    if isinstance(value, dict) and isinstance(properties, dict):
        required = schema.get("required")
        if isinstance(required, list) and any(isinstance(name, str) and name not in value for name in required):
            return "a required property is missing"
        is_closed = schema.get("additionalProperties") is False and "patternProperties" not in schema
        if is_closed and not value.keys() <= properties.keys():
            return "it has a property that the schema does not know"
        inner = [(properties[key], value[key]) for key in properties if key in value]
    else:
        inner = [(schema.get("items"), each) for each in value] if isinstance(value, list) else []
    return next((flaw for inside, each in inner if (flaw := _flaw(inside, each, levels - 1))), None)


def _is_of(value: object, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    if name == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _TYPES[name])
