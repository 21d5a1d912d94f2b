"""Every rule that is on for a profile can see: it finds a bad request, written in that profile's wire shape."""

import json
from typing import Any

import pytest

from reqlint.knowledge.catalog import shipped
from reqlint.run.one_request import linter_for
from reqlint.schema.keyword_rules import RULE_OF_KEYWORD
from reqlint.text.trusted_yaml import load_yaml
from tests.conftest import ROOT, unmarked


def examples_of(profile: str) -> dict[str, Any]:
    """Return the bad requests in a profile's ``examples.yaml``, for rules whose examples would find more there."""
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


@pytest.mark.parametrize("profile", shipped().profile_names)
def test_every_rule_that_is_on_finds_something(profile: str) -> None:
    """A rule that is on finds an example of its own, or that in the profile's folder, under every profile."""
    linter = linter_for(profile)
    witnesses = examples_of(profile)
    speaking = keywords_of(shipped().profile(profile).schema)
    for rule in (shipped().rules[name] for name in sorted(linter.enabled)):
        if not rule.examples:
            continue  # its file says why, and what is known of it is tested where it belongs
        if rule.id in witnesses:
            found = linter.check_text(json.dumps(witnesses[rule.id]), "example.json")
            assert rule.id in {finding.rule for finding in found}, (profile, rule.id)
            continue
        examples = [each for each in rule.examples if not each.profiles or profile in each.profiles]
        generic = {keyword for keyword, name in RULE_OF_KEYWORD.items() if name == rule.id}
        if not examples and generic and generic.isdisjoint(speaking):
            continue  # no keyword of this profile speaks through the rule
        assert examples, f"{rule.id} is on for {profile}, and nothing shows that it can see there"
        for example in examples:
            name = f"example.{example.form}"
            text = unmarked(example.bad).encode(example.encoding)
            report = linter.check_text(text, name, form=example.form, kind=example.kind)
            assert rule.id in {finding.rule for finding in report}, (profile, rule.id)


@pytest.mark.parametrize("profile", shipped().profile_names)
def test_the_examples_of_a_profile_are_needed(profile: str) -> None:
    """A profile has an example only for a rule that it has on, and of which no example is for the profile; sorted."""
    examples = examples_of(profile)
    assert examples.keys() <= linter_for(profile).enabled
    for rule in examples:
        assert not any(not each.profiles or profile in each.profiles for each in shipped().rules[rule].examples)
    assert [*examples] == sorted(examples, key=lambda rule: (shipped().rules[rule].subject, rule))
