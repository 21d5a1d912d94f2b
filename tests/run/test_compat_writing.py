"""Tools written in the form of another API: nothing that the form has a place for is changed, the rest is named."""

import json
import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqlint.containers.finder import find_requests
from reqlint.core.findings import Severity
from reqlint.run.compat.writing import TARGETS, Change, FoundTools, ToldChange, write_in
from reqlint.run.linter import Linter
from reqlint.text.documents import read_documents
from reqlint.text.forms import detect_form
from reqlint.text.json.layout import laid_out
from reqlint.text.sources import Source
from tests.strategies._tools import tool_list

PROFILES = {
    "openai": "openai",
    "responses": "openai-responses",
    "anthropic": "anthropic",
    "gemini": "gemini",
    "bedrock": "bedrock-converse",
}


def found_in(text: str, name: str = "tools.json") -> list[FoundTools]:
    """Return the lists of tools in a text."""
    source = Source(name, None, text.encode())
    return [
        FoundTools(name, document, envelope.tools)
        for document in read_documents(source, detect_form(source))
        for envelope in find_requests(document.value)
        if envelope.tools is not None
    ]


def written(text: str, form: str, prefix: str = "", name: str = "tools.json") -> tuple[str, Sequence[ToldChange]]:
    """Return what the tools of a text are in a form, and what was changed."""
    return write_in(TARGETS[form], found_in(text, name), lambda _: prefix)


def told(text: str, form: str) -> dict[tuple[Change, str], tuple[str, ...]]:
    """Return what was changed, by kind and member."""
    return {(change.change, change.member): change.tools for change in written(text, form)[1]}


# -------------------------------------------------------------------------------------------------- nothing is changed

NUMBERS = st.sampled_from(["0", "-0", "1.50", "1E2", "1e-07", "12345678901234567890", "0.1000", "-1.0"])
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=8).map(json.dumps),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8).map(
        lambda text: json.dumps(text, ensure_ascii=False)
    ),
    st.sampled_from([r'"\u0041\/"', '"{"', '"],"', r'"\\"', r'"\""', '"a:b"', '"\\ud83d\\ude00"']),
)
GAPS = st.sampled_from(["", " ", "\n", "\t \r\n"])


def _object(pairs: Sequence[tuple[str, str]], gap: str) -> str:
    unique = {json.loads(key): (key, value) for key, value in pairs}
    return "{" + gap + f",{gap}".join(f"{key}{gap}:{value}" for key, value in unique.values()) + gap + "}"


