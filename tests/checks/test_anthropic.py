"""The checks of Anthropic's API beyond their examples: what is joined, what is only a warning, what is let pass."""

import json
from typing import Any

import pytest

from reqlint import Linter

LINTER = Linter("anthropic")
MODEL = "claude-haiku-4-5"
ASK = {"role": "user", "content": "When does the ferry leave?"}
CALL = {"type": "tool_use", "id": "toolu_1", "name": "timetable", "input": {}}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "9:40"}
THOUGHT = {"type": "thinking", "thinking": "Sunday.", "signature": "EqQB"}
TEXT = {"type": "text", "text": "At 9:40"}
SEARCH = {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}}
FOUND = {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": []}
TOOL = {"name": "timetable", "input_schema": {"type": "object"}}
MARK = {"cache_control": {"type": "ephemeral"}}


def user(*content: Any) -> dict[str, Any]:
    return {"role": "user", "content": list(content)}


def assistant(*content: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": list(content)}


def request(*messages: Any, model: str = MODEL, **members: Any) -> dict[str, Any]:
    return {"model": model, "max_tokens": 3000, "messages": list(messages) or [ASK], **members}


def told(value: Any) -> list[tuple[str, str, str]]:
    """Return severity, rule and pointer of every finding."""
    return [(str(found.severity), found.rule, found.pointer) for found in LINTER.check(value)]


def sent(value: Any, headers: dict[str, str], url: str = "https://api.anthropic.com/v1/messages") -> list[Any]:
    """Return what `told` would of a request that was recorded with headers and a URL."""
    recorded = {"url": url, "method": "POST", "headers": headers, "body": json.dumps(value)}
    text = json.dumps({"interactions": [{"request": recorded, "response": {}}]})
    return [(str(found.severity), found.rule, found.path) for found in LINTER.check_text(text, "cassette.json")]


# ------------------------------------------------------------------------------------------------- nothing is found


@pytest.mark.parametrize(
    "value",
    [
        request(),
        request(system="", tools=[], stop_sequences=[], metadata=None, cache_control=None, container=None),
        request(user(TEXT), {"role": "user", "content": "And back?"}),
        request(ASK, assistant(CALL), user(RESULT)),
        request(ASK, assistant(CALL), user({**RESULT, "content": ""})),
        request(ASK, assistant(CALL), user(RESULT), user(TEXT)),
        request(
            ASK,
            assistant(CALL),
            assistant({**CALL, "id": "toolu_2"}),
            user(RESULT),
            user({**RESULT, "tool_use_id": "toolu_2"}),
        ),
        request(ASK, assistant(TEXT, CALL), user(RESULT, TEXT), assistant(TEXT), ASK),
        request(ASK, assistant(SEARCH, FOUND, TEXT), ASK),
        request(ASK, assistant(SEARCH)),  # a turn that the server paused
        request(ASK, assistant(SEARCH), model="claude-opus-4-7"),
        request(ASK, assistant(SEARCH, CALL), user(RESULT)),  # code of the server's called a tool of the author's
        request(ASK, assistant(THOUGHT, TEXT), ASK),
        request(ASK, assistant({**THOUGHT, "thinking": ""}, TEXT), ASK),
        request(ASK, {"role": "assistant", "content": "The ferry leaves at"}),
        request(ASK, assistant(THOUGHT, CALL), user(RESULT), thinking={"type": "enabled", "budget_tokens": 1024}),
        request(ASK, assistant(CALL), user(RESULT), thinking={"type": "adaptive"}, model="claude-opus-4-7"),
        request(temperature=1, model="claude-opus-4-7"),
        request(tool_choice={"type": "any"}, tools=[TOOL], thinking={"type": "adaptive"}, model="claude-opus-4-7"),
        request(
            tool_choice={"type": "tool", "name": "x"},
            tools=[{"type": "mcp_toolset", "mcp_server_name": "s"}],
            mcp_servers=[{"type": "url", "url": "https://example.com", "name": "s"}],
        ),
        request(
            tools=[
                {
                    **TOOL,
                    "strict": True,
                    "input_schema": {
                        "type": "object",
                        "properties": {"day": {"type": "string"}},
                        "additionalProperties": False,
                    },
                }
            ]
        ),
        request(mcp_servers=[{"type": "url", "url": "https://example.com", "name": "s"}]),  # its first version
        request(metadata={"user_id": "user-4711@tenant"}),
        request(
            tools=[{"type": "web_search_20250305", "name": "web_search"}, {"type": "bash_20250124", "name": "bash"}]
        ),
        request(user({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "${image}"}})),
        request(user({"type": "image", "source": {"type": "url", "url": "{{url}}"}})),
        request(model="a-model-of-tomorrow", temperature=0.2, top_p=0.5, max_tokens=10_000_000),
        request(ASK, {"role": "system", "content": "Be brief."}, model="claude-sonnet-5"),
        {
            "anthropic_version": "bedrock-2023-05-31",
            "anthropic_beta": ["interleaved-thinking-2025-05-14"],
            "max_tokens": 9,
            "messages": [ASK],
        },
        {"anthropic_version": "vertex-2023-10-16", "max_tokens": 9, "messages": [ASK]},
    ],
    ids=lambda value: json.dumps(value)[60:130],
)
def test_what_the_server_takes_has_no_finding(value: Any) -> None:
    """Requests that the documentation or a server takes, near to those that it refuses, have no error or warning."""
    assert [found for found in told(value) if found[0] != "note"] == []


# ---------------------------------------------------------------------------------------------------------- findings


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        # Messages of one role are one turn.
        (
            request(ASK, assistant(CALL), user(TEXT), user(RESULT)),
            [("warning", "tool-result-after-text", "/messages/3/content/0")],
        ),
        (
            request(ASK, assistant(CALL), {"role": "user", "content": "Wait"}, user(RESULT)),
            [("warning", "tool-result-after-text", "/messages/3/content/0")],
        ),
        (request({"role": "user", "content": ""}, user()), [("error", "empty-user-turn", "/messages/0/content")]),
        (
            request(ASK, assistant(CALL, CALL), user(RESULT)),
            [("error", "duplicate-tool-use-id", "/messages/1/content/1/id")],
        ),
        (
            request(ASK, assistant(CALL), user(RESULT), assistant(CALL), user(RESULT)),
            [("warning", "duplicate-tool-use-id", "/messages/3/content/0/id")],
        ),
        # An empty text in the last turn of the user is refused, elsewhere it may be taken.
        (request(user({"type": "text", "text": " \n"})), [("error", "empty-text-block", "/messages/0/content/0/text")]),
        (
            request(user({"type": "text", "text": ""}), assistant(TEXT), ASK),
            [("warning", "empty-text-block", "/messages/0/content/0/text")],
        ),
        (
            request(user({"type": "text", "text": "", **MARK}), assistant(TEXT), ASK),
            [("error", "cache-mark-on-empty-text", "/messages/0/content/0/cache_control")],
        ),
        (request(system=[{"type": "text", "text": ""}]), [("warning", "empty-text-block", "/system/0/text")]),
        # Who says what.
        (request(ASK, assistant(RESULT), ASK), [("error", "misplaced-block", "/messages/1/content/0/type")]),
        (request(user(CALL)), [("warning", "misplaced-block", "/messages/0/content/0/type")]),
        (
            request(ASK, {"role": "system", "content": "Be brief."}),
            [("error", "system-role-message", "/messages/1/role")],
        ),
        (
            request(ASK, {"role": "system", "content": "Be brief."}, model="claude-opus-4-7"),
            [("warning", "system-role-message", "/messages/1/role")],
        ),
        (
            request(ASK, {"role": "system", "content": "Be brief."}, ASK, model="claude-sonnet-5"),
            [("error", "system-role-message", "/messages/1/role")],
        ),
        # Calls that the server answers itself.
        (request(ASK, assistant(SEARCH, TEXT), ASK), [("error", "unanswered-server-call", "/messages/1/content/0")]),
        (
            request(ASK, assistant(FOUND, TEXT), ASK),
            [("error", "orphan-server-result", "/messages/1/content/0/tool_use_id")],
        ),
        # Thinking.
        (
            request(max_tokens=1024, thinking={"type": "enabled", "budget_tokens": 1024}),
            [("error", "thinking-budget-beyond-max-tokens", "/thinking/budget_tokens")],
        ),
        (
            request(max_tokens=1024, thinking={"type": "enabled", "budget_tokens": 1024}, tools=[TOOL]),
            [("warning", "thinking-budget-beyond-max-tokens", "/thinking/budget_tokens")],
        ),
        (
            request(thinking={"type": "disabled"}, model="claude-fable-5"),
            [("error", "unsupported-thinking-type", "/thinking/type")],
        ),
        (
            request(thinking={"type": "disabled"}, output_config={"effort": "max"}, model="claude-opus-5"),
            [("error", "unsupported-thinking-type", "/thinking/type")],
        ),
        (
            request(thinking={"type": "enabled", "budget_tokens": 1024}, top_p=0.5, top_k=9),
            [("error", "sampling-while-thinking", "/top_p"), ("error", "sampling-while-thinking", "/top_k")],
        ),
        (
            request(thinking={"type": "adaptive"}, temperature=0.2, model="claude-opus-4-7"),
            [("error", "sampling-on-claude", "/temperature")],
        ),
        (
            request(ASK, {"role": "assistant", "content": "At "}, model="claude-opus-4-7"),
            [("error", "unsupported-prefill", "/messages/1")],
        ),
        # The cache.
        (
            request(system=[{**TEXT, **MARK}] * 4, cache_control={"type": "ephemeral"}),
            [("error", "too-many-cache-marks", "/cache_control")],
        ),
        (
            request(tools=[{**TOOL, **MARK}], system=[{**TEXT, "cache_control": {"type": "ephemeral", "ttl": "1h"}}]),
            [("error", "shorter-cache-before-longer", "/system/0/cache_control/ttl")],
        ),
        # Tools.
        (request(tools=[{**TOOL, "name": "a" * 129}]), [("error", "malformed-tool-name", "/tools/0/name")]),
        (
            request(tools=[{"type": "web_search_20300101", "name": "web_search"}]),
            [("warning", "unknown-tool-type", "/tools/0/type")],
        ),
        (
            request(tools=[{"type": "computer_toolset_20260801", "name": "computer"}]),
            [("error", "unknown-field", "/tools/0/name")],
        ),
        (
            request(
                tools=[{"type": "text_editor_20250429", "name": "str_replace_based_edit_tool", "max_characters": 9}]
            ),
            [("error", "unknown-field", "/tools/0/max_characters")],
        ),
        (
            request(
                output_config={
                    "format": {
                        "type": "json_schema",
                        "schema": {
                            "type": "object",
                            "properties": {"a": {"$ref": "#/$defs/n"}},
                            "additionalProperties": False,
                            "$defs": {"n": {"type": "array", "items": {"$ref": "#/$defs/n"}}},
                        },
                    }
                }
            ),
            [
                ("error", "unsupported-strict-construct", "/output_config/format/schema/properties/a/$ref"),
                ("error", "unsupported-strict-construct", "/output_config/format/schema/$defs/n/items/$ref"),
            ],
        ),
        (
            request(
                tools=[
                    {
                        **TOOL,
                        "name": f"t{i}",
                        "strict": True,
                        "input_schema": {"type": "object", "additionalProperties": False},
                    }
                    for i in range(21)
                ]
            ),
            [("warning", "too-many-strict-parts", "/tools")],
        ),
        # Parameters.
        (request(top_p=-0.5), [("warning", "out-of-range", "/top_p")]),
        (request(metadata={"user_id": "+49 30 1234567"}), [("error", "personal-user-id", "/metadata/user_id")]),
        (request(metadata={"user_id": "x" * 257}), [("warning", "wrong-length", "/metadata/user_id")]),
        (request(output_config={"effort": "high"}), [("error", "unsupported-effort", "/output_config/effort")]),
        (
            request(inference_geo="moon"),
            [("error", "inference-geo-on-model", "/inference_geo"), ("error", "unknown-value", "/inference_geo")],
        ),
        (request(thinking=None), [("error", "null-not-allowed", "/thinking")]),
        (
            request(tool_choice={"type": "tool", "name": "tide_table"}, tools=[TOOL]),
            [("error", "undeclared-tool-choice", "/tool_choice/name")],
        ),
        (request(n=1), [("error", "unknown-field", "/n")]),
        (
            {
                "anthropic_version": "bedrock-2023-05-31",
                "max_tokens": 9,
                "messages": [ASK],
                "output_config": {"effort": "low"},
            },
            [("warning", "output-config-on-cloud", "/output_config")],
        ),
        (
            {"anthropic_version": "bedrock-2027-01-01", "max_tokens": 9, "messages": [ASK]},
            [("warning", "unknown-value", "/anthropic_version")],
        ),
        # Media.
        (
            request(
                user(
                    {
                        "type": "document",
                        "source": {"type": "base64", "media_type": "application/pdf", "data": "iVBORw0KGgoAAAAN"},
                    }
                )
            ),
            [("error", "mistaken-media-type", "/messages/0/content/0/source/media_type")],
        ),
        (
            request(user(*[{"type": "image", "source": {"type": "file", "file_id": "f"}}] * 101)),
            [("error", "too-many-images", "/messages/0/content/100")],
        ),
        (
            request(
                user(
                    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "A" * 10_600_000}}
                )
            ),
            [("error", "oversized-image", "/messages/0/content/0/source/data")],
        ),
        (
            request(user({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "äöü"}})),
            [("error", "unusable-base64", "/messages/0/content/0/source/data")],
        ),
    ],
    ids=lambda value: value[0][1] if isinstance(value, list) else "",
)
def test_what_is_refused_or_doubtful(value: Any, expected: list[Any]) -> None:
    """A refusal that is known is an error, at the server's place; where sources differ or only guess, a warning."""
    assert [found for found in told(value) if found[0] != "note"] == expected


