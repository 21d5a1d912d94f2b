"""What is wrong with a rule, profile or configuration file, by the meta schemas: in words and by place."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from reqlint.core.pointer import Place
from reqlint.display.messages import render_message
from reqlint.knowledge.index import home
from reqlint.schema.limits import subschemas
from reqlint.schema.request_rules import ROOT_NAME
from reqlint.schema.shape import Shape
from reqlint.text.trusted_json import load_json

_TEMPLATES = {
    "unknown-field": "unknown key {field}[; did you mean {suggestion}?]",
    "missing-field": "{owner} has no {field}",
    "unknown-value": "{name} is {value}; it takes {allowed}[; did you mean {suggestion}?]",
    "wrong-type": "{name} is {value}; it takes {expected}",
    "null-not-allowed": "{name} is null; it takes a value",
    "wrong-length": "{name} has a length of {length}; it takes {limit}",
    "duplicate-item": "{name} holds the same twice",
}
_COMBINATION = "{name} does not go with what stands beside it"
_OTHERWISE = "{name} is {value}, which is not what it takes[: {meaning}]"


class Fault(NamedTuple):
    """One thing that is wrong with a file."""

    place: Place
    what: str


class MetaSchema(NamedTuple):
    """A schema of files that people write."""

    shape: Shape
    meanings: Mapping[str, str]  #: by pattern, what it asks for in words (``x-meaning``)
    facts: Mapping[str, Any]  #: the facts that messages may use (``x-facts``); in the schema of rules only


@cache
def load_meta_schema(name: str) -> MetaSchema:
    """Read and compile ``schemas/meta/<name>.json``."""
    schema = load_json(home() / "schemas" / "meta" / f"{name}.json")
    patterns = [each for _, each in subschemas(schema) if "pattern" in each]
    meanings = {each["pattern"]: each["x-meaning"] for each in patterns if "x-meaning" in each}
    return MetaSchema(Shape(schema, []), meanings, schema.get("x-facts", {}))


def find_faults(value: Mapping[str, Any], schema: str, root: str) -> Iterator[Fault]:
    """Yield what is wrong with *value* under ``schemas/meta/<schema>.json``; messages call the whole value *root*."""
    meta = load_meta_schema(schema)
    if meta.shape.accepts(value):
        return
    for hit in sorted(meta.shape.explain(value).hits, key=lambda hit: (str(hit.place), hit.rule)):
        names = {key: root for key in ("name", "owner") if hit.facts.get(key) == ROOT_NAME}
        facts = {**hit.facts, **names, "meaning": meta.meanings.get(str(hit.facts.get("pattern")))}
        # An unknown value without a list of known ones comes from dependentRequired, not and the like.
        is_combination = hit.rule == "unknown-value" and "allowed" not in facts
        template = _COMBINATION if is_combination else _TEMPLATES.get(hit.rule, _OTHERWISE)
        yield Fault(hit.place, render_message(template, facts, (), show=True))
