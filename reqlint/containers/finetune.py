"""Which values are training examples, the lines of a fine-tuning file."""

from collections.abc import Mapping

from reqlint.dialects import openai_chat
from reqlint.dialects.registry import has_conversation

_PREFERENCE_KEYS = frozenset(
    {"preferred_output", "non_preferred_output", "preferred_completion", "non_preferred_completion"}
)
_SAMPLING_KEYS = openai_chat.PARAMETERS - {"tools", "parallel_tool_calls"}  # a training example may have these two


def is_preference(value: object) -> bool:
    """Return whether *value* is a training example that compares a better output with a worse one."""
    return isinstance(value, Mapping) and not has_conversation(value) and not _PREFERENCE_KEYS.isdisjoint(value)


def is_training_example(value: object) -> bool:
    """Return whether *value* is a conversation to learn from: no model or sampling, and the assistant speaks last."""
    if not isinstance(value, Mapping) or "model" in value or not _SAMPLING_KEYS.isdisjoint(value):
        return False
    turns = list(openai_chat.turns(value))  # training files have this shape whatever is trained
    answers = [turn for turn in turns if turn.role == "assistant"]
    return bool(answers) and (answers[-1] is turns[-1] or any("weight" in turn.value for turn in answers))
