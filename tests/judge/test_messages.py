"""What messages say of mistakes whose cause is known, and what to do: the first line and the help are enough."""

import json
from random import Random
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reqlint import Linter, check
from reqlint.dialects.registry import DIALECT_NAMES
from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.key_places import key_places, place_for
from reqlint.text.trusted_yaml import load_yaml
from tests.conftest import ROOT
from tests.support.planted import by_form, by_name, find_leaks

# ruff: noqa: E501 - tables, read at a glance

WORDS = load_yaml(ROOT / "schemas/neighbours.yaml")["words"]
HELLO: dict[str, Any] = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}
CLAUDE = {"model": "claude-haiku-4-5", "max_tokens": 20, "messages": [{"role": "user", "content": "Hi"}]}


def chat(*parts: object, model: str = "gpt-4o", **message: object) -> dict[str, Any]:
    """Return a request whose message of the user has these parts and members."""
    return {"model": model, "messages": [{"role": "user", "content": [*parts] or "Hi", **message}]}


def calling(arguments: object, model: str = "gpt-4o") -> dict[str, Any]:
    """Return a chat request with a call of these arguments, and its answer."""
    call = {"id": "call_a", "type": "function", "function": {"name": "now", "arguments": arguments}}
    answer = {"role": "tool", "tool_call_id": "call_a", "content": "12:00"}
    return {"model": model, "messages": [HELLO["messages"][0], {"role": "assistant", "tool_calls": [call]}, answer]}


