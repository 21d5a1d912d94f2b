"""What Anthropic, Bedrock and Mistral do with the schemas of tools: every kind of schema against every way to send it."""

from typing import Any

import pytest

from reqlint import Linter
from reqlint.checks import all_checks
from reqlint.core.findings import Hit, Part, Severity
from reqlint.dialects.anthropic_messages import DIALECT as ANTHROPIC
from reqlint.dialects.bedrock_converse import DIALECT as BEDROCK
from reqlint.dialects.openai_chat import OPENAI_CHAT
from reqlint.knowledge.catalog import shipped

# ruff: noqa: E501 - a table, read at a glance

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
CLAUDE, NOVA, LLAMA = (
    "eu.anthropic.claude-haiku-4-5-20251001-v1:0",
    "us.amazon.nova-micro-v1:0",
    "us.meta.llama4-scout-17b-instruct-v1:0",
)
PROFILE = "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abc"


def of(**properties: object) -> Schema:
    """Return the schema of an object with these properties."""
    return {"type": "object", "properties": properties}


def closed(schema: Any) -> Any:
    """Return a schema in which no object takes other members than those it names."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(value) for key, value in schema.items()}
    named = "properties" in inner
    return {"additionalProperties": False, **inner} if named else inner


def anthropic(schema: object, **more: object) -> Schema:
    """Return a request that offers one tool with this schema."""
    tool = {"name": "ferry", "description": "Find a ferry", "input_schema": schema, **more}
    return {
        "model": "claude-haiku-4-5",
        "max_tokens": 9,
        "messages": [{"role": "user", "content": "Hi"}],
        "tools": [tool],
    }


def bedrock(schema: object, model: str | None = CLAUDE, **more: object) -> Schema:
    """Return a request that offers one tool with this schema."""
    spec = {"name": "ferry", "description": "Find a ferry", "inputSchema": {"json": schema}, **more}
    named = {"modelId": model} if model else {}
    return {
        **named,
        "messages": [{"role": "user", "content": [{"text": "Hi"}]}],
        "toolConfig": {"tools": [{"toolSpec": spec}]},
    }


def mistral(schema: object) -> Schema:
    """Return a request that offers one tool with this schema."""
    function = {"name": "ferry", "description": "Find a ferry", "parameters": schema}
    return {
        "model": "mistral-large-latest",
        "messages": [{"role": "user", "content": "Hi"}],
        "tools": [{"type": "function", "function": function}],
    }


WAYS = {
    "anthropic": lambda schema: ("anthropic", anthropic(schema)),
    "anthropic-strict": lambda schema: ("anthropic", anthropic(closed(schema), strict=True)),
    "bedrock": lambda schema: ("bedrock-converse", bedrock(schema)),
    "bedrock-strict": lambda schema: ("bedrock-converse", bedrock(closed(schema), strict=True)),
    "nova": lambda schema: ("bedrock-converse", bedrock(schema, NOVA)),
    "mistral": lambda schema: ("mistral", mistral(schema)),
}

DAY = {"$defs": {"day": TEXT}}
LOOP: Schema = {**of(a={"$ref": "#/$defs/leg"}), "$defs": {"leg": of(next={"$ref": "#/$defs/leg"})}}
LIST: Schema = {"type": "array", "items": TEXT}
UNION, NAME, NULL, BROKEN = (
    "union-as-input-schema",
    "malformed-property-name",
    "null-schema-keyword",
    "malformed-parameters-schema",
)
OLD, KEYWORD, UNPROVEN, CONSTRUCT = (
    "undeclared-schema-draft",
    "unsupported-strict-keyword",
    "unproven-strict-keyword",
    "unsupported-strict-construct",
)
UNTYPED, ROOT = "untyped-parameters", "root-keyword-of-other-models"
CLAUDES = ("anthropic", "anthropic-strict", "bedrock", "bedrock-strict")
STRICT = ("anthropic-strict", "bedrock-strict")
ALL = tuple(WAYS)


def each(ways: tuple[str, ...], rule: str, severity: str = "error") -> dict[str, str]:
    """Return the finding of a rule in all of these ways, with its severity."""
    return dict.fromkeys(ways, f"{rule} {severity}")


REFUSED: list[tuple[str, Schema, dict[str, str]]] = [
    ("a root without a type", {"properties": {"a": TEXT}}, {**each(("anthropic", "anthropic-strict"), UNTYPED, "warning"), **each(("bedrock", "bedrock-strict", "nova"), UNTYPED)}),
    ("an empty schema", {}, {**each(("anthropic", "anthropic-strict"), UNTYPED, "warning"), **each(("bedrock", "bedrock-strict", "nova"), UNTYPED)}),
    *((f"{word} at the root", {**of(a=TEXT), word: [{"required": ["a"]}]}, {**each(CLAUDES, UNION), **each(("nova",), ROOT, "warning")}) for word in ("anyOf", "oneOf", "allOf")),
    ("properties null", {"type": "object", "properties": None}, {**each(("anthropic", "anthropic-strict", "mistral"), NULL, "warning"), **each(("bedrock", "bedrock-strict", "nova"), NULL)}),
    ("required null", {**of(a=TEXT), "required": None}, {**each(("anthropic", "anthropic-strict", "mistral"), NULL, "warning"), **each(("bedrock", "bedrock-strict", "nova"), NULL)}),
    *((f"a property that is {word!r}", of(a=word), {**each(("anthropic", "anthropic-strict"), BROKEN), **each(("bedrock", "bedrock-strict", "nova", "mistral"), BROKEN, "warning")}) for word in ("string", ["a"], None)),
    *((f"type {word}", of(a={"type": word}), {**each(("anthropic", "anthropic-strict"), BROKEN), **each(("bedrock", "bedrock-strict", "nova", "mistral"), BROKEN, "warning")}) for word in ("any", "unknown", "str")),
    *((f"required {flag}", of(a={**TEXT, "required": flag}), {**each(("anthropic", "anthropic-strict"), BROKEN), **each(("bedrock", "bedrock-strict", "nova", "mistral"), BROKEN, "warning")}) for flag in (True, False)),
    ("a reference to nothing", of(a={"$ref": "#/$defs/day"}), {"anthropic": f"{BROKEN} error", "anthropic-strict": "unresolved-strict-reference error", **each(("bedrock", "bedrock-strict", "nova"), BROKEN, "warning")}),
    ("items as a list", of(a={"type": "array", "items": [TEXT]}), {**each(("anthropic", "anthropic-strict"), OLD), **each(("bedrock", "bedrock-strict", "nova"), OLD, "warning")}),
    ("a boolean bound", of(a={"type": "integer", "exclusiveMinimum": True}), {"anthropic": f"{OLD} error", "mistral": f"{OLD} error", **each(("bedrock", "nova"), OLD, "warning"), "anthropic-strict": f"{OLD} error, {UNPROVEN} warning", "bedrock-strict": f"{OLD} warning, {KEYWORD} error"}),
    *((f"an argument named {name[:4]}", of(**{name: TEXT}), {**each(("anthropic", "anthropic-strict"), NAME), **each(("bedrock", "bedrock-strict"), NAME, "warning")}) for name in ("$top", "@id", "a b", "", "ø", "a" * 65)),
    *((f"strict {word}", of(a={"type": "integer", word: 2}), each(STRICT, KEYWORD)) for word in ("minimum", "maximum", "multipleOf")),
    *((f"strict {word}", of(a={"type": "integer", word: 2}), {"anthropic-strict": f"{UNPROVEN} warning", "bedrock-strict": f"{KEYWORD} error"}) for word in ("exclusiveMinimum", "exclusiveMaximum")),
    *((f"strict {word}", of(a={**TEXT, word: 2}), {"anthropic-strict": f"{KEYWORD} error"}) for word in ("minLength", "maxLength")),
    ("strict maxItems", of(a={**LIST, "maxItems": 2}), each(STRICT, KEYWORD)),
    ("strict minItems", of(a={**LIST, "minItems": 2}), each(STRICT, CONSTRUCT)),
    ("strict uniqueItems", of(a={**LIST, "uniqueItems": True}), {"anthropic-strict": f"{KEYWORD} error"}),
    ("strict recursion", LOOP, {**each(STRICT, CONSTRUCT), "nova": f"{ROOT} warning"}),
    ("strict recursion to the root", of(a={"$ref": "#"}), each(STRICT, CONSTRUCT)),
    ("strict recursion to a property", of(a=of(b={"$ref": "#/properties/a"})), each(STRICT, CONSTRUCT)),
    ("strict look-around", of(a={**TEXT, "pattern": "^(?!x)"}), {"anthropic-strict": f"{CONSTRUCT} error"}),
    ("strict reference in allOf", {**of(a={"allOf": [{"$ref": "#/$defs/day"}]}), **DAY}, {"anthropic-strict": f"{CONSTRUCT} error", "nova": f"{ROOT} warning"}),
    ("strict enum of lists", of(a={"enum": [["x"]]}), {"anthropic-strict": f"{CONSTRUCT} error"}),
    ("strict reference elsewhere", of(a={"$ref": "https://example.com/day.json"}), {"anthropic-strict": "unresolved-strict-reference error"}),
    ("strict map", of(a={"type": "object", "additionalProperties": TEXT}), {"anthropic-strict": "open-strict-schema error", "bedrock-strict": "open-strict-schema warning"}),
    ("definitions", {**of(a={"$ref": "#/$defs/day"}), **DAY}, {"nova": f"{ROOT} warning"}),
    ("a named draft", {"$schema": "http://json-schema.org/draft-07/schema#", **of(a=TEXT)}, {"nova": f"{ROOT} warning"}),
]  # fmt: skip

TAKEN: list[tuple[str, Schema]] = [
    ("no arguments", of()),
    ("a closed object", {**of(a=TEXT), "additionalProperties": False}),
    ("a title", {"title": "Ferry", **of(a=TEXT)}),
    ("true for a schema", of(a=True)),
    ("a property without a type", of(a={"description": "The day"})),
    ("several types", of(a={"type": ["string", "null"]})),
    ("an array without items", of(a={"type": "array"})),
    ("prefixItems", of(a={"type": "array", "prefixItems": [TEXT]})),
    ("anyOf with a sibling", of(a={"description": "x", "type": ["string", "null"], "anyOf": [TEXT, {"type": "null"}]})),
    ("oneOf", of(a={"oneOf": [TEXT, {"type": "null"}]})),
    ("allOf", of(a={"allOf": [TEXT]})),
    ("not", of(a={**TEXT, "not": {"const": "x"}})),
    ("const", of(a={"const": "x"})),
    ("an enum of numbers", of(a={"enum": [1, 2]})),
    ("an empty word in an enum", of(a={"enum": ["", "x"]})),
    ("a format", of(a={**TEXT, "format": "uri"})),
    ("a plain pattern", of(a={**TEXT, "pattern": "^a+$"})),
    ("a list of at least one", of(a={**LIST, "minItems": 1})),
    ("a default of null", of(a={**TEXT, "default": None})),
    ("nullable", of(a={**TEXT, "nullable": True})),
    ("decorations", of(a={**TEXT, "title": "A", "examples": ["a"], "readOnly": True, "deprecated": True, "$comment": "x"})),
    ("names with dots and dashes", of(**{"a.b-c": TEXT, "a" * 64: TEXT})),
    ("another name deeper down", of(a=of(**{"$top": TEXT}))),
]  # fmt: skip
ONLY_LENIENT: list[tuple[str, Schema]] = [
    ("no properties", {"type": "object"}),
    ("required and no properties", {"type": "object", "required": []}),
    ("an open object", {**of(a=TEXT), "additionalProperties": {}}),
    ("a map", of(a={"type": "object", "additionalProperties": TEXT})),
    ("bounds", of(a={"type": "integer", "minimum": 1, "exclusiveMaximum": 5, "multipleOf": 2}, b={**TEXT, "minLength": 1}, c={**LIST, "minItems": 2, "maxItems": 3, "uniqueItems": True})),
    ("a look-around", of(a={**TEXT, "pattern": "(?<=x)a"})),
    ("propertyNames", of(a={"type": "object", "propertyNames": {"pattern": "a"}})),
    ("patternProperties", of(a={"type": "object", "patternProperties": {"a": TEXT}})),
]  # fmt: skip


@pytest.mark.parametrize("engine", [None, "reference"])
@pytest.mark.parametrize("way", ALL)
def test_each_kind_of_schema_has_the_findings_that_its_refusals_call_for(way: str, engine: str | None) -> None:
    """What is refused has a finding of its rule, an error only where the refusal was seen or is documented."""
    taken = TAKEN if "strict" in way else TAKEN + ONLY_LENIENT
    kinds = [(kind, schema, expected.get(way, "")) for kind, schema, expected in REFUSED]
    kinds += [(kind, schema, "") for kind, schema in taken]
    told = {kind: found(way, schema, engine) for kind, schema, _ in kinds}
    assert told == {kind: expected for kind, _, expected in kinds}


def found(way: str, schema: Schema, engine: str | None) -> str:
    """Return the rules and severities of what is found in a tool with this schema, sent in a way."""
    profile, request = WAYS[way](schema)
    return ", ".join(
        sorted({f"{each.rule} {each.severity}" for each in Linter(profile=profile, engine=engine).check(request)})
    )


def hits(rule: str, request: Schema, dialect: Any = BEDROCK, **facts: Any) -> list[Hit]:
    """Return the hits of a check, with the facts of Bedrock or these."""
    named = {name.replace("_", "-"): {"value": value} for name, value in facts.items()}
    return list(all_checks()[rule](request, named or shipped().profile("bedrock-converse").facts or {}, dialect))


AT = ("toolConfig", "tools", 0, "toolSpec", "inputSchema", "json")


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (CLAUDE, [None]),
        ("-", [None]),
        (None, [Severity.WARNING]),
        (PROFILE, [Severity.WARNING]),
        ("mine", [Severity.WARNING]),
        (NOVA, []),
        (LLAMA, []),
    ],
)
def test_only_a_model_known_to_refuse_a_union_has_an_error(model: str | None, expected: list[Severity | None]) -> None:
    """Claude refuses it; a model that is not known may be Claude; another vendor's is not concerned."""
    union = bedrock({**of(a=TEXT), "anyOf": [{}]}, model)
    assert hits(UNION, union) == [
        Hit((*AT, "anyOf"), Part.KEY, {"keyword": "anyOf"}, severity=each) for each in expected
    ]
    named = bedrock(of(**{"$top": TEXT}), model)
    assert hits(NAME, named) == [
        Hit((*AT, "properties", "$top"), Part.KEY, {"length": 4}, severity=each) for each in expected
    ]


