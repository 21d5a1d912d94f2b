"""The examples of every rule with a check, run through the check alone, without schema, proof or profile."""

import json
from typing import Any

import pytest

from reqlint import checks
from reqlint.checks import SUBJECTS, all_checks, check
from reqlint.dialects.registry import dialect_named
from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.rule import Example, Rule
from tests.conftest import unmarked

RULES = [rule for rule in shipped().rules.values() if rule.id in all_checks()]


def found(rule: Rule, text: str, profile: str) -> list[Any]:
    """Return the hits of a rule's check in a request written as JSON, if the request has a key that wakes it."""
    request = json.loads(text)
    judging = shipped().profile(profile)
    dialect = dialect_named(judging.dialect)
    seen = rule.in_dialect(dialect)
    wakes = (seen.at, *seen.wakes) if seen else ()
    is_asked = any(key in request for key in wakes)
    return list(all_checks()[rule.id](request, judging.facts or {}, dialect)) if is_asked else []


def judged_by(rule: Rule, example: Example) -> list[str]:
    """Return the profiles that an example is meant for and that have the rule."""
    return [
        name
        for name in shipped().profile_names
        if shipped().profile(name).evidence_for(rule) and example.is_for(name, shipped().profile(name).dialect)
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_check_tells_a_bad_example_from_its_good_twin(rule: Rule) -> None:
    """A check hits in each bad example and in no good one, with the facts of every profile that has the rule."""
    for example in rule.examples:
        if example.form == "json" and example.kind is None:
            for profile in judged_by(rule, example):
                assert found(rule, unmarked(example.bad), profile)
                assert found(rule, example.good, profile) == []


def test_a_check_is_known_by_the_name_of_its_function(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check is registered under its function's name with dashes."""
    monkeypatch.setattr(checks, "_checks", {})

    def some_bad_thing(*_: object) -> Any:
        return iter(())

    assert check(some_bad_thing) is some_bad_thing
    assert checks._checks == {"some-bad-thing": some_bad_thing}


def test_the_checks_are_those_of_every_subject(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first call loads the module of every subject."""
    loaded: list[str] = []
    known = all_checks()
    monkeypatch.setattr("importlib.import_module", loaded.append)
    assert getattr(all_checks, "__wrapped__", all_checks)() == known  # asked anew, as the answer is kept
    assert loaded == [f"reqlint.checks.{subject}" for subject in SUBJECTS]
