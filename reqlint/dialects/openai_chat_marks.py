"""
What makes a value a Chat Completions request beyond doubt: every mark of one, and no mark of anything else.

A request is judged if it looks like one; it is edited only if it is one for certain. Recorded answers, transcripts,
saved conversations, definitions of assistants and the requests of other APIs have much in common with a request, so a
single key or role that no request has is enough to leave the value alone.
"""

from collections.abc import Collection, Mapping
from typing import Any

_ROLES = frozenset({"assistant", "developer", "function", "system", "tool", "user"})
_KEYS = frozenset(
    {
        "audio", "chat_template_kwargs", "enable_search", "enable_thinking", "extra_body", "frequency_penalty",
        "function_call", "functions", "logit_bias", "logprobs", "max_completion_tokens", "max_tokens", "messages",
        "metadata", "min_p", "modalities", "model", "n", "parallel_tool_calls", "prediction", "presence_penalty",
        "prompt_cache_key", "reasoning_effort", "repetition_penalty", "response_format", "safety_identifier", "seed",
        "service_tier", "stop", "store", "stream", "stream_options", "temperature", "thinking_budget", "tool_choice",
        "tools", "top_k", "top_logprobs", "top_p", "user", "verbosity", "web_search_options",
    }
)  # fmt: skip
_MESSAGE_KEYS = frozenset(
    {
        "annotations", "audio", "content", "function_call", "name", "partial", "prefix", "reasoning_content", "refusal",
        "role", "tool_call_id", "tool_calls",
    }
)  # fmt: skip
_PART_TYPES = frozenset(
    {
        "audio_url", "file", "image_url", "input_audio", "input_image", "input_text", "output_text", "refusal", "text",
        "video", "video_url",
    }
)  # fmt: skip
"""Those of this API, and of OpenAI's other one in a conversation that was half moved."""
_TOOL_KINDS = ("custom", "function")
_OTHER_MODELS = ("anthropic.", "claude", "command", "embed", "rerank", "text-embedding", "us.anthropic.")
"""How model ids begin that another API of a similar shape has, or that do not chat."""


def certainly_a_request(value: object, keys: Collection[str] = ()) -> bool:
    """
    Return whether *value* is a Chat Completions request beyond doubt.

    It names a model and has a list of messages, all of them objects with roles that this API knows, in any letter
    case; and it has no key, content part or tool that a request of this shape does not have. *keys* are further keys
    that may occur anywhere in it.
    """
    if has_foreign_mark(value) or not isinstance(value, Mapping):
        return False
    if not all(key in _KEYS or key in keys for key in value):
        return False
    model, messages = value.get("model"), value.get("messages")
    if not isinstance(model, str) or model.lower().startswith(_OTHER_MODELS):
        return False
    if not isinstance(messages, list) or not any(_has_role(message) for message in messages):
        return False
    return (
        all(_is_message(message, keys) for message in messages)
        and all(_is_tool(tool) for tool in _list(value.get("tools")))
        and _is_choice(value.get("tool_choice"))
    )


def has_foreign_mark(value: object) -> bool:
    """
    Return whether *value* has a mark of an answer or of another API's request.

    For a value that stands where only a chat request may stand, such as the body of a batch line with the URL of a
    chat endpoint: it need not have the marks of one, but must not have those of anything else.
    """
    if not isinstance(value, Mapping) or not _FOREIGN_KEYS.isdisjoint(value):
        return True
    messages = _list(value.get("messages"))
    return any(isinstance(message, Mapping) and not _FOREIGN_KEYS.isdisjoint(message) for message in messages)


_FOREIGN_KEYS = frozenset(
    {
        "candidates", "choices", "contents", "created", "created_at", "finish_reason", "generationConfig", "input",
        "inferenceConfig", "instructions", "modelId", "object", "output", "prompt", "response", "stop_reason",
        "systemInstruction", "usage",
    }
)  # fmt: skip


def _has_role(message: object) -> bool:
    return isinstance(message, Mapping) and _is_role(message.get("role"))


def _is_role(role: object) -> bool:
    return isinstance(role, str) and role.lower() in _ROLES


def _is_message(message: object, keys: Collection[str]) -> bool:
    """Return whether *message* is one of a request, possibly without its role."""
    if not isinstance(message, Mapping) or not all(key in _MESSAGE_KEYS or key in keys for key in message):
        return False
    if "role" in message and not _is_role(message["role"]):
        return False
    return all(_is_part(part) for part in _list(message.get("content")))


def _is_part(part: object) -> bool:
    kind = part.get("type") if isinstance(part, Mapping) else None
    return isinstance(kind, str) and kind.lower() in _PART_TYPES


def _is_tool(tool: object) -> bool:
    return isinstance(tool, Mapping) and any(isinstance(tool.get(kind), Mapping) for kind in _TOOL_KINDS)


def _is_choice(choice: object) -> bool:
    if not isinstance(choice, Mapping):
        return True
    return choice.get("type", "function") in ("allowed_tools", *_TOOL_KINDS)


def _list(value: Any) -> Collection[Any]:
    return value if isinstance(value, list) else ()
