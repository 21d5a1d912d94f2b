"""What OpenAI's three APIs do with the schemas of functions, sent in each way there is."""

from typing import Any

import pytest

from reqlint.core.findings import Severity
from reqlint.run.one_request import linter_for

WORD = {"type": "string"}
WAYS = {
    "openai": ("openai", None),
    "openai-strict": ("openai", True),
    "azure-openai": ("azure-openai", None),
    "responses": ("openai-responses", None),
    "responses-loose": ("openai-responses", False),
    "responses-strict": ("openai-responses", True),
}
CHAT = ("openai", "azure-openai")
RESPONSES = ("responses", "responses-loose")
STRICT = ("openai-strict", "responses-strict")
E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE


def closed(**properties: Any) -> dict[str, Any]:
    """Return the schema of an object that every way takes as it is."""
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


def request(way: str, parameters: Any, model: str = "my-deployment", name: str = "find") -> dict[str, Any]:
    """Return a request with one function."""
    profile, strict = WAYS[way]
    tool = {"name": name, "description": "Find a port", "parameters": parameters}
    if strict is not None:
        tool["strict"] = strict
    if profile == "openai-responses":
        return {"model": model, "input": "Hi", "tools": [{"type": "function", **tool}]}
    hello = [{"role": "user", "content": "Hi"}]
    return {"model": model, "messages": hello, "tools": [{"type": "function", "function": tool}]}


def found(way: str, asked: dict[str, Any]) -> list[tuple[str, str, Severity]]:
    """Return the rule, the pointer from the tool's schema on and the severity of each finding."""
    return [
        (each.rule, each.pointer.partition("/parameters")[2], each.severity)
        for each in linter_for(WAYS[way][0]).check(asked)
    ]


