"""Which values are chat requests."""

from collections.abc import Mapping

CHAT_KEYS = frozenset(
    {
        "enable_thinking", "frequency_penalty", "logit_bias", "logprobs", "max_completion_tokens", "max_tokens", "n",
        "parallel_tool_calls", "presence_penalty", "reasoning_effort", "response_format", "seed", "stop", "stream",
        "stream_options", "temperature", "tool_choice", "tools", "top_k", "top_logprobs", "top_p",
    }
)  # fmt: skip
"""Parameters of chat requests; beside a model, one of them tells a request without messages from any other object."""


def looks_like_request(value: object) -> bool:
    """Return whether *value* is meant as a chat request: it has messages, or a model and another chat parameter."""
    if not isinstance(value, Mapping):
        return False
    if isinstance(value.get("messages"), list):
        return True
    if "messages" in value:  # of a wrong type, or messages of another sort: translations, mail
        return "model" in value or not CHAT_KEYS.isdisjoint(value)
    return isinstance(value.get("model"), str) and not CHAT_KEYS.isdisjoint(value)
