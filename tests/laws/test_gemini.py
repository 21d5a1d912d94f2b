"""Laws over the rules of generateContent: what checks look into, and what proofs may silence."""

import json
from typing import Any

import pytest

from reqlint.checks import checks_of
from reqlint.core.json_values import to_json_value
from reqlint.dialects.gemini_generate import DIALECT
from reqlint.judge.guards import GuardedChecks
from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.proofs import proofs_by_rule
from tests.conftest import unmarked
from tests.support.mutations import mutations

OWN = [
    json.loads(unmarked(text))
    for rule in shipped().rules.values()
    for example in rule.examples
    if example.dialect == DIALECT.name
    for text in (example.bad, example.good)
]
MUTATED = [to_json_value(request)[0] for request in mutations(OWN, 600)]
EXAMPLES: list[dict[str, Any]] = [each for each in [*OWN, *MUTATED] if isinstance(each, dict)]
RULES = [rule for rule in shipped().rules.values() if any(each.dialect == DIALECT.name for each in rule.examples)]
PROFILES = ("gemini", "vertex-gemini")


def test_a_check_looks_at_nothing_but_what_its_rule_reads() -> None:
    """A check finds the same when the members outside its rule's `at` and `reads` are removed."""
    for rule in (rule for rule in RULES if rule.id in checks_of(DIALECT.name)):
        check_of, keys = checks_of(DIALECT.name)[rule.id], {rule.at, *rule.reads}
        for profile in PROFILES:
            facts = shipped().profile(profile).facts or {}
            for request in EXAMPLES:
                if rule.at in request:
                    alone = {key: value for key, value in request.items() if key in keys}
                    assert list(check_of(alone, facts, DIALECT)) == list(check_of(request, facts, DIALECT)), rule.id


@pytest.mark.parametrize("rule", proofs_by_rule(DIALECT.name))
def test_no_proof_hides_a_finding(rule: str) -> None:
    """Where a proof holds, the checks that it silences find nothing; and it holds for some requests."""
    proof = GuardedChecks(proofs_by_rule(DIALECT.name)[rule], DIALECT, (), None)
    passed = [request for request in EXAMPLES if proof.proves_silent(request)]
    assert passed
    for profile in PROFILES:
        facts = shipped().profile(profile).facts or {}
        assert [r for r in passed if list(checks_of(DIALECT.name)[rule](r, facts, DIALECT))] == []
