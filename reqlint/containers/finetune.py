"""Which values are training examples, the lines of a fine-tuning file."""

from collections.abc import Mapping

from reqlint.containers.chat_request import CHAT_KEYS

_PREFERENCE_KEYS = frozenset(
    {"preferred_output", "non_preferred_output", "preferred_completion", "non_preferred_completion"}
)
_SAMPLING_KEYS = CHAT_KEYS - {"tools", "parallel_tool_calls"}  # a training example may have these two


def is_preference(value: object) -> bool:
    """Return whether *value* is a training example that compares a better output with a worse one."""
    return isinstance(value, Mapping) and "messages" not in value and not _PREFERENCE_KEYS.isdisjoint(value)


def is_training_example(value: object) -> bool:
    """Return whether *value* is a conversation to learn from: no model or sampling, and the assistant speaks last."""
    if not isinstance(value, Mapping) or "model" in value or not _SAMPLING_KEYS.isdisjoint(value):
        return False
    messages = value.get("messages")
    if not isinstance(messages, list) or not messages:
        return False
    answers = [message for message in messages if isinstance(message, Mapping) and message.get("role") == "assistant"]
    return bool(answers) and (answers[-1] is messages[-1] or any("weight" in message for message in answers))
