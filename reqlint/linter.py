"""The engine: from a request or a text to findings with words and places."""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from hashlib import sha256
from os import PathLike
from pathlib import Path

from reqlint.documents import UNREADABLE, Document, Form, Source, documents
from reqlint.envelopes import Envelope, Kind, requests
from reqlint.errors import CheckFailed, InvalidRequest
from reqlint.findings import Finding, Hit, Link, Part, Region, Related, Report, Severity
from reqlint.judge import Judge, enabled_rules, judge_for
from reqlint.pointer import Place, to_path, to_pointer, value_at
from reqlint.profiles import DEFAULT, vocabulary
from reqlint.rules import Evidence
from reqlint.wording import words

_Located = Mapping[tuple[Place, Part], Region]


class Scope(Enum):
    """What a source without a request means."""

    NAMED = "named"  #: the user named it: judge whatever is in it
    FOUND = "found"  #: found in a folder: skip it and say so, unless it cannot be read
    LIKELY = "likely"  #: given by a tool that passes every file, as pre-commit does: skip unreadable strangers as well


class Linter:
    """
    Judges requests by one profile. Build once; immutable, picklable and safe to share between threads.

    Args:
        profile: the profile's name; see `reqlint profiles`.
        select: rule ids or group names; only these rules are on. All when empty.
        ignore: rule ids or group names that are off.
        engine: ``"reference"`` for `jsonschema` instead of `jsonschema-rs`; ``REQLINT_ENGINE`` does the same.
        show_values: let messages show payload values; credentials stay hidden all the same.

    Raises:
        UnknownProfile, UnknownRule: no such name; the message has a suggestion.
    """

    __slots__ = ("_arguments", "_judge", "show_values")

    def __init__(
        self,
        profile: str = DEFAULT,
        *,
        select: Collection[str] = (),
        ignore: Collection[str] = (),
        engine: str | None = None,
        show_values: bool = False,
    ) -> None:
        self._arguments = (profile, tuple(select), tuple(ignore), engine, show_values)
        self._judge: Judge = judge_for(profile, enabled_rules(select, ignore), engine)
        self.show_values = show_values

    def __reduce__(self) -> tuple[Callable[..., "Linter"], tuple[object, ...]]:
        return _rebuilt, self._arguments

    @property
    def profile(self) -> str:
        """The name of the profile that judges."""
        return self._judge.profile.name

    @property
    def enabled(self) -> frozenset[str]:
        """The ids of the rules that are on."""
        return frozenset(rule for rule, severity in self._judge.severities.items() if severity)

    def severity(self, rule: str) -> Severity:
        """Say how grave a rule is under this profile; a note where it is off."""
        return self._judge.severities.get(rule) or Severity.NOTE

    def check(self, request: object) -> list[Finding]:
        """
        Judge one request: a dict, or a str or bytes that holds one as JSON.

        Never raises on account of the request; what cannot be read or sent is a finding.
        """
        if isinstance(request, str | bytes | bytearray):
            return list(self.check_text(request).findings)
        verdict = self._judge.judge(request)
        if verdict is None:
            return []
        return list(self._findings(verdict.hits, verdict.value, {}, None, 0, Counter()))

    def is_valid(self, request: object) -> bool:
        """Tell whether *request* has no error-level finding."""
        return all(finding.severity is not Severity.ERROR for finding in self.check(request))

    def check_text(
        self,
        text: str | bytes | bytearray,
        source: str | None = None,
        *,
        form: Form | str | None = None,
        kind: Kind | str | None = None,
    ) -> Report:
        """
        Judge what a text holds: a request, a batch line, an array of them, JSON Lines or YAML documents.

        Args:
            text: the text, or its bytes in UTF-8.
            source: its name; its suffix tells the form, and findings carry it.
            form: ``json``, ``jsonl`` or ``yaml``; by default told by the name, then by the text.
            kind: ``request`` or ``batch``; by default told by each document.
        """
        as_bytes = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else bytes(text)
        return self.check_source(Source(source or "<text>", None, as_bytes), form=form, kind=kind, shown=source)

    def check_file(
        self, path: str | PathLike[str], *, scope: Scope = Scope.NAMED, kind: Kind | str | None = None
    ) -> Report:
        """Judge a file; one that cannot be read is a finding, not an exception."""
        return self.check_source(Source(str(path), Path(path), None), kind=kind, scope=scope)

    def check_source(
        self,
        source: Source,
        *,
        form: Form | str | None = None,
        kind: Kind | str | None = None,
        scope: Scope = Scope.NAMED,
        shown: str | None = "",
    ) -> Report:
        """Judge every document of *source*, reading it as a stream where its form allows."""
        name = source.name if shown == "" else shown
        wanted = Kind(kind) if kind else None
        findings: list[Finding] = []
        judged = 0
        seen: Counter[str] = Counter()
        try:
            for document in documents(source, Form(form) if form else None):
                if document.value is UNREADABLE:
                    if scope is Scope.LIKELY and not _smells_of_request(source):
                        return Report(skipped=((source.name, "not readable, and no sign of a request"),))
                    findings += self._findings(document.flaws, None, {}, name, document.index, seen)
                    continue
                envelopes = requests(document.value, wanted, named=scope is Scope.NAMED)
                if not envelopes:
                    continue
                judged += len(envelopes)
                findings += self._judged(document, envelopes, name, seen)
        except OSError as unreadable:
            reason = (unreadable.strerror or str(unreadable)).lower()
            hit = Hit(facts={"reason": reason}, rule="unreadable-input")
            findings += self._findings([hit], None, {}, name, 0, seen)
        except CheckFailed as bug:
            raise CheckFailed(bug.rule, name, bug.cause) from bug
        if not judged and not findings:
            return Report(skipped=((source.name, "holds no request"),))
        return Report(tuple(findings), 1, judged, (), (self.profile,))

    def _judged(
        self, document: Document, envelopes: Sequence[Envelope], name: str | None, seen: Counter[str]
    ) -> Iterable[Finding]:
        """Judge the requests of one document; almost always there is nothing to say."""
        found: list[tuple[Envelope, Hit]] = []
        for envelope in envelopes:
            verdict = self._judge.judge(envelope.value)
            if verdict is not None:
                found += [(envelope, hit) for hit in verdict.hits]
        if not found and not document.flaws:
            return ()
        known = {(flaw.rule, flaw.place) for flaw in document.flaws}
        at = [(envelope, _moved(hit, envelope.place)) for envelope, hit in found]
        at = [(envelope, hit) for envelope, hit in at if (hit.rule, hit.place) not in known]
        at += [(_nearest(envelopes, hit), hit) for hit in document.flaws]
        places = [(hit.place, hit.part) for _, hit in at if hit.region is None]
        places += [(link.place, link.part) for _, hit in at for link in hit.related if link.region is None]
        located = document.locate(places)
        at.sort(key=lambda pair: _start(pair[1], located))
        return [
            self._finding(hit, document.value, located, name, document.index, seen, envelope.custom_id)
            for envelope, hit in at
            if self._judge.severity(hit) is not None
        ]

    def _findings(
        self,
        hits: Iterable[Hit],
        value: object,
        located: _Located,
        name: str | None,
        index: int,
        seen: Counter[str],
    ) -> Iterator[Finding]:
        for hit in hits:
            if self._judge.severity(hit) is not None:
                yield self._finding(hit, value, located, name, index, seen, None)

    def _finding(
        self,
        hit: Hit,
        root: object,
        located: _Located,
        name: str | None,
        index: int,
        seen: Counter[str],
        custom_id: str | None,
    ) -> Finding:
        judge = self._judge
        rule = judge.rules[hit.rule]
        severity = judge.severity(hit) or Severity.NOTE
        facts, known = self._spoken(hit)
        evidence = judge.evidence_of(hit)
        mark = _mark(hit, root)
        seen[mark] += 1
        return Finding(
            rule=hit.rule,
            severity=severity,
            message=words(rule.message, facts, known, self.show_values),
            pointer=to_pointer(hit.place),
            path=to_path(hit.place),
            profile=judge.profile.name,
            source=name,
            region=hit.region or located.get((hit.place, hit.part)),
            related=tuple(_related(link, located) for link in hit.related),
            part=hit.part,
            document=index,
            custom_id=custom_id,
            help=words(rule.help, facts, known, self.show_values) or None if rule.help else None,
            note=_consequence(judge, evidence) if evidence else None,
            fingerprint=_fingerprint(mark, name, custom_id, seen[mark]),
        )

    def _spoken(self, hit: Hit) -> tuple[Mapping[str, object], Collection[str]]:
        """Give the facts a message may use, and the payload words it may show because some API documents them."""
        key = next((step for step in reversed(hit.place) if isinstance(step, str)), "")
        documented = vocabulary().get(key, {})
        value = hit.facts.get("value")
        takers = documented.get(value, ()) if isinstance(value, str) else ()
        elsewhere = [name for name in takers if name != self.profile]
        return {**hit.facts, "profile": self.profile, "elsewhere": elsewhere}, documented


