"""A second wire shape for the tests: messages of parts, tools without a wrapper, results inside the user's message."""

from collections.abc import Iterator
from typing import Any

from reqlint.dialects.vocabulary import (
    ChosenTool,
    ContentPart,
    Dialect,
    Offering,
    Request,
    Round,
    Tool,
    ToolCall,
    ToolResult,
    Turn,
)


def turns(request: Request) -> Iterator[Turn]:
    for index, message in enumerate(request.get("messages", ())):
        yield Turn(("messages", index), message.get("role"), ("messages", index, "role"), message)


def parts(request: Request) -> Iterator[ContentPart]:
    for turn in turns(request):
        content = turn.value.get("content")
        for number, part in enumerate(content if isinstance(content, list) else ()):
            yield ContentPart((*turn.place, "content", number), part, turn)


def calls(turn: Turn) -> Iterator[ToolCall]:
    content = turn.value.get("content")
    for number, part in enumerate(content if isinstance(content, list) else ()):
        if part.get("type") == "tool_use":
            place = (*turn.place, "content", number)
            yield ToolCall(
                place, part.get("id"), (*place, "id"), part.get("name"), part.get("input"), (*place, "input"), part
            )


def rounds(request: Request) -> Iterator[Round]:
    """Yield each turn with its calls, and the results at the start of the next one."""
    speaker: Turn | None = None
    for turn in turns(request):
        results = [
            ToolResult(part.value["tool_use_id"], (*part.place, "tool_use_id"), (*part.place, "type"))
            for part in parts(request)
            if part.turn.place == turn.place and part.value.get("type") == "tool_result"
        ]
        yield Round(speaker, list(calls(speaker)) if speaker else [], results, turn.place)
        speaker = turn
    yield Round(speaker, list(calls(speaker)) if speaker else [], [], None)


def texts(request: Request) -> Iterator[str]:
    yield from (part.value["text"] for part in parts(request) if "text" in part.value)


def tools(request: Request) -> Iterator[Tool]:
    for index, tool in enumerate(request.get("tools", ())):
        place = ("tools", index)
        yield Tool(place, tool, tool.get("name"), (*place, "name"), tool.get("input_schema"), (*place, "input_schema"))


def chosen(request: Request) -> Iterator[ChosenTool]:
    choice = request.get("tool_choice", {})
    if choice.get("type") == "tool":
        yield ChosenTool("tool", choice["name"], ("tool_choice", "name"))


def declared(request: Request) -> frozenset[tuple[str, str]]:
    return frozenset(("tool", tool["name"]) for tool in request.get("tools", ()))


def nothing(_: Any) -> Iterator[Any]:
    return iter(())


_NAMES = {"parameters": "input_schema"}
MESSAGES_API = Dialect(
    name="throw-away",
    keys={"turns": "messages", "tools": "tools", "choice": "tool_choice", "answer": "output_format", "model": "model"},
    places={
        "tools": "/tools",
        "tool": "/tools/*",
        "tool-name": "/tools/*/name",
        "tool-description": "/tools/*/description",
        "tool-parameters": "/tools/*/input_schema",
    },
    turns=turns,
    has_turns=lambda request: bool(request.get("messages")),
    calls=calls,
    rounds=rounds,
    parts=parts,
    texts=texts,
    tools=tools,
    chosen=chosen,
    declared=declared,
    strict_answers=nothing,
    json_mode=lambda _: None,
    names=lambda request: ((tool.name_place, tool.name) for tool in tools(request) if tool.name),
    model=lambda request: request.get("model"),
    offering=lambda tools: Offering(
        {
            "model": "-",
            "messages": [{"role": "user", "content": "-"}],
            "tools": [{_NAMES.get(key, key): each for key, (_, each) in tool.members.items()} for tool in tools],
        },
        {
            ("tools", index, _NAMES.get(key, key)): place
            for index, tool in enumerate(tools)
            for key, (place, _) in tool.members.items()
        },
    ),
    first_words=lambda request: request.get("messages", [])[:1],
    bulk="messages",
    repeated=("model", "tools"),
)

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "reqlint:throw-away",
    "type": "object",
    "required": ["model", "max_tokens", "messages"],
    "additionalProperties": False,
    "properties": {
        "model": {"type": "string"},
        "max_tokens": {"type": "integer", "minimum": 1},
        "system": {"type": ["string", "array"]},
        "tool_choice": {"type": "object", "required": ["type"]},
        "messages": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["role", "content"],
                "properties": {"role": {"enum": ["user", "assistant"]}, "content": {"type": ["string", "array"]}},
            },
        },
        "tools": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "input_schema"],
                "properties": {"name": {"type": "string"}, "input_schema": {"type": "object"}},
            },
        },
    },
}
