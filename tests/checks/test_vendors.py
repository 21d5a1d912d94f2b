"""Checks of what vendors' servers ask beyond their schemas, by their whole hits, on both sides of each limit."""

from random import Random
from typing import Any

import pytest

from reqlint import check
from reqlint.core.findings import Hit, Part, Severity
from tests.support.checking import hits

KEY, WARNING = Part.KEY, Severity.WARNING
USER = {"role": "user", "content": "Hi"}


def calling(**more: Any) -> dict[str, Any]:
    """Return an assistant message with one call, which has further members."""
    return {
        "role": "assistant",
        "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
        **more,
    }


def with_parameters(**parameters: Any) -> dict[str, Any]:
    """Return a request that offers one function with these parameters."""
    return {"tools": [{"type": "function", "function": {"name": "f", "parameters": parameters}}]}


PARAMETERS = ("tools", 0, "function", "parameters")


# ------------------------------------------------------------------------------------------------ of lists of models


REFUSED = [
    {"models": ["a-*"], "except": ["a-plain"], "parameters": ["stop", "tools"]},
    {"models": ["b"], "parameters": ["stop"], "status": "disputed"},
]


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({"model": "a-1", "stop": "x"}, [("stop", "a-1", None)]),
        ({"model": "a-1", "stop": "x", "tools": [{}]}, [("stop", "a-1", None), ("tools", "a-1", None)]),
        ({"model": "a-1", "stop": ""}, [("stop", "a-1", WARNING)]),
        ({"model": "b", "stop": "x"}, [("stop", "b", WARNING)]),
        ({"model": "a-1", "stop": None}, []),
        ({"model": "a-1", "tools": []}, []),
        ({"model": "a-plain", "stop": "x"}, []),
        ({"model": "c", "stop": "x"}, []),
        ({"model": 1, "stop": "x"}, []),
    ],
)
def test_a_parameter_is_refused_by_the_models_of_its_list(request_: dict[str, Any], expected: list[Any]) -> None:
    """The key is marked; what is not firm, and a value that changes nothing, is a warning; null and [] are nothing."""
    found = hits("parameter-refused-by-model", request_, parameters_refused_by=REFUSED)
    assert found == [Hit((name,), KEY, {"name": name, "model": model}, severity=sev) for name, model, sev in expected]
    assert hits("parameter-refused-by-model", request_) == []


VALUES = [
    {"models": ["t-*"], "unless": {"thinking.type": "disabled"}, "values": {"temperature": [1]}},
    {"models": ["*"], "values": {"effort": ["low"], "thinking.type": ["enabled"], "logprobs": [False], "n": [0]}},
    {"models": ["*"], "values": {"effort": ["high"]}, "status": "disputed"},
]


@pytest.mark.parametrize(
    ("request_", "names"),
    [
        ({"model": "t-1", "temperature": 0.5}, ["temperature"]),
        ({"model": "t-1", "temperature": 1.0}, []),
        ({"model": "t-1", "temperature": 0.5, "thinking": {"type": "disabled"}}, ["thinking.type"]),
        ({"model": "x", "temperature": 0.5}, []),
        ({"model": "x", "effort": "high"}, ["effort"]),
        ({"model": "x", "effort": "low"}, []),
        ({"model": "x", "effort": None}, []),
        ({"model": "x", "effort": ["high"]}, []),
        ({"model": "x", "thinking": "disabled"}, []),
        ({"model": "x", "logprobs": True}, ["logprobs"]),
        ({"model": "x", "logprobs": False, "n": 0}, []),
        ({"model": "x", "logprobs": 0, "n": False}, ["logprobs", "n"]),
    ],
)
def test_a_value_is_among_those_of_the_model(request_: dict[str, Any], names: list[str]) -> None:
    """The first list with a parameter counts, false is not 0, and what has another type is left to the schema."""
    found = hits("value-of-other-models", request_, values_of_models=VALUES)
    assert [(".".join(map(str, hit.place)), hit.severity) for hit in found] == [(name, None) for name in names]
    assert all(hit.facts["model"] == request_["model"] for hit in found)


