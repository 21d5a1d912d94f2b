"""Requests in the shape of OpenAI's Responses API, and what mutations put into them."""

from typing import Any

from reqlint.run.probing.material import Material
from reqlint.run.probing.pools import IMAGE, MODEL

_LEND = {
    "type": "function",
    "name": "lend_book",
    "description": "Lend a book to a reader",
    "strict": False,
    "parameters": {
        "type": "object",
        "properties": {
            "title": {"type": "string", "description": "As on the cover"},
            "weeks": {"type": "integer", "minimum": 1, "maximum": 8},
            "notes": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
            "reader": {
                "type": "object",
                "properties": {"card": {"type": "string", "pattern": "^[0-9]{6}$"}, "name": {"type": "string"}},
                "required": ["card"],
            },
        },
        "required": ["title"],
    },
}
_FIND = {
    "type": "function",
    "name": "find_book",
    "description": "Say where a book stands",
    "strict": False,
    "parameters": {"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]},
}
_CLOSED = {
    "type": "function",
    "name": "return_book",
    "strict": True,
    "parameters": {
        "type": "object",
        "properties": {"title": {"type": "string"}, "damaged": {"type": "boolean"}},
        "required": ["title", "damaged"],
        "additionalProperties": False,
    },
}
_BARE = {"type": "function", "name": "opening", "parameters": {"type": "object", "properties": {}}, "strict": None}
_SHELF = {
    "type": "object",
    "properties": {
        "books": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"title": {"type": "string"}, "pages": {"type": "integer", "minimum": 1}},
                "required": ["title", "pages"],
                "additionalProperties": False,
            },
        },
        "remark": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "room": {"$ref": "#/$defs/room"},
    },
    "required": ["books", "remark", "room"],
    "additionalProperties": False,
    "$defs": {"room": {"type": "string", "enum": ["north", "south"]}},
}
_ASKS = "Where is the atlas?"
_USER = {"role": "user", "content": _ASKS}
_CALL = {"type": "function_call", "call_id": "call_find", "name": "find_book", "arguments": '{"title": "Atlas"}'}
_OUTPUT = {"type": "function_call_output", "call_id": "call_find", "output": "Room 3"}


def _request(said: Any = _ASKS, **parameters: Any) -> dict[str, Any]:
    return {"model": MODEL, "input": said, "max_output_tokens": 4, **parameters}


def _message(role: str, *parts: Any, **more: Any) -> dict[str, Any]:
    return {"type": "message", "role": role, "content": list(parts), **more}


def _text(words: str) -> dict[str, Any]:
    return {"type": "input_text", "text": words}


def _said(words: str) -> dict[str, Any]:
    return {"type": "output_text", "text": words, "annotations": []}


def _format(schema: Any, **more: Any) -> dict[str, Any]:
    return {"format": {"type": "json_schema", "name": "shelf", "schema": schema, **more}}


