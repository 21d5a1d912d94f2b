"""The words of which every credential has one, so that one search of a text says that there is none."""

import re
from collections.abc import Iterator
from typing import Any

from reqlint.judge.credential_words import RULE, WORDS, CredentialWords
from reqlint.knowledge.catalog import shipped
from reqlint.schema.request_rules import RequestRule, as_resource
from tests.conftest import unmarked

rule = shipped().rules[RULE]
assert rule.request is not None
WRITTEN = as_resource(RequestRule(rule.id, rule.at, rule.mark, True, rule.request))


def alternatives(pattern: str) -> Iterator[str]:
    """Yield the alternatives at the top of a pattern."""
    depth = start = 0
    for at, character in enumerate(pattern):
        depth += (character in "([") - (character in ")]")
        if character == "|" and not depth:
            yield pattern[start:at]
            start = at + 1
    yield pattern[start:]


def test_every_form_of_credential_has_a_word() -> None:
    """Each alternative of the rule's pattern begins with one of the words."""
    forms = [each.removeprefix(r"\b") for each in alternatives(WRITTEN["$defs"]["text"]["not"]["pattern"])]
    assert len(forms) > 5
    for form in forms:
        assert any(form.startswith(word) for word in WORDS), form


def test_every_key_that_is_looked_at_more_closely_is_a_word() -> None:
    """Under some keys, a text need not have the form of a credential; those keys are words themselves."""
    for key, schema in WRITTEN["properties"].items():
        closely = "secret" in str(schema)
        assert not closely or any(re.search(word, key) for word in WORDS), key
    assert "secret" not in str(WRITTEN["additionalProperties"])
    assert set(WRITTEN) <= {"$id", "$defs", "properties", "additionalProperties"}  # so each member is judged by itself


def test_a_word_alone_is_no_credential() -> None:
    """Where a word is there, the rule itself decides."""
    words = CredentialWords([WRITTEN])
    assert words.other_schemas == []

    def absent(text: str, **members: Any) -> bool:
        return words.are_absent(text, members, has_null_checked=True)

    assert absent("Ask for a Bearer token", user="Ask for a Bearer token")
    key = "sk-" + "4f9d2c71b8e04a6e" * 3
    assert not absent(f'{{"user":"{key}"}}', user=key)
    assert absent("nothing", user=key)  # it is the text that is searched
    assert words.are_absent("null", {"n": None}, has_null_checked=False)
    assert not words.are_absent("null", {"n": float("nan")}, has_null_checked=False)
    for example in rule.examples:
        assert any(re.search(word, unmarked(example.bad)) for word in WORDS)
