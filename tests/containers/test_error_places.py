"""The place that an error message of Anthropic's begins with, as the parameter that the server named."""

import json
from typing import Any

import pytest

from reqlint import Linter
from reqlint.containers.answers import find_answer


@pytest.mark.parametrize(
    ("message", "place"),
    [
        ("messages.3.content.0.tool_use.id: String should match pattern", "messages[3].content[0].id"),
        ("tools.0.custom.input_schema: Field required", "tools[0].input_schema"),
        (
            "messages.0.content.1.image.source.base64.media_type: Input should be",
            "messages[0].content[1].source.media_type",
        ),
        ("thinking.enabled.budget_tokens: Input should be greater", "thinking.budget_tokens"),
        ("messages.29.content.0.text: cache_control cannot be set", "messages[29].content[0].text"),
        ("messages: at least one message is required", "messages"),
        ("metadata.user_id: Input should be a valid string", "metadata.user_id"),
        ("`max_tokens` must be greater than `thinking.budget_tokens`", None),
        ("Overloaded", None),
        (7, None),
    ],
)
def test_the_place_stands_at_the_start_of_the_message(message: Any, place: str | None) -> None:
    """Kinds that were tried stand between the keys, and are left out."""
    body = {"type": "error", "error": {"type": "invalid_request_error", "message": message}}
    answer = find_answer({"response": {"status": 400, "body": body}}, ())
    assert answer is not None
    assert (answer.param, answer.accepted) == (place, False)


def test_an_answer_of_anthropics_says_that_the_request_was_taken() -> None:
    """A recorded answer without a status is one; a refusal that nothing explains names the place of the server's."""
    request = {"model": "claude-haiku-4-5", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}
    message = {"type": "message", "role": "assistant", "content": [{"type": "text", "text": "Hi"}]}
    assert list(Linter().check_text(json.dumps({"request": request, "response": message}), "a.json")) == []
    error = {"type": "error", "error": {"type": "invalid_request_error", "message": "messages.0.content: is odd"}}
    exchange = {"request": request, "response": {"status": 400, "body": error}}
    [found] = Linter().check_text(json.dumps(exchange), "b.json")
    assert (found.rule, found.profile) == ("unexplained-refusal", "anthropic")
    assert "messages[0].content" in found.message