def test_a_list_that_is_not_firm_makes_warnings() -> None:
    """The fact says so itself, where sources disagree."""
    [found] = hits("value-of-other-models", {"model": "x", "effort": "low"}, values_of_models=VALUES[2:])
    assert found == Hit(
        ("effort",), facts={"name": "effort", "value": "low", "model": "x", "allowed": ["high"]}, severity=WARNING
    )


@pytest.mark.parametrize(
    ("value", "refused"), [(10, False), (11, True), (10.5, True), (True, False), ("11", False), (None, False)]
)
def test_a_limit_of_tokens_is_at_most_that_of_the_model(value: object, refused: bool) -> None:
    """Both names of the limit are looked at, and only the first list that the model is on."""
    limits = [{"models": ["a*"], "most": 10}, {"models": ["*"], "most": 1}]
    for name in ("max_tokens", "max_completion_tokens"):
        found = hits("token-limit-above-that-of-model", {"model": "ab", name: value}, output_limits=limits)
        shown = {"name": name, "value": value, "model": "ab", "most": 10}
        assert found == ([Hit((name,), facts=shown)] if refused else [])


@pytest.mark.parametrize(
    ("model", "value", "refused"),
    [("a/b", 15, True), ("a/b", 16, False), ("a/b", 1, True), ("a/b", 0, False), ("b", 15, False), (None, 15, False)],
)
def test_a_limit_of_tokens_is_not_below_that_of_providers(model: object, value: int, refused: bool) -> None:
    """Less than 1 is the schema's."""
    least = [{"models": ["a/*"], "least": 16}]
    found = hits("max-tokens-below-that-of-providers", {"model": model, "max_tokens": value}, least_tokens=least)
    assert found == ([Hit(("max_tokens",), facts={"value": value, "limit": 16})] if refused else [])


@pytest.mark.parametrize(
    ("kind", "tools", "model", "expected"),
    [
        ("json_object", [{}], "a", [None]),
        ("json_schema", [{}], "a", [WARNING]),
        ("text", [{}], "a", []),
        ("json_object", [], "a", []),
        ("json_object", None, "a", []),
        ("json_object", [{}], None, []),
    ],
)
def test_json_is_not_asked_for_beside_tools(
    kind: str, tools: object, model: object, expected: list[Severity | None]
) -> None:
    """Each form of answer has an entry of its own."""
    doubtful = {"models": ["*"], "types": ["json_schema"], "status": "disputed"}
    listed = [{"models": ["*"], "types": ["json_object"]}, doubtful]
    request = {"model": model, "response_format": {"type": kind}, "tools": tools}
    found = hits("response-format-with-tools", request, json_with_tools_refused_by=listed)
    assert found == [Hit(("response_format", "type"), facts={"type": kind}, severity=each) for each in expected]
    assert hits("response-format-with-tools", {**request, "response_format": None}) == []


def test_efforts_agree() -> None:
    """Only two words can differ."""
    both = {"reasoning_effort": "low", "reasoning": {"effort": "high"}}
    assert hits("differing-efforts", both) == [Hit(("reasoning_effort",), facts={"value": "low"})]
    for other in ({"effort": "low"}, {"effort": None}, {}, None, "high", ["high"]):
        assert hits("differing-efforts", {**both, "reasoning": other}) == []
    assert hits("differing-efforts", {**both, "reasoning_effort": None}) == []


# ------------------------------------------------------------------------------------------ of calls and their thoughts


THINKS = {"thinks_always": {"models": ["a"]}, "thinks_unless_disabled": {"models": ["d"]}}


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({"model": "a"}, [("always thinks", None)]),
        ({"model": "d"}, [("thinks unless thinking.type is disabled", WARNING)]),
        ({"model": "d", "thinking": {"type": "enabled"}}, [("thinks unless thinking.type is disabled", WARNING)]),
        ({"model": "d", "thinking": {"type": "disabled"}}, []),
        ({"model": "x"}, []),
        ({}, []),
    ],
)
def test_no_tool_is_named_while_the_model_thinks(request_: dict[str, Any], expected: list[Any]) -> None:
    """Words are no name."""
    found = hits("named-tool-while-thinking", {**request_, "tool_choice": {"type": "function"}}, **THINKS)
    assert [(hit.facts["because"], hit.severity) for hit in found] == expected
    assert hits("named-tool-while-thinking", {**request_, "tool_choice": "required"}, **THINKS) == []


