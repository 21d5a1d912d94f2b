"""Tools that stand in a document without a request: which are known, and where their findings are."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqlint import Linter, check
from reqlint.containers.finder import find_requests
from reqlint.core.pointer import from_pointer, to_pointer, value_at
from reqlint.dialects.tool_forms import tools_in
from reqlint.knowledge.catalog import shipped
from reqlint.run.scope import Scope
from tests.conftest import ROOT
from tests.strategies import tool_schemas
from tests.strategies._tools import WRAPPED, WRITTEN
from tests.support.scratch import Scratch

SCHEMA = {"type": "object", "properties": {"guests": {"type": "array"}}}
ABOUT = {"name": "seat_guests", "description": "Find a table for guests"}
GEMINI_SCHEMA = {
    "type": "OBJECT",
    "properties": {"guests": {"type": "ARRAY", "maxItems": "12", "items": {"type": "STRING", "nullable": True}}},
}
PLACE_OF_SCHEMA = {
    "MCP": "inputSchema",
    "Chat Completions": "function/parameters",
    "the Responses API": "parameters",
    "Anthropic": "input_schema",
    "Gemini": "parametersJsonSchema",
    "Bedrock": "toolSpec/inputSchema/json",
}
PROFILE_OF_FORM = {"Anthropic": "anthropic", "Gemini": "gemini", "Bedrock": "bedrock-converse"}
PLACE_OF_TOOL = {"array": "", "object": "/tools", "page": "/tools", "message": "/result/tools"}
TOOLS = {form: write(ABOUT, SCHEMA) for form, write in WRITTEN.items()}


def pointers(value: Any, profile: str = "openai", **options: Any) -> list[tuple[str, str]]:
    """Return rule and pointer of each finding in *value*, written as JSON."""
    return [(f.rule, f.pointer) for f in Linter(profile).check_text(json.dumps(value), "tools.json", **options)]


@pytest.mark.parametrize("wrapping", WRAPPED)
@pytest.mark.parametrize("form", WRITTEN)
def test_tools_are_judged_at_their_own_places(form: str, wrapping: str) -> None:
    """In every form and wrapping, in JSON, JSON Lines, YAML and as a value, a finding is where the mistake is."""
    value = WRAPPED[wrapping]([WRITTEN[form](ABOUT, {"type": "object", "properties": {}}), TOOLS[form]])
    assert tools_in(value) is not None
    if form == "Gemini" and wrapping == "array":
        value[0]["parameters"] = GEMINI_SCHEMA  # both forms of a schema in one array
    expected = f"{PLACE_OF_TOOL[wrapping]}/1/{PLACE_OF_SCHEMA[form]}/properties/guests"
    text = json.dumps(value)
    for name in ("tools.json", "tools.jsonl", "tools.yaml"):
        report = Linter("openai").check_text(text, name)
        assert (report.requests, report.tools) == (0, 2)
        assert [(f.rule, f.pointer) for f in report if f.rule == "array-without-items"] == [
            ("array-without-items", expected)
        ], name
        [found] = [f for f in report if f.rule == "array-without-items"]
        assert found.region is not None
        assert json.loads(text[found.region.start : found.region.end]) == {"type": "array"}
    assert [f.pointer for f in check(value, "openai") if f.rule == "array-without-items"] == [expected]


@pytest.mark.parametrize("form", WRITTEN)
def test_one_tool_is_judged(form: str) -> None:
    """A tool that stands alone is judged as one of a list is."""
    if form == "Gemini":
        assert tools_in(TOOLS[form]) is not None
    assert pointers(TOOLS[form]) == [("array-without-items", f"/{PLACE_OF_SCHEMA[form]}/properties/guests")]


@pytest.mark.parametrize("key", ["functionDeclarations", "function_declarations"])
@pytest.mark.parametrize(
    "wrap", [lambda tool: tool, lambda tool: [tool, {"googleSearch": {}}], lambda tool: {"tools": [tool]}]
)
def test_declarations_of_gemini_are_read_in_its_types(key: str, wrap: Any) -> None:
    """Types in upper case and numbers in strings are no mistakes; what is wrong in any schema is."""
    broken = {**GEMINI_SCHEMA, "required": ["guest"]}
    value = wrap({key: [{**ABOUT, "parameters": GEMINI_SCHEMA}, {"name": "b", "parameters": broken}]})
    report = Linter().check_text(json.dumps(value), "tools.json")
    assert report.judged_by == (("gemini", "form of Gemini", 2),)
    [found] = report
    assert found.rule == "undeclared-required-property"
    assert value_at(value, from_pointer(found.pointer, value)) == "guest"


@pytest.mark.parametrize(
    ("form", "profile"),
    [(form, PROFILE_OF_FORM.get(form, "openai")) for form in WRITTEN],
)
def test_the_form_chooses_the_profile(form: str, profile: str) -> None:
    """A form that one vendor has is judged by its profile, any other by OpenAI's."""
    report = Linter().check_text(json.dumps([TOOLS[form]]), "tools.json")
    assert report.judged_by == ((profile, f"form of {form}", 1),)
    named = Linter("dashscope").check_text(json.dumps([TOOLS[form]]), "tools.json")
    assert named.judged_by == (("dashscope", "", 1),)


CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
OTHERS: dict[str, Any] = {
    "a package": {"name": "a", "version": "1.0.0", "tools": ["eslint"], "dependencies": {}},
    "a package with tools": {"name": "a", "version": "1.0.0", "tools": [TOOLS["MCP"]]},
    "settings": {"tools": {"allowed": ["Bash"]}, "permissions": {}},
    "settings with a list": {"tools": [{"name": "Bash", "enabled": True}], "theme": "dark"},
    "an agent": {"name": "a", "instructions": "Be brief.", "tools": [TOOLS["MCP"]], "model": "gpt-4o"},
    "an agent with names": {"name": "a", "description": "b", "tools": ["read", "write"]},
    "an assistant": {"model": "gpt-4o", "instructions": "Be brief.", "tools": [TOOLS["Chat Completions"]]},
    "a server": {"name": "a", "description": "b", "version": "1", "inputSchema": SCHEMA},
    "a call": CALL,
    "calls": [CALL, CALL],
    "a choice": {"type": "function", "function": {"name": "f"}},
    "a schema": SCHEMA,
    "schemas": [SCHEMA, SCHEMA],
    "a schema of 2020": {"$schema": "https://json-schema.org/draft/2020-12/schema", **SCHEMA},
    "an action": {"name": "a", "description": "b", "inputs": {}, "parameters": {"type": "object"}},
    "parameters that are a list": {"name": "a", "description": "b", "parameters": [{"name": "c"}]},
    "names": [{"name": "a"}, {"name": "b"}],
    "people": [{"name": "a", "type": "person"}, {"name": "b", "type": "person"}],
    "an empty list": {"tools": []},
    "another message": {"jsonrpc": "2.0", "id": 1, "result": {"tools": {}}},
    "a request for tools": {"jsonrpc": "2.0", "id": 1, "method": "tools/list"},
    "mostly others": [TOOLS["MCP"], {"name": "a"}, {"name": "b"}, {"name": "c"}],
    "a request": {"model": "gpt-4o", "messages": [], "tools": [TOOLS["Chat Completions"]]},
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_file_is_never_a_tool_list_by_accident(name: str) -> None:
    """Packages, settings, agents, calls and schemas are no tool lists, and no finding is made of them in a folder."""
    value = OTHERS[name]
    assert tools_in(value) is None
    assert all(envelope.tools is None for envelope in find_requests(value))
    if name != "a request":
        report = _walked(value)
        assert not list(report)
        assert report.skipped


def _walked(value: Any) -> Any:
    from reqlint.text.sources import Source

    return Linter().check_source(Source("a.json", None, json.dumps(value).encode()), scope=Scope.FOUND)


def test_what_the_user_says_is_believed() -> None:
    """With kind ``tools`` or ``schema`` a value is that, whatever surrounds it."""
    assert pointers(OTHERS["an agent"], kind="tools") == [
        ("array-without-items", "/tools/0/inputSchema/properties/guests")
    ]
    assert pointers({"name": "a b"}, kind="tools") == [("malformed-tool-name", "/name")]
    assert pointers({"functions": [{"name": "a", "parameters": SCHEMA}]}, kind="tools") == [
        ("array-without-items", "/functions/0/parameters/properties/guests")
    ]
    assert pointers(SCHEMA, kind="schema") == [("array-without-items", "/properties/guests")]
    assert pointers([SCHEMA, {"type": "object", "properties": {}}, SCHEMA], kind="schema") == [
        ("array-without-items", "/0/properties/guests"),
        ("array-without-items", "/2/properties/guests"),
    ]
    for kind in ("schema", "tools"):
        for odd in (3, "x", True):
            assert pointers(odd, kind=kind) == [("wrong-type", "")]
        assert [pointer for _, pointer in pointers(None, kind=kind)] == [""]
        assert Linter().check_text("[]", "a.json", kind=kind).skipped == (("a.json", "holds no request"),)
    assert _walked({"functionDeclarations": []}).skipped
    report = Linter().check_text(json.dumps(SCHEMA), "a.json")
    assert report.skipped == (("a.json", "holds 1 JSON Schema"),)


def test_a_malformed_tool_hides_nothing_in_the_others() -> None:
    """Every tool is judged, and names are compared, whatever is wrong with the others."""
    tools = [
        {"name": "a b", "inputSchema": SCHEMA},
        {"name": "c", "inputSchema": SCHEMA},
        {"name": "c", "inputSchema": 3},
        {"description": "d", "inputSchema": {"type": "object", "properties": {}}},
    ]
    report = Linter().check_text(json.dumps({"tools": tools}), "tools.json")
    assert [(f.rule, f.pointer) for f in report] == [
        ("malformed-tool-name", "/tools/0/name"),
        ("array-without-items", "/tools/0/inputSchema/properties/guests"),
        ("array-without-items", "/tools/1/inputSchema/properties/guests"),
        ("duplicate-tool-name", "/tools/2/name"),
        ("wrong-type", "/tools/2/inputSchema"),
        ("missing-field", "/tools/3"),
    ]
    assert report.findings[3].related[0].pointer == "/tools/1/name"
    assert report.findings[4].message.startswith("inputSchema is 3;")
    assert report.findings[5].message == "the tool has no name"


def test_the_list_has_its_own_limits() -> None:
    """Too many tools are a finding against the list; hosted tools are none of ours."""
    tools = [
        {"type": "function", "name": f"f{n}", "parameters": {"type": "object", "properties": {}}} for n in range(129)
    ]
    assert pointers({"tools": [*tools, {"type": "web_search"}]}) == [("too-many-tools", "/tools")]
    assert pointers([*tools[:128], {"type": "web_search"}]) == []


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(WRITTEN)), tool_schemas(), st.sampled_from(["seat", "a b", "", "x" * 80]), st.booleans())
def test_a_tool_has_the_findings_it_has_in_a_request(form: str, schema: Any, name: str, strict: bool) -> None:
    """For any schema, in any form, under chat profiles: what a request with the tool has there, the tool has alone."""
    about = {"name": name, "description": "d", "strict": strict}
    alone = WRITTEN[form](about, schema)
    request = {
        "model": "gpt-4o",
        "messages": [{"role": "user", "content": "-"}],
        "tools": [WRITTEN["Chat Completions"](about, schema)],
    }
    inside = "/tools/0/function/"
    for profile in shipped().profiles_in("openai-chat"):
        expected = sorted(
            (f.rule, str(f.severity), _in_form(f.pointer[len(inside) :], form))
            for f in Linter(profile).check(request)
            if f.pointer.startswith(inside)
        )
        kind = None if isinstance(schema, dict) else "tools"  # which is not seen without a schema
        found = Linter(profile).check_text(json.dumps([alone]), "tools.json", kind=kind)
        assert sorted((f.rule, str(f.severity), f.pointer) for f in found) == expected, profile
        assert all(f.region is not None for f in found)


