"""Whether the examples of a rule hold: the bad one has its finding at the marked characters, the good one has none."""

import re
from collections.abc import Iterator

from reqlint.core.findings import Finding
from reqlint.knowledge.catalog import Catalog
from reqlint.knowledge.rule import Example, Rule
from reqlint.run.linter import Linter

_MARKED = re.compile("«(.*?)»", re.S)


def broken_examples(rule: Rule, catalog: Catalog) -> Iterator[str]:
    """Yield a sentence for each thing in the examples of *rule* that does not hold under a profile that has it on."""
    names = [name for name in catalog.profile_names if catalog.profile(name).evidence_for(rule)]
    for name in names:
        linter = Linter(name, rules=catalog.folders.rules, profiles=catalog.folders.profiles)
        if rule.id not in linter.enabled:
            continue
        for number, example in enumerate(rule.examples, 1):
            if example.is_for(name, catalog.profile(name).dialect):
                for fault in _faults(rule, example, linter):
                    yield f"{rule.id}, example {number}, under {name}: {fault}"


def _faults(rule: Rule, example: Example, linter: Linter) -> Iterator[str]:
    text = example.bad.replace("«", "").replace("»", "")
    findings = _check(example, text, linter)
    expected = [finding for finding in findings if finding.rule == rule.id]
    if not expected:
        yield "the bad one does not have its finding"
    for finding in findings:
        if finding.rule != rule.id:
            yield f"the bad one has another finding, {finding.rule} at {finding.path or 'the request'}"
    marked = set(_MARKED.findall(example.bad))
    covered = {_covered_text(finding, text, example.form) for finding in expected}
    if expected and covered != marked:
        yield f"the finding covers {_quoted(covered)}, not what is marked, {_quoted(marked)}"
    for finding in _check(example, example.good, linter):
        yield f"the good one has a finding, {finding.rule} at {finding.path or 'the request'}"


def _check(example: Example, text: str, linter: Linter) -> tuple[Finding, ...]:
    name = f"example.{example.form}"
    return linter.check_text(text.encode(example.encoding), name, form=example.form, kind=example.kind).findings


def _covered_text(finding: Finding, text: str, form: str) -> str:
    """Return the characters that *finding* covers; offsets count in the document, which is a line of JSONL."""
    region = finding.region
    if region is None:
        return ""
    document = text.split("\n")[region.line - 1] if form == "jsonl" else text
    return document[region.start : region.end]


def _quoted(texts: set[str]) -> str:
    return " and ".join(f"«{text if len(text) <= 60 else text[:59] + '…'}»" for text in sorted(texts))
