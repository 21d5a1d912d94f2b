"""
The shape of Anthropic's Messages API: content of typed blocks, calls and results inside it, tools without a wrapper.

Messages of the same role right after each other are one turn to this API, so a round takes them together: the results
of a call may stand in the first user message after it, or in the second.

What the URL and the headers say is stated under keys that begin with a colon, as pseudo-headers of HTTP/2 do, because
a body may have ``model`` and ``anthropic_version`` of its own, and then they mean something else.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from reqlint.core.pointer import Place
from reqlint.dialects.anthropic_messages_marks import certainly_a_request, has_foreign_mark
from reqlint.dialects.anthropic_messages_proofs import PROOFS
from reqlint.dialects.anthropic_messages_stated import BETAS, stated
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

_LONGER_ANSWERS = "output-"
"""How the names of beta features begin that let an answer be longer."""
_SEVERAL_TOOLS = ("_toolset", "toolset_")
"""In the type of an entry that stands for several tools, the names of which are not in the request."""


def turns(request: Request) -> Iterator[Turn]:
    """Yield every message; one that is no object has no role and is empty."""
    for index, message in numbered(request.get("messages")):
        place = ("messages", index)
        message = message if isinstance(message, dict) else NOTHING
        yield Turn(place, as_text(message.get("role")), (*place, "role"), message)


def rounds(request: Request) -> Iterator[Round]:
    """
    Yield the turns of one speaker with their calls, and the results in what the user says right after them.

    The turn of a round is the last of its messages with calls; failing that, the last one.
    """
    speaker: Turn | None = None
    calls: list[ToolCall] = []
    for _, group in groupby(turns(request), key=lambda turn: turn.role):
        said = list(group)
        results = [result for turn in said for result in _results(turn)] if said[0].role == "user" else []
        if speaker is not None or results:
            yield Round(speaker, calls, results, said[0].place)
        speaker, calls = said[-1], []
        for turn in said if said[0].role == "assistant" else ():
            of_turn = [call for call in calls_of(turn) if call.id is not None]
            calls += of_turn
            speaker = turn if of_turn else speaker
    yield Round(speaker, calls, [], None)


def _results(turn: Turn) -> Iterator[ToolResult]:
    for part in _blocks(turn):
        answered = part.value.get("tool_use_id") if part.value.get("type") == "tool_result" else None
        if isinstance(answered, str):
            yield ToolResult(answered, (*part.place, "tool_use_id"), (*part.place, "type"))


def calls_of(turn: Turn) -> Iterator[ToolCall]:
    """Yield the calls in a message, whatever its role; those that the server answers itself are no calls here."""
    for part in _blocks(turn):
        if part.value.get("type") == "tool_use":
            yield ToolCall(
                part.place,
                as_text(part.value.get("id")),
                (*part.place, "id"),
                as_text(part.value.get("name")),
                part.value.get("input"),
                (*part.place, "input"),
                part.value,
            )


def parts(request: Request) -> Iterator[ContentPart]:
    """Yield every content block that is an object; what is inside a result belongs to the result."""
    for turn in turns(request):
        yield from _blocks(turn)


def _blocks(turn: Turn) -> Iterator[ContentPart]:
    for number, block in numbered(turn.value.get("content")):
        if isinstance(block, dict):
            yield ContentPart((*turn.place, "content", number), block, turn)


def texts(request: Request) -> Iterator[str]:
    """Yield the texts of the conversation, those of the last message first, with those in results; then ``system``."""
    for turn in reversed(list(turns(request))):
        yield from _texts_in(turn.value.get("content"))
    yield from _texts_in(request.get("system"))


def _texts_in(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    for _, block in numbered(content):
        if isinstance(block, dict):
            if isinstance(text := block.get("text"), str):
                yield text
            for _, inner in numbered(block.get("content")):
                if isinstance(inner, dict) and isinstance(text := inner.get("text"), str):
                    yield text
            if block.get("type") == "tool_result" and isinstance(text := block.get("content"), str):
                yield text


def tools(request: Request) -> Iterator[Tool]:
    """Yield every tool with a name, those that the API defines as well: these have no parameters in the request."""
    for index, tool in numbered(request.get("tools")):
        if isinstance(tool, dict) and ("name" in tool or "input_schema" in tool):
            place = ("tools", index)
            name = as_text(tool.get("name"))
            yield Tool(place, tool, name, (*place, "name"), tool.get("input_schema"), (*place, "input_schema"))


def chosen(request: Request) -> Iterator[ChosenTool]:
    """Yield the tool that ``tool_choice`` names."""
    choice = request.get("tool_choice")
    if isinstance(choice, dict) and choice.get("type") == "tool" and isinstance(choice.get("name"), str):
        yield ChosenTool("tool", choice["name"], ("tool_choice", "name"))


def declared(request: Request) -> frozenset[tuple[str, str]] | None:
    """Return the name of every tool; None without a list of tools, or if an entry stands for tools without names."""
    offered = request.get("tools")
    if not isinstance(offered, list):
        return None
    names: set[tuple[str, str]] = set()
    for tool in offered:
        kind = tool.get("type") if isinstance(tool, dict) else None
        if isinstance(kind, str) and any(mark in kind for mark in _SEVERAL_TOOLS):
            return None
        if isinstance(tool, dict) and isinstance(tool.get("name"), str):
            names.add(("tool", tool["name"]))
    return frozenset(names)


def model(request: Request) -> str | None:
    """Return the id of the model; where the body has none, that in the URL."""
    return as_text(request.get("model")) or as_text(request.get(":model"))


def token_limits(request: Request) -> Iterator[tuple[Place, object]]:
    """Yield the limit of the answer, unless a beta feature may let it be longer."""
    named = [request.get(key) for key in (BETAS, "anthropic_beta")]
    betas = [beta for each in named if isinstance(each, list) for beta in each if isinstance(beta, str)]
    if "max_tokens" in request and not any(beta.startswith(_LONGER_ANSWERS) for beta in betas):
        yield ("max_tokens",), request["max_tokens"]


_WRITTEN = WrittenForm("anthropic-messages", ("tools",), members={"parameters": ("input_schema",)})


def offering(tools: Iterable[OfferedTool], way: ToolWay = AS_WRITTEN) -> Offering:
    """Return a request with *tools*."""
    around = {"model": way.model or "-", "max_tokens": 1, "messages": [{"role": "user", "content": "-"}]}
    written, places = write_tools(tools, _WRITTEN, way)
    return Offering({**around, "tools": written}, places)


def first_words(request: Request) -> object:
    """Return the content of the first user message; failing that the first message, or the request itself."""
    messages = request.get("messages")
    return said_first(messages) if isinstance(messages, list) else request


def has_turns(request: Request) -> bool:
    """Return whether there is at least one message."""
    messages = request.get("messages")
    return isinstance(messages, list) and bool(messages)


def strict_answers(request: Request) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield the schema of the answer, which is always strict, with its place."""
    yield from ((place, schema) for place, schema, _ in answers(request))


