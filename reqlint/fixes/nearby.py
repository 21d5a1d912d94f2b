"""Whether a change settles a finding, told by those parts of a request that can feel it; and remembered."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from marshal import dumps
from typing import Any

from reqlint.core.findings import Hit, Severity
from reqlint.judge.judge import Judge
from reqlint.judge.reach import Reach
from reqlint.text.changes import Add, Change, Rename, Unwrap, apply_changes

_BULK = "messages"
"""The member that is another one in nearly every request, so that remembering what it leads to would not pay."""

_MOST_KEPT = 4096
_kept: dict[tuple[object, ...], object] = {}
_UNKNOWN = object()


def stays_fixed(judge: Judge, request: object, rule: str, changes: Sequence[Change], base: int) -> bool | None:
    """
    Tell whether *request* has one finding of *rule* less after *changes*, and no new error; None if that is not known.

    A change is felt only by what looks at the keys it touches. So two small requests are judged, of those keys alone,
    and the outcome is the same for every request that has the same there. *base* is how many steps of the changes'
    places lead to the request.
    """
    if not isinstance(request, dict):
        return None
    touched: set[str] = set()
    for change in changes:
        keys = _touched(change, base, request)
        if keys is None:
            return None
        touched |= keys
    felt = _felt_by(judge, frozenset(touched))
    if felt is None or _BULK in felt:
        return None
    part = {key: value for key, value in request.items() if key in felt}
    try:
        written = dumps(part, 4)
    except ValueError:
        return None  # something that JSON does not have
    first = changes[0]
    told = (first.place, first.key) if len(changes) == 1 and isinstance(first, Rename) else repr(changes)
    key = (judge, rule, base, told, written if len(written) <= 512 else sha256(written).digest())
    known = _kept.get(key, _UNKNOWN)
    if known is _UNKNOWN:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        inside = [replace(each, place=each.place[base:]) for each in changes]
        known = _kept[key] = _settles(judge, part, rule, inside)
    return known  # type: ignore[return-value]  # what `_settles` gave


@lru_cache(maxsize=512)
def _felt_by(judge: Judge, keys: frozenset[str]) -> frozenset[str] | None:
    reach = _reach(judge)
    return None if reach.unknown else reach.felt_by(keys)


@lru_cache(maxsize=64)
def _reach(judge: Judge) -> Reach:
    return Reach(judge.profile.schema, [rule for rule in judge.rules.values() if rule.id in judge.on])


def _touched(change: Change, base: int, request: Mapping[str, Any]) -> set[str] | None:
    """Give the keys of the request that a change may put in, take out or alter; None if it is not inside of it."""
    inside = change.place[base:]
    if not inside:
        return {change.key} if isinstance(change, Add) and change.key is not None else None
    touched = {str(inside[0])}
    if len(inside) == 1 and isinstance(change, Rename):
        touched.add(change.key)
    elif len(inside) == 1 and isinstance(change, Unwrap):
        member = request.get(str(inside[0]))
        touched |= set(member) if isinstance(member, Mapping) else set()
    return touched


def _settles(judge: Judge, part: dict[str, Any], rule: str, changes: Sequence[Change]) -> bool | None:
    before, after = _hits(judge, part), _hits(judge, apply_changes(part, changes))
    if any(not hit.place and judge.rules[hit.rule].supersedes for hit in (*before, *after)):
        return None  # it may hide findings anywhere
    if not _of_root(after) <= _of_root(before):
        return None  # what the root lacks is one error with what it lacked before, which is not known here
    known = {(hit.rule, hit.place) for hit in before if judge.severity(hit) is Severity.ERROR}
    if any(judge.severity(hit) is Severity.ERROR and (hit.rule, hit.place) not in known for hit in after):
        return False
    return sum(hit.rule == rule for hit in after) < sum(hit.rule == rule for hit in before)


def _hits(judge: Judge, request: object) -> Sequence[Hit]:
    verdict = judge.judge(request)
    return verdict.hits if verdict else ()


def _of_root(hits: Sequence[Hit]) -> set[tuple[str, object]]:
    return {(hit.rule, hit.facts.get("field")) for hit in hits if not hit.place}
