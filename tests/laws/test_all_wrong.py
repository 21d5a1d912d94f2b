"""Files in which every line is wrong: what is remembered or cut short on the way says what the long way says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reqlint import Finding, Linter, Severity
from reqlint.checks import all_checks
from reqlint.core.json_values import to_json_value
from reqlint.core.pointer import Place
from reqlint.display.escaping import to_json
from reqlint.fixes import nearby, plan
from reqlint.judge import describe
from reqlint.judge.judge import Judge, enabled_rules
from reqlint.knowledge.profile import load_profile, profile_names
from reqlint.knowledge.rule import all_rules
from reqlint.reporters._texts import Texts
from reqlint.reporters.machine import _written, as_dict
from reqlint.run.linter import linter_for
from reqlint.schema import failures
from reqlint.schema.explain import Explainer, Explanation
from reqlint.text.documents import Form, Source, read_documents
from reqlint.text.json.scanner import _Scanner, scan
from reqlint.text.json.spans import locate
from tests.conftest import own_requests
from tests.support.mutations import mutations

MUTATED = [request for request in mutations(own_requests(), 1200, seed=20261123) if isinstance(request, dict)]


def lines(requests: list[Any]) -> bytes:
    """Give requests as lines of a batch file, with one custom_id in two."""
    return "\n".join(
        json.dumps({"custom_id": f"line-{i % 700}", "method": "POST", "url": "/v1/chat/completions", "body": body})
        for i, body in enumerate(requests)
    ).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("profile", profile_names())
def test_a_change_is_felt_only_by_what_looks_at_its_keys(profile: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fixes are the same whether a change is judged nearby and remembered, or in the whole request."""
    text = lines(MUTATED)
    told = [finding.fix for finding in Linter(profile).check_text(text, "a.jsonl", kind="batch")]
    monkeypatch.setattr(plan, "settles_nearby", lambda *_: None)
    assert [finding.fix for finding in Linter(profile).check_text(text, "a.jsonl", kind="batch")] == told
    assert any(told)


@pytest.mark.parametrize("profile", profile_names())
def test_checks_look_at_nothing_but_what_their_rules_name(profile: str) -> None:
    """What a check says of a request is what it says of the keys in `at` and `reads` alone."""
    facts = load_profile(profile).facts or {}
    for request in MUTATED:
        for rule_id, check in all_checks().items():
            rule = all_rules()[rule_id]
            if rule.at not in request:
                continue
            try:
                whole = list(check(request, facts))
            except Exception:  # noqa: S112 - a shape that checks are not asked about
                continue
            assert list(check({key: request[key] for key in (rule.at, *rule.reads) if key in request}, facts)) == whole


