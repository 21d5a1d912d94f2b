"""
What a JSON value is that is no chat request: an answer, a stream chunk, a request of another wire shape or API.

Each entry of `MARKS` knows a kind of value by keys that only it has. They are tried in their order, so that what is
certain stands before what is likely. Sources: the reference pages that `schemas/` cites, and OpenAI's, Anthropic's,
Google's, Cohere's, Ollama's and AWS's references of the named endpoints, read 2026-11-28.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from reqlint.dialects.apis import (
    ANTHROPIC,
    ANTHROPIC_REQUEST,
    ASSISTANTS,
    CHAT,
    COHERE,
    COMPLETIONS,
    CONVERSE,
    CONVERSE_REQUEST,
    DASHSCOPE,
    EMBEDDINGS,
    GEMINI,
    GEMINI_REQUEST,
    INVOKE,
    JSON_RPC,
    MCP,
    OLLAMA,
    RESPONSES,
    RESPONSES_REQUEST,
    Stranger,
    What,
)
from reqlint.dialects.tool_forms import calls_mcp, is_call, is_schema

Value = Mapping[str, Any]
Mark = Callable[[Value], bool]

CHAT_ONLY = frozenset(
    {
        "frequency_penalty", "function_call", "functions", "logit_bias", "logprobs", "max_completion_tokens", "n",
        "parallel_tool_calls", "presence_penalty", "response_format", "seed", "stream_options", "top_logprobs",
    }
)  # fmt: skip
"""Parameters of Chat Completions that none of the other APIs with ``messages`` has."""

_CHAT_MODELS = re.compile(r"(gpt-|o[134](-|$)|chatgpt-|ft:|qwen|qwq|qvq)")
_CLAUDE = re.compile(r"(claude-|(\w+\.)?anthropic\.)")
_ANTHROPIC_PARTS = frozenset(
    {"tool_use", "tool_result", "thinking", "redacted_thinking", "document", "server_tool_use", "search_result"}
)
_CONVERSE_PARTS = frozenset(
    {
        "text", "image", "document", "video", "audio", "toolUse", "toolResult", "guardContent", "cachePoint",
        "reasoningContent", "citationsContent", "searchResult",
    }
)  # fmt: skip
_CONVERSE_KEYS = frozenset(
    {
        "modelId", "inferenceConfig", "toolConfig", "additionalModelRequestFields", "guardrailConfig",
        "additionalModelResponseFieldPaths", "performanceConfig", "promptVariables", "requestMetadata",
    }
)  # fmt: skip
_RECORD_KEYS = frozenset(
    {
        "answer", "author", "chosen", "conversation_id", "create_time", "created_at", "expected", "ground_truth",
        "ideal", "label", "labels", "mapping", "question", "rejected", "score", "scores", "session_id", "thread_id",
        "timestamp", "title", "updated_at",
    }
)  # fmt: skip
_UNCHATTY = (
    frozenset({"anthropic_version", "assistant_id", "choices", "keep_alive", "object", "options", "schemaVersion"})
    | _CONVERSE_KEYS
    | _RECORD_KEYS
    | frozenset({"citation_options", "safety_mode", "strict_tools"})
)
"""Keys that may say of an object with messages that it is no chat request."""
_ERROR_KEYS = frozenset({"code", "detail", "error", "message", "object", "param", "request_id", "status", "type"})
_EVENTS = ("response.", "message_start", "message_delta", "message_stop", "content_block_", "session.", "conversation.")
_EMBEDDING_KEYS = frozenset({"encoding_format", "dimensions", "input_type", "embedding_types", "texts"})
_PICTURE_KEYS = frozenset({"size", "quality", "aspect_ratio", "negative_prompt", "output_format", "num_images"})
_PICTURE_MODELS = ("dall-e", "gpt-image", "imagen", "flux", "stable-diffusion")
_COMPLETION_KEYS = frozenset(
    {
        "model", "max_tokens", "temperature", "top_p", "stop", "suffix", "echo", "best_of", "logprobs", "n",
        "max_tokens_to_sample",
    }
)  # fmt: skip
_INVOKE_KEYS = frozenset({"max_gen_len", "max_tokens_to_sample", "maxTokens", "topP", "inputText"})
_NOVA_LIMITS = frozenset({"max_new_tokens", "top_k", "top_p", "stop_sequences"})
_RESPONSES_KEYS = frozenset(
    {"conversation", "instructions", "max_output_tokens", "max_tool_calls", "previous_response_id", "reasoning", "text"}
)
_COHERE_KEYS = frozenset({"chat_history", "preamble", "connectors", "conversation_id", "model", "preamble_override"})
_COHERE_2_KEYS = frozenset({"citation_options", "safety_mode", "strict_tools"})
_GEMINI_KEYS = frozenset(
    {
        "cachedContent", "cached_content", "generationConfig", "generation_config", "safetySettings", "safety_settings",
        "systemInstruction", "system_instruction", "toolConfig", "tool_config",
    }
)  # fmt: skip
"""Keys beside contents that only this API has."""
_GEMINI_KEPT = frozenset({"candidates", "history", "usageMetadata", "usage_metadata"})
"""Keys of an object that keeps a conversation in the form of this API."""
_CACHE_KEYS = frozenset({"ttl", "expireTime", "expire_time"})
_CHUNK_KEYS = frozenset(
    {"contentBlockDelta", "contentBlockStart", "contentBlockStop", "messageStart", "messageStop"}
)  # fmt: skip

_OBJECTS = {
    "assistant": Stranger(What.DEFINITION, ASSISTANTS),
    "chat.completion": Stranger(What.ANSWER, CHAT),
    "chat.completion.chunk": Stranger(What.CHUNK, CHAT),
    "chat.completions": Stranger(What.ANSWER, CHAT),
    "response": Stranger(What.ANSWER, RESPONSES),
    "text_completion": Stranger(What.ANSWER, COMPLETIONS),
}
_AN_API_OBJECT = Stranger(What.ANSWER, "another API")


def stranger_in(value: Value) -> Stranger | None:
    """Return what an object is that is no chat request; None when nothing says so."""
    has_messages = isinstance(value.get("messages"), list)
    if has_messages and _UNCHATTY.isdisjoint(value) and speaks_chat(value):
        return None  # a short way for nearly all requests
    kind = value.get("object")
    if isinstance(kind, str) and ("id" in value or "data" in value or "choices" in value):
        return _OBJECTS.get(kind, _AN_API_OBJECT)
    for stranger, mark in MARKS_OF_MESSAGES if has_messages else MARKS:
        if mark(value):
            return stranger
    return None


# ------------------------------------------------------------------------------------------ objects with `messages`


def speaks_chat(value: Value) -> bool:
    """Return whether an object with messages has marks of Chat Completions that other APIs with messages lack."""
    if not CHAT_ONLY.isdisjoint(value):
        return True
    model = value.get("model")
    if isinstance(model, str) and _CHAT_MODELS.match(model):
        return True
    if any(isinstance(tool.get("function"), dict) for tool in _objects(value.get("tools"))):
        return True
    return any(
        message.get("role") in ("system", "developer", "tool", "function") or "tool_calls" in message
        for message in _objects(value.get("messages"))
    )


def _is_anthropic(value: Value) -> bool:
    if "anthropic_version" in value:
        return True
    if speaks_chat(value):
        return False
    model = value.get("model")
    if isinstance(model, str) and _CLAUDE.match(model) and "max_tokens" in value:
        return True  # without max_tokens, which is required there, more likely a gateway's, in the form of chat
    if "stop_sequences" in value or "output_config" in value or isinstance(value.get("system"), str | list):
        return not _CONVERSE_KEYS & value.keys() and not _has_converse_parts(value)
    thinking = value.get("thinking")
    if isinstance(thinking, dict) and "budget_tokens" in thinking:
        return True
    if any("input_schema" in tool for tool in _objects(value.get("tools"))):
        return True
    return any(
        _text(part, "type") in _ANTHROPIC_PARTS or (part.get("type") == "image" and "source" in part)
        for part in _parts(value)
    )


def _is_converse(value: Value) -> bool:
    if not _CONVERSE_KEYS.isdisjoint(value):
        return True
    return _RECORD_KEYS.isdisjoint(value) and not speaks_chat(value) and _has_converse_parts(value)


def _has_converse_parts(value: Value) -> bool:
    parts = list(_parts(value))
    return bool(parts) and all("type" not in part and not _CONVERSE_PARTS.isdisjoint(part) for part in parts)


def _is_invoked(value: Value) -> bool:
    """Return whether an object is a request to Amazon's own models, whose blocks are those of Converse."""
    limits = value.get("inferenceConfig")
    is_named_otherwise = isinstance(limits, dict) and not _NOVA_LIMITS.isdisjoint(limits)
    return ("schemaVersion" in value or is_named_otherwise) and "modelId" not in value and _has_converse_parts(value)


