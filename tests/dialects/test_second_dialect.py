"""One rule, two wire shapes: rules about tools, turns and calls see a second dialect as they see the first."""

import copy
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from reqlint import checks
from reqlint.checks import SUBJECTS_OF_DIALECT, all_checks
from reqlint.core.findings import Severity
from reqlint.dialects import registry
from reqlint.dialects.openai_chat import OPENAI_CHAT
from reqlint.judge.judge import Judge
from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.profile import Profile
from tests.dialects.messages_api import MESSAGES_API, SCHEMA

RULES = (
    "orphan-tool-result",
    "unanswered-tool-call",
    "duplicate-tool-name",
    "array-without-items",
    "undeclared-required-property",
    "undeclared-tool-choice",
    "long-tool-description",
)
CLEAN: dict[str, Any] = {
    "model": "claude-sonnet-4-5",
    "max_tokens": 300,
    "tool_choice": {"type": "tool", "name": "get_weather"},
    "tools": [
        {
            "name": "get_weather",
            "description": "Tell the weather of a city.",
            "input_schema": {
                "type": "object",
                "properties": {"city": {"type": "string"}, "days": {"type": "array", "items": {"type": "string"}}},
                "required": ["city"],
            },
        },
        {"name": "book_taxi", "description": "Book a taxi.", "input_schema": {"type": "object", "properties": {}}},
    ],
    "messages": [
        {"role": "user", "content": "Will it rain in Oslo?"},
        {
            "role": "assistant",
            "content": [{"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {"city": "Oslo"}}],
        },
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "Rain."}]},
    ],
}


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Judge:
    """Return a judge of a profile in the second dialect, with the rules above on."""
    monkeypatch.setitem(registry._BY_NAME, MESSAGES_API.name, MESSAGES_API)
    settings = dict.fromkeys(RULES, Severity.ERROR)
    profile = Profile(
        "second", "Second", "https://example.com", "2026-11-28", SCHEMA, MESSAGES_API.name, settings=settings
    )
    return Judge(shipped(), profile, frozenset(RULES))


def broken() -> dict[str, Any]:
    """Return the clean request with one mistake for each rule."""
    request = copy.deepcopy(CLEAN)
    weather, taxi = request["tools"]
    weather["input_schema"]["properties"]["days"] = {"type": "array"}
    weather["input_schema"]["required"] = ["city", "unit"]
    taxi["name"] = "get_weather"
    taxi["description"] = "x" * 1025
    request["tool_choice"]["name"] = "get_wether"
    request["messages"][2]["content"][0]["tool_use_id"] = "toolu_2"
    request["messages"] += [{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1"}]}]
    request["messages"] += [{"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_3", "name": "now"}]}]
    return request


@pytest.mark.parametrize("many", [False, True], ids=["one request", "after many"])
def test_a_rule_written_once_points_at_the_wire_s_own_places(judge: Judge, many: bool) -> None:
    """The same rules find the same mistakes at the pointers of the second shape, and nothing in its clean request."""
    if many:
        judge.compile_now()
    assert judge.judge(CLEAN) is None
    verdict = judge.judge(broken())
    assert verdict is not None
    assert {(hit.rule, hit.place) for hit in verdict.hits} == {
        ("undeclared-tool-choice", ("tool_choice", "name")),
        ("array-without-items", ("tools", 0, "input_schema", "properties", "days")),
        ("undeclared-required-property", ("tools", 0, "input_schema", "required", 1)),
        ("duplicate-tool-name", ("tools", 1, "name")),
        ("long-tool-description", ("tools", 1, "description")),
        ("orphan-tool-result", ("messages", 2, "content", 0, "tool_use_id")),
        ("orphan-tool-result", ("messages", 3, "content", 0, "type")),
        ("unanswered-tool-call", ("messages", 4)),
    }


def test_a_check_without_a_proof_is_always_asked(judge: Judge) -> None:
    """A dialect without proofs silences no check; one is never silent by accident."""
    with_check = {rule for rule in RULES if rule in all_checks()}
    assert {check.rule for check in judge._unguarded} == with_check
    assert judge._guarded == ()


def test_a_rule_that_cannot_see_is_not_on() -> None:
    """A rule about a place that a dialect does not have is left out there, and every rule sees the first dialect."""
    assert shipped().rules["developer-role"].in_dialect(MESSAGES_API) is None
    assert all(rule.in_dialect(OPENAI_CHAT) is rule for rule in shipped().rules.values())


def test_no_check_walks_a_wire_shape_itself() -> None:
    """Checks find messages, calls and parts by the views of a dialect, never by the keys of one shape."""
    for path in Path(checks.__file__).parent.glob("*.py"):
        others = ("__init__", "files", "statuses", *chain(*SUBJECTS_OF_DIALECT.values()))
        if path.stem not in others:  # lines of files, answers, and checks of what one wire shape alone has
            text = path.read_text("utf-8")
            assert '"messages"' not in text, path.name
            assert '"tool_calls"' not in text.replace('(*turn.place, "tool_calls")', "").replace(
                'last.value.get("tool_calls")', ""
            ), path.name
