"""
Judging a request that is still being typed: what is wrong with it whatever comes next.

A hit counts only if it is at nothing uncertain, and is found again in each of many ways in which the request could go
on: with every further key that the API lists, with other words and numbers in them, with further items, with the
answers that its tool calls wait for, and with what the rule's own examples have.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from reqlint.checks import checks_of
from reqlint.containers.envelope import READ_ONLY, Envelope
from reqlint.core.findings import Hit, Part
from reqlint.core.pointer import Place, value_at
from reqlint.core.records import replace
from reqlint.dialects.vocabulary import Dialect
from reqlint.judge.judge import Judge
from reqlint.judge.reach import Reach
from reqlint.knowledge.known_keys import (
    ABSENT,
    Subschema,
    expand,
    first_in,
    is_decided,
    keys_in,
    required_in,
    schemas_at,
    types_in,
    words_in,
)
from reqlint.run.file_lines import LineHit
from reqlint.run.locate import to_document
from reqlint.text.documents import Document
from reqlint.text.flaws import UNREADABLE
from reqlint.text.half_typed import HalfTypedDocument, Uncertain
from reqlint.text.json.reader import read_json

_WAYS = 8  # in which the API's own keys are filled in
_DEEPEST = 3  # levels of what is filled in
_FEW = 64  # hits that are tried in every way; of more, only those that nothing can change are kept
_MOST_VALUES = 400  # in a request that is judged in every way
_MOST_EXAMPLES = 12


def certain_parts(
    document: Document, envelopes: tuple[Envelope, ...], line_hits: Sequence[LineHit]
) -> tuple[tuple[Envelope, ...], Sequence[LineHit]]:
    """
    Return those requests of a document that can be judged, and the hits against it as a line that hold.

    That is all of them, unless it is still being typed.
    """
    if not isinstance(document, HalfTypedDocument):
        return envelopes, line_hits
    whole = document.uncertain.is_whole
    judged = tuple(
        each
        for each in envelopes
        if (each.inner is None and each.kind not in READ_ONLY) or whole(_exchange_around(each.place))
    )
    return judged, [each for each in line_hits if each[2].place and whole(each[2].place)]


def _exchange_around(place: Place) -> Place:
    """Return the place of the exchange that a recorded request at *place* is part of: the innermost item around it."""
    steps = [number for number, step in enumerate(place, 1) if isinstance(step, int)]
    return place[: steps[-1]] if steps else ()


def certain_hits_in(judge: Judge, document: HalfTypedDocument, envelope: Envelope) -> Sequence[Hit]:
    """Return the hits against a request of a half-typed document that hold, with places of the document."""
    value, base = envelope.value, envelope.place
    stated = judge.dialect.stated(envelope.url, envelope.headers)
    if stated and isinstance(value, dict):
        value = {**stated, **value}
    hits = certain_hits(judge, value, document.uncertain.below(base))
    added = stated.keys() - envelope.value.keys() if stated and isinstance(envelope.value, dict) else ()
    moved = (replace(hit, place=()) if hit.place and hit.place[0] in added else hit for hit in hits)
    return [to_document(hit, base) for hit in moved]


def certain_hits(judge: Judge, request: object, uncertain: Uncertain) -> Sequence[Hit]:
    """Return the hits against a *request* that hold whatever becomes of what is *uncertain*, by places in it."""
    verdict = judge.judge(request)
    if verdict is None:
        return ()
    kept = [hit for hit in verdict.hits if not _touches(hit, uncertain)]
    settling = _Settling(judge, request, uncertain)
    settled = [hit for hit in kept if settling.is_settled(hit)]
    known = set(map(id, settled))
    left = [hit for hit in kept if id(hit) not in known and not settling.is_in_free_value(hit)]
    if len(left) > _FEW or _weight(request) > _MOST_VALUES:
        left = []
    ways = _ways(judge, request, uncertain, settling, list(dict.fromkeys(hit.rule for hit in left)))
    while left and (way := next(ways, None)) is not None:
        again = judge.judge(way)
        still = {_name(hit) for hit in again.hits} if again else set()
        left = [hit for hit in left if _name(hit) in still]
    names = {id(hit) for hit in (*settled, *left)}
    return [hit for hit in verdict.hits if id(hit) in names]


class _Settling:
    """Finds the hits that nothing still to come can change, because all that they depend on is whole."""

    def __init__(self, judge: Judge, request: object, uncertain: Uncertain) -> None:
        self._schema: Subschema = judge.profile.schema
        self._checks = checks_of(judge.dialect.name)
        self._rules = judge.rules
        self._reach = Reach(self._schema, judge.rules.values())
        self._request = request
        self._doubtful = uncertain.open | uncertain.unknown
        self._open = uncertain.open
        self._parts: dict[Place, bool] = {}
        self._free = frozenset(filter(None, (self._outermost_free(place) for place in uncertain.open)))

    def is_settled(self, hit: Hit) -> bool:
        """Return whether nothing can change *hit*."""
        if any(place[: len(hit.place)] == hit.place for place in self._doubtful):
            return False
        if self._is_of_schema(hit.rule):
            around = (hit.place[:length] for length in range(len(hit.place)))
            return all(self._is_decided(place) for place in around if place in self._open)
        keys = self._reach.keys_of(hit.rule)
        return isinstance(self._request, dict) and all(key in self._request and self._is_whole((key,)) for key in keys)

    def keys_of(self, rules: Iterable[str]) -> frozenset[str] | None:
        """Return the top-level keys that *rules* read; None if that can be any."""
        if self._reach.is_unknown or any(self._is_of_schema(rule) for rule in rules):
            return None
        return frozenset().union(*(self._reach.keys_of(rule) for rule in rules))

    def is_in_free_value(self, hit: Hit) -> bool:
        """Return whether *hit* is in a value, not yet whole, in which the API lists no keys: a schema of the user's."""
        return any(hit.place[: len(place)] == place for place in self._free)

    def _is_of_schema(self, rule: str) -> bool:
        return self._rules[rule].request is None and rule not in self._checks

    def _is_whole(self, place: Place) -> bool:
        return not any(each[: len(place)] == place for each in self._doubtful)

    def _is_decided(self, place: Place) -> bool:
        """Return whether further members of the object at *place* cannot change what its schema says of the others."""
        if place not in self._parts:
            self._parts[place] = is_decided(schemas_at(self._schema, place, self._request), _at(self._request, place))
        return self._parts[place]

    def _outermost_free(self, place: Place) -> Place | None:
        for length in range(1, len(place) + 1):
            parts = schemas_at(self._schema, place[:length], self._request)
            if not keys_in(parts) and not any("items" in part for part in parts):
                return place[:length]
        return None