def _is_ollama(value: Value) -> bool:
    if "keep_alive" in value or isinstance(value.get("options"), dict):
        return True
    images = (message.get("images") for message in _objects(value.get("messages")))
    return any(isinstance(pictures, list) and all(isinstance(each, str) for each in pictures) for pictures in images)


def _is_cohere_2(value: Value) -> bool:
    if _COHERE_2_KEYS.isdisjoint(value):
        return False
    return _model(value).startswith("command") or not speaks_chat(value)  # Groq has one of the keys, too


def _is_transcript(value: Value) -> bool:
    messages = value["messages"]
    speaks = any(isinstance(message.get("role"), str) for message in _objects(messages))
    if speaks or "model" in value:
        wrapped = messages and all(isinstance(message.get("message"), dict) for message in _objects(messages))
        return bool(wrapped) and not speaks
    return CHAT_ONLY.isdisjoint(value) and len(value) > 1


def _is_record(value: Value) -> bool:
    return "model" not in value and not _RECORD_KEYS.isdisjoint(value) and CHAT_ONLY.isdisjoint(value)


def _is_answer_with_messages(value: Value) -> bool:
    return isinstance(value.get("choices"), list)


def _has(*keys: str) -> Mark:
    return lambda value: all(key in value for key in keys)


MARKS_OF_MESSAGES: tuple[tuple[Stranger, Mark], ...] = (
    (Stranger(What.ANSWER, CHAT), _is_answer_with_messages),
    (Stranger(What.REQUEST, INVOKE), _is_invoked),
    (CONVERSE_REQUEST, _is_converse),
    (ANTHROPIC_REQUEST, _is_anthropic),
    (Stranger(What.REQUEST, OLLAMA), _is_ollama),
    (Stranger(What.REQUEST, COHERE), _is_cohere_2),
    (Stranger(What.REQUEST, ASSISTANTS), _has("assistant_id")),
    (Stranger(What.TRANSCRIPT, "a conversation"), _is_transcript),
    (Stranger(What.TRANSCRIPT, "a conversation"), _is_record),
)
"""How an object with a list of messages is known not to be a chat request."""


