"""Checks of what a model takes, by their whole hits, on both sides of each limit."""

from typing import Any

import pytest

from reqlint.checks.model_lists import fits, is_among, is_any
from reqlint.core.findings import Hit, Link, Part, Severity
from tests.support.checking import hits

LISTED = {"models": ["o1*", "o3"], "except": ["o1-chat"]}
KEY, WARNING = Part.KEY, Severity.WARNING


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("o1", True), ("o1-mini", True), ("o1\nx", True), ("o1-chat", False), ("o1-chat-2", True), ("o3", True),
        ("o3-mini", False), ("a/o1", True), ("a-o1", False),
        ("O1", False), ("", False), (None, False), (1, False), (["o1"], False),
    ],
)  # fmt: skip
def test_a_list_of_models_means_whole_names(model: object, expected: bool) -> None:
    """A name fits itself, * fits anything, and an exception takes a name out again."""
    assert fits(model, LISTED) is expected
    assert is_any(model, {"some": {"value": LISTED}}, "some") is expected
    assert is_any(model, {"others": {"value": LISTED}}, "some") is False


def test_a_list_of_models_may_be_short() -> None:
    """A list needs no exceptions and no names; a dot is only a dot, and a star may stand anywhere."""
    assert fits("o1", {"models": ["o1"]})
    assert not fits("o1", {"models": []})
    assert not is_among("", [])
    assert not is_among("qwen3x5", ["qwen3.5"])
    assert [
        name
        for name in ("qwen3-thinking", "qwen-thinking-x", "qwen3", "thinking")
        if is_among(name, ["qwen*-thinking*"])
    ] == [
        "qwen3-thinking",
        "qwen-thinking-x",
    ]


def of_listed(rule: str, fact: str, *values: tuple[object, bool], key: str, **request: Any) -> None:
    """Assert that each value is a hit or not with a listed model, and never with another or without the list."""
    for value, refused in values:
        asked = {"model": "o1-mini", key: value, **request}
        assert bool(hits(rule, asked, **{fact: LISTED})) is refused, value
        for other in ("o1-chat", None, 7):
            assert hits(rule, {**asked, "model": other}, **{fact: LISTED}) == []
        assert hits(rule, {key: value}, **{fact: LISTED}) == []
        assert hits(rule, asked) == []


@pytest.mark.parametrize(
    ("rule", "fact", "key", "values"),
    [
        ("max-tokens-on-reasoning-model", "max_tokens_refused_by", "max_tokens", [(5, True), (0, True), (None, False)]),
        (
            "parallel-tool-calls-on-reasoning-model",
            "parallel_tool_calls_refused_by",
            "parallel_tool_calls",
            [(True, True), (False, True), (None, False)],
        ),
    ],
)
def test_a_parameter_that_a_listed_model_refuses(
    rule: str, fact: str, key: str, values: list[tuple[object, bool]]
) -> None:
    """The parameter is a hit at its key, with the model's name."""
    of_listed(rule, fact, *values, key=key)
    assert hits(rule, {"model": "o1", key: values[0][0]}, **{fact: LISTED}) == [Hit((key,), KEY, {"model": "o1"})]


@pytest.mark.parametrize(
    ("stop", "model", "severity"),
    [
        ("x", "a", None),
        (["x"], "a", None),
        (["x"], "b", WARNING),
        ([], "a", False),
        (None, "a", False),
        ("x", "c", False),
    ],
)
def test_stop_for_a_model_that_does_not_take_it(stop: object, model: str, severity: Severity | bool | None) -> None:
    """A stop that is not empty is a hit at its key; a row that is not sure makes it a warning."""
    rows = [{"models": ["a"]}, {"models": ["b"], "status": "disputed"}]
    found = hits("stop-on-reasoning-model", {"model": model, "stop": stop}, stop_refused_by=rows)
    assert found == ([] if severity is False else [Hit(("stop",), KEY, {"model": model}, severity=severity)])
    assert hits("stop-on-reasoning-model", {"stop": stop}, stop_refused_by=rows) == []
    assert hits("stop-on-reasoning-model", {"model": model, "stop": stop}) == []


def test_every_system_message_is_told_where_the_model_takes_none() -> None:
    """Each system message is a hit at its role; messages of another shape are skipped."""
    talk = [{"role": "system"}, None, "system", {"role": "user"}, {}, {"role": "system"}]
    for model, places in (("o1", [0, 5]), ("gpt-4o", []), (None, [])):
        found = hits("system-role-on-o1", {"model": model, "messages": talk}, system_role_refused_by=LISTED)
        assert found == [Hit(("messages", place, "role"), facts={"model": model}) for place in places]
    for messages in (None, {}, "system"):
        assert hits("system-role-on-o1", {"model": "o1", "messages": messages}, system_role_refused_by=LISTED) == []
    assert hits("system-role-on-o1", {"model": "o1"}, system_role_refused_by=LISTED) == []
    assert hits("system-role-on-o1", {"model": "o1", "messages": talk}) == []


