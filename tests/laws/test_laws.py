"""The laws of the engine: over all example requests, thousands of seeded mutations, and generated input."""

import gc
import json
import pickle
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from fuzz.laws import (
    a_baseline_silences_its_run,
    fixes_keep_the_rest,
    fixing_ends,
    regions_hold_values,
    render_and_parse,
    report_is_sound,
    text_and_value_agree,
)
from fuzz.targets.lines import in_chunks
from reqlint import (
    Finding,
    InvalidRequest,
    Linter,
    Report,
    Severity,
    UnknownProfile,
    UnknownRule,
    check,
    ensure_valid,
    is_valid,
)
from reqlint.checks import all_checks
from reqlint.containers.finder import find_tools
from reqlint.core.json_values import to_json_value
from reqlint.core.pointer import from_pointer, to_path, value_at
from reqlint.dialects.openai_chat import OPENAI_CHAT
from reqlint.judge.guards import GuardedChecks
from reqlint.judge.judge import Judge
from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.proofs import proofs_by_rule
from reqlint.run.one_request import linter_for
from reqlint.run.task import Task
from reqlint.schema.shape import Shape
from reqlint.schema.validators import ACCELERATED, REFERENCE
from reqlint.text.forms import detect_form
from reqlint.text.sources import Source
from tests.conftest import ROOT, own_requests
from tests.strategies import JSON, Written, anything, requests, texts, tool_schemas
from tests.support.mutations import WHOLE, concerning, mutations, share

pytestmark = pytest.mark.core

REQUESTS = own_requests()
MUTATED = list(mutations(REQUESTS, 3000))


@cache
def as_json() -> list[dict[str, Any]]:
    """Return the mutations that are objects, as the checks get them."""
    return [request for request, _ in map(to_json_value, MUTATED) if isinstance(request, dict)]


@cache
def facts_of_chat() -> list[dict[str, Any]]:
    """Return the facts of the chat profiles, each once."""
    known = (dict(shipped().profile(profile).facts or {}) for profile in shipped().profiles_in("openai-chat"))
    return list({repr(facts): facts for facts in known}.values())


REQUEST_KEYS = ["model", "messages", "tools", "n", "max_tokens", "response_format", "stream", "extra_body", "functions"]


def told(findings: list[Finding] | Report) -> list[tuple[str, str, str, str, str]]:
    """Return what two ways of judging must agree on."""
    return [(f.rule, f.severity, f.pointer, f.part, f.message) for f in findings]


@pytest.mark.parametrize("profile", shipped().profile_names)
def test_both_engines_give_the_same_findings(profile: str) -> None:
    """`jsonschema-rs` and `jsonschema` agree on every example, and on 3,000 mutations shared out among the profiles."""
    fast, reference = Linter(profile, engine=ACCELERATED), Linter(profile, engine=REFERENCE)
    for request in [*concerning(REQUESTS, profile), *share(MUTATED, profile)]:
        assert told(fast.check(request)) == told(reference.check(request)), request


@pytest.mark.parametrize("profile", shipped().profile_names)
def test_a_refusing_gate_has_something_to_say(profile: str) -> None:
    """A request that the gate refuses has a shape finding, and one that it accepts has none."""
    shape: Shape = linter_for(profile).judges.default._shape
    for request in (to_json_value(request)[0] for request in concerning(MUTATED, profile)):
        assert bool(shape.explain(request).hits) != shape.accepts(request), request


@pytest.mark.parametrize("profile", shipped().profile_names)
def test_every_pointer_leads_to_something(profile: str) -> None:
    """A finding's pointer resolves in the request, and its path is the same place for people."""
    for request in concerning(MUTATED, profile):
        for finding in check(request, profile):
            place = from_pointer(finding.pointer, request)
            value_at(request, place)
            assert finding.path == to_path(place)


