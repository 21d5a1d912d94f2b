"""Files in which every line is wrong: caches and shortcuts give the same findings as the long way."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from reqlint import Finding, Linter, Severity
from reqlint.checks import all_checks
from reqlint.core.json_values import to_json_value
from reqlint.core.pointer import Place
from reqlint.display.escaping import to_json
from reqlint.fixes import proof, stays_fixed
from reqlint.judge import describe
from reqlint.judge.judge import Judge
from reqlint.knowledge.catalog import shipped
from reqlint.reporters.formats.json_report import _written, as_dict
from reqlint.reporters.source_lines import SourceLines
from reqlint.run.one_request import linter_for
from reqlint.schema import failures
from reqlint.schema.explain import Explainer, Explanation
from reqlint.text.documents import read_documents
from reqlint.text.forms import Form
from reqlint.text.json.scanner import _Scanner, scan
from reqlint.text.json.spans import locate
from reqlint.text.sources import Source
from tests.conftest import own_requests
from tests.support.mutations import concerning, known_by_tools, mutations


@cache
def mutated(dialect: str) -> list[dict[str, Any]]:
    """Return requests of a shape, nearly all of them wrong."""
    made = mutations(own_requests(dialect), 900, seed=20261123)
    return [request for request in made if isinstance(request, dict)]


MUTATED = mutated("openai-chat")
URLS = {"openai-chat": "/v1/chat/completions", "openai-responses": "/v1/responses"}
"""Where the lines of batch files are sent; the other shapes have files of their own."""


WITHOUT_FIXES = ("vllm-messages", "vllm-responses")
"""Profiles of servers that pass over most of what could be fixed, such as a misspelt key."""


def mutated_for(profile: str) -> list[dict[str, Any]]:
    """Return requests in the shape that a profile judges."""
    made = mutated(shipped().profile(profile).dialect)
    return [request for request in concerning(made, profile) if isinstance(request, dict)]


def lines(requests: list[Any], url: str | None = URLS["openai-chat"]) -> bytes:
    """Return requests as lines of a batch file, in which a custom_id repeats after 700 lines; bare without a *url*."""
    batch = (
        {"custom_id": f"line-{i % 700}", "method": "POST", "url": url, "body": body} for i, body in enumerate(requests)
    )
    return "\n".join(map(json.dumps, batch if url else requests)).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("profile", shipped().profile_names)
def test_a_change_affects_only_rules_that_read_its_keys(profile: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fixes are the same whether they are proven on the affected members alone or on the whole request."""
    url = URLS.get(shipped().profile(profile).dialect)
    text, kind = lines(mutated_for(profile), url), "batch" if url else "request"
    fixes = [finding.fix for finding in Linter(profile).check_text(text, "a.jsonl", kind=kind)]
    monkeypatch.setattr(proof, "stays_fixed", lambda *_: None)
    assert [finding.fix for finding in Linter(profile).check_text(text, "a.jsonl", kind=kind)] == fixes
    assert any(fixes) == (profile not in WITHOUT_FIXES) or known_by_tools(profile)


@pytest.mark.parametrize("profile", shipped().profile_names)
def test_checks_read_only_the_keys_that_their_rules_name(profile: str) -> None:
    """A check finds the same in a request and in its members under `at`, `wakes` and `reads` alone."""
    judge = linter_for(profile).judges.default
    facts, dialect = judge.profile.facts or {}, judge.dialect
    rules = [rule for rule in judge.rules.values() if rule.id in judge.on and rule.id in all_checks() and rule.at]
    asked = 0
    for request in mutated_for(profile)[:400]:
        for rule in rules:
            if rule.at not in request:
                continue
            try:
                hits = list(all_checks()[rule.id](request, facts, dialect))
            except Exception:  # noqa: S112 - a shape that checks never see
                continue
            asked += 1
            alone = {key: request[key] for key in (rule.at, *rule.wakes, *rule.reads) if key in request}
            assert list(all_checks()[rule.id](alone, facts, dialect)) == hits, (rule.id, request)
    assert asked > 500 or len(rules) < 10


