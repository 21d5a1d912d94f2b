"""
The shape of generateContent: contents with a role and parts, of which each is a text, a file, a call or a response.

A part is named by the key of its content: ``{"functionCall": {…}}``. A call has no id in most requests, and is answered
by a part of the next turn. Each key may be written in snake_case as well.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from reqlint.core.pointer import Place
from reqlint.dialects.flat_schemas import are_flat
from reqlint.dialects.gemini_generate_marks import certainly_a_request, has_foreign_mark
from reqlint.dialects.members import as_text
from reqlint.dialects.offer import WrittenForm, write_tools
from reqlint.dialects.protobuf_members import child, listed, member, snake_case, spelling
from reqlint.dialects.tool_forms import in_json_schema
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

_MOST_DIGITS = 20  # of a number in a string: more than a 64-bit integer has, and soon read
_MODEL_IN_PATH = re.compile(r"/models/([^/:]+):[A-Za-z]+$")


def stated(url: str | None, _headers: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the model that the address names, as the body could have it."""
    try:
        path = unquote(urlsplit(url or "").path)
    except ValueError:  # a bracket that opens no IPv6 address
        return {}
    found = _MODEL_IN_PATH.search(path)
    return {"model": found[1]} if found else {}


def turns(request: Request) -> Iterator[Turn]:
    """Yield every content; one that is no object has no role and is empty."""
    contents = request.get("contents")
    if isinstance(contents, dict):
        yield _turn(("contents",), contents)
    for index, content in enumerate(contents if isinstance(contents, list) else ()):
        yield _turn(("contents", index), content if isinstance(content, dict) else {})


def _turn(place: Place, content: Mapping[str, Any]) -> Turn:
    return Turn(place, as_text(content.get("role")), (*place, "role"), content)


def has_turns(request: Request) -> bool:
    """Return whether there is at least one content."""
    return isinstance(request.get("contents"), list | dict) and bool(request["contents"])


def parts_of(turn: Turn) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield every part of a turn that is an object, with its place."""
    return listed(turn.value, "parts", turn.place)


def calls_of(turn: Turn) -> Iterator[ToolCall]:
    """Yield the function calls of a turn, whatever its role."""
    for place, part in parts_of(turn):
        key = spelling(part, "functionCall")
        call = part.get(key)
        if isinstance(call, dict):
            at = (*place, key)
            yield ToolCall(
                at,
                as_text(call.get("id")),
                (*at, "id"),
                as_text(call.get("name")),
                call.get("args"),
                (*at, "args"),
                call,
            )


def results_of(turn: Turn) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield the function responses of a turn, whatever its role."""
    for place, part in parts_of(turn):
        key = spelling(part, "functionResponse")
        if isinstance(part.get(key), dict):
            yield (*place, key), part[key]


def runs(request: Request) -> Iterator[list[Turn]]:
    """Yield the turns in runs of the same speaker, each of which counts as one; without a role the user speaks."""
    run: list[Turn] = []
    for turn in turns(request):
        if run and (turn.role == "model") is not (run[0].role == "model"):
            yield run
            run = []
        run.append(turn)
    if run:
        yield run


def rounds(request: Request) -> Iterator[Round]:
    """Yield every run of turns with its calls, and the responses in the next one; of both those that have an id."""
    before: list[Turn] = []
    for run in runs(request):
        yield _round(before, run)
        before = run
    yield _round(before, [])


def _round(before: list[Turn], after: list[Turn]) -> Round:
    calls = [call for turn in before for call in calls_of(turn) if call.id is not None]
    found = [each for turn in after for each in results_of(turn)]
    results = [ToolResult(each["id"], (*at, "id"), at) for at, each in found if isinstance(each.get("id"), str)]
    silent = next((turn.place for turn in after if not any(results_of(turn))), None)
    return Round(before[0] if before else None, calls, results, silent)


def parts(request: Request) -> Iterator[ContentPart]:
    """Yield every part of the conversation that is an object."""
    for turn in turns(request):
        for place, part in parts_of(turn):
            yield ContentPart(place, part, turn)