_BASES: tuple[dict[str, Any], ...] = (
    _request(),
    _request(instructions="Answer in one word.", temperature=0.7, top_p=0.95),
    _request([_USER], store=False, metadata={"desk": "3"}, user="reader-17"),
    _request([{"role": "system", "content": "Be brief."}, _USER], truncation="disabled", service_tier="auto"),
    _request([{"role": "developer", "content": "Be brief."}, _USER], temperature=0),
    _request(stream=True, temperature=1),
    _request([_message("user", _text("Where is"), _text("the atlas?"))]),
    _request([_message("user", _text("What is this?"), {"type": "input_image", "image_url": IMAGE, "detail": "low"})]),
    _request([_USER, {"role": "assistant", "content": "In room 3."}, {"role": "user", "content": "Since when?"}]),
    _request([_USER, _message("assistant", _said("In room 3."), id="msg_1", status="completed"), _message("user", _text("Since when?"))]),
    _request(tools=[_FIND]),
    _request(tools=[_LEND, _FIND], tool_choice="auto", parallel_tool_calls=True),
    _request(tools=[_FIND, _BARE], tool_choice="none"),
    _request(tools=[_FIND], tool_choice={"type": "function", "name": "find_book"}),
    _request(tools=[_LEND], tool_choice="required"),
    _request(tools=[_CLOSED]),
    _request([_USER, _CALL, _OUTPUT], tools=[_FIND]),
    _request(
        [
            {"role": "system", "content": "Help readers."},
            _USER,
            {"type": "reasoning", "id": "rs_1", "summary": [], "content": [{"type": "reasoning_text", "text": "They want a place."}]},
            {**_CALL, "id": "fc_1", "status": "completed"},
            {"type": "function_call", "call_id": "call_open", "name": "opening", "arguments": "{}"},
            _OUTPUT,
            {"type": "function_call_output", "call_id": "call_open", "output": [_text("from nine")]},
            _message("assistant", _said("In room 3, from nine."), id="msg_2", status="completed"),
            {"role": "user", "content": "Thanks"},
        ],
        tools=[_FIND, _BARE, _LEND],
    ),
    _request(reasoning={"effort": "low"}, include=["reasoning.encrypted_content"], store=False),
    _request(text={"format": {"type": "text"}}, max_tool_calls=3),
    _request(text={"format": {"type": "json_object"}}),
    _request(text=_format(_SHELF, strict=True)),
    _request(text=_format({"type": "object", "properties": {"room": {"type": "string"}}}, description="Where")),
    _request(include=["message.output_text.logprobs"], top_logprobs=2, presence_penalty=0.2, frequency_penalty=-0.4),
    _request([_USER, _CALL, _OUTPUT, {"role": "assistant", "content": "In room 3."}, _USER], tools=[_FIND, _CLOSED], seed=11),
    _request(top_k=20, min_p=0.05, repetition_penalty=1.1, stop=["END"], chat_template_kwargs={"enable_thinking": False}),
)  # fmt: skip

_WORDS = {
    "role": ("user", "assistant", "system", "developer", "tool", "User", ""),
    "type": (
        "message", "function_call", "function_call_output", "reasoning", "item_reference", "input_text", "output_text", "input_image", "input_file", "refusal",
        "text", "image_url", "function", "custom", "web_search", "file_search", "json_schema", "json_object", "reasoning_text", "summary_text", "object",
        "array", "string", "integer", "number", "null", "String", "",
    ),
    "tool_choice": ("auto", "none", "required", "any", "Auto", ""),
    "effort": ("none", "minimal", "medium", "high", "xhigh", "highest", ""),
    "detail": ("auto", "low", "high", "original", "best"),
    "status": ("completed", "in_progress", "incomplete", "done"),
    "truncation": ("auto", "disabled", "none"),
    "service_tier": ("auto", "default", "flex", "fast"),
    "arguments": ("", "{", "[1]", "null", "{}", '{"title": 5}', "plain"),
    "name": ("", "a b", "a.b", "x" * 65, "find_book", "lend_book", "nobody"),
    "call_id": ("", "call_open", "other", "c" * 65),
    "image_url": ("not a url", "https://example.com/a.png", "data:image/png;base64,!!!!", ""),
    "input": ("", "Hi"),
    "id": ("", "x"),
}  # fmt: skip

_UNKNOWN: tuple[tuple[str, Any], ...] = (
    ("zz_unknown", 1), ("Temperature", 0.5), ("max_token", 5), ("cache_control", {"type": "ephemeral"}), ("strict", "yes"), ("strict", None), ("strict", True),
    ("description", 5), ("description", None), ("id", 5), ("id", "x"), ("id", None), ("name", "ann"), ("name", 5), ("status", "completed"), ("status", None),
    ("status", "odd"), ("content", None), ("content", "x"), ("summary", []), ("annotations", []), ("annotations", None), ("logprobs", []), ("encrypted_content", None),
    ("encrypted_content", "x"), ("detail", "low"), ("phase", "commentary"), ("type", "message"), ("tool_calls", []), ("parameters", None), ("", 1),
)  # fmt: skip

