"""Lists of tools without a request, in every form, some of them with mistakes."""

import random
from collections.abc import Callable, Mapping
from typing import Any

from tests.strategies._mistakes import mistaken
from tests.strategies._schemas import tool_schema

WRITTEN: Mapping[str, Callable[[dict[str, Any], Any], Any]] = {
    "MCP": lambda about, schema: {**about, "inputSchema": schema},
    "Chat Completions": lambda about, schema: {"type": "function", "function": {**about, "parameters": schema}},
    "the Responses API": lambda about, schema: {"type": "function", **about, "parameters": schema},
    "Anthropic": lambda about, schema: {**about, "input_schema": schema},
    "Gemini": lambda about, schema: {**about, "parametersJsonSchema": schema},
    "Bedrock": lambda about, schema: {"toolSpec": {**about, "inputSchema": {"json": schema}}},
}
"""By form: a function that writes a tool of a name and description, and of a schema."""

WRAPPED: Mapping[str, Callable[[list[Any]], Any]] = {
    "array": lambda tools: tools,
    "object": lambda tools: {"tools": tools},
    "page": lambda tools: {"tools": tools, "nextCursor": "2"},
    "message": lambda tools: {"jsonrpc": "2.0", "id": 1, "result": {"tools": tools}},
}
"""By what the tools stand in: a function that puts them there."""


def tool_list(rng: random.Random) -> Any:
    """Return up to five tools in one form."""
    form = rng.choice(list(WRITTEN))
    tools = [WRITTEN[form](_about(rng), tool_schema(rng)) for _ in range(rng.randint(1, 5))]
    if rng.random() < 0.3:
        tools = mistaken(rng, tools)
    if form == "Gemini":
        return {rng.choice(("functionDeclarations", "function_declarations")): tools}
    return (
        tools[0]
        if rng.random() < 0.2 and isinstance(tools, list) and tools
        else WRAPPED[rng.choice(list(WRAPPED))](tools)
    )


def _about(rng: random.Random) -> dict[str, Any]:
    name = rng.choice(("get_weather", "get_weather", "track", "list.guests", "", "größe", "x" * 80))
    about: dict[str, Any] = {"name": name, "description": rng.choice(("Tell the weather", "", "d" * 1100))}
    if rng.random() < 0.2:
        del about["description"]
    if rng.random() < 0.2:
        about["strict"] = rng.random() < 0.7
    return about
