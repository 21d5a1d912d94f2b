"""What dated lists say of a model, by whole hits, in every wire shape."""

from typing import Any

import pytest

from reqlint import check
from reqlint.checks import all_checks
from reqlint.checks.model_lists import first_row
from reqlint.core.findings import Hit, Severity
from reqlint.dialects.registry import DIALECT_NAMES, dialect_named

READ = "2026-11-28"


def hits(rule: str, dialect: str, request: dict[str, Any], *rows: dict[str, Any]) -> list[Hit]:
    """Return the hits of a rule in a wire shape, with these rows as the list that it reads."""
    fact = {"retired-model": "retired-models", "token-limit-above-that-of-model": "output-limits"}[rule]
    return list(all_checks()[rule](request, {fact: {"value": rows, "read": READ}}, dialect_named(dialect)))


@pytest.mark.parametrize("dialect", DIALECT_NAMES)
def test_a_retired_model_is_told_where_it_is_named(dialect: str) -> None:
    """In every wire shape the place is that of the model, wherever that shape has it."""
    key = dialect_named(dialect).keys["model"]
    assert key == {"bedrock-converse": "modelId"}.get(dialect, "model")
    for model, expected in (("a-1", True), ("b-1", False)):
        found = hits("retired-model", dialect, {key: model}, {"models": ["a-*"]})
        assert found == ([Hit((key,), facts={"model": model, "what": "is retired"})] if expected else [])
    assert hits("retired-model", dialect, {key: None}, {"models": ["*"]}) == []


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ({}, "is retired"),
        ({"deprecated": True}, "is deprecated"),
        ({"day": "2026-11-28"}, "was retired on 2026-11-28"),
        ({"day": "2026-11-29"}, "retires on 2026-11-29"),
        ({"day": "2026-11-28", "read": "2026-10-01"}, "retires on 2026-11-28"),
    ],
)
def test_a_day_is_seen_from_the_day_of_the_list(row: dict[str, Any], what: str) -> None:
    """The same request has the same finding tomorrow: the clock decides nothing."""
    [hit] = hits("retired-model", "openai-chat", {"model": "a"}, {"models": ["a"], **row, "successor": "b"})
    assert hit.facts == {"model": "a", "what": what, "replacement": "b"}


def test_the_finding_names_the_successor() -> None:
    """Message and help tell what to use; without a successor they leave it out."""
    [finding] = check({"model": "claude-sonnet-4-5", "max_tokens": 9, "messages": [USER]}, "anthropic")
    assert (finding.severity, finding.rule) == (Severity.NOTE, "retired-model")
    assert finding.message == "claude-sonnet-4-5 retires on 2026-11-30; its successor is claude-sonnet-5-5"
    [finding] = check({"model": "claude-3-opus-20240229", "max_tokens": 9, "messages": [USER]}, "anthropic")
    assert finding.message == "claude-3-opus-20240229 is retired"


USER = {"role": "user", "content": "Hi"}
LIMITED: list[tuple[str, dict[str, Any], tuple[str, ...]]] = [
    ("openai-chat", {"model": "m", "max_tokens": 101}, ("max_tokens",)),
    ("openai-chat", {"model": "m", "max_completion_tokens": 101}, ("max_completion_tokens",)),
    ("openai-responses", {"model": "m", "max_output_tokens": 101}, ("max_output_tokens",)),
    ("anthropic-messages", {"model": "m", "max_tokens": 101}, ("max_tokens",)),
    ("anthropic-messages", {":model": "m", "max_tokens": 101}, ("max_tokens",)),
    ("gemini-generate", {"model": "m", "generationConfig": {"maxOutputTokens": 101}},
     ("generationConfig", "maxOutputTokens")),
    ("gemini-generate", {"model": "m", "generation_config": {"max_output_tokens": 101}},
     ("generation_config", "max_output_tokens")),
    ("gemini-generate", {"model": "m", "generationConfig": {"maxOutputTokens": "101"}},
     ("generationConfig", "maxOutputTokens")),
    ("bedrock-converse", {"modelId": "m", "inferenceConfig": {"maxTokens": 101}}, ("inferenceConfig", "maxTokens")),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "request_", "place"), LIMITED)
