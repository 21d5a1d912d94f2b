"""What the Responses API refuses, and what it was seen to take: one request for each row of what is known of it."""

from typing import Any

import pytest

from reqlint.run.one_request import linter_for

# ruff: noqa: E501 - tables are easier to compare on long lines
ERROR, WARNING, NOTE = "error", "warning", "note"
HELLO: dict[str, Any] = {"model": "gpt-5.4", "input": "Hi"}
ASK = {"role": "user", "content": "Hi"}
TOOL = {"type": "function", "name": "now", "description": "Tell the time"}
SEARCH = {"type": "web_search"}
CALL = {"type": "function_call", "call_id": "call_1", "name": "now", "arguments": "{}"}
OUTPUT = {"type": "function_call_output", "call_id": "call_1", "output": "12:00"}
ANSWER = {"type": "message", "id": "msg_1", "role": "assistant", "content": [{"type": "output_text", "text": "Hello"}]}
THOUGHT = {"type": "reasoning", "id": "rs_1", "summary": []}
SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}


def items(*each: Any) -> dict[str, Any]:
    return {"input": [*each]}


def parts(role: str, *each: Any) -> dict[str, Any]:
    return items({"role": role, "content": [*each]})


def tools(*each: Any, **more: Any) -> dict[str, Any]:
    return {"tools": [*each], **more}


def answer(**form: Any) -> dict[str, Any]:
    return {"text": {"format": form}}


def image(**members: Any) -> dict[str, Any]:
    return {"type": "input_image", **members}


