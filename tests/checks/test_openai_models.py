"""What OpenAI's models take, by made-up lists for each check and by the shipped ones for whole requests."""

from typing import Any

import pytest

from reqlint.checks.thinking import Thinking, thinks
from reqlint.core.findings import Hit, Link, Part, Severity
from reqlint.run.one_request import linter_for
from tests.support.checking import hits

KEY, WARNING = Part.KEY, Severity.WARNING
WHEN = [
    {"models": ["o"], "when": "always"},
    {"models": ["pro"], "when": "always", "status": "inferred"},
    {"models": ["five"], "when": "if-asked"},
    {"models": ["six"], "when": "by-default"},
    {"models": ["seven"], "when": "by-default", "status": "inferred"},
]
NEVER = [{"models": ["chat"]}, {"models": ["old"], "status": "inferred"}]
FACTS = {"thinking": {"value": WHEN}}
SURE, UNSURE = (None, "effort"), (WARNING, "effort")


@pytest.mark.parametrize(
    ("model", "effort", "expected"),
    [
        ("chat", "high", None),
        ("o", None, ("always thinks", None, None)),
        ("o", "none", ("always thinks", None, None)),
        ("pro", "low", ("always thinks", WARNING, None)),
        ("five", None, None),
        ("five", "none", None),
        ("five", "low", ("thinks with this effort", *SURE)),
        ("five", 1, None),
        ("six", None, ("thinks unless effort is none", *SURE)),
        ("six", "none", None),
        ("six", "max", ("thinks with this effort", *SURE)),
        ("seven", None, ("thinks unless effort is none", *UNSURE)),
        ("seven", "low", ("thinks with this effort", *SURE)),
        ("another", "high", None),
        (None, "high", None),
        (["o"], "high", None),
    ],
)
def test_when_a_model_thinks(model: object, effort: object, expected: tuple[Any, ...] | None) -> None:
    """Some models always think, some with an effort, some without; what is inferred warns unless it was asked for."""
    assert thinks(model, effort, FACTS, "effort") == (Thinking(*expected) if expected else None)
    assert thinks(model, effort, {}, "effort") is None


def by_rule(rule: str, request: dict[str, Any], **facts: Any) -> list[Hit]:
    """Return the hits of a rule with the list of when models think, and that without any list there are none."""
    assert hits(rule, request) == []
    return hits(rule, request, thinking=WHEN, never_think=NEVER, **facts)


def test_a_temperature_while_the_model_thinks() -> None:
    """Any temperature but 1 is a hit at its value, with the way out where there is one."""
    rule = "temperature-on-reasoning-model"
    always = {"model": "o", "because": "always thinks"}
    assert by_rule(rule, {"model": "o", "temperature": 0.5}) == [Hit(("temperature",), facts={"value": 0.5, **always})]
    by_default = {"model": "seven", "because": "thinks unless reasoning_effort is none", "param": "reasoning_effort"}
    found = by_rule(rule, {"model": "seven", "temperature": 0})
    assert found == [Hit(("temperature",), facts={"value": 0, **by_default}, severity=WARNING)]
    for asked in ({"temperature": 1}, {"temperature": None}, {"temperature": 0, "reasoning_effort": "none"}):
        assert by_rule(rule, {"model": "six", **asked}) == []


def test_sampling_while_the_model_thinks() -> None:
    """Each parameter that is not its default is a hit; a penalty only warns unless its refusal was seen."""
    asked = {"model": "o", "top_p": 0, "presence_penalty": 1, "frequency_penalty": 0}
    shown = {"model": "o", "because": "always thinks"}
    top_p = Hit(("top_p",), facts={"name": "top_p", "value": 0, "only": 1, **shown})
    penalty = {"name": "presence_penalty", "value": 1, "only": 0, **shown}
    unsure = Hit(("presence_penalty",), facts=penalty, severity=WARNING)
    assert by_rule("sampling-on-reasoning-model", asked) == [top_p, unsure]
    seen = by_rule("sampling-on-reasoning-model", asked, penalties_refused_by={"models": ["o"]})
    assert seen == [top_p, Hit(("presence_penalty",), facts=penalty)]
    assert by_rule("sampling-on-reasoning-model", {**asked, "model": "five"}) == []