def _weight(value: object) -> int:
    """Return about how many values there are in *value*."""
    if isinstance(value, dict):
        return 1 + sum(map(_weight, value.values()))
    return 1 + sum(map(_weight, value)) if isinstance(value, list) else 1


def _touches(hit: Hit, uncertain: Uncertain) -> bool:
    at = [hit.place, *(link.place for link in hit.related if link.document is None)]
    if hit.part is Part.KEY and hit.place not in uncertain.half_keys:
        at[0] = hit.place[:-1]  # the key is written in full, and only its value is not
    return any(each[: len(place)] == place for each in at for place in uncertain.unknown)


def _name(hit: Hit) -> tuple[str, Place, Part]:
    return hit.rule, hit.place, hit.part


def _ways(
    judge: Judge, request: object, uncertain: Uncertain, settling: _Settling, rules: Sequence[str]
) -> Iterator[object]:
    """Yield the request as it could go on, as far as that can matter to *rules*."""
    going_on = _GoingOn(judge, uncertain, settling.keys_of(rules))
    yield going_on.bare(request)
    for example in _examples(judge, rules):
        yield going_on.like(request, example)
    for way in range(_WAYS):
        yield from going_on.filled(request, way)


def _examples(judge: Judge, rules: Iterable[str]) -> Iterator[object]:
    """Yield requests without a mistake from the pages of *rules*, and then those with one."""
    count = 0
    for rule in rules:
        for example in judge.rules[rule].examples:
            if example.kind or example.form != "json" or not example.is_for(judge.profile.name, judge.dialect.name):
                continue
            for text in (example.good, example.bad.replace("«", "").replace("»", "")):
                try:
                    yield read_json(text.encode())
                except ValueError:
                    continue
                count += 1
                if count >= _MOST_EXAMPLES:
                    return


