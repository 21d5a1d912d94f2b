"""The shape of Bedrock's Converse: its views at the wire's own places, its marks, and all the ways to a finding."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reqlint import Linter, Report
from reqlint.checks import all_checks
from reqlint.core.json_values import to_json_value
from reqlint.dialects.bedrock_converse import DIALECT
from reqlint.dialects.registry import certainly_a_request, dialect_of, is_endpoint, stranger_of
from reqlint.dialects.vocabulary import ChosenTool, ContentPart, OfferedTool, Tool, ToolCall, ToolResult, Turn
from reqlint.judge.guards import GuardedChecks
from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.proofs import proofs_by_rule
from reqlint.schema.validators import ACCELERATED
from reqlint.text.trusted_yaml import load_yaml
from tests.conftest import ROOT, unmarked
from tests.support.mutations import mutations

SPEC = {"name": "ferry", "description": "Find the next ferry", "inputSchema": {"json": {"type": "object"}}}
REQUEST: dict[str, Any] = {
    "modelId": "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    "system": [{"text": "You work at the harbour."}],
    "messages": [
        {"role": "user", "content": [{"text": "When is the next ferry?"}]},
        {
            "role": "assistant",
            "content": [
                {"text": "One moment."},
                {"toolUse": {"toolUseId": "t1", "name": "ferry", "input": {"to": "Bergen"}}},
                {"toolUse": {"toolUseId": "s1", "name": "search", "input": {}, "type": "server_tool_use"}},
            ],
        },
        {"role": "user", "content": [{"toolResult": {"toolUseId": "t1", "content": [{"text": "At nine."}]}}]},
    ],
    "toolConfig": {
        "tools": [{"toolSpec": SPEC}, {"cachePoint": {"type": "default"}}, {"systemTool": {"name": "search"}}],
        "toolChoice": {"tool": {"name": "ferry"}},
    },
}
URL = "https://bedrock-runtime.eu-north-1.amazonaws.com/model/meta.llama4-scout-17b-instruct-v1%3A0/converse"
FORCED = {
    "messages": [{"role": "user", "content": [{"text": "When is the next ferry?"}]}],
    "toolConfig": {"tools": [{"toolSpec": SPEC}], "toolChoice": {"any": {}}},
}


def examples() -> Iterator[dict[str, Any]]:
    """Yield every request of this shape in the files of rules and of the profile."""
    for rule in shipped().rules.values():
        for example in rule.examples:
            if example.dialect == DIALECT.name:
                yield json.loads(unmarked(example.bad))
                yield json.loads(example.good)
    yield from load_yaml(ROOT / "schemas/bedrock-converse/examples.yaml").values()


# --------------------------------------------------------------------------------------------------------------- views


def test_views_yield_what_the_wire_has_at_its_own_places() -> None:
    """Turns, calls, results, parts and tools stand where the request has them; what the service runs is left out."""
    turns = list(DIALECT.turns(REQUEST))
    messages = REQUEST["messages"]
    assert turns == [
        Turn(("messages", n), role, ("messages", n, "role"), messages[n])
        for n, role in enumerate(["user", "assistant", "user"])
    ]
    call = messages[1]["content"][1]["toolUse"]
    at = ("messages", 1, "content", 1, "toolUse")
    expected = ToolCall(at, "t1", (*at, "toolUseId"), "ferry", call["input"], (*at, "input"), call)
    assert [list(DIALECT.calls(turn)) for turn in turns] == [[], [expected], []]
    result_at = ("messages", 2, "content", 0, "toolResult")
    result = ToolResult("t1", (*result_at, "toolUseId"), result_at)
    assert [(each.turn, each.calls, each.results, each.next) for each in DIALECT.rounds(REQUEST)] == [
        (None, [], [], ("messages", 0)),
        (turns[0], [], [], ("messages", 1)),
        (turns[1], [expected], [result], ("messages", 2)),
        (turns[2], [], [], None),
    ]
    blocks = [(turn, n, block) for turn in turns for n, block in enumerate(turn.value["content"])]
    assert list(DIALECT.parts(REQUEST)) == [ContentPart((*t.place, "content", n), block, t) for t, n, block in blocks]
    assert list(DIALECT.texts(REQUEST)) == [
        "At nine.", "One moment.", "When is the next ferry?", "You work at the harbour."
    ]  # fmt: skip
    spec_at = ("toolConfig", "tools", 0, "toolSpec")
    tool = Tool(spec_at, SPEC, "ferry", (*spec_at, "name"), {"type": "object"}, (*spec_at, "inputSchema", "json"))
    assert list(DIALECT.tools(REQUEST)) == [tool]
    chosen_at = ("toolConfig", "toolChoice", "tool", "name")
    assert list(DIALECT.chosen(REQUEST)) == [ChosenTool("tool", "ferry", chosen_at)]
    assert DIALECT.declared(REQUEST) == {("tool", "ferry"), ("tool", "search")}
    assert DIALECT.declared({}) is None
    assert list(DIALECT.names(REQUEST)) == [
        ((*spec_at, "name"), "ferry"),
        (("toolConfig", "tools", 2, "systemTool", "name"), "search"),
        (chosen_at, "ferry"),
        ((*at, "name"), "ferry"),
    ]
    assert DIALECT.first_words(REQUEST) == [messages[0]["content"]]
    assert DIALECT.model(REQUEST) == REQUEST["modelId"]
    assert list(DIALECT.strict_answers(REQUEST)) == []
    assert DIALECT.json_mode(REQUEST) is None


KEYS = st.sampled_from([
    "messages", "role", "content", "toolUse", "toolResult", "toolUseId", "name", "input", "text", "json", "toolConfig",
    "tools", "toolSpec", "systemTool", "inputSchema", "toolChoice", "tool", "system", "modelId", "type", "source",
    "document", "image", "bytes", "s3Location", "status", "inferenceConfig", "additionalModelRequestFields", "thinking",
])  # fmt: skip
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["user", "assistant", "t1", "", "anthropic.c", "any"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=25,
)


@given(st.dictionaries(KEYS, JUNK, max_size=6))
def test_no_view_and_no_check_raises(request: dict[str, Any]) -> None:
    """Whatever a request holds, the views and the judge say what they can see in it."""
    for turn in DIALECT.turns(request):
        list(DIALECT.calls(turn))
    for view in (DIALECT.rounds, DIALECT.parts, DIALECT.texts, DIALECT.tools, DIALECT.chosen, DIALECT.names):
        list(view(request))
    for view in (DIALECT.has_turns, DIALECT.declared, DIALECT.model, DIALECT.first_words, *DIALECT.proofs.values()):
        view(request)
    certainly_a_request(request, DIALECT)
    Linter("bedrock-converse").check(request)


def test_tools_from_elsewhere_stand_where_a_request_has_them() -> None:
    """A tool of this shape is offered as it is, one of another shape under the keys of this one."""
    members = {
        key: ((key,), value)
        for key, value in {"name": "bus", "description": "d", "parameters": {"type": "object"}}.items()
    }
    offering = DIALECT.offering(
        [
            OfferedTool(("a",), {"toolSpec": SPEC}, {}, DIALECT.name),
            OfferedTool(("b",), {}, members),
            OfferedTool(("c",), {}, {"parameters": (("p",), {"type": "object"})}, is_schema=True),
        ]
    )
    spec = {"name": "bus", "description": "d", "inputSchema": {"json": {"type": "object"}}}
    schema_alone = {"name": "f2", "description": "-", "inputSchema": {"json": {"type": "object"}}}
    assert offering.request["toolConfig"]["tools"] == [
        {"toolSpec": SPEC},
        {"toolSpec": spec},
        {"toolSpec": schema_alone},
    ]
    assert offering.places["toolConfig", "tools", 0] == ("a",)
    assert offering.places["toolConfig", "tools", 1, "toolSpec", "inputSchema", "json"] == ("parameters",)
    assert offering.places["toolConfig", "tools", 2, "toolSpec", "inputSchema", "json"] == ("p",)
    assert Linter("bedrock-converse").check(offering.request) == []


# --------------------------------------------------------------------------------------------------------- recognition


@pytest.mark.parametrize(
    ("url", "model"),
    [
        (URL, "meta.llama4-scout-17b-instruct-v1:0"),
        ("https://bedrock-runtime.us-east-1.amazonaws.com/model/a.b/converse-stream", "a.b"),
        (
            "/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Ainference-profile%2Fa/converse",
            "arn:aws:bedrock:us-east-1:123456789012:inference-profile/a",
        ),
        ("https://bedrock-runtime.us-east-1.amazonaws.com/model/a.b/invoke", None),
        ("https://[oops/model/a/converse", None),
        (None, None),
    ],
)
def test_the_address_states_the_model(url: str | None, model: str | None) -> None:
    """The model stands between slashes, with its colons and slashes escaped; elsewhere nothing is stated."""
    assert DIALECT.stated(url, {}) == ({"modelId": model} if model else {})
    assert url is None or bool(is_endpoint(url, DIALECT.name)) is (model is not None)


HI = [{"role": "user", "content": [{"text": "Hi"}]}]


@pytest.mark.parametrize(
    ("value", "is_here"),
    [
        ({"messages": HI}, True),
        ({"modelId": "amazon.nova-pro-v1:0", "messages": HI}, True),
        ({"messages": HI, "inferenceConfig": {"maxTokens": 5}}, True),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}], "toolConfig": {}}, True),
        ({"schemaVersion": "messages-v1", "messages": HI}, False),  # Nova's own form, by InvokeModel
        ({"messages": HI, "inferenceConfig": {"max_new_tokens": 5}}, False),
        ({"title": "At the harbour", "messages": HI}, False),  # a saved conversation
        ({"output": {"message": HI[0]}, "stopReason": "end_turn", "usage": {}}, False),
        ({"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}, False),
    ],
)
def test_a_value_is_known_by_its_marks(value: dict[str, Any], is_here: bool) -> None:
    """Blocks without a type and the keys of this API make a request; marks of something else unmake it."""
    known = stranger_of(value, DIALECT.name) is None and dialect_of(value) == DIALECT.name
    assert known is is_here


@pytest.mark.parametrize(
    "mark",
    [
        {"title": "At the harbour"}, {"usage": {"inputTokens": 3}}, {"stopReason": "end_turn"}, {"output": {}},
        {"messages": [{"role": "bot", "content": [{"text": "Hi"}]}]}, {"messages": []}, {"messages": [1]},
        {"messages": [{"role": "user", "content": [{"card": "Hi"}]}]}, {"messages": [{**HI[0], "id": "m1"}]},
    ],
)  # fmt: skip
def test_one_mark_of_something_else_keeps_a_value_from_being_edited(mark: dict[str, Any]) -> None:
    """A request is edited only if every key, role and block in it is one of this API."""
    assert certainly_a_request(REQUEST, DIALECT)
    assert certainly_a_request({**REQUEST, "mistaken": 1}, DIALECT, ["mistaken"])
    assert not certainly_a_request({**REQUEST, **mark}, DIALECT)
    assert not certainly_a_request({"messages": HI}, DIALECT)  # which may be a part of anything


# -------------------------------------------------------------------------------------------- all ways to a finding


def told(report: Report) -> list[tuple[str, str, str]]:
    """Return what a report says, without the beginning of the places that a container adds."""
    return [(f.rule, str(f.severity), f.pointer[f.pointer.find("/toolConfig") :]) for f in report]


EXPECTED = [("tool-choice-of-other-models", "warning", "/toolConfig/toolChoice/any")]


def test_all_forms_of_a_request_have_the_same_findings() -> None:
    """A dict, its JSON and its YAML, with the model in the body; a guard, a cassette and a HAR, with it in the URL."""
    called = {"modelId": "meta.llama4-scout-17b-instruct-v1:0", **FORCED}
    body = json.dumps(FORCED)
    cassette = {
        "version": 1,
        "interactions": [
            {
                "request": {"method": "POST", "uri": URL, "body": body, "headers": {}},
                "response": {"status": {"code": 200, "message": "OK"}, "headers": {}, "body": {"string": "{}"}},
            }
        ],
    }
    entry = {
        "request": {
            "method": "POST",
            "url": URL,
            "headers": [],
            "postData": {"mimeType": "application/json", "text": body},
        },
        "response": {"status": 200, "content": {"text": "{}"}},
    }
    for linter in (Linter(), Linter("bedrock-converse")):
        assert [(f.rule, str(f.severity), f.pointer) for f in linter.check(called)] == EXPECTED
        assert [(f.rule, str(f.severity), f.pointer) for f in linter.check_sent(FORCED, URL)] == EXPECTED
        for text, name in (
            (json.dumps(called), "a.json"),
            (json.dumps(called) + "\n", "a.jsonl"),
            (yaml.safe_dump(called), "a.yaml"),
            (yaml.safe_dump(cassette), "cassette.yaml"),
            (json.dumps({"log": {"version": "1.2", "entries": [entry]}}), "a.har"),
        ):
            rules = [each for each in told(linter.check_text(text, name)) if each[0] != "contradicted-by-recording"]
            assert rules == EXPECTED, name


def test_a_finding_can_be_suppressed_and_is_known_again() -> None:
    """A comment in YAML silences it; its fingerprint stays when lines move."""
    called = {"modelId": "meta.llama4-scout-17b-instruct-v1:0", **FORCED}
    lines = yaml.safe_dump(called).splitlines()
    place = next(number for number, line in enumerate(lines) if line.strip().startswith("any:"))
    comment = "  # reqlint: ignore[tool-choice-of-other-models] tried by hand"
    silenced = [*lines[:place], lines[place] + comment, *lines[place + 1 :]]
    [finding] = Linter().check_text("\n".join(silenced), "a.yaml")
    assert finding.suppressed
    plain, moved = (Linter().check_text(text, "a.yaml") for text in ("\n".join(lines), "\n\n" + "\n".join(lines)))
    assert [f.fingerprint for f in plain] == [f.fingerprint for f in moved]


# -------------------------------------------------------------------------------------------------------------- proofs


MUTATED = [each for each in mutations(list(examples()), 4000) if isinstance(each, dict)]


@pytest.mark.parametrize("rule", sorted(proofs_by_rule(DIALECT.name)))
def test_a_proof_hides_no_hit(rule: str) -> None:
    """A request that passes a proof has no hit of a check that it silences, in all seeded mutations."""
    passes = GuardedChecks(proofs_by_rule(DIALECT.name)[rule], DIALECT, (), ACCELERATED).proves_silent
    seen = shipped().rules[rule].in_dialect(DIALECT)
    facts = shipped().profile("bedrock-converse").facts or {}
    assert seen is not None
    passed = 0
    for request in (to_json_value(each)[0] for each in MUTATED):
        if isinstance(request, dict) and seen.at in request and passes(request):
            passed += 1
            assert list(all_checks()[rule](request, facts, DIALECT)) == [], request
    assert passed


def test_a_check_looks_at_nothing_but_what_its_rule_reads() -> None:
    """A check finds the same when the members outside its rule's `at` and `reads` are removed."""
    profile = shipped().profile("bedrock-converse")
    for rule in shipped().rules.values():
        seen, check = rule.in_dialect(DIALECT), all_checks().get(rule.id)
        if check is None or seen is None or seen.at is None or not profile.evidence_for(rule):
            continue
        needs = {seen.at, *seen.reads}
        for request in (to_json_value(each)[0] for each in MUTATED[:1500]):
            if isinstance(request, dict) and seen.at in request:
                alone = {key: value for key, value in request.items() if key in needs}
                found = list(check(request, profile.facts or {}, DIALECT))
                assert list(check(alone, profile.facts or {}, DIALECT)) == found, (rule.id, request)