def test_logprobs_while_the_model_thinks() -> None:
    """Only true asks for them."""
    shown = {"model": "six", "because": "thinks with this reasoning_effort", "param": "reasoning_effort"}
    asked = {"model": "six", "reasoning_effort": "low", "logprobs": True}
    assert by_rule("logprobs-on-reasoning-model", asked) == [Hit(("logprobs",), KEY, shown)]
    for value in (False, None, 1):
        assert by_rule("logprobs-on-reasoning-model", {**asked, "logprobs": value}) == []


@pytest.mark.parametrize(("model", "severity"), [("chat", None), ("old", WARNING)])
def test_an_effort_for_a_model_that_never_thinks(model: str, severity: Severity | None) -> None:
    """Every word is a hit, also none; null is not."""
    for effort in ("none", "high", 1):
        found = by_rule("effort-on-plain-model", {"model": model, "reasoning_effort": effort})
        assert found == [Hit(("reasoning_effort",), KEY, {"model": model}, severity=severity)]
    assert by_rule("effort-on-plain-model", {"model": model, "reasoning_effort": None}) == []
    assert by_rule("effort-on-plain-model", {"model": "six", "reasoning_effort": "low"}) == []


NOW = {"type": "function", "function": {"name": "now"}}
ROWS = [{"models": ["a"]}, {"models": ["b"], "status": "disputed"}]


@pytest.mark.parametrize(("model", "severity"), [("a", None), ("b", WARNING)])
def test_functions_beside_thoughts(model: str, severity: Severity | None) -> None:
    """An effort beside functions is a hit at the effort, and none at the tools; other tools and no effort are not."""
    asked = {"model": model, "tools": ["x", {"type": "custom"}, NOW]}
    link = Link(("tools", 2), "the first of the functions")
    at_effort = Hit(("reasoning_effort",), facts={"value": "low", "model": model}, related=(link,), severity=severity)
    with_effort = {**asked, "reasoning_effort": "low"}
    assert hits("effort-with-tools", with_effort, effort_with_tools_refused_by=ROWS) == [at_effort]
    at_tools = [Hit(("tools",), KEY, {"model": model}, severity=severity)]
    assert hits("tools-while-thinking", asked, tools_without_effort_refused_by=ROWS) == at_tools
    assert hits("tools-while-thinking", with_effort, tools_without_effort_refused_by=ROWS) == []
    for change in ({"reasoning_effort": "none"}, {"tools": []}, {"tools": [{"type": "custom"}]}, {"model": "c"}):
        assert hits("effort-with-tools", {**with_effort, **change}, effort_with_tools_refused_by=ROWS) == []
        assert hits("tools-while-thinking", {**asked, **change}, tools_without_effort_refused_by=ROWS) == []
    assert hits("effort-with-tools", {**with_effort, "tools": None}, effort_with_tools_refused_by=ROWS) == []


@pytest.mark.parametrize(("model", "severity"), [("a", None), ("b", WARNING)])
def test_options_of_a_search_for_a_model_that_does_not_search(model: str, severity: Severity | None) -> None:
    """They are a hit even if they are empty."""
    rule, expected = (
        "search-options-on-plain-model",
        Hit(("web_search_options",), KEY, {"model": model}, severity=severity),
    )
    for value in ({}, {"search_context_size": "low"}):
        assert hits(rule, {"model": model, "web_search_options": value}, search_options_refused_by=ROWS) == [expected]
    assert hits(rule, {"model": model, "web_search_options": None}, search_options_refused_by=ROWS) == []
    assert hits(rule, {"model": "c", "web_search_options": {}}, search_options_refused_by=ROWS) == []


def test_a_model_for_sound_wants_some() -> None:
    """Sound in a message, an earlier spoken answer, or a wish for one is enough."""
    rule = "audio-model-without-audio"
    heard = {"role": "user", "content": [{"type": "text"}, "x", {"type": "input_audio"}]}
    spoken = {"role": "assistant", "audio": {"id": "audio_1"}}
    silent = {
        "model": "a",
        "messages": [{"role": "user", "content": "Hi"}, {"role": "user", "content": [{"type": "text"}]}],
    }
    assert hits(rule, silent, wants_audio=ROWS) == [Hit(("model",), facts={"model": "a"})]
    assert hits(rule, {**silent, "modalities": ["text"]}, wants_audio=ROWS) == [Hit(("model",), facts={"model": "a"})]
    assert hits(rule, {**silent, "model": "b"}, wants_audio=ROWS)[0].severity is WARNING
    for messages in ([heard], [*silent["messages"], spoken]):
        assert hits(rule, {"model": "a", "messages": messages}, wants_audio=ROWS) == []
    assert hits(rule, {**silent, "modalities": ["text", "audio"]}, wants_audio=ROWS) == []
    assert hits(rule, {**silent, "model": "c"}, wants_audio=ROWS) == []