def test_a_limit_above_that_of_the_model_is_told_at_its_place(
    dialect: str, request_: dict[str, Any], place: tuple[str, ...]
) -> None:
    """One token above is told; the limit itself, no model, and a model of no row are not."""
    rule = "token-limit-above-that-of-model"
    shown = {"name": place[-1], "value": 101, "model": "m", "most": 100}
    assert hits(rule, dialect, request_, {"models": ["m"], "most": 100}) == [Hit(place, facts=shown)]
    assert hits(rule, dialect, request_, {"models": ["m"], "most": 101}) == []
    assert hits(rule, dialect, request_, {"models": ["n"], "most": 1}) == []
    nameless = {key: value for key, value in request_.items() if key not in ("model", ":model", "modelId")}
    assert hits(rule, dialect, nameless, {"models": ["*"], "most": 1}) == []


def test_the_first_row_of_a_model_counts() -> None:
    """A row for one model goes before that of its family; what is not firm is a warning."""
    rows = [{"models": ["m-old"], "most": 10, "status": "inferred"}, {"models": ["m-*"], "most": 100}]
    rule = "token-limit-above-that-of-model"
    [hit] = hits(rule, "openai-chat", {"model": "m-old", "max_tokens": 11}, *rows)
    assert hit.severity is Severity.WARNING
    assert hits(rule, "openai-chat", {"model": "m-new", "max_tokens": 11}, *rows) == []
    [hit] = hits(rule, "openai-chat", {"model": "m-new", "max_tokens": 101}, *rows)
    assert hit.severity is None


def test_a_row_may_be_about_one_parameter() -> None:
    """A limit of the answer alone says nothing of one that counts the thinking as well."""
    row = {"models": ["m"], "parameters": ["max_tokens"], "most": 100}
    request = {"model": "m", "max_tokens": 101, "max_completion_tokens": 101}
    [hit] = hits("token-limit-above-that-of-model", "openai-chat", request, row)
    assert hit.place == ("max_tokens",)


@pytest.mark.parametrize("value", [None, "101", True, [101], {}, "9" * 5000])
def test_what_is_no_number_is_no_limit(value: object) -> None:
    """Another rule speaks of the type; only protobuf reads a number from a string."""
    row = {"models": ["m"], "most": 0 if value is not True else 1}
    for dialect, request in (
        ("openai-chat", {"model": "m", "max_tokens": value}),
        ("bedrock-converse", {"modelId": "m", "inferenceConfig": {"maxTokens": value}}),
        ("bedrock-converse", {"modelId": "m", "inferenceConfig": value}),
        ("gemini-generate", {"model": "m", "generationConfig": value}),
    ):
        assert hits("token-limit-above-that-of-model", dialect, request, row) == []
    long = {"model": "m", "generationConfig": {"maxOutputTokens": "9" * 5000}}
    assert hits("token-limit-above-that-of-model", "gemini-generate", long, row) == []


def test_a_beta_feature_may_lift_the_limit_of_claude() -> None:
    """A header or the body names it; other features leave the limit as it is."""
    row = {"models": ["m"], "most": 100}
    for key, beta, expected in (
        (":anthropic-beta", "output-300k-2026-03-24", 0),
        ("anthropic_beta", "output-300k-2026-03-24", 0),
        ("anthropic_beta", "context-management-2025-06-27", 1),
    ):
        request = {"model": "m", "max_tokens": 101, key: [beta]}
        assert len(hits("token-limit-above-that-of-model", "anthropic-messages", request, row)) == expected


def test_the_row_of_a_model_is_remembered_for_each_list() -> None:
    """Another list of the same name has rows of its own, and so has a name that is too long to keep."""
    long = "m" * 1000
    for rows in ([{"models": ["m*"]}], [{"models": ["n"]}, {"models": ["m*"], "most": 1}], []):
        facts = {"f": {"value": rows}}
        for model in ("m", long, "m"):
            assert first_row(model, facts, "f") == (rows[-1] if rows else None)
    assert first_row("m", {}, "f") is None
