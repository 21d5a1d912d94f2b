"""Whether the examples of a rule hold: the bad one has its finding at the marked characters, the good one has none."""

import re
from collections.abc import Iterator

from reqlint.core.findings import Finding
from reqlint.knowledge.custom_folders import NO_CUSTOM, CustomFolders
from reqlint.knowledge.profile import load_profile, profile_names
from reqlint.knowledge.rule import Example, Rule
from reqlint.run.linter import Linter

_MARKED = re.compile("«(.*?)»", re.S)


def broken_examples(rule: Rule, own: CustomFolders = NO_CUSTOM) -> Iterator[str]:
    """Say in a sentence each what of the examples of *rule* does not hold, under every profile that has it on."""
    names = [name for name in profile_names(own) if rule.evidence_for(load_profile(name, own).lineage)]
    for name in names:
        linter = Linter(name, rules=own.rules, profiles=own.profiles)
        if rule.id not in linter.enabled:
            continue
        for number, example in enumerate(rule.examples, 1):
            if not example.profiles or name in example.profiles:
                for said in _broken(rule, example, linter):
                    yield f"{rule.id}, example {number}, under {name}: {said}"


def _broken(rule: Rule, example: Example, linter: Linter) -> Iterator[str]:
    text = example.bad.replace("«", "").replace("»", "")
    findings = _judged(example, text, linter)
    mine = [finding for finding in findings if finding.rule == rule.id]
    if not mine:
        yield "the bad one does not have its finding"
    for finding in findings:
        if finding.rule != rule.id:
            yield f"the bad one has another finding, {finding.rule} at {finding.path or 'the request'}"
    marked = set(_MARKED.findall(example.bad))
    covered = {_text(finding, text, example.form) for finding in mine}
    if mine and covered != marked:
        yield f"the finding covers {_quoted(covered)}, not what is marked, {_quoted(marked)}"
    for finding in _judged(example, example.good, linter):
        yield f"the good one has a finding, {finding.rule} at {finding.path or 'the request'}"


def _judged(example: Example, text: str, linter: Linter) -> tuple[Finding, ...]:
    name = f"example.{example.form}"
    return linter.check_text(text.encode(example.encoding), name, form=example.form, kind=example.kind).findings


def _text(finding: Finding, text: str, form: str) -> str:
    """Give what a finding covers; offsets count in the line where the form has a document a line."""
    region = finding.region
    if region is None:
        return ""
    within = text.split("\n")[region.line - 1] if form == "jsonl" else text
    return within[region.start : region.end]


def _quoted(texts: set[str]) -> str:
    return " and ".join(f"«{each if len(each) <= 60 else each[:59] + '…'}»" for each in sorted(texts))