def test_text_and_value_give_the_same_findings() -> None:
    """The text of a request has the findings of the request."""
    for profile in shipped().profile_names:
        linter = linter_for(profile)
        for request in concerning([*REQUESTS, *MUTATED[:500]], profile):
            text = json.dumps(request)
            report = linter.check_text(text, "request.json", kind="request")
            value = json.loads(text)
            requests = value if isinstance(value, list) else [value]
            if any(isinstance(each, str) or find_tools(each) is not None for each in requests):
                continue  # a string is read as text, and tools without a request are judged as such
            expected = [finding for each in requests for finding in linter.check(each)]
            assert [(f.rule, f.severity) for f in report] == [(f.rule, f.severity) for f in expected]
            assert all(f.region is not None for f in report)


@settings(max_examples=200, deadline=None)
@given(anything())
def test_no_value_makes_it_raise(value: Any) -> None:
    """For any Python value `check` returns a list of findings."""
    for profile in WHOLE:
        assert isinstance(check(value, profile), list)


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(REQUEST_KEYS), anything()))
def test_no_request_makes_it_raise(request: dict[str, Any]) -> None:
    """For a request whose known keys hold any values `check` returns a list of findings."""
    for profile in WHOLE:
        assert isinstance(check(request, profile), list)


@settings(max_examples=200, deadline=None)
@given(st.text() | st.binary() | JSON.map(json.dumps))
def test_no_text_makes_it_raise(text: str | bytes) -> None:
    """Any text or bytes has a report, as JSON, JSON Lines and YAML."""
    for form in ("json", "jsonl", "yaml"):
        assert isinstance(linter_for("gptproto-qwen").check_text(text, form=form), Report)
    assert isinstance(check(text), list)


def test_hostile_nesting_is_a_finding() -> None:
    """A hundred thousand levels, or a value that contains itself, neither crash nor hang."""
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    cycle: dict[str, Any] = {"model": "qwen-3.5"}
    cycle["messages"] = [cycle]
    for hostile in (deep, {"model": "qwen-3.5", "messages": deep}, cycle):
        assert check(hostile)
    assert {f.rule for f in check("[" * 100_000 + "]" * 100_000)} == {"too-deep"}


GOOD = {"model": "qwen-3.5", "messages": [{"role": "user", "content": "Hello"}]}
BAD = {"model": "qwen-3.5", "messages": [{"role": "user"}]}


def test_the_library_functions() -> None:
    """check, is_valid and ensure_valid agree, for a dict, for text and for bytes."""
    for good in (GOOD, json.dumps(GOOD), json.dumps(GOOD).encode()):
        assert check(good) == []
        assert is_valid(good)
        ensure_valid(good)
    for bad in (BAD, json.dumps(BAD), json.dumps(BAD).encode()):
        assert [(f.rule, f.pointer) for f in check(bad)] == [("missing-field", "/messages/0")]
        assert not is_valid(bad)
        with pytest.raises(InvalidRequest) as caught:
            ensure_valid(bad)
        assert [f.rule for f in caught.value.findings] == ["missing-field"]
        assert "messages[0]" in str(caught.value)


def test_a_warning_does_not_make_a_request_invalid() -> None:
    """A request with only a warning is valid, and `check` returns the warning."""
    request = {**GOOD, "temperature": 0.5}
    assert [(f.rule, f.severity) for f in check(request)] == [("unknown-field", Severity.WARNING)]
    assert is_valid(request)
    ensure_valid(request)


def test_a_linter_can_be_pickled_and_shared() -> None:
    """A linter survives pickling and gives the same findings from many threads at once."""
    linter = Linter("gptproto-qwen", ignore=["unknown-field"])
    copy = pickle.loads(pickle.dumps(linter))  # noqa: S301 - our own bytes
    expected = told(linter.check(BAD))
    assert told(copy.check(BAD)) == expected
    assert copy.enabled == linter.enabled
    with ThreadPoolExecutor(8) as threads:
        assert all(told(found) == expected for found in threads.map(linter.check, [BAD] * 200))


