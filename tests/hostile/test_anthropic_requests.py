"""Requests to Anthropic's API that mean harm: credentials in every place, and objects that are none."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqlint import Linter
from reqlint.core.pointer import Place, value_at
from reqlint.reporters.formats.json_report import as_dict
from tests.support.planted import find_leaks, of_form

LINTER = Linter("anthropic")
REQUEST: dict[str, Any] = {
    "model": "claude-opus-4-7",
    "max_tokens": 9,
    "system": [{"type": "text", "text": "x", "cache_control": {"type": "ephemeral", "ttl": "5m"}}],
    "metadata": {"user_id": "x"},
    "stop_sequences": ["x"],
    "service_tier": "auto",
    "tool_choice": {"type": "tool", "name": "x"},
    "thinking": {"type": "enabled", "budget_tokens": 9},
    "output_config": {"effort": "x", "format": {"type": "json_schema", "schema": {"type": "x", "pattern": "(?=x)"}}},
    "tools": [{"type": "x", "name": "x"}, {"name": "x", "input_schema": {"type": "object", "properties": {"x y": {}}}}],
    "mcp_servers": [{"type": "url", "url": "x", "name": "x"}],
    "messages": [
        {"role": "user", "content": [{"type": "image", "source": {"type": "base64", "media_type": "x", "data": "x"}}]},
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "", "signature": ""},
                {"type": "tool_use", "id": "x", "name": "x", "input": {"x": "x"}},
                {"type": "server_tool_use", "id": "x", "name": "x", "input": {}},
                {"type": "x", "text": "x"},
            ],
        },
        {"role": "user", "content": [{"type": "text", "text": " "}, {"type": "tool_result", "tool_use_id": "x"}]},
        {"role": "x", "content": "x"},
        {"role": "assistant", "content": "x "},
    ],
}


def places(value: Any, at: Place = ()) -> Iterator[Place]:
    """Yield the place of every text."""
    if isinstance(value, str):
        yield at
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in members:
        yield from places(inner, (*at, key))


@pytest.mark.parametrize("form", ["Anthropic", "AWS key id", "GitHub", "JWT", "DashScope"])
def test_no_finding_shows_a_credential(form: str) -> None:
    """Whatever text of a request is a credential, no finding has it."""
    rng = Random(form)  # noqa: S311 - repeatable on purpose
    for place in places(REQUEST):
        secret = of_form(form, rng)
        request = json.loads(json.dumps(REQUEST))
        value_at(request, place[:-1])[place[-1]] = secret.text  # type: ignore[index]  # an object or array
        written = json.dumps([as_dict(found) for found in LINTER.check_text(json.dumps(request), "a.json")])
        assert find_leaks([secret], written) == {}, place


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.text(max_size=3) | st.just("text"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "content", "text", "id", "source", "cache_control", "role"]), inner)
    ),
    max_leaves=8,
)


@given(st.data())
def test_no_garbled_request_raises(data: st.DataObject) -> None:
    """With anything in place of any part of a request, there are findings or none, and no exception."""
    request = json.loads(json.dumps(REQUEST))
    for _ in range(data.draw(st.integers(1, 3))):
        owner: Any = request
        while isinstance(owner, dict | list) and owner:
            key = data.draw(st.sampled_from(list(owner) if isinstance(owner, dict) else range(len(owner))))
            if data.draw(st.booleans()) or not isinstance(owner[key], dict | list):
                owner[key] = data.draw(JSON)
                break
            owner = owner[key]
    rules = {found.rule for found in LINTER.check(request)}
    assert rules <= LINTER.enabled
