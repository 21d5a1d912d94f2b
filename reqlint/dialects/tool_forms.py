"""
The forms in which tools stand outside of a request, and how each is known.

Sources: the Model Context Protocol's schema of 2025-11-25 (`Tool`, `ListToolsResult`), and the references of OpenAI,
Anthropic and Google that `strangers` cites, read 2026-11-28.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from reqlint.core.pointer import Place
from reqlint.core.records import dataclass
from reqlint.dialects.vocabulary import OfferedTool


class ToolForm(NamedTuple):
    """A way to write a tool."""

    name: str  #: whose it is, in words
    schema_keys: tuple[str, ...]  #: where the schema of the parameters may be; the first that is there counts
    keys: frozenset[str]  #: those that a tool has
    dialect: str | None = None  #: whose requests hold a tool exactly so
    holder: str | None = None  #: the key of the object with name and description, in a tool


MCP = ToolForm(
    "MCP",
    ("inputSchema",),
    frozenset(
        {"name", "title", "description", "inputSchema", "outputSchema", "annotations", "icons", "execution", "_meta"}
    ),
)
CHAT = ToolForm(
    "Chat Completions", ("parameters",), frozenset({"type", "function", "custom"}), "openai-chat", "function"
)
BEDROCK = ToolForm("Bedrock", ("inputSchema",), frozenset({"toolSpec"}), "bedrock-converse", "toolSpec")
RESPONSES = ToolForm(
    "the Responses API",
    ("parameters",),
    frozenset({"type", "name", "description", "parameters", "strict"}),
    "openai-responses",
)
ANTHROPIC = ToolForm(
    "Anthropic",
    ("input_schema",),
    frozenset(
        {
            "type", "name", "description", "input_schema", "strict", "cache_control", "defer_loading",
            "allowed_callers", "eager_input_streaming", "input_examples",
        }
    ),
    "anthropic-messages",
)  # fmt: skip
GEMINI = ToolForm(
    "Gemini",
    ("parameters", "parametersJsonSchema", "parameters_json_schema"),
    frozenset(
        {
            "name", "description", "behavior", "parameters", "parametersJsonSchema", "parameters_json_schema",
            "response", "responseJsonSchema", "response_json_schema",
        }
    ),
    "gemini-generate",
)  # fmt: skip
FUNCTIONS = ToolForm("a function", ("parameters",), frozenset({"name", "description", "parameters", "strict"}))
SCHEMA = ToolForm("a schema", (), frozenset())

_DECLARATIONS = ("functionDeclarations", "function_declarations")
_BESIDE_TOOLS = frozenset(
    {
        "tools", "nextCursor", "_meta", "resultType", "ttlMs", "cacheScope", "tool_choice", "toolChoice",
        "parallel_tool_calls", "toolConfig", "tool_config",
    }
)  # fmt: skip
"""Keys of an object that is a list of tools and nothing else: a page of MCP's, or a part of a request."""
_TOOL_KEYS = frozenset(
    {"type", "name", "function", "custom", "toolSpec", "inputSchema", "input_schema", "parameters", *_DECLARATIONS}
)
_OF_CALLS = frozenset({"id", "call_id", "arguments", "input"})
"""Keys of a call, which otherwise looks like a tool."""
_LISTS = ("tools", "functions")


@dataclass(frozen=True)
class ToolList:
    """Tools that stand in a document without a request."""

    form: ToolForm  #: that of most
    place: Place  #: of the array that holds them, or of what is one tool
    tools: tuple[OfferedTool, ...]

    def tool_at(self, place: Place) -> OfferedTool | None:
        """Return the tool that a place of the document is in; None if it is in none of them."""
        within = (self._by_place.get(place[:length]) for length in range(len(place) + 1))
        return next((tool for tool in within if tool), None)

    @cached_property
    def _by_place(self) -> Mapping[Place, OfferedTool]:
        return {tool.place: tool for tool in self.tools}


# ------------------------------------------------------------------------------------------------------- recognition


def tools_in(value: object, place: Place = ()) -> ToolList | None:
    """Return the tools that *value* is or lists; None unless it is unmistakably that."""
    if isinstance(value, list):
        form = _form_of_list(value)
        return _read_list(value, place, form) if form else None
    if not isinstance(value, dict):
        return None
    if "jsonrpc" in value:
        return _in_result(value, place)
    listed = value.get("tools")
    if isinstance(listed, list):
        return tools_in(listed, (*place, "tools")) if value.keys() <= _BESIDE_TOOLS else None
    if value.keys() == {"toolConfig"} and isinstance(config := value["toolConfig"], dict):
        return tools_in(config, (*place, "toolConfig")) if "tools" in config else None
    if value.keys() <= {*_DECLARATIONS} and any(_declarations(value)):
        return ToolList(GEMINI, place, tuple(_tools_of(value, place, GEMINI)))
    form = _form_of(value)
    return _read_one(value, place, form) if form and value.keys() <= form.keys else None


