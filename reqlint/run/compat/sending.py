"""Tools as a client would send them: with the prefix of their server, and strict only where that was meant."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reqlint.core.pointer import Place
from reqlint.dialects.vocabulary import OfferedTool

_SPEAK_OF_STRICT = frozenset({"openai-chat", "openai-responses"})
"""The wire shapes whose strict is the same thing, so that it goes along from one to the other."""


def as_sent(tools: Iterable[OfferedTool], dialect: str) -> Iterator[OfferedTool]:
    """Yield *tools* as they are sent in requests of a dialect: strict as they say, unless it is another API's."""
    for tool in tools:
        theirs = tool.dialect
        keeps = theirs in (None, dialect) or {theirs, dialect} <= _SPEAK_OF_STRICT
        if keeps or "strict" not in tool.members:
            yield tool
        else:
            yield tool._replace(members={key: found for key, found in tool.members.items() if key != "strict"})


def with_prefix(tool: OfferedTool, prefix: str) -> OfferedTool:
    """Return a tool whose name has a *prefix*, as clients give it one of its server; its places stay the same."""
    place, name = tool.members.get("name", ((), None))
    if not prefix or not isinstance(name, str):
        return tool
    members = {**tool.members, "name": (place, prefix + name)}
    return tool._replace(members=members, value=_with(tool.value, place[len(tool.place) :], prefix + name))


def with_schema(tool: OfferedTool, written: object, read: object) -> OfferedTool:
    """Return a tool with another schema: as it is *written* in the tool, and as it is *read*."""
    place, _ = tool.members["parameters"]
    members = {**tool.members, "parameters": (place, read)}
    return tool._replace(members=members, value=_with(tool.value, place[len(tool.place) :], written))


def _with(value: Any, steps: Place, new: object) -> object:
    if not steps:
        return new
    if not isinstance(value, Mapping):
        return value
    return {**value, steps[0]: _with(value.get(steps[0]), steps[1:], new)}
