"""What a value is, and which profile a chat request is judged by when none is named."""

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqlint import Linter, check
from reqlint.containers.finder import find_requests
from reqlint.dialects.endpoints import api_at
from reqlint.dialects.registry import CHAT, DIALECT_NAMES, Stranger, What, dialect_of, is_endpoint, stranger_of
from reqlint.dialects.strangers import MARKS, MARKS_OF_MESSAGES
from reqlint.integrations._guard import Guard
from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.profile_choice import choose_profile
from reqlint.run.scope import Scope
from reqlint.text.sources import Source
from tests.strategies import requests

HELLO = {"role": "user", "content": "Where is my parcel?"}
ASK: dict[str, Any] = {"messages": [HELLO]}
PARAMETERS = {"type": "object", "properties": {"parcel": {"type": "string"}}}
TOOL = {"type": "function", "function": {"name": "track", "parameters": PARAMETERS}}

STRANGERS: list[tuple[str, str, Any]] = [
    ("answer", "Chat Completions", {"id": "c1", "object": "chat.completion", "choices": [], "model": "gpt-4o"}),
    ("answer", "Chat Completions", {"choices": [{"message": {"role": "assistant"}}], "model": "gpt-4o", "n": 1}),
    ("answer", "OpenAI's Responses API", {"id": "r1", "object": "response", "output": [], "tools": [], "user": None}),
    ("answer", "OpenAI's Responses API", {"id": "r1", "output": [], "model": "gpt-5", "temperature": 1}),
    ("answer", "the legacy Completions API", {"id": "t1", "object": "text_completion", "choices": []}),
    ("answer", "another API", {"id": "file-1", "object": "file", "purpose": "batch"}),
    ("answer", "another API", {"object": "list", "data": []}),
    ("answer", "Anthropic's Messages API", {"type": "message", "role": "assistant", "content": []}),
    ("answer", "the Gemini API", {"candidates": [], "usageMetadata": {}}),
    ("answer", "Bedrock's Converse API", {"output": {"message": {}}, "stopReason": "end_turn"}),
    ("answer", "Ollama's API", {"model": "llama3", "message": {"role": "assistant"}, "done": True}),
    ("answer", "Cohere's chat API", {"text": "Soon.", "generation_id": "g1"}),
    ("answer", "an API that refused", {"error": {"message": "no such model", "type": "invalid_request_error"}}),
    ("stream chunk", "Chat Completions", {"id": "c1", "object": "chat.completion.chunk", "choices": []}),
    ("stream chunk", "an answer", {"type": "response.output_text.delta", "delta": "So", "model": "gpt-5"}),
    ("stream chunk", "an answer", {"type": "message_start", "message": {"model": "claude-x"}}),
    ("stream chunk", "an answer", {"contentBlockDelta": {"delta": {"text": "So"}}}),
    ("definition", "OpenAI's Assistants API", {"id": "a1", "object": "assistant", "tools": []}),
    ("definition", "OpenAI's Assistants API", {"model": "gpt-4o", "instructions": "Be brief.", "tools": []}),
    ("request", "Anthropic's Messages API", {**ASK, "model": "claude-sonnet-4-5", "max_tokens": 100}),
    ("request", "Anthropic's Messages API", {**ASK, "anthropic_version": "bedrock-2023-05-31", "max_tokens": 9}),
    ("request", "Anthropic's Messages API", {**ASK, "model": "m", "system": "Be brief.", "max_tokens": 9}),
    ("request", "Anthropic's Messages API", {**ASK, "model": "m", "tools": [{"name": "t", "input_schema": {}}]}),
    ("request", "Anthropic's Messages API", {"messages": [{"role": "user", "content": [{"type": "tool_result"}]}]}),
    ("request", "Bedrock's Converse API", {"modelId": "amazon.nova-lite-v1:0", "messages": []}),
    ("request", "Bedrock's Converse API", {"messages": [{"role": "user", "content": [{"text": "Hi"}]}]}),
    ("request", "Bedrock's InvokeModel API", {"inputText": "Hi", "textGenerationConfig": {}}),
    ("request", "the Gemini API", {"model": "gemini-2.5-flash", "contents": [{"parts": [{"text": "Hi"}]}]}),
    ("request", "the Gemini API's cache", {"model": "models/gemini-2.5-flash", "contents": [], "ttl": "300s"}),
    ("request", "OpenAI's Responses API", {"model": "gpt-5", "input": "Hi", "tools": [TOOL], "temperature": 1}),
    ("request", "OpenAI's Responses API", {"model": "gpt-5", "input": [HELLO]}),
    ("request", "an embeddings API", {"model": "text-embedding-3-small", "input": "Hi"}),
    ("request", "an embeddings API", {"model": "m", "input": ["Hi"], "encoding_format": "float"}),
    ("request", "a moderation API", {"model": "omni-moderation-latest", "input": "Hi"}),
    ("request", "a speech API", {"model": "tts-1", "input": "Hi", "voice": "alloy"}),
    ("request", "an image API", {"model": "gpt-image-1", "prompt": "a boat", "n": 1}),
    ("request", "a rerank API", {"model": "m", "query": "boats", "documents": ["a", "b"]}),
    ("request", "the legacy Completions API", {"model": "davinci-002", "prompt": "Hi", "max_tokens": 5}),
    ("request", "Ollama's API", {**ASK, "model": "llama3", "options": {"temperature": 0}, "stream": False}),
    ("request", "Ollama's API", {**ASK, "model": "llama3", "keep_alive": "5m"}),
    ("request", "Cohere's chat API", {"model": "command-r", "message": "Hi", "chat_history": []}),
    ("request", "Cohere's chat API", {**ASK, "model": "command-a", "safety_mode": "STRICT"}),
    ("request", "DashScope's own API", {"model": "qwen-plus", "input": {"messages": [HELLO]}, "parameters": {}}),
    ("request", "OpenAI's Assistants API", {"assistant_id": "a1", "stream": True, "max_completion_tokens": 9}),
    ("transcript", "a conversation", {"messages": [{"direction": "send", "message": {"type": "init"}}], "v": 1}),
    ("transcript", "a conversation", {"messages": [], "question": "when?", "answer": "1972"}),
    ("transcript", "a conversation", {**ASK, "session_id": "s1", "created_at": 1}),
    ("training example", "the prompt and completion form", {"prompt": "2+2=", "completion": "4"}),
    ("document", "notebook", {"nbformat": 4, "cells": [], "metadata": {}}),
    ("document", "API description", {"openapi": "3.1.0", "paths": {}}),
    ("document", "TypeScript project", {"compilerOptions": {"strict": True}}),
    ("document", "JSON Schema", {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "array"}),
    ("document", "JSON Schema", PARAMETERS),
    ("document", "tool call", {"type": "function", "function": {"name": "track", "arguments": "{}"}, "id": "c1"}),
    ("request", "an MCP server", {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}),
    ("request", "an MCP server", {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "track"}}),
    ("request", "an MCP server", {"jsonrpc": "2.0", "method": "notifications/tools/list_changed"}),
    ("request", "a JSON-RPC server", {"jsonrpc": "2.0", "id": 1, "method": "textDocument/hover", "params": {}}),
    ("answer", "a JSON-RPC server", {"jsonrpc": "2.0", "id": 1, "result": {"resources": []}}),
    ("answer", "a JSON-RPC server", {"jsonrpc": "2.0", "id": 1, "result": {"tools": []}}),
    ("answer", "a JSON-RPC server", {"jsonrpc": "2.0", "id": 1, "error": {"code": -32601, "message": "no such"}}),
    ("document", "package", {"name": "a", "version": "1.0.0", "dependencies": {}}),
]  # fmt: skip
IDS = [f"{number}-{what}" for number, (what, _, _) in enumerate(STRANGERS)]