PART = "/messages/0/content/0/type"
SAID: list[tuple[str, dict[str, Any], str, str, str]] = [
    # words of other APIs, in each wire shape
    ("dashscope", chat({"type": "audio_url"}, model="qwen-omni-turbo"), PART,
     'content part type is "audio_url", a word of vLLM; here it is "input_audio"', 'write "input_audio"'),
    ("openai", chat({"type": "reasoning"}), PART,
     'content part type is "reasoning", a word of OpenAI\'s Responses API; this API has none',
     "leave it out, as thoughts of another API cannot be passed on"),
    ("openai", chat({"type": "tool_use"}), PART,
     'content part type is "tool_use", a word of Anthropic\'s Messages API; this API has none',
     "write the call under tool_calls of an assistant message"),
    ("openai", {**HELLO, "tools": [{"type": "web_search"}]}, "/tools/0/type",
     'type is "web_search", a word of OpenAI\'s Responses API; this API has none',
     "send the request to the Responses API, or ask a search model, with web_search_options in place of the tool"),
    ("openai", {**HELLO, "tools": [{"type": "mcp", "server_url": "https://example.com"}]}, "/tools/0/type",
     'type is "mcp", a word of OpenAI\'s Responses API; this API has none',
     "send the request to the Responses API, or offer the server's tools as functions"),
    ("openai", {"model": "gpt-4o", "messages": [{"role": "human", "content": "Hi"}]}, "/messages/0/role",
     'role is "human"; here it is "user"', 'write "user"'),
    ("openai", {**HELLO, "response_format": {"type": "json"}}, "/response_format/type",
     'response_format.type is "json"; here it is "json_object"', 'write "json_object"'),
    ("openai-responses", {"model": "gpt-4.1", "input": [{"type": "tool_result", "content": "x"}]}, "/input/0/type",
     'type is "tool_result", a word of Anthropic\'s Messages API; here it is "function_call_output"', 'write "function_call_output"'),
    ("anthropic", {**CLAUDE, "messages": [{"role": "model", "content": "Hi"}]}, "/messages/0/role",
     'role is "model", a word of Google\'s generateContent API; here it is "assistant"', 'write "assistant"'),
    ("anthropic", {**CLAUDE, "messages": [{"role": "user", "content": [{"type": "function_call_output"}]}]}, PART,
     'content part type is "function_call_output", a word of OpenAI\'s Responses API; here it is "tool_result"', 'write "tool_result"'),
    ("gemini", {"contents": [{"role": "human", "parts": [{"text": "Hi"}]}]}, "/contents/0/role",
     'role is "human"; here it is "user"', 'write "user"'),
    ("bedrock-converse", {"messages": [{"role": "bot", "content": [{"text": "Hi"}]}]}, "/messages/0/role",
     'role is "bot"; here it is "assistant"', 'write "assistant"'),
    # keys in a wrong place
    ("dashscope", chat(cache_control={"type": "ephemeral"}, model="qwen-plus"), "/messages/0/cache_control",
     "unknown field cache_control; its place is a part in messages[0].content", "move cache_control to a part in messages[0].content"),
    ("openai", {**HELLO, "tools": [{"type": "function", "strict": True, "function": {"name": "now", "description": "d"}}]}, "/tools/0/strict",
     "unknown field strict; its place is tools[0].function", "move strict to tools[0].function"),
    ("openai", {**HELLO, "response_format": {"type": "json_schema", "json_schema": {"name": "a"}, "schema": {}}}, "/response_format/schema",
     "unknown field schema; its place is response_format.json_schema", "move schema to response_format.json_schema"),
    ("openai", chat(temperature=1), "/messages/0/temperature",
     "unknown field temperature; its place is the top level", "move temperature to the top level"),
    ("openai", chat(tool_call_id="call_a"), "/messages/0/tool_call_id",
     'unknown field tool_call_id; its place is a message with role "tool"', 'move tool_call_id to a message with role "tool"'),
    ("openai", {**HELLO, "include_usage": True}, "/include_usage",
     "unknown field include_usage; its place is stream_options", "move include_usage to stream_options"),
    ("anthropic", {**CLAUDE, "budget_tokens": 2000}, "/budget_tokens",
     "unknown field budget_tokens; its place is thinking", "move budget_tokens to thinking"),
    ("openai-responses", {"model": "gpt-5.1", "input": "Hi", "effort": "low"}, "/effort",
     "unknown field effort; its place is reasoning", "move effort to reasoning"),
    ("gemini", {"contents": [{"role": "user", "parts": [{"text": "Hi"}]}], "thinkingBudget": 0}, "/thinkingBudget",
     "unknown field thinkingBudget; its place is generationConfig.thinkingConfig", "move thinkingBudget to generationConfig.thinkingConfig"),
    ("openai", {**HELLO, "options": {"temperature": 1}}, "/options",
     "unknown field options; it is a field of Ollama's own API; here it is its members at the top level", "use its members at the top level in its place"),
    ("openai", {**HELLO, "frobnicate": 5}, "/frobnicate", "unknown field frobnicate", "leave it out, or check how it is spelled"),
    ("openai", {**HELLO, "streem": True}, "/streem", "unknown field streem; did you mean stream?", "rename it to stream"),
    # a value in another form than is wanted
    ("dashscope", calling({"zone": "UTC"}, "qwen-plus"), "/messages/1/tool_calls/0/function/arguments",
     "arguments is an object; this API takes JSON in a string", 'serialise it: write the object as the text of a string, such as "{}"'),
    ("bedrock-converse", {"messages": [{"role": "user", "content": [{"text": "Hi"}]}, {"role": "assistant", "content": [{"toolUse": {"toolUseId": "a", "name": "now", "input": "{}"}}]}]},
     "/messages/1/content/0/toolUse/input", "input is JSON in a string; this API takes the object itself", "write the object itself, without quotes around it"),
    ("anthropic", {**CLAUDE, "messages": [{"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_a", "name": "now", "input": '{"zone": "UTC"}'}]}]},
     "/messages/0/content/0/input", "input is JSON in a string; this API takes an object", "write the object itself, without quotes around it"),
    ("openai", {**HELLO, "stream": "true"}, "/stream", "stream is true or false in quotes; this API takes true, false or null", "write it without quotes"),
    ("openai", {**HELLO, "n": "1"}, "/n", "n is a number in quotes; this API takes an integer or null", "write it without quotes"),
    ("openai", {**HELLO, "tools": {"type": "function"}}, "/tools", "tools is an object; this API takes an array or null", "put it into an array, also if it is the only item"),
    ("openai", {**HELLO, "user": 5}, "/user", "user is 5; this API takes a string or null", "put the number in quotes"),
    ("gptproto-qwen", {"model": "qwen-plus", "messages": [{"role": "user", "content": None}]}, "/messages/0/content",
     "content is null; this message needs a string or an array", "write the text, or an empty string if there is none"),
    ("openai", {**HELLO, "temperature": 3}, "/temperature", "temperature is 3; this API takes from 0 to 2", "use a value from 0 to 2"),
    ("openai", {**HELLO, "tools": [{"type": "function", "function": {"name": "now", "description": "d", "parameters": {"type": "object", "properties": {"a": {"$ref": "#/$defs/City"}}}}}]},
     "/tools/0/function/parameters/properties/a/$ref", '$ref is "#/$defs/City", and the schema has no $defs/City',
     "add $defs/City to the schema, or write what it holds in place of the reference"),
]  # fmt: skip


@pytest.mark.parametrize(("profile", "request_", "pointer", "message", "advice"), SAID)
def test_a_message_says_what_is_wrong_and_its_help_what_to_do(
    profile: str, request_: dict[str, Any], pointer: str, message: str, advice: str
) -> None:
    """One finding at the place names what is there and what was wanted, and the help line is the edit."""
    found = [(each.message, each.help) for each in check(request_, profile) if each.pointer == pointer]
    assert found == [(message, advice)]


