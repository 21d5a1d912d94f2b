"""Profiles of servers that are known by how they take tools, and else by what all of OpenAI's shape have in common."""

from typing import Any

import pytest

from reqlint import check
from reqlint.knowledge.catalog import shipped

COMMON = "openai-compatible"
SMALL = [name for name in shipped().profile_names if shipped().summaries[name].extends == COMMON]
TEXT = {"type": "string"}
ROWS: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("a.b", TEXT, {"cerebras": "error malformed-tool-name"}),
    ("2 much/" * 20, TEXT, {}),
    ("f", {"type": ["string", "null"]}, {"ollama": "warning list-of-types"}),
    ("f", {"description": "Any"}, {"fireworks": "error untyped-property"}),
    ("f", {"$ref": "#/$defs/x"}, {"fireworks": "error dangling-reference"}),
    ("f", {"type": "string", "pattern": "^[(?!]+$"}, {}),
    ("f", {**TEXT, "required": True}, dict.fromkeys(SMALL, "warning boolean-required")),
]


def found(profile: str, *tools: dict[str, Any], **members: Any) -> list[str]:
    """Return severity and rule of every finding in a request with tools and further members."""
    offered = {"tools": [{"type": "function", "function": tool} for tool in tools]} if tools else {}
    request = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], **offered, **members}
    return [f"{finding.severity} {finding.rule}" for finding in check(request, profile)]


def tool(name: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a function with one argument."""
    parameters = {"type": "object", "properties": {"x": schema}}
    return {"name": name, "description": "Do it", "parameters": parameters, **more}


def test_these_are_the_servers() -> None:
    """None of them is chosen by an address or a model, which are those of the common profile."""
    assert SMALL == ["cerebras", "fireworks", "lmstudio", "ollama"]
    for summary in map(shipped().summaries.__getitem__, SMALL):
        assert (summary.endpoints, summary.models) == ((), ())


@pytest.mark.parametrize("profile", SMALL)
@pytest.mark.parametrize(("name", "schema", "refused"), ROWS)
def test_each_server_takes_tools_as_it_was_seen_to(
    name: str, schema: dict[str, Any], refused: dict[str, str], profile: str
) -> None:
    """What one refuses the others take, as far as it is known."""
    assert found(profile, tool(name, schema)) == ([refused[profile]] if profile in refused else [])


@pytest.mark.parametrize("profile", SMALL)
def test_one_of_them_wants_properties_where_there_are_no_arguments(profile: str) -> None:
    """The others take an object without them."""
    expected = ["error object-without-properties"] if profile == "lmstudio" else []
    assert found(profile, {"name": "f", "description": "Do it", "parameters": {"type": "object"}}) == expected


@pytest.mark.parametrize("profile", ["vllm", "llama.cpp"])
def test_what_local_servers_were_run_with_is_taken(profile: str) -> None:
    """Tools of one name; these two were measured, and have their own tests."""
    assert found(profile, tool("f", TEXT), tool("f", TEXT)) == []


def test_a_strict_tool_has_closed_objects_for_cerebras() -> None:
    """With strict, and without it nothing is asked."""
    assert found("cerebras", tool("f", TEXT, strict=True)) == ["error open-strict-schema"]
    assert found("cerebras", tool("f", TEXT)) == []


@pytest.mark.parametrize("profile", SMALL)
def test_everything_else_is_judged_as_for_all_servers_of_the_shape(profile: str) -> None:
    """Parameters and messages have the same findings."""
    for members in (
        {},
        {"messages": "Hi"},
        {"temperature": "hot", "top_logprobs": 2, "max_tokens": 1, "max_completion_tokens": 2},
        {"stream_options": {"include_usage": True}, "tool_choice": "auto", "made_up": 1},
        {"messages": [{"role": "tool", "tool_call_id": "c", "content": None}, {"role": 1}]},
    ):
        assert found(profile, **members) == found(COMMON, **members)


@pytest.mark.parametrize("profile", ["sglang", COMMON, *SMALL])
@pytest.mark.parametrize("schema", [True, False])
def test_a_schema_that_is_true_or_false_is_taken(profile: str, schema: bool) -> None:
    """SGLang takes it, so not all servers of the shape refuse it; a text in its place is refused by all."""
    offered = {"name": "f", "description": "Do it", "parameters": schema}
    assert found(profile, offered) == []
    assert found(profile, {**offered, "parameters": "{}"}) != []