REFUSED: list[tuple[dict[str, Any], str, str, str]] = [
    # parameters
    ({"model": None}, "null-not-allowed", "/model", ERROR),
    ({"input": None}, "null-not-allowed", "/input", ERROR),
    ({"input": {}}, "wrong-type", "/input", ERROR),
    ({"input": ""}, "empty-input", "/input", ERROR),
    ({"input": []}, "empty-input", "/input", ERROR),
    ({"zzz": 1}, "unknown-field", "/zzz", ERROR),
    ({"max_output_tokens": 15}, "out-of-range", "/max_output_tokens", ERROR),
    ({"max_tool_calls": 0}, "out-of-range", "/max_tool_calls", ERROR),
    ({"temperature": 2.5}, "out-of-range", "/temperature", ERROR),
    ({"top_p": 1.5}, "out-of-range", "/top_p", ERROR),
    ({"top_logprobs": 21}, "out-of-range", "/top_logprobs", ERROR),
    ({"store": "true"}, "wrong-type", "/store", ERROR),
    ({"stream": True, "stream_options": {"include_usage": True}}, "unknown-field", "/stream_options/include_usage", ERROR),
    ({"stream_options": {"include_obfuscation": False}}, "stream-options-without-stream", "/stream_options", WARNING),
    ({"metadata": {f"k{i}": "" for i in range(17)}}, "too-many-metadata-entries", "/metadata", ERROR),
    ({"metadata": {"k": "v" * 513}}, "too-long-metadata", "/metadata/k", ERROR),
    ({"safety_identifier": "s" * 129}, "wrong-length", "/safety_identifier", WARNING),
    ({"prompt_cache_key": "k" * 65}, "wrong-length", "/prompt_cache_key", ERROR),
    ({"prompt_cache_retention": "1h"}, "unknown-value", "/prompt_cache_retention", ERROR),
    ({"prompt_cache_options": {"bogus": 1}}, "unknown-field", "/prompt_cache_options/bogus", ERROR),
    ({"service_tier": "gold"}, "unknown-value", "/service_tier", ERROR),
    ({"truncation": "on"}, "unknown-value", "/truncation", ERROR),
    ({"include": ["usage"]}, "unknown-value", "/include/0", ERROR),
    ({"reasoning": "low"}, "wrong-type", "/reasoning", ERROR),
    ({"reasoning": {"effort": "huge"}}, "effort-not-for-model", "/reasoning/effort", ERROR),
    ({"reasoning": {"summary": "brief"}}, "unknown-value", "/reasoning/summary", ERROR),
    ({"reasoning": {"bogus": 1}}, "unknown-field", "/reasoning/bogus", ERROR),
    ({"reasoning": {"generate_summary": "auto"}}, "deprecated-field", "/reasoning/generate_summary", WARNING),
    ({"text": {"zzz": 1}}, "unknown-field", "/text/zzz", ERROR),
    ({"text": {"verbosity": "tiny"}}, "unknown-value", "/text/verbosity", ERROR),
    ({"text": None}, "null-not-allowed", "/text", WARNING),
    ({"tools": {}}, "wrong-type", "/tools", ERROR),
    ({"conversation": {}}, "missing-field", "/conversation", ERROR),
    ({"prompt": "pmpt_1"}, "wrong-type", "/prompt", ERROR),
    ({"context_management": {}}, "wrong-type", "/context_management", ERROR),
    ({"context_management": [{"type": "compaction", "compact_threshold": 10}]}, "out-of-range", "/context_management/0/compact_threshold", ERROR),
    ({"moderation": {}}, "missing-field", "/moderation", ERROR),
    ({"previous_response_id": "resp_1", "conversation": "conv_1"}, "two-conversations", "/previous_response_id", ERROR),
    ({"background_options": {"completion_window": "2h"}}, "window-without-background", "/background_options", WARNING),
    # items
    (items("Hi"), "wrong-type", "/input/0", ERROR),
    (items({"type": "bogus"}), "unknown-value", "/input/0/type", ERROR),
    (items({"type": 5}), "wrong-type", "/input/0/type", ERROR),
    (items({"role": "user"}), "missing-field", "/input/0", ERROR),
    (items({"content": "Hi"}), "missing-field", "/input/0", ERROR),
    (items({"role": "critic", "content": "Hi"}), "unknown-role", "/input/0/role", ERROR),
    (items({**ASK, "name": "Ann"}), "unknown-field", "/input/0/name", ERROR),
    (items({**ASK, "phase": "final_answer"}), "unknown-field", "/input/0/phase", ERROR),
    (items({"role": "user", "content": None}), "null-not-allowed", "/input/0/content", ERROR),
    (items(ASK, {**CALL, "arguments": {}}, OUTPUT), "wrong-type", "/input/1/arguments", ERROR),
    (items(ASK, {**CALL, "name": ""}, OUTPUT), "malformed-tool-name", "/input/1/name", ERROR),
    (items(ASK, {**CALL, "name": "a.b"}, OUTPUT), "malformed-tool-name", "/input/1/name", ERROR),
    (items(ASK, {**CALL, "call_id": ""}, {**OUTPUT, "call_id": ""}), "wrong-length", "/input/1/call_id", ERROR),
    (items(ASK, {**CALL, "bogus": 1}, OUTPUT), "unknown-field", "/input/1/bogus", WARNING),
    (items(ASK, CALL, {**OUTPUT, "output": {}}), "wrong-type", "/input/2/output", ERROR),
    (items(ASK, CALL, {**OUTPUT, "output": [{"type": "output_text", "text": "12"}]}), "part-of-other-speaker", "/input/2/output/0/type", ERROR),
    (items(ASK, {"type": "function_call_output", "output": "12"}), "missing-field", "/input/1", WARNING),
    (items(ASK, {**ANSWER, "id": "msg_" + "0" * 61}, ASK), "wrong-length", "/input/1/id", ERROR),
    (items(ASK, {**ANSWER, "id": "call_1"}, ASK), "item-id-of-another-type", "/input/1/id", ERROR),
    (items({**ASK, "id": "call_1"}), "item-id-of-another-type", "/input/0/id", WARNING),
    (items(ASK, ANSWER, ASK, ANSWER, ASK), "duplicate-item-id", "/input/3/id", ERROR),
    (items(ASK, {"type": "reasoning", "id": "rs_1", "encrypted_content": "eA=="}, ANSWER), "missing-field", "/input/1", ERROR),
    (items(ASK, THOUGHT), "stranded-reasoning", "/input/1", ERROR),
    (items(ASK, THOUGHT, ASK), "stranded-reasoning", "/input/1", ERROR),
    (items(ASK, CALL, THOUGHT, OUTPUT), "stranded-reasoning", "/input/2", ERROR),
    (items(ASK, THOUGHT, {"role": "assistant", "content": "Hello"}, ASK), "stranded-reasoning", "/input/1", WARNING),
    (items(ASK, {**THOUGHT, "encrypted_content": "eA==", "content": [{"type": "reasoning_text", "text": "a"}]}, ANSWER), "wrong-length", "/input/1/content", WARNING),
    ({"store": False, **items(ASK, THOUGHT, ANSWER)}, "unstored-reasoning", "/input/1/id", NOTE),
    (items({"type": "compaction_trigger"}, ASK), "early-compaction-trigger", "/input/0", WARNING),
    (items(ASK, {"type": "shell_call", "action": {}}), "missing-field", "/input/1", WARNING),
    # parts
    (parts("user", {"type": "bogus"}), "unknown-content-type", "/input/0/content/0/type", ERROR),
    (parts("user", {"type": "input_audio"}), "unknown-content-type", "/input/0/content/0/type", WARNING),
    (parts("user", {"text": "Hi"}), "missing-field", "/input/0/content/0", ERROR),
    (parts("user", {"type": "input_text"}), "missing-field", "/input/0/content/0", ERROR),
    (parts("user", {"type": "output_text", "text": "Hi"}), "part-of-other-speaker", "/input/0/content/0/type", ERROR),
    (parts("assistant", {"type": "input_text", "text": "Hi"}), "part-of-other-speaker", "/input/0/content/0/type", ERROR),
    (parts("user", image(image_url={"url": "https://a.example/b.png"})), "image-url-object", "/input/0/content/0/image_url", ERROR),
    (parts("user", image(image_url="cat.png")), "unusable-image-url", "/input/0/content/0/image_url", ERROR),
    (parts("user", {"type": "input_file", "file_url": "data:text/plain;base64,SGk="}), "unusable-file-part", "/input/0/content/0/file_url", WARNING),
    (parts("user", {"type": "input_file"}), "unusable-file-part", "/input/0/content/0", WARNING),
    # tools
    (tools({}), "missing-field", "/tools/0", ERROR),
    (tools({"type": "bogus"}), "unknown-value", "/tools/0/type", ERROR),
    (tools({"type": "function"}), "missing-field", "/tools/0", ERROR),
    (tools({**TOOL, "name": "a.b"}), "malformed-tool-name", "/tools/0/name", ERROR),
    (tools({**TOOL, "name": "n" * 65}), "malformed-tool-name", "/tools/0/name", WARNING),
    (tools({**TOOL, "bogus": 1}), "unknown-field", "/tools/0/bogus", WARNING),
    (tools({"type": "function", "function": {"name": "now"}}), "nested-tool", "/tools/0", ERROR),
    (tools({"name": "now", "input_schema": {"type": "object"}}), "anthropic-tool", "/tools/0", ERROR),
    (tools({"type": "custom"}), "missing-field", "/tools/0", ERROR),
    (tools({"type": "custom", "name": "a", "format": {"type": "grammar", "syntax": "ebnf", "definition": "x"}}), "unknown-value", "/tools/0/format/syntax", ERROR),
    (tools({"type": "file_search"}), "missing-field", "/tools/0", ERROR),
    (tools({"type": "file_search", "vector_store_ids": ["vs_1"], "max_num_results": 51}), "out-of-range", "/tools/0/max_num_results", ERROR),
    (tools({"type": "code_interpreter"}), "missing-field", "/tools/0", ERROR),
    (tools({"type": "mcp", "server_url": "https://a.example/mcp"}), "missing-field", "/tools/0", ERROR),
    (tools({"type": "mcp", "server_label": "a"}), "server-without-address", "/tools/0", ERROR),
    (tools({"type": "image_generation", "output_compression": 101}), "out-of-range", "/tools/0/output_compression", ERROR),
    (tools({"type": "computer_use_preview", "display_width": 9, "display_height": 9}, truncation="auto"), "missing-field", "/tools/0", ERROR),
    (tools({"type": "namespace", "name": "a", "tools": [TOOL]}), "missing-field", "/tools/0", ERROR),
    (tools({"type": "namespace", "name": "a", "description": "A", "tools": [{**TOOL, "name": "a.b"}]}), "malformed-tool-name", "/tools/0/tools/0/name", WARNING),
    (tools({"type": "namespace", "name": "a", "description": "A", "tools": []}), "wrong-length", "/tools/0/tools", WARNING),
    (tools({**TOOL, "allowed_callers": ["anyone"]}), "unknown-value", "/tools/0/allowed_callers/0", WARNING),
    (tools({**SEARCH, "search_context_size": "huge"}), "unknown-value", "/tools/0/search_context_size", ERROR),
    (tools({"type": "web_search_preview", "user_location": {"city": "Oslo"}}), "missing-field", "/tools/0/user_location", ERROR),
    ({"tool_choice": "any"}, "unknown-value", "/tool_choice", ERROR),
    ({"tool_choice": "required"}, "forced-choice-without-tools", "/tool_choice", ERROR),
    (tools(tool_choice={"type": "function", "name": "now"}), "forced-choice-without-tools", "/tool_choice", ERROR),
    (tools(TOOL, tool_choice={"type": "function", "name": "time"}), "undeclared-tool-choice", "/tool_choice/name", ERROR),
    (tools(TOOL, tool_choice={"type": "image_generation"}), "undeclared-tool-choice", "/tool_choice/type", ERROR),
    (tools(TOOL, tool_choice={"type": "function", "function": {"name": "now"}}), "nested-tool-choice", "/tool_choice", ERROR),
    (tools(TOOL, tool_choice={"type": "allowed_tools", "tools": [TOOL]}), "missing-field", "/tool_choice", ERROR),
    # the form of the answer
    (answer(type="xml"), "unknown-response-format", "/text/format/type", ERROR),
    (answer(type="json_schema", schema=SCHEMA), "missing-field", "/text/format", ERROR),
    (answer(type="json_schema", name="a b", schema=SCHEMA), "malformed-schema-name", "/text/format/name", ERROR),
    (answer(type="json_schema", json_schema={"name": "a", "schema": SCHEMA}), "nested-answer-schema", "/text/format", ERROR),
    (answer(type="json_schema", name="a", strict=True, schema={**SCHEMA, "required": []}), "optional-strict-property", "/text/format/schema/required", ERROR),
    ({**answer(type="json_object"), "instructions": "Answer in JSON."}, "json-mode-without-json-word", "/text/format/type", ERROR),
    ({**answer(type="json_object"), "input": "News as JSON", "tools": [SEARCH]}, "web-search-in-json-mode", "/text/format/type", ERROR),
    (tools({**TOOL, "strict": True, "parameters": {**SCHEMA, "required": []}}), "optional-strict-property", "/tools/0/parameters/required", ERROR),
    (tools({**TOOL, "strict": False, "parameters": {"type": "object", "properties": {"a": {"type": "array"}}}}), "array-without-items", "/tools/0/parameters/properties/a", ERROR),
    # models
    ({"model": "gpt-5-mini", "temperature": 0}, "sampling-while-reasoning", "/temperature", ERROR),
    ({"model": "o3", "top_p": 0.9}, "sampling-while-reasoning", "/top_p", ERROR),
    ({"model": "o3", "top_p": 1}, "sampling-while-reasoning", "/top_p", WARNING),
    ({"model": "gpt-5.6-terra", "top_p": 1}, "sampling-while-reasoning", "/top_p", ERROR),
    ({"model": "gpt-5.6-terra", "presence_penalty": 1}, "sampling-while-reasoning", "/presence_penalty", ERROR),
    ({"model": "gpt-5.5", "temperature": 0}, "sampling-while-reasoning", "/temperature", WARNING),
    ({"model": "gpt-5.5", "temperature": 0, "reasoning": {"effort": "low"}}, "sampling-while-reasoning", "/temperature", ERROR),
    ({"model": "gpt-5.2", "temperature": 0, "reasoning": {"effort": "low"}}, "sampling-while-reasoning", "/temperature", ERROR),
    ({"model": "gpt-5-mini", "top_logprobs": 3}, "sampling-while-reasoning", "/top_logprobs", ERROR),
    ({"model": "o3", "include": ["message.output_text.logprobs"]}, "logprobs-while-reasoning", "/include/0", ERROR),
    ({"model": "gpt-5.6-terra", "reasoning": {"effort": "minimal"}}, "effort-not-for-model", "/reasoning/effort", ERROR),
    ({"model": "gpt-6-astra", "reasoning": {"effort": "none"}}, "effort-not-for-model", "/reasoning/effort", ERROR),
    ({"model": "gpt-5-nano", "reasoning": {"effort": "none"}}, "effort-not-for-model", "/reasoning/effort", ERROR),
    ({"model": "gpt-4.1", "reasoning": {"effort": "low"}}, "reasoning-on-plain-model", "/reasoning/effort", ERROR),
    ({"model": "gpt-5-mini", "reasoning": {"context": "all_turns"}}, "reasoning-option-not-for-model", "/reasoning/context", WARNING),
    ({"model": "gpt-5", "reasoning": {"summary": "concise"}}, "reasoning-option-not-for-model", "/reasoning/summary", WARNING),
    ({"model": "gpt-4o", "include": ["reasoning.encrypted_content"]}, "encrypted-reasoning-on-plain-model", "/include/0", ERROR),
    ({"model": "gpt-5.6-sol", "prompt_cache_retention": "in_memory"}, "short-cache-retention", "/prompt_cache_retention", ERROR),
    ({"model": "gpt-4o-mini-search-preview"}, "chat-only-model", "/model", ERROR),
    ({"model": "gpt-audio"}, "chat-only-model", "/model", WARNING),
    ({"model": "gpt-4.1", "tools": [{"type": "shell"}]}, "tool-not-for-model", "/tools/0/type", ERROR),
    ({"model": "gpt-4-32k", "tools": [{"type": "file_search", "vector_store_ids": ["vs_1"]}]}, "tool-not-for-model", "/tools/0/type", WARNING),
    ({"model": "gpt-5", "reasoning": {"effort": "minimal"}, "tools": [SEARCH]}, "hosted-tool-with-minimal-effort", "/reasoning/effort", ERROR),
    ({"model": "o3-deep-research"}, "research-model-without-source", "/model", WARNING),
    # of other APIs
    ({"n": 2}, "unknown-field", "/n", ERROR),
    ({"system": "Be brief."}, "unknown-field", "/system", ERROR),
    ({"max_tokens": 100}, "chat-parameter", "/max_tokens", ERROR),
    ({"response_format": {"type": "text"}}, "chat-parameter", "/response_format", ERROR),
    (parts("user", {"type": "text", "text": "Hi"}), "chat-part-in-responses", "/input/0/content/0/type", ERROR),
    (parts("user", {"type": "tool_result", "tool_use_id": "t"}), "chat-part-in-responses", "/input/0/content/0/type", ERROR),
    (items(ASK, CALL, {"role": "tool", "tool_call_id": "call_1", "content": "12"}), "chat-tool-message-in-responses", "/input/2/role", ERROR),
    (items(ASK, {"role": "assistant", "content": "", "tool_calls": [{"id": "c"}]}), "chat-calls-in-responses", "/input/1/tool_calls", ERROR),
    (parts("user", {"type": "input_text", "text": "Hi", "cache_control": {"type": "ephemeral"}}), "anthropic-cache-mark", "/input/0/content/0/cache_control", WARNING),
]  # fmt: skip


