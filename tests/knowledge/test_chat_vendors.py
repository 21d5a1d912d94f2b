"""What Z.ai, Kimi and Grok take and refuse, row by row: both sides of each limit, and how grave it is."""

from typing import Any

import pytest

from reqlint import Linter

ASK = {"messages": [{"role": "user", "content": "Hi"}]}
NOW = {"type": "function", "function": {"name": "now"}}
MANY = [{"type": "function", "function": {"name": f"tool-{number}"}} for number in range(129)]
POLICY = {"type": "policy", "category": "violence", "behavior": "decline"}


def parts(*each: str) -> dict[str, Any]:
    """Return a conversation of one message with parts of these types."""
    values = {"text": "Hi"} | {kind: {"url": "https://example.com/a"} for kind in each if kind != "text"}
    return {"messages": [{"role": "user", "content": [{"type": kind, kind: values[kind]} for kind in each]}]}


def called(**more: Any) -> dict[str, Any]:
    """Return a conversation with a call and its result; *more* are members of the message that calls."""
    call = {"id": "now:0", "type": "function", "function": {"name": "now", "arguments": "{}"}}
    turn = {"role": "assistant", "content": None, "tool_calls": [call], **more}
    return {"messages": [*ASK["messages"], turn, {"role": "tool", "tool_call_id": "now:0", "content": "noon"}]}


def found(profile: str, model: str, members: dict[str, Any]) -> list[str]:
    """Return the findings of a request, each as its severity, rule and pointer; not that a model is old."""
    report = Linter(profile, ignore=["retired-model"]).check({"model": model, **ASK, **members})
    return [f"{finding.severity} {finding.rule} {finding.pointer}" for finding in report]


