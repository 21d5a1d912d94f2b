"""What the profile that judges says of a key or value: its type, its words, what it is for."""

from collections.abc import Sequence
from typing import NamedTuple

from reqlint.containers.envelope import Envelope, Kind
from reqlint.containers.finder import extract_requests, find_requests
from reqlint.core.findings import Part
from reqlint.core.pointer import Place, to_path, value_at
from reqlint.judge.judge import Judge
from reqlint.knowledge.known_keys import (
    Subschema,
    expand,
    first_in,
    keys_in,
    required_in,
    schemas_at,
    types_in,
    words_in,
)
from reqlint.lsp.cursor import Cursor, cursors_at
from reqlint.lsp.workspace import Analysis
from reqlint.text.json.edits import write_json


class Parameter(NamedTuple):
    """A key that an API takes at a place."""

    key: str
    schemas: Sequence[Subschema]  #: what is said of its value
    is_required: bool = False

    @property
    def is_deprecated(self) -> bool:
        """Whether the API advises against it."""
        return any(schema.get("deprecated") is True for schema in self.schemas)


class AtCursor(NamedTuple):
    """The judge of the request that the cursor is in, and what it knows there."""

    judge: Judge
    cursor: Cursor
    keys: dict[str, Parameter]  #: those of the object around a key
    value: Sequence[Subschema]  #: what is said of the value at the cursor
    present: frozenset[str]  #: the other keys of the object


def at_cursor(analysis: Analysis, offset: int) -> AtCursor | None:
    """Return what is known at an *offset* of a document; None outside of requests and in a user's own values."""
    for cursor in cursors_at(analysis.text, analysis.document.form, offset):
        known = _known_at(analysis, cursor)
        if known is not None and (known.keys if cursor.part is Part.KEY else known.value):
            return known
    return None


def _known_at(analysis: Analysis, cursor: Cursor) -> AtCursor | None:
    envelope = _request_around(analysis, cursor)
    if envelope is None or analysis.linter is None:
        return None
    judge, _ = analysis.linter.judges.choose(envelope)
    schema, base = judge.profile.schema, len(envelope.place)
    place = cursor.place[base:]
    if not place:
        return None
    around = schemas_at(schema, place[:-1], envelope.value)
    required = required_in(around)
    listed = keys_in(around).items()
    keys = {key: Parameter(key, expand(members, schema), key in required) for key, members in listed}
    value = schemas_at(schema, place, _without(envelope.value, place)) if cursor.part is Part.VALUE else ()
    owner = _at(envelope.value, place[:-1])
    present = frozenset(map(str, owner)) - {str(place[-1])} if isinstance(owner, dict) else frozenset()
    return AtCursor(judge, cursor, keys, value, present)


def _request_around(analysis: Analysis, cursor: Cursor) -> Envelope | None:
    linter, settings = analysis.linter, analysis.settings
    if linter is None:
        return None
    kind = None if settings.kind == "auto" else Kind(settings.kind)
    found = extract_requests(cursor.root, settings.extract, kind) if settings.extract else ()
    found = found or find_requests(cursor.root, kind, named=kind is not None, dialect=linter.judges.dialect)
    for envelope in found:
        is_inside = cursor.place[: len(envelope.place)] == envelope.place
        if is_inside and envelope.tools is None and envelope.inner is None and envelope.kind is not Kind.FINETUNE:
            return envelope
    is_bare = not found and linter.judges.named_one is not None and isinstance(cursor.root, dict)
    return Envelope(Kind.REQUEST, (), cursor.root) if is_bare else None


def _at(value: object, place: Place) -> object:
    try:
        return value_at(value, place)
    except LookupError:
        return None


def _without(value: object, place: Place) -> object:
    """Return *value* without the member at *place*, so that what stands at the cursor decides nothing."""
    if not place:
        return value
    step, rest = place[0], place[1:]
    if isinstance(value, dict) and isinstance(step, str):
        if not rest:
            return {key: member for key, member in value.items() if key != step}
        return {**value, step: _without(value.get(step), rest)}
    if isinstance(value, list) and isinstance(step, int) and rest and step < len(value):
        return [*value[:step], _without(value[step], rest), *value[step + 1 :]]
    return value


def documentation(parameter: Parameter, judge: Judge, owner: Place = ()) -> str:
    """Return what is known of a parameter, as Markdown; all of it is the profile's own text."""
    schemas = parameter.schemas
    facts = [" or ".join(types_in(schemas))] if types_in(schemas) else []
    if parameter.is_required:
        facts.append("required")
    default = first_in(schemas, "default")
    if default is not None:
        facts.append(f"default {write_json(default)}")
    facts += [
        f"{words} {first_in(schemas, keyword)}"
        for keyword, words in _BOUNDS.items()
        if first_in(schemas, keyword) is not None
    ]
    lines = [f"**{to_path((*owner, parameter.key)) if owner else parameter.key}**  {', '.join(facts)}".rstrip()]
    if parameter.is_deprecated:
        lines.append("deprecated")
    if description := first_in(schemas, "description"):
        lines.append(str(description))
    words = [write_json(word) for word in words_in(schemas)]
    if words:
        lines.append("One of " + ", ".join(f"`{word}`" for word in words[:_MOST_WORDS]))
    lines.append(f"{judge.profile.name}, read {judge.profile.read}")
    return "\n\n".join(lines)


_BOUNDS = {
    "minimum": "at least",
    "exclusiveMinimum": "more than",
    "maximum": "at most",
    "exclusiveMaximum": "less than",
    "maxLength": "characters at most",
    "maxItems": "items at most",
}
_MOST_WORDS = 40