NATIVE: dict[str, tuple[str, dict[str, Any], str]] = {
    "anthropic": ("Anthropic", {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "-"}]}, ""),
    "openai-responses": ("the Responses API", {"model": "m", "input": "-"}, ""),
    "gemini": ("Gemini", {"contents": [{"role": "user", "parts": [{"text": "-"}]}]}, "/0/functionDeclarations"),
}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(NATIVE)), tool_schemas(), st.sampled_from(["seat", "a b", "", "x" * 200]), st.booleans())
def test_a_tool_of_another_shape_has_the_findings_it_has_there(
    profile: str, schema: Any, name: str, strict: bool
) -> None:
    """The same holds for profiles of other wire shapes, with tools in the form that their requests have."""
    form, request, inside = NATIVE[profile]
    tool = WRITTEN[form]({"name": name, "description": "d", **({} if form == "Gemini" else {"strict": strict})}, schema)
    tools = [{"functionDeclarations": [tool]}] if inside else [tool]
    place = f"/tools{inside}/0/"
    expected = sorted(
        (f.rule, str(f.severity), f"/0/{f.pointer[len(place) :]}")
        for f in Linter(profile).check({**request, "tools": tools})
        if f.pointer.startswith(place)
    )
    kind = None if isinstance(schema, dict) else "tools"  # which is not seen without a schema
    found = Linter(profile).check_text(json.dumps([tool]), "tools.json", kind=kind)
    assert sorted((f.rule, str(f.severity), f.pointer) for f in found if f.pointer.startswith("/0/")) == expected


