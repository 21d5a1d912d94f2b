"""The views of Anthropic's Messages API yield the wire's own places, never raise, and its proofs hide nothing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqlint.checks import all_checks
from reqlint.core.pointer import value_at
from reqlint.dialects.anthropic_messages import DIALECT
from reqlint.dialects.registry import dialect_of
from reqlint.dialects.vocabulary import OfferedTool
from reqlint.judge.judge import Judge
from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.proofs import proofs_by_rule
from reqlint.run.one_request import linter_for
from reqlint.schema.validators import REFERENCE, compile_gate

CALL = {"type": "tool_use", "id": "toolu_1", "name": "timetable", "input": {"day": "Sunday"}}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_1", "content": [{"type": "text", "text": "9:40"}]}
REQUEST: dict[str, Any] = {
    "model": "claude-haiku-4-5",
    "max_tokens": 300,
    "system": [{"type": "text", "text": "Be brief."}],
    "tools": [
        {"name": "timetable", "input_schema": {"type": "object"}},
        {"type": "bash_20250124", "name": "bash"},
    ],
    "tool_choice": {"type": "tool", "name": "timetable"},
    "output_config": {"format": {"type": "json_schema", "schema": {"type": "object"}}},
    "messages": [
        {"role": "user", "content": "When does the ferry leave?"},
        {"role": "assistant", "content": [{"type": "text", "text": "One moment."}, CALL]},
        {"role": "user", "content": [RESULT]},
        {"role": "user", "content": [{"type": "text", "text": "And back?"}]},
    ],
}


def test_views_yield_the_places_of_the_wire() -> None:
    """Tools, calls, results, parts and texts are where Anthropic's API has them."""
    assert [(tool.name, tool.name_place, tool.parameters_place) for tool in DIALECT.tools(REQUEST)] == [
        ("timetable", ("tools", 0, "name"), ("tools", 0, "input_schema")),
        ("bash", ("tools", 1, "name"), ("tools", 1, "input_schema")),
    ]
    turns = list(DIALECT.turns(REQUEST))
    [call] = DIALECT.calls(turns[1])
    assert (call.id, call.id_place, call.arguments) == (
        "toolu_1",
        ("messages", 1, "content", 1, "id"),
        {"day": "Sunday"},
    )
    first, second, third = DIALECT.rounds(REQUEST)
    assert (first.turn, first.results, first.next) == (turns[0], [], ("messages", 1))
    assert (second.turn, [each.id for each in second.calls], second.next) == (turns[1], ["toolu_1"], ("messages", 2))
    [result] = second.results
    assert (result.id_place, result.place) == (
        ("messages", 2, "content", 0, "tool_use_id"),
        ("messages", 2, "content", 0, "type"),
    )
    assert (third.turn, third.next) == (turns[3], None)
    assert [part.place for part in DIALECT.parts(REQUEST)][:2] == [
        ("messages", 1, "content", 0),
        ("messages", 1, "content", 1),
    ]
    assert list(DIALECT.texts(REQUEST)) == [
        "And back?",
        "9:40",
        "One moment.",
        "When does the ferry leave?",
        "Be brief.",
    ]
    assert [(choice.name, choice.place) for choice in DIALECT.chosen(REQUEST)] == [
        ("timetable", ("tool_choice", "name"))
    ]
    assert DIALECT.declared(REQUEST) == {("tool", "timetable"), ("tool", "bash")}
    assert DIALECT.declared({"tools": [{"type": "mcp_toolset", "mcp_server_name": "s"}]}) is None
    assert [place for place, _ in DIALECT.strict_answers(REQUEST)] == [("output_config", "format", "schema")]
    assert DIALECT.first_words(REQUEST) == ["When does the ferry leave?"]
    for place, name in DIALECT.names(REQUEST):
        assert value_at(REQUEST, place) == name