def test_a_limit_that_thoughts_use_up() -> None:
    """How much is too little depends on the effort; a model that does not think needs no room."""
    rows = [{"models": ["*"], "tokens": {"low": 200, "other": 1000}}]

    def found(**request: Any) -> list[Hit]:
        return hits("limit-eaten-by-thinking", request, thinking=WHEN, room_for_thoughts=rows)

    shown = {"name": "max_completion_tokens", "value": 999, "model": "o", "because": "always thinks", "expected": 1000}
    assert found(model="o", max_completion_tokens=999) == [Hit(("max_completion_tokens",), facts=shown)]
    [hit] = found(model="six", max_output_tokens=199, reasoning={"effort": "low"})
    assert (hit.place, hit.facts["because"]) == (("max_output_tokens",), "thinks with this reasoning.effort")
    for request in (
        {"model": "o", "max_completion_tokens": 1000},
        {"model": "o", "max_completion_tokens": 0},
        {"model": "o", "max_completion_tokens": True},
        {"model": "o", "max_completion_tokens": None},
        {"model": "six", "max_completion_tokens": 200, "reasoning_effort": "low"},
        {"model": "six", "max_completion_tokens": 5, "reasoning_effort": "none"},
        {"model": "five", "max_output_tokens": 5, "reasoning": "low"},
        {"model": "chat", "max_completion_tokens": 5},
        {"max_completion_tokens": 5},
    ):
        assert found(**request) == []
    assert hits("limit-eaten-by-thinking", {"model": "o", "max_completion_tokens": 5}, thinking=WHEN) == []


def test_a_number_above_that_of_the_model() -> None:
    """The limit itself is taken; what is no number is left to the schema."""
    rows = [
        {"models": ["a"], "most": {"n": 8, "top_logprobs": 5}},
        {"models": ["b"], "most": {"n": 8}, "status": "inferred"},
    ]
    shown = {"name": "n", "value": 9, "model": "a", "most": 8}
    asked = {"model": "a", "n": 9, "top_logprobs": 5}
    assert hits("number-above-that-of-model", asked, most_by_model=rows) == [Hit(("n",), facts=shown)]
    assert hits("number-above-that-of-model", {**asked, "model": "b"}, most_by_model=rows)[0].severity is WARNING
    for value in (8, True, "9", None):
        assert hits("number-above-that-of-model", {**asked, "n": value}, most_by_model=rows) == []
    assert hits("number-above-that-of-model", {**asked, "model": "c"}, most_by_model=rows) == []


def chat(model: str, **change: Any) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": "When does the ferry leave?"}], **change}


def asked(model: str, **change: Any) -> dict[str, Any]:
    return {"model": model, "input": "When does the ferry leave?", **change}


def errors(request: dict[str, Any], profile: str = "openai") -> list[tuple[str, str, str]]:
    """Return rule, place and severity of all findings but notes."""
    found = linter_for(profile).check(request)
    return [(each.rule, each.pointer, str(each.severity)) for each in found if each.severity is not Severity.NOTE]


