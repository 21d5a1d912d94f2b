"""The shape of Bedrock's Converse: turns of blocks with one member each, tools in toolConfig, the model in the URL."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

from reqlint.core.pointer import Place
from reqlint.dialects.bedrock_converse_marks import certainly_a_request, has_foreign_mark
from reqlint.dialects.flat_schemas import are_flat
from reqlint.dialects.members import NOTHING, as_text, numbered, said_first
from reqlint.dialects.offer import WrittenForm, write_tools
from reqlint.dialects.vocabulary import (
    AS_WRITTEN,
    ChosenTool,
    ContentPart,
    Dialect,
    OfferedTool,
    Offering,
    Request,
    Round,
    Tool,
    ToolCall,
    ToolResult,
    ToolWay,
    Turn,
)

_MODEL = re.compile(r"/model/([^/]+)/converse(?:-stream)?/?$").search
_ENTRIES = {"toolSpec": "tool", "systemTool": "tool"}
"""Entries of the list of tools that have a name, and the kind by which a choice names them."""


@lru_cache(maxsize=256)
def _model_in(url: str) -> str | None:
    try:
        match = _MODEL(urlsplit(url).path)
    except ValueError:  # a bracket that opens no IPv6 address
        return None
    return unquote(match[1]) if match else None


def stated(url: str | None, _: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the model that the URL names, as the ``modelId`` that SDKs take beside the body."""
    name = _model_in(url) if url else None
    return {"modelId": name} if name else {}


def turns(request: Request) -> Iterator[Turn]:
    """Yield every message; one that is no object has no role and is empty."""
    for index, message in numbered(request.get("messages")):
        place = ("messages", index)
        message = message if isinstance(message, dict) else NOTHING
        yield Turn(place, as_text(message.get("role")), (*place, "role"), message)


def has_turns(request: Request) -> bool:
    """Return whether there is at least one message."""
    messages = request.get("messages")
    return isinstance(messages, list) and bool(messages)


def calls_of(turn: Turn) -> Iterator[ToolCall]:
    """Yield the tool calls of a message, whatever its role, without those that the service answers itself."""
    for place, call in _members(turn, "toolUse"):
        yield ToolCall(
            place,
            as_text(call.get("toolUseId")),
            (*place, "toolUseId"),
            as_text(call.get("name")),
            call.get("input"),
            (*place, "input"),
            call,
        )


def results_of(turn: Turn) -> Iterator[ToolResult]:
    """Yield the tool results of a message, without those that the service wrote itself."""
    for place, result in _members(turn, "toolResult"):
        result_id = result.get("toolUseId")
        if isinstance(result_id, str):
            yield ToolResult(result_id, (*place, "toolUseId"), place)


def rounds(request: Request) -> Iterator[Round]:
    """Yield every message with its calls, and the results in the message right after it."""
    speaker: Turn | None = None
    calls: list[ToolCall] = []
    for turn in turns(request):
        results = list(results_of(turn)) if turn.role != "assistant" else []
        yield Round(speaker, calls, results, turn.place)
        speaker = turn
        calls = [call for call in calls_of(turn) if call.id is not None] if turn.role == "assistant" else []
    yield Round(speaker, calls, [], None)


def parts(request: Request) -> Iterator[ContentPart]:
    """Yield every block that is an object."""
    for turn in turns(request):
        for number, block in numbered(turn.value.get("content")):
            if isinstance(block, dict):
                yield ContentPart((*turn.place, "content", number), block, turn)


def texts(request: Request) -> Iterator[str]:
    """Yield the texts of the conversation, those of the last message first, then those of the instructions."""
    for turn in reversed([*turns(request)]):
        for _, block in numbered(turn.value.get("content")):
            if isinstance(block, dict):
                yield from _texts_in(block)
    for _, block in numbered(request.get("system")):
        if isinstance(block, dict):
            yield from _texts_in(block)


