"""Formats write what many findings have alike once; each finding is written as if it were the only one."""

import json
from functools import cache
from random import Random
from typing import Any
from xml.sax.saxutils import escape

import pytest

from reqlint import Finding, Linter, Report
from reqlint.core.findings import Severity
from reqlint.display.credentials import mask_pointer
from reqlint.display.escaping import escape as visible
from reqlint.display.escaping import sanitize, to_json
from reqlint.reporters import reporter
from reqlint.reporters.markdown import code, escape_markdown
from reqlint.reporters.rendering import Rendering, RuleCard
from tests.support.planted import NAMES, by_form

SIGNS = ("", "~1", '"', "<&>", "é", "\u202e", ":", "##a[b", "::", "`", "``", "_", "*", "www.", " ", "\n", "😀")
VALUES = (7, "text", None, {"a": "1"}, [1.5], True)
MISSPELT = ("max_tokns", "temperatura", "maxTokens", "top_k", "prompt", "a", "b_c")


@cache
def findings(seed: int) -> tuple[Finding, ...]:
    """Return the findings of requests with keys of all kinds, some with fixes, some in lines, some written again."""
    random = Random(seed)  # noqa: S311 - the same in every run
    keys = [*NAMES, *MISSPELT, *(secret.text for secret in by_form(random))]
    request: dict[str, Any] = {"model": "gpt-4o", "messages": [{"role": "usr", "content": "Hi"}], "max_tokens": 5}
    for number in range(150):
        key = random.choice(keys) + random.choice(SIGNS) + random.choice(("", str(number)))
        request.setdefault(key, random.choice(VALUES))
    text = json.dumps(request, ensure_ascii=seed % 2 == 0, indent=seed % 3 or None)
    again = "{" + '"temperature": 1, "temperature": 1, "temperature": 2, ' + text[1:]
    line = json.dumps(
        {"custom_id": f"sk-{'a1' * 20}", "method": "POST", "url": "/v1/chat/completions", "body": request}
    )
    linter = Linter("openai")
    return (
        *linter.check_text(text, "folder/a b.json"),
        *linter.check_text(again, "<stdin>"),
        *linter.check_text(f"{line}\n{line}\n", f"lines{random.choice(SIGNS[:4])}.jsonl"),
        *linter.check(request),
    )


def written(form: str, some: tuple[Finding, ...], **options: Any) -> str:
    """Return the report of *some* findings."""
    pieces: list[str] = []
    cards = {each.rule: RuleCard(each.rule, "a", "b", each.severity, "c", docs_url=_url(each.rule)) for each in some}
    reporter(form)(Report(some, 1, 1), Rendering(rules=cards, quiet=True, **options), pieces.append)
    return "".join(pieces)


def _url(rule: str) -> str | None:
    return f"https://example.com/{rule}" if len(rule) % 2 else None


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("form", ["concise", "gitlab", "junit", "rdjson", "rdjsonl", "json", "jsonl"])
@pytest.mark.parametrize("unicode", [True, False])
def test_a_finding_is_written_as_if_it_were_alone(form: str, seed: int, unicode: bool) -> None:
    """What is remembered of the findings before changes nothing of the next."""
    some = findings(seed)
    together = written(form, some, unicode=unicode)
    for number in range(0, len(some), 7):
        if form == "gitlab" and some[number].fingerprint in {each.fingerprint for each in some[:number]}:
            continue  # there each has a fingerprint of its own
        lines = written(form, (some[number],), unicode=unicode).strip().split("\n")
        [alone] = [line for line in lines if _is_of_a_finding(form, line)] if form != "junit" else [_case(lines)]
        assert alone.rstrip(",") in together


def _is_of_a_finding(form: str, line: str) -> bool:
    return form == "concise" or (line.startswith(("{", '{"')) and not line.startswith(('{"version"', '{"source"')))


def _case(lines: list[str]) -> str:
    first = next(number for number, line in enumerate(lines) if line.startswith("<testcase"))
    last = next(number for number, line in enumerate(lines) if line.startswith("</testcase"))
    return "\n".join(lines[first : last + 1])


@pytest.mark.parametrize("seed", range(4))
def test_the_pieces_are_the_whole(seed: int) -> None:
    """An object put together of pieces is the one that the encoder writes; a case of JUnit has each text escaped."""
    some = findings(seed)
    diagnostics = written("rdjsonl", some).splitlines()
    entries = written("gitlab", some).strip().splitlines()[1:-1]
    cases = written("junit", some).split("<testcase")
    for finding, line, entry in zip(some, diagnostics, entries, strict=True):
        read = json.loads(line)
        assert to_json(read) == line
        assert read["message"] == _comment(finding)
        assert read["code"] == {"value": finding.rule} | ({"url": _url(finding.rule)} if _url(finding.rule) else {})
        assert to_json(json.loads(entry.rstrip(","))) == entry.rstrip(",")
        shown, pointer = sanitize(finding.message), visible(mask_pointer(finding.pointer))
        assert json.loads(entry.rstrip(","))["description"] == (f"{shown} ({pointer})" if pointer else shown)
        markup = escape(shown, {'"': "&quot;"})
        if finding.severity is not Severity.NOTE:
            assert any(f'message="{markup}">' in case and f": {finding.severity}: {markup}" in case for case in cases)


def _comment(finding: Finding) -> str:
    message, pointer = sanitize(finding.message), visible(mask_pointer(finding.pointer))
    paragraphs = [escape_markdown(message) + (f" ({code(pointer)})" if pointer else "")]
    for related in finding.related:
        label = f"See line {related.region.line}" if related.region else "See"
        paragraphs.append(f"{label}: {escape_markdown(sanitize(related.message))}")
    for label, text in (("Help", finding.help), ("Note", finding.note)):
        if text:
            paragraphs.append(f"{label}: {escape_markdown(sanitize(text))}")
    return "\n\n".join(paragraphs)
