"""How a hit becomes a finding: severity, message, evidence, region and fingerprint."""

from collections.abc import Mapping
from typing import NamedTuple
from weakref import WeakKeyDictionary

from reqlint.core.findings import Finding, Fix, Hit, Link, Region, Related, Severity, Unfixed
from reqlint.core.pointer import Place, to_path, to_pointer
from reqlint.display.credential_names import is_under_credential_key
from reqlint.display.messages import render_message
from reqlint.judge.fingerprint import Fingerprints, mark_of
from reqlint.judge.judge import Judge
from reqlint.judge.message_facts import message_facts
from reqlint.judge.origin import UNKNOWN_ORIGIN, Located, Origin
from reqlint.knowledge.evidence import Evidence
from reqlint.knowledge.rule import Rule


class Describer:
    """
    Describes the hits of one source as findings, in their order.

    Args:
        name: the source's, as findings carry it.
        show_values: let messages show payload values.
    """

    def __init__(self, name: str | None, show_values: bool) -> None:
        self.name = name
        self.show_values = show_values
        self.holds_several = False  #: whether the source is known to hold more than one request
        self.fingerprints = Fingerprints(name)
        self._caches: dict[Judge, _WordingCache] = {}  # found sooner than those of all describers

    def finding(
        self,
        judge: Judge,
        hit: Hit,
        origin: Origin = UNKNOWN_ORIGIN,
        fix: Fix | Unfixed | None = None,
        region: Region | None = None,
        *,
        recurs: bool = True,
    ) -> Finding:
        """
        Return the finding of a hit whose severity under *judge* is not off.

        *fix* may say why there is no fix; *region* is where the hit stands, if the caller knows; *recurs* says whether
        the same mistake is likely to be made in other lines.
        """
        wording = self._wording(judge, hit, len(origin.base), recurs=recurs)
        mark = mark_of(
            hit, wording.shape, origin, judge.dialect, secret=wording.secret, name_request=self.holds_several
        )
        related = tuple([_related(link, origin.located) for link in hit.related]) if hit.related else ()
        case = wording.case
        return Finding(
            hit.rule,
            case.severity,
            wording.message,
            wording.pointer,
            wording.path,
            judge.profile.name,
            self.name,
            region or hit.region or origin.located.get((hit.place, hit.part)),
            related,
            fix if isinstance(fix, Fix) else None,
            hit.part,
            origin.document,
            origin.custom_id,
            wording.help,
            case.note,
            self.fingerprints.make(mark),
            unfixed=fix if isinstance(fix, Unfixed) else None,
            evidence=case.evidence,
        )

    def _wording(self, judge: Judge, hit: Hit, base: int, *, recurs: bool) -> "_Wording":
        """Return the wording of a hit; *base* is how many steps of its place lead to the request."""
        cache = self._caches.get(judge)
        if cache is None:
            cache = self._caches[judge] = _cache_of(judge)
        if not recurs:
            return _compose(judge, hit, base, self.show_values, cache)
        same = cache.by_hit.get(id(hit))
        if same is not None and same[0] is hit and same[1] == (base, self.show_values):
            return same[2]
        return _wording(judge, hit, base, self.show_values, cache)


class _Case(NamedTuple):
    """The parts of a finding that are the same for all hits of one variant of a rule with one severity."""

    rule: Rule
    severity: Severity
    note: str | None
    evidence: str | None


class _Wording(NamedTuple):
    """The parts of a finding that are the same wherever the same mistake is made."""

    case: _Case
    message: str
    help: str | None
    pointer: str
    path: str
    shape: str  #: the pointer without indices
    secret: bool  #: whether the value is masked because of a key above it


class _WordingCache:
    """The wordings made for one judge."""

    __slots__ = ("by_facts", "by_hit", "cases")

    def __init__(self) -> None:
        self.by_facts: dict[tuple[object, ...], _Wording] = {}
        # By the id of a hit, with the hit itself: `RequestParts` returns the same hits again and again.
        self.by_hit: dict[int, tuple[Hit, tuple[int, bool], _Wording]] = {}
        self.cases: dict[tuple[str, Severity | None, object], _Case] = {}


_caches: WeakKeyDictionary[Judge, _WordingCache] = WeakKeyDictionary()
"""Freed with their judge: a program may make a linter for each of its users."""
_MOST_KEPT = 4096
_LONGEST_KEPT = 1000  # characters of facts
_SCALARS = frozenset({str, int, float, bool, type(None)})


def _cache_of(judge: Judge) -> _WordingCache:
    cache = _caches.get(judge)
    if cache is None:
        cache = _caches[judge] = _WordingCache()
    return cache


