"""Profiles agree with the answers that servers are documented or reported to give."""

from typing import Any

import pytest

from reqlint import Severity, check
from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.delta import generated_schemas
from reqlint.knowledge.merge_patch import merge_patch

USER = {"role": "user", "content": "Hi"}
NOW = {"type": "function", "function": {"name": "now", "description": "Tell the time"}}


def called(arguments: Any = "{}", call_id: str = "call_1") -> dict[str, Any]:
    """Return a message that calls the function now."""
    call = {"id": call_id, "type": "function", "function": {"name": "now", "arguments": arguments}}
    return {"role": "assistant", "content": "", "tool_calls": [call]}


def answered(call_id: str = "call_1") -> dict[str, Any]:
    """Return the tool's answer to that call."""
    return {"role": "tool", "tool_call_id": call_id, "content": "12:00"}


def asked(*parts: Any, **others: Any) -> dict[str, Any]:
    """Return a request to a vision model, with these parts as the user's message."""
    return {"model": "qwen3-vl-plus", "messages": [{"role": "user", "content": list(parts)}], **others}


def with_(**others: Any) -> dict[str, Any]:
    """Return a small request with these members; None leaves one out."""
    members = {"model": "qwen-plus", "messages": [USER], **others}
    return {key: value for key, value in members.items() if value is not None}


