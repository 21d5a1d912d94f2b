"""Edits of tools: what they settle, what they keep, and what they leave alone."""

# ruff: noqa: E501 - tables, read at a glance

import json
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reqlint.containers.envelope import Kind
from reqlint.judge.judge import Judge
from reqlint.run.compat.columns import columns
from reqlint.run.compat.judging import Compat
from reqlint.run.compat.repair import ToolRepair, repair_tools
from reqlint.run.compat.table import SharedFinding
from reqlint.run.linter import Linter
from reqlint.text.sources import Source
from tests.strategies._tool_faults import faulty_schema, fitting
from tests.strategies._tools import WRITTEN, tool_list

REQUIRED = (
    ("openai", "anthropic", "gemini"),
    ("openai-strict", "anthropic-strict"),
    ("gemini", "openai-strict"),
    ("vertex-gemini", "bedrock-converse", "moonshot"),
    ("gemini-json", "openai-responses", "xai", "groq"),
)


@lru_cache
def linter() -> Linter:
    """Return the linter of all tests here."""
    return Linter()


def judged(source: Source, names: Sequence[str], kind: Kind | None = None) -> Sequence[SharedFinding]:
    """Return the findings of a source in some columns."""
    run = Compat(linter().judges, columns(linter().judges, names))
    run.read(source, kind=kind)
    return run.finish().findings


def repaired(
    text: str, names: Sequence[str], *, unsafe: bool = False, kind: Kind | None = None, name: str = "tools.json"
) -> tuple[str, ToolRepair]:
    """Fix a text for some columns; return the new text as well."""
    source = Source(name, None, text.encode())
    found = columns(linter().judges, names)
    done = repair_tools(source, lambda text: judged(text, names, kind), found, unsafe=unsafe, kind=kind)
    return done.repair.source.read().decode(), done


def listing(*schemas: object, form: str = "MCP") -> dict[str, Any]:
    """Return a list of tools with these schemas."""
    tools = [WRITTEN[form]({"name": f"f{n}", "description": f"Does {n}."}, each) for n, each in enumerate(schemas)]
    return {"tools": tools}


def schema_after(schema: object, names: str, *, unsafe: bool = False) -> Any:
    """Return the schema of a tool after its fixes."""
    text, _ = repaired(json.dumps(listing(schema)), names.split(","), unsafe=unsafe)
    return json.loads(text)["tools"][0]["inputSchema"]


def of(schema: object, **more: object) -> dict[str, Any]:
    """Return the schema of parameters with one property."""
    return {"type": "object", "properties": {"a": schema}, "required": ["a"], **more}


