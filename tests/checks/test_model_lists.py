"""A model is found on a dated list in whichever way a request names it, and exceptions hold in any of them."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqlint.checks import all_checks
from reqlint.checks.model_lists import (
    LISTS_OF_CHECKS,
    _stands_for,
    fits,
    is_listed_for,
    readings,
    rows_for,
    severity_of,
)
from reqlint.core.findings import Severity
from reqlint.dialects.registry import dialect_named
from reqlint.knowledge.catalog import shipped
from tests.conftest import unmarked

SNAPSHOTS = [
    "gpt-5",
    "gpt-5-2025-08-07",
    "openai/gpt-5",
    "openrouter/openai/gpt-5-2025-08-07",
    "azure/eu/gpt-5",
    "gpt-5@20250807",
    "gpt-5-20250807",
    "gpt-5-latest",
    "ft:gpt-5:acme::a1b2",
    "ft:gpt-5-2025-08-07:acme:mine:a1b2",
    "openai/ft:gpt-5-2025-08-07:acme::a1b2",
]


@pytest.mark.parametrize("model", SNAPSHOTS)
def test_a_family_is_found_in_every_way_to_name_it(model: str) -> None:
    """The name of a family stands for its snapshots, with and without vendor, and for what is made of it."""
    assert fits(model, {"models": ["gpt-5"]})
    assert not fits(model, {"models": ["gpt-4o", "gpt"]})
    assert not fits(model, {"models": ["gpt-*"], "except": ["gpt-5"]})


@pytest.mark.parametrize(
    "model",
    ["gpt-5-codex", "gpt-5.1", "gpt-5-mini-2025-08-07", "my-gpt-5", "GPT-5", "gpt-5-", "gpt-5-2025", "gpt-5-9999", ""],
)
def test_another_model_is_not_found(model: str) -> None:
    """A name that begins or ends like that of the family is another model; letters have their case."""
    assert not fits(model, {"models": ["gpt-5"]})


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("gpt-4-0613", ["gpt-4-0613", "gpt-4"]),
        ("mistral-large-2411", ["mistral-large-2411", "mistral-large"]),
        ("models/gemini-3-pro", ["models/gemini-3-pro", "gemini-3-pro"]),
        ("gpt-4-1106-preview", ["gpt-4-1106-preview"]),
        ("qwen3:8b", ["qwen3:8b"]),
        ("ft:", ["ft:"]),
        ("/", ["/"]),
        ("2025-08-07", ["2025-08-07"]),
    ],
)
def test_the_readings_of_a_name(model: str, expected: list[str]) -> None:
    """A name as it is written comes first; what is no date, prefix or fine-tuned model stays."""
    assert [*readings(model)] == expected


def test_a_name_that_is_exactly_listed_goes_before_its_family() -> None:
    """Rows are in the order of the file, so that a row of one snapshot stands before that of the family."""
    rows = [{"models": ["gpt-4o-2024-05-13"], "most": 1}, {"models": ["gpt-4o*"], "most": 2}]
    facts = {"output-limits": {"value": rows}}
    assert [row["most"] for row in rows_for("openai/gpt-4o-2024-05-13", facts, "output-limits")] == [1, 2]
    assert [row["most"] for row in rows_for("gpt-4o-2024-11-20", facts, "output-limits")] == [2]
    assert [*rows_for("gpt-4o", facts, "unlisted")] == []


@pytest.mark.parametrize(
    ("status", "severity"),
    [(None, None), ("documented", None), ("observed", None), ("inferred", "warning"), ("disputed", "warning")],
)
def test_only_what_is_documented_or_observed_may_be_an_error(status: str | None, severity: str | None) -> None:
    """A row that is inferred or disputed is a warning; all others are as severe as the evidence of the rule."""
    row = {"models": ["*"]} if status is None else {"models": ["*"], "status": status}
    assert severity_of(row) == (Severity(severity) if severity else None)


@pytest.mark.parametrize("unit", ["/", "a/", "ft:", "-2025-08-07", "a"])
def test_a_long_name_has_few_readings(unit: str) -> None:
    """A name of any length and content is looked up without trying all of its parts."""
    assert len(readings(unit * 5000)) == 1
    assert len(readings((unit * 200)[:200])) < 20


@given(st.text("ab*-\n", max_size=6), st.text("ab-\n", max_size=8))
def test_a_star_stands_for_anything(name: str, model: str) -> None:
    """A name with stars is read as a regular expression with anything in place of each star is."""
    pattern = ".*".join(map(re.escape, name.split("*")))
    expected = re.fullmatch(pattern, model, re.DOTALL) is not None
    assert _stands_for(name, model) is expected


@pytest.mark.parametrize("rule", LISTS_OF_CHECKS)
def test_a_check_finds_nothing_where_its_lists_do_not_have_the_model(rule: str) -> None:
    """A clean request is let pass without the checks whose lists do not have its model, so these must find nothing."""
    seen = 0
    for name in shipped().profile_names:
        profile = shipped().profile(name)
        facts = {fact: entry for fact, entry in (profile.facts or {}).items() if fact not in LISTS_OF_CHECKS[rule]}
        dialect = dialect_named(profile.dialect)
        for example in shipped().rules[rule].examples if profile.evidence_for(shipped().rules[rule]) else ():
            if example.is_for(name, profile.dialect):
                request = json.loads(unmarked(example.bad))
                model = dialect.model(request)
                assert model
                assert is_listed_for(rule, model, profile.facts or {}) is bool(
                    list(all_checks()[rule](request, profile.facts or {}, dialect))
                )
                assert not is_listed_for(rule, model, facts)
                assert list(all_checks()[rule](request, facts, dialect)) == []
                seen += 1
    assert seen
