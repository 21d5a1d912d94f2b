"""Checks of tools and of the schemas in them, by their whole hits, on both sides of each limit."""

from collections.abc import Iterator
from dataclasses import replace
from marshal import dumps
from typing import Any

import pytest

from reqlint.checks import drafts, json_schema, parameters, strict
from reqlint.checks.drafts import described
from reqlint.core.findings import Hit, Link, Part, Severity
from reqlint.dialects.openai_chat import OPENAI_CHAT
from reqlint.knowledge.catalog import shipped
from tests.support.checking import hits

# ruff: noqa: E501 - tables, read at a glance

Schema = dict[str, Any]
AT = ("tools", 1, "function", "parameters")
DRAFT = "http://json-schema.org/draft-0{}/schema#"


def tool(name: object = "f", schema: object = None, **more: object) -> dict[str, object]:
    """Return an offered function."""
    return {"type": "function", "function": {"name": name, "parameters": {} if schema is None else schema, **more}}


def offer(schema: object, **more: object) -> dict[str, object]:
    """Return a request whose second tool has the given parameters, after one of another shape."""
    return {"tools": [None, tool("f", schema, **more)]}


ODD_TOOLS: list[object] = [
    None,
    {},
    "x",
    [],
    {"function": None},
    {"function": {}},
    {"function": {"parameters": None}},
    {"function": {"parameters": []}},
]
"""Tools that hold no parameters to look into."""


# Tools.


def test_a_name_that_an_earlier_tool_has_is_told_beside_it() -> None:
    """Each repeated name is a hit that links to the first, whatever else is among the tools."""

    def again(index: int, first: int, name: str) -> Hit:
        link = Link(("tools", first, "function", "name"), "first declared here")
        names = {"name": f"tools[{index}]", "first": f"tools[{first}]"}
        return Hit(("tools", index, "function", "name"), facts={**names, "value": name}, related=(link,))

    assert hits("duplicate-tool-name", {"tools": [tool("a"), tool("b"), tool("a"), tool("b"), tool("a")]}) == [
        again(2, 0, "a"), again(3, 1, "b"), again(4, 0, "a"),
    ]  # fmt: skip
    assert hits("duplicate-tool-name", {"tools": [*ODD_TOOLS, tool(["a"]), tool("a"), tool(["a"]), tool("a")]}) == [
        again(11, 9, "a")
    ]
    for tools in ([tool("a"), tool("b")], [tool("a")], [], [tool(5), tool(5)], None, {"a": tool("a")}, "aa"):
        assert hits("duplicate-tool-name", {"tools": tools}) == []


def chosen(choice: object, *tools: object) -> list[Hit]:
    """Return the hits of a tool choice."""
    return hits("undeclared-tool-choice", {"tool_choice": choice, "tools": [None, {}, *tools]})


def choice(name: object, kind: str = "function") -> dict[str, object]:
    """Return a choice of a tool, which for a custom tool has the form of its declaration."""
    return {"type": kind, kind: {"name": name}}


def test_a_chosen_tool_is_on_offer() -> None:
    """Kind and name must agree; the hit suggests an offered name only if it is close."""
    place = ("tool_choice", "function", "name")
    assert chosen(choice("find_trains"), tool("x"), tool("find_train")) == [
        Hit(place, facts={"name": "find_trains", "suggestion": "find_train"})
    ]
    assert chosen(choice("b"), tool("weather")) == chosen(choice("b")) == [Hit(place, facts={"name": "b"})]
    assert chosen(choice("a", "custom"), tool("a")) == [
        Hit(("tool_choice", "custom", "name"), facts={"name": "a", "suggestion": "a"})
    ]
    assert chosen(choice("a"), tool("b"), tool("a")) == chosen(choice("a", "custom"), choice("a", "custom")) == []


def test_each_of_several_allowed_tools_is_on_offer() -> None:
    """Each allowed tool that is not offered is a hit at its name, of which no refusal is known."""
    allowed = {
        "type": "allowed_tools",
        "allowed_tools": {"tools": [None, choice("a"), choice("b"), {}, choice("c", "custom")]},
    }
    assert chosen(allowed, tool("a")) == [
        Hit(
            ("tool_choice", "allowed_tools", "tools", 2, "function", "name"),
            facts={"name": "b"},
            severity=Severity.WARNING,
        ),
        Hit(
            ("tool_choice", "allowed_tools", "tools", 4, "custom", "name"),
            facts={"name": "c"},
            severity=Severity.WARNING,
        ),
    ]


@pytest.mark.parametrize(
    "odd",
    [
        "auto", None, ["function"], {}, {"type": "function"}, {"type": "function", "function": "a"}, choice(5), choice(None), choice("a", "mcp"),
        {"type": ["function"], "function": {"name": "a"}}, {"type": "allowed_tools"}, {"allowed_tools": []},
        {"type": "allowed_tools", "allowed_tools": {"tools": {}}}, {"type": "custom", "function": {"name": "a"}},
    ],
)  # fmt: skip
def test_a_choice_that_names_no_tool_is_let_pass(odd: object) -> None:
    """A choice of another shape is left to the schema."""
    assert chosen(odd, tool("b")) == []
    assert hits("undeclared-tool-choice", {"tool_choice": choice("a"), "tools": None}) == []
    assert hits("undeclared-tool-choice", {"tool_choice": choice("a")}) == []


def test_a_tool_without_a_type_is_a_function() -> None:
    """As some servers take it, in the tools and in the choice."""
    bare = {"function": {"name": "a"}}
    assert chosen(choice("a"), bare) == []
    assert chosen(bare, tool("a")) == []
    assert [hit.place for hit in chosen(bare, tool("b"))] == [("tool_choice", "function", "name")]


# Parameters, as JSON Schema.