ERROR, WARN = "error", "warning"
EFFORT, LIMIT, REFUSED = "value-of-other-models", "token-limit-above-that-of-model", "parameter-refused-by-model"
SAMPLING, SEARCH, TOOLS = "sampling-on-reasoning-model", "search-options-on-plain-model", "effort-with-tools"
PLAIN, NOT_FOR, EATEN = "effort-on-plain-model", "effort-not-for-model", "limit-eaten-by-thinking"
FAMILIES = [
    # efforts
    (chat("gpt-5-mini-2025-08-07", reasoning_effort="none"), EFFORT, "/reasoning_effort", ERROR),
    (chat("gpt-5.1-2025-11-13", reasoning_effort="xhigh"), EFFORT, "/reasoning_effort", ERROR),
    (chat("gpt-5.2", reasoning_effort="minimal"), EFFORT, "/reasoning_effort", ERROR),
    (chat("gpt-5.4-nano", reasoning_effort="max"), EFFORT, "/reasoning_effort", ERROR),
    (chat("gpt-5.6", reasoning_effort="max"), EFFORT, "/reasoning_effort", ERROR),
    (chat("gpt-6-astra", reasoning_effort="none"), EFFORT, "/reasoning_effort", ERROR),
    (chat("o3", reasoning_effort="minimal"), EFFORT, "/reasoning_effort", ERROR),
    (chat("gpt-5.2-chat-latest", reasoning_effort="high"), EFFORT, "/reasoning_effort", ERROR),
    (chat("gpt-5.3-chat-latest", reasoning_effort="high"), EFFORT, "/reasoning_effort", WARN),
    (chat("openai/gpt-4o-mini", reasoning_effort="low"), PLAIN, "/reasoning_effort", ERROR),
    (chat("ft:gpt-4.1-2025-04-14:acme::a1", reasoning_effort="low"), PLAIN, "/reasoning_effort", ERROR),
    (chat("gpt-3.5-turbo", reasoning_effort="low"), PLAIN, "/reasoning_effort", WARN),
    (chat("gpt-4o", verbosity="low"), EFFORT, "/verbosity", ERROR),
    (chat("gpt-4.1-nano", verbosity="high"), EFFORT, "/verbosity", ERROR),
    (chat("gpt-5-chat-latest", verbosity="high"), EFFORT, "/verbosity", ERROR),
    # functions
    (chat("gpt-5.4-mini", tools=[NOW], reasoning_effort="low"), TOOLS, "/reasoning_effort", WARNING),
    (chat("gpt-5.5-2026-04-23", tools=[NOW], reasoning_effort="high"), TOOLS, "/reasoning_effort", ERROR),
    (chat("gpt-5.6", tools=[NOW]), "tools-while-thinking", "/tools", ERROR),
    (chat("gpt-6-luna", tools=[NOW]), "tools-while-thinking", "/tools", WARN),
    # sampling
    (chat("gpt-5", top_p=0.9), SAMPLING, "/top_p", ERROR),
    (chat("gpt-5-nano", presence_penalty=0.5), SAMPLING, "/presence_penalty", ERROR),
    (chat("gpt-5.1", temperature=0, reasoning_effort="low"), "temperature-on-reasoning-model", "/temperature", ERROR),
    (chat("gpt-5.4", frequency_penalty=1, reasoning_effort="low"), SAMPLING, "/frequency_penalty", WARN),
    (chat("gpt-5.5", temperature=0), "temperature-on-reasoning-model", "/temperature", WARN),
    (chat("gpt-5.6-luna", temperature=0), "temperature-on-reasoning-model", "/temperature", ERROR),
    (chat("gpt-5-mini", logprobs=True), "logprobs-on-reasoning-model", "/logprobs", ERROR),
    (chat("gpt-4o-search-preview", presence_penalty=0), REFUSED, "/presence_penalty", ERROR),
    (chat("gpt-5-search-api", temperature=0.5), REFUSED, "/temperature", WARN),
    (chat("gpt-5.6-sol", logit_bias={"1": 1}), REFUSED, "/logit_bias", ERROR),
    (chat("gpt-5.6-sol", prediction={"type": "content", "content": "x"}), REFUSED, "/prediction", ERROR),
    (chat("o3", logit_bias={"1": 1}), REFUSED, "/logit_bias", WARN),
    (chat("gpt-5.6-terra", stop=["END"]), "stop-on-reasoning-model", "/stop", ERROR),
    (chat("gpt-5.4", stop="END"), "stop-on-reasoning-model", "/stop", WARN),
    (chat("gpt-4.1", web_search_options={}), SEARCH, "/web_search_options", ERROR),
    (chat("gpt-5", web_search_options={}), SEARCH, "/web_search_options", WARN),
    # limits
    (chat("gpt-5.1-chat-latest", max_tokens=9), "max-tokens-on-reasoning-model", "/max_tokens", ERROR),
    (chat("gpt-6-sol", max_tokens=9), "max-tokens-on-reasoning-model", "/max_tokens", ERROR),
    (chat("gpt-4o-mini", max_tokens=16385), LIMIT, "/max_tokens", ERROR),
    (chat("gpt-4o-2024-05-13", max_tokens=4097), LIMIT, "/max_tokens", ERROR),
    (chat("gpt-5.4", max_completion_tokens=128001), LIMIT, "/max_completion_tokens", ERROR),
    (chat("gpt-5.1-chat-latest", max_completion_tokens=16385), LIMIT, "/max_completion_tokens", WARN),
    (chat("gpt-5-nano", max_completion_tokens=500), EATEN, "/max_completion_tokens", WARN),
    (chat("gpt-5.6", n=9), "number-above-that-of-model", "/n", ERROR),
    (chat("gpt-5.5", n=9), "number-above-that-of-model", "/n", WARN),
    # endpoints
    (chat("gpt-5.1-codex-mini"), "responses-only-model", "/model", ERROR),
    (chat("text-embedding-3-small"), "model-of-other-endpoint", "/model", ERROR),
    (chat("gpt-4o-mini-transcribe"), "model-of-other-endpoint", "/model", ERROR),
    (chat("gpt-4o-realtime-preview-2025-06-03"), "model-of-other-endpoint", "/model", ERROR),
    (chat("gpt-4o-mini-audio-preview-2024-12-17"), "audio-model-without-audio", "/model", ERROR),
    (chat("gpt-audio-1.5"), "audio-model-without-audio", "/model", WARN),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "rule", "pointer", "severity"), FAMILIES)
