"""Findings of many keys that one object should not have: they differ in the key alone, so each takes few steps."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import NamedTuple

from reqlint.core.findings import Finding, Fix, Hit, Link, Part, Region, Related, Severity, Unfixed
from reqlint.core.pointer import Place, to_path, to_pointer, value_at
from reqlint.display.credential_names import is_credential_key, is_under_credential_key, may_name_credential
from reqlint.display.escaping import is_harmless, is_harmless_word
from reqlint.display.messages import pieces_around
from reqlint.judge.describe import Describer, shape_of
from reqlint.judge.fingerprint import Mark, hash_of_member, mark_of
from reqlint.judge.judge import Judge
from reqlint.judge.message_facts import fields_known_of, message_facts
from reqlint.judge.origin import Origin

_FACTS = {"field": {"field", "owner"}, "name": {"name"}}
"""The facts of a key of which no more is known than that it is there, or in which object; by that which is the key."""

_BEFORE = 2
"""Keys of one object that are described one by one, before it is worked out what all of them have in common."""

_TRIES = 4  # at working that out
_VALUE = 3  # the number of texts in a mark before the hash of the value
_MOST_REPEATED = 4096  # keys that are written again, which are remembered

_Kind = tuple[str, Severity | None, Place]
"""A rule, the severity that a hit has of its own, and the object whose keys are meant."""


class _Mold(NamedTuple):
    """What the findings of one kind have in common."""

    judge: Judge
    origin: Origin
    first: Finding  #: one of them, described as any other finding is
    members: Mapping[str, object]  #: of the object
    known: Collection[str]  #: keys of which a message may say more
    is_field: bool  #: whether the key is in marks
    message: tuple[str, ...]  #: what stands around the key
    help: tuple[str, ...]  #: the same; one piece where it does not name the key
    pointer: str  #: what stands before the key
    path: str
    shape: str
    behind: tuple[str, ...]  #: what their marks have behind the hash of the value


class _Repeated(NamedTuple):
    """The finding of a key that is written again, which may be written once more."""

    judge: Judge
    origin: Origin
    hit: Hit
    finding: Finding
    mark: Mark


class ManyKeys:
    """
    Describes the hits of a document that has very many, with the same result as *describer*.

    A key of which more is known, that is the name of a credential or has any sign to escape, is described by that.
    """

    def __init__(self, describer: Describer) -> None:
        self._describer = describer
        self._make = describer.fingerprints.make
        self._molds: dict[_Kind, _Mold] = {}
        self._seen: Counter[_Kind] = Counter()
        self._last: tuple[_Kind | None, _Mold | None] = None, None
        self._repeated: dict[tuple[str, Place], _Repeated] = {}
        self._known: dict[tuple[Judge, bool], Collection[str]] = {}

    def finding(
        self,
        judge: Judge,
        hit: Hit,
        origin: Origin,
        fix: Fix | Unfixed | None = None,
        region: Region | None = None,
    ) -> Finding:
        """Return what `Describer.finding` returns."""
        if hit.region is None:
            return self._once(judge, hit, origin, fix, region)
        before = self._repeated.get((hit.rule, hit.place))
        if (
            before is not None
            and before.hit.related is hit.related
            and before.hit.facts == hit.facts
            and before.hit.severity is hit.severity
            and before.judge is judge
            and before.origin is origin
        ):
            return _with(before.finding, region or hit.region, fix, self._make(before.mark))
        found = self._once(judge, hit, origin, fix, region)
        if len(self._repeated) >= _MOST_REPEATED:
            self._repeated.clear()
        self._repeated[hit.rule, hit.place] = _Repeated(judge, origin, hit, found, self._describer.fingerprints.last)
        return found

    def _once(
        self, judge: Judge, hit: Hit, origin: Origin, fix: Fix | Unfixed | None, region: Region | None
    ) -> Finding:
        """Describe a hit that is not known to repeat another."""
        facts, place = hit.facts, hit.place
        name = "field" if "field" in facts else "name"
        if hit.part is Part.KEY and place and place[-1] == facts.get(name) and facts.keys() == _FACTS[name]:
            kind = hit.rule, hit.severity, place[:-1]
            mold = self._last[1] if self._last[0] == kind else self._molds.get(kind)
            if mold is not None and mold.judge is judge and mold.origin is origin:
                self._last = kind, mold
                found = self._cast(mold, hit, fix, region or hit.region)
                if found is not None:
                    return found
            else:
                self._seen[kind] += 1
                if _BEFORE < self._seen[kind] <= _BEFORE + _TRIES:
                    found = self._describer.finding(judge, hit, origin, fix, region, recurs=False)
                    mold = self._mold_of(judge, hit, origin, found, name)
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
        related: tuple[Related, ...] = ()
        if hit.related:
            if not all(map(_is_same_key, hit.related, (place,) * len(hit.related))):
                return None
            related = tuple([Related(link.label, pointer, path, link.region, None) for link in hit.related])
        value_hash = hash_of_member(value, place, origin)
        mark = (hit.rule, shape, key if mold.is_field else "", value_hash, *mold.behind)
        return Finding(
            hit.rule,
            first.severity,
            key.join(mold.message),
            pointer,
            path,
            first.profile,
            first.source,
            region,
            related,
            fix if isinstance(fix, Fix) else None,
            Part.KEY,
            origin.document,
            origin.custom_id,
            key.join(mold.help) if len(mold.help) > 1 else first.help,
            first.note,
            self._make(mark, is_harmless=True),
            False,
            None,
            None,
            fix if isinstance(fix, Unfixed) else None,
            first.evidence,
        )

    def _mold_of(self, judge: Judge, hit: Hit, origin: Origin, found: Finding, name: str) -> _Mold | None:
        """
        Return what findings of keys beside that of *hit* have in common with its own; None if that is not certain.

        *name* is that of the fact that is the key.
        """
        place = hit.place
        key, parent = str(place[-1]), place[:-1]
        inside = parent[len(origin.base) :]
        try:
            members = value_at(origin.root, parent) if len(parent) >= len(origin.base) else None
        except LookupError:  # the request is text in a string
            return None
        known = self._fields_known_of(judge, inside)
        if not isinstance(members, dict) or is_under_credential_key(parent) or key in known:
            return None
        rule = judge.rules[hit.rule]
        facts, _ = message_facts(judge, hit, len(origin.base))
        message = pieces_around(rule.message_for(facts), facts, name)
        help_text = pieces_around(rule.help_for(facts) or "", facts, name)
        several = self._describer.holds_several
        mark = mark_of(hit, shape_of(place), origin, judge.dialect, secret=False, name_request=several)
        rest = (hit.rule, *mark[_VALUE + 1 :])
        are_apart = _stand_apart(message) and _stand_apart(help_text) and is_harmless(" ".join(rest))
        is_same = key.join(message) == found.message and (len(help_text) == 1 or key.join(help_text) == found.help)
        if not (are_apart and is_same):
            return None
        return _Mold(
            judge,
            origin,
            found,
            members,
            known,
            name == "field",
            message,
            help_text,
            to_pointer(parent),
            to_path(parent),
            mark[1].removesuffix(key),
            mark[_VALUE + 1 :],
        )

    def _fields_known_of(self, judge: Judge, inside: Place) -> Collection[str]:
        """Return the keys of which a message may say more in the object at *inside*, or in any other below the top."""
        known = self._known.get((judge, not inside))
        if known is None:
            known = self._known[judge, not inside] = fields_known_of(judge, inside)
        return known


_ABSENT = object()


def _with(finding: Finding, region: Region | None, fix: Fix | Unfixed | None, fingerprint: str) -> Finding:
    """
    Return a finding like *finding* at another place of the text.

    NOTE: written out, as in `ManyKeys`: `replace` takes several times as long, for each of 200,000 findings.
    """
    return Finding(
        finding.rule,
        finding.severity,
        finding.message,
        finding.pointer,
        finding.path,
        finding.profile,
        finding.source,
        region,
        finding.related,
        fix if isinstance(fix, Fix) else None,
        finding.part,
        finding.document,
        finding.custom_id,
        finding.help,
        finding.note,
        fingerprint,
        False,
        None,
        None,
        fix if isinstance(fix, Unfixed) else None,
        finding.evidence,
    )


def _is_same_key(link: Link, place: Place) -> bool:
    return link.region is not None and link.document is None and link.place == place


def _stand_apart(pieces: tuple[str, ...]) -> bool:
    """Return whether what is filled in between harmless *pieces* stands between blanks."""
    if len(pieces) == 1:
        return True
    ends = all(piece.endswith(" ") or (not piece and not number) for number, piece in enumerate(pieces[:-1]))
    begins = all(piece.startswith(" ") for piece in pieces[1:-1]) and pieces[-1][:1] in ("", " ")
    return ends and begins and all(map(is_harmless, pieces))
