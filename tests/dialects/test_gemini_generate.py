"""The shape of generateContent: its views stand at the wire's own places, in either spelling of its keys."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqlint import Linter, check
from reqlint.core.pointer import to_pointer, value_at
from reqlint.dialects.gemini_generate import DIALECT, answered_calls, runs
from reqlint.dialects.protobuf_members import snake_case
from reqlint.dialects.registry import certainly_a_request, dialect_of, looks_like_request, stranger_of
from reqlint.dialects.strangers import What

USER = {"role": "user", "parts": [{"text": "What time is it?"}]}
CALL = {"role": "model", "parts": [{"functionCall": {"name": "now", "args": {"zone": "UTC"}, "id": "c1"}}]}
RESPONSE = {
    "role": "user",
    "parts": [{"functionResponse": {"name": "now", "id": "c1", "response": {"time": "12:00"}}}],
}
FUNCTION = {
    "name": "now",
    "description": "Tell the time",
    "parameters": {"type": "OBJECT", "properties": {"zone": {"type": "STRING"}}, "required": ["zone"]},
}
FULL: dict[str, Any] = {
    "systemInstruction": {"parts": [{"text": "Be brief."}]},
    "contents": [USER, CALL, RESPONSE],
    "tools": [{"functionDeclarations": [FUNCTION]}, {"codeExecution": {}}],
    "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["now"]}},
    "generationConfig": {
        "temperature": 0.2,
        "maxOutputTokens": 100,
        "stopSequences": ["END"],
        "responseMimeType": "text/plain",
        "thinkingConfig": {"thinkingBudget": 1024},
    },
    "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}],
}


def snaked(value: Any) -> Any:
    """Return a request with all keys of the wire in snake_case; arguments and names of properties are the author's."""
    if isinstance(value, list):
        return [snaked(each) for each in value]
    if not isinstance(value, dict):
        return value
    kept = ("args", "response", "properties")
    return {snake_case(key): each if key in kept else snaked(each) for key, each in value.items()}


KEYS = [
    "contents", "parts", "role", "text", "functionCall", "function_call", "functionResponse", "name", "tools",
    "functionDeclarations", "parameters", "toolConfig", "functionCallingConfig", "allowedFunctionNames", "id",
    "generationConfig", "generation_config", "responseMimeType", "thinkingConfig", "thinkingBudget", "model",
    "inlineData", "mimeType", "data", "fileData", "fileUri", "safetySettings", "category", "type", "enum", "anyOf",
    "properties", "required", "items", "systemInstruction", "messages", "content", "system", "temperature",
    "function",
]  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=20,
)
"""Values with the keys of a request at any place."""


@pytest.mark.parametrize("request_", [FULL, snaked(FULL)], ids=["camelCase", "snake_case"])
def test_every_view_yields_the_wires_own_places(request_: dict[str, Any]) -> None:
    """The value at the place of each tool, call, part, name and choice is the one that the view yields."""
    turns = list(DIALECT.turns(request_))
    assert [value_at(request_, turn.place) for turn in turns] == request_["contents"]
    assert [turn.role for turn in turns] == ["user", "model", "user"]
    [call] = [call for turn in turns for call in DIALECT.calls(turn)]
    assert value_at(request_, call.place)["name"] == call.name == "now"
    assert value_at(request_, call.id_place) == call.id == "c1"
    assert value_at(request_, call.arguments_place) == call.arguments == {"zone": "UTC"}
    [tool] = DIALECT.tools(request_)
    assert value_at(request_, tool.name_place) == tool.name
    assert value_at(request_, tool.parameters_place)["type"] == "OBJECT"
    assert isinstance(tool.parameters, dict)
    assert tool.parameters["type"] == "object", "in the words of JSON Schema"
    [choice] = DIALECT.chosen(request_)
    assert value_at(request_, choice.place) == choice.name
    assert DIALECT.declared(request_) == {("function", "now")}
    assert all(value_at(request_, part.place) is part.value for part in DIALECT.parts(request_))
    assert [value_at(request_, place) for place, _ in DIALECT.names(request_)] == ["now"] * 4
    assert list(DIALECT.texts(request_)) == ["What time is it?", "Be brief."]


def test_a_round_has_the_calls_of_a_turn_and_the_responses_of_the_next() -> None:
    """Calls and responses with ids meet in one round, whose last member is what comes without being a response."""
    rounds = [each for each in DIALECT.rounds({"contents": [USER, CALL, RESPONSE, USER]}) if each.calls]
    [each] = rounds
    assert [call.id for call in each.calls] == [result.id for result in each.results] == ["c1"]
    assert each.next == ("contents", 3)


def test_turns_of_the_same_speaker_are_a_run() -> None:
    """Neighbouring turns of the model are one run, and so are all others, whatever they call themselves."""
    contents = [USER, {"parts": []}, CALL, CALL, RESPONSE]
    assert [len(run) for run in runs({"contents": contents})] == [2, 2, 1]