@pytest.mark.parametrize("engine", ["accelerated", "reference"])
@pytest.mark.parametrize("profile", profile_names())
def test_members_asked_one_by_one_fail_as_the_request_does(
    profile: str, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the first few requests members are asked by themselves, and the hits are the same."""
    shape = linter_for(profile)._judge._shape
    explainer = shape._explainer
    arguments = (explainer._schema, explainer._rules, engine)
    some = MUTATED if engine == "accelerated" else MUTATED[::12]
    requests = [request for request in some if not to_json_value(request)[1]]  # the others are told apart before
    monkeypatch.setattr(failures, "_SEPARATE_AFTER", len(requests))
    whole = Explainer(*arguments)
    told = [named(whole.explain(request)) for request in requests]
    monkeypatch.setattr(failures, "_SEPARATE_AFTER", 0)
    apart = Explainer(*arguments)
    assert [named(apart.explain(request)) for request in requests] == told


def named(explanation: Explanation) -> tuple[list[str], list[str]]:
    """Give what an explanation says, in an order of its own."""
    return sorted(map(repr, explanation.hits)), sorted(map(str, explanation.broken))


def places(value: object, place: Place = ()) -> Iterator[Place]:
    """Give the places of all values inside *value*, and of some that are not there."""
    yield place
    yield (*place, "absent")
    if isinstance(value, dict | list):
        for step in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[step], (*place, step))  # type: ignore[index]  # its own keys or indices


TRICKY = [
    r'{"a": {"tools": 1}, "b": "\"tools", "c": ["tools", {"\u0074ools": 2}]}',
    r'{"say": "\\\"temprature\":", "body": {"temprature": [{"temprature_": 1}]}}',
    '{"": {"": [1, {"": 2}]}, "0": {"0": [0]}}',
    '{"a": ' + "1" * 5_000 + ', "b": [' + "9" * 5_000 + ', {"c": 1}], "d": {}}',
]


@pytest.mark.parametrize("ensure_ascii", [True, False])
def test_a_shorter_walk_finds_the_same(ensure_ascii: bool) -> None:
    """Spans are the same whether the value is known, so that walks begin at rare keys and end early, or is not."""
    texts = [*TRICKY, *(json.dumps(request, ensure_ascii=ensure_ascii) for request in MUTATED[::10])]
    for text in texts:
        value, flaws = scan(text)
        assert not [flaw for flaw in flaws if flaw.rule != "non-json-value" and flaw.rule != "lone-surrogate"]
        everything = list(places(value))
        for wanted in (everything, *([place] for place in everything), everything[::7]):
            assert locate(text, 0, wanted, value) == locate(text, 0, wanted)


def test_reading_what_is_right_at_once_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken text has the same flaws whether its unbroken parts are read at once or step by step."""
    texts = [
        *TRICKY,
        '{"a": [' * 150 + "}",
        '[{"a": 1, "a": 2}, {"b": NaN}, {"c": "\\ud800"}, 1e999, ',
        "[" * 201 + "]" * 201,
    ]
    for request in MUTATED[::6]:
        text = json.dumps(request)
        texts += [text[:-1] + ",}", text[: len(text) // 2], text.replace(": ", ": [{", 7).replace("}", "}]", 3)]
    told = [repr(scan(text)) for text in texts]
    monkeypatch.setattr(_Scanner, "flawless", lambda *_: None)
    assert [repr(scan(text)) for text in texts] == told


@pytest.mark.parametrize("show_values", [False, True])
def test_what_was_said_before_is_said_again_only_where_it_fits(
    show_values: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words are the same whether those for the same facts are kept or found anew: 1, 1.0 and true are three facts."""
    values = [1, 1.0, True, 0, -0.0, False, None, "1", [], [1], {}, {"a": 1}, "x" * 500, [0] * 200, "🙂", 10**400]
    requests = [{"model": "gpt-4o", "messages": [], "temperature": v, "stream": v, "n": v, "stop": v} for v in values]

    def told() -> list[dict[str, object]]:
        return [as_dict(f) for f in Linter("openai", show_values=show_values).check_text(lines(requests), "a.jsonl")]

    kept = told()
    monkeypatch.setattr(describe, "_kept_by", lambda _: None)
    assert told() == kept


def test_json_is_written_as_it_is_given() -> None:
    """The text of a finding is that of its plain values, whatever is written once for many."""
    text = lines(MUTATED[:300]) + b'\n{"custom_id": "\xc3\xa9\xf0\x9f\x98\x80\x7f", \n'
    findings = list(Linter("openai").check_text(text, "é.jsonl"))
    assert [_written(finding) for finding in findings] == [to_json(as_dict(finding)) for finding in findings]


def test_a_source_is_read_on_from_where_it_was_left(tmp_path: Path) -> None:
    """Lines come in any order, twice, from several sources; those that are not there are left out."""
    written = {name: [f"{name}{n}\u00e9" for n in range(1, 200)] for name in ("a", "b")}
    sources = {}
    for name, rows in written.items():
        path = tmp_path / name
        path.write_bytes("\r\n".join(rows).encode() + b"\n\xff")
        sources[name] = Source(name, path)
    texts = Texts(sources)
    for name, wanted in (
        ("a", [1]),
        ("a", [3, 2]),
        ("a", [150]),
        ("b", [7, 199, 200]),
        ("a", [1, 150, 400]),
        ("c", [1]),
    ):
        assert texts(name, wanted) == (sources[name].lines(wanted) if name in sources else {})
    texts.close()


def test_the_same_mistake_in_every_line_costs_no_second_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    """What settles a mistake in one line is not judged again in the next, whatever else the lines say."""
    bodies = [
        {"model": "gpt-4o", "messages": [{"role": "user", "content": f"Question {n}"}], "temprature": 0.5}
        for n in range(50)
    ]
    nearby._kept.clear()
    judged = 0
    judge = Judge.judge

    def counting(self: Judge, request: object) -> object:
        nonlocal judged
        judged += 1
        return judge(self, request)

    monkeypatch.setattr(Judge, "judge", counting)
    findings = list(Linter("openai").check_text(lines(bodies), "a.jsonl"))
    assert len(findings) == 50
    assert all(finding.fix for finding in findings)
    assert judged == 50 + 2


def test_equal_findings_share_what_they_say() -> None:
    """Of the same mistake in two lines the words are one object, and a fix has the very region of its finding."""
    bodies = [{"model": "m", "messages": [{"role": "user", "content": "Hi"}], "temprature": 1} for _ in range(2)]
    one, other = Linter("openai").check_text(lines(bodies), "a.jsonl")
    for name in ("message", "help", "note", "pointer", "path"):
        assert getattr(one, name) is getattr(other, name)
    assert one.fix is not None
    assert one.fix.edits[0].region is one.region


def test_every_format_names_a_finding_of_each_rule(tmp_path: Path) -> None:
    """A grave mistake in thousands of lines does not push the only note out of the SARIF report."""
    from reqlint.core.findings import Report
    from reqlint.reporters import Rendering, reporter

    many = [Finding("grave", Severity.ERROR, "m", f"/{n}", f"[{n}]", source="a.json") for n in range(6_000)]
    few = [Finding("small", Severity.NOTE, "m", f"/{n}", f"[{n}]", source="a.json") for n in range(30)]
    out: list[str] = []
    heard: list[str] = []
    reporter("sarif")(Report((*many, *few), 1, 1), Rendering(say=heard.append, root=tmp_path), out.append)
    run = json.loads("".join(out))["runs"][0]
    kept = [result["ruleId"] for result in run["results"]]
    assert (len(kept), kept.count("small")) == (5_000, 10)
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].endswith("By rule: 'grave' 1,010, 'small' 20.")
    assert heard == ["note: the SARIF report leaves 1,030 findings out, as GitHub keeps 5,000"]


def test_lines_that_are_wrong_as_lines_are_explained() -> None:
    """A misspelled key of a batch line is found beside what it lacks, and renamed."""
    line = {"custom_id": "a", "metod": "POST", "url": "/v1/chat/completions", "body": MUTATED[0]}
    text = "\n".join([json.dumps(line)] * 3).encode()
    first = [f for f in Linter("openai").check_text(text, "a.jsonl") if f.document == 0]
    assert {(f.rule, f.pointer) for f in first} >= {("missing-field", ""), ("unknown-field", "/metod")}
    assert next(f.fix for f in first if f.rule == "unknown-field")
    assert [document.index for document in read_documents(Source("a.jsonl", None, text), Form.JSONL)] == [0, 1, 2]


@pytest.mark.parametrize("profile", profile_names())
def test_halves_find_what_the_whole_has(profile: str) -> None:
    """Messages and the rest, judged apart and remembered, have the hits of the whole request, in the same order."""
    whole, halved = Judge(load_profile(profile), enabled_rules()), Judge(load_profile(profile), enabled_rules())
    halved.compile_now()
    used = 0
    for request in MUTATED:
        try:
            told = whole._verdict(whole._hits(request), request)
        except Exception:  # noqa: S112 - what is no JSON value takes another way
            continue
        hits = halved._halves.hits(request) if halved._halves else None
        if hits is not None:
            used += 1
            assert repr(halved._verdict(hits, request)) == repr(told)
            halved._halves._left = 64
    assert used > 300
