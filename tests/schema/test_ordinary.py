"""The quick way through a gate: it accepts exactly what the whole gate accepts."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqlint.dialects.registry import DIALECT_NAMES
from reqlint.knowledge.proofs import ordinary_members
from reqlint.run.one_request import linter_for
from reqlint.schema.combine import combine_schemas
from reqlint.schema.ordinary import with_quick_way
from reqlint.schema.validators import ACCELERATED, compile_gate
from tests.judge.test_shortcut import MUTATED, RESOURCES, VALUES
from tests.support.mutations import concerning

MAIN = {
    "openai-chat": "openai",
    "openai-responses": "openai-responses",
    "anthropic-messages": "anthropic",
    "gemini-generate": "gemini",
    "bedrock-converse": "bedrock-converse",
}
TEXTS = st.sampled_from([{"type": "string"}, {"type": "string", "minLength": 1}, {"const": "x"}, {"enum": ["x", "y"]}])
LEAVES = TEXTS | st.sampled_from([{"type": "null"}, {"type": "integer"}, {"type": "boolean"}, {"type": "object"}])


def _inside(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    members = st.dictionaries(st.sampled_from(["a", "b", "model", "tools"]), inner, max_size=3)
    objects = members.flatmap(
        lambda properties: st.builds(
            lambda required, closed: {"type": "object", "properties": properties, "required": required, **closed},
            st.lists(st.sampled_from([*properties] or ["a"]), unique=True).map(
                lambda names: [name for name in names if name in properties]
            ),
            st.sampled_from([{"additionalProperties": False}, {}]),
        )
    )
    several = st.lists(inner, min_size=1, max_size=2).map(lambda each: {"anyOf": each})
    arrays = st.builds(lambda items, least: {"type": "array", "items": items, **least}, inner | several,
                       st.sampled_from([{}, {"minItems": 1}]))  # fmt: skip
    return objects | arrays


TEMPLATES = st.recursive(LEAVES, _inside, max_leaves=6)


@settings(max_examples=80, deadline=None)
@given(
    st.lists(RESOURCES, min_size=1, max_size=3),
    st.lists(TEMPLATES, min_size=1, max_size=3),
    st.lists(VALUES, min_size=1, max_size=12),
)
def test_the_quick_way_changes_no_answer(
    resources: list[dict[str, Any]], templates: list[dict[str, Any]], values: list[object]
) -> None:
    """Whatever the schemas and the templates are, what is accepted is the same."""
    named = [
        {"$id": f"reqlint:{number}", "properties": {"all": {"items": resource}}}
        for number, resource in enumerate(resources)
    ]
    named = [{**each, "$defs": resource["$defs"]} for each, resource in zip(named, resources, strict=True)]
    combined = combine_schemas(named)
    whole = compile_gate([combined], ACCELERATED)
    quick = compile_gate([with_quick_way(combined, {"/all/*": templates})], ACCELERATED)
    for value in values:
        assert quick({"all": [value]}) == whole({"all": [value]}), value
    assert quick({"all": values}) == whole({"all": values})


@pytest.mark.parametrize("dialect", DIALECT_NAMES)
def test_what_is_ordinary_is_accepted_quickly(dialect: str) -> None:
    """Every template of a dialect is of use in its first profile, and changes no answer there."""
    templates = ordinary_members(dialect)
    shape = linter_for(MAIN[dialect]).judges.default._shape
    combined = combine_schemas(shape.schemas)
    found = with_quick_way(combined, templates)
    assert templates
    for place, several in templates.items():
        key = place.split("/")[1]
        branches = found["properties"][key]["items"]["anyOf"]
        assert len(branches) > len(several)  # the last one is the whole schema
    whole, quick = compile_gate([combined], ACCELERATED), compile_gate([found], ACCELERATED)
    for request in concerning(MUTATED, MAIN[dialect]):
        assert quick(request) == whole(request), request


def test_only_what_is_left_to_ask_is_asked() -> None:
    """What follows from a template is not asked; a pattern is, and a template that cannot be right is left out."""
    schema = {
        "properties": {
            "turns": {
                "items": {
                    "type": "object",
                    "required": ["role"],
                    "properties": {"role": {"enum": ["user", "tool"]}, "text": {"type": "string", "pattern": "x"}},
                    "if": {"properties": {"role": {"const": "tool"}}},
                    "then": {"required": ["id"]},
                }
            }
        }
    }

    def turn(role: dict[str, Any], **more: Any) -> dict[str, Any]:
        members = {"role": role, "text": {"type": "string"}, **more}
        return {"type": "object", "required": [*members], "properties": members, "additionalProperties": False}

    user, tool = turn({"const": "user"}), turn({"const": "tool"})
    quick = with_quick_way(schema, {"/turns/*": [user, tool, turn({"enum": ["user", "bot"]})]})
    branches = quick["properties"]["turns"]["items"]["anyOf"]
    asked = {**user, "required": ["role", "text"]}
    asked["properties"] = {"role": {"const": "user"}, "text": {"type": "string", "pattern": "x"}}
    assert branches == [asked, asked, schema["properties"]["turns"]["items"]]