_fills: WeakKeyDictionary[Judge, dict[tuple[tuple[int, ...], int, int], Any]] = WeakKeyDictionary()
"""What was filled in for each judge."""


class _GoingOn:
    """Makes other requests of one that is still being typed."""

    def __init__(self, judge: Judge, uncertain: Uncertain, keys: frozenset[str] | None) -> None:
        self._schema: Subschema = judge.profile.schema
        self._fills = _fills.setdefault(judge, {})
        self._keys = keys  # of the request that matter; None for all
        self._dialect: Dialect = judge.dialect
        self._open = sorted(uncertain.open, key=len, reverse=True)  # the innermost first
        self._unknown = sorted(uncertain.unknown, key=_order, reverse=True)  # the last item first

    def bare(self, request: object) -> object:
        """Return the request without what is only begun."""
        for place in self._unknown:
            request = _changed(request, place, ABSENT)
        return request

    def filled(self, request: object, way: int) -> Iterator[object]:
        """Yield the request with what is unknown filled in, and then with each key and item that may follow."""
        for place in self._unknown:
            schemas = schemas_at(self._schema, place, request)
            is_item = bool(place) and isinstance(place[-1], int)
            request = _changed(request, place, self._fill(schemas, way, 1) if schemas or is_item else ABSENT)
        yield request
        yield self._answered(request)
        for place in self._open:
            for more in self._going_on(request, place, way):
                yield _changed(request, place, more)

    def _going_on(self, request: object, place: Place, way: int) -> Iterator[object]:
        """Yield what the object or array at *place* could become."""
        value = _at(request, place)
        if isinstance(value, dict):
            schemas = schemas_at(self._schema, place, request)
            required = required_in(schemas)
            listed = {key: expand(each, self._schema) for key, each in keys_in(schemas).items() if key not in value}
            needed = {key: self._fill(each, way, 1) for key, each in listed.items() if key in required}
            for key, each in listed.items():
                if not place and self._keys is not None and key not in self._keys:
                    continue
                if key in required or way < _values(each):
                    yield {**needed, **value, key: self._fill(each, way, 1)}
        elif isinstance(value, list):
            item = schemas_at(self._schema, (*place, len(value)), request)
            yield [*value, *(self._fill(item, way + n, 1) for n in range(1 + way % 2))]

    def _least(self, schemas: Sequence[Subschema], way: int, depth: int) -> dict[str, Any]:
        """Return the smallest object that *schemas* take, as far as their keywords tell."""
        found: dict[str, Any] = {}
        for _ in range(_DEEPEST):  # what is filled in decides on further members
            parts = expand(schemas, self._schema, found)
            listed = keys_in(parts)
            kinds = {part["x-discriminator"] for part in parts if "x-discriminator" in part}
            missing = [key for key in listed if (key in kinds or key in required_in(parts)) and key not in found]
            if not missing:
                break
            kind = next((key for key in missing if key in kinds), None)
            for key in missing if kind is None else [kind]:
                found[key] = self._fill(expand(listed[key], self._schema), way, depth + 1)
        return found

    def _fill(self, schemas: Sequence[Subschema], way: int, depth: int) -> Any:
        """Return a value that *schemas* could take, another one for each *way*."""
        known = (tuple(map(id, schemas)), way, depth)  # parts of the judge's own schema, which stay where they are
        if known not in self._fills:
            self._fills[known] = self._filled(schemas, way, depth)
        return self._fills[known]

    def _filled(self, schemas: Sequence[Subschema], way: int, depth: int) -> Any:
        words = words_in(schemas)
        if words:
            return words[way % len(words)]
        types = [name for name in types_in(schemas) if name != "null"] or ["string"]
        kind = types[way % len(types)]
        if kind == "boolean":
            return way % 2 == 0
        if kind in ("integer", "number"):
            least, most = first_in(schemas, "minimum"), first_in(schemas, "maximum")
            return [1, most if most is not None else 100_000, least if least is not None else 0, 8192][way % 4]
        if kind == "array":
            item = [part for each in schemas for part in expand([each.get("items") or {}], self._schema)]
            return [self._fill(item, way, depth + 1)] if depth <= _DEEPEST and item else []
        if kind == "object":
            return self._least(schemas, way, depth) if depth <= _DEEPEST else {}
        if depth > 1:
            return "x"
        return ["x", "{}", "https://example.com/a.png", "data:image/png;base64,iVBORw0KGgo=", "1024x1024"][way % 5]

    def _answered(self, request: object) -> object:
        """Return the request with an answer to each tool call at its end."""
        key = self._dialect.keys.get("turns", "")
        turns = request.get(key) if isinstance(request, dict) else None
        if (key,) not in self._open or not isinstance(turns, list):
            return request
        waiting: list[str] = []
        for each in self._dialect.rounds(request) if isinstance(request, dict) else ():
            answered = {result.id for result in each.results}
            waiting += [call.id for call in each.calls if call.id is not None and call.id not in answered]
        return _changed(request, (key,), [*turns, *_answers(self._dialect.name, waiting)])

    def like(self, request: object, example: object) -> object:
        """Return the request with what an *example* has beside it, where something may follow."""
        for place in self._unknown:
            value = _at(example, place)
            request = _changed(request, place, value)
        for place in self._open:
            value, other = _at(request, place), _at(example, place)
            if isinstance(value, dict) and isinstance(other, dict):
                request = _changed(request, place, {**other, **value})
            elif isinstance(value, list) and isinstance(other, list):
                request = _changed(request, place, [*value, *(other[len(value) :] or other)])
        return request


