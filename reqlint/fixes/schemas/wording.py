"""What a schema demands, as a sentence in its description: a model reads it there when the keyword has to go."""

from collections.abc import Callable, Mapping
from typing import Any

from reqlint.fixes.schemas.edit import Schema
from reqlint.text.json.edits import write_json

_LONGEST = 300  # characters of a value that a sentence takes up


def sentence_of(keyword: str, value: Any) -> str | None:
    """Return what a keyword demands, in words; None if that would be long or says nothing."""
    write = _SENTENCES.get(keyword)
    sentence = write(value) if write else f"{keyword}: {_shown(value)}"
    return sentence if len(sentence) <= _LONGEST + len(keyword) + 40 and "…" not in sentence else None


def say(schema: Schema, sentence: str | None) -> None:
    """Add a sentence to the description of a schema, unless it is there."""
    old = schema.get("description")
    if sentence is None or (old is not None and not isinstance(old, str)):
        return
    if not old or not old.strip():
        schema["description"] = sentence
    elif sentence not in old:
        gap = "" if old[-1].isspace() else " " if old[-1] in ".!?:;" else ". "
        schema["description"] = f"{old}{gap}{sentence}"


def _shown(value: object) -> str:
    """Return a value as people write it."""
    text = value if isinstance(value, str) and value else write_json(value)
    return text if len(text) <= _LONGEST else "…"


def _listed(values: Any) -> str:
    return ", ".join(map(_shown, values)) if isinstance(values, list) else _shown(values)


def _names(value: Any) -> str:
    if isinstance(value, Mapping) and value.keys() <= {"type", "enum"} and "enum" in value:
        return f"Names of members: {_listed(value['enum'])}."
    if isinstance(value, Mapping) and value.keys() <= {"type", "pattern"} and "pattern" in value:
        return f"Names of members match {_shown(value['pattern'])}"
    return f"Names of members: {_shown(value)}"


_SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "format": lambda value: f"Format: {_shown(value)}.",
    "pattern": lambda value: f"Pattern: {_shown(value)}",
    "minimum": lambda value: f"At least {_shown(value)}.",
    "maximum": lambda value: f"At most {_shown(value)}.",
    "exclusiveMinimum": lambda value: f"Greater than {_shown(value)}.",
    "exclusiveMaximum": lambda value: f"Less than {_shown(value)}.",
    "multipleOf": lambda value: f"A multiple of {_shown(value)}.",
    "minLength": lambda value: f"Characters: at least {_shown(value)}.",
    "maxLength": lambda value: f"Characters: at most {_shown(value)}.",
    "minItems": lambda value: f"Items: at least {_shown(value)}.",
    "maxItems": lambda value: f"Items: at most {_shown(value)}.",
    "minProperties": lambda value: f"Members: at least {_shown(value)}.",
    "maxProperties": lambda value: f"Members: at most {_shown(value)}.",
    "uniqueItems": lambda _: "No item twice.",
    "propertyNames": _names,
    "additionalProperties": lambda value: f"Other members: {_shown(value)}",
    "enum": lambda values: f"One of: {_listed(values)}.",
    "const": lambda value: f"Always {_shown(value)}.",
    "default": lambda value: f"Default: {_shown(value)}.",
    "examples": lambda values: f"Examples: {_listed(values)}.",
    "example": lambda value: f"Example: {_shown(value)}.",
    "title": _shown,
    "deprecated": lambda _: "Deprecated.",
    "readOnly": lambda _: "Read only.",
    "writeOnly": lambda _: "Write only.",
    "contentMediaType": lambda value: f"Media type: {_shown(value)}.",
    "contentEncoding": lambda value: f"Encoding: {_shown(value)}.",
    "not": lambda value: f"Not: {_shown(value)}",
}
