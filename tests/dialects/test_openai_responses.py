"""The Responses API: its views, what is a request of it, and the same findings in every form it is written in."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reqlint import Linter, Report
from reqlint.core.findings import Finding
from reqlint.dialects.openai_responses import DIALECT
from reqlint.dialects.registry import certainly_a_request, dialect_of, looks_like_request, stranger_of
from reqlint.fixes.apply import apply_fixes, discard
from reqlint.run.one_request import linter_for
from reqlint.text.sources import Source

URL = "https://api.openai.com/v1/responses"
PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}}
PLAIN = {"type": "text"}
NOW = {"type": "function", "name": "weather"}
PICTURE = "https://a.example/b.png"
CALL = {"type": "function_call", "call_id": "call_1", "name": "weather", "arguments": '{"city": "Oslo"}'}
OUTPUT = {"type": "function_call_output", "call_id": "call_1", "output": "Rain."}
QUESTION = {"role": "user", "content": "Will it rain in Oslo?"}
REQUEST: dict[str, Any] = {
    "model": "gpt-5.4",
    "instructions": "Be brief.",
    "tools": [
        {"type": "function", "name": "weather", "description": "Tell the weather.", "parameters": PARAMETERS},
        {"type": "web_search"},
        {"type": "custom", "name": "note"},
        {
            "type": "namespace",
            "name": "trips",
            "description": "Trips.",
            "tools": [{"type": "function", "name": "book"}],
        },
        {"type": "mcp", "server_label": "maps", "server_url": "https://maps.example.com/mcp"},
    ],
    "tool_choice": {
        "type": "allowed_tools",
        "mode": "auto",
        "tools": [{"type": "function", "name": "weather"}, {"type": "web_search_preview"}],
    },
    "text": {"format": {"type": "json_schema", "name": "a", "strict": True, "schema": {"type": "object"}}},
    "input": [
        QUESTION,
        CALL,
        {"type": "custom_tool_call", "call_id": "call_2", "name": "note", "input": "Oslo"},
        {"type": "custom_tool_call_output", "call_id": "call_2", "output": "kept"},
        {"role": "assistant", "content": [{"type": "output_text", "text": "A moment."}]},
        OUTPUT,
    ],
}


def said(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"input": [{"role": "user", "content": [*parts]}]}


def test_every_view_yields_the_wire_s_own_places() -> None:
    """Tools, choices, calls, results, parts and names are found where they stand."""
    assert [(tool.name, tool.name_place, tool.parameters_place) for tool in DIALECT.tools(REQUEST)] == [
        ("weather", ("tools", 0, "name"), ("tools", 0, "parameters")),
        (None, ("tools", 3, "tools", 0, "name"), ("tools", 3, "tools", 0, "parameters")),
    ]
    assert [*DIALECT.chosen(REQUEST)] == [
        ("function", "weather", ("tool_choice", "tools", 0, "name")),
        ("hosted", "web_search_preview", ("tool_choice", "tools", 1, "type")),
    ]
    declared = DIALECT.declared(REQUEST)
    assert declared is not None
    assert {("function", "weather"), ("custom", "note"), ("function", "book"), ("mcp", "maps")} < declared
    assert ("hosted", "web_search_preview") in declared  # another name of what is offered
    assert [(each.calls[0].id, [result.id_place for result in each.results]) for each in DIALECT.rounds(REQUEST)] == [
        ("call_1", [("input", 5, "call_id")]),
        ("call_2", [("input", 3, "call_id")]),
    ]
    assert [part.place for part in DIALECT.parts(REQUEST)] == [("input", 4, "content", 0)]
    assert [*DIALECT.texts(REQUEST)][:2] == ["Rain.", "A moment."]
    assert {name for _, name in DIALECT.names(REQUEST)} == {"weather", "note", "book"}
    assert [place for place, _ in DIALECT.strict_answers(REQUEST)] == [("text", "format", "schema")]
    assert DIALECT.model(REQUEST) == "gpt-5.4"
    assert DIALECT.first_words(REQUEST) == ["Will it rain in Oslo?"]
    assert DIALECT.first_words({"input": "Hi"}) == "Hi"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "function", "message", "required", "call_1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "role",
                    "content",
                    "call_id",
                    "id",
                    "name",
                    "tools",
                    "output",
                    "format",
                    "image_url",
                    "summary",
                ]
            ),
            inner
            | st.sampled_from(
                ["function_call", "function_call_output", "reasoning", "namespace", "input_image", "input_file", "user"]
            ),
            max_size=5,
        )
    ),
    max_leaves=12,
)
KEYS = ("input", "tools", "tool_choice", "text", "model", "reasoning", "include", "store", "prompt", "conversation")
VIEWS: tuple[Callable[[Any], Any], ...] = (
    DIALECT.turns, DIALECT.rounds, DIALECT.parts, DIALECT.texts, DIALECT.tools, DIALECT.chosen,
    DIALECT.strict_answers, DIALECT.names,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(KEYS), VALUES))
def test_no_view_and_no_check_raises(request: dict[str, Any]) -> None:
    """Whatever stands under the keys of a request, views leave it out, proofs say no, and checks do not fail."""
    for view in VIEWS:
        list(view(request))
    for turn in DIALECT.turns(request):
        list(DIALECT.calls(turn))
    for proof in DIALECT.proofs.values():
        assert proof(request) in (True, False)
    assert DIALECT.declared(request) is None or DIALECT.json_mode(request) in (None, ("text", "format", "type"))
    assert DIALECT.is_certain(request, ()) in (True, False)
    linter_for("openai-responses").check(request)


# --------------------------------------------------------------------------------------------------------- recognition

REQUESTS: list[dict[str, Any]] = [
    REQUEST,
    {"model": "gpt-5.4", "input": "Hi"},
    {"model": "my-deployment", "input": "Hi", "max_output_tokens": 100},
    {"model": "gpt-5.4", "prompt": {"id": "pmpt_1", "version": "2"}},
    {"model": "any", "input": [QUESTION]},
    {"input": [QUESTION, CALL, OUTPUT], "stream": True},
    {"model": "o3", "previous_response_id": "resp_1", "input": [OUTPUT]},
]
STRANGERS: list[dict[str, Any]] = [
    {"model": "text-embedding-3-small", "input": "Hi"},
    {"model": "omni-moderation-latest", "input": "Hi"},
    {"model": "tts-1", "input": "Hi", "voice": "alloy"},
    {"model": "whisper-large", "input": "speech.wav", "epochs": 3},
    {"input": "2+2", "output": "4", "instructions": "Add."},
    {"input": [QUESTION], "ideal": "No."},
    {"id": "resp_1", "object": "response", "model": "gpt-5.4", "output": [], "instructions": None},
    {"input": {"messages": [QUESTION]}, "model": "qwen-plus"},
]


@pytest.mark.parametrize("request_", REQUESTS)
def test_a_request_is_known(request_: dict[str, Any]) -> None:
    """A request is known by its own marks, and is judged by this profile when none is named."""
    assert looks_like_request(request_)
    assert dialect_of(request_) == "openai-responses"
    report = Linter().check_text(json.dumps(request_), "a.json")
    assert [profile for profile, _, _ in report.judged_by] == ["openai-responses"]


@pytest.mark.parametrize("value", STRANGERS)
def test_what_has_an_input_and_is_no_request_is_none(value: dict[str, Any]) -> None:
    """Requests for embeddings, speech and moderation, data sets and answers are no requests of this API."""
    assert not looks_like_request(value) or dialect_of(value) != "openai-responses"
    stranger = stranger_of(value)
    assert stranger is None or stranger.dialect != "openai-responses"
    assert not certainly_a_request(value, DIALECT)


@pytest.mark.parametrize(
    "change",
    [
        {"output": []},
        {"usage": {}},
        {"object": "response"},
        {"created_at": 1},
        {"model": "text-embedding-3-large"},
        {"title": "Weather"},
        {"input": ["Hi"]},
        {"input": [{"type": "tool_use", "id": "t", "name": "weather", "input": {}}]},
        {"input": [{"role": "model", "parts": []}]},
        said({"type": "tool_result"}),
        {"input": [{**QUESTION, "timestamp": 1}]},
    ],
)
def test_one_mark_of_something_else_is_enough_to_leave_a_value_alone(change: dict[str, Any]) -> None:
    """A request is edited only if no key, type or role in it is of anything else."""
    assert certainly_a_request(REQUEST, DIALECT)
    assert not certainly_a_request({**REQUEST, **change}, DIALECT)


# ------------------------------------------------------------------------------------------------------------- pairing


def found(request: dict[str, Any]) -> list[tuple[str, str]]:
    return [(finding.rule, finding.pointer) for finding in linter_for("openai-responses").check(request)]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([QUESTION, CALL, QUESTION, OUTPUT], []),  # far apart
        ([QUESTION, OUTPUT, CALL], []),  # in which order they may come is not known
        ([QUESTION, CALL], [("unanswered-tool-call", "/input/1")]),
        ([QUESTION, OUTPUT], [("orphan-tool-result", "/input/1/call_id")]),
        ([QUESTION, CALL, {**OUTPUT, "call_id": "call_9"}], [("orphan-tool-result", "/input/2/call_id")]),
        ([QUESTION, CALL, OUTPUT, {**OUTPUT, "call_id": "c"}], [("orphan-tool-result", "/input/3/call_id")]),
        ([QUESTION, {"type": "item_reference", "id": "fc_1"}, OUTPUT], []),
        ([QUESTION, {"type": "compaction", "encrypted_content": "c2VhbGVk"}, OUTPUT], []),
        ([QUESTION, {"type": "local_shell_call", "id": "lsh_1", "call_id": "call_1"}, OUTPUT], []),
        ([QUESTION, {**CALL, "async": True}], []),
    ],
)
def test_calls_and_outputs_are_paired_wherever_they_stand(items: list[Any], expected: list[Any]) -> None:
    """Every call has an output somewhere, every output a call; what only the server can know is not judged."""
    assert found({"model": "gpt-5.4", "input": items}) == expected


@pytest.mark.parametrize("stored", [{"previous_response_id": "resp_1"}, {"conversation": {"id": "conv_1"}}])
def test_a_call_may_be_stored(stored: dict[str, Any]) -> None:
    """An output without a call is right where the request continues an answer that the server has."""
    assert found({"model": "gpt-5.4", **stored, "input": [OUTPUT]}) == []
    assert found({"model": "gpt-5.4", **stored, "input": [CALL]}) == [("unanswered-tool-call", "/input/0")]


# ----------------------------------------------------------------------------------------- one finding, however written

WRONG: dict[str, Any] = {
    "model": "gpt-5.4",
    "input": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}],
    "max_tokens": 100,
    "tools": [{"type": "function", "function": {"name": "weather", "parameters": PARAMETERS}}],
    "stream": "true",
}
EXPECTED = [
    ("chat-part-in-responses", "/input/0/content/0/type"),
    ("chat-parameter", "/max_tokens"),
    ("nested-tool", "/tools/0"),
    ("wrong-type", "/stream"),
]
RIGHT: dict[str, Any] = {
    "model": "gpt-5.4",
    "input": [{"role": "user", "content": [{"type": "input_text", "text": "Hi"}]}],
    "max_output_tokens": 100,
    "tools": [{"type": "function", "name": "weather", "parameters": PARAMETERS}],
    "stream": True,
}
POST = {"method": "POST", "uri": URL, "url": URL}
WRITTEN: dict[str, tuple[str, str, str]] = {
    "json": ("a.json", json.dumps(WRONG, indent=2), ""),
    "yaml": ("a.yaml", yaml.safe_dump(WRONG, sort_keys=False), ""),
    "batch line": (
        "a.jsonl",
        json.dumps({"custom_id": "a", "method": "POST", "url": "/v1/responses", "body": WRONG}) + "\n",
        "/body",
    ),
    "cassette": (
        "a.yaml",
        yaml.safe_dump(
            {
                "interactions": [
                    {
                        "request": {**POST, "body": json.dumps(WRONG)},
                        "response": {"status": {"code": 400}, "body": {"string": "{}"}},
                    }
                ]
            }
        ),
        "/interactions/0/request/body",
    ),
    "HAR": (
        "a.har",
        json.dumps(
            {
                "log": {
                    "entries": [
                        {"request": {**POST, "postData": {"text": json.dumps(WRONG)}}, "response": {"status": 400}}
                    ]
                }
            }
        ),
        "/log/entries/0/request/postData/text",
    ),
}


def shown(report: Report | tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(finding.rule, finding.pointer) for finding in report]


@pytest.mark.parametrize("form", WRITTEN)
def test_a_request_has_the_same_findings_in_every_form(form: str) -> None:
    """A dict, JSON, YAML, a batch line and recordings of the same request have the same findings at their places."""
    assert shown(tuple(Linter().check(WRONG))) == EXPECTED
    name, text, base = WRITTEN[form]
    report = Linter().check_text(text, name)
    of_request = [
        (rule, pointer) for rule, pointer in shown(report) if pointer.startswith(f"{base}/") and rule != "blank-line"
    ]
    assert of_request == [(rule, base + pointer) for rule, pointer in EXPECTED]
    assert all(finding.region for finding in report)


def fixed(value: object, name: str, text: str) -> tuple[object, int]:
    """Return the value of a text after its safe fixes, and how many there were."""
    source = Source(name, None, text.encode())
    linter = Linter()
    repair = apply_fixes(source, linter.check_source)
    after = repair.source.read()
    discard(repair, source)
    assert value is not None
    return (yaml.safe_load(after) if name.endswith("yaml") else json.loads(after)), len(repair.fixed)


@pytest.mark.parametrize("form", ["json", "yaml", "batch line"])
def test_what_moved_is_moved(form: str) -> None:
    """Fixes turn what Chat Completions has into what this API has, also in a line of a batch file."""
    name, text, base = WRITTEN[form]
    after, count = fixed(WRONG, name, text)
    assert count == len(EXPECTED)
    assert isinstance(after, dict)
    assert (after["body"] if base else after) == RIGHT


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"reasoning_effort": "low"}, {"reasoning": {"effort": "low"}}),
        (
            {"reasoning": {"summary": "auto"}, "reasoning_effort": "low"},
            {"reasoning": {"summary": "auto", "effort": "low"}},
        ),
        ({"text": {"format": PLAIN}, "verbosity": "low"}, {"text": {"format": PLAIN, "verbosity": "low"}}),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": PARAMETERS}}},
            {"text": {"format": {"type": "json_schema", "name": "a", "schema": PARAMETERS}}},
        ),
        (
            {"tools": [NOW], "tool_choice": {"type": "function", "function": {"name": "weather"}}},
            {"tools": [NOW], "tool_choice": NOW},
        ),
        (
            {"input": [QUESTION, CALL, {"role": "tool", "tool_call_id": "call_1", "content": "Rain."}]},
            {"input": [QUESTION, CALL, {"type": "function_call_output", "call_id": "call_1", "output": "Rain."}]},
        ),
        (
            said({"type": "image_url", "image_url": {"url": PICTURE}}),
            said({"type": "input_image", "image_url": PICTURE}),
        ),
        (
            said({"type": "file", "file": {"file_id": "file-1"}}),
            said({"type": "input_file", "file_id": "file-1"}),
        ),
        (
            said({"type": "input_image", "image_url": {"url": PICTURE, "detail": "low"}}),
            said({"type": "input_image", "image_url": PICTURE, "detail": "low"}),
        ),
        # what would lose something stays: both limits, an effort that is there, a part with more in it
        ({"max_tokens": 100, "max_output_tokens": 50}, None),
        ({"max_tokens": 5}, None),
        ({"reasoning": {"effort": "high"}, "reasoning_effort": "low"}, None),
        (said({"type": "text", "text": "Hi", "title": "a"}), None),
        ({"response_format": {"type": "json_object"}, "text": {"format": {"type": "text"}}}, None),
    ],
)  # fmt: skip
def test_a_form_of_chat_is_rewritten(before: dict[str, Any], after: dict[str, Any] | None) -> None:
    """Each form of Chat Completions becomes that of this API, or stays where something would be lost."""
    request = {"model": "gpt-5.4", "input": "Say it in JSON.", "include": []}
    text = json.dumps({**request, **before})
    value, count = fixed(before, "a.json", text)
    assert value == {**request, **(before if after is None else after)}
    assert (count > 0) is (after is not None)


def test_a_finding_can_be_silenced_and_keeps_its_fingerprint() -> None:
    """A comment in YAML silences a finding, and another request before it does not change its fingerprint."""
    line = "max_tokens: 100  # reqlint: ignore[chat-parameter] the gateway renames it\n"
    report = Linter().check_text(f"model: gpt-5.4\ninput: Hi\ninstructions: Be brief.\n{line}", "a.yaml")
    assert [finding.rule for finding in report if not finding.suppressed] == []
    [first] = Linter().check_text(json.dumps({"model": "gpt-5.4", "input": "Hi", "max_tokens": 9}), "a.json")
    [again] = Linter().check_text(json.dumps({"model": "gpt-5.4", "max_tokens": 9, "input": "Hi"}, indent=4), "a.json")
    assert first.fingerprint == again.fingerprint


def test_a_recorded_answer_is_read() -> None:
    """An answer of this API says that its request was taken, and a failed one says nothing of it."""
    wrong = {"model": "gpt-5.4", "input": "Hi", "max_output_tokens": 3}
    for status, expected in (
        ("completed", ["out-of-range", "contradicted-by-recording"]),
        ("failed", ["out-of-range"]),
    ):
        answer = {"id": "resp_1", "object": "response", "status": status, "output": []}
        text = json.dumps({"request": wrong, "response": answer})
        assert [finding.rule for finding in Linter().check_text(text, "a.json")] == expected


def test_the_parameter_of_a_recorded_error_is_read() -> None:
    """A refusal that no finding explains names the parameter as the server does, with indices in brackets."""
    error = {
        "message": "no",
        "type": "invalid_request_error",
        "param": "input[0].content[0].type",
        "code": "invalid_value",
    }
    exchange = {
        "request": {**POST, "body": {"model": "gpt-5.4", "input": "Hi"}},
        "response": {"status": 400, "body": {"error": error}},
    }
    [finding] = Linter().check_text(json.dumps({"interactions": [exchange]}), "a.json")
    assert finding.rule == "unexplained-refusal"
    assert "input[0].content[0].type" in finding.message