def test_a_deprecated_field_is_told_with_what_replaces_it() -> None:
    """The hit names one replacement, several or none; a field that is null is not in use."""
    successors = {"old": ["new"], "user": ["safety", "cache"], "gone": [], "unused": ["x"], "absent": ["y"]}
    asked = {"gone": 0, "user": "me", "old": False, "unused": None, "new": 1}
    assert hits("deprecated-field", asked, deprecated_parameters=successors) == [
        Hit(("old",), KEY, {"name": "old", "replacement": "new"}),
        Hit(("user",), KEY, {"name": "user", "replacement": "safety or cache"}),
        Hit(("gone",), KEY, {"name": "gone"}),
    ]
    assert hits("deprecated-field", asked) == []


def thinks(*models: str) -> dict[str, Any]:
    """Return a list of models."""
    return {"models": list(models)}


def test_thinking_asks_for_a_stream() -> None:
    """An error for a model known to need streaming, a warning for an unknown one, no hit for one that needs none."""
    lists = {"thinks_only_streamed": thinks("only"), "thinks_without_stream": thinks("without")}
    place = ("enable_thinking",)
    for model, told in (("only", [Hit(place)]), ("without", []), ("other", [Hit(place, severity=WARNING)])):
        for stream in ({}, {"stream": False}, {"stream": None}, {"stream": 1}):
            asked = {"model": model, "enable_thinking": True, **stream}
            assert hits("thinking-without-stream", asked, **lists) == told
        for quiet in ({"stream": True}, {"enable_thinking": False}, {"enable_thinking": None}, {"enable_thinking": 1}):
            asked = {"model": model, "enable_thinking": True, **quiet}
            assert hits("thinking-without-stream", asked, **lists) == []
    assert hits("thinking-without-stream", {"enable_thinking": True}) == [Hit(place, severity=WARNING)]


@pytest.mark.parametrize(
    ("rule", "fact", "wanted"),
    [
        ("disabled-thinking-on-thinking-model", "thinks_always", False),
        ("thinking-on-model-without-it", "thinks_never", True),
    ],
)
def test_a_switch_that_the_model_does_not_have(rule: str, fact: str, wanted: bool) -> None:
    """enable_thinking is a hit for the value that the model lacks."""
    for value in (True, False, None, 0, 1):
        told = [Hit(("enable_thinking",), facts={"model": "m"})] if value is wanted else []
        assert hits(rule, {"model": "m", "enable_thinking": value}, **{fact: thinks("m")}) == told
        assert hits(rule, {"model": "n", "enable_thinking": value}, **{fact: thinks("m")}) == []
        assert hits(rule, {"enable_thinking": value}, **{fact: thinks("m")}) == []
        assert hits(rule, {"model": "m", "enable_thinking": value}) == []


@pytest.mark.parametrize(
    ("rule", "key", "forcing", "harmless", "place"),
    [
        (
            "json-mode-while-thinking",
            "response_format",
            [{"type": "json_object"}],
            [{"type": "text"}, {}, None, "json_object"],
            ("response_format", "type"),
        ),
        (
            "forced-tool-while-thinking",
            "tool_choice",
            ["required", {"type": "function"}, {}],
            ["auto", "none", None, ["required"]],
            ("tool_choice",),
        ),
    ],
)
def test_what_does_not_go_with_thinking(
    rule: str, key: str, forcing: list[object], harmless: list[object], place: tuple[str, ...]
) -> None:
    """An error when the request turns thinking on, a warning when the model thinks by default and may."""
    lists = {"thinks_by_default": thinks("m")}
    because = "m thinks unless enable_thinking is false"
    for value in forcing:
        asked = {"model": "m", key: value}
        said = [Hit(place, facts={"because": "enable_thinking is true"})]
        assert hits(rule, {**asked, "enable_thinking": True}, **lists) == said
        assert hits(rule, {key: value, "enable_thinking": True}) == said
        assert hits(rule, {**asked, "enable_thinking": False}, **lists) == []
        for unsaid in (asked, {**asked, "enable_thinking": None}):
            assert hits(rule, unsaid, **lists) == [Hit(place, facts={"because": because}, severity=WARNING)]
        assert (
            hits(rule, {**asked, "model": "n"}, **lists) == hits(rule, {key: value}, **lists) == hits(rule, asked) == []
        )
    for value in harmless:
        assert hits(rule, {"model": "m", key: value, "enable_thinking": True}, **lists) == []


