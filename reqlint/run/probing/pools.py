"""What mutations put into requests: words, numbers, parameters and keywords of schemas, right ones and wrong ones."""

from typing import Any

MODEL = "tiny"
"""The name under which each server offers the tiny model."""

IMAGE = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"  # one transparent pixel

RETYPED: tuple[Any, ...] = ("x", "5", 7, 2.5, True, {}, [], {"a": 1}, ["x"], [1])
NUMBERS: tuple[Any, ...] = (
    -1, 0, 1, 2, -3, 0.5, 2.5, 2.0, -0.1, 1.5, 21, 129, 1000000, 2**31, 2**63, 1e40, "5", "0.5", "1.0", "x",
)  # fmt: skip
STRINGS: tuple[Any, ...] = ("", "   ", "x" * 65, "a b", "a.b", "true", "é😀", "{", "[1]", "{}", "line\nbreak")

WORDS: dict[str, tuple[str, ...]] = {
    "role": ("system", "user", "assistant", "tool", "developer", "function", "model", "root", "User", ""),
    "type": (
        "function", "text", "image_url", "input_text", "input_audio", "file", "refusal", "video_url", "json_schema",
        "json_object", "custom", "object", "array", "string", "integer", "number", "null", "any", "String", "",
    ),
    "tool_choice": ("auto", "none", "required", "any", "Auto", ""),
    "reasoning_effort": ("none", "minimal", "low", "medium", "high", "xhigh", "max", "highest", ""),
    "service_tier": ("auto", "default", "flex", "fast"),
    "detail": ("auto", "low", "high", "original", "best"),
    "url": ("not a url", "https://example.com/a.png", "data:image/png;base64,!!!!", ""),
    "arguments": ("", "{", "[1]", "null", "{}", '{"number": 5}', "plain"),
    "name": ("", "a b", "a.b", "x" * 65, "track", "ship_parcel", "nobody", "-"),
    "tool_call_id": ("", "call_a", "other", "c" * 65),
}  # fmt: skip
"""By the key that they stand under; half of each list is taken somewhere."""

UNKNOWN: tuple[tuple[str, Any], ...] = (
    ("zz_unknown", 1), ("Temperature", 0.5), ("max_token", 5), ("extra_body", {"top_k": 1}), ("cache_control", {"type": "ephemeral"}),
    ("thinking", {"type": "enabled"}), ("strict", "yes"), ("strict", None), ("description", 5), ("description", None), ("id", 5), ("name", "ann"),
    ("name", 5), ("refusal", None), ("reasoning_content", "Hm."), ("reasoning_content", 5), ("reasoning", "Hm."), ("tool_calls", []), ("tool_calls", None),
    ("function_call", None), ("function_call", {"name": "track", "arguments": "{}"}), ("audio", None), ("parameters", None), ("", 1),
)  # fmt: skip
"""Keys that are put into any object, with a value."""

PARAMETERS: dict[str, tuple[Any, ...]] = {
    "temperature": (0, 1.5, 2, 2.1, -0.1, "0.5", True),
    "top_p": (0, 0.5, 1, 1.1, -1),
    "max_tokens": (0, -1, 1, 3.0, 2.5, "8"),
    "max_completion_tokens": (0, -1, 4, "4", 2.5),
    "n": (0, 1, 2, -1, 1.0, "1", 20000),
    "stop": ("", "a", [], ["a", "b", "c", "d"], ["a", "b", "c", "d", "e"], [""], [5], {}),
    "stream": (True, False, "true", 1, 0, "maybe"),
    "stream_options": ({"include_usage": True}, {"include_usage": "yes"}, {}, {"include_usage": None}, {"continuous_usage_stats": True}, "x"),
    "seed": (1, -1, 2.5, "1", 2**63, 2**63 - 1, True),
    "presence_penalty": (-2, 2, 2.1, "1", True),
    "frequency_penalty": (-2, 2, -2.1, "x"),
    "logit_bias": ({}, {"5": 200}, {"5": -200}, {"hello": 1}, {"-1": 1}, {"999999": 1}, {"5": "1"}, {"5": None}, [], [[5, 1]]),
    "logprobs": (True, False, 1, "true", 5),
    "top_logprobs": (0, 3, 20, 21, -1, -2, "3", 2.5, True),
    "tools": (
        [], [{}], [{"type": "function"}], {}, "x", [{"type": "function", "name": "track", "parameters": {"type": "object"}}],
        [{"name": "track", "input_schema": {"type": "object"}}],
    ),
    "tool_choice": (
        "auto", "none", "required", "any", {"type": "function", "function": {"name": "track"}}, {"type": "function"},
        {"type": "function", "function": {"name": "nobody"}}, {"function": {"name": "track"}}, {"type": "auto"}, {"name": "track"}, {},
    ),
    "parallel_tool_calls": (True, False, "false", 2),
    "response_format": (
        {"type": "text"}, {"type": "json_object"}, {"type": "json_schema"}, {"type": "json_schema", "json_schema": {"name": "a"}},
        {"type": "json_schema", "json_schema": {"schema": {"type": "object"}}}, {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}},
        {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "array", "items": {"type": "string"}}}},
        {"type": "json_schema", "json_schema": {"name": "a", "schema": True}}, {"type": "regex", "pattern": "a"}, {"type": "xml"}, {}, "json", {"type": None},
    ),
    "reasoning_effort": ("none", "minimal", "high", "max", "extreme", 5),
    "user": ("u", 5),
    "metadata": ({"a": "b"}, {"a": 1}, "x"),
    "store": (True, "yes"),
    "functions": ([{"name": "f", "parameters": {"type": "object"}}], []),
    "function_call": ("auto", {"name": "f"}),
    "top_k": (5, 0, -1, -2, "5", 2.5, "x"),
    "min_p": (0, 0.5, 1, 1.5, -0.1, "x"),
    "repetition_penalty": (1, 1.2, 0, -1, "x"),
    "min_tokens": (0, 1, -1, 100),
    "stop_token_ids": ([], [5], ["x"], "x"),
    "ignore_eos": (True, "no", 5),
    "chat_template_kwargs": ({}, {"enable_thinking": False}, {"enable_thinking": "no"}, {"odd": 1}, "x", []),
    "enable_thinking": (True, False),
    "messages": ([], "Hi", {}, {"role": "user", "content": "Hi"}, ["Hi"], [None]),
    "model": ("", 5),
}  # fmt: skip
"""Parameters that are added or replaced at the top level, with their values."""