def answers(request: Request) -> Iterator[tuple[Place, dict[str, Any], bool]]:
    """Yield the schema of the answer with its place, and that it is strict."""
    config = request.get("output_config")
    described = config.get("format") if isinstance(config, dict) else None
    if isinstance(described, dict) and isinstance(described.get("schema"), dict):
        yield ("output_config", "format", "schema"), described["schema"], True


def names(request: Request) -> Iterator[tuple[Place, str]]:
    """Yield the names of custom tools with their places: in tools, the tool choice, calls and references."""
    for tool in tools(request):
        if tool.name is not None and "input_schema" in tool.value:
            yield tool.name_place, tool.name
    for choice in chosen(request):
        yield choice.place, choice.name
    for turn in turns(request):
        for call in calls_of(turn):
            if call.name is not None:
                yield (*call.place, "name"), call.name
        for part in _blocks(turn):
            for number, inner in numbered(part.value.get("content")):
                if isinstance(inner, dict) and isinstance(inner.get("tool_name"), str):
                    yield (*part.place, "content", number, "tool_name"), inner["tool_name"]


def _nothing(_: Request) -> None:
    return None


DIALECT = Dialect(
    name="anthropic-messages",
    keys={"turns": "messages", "tools": "tools", "choice": "tool_choice", "answer": "output_config", "model": "model"},
    places={
        "turns": "/messages",
        "turn": "/messages/*",
        "turn-content": "/messages/*/content",
        "turn-role": "/messages/*/role",
        "part": "/messages/*/content/*",
        "tools": "/tools",
        "tool": "/tools/*",
        "tool-name": "/tools/*/name",
        "tool-description": "/tools/*/description",
        "tool-parameters": "/tools/*/input_schema",
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
    strict_answers=strict_answers,
    answers=answers,
    json_mode=_nothing,
    names=names,
    model=model,
    token_limits=token_limits,
    limit_keys=("max_tokens",),
    offering=offering,
    first_words=first_words,
    proofs=PROOFS,
    bulk="messages",
    repeated=("model", "tools", "output_config"),
    is_certain=certainly_a_request,
    is_foreign=has_foreign_mark,
)
