"""
Requests in Mistral's own form of chat, and what mutations put into them.

They have only parameters that mistral-common knows. What it leaves to the server, such as stop and stream, is not asked
about.
"""

from typing import Any

from reqlint.run.probing.material import Material
from reqlint.run.probing.pools import IMAGE, MODEL

_SOW = {
    "type": "function",
    "function": {
        "name": "sow",
        "description": "Plan when to sow a plant",
        "parameters": {
            "type": "object",
            "properties": {
                "plant": {"type": "string", "description": "Its common name"},
                "beds": {"type": "integer", "minimum": 1, "maximum": 9},
                "marks": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
                "place": {
                    "type": "object",
                    "properties": {"code": {"type": "string", "pattern": "^[A-Z][0-9]$"}, "sunny": {"type": "boolean"}},
                    "required": ["code"],
                },
            },
            "required": ["plant"],
        },
    },
}
_WEATHER = {
    "type": "function",
    "function": {
        "name": "frost",
        "description": "Say when the last frost is",
        "parameters": {"type": "object", "properties": {"town": {"type": "string"}}, "required": ["town"]},
    },
}
_CLOSED = {
    "type": "function",
    "function": {
        "name": "order_seeds",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {"kind": {"type": "string"}, "bags": {"type": "integer"}},
            "required": ["kind", "bags"],
            "additionalProperties": False,
        },
    },
}
_BARE = {"type": "function", "function": {"name": "today", "parameters": {}}}
_BEDS = {
    "type": "object",
    "properties": {
        "beds": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"plant": {"type": "string"}, "rows": {"type": "integer", "minimum": 1}},
                "required": ["plant", "rows"],
            },
        },
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "season": {"$ref": "#/definitions/season"},
    },
    "required": ["beds"],
    "definitions": {"season": {"type": "string", "enum": ["spring", "autumn"]}},
}
_USER = {"role": "user", "content": "When do I sow beans?"}
_CALL = {
    "role": "assistant",
    "content": "",
    "tool_calls": [
        {"id": "fR0sT4711", "type": "function", "function": {"name": "frost", "arguments": '{"town": "Lund"}'}}
    ],
}
_RESULT = {"role": "tool", "tool_call_id": "fR0sT4711", "name": "frost", "content": "12 May"}
_TWO_CALLS = {
    "role": "assistant",
    "tool_calls": [
        {"id": "fR0sT0001", "function": {"name": "frost", "arguments": {"town": "Lund"}}},
        {"id": "t0dAy0002", "function": {"name": "today", "arguments": "{}"}},
    ],
}


def _request(*messages: Any, **parameters: Any) -> dict[str, Any]:
    return {"model": MODEL, "messages": list(messages) or [_USER], **parameters}


def _parts(*parts: Any) -> dict[str, Any]:
    return {"role": "user", "content": list(parts)}


def _text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def _format(schema: Any, **more: Any) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "beds", "schema": schema, **more}}


_BASES: tuple[dict[str, Any], ...] = (
    _request(),
    _request({"role": "system", "content": "Answer in one word."}, _USER, temperature=0.3, top_p=0.9, max_tokens=8),
    _request(random_seed=11, temperature=0),
    _request({"role": "system", "content": [_text("Be brief.")]}, _USER, max_tokens=4),
    _request(_parts(_text("When do I"), _text("sow beans?"))),
    _request(_parts(_text("What is this?"), {"type": "image_url", "image_url": IMAGE})),
    _request(_parts(_text("What is this?"), {"type": "image_url", "image_url": {"url": IMAGE, "detail": "low"}}), max_tokens=4),
    _request(_USER, {"role": "assistant", "content": "In May."}, {"role": "user", "content": "And peas?"}),
    _request(_USER, {"role": "assistant", "content": [_text("In May.")]}, _parts(_text("And peas?"))),
    _request(_USER, {"role": "assistant", "content": "Beans are sown", "prefix": True}),
    _request(_USER, {"role": "user", "content": "And peas?"}, reasoning_effort="high"),
    _request(tools=[_WEATHER]),
    _request(tools=[_SOW, _WEATHER], tool_choice="auto", parallel_tool_calls=True),
    _request(tools=[_WEATHER, _BARE], tool_choice="none"),
    _request(tools=[_WEATHER], tool_choice={"type": "function", "function": {"name": "frost"}}),
    _request(tools=[_SOW], tool_choice="any", parallel_tool_calls=False),
    _request(tools=[_CLOSED], tool_choice="required"),
    _request(_USER, _CALL, _RESULT, tools=[_WEATHER]),
    _request(
        {"role": "system", "content": "Help gardeners."},
        _USER,
        _TWO_CALLS,
        {"role": "tool", "tool_call_id": "fR0sT0001", "content": "12 May"},
        {"role": "tool", "tool_call_id": "t0dAy0002", "content": [_text("1 May")]},
        {"role": "assistant", "content": "In two weeks."},
        {"role": "user", "content": "Thanks"},
        tools=[_WEATHER, _BARE, _SOW],
    ),
    _request(response_format={"type": "json_object"}),
    _request(response_format={"type": "text"}, temperature=1),
    _request(response_format=_format(_BEDS, strict=True)),
    _request(response_format=_format({"type": "object", "properties": {"plant": {"type": "string"}}}, description="Which"), max_tokens=4),
    _request(_USER, _CALL, _RESULT, {"role": "assistant", "content": "In May."}, _USER, tools=[_WEATHER, _CLOSED]),
)  # fmt: skip