def test_a_model_that_only_streams() -> None:
    """The hit is at stream if it is there, else at the model; requests for audio have another rule."""
    streams = {"stream_only": thinks("m")}
    rule = "stream-only-model-without-stream"
    assert hits(rule, {"model": "m"}, **streams) == [Hit(("model",), facts={"model": "m"})]
    assert hits(rule, {"model": "m", "stream": None}, **streams) == [Hit(("model",), facts={"model": "m"})]
    assert hits(rule, {"model": "m", "stream": False}, **streams) == [Hit(("stream",), facts={"model": "m"})]
    for modalities in (["text"], "audio", [], None):
        assert hits(rule, {"model": "m", "modalities": modalities}, **streams)
    for more in ({"stream": True}, {"modalities": ["text", "audio"]}, {"model": "n"}):
        assert hits(rule, {"model": "m", **more}, **streams) == []
    assert hits(rule, {"model": "m"}) == []


def test_a_voice_that_the_model_does_not_have() -> None:
    """The hit lists the model's voices; a model whose voices are not listed may have any."""
    voices = {"voices": {"models": ["m"], "names": ["Ethan", "Cherry"]}}
    asked = {"model": "m", "audio": {"voice": "Bob"}}
    assert hits("unknown-voice", asked, **voices) == [
        Hit(("audio", "voice"), facts={"value": "Bob", "allowed": ["Ethan", "Cherry"], "model": "m"})
    ]
    for more in (
        {"audio": {"voice": "Cherry"}},
        {"audio": {"voice": 5}},
        {"audio": {}},
        {"audio": "Bob"},
        {"model": "n"},
    ):
        assert hits("unknown-voice", {**asked, **more}, **voices) == []
    assert hits("unknown-voice", {"audio": {"voice": "Bob"}}, **voices) == []
    assert hits("unknown-voice", asked) == []
    assert hits("unknown-voice", asked, voices={"models": ["m"]}) == [
        Hit(("audio", "voice"), facts={"value": "Bob", "allowed": (), "model": "m"})
    ]


def test_a_translation_without_a_target() -> None:
    """Missing or null options are a hit at the request; options of another type are left to the schema."""
    rule, lists = "translation-without-target", {"translation_models": thinks("mt")}
    told = [Hit((), facts={"model": "mt"})]
    assert (
        hits(rule, {"model": "mt"}, **lists)
        == hits(rule, {"model": "mt", "translation_options": None}, **lists)
        == told
    )
    assert hits(rule, {"model": "mt", "translation_options": {}}, **lists) == []
    assert hits(rule, {"model": "m"}, **lists) == hits(rule, {"model": "mt"}) == []


def test_a_translation_has_one_message_of_the_user() -> None:
    """Unknown roles are errors; messages that are ignored, from the second user message on, are warnings."""
    talk = [{"role": role} for role in ("system", "assistant", "user", "user", "tool", "function", "assistant", "x")]
    lists = {"translation_models": thinks("mt")}
    found = hits(
        "unusual-translation-message", {"model": "mt", "messages": [*talk, None, {}, "user", {"role": "user"}]}, **lists
    )
    expected = [(0, "system", None), (1, "assistant", WARNING), (3, "user", WARNING), (4, "tool", None),
                (5, "function", None), (6, "assistant", WARNING), (11, "user", WARNING)]  # fmt: skip
    assert found == [
        Hit(("messages", index, "role"), facts={"role": role, "model": "mt"}, severity=severity)
        for index, role, severity in expected
    ]
    for quiet in ({"model": "m", "messages": talk}, {"model": "mt", "messages": None}, {"model": "mt"}):
        assert hits("unusual-translation-message", quiet, **lists) == []
    assert hits("unusual-translation-message", {"model": "mt", "messages": [{"role": "user"}]}, **lists) == []
    assert hits("unusual-translation-message", {"model": "mt", "messages": [{}, {"role": "tool"}]}, **lists) == [
        Hit(("messages", 1, "role"), facts={"role": "tool", "model": "mt"})
    ]
    assert hits("unusual-translation-message", {"model": "mt", "messages": talk}) == []


def test_a_parameter_of_other_models() -> None:
    """The parameter is a hit at its key, with the models that have it; one that is false is not in use."""
    lists = {"parameters_of_models": {"preserve": ["a*", "b"], "tools": ["c"], "none": ["c"], "absent": ["c"]}}
    asked = {"model": "m", "preserve": True, "none": None}
    assert hits("parameter-of-other-models", asked, **lists) == [
        Hit(("preserve",), KEY, {"name": "preserve", "model": "m", "models": ["a*", "b"]}),
    ]
    assert hits("parameter-of-other-models", {"model": "m", "preserve": 1, "none": False, "tools": "x"}, **lists) == [
        Hit(("preserve",), KEY, {"name": "preserve", "model": "m", "models": ["a*", "b"]}),
        Hit(("tools",), KEY, {"name": "tools", "model": "m", "models": ["c"]}),
    ]
    for model in ("abc", "b", None, 5):
        assert hits("parameter-of-other-models", {"model": model, "preserve": 1}, **lists) == []
    assert hits("parameter-of-other-models", asked) == []


