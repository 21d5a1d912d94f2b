"""Findings of many keys that one object should not have: they differ in the key alone, so each takes few steps."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import NamedTuple

from reqlint.core.findings import Finding, Fix, Hit, Part, Region, Severity, Unfixed
from reqlint.core.pointer import Place, to_path, to_pointer, value_at
from reqlint.display.credential_names import is_credential_key, is_under_credential_key, may_name_credential
from reqlint.display.escaping import is_harmless, is_harmless_word
from reqlint.display.messages import pieces_around
from reqlint.judge.describe import Describer, shape_of
from reqlint.judge.fingerprint import hash_of_member, mark_of
from reqlint.judge.judge import Judge
from reqlint.judge.message_facts import fields_known_of, message_facts
from reqlint.judge.origin import Origin

_FACTS = {"field", "owner"}
"""The facts of a key of which no more is known than which object has it."""

_PAYS = 4
"""Keys of one object that are described one by one, before it is worked out what all of them have in common."""

_TRIES = 4
_BEHIND = 4  # texts of a mark are before what follows the hash of the value

_Kind = tuple[str, Severity | None, Place]
"""A rule, the severity that a hit has of its own, and the object whose keys are meant."""


class _Mold(NamedTuple):
    """What the findings of one kind have in common."""

    judge: Judge
    origin: Origin
    first: Finding  #: one of them, described as any other finding is
    members: Mapping[str, object]  #: of the object
    known: Collection[str]  #: keys of which a message may say more
    message: tuple[str, ...]  #: what stands around the key
    help: tuple[str, ...]  #: the same; one piece where it does not name the key
    pointer: str  #: what stands before the key
    path: str
    shape: str
    behind: tuple[str, ...]  #: what their marks have behind the hash of the value


_ABSENT = object()


class ManyKeys:
    """
    Describes the hits of a document that has very many, with the same result as *describer*.

    A key of which more is known, that is the name of a credential or has any sign to escape, is described by that.
    """

    def __init__(self, describer: Describer) -> None:
        self._describer = describer
        self._molds: dict[_Kind, _Mold] = {}
        self._seen: Counter[_Kind] = Counter()
        self._last: _Mold | None = None
        self._last_kind: _Kind | None = None

    def finding(
        self,
        judge: Judge,
        hit: Hit,
        origin: Origin,
        fix: Fix | Unfixed | None = None,
        region: Region | None = None,
    ) -> Finding:
        """Return what `Describer.finding` returns."""
        facts, place = hit.facts, hit.place
        if (
            hit.region is None
            and hit.part is Part.KEY
            and not hit.related
            and place
            and place[-1] == facts.get("field")
            and facts.keys() == _FACTS
        ):
            kind = hit.rule, hit.severity, place[:-1]
            mold = self._last if kind == self._last_kind else self._molds.get(kind)
            if mold is not None and mold.judge is judge and mold.origin is origin:
                self._last, self._last_kind = mold, kind
                found = self._cast(mold, hit, fix, region)
                if found is not None:
                    return found
            else:
                self._seen[kind] += 1
                if _PAYS < self._seen[kind] <= _PAYS + _TRIES:
                    found = self._describer.finding(judge, hit, origin, fix, region, recurs=False)
                    mold = _mold_of(judge, hit, origin, found, self._describer.holds_several)
                    if mold is not None:
                        self._molds[kind] = mold
                    return found
        return self._describer.finding(judge, hit, origin, fix, region, recurs=False)

    def _cast(self, mold: _Mold, hit: Hit, fix: Fix | Unfixed | None, region: Region | None) -> Finding | None:
        """Return the finding of a hit with the key filled in; None if that would not be what others would say of it."""
        place, origin, first = hit.place, mold.origin, mold.first
        key: str = place[-1]  # type: ignore[assignment]  # of an object
        shape = mold.shape + key
        value = mold.members.get(key, _ABSENT)
        if (
            value is _ABSENT
            or key in mold.known
            or not is_harmless_word(key if shape == key else f"{shape} {key}")
            or (may_name_credential(key) and is_credential_key(key))
        ):
            return None
        if key.isidentifier():
            pointer, path = f"{mold.pointer}/{key}", f"{mold.path}.{key}" if mold.path else key
        else:
            pointer, step = mold.pointer + to_pointer((key,)), to_path((key,))
            path = f"{mold.path}.{step}" if mold.path and step == key else mold.path + step
        mark = (hit.rule, shape, key, hash_of_member(value, place, origin), *mold.behind)
        return Finding(
            hit.rule,
            first.severity,
            key.join(mold.message),
            pointer,
            path,
            first.profile,
            first.source,
            region,
            (),
            fix if isinstance(fix, Fix) else None,
            Part.KEY,
            origin.document,
            origin.custom_id,
            key.join(mold.help) if len(mold.help) > 1 else first.help,
            first.note,
            self._describer.fingerprints.make(mark, is_harmless=True),
            False,
            None,
            None,
            fix if isinstance(fix, Unfixed) else None,
            first.evidence,
        )


def _mold_of(judge: Judge, hit: Hit, origin: Origin, found: Finding, holds_several: bool) -> _Mold | None:
    """Return what findings of keys beside that of *hit* have in common with its own; None if that is not certain."""
    place = hit.place
    key, parent = str(place[-1]), place[:-1]
    inside = parent[len(origin.base) :]
    try:
        members = value_at(origin.root, parent) if len(parent) >= len(origin.base) else None
    except LookupError:  # the request is text in a string
        return None
    if not isinstance(members, dict) or is_under_credential_key(parent):
        return None
    known = fields_known_of(judge, inside)
    rule = judge.rules[hit.rule]
    facts, _ = message_facts(judge, hit, len(origin.base))
    message = pieces_around(rule.message_for(facts), facts, "field")
    help_text = pieces_around(rule.help_for(facts) or "", facts, "field")
    shape = shape_of(place)
    behind = mark_of(hit, shape, origin, judge.dialect, secret=False, name_request=holds_several)[_BEHIND:]
    are_apart = _stand_apart(message) and _stand_apart(help_text) and is_harmless(" ".join((hit.rule, *behind)))
    is_same = (
        key not in known
        and key.join(message) == found.message
        and (len(help_text) == 1 or key.join(help_text) == found.help)
    )
    if not (are_apart and is_same):
        return None
    before = shape.removesuffix(key)
    return _Mold(
        judge, origin, found, members, known, message, help_text, to_pointer(parent), to_path(parent), before, behind
    )


def _stand_apart(pieces: tuple[str, ...]) -> bool:
    """Return whether what is filled in between harmless *pieces* stands between blanks."""
    if len(pieces) == 1:
        return True
    ends = all(piece.endswith(" ") or (not piece and not number) for number, piece in enumerate(pieces[:-1]))
    begins = all(piece.startswith(" ") for piece in pieces[1:-1]) and pieces[-1][:1] in ("", " ")
    return ends and begins and all(map(is_harmless, pieces))