def _wording(judge: Judge, hit: Hit, base: int, show: bool, cache: _WordingCache) -> _Wording:
    """Return the wording of a hit, cached, because a mistake in one line of a file is often in all of them."""
    facts = _facts_key(hit.facts)
    if facts is None:
        return _compose(judge, hit, base, show, cache)
    key = (hit.rule, hit.place, hit.severity, base, show, facts)
    wording = cache.by_facts.get(key)
    if wording is None:
        if len(cache.by_facts) >= _MOST_KEPT:
            cache.by_facts.clear()
        wording = cache.by_facts[key] = _compose(judge, hit, base, show, cache)
    if len(cache.by_hit) >= _MOST_KEPT:
        cache.by_hit.clear()
    cache.by_hit[id(hit)] = (hit, (base, show), wording)
    return wording


def _facts_key(facts: Mapping[str, object]) -> str | None:
    """Return a text that differs whenever the wording of *facts* does; None if that would be too long."""
    value = facts.get("value")
    kind = value.__class__
    if kind is list or kind is dict:  # a message shows only kind and length of these
        facts = {**facts, "value": (kind.__name__, len(value))}  # type: ignore[arg-type]  # as the line above says
    elif kind not in _SCALARS or (kind is str and len(value) > _LONGEST_KEPT):  # type: ignore[arg-type]  # likewise
        return None
    written = repr(facts)
    return written if len(written) <= _LONGEST_KEPT else None


def _compose(judge: Judge, hit: Hit, base: int, show: bool, cache: _WordingCache) -> _Wording:
    variant = hit.facts.get("variant")
    case = cache.cases.get((hit.rule, hit.severity, variant))
    if case is None:
        case = cache.cases[hit.rule, hit.severity, variant] = _case(judge, hit)
    facts, words = message_facts(judge, hit, base)
    place = hit.place
    secret = is_under_credential_key(place)
    help_text = case.rule.help_for(facts)
    return _Wording(
        case,
        render_message(case.rule.message_for(facts), facts, words, show, secret=secret),
        render_message(help_text, facts, words, show, secret=secret) or None if help_text else None,
        to_pointer(place),
        to_path(place),
        shape_of(place),
        secret,
    )


def shape_of(place: Place) -> str:
    """Return *place* as marks have it, without indices."""
    return "/".join(["*" if isinstance(step, int) else step for step in place])


def _case(judge: Judge, hit: Hit) -> _Case:
    rule, evidence = judge.rules[hit.rule], judge.evidence_of(hit)
    is_own = rule.subject == _OWN_SUBJECT or rule.id == "unreadable-input"
    return _Case(
        rule,
        judge.severity(hit) or Severity.NOTE,
        _consequence(judge, hit, evidence) if evidence else None,
        evidence.status if evidence and not is_own else None,
    )


def _related(link: Link, located: Located) -> Related:
    region = link.region or (located.get((link.place, link.part)) if link.document is None else None)
    return Related(link.label, to_pointer(link.place), to_path(link.place), region, link.document)


_OWN_SUBJECT = "hygiene"
"""The subject of rules about suppressions, baselines and credentials, which are no claims about an API."""

_EFFECTS = {
    "refused": "refuses this",
    "ignored": "ignores this",
    "altered": "accepts this, but gives it another meaning",
    "discouraged": "advises against this",
    "accepted": "accepts this",
}
_IN_CASE = {
    "refused": "may refuse this",
    "ignored": "may ignore this",
    "altered": "may accept this with another meaning",
    "discouraged": "may advise against this",
    "accepted": "may accept this",
}
_HOW_SURE = {"inferred": "probably {}", "disputed": "{}, according to some sources"}


def _consequence(judge: Judge, hit: Hit, evidence: Evidence) -> str:
    """Return a sentence on what the API does, and how that is known."""
    if hit.severity and hit.severity is not evidence.severity and evidence.url != "profile":
        # The check is less sure of this case than of the rule: of this model only some reports tell, for example.
        return f"{judge.profile.name} {_IN_CASE[evidence.effect]} (not certain in this case, read {evidence.read})"
    if hit.severity and hit.severity is not evidence.severity:
        # The profile's schema is milder here than the rule, because servers were seen to accept this.
        name, read = judge.profile.name, judge.profile.read
        return f"{name} documents something else, but is not known to refuse this (read {read})"
    if evidence.profile == "*" and evidence.url != "profile":
        return f"{evidence.says or _EFFECTS[evidence.effect]} ({evidence.status})"
    read = judge.profile.read if evidence.url == "profile" else evidence.read
    says = f": {evidence.says}" if evidence.says else ""
    verb = _HOW_SURE.get(evidence.status, "{}").format(_EFFECTS[evidence.effect])
    return f"{judge.profile.name} {verb} ({evidence.status}, read {read}){says}"