def _rebuilt(
    profile: str, select: tuple[str, ...], ignore: tuple[str, ...], engine: str | None, show_values: bool
) -> Linter:
    return Linter(profile, select=select, ignore=ignore, engine=engine, show_values=show_values)


def _moved(hit: Hit, base: Place) -> Hit:
    """Give *hit* as it stands in the document, where its request may be one of several or the body of a line."""
    if not base:
        return hit
    links = tuple(Link((*base, *link.place), link.label, link.part, link.region) for link in hit.related)
    return Hit((*base, *hit.place), hit.part, hit.facts, links, hit.rule, hit.severity, hit.region)


def _nearest(envelopes: Sequence[Envelope], hit: Hit) -> Envelope:
    """Find the request that a flaw of the text belongs to."""
    return next((e for e in envelopes if hit.place[: len(e.place)] == e.place), envelopes[0])


def _start(hit: Hit, located: _Located) -> int:
    region = hit.region or located.get((hit.place, hit.part))
    return region.start if region else -1


def _related(link: Link, located: _Located) -> Related:
    region = link.region or located.get((link.place, link.part))
    return Related(link.label, to_pointer(link.place), to_path(link.place), region)


_EFFECTS = {
    "refused": "refuses this",
    "ignored": "ignores this",
    "altered": "accepts this, but not as it reads",
    "discouraged": "advises against this",
    "accepted": "accepts this",
}


