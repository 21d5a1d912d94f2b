"""Which checks are left out because of the keys of a request."""

import json

import pytest

from reqlint.checks import all_checks
from reqlint.checks.idle import KEYS_OF_CHECKS, is_idle
from reqlint.dialects.registry import dialect_named
from reqlint.knowledge.catalog import shipped
from tests.conftest import unmarked


@pytest.mark.parametrize("rule", KEYS_OF_CHECKS)
def test_a_check_finds_nothing_without_the_keys_it_speaks_of(rule: str) -> None:
    """Where a check finds something it is not idle, and without those keys it finds nothing."""
    seen = 0
    for name in shipped().profile_names:
        profile = shipped().profile(name)
        dialect, facts = dialect_named(profile.dialect), profile.facts or {}
        for example in shipped().rules[rule].examples if profile.evidence_for(shipped().rules[rule]) else ():
            if not example.is_for(name, profile.dialect):
                continue
            request = json.loads(unmarked(example.bad))
            if not list(all_checks()[rule](request, facts, dialect)):
                continue
            model = dialect.model(request)
            assert not is_idle(rule, model, request.keys(), facts, dialect), (name, request)
            spoken_of = KEYS_OF_CHECKS[rule](facts, model, dialect)
            assert spoken_of is not None
            without = {key: value for key, value in request.items() if key not in spoken_of}
            assert is_idle(rule, model, without.keys(), facts, dialect)
            assert list(all_checks()[rule](without, facts, dialect)) == []
            seen += 1
    assert seen