def test_rounds_of_the_same_calls() -> None:
    """The first repetition is a warning, later ones are errors; each links to the first round."""

    def calls(*names: str, arguments: str = "{}") -> dict[str, Any]:
        called = [{"id": object(), "function": {"name": name, "arguments": arguments}} for name in names]
        return {"role": "assistant", "tool_calls": called}

    def told(index: int, first: int, rounds: int) -> Hit:
        link = Link(("messages", first, "tool_calls"), "first called here")
        severity = WARNING if rounds == 2 else None
        return Hit(("messages", index, "tool_calls"), facts={"rounds": rounds}, related=(link,), severity=severity)

    def found(*messages: object) -> list[Hit]:
        return hits("repeated-tool-calls", {"messages": list(messages)})

    a, tool = calls("a"), {"role": "tool"}
    assert found({"role": "user"}, a, tool, a, tool, a, a) == [told(3, 1, 2), told(5, 1, 3), told(6, 1, 4)]
    assert found(a, calls("b"), a) == found(a, {"role": "user"}, a) == found(a, calls("a", arguments="")) == []
    assert found(a, None, "x", calls("a", "b"), calls("a", "b"), a, a) == [told(4, 3, 2), told(6, 5, 2)]
    assert found(a, calls("b"), calls("b"), {"role": "user"}, calls("b")) == [told(2, 1, 2)]
    # The calls of a tool message are nobody's, and what has no calls repeats none.
    assert (
        found({**tool, "tool_calls": a["tool_calls"]}, a) == found({}, {}, {"tool_calls": []}, {"tool_calls": []}) == []
    )
    for odd in (None, "x", [None], [{}], [{"function": None}]):
        assert found({"tool_calls": odd}, {"tool_calls": odd}) == []
    nameless = {"tool_calls": [{"function": {}}, None, {"function": "x"}]}
    assert found(nameless, nameless) == [told(1, 0, 2)]
    assert hits("repeated-tool-calls", {"messages": None}) == []


def test_partial_stands_on_a_last_message_of_the_assistant() -> None:
    """partial: true elsewhere is a hit at its key; other values are not."""
    mine, yours = {"role": "assistant", "partial": True}, {"role": "user", "partial": True}
    other, last = {"where": "a message that is not the assistant's"}, {"where": "a message that is not the last"}
    found = hits("misplaced-partial", {"messages": [mine, None, yours, {**mine, "partial": 1}, mine, yours]})
    assert found == [
        Hit(("messages", 0, "partial"), KEY, last),
        Hit(("messages", 2, "partial"), KEY, other),
        Hit(("messages", 4, "partial"), KEY, last),
        Hit(("messages", 5, "partial"), KEY, other),
    ]
    for messages in ([mine], [yours | {"partial": False}, mine], [{"role": "user"}], [], None, {"partial": True}):
        assert hits("misplaced-partial", {"messages": messages}) == []


def test_partial_goes_on_from_something() -> None:
    """An empty string or array is a hit at the content; missing content is left to the schema."""
    mine = {"role": "assistant", "partial": True}
    contents = ["", [], "x", [{}], None, 0]
    messages = [*({**mine, "content": content} for content in contents), mine, None]
    messages += [{**mine, "role": "user", "content": ""}, {**mine, "partial": 1, "content": ""}]
    assert hits("partial-without-content", {"messages": messages}) == [
        Hit(("messages", 0, "content")),
        Hit(("messages", 1, "content")),
    ]
    assert hits("partial-without-content", {"messages": None}) == []


def test_a_last_message_of_the_assistant() -> None:
    """The hit is at the role, unless the message is partial or calls tools."""
    mine = {"role": "assistant"}
    for messages in ([mine], [{"role": "user"}, mine], [{}, None, {**mine, "partial": False, "tool_calls": []}]):
        assert hits("assistant-message-last", {"messages": messages}) == [Hit(("messages", len(messages) - 1, "role"))]
    for last in ({**mine, "partial": True}, {**mine, "tool_calls": [{}]}, {"role": "user"}, {}, None, "assistant"):
        assert hits("assistant-message-last", {"messages": [mine, last]}) == []
    for messages in ([], None, {"role": "assistant"}):
        assert hits("assistant-message-last", {"messages": messages}) == []