def test_a_profile_may_name_what_it_refuses_at_the_root() -> None:
    """Where a profile has no list, the three unions are refused of every model."""
    schema = {**of(a=TEXT), "not": {}, "oneOf": [{}]}
    assert [hit.facts["keyword"] for hit in hits(UNION, anthropic(schema), ANTHROPIC, other=1)] == ["oneOf"]
    assert [
        hit.facts["keyword"] for hit in hits(UNION, anthropic(schema), ANTHROPIC, root_keywords_refused=["not"])
    ] == ["not"]
    for odd in (None, [], "x", {"properties": []}, {"properties": None}):
        assert hits(UNION, anthropic(odd), ANTHROPIC, other=1) == hits(NAME, anthropic(odd), ANTHROPIC, other=1) == []


def test_what_nova_may_not_take_is_told_for_nova_only() -> None:
    """Each keyword is a hit at its key; those that were recorded or are documented are none."""
    schema = {**of(a=TEXT), "title": "x", "required": [], "additionalProperties": False, "description": "x", **DAY}
    expected = [Hit((*AT, word), Part.KEY, {"keyword": word, "model": NOVA}) for word in ("description", "$defs")]
    assert hits(ROOT, bedrock(schema, NOVA)) == expected
    for model in (CLAUDE, LLAMA, None, PROFILE):
        assert hits(ROOT, bedrock(schema, model)) == []
    assert hits(ROOT, bedrock("x", NOVA)) == hits(ROOT, bedrock(schema, NOVA), other=1) == []


