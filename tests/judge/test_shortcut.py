"""The shortcut never passes a request in which the long way finds something."""

import copy
import sys
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.making import SMALL
from benchmarks.making import request as spoken
from benchmarks.spoiling import with_note
from reqlint import Linter
from reqlint.core.json_values import to_json_value
from reqlint.dialects.openai_chat import OPENAI_CHAT
from reqlint.judge import member_gate
from reqlint.judge.shortcut import Shortcut
from reqlint.knowledge.catalog import shipped
from reqlint.run.one_request import linter_for
from reqlint.schema.combine import combine_schemas, separate_members
from reqlint.schema.validators import ACCELERATED, compile_gate, compile_validator
from tests.conftest import own_requests
from tests.support.counting import count_gates
from tests.support.mutations import concerning, mutations

REQUESTS = own_requests()
MUTATED = [to_json_value(request)[0] for request in mutations(REQUESTS, 2500)]

NAMES = st.sampled_from(["a", "b", "model", "tools"])
WORDS = st.sampled_from(["x", "long enough", "", 0, 1, 2.0, 1.5, True, None])
VALUES = st.recursive(
    WORDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8
)
PLAIN = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["object", "array", "string", "integer", ["string", "array"], ["number", "null"]]),
        "required": st.lists(NAMES, max_size=2, unique=True),
        "enum": st.lists(WORDS, min_size=1, max_size=3, unique_by=repr),
        "const": WORDS,
        "minimum": st.integers(0, 2),
        "maxLength": st.integers(0, 4),
        "minItems": st.integers(0, 2),
        "minProperties": st.integers(0, 2),
        "uniqueItems": st.just(True),
        "pattern": st.sampled_from(["x", "^l"]),
        "description": st.just("a description"),
        "x-rule": st.just("a-rule"),
    },
)


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=1, max_size=2)
    return st.builds(
        lambda plain_part, nested: {**plain_part, **nested},
        PLAIN,
        st.fixed_dictionaries(
            {},
            optional={
                "properties": st.dictionaries(NAMES, inner, max_size=3),
                "additionalProperties": inner,
                "patternProperties": st.dictionaries(st.sampled_from(["^a", "o"]), inner, max_size=1),
                "items": inner,
                "prefixItems": several,
                "contains": inner,
                "allOf": several,
                "anyOf": several,
                "oneOf": several,
                "not": inner,
                "if": inner | st.just({"type": "object", "required": ["a"]}),
                "then": inner,
                "else": inner,
                "dependentSchemas": st.dictionaries(NAMES, inner, max_size=2),
                "propertyNames": inner,
                "$ref": st.sampled_from(["#/$defs/one", "#/$defs/two"]),
            },
        ),
    )


SCHEMAS = st.recursive(PLAIN | st.booleans(), _nested, max_leaves=12)
RESOURCES = st.builds(
    lambda schema, one: {
        **(schema if isinstance(schema, dict) else {}),
        "$defs": {"one": one, "two": {"type": "object"}},
    },
    SCHEMAS,
    PLAIN,
)


@settings(max_examples=300, deadline=None)
@given(st.lists(RESOURCES, min_size=1, max_size=4), st.lists(VALUES, min_size=1, max_size=12))
def test_combined_schemas_mean_the_same(resources: list[dict[str, Any]], values: list[object]) -> None:
    """Whatever schemas are combined, a value satisfies the combination exactly if it satisfies all of them."""
    named = [{"$id": f"reqlint:{number}", **resource} for number, resource in enumerate(resources)]
    accepts, all_accept = (
        compile_gate([combine_schemas(named)], ACCELERATED),
        compile_validator(named, ACCELERATED).is_valid,
    )
    without, taken = (
        compile_gate([schema], ACCELERATED) for schema in separate_members(combine_schemas(named), OPENAI_CHAT.repeated)
    )
    of_both = compile_gate([combine_schemas(named[1:], combine_schemas(named[:1]))], ACCELERATED)
    for value in values:
        assert accepts(value) == all_accept(value)
        assert of_both(value) == all_accept(value)
        if isinstance(value, dict):
            assert (without(value) and taken(value)) == all_accept(value)