def _texts_in(block: Mapping[str, Any]) -> Iterator[str]:
    text = block.get("text")
    if isinstance(text, str):
        yield text
    result = block.get("toolResult")
    for _, piece in numbered(result.get("content") if isinstance(result, dict) else None):
        if isinstance(piece, dict) and isinstance(piece.get("text"), str):
            yield piece["text"]


def tools(request: Request) -> Iterator[Tool]:
    """Yield every function on offer; tools that the service runs itself have no description and no schema."""
    for index, entry in numbered(_config(request).get("tools")):
        spec = entry.get("toolSpec") if isinstance(entry, dict) else None
        if isinstance(spec, dict):
            place = ("toolConfig", "tools", index, "toolSpec")
            schema = spec.get("inputSchema")
            parameters = schema.get("json") if isinstance(schema, dict) else None
            at = (*place, "inputSchema", "json")
            yield Tool(place, spec, as_text(spec.get("name")), (*place, "name"), parameters, at)


def chosen(request: Request) -> Iterator[ChosenTool]:
    """Yield the tool that ``toolChoice`` names."""
    choice = _config(request).get("toolChoice")
    named = choice.get("tool") if isinstance(choice, dict) else None
    name = named.get("name") if isinstance(named, dict) else None
    if isinstance(name, str):
        yield ChosenTool("tool", name, ("toolConfig", "toolChoice", "tool", "name"))


def declared(request: Request) -> frozenset[tuple[str, str]] | None:
    """Return kind and name of every tool on offer; None without a list of tools."""
    offered = _config(request).get("tools")
    if not isinstance(offered, list):
        return None
    entries = [entry for entry in offered if isinstance(entry, dict)]
    named = [(kind, entry.get(key)) for entry in entries for key, kind in _ENTRIES.items()]
    return frozenset(
        (kind, each["name"]) for kind, each in named if isinstance(each, dict) and isinstance(each.get("name"), str)
    )


def names(request: Request) -> Iterator[tuple[Place, str]]:
    """Yield the names of tools with their places: in tools, the choice and calls."""
    for index, entry in numbered(_config(request).get("tools")):
        for key in _ENTRIES:
            named = entry.get(key) if isinstance(entry, dict) else None
            if isinstance(named, dict) and isinstance(named.get("name"), str):
                yield ("toolConfig", "tools", index, key, "name"), named["name"]
    for choice in chosen(request):
        yield choice.place, choice.name
    for turn in turns(request):
        for call in calls_of(turn):
            if call.name is not None:
                yield (*call.place, "name"), call.name


def model(request: Request) -> str | None:
    """Return the id of the model, which the URL names or an SDK's call has as ``modelId``."""
    return as_text(request.get("modelId"))


def token_limits(request: Request) -> Iterator[tuple[Place, object]]:
    """Yield the limit of the answer."""
    config = request.get("inferenceConfig")
    if isinstance(config, dict) and "maxTokens" in config:
        yield ("inferenceConfig", "maxTokens"), config["maxTokens"]


_WRITTEN = WrittenForm(
    "bedrock-converse", ("toolConfig", "tools"), ("toolSpec",), members={"parameters": ("inputSchema", "json")}
)


def offering(tools: Iterable[OfferedTool], way: ToolWay = AS_WRITTEN) -> Offering:
    """Return a request with *tools*."""
    around = {"modelId": way.model or "-", "messages": [{"role": "user", "content": [{"text": "-"}]}]}
    written, places = write_tools(tools, _WRITTEN, way)
    return Offering({**around, "toolConfig": {"tools": written}}, places)


def first_words(request: Request) -> object:
    """Return the content of the first user message; failing that the first message, or the request itself."""
    messages = request.get("messages")
    return said_first(messages) if isinstance(messages, list) else request