ZHIPU: list[tuple[str, dict[str, Any], list[str]]] = [
    ("glm-5.3", {"messages": []}, ["error empty-messages /messages"]),
    ("glm-5.3", {"temperature": 0, "top_p": 1}, []),
    ("glm-5.3", {"temperature": 1.01}, ["error out-of-range /temperature"]),
    ("glm-5.3", {"top_p": 1.01}, ["error out-of-range /top_p"]),
    ("glm-5.3", {"top_p": 0}, ["warning out-of-range /top_p"]),
    ("glm-5.3", {"thinking": {"clear_thinking": True}}, []),
    ("glm-5.3", {"thinking": {"type": "disabled"}}, ["error value-of-other-models /thinking/type"]),
    ("glm-5.2", {"thinking": {"type": "disabled"}, "reasoning_effort": "none"}, []),
    ("glm-5.3", {"reasoning_effort": "max"}, []),
    ("glm-5.3", {"reasoning_effort": "medium"}, ["error value-of-other-models /reasoning_effort"]),
    ("glm-5.3", {"reasoning_effort": 3}, ["error wrong-type /reasoning_effort"]),
    ("glm-4.6", {"max_tokens": 131072}, []),
    ("glm-4.6", {"max_tokens": 131073}, ["warning token-limit-above-that-of-model /max_tokens"]),
    ("glm-4.5", {"max_tokens": 98305}, ["warning token-limit-above-that-of-model /max_tokens"]),
    ("glm-4.6", {"max_tokens": 0}, ["error out-of-range /max_tokens"]),
    ("glm-4.6", {"do_sample": False, "request_id": "1", "user_id": "2", "tool_stream": True, "meta": {"a": "b"}}, []),
    ("glm-4.6", {"watermark_enabled": True, "sensitive_word_check": {"type": "ALL"}}, []),
    ("glm-4.6", {"n": 3, "presence_penalty": 5, "frequency_penalty": -5, "logprobs": True}, []),
    ("glm-4.6", {"top_logprobs": 30, "seed": 1, "stop": ["a", "b", "c", "d", "e"]}, []),
    ("glm-4.6", {"tools": [{"type": "function", "function": {"name": "any name."}}]}, []),
    ("glm-4.6", {"tools": [NOW], "tool_choice": NOW}, []),
    ("glm-4.6", {"tools": [NOW], "tool_choice": "required"}, ["warning unknown-value /tool_choice"]),
    ("glm-4.6", {"response_format": {"type": "json_object"}}, []),
    (
        "glm-4.6",
        {"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}}},
        ["warning unknown-response-format /response_format/type"],
    ),
    ("glm-4.6v", parts("text", "image_url", "video_url", "file_url"), []),
    ("glm-4.6", called(reasoning_content="Hm."), []),
    ("glm-4.6", {"temprature": 1}, ["warning unknown-field /temprature"]),
]
MOONSHOT: list[tuple[str, dict[str, Any], list[str]]] = [
    ("kimi-k3", {"messages": []}, ["error empty-messages /messages"]),
    ("kimi-k3", {"temperature": 1, "top_p": 0.95, "n": 1, "presence_penalty": 0, "frequency_penalty": 0.0}, []),
    ("kimi-k3", {"logprobs": False, "max_tokens": 9, "max_completion_tokens": 9, "tool_choice": "required"}, []),
    *(
        ("kimi-k3", {name: value}, [f"error value-of-other-models /{name}"])
        for name, value in (
            ("temperature", 0.9),
            ("top_p", 1),
            ("n", 2),
            ("presence_penalty", 0.1),
            ("frequency_penalty", -1),
            ("logprobs", True),
        )
    ),
    ("kimi-k2.5", {"temperature": 0.6}, ["error value-of-other-models /temperature"]),
    ("kimi-k2.5", {"temperature": 0.6, "thinking": {"type": "disabled"}}, []),
    ("moonshot-v1-8k", {"temperature": 0.6, "n": 5}, []),
    ("moonshot-v1-8k", {"temperature": 1.1}, ["error out-of-range /temperature"]),
    ("moonshot-v1-8k", {"n": 6}, ["warning out-of-range /n"]),
    ("moonshot-v1-8k", {"temperature": 0, "n": 2}, ["error several-choices-at-low-temperature /n"]),
    ("moonshot-v1-8k", {"temperature": 0.2, "n": 2}, ["warning several-choices-at-low-temperature /n"]),
    ("moonshot-v1-8k", {"temperature": 0.3, "n": 2}, []),
    ("moonshot-v1-8k", {"logprobs": True, "top_logprobs": 20}, []),
    ("moonshot-v1-8k", {"top_logprobs": 2}, ["error top-logprobs-without-logprobs /top_logprobs"]),
    ("kimi-k3", {"tools": [NOW], "tool_choice": NOW}, ["error named-tool-while-thinking /tool_choice"]),
    ("kimi-k2.6", {"tools": [NOW], "tool_choice": NOW}, ["warning named-tool-while-thinking /tool_choice"]),
    ("kimi-k2.6", {"tools": [NOW], "tool_choice": NOW, "thinking": {"type": "disabled"}}, []),
    (
        "kimi-k2-0905-preview",
        {"tools": [NOW], "tool_choice": "required"},
        ["warning value-of-other-models /tool_choice"],
    ),
    ("kimi-k3", {"tools": [{"type": "function", "function": {"name": "a-1_b"}}]}, []),
    (
        "kimi-k3",
        {"tools": [{"type": "function", "function": {"name": "1a"}}]},
        ["error malformed-tool-name /tools/0/function/name"],
    ),
    ("kimi-k3", {"tools": [{"type": "builtin_function", "function": {"name": "$web_search"}}]}, []),
    ("kimi-k3", {"reasoning_effort": "high"}, []),
    ("kimi-k3", {"reasoning_effort": "medium"}, ["warning unknown-value /reasoning_effort"]),
    ("kimi-k3", {"reasoning_effort": {"effort": "low"}}, ["error wrong-type /reasoning_effort"]),
    ("kimi-k2.6", {"thinking": {"type": "enabled", "keep": "all"}}, []),
    ("kimi-k2.7-code", {"thinking": {"type": "disabled"}}, ["error value-of-other-models /thinking/type"]),
    ("kimi-k3", {"thinking": {"type": "disabled"}}, ["warning value-of-other-models /thinking/type"]),
    ("kimi-k3", called(reasoning_content="Hm."), []),
    ("kimi-k3", called(), ["error call-without-reasoning /messages/1"]),
    ("kimi-k2.6", {**called(), "thinking": {"type": "disabled"}}, []),
    ("moonshot-v1-8k", called(), []),
    ("kimi-k3", {"messages": [*ASK["messages"], {"role": "assistant", "content": "{", "partial": True}]}, []),
    (
        "kimi-k3",
        {"messages": [{"role": "user", "content": "Hi", "partial": True}]},
        ["warning misplaced-partial /messages/0/partial"],
    ),
    ("moonshot-v1-8k", parts("text"), ["warning list-content-for-text-model /messages/0/content"]),
    ("moonshot-v1-8k-vision-preview", parts("text", "image_url"), []),
    ("kimi-k2.5", parts("text", "image_url", "video_url"), []),
    ("kimi-k2.5", parts("file_url"), ["warning unknown-content-type /messages/0/content/0/type"]),
    ("kimi-k2.7-code", {"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}}}, []),
    (
        "kimi-k2.6",
        {"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}}},
        ["warning value-of-other-models /response_format/type"],
    ),
    ("kimi-k3", {"functions": [{"name": "now"}]}, ["warning legacy-functions /functions"]),
    ("kimi-thinking-preview", {"tools": [NOW]}, ["error parameter-refused-by-model /tools"]),
    ("kimi-k3", {"stop": ["a", "b", "c", "d", "e", "f"]}, ["warning too-many-stop-sequences /stop"]),
    ("kimi-k3", {"stop": ["a" * 33]}, ["warning wrong-length /stop/0"]),
    ("kimi-k3", {"stop": "a" * 32}, []),
    ("kimi-k3", {"tools": MANY}, []),
    ("kimi-k3", {"temprature": 1}, ["warning unknown-field /temprature"]),
]
XAI: list[tuple[str, dict[str, Any], list[str]]] = [
    *(
        (model, {name: value}, [f"error parameter-refused-by-model /{name}"])
        for model in ("grok-3-mini", "grok-4-0709", "grok-4.5", "grok-code-fast-1")
        for name, value in (("presence_penalty", 0.5), ("frequency_penalty", 0.5), ("stop", ["a"]))
    ),
    ("grok-4.20-non-reasoning", {"presence_penalty": 0.5, "frequency_penalty": 0.5, "stop": ["a", "b", "c", "d"]}, []),
    ("grok-4.6", {"stop": ["a"]}, ["warning parameter-refused-by-model /stop"]),
    ("grok-3", {"stop": ["a", "b", "c", "d", "e"]}, ["error too-many-stop-sequences /stop"]),
    ("grok-4.3", {"reasoning_effort": "none"}, []),
    ("grok-4.3", {"reasoning_effort": "xhigh"}, ["error value-of-other-models /reasoning_effort"]),
    ("grok-4.5", {"reasoning_effort": "none"}, ["error value-of-other-models /reasoning_effort"]),
    ("grok-4.6", {"reasoning_effort": "none"}, ["error value-of-other-models /reasoning_effort"]),
    ("grok-4.7", {"reasoning_effort": "xhigh"}, []),
    ("grok-3-mini", {"reasoning_effort": "none"}, []),
    ("grok-3-mini", {"reasoning_effort": "medium"}, ["warning value-of-other-models /reasoning_effort"]),
    ("grok-4.20-non-reasoning", {"reasoning_effort": "low"}, ["error parameter-refused-by-model /reasoning_effort"]),
    ("grok-4-0709", {"reasoning_effort": "low"}, ["warning parameter-refused-by-model /reasoning_effort"]),
    ("grok-4.20", {"reasoning_effort": "minimal"}, ["error unknown-value /reasoning_effort"]),
    ("grok-4.5", {"logprobs": True, "top_logprobs": 8}, []),
    ("grok-4.5", {"logprobs": True, "top_logprobs": 9}, ["error out-of-range /top_logprobs"]),
    ("grok-4.5", {"top_logprobs": 2}, ["warning top-logprobs-without-logprobs /top_logprobs"]),
    ("grok-4.5", {"temperature": 2, "top_p": 1}, []),
    ("grok-4.5", {"temperature": 2.1}, ["error out-of-range /temperature"]),
    ("grok-4.5", {"top_p": 0}, ["warning out-of-range /top_p"]),
    ("grok-4.5", {"tools": [NOW, {"type": "x_search"}], "tool_choice": "required", "parallel_tool_calls": False}, []),
    (
        "grok-4.5",
        {"tools": [NOW], "tool_choice": {"type": "function", "function": {"name": "then"}}},
        ["error undeclared-tool-choice /tool_choice/function/name"],
    ),
    ("grok-4.5", {"tools": [NOW], "tool_choice": "any"}, ["error unknown-value /tool_choice"]),
    ("grok-4.5", {"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}}}, []),
    ("grok-4.5", {"response_format": {"type": "xml"}}, ["error unknown-response-format /response_format/type"]),
    ("grok-4.5", {"safety_identifier": "a", "service_tier": "priority", "user": "b", "seed": 1, "n": 2}, []),
    ("grok-4.5", {"service_tier": "flex"}, ["warning unknown-value /service_tier"]),
    ("grok-4.5", {"search_parameters": {"mode": "on", "sources": [{"type": "web"}], "max_search_results": 3}}, []),
    ("grok-4.5", {"search_parameters": {"mode": "never"}}, ["error unknown-value /search_parameters/mode"]),
    ("grok-4.5", {"guidelines": [POLICY, {**POLICY, "category": "nsfw"}]}, []),
    ("grok-4.5", {"guidelines": [POLICY, POLICY]}, ["error duplicate-item /guidelines"]),
    ("grok-4.5", {"guidelines": [{**POLICY, "category": "x"}]}, ["error unknown-value /guidelines/0/category"]),
    ("grok-4.5", {"agent_count": 16}, []),
    ("grok-4.5", {"agent_count": 8}, ["warning unknown-value /agent_count"]),
    ("grok-4.5", {"metadata": {"a": "b"}}, ["warning unknown-field /metadata"]),
    ("grok-4.5", {"functions": [{"name": "now"}]}, ["warning legacy-functions /functions"]),
    ("grok-4.5", parts("text", "image_url"), []),
    ("grok-4.5", parts("video_url"), ["error unknown-content-type /messages/0/content/0/type"]),
    ("grok-4.5", {"messages": [{"role": "assistant", "content": "Hi"}, {"role": "system", "content": "Hi"}]}, []),
    ("grok-4.5", {"messages": [{"role": "model", "content": "Hi"}]}, ["error unknown-role /messages/0/role"]),
]


@pytest.mark.parametrize(
    ("profile", "model", "members", "expected"),
    [(profile, *row) for profile, rows in (("zhipu", ZHIPU), ("moonshot", MOONSHOT), ("xai", XAI)) for row in rows],
)
def test_each_row_is_judged_as_its_source_says(
    profile: str, model: str, members: dict[str, Any], expected: list[str]
) -> None:
    """A request at a limit has no finding; beyond it, one, at the place that the server names."""
    assert found(profile, model, members) == expected