def test_select_and_ignore_choose_rules() -> None:
    """`select` and `ignore` take rule ids and group names; a misspelled one raises with a suggestion."""
    bad = {"model": 1, "messages": [], "tools": []}
    assert {f.rule for f in Linter(select=["wrong-type"]).check(bad)} == {"wrong-type"}
    assert {f.rule for f in Linter(ignore=["shape", "tools"]).check(bad)} == {"empty-messages"}
    with pytest.raises(UnknownRule, match="did you mean"):
        Linter(select=["wrong-typ"])
    with pytest.raises(UnknownProfile, match="gptproto-qwen"):
        Linter("gptproto-qwem")


class Message:
    """A stand-in for the pydantic messages in an SDK's responses."""

    def model_dump(self, *, mode: str, exclude_unset: bool) -> dict[str, Any]:
        """Return what pydantic would."""
        assert (mode, exclude_unset) == ("json", True)
        return {"role": "user", "content": "Hello"}


def test_what_an_sdk_would_send_is_what_is_judged() -> None:
    """Tuples, mappings and models are judged as the JSON they become; a value JSON cannot hold is a finding."""
    assert check({"model": "qwen-3.5", "messages": (Message(),)}) == []
    found = check({"model": "qwen-3.5", "messages": [{"role": "user", "content": b"Hello"}]})
    assert [(f.rule, f.pointer) for f in found] == [("non-json-value", "/messages/0/content")]


def test_half_a_character_in_a_key_is_a_finding() -> None:
    """A key with a lone surrogate is a finding, at the top and deeper, and the rest of the request is judged."""
    for request in ({**GOOD, "n\udfff": 1}, {**BAD, "\ud800": {"\udc00é": [{"\udfff": "\ud83d"}]}}):
        rules = [finding.rule for finding in check(request, "openai")]
        assert "lone-surrogate" in rules
        assert ("missing-field" in rules) == (request["messages"] == BAD["messages"])


@pytest.mark.parametrize("content", ["a\ud800", "\ud800b\ud800c", "\udc00" * 50, "\ud800\ud800\udc00"])
def test_half_characters_are_one_finding_in_a_dict_and_in_its_text(content: str) -> None:
    """However many there are in a string, a dict, its JSON and its YAML have the same findings."""
    request = {**GOOD, "user": content, "messages": [{"role": "user", "content": content}]}
    found = [(f.rule, f.pointer) for f in check(request, "openai")]
    assert found.count(("lone-surrogate", "/user")) == 1
    text = json.dumps(request)
    for source in ("a.json", "a.jsonl", "a.yaml"):
        assert sorted((f.rule, f.pointer) for f in Linter("openai").check_text(text, source).findings) == sorted(found)


@pytest.mark.parametrize("rule", sorted(proofs_by_rule(OPENAI_CHAT.name)))
def test_a_proof_hides_no_hit(rule: str) -> None:
    """A request that passes a proof of its dialect has no hit of a check it silences, in all seeded mutations."""
    passes = GuardedChecks(proofs_by_rule(OPENAI_CHAT.name)[rule], OPENAI_CHAT, (), ACCELERATED).proves_silent
    at = shipped().rules[rule].at
    passed = 0
    for request in as_json():
        if at in request and passes(request):
            passed += 1
            for facts in facts_of_chat():
                assert list(all_checks()[rule](request, facts, OPENAI_CHAT)) == [], request
    assert passed


def test_a_check_looks_at_nothing_but_what_its_rule_reads() -> None:
    """A check of chat requests finds the same when the members outside its rule's `at` and `reads` are removed."""
    of_chat = frozenset().union(*(Linter(name).enabled for name in shipped().profiles_in("openai-chat")))
    for rule in (shipped().rules[name] for name in sorted(of_chat)):
        check_of = all_checks().get(rule.id)
        if check_of is None or rule.at is None:
            continue
        needs = {rule.at, *rule.reads}
        for request in as_json()[:700]:
            if rule.at in request:
                alone = {key: value for key, value in request.items() if key in needs}
                for facts in facts_of_chat():
                    found = list(check_of(request, facts, OPENAI_CHAT))
                    assert list(check_of(alone, facts, OPENAI_CHAT)) == found, (rule.id, request)