TURNS: tuple[Any, ...] = (
    {"role": "user", "content": "More."}, {"role": "user", "content": []}, {"role": "user", "content": None}, {"role": "user"},
    {"role": "system", "content": "Late."}, {"role": "assistant", "content": "So"}, {"role": "assistant"}, {"role": "assistant", "content": None},
    {"role": "assistant", "content": "", "tool_calls": []}, {"role": "tool", "tool_call_id": "call_x", "content": "x"},
    {"role": "tool", "content": "x"}, {"role": "function", "name": "track", "content": "x"}, {"role": "developer", "content": "Be kind."},
    {"role": "user", "content": [{"type": "text", "text": ""}]}, {"role": "user", "content": ["Hi"]}, {"role": "user", "content": [{"text": "Hi"}]},
    {"role": "user", "content": [{"type": "text"}]}, {"role": "user", "content": [{"type": "input_text", "text": "Hi"}]},
    {"role": "user", "content": {"type": "text", "text": "Hi"}}, {"role": "user", "content": [{"type": "image_url", "image_url": "https://example.com/a.png"}]},
    {"role": "assistant", "content": None, "tool_calls": [{"id": "call_n", "type": "function", "function": {"name": "track", "arguments": {"number": "1"}}}]},
    {"role": "assistant", "content": "x", "reasoning_content": "Hm."}, {"content": "Hi"}, {"role": None, "content": "Hi"}, "Hi",
    {"role": "assistant", "tool_calls": [{"id": "call_n", "type": "function", "function": {"name": "nobody", "arguments": "{}"}}]},
)  # fmt: skip
"""Messages that are put among the others."""

KEYWORDS: tuple[tuple[str, Any], ...] = (
    ("type", "strin"), ("type", ["string", "null"]), ("type", []), ("type", None), ("type", 5), ("type", "null"), ("type", "array"), ("type", "object"),
    ("properties", []), ("properties", {}), ("properties", None), ("properties", {"a": 5}), ("properties", {"a": True}), ("properties", {"a": {}}),
    ("required", "street"), ("required", ["missing"]), ("required", []), ("required", [5]), ("required", None), ("required", True), ("required", ["a", "a"]),
    ("additionalProperties", True), ("additionalProperties", {"type": "string"}), ("additionalProperties", "no"), ("additionalProperties", None),
    ("items", {}), ("items", []), ("items", [{"type": "string"}]), ("items", "x"), ("items", True), ("items", None), ("prefixItems", [{"type": "string"}]),
    ("enum", []), ("enum", "x"), ("enum", ["a", 1, None]), ("enum", ["a", "a"]), ("const", 1), ("const", "x"), ("const", None),
    ("anyOf", []), ("anyOf", {}), ("anyOf", [{"type": "string"}, {"type": "integer"}]), ("oneOf", [{"type": "string"}]), ("allOf", [{"minLength": 1}]),
    ("not", {"type": "string"}), ("not", {}), ("if", {"type": "string"}), ("minLength", 2), ("minLength", -1), ("minLength", "2"), ("maxLength", 3),
    ("pattern", "^a+$"), ("pattern", "a"), ("pattern", "("), ("pattern", "^(?=a)b$"), ("pattern", "^\\d{2}$"), ("pattern", 5), ("format", "date"),
    ("format", "uri"), ("format", "made-up"), ("format", 5), ("minimum", 1), ("minimum", "1"), ("maximum", -5), ("exclusiveMinimum", 0),
    ("exclusiveMinimum", True), ("multipleOf", 2), ("minItems", 1), ("minItems", -1), ("maxItems", 0), ("uniqueItems", True), ("contains", {"const": "x"}),
    ("minProperties", 1), ("maxProperties", 1), ("propertyNames", {"pattern": "^a"}), ("patternProperties", {"^a": {"type": "string"}}),
    ("dependentRequired", {"a": ["b"]}), ("unevaluatedProperties", False), ("default", "x"), ("title", 5), ("description", 5), ("examples", ["x"]),
    ("$ref", "#/$defs/nowhere"), ("$ref", "#"), ("$ref", "https://example.com/s.json"), ("$ref", 5), ("$defs", []), ("$schema", "http://json-schema.org/draft-07/schema#"),
    ("nullable", True), ("x-note", 1), ("readOnly", True),
)  # fmt: skip
"""Keywords that are put into a schema, with their values."""

SCHEMAS: tuple[Any, ...] = (
    {},
    True,
    False,
    None,
    "{}",
    [],
    {"type": "string"},
    {"type": "array"},
    {"type": "object"},
    {"$ref": "#"},
    {"enum": ["a"]},
)
"""What stands in place of a whole schema."""  # fmt: skip