_PARAMETERS: dict[str, tuple[Any, ...]] = {
    "temperature": (0, 1.5, 2, 2.1, -0.1, "0.5", True),
    "top_p": (0, 0.5, 1, 1.1, -1),
    "top_k": (5, 0, -1, -2, "5", 2.5, "x"),
    "min_p": (0, 0.5, 1.5, -0.1),
    "max_output_tokens": (0, -1, 1, 3.0, 2.5, "8"),
    "max_tool_calls": (0, 1, -1, "x"),
    "stream": (True, False, "true", 1, 0, "maybe"),
    "stream_options": ({"include_obfuscation": False}, {"include_usage": True}, "x"),
    "instructions": ("", "Be kind.", [], [{"role": "user", "content": "Hi"}], 5),
    "background": (True, False, "no"),
    "store": (True, False, "yes", 5),
    "include": ([], ["message.output_text.logprobs"], ["reasoning.encrypted_content"], ["usage"], "x", [5]),
    "top_logprobs": (0, 3, 20, 21, -1, -2, "3", 2.5, True),
    "metadata": ({}, {"a": "b"}, {"a": 1}, "x"),
    "parallel_tool_calls": (True, False, "false", 2),
    "previous_response_id": ("resp_nowhere", "", 5),
    "prompt": ({"id": "pmpt_1"}, {}, "x"),
    "reasoning": ({}, {"effort": "high"}, {"effort": "extreme"}, {"effort": None}, {"summary": "auto"}, {"summary": "long"}, "high"),
    "service_tier": ("auto", "default", "flex", "priority", "fast", 5),
    "text": (
        {}, {"format": None}, {"format": {}}, {"format": {"type": "json_schema"}}, {"format": {"type": "json_schema", "name": "a"}},
        {"format": {"type": "json_schema", "schema": {"type": "object"}}}, {"format": {"type": "json_schema", "name": "a", "schema": {}}},
        {"format": {"type": "json_schema", "name": "a", "schema": {"type": "array", "items": {"type": "string"}}}},
        {"format": {"type": "json_schema", "name": "a", "schema": True}}, {"format": {"type": "xml"}}, {"format": "json"}, {"verbosity": "low"}, {"verbosity": "loud"}, "x",
    ),
    "tools": (
        [], [{}], [{"type": "function"}], {}, "x", [{"type": "function", "name": "find_book"}], [{"type": "function", "function": {"name": "find_book", "parameters": {}}}],
        [{"name": "find_book", "input_schema": {"type": "object"}}], [{"type": "web_search"}], [{"type": "custom", "name": "note"}],
        [{"type": "mcp", "server_label": "m", "server_url": "https://example.com/mcp"}], [{"type": "code_interpreter", "container": {"type": "auto"}}],
    ),
    "tool_choice": (
        "auto", "none", "required", "any", {"type": "function", "name": "find_book"}, {"type": "function"}, {"type": "function", "name": "nobody"},
        {"type": "function", "function": {"name": "find_book"}}, {"type": "auto"}, {"name": "find_book"}, {"type": "web_search"}, {"type": "custom", "name": "note"},
        {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "find_book"}]}, {},
    ),
    "truncation": ("auto", "disabled", "none", 5),
    "user": ("u", 5),
    "presence_penalty": (-2, 2, 2.1, "1"),
    "frequency_penalty": (-2, 2, -2.1, "x"),
    "repetition_penalty": (1, 1.2, 0, -1, "x"),
    "logit_bias": ({}, {"5": 200}, {"hello": 1}, {"999999": 1}, {"5": "1"}, []),
    "seed": (1, -1, 2.5, "1", 2**63),
    "stop": ("a", [], ["a", "b", "c", "d", "e"], [""], [5]),
    "stop_token_ids": ([], [5], ["x"]),
    "ignore_eos": (True, "no", 5),
    "chat_template_kwargs": ({}, {"enable_thinking": False}, {"odd": 1}, "x"),
    "max_tokens": (4, "x"),
    "messages": ([], [{"role": "user", "content": "Hi"}]),
    "response_format": ({"type": "json_object"}, "json"),
    "n": (1, 2),
    "input": ("", [], {}, {"role": "user", "content": "Hi"}, ["Hi"], [None], [{"role": "system", "content": "Be brief."}], 5),
    "model": ("", 5),
}  # fmt: skip