# ------------------------------------------------------------------------------------------------- of what is made up

made_up = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
AUTO = Linter("auto")
REPORT = Draft202012Validator(json.loads((ROOT / "schemas/meta/report.json").read_text("utf-8")))
SARIF = jsonschema_rs.validator_for(json.loads((ROOT / "tests/data/sarif-schema-2.1.0.json").read_text("utf-8")))


@made_up
@given(requests(), st.sampled_from(shipped().profile_names))
def test_both_engines_agree_on_any_request(request: Any, profile: str) -> None:
    """Both engines have the same findings in any generated request, and so has its text."""
    fast, reference = Linter(profile, engine=ACCELERATED), Linter(profile, engine=REFERENCE)
    assert told(fast.check(request)) == told(reference.check(request))
    if isinstance(request, dict):
        text_and_value_agree(fast, request)


@made_up
@given(tool_schemas(), st.booleans())
def test_both_engines_agree_on_any_tool_schema(schema: Any, strict: bool) -> None:
    """Both engines have the same findings for a tool with any generated schema, and neither raises."""
    tool = {"type": "function", "function": {"name": "get_weather", "strict": strict, "parameters": schema}}
    request = {**GOOD, "model": "gpt-4o", "tools": [tool]}
    fast, reference = Linter("openai", engine=ACCELERATED), Linter("openai", engine=REFERENCE)
    assert told(fast.check(request)) == told(reference.check(request))


@made_up
@given(texts())
def test_every_text_has_a_sound_report(text: Written) -> None:
    """For any file regions are inside it, a baseline of the run accepts every finding, and fixes keep the rest."""
    source = Source(text.name, None, text.data)
    report = AUTO.check_source(source)
    report_is_sound(report, source)
    regions_hold_values(source)
    a_baseline_silences_its_run(report)
    fixes_keep_the_rest(report, source, detect_form(source))


@settings(made_up, max_examples=40)
@given(texts(damaged=False))
def test_fixing_comes_to_an_end(text: Written) -> None:
    """Fixing a file adds no error, and fixing the result again changes nothing."""
    fixing_ends(Source(text.name, None, text.data), AUTO.check_source)


@settings(made_up, max_examples=40)
@given(texts())
def test_every_report_can_be_written(text: Written) -> None:
    """Every format can write every report; JSON and SARIF follow their schemas."""
    source = Source(text.name, None, text.data)
    written = render_and_parse(AUTO.check_source(source), source)
    assert not [error.message for error in REPORT.iter_errors(json.loads(written["json"]))]
    assert not [error.message for error in SARIF.iter_errors(json.loads(written["sarif"]))]


@settings(made_up, max_examples=40)
@given(st.lists(texts(), min_size=1, max_size=4), st.integers(1, 3000))
def test_chunks_of_generated_lines_have_the_report_of_the_file(files: list[Written], size: int) -> None:
    """A JSON Lines file judged in chunks has the report of the file, wherever it is cut."""
    data = b"\n".join(text.data for text in files if text.name.endswith(".jsonl"))
    task = Task(AUTO, Source("lines.jsonl", None, data))
    assert in_chunks(task, size) == task.run()


def test_linters_that_are_gone_leave_no_memory() -> None:
    """A program that makes a linter for each of its users keeps the judges of the last 64, not of all of them."""
    rules, before = sorted(shipped().rules), judges()
    for number in range(90):
        linter = Linter("openai", ignore=rules[number : number + 2])
        assert linter.check({**BAD, "n": 0, "tools": [{"type": "function", "function": {"name": "a b"}}]})
    del linter
    gc.collect()
    assert len(judges().keys() - before.keys()) <= 64


def judges() -> dict[int, Judge]:
    """Return every judge there is in this process, by its identity; the dictionary keeps them alive."""
    return {id(each): each for each in gc.get_objects() if isinstance(each, Judge)}