_HOW_SURE = {"inferred": "probably ", "disputed": "by some accounts "}


def _consequence(judge: Judge, evidence: Evidence) -> str:
    """Say what the API does, and how that is known."""
    if evidence.profile == "*" and evidence.url != "profile":
        return f"{evidence.says or _EFFECTS[evidence.effect]} ({evidence.status})"
    read = judge.profile.read if evidence.url == "profile" else evidence.read
    says = f": {evidence.says}" if evidence.says else ""
    verb = _HOW_SURE.get(evidence.status, "") + _EFFECTS[evidence.effect]
    return f"{judge.profile.name} {verb} ({evidence.status}, read {read}){says}"


def _mark(hit: Hit, root: object) -> str:
    """
    Say what a finding is about, apart from where it stands: rule, shape of the place, and the value itself.

    Indices are left out, so that neither moved lines nor an inserted message make a known finding a new one.
    """
    shape = "/".join("*" if isinstance(step, int) else step for step in hit.place)
    if hit.part is Part.KEY or "field" in hit.facts:
        about: object = str(hit.facts.get("field", ""))
    else:
        try:
            about = value_at(root, hit.place)
        except LookupError:
            about = sorted((k, str(v)) for k, v in hit.facts.items())
    written = json.dumps([hit.rule, shape, about], sort_keys=True, default=str)
    return sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _fingerprint(mark: str, source: str | None, custom_id: str | None, count: int) -> str:
    """Make the fingerprint: the mark within its source and batch line, numbered where the same stands twice."""
    where = json.dumps([mark, (source or "").replace("\\", "/"), custom_id, count])
    return sha256(where.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _smells_of_request(source: Source) -> bool:
    data = source.read()
    return b'"messages"' in data or b'"role"' in data or b"messages:" in data


@cache
def linter_for(profile: str) -> Linter:
    """Give the linter of a profile with all its rules, built once."""
    return Linter(profile)


def check(request: object, profile: str = DEFAULT) -> list[Finding]:
    """
    Judge one request: a dict, or a str or bytes that holds one as JSON.

    Raises:
        UnknownProfile: there is no such profile.
    """
    return linter_for(profile).check(request)


def is_valid(request: object, profile: str = DEFAULT) -> bool:
    """Tell whether a request has no error-level finding; otherwise as `check`."""
    return linter_for(profile).is_valid(request)


def ensure_valid(request: object, profile: str = DEFAULT) -> None:
    """
    Do nothing when a request has no error-level finding; otherwise as `check`.

    Raises:
        InvalidRequest: it has; ``findings`` holds all of them.
    """
    findings = check(request, profile)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise InvalidRequest(findings)