def _members(turn: Turn, key: str) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Yield the members *key* of the blocks of a turn, without those of a tool that the service runs itself."""
    for number, block in numbered(turn.value.get("content")):
        member = block.get(key) if isinstance(block, dict) else None
        if isinstance(member, dict) and member.get("type") is None:
            yield (*turn.place, "content", number, key), member


def _config(request: Request) -> Mapping[str, Any]:
    config = request.get("toolConfig")
    return config if isinstance(config, dict) else NOTHING


def _no_answers(_: Request) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield nothing: the schema of an answer stands here as text."""
    return iter(())


# ------------------------------------------------------------------------------------------------------------- proofs


def paired_calls(request: Any) -> bool:
    """Return True when every call is answered once and nothing else is; False means that the checks have to run."""
    unanswered: set[str] = set()
    try:
        for message in request["messages"]:
            asked: set[str] = set()
            is_answer = message["role"] == "assistant"
            for block in message["content"]:
                if "toolUse" in block:
                    use = block["toolUse"]
                    call = use["toolUseId"]
                    if not is_answer or call in asked or "type" in use or "toolResult" in block:
                        return False
                    asked.add(call)
                elif "toolResult" in block:
                    result = block["toolResult"]
                    if is_answer or "type" in result:
                        return False
                    unanswered.remove(result["toolUseId"])
            if unanswered:
                return False
            unanswered = asked
    except (AttributeError, KeyError, TypeError):  # an unusual shape
        return False
    return not unanswered


def alternating_turns(request: Any) -> bool:
    """Return True when the user speaks first and every turn has another role than the one before."""
    before = "assistant"
    try:
        for message in request["messages"]:
            role = message["role"]
            if role == before or (role != "user" and role != "assistant"):
                return False
            before = role
    except (KeyError, TypeError):
        return False
    return True


def distinct_tool_names(request: Any) -> bool:
    """Return True when every tool is a function with a name of its own."""
    try:
        offered = request["toolConfig"]["tools"] if "toolConfig" in request else ()
        return len({entry["toolSpec"]["name"] for entry in offered}) == len(offered)
    except (KeyError, TypeError):
        return False


def flat_parameters(request: Any) -> bool:
    """Return True when the schema of every tool is flat."""
    try:
        offered = request["toolConfig"]["tools"] if "toolConfig" in request else ()
        return are_flat(entry["toolSpec"]["inputSchema"]["json"] for entry in offered)
    except (AttributeError, KeyError, TypeError):
        return False


BEDROCK_CONVERSE = "bedrock-converse"

DIALECT = Dialect(
    name=BEDROCK_CONVERSE,
    keys={
        "turns": "messages",
        "tools": "toolConfig",
        "choice": "toolConfig",
        "answer": "outputConfig",
        "model": "modelId",
    },
    places={
        "turns": "/messages",
        "turn": "/messages/*",
        "turn-content": "/messages/*/content",
        "turn-role": "/messages/*/role",
        "part": "/messages/*/content/*",
        "tools": "/toolConfig/tools",
        "tool": "/toolConfig/tools/*/toolSpec",
        "tool-name": "/toolConfig/tools/*/toolSpec/name",
        "tool-description": "/toolConfig/tools/*/toolSpec/description",
        "tool-parameters": "/toolConfig/tools/*/toolSpec/inputSchema/json",
    },
    stated=stated,
    turns=turns,
    has_turns=has_turns,
    calls=calls_of,
    rounds=rounds,
    parts=parts,
    texts=texts,
    tools=tools,
    chosen=chosen,
    declared=declared,
    strict_answers=_no_answers,
    json_mode=lambda _: None,
    names=names,
    model=model,
    token_limits=token_limits,
    limit_keys=("inferenceConfig",),
    plain_settings=frozenset({"maxTokens", "temperature", "topP"}),
    offering=offering,
    first_words=first_words,
    proofs={
        "paired-calls": paired_calls,
        "alternating-turns": alternating_turns,
        "distinct-tool-names": distinct_tool_names,
        "flat-parameters": flat_parameters,
    },
    bulk="messages",
    repeated=("modelId", "toolConfig", "additionalModelRequestFields"),
    is_certain=certainly_a_request,
    is_foreign=has_foreign_mark,
)
