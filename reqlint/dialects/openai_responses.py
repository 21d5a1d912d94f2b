"""The shape of OpenAI's Responses API: a text or a list of items, flat tools, calls and outputs among the items."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reqlint.core.pointer import Place
from reqlint.dialects.members import NOTHING, as_text, numbered, said_first
from reqlint.dialects.offer import WrittenForm, write_tools
from reqlint.dialects.openai_responses_marks import certainly_a_request, has_foreign_mark
from reqlint.dialects.openai_responses_proofs import (
    agreeing_strict_schemas,
    distinct_tool_names,
    flat_parameters,
    ordinary_items,
    paired_calls,
)
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

_CALLS = {"function_call": "arguments", "custom_tool_call": "input"}
"""Items that call a tool of the caller's, with the key of what the model wrote."""
_OUTPUTS = ("function_call_output", "custom_tool_call_output")
_NAMED = ("function", "custom")
"""Kinds of tool with a name."""
STORED = ("previous_response_id", "conversation")
"""Keys whose value says that the server has the beginning of the conversation."""
_SAME_TOOL = (
    frozenset({"web_search", "web_search_2025_08_26", "web_search_preview", "web_search_preview_2025_03_11"}),
    frozenset({"computer", "computer_use", "computer_use_preview"}),
)
"""Names of one hosted tool, of which a choice may have another than the list of tools."""