def tools_as_told(value: object, place: Place = ()) -> ToolList:
    """Return the tools in *value*, of which the user says that it holds tools."""
    if isinstance(value, dict):
        found = _in_result(value, place)
        if found:
            return found
        for key in _LISTS:
            listed = value.get(key)
            if isinstance(listed, list):
                return _read_list(listed, (*place, key), _form_of_list(listed) or _guess(listed[:1], MCP))
        if any(_declarations(value)):
            return ToolList(GEMINI, place, tuple(_tools_of(value, place, GEMINI)))
        return _read_one(value, place, _form_of(value) or _guess([value], FUNCTIONS))
    if isinstance(value, list):
        return _read_list(value, place, _form_of_list(value) or _guess(value[:1], FUNCTIONS))
    return _read_one(value, place, CHAT)


def schemas_as_told(value: object, place: Place = ()) -> ToolList:
    """Return the schemas of parameters in *value*, of which the user says that it is one, or an array of them."""
    each = [((*place, i), schema) for i, schema in enumerate(value)] if isinstance(value, list) else [(place, value)]
    return ToolList(
        SCHEMA,
        place,
        tuple(
            OfferedTool(at, schema, {"parameters": (at, in_json_schema(schema))}, is_schema=True) for at, schema in each
        ),
    )


def _in_result(message: Mapping[str, Any], place: Place) -> ToolList | None:
    """Return the tools in the result of a JSON-RPC message."""
    result = message.get("result")
    listed = result.get("tools") if isinstance(result, dict) else None
    if not isinstance(listed, list) or not listed or not all(isinstance(tool, dict) for tool in listed):
        return None
    return _read_list(listed, (*place, "result", "tools"), _form_of_list(listed) or MCP)


def _form_of_list(listed: list[Any]) -> ToolForm | None:
    """Return the form of most tools in an array; None unless all its elements may be tools and half of them must be."""
    first = listed[0] if listed else None
    if not isinstance(first, dict) or _TOOL_KEYS.isdisjoint(first):
        return None  # a short way for arrays of requests
    if any(any(_declarations(tool)) for tool in listed):
        return GEMINI if all(isinstance(tool, dict) for tool in listed) else None
    counts: dict[ToolForm, int] = {}
    for tool in listed:
        if not isinstance(tool, dict) or _TOOL_KEYS.isdisjoint(tool):
            return None
        form = _form_of(tool)
        if form:
            counts[form] = counts.get(form, 0) + 1
    return max(counts, key=lambda form: counts[form]) if sum(counts.values()) * 2 >= len(listed) else None


def _form_of(tool: Mapping[str, Any]) -> ToolForm | None:
    """Return the form of an object that must be a tool."""
    if not _OF_CALLS.isdisjoint(tool):
        return None
    spec = tool.get("toolSpec")
    if isinstance(spec, dict):
        return BEDROCK if isinstance(spec.get("name"), str) and isinstance(spec.get("inputSchema"), dict) else None
    kind, function = tool.get("type"), tool.get("function")
    if isinstance(function, dict):
        described = ("parameters" in function or "description" in function) and _OF_CALLS.isdisjoint(function)
        return CHAT if kind == "function" and described else None
    if not isinstance(tool.get("name"), str):
        return None
    for form, key in ((MCP, "inputSchema"), (ANTHROPIC, "input_schema")):
        if isinstance(tool.get(key), dict):
            return form
    parameters = tool.get("parameters")
    if kind == "function":
        return RESPONSES if isinstance(parameters, dict) else None
    if isinstance(tool.get("parametersJsonSchema"), dict) or (_is_dict_of(parameters, _UPPER)):
        return GEMINI
    if "description" not in tool or not isinstance(parameters, dict) or not tool.keys() <= FUNCTIONS.keys | GEMINI.keys:
        return None
    return FUNCTIONS if parameters.get("type") == "object" and "properties" in parameters else None


def _is_dict_of(schema: object, types: Mapping[str, str]) -> bool:
    kind = schema.get("type") if isinstance(schema, dict) else None
    return isinstance(kind, str) and kind in types


def _guess(tools: list[Any], otherwise: ToolForm) -> ToolForm:
    """Return the form that the first of *tools* seems to be meant in."""
    for tool in tools:
        if isinstance(tool, dict):
            for form, key in (
                (CHAT, "function"),
                (BEDROCK, "toolSpec"),
                (MCP, "inputSchema"),
                (ANTHROPIC, "input_schema"),
            ):
                if key in tool:
                    return form
            if "parameters" in tool:
                return RESPONSES if tool.get("type") == "function" else FUNCTIONS
    return otherwise


# ------------------------------------------------------------------------------------------------ what stands nearby


def is_schema(value: Mapping[str, Any]) -> bool:
    """Return whether an object is a JSON Schema, of a tool's parameters or of anything else."""
    named = value.get("$schema")
    if isinstance(named, str) and "json-schema.org" in named:
        return True
    return value.get("type") == "object" and isinstance(value.get("properties"), dict) and "model" not in value


def is_call(value: Mapping[str, Any]) -> bool:
    """Return whether an object is a call of a tool."""
    function = value.get("function") if value.get("type") == "function" else None
    return isinstance(function, dict) and "arguments" in function