def test_a_request_of_chat_completions_is_told_what_moved() -> None:
    """A chat request has one finding for each thing in another form, which names what it is here."""
    function = {"name": "timetable", "parameters": {"type": "object", "properties": {}}}
    value = {
        "model": MODEL,
        "max_completion_tokens": 300,
        "messages": [
            {"role": "system", "content": "Be brief."},
            user({"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}),
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": "c", "type": "function", "function": {"name": "timetable", "arguments": "{}"}}],
            },
            {"role": "tool", "tool_call_id": "c", "content": "9:40"},
        ],
        "tools": [{"type": "function", "function": function}],
        "tool_choice": "required",
        "stop": ["END"],
        "response_format": {"type": "json_object"},
        "user": "u-1",
    }
    assert told(value) == [
        ("error", "max-tokens-by-another-name", "/max_completion_tokens"),
        ("error", "system-message-at-start", "/messages/0/role"),
        ("error", "chat-content-part", "/messages/1/content/0/type"),
        ("error", "chat-tool-calls", "/messages/2"),
        ("error", "chat-tool-message", "/messages/3"),
        ("error", "chat-tool", "/tools/0"),
        ("error", "chat-tool-choice", "/tool_choice"),
        ("error", "stop-by-another-name", "/stop"),
        ("error", "unknown-field", "/response_format"),
        ("error", "unknown-field", "/user"),
    ]
    messages = {found.pointer: found.message for found in LINTER.check(value)}
    assert messages["/response_format"].endswith("here it is output_config.format")
    assert messages["/user"].endswith("here it is metadata.user_id")


# ------------------------------------------------------------------------------------------- what stands outside


def test_the_version_in_the_header_decides() -> None:
    """Version 2026-10-21 has no sampling parameters, documents of the assistant's and citations of the user's."""
    document = {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "9:40"}}
    cited = {"type": "text", "text": "Hi", "citations": [{"type": "char_location"}]}
    value = request(user(cited), assistant(document), ASK, temperature=1)
    latest = {"anthropic-version": "2026-10-21"}
    assert sent(value, {"anthropic-version": "2023-06-01"}) == []
    assert [(severity, rule) for severity, rule, _ in sent(value, latest)] == [
        ("error", "citations-of-user"),
        ("error", "misplaced-block"),
        ("error", "removed-sampling-parameter"),
    ]