def test_at_most_two_profiles_are_named() -> None:
    """A field that many APIs take names two of them, and so does a word that other profiles take."""
    takers = [name for name in shipped().profiles_with_field("top_k", "openai-chat") if name != "openai-compatible"]
    [found] = check({**HELLO, "top_k": 5}, "openai")
    listed = f"profiles {takers[0]} and {takers[1]} among others"
    assert found.message == f"unknown field top_k; it is a field of {listed}"
    [found] = check({"model": "deepseek-chat", "messages": [{"role": "developer", "content": "Hi"}] * 2}, "deepseek")[
        :1
    ]
    assert str(found.help).count('"') <= 4


def test_every_rule_has_help() -> None:
    """Each rule says what to do, but one whose only message says it."""
    without = {rule.id for rule in shipped().rules.values() if not rule.help}
    assert without == {"invalid-json", "contradicted-by-recording", "unmet-expectation"} & without
    assert len(without) <= 1


def test_the_words_of_other_apis_satisfy_their_schema() -> None:
    """Every owner and every profile that the table names exists."""
    table = load_yaml(ROOT / "schemas/neighbours.yaml")
    schema = json.loads((ROOT / "schemas/meta/neighbours.json").read_text("utf-8"))
    loaded = json.loads(json.dumps(table, default=str))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(loaded)] == []
    for words in WORDS.values():
        for word, entry in words.items():
            assert "owner" not in entry or entry["owner"] in table["owners"], word
            named = {*entry.get("here", {}), *entry.get("do", {})}
            assert named <= {*shipped().profile_names, *DIALECT_NAMES, "*"}, word


def test_every_recommended_word_is_documented() -> None:
    """A word that is recommended for an API is one that a profile of its wire shape takes at that kind of place."""
    for kind, words in WORDS.items():
        key = "role" if kind == "role" else "type"
        for word, entry in words.items():
            for where, equivalent in entry.get("here", {}).items():
                dialect = where if where in DIALECT_NAMES else "openai-chat"
                known = shipped().documented_words(
                    shipped().profile(where).dialect if where in shipped().profile_names else dialect
                )
                assert equivalent in known.get(key, {}), (kind, word, where)


@pytest.mark.parametrize("profile", shipped().profile_names)
def test_a_key_is_sent_only_where_the_api_takes_it(profile: str) -> None:
    """A key that stands where the profile takes it has no other place, and each place of a key is found from the root."""
    places = key_places(shipped().profile(profile).schema)
    assert places
    for key, known in places.items():
        for each in known:
            if not each.owner and len(known) == 1:
                assert place_for(key, ("messages", 0), places) == "the top level", key


@pytest.mark.parametrize("profile", ["openai", "anthropic", "gemini", "bedrock-converse", "openai-responses"])
def test_no_credential_is_shown_as_a_name(profile: str) -> None:
    """A made-up key as role, type, name of a tool, id, reference or word of a list is in no message, help or note."""
    random = Random(17)  # noqa: S311 - the same in every run, so that a failure can be repeated
    linter = Linter(profile)
    formed = [*by_form(random)][::5]
    for secret in [*formed, *by_name(random)]:
        text = secret.text
        # Where two places must agree, both are shown, and one without a form of credentials is taken for an id.
        name, call_id = (text, text) if secret in formed else ("now", "call_a")
        call = {"id": call_id, "type": text, "function": {"name": name, "arguments": {}}}
        schema = {
            "type": text,
            "properties": {"a": {"$ref": f"#/$defs/{text}"}, "b": text, "c": {"type": "string", "format": text}},
        }
        turns = [
            {"role": text, "content": "Hi", "parts": [{"text": "Hi"}]},
            {"role": "user", "content": [{"type": text}]},
            {
                "role": "assistant",
                "tool_calls": [call],
                "content": [{"type": "tool_use", "id": call_id, "name": name, "input": text}],
            },
            {"role": "tool", "tool_call_id": f"{call_id}-", "content": "Hi"},
        ]
        function = {"name": name, "parameters": schema}
        request = {
            "model": "gpt-4o",
            "messages": turns,
            "contents": turns,
            "input": turns,
            "tools": [{"type": text, "name": name, "function": function, "parameters": schema, "input_schema": schema}]
            * 2,
            "tool_choice": {"type": "function", "function": {"name": f"{name}-x"}, "name": name},
            "response_format": {"type": text},
            "reasoning_effort": text,
            "service_tier": text,
        }
        found = linter.check(request)
        assert found
        written = "\n".join(f"{each.message} {each.help} {each.note}" for each in found)
        assert find_leaks([secret], written) == {}, secret.kind