def test_an_object_stands_for_a_list_of_one() -> None:
    """Contents, parts and tools that are an object are seen like a list with that object."""
    request = {"contents": {"role": "model", "parts": CALL["parts"][0]}, "tools": {"functionDeclarations": FUNCTION}}
    [turn] = DIALECT.turns(request)
    assert [to_pointer(call.place) for call in DIALECT.calls(turn)] == ["/contents/parts/functionCall"]
    assert [to_pointer(tool.place) for tool in DIALECT.tools(request)] == ["/tools/functionDeclarations"]
    assert check({**request, "contents": {"parts": {"text": "Hi"}}}, "gemini") == []


@given(JSON)
def test_no_view_and_no_check_raises(value: Any) -> None:
    """Views and checks take whatever a request holds."""
    request = value if isinstance(value, dict) else {"contents": value}
    for view in (DIALECT.rounds, DIALECT.parts, DIALECT.texts, DIALECT.tools, DIALECT.chosen, DIALECT.names):
        list(view(request))  # type: ignore[operator]  # each takes a request
    DIALECT.declared(request), DIALECT.json_mode(request), DIALECT.first_words(request), answered_calls(request)
    DIALECT.is_certain(request, ())
    for profile in ("gemini", "vertex-gemini"):
        check(request, profile)


@given(st.lists(st.sampled_from([USER, CALL, RESPONSE, {"role": "model", "parts": [{"text": "Noon."}]}]), max_size=6))
def test_a_conversation_that_is_proven_right_has_no_finding(contents: list[Any]) -> None:
    """The proof of answered calls holds only for conversations in which the checks that it silences find nothing."""
    rules = {"call-before-user-turn", "response-without-call", "unequal-response-count", "single-model-turn"}
    found = {finding.rule for finding in check({"contents": contents}, "gemini")} & rules
    if contents and answered_calls({"contents": contents}):
        assert found == set()


API = "https://generativelanguage.googleapis.com"
VERTEX = "https://aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/google"


@pytest.mark.parametrize(
    ("url", "model"),
    [
        (f"{API}/v1beta/models/gemini-2.5-flash:generateContent", "gemini-2.5-flash"),
        (f"{API}/v1/models/gemma-3-27b-it:streamGenerateContent?alt=sse", "gemma-3-27b-it"),
        (f"{VERTEX}/models/gemini-2.5-pro:generateContent", "gemini-2.5-pro"),
        (f"{API}/v1beta/models", None),
        ("http://[", None),
        (None, None),
    ],
)
def test_the_address_names_the_model(url: str | None, model: str | None) -> None:
    """The model of a request is what its address names."""
    assert DIALECT.stated(url, {}) == ({"model": model} if model else {})


@pytest.mark.parametrize(
    "value",
    [
        {"contents": [USER]},
        {"contents": {"parts": {"text": "Hi"}}},
        {"contents": "Hi", "generationConfig": {}},
        {"contents": [], "generation_config": {}},
        {"model": "gemini-2.5-flash", "contents": [{"role": "user", "content": "Hi"}]},
    ],
)
def test_a_request_is_recognised(value: Any) -> None:
    """What has contents with parts, or contents beside a key that only this API has, is a request of this shape."""
    assert dialect_of(value) == DIALECT.name
    assert looks_like_request(value, DIALECT.name)


@pytest.mark.parametrize(
    "value",
    [
        {"candidates": [{"content": CALL, "finishReason": "STOP"}], "contents": [USER]},
        {"contents": [USER], "title": "A talk", "created_at": "2026-11-28"},
        {"contents": [{"type": "chapter", "title": "One"}]},
        {"contents": []},
        {"contents": "Table of contents"},
        {"model": "models/gemini-2.5-flash", "contents": [USER], "ttl": "300s"},
    ],
)
def test_an_answer_a_record_and_a_cache_are_none(value: Any) -> None:
    """What keeps a conversation of this form, or says something else by contents, is no request of this shape."""
    assert dialect_of(value) != DIALECT.name or (stranger_of(value) or What.REQUEST) is not None
    assert not looks_like_request(value, DIALECT.name)
    assert not certainly_a_request(value, DIALECT) or "ttl" in value


def test_only_what_is_one_beyond_doubt_is_edited() -> None:
    """Any key, role, part or tool that such a request does not have makes a value uncertain."""
    assert certainly_a_request(FULL, DIALECT)
    assert certainly_a_request(snaked(FULL), DIALECT)
    changes: list[dict[str, Any]] = [
        {"usageMetadata": {}},
        {"contents": [{**USER, "timestamp": 1}]},
        {"contents": [{"role": "narrator", "parts": [{"text": "Hi"}]}]},
        {"contents": [{"role": "user", "parts": [{"type": "text", "text": "Hi"}]}]},
        {"contents": []},
        {"tools": [{"kind": "now"}]},
        {"note": "kept for later"},
    ]
    for change in changes:
        assert not certainly_a_request({**FULL, **change}, DIALECT), change
    assert certainly_a_request({**FULL, "note": "kept for later"}, DIALECT, {"note"})


