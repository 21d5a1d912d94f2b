"""The facts that messages may use: those that are listed are those that there are."""

import json
import re
from functools import cache
from typing import Any

import pytest

from reqlint.core.findings import Part
from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.facts import facts_of_profile, facts_of_request, placeholders
from reqlint.knowledge.rule import Rule
from reqlint.schema.request_rules import RequestRule
from reqlint.schema.shape import Shape
from tests.conftest import ROOT

pytestmark = pytest.mark.core

META = json.loads((ROOT / "schemas/meta/rule.json").read_text("utf-8"))
FACTS: dict[str, Any] = META["x-facts"]
PAGE = (ROOT / "docs" / "write-a-rule.md").read_text("utf-8")

# By keyword: a schema of the member "it" with that keyword, and a value that fails it.
FAILING: dict[str, tuple[Any, Any]] = {
    "type": ("integer", "three"),
    "enum": (["three"], "thre"),
    "const": ("three", "thre"),
    "minimum": (4, 3),
    "maximum": (2, 3),
    "exclusiveMinimum": (3, 3),
    "exclusiveMaximum": (3, 3),
    "multipleOf": (2, 3),
    "minLength": (6, "three"),
    "maxLength": (4, "three"),
    "minItems": (2, [3]),
    "maxItems": (0, [3]),
    "minProperties": (2, {"three": 3}),
    "maxProperties": (0, {"three": 3}),
    "pattern": ("^4", "three"),
    "uniqueItems": (True, [3, 3]),
    "required": (["four"], {"three": 3}),
    "additionalProperties": (False, {"three": 3}),
    "dependentRequired": ({"three": ["four"]}, {"three": 3}),
    "not": ({"type": "integer", "minimum": 3}, 3),
    "anyOf": ([{"type": "string"}, {"enum": [4]}], 3),
    "oneOf": ([{"type": "integer"}, {"maximum": 3}], 3),
    "contains": ({"pattern": "^4"}, ["three"]),
}


@pytest.mark.parametrize("engine", ["jsonschema", None])
@pytest.mark.parametrize("keyword", FAILING)
def test_the_listed_facts_of_a_keyword_are_those_it_gives(keyword: str, engine: str | None) -> None:
    """A failed keyword gives exactly its listed facts; inside not, anyOf, oneOf and contains none of a keyword's."""
    member, value = FAILING[keyword]
    schema = {"properties": {"it": {keyword: member}}}
    shape = Shape({"$id": "reqlint:any"}, [RequestRule("a-rule", None, Part.VALUE, True, schema)], engine)
    [hit] = shape.explain({"it": value}).hits
    listed = facts_of_request(schema) - set(FACTS["always"])
    assert set(hit.facts) - {"variant"} == listed


@pytest.mark.parametrize("keyword", FACTS["profile"])
def test_the_listed_facts_of_a_profile_are_those_it_gives(keyword: str) -> None:
    """A keyword of a profile gives its listed facts but those of other APIs, which are looked up for the message."""
    member, value = FAILING[keyword]
    schema = {"$id": "reqlint:any", "properties": {"it": {keyword: member, "properties": {"thre": True}}}}
    [hit] = Shape(schema, []).explain({"it": value}).hits
    looked_up = {"neighbour", "equivalent", "belongs"}
    assert set(hit.facts) - {"close", "variant"} == set(FACTS["profile"][keyword]) - looked_up


@cache
def facts_of_profiles() -> dict[str, set[str]]:
    """Return the facts that the schemas of the shipped profiles give the messages of their rules, by rule."""
    found: dict[str, set[str]] = {}
    for name in shipped().profile_names:
        for rule, facts in facts_of_profile(shipped().profile(name).schema).items():
            found.setdefault(rule, set()).update(facts)
    return found


@pytest.mark.parametrize("rule", shipped().rules.values(), ids=lambda rule: rule.id)
def test_a_shipped_rule_uses_listed_facts(rule: Rule) -> None:
    """The messages and helps of a rule name only facts that are listed for the way in which it is checked."""
    listed = {*FACTS["always"]}
    if rule.request is not None:
        listed |= facts_of_request(rule.request)
    else:  # a check's, or that of a keyword of a profile
        listed = listed.union(FACTS["check"], *FACTS["request"].values(), *FACTS["profile"].values())
    listed |= facts_of_profiles().get(rule.id, set())
    said = [rule.message, rule.help, *(text for each in rule.variants.values() for text in (each.message, each.help))]
    assert {fact for template in said for fact in placeholders(template or "")} <= listed


def test_evidence_of_variants_is_of_variants_that_the_rule_has() -> None:
    """Evidence names only variants of its rule, and leaves a claim for the others."""
    for name in shipped().profile_names:
        for rule_id, entries in (shipped().profile(name).evidence or {}).items():
            named = {variant for entry in entries for variant in entry.variants}
            assert named <= set(shipped().rules[rule_id].variants), (name, rule_id)
            assert not named or any(not entry.variants for entry in entries), (name, rule_id)


def test_every_listed_fact_has_a_meaning() -> None:
    """A fact is listed with its meaning, and a meaning with where its fact comes from."""
    names = {*FACTS["always"], *FACTS["check"]}.union(*FACTS["request"].values(), *FACTS["profile"].values())
    assert names == set(FACTS["meanings"])


def test_the_page_lists_the_facts_of_every_keyword() -> None:
    """The table of docs/write-a-rule.md is the list in the schema of rules."""
    rows = re.findall(r"^\| (`[^|]+`|every one) \| ([^|]+) \|$", PAGE, re.M)
    documented = {
        keyword: re.findall(r"(?:^|; |, )`(\w+)`", facts)
        for keywords, facts in rows
        for keyword in (re.findall(r"\w+", keywords) if "`" in keywords else ["*"])
    }
    assert documented == {**FACTS["request"], "*": [*FACTS["request"]["*"], *FACTS["always"]]}


@pytest.mark.parametrize("name", ["rule", "profile", "evidence", "config"])
def test_every_pattern_is_in_words(name: str) -> None:
    """Beside each pattern of a schema of files that people write is what it asks for, the same for the same pattern."""
    words: dict[str, set[str]] = {}

    def walk(node: object) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("pattern"), str):
                words.setdefault(node["pattern"], set()).add(node.get("x-meaning", ""))
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk(
        {
            key: value
            for key, value in json.loads((ROOT / f"schemas/meta/{name}.json").read_text("utf-8")).items()
            if key != "x-facts"
        }
    )
    assert words
    assert {pattern for pattern, meanings in words.items() if "" in meanings or len(meanings) > 1} == set()
