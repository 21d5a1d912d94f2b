"""Requests in the shape of Anthropic's Messages API, and what mutations put into them."""

from typing import Any

from reqlint.run.probing.material import Material
from reqlint.run.probing.pools import IMAGE, MODEL

_BOOK = {
    "name": "book_table",
    "description": "Book a table at a restaurant",
    "input_schema": {
        "type": "object",
        "properties": {
            "restaurant": {"type": "string", "description": "Its name"},
            "guests": {"type": "integer", "minimum": 1, "maximum": 12},
            "wishes": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
            "contact": {
                "type": "object",
                "properties": {"phone": {"type": "string", "pattern": "^[0-9 ]+$"}, "name": {"type": "string"}},
                "required": ["name"],
            },
        },
        "required": ["restaurant", "guests"],
    },
}
_HOURS = {
    "name": "opening_hours",
    "description": "Say when a restaurant is open",
    "input_schema": {"type": "object", "properties": {"restaurant": {"type": "string"}}, "required": ["restaurant"]},
}
_CLOSED = {
    "name": "cancel_booking",
    "strict": True,
    "input_schema": {
        "type": "object",
        "properties": {"booking": {"type": "string"}, "refund": {"type": "boolean"}},
        "required": ["booking", "refund"],
        "additionalProperties": False,
    },
}
_BARE = {"name": "today", "input_schema": {"type": "object"}}
_MENU = {
    "type": "object",
    "properties": {
        "dishes": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "price": {"type": "number", "minimum": 0}},
                "required": ["name", "price"],
                "additionalProperties": False,
            },
        },
        "drink": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "kind": {"$ref": "#/$defs/meal"},
    },
    "required": ["dishes", "drink", "kind"],
    "additionalProperties": False,
    "$defs": {"meal": {"type": "string", "enum": ["lunch", "dinner"]}},
}
_USER = {"role": "user", "content": "When does the Albatross open?"}
_CALL = {"type": "tool_use", "id": "toolu_hours", "name": "opening_hours", "input": {"restaurant": "Albatross"}}
_RESULT = {"type": "tool_result", "tool_use_id": "toolu_hours", "content": "From five to ten"}
_CACHED = {"type": "ephemeral"}


def _request(*messages: Any, **parameters: Any) -> dict[str, Any]:
    return {"model": MODEL, "max_tokens": 4, "messages": list(messages) or [_USER], **parameters}


def _says(role: str, *blocks: Any) -> dict[str, Any]:
    return {"role": role, "content": list(blocks)}


def _text(words: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **more}


_BASES: tuple[dict[str, Any], ...] = (
    _request(),
    _request(system="Answer in one word.", temperature=0.7, top_p=0.95),
    _request(system=[_text("Be brief."), _text("Answer in Danish.", cache_control=_CACHED)], top_k=40),
    _request(stop_sequences=["\n\n", "Over"], metadata={"user_id": "guest-17"}, max_tokens=8),
    _request(stream=True, temperature=0),
    _request(_says("user", _text("When does"), _text("the Albatross open?", cache_control=_CACHED))),
    _request(_says("user", _text("What is this?"), {"type": "image", "source": {"type": "base64", "media_type": "image/gif", "data": IMAGE.partition(",")[2]}})),
    _request(_USER, {"role": "assistant", "content": "At five."}, {"role": "user", "content": "And on Sunday?"}),
    _request(_USER, _says("assistant", _text("At five.")), _says("user", _text("And on Sunday?")), service_tier="auto"),
    _request(_USER, {"role": "assistant", "content": "It opens at"}),
    _request(tools=[_HOURS]),
    _request(tools=[_BOOK, _HOURS], tool_choice={"type": "auto"}),
    _request(tools=[_BOOK, _BARE], tool_choice={"type": "any", "disable_parallel_tool_use": True}, stream=True),
    _request(tools=[_HOURS], tool_choice={"type": "tool", "name": "opening_hours"}),
    _request(tools=[_HOURS, _BARE], tool_choice={"type": "none"}, temperature=1),
    _request(tools=[_CLOSED]),
    _request(_USER, _says("assistant", _text("Let me look."), _CALL), _says("user", _RESULT), tools=[_HOURS]),
    _request(
        _USER,
        _says("assistant", _CALL, {"type": "tool_use", "id": "toolu_today", "name": "today", "input": {}}),
        _says(
            "user",
            {"type": "tool_result", "tool_use_id": "toolu_hours", "content": [_text("From five"), _text("to ten")]},
            {"type": "tool_result", "tool_use_id": "toolu_today", "content": "no clock", "is_error": True},
            _text("Then book it."),
        ),
        {"role": "assistant", "content": "For how many?"},
        {"role": "user", "content": "Two."},
        tools=[_HOURS, _BARE, _BOOK],
        system="Help guests.",
    ),
    _request(thinking={"type": "enabled", "budget_tokens": 1024}, max_tokens=1100),
    _request(thinking={"type": "adaptive"}, output_config={"effort": "high"}),
    _request(thinking={"type": "disabled"}),
    _request(
        _USER,
        _says("assistant", {"type": "thinking", "thinking": "They want hours.", "signature": "c2ln"}, _CALL),
        _says("user", _RESULT),
        tools=[_HOURS],
    ),
    _request(output_config={"format": {"type": "json_schema", "schema": _MENU}}, max_tokens=8),
    _request(output_config={"format": {"type": "json_schema", "schema": {"type": "object", "properties": {"open": {"type": "string"}}}}}),
    _request(_USER, _says("assistant", _CALL), _says("user", _RESULT), tools=[_HOURS, _CLOSED], tool_choice={"type": "auto"}, stop_sequences=["Over"]),
    _request(chat_template_kwargs={"enable_thinking": False}, cache_salt="kitchen-salt"),
)  # fmt: skip