CHATS: list[Any] = [
    {"model": "gpt-4o", **ASK},
    {"model": "gpt-4o", "messages": []},
    {"model": "gpt-4o", **ASK, "system": "Be brief."},  # a mistake in a chat request, not another API
    {"model": "gpt-4o", **ASK, "tools": [{"name": "track", "input_schema": PARAMETERS}]},
    {"model": "openai/gpt-4o-mini", **ASK, "usage": {"include": True}},
    {"model": "llama-3.3-70b", **ASK, "tools": [TOOL]},
    {"model": "claude-sonnet-4-5", "messages": [{"role": "system", "content": "Be brief."}, HELLO]},
    {"model": "claude-sonnet-4-5", **ASK},  # through a gateway: Anthropic's own API needs max_tokens
    {"model": "claude-sonnet-4-5", **ASK, "tools": [TOOL], "response_format": {"type": "json_object"}},
    {"model": "glm-4.6", **ASK, "thinking": {"type": "enabled"}},
    ASK,
    {"model": "m", "messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}]},
]


@pytest.mark.parametrize(("what", "of", "value"), STRANGERS, ids=IDS)
def test_a_stranger_is_known_and_passed_over(what: str, of: str, value: Any) -> None:
    """
    What is no request here is known by what it is, counted, and has no findings, whatever surrounds it.

    A request of another wire shape than chat is one for a profile of that shape, and a stranger to all others.
    """
    stranger = stranger_of(value, CHAT)
    assert stranger is not None
    assert (stranger.what, stranger.of) == (what, of)
    if stranger.dialect in DIALECT_NAMES:
        assert stranger_of(value) is None
        assert dialect_of(value) == stranger.dialect
        linter = Linter("openai")
    else:
        assert stranger_of(value) == stranger
        assert check(value) == []
        linter = Linter()
    for text, name in (
        (json.dumps(value), "one.json"),
        (json.dumps([value, value]), "list.json"),
        (json.dumps(value) + "\n" + json.dumps(value) + "\n", "lines.jsonl"),
        (json.dumps({"request": value}), "recorded.json"),
    ):
        report = linter.check_source(Source(name, None, text.encode()), scope=Scope.LIKELY)
        assert list(report) == [], name
        assert report.requests == 0
        expected = 1 if name in ("one.json", "recorded.json") else 2
        assert report.passed_over == ((what, of, expected),), name
        [(_, reason)] = report.skipped
        assert stranger.counted(expected) in reason


@pytest.mark.parametrize("value", CHATS)
def test_a_chat_request_is_no_stranger(value: Any) -> None:
    """A chat request is judged, also with the mistakes of somebody who knows another API better."""
    assert stranger_of(value) is None
    passed_over: Counter[Stranger] = Counter()
    assert len(find_requests(value, passed_over=passed_over)) == 1
    assert not passed_over


@given(requests())
def test_a_request_that_chat_apis_take_is_no_stranger(request: object) -> None:
    """A request in OpenAI's shape to one of its models is never taken for anything else."""
    if isinstance(request, dict) and isinstance(request.get("messages"), list):
        assert stranger_of({**request, "model": "gpt-4o"}) is None


def test_every_mark_is_shown() -> None:
    """Each entry of the tables of marks decides about one of the examples here."""
    used = {(what, of) for what, of, _ in STRANGERS}
    assert {(stranger.what, stranger.of) for stranger, _ in (*MARKS, *MARKS_OF_MESSAGES)} <= used


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 1) | st.sampled_from(["", "user", "gpt-4o", "claude-x", "text"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["role", "type", "text"]), inner),
    max_leaves=6,
)
KEYS = sorted({key for _, _, value in STRANGERS for key in value} | {"stop_sequences", "thinking", "schemaVersion"})