def test_messages_of_one_role_are_one_turn() -> None:
    """The results of a call may stand in any of the user's messages right after it."""
    messages = [*REQUEST["messages"][:2], {"role": "user", "content": "Wait"}, {"role": "user", "content": [RESULT]}]
    _, with_call, _ = DIALECT.rounds({"messages": messages})
    assert [result.id for result in with_call.results] == ["toolu_1"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", " ", "user", "assistant", "text", "toolu_1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "role",
                    "content",
                    "type",
                    "text",
                    "id",
                    "tool_use_id",
                    "name",
                    "input",
                    "messages",
                    "tools",
                    "system",
                    "source",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
MEMBERS = ["messages", "tools", "tool_choice", "system", "output_config", "model", "thinking", "cache_control"]


@given(st.dictionaries(st.sampled_from(MEMBERS), JSON))
def test_views_never_raise(request: dict[str, Any]) -> None:
    """Whatever the request holds, a view yields what has the right form and leaves out the rest."""
    turns = list(DIALECT.turns(request))
    views = [
        DIALECT.rounds,
        DIALECT.parts,
        DIALECT.texts,
        DIALECT.tools,
        DIALECT.chosen,
        DIALECT.names,
        DIALECT.strict_answers,
    ]
    for view in views:
        list(view(request))
    for turn in turns:
        list(DIALECT.calls(turn))
    for ask in (DIALECT.declared, DIALECT.has_turns, DIALECT.model, DIALECT.json_mode, DIALECT.first_words):
        ask(request)
    assert DIALECT.is_certain(request, ()) in (True, False)
    assert DIALECT.is_foreign(request) in (True, False)


@pytest.mark.parametrize(
    ("url", "headers", "expected"),
    [
        (None, {}, {}),
        ("https://api.anthropic.com/v1/messages?beta=true", {}, {}),
        ("https://api.anthropic.com/v1/messages/count_tokens", {}, {":path": "count_tokens"}),
        ("/v1/messages/batches", {}, {":path": "batches"}),
        ("https://[oops/v1/messages", {}, {}),
        (
            "https://bedrock-runtime.eu-west-1.amazonaws.com/model/eu.anthropic.claude-opus-4-7-v1%3A0/invoke-with-response-stream",
            {},
            {":model": "eu.anthropic.claude-opus-4-7-v1:0"},
        ),
        (
            "https://x-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/anthropic/models/claude-opus-4-7@1:streamRawPredict",
            {},
            {":model": "claude-opus-4-7@1"},
        ),
        (None, {"anthropic-version": "2026-10-21"}, {":anthropic-version": "2026-10-21"}),
        (None, {"anthropic-beta": "a-1, b-2,"}, {":anthropic-beta": ["a-1", "b-2"]}),
    ],
)
def test_url_and_headers_state_what_the_body_need_not(url: str | None, headers: dict[str, str], expected: Any) -> None:
    """The version, the beta features, the model on other clouds, and whether tokens are only counted."""
    assert DIALECT.stated(url, headers) == expected


@pytest.mark.parametrize(
    ("change", "certain"),
    [
        ({}, True),
        ({"messages": [{"role": "user", "content": "Hi"}]}, True),
        ({"model": None}, False),
        ({"usage": {}}, False),
        ({"stop_reason": "end_turn"}, False),
        ({"title": "A conversation"}, False),
        ({"messages": []}, False),
        ({"messages": [{"role": "user", "content": "Hi", "timestamp": 1}]}, False),
        ({"messages": [{"role": "human", "content": "Hi"}]}, False),
        ({"messages": [{"role": "user", "content": [{"type": "video"}]}]}, False),
        ({"tools": ["timetable"]}, False),
    ],
)
def test_only_a_request_beyond_doubt_is_edited(change: dict[str, Any], certain: bool) -> None:
    """A key, a role or a block that no request has is enough to leave the value alone."""
    assert DIALECT.is_certain({**REQUEST, **change}, ()) is certain


def test_what_chat_completions_may_have_as_well_is_not_certain() -> None:
    """Gateways in the form of Chat Completions serve Claude models: a mark of this shape must be there."""
    value = {"model": "claude-haiku-4-5", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}
    assert not DIALECT.is_certain(value, ())
    assert DIALECT.is_certain({**value, "system": "Be brief."}, ())
    assert dialect_of(value) == DIALECT.name


def test_tools_from_elsewhere_are_offered_at_their_own_places() -> None:
    """A tool in whatever form is put into a request, and its places lead back to the document."""
    schema = {"type": "object"}
    members = {"name": ((0, "function", "name"), "timetable"), "parameters": ((0, "function", "parameters"), schema)}
    offered = OfferedTool((0,), {"function": {}}, members)
    made = DIALECT.offering([offered])
    assert made.request["tools"] == [{"name": "timetable", "input_schema": schema}]
    assert made.places == {
        ("tools", 0): (0,),
        ("tools", 0, "name"): (0, "function", "name"),
        ("tools", 0, "input_schema"): (0, "function", "parameters"),
    }
    own = DIALECT.offering([OfferedTool((3,), REQUEST["tools"][1], {}, DIALECT.name)])
    assert (own.request["tools"], own.places) == ([REQUEST["tools"][1]], {("tools", 0): (3,)})


# ------------------------------------------------------------------------------------------------------------- proofs

TEXT = st.sampled_from(["Hi", "", " ", "9:40"])
MARK = st.sampled_from([{}, {}, {}, {"cache_control": {"type": "ephemeral"}}])
IDS = st.sampled_from(["toolu_1", "toolu_2", "srvtoolu_1"])
SOURCE = {"type": "base64", "media_type": "image/png", "data": "data:"}
BLOCK = st.one_of(
    st.builds(lambda text, mark: {"type": "text", "text": text, **mark}, TEXT, MARK),
    st.builds(lambda text: {"type": "text", "text": text, "citations": [{"type": "x"}]}, TEXT),
    st.builds(lambda name: {"type": "tool_use", "id": name, "name": "t", "input": {}}, IDS),
    st.builds(
        lambda name, inner, mark: {"type": "tool_result", "tool_use_id": name, "content": inner, **mark},
        IDS,
        TEXT | st.lists(st.builds(lambda text, mark: {"type": "text", "text": text, **mark}, TEXT, MARK), max_size=2),
        MARK,
    ),
    st.builds(
        lambda text, signed: {"type": "thinking", "thinking": text, "signature": signed},
        TEXT,
        st.sampled_from(["", "EqQB"]),
    ),
    st.just({"type": "image", "source": SOURCE}),
    st.just({"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}}),
    st.builds(lambda name: {"type": "server_tool_use", "id": name, "name": "web_search", "input": {}}, IDS),
)
CONTENT = TEXT | st.lists(BLOCK, max_size=3)
MESSAGES = st.one_of(
    st.lists(
        st.builds(
            lambda role, content: {"role": role, "content": content},
            st.sampled_from(["user", "assistant", "system"]),
            CONTENT,
        ),
        max_size=5,
    ),
    st.lists(CONTENT, max_size=5).map(
        lambda said: [{"role": ("user", "assistant")[i % 2], "content": each} for i, each in enumerate(said)]
    ),
)
REQUESTS = st.builds(
    lambda messages, more: {"model": "claude-opus-4-7", "max_tokens": 9, "messages": messages, **more},
    MESSAGES,
    st.fixed_dictionaries(
        {},
        optional={
            "system": TEXT
            | st.lists(st.builds(lambda text, mark: {"type": "text", "text": text, **mark}, TEXT, MARK), max_size=2),
            "tools": st.just([{"name": "t", "input_schema": {}}]),
            "thinking": st.sampled_from([{"type": "enabled", "budget_tokens": 1024}, {"type": "adaptive"}]),
            "cache_control": st.just({"type": "ephemeral", "ttl": "1h"}),
            "temperature": st.sampled_from([0, 1]),
            "mcp_servers": st.just([{"type": "url", "url": "https://example.com", "name": "s"}]),
            ":anthropic-version": st.just("2026-10-21"),
        },
    ),
)


@given(REQUESTS)
def test_no_proof_hides_a_hit(request: dict[str, Any]) -> None:
    """Where a proof holds, none of the checks that it silences finds anything."""
    facts = shipped().profile("anthropic").facts or {}
    for rule, proof in proofs_by_rule(DIALECT.name).items():
        holds = (
            DIALECT.proofs[proof.name]
            if proof.schema is None
            else compile_gate([{"$id": f"reqlint:{proof.name}", **proof.schema}])
        )
        rule_here = shipped().rules[rule].in_dialect(DIALECT)
        assert rule_here is not None
        if holds(request) and rule_here.at in request:
            assert list(all_checks()[rule](request, facts, DIALECT)) == [], (proof.name, rule)


def test_a_plain_conversation_is_proven() -> None:
    """The proof holds for what nearly all requests are, so that their checks are not asked."""
    plain = {
        **REQUEST,
        "messages": [
            *REQUEST["messages"][:2],
            {"role": "user", "content": [RESULT, {"type": "text", "text": "And back?"}]},
        ],
    }
    assert DIALECT.proofs["plain-conversation"](plain)
    picture = {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}}
    for block, holds in [
        (picture, True),
        ({**picture, "source": {"type": "url", "url": "http://example.com/a.png"}}, False),
        ({**picture, "source": {"type": "url", "url": "https://localhost/a.png"}}, False),
        ({**picture, "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="}}, False),
        ({**picture, "cache_control": {"type": "ephemeral"}}, False),
    ]:
        seen = {**plain, "messages": [{"role": "user", "content": [block]}, *plain["messages"][1:]]}
        assert DIALECT.proofs["plain-conversation"](seen) is holds, block
    assert not DIALECT.proofs["plain-conversation"](
        {**plain, "messages": [{"role": "user", "content": [picture] * 21}, *plain["messages"][1:]]}
    )


@given(REQUESTS)
def test_checks_read_only_the_keys_that_their_rules_name(request: dict[str, Any]) -> None:
    """A check finds the same in a request and in its members under `at` and `reads` alone."""
    profile = shipped().profile("anthropic")
    for rule, check in all_checks().items():
        seen = shipped().rules[rule].in_dialect(DIALECT)
        if seen is None or seen.at not in request or not profile.evidence_for(seen):
            continue
        members = {key: request[key] for key in (seen.at, *seen.reads) if key in request}
        facts = profile.facts or {}
        assert list(check(members, facts, DIALECT)) == list(check(request, facts, DIALECT)), rule


@given(st.lists(REQUESTS, min_size=1, max_size=3))
def test_the_short_way_finds_what_the_long_way_finds(requests: list[dict[str, Any]]) -> None:
    """Proofs, the combined schema and the memory of repeated members change no finding."""
    for request in requests:
        for judge in (LONG, SHORT):
            judge.judge(request)
        long, short = LONG.judge(request), SHORT.judge(request)
        assert (long.hits if long else ()) == (short.hits if short else ())


ENABLED = linter_for("anthropic").enabled
LONG = Judge(shipped(), shipped().profile("anthropic"), ENABLED, REFERENCE)
SHORT = Judge(shipped(), shipped().profile("anthropic"), ENABLED)
SHORT.compile_now()