@pytest.mark.parametrize(("change", "rule", "pointer", "severity"), REFUSED)
def test_what_is_refused_has_one_finding(change: dict[str, Any], rule: str, pointer: str, severity: str) -> None:
    """Each mistake has one finding, at the server's place, and is an error only where a refusal is known."""
    found = [
        (finding.rule, finding.pointer, str(finding.severity))
        for finding in linter_for("openai-responses").check({**HELLO, **change})
        if finding.rule == rule or finding.rule != "deprecated-field"  # a note on the parameter itself
    ]
    repeated = 2 if pointer == "/input/1/call_id" and rule == "wrong-length" else 1  # the output repeats the id
    assert found[0] == (rule, pointer, severity)
    assert len(found) == repeated


TAKEN: list[dict[str, Any]] = [
    {},
    dict.fromkeys(("truncation", "store", "metadata", "instructions", "max_output_tokens", "temperature", "reasoning")),
    {"include": [], "tools": [], "tool_choice": "auto", "parallel_tool_calls": True},
    {"tool_choice": "none"},
    {"previous_response_id": "resp_1", "input": []},
    {"prompt": {"id": "pmpt_1", "variables": {"city": "Oslo"}}, "tool_choice": "required"},
    items({"role": "user", "content": ""}, {"type": "message", "role": "developer", "content": "Be brief."}),
    parts("user", {"type": "input_text", "text": ""}, image(image_url="https://a.example/b.png", detail="original")),
    parts("user", image(image_url=None, file_id="file-1"), {"type": "input_file", "filename": "a.txt", "file_id": "file-2"}),
    parts("assistant", {"type": "output_text", "text": "Hi"}, {"type": "refusal", "refusal": "No."}),
    items(ASK, {"role": "assistant", "content": "Hello", "phase": "commentary"}, ASK),
    items(ASK, {**ANSWER, "status": "completed", "phase": None}, ASK),
    items(ASK, THOUGHT, {**CALL, "id": "fc_1", "status": "completed"}, OUTPUT),
    items(ASK, THOUGHT, {"type": "reasoning", "id": "rs_2", "summary": []}, ANSWER),
    items(ASK, {**THOUGHT, "content": [], "encrypted_content": "eA=="}, ASK),
    items(ASK, {"id": "msg_1"}, {"type": "item_reference", "id": "rs_1"}, ASK),
    items(ASK, CALL, {**OUTPUT, "output": [{"type": "input_text", "text": "12"}]}),
    items(ASK, {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {}, "new_member": 1}, ASK),
    items(ASK, {"type": "compaction_trigger"}),
    tools({**TOOL, "description": None, "strict": None, "parameters": None}),
    tools({"type": "web_search_2026_11_01"}, {"type": "mcp", "server_label": "a", "connector_id": "c", "require_approval": {}}),
    tools(TOOL, tool_choice={"type": "function", "name": "now"}),
    tools({"type": "web_search"}, tool_choice={"type": "web_search_preview"}),
    tools({"type": "custom", "name": "a", "format": {"type": "grammar", "syntax": "lark", "definition": "start: /a/"}}),
    {**answer(type="json_object"), **items({"role": "user", "content": "As JSON."})},
    {**answer(type="json_object"), "previous_response_id": "resp_1"},
    {"background": True, "store": False},
    {"model": "gpt-5.6-terra", "temperature": 1},
    {"model": "gpt-5.6-terra", "temperature": 0, "reasoning": {"effort": "none"}},
    {"model": "gpt-5.2", "temperature": 0},
    {"model": "chat-latest", "temperature": 0},
    {"model": "gpt-4o", "reasoning": {"effort": None}},
    {"model": "gpt-5-pro", "reasoning": {"effort": "high"}},
    {"model": "gpt-5.4", "reasoning": {"context": "all_turns"}},
    {**tools(TOOL), **items(ASK, {"type": "tool_search_output", "call_id": "c", "tools": [TOOL]}, ASK)},
    {"service_tier": "fast", "prompt_cache_options": {"mode": "explicit", "ttl": "30m"}},
]  # fmt: skip


@pytest.mark.parametrize("change", TAKEN)
def test_what_is_taken_has_no_finding(change: dict[str, Any]) -> None:
    """What the server was seen to take, or what only the server can judge, is no finding."""
    found = linter_for("openai-responses").check({**HELLO, **change})
    assert [str(finding) for finding in found] == []


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({"model": "gpt-5.4"}, [("request-without-input", "", ERROR)]),
        ({"model": "gpt-5.4", "conversation": "conv_1"}, [("request-without-input", "", WARNING)]),
        ({"input": "Hi", "stream": True}, [("request-without-model", "", ERROR)]),
        ({"input": "Hi", "prompt": {"id": "pmpt_1"}}, []),
        ({"model": "gpt-5.4", "messages": [ASK]}, [("chat-parameter", "/messages", ERROR)]),
    ],
)
def test_a_request_needs_model_and_input(request_: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    """Each is missed unless something stored stands in; messages are told apart from nothing."""
    found = linter_for("openai-responses").check(request_)
    assert [(finding.rule, finding.pointer, str(finding.severity)) for finding in found] == expected