@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6))
def test_recognition_never_raises(value: dict[str, Any]) -> None:
    """Whatever stands under the keys that decide, the answer is a stranger or nothing."""
    assert stranger_of(value) is None or isinstance(stranger_of(value), Stranger)
    check(value)


def test_a_named_profile_judges_what_may_be_meant_for_it() -> None:
    """A file that the user names is judged by the profile they name, unless it is an answer or another document."""
    anthropic = json.dumps({**ASK, "model": "claude-sonnet-4-5", "max_tokens": 9, "system": "x"})
    assert [finding.rule for finding in Linter("openai").check_text(anthropic, "a.json")][-1:] == ["unknown-field"]
    answer = json.dumps({"id": "r1", "object": "response", "output": [], "model": "gpt-5", "user": None})
    report = Linter("openai").check_text(answer, "a.json")
    assert (list(report), report.requests) == ([], 0)
    assert len(Linter("openai").check_text(answer, "a.json", kind="request")) > 0


@pytest.mark.parametrize(
    ("url", "of"),
    [
        ("https://api.openai.com/v1/responses", "OpenAI's Responses API"),
        ("/v1/responses", "OpenAI's Responses API"),
        ("https://api.anthropic.com/v1/messages", "Anthropic's Messages API"),
        ("https://api.anthropic.com/v1/messages/count_tokens?beta=true", "Anthropic's Messages API"),
        (
            "https://us-east5-aiplatform.googleapis.com/v1/publishers/anthropic/models/c:rawPredict",
            "Anthropic's Messages API",
        ),
        (
            "https://us-east5-aiplatform.googleapis.com/v1/publishers/meta/models/m:rawPredict",
            "Vertex AI's raw predictions",
        ),
        ("https://generativelanguage.googleapis.com/v1beta/models/g:streamGenerateContent?alt=sse", "the Gemini API"),
        ("https://bedrock-runtime.us-east-1.amazonaws.com/model/a%3A0/converse", "Bedrock's Converse API"),
        ("https://bedrock-runtime.us-east-1.amazonaws.com/model/a/invoke", "Bedrock's InvokeModel API"),
        ("https://api.cohere.com/v2/chat", "Cohere's chat API"),
        ("https://dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation", "DashScope's own API"),
        ("http://localhost:11434/api/chat", "Ollama's API"),
        ("/v1/embeddings", "an embeddings API"),
        ("https://api.openai.com/v1/threads/t1/runs", "OpenAI's Assistants API"),
        ("https://api.openai.com/v1/images/generations", "an image API"),
        ("https://api.openai.com/v1/audio/speech", "an audio API"),
        ("https://api.openai.com/v1/moderations", "a moderation API"),
        ("https://api.openai.com/v1/completions", "the legacy Completions API"),
        ("https://api.openai.com/v1/files", "other endpoints"),
        ("https://[oops/v1/x", "an address that cannot be read"),
    ],
)
def test_an_address_names_its_api(url: str, of: str) -> None:
    """Another API is named by its address, and the recording of a request to it says so."""
    assert not is_endpoint(url, CHAT)
    assert (api_at(url).what, api_at(url).of) == (What.REQUEST, of)
    assert bool(is_endpoint(url)) is (api_at(url).dialect in DIALECT_NAMES)
    recorded = {"interactions": [{"request": {"method": "POST", "uri": url, "body": json.dumps(ASK)}}]}
    report = Linter("openai").check_text(json.dumps(recorded), "cassette.json")
    if "//" in url and "oops" not in url:
        assert report.passed_over == (("request", of, 1),)
        assert list(report) == []


