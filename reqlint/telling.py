"""How a hit becomes a finding: severity, words, evidence, region and fingerprint."""

import json
from collections import Counter
from collections.abc import Collection, Mapping

from reqlint.findings import Finding, Fix, Hit, Link, Part, Region, Related, Severity
from reqlint.judge import Judge
from reqlint.neighbours import neighbour_of
from reqlint.pointer import Place, to_path, to_pointer, value_at
from reqlint.profiles import vocabulary
from reqlint.rules import Evidence
from reqlint.wording import words

Located = Mapping[tuple[Place, Part], Region]


class Teller:
    """Tells the findings of one source, and counts what it has told so that equal findings stay apart."""

    def __init__(self, name: str | None, show_values: bool) -> None:
        self.name = name
        self.show_values = show_values
        self.several = False  #: whether the source is known to hold more than one request
        self._seen: Counter[tuple[str, ...]] = Counter()

    def finding(
        self,
        judge: Judge,
        hit: Hit,
        root: object = None,
        located: Located | None = None,
        document: int = 0,
        custom_id: str | None = None,
        base: Place = (),
        fix: Fix | None = None,
    ) -> Finding:
        """
        Make the finding of a hit that counts under *judge*.

        *root* is the value of the document that the hit's place leads into, *located* says where its places stand in
        the text, *document* is its number in the source, and *base* leads to the request.
        """
        located = located or {}
        rule = judge.rules[hit.rule]
        facts, known = _spoken(hit, judge.profile.name, hit.place[len(base) : -1])
        evidence = judge.evidence_of(hit)
        mark = _mark(hit, root, base)
        if custom_id is not None:
            mark = (*mark, "id", custom_id)
        elif self.several or any(isinstance(step, int) for step in base):
            mark = (*mark, "in", _request_mark(root, base))
        self._seen[mark] += 1
        return Finding(
            rule=hit.rule,
            severity=judge.severity(hit) or Severity.NOTE,
            message=words(rule.message, facts, known, self.show_values),
            pointer=to_pointer(hit.place),
            path=to_path(hit.place),
            profile=judge.profile.name,
            source=self.name,
            region=hit.region or located.get((hit.place, hit.part)),
            related=tuple(_related(link, located) for link in hit.related),
            fix=fix,
            part=hit.part,
            document=document,
            custom_id=custom_id,
            help=words(rule.help, facts, known, self.show_values) or None if rule.help else None,
            note=_consequence(judge, hit, evidence) if evidence else None,
            fingerprint=_fingerprint(mark, self._seen[mark], self.name),
        )


def _spoken(hit: Hit, profile: str, inside: Place) -> tuple[Mapping[str, object], Collection[str]]:
    """Give the facts a message may use, and the payload words it may show because some API documents them."""
    key = next((step for step in reversed(hit.place) if isinstance(step, str)), "")
    documented = vocabulary().get(key, {})
    value = hit.facts.get("value")
    takers = documented.get(value, ()) if isinstance(value, str) else ()
    facts = {**hit.facts, "profile": profile, "elsewhere": [name for name in takers if name != profile]}
    if hit.rule == "unknown-field":
        neighbour = neighbour_of(str(facts["field"]), profile, inside)
        if neighbour:
            facts |= {"suggestion": None, "neighbour": neighbour.owner, "equivalent": neighbour.equivalent}
    return facts, documented


def _related(link: Link, located: Located) -> Related:
    region = link.region or (located.get((link.place, link.part)) if link.document is None else None)
    return Related(link.label, to_pointer(link.place), to_path(link.place), region, link.document)


_EFFECTS = {
    "refused": "refuses this",
    "ignored": "ignores this",
    "altered": "accepts this, but not as it reads",
    "discouraged": "advises against this",
    "accepted": "accepts this",
}


_HOW_SURE = {"inferred": "probably ", "disputed": "by some accounts "}


def _consequence(judge: Judge, hit: Hit, evidence: Evidence) -> str:
    """Say what the API does, and how that is known."""
    if hit.severity and hit.severity is not evidence.severity:
        # The profile's schema is milder here than the rule: servers were seen to take it.
        return f"{judge.profile.name} documents it otherwise, and is not known to refuse it (read {judge.profile.read})"
    if evidence.profile == "*" and evidence.url != "profile":
        return f"{evidence.says or _EFFECTS[evidence.effect]} ({evidence.status})"
    read = judge.profile.read if evidence.url == "profile" else evidence.read
    says = f": {evidence.says}" if evidence.says else ""
    verb = _HOW_SURE.get(evidence.status, "") + _EFFECTS[evidence.effect]
    return f"{judge.profile.name} {verb} ({evidence.status}, read {read}){says}"


NODE = 16
"""The digits of a fingerprint that say what is wrong, in which request; the others say in which file."""

_MOVING = frozenset({"offset", "line", "lines", "count"})
"""Facts that change when something else in the text does."""


def _mark(hit: Hit, root: object, base: Place) -> tuple[str, ...]:
    """
    Say what a finding is about, apart from where it stands: rule, shape of the place, and the value there.

    Indices are left out, so that neither moved lines nor an inserted message make a known finding a new one. Of a
    request and the lists and objects directly in it only the name counts, since they change with each of their parts.
    """
    shape = "/".join("*" if isinstance(step, int) else step for step in hit.place)
    field = str(hit.facts.get("field", "") or (hit.facts.get("name", "") if root is None else ""))
    about: object = None
    if len(hit.place) > len(base):
        try:
            about = value_at(root, hit.place)
        except LookupError:
            about = sorted((k, str(v)) for k, v in hit.facts.items() if k not in _MOVING)
        if len(hit.place) == len(base) + 1 and isinstance(about, dict | list):
            about = None
    return hit.rule, shape, field, _hashed(about)


def _request_mark(root: object, base: Place) -> str:
    """
    Tell a request from others in its source by what is least likely to be edited: what its user said first.

    NOTE: with the whole request in its place, repairing one thing would make everything else in it new; with nothing,
    a mistake repaired in one line and made in another would be the same finding.
    """
    try:
        value = value_at(root, base)
    except LookupError:
        value = root
    if isinstance(value, Mapping) and isinstance(value.get("body"), Mapping):
        value = value["body"]
    messages = value.get("messages") if isinstance(value, Mapping) else None
    if not isinstance(messages, list):
        return _hashed(value)
    spoken = [each for each in messages if isinstance(each, Mapping) and each.get("role") == "user"]
    return _hashed([each.get("content") for each in spoken[:1]] or messages[:1])


def _fingerprint(mark: tuple[str, ...], count: int, source: str | None) -> str:
    """Make the fingerprint: of the mark, numbered where a source has the same twice, and then of the source."""
    return _hashed([mark, count])[:NODE] + _hashed((source or "").replace("\\", "/"))[: 24 - NODE]


def _hashed(value: object) -> str:
    from hashlib import sha256  # loads OpenSSL, which a clean run has no use for

    written = json.dumps(value, sort_keys=True, default=str)
    return sha256(written.encode("utf-8", "surrogatepass")).hexdigest()
