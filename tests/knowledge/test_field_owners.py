"""A field of another API is reported with the name of that API and the equivalent field."""

import json

import pytest
from jsonschema import Draft202012Validator

from reqlint import check
from reqlint.dialects.registry import CHAT, DIALECT_NAMES, dialect_named
from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.field_owners import _owner_of_top_level, field_owner
from reqlint.knowledge.index import shipped_words
from reqlint.run.one_request import linter_for
from reqlint.text.trusted_yaml import load_yaml
from tests.conftest import ROOT

TABLE = load_yaml(ROOT / "schemas/neighbours.yaml")
REQUEST = {"model": "m", "messages": [{"role": "user", "content": "Hello"}]}


def test_the_table_satisfies_its_schema() -> None:
    """Every field has an owner in the table, and every profile that the table names exists."""
    schema = json.loads((ROOT / "schemas/meta/neighbours.json").read_text("utf-8"))
    loaded = json.loads(json.dumps(TABLE, default=str))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(loaded)] == []
    for field, entry in TABLE["fields"].items():
        assert entry["owner"] in TABLE["owners"], field
        assert set(entry.get("here", {})) <= {*shipped().profile_names, *DIALECT_NAMES, "*"}, field


@pytest.mark.parametrize("profile", ["openai", "anthropic", "gemini"])
def test_only_fields_without_an_owner_are_passed_over(profile: str) -> None:
    """A field that is in no table has no owner, however it is looked for."""
    fields = {field for names in shipped_words().values() for field in names["fields"]} | {*TABLE["fields"], "nobodys"}
    assert {field for field in fields if field_owner(field, profile) is None} == {
        field for field in fields if _owner_of_top_level(field, profile) is None
    }


@pytest.mark.parametrize("profile", shipped().profile_names)
def test_every_field_of_the_table_names_its_owner(profile: str) -> None:
    """A field of another API, where the profile does not document it, is attributed and has its equivalent named."""
    if "unknown-field" not in linter_for(profile).enabled:
        return  # it takes every field
    dialect = shipped().profile(profile).dialect
    request = REQUEST if dialect == CHAT else dialect_named(dialect).offering(()).request
    for field, entry in TABLE["fields"].items():
        if field in shipped().profile(profile).schema["properties"]:
            continue
        found = [f for f in check({**request, field: "x"}, profile) if f.pointer == f"/{field}"]
        assert found, field
        if any(f.rule != "unknown-field" for f in found):
            continue  # a more specific rule reports it
        assert "a field of" in found[0].message
        others = "*" if dialect == CHAT else dialect
        equivalent = entry.get("here", {}).get(profile, entry.get("here", {}).get(others))
        assert equivalent is None or equivalent in found[0].message


def test_a_field_of_another_profile_is_attributed_to_it() -> None:
    """A field that another profile documents needs no entry in the table."""
    [found] = check({**REQUEST, "temperature": 0.5}, "gptproto-qwen")
    assert "openai" in found.message
    assert "did you mean" not in found.message


def test_a_misspelled_field_is_suggested() -> None:
    """A misspelling of a documented field is not attributed to another API."""
    [found] = check({**REQUEST, "max_token": 5}, "gptproto-qwen")
    assert found.message == "unknown field max_token; did you mean max_tokens?"