TYPE, NAMES, SCHEMA = (
    "one of its seven types or an array of them",
    "an array of distinct names",
    "a schema",
)
MAP, LIST = "an object of schemas", "an array of at least one schema"
MALFORMED: list[tuple[Schema, tuple[str | int, ...], str, str]] = [
    ({"type": "foo"}, ("type",), "type", TYPE), ({"type": ["string", "int"]}, ("type",), "type", TYPE), ({"type": ["null", "null"]}, ("type",), "type", TYPE),
    ({"type": []}, ("type",), "type", TYPE), ({"type": 5}, ("type",), "type", TYPE), ({"type": None}, ("type",), "type", TYPE),
    ({"required": True}, ("required",), "required", NAMES), ({"required": ["a", "a"]}, ("required",), "required", NAMES),
    ({"required": None}, ("required",), "required", NAMES), ({"required": [1]}, ("required", 0), "required[0]", "a string"),
    ({"properties": []}, ("properties",), "properties", MAP), ({"$defs": 5}, ("$defs",), "$defs", MAP), ({"definitions": []}, ("definitions",), "definitions", MAP),
    ({"patternProperties": []}, ("patternProperties",), "patternProperties", MAP), ({"dependentSchemas": []}, ("dependentSchemas",), "dependentSchemas", "an object"),
    ({"properties": {"a": 5}}, ("properties", "a"), "a", SCHEMA), ({"properties": {"a b": None}}, ("properties", "a b"), '["a b"]', SCHEMA),
    ({"properties": {"type": "str"}}, ("properties", "type"), "type", SCHEMA), ({"properties": {"items": [{}]}}, ("properties", "items"), "items", SCHEMA),
    ({"properties": {"required": []}}, ("properties", "required"), "required", SCHEMA), ({"$defs": {"type": "x"}}, ("$defs", "type"), "type", SCHEMA),
    ({"properties": {"properties": {"properties": []}}}, ("properties", "properties", "properties"), "properties", MAP),
    ({"properties": {"a": {"enum": "x"}}}, ("properties", "a", "enum"), "enum", "an array"), ({"items": 5}, ("items",), "items", SCHEMA),
    ({"additionalProperties": "no"}, ("additionalProperties",), "additionalProperties", SCHEMA), ({"not": []}, ("not",), "not", SCHEMA),
    ({"anyOf": []}, ("anyOf",), "anyOf", LIST), ({"oneOf": {}}, ("oneOf",), "oneOf", LIST), ({"allOf": []}, ("allOf",), "allOf", LIST),
    ({"prefixItems": []}, ("prefixItems",), "prefixItems", LIST), ({"allOf": [{}, 5]}, ("allOf", 1), "allOf[1]", SCHEMA),
    ({"exclusiveMinimum": "x"}, ("exclusiveMinimum",), "exclusiveMinimum", "a number"), ({"minimum": "1"}, ("minimum",), "minimum", "a number"),
    ({"maximum": True}, ("maximum",), "maximum", "a number"), ({"minLength": -1}, ("minLength",), "minLength", "0 or more"),
    ({"maxItems": 1.5}, ("maxItems",), "maxItems", "an integer"), ({"minProperties": "2"}, ("minProperties",), "minProperties", "an integer"),
    ({"minItems": True}, ("minItems",), "minItems", "an integer"), ({"multipleOf": 0}, ("multipleOf",), "multipleOf", "a number above 0"),
    ({"uniqueItems": "yes"}, ("uniqueItems",), "uniqueItems", "true or false"), ({"deprecated": 1}, ("deprecated",), "deprecated", "true or false"),
    ({"description": 5}, ("description",), "description", "a string"), ({"title": []}, ("title",), "title", "a string"),
    ({"pattern": None}, ("pattern",), "pattern", "a string"), ({"$comment": 5}, ("$comment",), "$comment", "a string"), ({"format": 5}, ("format",), "format", "a string"),
    ({"$anchor": "1 x"}, ("$anchor",), "$anchor", "a text that matches ^[A-Za-z_][-A-Za-z0-9._]*$"),
    ({"dependentRequired": {"a": ["b", "b"]}}, ("dependentRequired", "a"), "a", "an array of distinct items"),
    ({"$schema": 5}, ("$schema",), "$schema", "a string"), ({"$schema": None}, ("$schema",), "$schema", "a string"),
    ({"$ref": 5}, ("$ref",), "$ref", "a string"), ({"$ref": "#/x"}, ("$ref",), "$ref", "a place in the schema"), ({"$ref": "#x"}, ("$ref",), "$ref", "a place in the schema"),
    ({"items": {"$ref": "#/$defs/a"}}, ("items", "$ref"), "$ref", "a place in the schema"),
    ({"$defs": {"a": {}}, "$ref": "#/$defs"}, ("x",), "", ""), ({"$defs": {"a": {}}, "$ref": "#/$defs/b"}, ("$ref",), "$ref", "a place in the schema"),
    ({"$defs": {"a": {}}, "$ref": "#/definitions/a"}, ("$ref",), "$ref", "a place in the schema"),
    ({"$defs": {"a b": {}}, "$ref": "#/$defs/a%20b"}, ("x",), "", ""), ({"$defs": {"a/b": {}}, "$ref": "#/$defs/a~1b"}, ("x",), "", ""),
    ({"$id": "x", "$ref": "#q"}, ("$ref",), "$ref", "a place in the schema"), ({"properties": {"id": 5}}, ("properties", "id"), "id", SCHEMA),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "inner", "name", "expected"), MALFORMED)
def test_a_malformed_schema_is_told_at_the_innermost_place(
    schema: Schema, inner: tuple[str | int, ...], name: str, expected: str
) -> None:
    """The hit names the keyword, its value and what the draft takes, at the root and inside other schemas alike."""
    value: Any = schema
    for step in inner if expected else ():
        value = value[step]
    facts = {"name": name, "value": value, "draft": "2020-12", "expected": expected}
    told = hits("malformed-parameters-schema", offer(schema))
    missing = described(schema, value) if name == "$ref" and isinstance(value, str) else {}
    also = ("variant", "suggestion")  # which the next two tests hold
    found = [replace(hit, facts={key: hit.facts[key] for key in hit.facts if key not in also}) for hit in told]
    assert found == ([Hit((*AT, *inner), facts=facts | missing)] if expected else [])
    assert hits("undeclared-schema-draft", offer(schema)) == []
    if "$ref" not in schema and "$schema" not in schema:
        within = hits("malformed-parameters-schema", offer({"properties": {"type": {}, "x": schema}}))
        assert [(hit.place[6:], hit.facts) for hit in within] == [(hit.place[4:], hit.facts) for hit in told]


VARIANTS: dict[str, list[Any]] = {
    "misspelt-type": [{"type": "str"}, {"type": "Float"}, {"type": "STRING"}, {"type": "dict"}, {"type": "None"}],
    "any-type": [{"type": "any"}, {"type": "unknown"}, {"type": "*"}],
    "format-as-type": [{"type": "date"}, {"type": "uuid"}, {"type": "datetime"}],
    "enum-as-type": [{"type": "enum", "enum": ["a"]}],
    "type-of-items": [{"type": "list[str]"}, {"type": "array<string>"}, {"type": "string[]"}],
    "several-types": [{"type": "string|null"}, {"type": "string, number"}, {"type": "Optional[str]"}, {"type": "string?"}],
    "unknown-type": [{"type": "file"}, {"type": ""}],
    "schema-as-type": [{"type": {"type": "string"}}],
    "keyword-among-properties": [
        {"properties": {"type": "object"}}, {"properties": {"required": ["a"]}}, {"properties": {"description": "A city"}},
        {"properties": {"enum": ["a"]}}, {"properties": {"anyOf": [{}]}}, {"properties": {"$ref": "#/$defs/a"}},
    ],
    "bare-type": [{"properties": {"city": "string"}}, {"properties": {"city": "int"}}, {"items": "string"}],
    "property-without-schema": [{"properties": {"city": "its name"}}, {"properties": {"city": None}}, {"properties": {"city": []}}],
    "required-of-one": [{"required": True}, {"properties": {"a": {"required": False}}}],
    "names-not-in-array": [{"required": "city"}],
    "repeated-name": [{"required": ["a", "a"]}],
    "list-of-properties": [{"properties": [{"name": "city"}]}],
    "null-keyword": [{"required": None}, {"properties": None}, {"description": None}, {"type": None}],
    "enum-not-list": [{"enum": "a"}, {"enum": {"a": 1}}],
    "schema-not-in-array": [{"anyOf": {"type": "string"}}],
    "boolean-as-text": [{"additionalProperties": "false"}, {"uniqueItems": "true"}],
    "number-as-text": [{"minimum": "1"}, {"maxItems": "10"}],
    "missing-target": [{"$ref": "#/x"}, {"$ref": "#/$defs/City"}],
}  # fmt: skip


@pytest.mark.parametrize("variant", VARIANTS)
def test_each_kind_of_mistake_is_told_apart(variant: str) -> None:
    """A hit says which kind of mistake it is, and the rule says of each kind what to do."""
    for schema in VARIANTS[variant]:
        found = hits("malformed-parameters-schema", offer(schema))
        assert [hit.facts.get("variant") for hit in found] == [variant], schema
    assert shipped().rules["malformed-parameters-schema"].variants[variant].help


