"""Every rule that is on for a profile can see: it finds a bad request, written in that profile's wire shape."""

import json
from typing import Any

import pytest

from reqlint.knowledge.catalog import shipped
from reqlint.run.one_request import linter_for
from reqlint.schema.keyword_rules import RULE_OF_KEYWORD
from tests.conftest import unmarked

HI = [{"role": "user", "content": "Hi"}]
AUDIO = {"voice": "Cherry", "format": "wav"}
SCHEMA = {"type": "object", "properties": {"country": {"type": "string"}}}

# Bad requests for pairs of profile and rule that no example is for: the example would have further findings there.
WITNESSES: dict[tuple[str, str], Any] = {
    ("openai", "max-tokens-below-one"): {"model": "gpt-4o-mini", "messages": HI, "max_tokens": 0},
    ("dashscope", "wrong-length"): {"model": "", "messages": HI},
    ("dashscope", "audio-output-without-audio"): {
        "model": "qwen-omni-turbo",
        "messages": HI,
        "stream": True,
        "modalities": ["text", "audio"],
    },
    ("dashscope", "audio-without-audio-output"): {"model": "qwen-omni-turbo", "messages": HI, "audio": AUDIO},
    ("dashscope", "both-token-limits"): {
        "model": "qwen-plus",
        "messages": HI,
        "max_tokens": 100,
        "max_completion_tokens": 100,
    },
    ("dashscope", "malformed-schema-name"): {
        "model": "qwen-plus",
        "messages": HI,
        "response_format": {"type": "json_schema", "json_schema": {"name": "the answer", "schema": SCHEMA}},
    },
    **{
        (profile, "unexplained-refusal"): {
            "request": {"model": "qwen-plus", "messages": HI},
            "response": {"status": 422, "error": {"code": "invalid_parameter_error"}},
        }
        for profile in ("dashscope", "gptproto-qwen")
    },
}


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
    """A rule that is on finds the mark of an example, or of a witness above, under every profile that has it on."""
    linter = linter_for(profile)
    speaking = keywords_of(shipped().profile(profile).schema)
    for rule in (shipped().rules[name] for name in sorted(linter.enabled)):
        if not rule.examples:
            continue  # its file says why, and what is known of it is tested where it belongs
        witness = WITNESSES.get((profile, rule.id))
        if witness is not None:
            found = linter.check_text(json.dumps(witness), "witness.json")
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


def test_every_witness_is_needed() -> None:
    """A pair of profile and rule that an example is for has no witness."""
    for profile, rule in WITNESSES:
        assert not any(not each.profiles or profile in each.profiles for each in shipped().rules[rule].examples)