def calls_mcp(value: Mapping[str, Any]) -> bool:
    """Return whether an object is a request or notification of the Model Context Protocol, or of one of its clients."""
    method = value.get("method")
    return "jsonrpc" in value and isinstance(method, str) and _MCP_METHOD.match(method) is not None


_MCP_METHOD = re.compile(
    r"(initialize|ping)$|(completion|elicitation|logging|notifications|prompts|resources|roots|sampling|tasks|tools)/"
)


# ----------------------------------------------------------------------------------------------------------- reading


def _read_one(tool: object, place: Place, form: ToolForm) -> ToolList:
    return ToolList(form, place, (_read(tool, place, form),))


def _read_list(listed: list[Any], place: Place, form: ToolForm) -> ToolList:
    tools: list[OfferedTool] = []
    for number, tool in enumerate(listed):
        tools += _tools_of(tool, (*place, number), form)
    return ToolList(form, place, tuple(tools))


def _tools_of(tool: object, place: Place, form: ToolForm) -> Iterator[OfferedTool]:
    declared = list(_declarations(tool))
    for key, declarations in declared:
        for number, each in enumerate(declarations):
            yield _read(each, (*place, key, number), GEMINI)
    if declared or (form is GEMINI and isinstance(tool, dict) and "name" not in tool):
        return  # a tool of Google's own, such as {"googleSearch": {}}
    own = _form_of(tool) if isinstance(tool, dict) else None
    if own is None and form is not CHAT and isinstance(tool, dict) and _is_hosted(tool):
        return
    yield _read(tool, place, own or _guess([tool], form))


def _is_hosted(tool: Mapping[str, Any]) -> bool:
    """Return whether a tool is one that its API runs itself, which has a type of its own and no parameters."""
    return isinstance(tool.get("type"), str) and tool["type"] != "function" and "input_schema" not in tool


def _declarations(tool: object) -> Iterator[tuple[str, list[Any]]]:
    """Yield the lists of declarations in a tool of Gemini's, with their keys."""
    if isinstance(tool, dict):
        yield from ((key, tool[key]) for key in _DECLARATIONS if isinstance(tool.get(key), list))


def _read(tool: object, place: Place, form: ToolForm) -> OfferedTool:
    holder: object = tool
    at = place
    if form.holder is not None and isinstance(tool, dict):
        holder, at = tool.get(form.holder), (*place, form.holder)
    if not isinstance(holder, dict):
        return OfferedTool(place, tool, {}, form.dialect)
    members = {key: ((*at, key), holder[key]) for key in ("name", "description", "strict") if key in holder}
    key = next((key for key in form.schema_keys if key in holder), None)
    if form is BEDROCK:
        if isinstance(wrapped := holder.get("inputSchema"), dict) and "json" in wrapped:
            members["parameters"] = (*at, "inputSchema", "json"), wrapped["json"]
    elif key is not None:
        members["parameters"] = (*at, key), in_json_schema(holder[key]) if form is GEMINI else holder[key]
    return OfferedTool(place, tool, members, form.dialect)


# ------------------------------------------------------------------------------------- Gemini's types in JSON Schema

_UPPER = {name.upper(): name for name in ("array", "boolean", "integer", "null", "number", "object", "string")}
_NUMBERS = frozenset({"minItems", "maxItems", "minLength", "maxLength", "minProperties", "maxProperties"})
"""Written as strings, since they have 64 bits."""
_MOST = 5_000  # objects of a schema that are read so
_DEEPEST = 60


def in_json_schema(schema: object) -> object:
    """Return a schema whose types may be in upper case, as Gemini writes them, in the words of JSON Schema."""
    if not isinstance(schema, dict) or not _has_upper_type(schema):
        return schema
    return _lowered(schema, _DEEPEST, [_MOST])


def _has_upper_type(schema: Mapping[str, Any]) -> bool:
    kinds = [schema, *(each for each in _values(schema.get("properties")) if isinstance(each, dict))]
    return any(_is_dict_of(each, _UPPER) for each in kinds)


def _values(members: object) -> list[Any]:
    return list(members.values()) if isinstance(members, dict) else []


def _lowered(schema: Any, levels: int, left: list[int]) -> Any:
    left[0] -= 1
    if levels == 0 or left[0] < 0 or not isinstance(schema, dict):
        return schema
    lowered: dict[Any, Any] = {}
    for key, value in schema.items():
        if key == "type" and isinstance(value, str):
            value = _UPPER.get(value, value)
        elif key in _NUMBERS and isinstance(value, str) and value.isdecimal() and value.isascii() and len(value) < 20:
            value = int(value)
        elif key in ("items", "additionalProperties"):
            value = _lowered(value, levels - 1, left)
        elif key in ("properties", "$defs", "defs") and isinstance(value, dict):
            value = {name: _lowered(each, levels - 1, left) for name, each in value.items()}
        elif key in ("anyOf", "prefixItems") and isinstance(value, list):
            value = [_lowered(each, levels - 1, left) for each in value]
        lowered[key] = value
    return lowered