def test_every_kind_of_mistake_has_an_example() -> None:
    """No variant of the rule is one that nothing leads to."""
    with_a_draft = {"items-as-list", "flag-for-bound"}  # of a schema that names its draft
    of_the_message = {"missing-definition"}  # a missing target with a name that may be shown
    assert set(shipped().rules["malformed-parameters-schema"].variants) == {*VARIANTS, *with_a_draft, *of_the_message}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("str", "string"), ("Text", "string"), ("STRING", "string"), ("String", "string"), ("int", "integer"), ("long", "integer"), ("float", "number"), ("double", "number"),
        ("decimal", "number"), ("bool", "boolean"), ("list", "array"), ("tuple", "array"), ("dict", "object"), ("map", "object"), ("none", "null"), ("nil", "null"), ("any", None),
    ],
)  # fmt: skip
def test_a_misspelt_type_has_a_suggestion(written: str, meant: str | None) -> None:
    """The hit suggests JSON's type for the word that a programming language uses, if there is one."""
    (hit,) = hits("malformed-parameters-schema", offer({"properties": {"a": {"type": written}}}))
    assert hit.facts.get("suggestion") == meant
    assert ("suggestion" in hit.facts) == (meant is not None)


@pytest.mark.parametrize(
    ("schema", "draft", "expected"),
    [
        ({"$schema": DRAFT.format(4), "exclusiveMinimum": True, "minimum": 1}, None, ""), ({"$schema": DRAFT.format(7), "items": [{}]}, None, ""),
        ({"$schema": DRAFT.format(4), "maximum": 1, "exclusiveMaximum": 5}, "4", "true or false"), ({"$schema": DRAFT.format(6), "items": "x"}, "6", "another form"),
        ({"$schema": DRAFT.format(7), "type": "x"}, "7", TYPE), ({"$schema": DRAFT.format(3), "required": ["a"]}, "3", "true or false"),
        ({"$schema": DRAFT.format(4), "required": []}, "4", "an array of at least 1"), ({"$schema": DRAFT.format(4), "required": True}, "4", NAMES),
        ({"$schema": DRAFT.format(4), "enum": []}, "4", "an array of at least 1"), ({"$schema": DRAFT.format(4), "enum": [1, 1]}, "4", "an array of distinct items"),
        ({"$schema": "https://json-schema.org/draft/2020-12/schema", "items": [{}]}, "2020-12", SCHEMA),
        ({"$schema": "https://json-schema.org/draft/2019-09/schema", "items": [{}]}, None, ""), ({"$schema": "https://json-schema.org/draft/2019-09/schema", "type": "x"}, "2019-09", TYPE),
        ({"$schema": "mine", "type": "x"}, None, ""), ({"$schema": DRAFT.format(5), "type": "x"}, None, ""), ({"$schema": DRAFT.format(44), "type": "x"}, None, ""),
    ],
)  # fmt: skip
def test_a_schema_is_held_to_the_draft_it_names(schema: Schema, draft: str | None, expected: str) -> None:
    """A schema is checked by the draft that it names, and by none where its dialect is unknown."""
    found = hits("malformed-parameters-schema", offer(schema))
    assert [(hit.facts["draft"], hit.facts["expected"]) for hit in found] == ([(draft, expected)] if draft else [])
    assert hits("undeclared-schema-draft", offer(schema)) == []


def test_words_for_what_an_old_draft_takes() -> None:
    """Draft 3 takes a schema among types; draft 4 wants minimum beside exclusiveMinimum, a hit at the schema."""
    (hit,) = hits("malformed-parameters-schema", offer({"$schema": DRAFT.format(3), "items": 5}))
    assert hit.facts["expected"] == "a schema or an array"
    schema = {"$schema": DRAFT.format(4), "exclusiveMinimum": True}
    assert hits("malformed-parameters-schema", offer(schema)) == [
        Hit(AT, facts={"name": "parameters", "value": schema, "draft": "4", "expected": "another form"})
    ]


def test_the_form_of_an_older_draft_is_told_as_such() -> None:
    """An old form without a named draft is a hit of its own rule, with the draft that had it, and not malformed too."""
    reads = {"newer": "2020-12", "where": "$schema"}
    for inner, value, draft, expected in (
        ("exclusiveMinimum", True, "draft 4", "a number"),
        ("exclusiveMaximum", False, "draft 4", "a number"),
        ("items", [{"type": "string"}], "draft 7", SCHEMA),
    ):
        variant = "items-as-list" if inner == "items" else "flag-for-bound"
        facts = {"name": inner, "value": value, "draft": draft, "expected": expected, "variant": variant, **reads}
        for place, schema in (((), {inner: value}), (("properties", "a"), {"properties": {"a": {inner: value}}})):
            assert hits("undeclared-schema-draft", offer(schema)) == [Hit((*AT, *place, inner), facts=facts)]
            assert hits("malformed-parameters-schema", offer(schema)) == []
            named = offer({**schema, "$schema": "https://json-schema.org/draft/2020-12/schema"})
            assert hits("undeclared-schema-draft", named) == []
            assert [hit.facts["draft"] for hit in hits("malformed-parameters-schema", named)] == ["2020-12"]
    unnamed = offer({"$schema": None, "exclusiveMinimum": True})
    assert [hit.place[4:] for hit in hits("undeclared-schema-draft", unnamed)] == [("exclusiveMinimum",)]
    assert [hit.place[4:] for hit in hits("malformed-parameters-schema", unnamed)] == [("$schema",)]
    both = offer({"type": "int", "properties": {"exclusiveMinimum": True, "n": {"exclusiveMinimum": True}}})
    assert [hit.place[4:] for hit in hits("undeclared-schema-draft", both)] == [("properties", "n", "exclusiveMinimum")]
    assert [hit.place[4:] for hit in hits("malformed-parameters-schema", both)] == [("type",)]


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"}, {"$ref": "x.json"}, {"$ref": "x#y"}, {"$defs": {"a": {}}, "$ref": "#/$defs/a"}, {"$defs": {"a": {"$anchor": "q"}}, "$ref": "#q"},
        {"$defs": {"a": {"$dynamicAnchor": "q"}}, "$ref": "#q"}, {"$defs": {"a": {"$id": "x"}}, "$ref": "#q"}, {"$defs": {"a": {"id": "x"}}, "$ref": "#q"},
        {"anyOf": [{}, {"type": "string"}], "$ref": "#/anyOf/1"}, {"definitions": {"a": True}, "items": {"$ref": "#/definitions/a"}},
        {"default": {"$ref": "#/x"}}, {"enum": [{"$ref": "#/x"}]}, {"properties": {"$ref": {"type": "string"}}}, {"pattern": "["},
    ],
)  # fmt: skip
def test_a_reference_that_may_lead_somewhere_is_let_pass(schema: Schema) -> None:
    """References to the root, another document or an anchor, and below an id, have no hit."""
    assert hits("malformed-parameters-schema", offer(schema)) == []


def deep(levels: int, innermost: object) -> Schema:
    """Return a schema of so many levels."""
    schema: Any = innermost
    for _ in range(levels - 1):
        schema = {"not": schema}
    return {"not": schema}


def test_a_schema_that_is_too_deep_is_not_read() -> None:
    """A schema at the limit of levels is checked, one level deeper it is not."""
    most = drafts.MAX_DEPTH
    assert len(hits("malformed-parameters-schema", offer(deep(most - 2, {"type": "int"})))) == 1
    assert len(hits("malformed-parameters-schema", offer(deep(most - 1, {"type": "int"})))) == 1
    assert hits("malformed-parameters-schema", offer(deep(most, {"type": "int"}))) == []
    assert hits("malformed-parameters-schema", offer({"type": "int", "default": [[]] and deep(most, {})})) == []


def test_parameters_of_another_shape_are_stepped_over() -> None:
    """Parameters of another shape are skipped, and those after them checked."""
    bad = tool(
        schema={"type": "array", "required": ["a", "a"], "properties": {"a": {"exclusiveMinimum": True}}, "items": 5}
    )
    for rule in ("malformed-parameters-schema", "undeclared-schema-draft"):
        assert {hit.place[1] for hit in hits(rule, {"tools": [*ODD_TOOLS, bad]})} == {len(ODD_TOOLS)}
        assert hits(rule, {"tools": None}) == hits(rule, {"tools": {}}) == []


