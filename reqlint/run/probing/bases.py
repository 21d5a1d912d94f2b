"""Requests that servers of OpenAI's chat format answer, written by hand: what mutations start from."""

from typing import Any

from reqlint.run.probing.pools import IMAGE, MODEL

_ADDRESS = {
    "type": "object",
    "properties": {
        "street": {"type": "string", "description": "With the number"},
        "zip": {"type": "string", "pattern": "^[0-9]{5}$"},
        "country": {"type": "string", "enum": ["NO", "SE", "DK"]},
    },
    "required": ["street", "zip", "country"],
    "additionalProperties": False,
}
_SHIP = {
    "type": "function",
    "function": {
        "name": "ship_parcel",
        "description": "Send a parcel to an address",
        "parameters": {
            "type": "object",
            "properties": {
                "to": _ADDRESS,
                "weight": {"type": "number", "minimum": 0, "maximum": 30},
                "labels": {"type": "array", "items": {"type": "string"}, "maxItems": 4},
            },
            "required": ["to"],
        },
    },
}
_TRACK = {
    "type": "function",
    "function": {
        "name": "track",
        "description": "Say where a parcel is",
        "parameters": {"type": "object", "properties": {"number": {"type": "string"}}, "required": ["number"]},
    },
}
_CLOSED = {
    "type": "function",
    "function": {
        "name": "open_ticket",
        "strict": True,
        "parameters": {
            "type": "object",
            "properties": {"subject": {"type": "string"}, "urgent": {"type": "boolean"}},
            "required": ["subject", "urgent"],
            "additionalProperties": False,
        },
    },
}
_BARE = {"type": "function", "function": {"name": "now"}}
_ORDER = {
    "type": "object",
    "properties": {
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"sku": {"type": "string"}, "count": {"type": "integer", "minimum": 1}},
                "required": ["sku", "count"],
                "additionalProperties": False,
            },
        },
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "to": {"$ref": "#/$defs/place"},
    },
    "required": ["items", "note", "to"],
    "additionalProperties": False,
    "$defs": {"place": {"type": "string", "enum": ["home", "office"]}},
}
_USER = {"role": "user", "content": "Where is parcel 4711?"}
_CALL = {
    "role": "assistant",
    "content": None,
    "tool_calls": [{"id": "call_t4711", "type": "function", "function": {"name": "track", "arguments": '{"number": "4711"}'}}],
}  # fmt: skip
_RESULT = {"role": "tool", "tool_call_id": "call_t4711", "content": '{"at": "Bergen"}'}
_TWO_CALLS = {
    "role": "assistant",
    "content": "One moment.",
    "tool_calls": [
        {"id": "call_a", "type": "function", "function": {"name": "track", "arguments": '{"number": "1"}'}},
        {"id": "call_b", "type": "function", "function": {"name": "track", "arguments": '{"number": "2"}'}},
    ],
}


def _request(*messages: Any, **parameters: Any) -> dict[str, Any]:
    return {"model": MODEL, "messages": list(messages) or [_USER], **parameters}


def _parts(*parts: Any) -> dict[str, Any]:
    return {"role": "user", "content": list(parts)}


def _text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def _format(schema: Any, **more: Any) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "order", "schema": schema, **more}}


BASES: tuple[dict[str, Any], ...] = (
    _request(),
    _request({"role": "system", "content": "Answer in one word."}, _USER, temperature=0.7, top_p=0.95, max_tokens=8),
    _request(seed=11, presence_penalty=0.2, frequency_penalty=-0.4, stop=["\n", "END"], user="u-17", n=1),
    _request(stop="END", logit_bias={"12": -1.5, "40": 3}, logprobs=True, top_logprobs=2, max_completion_tokens=4),
    _request(stream=True, stream_options={"include_usage": True}, max_tokens=4),
    _request({"role": "developer", "content": "Be brief."}, _USER, reasoning_effort="low", max_completion_tokens=8),
    _request(_parts(_text("Where is"), _text("parcel 4711?")), metadata={"desk": "3"}, store=False, service_tier="auto"),
    _request(_parts(_text("What is this?"), {"type": "image_url", "image_url": {"url": IMAGE, "detail": "low"}})),
    _request(_USER, {"role": "assistant", "content": "In Bergen."}, {"role": "user", "content": "And now?", "name": "ann"}),
    _request(_USER, {"role": "assistant", "content": [_text("In Bergen.")]}, _parts(_text("And now?"))),
    _request(tools=[_TRACK]),
    _request(tools=[_SHIP, _TRACK], tool_choice="auto", parallel_tool_calls=True),
    _request(tools=[_TRACK, _BARE], tool_choice="none", temperature=0),
    _request(tools=[_TRACK], tool_choice={"type": "function", "function": {"name": "track"}}),
    _request(tools=[_SHIP], tool_choice="required", max_tokens=4),
    _request(tools=[_CLOSED]),
    _request(_USER, _CALL, _RESULT, tools=[_TRACK]),
    _request(
        {"role": "system", "content": "Be brief."},
        _USER,
        _TWO_CALLS,
        {"role": "tool", "tool_call_id": "call_a", "content": "Oslo"},
        {"role": "tool", "tool_call_id": "call_b", "content": [_text("Bergen")]},
        {"role": "assistant", "content": "Oslo and Bergen."},
        {"role": "user", "content": "Thanks"},
        tools=[_TRACK, _SHIP],
    ),
    _request(response_format={"type": "json_object"}),
    _request(response_format={"type": "text"}, temperature=1),
    _request(response_format=_format(_ORDER, strict=True)),
    _request(response_format=_format({"type": "object", "properties": {"city": {"type": "string"}}}), max_tokens=4),
    _request(_USER, _CALL, _RESULT, {"role": "assistant", "content": "In Bergen."}, _USER, tools=[_TRACK, _CLOSED], n=1),
    _request(top_k=20, min_p=0.05, repetition_penalty=1.1, chat_template_kwargs={"enable_thinking": False}),
)  # fmt: skip
"""Each is answered by vLLM and by llama.cpp's server, but the one with an image, which the tiny model cannot see."""