WORD = {"type": "string"}
FAITHFUL = [
    ("openai", {"type": "object"}, {"type": "object", "properties": {}}),
    ("openai", {"properties": {"a": WORD}}, {"type": "object", "properties": {"a": WORD}}),
    ("openai", {"type": "object", "properties": None}, {"type": "object", "properties": {}}),
    ("openai", {**of(WORD), "required": None}, {"type": "object", "properties": {"a": WORD}}),
    ("gemini", of(WORD, **{"$schema": "http://json-schema.org/draft-07/schema#"}), of(WORD)),
    ("gemini", of(WORD, additionalProperties=True), of(WORD)),
    ("gemini", of({"const": "x"}), of({"type": "string", "enum": ["x"]})),
    ("gemini", of({"type": "integer", "const": 3}), of({"type": "integer", "minimum": 3, "maximum": 3})),
    ("gemini", of({"type": "integer", "exclusiveMinimum": 0}), of({"type": "integer", "minimum": 1})),
    ("gemini", of({"type": "integer", "exclusiveMaximum": 2.5}), of({"type": "integer", "maximum": 2})),
    (
        "anthropic",
        of({"type": "number", "minimum": 0, "exclusiveMinimum": True}),
        of({"type": "number", "exclusiveMinimum": 0}),
    ),
    ("gemini", of({"type": "integer", "enum": [2, 1, 3]}), of({"type": "integer", "minimum": 1, "maximum": 3})),
    (
        "gemini",
        of({"type": ["string", "null"], "description": "d"}),
        of({"anyOf": [WORD, {"type": "null"}], "description": "d"}),
    ),
    ("gemini", of({"type": ["string"]}), of(WORD)),
    (
        "xai",
        of({"type": "array", "items": [WORD, {"type": "integer"}]}),
        of({"type": "array", "prefixItems": [WORD, {"type": "integer"}]}),
    ),
    (
        "gemini",
        of({"type": "array", "prefixItems": [WORD, WORD], "maxItems": 2}),
        of({"type": "array", "items": WORD, "maxItems": 2}),
    ),
    (
        "gemini",
        of({"$ref": "#/$defs/X", "description": "Near."}, **{"$defs": {"X": {**WORD, "description": "Far."}}}),
        of({**WORD, "description": "Near. Far."}),
    ),
    ("gemini", of({"oneOf": [WORD, {"type": "integer"}]}), of({"anyOf": [WORD, {"type": "integer"}]})),
    ("gemini", of({"allOf": [WORD], "description": "d"}), of({**WORD, "description": "d"})),
    ("gemini", of({**WORD, "required": True}) | {"required": []}, of(WORD)),
    (
        "gemini",
        of({**WORD, "examples": ["Ulm"], "$comment": "c", "description": "Where"}),
        of({**WORD, "description": "Where. Examples: Ulm."}),
    ),
    ("gemini", of({"type": "str"}), of(WORD)),
    ("openai", of({"type": "array"}), of({"type": "array", "items": {}})),
    (
        "gemini",
        of({"type": "object", "properties": {}, "propertyNames": {"type": "string"}}),
        of({"type": "object", "properties": {}}),
    ),
    (
        "moonshot",
        of({"type": "string", "anyOf": [{"minLength": 1}, {"maxLength": 9}]}),
        of({"anyOf": [{"minLength": 1, "type": "string"}, {"maxLength": 9, "type": "string"}]}),
    ),
    ("openai-strict", of(WORD), of(WORD, additionalProperties=False)),
    ("anthropic", of(WORD, anyOf=[{"required": ["a"]}]), of(WORD)),
]
LOSSY = [
    ("gemini", of({**WORD, "format": "uri"}), of({**WORD, "description": "Format: uri."})),
    ("gemini", of(WORD, additionalProperties=False), of(WORD)),
    ("gemini", of({"type": "number", "exclusiveMinimum": 0}), of({"type": "number", "minimum": 0, "description": "Greater than 0."})),
    ("gemini", of({"type": "integer", "enum": [1, 5], "description": "How many?"}), of({"type": "integer", "description": "How many? One of: 1, 5."})),
    ("gemini", of({**WORD, "enum": ["", "a"]}), of({**WORD, "enum": ["a"]})),
    ("gemini", of({"type": "array", "items": WORD, "uniqueItems": True}), of({"type": "array", "items": WORD, "description": "No item twice."})),
    ("gemini", of(WORD) | {"required": ["a", "b"]}, of(WORD) | {"description": "Required: b."}),
    ("openai-strict", {**of(WORD), "required": []}, of({"type": ["string", "null"]}, additionalProperties=False)),
    ("openai-strict", of({"type": "object"}), of({"type": "object", "additionalProperties": False}, additionalProperties=False)),
    ("anthropic-strict", of({"type": "integer", "minimum": 1}), of({"type": "integer", "description": "At least 1."}, additionalProperties=False)),
    (
        "anthropic",
        {"type": "object", "properties": {"a": WORD, "b": WORD}, "anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
        {"type": "object", "properties": {"a": WORD, "b": WORD}, "description": "Needs one of: a; or b."},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("names", "before", "after"), FAITHFUL)
def test_what_an_api_refuses_is_written_in_words_that_it_takes(names: str, before: object, after: object) -> None:
    """Without --unsafe-fixes the same is said in other words, and then the API takes it."""
    assert schema_after(before, names) == after
    text = Source("t.json", None, json.dumps(listing(after)).encode())
    assert [each.finding.rule for each in judged(text, [names]) if each.verdicts[names] == "refused"] == []


@pytest.mark.parametrize(("names", "before", "after"), LOSSY)
def test_what_loses_something_waits_for_unsafe_fixes(names: str, before: dict[str, Any], after: object) -> None:
    """What can be said is said in the description; and each edit that loses something is named."""
    safely = schema_after(before, names)
    assert safely in (before, {**before, "additionalProperties": False})
    assert schema_after(before, names, unsafe=True) == after
    _, done = repaired(json.dumps(listing(before)), [names], unsafe=True)
    assert done.losses
    assert not done.repair.unfixed


UNFIXABLE = [
    ("openai-strict,gemini", of(WORD), "openai-strict would need what gemini would not take"),
    ("gemini", of({"$ref": "#/$defs/X"}, **{"$defs": {"X": of({"$ref": "#/$defs/X"})}}), "what the reference leads to"),
    ("gemini", of(WORD, additionalProperties=False), "every edit would lose something"),
    ("anthropic", {"type": "object", "properties": {"a b$": WORD}}, "the tool's code reads its argument by this name"),
    ("anthropic", of("x"), "no edit is known"),
    ("gemini", of(True), "no edit is known"),
]


@pytest.mark.parametrize(("names", "schema", "reason"), UNFIXABLE)
def test_what_is_not_fixed_has_a_reason(names: str, schema: object, reason: str) -> None:
    """Nothing is edited in vain: a conflict between APIs, what has no other words, and names are left and told."""
    text = json.dumps(listing(schema))
    after, done = repaired(text, names.split(","))
    assert after == text
    assert [why[: len(reason)] for _, why in done.repair.unfixed] == [reason] * len(done.repair.left.findings) != []


def test_a_name_is_never_changed() -> None:
    """Programs call a tool by its name."""
    tools = {"tools": [{"name": "menu/today", "description": "d", "inputSchema": of(WORD)}]}
    text, done = repaired(json.dumps(tools), ["openai", "anthropic"], unsafe=True)
    assert json.loads(text) == tools
    assert [(finding.rule, why.split(";")[0]) for finding, why in done.repair.unfixed] == [
        ("malformed-tool-name", "programs call the tool by this name")
    ]


def test_what_stands_beside_a_reference_is_kept() -> None:
    """Moonshot refuses a description that the definition has, too: both are written where the reference stood."""
    place = {"type": "string", "description": "A place."}
    schema = {"type": "object", "properties": {"to": {"$ref": "#/$defs/place", "description": "Where."}}}
    tools = {"tools": [{"name": "f", "description": "d", "inputSchema": {**schema, "$defs": {"place": place}}}]}
    text, _ = repaired(json.dumps(tools), ["moonshot"], unsafe=False)
    assert json.loads(text)["tools"][0]["inputSchema"]["properties"]["to"]["description"] == "Where. A place."


# ----------------------------------------------------------------------------------------------------------- laws


def _lists(rng: Random) -> Any:
    if rng.random() < 0.2:
        return tool_list(rng)
    return listing(
        *(faulty_schema(rng) for _ in range(rng.randint(1, 3))), form=rng.choice(["MCP", "Anthropic", "Bedrock"])
    )


def _said(value: Any) -> tuple[list[str], set[str]]:
    """Return the descriptions and the names of properties in a value, but for definitions."""
    descriptions: list[str] = []
    names: set[str] = set()
    pending = [value]
    for each in pending:  # grows on the way
        if isinstance(each, list):
            pending += each
        elif isinstance(each, dict):
            properties = each.get("properties")
            names.update(properties if isinstance(properties, dict) and each.get("type") != "string" else ())
            if isinstance(each.get("description"), str):
                descriptions.append(each["description"])
            pending += [inside for key, inside in each.items() if key not in ("$defs", "definitions")]
    return descriptions, names


@settings(max_examples=25, deadline=None)
@given(rng=st.randoms(use_true_random=False), names=st.sampled_from(REQUIRED), unsafe=st.booleans())
def test_edits_settle_what_they_are_for_and_keep_what_a_model_reads(
    rng: Random, names: Sequence[str], unsafe: bool
) -> None:
    """The counts are true, no column finds more than before, no name and no description goes, and twice is once."""
    before = json.dumps(_lists(rng), indent=rng.choice([None, 1, 4]))
    text, done = repaired(before, names, unsafe=unsafe)
    repair = done.repair
    assert len(repair.found.findings) - len(repair.fixed) == len(repair.left.findings) == len(repair.unfixed)
    counts = [
        Counter(
            (name, each.finding.rule)
            for each in judged(Source("t.json", None, it.encode()), names)
            for name in each.columns
        )
        for it in (before, text)
    ]
    assert not counts[1] - counts[0]
    (said, properties), (after, kept) = _said(json.loads(before)), _said(json.loads(text))
    assert properties <= kept
    assert all(any(old in new for new in after) for old in said)
    again, second = repaired(text, names, unsafe=unsafe)
    assert (again, second.repair.fixed) == (text, ())
    assert unsafe or not done.losses


@settings(max_examples=40, deadline=None)
@given(
    rng=st.randoms(use_true_random=False),
    names=st.sampled_from([each for each in REQUIRED if "-strict" not in str(each)]),
)
def test_without_unsafe_fixes_the_same_values_fit(rng: Random, names: Sequence[str]) -> None:
    """Whatever fits a schema still does, and nothing else does."""
    before = faulty_schema(rng)
    text, _ = repaired(json.dumps(listing(before)), names)
    after = json.loads(text)["tools"][0]["inputSchema"]
    was, now = Draft202012Validator(before), Draft202012Validator(after)
    for _ in range(40 if after != before else 0):
        value = fitting(rng, before, before)
        if isinstance(value, dict):
            assert was.is_valid(value) == now.is_valid(value), value


# ----------------------------------------------------------------------------------------------------------- texts


def test_nothing_but_the_edited_parts_of_a_text_changes() -> None:
    """Odd blanks, escapes, numbers and the order of members stay as they are written."""
    text = """{ "tools" : [
  {"name":"a\\u0062", "description": "caf\\u00e9",   "inputSchema": {"type":"object",
     "properties": {"n": {"exclusiveMinimum": 1.0e1, "type": "integer"},   "t" : {"type" : ["string", "null"]}},
     "$schema": "http://json-schema.org/draft-07/schema#", "required": [ "n" ]}, "annotations": {"x": 1E2}}
] }
"""
    after, done = repaired(text, ["gemini"])
    assert after == text.replace('"exclusiveMinimum": 1.0e1', '"minimum": 11').replace(
        '"$schema": "http://json-schema.org/draft-07/schema#", ', ""
    ).replace('{"type" : ["string", "null"]}', '{"anyOf" : [{"type": "string"}, {"type": "null"}]}')
    assert len(done.repair.fixed) == 3


def test_yaml_and_json_lines_are_fixed_too() -> None:
    """A comment in YAML stays; in JSON Lines each line is a list of its own."""
    yaml = """tools:
  - name: find
    description: Find it.
    inputSchema:
      type: object
      properties:
        day:
          const: monday  # the only one
      required: [day]
      $schema: http://json-schema.org/draft-07/schema#
"""
    after, _ = repaired(yaml, ["gemini"], name="tools.yaml")
    assert "# the only one" in after
    assert "$schema" not in after
    assert judged(Source("tools.yaml", None, after.encode()), ["gemini"]) == ()
    lines = [json.dumps(listing(of({"const": f"w{n}"}))) for n in range(3)]
    after, _ = repaired("\n".join(lines) + "\n", ["gemini"], name="tools.jsonl")
    kept = [json.loads(line)["tools"][0]["inputSchema"]["properties"]["a"] for line in after.splitlines()]
    assert kept == [{"enum": [f"w{n}"], "type": "string"} for n in range(3)]


@pytest.mark.parametrize("form", WRITTEN)
def test_every_form_of_a_tool_is_fixed_in_its_own_words(form: str) -> None:
    """The schema is found wherever its form has it."""
    tools: Any = listing(of({"const": "x"}), form=form)
    text, _ = repaired(json.dumps(tools), ["gemini-json", "gemini"])
    assert json.loads(text) == listing(of({"enum": ["x"], "type": "string"}), form=form)


def test_what_is_no_list_of_tools_is_not_edited() -> None:
    """A request, a bare schema that nobody calls one of a tool, and a text with a flaw stay as they are."""
    request = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "tools": [{"type": "function"}]}
    flawed = json.dumps(listing(of({"const": "x"})))[:-1] + ', "tools": []}'
    for text in (json.dumps(request), json.dumps(of({"const": "x"})), flawed, "[", ""):
        after, done = repaired(text, ["gemini", "openai"], unsafe=True)
        assert after == text
        assert len(done.repair.unfixed) == len(done.repair.left.findings)
    schema, _ = repaired(json.dumps(of({"const": "x"})), ["gemini"], kind=Kind.SCHEMA)
    assert json.loads(schema) == of({"enum": ["x"], "type": "string"})


@pytest.mark.parametrize(
    "schema",
    [
        of({"allOf": [{"$ref": "#/properties/a"}]}),
        of({"$ref": "#"}),
        {"type": "object", "properties": {str(n): {"const": str(n)} for n in range(1000)}},
        of({"anyOf": [{"const": n} for n in range(500)]}),
        of({"$ref": "#/$defs/0"}, **{"$defs": {str(n): of({"anyOf": [{"$ref": f"#/$defs/{n + 1}"}] * 9}) for n in range(9)}}),
        json.loads('{"oneOf": [' * 60 + "{}" + "]}" * 60),
        {"type": [["string"]], "properties": [], "required": {"a": 1}, "enum": {}, "anyOf": [None, 3], "$ref": 5},
        {"type": "object", "properties": {"a": {"enum": [], "oneOf": [], "items": [], "const": [], "not": None}}},
    ],
)  # fmt: skip
def test_hostile_schemas_are_read_to_the_end(schema: object) -> None:
    """Circles, many or deep subschemas, and what is no schema lead to an answer, and to nothing that is not JSON."""
    for names in (["gemini", "openai"], ["openai-strict"]):
        text, done = repaired(json.dumps(listing(schema)), names, unsafe=True)
        assert json.loads(text)["tools"][0]["name"] == "f0"
        assert len(done.repair.found.findings) - len(done.repair.fixed) == len(done.repair.left.findings)


def test_work_grows_with_the_number_of_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times as many tools are judged about four times as often."""
    counts: list[int] = []
    judge = Judge.judge

    def counting(self: Judge, request: object, *, from_text: bool = True) -> Any:
        counts[-1] += 1
        return judge(self, request, from_text=from_text)

    monkeypatch.setattr(Judge, "judge", counting)
    for number in (50, 200):
        counts.append(0)
        schemas = [of({"type": "string", "const": f"w{n}"}) for n in range(number)]
        _, done = repaired(json.dumps(listing(*schemas)), ["openai", "gemini"])
        assert len(done.repair.fixed) == number
    assert counts[1] <= 4.2 * counts[0]