_WORDS = {
    "role": ("user", "assistant", "system", "tool", "developer", "User", ""),
    "type": (
        "text", "image", "tool_use", "tool_result", "thinking", "redacted_thinking", "document", "tool_reference", "search_result", "image_url",
        "auto", "any", "tool", "none", "required", "enabled", "disabled", "adaptive", "json_schema", "base64", "url", "ephemeral", "custom", "object",
        "array", "string", "integer", "number", "null", "String", "",
    ),
    "name": ("", "a b", "a.b", "x" * 65, "opening_hours", "book_table", "nobody", "-"),
    "effort": ("none", "minimal", "low", "medium", "xhigh", "max", "highest", ""),
    "service_tier": ("auto", "standard_only", "flex"),
    "media_type": ("image/png", "image/bmp", "text/plain", ""),
    "data": ("", "!!!!"),
    "tool_use_id": ("", "toolu_other", "a b", "c" * 65),
    "id": ("", "toolu_other", "a b"),
    "user_id": ("", "u" * 300),
    "system": ("", "Be kind."),
    "cache_salt": ("", "s" * 200, "a/b"),
}  # fmt: skip

_UNKNOWN: tuple[tuple[str, Any], ...] = (
    ("zz_unknown", 1), ("Temperature", 0.5), ("max_token", 5), ("cache_control", {"type": "ephemeral"}), ("cache_control", None), ("cache_control", 5),
    ("strict", "yes"), ("strict", None), ("strict", True), ("description", 5), ("description", None), ("id", 5), ("name", "ann"), ("name", 5), ("name", None),
    ("text", 5), ("text", None), ("citations", []), ("input", {}), ("input", "{}"), ("content", None), ("content", 5), ("content", []), ("is_error", "maybe"),
    ("source", {}), ("thinking", "Hm."), ("signature", 5), ("defer_loading", True), ("tool_calls", []), ("parameters", None), ("", 1),
)  # fmt: skip

