"""Which texts read like names that somebody chose, and may be shown where a name stands."""

import string
from random import Random

import pytest

from reqlint.display.identifiers import LONGEST, is_identifier
from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.index import shipped_neighbours
from tests.support.planted import NAMES, by_form

WORDS = [
    "a", "f", "x", "o3", "bot", "human", "get_weather", "getWeather", "GetWeatherForCity", "fetchURL", "HTTPRequest",
    "web_search_20250305", "call_b", "call_a1", "image/png", "application/json", "#/$defs/FilterExpression",
    "#/definitions/City", "gpt-4o-mini-2024-07-18", "qwen-plus", "claude-haiku-4-5-20251001", "o3-mini", "str", "int64",
    "list[str]", "string|null", "computer_use_preview", "mcp__files__read_file", "functions.get_time:0",
    "look_up_the_weather_forecast_for_tomorrow",
]  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_a_name_is_recognised(word: str) -> None:
    """Words, names in all usual spellings, versions, media types and references are names."""
    assert is_identifier(word)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "two words", "my name is Ann", "ann@example.com", "555-123-4567", "1234567890", "4111111111111111",
        "a\nb", "a\u202eb", "café", "<b>", "a;b", "${HOME}", "x=1", '"', "a" * (LONGEST + 1),
        "call_9pQ2xLmV8nRt7KwZ1aBcDeFg",
        "0f8fad5b-d9cb-469f-a165-70867728950e", "Tr0ub4dor&3", "toolu_01A09q90qw90lq917835lq9", "aGVsbG8gd29ybGQ=",
    ],
)  # fmt: skip
def test_what_is_no_name_is_not_shown(text: str) -> None:
    """Sentences, addresses, numbers, random ids and anything with a sign that names lack are no names."""
    assert not is_identifier(text)


def test_every_word_of_an_api_is_a_name() -> None:
    """Nearly every word that some API documents for a role or a type would be recognised without its documentation."""
    known = {
        word
        for dialect in ("openai-chat", "openai-responses", "anthropic-messages")
        for key in ("role", "type")
        for word in shipped().documented_words(dialect).get(key, {})
    }
    known |= {word.rstrip("*") for words in shipped_neighbours()["words"].values() for word in words}
    assert len(known) > 100
    assert sorted(word for word in known if not is_identifier(word)) == []


def test_no_credential_is_a_name() -> None:
    """No random credential that has a form is a name, and of 12 random characters without one hardly any is."""
    random = Random(20261128)  # noqa: S311 - the same in every run, so that a failure can be repeated
    for _ in range(20):
        assert [secret.text for secret in by_form(random) if is_identifier(secret.text)] == []
    for letters, size, most in [
        *((letters, size, 3) for letters, size in NAMES.values() if size >= 12),
        (string.ascii_letters, 12, 3),
        (string.ascii_letters, 16, 3),
        (string.ascii_lowercase, 16, 9),
        (string.ascii_lowercase, 32, 0),
        ("0123456789abcdef", 16, 1),
        ("0123456789abcdef", 32, 0),
    ]:
        shown = sum(is_identifier("".join(random.choices(letters, k=size))) for _ in range(1000))
        assert shown <= most, (letters, size, shown)