def test_a_call_comes_back_with_its_thoughts() -> None:
    """A call before the user's last message is a warning; one with thoughts, even empty ones, is nothing."""
    turns = [USER, calling(), USER, calling(), calling(reasoning_content="")]
    for model, thinking, severities in (
        ("a", None, [(1, WARNING), (3, None)]),
        ("d", None, [(1, WARNING), (3, None)]),
        ("d", {"type": "disabled"}, []),
        ("x", None, []),
    ):
        request = {"model": model, "messages": turns, "thinking": thinking}
        found = hits("call-without-reasoning", request, **THINKS)
        assert [(hit.place, hit.severity) for hit in found] == [(("messages", at), each) for at, each in severities]


@pytest.mark.parametrize(
    ("extra", "refused"),
    [
        (None, True),
        ({"google": None}, True),
        ({"google": {"thought_signature": ""}}, True),
        ({"google": {"thought_signature": "x"}}, False),
        ("x", True),
    ],
)
def test_the_first_call_comes_back_with_its_signature(extra: object, refused: bool) -> None:
    """Only calls after the user's last message count, and of several in one message the first."""
    call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    turn = {"role": "assistant", "tool_calls": [{**call, "extra_content": extra}, call]}
    signs = {"models": ["g*"]}
    request = {"model": "g3", "messages": [USER, calling(), USER, turn]}
    found = hits("call-without-thought-signature", request, signs_calls=signs)
    assert found == ([Hit(("messages", 3, "tool_calls", 0), facts={"model": "g3"})] if refused else [])
    assert hits("call-without-thought-signature", {**request, "model": "h"}, signs_calls=signs) == []
    odd = {**request, "messages": [USER, {"role": "assistant", "tool_calls": ["x"]}]}
    assert hits("call-without-thought-signature", odd, signs_calls=signs) == []


def test_a_tool_message_names_its_function() -> None:
    """Messages of other roles need no name."""
    turns = [USER, {"role": "tool", "content": "1"}, {"role": "tool", "name": "f", "content": "1"}]
    found = hits("tool-result-without-name", {"model": "g3", "messages": turns}, names_results={"models": ["g*"]})
    assert found == [Hit(("messages", 1), facts={"model": "g3"})]
    assert hits("tool-result-without-name", {"model": "g3", "messages": turns}) == []


@pytest.mark.parametrize(
    ("n", "temperature", "expected"),
    [
        (2, 0, [None]), (2, 0.2, [WARNING]), (2, 0.3, []), (1, 0, []), (2, None, []), (None, 0, []), (2, True, []),
    ],
)  # fmt: skip
def test_several_choices_differ(n: object, temperature: object, expected: list[Severity | None]) -> None:
    """Close to 0 is the vendor's word; where it begins is a gateway's."""
    found = hits("several-choices-at-low-temperature", {"n": n, "temperature": temperature})
    assert [hit.severity for hit in found] == expected


def test_a_text_model_takes_no_list() -> None:
    """A string is fine, and so is a list for another model."""
    turns = [USER, {"role": "user", "content": []}]
    found = hits("list-content-for-text-model", {"model": "t", "messages": turns}, string_content={"models": ["t"]})
    assert found == [Hit(("messages", 1, "content"), facts={"model": "t"})]
    assert (
        hits("list-content-for-text-model", {"model": "u", "messages": turns}, string_content={"models": ["t"]}) == []
    )


# ---------------------------------------------------------------------------------------------------------- of schemas


def test_required_stands_beside_properties() -> None:
    """The root is refused; an inner schema is a warning; one with a reference is left alone."""
    request = with_parameters(type="object", required=[])
    assert hits("required-without-properties", request) == [Hit((*PARAMETERS, "required"), KEY)]
    inner = with_parameters(type="object", properties={"a": {"required": []}, "b": {"required": [], "$ref": "#"}})
    place = (*PARAMETERS, "properties", "a", "required")
    assert hits("required-without-properties", inner) == [Hit(place, KEY, severity=WARNING)]
    assert hits("required-without-properties", with_parameters(required=["a"], properties={})) == []
    assert hits("required-without-properties", with_parameters(properties={"required": {}})) == []