_PARAMETERS: dict[str, tuple[Any, ...]] = {
    "temperature": (0, 1, 1.5, 2, 2.1, -0.1, "0.5", True),
    "top_p": (0, 0.5, 1, 1.1, -1),
    "top_k": (5, 0, -1, -2, "5", 2.5, "x"),
    "max_tokens": (0, -1, 1, 3.0, 2.5, "8", 200000),
    "stop_sequences": ([], ["a", "b", "c", "d"], ["a", "b", "c", "d", "e"], [""], [" "], [5], "a", {}),
    "stream": (True, False, "true", 1, 0, "maybe"),
    "system": ("", [], [{"type": "text", "text": ""}], ["Be brief."], [{"text": "Be brief."}], {"type": "text", "text": "x"}, [{"type": "image", "source": {}}], 5),
    "metadata": ({}, {"user_id": None}, {"user_id": 5}, {"desk": "3"}, "x"),
    "service_tier": ("auto", "standard_only", "fast", 5),
    "thinking": (
        {"type": "enabled"}, {"type": "enabled", "budget_tokens": 1024}, {"type": "enabled", "budget_tokens": 100}, {"type": "disabled"}, {"type": "adaptive"},
        {"type": "adaptive", "display": "summarized"}, {"type": "adaptive", "display": "all"}, {"type": "auto"}, {}, True, "high",
        {"type": "disabled", "budget_tokens": 1024},
    ),
    "output_config": (
        {}, {"effort": "low"}, {"effort": "extreme"}, {"effort": None}, {"format": None}, {"format": {}}, {"format": {"type": "json_schema"}},
        {"format": {"type": "json_schema", "schema": {}}}, {"format": {"type": "json_schema", "schema": {"type": "array", "items": {"type": "string"}}}},
        {"format": {"type": "json_schema", "schema": True}}, {"format": {"type": "json_object"}}, {"format": {"schema": {"type": "object"}}}, "high",
    ),
    "tools": (
        [], [{}], {}, "x", None, [{"name": "track", "parameters": {"type": "object"}}], [{"type": "function", "function": {"name": "track", "parameters": {}}}],
        [{"type": "web_search_20260209", "name": "web_search"}], [{"type": "custom", "name": "track", "input_schema": {}}],
        [{"name": "track", "input_schema": {"properties": {}}}],
    ),
    "tool_choice": (
        {"type": "auto"}, {"type": "any"}, {"type": "none"}, {"type": "tool"}, {"type": "tool", "name": "opening_hours"}, {"type": "tool", "name": "nobody"},
        {"type": "function", "function": {"name": "opening_hours"}}, {"type": "auto", "disable_parallel_tool_use": "yes"}, {"name": "opening_hours"}, {}, "auto", "any", None,
    ),
    "cache_control": ({"type": "ephemeral"}, {}, None, 5),
    "container": ("c", None, 5),
    "mcp_servers": ([], [{"type": "url", "url": "https://example.com/mcp", "name": "m"}]),
    "cache_salt": ("salt", "", 5, "a b"),
    "chat_template_kwargs": ({}, {"enable_thinking": False}, {"odd": 1}, "x", []),
    "max_completion_tokens": (4, "x"),
    "stop": ("a", ["a"]),
    "n": (1, 2, 0),
    "seed": (1, "x"),
    "response_format": ({"type": "json_object"}, "json"),
    "messages": ([], "Hi", {}, {"role": "user", "content": "Hi"}, ["Hi"], [None], [{"role": "system", "content": "Be brief."}]),
    "model": ("", 5),
}  # fmt: skip

_TURNS: tuple[Any, ...] = (
    {"role": "user", "content": "More."}, {"role": "user", "content": []}, {"role": "user", "content": None}, {"role": "user"}, {"role": "user", "content": ""},
    {"role": "system", "content": "Late."}, {"role": "assistant", "content": "So"}, {"role": "assistant"}, {"role": "assistant", "content": None},
    {"role": "assistant", "content": ""}, {"role": "assistant", "content": []}, {"role": "tool", "tool_call_id": "call_x", "content": "x"},
    {"role": "user", "content": [{"type": "text", "text": ""}]}, {"role": "user", "content": ["Hi"]}, {"role": "user", "content": [{"text": "Hi"}]},
    {"role": "user", "content": [{"type": "text"}]}, {"role": "user", "content": {"type": "text", "text": "Hi"}},
    {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}]},
    {"role": "user", "content": [{"type": "image"}]}, {"role": "user", "content": [{"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "x"}}]},
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_other", "content": "x"}]},
    {"role": "user", "content": [{"type": "tool_result", "content": "x"}]}, {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_hours"}]},
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_hours", "content": [{"type": "image"}]}]},
    {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_hours", "content": ["x"]}]},
    {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_n", "name": "nobody", "input": {}}]},
    {"role": "assistant", "content": [{"type": "tool_use", "name": "opening_hours"}]},
    {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_n", "name": "opening_hours", "input": '{"restaurant": "x"}'}]},
    {"role": "assistant", "content": [{"type": "thinking", "thinking": "Hm."}]}, {"role": "assistant", "content": [{"type": "redacted_thinking", "data": "c2ln"}]},
    {"role": "user", "content": [{"type": "tool_use", "id": "toolu_n", "name": "today", "input": {}}]},
    {"role": "assistant", "content": [{"type": "tool_result", "tool_use_id": "toolu_hours", "content": "x"}]},
    {"role": "system", "content": [{"type": "tool_removal", "tool": {"type": "tool_reference", "name": "opening_hours"}}]},
    {"role": "user", "content": [{"type": "tool_removal", "tool": {"type": "tool_reference", "name": "opening_hours"}}]},
    {"content": "Hi"}, {"role": None, "content": "Hi"}, "Hi",
)  # fmt: skip

MESSAGES = Material(
    bases=_BASES,
    words=_WORDS,
    unknown=_UNKNOWN,
    parameters=_PARAMETERS,
    turns=_TURNS,
    schemas=frozenset({"input_schema", "schema"}),
    name="messages:",
)