# DashScope's refusals that can be foreseen without a server: the request, and the pointer of the finding.
REFUSED = {
    "you must provide a model parameter": (with_(model=None), ""),
    "either prompt or messages must exist": (with_(messages=None), ""),
    "messages inside input": (with_(messages=None, input={"messages": [USER]}), ""),
    "[] is too short": (with_(messages=[]), "/messages"),
    "[] is too short - tools": (with_(tools=[]), "/tools"),
    "temperature in [0, 2): 2": (with_(temperature=2), "/temperature"),
    "temperature in [0, 2): -0.1": (with_(temperature=-0.1), "/temperature"),
    "temperature must be float": (with_(temperature="0.7"), "/temperature"),
    "top_p in (0, 1]: above": (with_(top_p=1.01), "/top_p"),
    "top_p in (0, 1]: below": (with_(top_p=-0.1), "/top_p"),
    "top_p must be float": (with_(top_p="0.9"), "/top_p"),
    "top_k at least 0": (with_(top_k=-1), "/top_k"),
    "repetition_penalty above 0": (with_(repetition_penalty=0), "/repetition_penalty"),
    "presence_penalty in [-2, 2]": (with_(presence_penalty=2.1), "/presence_penalty"),
    "n in [1, 4]: 5": (with_(n=5), "/n"),
    "n in [1, 4]: 0": (with_(n=0), "/n"),
    "n is 1 beside tools": (with_(n=2, tools=[NOW]), "/n"),
    "max_tokens from 1": (with_(max_tokens=0), "/max_tokens"),
    "seed from 0": (with_(seed=-1), "/seed"),
    "seed to 2^31-1": (with_(seed=2**31), "/seed"),
    "seed must be integer": (with_(seed="42"), "/seed"),
    "top_logprobs to 5": (with_(logprobs=True, top_logprobs=6), "/top_logprobs"),
    "thinking_budget is positive": (with_(enable_thinking=True, stream=True, thinking_budget=0), "/thinking_budget"),
    "thinking_budget not greater than 38912": (
        with_(model="qwen-turbo-2025-04-28", enable_thinking=True, stream=True, thinking_budget=38913),
        "/thinking_budget",
    ),
    "thinking_budget not greater than 81920": (
        with_(model="qwen3.5-plus", enable_thinking=True, stream=True, thinking_budget=81921),
        "/thinking_budget",
    ),
    "max_tokens to 8192": (with_(model="qwen-max", max_tokens=8193), "/max_tokens"),
    "max_tokens to 131072": (with_(model="qwen3.8-max", max_tokens=131073), "/max_tokens"),
    "enable_thinking is on by default": (with_(model="qwen3-8b"), ""),
    "enable_thinking is on by default, and stream false": (with_(model="qwen3-235b-a22b", stream=False), "/stream"),
    "enable_thinking stands in chat_template_kwargs": (
        with_(model="qwen3-8b", chat_template_kwargs={"enable_thinking": False}),
        "/chat_template_kwargs",
    ),
    "enable_thinking stands in extra_body": (
        with_(model="qwen3-8b", extra_body={"enable_thinking": False}),
        "/extra_body",
    ),
    "input should be a valid string": (
        with_(model="qwen-long", messages=[{"role": "user", "content": [{"type": "text", "text": "Hi"}]}]),
        "/messages/0/content",
    ),
    "enable_thinking only streamed": (with_(model="qwen3-8b", enable_thinking=True), "/enable_thinking"),
    "enable_thinking restricted to true": (
        with_(model="qwen3-235b-a22b-thinking-2507", enable_thinking=False, stream=True),
        "/enable_thinking",
    ),
    "only support stream mode": (with_(model="qwq-plus"), "/model"),
    "only support stream mode, said to be false": (with_(model="qvq-max", stream=False), "/stream"),
    "audio output only with stream": (
        with_(model="qwen3-omni-flash", modalities=["text", "audio"], audio={"voice": "Cherry", "format": "wav"}),
        "/modalities",
    ),
    "audio.voice": (
        with_(
            model="qwen-omni-turbo",
            modalities=["text", "audio"],
            audio={"voice": "alloy", "format": "wav"},
            stream=True,
        ),
        "/audio/voice",
    ),
    "modalities": (with_(model="qwen3-omni-flash", modalities=["audio"], stream=True), "/modalities"),
    "messages must contain the word json": (with_(response_format={"type": "json_object"}), "/response_format/type"),
    "JSON mode while thinking": (
        with_(
            messages=[{"role": "user", "content": "As JSON"}],
            response_format={"type": "json_object"},
            enable_thinking=True,
            stream=True,
        ),
        "/response_format/type",
    ),
    "response_format should be a dict": (with_(response_format="json_object"), "/response_format"),
    "unknown format of response_format": (with_(response_format={"type": "json"}), "/response_format/type"),
    "response_format without type": (with_(response_format={}), "/response_format"),
    "tool_choice is none or auto": (with_(tools=[NOW], tool_choice="any"), "/tool_choice"),
    "tool_choice forced while thinking": (
        with_(tools=[NOW], tool_choice="required", enable_thinking=True, stream=True),
        "/tool_choice",
    ),
    "tool follows no call": (with_(messages=[USER, answered()]), "/messages/1/role"),
    "call without an answer": (with_(messages=[USER, called(), USER]), "/messages/1"),
    "empty tool_calls": (
        with_(messages=[USER, {"role": "assistant", "content": "Hello", "tool_calls": []}, USER]),
        "/messages/1/tool_calls",
    ),
    "arguments must be JSON": (
        with_(messages=[USER, called('{"zone": "UTC"'), answered()]),
        "/messages/1/tool_calls/0/function/arguments",
    ),
    "arguments is a string": (
        with_(messages=[USER, called({}), answered()]),
        "/messages/1/tool_calls/0/function/arguments",
    ),
    "repetitive tool calls": (
        with_(messages=[USER, *(m for i in "123" for m in (called(call_id=i), answered(i)))]),
        "/messages/5/tool_calls",
    ),
    "developer is not one of": (with_(messages=[{"role": "developer", "content": "Hi"}, USER]), "/messages/0/role"),
    "bot is not one of": (with_(messages=[{"role": "bot", "content": "Hi"}, USER]), "/messages/0/role"),
    "no element with the role of user": (with_(messages=[{"role": "system", "content": "Hi"}]), "/messages"),
    "content is a required field": (with_(messages=[{"role": "user"}]), "/messages/0"),
    "content is null": (with_(messages=[{"role": "user", "content": None}]), "/messages/0/content"),
    "content beside calls": (
        with_(messages=[USER, {k: v for k, v in called().items() if k != "content"}, answered()]),
        "/messages/1",
    ),
    "content is a number": (with_(messages=[{"role": "user", "content": 1}]), "/messages/0/content"),
    "message is a string": (with_(messages=["Hi"]), "/messages/0"),
    "item is a number": (asked(1), "/messages/0/content/0"),
    "item is a boolean": (asked(True), "/messages/0/content/0"),
    "item is a list": (asked([]), "/messages/0/content/0"),
    "item without type": (asked({"text": "Hi"}), "/messages/0/content/0"),
    "item of the native protocol": (asked({"image": "https://example.com/a.png"}), "/messages/0/content/0"),
    "item of unknown type": (asked({"type": "input_text", "text": "Hi"}), "/messages/0/content/0/type"),
    "picture for qwen3-max": (
        asked({"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}, model="qwen3-max"),
        "/messages/0/content/0/type",
    ),
    "URL does not appear to be valid": (
        asked({"type": "image_url", "image_url": {"url": "file:///a.png"}}),
        "/messages/0/content/0/image_url/url",
    ),
    "data URL without base64": (
        asked({"type": "image_url", "image_url": {"url": "data:image/png,AAAA"}}),
        "/messages/0/content/0/image_url/url",
    ),
    "more than 10485760 bytes": (
        asked({"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 10485760}}),
        "/messages/0/content/0/image_url/url",
    ),
    "video of three pictures": (
        asked({"type": "video", "video": ["https://example.com/a.png"] * 3}),
        "/messages/0/content/0/video",
    ),
    "stop of two kinds": (with_(stop=["x", 104307]), "/stop"),
    "stop of no kind": (with_(stop=[1.5]), "/stop"),
    "stop is a number": (with_(stop=104307), "/stop"),
    "target_lang is required": (
        with_(model="qwen-mt-plus", translation_options={"source_lang": "auto"}),
        "/translation_options",
    ),
    "translation_options is required": (with_(model="qwen-mt-plus"), ""),
    "role must be in user, assistant": (
        with_(
            model="qwen-mt-plus",
            messages=[{"role": "system", "content": "Hi"}, USER],
            translation_options={"target_lang": "French"},
        ),
        "/messages/0/role",
    ),
}

# Requests that DashScope is documented to answer, or was seen to.
ACCEPTED = {
    "temperature just below 2": with_(temperature=1.9999),
    "top_p 0, against the page": with_(top_p=0),
    "top_k null": with_() | {"top_k": None},
    "top_k above 100": with_(top_k=1000),
    "stops of each kind": with_(stop=["a", "b", "c", "d", "e"]),
    "stop ids": with_(stop=[104307]),
    "lists of stop ids": with_(stop=[[108386, 103924]]),
    "stop text": with_(stop="END"),
    "long call id": with_(messages=[USER, called(call_id="c" * 60), answered("c" * 60)]),
    "null content beside calls": with_(messages=[USER, {**called(), "content": None}, answered()]),
    "index in a call": with_(
        messages=[USER, {**called(), "tool_calls": [{**called()["tool_calls"][0], "index": 0}]}, answered()]
    ),
    "forced call without thinking": with_(
        model="qwen3.7-plus",
        tools=[NOW],
        tool_choice={"type": "function", "function": {"name": "now"}},
        enable_thinking=False,
    ),
    "required, by the guide": with_(tools=[NOW], tool_choice="required"),
    "thinking unstreamed, as the error page has it": with_(model="qwen3-max", enable_thinking=True),
    "thinking unstreamed, of which nothing is said": with_(model="qwen3.8-max", enable_thinking=True),
    "tools without description": with_(tools=[{"type": "function", "function": {"name": "now"}}]),
    "OpenAI's own parameters": with_(user="u", frequency_penalty=0.5, metadata={}, store=False),
    "null where a key may be left out": with_() | {"temperature": None, "tools": None, "stream": None, "stop": None},
    "sound as a data URL without media type": with_(
        model="qwen3-omni-flash",
        messages=[
            {
                "role": "user",
                "content": [
                    {"type": "input_audio", "input_audio": {"data": "data:;base64,AAAA", "format": "mp3"}},
                    {"type": "text", "text": "Hi", "cache_control": {"type": "ephemeral"}},
                ],
            }
        ],
        stream=True,
    ),
    "frames": asked({"type": "video", "video": ["https://example.com/a.png"] * 4, "fps": 2}),
    "video": asked({"type": "video_url", "video_url": {"url": "https://example.com/a.mp4"}, "fps": 2}),
    "pixels beside and inside": asked(
        {"type": "image_url", "image_url": {"url": "https://example.com/a.png", "max_pixels": 9}, "min_pixels": 9}
    ),
    "a beginning to go on from": with_(messages=[USER, {"role": "assistant", "content": "Once", "partial": True}]),
    "a chain of thought in the history": with_(
        messages=[USER, {"role": "assistant", "content": "Hello", "reasoning_content": "They greet me"}, USER]
    ),
    "translation": with_(model="qwen-mt-plus", translation_options={"source_lang": "auto", "target_lang": "French"}),
    "two rounds of one call": with_(
        messages=[USER, *(m for i in "12" for m in (called(call_id=i), answered(i)))], tools=[NOW]
    ),
    "largest budget": with_(model="qwen-turbo-2025-04-28", enable_thinking=True, stream=True, thinking_budget=38912),
    "largest limit": with_(model="qwen-max", max_tokens=8192),
    "a limit that counts the thinking": with_(model="qwen3.5-plus", max_completion_tokens=100_000),
    "an open model that is told not to think": with_(model="qwen3-8b", enable_thinking=False),
    "an open model that streams": with_(model="qwen3-8b", stream=True),
    "an instruct model": with_(model="qwen3-30b-a3b-instruct-2507"),
    "a function named search": with_(tools=[{"type": "function", "function": {"name": "search"}}]),
}


@pytest.mark.parametrize("text", REFUSED)
def test_each_refusal_that_dashscope_documents_is_foreseen(text: str) -> None:
    """A request that the error page or a thread shows refused has one error, at the place that the server names."""
    request, pointer = REFUSED[text]
    errors = [finding for finding in check(request, "dashscope") if finding.severity is Severity.ERROR]
    assert [finding.pointer for finding in errors] == [pointer], [str(f) for f in errors]


@pytest.mark.parametrize("case", ACCEPTED)
def test_what_dashscope_answers_is_no_error(case: str) -> None:
    """A request that was answered, or that a page shows, has no error."""
    assert [str(f) for f in check(ACCEPTED[case], "dashscope") if f.severity is Severity.ERROR] == []


def test_qwen_long_takes_system_messages_anywhere_and_other_models_at_the_start() -> None:
    """Documents are named in system messages of their own, also later; elsewhere a late system message is told."""
    document = {"role": "system", "content": "fileid://file-fe-timetable"}
    messages = [{"role": "system", "content": "Be brief."}, document, USER, {"role": "assistant", "content": "Hello"}]
    messages += [document, USER]
    assert check({"model": "qwen-long", "messages": messages}, "dashscope") == []
    assert check({"model": "qwen-long-latest", "messages": messages}, "dashscope") == []
    found = check({"model": "qwen-plus", "messages": messages}, "dashscope")
    assert [(f.severity, f.rule, f.pointer) for f in found] == [
        (Severity.WARNING, "late-system-message", f"/messages/{number}/role") for number in (1, 4)
    ]


def test_a_misplaced_switch_that_makes_the_request_refused_is_one_error() -> None:
    """Where the switch only has no effect, it is a warning; where the request is refused for it, one error."""
    switch = {"chat_template_kwargs": {"enable_thinking": False}}
    for model, expected in (
        ("qwen-plus", (Severity.WARNING, "misplaced-thinking-switch")),
        ("qwen3-8b", (Severity.ERROR, "thinking-by-default-without-stream")),
    ):
        assert [(f.severity, f.rule) for f in check(with_(model=model, **switch), "dashscope")] == [expected]


def test_a_function_named_search_is_told_as_disputed() -> None:
    """The error page refuses it, and recorded calls were answered: a warning."""
    found = check(with_(tools=[{"type": "function", "function": {"name": "search", "description": "S"}}]), "dashscope")
    assert [(f.severity, f.rule) for f in found] == [(Severity.WARNING, "reserved-tool-name")]


def test_generated_schemas_are_current() -> None:
    """The request.json of a profile that extends another is the parent's with the delta applied."""
    for path, text in generated_schemas().items():
        assert path.read_text("utf-8") == text, "stale: run python tests/regenerate.py"


def test_a_schema_has_what_it_refers_to_and_nothing_else() -> None:
    """Every definition of a schema is referred to, and every reference leads to a definition."""

    def references(node: object) -> set[str]:
        if isinstance(node, dict):
            own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
            return own.union(*map(references, node.values()))
        return set[str]().union(*map(references, node)) if isinstance(node, list) else set()

    for name in shipped().profile_names:
        schema = shipped().profile(name).schema
        assert references(schema) == {f"#/$defs/{key}" for key in schema.get("$defs", {})}, name


def test_parameters_of_models_are_parameters() -> None:
    """A parameter that is listed for some models is in the schema of the same profile."""
    profile = shipped().profile("dashscope")
    assert profile.facts
    assert set(profile.facts["parameters-of-models"]["value"]) <= set(profile.schema["properties"])


# RFC 7396, appendix A.
MERGES: list[tuple[Any, Any, Any]] = [
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"a": "foo"}, "bar", "bar"),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
]


@pytest.mark.parametrize(("target", "patch", "merged"), MERGES)
def test_a_merge_patch_does_what_its_standard_says(target: Any, patch: Any, merged: Any) -> None:
    """The cases in the appendix of RFC 7396 give the results that are printed there."""
    assert merge_patch(target, patch) == merged