# Parameters that a model can follow.


def test_a_required_name_that_is_declared_nowhere_is_told() -> None:
    """The hit is at the name in required, in whatever subschema it stands."""
    schema = {"properties": {"a": {}, "b": {"properties": {}, "required": ["x"]}}, "required": ["a", "c", 5, "d"]}
    assert hits("undeclared-required-property", offer(schema)) == [
        Hit((*AT, "required", 1), facts={"field": "c"}),
        Hit((*AT, "required", 3), facts={"field": "d"}),
        Hit((*AT, "properties", "b", "required", 0), facts={"field": "x"}),
    ]
    for wrong, inner in (
        ({"properties": {"a": {"properties": {}, "required": ["x"]}}}, ("properties", "a")),
        ({"properties": {"a": {"items": {"properties": {}, "required": ["x"]}}}}, ("properties", "a", "items")),
        (
            {"properties": {"a": {"anyOf": [{}, {"properties": {}, "required": ["x"]}]}}},
            ("properties", "a", "anyOf", 1),
        ),
        (
            {"properties": {"a": {"additionalProperties": {"properties": {}, "required": ["x"]}}}},
            ("properties", "a", "additionalProperties"),
        ),
        ({"properties": {"a": {"oneOf": [{"properties": {}, "required": ["x"]}]}}}, ("properties", "a", "oneOf", 0)),
        ({"properties": {"a": {"allOf": [{"properties": {}, "required": ["x"]}]}}}, ("properties", "a", "allOf", 0)),
        ({"properties": {}, "$defs": {"a": {"properties": {}, "required": ["x"]}}}, ("$defs", "a")),
        ({"properties": {}, "definitions": {"a": {"properties": {}, "required": ["x"]}}}, ("definitions", "a")),
        ({"properties": {}, "required": ["x"]}, ()),
    ):
        for request in (
            {"tools": [tool(), tool(schema=wrong)]},
            {"tools": [tool(schema={"properties": {}}), tool(schema=wrong)]},
        ):
            assert hits("undeclared-required-property", request) == [
                Hit((*AT, *inner, "required", 0), facts={"field": "x"})
            ]


@pytest.mark.parametrize(
    "more",
    [
        {"$ref": "#"}, {"$dynamicRef": "#"}, {"allOf": []}, {"anyOf": []}, {"oneOf": []}, {"if": {}}, {"patternProperties": {}}, {"additionalProperties": True},
        {"additionalProperties": {}}, {"unevaluatedProperties": True}, {"dependentSchemas": {}}, {"properties": None}, {"properties": {"x": {}}}, {"required": "x"},
        {"required": None}, {"required": [5, None, {}]}, {"required": []}, {"allOf": None},
    ],
)  # fmt: skip
def test_a_name_that_may_be_declared_elsewhere_is_let_pass(more: Schema) -> None:
    """A name beside a keyword that may declare it has no hit."""
    for request in (
        offer({"properties": {}, "required": ["x"], **more}),
        {"tools": [tool(schema={"properties": {"a": {"properties": {}, "required": ["x"], **more}}})]},
    ):
        assert hits("undeclared-required-property", request) == []
    assert hits(
        "undeclared-required-property", offer({"properties": {}, "required": ["x"], "additionalProperties": False})
    )


def test_the_usual_parameters_are_proven_flat() -> None:
    """The usual tools are proven flat; anything more takes the walk."""
    flat = [
        {"properties": {"a": {"type": "string"}, "b": {"items": {"type": "string"}}}, "required": ["a"]},
        {"properties": {}},
    ]
    flat_parameters = OPENAI_CHAT.proofs["flat-parameters"]
    assert flat_parameters({"tools": [tool(schema=schema) for schema in flat]})
    branches = ["properties", "anyOf", "additionalProperties", "oneOf", "allOf"]
    for more in (
        {"$defs": {}},
        {"definitions": {}},
        {"required": ["c"]},
        *({"properties": {"a": {name: {}}}} for name in branches),
        {"properties": {"a": {"items": {"properties": {}}}}},
    ):
        assert not flat_parameters({"tools": [tool(schema=flat[0]), tool(schema={**flat[0], **more})]})
    for odd in (
        *ODD_TOOLS,
        tool(),
        tool(schema={"properties": []}),
        tool(schema={"properties": {"a": 5}}),
        tool(schema={**flat[0], "required": 5}),
    ):
        assert not flat_parameters({"tools": [odd]})


def test_an_array_that_says_nothing_on_its_items_is_told() -> None:
    """The hit comes at every depth, whether array is the type or one of several."""
    schema = {
        "type": ["array", "null"],
        "properties": {
            "a": {"type": "array"},
            "b": {"type": "array", "items": {"type": "array"}},
            "c": {"type": "array", "prefixItems": []},
        },
        "$defs": {
            "d": {"type": "array", "$ref": "#"},
            "e": {"type": "string"},
            "f": {"type": ["string"]},
            "g": {},
            "h": {"type": None},
        },
    }
    assert hits("array-without-items", offer(schema)) == [
        Hit(AT), Hit((*AT, "properties", "a")), Hit((*AT, "properties", "b", "items")),
    ]  # fmt: skip


def test_every_schema_inside_a_schema_is_met_once_in_its_order() -> None:
    """The walk yields each subschema once, in the order of the text, and nothing that only looks like one."""
    schema = {
        "items": {"n": 1}, "not": True, "properties": {"a": {"n": 2, "if": {"n": 3}}, "b": 5}, "anyOf": [{"n": 4}, None], "enum": [{"n": 9}],
        "default": {"n": 9}, "then": [], "patternProperties": {"x": {"n": 5}}, "prefixItems": [{"n": 6}], "dependentSchemas": {"y": {"n": 7}},
        "else": {"n": 8, "items": [{"n": 9}, {"n": 10}]}, "allOf": {"n": 0}, "$defs": [{"n": 0}], "x": {"n": 0},
    }  # fmt: skip
    found = list(json_schema.subschemas(schema))
    assert [inner.get("n", 0) for _, inner in found] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert [place for place, _ in found] == [
        (), ("items",), ("properties", "a"), ("properties", "a", "if"), ("anyOf", 0), ("patternProperties", "x"), ("prefixItems", 0),
        ("dependentSchemas", "y"), ("else",), ("else", "items", 0), ("else", "items", 1),
    ]  # fmt: skip


def test_so_many_subschemas_are_met_and_no_more() -> None:
    """The walk over a schema that unfolds without end stops at the limit."""
    most = json_schema.MAX_SUBSCHEMAS
    wide = {"properties": {str(number): {} for number in range(most + 10)}}
    assert len(list(json_schema.subschemas(wide))) == most


# A glance at a schema, and what it lets pass.