@pytest.mark.parametrize(
    ("url", "model", "profile", "stands_in"),
    [
        (None, "gpt-4o", "openai", False),
        (None, "qwen-plus", "gptproto-qwen", True),
        (None, "Qwen3-235B-A22B", "gptproto-qwen", True),
        (None, None, "gptproto-qwen", True),
        (None, "prod-assistant", "gptproto-qwen", True),
        (None, "deepseek-chat", "deepseek", False),
        (None, "deepseek-v4-flash", "openai-compatible", True),  # on several hosts
        (None, "mistral-medium-latest", "mistral", False),
        (None, "hermes-3-llama", "openai-compatible", True),
        (None, "openai/o3-mini", "openai-compatible", True),
        (None, "GLM-5.3", "zhipu", False),
        (None, "grok-4.5", "xai", False),
        (None, "grok2", "openai-compatible", True),
        (None, "kimi-k3", "moonshot", False),
        (None, "moonshot-v1-8k", "moonshot", False),
        (None, "glm4", "openai-compatible", True),
        (None, "zai-org/glm-5.3", "openai-compatible", True),
        (None, "Qwen/Qwen2.5-72B-Instruct", "openai-compatible", True),
        ("https://api.openai.com/v1/chat/completions", "qwen-plus", "openai", False),
        ("https://API.OPENAI.com:443/v1/chat/completions", None, "openai", False),
        ("https://gptproto.com/v1/chat/completions", "gpt-4o", "gptproto-qwen", False),
        ("https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions", "qwen-plus", "dashscope", False),
        ("https://eu.openai.azure.com/openai/deployments/prod/chat/completions", None, "azure-openai", False),
        ("https://eu.openai.azure.com/openai/v1/chat/completions", "prod", "azure-openai", False),
        ("https://eu.services.ai.azure.com/openai/v1/chat/completions", "prod", "azure-openai", False),
        (
            "https://eastus.api.cognitive.microsoft.com/openai/deployments/x/chat/completions",
            "x",
            "azure-openai",
            False,
        ),
        ("https://ai.acme.example/openai/deployments/prod/chat/completions", None, "azure-openai", False),
        ("https://openrouter.ai/api/v1/chat/completions", "openai/gpt-4o", "openrouter", False),
        ("https://eu-west-1.api.x.ai/v1/chat/completions", "grok-4.5", "xai", False),
        ("https://api.x.ai/v1/chat/completions", None, "xai", False),
        ("https://api.kimi.com/coding/v1/chat/completions", "kimi-for-coding", "moonshot", False),
        ("https://api.moonshot.cn/v1/chat/completions", "kimi-k3", "moonshot", False),
        ("https://api.z.ai/api/coding/paas/v4/chat/completions", "glm-5.3", "zhipu", False),
        ("https://llm.acme.example/v1/chat/completions", "gpt-4o", "openai-compatible", True),
        ("https://llm.acme.example/v1/chat/completions", "glm-5.3", "openai-compatible", True),
        ("http://localhost:8000/v1/chat/completions", "gpt-4o", "openai", False),
        ("http://127.0.0.1:8000/v1/chat/completions", "my-model", "gptproto-qwen", True),
        ("/v1/chat/completions", "gpt-4o", "openai", False),
    ],
)
def test_host_then_model_choose_the_profile(url: str | None, model: str | None, profile: str, stands_in: bool) -> None:
    """The host goes before the model; what nobody knows is judged by the first contract, which then stands in."""
    choice = choose_profile(shipped(), url, model)
    assert (choice.profile, choice.stands_in) == (profile, stands_in)


