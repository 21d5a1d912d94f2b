"""What an error answer says, without what it quotes of the request."""

import json

import pytest

from reqlint.containers.error_texts import is_page, words_in_error


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"error": {"message": "m", "type": "t", "param": "p", "code": None}}, "m\nt\np"),
        (
            {"type": "error", "error": {"type": "invalid_request_error", "message": "m"}, "request_id": "r"},
            "error\ninvalid_request_error\nm",
        ),
        (
            [{"error": {"message": "m", "details": [{"fieldViolations": [{"field": "f", "description": "d"}]}]}}],
            "m\nf\nd",
        ),
        (
            {"detail": [{"type": "extra_forbidden", "loc": ["body", "seed"], "msg": "m", "input": "quoted"}]},
            "extra_forbidden\nbody\nseed\nm",
        ),
        (
            {"error": {"message": "Provider", "metadata": {"raw": '{"error": {"message": "inner"}}'}}},
            "Provider\ninner",
        ),
        ({"code": "invalid-argument", "error": "e"}, "invalid-argument\ne"),
        ({"id": "batch_req", "response": {"status_code": 400, "body": {"error": {"message": "m"}}}}, "m"),
        ({"request": {"message": "quoted"}, "failed_generation": "quoted"}, ""),
    ],
)
def test_the_texts_of_every_form_of_error_are_found(body: object, said: str) -> None:
    """Messages, codes and places of the forms that APIs answer in, also of an error inside an error."""
    assert words_in_error(json.dumps(body)) == said
    assert words_in_error(f"\n {json.dumps(body, indent=1)}") == said


@pytest.mark.parametrize("text", ["Error code: 400 - {'error': {'message': 'm'}}", "{not json", "", "plain words"])
def test_what_is_no_json_is_taken_as_it_is(text: str) -> None:
    """A line of a log, a damaged body and plain words are their own words."""
    assert words_in_error(text) == text


def test_a_hostile_body_ends_in_few_words() -> None:
    """Deep nesting, a million texts, texts inside texts, and half a character end within bounds."""
    deep = '{"error":' * 5000 + "1" + "}" * 5000
    nested = "m"
    for _ in range(30):
        nested = json.dumps({"message": nested})[:100_000]
    for text in (deep, nested, json.dumps({"errors": ["x" * 50] * 100_000}), '{"message": "\\ud800"}', "[" * 100_000):
        assert len(words_in_error(text)) <= 2_100_000
    assert len(words_in_error(json.dumps({"errors": ["x"] * 1000})).split()) == 100


@pytest.mark.parametrize(
    ("text", "page"),
    [("<!DOCTYPE html><html>", True), (" <html lang=en>", True), ("<?xml ?>", True), ("{}", False), ("<3", False)],
)
def test_a_page_of_a_gateway_is_told_from_an_error(text: str, page: bool) -> None:
    """HTML and XML are no answer of an API that is known here."""
    assert is_page(text) is page