SOUND: list[Schema] = [
    {}, {"type": "object"}, {"type": ["string", "null"]}, {"$schema": DRAFT.format(7)}, {"$schema": "https://json-schema.org/draft/2020-12/schema"},
    {"description": "x", "title": "x", "format": "x", "pattern": "x", "$comment": "x"}, {"properties": {"a": {}, "b": True}, "$defs": {"c": False}},
    {"definitions": {}, "patternProperties": {"x": {}}, "dependentSchemas": {"x": {}}}, {"required": []}, {"required": ["a", "b"]},
    {"items": {}, "additionalProperties": False, "not": {}, "contains": {}, "propertyNames": {}, "if": {}, "then": {}, "else": {}},
    {"anyOf": [{}], "oneOf": [True], "allOf": [{"type": "string"}], "prefixItems": [{}]}, {"enum": []}, {"enum": [1, "a", None]},
    {"minimum": 0, "maximum": 1.5, "exclusiveMinimum": -1, "exclusiveMaximum": 2.5}, {"minLength": 0, "maxLength": 1, "minItems": 0, "maxItems": 5, "minProperties": 0, "maxProperties": 1},
    {"uniqueItems": True, "deprecated": False, "readOnly": True, "writeOnly": False}, {"$defs": {"a": {}}, "$ref": "#/$defs/a"}, {"definitions": {"a": {}}, "items": {"$ref": "#/definitions/a"}},
    {"default": 5, "x-own": {"type": "int"}, "const": {}},
]  # fmt: skip
NOT_AT_A_GLANCE: list[Schema] = [
    {"$schema": DRAFT.format(4)}, {"$schema": None}, {"$schema": 5}, {"items": [{}]}, {"minimum": True}, {"exclusiveMinimum": True}, {"$ref": "#"}, {"$ref": "x"},
    {"$defs": {"a": {}}, "$ref": "#/$defs/b"}, {"$defs": {"a": {}}, "$ref": "#/$defs/a/b"}, {"$defs": [], "$ref": "#/$defs/0"}, {"$defs": {"a": {}}, "$ref": "$defs/a"},
    {"required": ["a", 5]}, {"items": None}, {"$ref": None}, {"minLength": False}, {"enum": None}, {"$id": "x"}, {"multipleOf": 1},
]  # fmt: skip


@pytest.mark.parametrize("schema", SOUND)
def test_ordinary_schemas_are_passed_at_a_glance(schema: Schema) -> None:
    """Ordinary schemas pass without jsonschema, which would find nothing in them."""
    assert parameters.is_ordinary(schema)
    assert parameters.is_ordinary(
        {"properties": {"a": schema}, "$defs": schema.get("$defs", {}), "definitions": schema.get("definitions", {})}
    )
    assert list(drafts.mistakes(schema)) == []


@pytest.mark.parametrize("schema", [*NOT_AT_A_GLANCE, *(schema for schema, *_ in MALFORMED if "$defs" not in schema)])
def test_a_glance_passes_nothing_that_has_a_mistake(schema: Schema) -> None:
    """The quick check passes no schema with a mistake, at the root, inside, or after sound ones."""
    assert not parameters.is_ordinary(schema)
    if "$schema" not in schema:
        assert not parameters.is_ordinary({"type": "object", "properties": {"ok": {}, "bad": schema}})
        assert not parameters.is_ordinary({"anyOf": [True, schema, {}]})


TEXTS = ["description", "title", "format", "pattern", "$comment"]
COUNTS = ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"]
BOUNDS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]
FLAGS = ["uniqueItems", "deprecated", "readOnly", "writeOnly"]
RARE = [
    "$id", "id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor", "$vocabulary", "multipleOf", "examples", "dependencies",
    "dependentRequired", "additionalItems", "unevaluatedItems", "unevaluatedProperties", "minContains", "maxContains", "contentEncoding", "contentMediaType",
    "contentSchema", "extends", "disallow", "divisibleBy",
]  # fmt: skip


def test_every_keyword_is_known_at_a_glance() -> None:
    """The quick check passes no keyword with a value of another type, and leaves rare keywords to jsonschema."""
    for keywords, right, wrong in ((TEXTS, "x", 5), (COUNTS, 1, "1"), (BOUNDS, 1.5, "1"), (FLAGS, True, "yes")):
        for keyword in keywords:
            assert parameters.is_ordinary({keyword: right}), keyword
            assert not parameters.is_ordinary({keyword: wrong}), keyword
    for keyword in RARE:
        assert not parameters.is_ordinary({keyword: {}}), keyword
    for kind in ("array", "boolean", "integer", "null", "number", "object", "string"):
        assert parameters.is_ordinary({"type": kind}), kind


def test_every_keyword_that_holds_schemas_is_gone_into() -> None:
    """The walk goes into keywords with one schema, with named ones and with lists."""
    inner = {"title": "x"}
    for keyword in ("items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else"):
        assert list(json_schema.subschemas({keyword: inner}))[1:] == [((keyword,), inner)]
    for keyword in ("properties", "$defs", "definitions", "patternProperties", "dependentSchemas"):
        assert list(json_schema.subschemas({keyword: {"a": inner}}))[1:] == [((keyword, "a"), inner)]
    for keyword in ("anyOf", "oneOf", "allOf", "prefixItems", "items"):
        assert list(json_schema.subschemas({keyword: [inner]}))[1:] == [((keyword, 0), inner)]


def test_a_glance_is_over_a_bounded_schema() -> None:
    """The quick check passes a schema at the limit of subschemas, and not one with one more."""
    most = json_schema.MAX_SUBSCHEMAS
    assert parameters.is_ordinary({"properties": {str(number): {} for number in range(most - 1)}})
    assert not parameters.is_ordinary({"properties": {str(number): {} for number in range(most)}})


# Strict schemas.

ANSWER = ("response_format", "json_schema", "schema")


def followed(schema: object, changes: Schema | None = None) -> dict[str, object]:
    """Return a request with this strict schema for the answer and for a function, after others that are not strict."""
    described = {"name": "x", "strict": True, "schema": schema, **(changes or {})}
    tools = [*ODD_TOOLS[:3], tool(schema=schema), tool(schema=schema, strict=1), tool(schema=schema, strict=True)]
    return {"response_format": {"type": "json_schema", "json_schema": described}, "tools": tools}


def strictly(rule: str, schema: object, **facts: object) -> list[Hit]:
    """Return the hits of a strict schema for the answer, and assert that a function's schema has the same."""
    found = hits(rule, followed(schema), **facts)
    answer = [hit for hit in found if hit.place[:3] == ANSWER]
    function = [hit for hit in found if hit.place[:4] == ("tools", 5, "function", "parameters")]
    assert found == [*answer, *function]
    assert [(hit.place[3:], hit.part, hit.facts) for hit in answer] == [
        (hit.place[4:], hit.part, hit.facts) for hit in function
    ]
    return answer


