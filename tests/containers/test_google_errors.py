"""The code and the place in an error of Google's APIs."""

import json
from typing import Any

import pytest

from reqlint import Linter
from reqlint.containers.answers import find_answer
from reqlint.containers.google_errors import google_place

VIOLATION = {"field": "tools[0].function_declarations[0].name", "description": "Invalid name."}
URL = "https://generativelanguage.googleapis.com/v1beta/models/gemini-3.8-flash:generateContent"


def error(message: str = "Request contains an invalid argument.", **more: Any) -> dict[str, Any]:
    """Return an error as Google's APIs answer it."""
    return {"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT", **more}}


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        (error(details=[{"@type": "BadRequest", "fieldViolations": [VIOLATION]}]), VIOLATION["field"]),
        (error("* GenerateContentRequest.contents[0].parts: contents.parts must not be empty."), "contents[0].parts"),
        (error("Invalid JSON payload received. Unknown name \"a\" at 'generation_config': Cannot find field."),
         "generation_config"),
        (error("Please use a valid role: user, model."), None),
        (error(details="none"), None),
        ({"error": {"code": "invalid_value", "message": "a: b", "status": "INVALID_ARGUMENT"}}, None),
    ],
)  # fmt: skip
def test_the_place_is_in_the_details_or_in_the_message(answer: Any, place: str | None) -> None:
    """The first field that the details name is the place, else one that the message names."""
    assert google_place(answer["error"]) == place


@pytest.mark.parametrize("wrap", [lambda body: json.dumps(body), lambda body: json.dumps([body])])
def test_a_recorded_refusal_has_the_words_of_its_status(wrap: Any) -> None:
    """The code of a refusal is INVALID_ARGUMENT and not the number again, also where a stream is a list."""
    answer = find_answer({"response": {"status": 400, "body": wrap(error())}}, ())
    assert answer is not None
    assert (answer.status, answer.accepted, answer.code) == (400, False, "INVALID_ARGUMENT")


@pytest.mark.parametrize("status", ["RESOURCE_EXHAUSTED", "PERMISSION_DENIED", "UNAVAILABLE", "INTERNAL", "NOT_FOUND"])
def test_an_error_about_something_else_says_nothing_of_the_request(status: str) -> None:
    """Without an HTTP status, the words of the error tell whether it is about the request."""
    failure = {"error": {"code": 0, "message": "No.", "status": status}}
    answer = find_answer({"request": {}, "response": failure}, ())
    assert answer is not None
    assert answer.accepted is None


def test_a_recorded_answer_contradicts_an_error() -> None:
    """A request with an error that was answered with candidates is told as contradicted by its recording."""
    exchange = {
        "request": {"method": "POST", "url": URL, "body": {"contents": [{"role": "user", "parts": [{}]}]}},
        "response": {"candidates": [{"content": {"role": "model", "parts": [{"text": "Hi"}]}}]},
    }
    rules = [finding.rule for finding in Linter().check_text(json.dumps(exchange), "pair.json")]
    assert sorted(rules) == ["contradicted-by-recording", "empty-part"]