def test_a_model_in_no_list_is_counted() -> None:
    """Requests whose model no profile lists are counted, until the configuration says what the name stands for."""
    text = json.dumps({**ASK, "model": "prod-assistant", "max_tokens": 5})
    assert Linter().check_text(text, "a.json").unlisted_models == 1
    mapped = Linter(models={"prod-assistant": "gpt-5-mini"})
    report = mapped.check_text(text, "a.json")
    assert report.unlisted_models == 0
    assert report.profiles == ("openai",)
    assert "max-tokens-on-reasoning-model" in {finding.rule for finding in report}


def test_a_deployment_needs_no_model() -> None:
    """With the address of an Azure deployment the model is in the address."""
    url = "https://eu.openai.azure.com/openai/deployments/prod/chat/completions?api-version=2024-10-21"
    recorded = {"interactions": [{"request": {"method": "POST", "uri": url, "body": json.dumps(ASK)}}]}
    report = Linter().check_text(json.dumps(recorded), "cassette.json")
    assert (list(report), report.requests, report.profiles) == ([], 1, ("azure-openai",))


@pytest.mark.parametrize("model", ["qwen-plus", "my-model", "hermes-3-llama"])
def test_a_recording_never_contradicts_a_profile_that_stands_in(model: str) -> None:
    """An answered request with an error under a profile that only stands in says nothing against that profile."""
    bad = {"model": model, "messages": [{"role": 5, "content": "Hi"}]}
    pair = json.dumps({"request": bad, "response": {"status": 200, "body": {}}})
    rules = {finding.rule for finding in Linter().check_text(pair, "pair.json")}
    assert rules
    assert "contradicted-by-recording" not in rules


BORROWED: list[tuple[str | None, dict[str, Any], bool]] = [
    ("https://api.openai.com/v1/responses", {"model": "gpt-4.1", "input": "Hi"}, False),
    ("https://api.x.ai/v1/responses", {"model": "grok-4.3", "input": "Hi"}, True),
    ("http://localhost:8000/v1/responses", {"model": "my-model", "input": "Hi"}, False),
    ("http://127.0.0.1:8000/v1/messages", {**ASK, "model": "claude-haiku-4-5", "max_tokens": 9}, False),
    (None, {"model": "my-model", "input": "Hi", "instructions": "Be brief."}, False),
    (None, {"model": "grok-4.3", "input": "Hi", "instructions": "Be brief."}, True),
    (None, {"model": "openai/o4-mini", "input": "Hi", "instructions": "Be brief."}, True),
    ("https://api.deepseek.com/anthropic/v1/messages", {**ASK, "model": "deepseek-chat", "max_tokens": 9}, True),
    (None, {**ASK, "model": "deepseek-chat", "max_tokens": 9, "system": "Be brief."}, True),
    (None, {**ASK, "model": "claude-haiku-4-5", "max_tokens": 9, "system": "Be brief."}, False),
]  # fmt: skip


@pytest.mark.parametrize(("url", "request_", "is_borrowed"), BORROWED)
def test_a_shape_of_one_vendor_is_only_lent_to_others(url: str | None, request_: Any, is_borrowed: bool) -> None:
    """What only the vendor refuses is an error for its own requests, and a warning for those to somebody else."""
    odd = {**request_, "made_up_by_us": 1}
    if url is None:
        found = Linter().check(odd)
    else:
        recorded = {"request": {"method": "POST", "url": url, "body": odd}, "response": {"status": 200}}
        found = [each for each in Linter().check_text(json.dumps(recorded), "a.json") if "made_up" in each.pointer]
        sent = Guard().findings("POST", url, {}, json.dumps(odd).encode()) or []
        assert [each.severity for each in sent if each.rule == "unknown-field"] == [each.severity for each in found]
    [unknown] = [each for each in found if each.rule == "unknown-field"]
    assert unknown.severity == ("warning" if is_borrowed else "error")


def test_the_long_name_of_a_model_is_no_router_s() -> None:
    """A resource name of AWS has slashes, but nobody stands between."""
    named = "arn:aws:bedrock:us-east-1:1:application-inference-profile/a1b2"
    assert not choose_profile(shipped(), None, named, "bedrock-converse").is_borrowed
