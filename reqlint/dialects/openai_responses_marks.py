"""
What makes a value a Responses request beyond doubt: every mark of one, and no mark of anything else.

A request is judged if it looks like one; it is edited only if it is one for certain. A stored answer has the same items
under ``output``, a saved conversation may have them without a model, and requests for embeddings, speech or moderation
have ``model`` and ``input`` too, so a single key or type that no request has is enough to leave the value alone.
"""

from collections.abc import Collection, Mapping
from typing import Any

KEYS = frozenset(
    {
        "background", "context_management", "conversation", "include", "input", "instructions", "max_output_tokens",
        "max_tool_calls", "metadata", "model", "moderation", "parallel_tool_calls", "previous_response_id", "prompt",
        "prompt_cache_key", "prompt_cache_options", "prompt_cache_retention", "reasoning", "safety_identifier",
        "service_tier", "store", "stream", "stream_options", "temperature", "text", "tool_choice", "tools",
        "top_logprobs", "top_p", "truncation", "user",
    }
)  # fmt: skip
MOVED = frozenset(
    {"max_completion_tokens", "max_tokens", "messages", "reasoning_effort", "response_format", "verbosity"}
)
"""Parameters of Chat Completions that people leave in a request when they move it to this API."""
OWN_KEYS = frozenset(
    {
        "background", "conversation", "include", "instructions", "max_output_tokens", "max_tool_calls",
        "previous_response_id", "prompt", "reasoning", "text", "truncation",
    }
)  # fmt: skip
"""Parameters that no API but this one has beside ``input``."""
_ROLES = frozenset({"assistant", "developer", "system", "user"})
_MOVED_ROLES = frozenset({"function", "tool"})
_MESSAGE_KEYS = frozenset(
    {"annotations", "content", "id", "name", "phase", "role", "status", "tool_call_id", "tool_calls", "type"}
)
_ITEM_KEYS: Mapping[str, frozenset[str]] = {
    "function_call": frozenset(
        {"arguments", "async", "call_id", "caller", "id", "name", "namespace", "status", "type"}
    ),
    "function_call_output": frozenset({"call_id", "id", "name", "namespace", "output", "status", "type", "caller"}),
    "custom_tool_call": frozenset({"call_id", "id", "input", "name", "namespace", "status", "type", "caller"}),
    "custom_tool_call_output": frozenset({"call_id", "id", "name", "namespace", "output", "status", "type", "caller"}),
    "reasoning": frozenset({"content", "encrypted_content", "id", "status", "summary", "type"}),
    "item_reference": frozenset({"id", "type"}),
}
_OTHER_ITEMS = frozenset(
    {
        "additional_tools", "apply_patch_call", "apply_patch_call_output", "code_interpreter_call", "compaction",
        "compaction_trigger", "computer_call", "computer_call_output", "configuration_update", "file_search_call",
        "image_generation_call", "local_shell_call", "local_shell_call_output", "mcp_approval_request",
        "mcp_approval_response", "mcp_call", "mcp_list_tools", "program", "program_output", "shell_call",
        "shell_call_output", "tool_search_call", "tool_search_output", "web_search_call",
    }
)  # fmt: skip
_PART_TYPES = frozenset(
    {
        "file", "image_url", "input_audio", "input_file", "input_image", "input_text", "output_text", "refusal", "text",
    }
)  # fmt: skip
_FOREIGN_KEYS = frozenset(
    {
        "candidates", "choices", "contents", "created", "created_at", "dimensions", "encoding_format", "error",
        "finish_reason", "generationConfig", "inferenceConfig", "input_type", "modelId", "object", "output",
        "output_text", "response", "status", "stop_reason", "systemInstruction", "usage",
        "voice",
    }
)  # fmt: skip
OTHER_MODELS = (
    "claude", "command", "dall-e", "embed", "gpt-4o-mini-tts", "gpt-audio", "gpt-image", "gpt-realtime",
    "omni-moderation", "rerank", "sora", "text-embedding", "text-moderation", "tts-", "voyage", "whisper",
)  # fmt: skip
"""How model ids begin whose requests have ``input`` and go to another endpoint."""


def certainly_a_request(value: object, keys: Collection[str] = ()) -> bool:
    """
    Return whether *value* is a Responses request beyond doubt.

    It names a model and has an input: a text beside a parameter that only this API has, or a list of items of known
    types. It has no key, role, item, content part or tool that a request of this shape, or one that was half moved from
    Chat Completions, does not have. *keys* are further keys that may occur anywhere in it.
    """
    if has_foreign_mark(value) or not isinstance(value, Mapping):
        return False
    if not all(key in KEYS or key in MOVED or key in keys for key in value):
        return False
    model = value.get("model")
    if not isinstance(model, str) or model.lower().startswith(OTHER_MODELS):
        return False
    given = value.get("input", value.get("messages"))
    if isinstance(given, str):
        return not OWN_KEYS.isdisjoint(value) or _has_flat_tools(value)
    if not isinstance(given, list) or not given:
        return False
    return (
        all(_is_item(item, keys) for item in given)
        and any(isinstance(item, Mapping) and ("type" in item or _has_role(item)) for item in given)
        and all(isinstance(tool, Mapping) for tool in _list(value.get("tools")))
    )


def has_foreign_mark(value: object) -> bool:
    """
    Return whether *value* has a mark of an answer or of another API's request.

    For a value that stands where only a Responses request may stand, such as the body of a batch line with its URL.
    """
    return not isinstance(value, Mapping) or not _FOREIGN_KEYS.isdisjoint(value)


def _has_flat_tools(value: Mapping[str, Any]) -> bool:
    tools = _list(value.get("tools"))
    return bool(tools) and all(isinstance(tool, Mapping) and isinstance(tool.get("type"), str) for tool in tools)


def _is_item(item: object, keys: Collection[str]) -> bool:
    """Return whether *item* is one of a request, possibly with a misspelled key."""
    if not isinstance(item, Mapping):
        return False
    kind = item.get("type")
    if kind is None or kind == "message":
        if not all(key in _MESSAGE_KEYS or key in keys for key in item):
            return False
        return ("role" not in item or _has_role(item)) and all(_is_part(part) for part in _list(item.get("content")))
    if not isinstance(kind, str):
        return False
    known = _ITEM_KEYS.get(kind)
    return kind in _OTHER_ITEMS if known is None else all(key in known or key in keys for key in item)


def _has_role(item: Mapping[str, Any]) -> bool:
    role = item.get("role")
    return isinstance(role, str) and (role.lower() in _ROLES or role in _MOVED_ROLES)


def _is_part(part: object) -> bool:
    kind = part.get("type") if isinstance(part, Mapping) else None
    return isinstance(kind, str) and kind.lower() in _PART_TYPES


def _list(value: Any) -> Collection[Any]:
    return value if isinstance(value, list) else ()