def texts(request: Request) -> Iterator[str]:
    """Yield the texts of the conversation, those of the last turn first, and then those of the instruction."""
    for turn in reversed(list(turns(request))):
        yield from _texts_in(turn.value)
    yield from _texts_in(child(request, "systemInstruction", ())[0])


def _texts_in(content: Mapping[str, Any]) -> Iterator[str]:
    for _, part in listed(content, "parts", ()):
        if isinstance(part.get("text"), str):
            yield part["text"]


def declarations(request: Request) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield every function declaration that is an object, with its place."""
    for place, tool in listed(request, "tools", ()):
        yield from listed(tool, "functionDeclarations", place)


def tools(request: Request) -> Iterator[Tool]:
    """
    Yield every declared function.

    Its parameters are those in the API's own form of schemas, read in the words of JSON Schema. A JSON Schema in their
    place is left out, as the server takes nearly everything there.
    """
    for place, declared_function in declarations(request):
        name, schema = as_text(declared_function.get("name")), declared_function.get("parameters")
        at = (*place, "parameters")
        yield Tool(place, declared_function, name, (*place, "name"), in_json_schema(schema), at)


def chosen(request: Request) -> Iterator[ChosenTool]:
    """Yield the functions that the model is allowed to call."""
    config, place = calling_config(request)
    key = spelling(config, "allowedFunctionNames")
    names = config.get(key)
    for index, name in enumerate(names if isinstance(names, list) else ()):
        if isinstance(name, str):
            yield ChosenTool("function", name, (*place, key, index))


def calling_config(request: Request) -> tuple[Mapping[str, Any], Place]:
    """Return what says whether functions are called, and its place; an empty object if nothing does."""
    return child(*_swapped(child(request, "toolConfig", ()), "functionCallingConfig"))


def _swapped(found: tuple[Mapping[str, Any], Place], key: str) -> tuple[Mapping[str, Any], str, Place]:
    return found[0], key, found[1]


def declared(request: Request) -> frozenset[tuple[str, str]] | None:
    """Return kind and name of every declared function; None without tools."""
    if not isinstance(request.get("tools"), list | dict):
        return None
    names = (function.get("name") for _, function in declarations(request))
    return frozenset(("function", name) for name in names if isinstance(name, str))


def strict_answers(_request: Request) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield nothing: no schema of an answer is strict in the sense of the other APIs."""
    return iter(())


def json_mode(request: Request) -> Place | None:
    """Return the place of the media type that asks for JSON without a schema."""
    config, place = child(request, "generationConfig", ())
    wanted = as_text(member(config, "responseMimeType"))
    has_schema = any(member(config, key) is not None for key in ("responseSchema", "responseJsonSchema"))
    if wanted != "application/json" or has_schema:
        return None
    return (*place, spelling(config, "responseMimeType"))


def names(request: Request) -> Iterator[tuple[Place, str]]:
    """Yield the names of functions with their places: in declarations, calls and responses, and those allowed."""
    for place, function in declarations(request):
        yield from _name_in(function, place)
    yield from ((choice.place, choice.name) for choice in chosen(request))
    for turn in turns(request):
        for call in calls_of(turn):
            yield from _name_in(call.value or {}, call.place)
        for place, result in results_of(turn):
            yield from _name_in(result, place)