@pytest.mark.parametrize("profile", shipped().profile_names)
def test_the_combined_gate_is_the_gate(profile: str) -> None:
    """Combined, the schemas of a profile and its rules accept and refuse what they do one by one."""
    shape = linter_for(profile).judges.default._shape
    accepts = compile_gate(shape.schemas, ACCELERATED)
    for request in concerning(MUTATED, profile):
        assert accepts(request) == shape.accepts(request), request


@pytest.mark.parametrize("profile", shipped().profile_names)
def test_the_shortcut_finds_what_the_long_way_finds(profile: str) -> None:
    """Of a request that the shortcut judges, it has the hits of the long way, whatever was proven before."""
    judge = Linter(profile).judges.default
    shortcut = Shortcut(judge.questions)
    proven = found = 0
    tried = concerning([*REQUESTS, *MUTATED], profile)
    for request in [*tried, *tried]:
        hits = shortcut.hits(request)
        if hits is not None:
            assert sorted(map(repr, hits)) == sorted(map(repr, judge._hits(request))), request
            proven += not hits
            found += bool(hits)
    assert proven > 30  # of a third of the requests, some profiles take few
    assert found > 30 or profile not in ("anthropic", "dashscope", "gemini", "openai", "openai-responses")


def test_a_note_costs_one_more_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a check finds in requests of the right shape is found on the quick way, which asks one gate, once."""
    asked = count_gates(monkeypatch, member_gate)
    linter = Linter("openai", severity={"blank-line": "off"})  # so that no other test has its judge
    linter.compile_now()
    judge = linter.judges.default
    for number in range(60):
        asked.clear()
        request = {**with_note(spoken(number, SMALL, model="gpt-4o"), number), "tools": tools()}
        verdict = judge.judge(request)
        assert verdict is not None
        assert [hit.rule for hit in verdict.hits] == ["deprecated-field"]
        assert number < 40 or asked["gates"] <= 2  # the second for answers in strict forms
    assert "_finder" not in vars(judge)


def tools(**more: Any) -> list[dict[str, Any]]:
    """Return tools that differ only in the given members."""
    parameters = {"type": "object", "properties": {"day": {"type": "string"}}, **more.pop("parameters", {})}
    return [
        {"type": "function", "function": {"name": "trains", "description": "Trains", "parameters": parameters, **more}}
    ]


def test_tools_are_remembered_as_json() -> None:
    """Tools that equal proven ones in Python but are another JSON value are judged anew."""
    linter = Linter("openai")
    linter.compile_now()
    request = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "tools": tools(strict=False)}
    assert linter.check(request) == []
    assert [f.rule for f in linter.check({**request, "tools": tools(strict=0)})] == ["wrong-type"]
    assert [f.rule for f in linter.check({**request, "tools": tools(strict=0.0)})] == ["wrong-type"]
    assert linter.check({**request, "tools": tools(strict=False)}) == []


def test_a_remembered_value_may_change() -> None:
    """A change of tools that were already proven is noticed."""
    linter = Linter("openai")
    linter.compile_now()
    request = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "tools": tools()}
    before = copy.deepcopy(request)
    assert linter.check(request) == []
    request["tools"][0]["function"]["name"] = "find trains"  # type: ignore[index]  # tools, as the line above says
    assert [f.rule for f in linter.check(request)] == ["malformed-tool-name"]
    assert linter.check(before) == []


def test_proven_tools_are_bounded() -> None:
    """Tools that differ in each request do not pile up in memory."""
    linter = Linter("openai")
    linter.compile_now()
    shortcut = linter.judges.default._shortcut
    assert shortcut is not None
    for number in range(700):
        many = tools(parameters={"description": f"Number {number}"})
        assert linter.check({"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "tools": many}) == []
        assert len(shortcut._proven) <= 256
    huge = tools(parameters={"description": "x" * 300_000})
    proven = len(shortcut._proven)
    assert linter.check({"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "tools": huge}) == []
    assert len(shortcut._proven) == proven


def test_the_shortcut_is_compiled_when_it_pays() -> None:
    """The shortcut is compiled after 1000 requests, and never with the reference engine."""
    judge = Linter("openai", ignore=["blank-line"]).judges.default
    request = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}
    for _ in range(1000):
        assert judge.judge(request) is None
    assert judge._shortcut is None
    judge.judge(request)
    assert judge._shortcut is not None
    assert judge.judge(request) is None
    reference = Linter("openai", engine="reference")
    reference.compile_now()
    assert reference.judges.default._shortcut is None


def test_with_many_requests_for_several_apis_each_judge_compiles_soon() -> None:
    """Where the profile is chosen for each of many requests, the first one's compiles at once, and others soon."""
    linter = Linter(ignore=["mixed-batch-urls"])
    linter.compile_now()
    turns = [{"role": "user", "content": "Hi"}]
    assert linter.check({"model": "gpt-4o", "messages": turns}) == []
    assert linter.judges.named("openai")._shortcut is not None
    request = {"model": "claude-haiku-4-5", "max_tokens": 100, "messages": turns, "system": "Be brief."}
    for _ in range(200):
        assert linter.check(request) == []
    judge = linter.judges.named("anthropic")
    assert judge._shortcut is None
    assert linter.check(request) == []
    assert judge._shortcut is not None


