"""Checks of requests to DeepSeek and Mistral, by their whole hits, on both sides of each limit."""

from typing import Any

import pytest

from reqlint import Linter
from reqlint.core.findings import Hit, Part, Severity
from tests.support.checking import hits

WARNING = Severity.WARNING
USER = {"role": "user", "content": "When is the next ferry?"}
PART = {"role": "user", "content": [{"type": "video", "video": "x"}]}
CALL = {"id": "aB3dE5fG7", "type": "function", "function": {"name": "ferry", "arguments": "{}"}}
ANSWER = {"role": "tool", "tool_call_id": "aB3dE5fG7", "content": "At nine."}
THINKS = {"models": ["deepseek-v4-*"], "except": ["*vision*"]}


def calling(**more: Any) -> dict[str, Any]:
    """Return an assistant message with a call."""
    return {"role": "assistant", "content": "", "tool_calls": [CALL], **more}


# ------------------------------------------------------------------------------------------------------------ DeepSeek


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([USER, calling(), ANSWER], [(1, None)]),
        ([USER, calling(reasoning_content=None), ANSWER], [(1, None)]),
        ([USER, calling(reasoning_content=""), ANSWER], []),  # an empty one passes
        ([USER, calling(), ANSWER, calling(reasoning_content="x"), ANSWER], [(1, WARNING)]),
        ([USER, calling(), ANSWER, calling(), ANSWER, ANSWER], [(3, None), (1, WARNING)]),
        ([USER, calling(), ANSWER, USER], []),  # a new turn has begun
        ([USER, calling(), ANSWER, {"role": "assistant", "content": "At nine."}], []),
        ([calling(), ANSWER, USER, calling(reasoning_content="x"), ANSWER], []),
        ([USER], []),
        ([], []),
    ],
)
def test_reasoning_is_passed_back_while_a_turn_lasts(messages: list[Any], expected: list[Any]) -> None:
    """The nearest message with the calls is an error, those before it in the turn a warning."""

    def found(**more: Any) -> list[Hit]:
        request = {"model": "deepseek-v4-pro", "messages": messages, **more}
        return hits("unreturned-reasoning", request, thinks_unless_told_not_to=THINKS)

    assert found() == [Hit(("messages", n), severity=severity) for n, severity in expected]
    for told in ({"thinking": {"type": "disabled"}}, {"reasoning_effort": "none"}, {"model": "deepseek-v4-vision"}):
        assert found(**told) == []
    assert len(found(thinking={"type": "enabled"}, reasoning_effort="low")) == len(expected)


@pytest.mark.parametrize(
    ("choice", "count"),
    [("required", 1), ({"type": "function", "function": {"name": "ferry"}}, 1), ("auto", 0), ("none", 0), (None, 0)],
)
def test_no_call_is_forced_while_the_model_thinks(choice: object, count: int) -> None:
    """Words that leave the choice to the model pass, and so does everything once thinking is off."""

    def found(**more: Any) -> list[Hit]:
        request = {"model": "deepseek-v4-pro", "tool_choice": choice, **more}
        return hits("forced-call-while-thinking", request, forced_call_refused_by=THINKS)

    assert found() == [Hit(("tool_choice",), facts={"model": "deepseek-v4-pro"})] * count
    assert found(thinking={"type": "disabled"}) == []
    assert found(reasoning_effort="none") == []
    assert found(model="other") == []


@pytest.mark.parametrize(
    ("wrong", "rules"),
    [
        ({"max_tokens": 393216}, []),
        ({"max_tokens": 393217}, ["error out-of-range"]),
        ({"top_p": 0}, ["error out-of-range"]),
        ({"top_p": 1}, []),
        ({"stop": ["x"] * 16}, []),
        ({"stop": ["x"] * 17}, ["error too-many-stop-sequences"]),
        ({"reasoning_effort": "max"}, []),
        ({"reasoning_effort": "ultra"}, ["warning unknown-value"]),
        ({"reasoning_effort": "huge"}, ["error unknown-value"]),
        ({"frequency_penalty": 3}, ["warning out-of-range"]),
        ({"n": 1}, []),
        ({"n": 2}, ["warning out-of-range"]),
        ({"seed": 1}, ["warning unknown-field"]),
        ({"stop": None, "tools": None, "tool_choice": None, "stream_options": None, "thinking": None}, []),
        ({"messages": [{"role": "latest_reminder", "content": "x"}, USER]}, []),
        ({"messages": [{"role": "developer", "content": "x"}, USER]}, ["error unknown-role"]),
        ({"messages": [{"role": "system", "content": [{"type": "text", "text": "x"}]}, USER]},
         ["warning parts-outside-user-message"]),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": "x"}]}]}, []),
        ({"messages": [PART]}, ["error unknown-content-type"]),
        ({"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {}}}},
         ["error unknown-response-format"]),
        ({"user_id": "a b"}, ["error malformed-string"]),
        ({"thinking": {"type": "disabled"}}, []),
    ],
)  # fmt: skip
def test_deepseek_takes_what_its_page_has(wrong: dict[str, Any], rules: list[str]) -> None:
    """Each row of its page, on both sides."""
    found = Linter("deepseek").check({"model": "deepseek-v4-flash", "messages": [USER], **wrong})
    assert [f"{f.severity} {f.rule}" for f in found] == rules


# ------------------------------------------------------------------------------------------------------------- Mistral


def test_a_prefix_is_on_the_last_message_of_the_assistant() -> None:
    """Elsewhere, and on a message of somebody else, it is found."""
    prefixed = {"role": "assistant", "content": "At", "prefix": True}
    assert hits("misplaced-prefix", {"messages": [USER, prefixed]}) == []
    assert hits("misplaced-prefix", {"messages": [USER, {**prefixed, "prefix": False}, USER]}) == []
    for messages in ([prefixed, USER], [{**prefixed, "role": "user"}]):
        assert hits("misplaced-prefix", {"messages": messages}) == [Hit(("messages", 0, "prefix"), Part.KEY)]


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ("system system user assistant assistant tool tool assistant user", []),
        ("user system user", []),
        ("user assistant system", [(2, "system", "assistant", None)]),
        ("assistant tool system", [(2, "system", "tool", None)]),
        ("assistant tool user", [(2, "user", "tool", WARNING)]),
        ("user tool", []),  # which is an orphan
        ("", []),
    ],
)
def test_roles_follow_each_other_in_an_order(roles: str, expected: list[Any]) -> None:
    """The published transitions; what follows a tool is disputed for the user."""
    found = hits("role-out-of-order", {"messages": [{"role": role} for role in roles.split()]})
    assert found == [
        Hit(("messages", n, "role"), facts={"role": role, "after": after}, severity=severity)
        for n, role, after, severity in expected
    ]


