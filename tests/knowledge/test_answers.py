"""The words of servers' answers, and the rules that are found by them."""

import re

import pytest

from reqlint.core.errors import BadData
from reqlint.knowledge.answers import AnswerMatch, find_answers, is_clear, words_of
from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.custom import load_custom
from tests.support.scratch import Scratch

ENTRIES = [
    (profile, rule, text)
    for profile in shipped().profile_names
    for rule, texts in shipped().answers(profile).items()
    for text in texts
]


def rules(matches: list[AnswerMatch]) -> list[str]:
    """Return the ids of the rules that were found."""
    return [match.rule for match in matches]


def nearest(matches: list[AnswerMatch]) -> list[str]:
    """Return the ids of the rules that no other is before; an answer may speak of several in the same words."""
    return [match.rule for match in matches if match.score == matches[0].score]


def test_the_words_of_every_entry_find_its_rule_first() -> None:
    """Among the words of one API no rule is before that of an entry, nor beside it unless it has the same words."""
    wrong = []
    for profile, rule, text in ENTRIES:
        alike = {other for of, other, words in ENTRIES if of == profile and words_of(words) == words_of(text)}
        if {*nearest(find_answers(text, shipped(), [profile]))} != alike:
            wrong.append((profile, rule, text, nearest(find_answers(text, shipped(), [profile]))))
        if rule not in nearest(find_answers(text, shipped())):
            wrong.append((profile, rule, text, nearest(find_answers(text, shipped()))))
    assert wrong == []


def test_every_entry_is_of_a_rule_that_its_api_refuses() -> None:
    """A rule with words of an API's errors has evidence of a refusal by it, which says where they were seen."""
    assert [
        (profile, rule)
        for profile, rule, _ in ENTRIES
        if all(each.effect != "refused" for each in shipped().profile(profile).evidence_for(shipped().rule(rule)))
    ] == []


def test_entries_are_short_and_name_nothing_of_one_request() -> None:
    """An entry has a few words, and no quotes, ids or places of one request; each is there once."""
    assert len(ENTRIES) == len({*ENTRIES}) > 500
    for _, _, text in ENTRIES:
        assert len(text.split()) <= 26, text
        assert not re.search(r"[\"`{}]|\w\[\d|\b(?:toolu|call|req)_\w{6}", text), text
        assert words_of(text), text


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        (
            "Error code: 400 - {'error': {'message': \"Invalid schema for function 'get_forecast': In context="
            "('properties', 'days'), array schema missing items\", 'type': 'invalid_request_error', 'code': "
            "'invalid_function_parameters'}}",
            "array-without-items",
        ),
        ("An assistant message with 'tool_calls' must be followed by tool messages", "unanswered-tool-call"),
        (
            "messages.3: `tool_use` ids were found without `tool_result` blocks immediately after: x1",
            "unanswered-tool-call",
        ),
        ("tools: Tool names must be unique.", "duplicate-tool-name"),
        ("Duplicate function declaration found: look_up", "duplicate-tool-name"),
        ("The toolResult blocks at messages.4.content contain duplicate Ids: tooluse_aB3", "duplicate-tool-result"),
        (
            "Please ensure that function response turn comes immediately after a function call turn.",
            "response-without-call",
        ),
        ("The text field in the ContentBlock object at messages.0.content.0 is blank.", "blank-block-text"),
        ("temperature参数非法:限制数值范围[0,1]", "out-of-range"),
        ("The value of the enable_thinking parameter is restricted to True.", "disabled-thinking-on-thinking-model"),
    ],
)
def test_a_pasted_answer_with_names_in_it_finds_its_rule(said: str, rule: str) -> None:
    """Names, numbers and what a client puts around the answer do not keep its rule from being first."""
    assert rule in nearest(find_answers(said, shipped()))


def test_words_of_no_answer_find_nothing() -> None:
    """Ordinary prose, an empty text and long nonsense are no answer that is known."""
    for said in ("", "The service is busy, try again later.", "lorem ipsum dolor sit amet " * 4000, "\x00\ud800"):
        assert find_answers(said, shipped()) == []


def test_a_profile_narrows_the_words_to_those_of_its_api() -> None:
    """Under a profile only its own words and those of the profiles it takes rules from count."""
    said = "Duplicate function declaration found: x"
    assert rules(find_answers(said, shipped(), ["openai"])) == []
    [match] = find_answers(said, shipped(), ["vertex-gemini"])
    assert (match.rule, match.profiles) == ("duplicate-tool-name", ("gemini",))
    lookaround = find_answers("regex lookaround is not supported", shipped(), ["azure-openai"])
    assert lookaround[0].profiles == ("azure-openai", "openai")


def test_one_rule_is_meant_only_if_it_is_well_before_the_next() -> None:
    """A whole sentence of one rule is clear; one that fits two rules is not."""
    assert is_clear(find_answers("array schema missing items", shipped()))
    assert not is_clear(
        find_answers("Unsupported parameter: 'temperature' is not supported with this model.", shipped())
    )
    assert not is_clear([])


OWN = {
    "lint/rules/missing-team.yaml": """\
id: missing-team
subject: parameters
summary: No metadata.team
at: /model
request: {properties: {metadata: {required: [team]}}}
message: metadata has no team
why: The gateway bills teams, and refuses what it cannot bill to one.
examples:
  - bad: '{"model": "m", "messages": [], "metadata": «{}»}'
    good: '{"model": "m", "messages": [], "metadata": {"team": "a"}}'
""",
    "lint/profiles/gateway/profile.yaml": """\
name: gateway
title: Our gateway
extends: openai
endpoints: ["https://gateway.example/v1"]
source: {url: "https://gateway.example/docs", read: 2026-11-01}
errors: [{status: 400, name: bad, meaning: the request is wrong}]
""",
    "lint/profiles/gateway/evidence.yaml": """\
missing-team: {effect: refused, status: documented, read: 2026-11-01, url: profile, says: a team is needed}
""",
}


def test_a_project_adds_the_words_of_its_own_api(scratch: Scratch) -> None:
    """An answers.yaml beside the evidence of a project's profile is read; a faulty one is refused."""
    for name, text in OWN.items():
        scratch.write(name, text)
    folders = {"rules": [str(scratch.folder / "lint/rules")], "profiles": [str(scratch.folder / "lint/profiles")]}
    scratch.write("lint/profiles/gateway/answers.yaml", "missing-team: [no cost center given]\n")
    catalog = load_custom(**folders)
    [match] = find_answers("400: no cost center was given for m-1", catalog, ["gateway"])
    assert (match.rule, match.profiles) == ("missing-team", ("gateway",))
    for text, fault in (
        ("missing-tem: [no cost center given]\n", "answers.yaml: missing-tem"),
        ("missing-team: no cost center given\n", "answers.yaml: missing-team"),
        ("missing-team: []\n", "answers.yaml: missing-team"),
        (f"missing-team: [{'x' * 161}]\n", "answers.yaml: missing-team"),
    ):
        scratch.write("lint/profiles/gateway/answers.yaml", text)
        with pytest.raises(BadData, match=re.escape(fault)):
            load_custom(**folders)