_TURNS: tuple[Any, ...] = (
    {"role": "user", "content": "More."}, {"role": "user", "content": []}, {"role": "user", "content": None}, {"role": "user"}, {"role": "user", "content": ""},
    {"role": "system", "content": "Late."}, {"role": "assistant", "content": "So"}, {"role": "assistant"}, {"role": "assistant", "content": []},
    {"role": "tool", "tool_call_id": "call_x", "content": "x"}, {"role": "developer", "content": "Be kind."},
    {"role": "user", "content": [{"type": "text", "text": "Hi"}]}, {"role": "user", "content": [{"type": "input_text", "text": ""}]}, {"role": "user", "content": ["Hi"]},
    {"role": "user", "content": [{"text": "Hi"}]}, {"role": "user", "content": [{"type": "input_text"}]}, {"role": "user", "content": {"type": "input_text", "text": "Hi"}},
    {"role": "user", "content": [{"type": "output_text", "text": "Hi"}]}, {"role": "user", "content": [{"type": "image_url", "image_url": {"url": IMAGE}}]},
    {"role": "user", "content": [{"type": "input_image", "image_url": {"url": IMAGE}}]}, {"role": "user", "content": [{"type": "input_file", "file_id": "file-1"}]},
    {"role": "assistant", "content": [{"type": "input_text", "text": "So"}]}, {"role": "assistant", "content": [{"type": "output_text", "text": "So"}]},
    {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "So"}]}, {"type": "message", "role": "assistant", "content": "So"},
    {"type": "message", "role": "assistant", "content": [{"type": "refusal", "refusal": "No"}]}, {"type": "message", "content": "Hi"},
    {"type": "function_call", "call_id": "call_n", "name": "nobody", "arguments": "{}"}, {"type": "function_call", "call_id": "call_n", "name": "find_book", "arguments": {}},
    {"type": "function_call", "name": "find_book", "arguments": "{}"}, {"type": "function_call", "id": "fc_9", "call_id": "call_n", "name": "find_book", "arguments": "{}"},
    {"type": "function_call_output", "call_id": "call_other", "output": "x"}, {"type": "function_call_output", "output": "x"},
    {"type": "function_call_output", "call_id": "call_find", "output": {}}, {"type": "function_call_output", "call_id": "call_find"},
    {"type": "reasoning", "summary": []}, {"type": "reasoning", "summary": [{"type": "summary_text", "text": "Hm."}]}, {"type": "reasoning"},
    {"type": "reasoning", "summary": [], "encrypted_content": "abc"}, {"type": "item_reference", "id": "msg_1"},
    {"type": "custom_tool_call", "call_id": "call_c", "name": "note", "input": "x"}, {"type": "custom_tool_call_output", "call_id": "call_c", "output": "x"},
    {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {"type": "search", "query": "x"}}, {"type": "odd"},
    {"content": "Hi"}, {"role": None, "content": "Hi"}, "Hi", {},
)  # fmt: skip

RESPONSES = Material(
    bases=_BASES,
    words=_WORDS,
    unknown=_UNKNOWN,
    parameters=_PARAMETERS,
    turns=_TURNS,
    conversation="input",
    schemas=frozenset({"parameters", "schema"}),
    name="responses:",
)
