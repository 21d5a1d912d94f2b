"""Where a schema breaks the draft of JSON Schema it is written in; `jsonschema` checks it, and nothing is fetched."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from marshal import dumps, loads
from typing import Any
from urllib.parse import unquote

from reqlint.checks.json_schema import MAPS, MAX_SUBSCHEMAS, subschemas
from reqlint.checks.schema_mistakes import facts_of, keyword_at
from reqlint.core.json_values import is_deeper
from reqlint.core.pointer import Place, from_pointer, value_at
from reqlint.core.records import dataclass, field

MAX_DEPTH = 60
"""Levels of a schema that is checked; `jsonschema` recurses once for each, and no function needs as many."""

_DRAFT = re.compile(r"draft-0?([3467])\b|draft/(2019-09|2020-12)\b")
_ASSUMED = "2020-12"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One place where a schema breaks its draft."""

    place: Place
    facts: Mapping[str, object] = field(default_factory=dict)
    older: str | None = None  #: the draft in which the value was right, when the schema names no draft


def mistakes(parameters: dict[str, Any], draft: str | None = None) -> Sequence[Mistake]:
    """
    Find the mistakes in *parameters*, one at each place; none where the draft is unknown or the schema too deep.

    The draft is the one that the API reads every schema in; without one, that which the schema names. An API that
    reads one draft only compares with it, and follows no reference.

    Results are cached by the bytes of *parameters*: two rules ask, and again for each fix that is tried.
    """
    if is_deeper(parameters, MAX_DEPTH):
        return ()
    try:
        written = dumps(parameters, 2)
    except ValueError:  # a value that JSON does not have
        return tuple(_mistakes(parameters, draft))
    found = _known.pop((draft, written), None)
    if found is None:
        found = tuple(_mistakes(loads(written), draft))  # noqa: S302 - a copy of our own bytes, which nobody can change while we cache it
        if len(_known) >= _MOST_KNOWN or len(written) > _LONGEST:
            _known.clear()
    _known[draft, written] = found
    return found


_known: dict[tuple[str | None, bytes], Sequence[Mistake]] = {}
_MOST_KNOWN = 64
_LONGEST = 1 << 16  # bytes of a schema that is cached beside others


def _mistakes(parameters: dict[str, Any], only: str | None) -> Iterator[Mistake]:
    named = parameters.get("$schema")
    draft = only or _draft_of(named)
    if draft is None:
        return
    seen: set[Place] = set()
    for error in _metaschema(draft).iter_errors(_Shortener().shorten(parameters)):
        place = tuple(error.absolute_path)
        if place not in seen:
            seen.add(place)
            facts = {**facts_of(error, place, draft), "value": value_at(parameters, place)}
            yield Mistake(place, facts, None if named else _older(place, error.instance))
    for place, reference in () if only else dangling_references(parameters):
        facts = {
            "name": "$ref",
            "draft": draft,
            "expected": "a place in the schema",
            "variant": "missing-target",
            **described(parameters, reference),
        }
        yield Mistake(place, facts)


class _Shortener:
    """Copies the first `MAX_SUBSCHEMAS` subschemas of a schema, and items of lists; each takes 0.2 ms to check."""

    def __init__(self) -> None:
        self._left = MAX_SUBSCHEMAS

    def shorten(self, value: Any) -> Any:
        """Copy a schema, or whatever stands in its place, without the parts beyond the limits."""
        if isinstance(value, list):  # which must not become empty
            return [
                self.shorten(each) for number, each in enumerate(value[:_MOST_ITEMS]) if not number or self._left > 0
            ]
        self._left -= 1
        if not isinstance(value, dict):
            return value
        return {keyword: self._member(keyword, inner) for keyword, inner in value.items()}

    def _member(self, keyword: str, value: Any) -> Any:
        if keyword in _DATA:
            return value
        if keyword in _MAPS and isinstance(value, dict):
            return {name: self.shorten(each) for name, each in value.items() if self._left > 0}
        return self.shorten(value) if isinstance(value, dict | list) else value


_MOST_ITEMS = 1_000  # each is compared with each, to see that they are distinct
_MAPS = MAPS | {"dependencies", "dependentRequired"}
_DATA = frozenset(("const", "default", "examples"))  # for which the drafts ask at most a type


def _draft_of(named: object) -> str | None:
    """Return the draft that `$schema` names, the newest when it names none, and None for an unknown dialect."""
    if named is None or not isinstance(named, str):
        return _ASSUMED
    match = _DRAFT.search(named)
    return (match[1] or match[2]) if match else None


@cache
def _metaschema(draft: str) -> Any:
    import jsonschema

    by_draft = {
        "3": jsonschema.Draft3Validator,
        "4": jsonschema.Draft4Validator,
        "6": jsonschema.Draft6Validator,
        "7": jsonschema.Draft7Validator,
        "2019-09": jsonschema.Draft201909Validator,
        "2020-12": jsonschema.Draft202012Validator,
    }
    chosen = by_draft[draft]
    return chosen(chosen.META_SCHEMA)  # its references lead to metaschemas that are bundled; nothing is fetched


def _older(place: Place, value: object) -> str | None:
    """Return the draft in which the value was right, for the two old forms that generators still write."""
    keyword = keyword_at(place)
    if keyword in ("exclusiveMinimum", "exclusiveMaximum") and isinstance(value, bool):
        return "draft 4"
    if keyword == "items" and isinstance(value, list):
        return "draft 7"
    return None


def dangling_references(root: dict[str, Any]) -> Iterator[tuple[Place, str]]:
    """Yield each local reference that leads nowhere; references to other documents are not followed."""
    found = list(subschemas(root))
    if any("$id" in schema or "id" in schema for place, schema in found if place):
        return  # a subschema with an id changes what # means inside it
    anchors = {schema.get(key) for _, schema in found for key in ("$anchor", "$dynamicAnchor") if _is_text(schema, key)}
    for place, schema in found:
        reference = schema.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#") or reference == "#":
            continue
        fragment = unquote(reference[1:])
        try:
            if fragment.startswith("/"):
                from_pointer(fragment, root)
            elif fragment not in anchors:
                yield (*place, "$ref"), reference
        except LookupError:
            yield (*place, "$ref"), reference


def described(root: Mapping[str, Any], reference: str) -> dict[str, object]:
    """
    Return the facts of a reference that leads nowhere: itself, which definition is missing, and one of a close name.

    What is missing is written as in ``$defs/port``; references to other documents and to anchors have none.
    """
    holder, _, name = unquote(reference.removeprefix("#/")).rpartition("/")
    if not reference.startswith("#/") or not holder:
        return {"value": reference}
    facts: dict[str, object] = {"value": reference, "lacks": f"{holder}/{name}"}
    known = root.get(holder)
    if isinstance(known, dict) and name not in known:
        from difflib import get_close_matches  # slow to import, and needed only for a finding

        close = get_close_matches(name, known)
        if close:
            facts["suggestion"] = f"#/{holder}/{close[0]}"
    return facts


def _is_text(schema: Mapping[str, Any], key: str) -> bool:
    return isinstance(schema.get(key), str)
