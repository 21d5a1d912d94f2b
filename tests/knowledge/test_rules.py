"""Every rule's examples are its tests."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reqlint import Finding, Severity
from reqlint.checks import all_checks
from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.index import INDEX
from reqlint.knowledge.index_writer import index_texts
from reqlint.knowledge.rule import Example, Rule
from reqlint.knowledge.validation import find_faults
from reqlint.run.one_request import linter_for
from reqlint.schema.keyword_rules import GENERIC_RULES, named_rules
from reqlint.text.trusted_yaml import load_yaml
from tests.conftest import ROOT, unmarked
from tests.support.mutations import repeats

pytestmark = pytest.mark.core

RULES = list(shipped().rules.values())


def judged(example: Example, text: str, profile: str) -> tuple[Finding, ...]:
    """Judge an example's text the way a file of its form is judged."""
    as_bytes = text.encode(example.encoding)
    name = f"example.{example.form}"
    return linter_for(profile).check_text(as_bytes, name, form=example.form, kind=example.kind).findings


def is_taken(rule: Rule, example: Example, profile: str) -> bool:
    """Return whether a profile takes what an example of a rule about any parameter shows as wrong."""
    return rule.id in GENERIC_RULES and not judged(example, unmarked(example.bad), profile)


CASES = [
    pytest.param(rule, example, profile, id=f"{rule.id}-{number}-{profile}")
    for rule in RULES
    for number, example in enumerate(rule.examples)
    for profile in shipped().profile_names
    if not repeats(rule.id, profile)
    and example.is_for(profile, shipped().profile(profile).dialect)
    and rule.id in linter_for(profile).enabled
    and not is_taken(rule, example, profile)
]


@pytest.mark.parametrize(("rule", "example", "profile"), CASES)
def test_a_bad_example_has_its_finding_and_no_other_at_the_marked_characters(
    rule: Rule, example: Example, profile: str
) -> None:
    """A bad example has findings of its rule only, and they cover exactly the marked text."""
    text = unmarked(example.bad)
    findings = judged(example, text, profile)
    assert [f.rule for f in findings] == [rule.id] * len(findings) != [], [str(f) for f in findings]
    marked = {piece.partition("»")[0] for piece in example.bad.split("«")[1:]}
    covered = set()
    for finding in findings:
        assert finding.region is not None
        first_line = text.split("\n")[: finding.region.line - 1]
        start = sum(len(line) + 1 for line in first_line) + finding.region.column - 1
        end_lines = text.split("\n")[: finding.region.end_line - 1]
        end = sum(len(line) + 1 for line in end_lines) + finding.region.end_column - 1
        covered.add(text[start:end])
    assert covered == marked


@pytest.mark.parametrize(("rule", "example", "profile"), CASES)
def test_a_good_twin_has_no_finding(rule: Rule, example: Example, profile: str) -> None:
    """A good example has no finding under any profile that has the rule on."""
    assert rule.examples
    assert [str(f) for f in judged(example, example.good, profile)] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_complete(rule: Rule) -> None:
    """A rule has evidence, an example or the reason for having none, and one way of being checked."""
    known = [evidence for name in shipped().profile_names for evidence in shipped().profile(name).evidence_for(rule)]
    assert known
    assert all(evidence.url or evidence.basis or evidence.case for evidence in known)
    assert (rule.request is None) or (rule.id not in all_checks())
    if rule.at is not None:
        assert (rule.request is not None) or (rule.id in all_checks()), "neither a request schema nor a check"
    for other in (*rule.related, *rule.supersedes):
        assert other in shipped().rules, other
    raw = load_yaml(ROOT / "rules" / rule.subject / f"{rule.id}.yaml")
    assert rule.examples or raw.get("no-example")


@pytest.mark.parametrize("profile", shipped().profile_names)
def test_only_firm_evidence_backs_an_error(profile: str) -> None:
    """An error has a measured, documented or observed refusal behind it; other claims are at most warnings."""
    for rule in RULES:
        evidence = next(iter(shipped().profile(profile).evidence_for(rule)), None)
        if evidence and evidence.severity is Severity.ERROR:
            assert evidence.status in ("measured", "documented", "observed")
        setting = (shipped().profile(profile).settings or {}).get(rule.id)
        if setting is Severity.ERROR:
            assert evidence is not None
            assert evidence.status in ("measured", "documented", "observed")