def _in_form(inner: str, form: str) -> str:
    holder = {"Chat Completions": "/0/function/", "Bedrock": "/0/toolSpec/"}.get(form, "/0/")
    if inner == "parameters" or inner.startswith("parameters/"):
        return f"/0/{PLACE_OF_SCHEMA[form]}{inner[len('parameters') :]}"
    return holder + inner


@settings(max_examples=60, deadline=None)
@given(st.recursive(st.none() | st.integers() | st.text(max_size=5) | st.sampled_from(["OBJECT", "function", "f"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["tools", "name", "type", "function", "parameters", "inputSchema", "input_schema", "functionDeclarations",
         "properties", "items", "jsonrpc", "result", "description", "strict", "maxItems"]), inner, max_size=4),
    max_leaves=15))  # fmt: skip
def test_no_value_of_such_keys_makes_it_raise(value: Any) -> None:
    """Any value of a tool list's keys has a report, whatever it is said to be, and every pointer leads somewhere."""
    for kind in (None, "tools", "schema"):
        report = Linter().check_text(json.dumps(value), "a.json", kind=kind)
        for finding in report:
            place = from_pointer(finding.pointer, value)
            value_at(value, place)
            assert to_pointer(place) == finding.pointer


def test_no_fix_is_offered() -> None:
    """A list of tools is another program's; it is never edited."""
    tools = [
        {**TOOLS["Chat Completions"], "type": "function", "x": None},
        {"function": {"name": "a b", "strict": True}},
    ]
    for value in (tools, {"tools": tools}, [WRITTEN["MCP"]({"name": "a b"}, SCHEMA)]):
        for profile in shipped().profile_names:
            report = Linter(profile).check_text(json.dumps(value), "a.json", kind="tools")
            assert all(finding.fix is None for finding in report)


def test_a_finding_keeps_its_fingerprint() -> None:
    """Tools before it leave a fingerprint as it is; the same mistake in another tool has another one."""
    one, two = ({"name": name, "inputSchema": SCHEMA} for name in ("one", "two"))

    def prints(tools: list[Any]) -> list[str]:
        return [f.fingerprint for f in Linter().check_text(json.dumps({"tools": tools}), "a.json")]

    first, second = prints([one, two])
    assert first != second
    assert prints([two]) == [second]
    assert prints([{"name": "new", "inputSchema": {"type": "object", "properties": {}}}, two, one]) == [second, first]