def test_a_clean_text_takes_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """The text of a clean request is read once, and not as a source of documents."""
    linter = Linter("openai")
    text = '{"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}'
    monkeypatch.setattr("reqlint.run.linter.judge_source", None)
    assert linter.check_text(text, "a.json").requests == 1
    with pytest.raises(TypeError):
        linter.check_text(text.replace("user", "human"), "a.json")


PARAMETERS = {"type": "object", "properties": {"day": {"type": "string"}}}
ORDINARY: dict[str, Any] = {
    "openai": {
        "model": "gpt-4o",
        "temperature": 0.5,
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [
                {"type": "text", "text": "What is this?"},
                {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
            ]},
            {"role": "assistant", "content": None, "tool_calls": [
                {"id": "call_1", "type": "function", "function": {"name": "trains", "arguments": '{"day": "Monday"}'}}
            ]},
            {"role": "tool", "tool_call_id": "call_1", "content": "07:25"},
            {"role": "user", "content": "And back?"},
        ],
        "tools": tools(),
    },
    "anthropic": {
        "model": "claude-haiku-4-5",
        "max_tokens": 100,
        "system": "Be brief.",
        "messages": [
            {"role": "user", "content": [
                {"type": "text", "text": "What is this?"},
                {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}},
            ]},
            {"role": "assistant", "content": [
                {"type": "tool_use", "id": "t1", "name": "trains", "input": {"day": "Monday"}}
            ]},
            {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "07:25"}]},
        ],
        "tools": [{"name": "trains", "description": "Trains", "input_schema": PARAMETERS}],
    },
    "openai-responses": {
        "model": "gpt-4.1",
        "instructions": "Be brief.",
        "temperature": 0.5,
        "input": [
            {"role": "user", "content": [
                {"type": "input_text", "text": "What is this?"},
                {"type": "input_image", "image_url": "https://example.com/a.png"},
            ]},
            {"type": "function_call", "call_id": "c1", "name": "trains", "arguments": '{"day": "Monday"}'},
            {"type": "function_call_output", "call_id": "c1", "output": "07:25"},
        ],
        "tools": [{"type": "function", "strict": False, **tools()[0]["function"]}],
    },
    "gemini": {
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "generationConfig": {"temperature": 0.5},
        "contents": [
            {"role": "user", "parts": [
                {"text": "What is this?"}, {"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}},
            ]},
            {"role": "model", "parts": [{"functionCall": {"name": "trains", "args": {"day": "Monday"}}}]},
            {"role": "user", "parts": [{"functionResponse": {"name": "trains", "response": {"result": "07:25"}}}]},
        ],
        "tools": [{"functionDeclarations": [
            {"name": "trains", "description": "Trains", "parametersJsonSchema": PARAMETERS}
        ]}],
    },
    "bedrock-converse": {
        "modelId": "anthropic.claude-haiku-4-5-20251001-v1:0",
        "system": [{"text": "Be brief."}],
        "inferenceConfig": {"temperature": 0.5},
        "messages": [
            {"role": "user", "content": [
                {"text": "What is this?"}, {"image": {"format": "png", "source": {"bytes": "iVBORw0KGgo="}}},
            ]},
            {"role": "assistant", "content": [
                {"toolUse": {"toolUseId": "t1", "name": "trains", "input": {"day": "Monday"}}}
            ]},
            {"role": "user", "content": [
                {"toolResult": {"toolUseId": "t1", "content": [{"text": "07:25"}]}}
            ]},
        ],
        "toolConfig": {"tools": [
            {"toolSpec": {"name": "trains", "description": "Trains", "inputSchema": {"json": PARAMETERS}}}
        ]},
    },
}  # fmt: skip