def test_every_rule_file_satisfies_the_rule_schema() -> None:
    """Every shipped rule file satisfies the schema that custom rules must satisfy, and is named like its rule."""
    schema = json.loads((ROOT / "schemas/meta/rule.json").read_text("utf-8"))
    for path in (ROOT / "rules").glob("*/*.yaml"):
        loaded = json.loads(json.dumps(load_yaml(path), default=str))
        assert [e.message for e in Draft202012Validator(schema).iter_errors(loaded)] == [], path.name
        assert path.stem == loaded["id"]
        assert path.parent.name == loaded["subject"]


@pytest.mark.parametrize("name", shipped().profile_names)
def test_the_evidence_of_a_profile_satisfies_its_schema_and_is_sorted(name: str) -> None:
    """An ``evidence.yaml`` satisfies its schema; it names rules that exist, sorted by subject and id."""
    schema = json.loads((ROOT / "schemas/meta/evidence.json").read_text("utf-8"))
    loaded = json.loads(json.dumps(load_yaml(ROOT / "schemas" / name / "evidence.yaml"), default=str))
    assert [e.message for e in Draft202012Validator(schema).iter_errors(loaded)] == []
    assert [*loaded] == sorted(loaded, key=lambda rule: (shipped().rules[rule].subject, rule))


@pytest.mark.parametrize("path", sorted((ROOT / "schemas").glob("*/facts.yaml")), ids=lambda path: path.parent.name)
def test_what_is_known_of_models_satisfies_its_schema(path: Path) -> None:
    """A ``facts.yaml`` satisfies its schema, and has no fact that ``profile.yaml`` beside it has as well."""
    loaded = json.loads(json.dumps(load_yaml(path), default=str))
    assert [fault.what for fault in find_faults(loaded, "facts", "the file")] == []
    assert not loaded.keys() & load_yaml(path.with_name("profile.yaml")).get("facts", {}).keys()


def test_a_rule_file_has_only_evidence_for_every_profile() -> None:
    """What one API does stands in the folder of its profile."""
    assert {evidence.profile for rule in RULES for evidence in rule.evidence} == {"*"}


def test_every_profile_satisfies_the_profile_schema() -> None:
    """Every shipped profile satisfies the schema of profiles, and its request schema is a JSON Schema."""
    schema = json.loads((ROOT / "schemas/meta/profile.json").read_text("utf-8"))
    for path in (ROOT / "schemas").glob("*/profile.yaml"):
        loaded = json.loads(json.dumps(load_yaml(path), default=str))
        assert [e.message for e in Draft202012Validator(schema).iter_errors(loaded)] == [], path.parent.name
        Draft202012Validator.check_schema(json.loads((path.parent / "request.json").read_text("utf-8")))


def test_every_rule_named_by_a_schema_is_a_rule_of_that_profile() -> None:
    """An ``x-rule`` names a rule that the profile has evidence for, and keywords without a rule have one."""

    def walk(node: object, profile: str) -> None:
        if isinstance(node, dict):
            if "x-rule" in node:
                for name in named_rules({"x-rule": node["x-rule"]}):
                    assert shipped().profile(profile).evidence_for(shipped().rules[name]), name
            if "not" in node or "contains" in node:
                assert "x-rule" in node, node
            for key, child in node.items():
                if key == "properties" and isinstance(child, dict):  # of which one may be called contains
                    walk([*child.values()], profile)
                elif key not in ("x-rule", "if"):  # no if fails
                    walk(child, profile)
        elif isinstance(node, list):
            for child in node:
                walk(child, profile)

    for profile in shipped().profile_names:
        walk(shipped().profile(profile).schema, profile)


def test_the_index_is_current() -> None:
    """The files of the index are what ``python tests/regenerate.py`` writes, and there are no others."""
    texts = index_texts()
    assert {path for path in INDEX.rglob("*") if path.is_file()} == texts.keys()
    for path, text in texts.items():
        assert path.read_text("utf-8") == text, f"{path.name} is stale: run python tests/regenerate.py"