DANGLING = {"$ref": "#/$defs/port"}
TUPLE = {"type": "array", "items": [WORD]}
LOOKING = {**WORD, "pattern": "^(?!x)"}
NAMED = {"type": "object", "properties": {}, "required": [], "additionalProperties": False, "propertyNames": WORD}
EITHER = {"anyOf": [WORD, {"type": "null"}]}
OLD = {"type": "integer", "exclusiveMinimum": True, "minimum": 0}
CASES: list[tuple[dict[str, Any], list[tuple[tuple[str, ...], tuple[str, str, Severity]]]]] = [
    (closed(a=WORD), []),
    (closed(), []),
    (closed(a=True), [(STRICT, ("untyped-strict-schema", "/properties/a", W))]),
    (closed(a={"type": ["string", "null"]}), []),
    (closed(a=EITHER), []),
    ({"properties": {"a": WORD}, "required": ["a"], "additionalProperties": False}, [
        (CHAT, ("untyped-parameters", "", E)),
        (RESPONSES, ("untyped-parameters", "", W)),
        (STRICT, ("non-object-strict-schema", "", E)),
    ]),
    ({"$ref": "#/$defs/a", "$defs": {"a": closed(a=WORD)}}, [
        ((*CHAT, "openai-strict"), ("untyped-parameters", "", E)),
        ((*RESPONSES, "responses-strict"), ("untyped-parameters", "", W)),
    ]),
    *(
        ({**closed(a=WORD), keyword: value}, [
            (CHAT, ("union-as-input-schema", f"/{keyword}", E)),
            (RESPONSES, ("union-as-input-schema", f"/{keyword}", W)),
            (STRICT if of_root else (), ("non-object-strict-schema", "", E)),
            (STRICT if of_keyword else (), ("unsupported-strict-keyword", f"/{keyword}", E)),
        ])
        for keyword, value, of_root, of_keyword in (
            ("anyOf", [closed(a=WORD)], True, False),
            ("oneOf", [closed(a=WORD)], True, True),
            ("allOf", [closed(a=WORD)], False, True),
            ("not", {"required": ["b"]}, False, True),
            ("enum", [{"a": "x"}], True, False),
        )
    ),
    ({"type": "object"}, [
        (tuple(WAYS), ("object-without-properties", "", E)),
        (STRICT, ("open-strict-schema", "", E)),
    ]),
    (closed(a="string"), [(tuple(WAYS), ("malformed-parameters-schema", "/properties/a", E))]),
    (closed(a={"type": "any"}), [
        ((*CHAT, "openai-strict"), ("malformed-parameters-schema", "/properties/a/type", E)),
        ((*RESPONSES, "responses-strict"), ("malformed-parameters-schema", "/properties/a/type", W)),
    ]),
    (closed(a={"type": "array"}), [(tuple(WAYS), ("array-without-items", "/properties/a", E))]),
    (closed(a=TUPLE), [(tuple(WAYS), ("items-as-list", "/properties/a/items", W))]),
    (closed(a=OLD), [(tuple(WAYS), ("undeclared-schema-draft", "/properties/a/exclusiveMinimum", W))]),
    (closed(a=DANGLING), [
        (CHAT, ("unresolved-parameters-reference", "/properties/a/$ref", E)),
        (RESPONSES, ("malformed-parameters-schema", "/properties/a/$ref", W)),
        (STRICT, ("unresolved-strict-reference", "/properties/a/$ref", E)),
    ]),
    (closed(a=LOOKING), [(tuple(WAYS), ("pattern-with-lookaround", "/properties/a/pattern", W))]),
    (closed(a={**WORD, "pattern": "[(?=]"}), []),
    (closed(a={**WORD, "pattern": r"\(?=x"}), []),
    (closed(a=NAMED), [
        ((*CHAT, *RESPONSES), ("unsupported-parameters-keyword", "/properties/a/propertyNames", W)),
        (STRICT, ("unsupported-strict-keyword", "/properties/a/propertyNames", E)),
    ]),
    (closed(a={"oneOf": [WORD]}), [
        (("responses",), ("keyword-without-strict-false", "/properties/a/oneOf", W)),
        (STRICT, ("unsupported-strict-keyword", "/properties/a/oneOf", E)),
    ]),
    (closed(a={**WORD, "format": "uri"}), [
        (("responses",), ("keyword-without-strict-false", "/properties/a/format", W)),
        (STRICT, ("unsupported-strict-format", "/properties/a/format", E)),
    ]),
    (closed(a={**WORD, "format": "uri-reference"}), [
        (("responses",), ("keyword-without-strict-false", "/properties/a/format", N)),
        (STRICT, ("unsupported-strict-format", "/properties/a/format", E)),
    ]),
    (closed(a={**WORD, "format": "email"}), []),
    (closed(a={"type": "integer", "format": "int64"}), []),
    (closed(a={"type": "integer", "multipleOf": 5}), [
        (STRICT, ("unproven-strict-keyword", "/properties/a/multipleOf", W)),
    ]),
    (closed(a={**closed(), "patternProperties": {}}), [
        (STRICT, ("unsupported-strict-keyword", "/properties/a/patternProperties", E)),
    ]),
    ({**closed(a=WORD), "$schema": "https://json-schema.org/draft/2020-12/schema"}, [
        (("responses",), ("dropped-schema-draft", "/$schema", N)),
    ]),
    ({**closed(a=WORD, b=WORD, c=WORD), "required": ["b"]}, [
        (("responses",), ("optional-property-made-required", "/properties/a", N)),
        (STRICT, ("optional-strict-property", "/required", E)),
    ]),
    (closed(a={**closed(b=WORD), "required": []}), [
        (("responses",), ("optional-property-made-required", "/properties/a/properties/b", N)),
        (STRICT, ("optional-strict-property", "/properties/a/required", E)),
    ]),
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("parameters", "expected"), CASES)
def test_each_way_says_what_its_api_does(way: str, parameters: dict[str, Any], expected: list[Any]) -> None:
    """A schema has the findings of each way in which an API refuses or rewrites it, and none where it is taken."""
    wanted = [finding for ways, finding in expected if way in ways]
    assert found(way, request(way, parameters)) == wanted


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("model", "severity"),
    [
        ("gpt-5.5", E),
        ("gpt-6-astra", E),
        ("my-deployment", W),
        ("gpt-4o", None),
        ("gpt-5", None),
        ("gpt-5.4-mini", None),
    ],
)
def test_older_models_may_have_patterns_that_look_around(way: str, model: str, severity: Severity | None) -> None:
    """Only the models since gpt-5.5 were seen to refuse them; of others nobody knows, or nothing is said."""
    rules = {rule: grade for rule, _, grade in found(way, request(way, closed(a=LOOKING), model))}
    assert rules.get("pattern-with-lookaround") == severity


def test_a_function_is_named_once_for_all_its_optional_properties() -> None:
    """However many properties become required, there is one note, with the first of them by name."""
    schema = {"type": "object", "properties": {f"p{number}": WORD for number in range(7)}}
    (finding,) = linter_for("openai-responses").check(request("responses", schema))
    assert finding.message.endswith("p0, p1, p2, p3, p4 and 2 more")


def test_more_than_128_tools_are_a_warning_in_responses_and_an_error_in_chat() -> None:
    """The limit was seen in Chat Completions, and is inferred for Responses."""
    for way, severity in (("openai", E), ("responses-loose", W)):
        asked = request(way, closed())
        asked["tools"] = [request(way, closed(), name=f"find_{number}")["tools"][0] for number in range(129)]
        assert [(each.rule, each.severity) for each in linter_for(WAYS[way][0]).check(asked)] == [
            ("too-many-tools", severity)
        ]


@pytest.mark.parametrize("length", [64, 65])
@pytest.mark.parametrize("way", WAYS)
def test_names_have_at_most_64_characters(way: str, length: int) -> None:
    """A longer one is refused, though for Responses one page has a higher limit."""
    rules = [rule for rule, _, _ in found(way, request(way, closed(), name="n" * length))]
    assert rules == (["malformed-tool-name"] if length > 64 else [])