@pytest.mark.parametrize(
    ("reference", "is_around"),
    [
        ("#", True),
        ("#/properties/a", True),
        ("#/properties/a/properties/b", True),
        ("#/properties/ab", False),
        ("#/properties/a/properties", True),
        ("#/properties/c", False),
        ("a#/properties/a", False),
        ("#a", False),
    ],
)
def test_a_reference_to_what_holds_it_is_recursion(reference: str, is_around: bool) -> None:
    """A pointer to a schema around the reference is a hit; one to another that begins alike is none."""
    schema = of(a=of(b={"$ref": reference}), ab=TEXT, c=TEXT)
    expected = [Hit((*AT, "properties", "a", "properties", "b", "$ref"), facts={"what": "the schema refers to itself"})]
    assert hits(CONSTRUCT, bedrock(schema, strict=True)) == (expected if is_around else [])


def test_an_api_that_reads_one_draft_reads_every_schema_in_it() -> None:
    """Mistral compares with draft 7, whatever a schema names, and follows no reference."""
    bound = of(a={"minimum": 1, "exclusiveMinimum": True}, b={"items": [TEXT]}, c={"$ref": "#/$defs/x"})
    facts = {"name": "exclusiveMinimum", "value": True, "expected": "a number", "draft": "draft 4", "newer": "draft 7"}
    facts["variant"] = "flag-for-bound"
    place = ("tools", 0, "function", "parameters", "properties", "a", "exclusiveMinimum")
    facts_of_mistral = shipped().profile("mistral").facts or {}

    def told(rule: str, schema: Schema) -> list[Hit]:
        return list(all_checks()[rule](mistral(schema), facts_of_mistral, OPENAI_CHAT))

    assert told(OLD, bound) == [Hit(place, facts=facts)]
    assert told(BROKEN, bound) == []
    named = {"$schema": "http://json-schema.org/draft-04/schema#", **bound}
    assert told(OLD, named) == []
    assert [(hit.place, hit.facts["draft"]) for hit in told(BROKEN, named)] == [(place, "7")]
    assert hits(OLD, mistral(bound), OPENAI_CHAT, other=1) != hits(OLD, mistral(bound), OPENAI_CHAT, schema_draft="7")


