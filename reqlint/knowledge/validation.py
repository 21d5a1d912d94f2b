"""Somebody's own files held against our schemas: what is wrong with them, in words and by place."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

from reqlint.core.findings import Hit, Part
from reqlint.core.pointer import Place
from reqlint.display.messages import render_message
from reqlint.knowledge import catalog
from reqlint.schema.shape import ROOT_NAME, Shape
from reqlint.text.trusted_files import load_json

_WORDS = {
    "unknown-field": "unknown key {field}[; did you mean {suggestion}?]",
    "missing-field": "{owner} has no {field}",
    "unknown-value": "{name} is {value}; it takes {allowed}[; did you mean {suggestion}?]",
    "wrong-type": "{name} is {value}; it takes {expected}",
    "null-not-allowed": "{name} is null; it takes a value",
    "wrong-length": "{name} has a length of {length}; it takes {limit}",
    "duplicate-item": "{name} holds the same twice",
}
_TOGETHER = "{name} does not go with what stands beside it"
_OTHERWISE = "{name} is {value}, which is not what it takes[: {meaning}]"


class Fault(NamedTuple):
    """One thing that a file says and cannot mean."""

    place: Place
    what: str


@cache
def _shape(schema: str) -> Shape:
    return Shape(load_json(catalog.home() / "schemas" / "meta" / f"{schema}.json"), [])


def find_faults(value: Mapping[str, Any], schema: str, whole: str) -> Iterator[Fault]:
    """
    Say what *value* has against the schema ``schemas/meta/<schema>.json``; nearly always nothing.

    *whole* is what the root is called in the words.
    """
    shape = _shape(schema)
    if shape.accepts(value):
        return
    for hit in sorted(shape.explain(value).hits, key=lambda hit: (str(hit.place), hit.rule)):
        hit = _called(hit, whole)
        lonely = hit.rule == "unknown-value" and "allowed" not in hit.facts  # of dependentRequired, not and the like
        template = _TOGETHER if lonely else _WORDS.get(hit.rule, _OTHERWISE)
        yield Fault(hit.place, render_message(template, hit.facts, (), show=True))


def _called(hit: Hit, whole: str) -> Hit:
    names = {key: whole for key in ("name", "owner") if hit.facts.get(key) == ROOT_NAME}
    meaning = _MEANINGS.get(str(hit.facts.get("pattern")))
    place = hit.place if hit.part is Part.KEY or hit.place else ()
    return replace(hit, place=place, facts={**hit.facts, **names, "meaning": meaning})


_MEANINGS = {
    "^(/[^/]+)*$": "a JSON Pointer such as /cases/*/payload",
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}$": "a date such as 2026-12-31",
    "^20[0-9]{2}-[01][0-9]-[0-3][0-9]$": "a date such as 2026-12-31",
    "^[a-z0-9]+(-[a-z0-9]+)*$": "lower-case words with dashes between them",
    "^[a-z0-9]+([-.][a-z0-9]+)*$": "lower-case words with dashes between them",
    "^([*]|[a-z0-9]+(-[a-z0-9]+)*)$": "the name of a profile, or *",
    "^/[a-z_]+$": "a top-level key such as /tools",
    "^(https://|profile$)": "an https address, or the word profile",
    "^https://": "an https address",
    "[^.]$": "a phrase without a full stop",
    "«": "a text with «…» around what the finding covers",
}
"""What the patterns of the schemas ask for, in words."""