def test_a_comment_silences_it_and_select_chooses() -> None:
    """Suppressions in YAML and selected rules work as in requests."""
    text = (
        "tools:\n- name: seat\n  inputSchema:\n    type: object\n    properties:\n"
        "      guests: {type: array}  # reqlint: ignore[array-without-items] old clients\n"
        "- name: a b\n  inputSchema: {}\n"
    )
    report = Linter().check_text(text, "tools.yaml")
    assert {(f.rule, f.suppressed) for f in report if f.rule == "array-without-items"} == {
        ("array-without-items", True)
    }
    assert {f.rule for f in Linter(select=["malformed-tool-name"]).check_text(text, "tools.yaml")} == {
        "malformed-tool-name"
    }


def test_a_folder_counts_its_tools(scratch: Scratch) -> None:
    """In a folder tool lists are found and counted; what is none is passed over by name."""
    scratch.write("tools/mcp.json", json.dumps({"tools": [TOOLS["MCP"]] * 7}))
    scratch.write("tools/openai.yaml", json.dumps([TOOLS["Chat Completions"]] * 5))
    scratch.write("tools/schema.json", json.dumps(SCHEMA))
    scratch.write("tools/call.json", json.dumps(OTHERS["a request for tools"]))
    ran = scratch.run("check", "--isolated", "--output-format", "json", "tools")
    summary = json.loads(ran.out)["summary"]
    assert (summary["files"], summary["requests"], summary["tools"]) == (2, 0, 12)
    assert {(each["what"], each["of"]) for each in summary["passed_over"]} == {
        ("document", "JSON Schema"),
        ("request", "an MCP server"),
    }
    ran = scratch.run("check", "--isolated", "--select", "malformed-tool-name", "tools")
    assert "No findings in 12 tools (2 files)" in ran.out
    assert "12 tools: 2 forms" in ran.out
    ran = scratch.run("check", "--isolated", "--as", "schema", "tools/schema.json")
    assert "array-without-items" in ran.out
    ran = scratch.run("check", "--isolated", "tools/schema.json")
    assert "hint: pass --as schema" in ran.err


def test_a_baseline_accepts_its_findings(scratch: Scratch) -> None:
    """A baseline is made of a folder of tools, and holds when a tool is added; an audit leaves tools out."""
    new = {"name": "new", "inputSchema": {"type": "object", "properties": {}}}
    scratch.write("tools.json", json.dumps({"tools": [TOOLS["MCP"]]}))
    made = scratch.run("baseline", "create", "tools.json")
    assert "accepts 1 finding in 1 file; 1 tool judged" in made.out
    scratch.write("tools.json", json.dumps({"tools": [new, TOOLS["MCP"]]}))
    ran = scratch.run("check", "--baseline", "reqlint-baseline.json", "tools.json")
    assert (ran.code, "1 in the baseline" in ran.out) == (0, True)
    assert "no recorded requests found" in scratch.run("audit", "tools.json").err


def test_the_page_shows_what_is_known() -> None:
    """Every JSON text on the page of tool lists is one, without findings; and its example prints what it says."""
    page = (ROOT / "docs/tool-lists.md").read_text("utf-8")
    shown = re.findall(r"```json\n(.*?)```", page, re.S)
    reports = [Linter().check_text(text, "a.json") for text in shown]
    assert [(report.tools, list(report)) for report in reports] == [(1, [])] * len(shown)
    forms = {why.removeprefix("form of ") for report in reports for _, why, _ in report.judged_by}
    assert forms == {*WRITTEN, "a function"}
    for finding in Linter().check_file(ROOT / "examples/tools/restaurant-server.json"):
        assert finding.region is not None
        line = f"{finding.region.line}:{finding.region.column}: {finding.rule} {finding.severity} {finding.message}"
        assert f"restaurant-server.json:{line} [{finding.pointer}]" in page