@pytest.mark.parametrize(
    ("count", "expected"),
    [(129, "long-tool-name malformed-tool-name"), (128, "long-tool-name"), (65, "long-tool-name"), (64, "")],
)
def test_anthropic_takes_names_of_128_characters(count: int, expected: str) -> None:
    """One more is an error; above 64, which all others and claude.ai take, is a note."""
    request = anthropic(of())
    request["tools"][0]["name"] = "f" * count
    rules = {each.rule for each in Linter(profile="anthropic").check(request)}
    assert " ".join(sorted(rules)) == expected


def test_anthropic_takes_many_tools_and_long_descriptions_but_each_name_once() -> None:
    """675 tools and 9,000 characters were taken; a second tool of the same name is an error."""
    request = anthropic(of())
    (tool,) = request["tools"]
    request["tools"] = [{**tool, "name": f"ferry_{number}", "description": "x" * 9_000} for number in range(675)]
    assert not list(Linter(profile="anthropic").check(request))
    request["tools"].append({**tool, "name": "ferry_0"})
    assert [each.rule for each in Linter(profile="anthropic").check(request)] == ["duplicate-tool-name"]


def test_loose_parameters_count_together_and_are_told_where_they_become_too_many() -> None:
    """24 optional parameters and 16 of several types are taken in all strict schemas of a request; one more is too many."""

    def told(*schemas: Schema, **more: object) -> list[tuple[Any, object]]:
        request = anthropic({})
        request["tools"] = [
            {"name": f"t{number}", "input_schema": schema, "strict": True, **more}
            for number, schema in enumerate(schemas)
        ]
        facts = shipped().profile("anthropic").facts or {}
        return [
            (hit.place, hit.facts["count"]) for hit in all_checks()["too-many-strict-parts"](request, facts, ANTHROPIC)
        ]

    def loose(count: int, schema: Schema = TEXT, required: bool = False) -> Schema:
        named = {f"a{number}": schema for number in range(count)}
        return {**of(**named), "required": [*named] if required else []}

    assert told(loose(12), loose(12), loose(5, required=True)) == []
    assert told(loose(12), loose(12), loose(5, required=True), loose(1), loose(2)) == [
        (("tools", 3, "input_schema"), 27)
    ]
    either, several = {"anyOf": [TEXT]}, {"type": ["string", "null"]}
    assert told(loose(8, either, True), loose(8, several, True)) == []
    assert told(loose(8, either, True), loose(9, several, True)) == [(("tools", 1, "input_schema"), 17)]
    assert told(loose(25, either)) == [(("tools", 0, "input_schema"), 25)] * 2
    assert told(*[of()] * 20) == []
    assert told(*[of()] * 21) == [(("tools",), 21)]
    assert told(*[loose(9)] * 21, strict=False) == []
