"""Whether fixes settle their findings, proven on the few members that they can affect, and remembered."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from marshal import dumps
from typing import Any

from reqlint.core.findings import Hit, Severity
from reqlint.core.records import replace
from reqlint.judge.judge import Judge
from reqlint.judge.reach import Reach
from reqlint.text.changes import Add, Change, Rename, Unwrap, apply_changes

_MOST_KEPT = 4096
_LONGEST_KEY = 512  # bytes of the affected members; longer ones are hashed
_outcomes: dict[tuple[object, ...], object] = {}
_ABSENT = object()


def stays_fixed(
    judge: Judge, request: object, rules: tuple[str, ...], changes: Sequence[Change], base: int
) -> bool | None:
    """
    Return whether *changes* settle a finding of each of *rules* without a new error.

    None if only the full request can tell.

    Only findings of rules that read a changed key can change. So the affected members are judged alone, before and
    after, and the outcome holds for every request with the same members. *base* is how many steps of the changes'
    places lead to the request.
    """
    if not isinstance(request, dict):
        return None
    changed: set[str] = set()
    for change in changes:
        keys = _changed_keys(change, base, request)
        if keys is None:
            return None
        changed |= keys
    affected = _affected_by(judge, frozenset(changed))
    if affected is None or judge.dialect.bulk in affected:  # another one in each request: remembering would not pay
        return None
    members = {key: value for key, value in request.items() if key in affected}
    try:
        written = dumps(members, 4)
    except ValueError:
        return None  # a value that JSON cannot hold
    first = changes[0]
    change_key = (first.place, first.key) if len(changes) == 1 and isinstance(first, Rename) else _hashed(changes)
    key = (judge, rules, base, change_key, _shortened(written))
    outcome = _outcomes.get(key, _ABSENT)
    if outcome is _ABSENT:
        if len(_outcomes) >= _MOST_KEPT:
            _outcomes.clear()
        inside = [replace(change, place=change.place[base:]) for change in changes]
        outcome = _outcomes[key] = _settles(judge, members, rules, inside)
    return outcome  # type: ignore[return-value]  # as `_settles` returned it


def _hashed(changes: Sequence[Change]) -> object:
    return _shortened(repr(changes).encode("utf-8", "surrogatepass"))


def _shortened(written: bytes) -> bytes:
    if len(written) <= _LONGEST_KEY:
        return written
    from hashlib import sha256  # loads OpenSSL, which most runs do not need

    return sha256(written).digest()


@lru_cache(maxsize=512)
def _affected_by(judge: Judge, keys: frozenset[str]) -> frozenset[str] | None:
    reach = _reach(judge)
    return None if reach.is_unknown else reach.affected_by(keys)


@lru_cache(maxsize=64)
def _reach(judge: Judge) -> Reach:
    return Reach(judge.profile.schema, [rule for rule in judge.rules.values() if rule.id in judge.on])


def _changed_keys(change: Change, base: int, request: Mapping[str, Any]) -> set[str] | None:
    """Return the keys of the request that a change adds, removes or alters; None if it replaces the request."""
    inside = change.place[base:]
    if not inside:
        return {change.key} if isinstance(change, Add) and change.key is not None else None
    changed = {str(inside[0])}
    if len(inside) == 1 and isinstance(change, Rename):
        changed.add(change.key)
    elif len(inside) == 1 and isinstance(change, Unwrap):
        member = request.get(str(inside[0]))
        changed |= set(member) if isinstance(member, Mapping) else set()
    return changed


def _settles(judge: Judge, members: dict[str, Any], rules: tuple[str, ...], changes: Sequence[Change]) -> bool | None:
    before, after = _hits(judge, members), _hits(judge, apply_changes(members, changes))
    if any(not hit.place and judge.rules[hit.rule].supersedes for hit in (*before, *after)):
        return None  # such a hit may supersede others anywhere in the request
    if not _of_root(after) <= _of_root(before):
        return None  # missing members of the root are one error, and what else the whole request lacks is unknown here
    errors = {(hit.rule, hit.place) for hit in before if judge.severity(hit) is Severity.ERROR}
    if any(judge.severity(hit) is Severity.ERROR and (hit.rule, hit.place) not in errors for hit in after):
        return False
    gone = Counter(hit.rule for hit in before)
    gone.subtract(Counter(hit.rule for hit in after))
    return all(gone[rule] >= count for rule, count in Counter(rules).items())


def _hits(judge: Judge, request: object) -> Sequence[Hit]:
    verdict = judge.judge(request)
    return verdict.hits if verdict else ()


def _of_root(hits: Sequence[Hit]) -> set[tuple[str, object]]:
    return {(hit.rule, hit.facts.get("field")) for hit in hits if not hit.place}