# --------------------------------------------------------------------------------------- objects without `messages`


def _is_event(value: Value) -> bool:
    kind = value.get("type")
    return (isinstance(kind, str) and kind.startswith(_EVENTS)) or not _CHUNK_KEYS.isdisjoint(value)


def _is_error(value: Value) -> bool:
    return "error" in value and isinstance(value["error"], dict | str) and value.keys() <= _ERROR_KEYS


def _is_anthropic_answer(value: Value) -> bool:
    return value.get("type") == "message" and isinstance(value.get("content"), list)


def _is_responses_answer(value: Value) -> bool:
    return isinstance(value.get("output"), list) and ("id" in value or "status" in value or "usage" in value)


def _is_converse_answer(value: Value) -> bool:
    return isinstance(value.get("output"), dict) and ("stopReason" in value or "metrics" in value)


def _is_ollama_answer(value: Value) -> bool:
    return isinstance(value.get("done"), bool) and ("message" in value or "response" in value)


def _is_cohere_answer(value: Value) -> bool:
    return ("generation_id" in value and "text" in value) or (
        "finish_reason" in value and isinstance(value.get("message"), dict)
    )


def _is_embedding(value: Value) -> bool:
    if "input" not in value and "texts" not in value:
        return False
    return "embed" in _model(value) or not _EMBEDDING_KEYS.isdisjoint(value)


def _is_moderation(value: Value) -> bool:
    return "input" in value and ("moderation" in _model(value) or value.keys() == {"input"})


def _is_picture(value: Value) -> bool:
    if not isinstance(value.get("prompt"), str):
        return False
    return _model(value).startswith(_PICTURE_MODELS) or not _PICTURE_KEYS.isdisjoint(value)


def _is_dashscope(value: Value) -> bool:
    given = value.get("input")
    return isinstance(given, dict) and ("messages" in given or "prompt" in given)


def _is_responses(value: Value) -> bool:
    given, prompt, model = value.get("input"), value.get("prompt"), _model(value)
    if "output" in value or not _RECORD_KEYS.isdisjoint(value):
        return False
    if not isinstance(given, str | list):
        return "previous_response_id" in value or (isinstance(prompt, dict) and "id" in prompt and bool(model))
    if not _RESPONSES_KEYS.isdisjoint(value) or _CHAT_MODELS.match(model):
        return True
    return any("_call" in _text(item, "type") or (model and "role" in item) for item in _objects(given))


def _is_gemini(value: Value) -> bool:
    contents = value.get("contents")
    if not isinstance(contents, list | dict | str):
        return False
    if not _GEMINI_KEYS.isdisjoint(value) or _model(value).removeprefix("models/").startswith(("gemini-", "gemma-")):
        return True
    turns = [contents] if isinstance(contents, dict) else _objects(contents)
    has_parts = any(isinstance(each.get("parts"), list | dict) for each in turns)
    return has_parts and _RECORD_KEYS.isdisjoint(value) and _GEMINI_KEPT.isdisjoint(value)