_WORDS = {
    "role": ("system", "user", "assistant", "tool", "developer", "function", "User", ""),
    "type": (
        "function", "text", "image_url", "document_url", "input_audio", "file", "thinking", "reference", "video_url", "json_schema", "json_object", "custom",
        "object", "array", "string", "integer", "number", "null", "any", "String", "",
    ),
    "tool_choice": ("auto", "none", "required", "any", "Auto", ""),
    "reasoning_effort": ("none", "minimal", "low", "xhigh", "max", "highest", ""),
    "detail": ("auto", "low", "high"),
    "arguments": ("", "{", "[1]", "null", "{}", "plain"),
    "name": ("", "a b", "a.b", "x" * 65, "frost", "sow", "nobody", "-"),
    "tool_call_id": ("", "null", "other", "fR0sT0001"),
    "id": ("", "null", "t0dAy0002"),
}  # fmt: skip

_UNKNOWN: tuple[tuple[str, Any], ...] = (
    ("zz_unknown", 1), ("Temperature", 0.5), ("max_token", 5), ("extra_body", {"top_k": 1}), ("cache_control", {"type": "ephemeral"}), ("strict", False),
    ("description", 5), ("description", "x"), ("id", "aB3dE5fG7"), ("name", "frost"), ("name", 5), ("refusal", None), ("reasoning_content", "Hm."), ("tool_calls", []),
    ("tool_calls", None), ("function_call", None), ("prefix", True), ("prefix", False), ("parameters", {}), ("content", "x"), ("", 1),
)  # fmt: skip

_PARAMETERS: dict[str, tuple[Any, ...]] = {
    "temperature": (0, 1, 1.6, -0.1),
    "top_p": (0.5, 1, 1.1, -1),
    "max_tokens": (0, -1, 1, 2.5),
    "random_seed": (0, 1, -1, 2.5),
    "tools": (
        [], [{}], [{"type": "function"}], {}, "x", [{"type": "function", "function": {"name": "frost"}}], [{"type": "function", "name": "frost", "parameters": {}}],
        [{"name": "frost", "input_schema": {"type": "object"}}], [{"function": {"name": "frost", "parameters": {}}}],
    ),
    "tool_choice": (
        "auto", "none", "required", "any", "all", {"type": "function", "function": {"name": "frost"}}, {"type": "function"}, {"function": {"name": "frost"}},
        {"type": "auto"}, {"name": "frost"}, {},
    ),
    "parallel_tool_calls": (True, False),
    "response_format": (
        {"type": "text"}, {"type": "json_object"}, {"type": "json_schema"}, {"type": "json_schema", "json_schema": {"name": "a"}},
        {"type": "json_schema", "json_schema": {"schema": {"type": "object"}}}, {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}},
        {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "array"}}}, {"type": "json_schema", "json_schema": {"name": "a", "schema": True}},
        {"type": "xml"}, "json",
    ),
    "reasoning_effort": ("none", "high", "max", "extreme", 5),
    "seed": (1,),
    "user": ("u",),
    "max_completion_tokens": (4,),
    "logit_bias": ({}, {"5": 1}),
    "store": (True,),
    "stream_options": ({"include_usage": True},),
    "functions": ([],),
    "messages": ([], "Hi", {}, {"role": "user", "content": "Hi"}, ["Hi"], [None], [{"role": "system", "content": "Be brief."}]),
}  # fmt: skip

_TURNS: tuple[Any, ...] = (
    {"role": "user", "content": "More."}, {"role": "user", "content": []}, {"role": "user"}, {"role": "system", "content": "Late."}, {"role": "system"},
    {"role": "system", "content": None}, {"role": "assistant", "content": "So"}, {"role": "assistant"}, {"role": "assistant", "content": None},
    {"role": "assistant", "content": "", "tool_calls": []}, {"role": "assistant", "content": "So", "prefix": True},
    {"role": "tool", "tool_call_id": "call_x", "content": "x"}, {"role": "tool", "tool_call_id": "fR0sT4711", "content": "x"}, {"role": "tool", "content": "x"},
    {"role": "tool", "tool_call_id": "null", "content": "x"}, {"role": "developer", "content": "Be kind."}, {"role": "function", "name": "frost", "content": "x"},
    {"role": "user", "content": [{"type": "text", "text": ""}]}, {"role": "user", "content": [{"text": "Hi"}]}, {"role": "user", "content": [{"type": "text"}]},
    {"role": "user", "content": {"type": "text", "text": "Hi"}}, {"role": "user", "content": [{"type": "odd"}]},
    {"role": "assistant", "content": [{"type": "image_url", "image_url": IMAGE}]}, {"role": "system", "content": [{"type": "image_url", "image_url": IMAGE}]},
    {"role": "tool", "tool_call_id": "fR0sT4711", "content": [{"type": "image_url", "image_url": IMAGE}]},
    {"role": "assistant", "tool_calls": [{"id": "nEwCaLl00", "function": {"name": "frost", "arguments": "{}"}}]},
    {"role": "assistant", "tool_calls": [{"function": {"name": "frost", "arguments": "{}"}}]},
    {"role": "assistant", "tool_calls": [{"id": "aB3dE5fG7", "function": {"name": "a b", "arguments": "{}"}}]},
    {"content": "Hi"}, {"role": None, "content": "Hi"}, "Hi",
)  # fmt: skip

MISTRAL = Material(
    bases=_BASES,
    words=_WORDS,
    unknown=_UNKNOWN,
    parameters=_PARAMETERS,
    turns=_TURNS,
    name="mistral:",
)
