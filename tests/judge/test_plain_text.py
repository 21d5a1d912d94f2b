"""A line whose text is plain is judged as any other: what its text proves is true of every text and key in it."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqlint import Linter
from reqlint.text.json import line_reader, plain_text
from reqlint.text.json.line_reader import LineReader
from reqlint.text.json.reader import expect_bytes, read_json
from tests.support.planted import of_form

PROFILES = ("openai", "openai-compatible", "bedrock-converse", "anthropic")
RULE = "credential-in-request"


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read fast from the first line on, and share tools."""
    monkeypatch.setattr("reqlint.text.json.reader._left", 1 << 23)
    monkeypatch.setattr(line_reader, "_LINES_BEFORE", 0)
    monkeypatch.setattr("reqlint.text.documents._line_reader", LineReader())
    expect_bytes(1 << 30)


def request(profile: str, dice: Random) -> dict[str, Any]:
    """Return a clean request with text at many places, and tools that are long enough to be shared."""
    said = dice.choice(("How far is Turin?", "Wie weit ist es nach Köln?", "他说", "call 1002", "é\x7f\x01"))
    parameters = {"type": "object", "properties": {"city": {"type": "string", "description": said * 9}}}
    function = {"name": "trains", "description": "Finds trains. " * 20, "parameters": parameters}
    turns = [{"role": "user", "content": said}]
    if profile == "openai":
        return {"model": "gpt-4o", "messages": turns, "tools": [{"type": "function", "function": function}]}
    if profile == "openai-compatible":  # takes members that no API has
        return {"model": "llama-3", "messages": turns, "x": {"n": said}, "toolConfig": {"tools": [function]}}
    if profile == "anthropic":
        tool = {"name": "trains", "description": function["description"], "input_schema": parameters}
        return {"model": "claude-haiku-4-5", "max_tokens": 100, "messages": turns, "tools": [tool]}
    spec = {"name": "trains", "description": function["description"], "inputSchema": {"json": parameters}}
    config = {"tools": [{"toolSpec": spec}]}
    return {
        "modelId": "amazon.nova-lite-v1:0",
        "messages": [{**turns[0], "content": [{"text": said}]}],
        "toolConfig": config,
    }


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every object and array in *value* with each key of it that leads to a text."""
    for key, member in [*(value.items() if isinstance(value, dict) else enumerate(value))]:
        if isinstance(member, str):
            yield value, key
        elif isinstance(member, dict | list):
            yield from places(member)


def spoiled(request: dict[str, Any], dice: Random) -> dict[str, Any]:
    """Return a copy of a request with a credential in one of its texts, or nearly one."""
    copy: dict[str, Any] = json.loads(json.dumps(request))
    owner, key = dice.choice([*places({name: each for name, each in copy.items() if "model" not in name.lower()})])
    secret = of_form(dice.choice(("OpenAI", "GitHub", "AWS key id", "Google API", "Slack bot")), dice).text
    owner[key] += " " + dice.choice((secret, secret, secret, "task-7", "a bearer of news"))
    return copy


def written(request: dict[str, Any], dice: Random) -> str:
    """Return the line of a request, with a letter of it escaped, or none."""
    value = {"custom_id": "a", "body": request} if dice.random() < 0.2 else request
    text = json.dumps(value, ensure_ascii=dice.random() < 0.7)
    letter = dice.choice("sk-AghIxo_")
    escaped = text.replace(letter, f"\\u{ord(letter):04x}")
    return escaped if dice.random() < 0.6 and _is_same(escaped, value) else text


def _is_same(text: str, value: object) -> bool:
    try:
        return bool(json.loads(text) == value)
    except ValueError:
        return False


@pytest.mark.parametrize("profile", PROFILES)
def test_credentials_are_found_however_they_are_written(profile: str) -> None:
    """In lines with words of a credential, escaped or not, in members or in tools that lines share, each is found."""
    dice = Random(26)  # noqa: S311 - test data
    linter = Linter(profile, severity={RULE: "warning"})
    linter.compile_now()
    clean = [request(profile, dice) for _ in range(40)]
    lines = [written(each, dice) for each in (*clean, *(spoiled(each, dice) for each in clean[:15]))]
    lines = [dice.choice(lines) for _ in range(600)]
    alone = Linter(profile, engine="reference", select=[RULE], severity={RULE: "warning"})
    expected = [
        bool([f for f in alone.check(each.get("body", each)) if f.rule == RULE]) for each in map(json.loads, lines)
    ]
    found = {f.document for f in linter.check_text("\n".join(lines), "a.jsonl").findings if f.rule == RULE}
    assert found == {number for number, is_bad in enumerate(expected) if is_bad}
    assert 20 < len(found) < 300


def test_only_the_value_read_last_is_known_to_be_plain() -> None:
    """A value is plain by its own text alone, and so is the request that it holds; tools of other lines are not."""
    Linter("openai").compile_now()
    line = {"custom_id": "a", "body": {"model": "m", "tools": [1]}}
    text = json.dumps(line).encode()
    read: Any = read_json(text)
    assert plain_text.is_from_plain_text(read, ())
    assert plain_text.is_from_plain_text(read["body"], ())
    assert not plain_text.is_from_plain_text(json.loads(text), ())
    plain_text.remember_tools(read, read["body"]["tools"])
    assert not plain_text.is_from_plain_text(read["body"], ())
    assert not plain_text.is_from_plain_text(read["body"], ("toolConfig",))
    assert plain_text.is_from_plain_text(read["body"], ("tools",))
    read_json(b'{"other": 1}')
    assert not plain_text.is_from_plain_text(read, ("tools",))
    escaped = [f'{{"a": "\\u{code:04{case}}"}}' for code in range(0x20, 0x7F) for case in "xX"]
    for odd in (*escaped, '{"a": "sk-1"}', '{"a": "1002"}', f'{{"a": "{"a" * (1 << 20)}"}}'):
        value: Any = read_json(odd.encode())
        assert not plain_text.is_from_plain_text(value, ())


@given(st.text("sk-é你😀", max_size=9), st.text("sk-", min_size=1, max_size=3))
def test_a_word_is_found_among_other_characters(text: str, word: str) -> None:
    """A word of ASCII stands in what is searched exactly where it stands in the text."""
    assert (word in plain_text.searchable(text.encode())) == (word in text)
