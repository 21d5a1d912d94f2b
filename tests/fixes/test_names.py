"""No fix makes a key or a name that something else has, or that another fix of the same run makes."""

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqlint.core.findings import Unfixed
from reqlint.fixes.apply import Repair, apply_fixes, discard
from reqlint.run.one_request import linter_for
from reqlint.text.json.reader import read_json
from reqlint.text.sources import Source

pytestmark = pytest.mark.core

MALFORMED = ["get weather", "get.weather", "get/weather", "get  weather", "get_weather", "get-weather", "get,weather!"]
LONG = ["x" * 64 + "a", "x" * 64 + "b", "x" * 64]


def request(names: list[str], chosen: str | None = None, *, called: bool = False) -> dict[str, Any]:
    """Return a request that offers functions of these names, in every place that can name one."""
    value: dict[str, Any] = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}
    value["tools"] = [
        {"type": "function", "function": {"name": n, "description": f"No. {i}"}} for i, n in enumerate(names)
    ]
    if chosen:
        value["tool_choice"] = {"type": "function", "function": {"name": chosen}}
    if called:
        calls = [
            {"id": f"c{i}", "type": "function", "function": {"name": n, "arguments": "{}"}} for i, n in enumerate(names)
        ]
        value["messages"] += [
            {"role": "assistant", "content": None, "tool_calls": calls},
            *({"role": "tool", "tool_call_id": call["id"], "content": "done"} for call in calls),
        ]
    return value


def fixed(value: object, *, times: int = 1) -> tuple[Repair, Any]:
    """Return what unsafe fixes of a request come to, and the request after them."""
    text = json.dumps(value).encode()
    for _ in range(times):
        source = Source("a.json", None, text)
        repair = apply_fixes(source, linter_for("openai").check_source, unsafe=True)
        text = repair.source.read()
        discard(repair, source)
    return repair, json.loads(text)


def test_two_malformed_names_stay_two() -> None:
    """Of two names that would become one, the first is renamed; the choice of the second still names the second."""
    repair, after = fixed(request(["get weather", "get.weather"], "get.weather"), times=2)
    assert [tool["function"]["name"] for tool in after["tools"]] == ["get_weather", "get.weather"]
    assert after["tool_choice"]["function"]["name"] == "get.weather"
    assert {reason for _, reason in repair.unfixed} == {Unfixed.CLASH}


@settings(deadline=None)
@given(st.lists(st.sampled_from([*MALFORMED, *LONG]), min_size=1, max_size=6), st.data(), st.booleans())
def test_functions_that_differ_keep_different_names(names: list[str], data: st.DataObject, called: bool) -> None:
    """However often it is fixed, a request tells apart as many functions as before, and each place names its own."""
    chosen = data.draw(st.sampled_from(names))
    before = request(names, chosen, called=called)
    for times in (1, 3):
        _, after = fixed(before, times=times)
        renamed = [tool["function"]["name"] for tool in after["tools"]]
        assert len(set(zip(names, renamed, strict=True))) == len(set(names)) == len(set(renamed))
        new = dict(zip(names, renamed, strict=True))
        assert after["tool_choice"]["function"]["name"] == new[chosen]
        if called:
            assert [call["function"]["name"] for call in after["messages"][1]["tool_calls"]] == renamed


SPELLINGS = {
    "max_tokens": ["max_token", "maxTokens", "max_tokenss", "max_tokens"],
    "temperature": ["temprature", "temperatur", "Temperature", "temperature"],
    "stream": ["steam", "streem", "Stream", "stream"],
}


@settings(deadline=None)
@given(st.data(), st.booleans())
def test_no_key_is_made_twice(data: st.DataObject, wrapped: bool) -> None:
    """Misspellings of one key, and members moved up a level, never become a key that is there or is being made."""
    good = {"max_tokens": 5, "temperature": 1, "stream": True}
    value: dict[str, Any] = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}
    extra: dict[str, Any] = {}
    for key, spellings in SPELLINGS.items():
        for spelling in data.draw(st.lists(st.sampled_from(spellings), unique=True)):
            target = extra if wrapped and data.draw(st.booleans()) else value
            target[spelling] = good[key]
    if extra:
        value["extra_body"] = extra
    text = json.dumps(value).encode()
    source = Source("a.json", None, text)
    repair = apply_fixes(source, linter_for("openai").check_source, unsafe=True)
    after = repair.source.read()
    discard(repair, source)
    read_json(after)  # which refuses duplicate keys

    def members(holder: dict[str, Any]) -> int:
        inner = holder.get("extra_body", {})
        return len(holder) - ("extra_body" in holder) + len(inner)

    assert members(json.loads(after)) == members(value)  # every member is still there, under one key or another
    assert not repair.reverted
    promised = Counter(f.pointer for f in repair.found if f.fix)
    assert promised <= Counter(f.pointer for f in repair.fixed)