VALUES: st.SearchStrategy[str] = st.recursive(
    st.one_of(NUMBERS, TEXTS, st.sampled_from(["true", "false", "null"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.builds(_object, st.lists(st.tuples(TEXTS, inner), max_size=3), GAPS),
    ),
    max_leaves=12,
)
SCHEMAS = st.builds(_object, st.lists(st.tuples(TEXTS, VALUES), max_size=4), GAPS)


@st.composite
def mcp_lists(draw: st.DrawFn) -> str:
    """Return the text of a list of MCP's tools, with nothing but what every form has a place for."""
    tools = []
    for _ in range(draw(st.integers(1, 3))):
        description = draw(st.one_of(st.none(), TEXTS))
        between = f',"description":{description}' if description is not None else ""
        tools.append(f'{{"name":{draw(TEXTS)}{between}, "inputSchema":{draw(SCHEMAS)}}}')
    return "[" + draw(GAPS).join([",".join(tools)]) + "]"


@pytest.mark.parametrize("form", TARGETS)
@given(text=mcp_lists())
def test_there_and_back_each_word_is_as_it_was(form: str, text: str) -> None:
    """From MCP to any form and back: names, descriptions and schemas have the same strings, numbers and order."""
    there, changes = written(text, form)
    assert {each.change for each in changes} <= {Change.LENIENT, Change.NAME}
    again, changes = written(there, "mcp")
    assert {(each.change, each.member) for each in changes} <= {(Change.MEMBER, "strict"), (Change.NAME, "")}
    assert again == laid_out(text)


@given(value=VALUES)
def test_a_layout_changes_no_value(value: str) -> None:
    """Laid out, a text has the same values, and laid out again, the same text."""
    out = laid_out(value)
    assert json.loads(out) == json.loads(value)
    assert laid_out(out) == out


@pytest.mark.parametrize("form", PROFILES)
def test_what_passes_passes_in_its_new_form(form: str) -> None:
    """Tools that the profile of an API has nothing against are right when they are written as that API's."""
    linter = Linter(PROFILES[form])
    passed = 0
    for seed in range(300):
        text = json.dumps(tool_list(random.Random(seed)))  # noqa: S311 - the same in every run
        if not found_in(text) or _errors(linter, text):
            continue
        there, _ = written(text, form)
        assert not _errors(linter, there), (seed, text, there)
        passed += 1
    assert passed > 10


def _errors(linter: Linter, text: str) -> list[str]:
    report = linter.check_text(text, source="tools.json")
    return [finding.rule for finding in report.findings if finding.severity is Severity.ERROR]


# ------------------------------------------------------------------------------------------------- what is lost is told

MCP = {
    "name": "find",
    "title": "Find",
    "description": "-",
    "inputSchema": {"type": "object", "properties": {}},
    "outputSchema": {"type": "object"},
    "annotations": {"readOnlyHint": True},
    "icons": [],
    "_meta": {},
}


@pytest.mark.parametrize("form", PROFILES)
def test_each_member_without_a_place_is_told(form: str) -> None:
    """Whatever MCP has and another form has not is named with the tools that lose it; MCP itself loses nothing."""
    other = {**MCP, "name": "other", "title": "Other"}
    lost = {member for change, member in told(json.dumps([MCP, other]), form) if change is Change.MEMBER}
    assert lost == MCP.keys() - {"name", "description", "inputSchema"}
    assert told(json.dumps([MCP, other]), form)[Change.MEMBER, "title"] == ("find", "other")
    assert told(json.dumps([MCP]), "mcp") == {}
    assert json.loads(written(json.dumps([MCP]), "mcp")[0]) == [MCP]


SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}


@pytest.mark.parametrize(
    ("tool", "form", "changes"),
    [
        ({"type": "function", "function": {"name": "f", "parameters": SCHEMA, "strict": True}}, "responses", []),
        ({"type": "function", "name": "f", "parameters": SCHEMA, "strict": True}, "openai", []),
        ({"type": "function", "name": "f", "parameters": SCHEMA, "strict": True}, "anthropic", [Change.STRICT]),
        ({"type": "function", "name": "f", "parameters": SCHEMA, "strict": True}, "gemini", [Change.MEMBER]),
        ({"name": "f", "input_schema": SCHEMA, "strict": True}, "openai", [Change.STRICT]),
        ({"name": "f", "input_schema": SCHEMA, "strict": True}, "responses", [Change.STRICT, Change.LENIENT]),
        ({"name": "f", "input_schema": SCHEMA, "cache_control": {"type": "ephemeral"}}, "mcp", [Change.MEMBER]),
        ({"name": "f", "input_schema": SCHEMA, "input_examples": []}, "bedrock", [Change.MEMBER]),
        ({"name": "f", "inputSchema": SCHEMA}, "responses", [Change.LENIENT]),
        ({"type": "function", "function": {"name": "f", "description": "-"}}, "mcp", [Change.SCHEMA]),
        ({"type": "function", "function": {"name": "f", "description": "-"}}, "anthropic", [Change.SCHEMA]),
        ({"type": "function", "function": {"name": "f", "description": "-"}}, "bedrock", [Change.SCHEMA]),
        ({"type": "function", "function": {"name": "f", "description": "-"}}, "gemini", []),
        ({"type": "function", "function": {"name": "f", "description": "", "x": 1}, "y": 2}, "mcp",
         [Change.SCHEMA, Change.MEMBER, Change.MEMBER]),
        ({"toolSpec": {"name": "f", "inputSchema": {"json": SCHEMA}}}, "mcp", []),
    ],
)  # fmt: skip
def test_each_change_is_told(tool: dict[str, Any], form: str, changes: list[Change]) -> None:
    """A member that another API has, too, goes along; for what means something else there, a change is told."""
    assert [change for change, _ in told(json.dumps([tool]), form)] == changes
    there, _ = written(json.dumps([tool]), form)
    assert ("strict" in there) == (Change.LENIENT in changes or ('"strict"' in json.dumps(tool) and not changes))


def test_what_an_api_runs_itself_is_no_function_elsewhere() -> None:
    """Such a tool stays at its place in its own form, and is named where it is left out."""
    tools = [
        {"name": "f", "input_schema": SCHEMA},
        {"type": "web_search_20250305", "name": "web_search"},
        {"name": "g", "input_schema": SCHEMA},
    ]
    assert json.loads(written(json.dumps(tools), "anthropic")[0]) == tools
    assert told(json.dumps(tools), "mcp") == {(Change.TOOL, ""): ("web_search",)}
    chat = [
        {"type": "function", "function": {"name": "f", "parameters": SCHEMA}},
        {"type": "custom", "custom": {"name": "c"}},
    ]
    assert json.loads(written(json.dumps(chat), "openai")[0]) == chat
    assert told(json.dumps(chat), "mcp") == {(Change.TOOL, ""): ("custom",)}
    gemini = [
        {"functionDeclarations": [{"name": "f", "parametersJsonSchema": SCHEMA}], "googleSearch": {}},
        {"urlContext": {}},
    ]
    there = json.loads(written(json.dumps(gemini), "gemini")[0])
    assert there == [
        {"functionDeclarations": gemini[0]["functionDeclarations"]},
        {"googleSearch": {}},
        {"urlContext": {}},
    ]
    assert told(json.dumps(gemini), "openai") == {(Change.TOOL, ""): ("googleSearch", "urlContext")}


def test_the_own_schemas_of_gemini_become_json_schema() -> None:
    """Their types in capitals are written small for others, which is told, and stay for Gemini."""
    own = {"type": "OBJECT", "properties": {"a": {"type": "STRING", "maxLength": "5"}}}
    text = json.dumps([{"functionDeclarations": [{"name": "f", "parameters": own}]}])
    assert json.loads(written(text, "gemini")[0]) == json.loads(text)
    schema = {"type": "object", "properties": {"a": {"type": "string", "maxLength": 5}}}
    assert json.loads(written(text, "mcp")[0]) == [{"name": "f", "inputSchema": schema}]
    assert told(text, "mcp") == {(Change.TYPES, ""): ("f",)}


def test_names_get_their_prefix_in_every_form() -> None:
    """A prefix stands before each name, also of tools that are in the form already; equal names are told."""
    for form in TARGETS:
        there, changes = written(json.dumps([MCP, MCP]), form, "mcp__s__")
        assert there.count('"name": "mcp__s__find"') == 2
        assert ToldChange(Change.NAME, "", ("mcp__s__find",)) in changes
    chat = {"type": "function", "function": {"name": "f", "parameters": SCHEMA}}
    assert json.loads(written(json.dumps([chat]), "openai", "p_")[0])[0]["function"]["name"] == "p_f"


def test_yaml_is_written_as_json() -> None:
    """Tools that stand in YAML come out as JSON of the same values."""
    text = "- name: f\n  description: häuser\n  inputSchema: {type: object, properties: {n: {maximum: 1.5}}}\n"
    for form, prefix in (("mcp", ""), ("mcp", "p-"), ("openai", "p-")):
        there, _ = written(text, form, prefix, "tools.yaml")
        again = json.loads(written(there, "mcp")[0])
        schema = {"type": "object", "properties": {"n": {"maximum": 1.5}}}
        assert again == [{"name": f"{prefix}f", "description": "häuser", "inputSchema": schema}]