def closed(**properties: object) -> Schema:
    """Return an object in the form that strict schemas need."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


RULES_OF_STRICT = [
    "non-object-strict-schema", "open-strict-schema", "optional-strict-property", "undeclared-strict-property", "unsupported-strict-keyword",
    "unproven-strict-keyword", "unsupported-strict-format", "untyped-strict-schema", "strict-array-without-items", "unresolved-strict-reference",
    "strict-reference-with-siblings", "oversized-strict-schema",
]  # fmt: skip
FACTS = {
    "strict_keywords_refused": ["allOf", "not"], "strict_keywords_inferred": ["default"], "strict_formats": ["date"],
    "strict_limits": {"properties": 3, "nesting": 2, "enum-values": 4, "long-enum": 2, "long-enum-characters": 6, "characters": 30},
}  # fmt: skip
ALL_WRONG = {
    "anyOf": [{}], "type": "object", "properties": {"a": {"type": "string", "format": "x"}, "b": {"type": "array"}, "c": {"$ref": "x", "default": 1, "not": {}}, "d": {}},
    "required": ["a", "z"], "enum": ["x" * 50] * 5,
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES_OF_STRICT)
def test_only_a_strict_schema_is_held_to_the_subset(rule: str) -> None:
    """Schemas that are not strict, or of another shape, have no hit of any of the rules."""
    assert hits(rule, followed(ALL_WRONG), **FACTS)
    for changes in ({"strict": 1}, {"strict": False}, {"strict": None}, {"schema": []}, {"schema": None}):
        found = hits(rule, {"response_format": followed(ALL_WRONG, changes)["response_format"]}, **FACTS)
        assert found == [], changes
    for answer in (
        None,
        {},
        "json_schema",
        {"json_schema": None},
        {"json_schema": {"strict": True}},
        {"json_schema": []},
    ):
        assert hits(rule, {"response_format": answer, "tools": None}, **FACTS) == []
    for odd in (tool(schema=[], strict=True), tool(schema="x", strict=True), {"function": {"strict": True}}):
        assert hits(rule, {"tools": [odd]}, **FACTS) == []
    assert strictly(rule, closed(a={"type": "string", "format": "date"}), **FACTS) == [] == hits(rule, {}, **FACTS)


@pytest.mark.parametrize(
    ("schema", "facts"),
    [
        ({"type": "object"}, None), ({"type": ["object"]}, None), ({"type": "object", "anyOf": [{}]}, {"keyword": "anyOf"}), ({"oneOf": []}, {"keyword": "oneOf"}),
        ({"type": "object", "enum": [{}]}, {"keyword": "enum"}), ({"enum": [], "anyOf": []}, {"keyword": "anyOf"}), ({"type": "array"}, {"type": "array"}),
        ({"type": ["object", "null"]}, {"type": "object or null"}), ({"type": []}, {"lacks": "type"}), ({}, {"lacks": "type"}), ({"type": 5}, {"lacks": "type"}),
        ({"properties": {}}, {"lacks": "type"}), ({"$ref": "#/$defs/a", "$defs": {"a": {"type": "object"}}}, None), ({"$ref": "#/$defs/a", "$defs": {"a": {"type": "array"}}}, {"type": "array"}),
        ({"$ref": "#/$defs/b", "$defs": {"a": {}}}, None), ({"$ref": "#/$defs/a", "$defs": {"a": True}}, None), ({"$ref": "x"}, None), ({"type": "array", "$ref": 5}, None), ({"$ref": "#a"}, None), ({"$ref": "#a/type", "type": "array"}, None), ({"$ref": "#", "type": "array"}, {"type": "array"}),
    ],
)  # fmt: skip
def test_the_root_of_a_strict_schema_is_one_object(schema: Schema, facts: dict[str, str] | None) -> None:
    """A root of another kind is a hit at the root; a root that is a reference counts as its target."""
    assert strictly("non-object-strict-schema", schema) == ([Hit(ANSWER, facts=facts)] if facts else [])
    after = {**followed({"$ref": "x"}), "tools": followed(schema)["tools"]}
    assert len(hits("non-object-strict-schema", after)) == (facts is not None)


def test_an_object_of_a_strict_schema_is_closed() -> None:
    """The hit is at the object where additionalProperties is missing, else at its value."""
    schema = {
        "type": "object", "additionalProperties": False,
        "properties": {"a": {"type": "object"}, "b": {"properties": {}, "additionalProperties": True}, "c": {"type": ["null", "object"], "additionalProperties": 0},
                       "d": {"type": "string"}, "e": {"type": ["string"]}, "f": {"type": "array", "items": {"type": "object", "additionalProperties": {}}}},
    }  # fmt: skip
    inside = (*ANSWER, "properties")
    assert strictly("open-strict-schema", schema) == [
        Hit((*inside, "a")), Hit((*inside, "b", "additionalProperties")), Hit((*inside, "c", "additionalProperties")),
        Hit((*inside, "f", "items", "additionalProperties")),
    ]  # fmt: skip


def test_every_property_of_a_strict_schema_is_required() -> None:
    """The hit is at required or at the object, names five properties and links to three."""
    names = {name: {"type": "string"} for name in "abcdefg"}

    def told(at: tuple[str | int, ...], fields: str, *shown: str, inside: tuple[str, ...] = ()) -> Hit:
        links = tuple(Link((*ANSWER, *inside, "properties", name), "not required", Part.KEY) for name in shown)
        return Hit((*ANSWER, *inside, *at), facts={"fields": fields}, related=links)

    def said(schema: Schema) -> list[Hit]:
        return hits("optional-strict-property", {"response_format": followed(schema)["response_format"]})

    assert said({**closed(**names), "required": ["b"]}) == [told(("required",), "a, c, d, e, f", "a", "c", "d")]
    for required in ({}, {"required": None}, {"required": "abc"}):
        schema = {"type": "object", "properties": {"a": {}, "b": {}}, **required}
        assert said(schema) == [told((), "a, b", "a", "b")]
        assert said(closed(x=schema)) == [told((), "a, b", "a", "b", inside=("properties", "x"))]
    inner = {**closed(a={}), "required": []}
    for keyword, value, inside in (
        ("items", inner, ("items",)),
        ("anyOf", [inner], ("anyOf", 0)),
        ("$defs", {"q": inner}, ("$defs", "q")),
        ("not", inner, ("not",)),
        ("oneOf", [inner], ("oneOf", 0)),
    ):
        assert said({**closed(), keyword: value}) == [told(("required",), "a", "a", inside=inside)], keyword
    for right in (
        closed(**names),
        {**closed(a={}), "required": ["a", "z"]},
        {"type": "string"},
        {"type": "object", "properties": []},
        {"type": "string", "required": []},
    ):
        assert said(right) == []
    assert strictly("optional-strict-property", {"properties": {"a": {}}})


def test_what_a_strict_schema_requires_is_described() -> None:
    """Each undeclared name is a hit at its place in required."""
    schema = {**closed(a={**closed(), "required": ["x"]}), "required": ["a", "y", 5, "z"]}
    assert strictly("undeclared-strict-property", schema) == [
        Hit((*ANSWER, "required", 1), facts={"field": "y"}), Hit((*ANSWER, "required", 3), facts={"field": "z"}),
        Hit((*ANSWER, "properties", "a", "required", 0), facts={"field": "x"}),
    ]  # fmt: skip
    assert strictly("undeclared-strict-property", {"type": "object", "required": ["x"]}) == [
        Hit((*ANSWER, "required", 0), facts={"field": "x"})
    ]
    for right in (
        closed(a={}),
        {"type": "object", "properties": None, "required": ["x"]},
        {"type": "object", "required": "x"},
        {"type": "string", "required": ["x"]},
        {"type": "object", "properties": {}},
    ):
        assert strictly("undeclared-strict-property", right) == []


@pytest.mark.parametrize(
    ("rule", "fact"),
    [
        ("unsupported-strict-keyword", "strict_keywords_refused"),
        ("unproven-strict-keyword", "strict_keywords_inferred"),
    ],
)
def test_a_keyword_on_the_list_is_told_at_its_key(rule: str, fact: str) -> None:
    """A listed keyword is a hit in whatever subschema it stands, but not as a name."""
    schema = closed(
        a={"type": "string", "not": {}, "oneOf": [{"default": 1}]}, default={"type": "string"}, **{"not": {}}
    )
    listed = {fact: ["not", "default"]}
    assert strictly(rule, schema, **listed) == [
        Hit((*ANSWER, "properties", "a", "not"), Part.KEY, {"keyword": "not"}),
        Hit((*ANSWER, "properties", "a", "oneOf", 0, "default"), Part.KEY, {"keyword": "default"}),
    ]
    assert (
        strictly(rule, schema) == strictly(rule, schema, **{fact: "not"}) == strictly(rule, schema, **{fact: []}) == []
    )


def test_a_format_of_a_text_is_on_the_list() -> None:
    """The hit lists the formats that are taken; the format of another type has none."""
    kinds: list[object] = ["string", ["null", "string"], "integer", ["integer"], None, 5]
    schema = closed(
        **{str(index): {"type": kind, "format": "uri"} for index, kind in enumerate(kinds)},
        ok={"type": "string", "format": "date"},
        odd={"type": "string", "format": 5},
        no={"type": "string"},
    )
    facts = {"format": "uri", "formats": ["date", "time"]}
    assert strictly("unsupported-strict-format", schema, strict_formats=("date", "time")) == [
        Hit((*ANSWER, "properties", index, "format"), facts=facts) for index in ("0", "1")
    ]
    assert strictly("unsupported-strict-format", schema) == []


def test_every_value_of_a_strict_schema_says_what_it_is() -> None:
    """Any of eight keywords will do; the root has another rule, and a condition need not describe a value."""
    telling = ["type", "anyOf", "oneOf", "allOf", "not", "enum", "const", "$ref"]
    schema = closed(
        **{f"has-{name}": {name: []} for name in telling},
        bare={},
        described={"description": "x"},
        **{"if": {}, "not": {"title": "x"}},
    )
    schema |= {"if": {}, "then": {}, "else": {}, "not": {"items": {}}, "anyOf": [{}], "$defs": {"d": {}}}
    assert [hit.place[3:] for hit in strictly("untyped-strict-schema", schema)] == [
        ("properties", "bare"), ("properties", "described"), ("properties", "if"), ("properties", "not"), ("not", "items"), ("anyOf", 0), ("$defs", "d"),
    ]  # fmt: skip
    assert strictly("untyped-strict-schema", {}) == []
    assert all(hit == Hit(hit.place) for hit in strictly("untyped-strict-schema", schema))
    flags = closed(no=False, yes=True) | {"anyOf": [True], "$defs": {"d": False}}
    assert [(hit.place[3:], hit.facts, hit.severity) for hit in strictly("untyped-strict-schema", flags)] == [
        (place, {"value": value, "variant": "boolean"}, Severity.WARNING)
        for place, value in (
            (("properties", "no"), False),
            (("properties", "yes"), True),
            (("anyOf", 0), True),
            (("$defs", "d"), False),
        )
    ]


def test_an_array_of_a_strict_answer_describes_its_items() -> None:
    """Arrays in an answer are hits here; arrays of a function have another rule."""
    schema = closed(
        a={"type": "array"},
        b={"type": ["array", "null"], "items": {"type": "array"}},
        c={"type": "string"},
        d={"type": "object"},
    )
    assert hits("strict-array-without-items", followed(schema)) == [
        Hit((*ANSWER, "properties", "a")), Hit((*ANSWER, "properties", "b", "items")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("#", False), ("#/$defs/a", False), ("#/$defs/a%20b", False), ("#anchor", False), (5, False), (None, False), ("#/$defs/b", True), ("#/definitions/a", True),
        ("x.json", True), ("https://x/y#/a", True), ("", True), ("$defs/a", True), ("x#anchor", True), ("#a/b", False), ("#/", True),
    ],
)  # fmt: skip
def test_a_reference_of_a_strict_schema_leads_inside(reference: object, told: bool) -> None:
    """A reference that leads out or nowhere is a hit; one to an anchor is not."""
    schema = {**closed(x={"$ref": reference}), "$defs": {"a": {}, "a b": {"type": "string"}}}
    expected = [Hit((*ANSWER, "properties", "x", "$ref"), facts=described(schema, str(reference)))] if told else []
    assert strictly("unresolved-strict-reference", schema) == expected


def test_a_reference_of_a_strict_schema_stands_alone() -> None:
    """Definitions and ids may stand beside a reference; other keywords are a hit that names five."""
    schema = {
        **closed(
            a={"$ref": "#", "description": "x"},
            b={"$ref": "#", **dict.fromkeys("uvwxyz", 1)},
            c={"$ref": "#"},
            d={"description": "x"},
        ),
        "$defs": {},
    }
    assert strictly("strict-reference-with-siblings", schema) == [
        Hit((*ANSWER, "properties", "a"), facts={"siblings": "description"}), Hit((*ANSWER, "properties", "b"), facts={"siblings": "u, v, w, x, y"}),
    ]  # fmt: skip
    assert (
        strictly(
            "strict-reference-with-siblings", {"$ref": "#", "$defs": {}, "definitions": {}, "$schema": "x", "$id": "x"}
        )
        == []
    )


BIG = {"properties": 4, "nesting": 2, "enum-values": 3, "long-enum": 2, "long-enum-characters": 6, "characters": 20}
NAMES_AND = "characters of names, enums and constants"


def beyond(count: int, what: str, limit: int, *inner: str | int) -> Hit:
    """Return the hit of one limit."""
    return Hit((*ANSWER, *inner), facts={"count": count, "what": what, "limit": limit})


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (closed(a={}, b={}, c={}, d={}), []), (closed(a={}, b={}, c={}, d={}, e={}), [beyond(5, "properties", 4)]),
        (closed(a=closed(b={}, c={}), d={}), []), (closed(a=closed(b={}, c={}, e={}), d={}), [beyond(5, "properties", 4)]),
        ({**closed(a={}, b={}, c={}), "$defs": {"d": {}, "e": {}}}, []), (closed(a={"enum": ["x", "y"]}, b={"enum": [1]}), []),
        (closed(a={"enum": ["x", "y"]}, b={"enum": [1, 2]}), [beyond(4, "values of enums", 3)]), (closed(a={"enum": [1, 2, 3, 4]}), [beyond(4, "values of enums", 3)]),
        (closed(a={"enum": ["xx", "yy", "zz"]}), []), (closed(a={"enum": ["xxxxxx", "y"]}), []), (closed(a={"enum": ["xx", "yy", "zzz"]}), [beyond(7, "characters in one long enum", 6, "properties", "a", "enum")]),
        (closed(a={"enum": ["xxxx", 1, "yyy"]}), [beyond(7, "characters in one long enum", 6, "properties", "a", "enum")]), (closed(a={"enum": "xxxxxxx"}), []),
        (closed(**{"x" * 20: {}}), []), (closed(**{"x" * 21: {}}), [beyond(21, NAMES_AND, 20)]), (closed(a={"const": "x" * 19}), []),
        (closed(a={"const": "x" * 20}), [beyond(21, NAMES_AND, 20)]), (closed(a={"const": 10**30}), []), ({"type": "object", "$defs": {"x" * 10: {}}, "definitions": {"y" * 10: {}}}, []),
        ({"type": "object", "$defs": {"x" * 10: {}}, "definitions": {"y" * 11: {}}}, [beyond(21, NAMES_AND, 20)]), (closed(a={"const": "x" * 9, "enum": ["y" * 10]}), []),
        (closed(a={"const": "x" * 9, "enum": ["y" * 11]}), [beyond(21, NAMES_AND, 20)]), (closed(a={"const": "x" * 10}, b={"const": "x" * 9}), [beyond(21, NAMES_AND, 20)]),
        (closed(a={"type": "object"}), []), (closed(a=closed(b={"type": "object"})), [beyond(3, "levels of objects", 2, "properties", "a", "properties", "b")]),
        (closed(a=closed(b={"type": ["object", "null"]})), [beyond(3, "levels of objects", 2, "properties", "a", "properties", "b")]),
        (closed(a=closed(b={"type": "string"})), []), (closed(a={"type": "array", "items": closed(b={"type": "string"})}), []),
        (closed(a={"type": "array", "items": closed(b={"anyOf": [{"type": "string"}, {"type": "object"}]})}), [beyond(3, "levels of objects", 2, "properties", "a", "items", "properties", "b", "anyOf", 1)]),
        ({**closed(a={"$ref": "#"}), "$defs": {"a": closed(b=closed())}}, []), ({**closed(a={"$ref": "#/$defs/a"}), "$defs": {"a": closed(b={"type": "object"})}}, [beyond(3, "levels of objects", 2, "properties", "a", "properties", "b")]),
        ({"properties": None, "$defs": [], "definitions": None, "type": "object"}, []),
        ({**closed(a={}, b={}, c={}, d={}), "$defs": {"x": {}}, "definitions": {}}, []),
        ({**closed(a={}), "definitions": {"a": closed(b=closed(c={"type": "object"}))}}, []), ({**closed(a={}), "$defs": {"a": closed(b=closed(c={"type": "object"}))}}, []),
        ({**closed(a={"anyOf": [{"$ref": "#/$defs/s"}, {"$ref": "#/$defs/s"}, {"anyOf": [closed(x={"type": "object"})]}]}), "$defs": {"s": {}}},
            [beyond(3, "levels of objects", 2, "properties", "a", "anyOf", 2, "anyOf", 0, "properties", "x")]),
        (closed(a=closed(b={"type": "object"}), c={"enum": ["xxxx", "yyyy", "z", "w"]}, d={}, e={"const": "x" * 9}), [
            beyond(10, "characters in one long enum", 6, "properties", "c", "enum"), beyond(5, "properties", 4), beyond(4, "values of enums", 3), beyond(24, NAMES_AND, 20),
            beyond(3, "levels of objects", 2, "properties", "a", "properties", "b")]),
    ],
)  # fmt: skip
def test_a_strict_schema_has_limits(schema: Schema, expected: list[Hit]) -> None:
    """A schema may reach each limit; beyond it, the hit has both numbers."""
    assert strictly("oversized-strict-schema", schema, strict_limits=BIG) == expected


def test_a_small_strict_schema_does_not_hide_a_large_one() -> None:
    """Each schema is measured on its own."""
    request = {**followed(closed(a={})), "tools": followed(closed(a={}, b={}, c={}, d={}, e={}))["tools"]}
    limits = {**BIG, "enum-values": 40}
    assert strict._is_small(closed(a={}), limits)
    assert [hit.facts["count"] for hit in hits("oversized-strict-schema", request, strict_limits=limits)] == [5]


def test_small_schemas_are_passed_by_their_length() -> None:
    """A schema that passes by its length is within every limit."""
    limits = {**BIG, "enum-values": 100}
    assert strict._is_small(closed(a={"type": "string"}), limits)
    assert strict._is_small({"type": "object", "x": "y" * (300 - len(repr({"type": "object", "x": ""})) - 1)}, limits)
    assert not strict._is_small({"type": "object", "x": "y" * (300 - len(repr({"type": "object", "x": ""})))}, limits)
    assert not strict._is_small({"type": "object", "properties": {}, "items": {"type": "object"}}, limits)
    assert not strict._is_small(deep(100_000, {}), limits)
    assert strictly("oversized-strict-schema", closed(a={})) == []


def test_agreement_takes_one_look() -> None:
    """The usual strict schema is proven to agree; anything more takes the walk."""
    agreed = [
        closed(),
        closed(a={"type": "string"}),
        closed(a=closed(b={})),
        closed(a={"items": closed(b={})}),
        closed(a={"anyOf": [closed(b={}), {"type": "null"}]}),
        {"type": "string"},
        closed(a=True),
    ]
    for schema in agreed:
        assert strict._agrees(schema), schema
    apart: list[Schema] = [
        {**closed(a={}), "required": []},
        {**closed(), "required": ["x"]},
        {"required": []},
        {"properties": {}},
        {"properties": {}, "required": None},
        {"properties": [], "required": []},
    ]
    for schema in apart:
        for whole in (schema, closed(a=schema), closed(a={}, b={"items": schema}), closed(a={"anyOf": [{}, schema]})):
            assert not strict._agrees(whole), whole
    for keyword in (
        "$defs",
        "definitions",
        "patternProperties",
        "dependentSchemas",
        "oneOf",
        "allOf",
        "prefixItems",
        "not",
        "contains",
        "propertyNames",
        "if",
        "then",
        "else",
    ):
        assert not strict._agrees({**closed(), keyword: {}}), keyword
    most = json_schema.MAX_SUBSCHEMAS
    assert strict._agrees(closed(**{str(number): True for number in range(most - 1)}))
    assert not strict._agrees(closed(**{str(number): True for number in range(most)}))


# --------------------------------------------------------------------------------------- what is read, and read once


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return the list of schemas that jsonschema checks from here on, with an empty cache."""
    read: list[object] = []
    reading = drafts._mistakes

    def noted(schema: dict[str, Any], only: str | None) -> Iterator[drafts.Mistake]:
        read.append(schema)
        return reading(schema, only)

    monkeypatch.setattr(drafts, "_mistakes", noted)
    monkeypatch.setattr(drafts, "_known", {})
    return read