def _answers(dialect: str, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Return the turns that answer the calls of these *ids*."""
    if not ids:
        return []
    if dialect == "openai-chat":
        return [{"role": "tool", "tool_call_id": each, "content": "x"} for each in ids]
    if dialect == "openai-responses":
        return [{"type": "function_call_output", "call_id": each, "output": "x"} for each in ids]
    if dialect == "anthropic-messages":
        parts = [{"type": "tool_result", "tool_use_id": each, "content": "x"} for each in ids]
        return [{"role": "user", "content": parts}]
    if dialect == "bedrock-converse":
        results = [{"toolResult": {"toolUseId": each, "content": [{"text": "x"}]}} for each in ids]
        return [{"role": "user", "content": results}]
    return []


def _values(schemas: Sequence[Subschema]) -> int:
    """Return in how many ways a value that *schemas* speak of is filled in."""
    return len(words_in(schemas)) or (2 if "boolean" in types_in(schemas) else 4)


def _order(place: Place) -> tuple[tuple[int, str], ...]:
    return tuple((step, "") if isinstance(step, int) else (-1, step) for step in place)


def _at(value: object, place: Place) -> object:
    try:
        return value_at(value, place)
    except LookupError:
        return ABSENT


def _changed(value: object, place: Place, new: object) -> Any:
    """Return *value* with *new* at *place*, or without that member or item; what lies elsewhere is shared."""
    if not place:
        return value if new is ABSENT else new
    step, rest = place[0], place[1:]
    if isinstance(value, dict) and isinstance(step, str):
        if not rest and new is ABSENT:
            return {key: member for key, member in value.items() if key != step}
        return {**value, step: _changed(value.get(step, UNREADABLE), rest, new)} if not rest or step in value else value
    if isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
        if not rest and new is ABSENT:
            return [*value[:step], *value[step + 1 :]]
        return [*value[:step], _changed(value[step], rest, new), *value[step + 1 :]]
    return value