@pytest.mark.parametrize("engine", ["accelerated", "reference"])
@pytest.mark.parametrize("profile", shipped().profile_names)
def test_members_explained_one_by_one_have_the_hits_of_the_request(
    profile: str, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the first few requests, members are explained one by one, with the same hits."""
    shape = linter_for(profile).judges.default._shape
    shape.explain({})  # makes the explainer
    explainer = shape._explainer
    assert explainer is not None
    arguments = (explainer._schema, explainer._rules, engine)
    some = mutated_for(profile)[:: 1 if engine == "accelerated" else 12]
    requests = [request for request in some if not to_json_value(request)[1]]  # the others never get here
    monkeypatch.setattr(failures, "_SEPARATE_AFTER", len(requests))
    at_once = Explainer(*arguments)
    explanations = [sorted_explanation(at_once.explain(request)) for request in requests]
    monkeypatch.setattr(failures, "_SEPARATE_AFTER", 0)
    by_member = Explainer(*arguments)
    assert [sorted_explanation(by_member.explain(request)) for request in requests] == explanations


def sorted_explanation(explanation: Explanation) -> tuple[list[str], list[str]]:
    """Return hits and broken keys of an explanation as sorted texts."""
    return sorted(map(repr, explanation.hits)), sorted(map(str, explanation.broken))


def places(value: object, place: Place = ()) -> Iterator[Place]:
    """Yield the places of all values inside *value*, and of some that do not exist."""
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
    """Spans are the same with and without the value, which lets the walk begin at rare keys and end early."""
    texts = [*TRICKY, *(json.dumps(request, ensure_ascii=ensure_ascii) for request in MUTATED[::10])]
    for text in texts:
        value, flaws = scan(text)
        assert not [flaw for flaw in flaws if flaw.rule != "non-json-value" and flaw.rule != "lone-surrogate"]
        everything = list(places(value))
        for wanted in (everything, *([place] for place in everything), everything[::7]):
            assert locate(text, 0, wanted, value) == locate(text, 0, wanted)


def test_reading_flawless_parts_at_once_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken text has the same flaws whether its flawless parts are read at once or step by step."""
    texts = [
        *TRICKY,
        '{"a": [' * 150 + "}",
        '[{"a": 1, "a": 2}, {"b": NaN}, {"c": "\\ud800"}, 1e999, ',
        "[" * 201 + "]" * 201,
    ]
    for request in MUTATED[::6]:
        text = json.dumps(request)
        texts += [text[:-1] + ",}", text[: len(text) // 2], text.replace(": ", ": [{", 7).replace("}", "}]", 3)]
    scanned = [repr(scan(text)) for text in texts]
    monkeypatch.setattr(_Scanner, "read_flawless", lambda *_: None)
    assert [repr(scan(text)) for text in texts] == scanned


@pytest.mark.parametrize("show_values", [False, True])
def test_cached_wordings_are_those_of_equal_facts(show_values: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Findings read the same with and without the cache of wordings; 1, 1.0 and true are three facts."""
    values = [1, 1.0, True, 0, -0.0, False, None, "1", [], [1], {}, {"a": 1}, "x" * 500, [0] * 200, "🙂", 10**400]
    requests = [{"model": "gpt-4o", "messages": [], "temperature": v, "stream": v, "n": v, "stop": v} for v in values]

    def described() -> list[dict[str, object]]:
        return [as_dict(f) for f in Linter("openai", show_values=show_values).check_text(lines(requests), "a.jsonl")]

    cached = described()
    monkeypatch.setattr(describe, "_facts_key", lambda _: None)
    assert described() == cached


def test_cached_json_is_the_json_of_the_finding() -> None:
    """The JSON of a finding is that of its values, although some of it is written once for many findings."""
    text = lines(MUTATED[:300]) + b'\n{"custom_id": "\xc3\xa9\xf0\x9f\x98\x80\x7f", \n'
    findings = list(Linter("openai").check_text(text, "é.jsonl"))
    assert [_written(finding, None) for finding in findings] == [to_json(as_dict(finding)) for finding in findings]


def test_lines_of_sources_are_found_in_any_order(tmp_path: Path) -> None:
    """Lines may be asked for in any order, twice, from several sources; lines that do not exist are left out."""
    written = {name: [f"{name}{n}\u00e9" for n in range(1, 200)] for name in ("a", "b")}
    sources = {}
    for name, rows in written.items():
        path = tmp_path / name
        path.write_bytes("\r\n".join(rows).encode() + b"\n\xff")
        sources[name] = Source(name, path)
    texts = SourceLines(sources)
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
    """A fix proven in one line is not proven again in the next, whatever else differs between the lines."""
    bodies = [
        {"model": "gpt-4o", "messages": [{"role": "user", "content": f"Question {n}"}], "temprature": 0.5}
        for n in range(50)
    ]
    stays_fixed._outcomes.clear()
    judged = 0
    judge = Judge.judge

    def counting(self: Judge, request: object, **how: bool) -> object:
        nonlocal judged
        judged += 1
        return judge(self, request, **how)

    monkeypatch.setattr(Judge, "judge", counting)
    findings = list(Linter("openai").check_text(lines(bodies), "a.jsonl"))
    assert len(findings) == 50
    assert all(finding.fix for finding in findings)
    assert judged == 50 + 2


def test_equal_findings_share_their_texts() -> None:
    """Two lines with the same mistake share the texts of their findings, and a fix shares its finding's region."""
    bodies = [{"model": "m", "messages": [{"role": "user", "content": "Hi"}], "temprature": 1} for _ in range(2)]
    one, other = Linter("openai").check_text(lines(bodies), "a.jsonl")
    for name in ("message", "help", "note", "pointer", "path"):
        assert getattr(one, name) is getattr(other, name)
    assert one.fix is not None
    assert one.fix.edits[0].region is one.region


def test_every_format_names_a_finding_of_each_rule(tmp_path: Path) -> None:
    """An error in thousands of lines does not push the only note out of the SARIF report."""
    from reqlint.core.findings import Report
    from reqlint.reporters import reporter
    from reqlint.reporters.rendering import Rendering

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
    assert heard == ["note: 1,030 findings are left out of the SARIF report; GitHub keeps 5,000"]


def test_a_misspelled_key_of_a_batch_line_has_a_fix() -> None:
    """A misspelled key of a batch line is found beside the missing one, and can be renamed."""
    line = {"custom_id": "a", "metod": "POST", "url": "/v1/chat/completions", "body": MUTATED[0]}
    text = "\n".join([json.dumps(line)] * 3).encode()
    first = [f for f in Linter("openai").check_text(text, "a.jsonl") if f.document == 0]
    assert {(f.rule, f.pointer) for f in first} >= {("missing-field", ""), ("unknown-field", "/metod")}
    assert next(f.fix for f in first if f.rule == "unknown-field")
    assert [document.index for document in read_documents(Source("a.jsonl", None, text), Form.JSONL)] == [0, 1, 2]


@pytest.mark.parametrize("profile", shipped().profile_names)
def test_parts_of_a_request_have_its_hits(profile: str) -> None:
    """Messages and rest, judged separately and remembered, have the hits of the request, in the same order."""
    at_once, in_parts = (Judge(shipped(), shipped().profile(profile), shipped().enabled_rules()) for _ in range(2))
    in_parts.compile_now()
    parts = in_parts._parts
    assert parts is not None
    split = 0
    may_split = parts._patience > 0  # unless a keyword of the schema speaks through a rule that reads the messages
    assert may_split or profile != "openai"
    for request in mutated_for(profile):
        try:
            verdict = at_once._verdict(at_once._hits(request), request)
        except Exception:  # noqa: S112 - a request with values that JSON cannot hold takes another way
            continue
        hits = parts.hits(request)
        if hits is not None:
            split += 1
            assert repr(in_parts._verdict(hits, request)) == repr(verdict)
            parts._patience = 64
    assert split > 50 or not may_split