def test_a_schema_is_read_once(readings: list[object]) -> None:
    """The result for an equal schema of other objects comes from the cache, also when there was no mistake."""
    shared = {"type": "strin"}
    for first, again in [
        ({"properties": {"a": shared, "b": shared}}, {"properties": {"a": dict(shared), "b": dict(shared)}}),
        ({"type": "object"}, {"type": "object"}),
    ]:
        readings.clear()
        found = drafts.mistakes(first)
        assert drafts.mistakes(again) == found == drafts.mistakes(first)
        assert len(readings) == 1
        drafts.mistakes(again, "7")  # in another draft, what is right may be another thing
        assert len(readings) == 2
    assert sorted(each.place for each in drafts.mistakes({"properties": {"a": shared, "b": shared}})) == [
        ("properties", "a", "type"), ("properties", "b", "type")
    ]  # fmt: skip


@pytest.mark.usefixtures("readings")
def test_few_schemas_are_known_and_long_ones_alone() -> None:
    """The cache is cleared when it is full, and by a schema of more than 65,536 bytes."""
    for number in range(drafts._MOST_KNOWN):
        drafts.mistakes({"title": str(number)})
    assert len(drafts._known) == drafts._MOST_KNOWN
    drafts.mistakes({"title": "one more"})
    assert len(drafts._known) == 1
    padding = drafts._LONGEST - len(dumps({"title": "x" * 1000}, 2)) + 1000
    drafts.mistakes({"title": "x" * padding})
    assert len(drafts._known) == 2
    drafts.mistakes({"title": "x" * (padding + 1)})
    assert len(drafts._known) == 1


