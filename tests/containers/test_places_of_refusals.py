"""The place of a refusal, where the answer has no member for it."""

from typing import Any

import pytest

from reqlint.containers.answers import find_answer
from reqlint.containers.error_places import place_in_error


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (
            {"message": "The text field in the ContentBlock object at messages.0.content.1 is blank."},
            "messages[0].content[1]",
        ),
        (
            {"message": "The value at toolConfig.tools.7.toolSpec.inputSchema.json.type must be one of: object."},
            "toolConfig.tools[7].toolSpec.inputSchema.json.type",
        ),
        ({"message": "Malformed input request: #/messages/2/content/0: extraneous key"}, "messages[2].content[0]"),
        ({"message": "messages[5]: invalid type: sequence, expected a string"}, "messages[5]"),
        ({"message": "Invalid 'tools[0].function.name': string does not match pattern"}, "tools[0].function.name"),
        ({"detail": [{"type": "extra_forbidden", "loc": ["body", "messages", 0, "user", "name"]}]}, "messages[0].name"),
        ({"detail": [{"loc": ["body", "seed"]}]}, "seed"),
        ({"object": "error", "message": {"detail": [{"loc": ["body", "tools", 0, "function"]}]}}, "tools[0].function"),
        ({"message": "The provided model identifier is invalid."}, None),
        ({"message": "messages is empty"}, None),
        ({"message": "see https://a.example/messages.0.content"}, None),
        ({"detail": [{"loc": ["query", "x"]}]}, None),
        ({"detail": [{"loc": ["body", "a key with words"]}]}, None),
        ({"detail": "Not found"}, None),
        ({"detail": []}, None),
        ({}, None),
    ],
)
def test_a_place_is_read_from_the_error(body: dict[str, Any], place: str | None) -> None:
    """With dots, slashes, brackets or steps; other sentences name no place."""
    assert place_in_error(body) == place


@pytest.mark.parametrize(
    "response",
    [
        {"status": 400, "body": '{"message": "The content field at messages.2.content is empty."}'},
        {
            "status": {"code": 400},
            "body": {"string": '{"message": "The content field at messages.2.content is empty."}'},
        },
        {"status": 400, "error": {"message": "The content field at messages.2.content is empty.", "param": None}},
        {"status": 400, "message": "The content field at messages.2.content is empty."},
    ],
)
def test_a_recorded_refusal_has_its_place(response: dict[str, Any]) -> None:
    """Wherever a recording keeps the body; an answer that was accepted has none."""
    answer = find_answer({"response": response}, ())
    assert answer is not None
    assert answer.param == "messages[2].content"
    taken = find_answer({"response": {"status": 200, "body": '{"message": "messages.2.content"}'}}, ())
    assert taken is not None
    assert taken.param is None