def test_items_are_one_schema() -> None:
    """A property may be called items."""
    assert hits("items-as-list", with_parameters(properties={"items": {"items": {}}})) == []
    found = hits("items-as-list", with_parameters(properties={"items": {"items": [{}]}}))
    assert found == [Hit((*PARAMETERS, "properties", "items", "items"))]


def test_a_type_stands_in_the_branches_of_a_union() -> None:
    """Either of the two is fine alone."""
    both = {"type": "string", "anyOf": [{"type": "string"}]}
    found = hits("type-beside-union", with_parameters(properties={"a": both, "b": {"anyOf": []}, "type": {}}))
    assert found == [Hit((*PARAMETERS, "properties", "a", "type"), KEY)]


@pytest.mark.parametrize(
    ("schema", "keywords"),
    [
        ({"$ref": "#/$defs/d", "description": "x", "title": "t"}, ["description"]),
        ({"$ref": "#/$defs/d", "description": "d"}, []),
        ({"$ref": "#/$defs/d"}, []),
        ({"$ref": "#/$defs/e", "description": "x"}, []),
        ({"$ref": "#/$defs/f", "description": "x"}, []),
        ({"$ref": "#", "description": "x"}, []),
        ({"$ref": 1, "description": "x"}, []),
        ({"description": "x"}, []),
    ],
)
def test_a_keyword_agrees_with_the_definition(schema: dict[str, Any], keywords: list[str]) -> None:
    """Only a keyword that the definition has with another value is in conflict."""
    definitions = {"d": {"description": "d", "type": "string"}, "e": {"type": "string"}, "f": True}
    found = hits(
        "keyword-in-conflict-with-reference", with_parameters(properties={"a": schema}, **{"$defs": definitions})
    )
    place = (*PARAMETERS, "properties", "a")
    assert found == [Hit((*place, keyword), KEY, {"keyword": keyword}) for keyword in keywords]


def test_parameters_are_nested_up_to_the_limit() -> None:
    """Properties, items and additional properties lead deeper, branches and names do not."""
    two = {"properties": {"items": {"anyOf": [{"type": "string"}]}}}
    assert hits("too-deep-parameters", with_parameters(**two), nesting_limit=2) == []
    [found] = hits("too-deep-parameters", with_parameters(**two), nesting_limit=1)
    assert found == Hit((*PARAMETERS, "properties", "items"), facts={"limit": 1})
    three = {"properties": {"a": {"items": {"additionalProperties": {}}}}}
    [found] = hits("too-deep-parameters", with_parameters(**three), nesting_limit=3)
    assert found.place == (*PARAMETERS, "properties", "a", "items", "additionalProperties")
    assert hits("too-deep-parameters", with_parameters(**three)) == []


def test_the_schema_of_the_answer_has_no_refused_keyword() -> None:
    """At any depth; without a schema there is nothing to find."""
    schema = {"properties": {"a": {"minItems": 1, "maxItems": 2}, "minItems": {}}}
    request = {"response_format": {"type": "json_schema", "json_schema": {"schema": schema}}}
    place = ("response_format", "json_schema", "schema", "properties", "a")
    found = hits("unsupported-answer-keyword", request, answer_keywords_refused=["minItems"])
    assert found == [Hit((*place, "minItems"), KEY, {"keyword": "minItems"})]
    assert hits("unsupported-answer-keyword", request) == []
    for form in (None, "text", {"json_schema": None}, {"json_schema": {"schema": True}}):
        assert hits("unsupported-answer-keyword", {"response_format": form}, answer_keywords_refused=["a"]) == []


# -------------------------------------------------------------------------------------------------------- of secrets


def test_the_key_of_a_data_source_is_a_credential() -> None:
    """A key of Azure's search has no form of its own, so its place tells."""
    key = "".join(Random(15).choices("0123456789abcdef", k=32))  # noqa: S311 - repeatable on purpose, and a key of nobody
    shown = {"type": "api_key", "key": key}
    source = {"type": "azure_search", "parameters": {"endpoint": "x", "index_name": "y", "authentication": shown}}
    [found] = check({"messages": [USER], "data_sources": [source]}, "azure-openai")
    assert (found.rule, found.pointer) == (
        "credential-in-request",
        "/data_sources/0/parameters/authentication/key",
    )
    assert key not in found.message
    shown["key"] = "your-key-here"
    assert check({"messages": [USER], "data_sources": [source]}, "azure-openai") == []
