"""The shape of Chat Completions: messages with roles, functions inside tools, results as messages of role tool."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reqlint.core.pointer import Place
from reqlint.dialects.flat_schemas import are_flat
from reqlint.dialects.members import NOTHING, as_text, numbered, said_first
from reqlint.dialects.offer import WrittenForm, write_tools
from reqlint.dialects.openai_chat_marks import certainly_a_request, has_foreign_mark
from reqlint.dialects.strict_schemas import do_agree
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

PARAMETERS = frozenset(
    {
        "enable_thinking", "frequency_penalty", "logit_bias", "logprobs", "max_completion_tokens", "max_tokens", "n",
        "parallel_tool_calls", "presence_penalty", "reasoning_effort", "response_format", "seed", "stop", "stream",
        "stream_options", "temperature", "tool_choice", "tools", "top_k", "top_logprobs", "top_p",
    }
)  # fmt: skip


def looks_like(value: object) -> bool:
    """Return whether *value* is meant as a chat request: it has messages, or a model and another chat parameter."""
    if not isinstance(value, Mapping):
        return False
    if isinstance(value.get("messages"), list):
        return True
    if "messages" in value:  # of a wrong type, or messages of another sort: translations, mail
        return "model" in value or not PARAMETERS.isdisjoint(value)
    return isinstance(value.get("model"), str) and not PARAMETERS.isdisjoint(value)


def turns(request: Request) -> Iterator[Turn]:
    """Yield every message; one that is no object has no role and is empty."""
    for index, message in numbered(request.get("messages")):
        place = ("messages", index)
        message = message if isinstance(message, dict) else NOTHING
        yield Turn(place, as_text(message.get("role")), (*place, "role"), message)


def rounds(request: Request) -> Iterator[Round]:
    """Yield every message of another role than tool, with its calls and the tool messages right after it."""
    speaker: Turn | None = None
    calls: list[ToolCall] = []
    results: list[ToolResult] = []
    for turn in turns(request):
        if turn.role == "tool":
            result_id = turn.value.get("tool_call_id")
            if isinstance(result_id, str):
                results.append(ToolResult(result_id, (*turn.place, "tool_call_id"), turn.role_place))
            continue
        yield Round(speaker, calls, results, turn.place)
        speaker, results = turn, []
        calls = [call for call in calls_of(turn) if call.id is not None] if turn.role == "assistant" else []
    yield Round(speaker, calls, results, None)


def calls_of(turn: Turn) -> Iterator[ToolCall]:
    """Yield the tool calls of a message, whatever its role."""
    for number, call in numbered(turn.value.get("tool_calls")):
        if not isinstance(call, dict):
            continue
        place = (*turn.place, "tool_calls", number)
        function = call.get("function")
        function = function if isinstance(function, dict) else None
        named = function or NOTHING
        yield ToolCall(
            place,
            as_text(call.get("id")),
            (*place, "id"),
            as_text(named.get("name")),
            named.get("arguments"),
            (*place, "function", "arguments"),
            function,
        )


def parts(request: Request) -> Iterator[ContentPart]:
    """Yield every content part that is an object."""
    for turn in turns(request):
        for number, part in numbered(turn.value.get("content")):
            if isinstance(part, dict):
                yield ContentPart((*turn.place, "content", number), part, turn)


def texts(request: Request) -> Iterator[str]:
    """Yield the texts of the conversation, those of the last message first, with those in its tool calls."""
    for turn in reversed(list(turns(request))):
        content = turn.value.get("content")
        for part in content if isinstance(content, list) else (content,):
            text = part.get("text") if isinstance(part, dict) else part
            if isinstance(text, str):
                yield text
        for _, call in numbered(turn.value.get("tool_calls")):
            function = call.get("function") if isinstance(call, dict) else None
            if isinstance(function, dict):
                yield from (text for text in function.values() if isinstance(text, str))


def tools(request: Request) -> Iterator[Tool]:
    """Yield every function on offer; tools of other kinds have none."""
    for index, tool in numbered(request.get("tools")):
        function = tool.get("function") if isinstance(tool, dict) else None
        if isinstance(function, dict):
            place = ("tools", index, "function")
            name = as_text(function.get("name"))
            yield Tool(place, function, name, (*place, "name"), function.get("parameters"), (*place, "parameters"))


def chosen(request: Request) -> Iterator[ChosenTool]:
    """Yield the tool that ``tool_choice`` names, and those that it allows."""
    choice = request.get("tool_choice")
    if not isinstance(choice, dict):
        return
    among = choice.get("allowed_tools")
    candidates: list[tuple[Place, object]] = [(("tool_choice",), choice)]
    candidates += [
        (("tool_choice", "allowed_tools", "tools", index), tool)
        for index, tool in numbered(among.get("tools") if isinstance(among, dict) else None)
    ]
    for place, tool in candidates:
        if named := _named(tool):
            yield ChosenTool(*named, (*place, named[0], "name"))


def declared(request: Request) -> frozenset[tuple[str, str]] | None:
    """Return kind and name of every tool on offer; None without a list of tools."""
    offered = request.get("tools")
    if not isinstance(offered, list):
        return None
    return frozenset(named for tool in offered if (named := _named(tool)))


def model(request: Request) -> str | None:
    """Return the id of the model."""
    return as_text(request.get("model"))


def token_limits(request: Request) -> Iterator[tuple[Place, object]]:
    """Yield the limits of the answer, by its older and its newer name."""
    for name in ("max_tokens", "max_completion_tokens"):
        if name in request:
            yield (name,), request[name]


_WRITTEN = WrittenForm("openai-chat", ("tools",), ("function",), beside={"type": "function"})


def offering(tools: Iterable[OfferedTool], way: ToolWay = AS_WRITTEN) -> Offering:
    """Return a request with *tools*."""
    around = {
        "model": way.model or "-",
        "messages": [{"role": "user", "content": "-"}],
    }  # what checks want to see beside tools
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
    """Yield the strict schema of the answer, if there is one, with its place."""
    yield from ((place, schema) for place, schema, is_strict in answers(request) if is_strict)


def answers(request: Request) -> Iterator[tuple[Place, dict[str, Any], bool]]:
    """Yield the schema of the answer, if there is one, with its place and whether it is strict."""
    answer = request.get("response_format")
    described = answer.get("json_schema") if isinstance(answer, dict) else None
    if isinstance(described, dict) and isinstance(described.get("schema"), dict):
        yield ("response_format", "json_schema", "schema"), described["schema"], described.get("strict") is True


def json_mode(request: Request) -> Place | None:
    """Return the place of ``response_format.type`` where it asks for JSON without a schema."""
    answer = request.get("response_format")
    wanted = isinstance(answer, dict) and answer.get("type") == "json_object"
    return ("response_format", "type") if wanted else None


def names(request: Request) -> Iterator[tuple[Place, str]]:
    """Yield the names of functions with their places: in tools, tool choices, calls and results, old forms too."""
    yield from _names_in_tools(request.get("tools"), ("tools",))
    for index, function in numbered(request.get("functions")):
        yield from _name_in(function, ("functions", index))
    choice = request.get("tool_choice")
    yield from _names_in_tool(choice, ("tool_choice",))
    allowed = choice.get("allowed_tools") if isinstance(choice, Mapping) else None
    if isinstance(allowed, Mapping):
        yield from _names_in_tools(allowed.get("tools"), ("tool_choice", "allowed_tools", "tools"))
    yield from _name_in(request.get("function_call"), ("function_call",))
    for turn in turns(request):
        yield from _names_in_tools(turn.value.get("tool_calls"), (*turn.place, "tool_calls"))
        yield from _name_in(turn.value.get("function_call"), (*turn.place, "function_call"))
        if turn.role in ("tool", "function"):
            yield from _name_in(turn.value, turn.place)


def _names_in_tools(tools: object, place: Place) -> Iterator[tuple[Place, str]]:
    for index, tool in numbered(tools):
        yield from _names_in_tool(tool, (*place, index))


def _names_in_tool(tool: object, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(tool, Mapping):
        for kind in ("function", "custom"):
            yield from _name_in(tool.get(kind), (*place, kind))


def _name_in(owner: object, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(owner, Mapping) and isinstance(owner.get("name"), str):
        yield (*place, "name"), owner["name"]


def _named(tool: object) -> tuple[str, str] | None:
    """
    Return the kind and the name of a tool, or of a choice of a tool; None where it has no name.

    Some servers take one without a type for a function.
    """
    kind = tool.get("type", "function") if isinstance(tool, dict) else None
    inner = tool.get(kind) if isinstance(tool, dict) and kind in ("function", "custom") else None
    name = inner.get("name") if isinstance(inner, dict) else None
    return (str(kind), name) if isinstance(name, str) else None


# ------------------------------------------------------------------------------------------------------------- proofs


def paired_calls(request: Any) -> bool:
    """
    Return True when every call is answered once, right after it, and no round of calls begins as the one before it.

    Nothing else is answered. False means that the checks have to run.
    """
    unanswered: set[str] = set()
    before = None  # the first call of the round before
    try:
        for message in request["messages"]:
            if message["role"] == "tool":
                unanswered.remove(message["tool_call_id"])
            elif unanswered:
                return False
            elif "tool_calls" in message and (calls := message["tool_calls"]):
                unanswered = {call["id"] for call in calls}
                first = calls[0].get("function")
                if len(unanswered) != len(calls) or message["role"] != "assistant" or first == before:
                    return False
                before = first
            else:
                before = None
    except (AttributeError, KeyError, TypeError):  # an unusual shape
        return False
    return not unanswered


def answer_not_last(request: Any) -> bool:
    """Return True when the last message has another role than the assistant's."""
    try:
        return bool(request["messages"][-1]["role"] != "assistant")
    except (IndexError, KeyError, TypeError):
        return False