def items(request: Request) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Yield every item of the input that is an object, with its place."""
    for index, item in numbered(request.get("input")):
        if isinstance(item, dict):
            yield ("input", index), item


def item_type(item: Mapping[str, Any]) -> object:
    """Return the type of an item; one without a type is a message, by its role."""
    kind = item.get("type")
    return ("message" if "role" in item else None) if kind is None else kind


def is_continued(request: Request) -> bool:
    """Return whether the server has items that the request does not show: it continues or refers to stored ones."""
    if any(request.get(key) for key in STORED):
        return True
    return any(item_type(item) in ("item_reference", "compaction", None) for _, item in items(request))


def turns(request: Request) -> Iterator[Turn]:
    """Yield every item; a text in place of the items has none, and an item other than a message has no role."""
    for index, item in numbered(request.get("input")):
        item = item if isinstance(item, dict) else NOTHING
        place = ("input", index)
        yield Turn(place, as_text(item.get("role")), (*place, "role"), item)


def has_turns(request: Request) -> bool:
    """Return whether the input is a text or a list that is not empty."""
    given = request.get("input")
    return isinstance(given, str | list) and bool(given)


def calls(turn: Turn) -> Iterator[ToolCall]:
    """Yield the call that an item is, if it calls a tool that the caller runs."""
    kind = turn.value.get("type")
    key = _CALLS.get(kind) if isinstance(kind, str) else None
    if key is not None and not turn.value.get("async"):  # the answer goes on without the output of such a call
        item, place = turn.value, turn.place
        arguments = item.get("arguments") if kind == "function_call" else None  # the input of others is no JSON
        yield ToolCall(
            place,
            as_text(item.get("call_id")),
            (*place, "call_id"),
            as_text(item.get("name")),
            arguments,
            (*place, key),
            item,
        )


def rounds(request: Request) -> Iterator[Round]:
    """
    Yield every call with its outputs, wherever in the input these are.

    An output whose id is that of no call was probably meant for a call without an output, in their order, and stands
    in its round. Each that is left over is one more round, unless the server has items that may have called.
    """
    called: dict[str, tuple[Turn, ToolCall, list[ToolResult]]] = {}
    results: list[tuple[Turn | None, ToolResult]] = []  # with what stands before each
    before: Turn | None = None
    for turn in turns(request):
        for call in calls(turn):
            if call.id is not None:
                called.setdefault(call.id, (turn, call, []))
        if (key := _id_key(turn)) and isinstance(call_id := turn.value.get(key), str):
            id_place = (*turn.place, key)
            results.append((before, ToolResult(call_id, id_place, id_place)))
        before = turn
    elsewhere = _other_calls(request)
    strays: list[tuple[Turn | None, ToolResult]] = []
    for before, result in results:
        if result.id in called:
            called[result.id][2].append(result)
        elif result.id not in elsewhere:
            strays.append((before, result))
    left = iter(() if strays and is_continued(request) else strays)
    for turn, call, answers in called.values():
        if not answers and (stray := next(left, None)):
            answers.append(stray[1])
        yield Round(turn, [call], answers, None)
    for before, result in left:
        yield Round(before, (), [result], None)


def _id_key(turn: Turn) -> str | None:
    """Return the key under which an item names the call that it answers, also in the form of Chat Completions."""
    if turn.value.get("type") in _OUTPUTS:
        return "call_id"
    return "tool_call_id" if turn.role == "tool" else None


def _other_calls(request: Request) -> set[str]:
    """Return the ids of calls of other tools, and of those in messages as Chat Completions has them."""
    ids: list[object] = []
    for _, item in items(request):
        kind = item.get("type")
        if isinstance(kind, str) and kind.endswith("_call"):
            ids += [item.get("call_id"), item.get("id")]
        ids += [call.get("id") for _, call in numbered(item.get("tool_calls")) if isinstance(call, dict)]
    return {each for each in ids if isinstance(each, str)}


def parts(request: Request) -> Iterator[ContentPart]:
    """Yield every content part that is an object: of messages, and of the outputs of tools."""
    for turn in turns(request):
        for key in ("content", "output"):
            for number, part in numbered(turn.value.get(key)):
                if isinstance(part, dict):
                    yield ContentPart((*turn.place, key, number), part, turn)


def texts(request: Request) -> Iterator[str]:
    """Yield the texts of the input, those of the last item first, with those of calls, outputs and summaries."""
    given = request.get("input")
    if isinstance(given, str):
        yield given
    for turn in reversed(list(turns(request))):
        for key in ("content", "output", "summary", "arguments", "input", "name"):
            said = turn.value.get(key)
            for part in said if isinstance(said, list) else (said,):
                text = part.get("text") if isinstance(part, dict) else part
                if isinstance(text, str):
                    yield text


def _listed_tools(request: Request) -> Iterator[tuple[Place, Mapping[str, Any], bool]]:
    """Yield every tool that is an object, with its place, and whether another one may have its name."""
    lists: list[tuple[Place, object]] = [(("tools",), request.get("tools"))]
    for place, item in items(request):
        if item.get("type") in ("additional_tools", "tool_search_output"):
            lists.append(((*place, "tools"), item.get("tools")))
    for place, listed in lists:
        for index, tool in numbered(listed):
            if isinstance(tool, dict):
                yield (*place, index), tool, len(place) > 1  # a tool that was found is in the request's list as well
                if tool.get("type") == "namespace":
                    for number, inner in numbered(tool.get("tools")):
                        if isinstance(inner, dict):
                            yield (*place, index, "tools", number), inner, True


def tools(request: Request) -> Iterator[Tool]:
    """Yield every function on offer; one in a namespace, or one that was found, without its name."""
    for place, tool, is_inner in _listed_tools(request):
        if tool.get("type", "function") == "function" and "function" not in tool:
            name = None if is_inner else as_text(tool.get("name"))
            yield Tool(place, tool, name, (*place, "name"), tool.get("parameters"), (*place, "parameters"))


def chosen(request: Request) -> Iterator[ChosenTool]:
    """Yield the tool that ``tool_choice`` names, by its type if it is OpenAI's own, and those that it allows."""
    choice = request.get("tool_choice")
    if not isinstance(choice, dict):
        return
    if choice.get("type") != "allowed_tools":
        yield from _chosen(choice, ("tool_choice",))
        return
    for index, tool in numbered(choice.get("tools")):
        if isinstance(tool, dict):
            yield from _chosen(tool, ("tool_choice", "tools", index))


def _chosen(choice: Mapping[str, Any], place: Place) -> Iterator[ChosenTool]:
    kind = choice.get("type")
    key = "name" if kind in _NAMED else "server_label" if kind == "mcp" else "type"
    name = choice.get(key)
    if isinstance(kind, str) and isinstance(name, str):
        yield ChosenTool("hosted" if key == "type" else kind, name, (*place, key))


def declared(request: Request) -> frozenset[tuple[str, str]] | None:
    """Return kind and name of every tool on offer; None without a list of tools, or if a stored prompt may add some."""
    if not isinstance(request.get("tools"), list) or request.get("prompt"):
        return None
    return frozenset(named for _, tool, _ in _listed_tools(request) for named in _names_of(tool))