def _name_in(owner: Mapping[str, Any], place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(owner.get("name"), str):
        yield (*place, "name"), owner["name"]


def model(request: Request) -> str | None:
    """Return the id of the model, which only the address or a client's own key names."""
    return as_text(request.get("model"))


def token_limits(request: Request) -> Iterator[tuple[Place, object]]:
    """Yield the limit of the answer; protobuf reads a number from a string as well."""
    config, place = child(request, "generationConfig", ())
    name = spelling(config, "maxOutputTokens")
    if name in config:
        value = config[name]
        is_number = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS
        yield (*place, name), int(value) if is_number else value


_WRITTEN = WrittenForm(
    "gemini-generate",
    ("tools", 0, "functionDeclarations"),
    members={"parameters": ("parametersJsonSchema",)},
    schema_keys=("parameters", "parametersJsonSchema", "parameters_json_schema"),
)
"""A schema from elsewhere is none in this API's own form."""


def offering(offered: Iterable[OfferedTool], way: ToolWay = AS_WRITTEN) -> Offering:
    """Return a request with *offered* as function declarations, which are never strict."""
    lenient = (
        tool._replace(members={key: found for key, found in tool.members.items() if key != "strict"})
        for tool in offered
    )
    written, places = write_tools(lenient, _WRITTEN, way._replace(strict=None))
    around = {"contents": [{"role": "user", "parts": [{"text": "-"}]}]}
    return Offering({**around, **({"tools": [{"functionDeclarations": written}]} if written else {})}, places)


def first_words(request: Request) -> object:
    """Return the parts of the user's first turn; failing that the first turn, or the request itself."""
    said = list(turns(request))
    users = [turn.value.get("parts") for turn in said if turn.role in (None, "user")]
    return users[:1] or [turn.value for turn in said[:1]] or request


def answered_calls(request: Any) -> bool:
    """Return True when the user begins and each turn of calls is answered in the next one; False if that is unknown."""
    waiting = 0  # calls without a response
    try:
        contents = request["contents"]
        if contents[0]["role"] != "user":
            return False
        for content in contents:
            if content["role"] == "model":
                if waiting:
                    return False
                for part in content["parts"]:
                    if "functionCall" in part and part["functionCall"].__class__ is dict:
                        waiting += 1
                    elif "functionCall" in part or "function_call" in part:
                        return False
            else:
                responses = 0
                for part in content["parts"]:
                    if "functionResponse" in part and part["functionResponse"].__class__ is dict:
                        responses += 1
                    elif "functionResponse" in part or "function_response" in part:
                        return False
                if responses != waiting:
                    return False
                waiting = 0
    except (IndexError, KeyError, TypeError):  # an unusual shape
        return False
    return True


def distinct_tool_names(request: Any) -> bool:
    """Return True when every function of a list of tools has a name of its own; False if that is unknown."""
    try:
        names = [function["name"] for tool in request["tools"] for function in tool["functionDeclarations"]]
        return len({*names}) == len(names)
    except (KeyError, TypeError):  # other tools, or an unusual shape
        return False


def flat_parameters(request: Any) -> bool:
    """Return True when every schema of parameters in the API's own form is flat; False if that is unknown."""
    try:
        functions = [function for tool in request["tools"] for function in tool["functionDeclarations"]]
        return are_flat(function["parameters"] for function in functions if "parameters" in function)
    except (AttributeError, KeyError, TypeError):  # other tools, or an unusual shape
        return False


def spellings(key: str) -> tuple[str, ...]:
    """Return the ways in which a key may be written, that in lowerCamelCase first."""
    return (key,) if (snake := snake_case(key)) == key else (key, snake)


_REPEATED = ("model", "tools", "toolConfig", "safetySettings")

DIALECT = Dialect(
    name="gemini-generate",
    keys={
        "turns": "contents",
        "tools": "tools",
        "choice": "toolConfig",
        "answer": "generationConfig",
        "model": "model",
    },
    places={
        "turns": "/contents",
        "turn": "/contents/*",
        "turn-content": "/contents/*/parts",
        "turn-role": "/contents/*/role",
        "part": "/contents/*/parts/*",
        "tools": "/tools",
        "tool": "/tools/*/functionDeclarations/*",
        "tool-name": "/tools/*/functionDeclarations/*/name",
        "tool-description": "/tools/*/functionDeclarations/*/description",
        "tool-parameters": "/tools/*/functionDeclarations/*/parameters",
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
    json_mode=json_mode,
    names=names,
    model=model,
    token_limits=token_limits,
    limit_keys=("generationConfig", "generation_config"),
    plain_settings=frozenset(
        written for key in ("temperature", "topP", "topK", "maxOutputTokens", "seed") for written in spellings(key)
    ),
    offering=offering,
    first_words=first_words,
    proofs={
        "answered-calls": answered_calls,
        "distinct-tool-names": distinct_tool_names,
        "flat-parameters": flat_parameters,
    },
    bulk="contents",
    repeated=tuple(written for key in _REPEATED for written in spellings(key)),
    is_certain=certainly_a_request,
    is_foreign=has_foreign_mark,
    stated=stated,
    spellings=spellings,
)
