"""Which edits there are for what an API refuses in a schema: the most faithful first."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from reqlint.checks.json_schema import LISTS, MAPS, SCHEMAS
from reqlint.core.findings import Hit, Part
from reqlint.fixes.schemas.arrays import array_of_anything, item_schemas, prefix_items
from reqlint.fixes.schemas.bounds import bound_of_integer, const_to_enum, numbers_to_bounds
from reqlint.fixes.schemas.edit import Schema, SchemaCase, SchemaEdit
from reqlint.fixes.schemas.exact import (
    close_object,
    drop_decoration,
    drop_without_effect,
    empty_properties,
    name_root_type,
    name_type_of_words,
    required_word,
    spell_type,
    tell_annotation,
)
from reqlint.fixes.schemas.losing import (
    drop_demand,
    drop_undeclared,
    drop_words,
    forget_order,
    loosen_bound,
    merge_around,
    merge_branches,
    open_object,
    require_all,
)
from reqlint.fixes.schemas.merging import only_branch, type_into_branches
from reqlint.fixes.schemas.references import write_out_references
from reqlint.fixes.schemas.unions import drop_discriminator, one_of_to_any_of, types_to_union

Kind = Callable[[SchemaCase], Iterator[SchemaEdit]]

_DECORATION = (drop_decoration,)
_TOLD = (drop_without_effect, tell_annotation)
_DEMAND = (drop_without_effect, drop_demand)
_BY_KEYWORD: Mapping[str, tuple[Kind, ...]] = {
    "$schema": _DECORATION,
    "$comment": _DECORATION,
    "$id": _DECORATION,
    "id": _DECORATION,
    "$ref": (write_out_references,),
    "$defs": (write_out_references,),
    "definitions": (write_out_references,),
    "type": (types_to_union, spell_type, type_into_branches),
    "properties": (drop_without_effect, empty_properties),
    "required": (required_word, drop_without_effect, merge_around, drop_undeclared, require_all),
    "const": (const_to_enum, drop_demand),
    "enum": (drop_without_effect, numbers_to_bounds, drop_words, drop_demand),
    "items": (item_schemas, drop_without_effect, forget_order),
    "prefixItems": (prefix_items, forget_order),
    "anyOf": (only_branch, type_into_branches, merge_branches),
    "oneOf": (only_branch, one_of_to_any_of, merge_branches),
    "allOf": (drop_without_effect, only_branch, merge_branches),
    "discriminator": (drop_discriminator,),
    "exclusiveMinimum": (bound_of_integer, drop_without_effect, loosen_bound, drop_demand),
    "exclusiveMaximum": (bound_of_integer, drop_without_effect, loosen_bound, drop_demand),
    "additionalProperties": (drop_without_effect, close_object, open_object, drop_demand),
    **dict.fromkeys(
        (
            "format", "pattern", "minimum", "maximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems",
            "uniqueItems", "minProperties", "maxProperties", "propertyNames", "patternProperties", "not", "if", "then",
            "else", "contains", "minContains", "maxContains", "dependencies", "dependentRequired", "dependentSchemas",
            "unevaluatedProperties", "unevaluatedItems", "additionalItems",
        ),
        _DEMAND,
    ),
}  # fmt: skip
"""By the keyword that is refused; what is no keyword of JSON Schema only tells something."""
_OF_SUBSCHEMA: tuple[Kind, ...] = (
    name_root_type,
    name_type_of_words,
    write_out_references,
    array_of_anything,
    merge_around,
)
"""For a subschema that lacks something, whatever the rule says of it."""
_BY_RULE: Mapping[str, tuple[Kind, ...]] = {
    "object-without-properties": (empty_properties,),
    "open-strict-schema": (close_object,),
    "optional-strict-property": (require_all,),
    "undeclared-required-property": (merge_around, drop_undeclared),
    "undeclared-strict-property": (drop_undeclared,),
    "required-without-properties": (required_word, merge_around, drop_undeclared),
    "strict-reference-with-siblings": (write_out_references,),
    "keyword-in-conflict-with-reference": (write_out_references,),  # what stands beside a reference is read, too
    "empty-word-in-schema": (drop_words,),
}
"""For rules whose place does not tell what is wrong there; of others, the keyword does."""
_IN_ROOT = ("anyOf", "oneOf", "allOf", "not", "enum")
"""Keywords that a root must not have, where the finding is at the root."""


def edits_for(case: SchemaCase) -> Iterator[SchemaEdit]:
    """Yield the edits that may settle a finding, the most faithful first; which one does is for a proof to tell."""
    if case.keyword is None:
        for kind in (*_BY_RULE.get(case.rule, ()), *_OF_SUBSCHEMA):
            yield from kind(case)
        named = case.facts.get("keyword")
        if case.is_root and named in _IN_ROOT and named in case.schema:
            yield from edits_for(case._replace(keyword=str(named)))
        return
    kinds = _BY_RULE.get(case.rule) or _BY_KEYWORD.get(case.keyword, _TOLD)
    for kind in kinds:
        yield from kind(case)


def case_at(hit: Hit, root: Schema, known: dict[str, bool], *, of_nullable: bool = False) -> SchemaCase | None:
    """
    Return the case of a hit in a schema, whose place begins there; None if there is nothing that can be edited.

    *known* is shared by all cases of one root, for what they find out about it.
    """
    place, at, keyword = hit.place, 0, None
    value: Any = root
    while at < len(place):
        step = place[at]
        if not isinstance(value, dict):
            return None
        if at + 1 < len(place) and step in MAPS and isinstance(value.get(str(step)), dict):
            inside, width = value[str(step)].get(place[at + 1]), 2
        elif at + 1 < len(place) and (step in LISTS or step == "items") and isinstance(value.get(str(step)), list):
            index = place[at + 1]
            listed = value[str(step)]
            inside, width = (listed[index] if isinstance(index, int) and index < len(listed) else None), 2
        elif (
            step in SCHEMAS
            and isinstance(value.get(str(step)), dict)
            and (at + 1 < len(place) or (step == "items" and hit.part is Part.VALUE))
        ):
            inside, width = value[str(step)], 1
        else:
            keyword = str(step)
            break
        value, at = inside, at + width
    if keyword is not None and (not isinstance(value, dict) or keyword not in value):
        return None
    if not isinstance(value, dict) and value is not True:
        return None
    return SchemaCase(hit.rule, hit.facts, root, place[:at], keyword, known, of_nullable)
