"""Schemas of answers: what is malformed, which root they have, and patterns that no grammar can follow."""

from typing import Any

import pytest

from reqlint.checks.drafts import described
from reqlint.run.one_request import linter_for

ERROR, WARNING = "error", "warning"
TEXT = {"type": "string"}


def of(schema: dict[str, Any], strict: bool | None) -> dict[str, Any]:
    """Return a schema of an object with one property; a strict one is closed, and has to have it."""
    closed = {"required": ["a"], "additionalProperties": False} if strict else {}
    return {"type": "object", "properties": {"a": schema}, **closed}


def found(profile: str, schema: object, *, strict: bool | None = None) -> list[tuple[str, str, str]]:
    """Return rule, place inside the schema, and severity of every finding."""
    named = {"name": "answer", "schema": schema, **({} if strict is None else {"strict": strict})}
    if profile == "openai-responses":
        request = {"model": "gpt-5.4", "input": "Hi", "text": {"format": {"type": "json_schema", **named}}}
    else:
        form = {"type": "json_schema", "json_schema": named}
        request = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "response_format": form}
    each = linter_for(profile).check(request)
    return [(hit.rule, hit.pointer.partition("/schema")[2], str(hit.severity)) for hit in each]


@pytest.mark.parametrize("strict", [None, False, True])
@pytest.mark.parametrize("profile", ["openai", "azure-openai"])
@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({"type": "str"}, "/properties/a/type"),
        ({"type": None}, "/properties/a/type"),
        ({"type": "string", "enum": "a"}, "/properties/a/enum"),
        ({"type": "number", "minimum": "1"}, "/properties/a/minimum"),
        ({"anyOf": []}, "/properties/a/anyOf"),
        ("string", "/properties/a"),
    ],
)
def test_a_malformed_schema_is_refused_strict_or_not(
    profile: str, strict: bool | None, schema: Any, place: str
) -> None:
    """At the place in the schema that breaks its draft, once."""
    assert found(profile, of(schema, strict), strict=strict) == [("malformed-answer-schema", place, ERROR)]


def test_the_responses_api_was_seen_to_refuse_what_is_no_schema() -> None:
    """Other mistakes are a warning there, as in the parameters of its functions."""
    assert found("openai-responses", of("string", None)) == [("malformed-answer-schema", "/properties/a", ERROR)]  # type: ignore[arg-type]  # what is judged
    assert found("openai-responses", of({"type": "str"}, None)) == [
        ("malformed-answer-schema", "/properties/a/type", WARNING)
    ]


def test_a_reference_that_leads_nowhere_has_one_finding() -> None:
    """Of a strict schema another rule tells; of others no refusal is known."""
    schema = of({"$ref": "#/$defs/b"}, None)
    assert found("openai", schema) == [("malformed-answer-schema", "/properties/a/$ref", WARNING)]
    assert found("openai", of({"$ref": "#/$defs/b"}, True), strict=True) == [
        ("unresolved-strict-reference", "/properties/a/$ref", ERROR)
    ]
    assert found("openai", {**schema, "$defs": {"b": TEXT}}) == []


@pytest.mark.parametrize("profile", ["openai", "openai-responses"])
def test_the_root_is_an_object(profile: str) -> None:
    """A root of another type is a warning unless the schema is strict, and one without a type is let pass."""
    assert found(profile, {"type": "array", "items": TEXT}) == [("non-object-answer-schema", "/type", WARNING)]
    assert found(profile, {"type": "array", "items": TEXT}, strict=True) == [("non-object-strict-schema", "", ERROR)]
    assert found(profile, {"properties": {"a": TEXT}}) == found(profile, {}) == []


@pytest.mark.parametrize("profile", ["openai", "openai-responses"])
def test_a_strict_pattern_cannot_look_around(profile: str) -> None:
    """It is a warning for every model, and none in a schema that only describes."""
    number = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": "^(?!^[-+.]*$)[0-9.]+$"}]}
    assert found(profile, of(number, True), strict=True) == [
        ("answer-pattern-with-lookaround", "/properties/a/anyOf/1/pattern", WARNING)
    ]
    assert found(profile, of(number, None)) == found(profile, of(number, False), strict=False) == []
    plain = {"type": "string", "pattern": "^[(?!]+[.]$"}
    assert found(profile, of(plain, True), strict=True) == []


@pytest.mark.parametrize("profile", ["openai", "openai-responses"])
def test_a_nullable_map_is_taken_in_a_strict_schema(profile: str) -> None:
    """The server answered one; written by anyOf it was not tried, and a map that is not nullable is refused."""
    place, any_map = "/properties/a/additionalProperties", {"type": "object", "additionalProperties": TEXT}
    assert found(profile, of({**any_map, "type": ["object", "null"]}, True), strict=True) == []
    assert found(profile, of(any_map, True), strict=True) == [("open-strict-schema", place, ERROR)]
    assert found(profile, of({"anyOf": [any_map, {"type": "null"}]}, True), strict=True) == [
        ("open-strict-schema", "/properties/a/anyOf/0/additionalProperties", WARNING)
    ]
    open_map = {"type": ["object", "null"], "additionalProperties": True}
    assert found(profile, of(open_map, True), strict=True) == [("open-strict-schema", place, ERROR)]


def test_the_missing_definition_is_named() -> None:
    """With the reference come the definition to add, and the one that was probably meant."""
    parameters = {"type": "object", "properties": {"a": {"$ref": "#/$defs/porst"}}, "$defs": {"port": TEXT}}
    assert described(parameters, "#/$defs/porst") == {
        "value": "#/$defs/porst",
        "lacks": "$defs/porst",
        "suggestion": "#/$defs/port",
    }
    assert described(parameters, "#/definitions/x") == {"value": "#/definitions/x", "lacks": "definitions/x"}
    assert described({"$defs": []}, "#/$defs/x") == {"value": "#/$defs/x", "lacks": "$defs/x"}
    for reference in ("https://a.example/b.json", "#anchor", "#/", "#/a", "b.json#/$defs/x"):
        assert described(parameters, reference) == {"value": reference}