@pytest.mark.parametrize(
    ("last", "is_found"),
    [
        ({"role": "user"}, False), ({"role": "tool"}, False), ({"role": "assistant"}, True), ({"role": "system"}, True),
        ({"role": "assistant", "prefix": True}, False), ({"role": "assistant", "prefix": None}, True), ({}, False),
    ],
)  # fmt: skip
def test_the_last_message_is_one_to_answer(last: dict[str, Any], is_found: bool) -> None:
    """The user's or a tool's, or one of the assistant to go on from."""
    places = [hit.place for hit in hits("unanswerable-last-message", {"messages": [USER, last]})]
    assert places == ([("messages", 1, "role")] if is_found else [])
    assert hits("unanswerable-last-message", {"messages": []}) == []


@pytest.mark.parametrize(
    ("id_", "count"), [("aB3dE5fG7", 0), ("call_1", 1), ("aB3dE5fG77", 1), ("aB3dE5fG_", 1), (None, 0)]
)
def test_older_models_ask_for_nine_characters(id_: str | None, count: int) -> None:
    """Letters and digits; newer models do not ask."""
    request = {
        "model": "voxtral-small-latest",
        "messages": [{"role": "assistant", "tool_calls": [{**CALL, "id": id_}]}],
    }
    listed = {"models": ["voxtral-*"], "except": []}
    assert len(hits("call-id-for-other-models", request, nine_character_ids=listed)) == count
    assert hits("call-id-for-other-models", {**request, "model": "mistral-large-4"}, nine_character_ids=listed) == []


@pytest.mark.parametrize(
    ("wrong", "rules"),
    [
        ({"temperature": 1.5}, []),
        ({"temperature": 1.6}, ["error out-of-range"]),
        ({"top_p": 0}, ["warning out-of-range"]),
        ({"top_p": 1.1}, ["error out-of-range"]),
        ({"n": 200, "random_seed": 0, "safe_prompt": True, "min_tokens": 1, "top_k": 5}, []),
        ({"random_seed": -1}, ["error out-of-range"]),
        ({"seed": 1}, ["error unknown-field"]),
        ({"stop": ["x"] * 30}, []),
        ({"stream": None}, ["warning null-not-allowed"]),
        ({"temperature": None, "stop": None, "tools": None, "max_tokens": None}, []),
        ({"messages": [{**USER, "name": "Ann"}]}, ["error unknown-field"]),
        ({"messages": [{"role": "user", "content": None}]}, []),
        ({"messages": [{"role": "system", "content": None}, USER]}, ["error null-not-allowed"]),
        ({"messages": [{"role": "developer", "content": "x"}, USER]}, ["warning unknown-role"]),
        ({"messages": [{**PART, "content": [{"type": "document_url", "document_url": "https://a.example"}]}]}, []),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": "https://a.example/b"}]}]}, []),
        ({"messages": [PART]}, ["error unknown-content-type"]),
        ({"messages": [USER, calling(content=[], tool_calls=[{**CALL, "type": None}]), ANSWER]}, []),
        ({"messages": [USER, calling(tool_calls=[{**CALL, "type": "call"}]), ANSWER]}, ["warning unknown-value"]),
        ({"messages": [USER, calling(tool_calls=[{**CALL, "id": "null"}]), {**ANSWER, "tool_call_id": "null"}]},
         ["warning unknown-value"]),
        ({"messages": [USER, calling(), {**ANSWER, "name": "a ferry"}]}, ["error malformed-tool-name"]),
        ({"messages": [USER, {"role": "assistant"}, USER]}, ["warning assistant-without-content"]),
        ({"messages": [USER, {"role": "system", "content": "Be brief."}]}, ["warning unanswerable-last-message"]),
        ({"tools": [{"type": "function", "function": {"name": "ferry"}}]}, ["error missing-field"]),
        ({"tools": [{"type": "web_search"}]}, ["warning unknown-value"]),
        ({"tool_choice": "any"}, []),
        ({"tool_choice": "some"}, ["error unknown-value"]),
        ({"reasoning_effort": "max"}, []),
        ({"reasoning_effort": "ultra"}, ["error unknown-value"]),
        ({"response_format": {"type": "json_schema", "json_schema": {"name": "any name", "schema": {}}}}, []),
    ],
)  # fmt: skip
def test_mistral_takes_what_its_file_has(wrong: dict[str, Any], rules: list[str]) -> None:
    """Each row of its published file, on both sides; what is closed is an error."""
    found = Linter("mistral").check({"model": "mistral-medium-latest", "messages": [USER], **wrong})
    assert [f"{f.severity} {f.rule}" for f in found] == rules
