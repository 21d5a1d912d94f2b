"""The pages about rules and profiles."""

from typing import Any

import pytest

from reqlint.core.errors import UnknownRule
from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.protobuf_json import SAME_AS
from reqlint.knowledge.rule import Rule
from reqlint.pages.evidence import under_each_profile
from reqlint.pages.layout import write_table
from reqlint.pages.parameters import parameters
from reqlint.pages.profiles import profile_as_json, profile_page
from reqlint.pages.rules import rule_as_json, rule_page, rules_table, show_template
from reqlint.run.one_request import linter_for

pytestmark = pytest.mark.core


def test_a_pattern_in_a_table_is_no_link() -> None:
    """A group after a class of characters would be read as the address of one; a link stays a link."""
    table = write_table(["a"], [["[a-z](/.*)?"], ["[x](https://a.example)"], ["[x](./b.md)"]], markdown=True)
    assert table == "| a |\n| --- |\n| [a-z\\](/.*)? |\n| [x](https://a.example) |\n| [x](./b.md) |\n"


@pytest.mark.parametrize("markdown", [False, True])
def test_a_table_keeps_its_cells_apart(markdown: bool) -> None:
    """Columns of text are aligned without trailing blanks; in Markdown a bar inside a cell does not end it."""
    table = write_table(["a", "b"], [["1|2", ""], ["3", "long"]], markdown=markdown)
    expected = "| a | b |\n| --- | --- |\n| 1\\|2 |  |\n| 3 | long |\n" if markdown else "a    b\n1|2\n3    long\n"
    assert table == expected


@pytest.mark.parametrize("rule", shipped().rules.values(), ids=lambda rule: rule.id)
def test_a_page_shows_the_severity_that_is_in_force(rule: Rule) -> None:
    """The severity on a rule's page under each profile is off exactly where the linter has the rule off."""
    listed = rule_as_json(rule, shipped())["profiles"]
    for profile, severity, evidence in under_each_profile(rule, shipped()):
        assert (severity is not None) == (rule.id in linter_for(profile.name).enabled), profile.name
        assert (profile.name in listed) == (evidence is not None)
    lines = rule_page(rule, shipped(), 80).split("\n")
    assert lines[0] == f"{rule.id} ({rule.subject})"
    assert not any(line.endswith(" ") for line in lines if not line.startswith("  "))


@pytest.mark.parametrize("name", shipped().profile_names)
def test_every_parameter_of_a_profile_has_one_row(name: str) -> None:
    """The parameter table has each top-level property of the schema once, on the page and in the JSON form."""
    profile = shipped().profile(name)
    paths = [row[0] for row in parameters(profile.schema)]
    assert len(paths) == len(set(paths))
    members = profile.schema["properties"]
    own = {key for key in members if not (isinstance(members[key], dict) and SAME_AS in members[key])}
    assert {path.partition(".")[0].partition("[")[0] for path in paths} == own
    assert [row["path"] for row in profile_as_json(profile)["parameters"]] == paths
    assert all(f"\n  {path} " in profile_page(profile) for path in paths)


def test_a_recursive_schema_has_a_finite_table() -> None:
    """A definition that refers to itself is written out once for each way into it."""
    node: dict[str, Any] = {"type": "object", "properties": {"child": {"$ref": "#/$defs/node"}}}
    listed = {"type": "array", "items": {"$ref": "#/$defs/node"}}
    schema = {"properties": {"tree": {"$ref": "#/$defs/node"}, "trees": listed}, "$defs": {"node": node}}
    assert [row[0] for row in parameters(schema)] == ["tree", "tree.child", "trees", "trees[].child"]


def test_the_values_of_a_parameter_are_words_or_bounds() -> None:
    """Words are listed, also where a branch of a conditional lists them; otherwise bounds and the pattern are."""
    schema = {
        "required": ["n"],
        "properties": {
            "n": {"type": "integer", "minimum": 1, "maximum": 4, "default": 1},
            "role": {"type": ["string", "null"], "if": {"type": "string"}, "then": {"enum": ["user", "tool"]}},
            "id": {"type": "string", "maxLength": 9, "pattern": "^a"},
        },
    }
    assert list(parameters(schema)) == [
        ["n", "integer", "yes", "1", "≥ 1, ≤ 4"],
        ["role", "string / null", "no", "", '"user" | "tool"'],
        ["id", "string", "no", "", "at most 9 characters, pattern ^a"],
    ]


def test_a_list_of_rules_has_a_line_for_each() -> None:
    """The table of rules has the severity under the profile, or off, then the id."""
    rules = [*shipped().rules.values()]
    lines = rules_table(rules, shipped().profile("openai")).splitlines()[1:]
    on = linter_for("openai").enabled
    assert [line.split()[1] for line in lines] == [rule.id for rule in rules]
    assert {line.split()[1] for line in lines if line.startswith("off ")} == {r.id for r in rules if r.id not in on}


def test_a_template_is_readable() -> None:
    """Placeholders become names between ‹ and ›, and the brackets around optional parts are left out."""
    assert show_template("use {allowed}[ or {other}]") == "use ‹allowed› or ‹other›"


def test_a_rule_that_does_not_exist_is_an_error() -> None:
    """An unknown id raises with the id that was probably meant."""
    with pytest.raises(UnknownRule, match='no rule "wrong-tipe"; did you mean "wrong-type"'):
        shipped().rule("wrong-tipe")