def _names_of(tool: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    kind = tool.get("type")
    if not isinstance(kind, str):
        return
    if kind in _NAMED or kind == "mcp":
        name = tool.get("server_label" if kind == "mcp" else "name")
        if isinstance(name, str):
            yield kind, name
    else:
        yield from (("hosted", other) for other in next((same for same in _SAME_TOOL if kind in same), (kind,)))


def strict_answers(request: Request) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield the strict schema of the answer, if there is one, with its place."""
    yield from ((place, schema) for place, schema, is_strict in answers(request) if is_strict)


def answers(request: Request) -> Iterator[tuple[Place, dict[str, Any], bool]]:
    """Yield the schema of the answer, if there is one, with its place and whether it is strict."""
    answer = _format(request)
    if answer.get("type") == "json_schema" and isinstance(answer.get("schema"), dict):
        yield ("text", "format", "schema"), answer["schema"], answer.get("strict") is True


def json_mode(request: Request) -> Place | None:
    """Return the place of what asks for JSON without a schema; None if the server has messages that nobody sees."""
    wanted = _format(request).get("type") == "json_object"
    return ("text", "format", "type") if wanted and not (is_continued(request) or request.get("prompt")) else None


def _format(request: Request) -> Mapping[str, Any]:
    text = request.get("text")
    answer = text.get("format") if isinstance(text, dict) else None
    return answer if isinstance(answer, dict) else NOTHING


def names(request: Request) -> Iterator[tuple[Place, str]]:
    """Yield the names of functions and custom tools with their places: in tools, choices and calls."""
    owners = [(place, tool) for place, tool, _ in _listed_tools(request) if tool.get("type") in _NAMED]
    choice = request.get("tool_choice")
    if isinstance(choice, dict):
        owners.append((("tool_choice",), choice))
        allowed = numbered(choice.get("tools"))
        owners += [(("tool_choice", "tools", index), tool) for index, tool in allowed if isinstance(tool, dict)]
    owners += [(place, item) for place, item in items(request) if item.get("type") in (*_CALLS, *_OUTPUTS)]
    for place, owner in owners:
        if isinstance(owner.get("name"), str):
            yield (*place, "name"), owner["name"]


def model(request: Request) -> str | None:
    """Return the id of the model."""
    return as_text(request.get("model"))


def token_limits(request: Request) -> Iterator[tuple[Place, object]]:
    """Yield the limit of the answer."""
    if "max_output_tokens" in request:
        yield ("max_output_tokens",), request["max_output_tokens"]


_WRITTEN = WrittenForm("openai-responses", ("tools",), beside={"type": "function"})


def offering(tools: Iterable[OfferedTool], way: ToolWay = AS_WRITTEN) -> Offering:
    """Return a request with *tools*."""
    written, places = write_tools(tools, _WRITTEN, way)
    return Offering({"model": way.model or "-", "input": "-", "tools": written}, places)


def first_words(request: Request) -> object:
    """Return the text of the input, or the content of the first user message; failing that the first item."""
    given = request.get("input")
    if isinstance(given, str):
        return given
    return said_first(given) if isinstance(given, list) else request


OPENAI_RESPONSES = Dialect(
    name="openai-responses",
    keys={"turns": "input", "tools": "tools", "choice": "tool_choice", "answer": "text", "model": "model"},
    places={
        "turns": "/input",
        "turn": "/input/*",
        "turn-content": "/input/*/content",
        "turn-role": "/input/*/role",
        "part": "/input/*/content/*",
        "tools": "/tools",
        "tool": "/tools/*",
        "tool-name": "/tools/*/name",
        "tool-description": "/tools/*/description",
        "tool-parameters": "/tools/*/parameters",
    },
    turns=turns,
    has_turns=has_turns,
    calls=calls,
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
    limit_keys=("max_output_tokens",),
    offering=offering,
    first_words=first_words,
    proofs={
        "paired-calls": paired_calls,
        "distinct-tool-names": distinct_tool_names,
        "flat-parameters": flat_parameters,
        "agreeing-strict-schemas": agreeing_strict_schemas,
        "ordinary-items": ordinary_items,
    },
    bulk="input",
    repeated=("model", "tools", "text"),
    is_certain=certainly_a_request,
    is_foreign=has_foreign_mark,
)
DIALECT = OPENAI_RESPONSES
