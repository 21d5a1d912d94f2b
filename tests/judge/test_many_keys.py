"""Findings of many keys of one object are those that each key has alone, and few of them are described in full."""

import json
from collections.abc import Mapping
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqlint import Finding, Linter
from reqlint.core.findings import Hit
from reqlint.display.credential_search import _words, may_hold_credential
from reqlint.display.escaping import is_harmless, is_harmless_word
from reqlint.judge.describe import Describer
from reqlint.judge.judge import Judge
from reqlint.run import describe
from tests.support.planted import NAMES, by_form

OPENAI = Linter("openai")
WORDS = ("a", "max_tokns", "maxTokens", "temperatura", "top_k", "prompt", "strict", "role", "tool_id", "page_token")
SIGNS = (
    "",
    " ",
    "~/",
    '"',
    "\\",
    "é",
    "😀",
    "\u202e",
    ":",
    "=",
    "##a[",
    "::",
    "-",
    ".",
    "-----BEGIN",
    "'",
    "\n",
    "[0]",
)
VALUES: tuple[Any, ...] = (1, -0.0, 0.0, True, None, 1.5, "text", "x" * 300, {}, {"a": 1}, [], [{}], 10**30)


def described(text: str, name: str, most: int) -> list[Finding]:
    """Return the findings of *text* where documents with more than *most* hits have many."""
    with patch.object(describe, "_MANY", most):
        return [*OPENAI.check_text(text, name).findings]


def keys(random: Random, count: int) -> list[str]:
    """Return keys, of which some are misspelt, have a sign to escape, name a credential or are one."""
    secrets = [secret.text for secret in by_form(random)]
    made = (
        random.choice((*WORDS, *NAMES, random.choice(secrets), f"{random.choice(WORDS)}{random.choice(SIGNS)}{number}"))
        + random.choice(("", "", str(number), random.choice(SIGNS)))
        for number in range(count)
    )
    return [*dict.fromkeys(made)]


def members(random: Random, count: int = 60) -> Mapping[str, Any]:
    """Return members with such keys."""
    return {key: random.choice((*VALUES, *(secret.text for secret in by_form(random)))) for key in keys(random, count)}


def request(random: Random) -> dict[str, Any]:
    """Return a request with many keys that it should not have, in several objects."""
    function = {**members(random), "name": "f", "parameters": {"type": "object", "properties": {"api_key": {}}}}
    return {
        **members(random),
        "model": "gpt-4o",
        "messages": [{**members(random, 9), "role": "user", "content": "Hi"} for _ in range(5)],
        "tools": [{"type": "function", "function": function, **members(random)}],
        "metadata": members(random),
    }


def repeated(text: str, random: Random) -> str:
    """Return a JSON text, on one line, in which some members of the request are written again and again."""
    more = members(random, 30)
    again = [f"{json.dumps(key)}: {json.dumps(more[key])}" for key in random.choices([*more], k=60)]
    again += [f'"{random.choice(WORDS)}": {random.choice(("NaN", "Infinity", "1e999"))}' for _ in range(20)]
    random.shuffle(again)
    message = f'"role": "user", {", ".join(again[:20])}'
    return text.replace("{", f"{{{', '.join(again)}, ", 1).replace('"role": "user"', message, 2)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("form", ["a.json", "a.jsonl", "a batch.jsonl", "a.yaml", "a cassette.json"])
def test_together_as_one_by_one(form: str, seed: int) -> None:
    """Described together, many keys have the findings that they have one by one, fingerprints included."""
    random = Random(f"{form} {seed}")  # noqa: S311 - the same in every run
    value: Any = request(random)
    if form == "a cassette.json":
        exchange = {"method": "POST", "uri": "https://api.openai.com/v1/chat/completions", "body": json.dumps(value)}
        value = {"interactions": [{"request": exchange, "response": {"status": {"code": 400}}}]}
    text = json.dumps(value, ensure_ascii=seed % 2 == 0, indent=seed % 3 or None)
    if form == "a.jsonl":
        text = "".join(json.dumps(request(random)) + "\n" for _ in range(2))
    if form == "a batch.jsonl":
        line = {"custom_id": random.choice(("a", next(iter(by_form(random))).text)), "method": "POST"}
        text = json.dumps({**line, "url": "/v1/chat/completions", "body": value})
    if form == "a.json":
        text = repeated(text, random)
    if seed == 5:
        text = text.rstrip("\n") + "]"  # so it cannot be read
    one_by_one = described(text, form, 10**9)
    assert len(one_by_one) > 100 or seed == 5
    assert described(text, form, 0) == one_by_one


@given(
    st.sampled_from([*(secret.text for secret in by_form(Random(1))), *_words(), *NAMES, "a"]),  # noqa: S311 - test data
    st.sampled_from(SIGNS),
    st.text("abk_-/. A0~#[", max_size=6),
)
def test_a_harmless_word_makes_no_text_harmful(word: str, sign: str, more: str) -> None:
    """What is harmless with a blank behind it is harmless between any other harmless words."""
    for key in (word, word + sign, more + word, word + more, more):
        if is_harmless_word(key):
            assert is_harmless(f"unknown field {key} here tools/*/function/ {key} {key}")


def test_signs_of_credentials_have_a_blank_at_most_at_their_end() -> None:
    """So none begins in one word and ends in another, which `is_harmless_word` relies on."""
    assert not [word for word in _words() if " " in word[:-1]]
    assert all(may_hold_credential(f"{word} ") for word in _words() if word)


def test_plain_keys_are_not_described_one_by_one() -> None:
    """Only those are that have a sign to escape, and the first few."""
    asked: list[Hit] = []
    one_by_one = Describer.finding

    def finding(self: Describer, judge: Judge, hit: Hit, *arguments: Any, **named: Any) -> Finding:
        asked.append(hit)
        return one_by_one(self, judge, hit, *arguments, **named)

    fields = {f"f{number}{':' * (number % 10 == 0)}": number for number in range(3000)}
    text = json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], **fields})
    twice = text[:-1] + ", " + ", ".join(f'"{key}": 1' for key in [*fields] * 2) + "}"
    with patch.object(Describer, "finding", finding):
        assert len(OPENAI.check_text(text, "a.json").findings) == 3000
        assert 300 <= len(asked) <= 310
        asked.clear()
        assert len(OPENAI.check_text(twice, "a.json").findings) == 9000
    assert 600 <= len(asked) <= 620