def test_what_a_family_refuses(request_: dict[str, Any], rule: str, pointer: str, severity: str) -> None:
    """Each mistake has one finding beside notes, at the parameter, and is an error only where a refusal is known."""
    assert errors(request_) == [(rule, pointer, severity)]


@pytest.mark.parametrize(
    "request_",
    [
        chat("o3-mini", stop=["END"]),
        chat("o3-mini", reasoning_effort="high", max_completion_tokens=4000),
        chat("gpt-5-nano", tools=[NOW], reasoning_effort="minimal"),
        chat("gpt-5-mini", temperature=1, top_p=1, presence_penalty=0, frequency_penalty=0, logprobs=False),
        chat("gpt-5-mini", max_completion_tokens=100, reasoning_effort="minimal"),
        chat("gpt-5-chat-latest", temperature=0.2, max_tokens=100),
        chat("gpt-5.1", temperature=0.7, top_p=0.5, logprobs=True),
        chat("gpt-5.1-chat-latest", reasoning_effort="medium", verbosity="high"),
        chat("gpt-5.4", tools=[NOW]),
        chat("gpt-5.4", tools=[NOW], reasoning_effort="none", temperature=0),
        chat("gpt-5.6", tools=[NOW], reasoning_effort="none", temperature=0, top_p=0.5, frequency_penalty=1, n=8),
        chat("gpt-5.6", max_completion_tokens=100, reasoning_effort="none"),
        chat("gpt-4o-search-preview", web_search_options={"search_context_size": "low"}),
        chat("gpt-4o-mini", verbosity="medium", max_completion_tokens=16384),
        chat("gpt-3.5-turbo-16k", max_tokens=8192),
        chat("our-own-deployment", reasoning_effort="minimal", stop="x", temperature=0, web_search_options={}),
        chat("gpt-4o", metadata={"department": "sales"}),
        chat("gpt-4o", moderation={"model": "omni-moderation-latest", "policy": {"x": 1}}),
        chat("gpt-4o", messages=[{"role": "assistant", "content": "Yes", "annotations": []}]),
    ],
)  # fmt: skip
def test_what_a_family_takes(request_: dict[str, Any]) -> None:
    """What was answered, or is documented to be, has no finding beyond a note."""
    assert errors(request_) == []


def test_a_retired_model_is_a_note_with_its_successor() -> None:
    """The day and the successor are those of the list, whatever day it is now."""
    [finding] = linter_for("openai").check(chat("o4-mini-2025-04-16"))
    assert (finding.rule, finding.severity) == ("retired-model", Severity.NOTE)
    assert finding.message == "o4-mini-2025-04-16 was retired on 2026-10-23; its successor is gpt-5.6-terra"


@pytest.mark.parametrize(
    ("request_", "rule", "pointer", "severity"),
    [
        (asked("o3", reasoning={"effort": "none"}), NOT_FOR, "/reasoning/effort", ERROR),
        (asked("gpt-5-pro", reasoning={"effort": "low"}), NOT_FOR, "/reasoning/effort", ERROR),
        (asked("gpt-4o", text={"verbosity": "low"}), EFFORT, "/text/verbosity", ERROR),
        (asked("gpt-4.1", max_output_tokens=32769), LIMIT, "/max_output_tokens", ERROR),
        (asked("gpt-5", max_output_tokens=400), EATEN, "/max_output_tokens", WARN),
        (asked("whisper-1"), "model-of-other-endpoint", "/model", ERROR),
    ],
)  # fmt: skip
def test_the_responses_api_reads_the_same_lists(
    request_: dict[str, Any], rule: str, pointer: str, severity: str
) -> None:
    """What holds for a model in both APIs is found in both."""
    assert errors(request_, "openai-responses") == [(rule, pointer, severity)]
