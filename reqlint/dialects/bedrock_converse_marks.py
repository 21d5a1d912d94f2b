"""
What makes a value a Converse request beyond doubt: every mark of one, and no mark of anything else.

A message of this shape could be one of a saved conversation as well, so that a single key or role that no request has
is enough to leave the value alone.
"""

from collections.abc import Collection, Mapping
from typing import Any

BLOCKS = frozenset(
    {
        "audio", "cachePoint", "citationsContent", "document", "guardContent", "image", "reasoningContent",
        "searchResult", "text", "toolAddition", "toolRemoval", "toolResult", "toolUse", "video",
    }
)  # fmt: skip
"""What a block of a turn can be."""
MEMBER_OF_SETTING = {
    "maxTokens": "maxTokens", "max_tokens": "maxTokens", "max_completion_tokens": "maxTokens",
    "max_tokens_to_sample": "maxTokens", "temperature": "temperature", "topP": "topP", "top_p": "topP",
    "stop": "stopSequences", "stopSequences": "stopSequences", "stop_sequences": "stopSequences",
}  # fmt: skip
"""What a setting is called inside ``inferenceConfig``, by its name there or in another API."""
_KEYS = frozenset(
    {
        "additionalModelRequestFields", "additionalModelResponseFieldPaths", "guardrailConfig", "inferenceConfig",
        "messages", "modelId", "outputConfig", "performanceConfig", "projectIdentifier", "promptVariables",
        "requestMetadata", "serviceTier", "system", "toolConfig",
    }
)  # fmt: skip
_OWN_KEYS = _KEYS - {"messages", "system"}
_OWN_BLOCKS = BLOCKS - {"text", "image", "document", "video", "audio"}
_BLOCK_KEYS = frozenset(block.lower() for block in BLOCKS) | {"type"}
_ROLES = frozenset({"user", "assistant", "system"})
_ANSWERED = frozenset(
    {
        "$metadata", "ResponseMetadata", "choices", "created", "created_at", "metrics", "object", "output", "response",
        "stopReason", "stop_reason", "title", "usage",
    }
)  # fmt: skip


def certainly_a_request(value: object, keys: Collection[str] = ()) -> bool:
    """
    Return whether *value* is a Converse request beyond doubt.

    It has a list of messages, all of them objects with a role of this API and blocks of it, and something that only
    this API has: a key beside the messages, or a block. *keys* are further keys that may occur anywhere in it.
    """
    if has_foreign_mark(value) or not isinstance(value, Mapping):
        return False
    if not all(key in _KEYS or key in MEMBER_OF_SETTING or key in keys for key in value):
        return False
    messages = value.get("messages")
    if not isinstance(messages, list) or not messages or not all(_is_message(each, keys) for each in messages):
        return False
    blocks = [block for message in messages for block in _list(message.get("content")) if isinstance(block, Mapping)]
    return not _OWN_KEYS.isdisjoint(value) or any(not _OWN_BLOCKS.isdisjoint(block) for block in blocks)


def has_foreign_mark(value: object) -> bool:
    """Return whether *value* has a mark of an answer or of something that was saved."""
    return not isinstance(value, Mapping) or not _ANSWERED.isdisjoint(value)


def _is_message(message: object, keys: Collection[str]) -> bool:
    if not isinstance(message, Mapping) or not all(key in ("role", "content") or key in keys for key in message):
        return False
    role = message.get("role")
    if not isinstance(role, str) or role.lower() not in _ROLES:
        return False
    content = message.get("content")
    return isinstance(content, str) or all(_is_block(block, keys) for block in _list(content))


def _is_block(block: object, keys: Collection[str]) -> bool:
    """Return whether *block* is one of this API: a text, or an object whose members are blocks in whatever spelling."""
    if isinstance(block, str):
        return True
    if not isinstance(block, Mapping) or not all(isinstance(key, str) for key in block):
        return False
    return all(key.lower().replace("_", "") in _BLOCK_KEYS or key in keys for key in block)


def _list(value: Any) -> Collection[Any]:
    return value if isinstance(value, list) else ()