@pytest.mark.parametrize("profile", [*ORDINARY, "dashscope", "vllm", "llama.cpp"])
def test_a_clean_request_takes_few_steps(profile: str) -> None:
    """What an ordinary request costs is one pass of the engine, and a number of Python's steps that is counted here."""
    linter = Linter(profile)
    linter.compile_now()
    request = copy.deepcopy(ORDINARY.get(profile, ORDINARY["openai"]))
    if profile in ("dashscope", "vllm", "llama.cpp"):
        request["model"] = "qwen-vl-plus"
    for _ in range(20):  # what is not of use for these requests is given up by then
        assert linter.check(request) == []
    calls = 0

    def count(_: object, event: str, __: object) -> None:
        nonlocal calls
        calls += event == "call"

    text = copy.deepcopy(request)
    sys.setprofile(count)
    try:
        found = linter.check(text)
    finally:
        sys.setprofile(None)
    assert found == []
    assert calls <= FEW[profile], calls


FEW = {
    "anthropic": 36, "bedrock-converse": 80, "dashscope": 20, "gemini": 46, "llama.cpp": 20, "openai": 20,
    "openai-responses": 20, "vllm": 20,
}  # fmt: skip
"""Python's functions that are called for one clean request of few messages."""


def strict_answer(number: int, **more: Any) -> dict[str, Any]:
    """Return a request for an answer in a strict form of its own."""
    names = [f"day_{number}", "platform"]
    schema = {
        "type": "object", "properties": {name: {"type": "string"} for name in names}, "required": names,
        "additionalProperties": False, **more,
    }  # fmt: skip
    form = {"type": "json_schema", "json_schema": {"name": "train", "strict": True, "schema": schema}}
    return {**ORDINARY["openai"], "response_format": form}


def test_answers_in_strict_forms_take_few_steps() -> None:
    """A form of the answer that no request had before is not judged together with the tools, which others had."""
    linter = Linter("openai")
    linter.compile_now()
    for number in range(40):
        assert linter.check(strict_answer(number)) == []
    calls: Counter[str] = Counter()

    def count(frame: Any, event: str, _: object) -> None:
        if event == "call":
            calls[frame.f_code.co_name] += 1

    request = strict_answer(41)
    sys.setprofile(count)
    try:
        found = linter.check(request)
    finally:
        sys.setprofile(None)
    assert found == []
    assert calls["_prove_repeated"] == calls["_is_clean_without_proofs"] == 0
    assert calls["optional_strict_property"] == calls["non_object_strict_schema"] == 0
    rules = [finding.rule for finding in linter.check(strict_answer(42, required=["platform"]))]
    assert rules == ["optional-strict-property"]
    rules = [finding.rule for finding in linter.check(strict_answer(43, enum=[{}]))]
    assert rules == ["non-object-strict-schema"]


@pytest.mark.parametrize("profile", ["gemini", "vertex-gemini", "bedrock-converse"])
def test_checks_of_tools_ask_for_no_plain_setting(profile: str) -> None:
    """A check that looks at the tools finds the same whatever number stands at a plain setting."""
    judge = Linter(profile).judges.default
    dialect, facts = judge.dialect, judge.profile.facts or {}
    of_tools = [
        woken for woken in judge._unguarded if dialect.keys["tools"] in woken.needs and dialect.bulk not in woken.needs
    ]
    requests = [request for request in concerning(MUTATED, profile) if dialect.keys["tools"] in request][:60]
    seen = 0
    for woken in of_tools:
        for key in woken.needs & {*dialect.limit_keys}:
            for request in (request for request in requests if woken.at in request):
                found = []
                for number in (0, 0.5, 1_000_000):
                    given = {**request, key: dict.fromkeys(dialect.plain_settings, number)}
                    hits = woken.check(given, facts, dialect)
                    found.append([(hit.place, hit.facts, hit.severity) for hit in hits])
                assert found[0] == found[1] == found[2], woken.rule
                seen += 1
    assert seen or profile == "bedrock-converse"  # there, such checks look at no settings