def test_the_same_mistake_is_found_in_either_spelling() -> None:
    """A request in snake_case has the findings of the one in camelCase, each at the keys as they are written."""
    wrong = json.loads(json.dumps(FULL))
    wrong["generationConfig"]["thinkingConfig"]["thinkingLevel"] = "low"
    wrong["generationConfig"]["stopSequences"] = ["a", "b", "c", "d", "e", "f"]
    wrong["toolConfig"]["functionCallingConfig"]["mode"] = "AUTO"
    wrong["tools"][0]["functionDeclarations"][0]["parameters"]["minItem"] = 1
    camel, snake = check(wrong, "gemini"), check(snaked(wrong), "gemini")
    assert [finding.rule for finding in camel] == [finding.rule for finding in snake]
    assert len(camel) == 6, "those above, and two warnings about what depends on the model"
    assert [snake_case(finding.pointer).lower() for finding in camel] == [finding.pointer for finding in snake]


def test_no_suggestion_is_the_other_spelling_of_a_key_that_is_there() -> None:
    """A misspelled key is said to mean one in its own style, and never one that is there in another spelling."""
    request = {"contents": [USER], "generationConfig": {"maxOutputToken": 100, "stop_sequence": ["a"]}}
    assert [f.message for f in check(request, "gemini")] == [
        "unknown field maxOutputToken; did you mean maxOutputTokens?",
        "unknown field stop_sequence; did you mean stop_sequences?",
    ]
    there = {"contents": [USER], "generationConfig": {"max_output_tokens": 10, "maxOutputToken": 100}}
    assert [f.message for f in check(there, "gemini")] == ["unknown field maxOutputToken"]


ANSWERED: list[dict[str, Any]] = [
    FULL | {"tools": [{"functionDeclarations": [FUNCTION]}]},
    {"contents": [{"parts": [{"text": "Hi"}]}]},
    {"contents": [USER, USER]},
    {"contents": [USER, CALL, CALL, {"role": "user", "parts": RESPONSE["parts"] * 2}]},
    {"contents": [{"role": "user", "parts": [{"text": ""}]}]},
    {"contents": [USER], "generationConfig": {"topK": 40.0, "temperature": 0.0, "seed": None}},
    {"contents": [USER], "generationConfig": {"thinkingConfig": {"thinkingLevel": "low"}}},
    {"contents": [USER], "generationConfig": {"responseModalities": ["Text", "Image"]}},
    {"contents": [USER], "tools": {"googleSearch": {}}},
    {
        "contents": [USER],
        "tools": [{"functionDeclarations": [FUNCTION]}],
        "toolConfig": {"functionCallingConfig": {"mode": "any", "allowedFunctionNames": []}},
    },
    {"contents": [{"role": "user", "parts": [{"inline_data": {"mimeType": "image/png", "data": "iVBOR_-w0KGgo="}}]}]},
    {"contents": [{"role": "user", "parts": [{"fileData": {"fileUri": "https://www.youtube.com/watch?v=a"}}]}]},
    {
        "contents": [USER],
        "tools": [{"functionDeclarations": [{"name": "f", "parameters": {
            "type": "object", "properties": {"tags": {"type": "array", "items": {"type": "string"}, "maxItems": "5"}},
        }}]}],
    },
    {
        "contents": [USER],
        "tools": [{"functionDeclarations": [{"name": "f", "parametersJsonSchema": {
            "type": "object", "properties": {"a": {"const": 1}, "b": {"type": ["string", "null"]}},
            "allOf": [{"not": {"required": ["a"]}}],
        }}]}],
    },
    {"model": "gemini-3-flash-preview", "contents": [USER],
     "generationConfig": {"responseMimeType": "application/json"}, "tools": [{"functionDeclarations": [FUNCTION]}]},
]  # fmt: skip
"""Forms of requests that were recorded with an answer."""


@pytest.mark.parametrize("request_", ANSWERED)
def test_what_was_answered_has_no_error(request_: dict[str, Any]) -> None:
    """No request of a form that the Gemini API answered has an error, in either spelling."""
    for written in (request_, snaked(request_)):
        assert [str(found) for found in check(written, "gemini") if found.severity == "error"] == []


@given(st.sampled_from(ANSWERED), st.sampled_from(ANSWERED))
def test_text_and_value_have_the_same_findings(one: dict[str, Any], other: dict[str, Any]) -> None:
    """A request as JSON text is judged as the value that it holds is."""
    request = {**one, **other}
    linter = Linter(profile="gemini")
    as_text = [(f.rule, f.pointer) for f in linter.check_text(json.dumps(request), "x.json")]
    assert as_text == [(f.rule, f.pointer) for f in linter.check(request)]