def test_the_path_decides() -> None:
    """Counting tokens needs no max_tokens and has no parameters of the answer; on Bedrock the model is in the path."""
    counting = "https://api.anthropic.com/v1/messages/count_tokens"
    assert sent({"model": MODEL, "messages": [ASK]}, {}, counting) == []
    assert [rule for _, rule, _ in sent(request(stream=True), {}, counting)] == ["uncounted-parameter"] * 2
    invoke = "https://bedrock-runtime.us-east-1.amazonaws.com/model/us.anthropic.claude-opus-4-7-v1:0/invoke"
    body = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9, "messages": [ASK], "temperature": 0.2}
    assert [rule for _, rule, _ in sent(body, {}, invoke)] == ["sampling-on-claude"]


def test_beta_features_are_named_in_a_header() -> None:
    """A parameter of a beta feature is doubtful only where the headers are known and do not name the feature."""
    value = request(context_management={"edits": []})
    assert told(value) == []
    assert [rule for _, rule, _ in sent(value, {"anthropic-version": "2023-06-01"})] == ["beta-field-without-beta"]
    assert sent(value, {"anthropic-version": "2023-06-01", "anthropic-beta": "context-management-2025-06-27"}) == []
    thinking = {"type": "enabled", "budget_tokens": 5000}
    interleaved = {"anthropic-version": "2023-06-01", "anthropic-beta": "a-b, interleaved-thinking-2025-05-14"}
    assert sent(request(thinking=thinking, tools=[TOOL]), interleaved) == []
    assert [
        severity for severity, *_ in sent(request(thinking=thinking, tools=[TOOL]), {"anthropic-version": "2023-06-01"})
    ] == ["error"]


@pytest.mark.parametrize(
    "model",
    [
        "claude-opus-4-7",
        "claude-opus-4-7-20260416",
        "us.anthropic.claude-opus-4-7-v1:0",
        "claude-opus-4-7@20260416",
        "anthropic/claude-opus-4.7",
    ],
)
def test_a_model_is_known_by_all_its_names(model: str) -> None:
    """Clouds and routers write the names of models in forms of their own."""
    assert [rule for _, rule, _ in told(request(temperature=0.2, model=model))] == ["sampling-on-claude"]