def distinct_tool_names(request: Any) -> bool:
    """Return True when every tool is a function with a name of its own."""
    tools = request.get("tools", ())
    try:
        return len({tool["function"]["name"] for tool in tools}) == len(tools)
    except (KeyError, TypeError):
        return False


def flat_parameters(request: Any) -> bool:
    """Return True when the schema of every tool is flat."""
    try:
        return are_flat(tool["function"]["parameters"] for tool in request.get("tools", ()))
    except (AttributeError, KeyError, TypeError):
        return False


def agreeing_strict_schemas(request: Any) -> bool:
    """Return True when names agree in every strict schema, of the answer and of functions."""
    try:
        strict = [schema for _, schema in strict_answers(request)]
        functions = [tool["function"] for tool in request.get("tools", ())]
        return do_agree([*strict, *(each["parameters"] for each in functions if each.get("strict") is True)])
    except (AttributeError, KeyError, TypeError):
        return False


OPENAI_CHAT = Dialect(
    name="openai-chat",
    keys={
        "turns": "messages",
        "tools": "tools",
        "choice": "tool_choice",
        "answer": "response_format",
        "model": "model",
    },
    places={
        "turns": "/messages",
        "turn": "/messages/*",
        "turn-content": "/messages/*/content",
        "turn-name": "/messages/*/name",
        "turn-role": "/messages/*/role",
        "part": "/messages/*/content/*",
        "tools": "/tools",
        "tool": "/tools/*/function",
        "tool-name": "/tools/*/function/name",
        "tool-description": "/tools/*/function/description",
        "tool-parameters": "/tools/*/function/parameters",
    },
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
    json_mode=json_mode,
    names=names,
    model=model,
    token_limits=token_limits,
    limit_keys=("max_tokens", "max_completion_tokens"),
    offering=offering,
    first_words=first_words,
    proofs={
        "answer-not-last": answer_not_last,
        "paired-calls": paired_calls,
        "distinct-tool-names": distinct_tool_names,
        "flat-parameters": flat_parameters,
        "agreeing-strict-schemas": agreeing_strict_schemas,
    },
    bulk="messages",
    repeated=("model", "tools", "response_format"),
    is_certain=certainly_a_request,
    is_foreign=has_foreign_mark,
)
DIALECT = OPENAI_CHAT