def test_a_class_of_somebodys_own_is_read(readings: list[object]) -> None:
    """A schema that cannot be cached by its bytes is checked all the same."""
    assert [each.place for each in drafts.mistakes({"type": 3, "x-own": drafts.Mistake(())})] == [("type",)]
    assert len(readings) == 1


def cut(schema: object) -> Any:
    """Shorten a schema as before it is checked."""
    return drafts._Shortener().shorten(schema)


def test_what_is_beyond_the_bounds_is_cut_out() -> None:
    """Subschemas and items up to the limits are kept in order, a list keeps one item, and data stays as it is."""
    most, items = json_schema.MAX_SUBSCHEMAS, drafts._MOST_ITEMS
    small = {
        "title": "x", "type": ["object", "null"], "properties": {"type": {"items": {"enum": [1, {}]}}, "b": True},
        "required": ["b"], "dependencies": {"b": ["c"]}, "anyOf": [{"$ref": "#"}, True], "not": {}, "default": {"a": []},
    }  # fmt: skip
    assert cut(small) == small
    wide = {"title": "x", "properties": {f"p{number}": {"title": "y"} for number in range(most + 10)}}
    assert list(cut(wide)["properties"]) == [f"p{number}" for number in range(most - 1)]
    assert cut({"items": {"anyOf": [{}] * (items + 5)}}) == {"items": {"anyOf": [{}] * items}}
    for left, kept in ((0, 1), (1, 1), (2, 2), (3, 3)):
        names = {f"p{number}": {} for number in range(most - 1 - left)}
        assert len(cut({"properties": names, "anyOf": [{}, {}, {}, {}]})["anyOf"]) == kept
    long = [[]] * (items + 5)
    for keyword in ("default", "const", "examples"):
        assert cut({keyword: long}) == {keyword: long}
    for keyword in ("properties", "dependencies", "dependentRequired"):
        assert cut({keyword: {"default": long}}) == {keyword: {"default": long[:items]}}
