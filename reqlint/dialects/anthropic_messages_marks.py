"""
What makes a value a Messages request beyond doubt: every mark of one, and no mark of anything else.

A request is judged if it looks like one; it is edited only if it is one for certain. Chat Completions has messages,
a model and max_tokens as well, and gateways of that shape serve Claude models: so a mark that only this shape has must
be there. Tools, parts and keys in the form of Chat Completions may stand beside such a mark: they were forgotten when
a request was ported, and some have a fix.
"""

from collections.abc import Collection, Mapping
from typing import Any

_ROLES = frozenset({"assistant", "system", "user"})
_OWN_KEYS = frozenset({"anthropic_version", "output_config", "stop_sequences", "system", "thinking"})
"""Keys at the top level that Chat Completions does not have."""
_KEYS = _OWN_KEYS | frozenset(
    {
        "anthropic_beta", "cache_control", "container", "context_management", "diagnostics", "inference_geo",
        "max_tokens", "mcp_servers", "messages", "metadata", "model", "output_format", "service_tier", "speed",
        "stream", "temperature", "tool_choice", "tools", "top_k", "top_p",
    }
)  # fmt: skip
_PORTED_KEYS = frozenset({"max_completion_tokens", "max_output_tokens", "max_tokens_to_sample", "stop"})
"""Keys of other APIs that have a fix here."""
_MESSAGE_KEYS = frozenset({"content", "role"})
_OWN_BLOCKS = frozenset(
    {
        "bash_code_execution_tool_result", "code_execution_tool_result", "container_upload", "document", "image",
        "redacted_thinking", "search_result", "server_tool_use", "text_editor_code_execution_tool_result", "thinking",
        "tool_result", "tool_search_tool_result", "tool_use", "web_fetch_tool_result", "web_search_tool_result",
    }
)  # fmt: skip
_BLOCKS = _OWN_BLOCKS | {"input_text", "output_text", "text"}
_FOREIGN_KEYS = frozenset(
    {
        "candidates", "choices", "contents", "created", "created_at", "finish_reason", "generationConfig",
        "inferenceConfig", "input", "instructions", "modelId", "object", "output", "prompt", "response", "stop_reason",
        "systemInstruction", "toolConfig", "usage",
    }
)  # fmt: skip


def certainly_a_request(value: object, keys: Collection[str] = ()) -> bool:
    """
    Return whether *value* is a Messages request beyond doubt.

    It names a model, or the version that stands in for it on other clouds; its messages are objects with roles and
    blocks that this API knows; it has a mark that Chat Completions lacks, and nothing that neither of them has. *keys*
    are further keys that may occur at the top level.
    """
    if not isinstance(value, Mapping) or has_foreign_mark(value):
        return False
    if not all(key in _KEYS or key in _PORTED_KEYS or key in keys for key in value):
        return False
    messages = value.get("messages")
    if not isinstance(messages, list) or not messages or not all(map(_is_message, messages)):
        return False
    is_named = isinstance(value.get("model"), str) or isinstance(value.get("anthropic_version"), str)
    tools = _list(value.get("tools"))
    return is_named and all(map(_is_tool, tools)) and _has_own_mark(value, messages, tools)


def has_foreign_mark(value: object) -> bool:
    """
    Return whether *value* has a mark of an answer or of another API's request.

    For a value that stands where only a Messages request may stand: it need not have the marks of one, but must not
    have those of anything else.
    """
    if not isinstance(value, Mapping) or not _FOREIGN_KEYS.isdisjoint(value):
        return True
    messages = _list(value.get("messages"))
    return any(isinstance(message, Mapping) and not _FOREIGN_KEYS.isdisjoint(message) for message in messages)


def _has_own_mark(value: Mapping[str, Any], messages: Collection[Any], tools: Collection[Any]) -> bool:
    if not _OWN_KEYS.isdisjoint(value):
        return True
    if any("input_schema" in tool for tool in tools):
        return True
    blocks = (block for message in messages for block in _list(message.get("content")))
    return any(block["type"] in _OWN_BLOCKS or "cache_control" in block for block in blocks)


def _is_message(message: object) -> bool:
    """Return whether *message* is one of a request, in which content parts have a type that is known."""
    if not isinstance(message, Mapping) or not message.keys() <= _MESSAGE_KEYS:
        return False
    role = message.get("role")
    return isinstance(role, str) and role in _ROLES and all(map(_is_block, _list(message.get("content"))))


def _is_block(block: object) -> bool:
    return isinstance(block, Mapping) and isinstance(kind := block.get("type"), str) and kind in _BLOCKS


def _is_tool(tool: object) -> bool:
    if not isinstance(tool, Mapping):
        return False
    return isinstance(tool.get("name"), str) or isinstance(tool.get("function"), Mapping)


def _list(value: Any) -> Collection[Any]:
    return value if isinstance(value, list) else ()
