"""The laws of judging what is still being typed: no finding that the complete request does not have, and none lost."""

# ruff: noqa: E501 - tables, read at a glance

import json
import re
from zlib import crc32

import pytest

from reqlint.core.findings import Hit
from reqlint.judge.judge import Judge
from reqlint.run.half_typed import certain_hits
from reqlint.run.linter import Linter
from reqlint.run.scope import Scope
from reqlint.run.source_run import judge_source
from reqlint.text.forms import is_json
from reqlint.text.json.mend import mend
from reqlint.text.json.reader import read_json
from reqlint.text.json.scanner import scan
from reqlint.text.mended import mended
from reqlint.text.sources import Source

PROFILES = ["openai", "openai-responses", "anthropic", "gemini", "bedrock-converse"]
_TOKEN = re.compile(r'"[^"]*"|[{}\[\],:]|[\w.-]+')


def judged(judge: Judge, text: str) -> list[Hit]:
    """Return the hits of a half-typed request."""
    found = mend(text)
    if found is None:
        return []
    return list(certain_hits(judge, scan(found.text)[0], found.uncertain))


@pytest.mark.parametrize("profile", PROFILES)
def test_no_finding_of_a_beginning_is_missing_in_the_whole(profile: str) -> None:
    """Half of the examples are cut somewhere: what is found is found in the complete request as well."""
    judge = Linter(profile).judges.named(profile)
    for rule in judge.rules.values():
        for example in rule.examples[:1]:
            text = example.bad.replace("«", "").replace("»", "")
            if example.kind or example.form != "json" or not example.is_for(profile, judge.dialect.name):
                continue
            cuts = [match.end() for match in _TOKEN.finditer(text)]
            if not cuts or len(text) > 2000 or crc32(rule.id.encode()) % 2 or not is_json(text.encode()):
                continue
            verdict = judge.judge(read_json(text.encode()))
            whole = verdict.hits if verdict else ()
            cut = cuts[crc32(text.encode()) % len(cuts)]
            for end in (cut, cut - 1):
                for hit in judged(judge, text[:end]):
                    assert any(_says(judge, each, hit) for each in whole), (rule.id, text[:end], hit)


def _says(judge: Judge, hit: Hit, earlier: Hit) -> bool:
    """Return whether a hit says what an *earlier* one said, or more: some rules speak in the place of others."""
    if hit.rule == earlier.rule:
        return hit.place == earlier.place
    is_around = earlier.place[: len(hit.place)] == hit.place
    return is_around and earlier.rule in judge.rules[hit.rule].supersedes


REQUEST = {
    "model": "gpt-4o",
    "n": 500,
    "messages": [
        {"role": "usr", "content": "Hi"},
        {"role": "user", "content": 5},
        {"role": "user", "content": "Hi", "weight": 1},
    ],
    "top_logprobs": 3,
    "max_tokens": "7",
    "tools": [{"type": "function", "function": {"name": "a b"}}],
}


def test_findings_that_do_not_depend_on_the_rest_are_kept() -> None:
    """Each finding is there as soon as what it is about is complete; one that a later key settles waits for the end."""
    judge = Linter("openai").judges.named("openai")
    text = json.dumps(REQUEST)
    whole = {(hit.rule, hit.place) for hit in judge.judge(REQUEST).hits}  # type: ignore[union-attr]  # it has hits
    waits = {("top-logprobs-without-logprobs", ("top_logprobs",))}
    assert whole > waits
    assert {(hit.rule, hit.place) for hit in judged(judge, text[:-1])} == whole - waits
    before_messages = judged(judge, text[: text.index('"messages"')])
    assert {(hit.rule, hit.place) for hit in before_messages} == {("out-of-range", ("n",))}
    in_messages = judged(judge, text[: text.index('"top_logprobs"') - 3])
    assert {hit.place for hit in in_messages} == {place for _, place in whole if place[0] in ("n", "messages")}


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "a.json",
            '{"model": "gpt-4o", "n": 500, "messages": [{"role": "user", "content": "Hi"}], "tools": [',
            [("out-of-range", 1), ("invalid-json", 1)],
        ),
        (
            "a.json",
            '{"model": "gpt-4o",\n "n": 500,\n "te",\n "messages": [{"role": "usr", "content": "Hi"}]}',
            [("out-of-range", 2), ("invalid-json", 3), ("unknown-role", 4)],
        ),
        (
            "a.jsonl",
            '{"model": "gpt-4o", "messages": [{"role": "usr", "content": "Hi"}]}\n'
            '{"model": "gpt-4o", "messages": [{"role": "usr", "content": "Hi"}, {"ro\n'
            '{"model": "gpt-4o", "messages": [{"role": "usr", "content": "Hi"}]}\n',
            [("unknown-role", 1), ("unknown-role", 2), ("invalid-json", 2), ("unknown-role", 3)],
        ),
        (
            "a.jsonl",
            '{"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "gpt-4o", "n": 500, "mes',
            [("out-of-range", 1), ("invalid-json", 1)],
        ),
        (
            "a.yaml",
            "model: gpt-4o\nn: 500\nmessages:\n  - role: user\n    cont\n",
            [("out-of-range", 2), ("invalid-yaml", 5)],
        ),
        ("tsconfig.json", '{"compilerOptions": {"strict": tr', []),
    ],
)
def test_what_stands_is_judged_and_nothing_is_missed_that_is_not_typed_yet(
    name: str, text: str, expected: list[tuple[str, int]]
) -> None:
    """In every form, and nothing in what is no request."""
    source = Source(name, None, text.encode())
    report = judge_source(Linter("auto").judges, source, name, scope=Scope.FOUND, mend=mended)
    found = [(finding.rule, finding.region.line if finding.region else 0) for finding in report]
    assert found == expected
    assert all(finding.fix is None for finding in report if name != "a.jsonl")


def test_a_recording_that_is_half_typed_is_not_judged_in_part() -> None:
    """Its complete requests are; the one at the end is not, whose answer is not known yet."""
    request = {"method": "POST", "uri": "https://api.openai.com/v1/chat/completions"}
    bad = json.dumps({"model": "gpt-4o", "messages": [{"role": "usr", "content": "Hi"}]})
    whole = {"request": {**request, "body": bad}, "response": {"status": {"code": 200}, "body": {"string": "{}"}}}
    text = json.dumps({"interactions": [whole, whole]})
    cut = text.rindex('"response"')
    report = judge_source(
        Linter("auto").judges, Source("a.json", None, text[:cut].encode()), "a.json", scope=Scope.FOUND, mend=mended
    )
    assert {finding.pointer.split("/")[2] for finding in report if finding.rule == "unknown-role"} == {"0"}


def test_after_many_findings_no_further_document_is_judged() -> None:
    """An editor shows some hundred; a file of a million lines is not judged to its end for them."""
    line = '{"model": "gpt-4o", "messages": [{"role": "usr", "content": "Hi"}]}\n'
    source = Source("a.jsonl", None, (line * 500).encode())
    report = judge_source(Linter("auto").judges, source, "a.jsonl", mend=mended, most_findings=20)
    assert len(report) == 21
