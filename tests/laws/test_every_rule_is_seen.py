"""Every rule that is on for a profile can see: it finds a bad request, written in that profile's wire shape."""

import json
from typing import Any

import pytest

from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.rule import Example, Rule
from reqlint.run.one_request import linter_for
from reqlint.schema.keyword_rules import GENERIC_RULES, RULE_OF_KEYWORD
from reqlint.text.trusted_yaml import load_yaml
from tests.conftest import ROOT, unmarked


def examples_of(profile: str) -> dict[str, Any]:
    """Return the bad requests in a profile's ``examples.yaml``, for rules of which no example is found there."""
    path = ROOT / "schemas" / profile / "examples.yaml"
    return load_yaml(path) if path.exists() else {}


def keywords_of(schema: Any) -> set[str]:
    """Return every keyword in a schema that no rule of its own speaks for."""
    if isinstance(schema, list):
        return set().union(*map(keywords_of, schema))
    if not isinstance(schema, dict):
        return set()
    own = set() if "x-rule" in schema else set(schema)
    return own.union(*map(keywords_of, schema.values()))


def finds(profile: str, rule: Rule, example: Example) -> bool:
    """Return whether a bad example has a finding of its rule under a profile, whatever else it has there."""
    text = unmarked(example.bad).encode(example.encoding)
    report = linter_for(profile).check_text(text, f"example.{example.form}", form=example.form, kind=example.kind)
    return rule.id in {finding.rule for finding in report}


@pytest.mark.parametrize("profile", shipped().profile_names)
def test_every_rule_that_is_on_finds_something(profile: str) -> None:
    """
    Under every profile, a rule that is on finds what its examples show.

    Where none is for the profile, since they have further findings there, or since it takes the parameter that they
    are about, one that is found will do, or a request in the profile's folder.
    """
    requests = examples_of(profile)
    speaking = keywords_of(shipped().profile(profile).schema)
    dialect = shipped().profile(profile).dialect
    for rule in (shipped().rules[name] for name in sorted(linter_for(profile).enabled)):
        if not rule.examples:
            continue  # its file says why, and what is known of it is tested where it belongs
        examples = [each for each in rule.examples if each.is_for(profile, dialect)]
        if rule.id in GENERIC_RULES:
            examples = [example for example in examples if finds(profile, rule, example)]
        assert all(finds(profile, rule, example) for example in examples), (profile, rule.id)
        generic = {keyword for keyword, name in RULE_OF_KEYWORD.items() if name == rule.id}
        if examples or (generic and generic.isdisjoint(speaking)):
            continue  # or no keyword of this profile speaks through the rule
        if rule.id in requests:
            found = linter_for(profile).check_text(json.dumps(requests[rule.id]), "example.json")
            assert rule.id in {finding.rule for finding in found}, (profile, rule.id)
        elif not any(finds(profile, rule, example) for example in rule.examples):
            pytest.fail(f"{rule.id} is on for {profile}, and nothing shows that it can see there")


@pytest.mark.parametrize("profile", shipped().profile_names)
def test_the_examples_of_a_profile_are_needed(profile: str) -> None:
    """A profile has an example only for a rule that it has on and that finds none of its own there; sorted."""
    examples = examples_of(profile)
    assert examples.keys() <= linter_for(profile).enabled
    for rule in map(shipped().rule, examples):
        assert not any(finds(profile, rule, example) for example in rule.examples)
    assert [*examples] == sorted(examples, key=lambda rule: (shipped().rules[rule].subject, rule))