def _is_gemini_cache(value: Value) -> bool:
    return "contents" in value and not _CACHE_KEYS.isdisjoint(value) and isinstance(value.get("model"), str)


def _is_completion(value: Value) -> bool:
    return isinstance(value.get("prompt"), str | list) and not _COMPLETION_KEYS.isdisjoint(value)


def _is_invoke_body(value: Value) -> bool:
    if "inputText" in value:
        return True
    return isinstance(value.get("prompt"), str) and not _INVOKE_KEYS.isdisjoint(value)


def _is_cohere(value: Value) -> bool:
    return isinstance(value.get("message"), str) and not _COHERE_KEYS.isdisjoint(value)


def _is_assistant(value: Value) -> bool:
    is_instructed = isinstance(value.get("instructions"), str) and "input" not in value
    return is_instructed and ("model" in value or "tools" in value)


def _is_package(value: Value) -> bool:
    return "version" in value and ("dependencies" in value or "devDependencies" in value)


MARKS: tuple[tuple[Stranger, Mark], ...] = (
    (Stranger(What.DOCUMENT, "notebook"), _has("nbformat", "cells")),
    (Stranger(What.DOCUMENT, "API description"), lambda value: "openapi" in value or "swagger" in value),
    (Stranger(What.DOCUMENT, "TypeScript project"), _has("compilerOptions")),
    (Stranger(What.DOCUMENT, "package"), _is_package),
    (Stranger(What.DOCUMENT, "JSON Schema"), is_schema),
    (Stranger(What.DOCUMENT, "tool call"), is_call),
    (Stranger(What.REQUEST, MCP), calls_mcp),
    (Stranger(What.REQUEST, JSON_RPC), _has("jsonrpc", "method")),
    (Stranger(What.ANSWER, JSON_RPC), _has("jsonrpc")),
    (Stranger(What.CHUNK, "an answer"), _is_event),
    (Stranger(What.ANSWER, ANTHROPIC), _is_anthropic_answer),
    (Stranger(What.ANSWER, GEMINI), lambda value: isinstance(value.get("candidates"), list)),
    (Stranger(What.ANSWER, CONVERSE), _is_converse_answer),
    (Stranger(What.ANSWER, RESPONSES), _is_responses_answer),
    (Stranger(What.ANSWER, CHAT), lambda value: isinstance(value.get("choices"), list)),
    (Stranger(What.ANSWER, OLLAMA), _is_ollama_answer),
    (Stranger(What.ANSWER, COHERE), _is_cohere_answer),
    (Stranger(What.ANSWER, "an API that refused"), _is_error),
    (Stranger(What.TRAINING, "the prompt and completion form"), _has("prompt", "completion")),
    (Stranger(What.REQUEST, "the Gemini API's cache"), _is_gemini_cache),
    (GEMINI_REQUEST, _is_gemini),
    (Stranger(What.REQUEST, DASHSCOPE), _is_dashscope),
    (Stranger(What.REQUEST, "a speech API"), _has("input", "voice")),
    (Stranger(What.REQUEST, EMBEDDINGS), _is_embedding),
    (Stranger(What.REQUEST, "a moderation API"), _is_moderation),
    (Stranger(What.REQUEST, "a rerank API"), _has("query", "documents")),
    (RESPONSES_REQUEST, _is_responses),
    (Stranger(What.REQUEST, "an image API"), _is_picture),
    (Stranger(What.REQUEST, INVOKE), _is_invoke_body),
    (Stranger(What.REQUEST, OLLAMA), lambda value: "prompt" in value and isinstance(value.get("options"), dict)),
    (Stranger(What.REQUEST, COMPLETIONS), _is_completion),
    (Stranger(What.REQUEST, COHERE), _is_cohere),
    (Stranger(What.REQUEST, ASSISTANTS), _has("assistant_id")),
    (Stranger(What.DEFINITION, ASSISTANTS), _is_assistant),
)
"""How an object without a list of messages is known not to be a chat request."""


def _text(value: Value, key: str) -> str:
    text = value.get(key)
    return text if isinstance(text, str) else ""


def _model(value: Value) -> str:
    return _text(value, "model")


def _objects(value: object) -> Iterator[Value]:
    return (each for each in value if isinstance(each, dict)) if isinstance(value, list) else iter(())


def _parts(value: Value) -> Iterable[Value]:
    for message in _objects(value.get("messages")):
        yield from _objects(message.get("content"))
