"""The engine: from a request or a text to findings with words and places."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

from reqlint.containers.envelope import RECORDINGS, EmbeddedRequest, Envelope, Kind
from reqlint.containers.finder import extract_requests, find_requests
from reqlint.core.errors import CheckFailed, InvalidRequest, UnknownProfile
from reqlint.core.findings import Finding, Fix, Hit, Part, Report, Severity
from reqlint.core.json_values import encodable, to_json_value
from reqlint.core.pointer import Place
from reqlint.judge.describe import Describer, Located
from reqlint.judge.judge import (
    Judge,
    Overrides,
    Verdict,
    enabled_rules,
    judge_for,
    rebase,
    resolve_rules,
    rules_by_name,
)
from reqlint.knowledge.custom_folders import NO_CUSTOM, CustomFolders
from reqlint.knowledge.profile import DEFAULT_PROFILE, profile_names
from reqlint.knowledge.profile_choice import AUTO, FALLBACK, Choice, choose_profile
from reqlint.knowledge.rule import subjects
from reqlint.run.file_lines import FileLines, LineHit
from reqlint.text.documents import UNREADABLE, Document, Form, Source, detect_form, read_documents
from reqlint.text.json.reader import read_json
from reqlint.text.sources import PASSED_OVER, PIPE, TOO_MUCH, why_unreadable


class Scope(Enum):
    """What a source without a request means."""

    NAMED = "named"  #: the user named it: judge whatever is in it
    FOUND = "found"  #: found in a folder: skip it and say so, unless it cannot be read
    LIKELY = "likely"  #: given by a tool that passes every file, as pre-commit does: skip unreadable strangers as well


class JudgedLine(NamedTuple):
    """What is said of one line of a file, or of the file as a whole."""

    line: int | None  #: from 0; None for the file
    findings: tuple[Finding, ...]
    requests: int
    readable: bool = True


HitWithFix = tuple[Hit, Fix | None]
"""A hit, and what would settle it."""


class Linter:
    """
    Judges requests by one profile. Build once; immutable, picklable and safe to share between threads.

    Args:
        profile: the profile's name; see `reqlint profiles`.
        select: rule ids or group names; only these rules are on. All when empty.
        ignore: rule ids or group names that are off.
        severity: what a rule's findings are instead, ``"off"`` for nothing; for rules the profile says anything about.
        rules: folders of own rules; see docs/write-a-rule.md.
        profiles: folders of own profiles.
        engine: ``"reference"`` for `jsonschema` instead of `jsonschema-rs`; ``REQLINT_ENGINE`` does the same.
        show_values: let messages show payload values; credentials stay hidden all the same.

    Raises:
        UnknownProfile, UnknownRule: no such name; the message has a suggestion.
        BadData: an own rule or profile is not what it should be.
    """

    __slots__ = (
        "_arguments",
        "_chosen",
        "_enabled",
        "_engine",
        "_judge",
        "_overrides",
        "_own",
        "profile",
        "show_values",
    )

    def __init__(
        self,
        profile: str = DEFAULT_PROFILE,
        *,
        select: Collection[str] = (),
        ignore: Collection[str] = (),
        severity: Mapping[str, Severity | str] | None = None,
        rules: Collection[str | PathLike[str]] = (),
        profiles: Collection[str | PathLike[str]] = (),
        engine: str | None = None,
        show_values: bool = False,
    ) -> None:
        severity = dict(severity or {})
        self._arguments = (
            profile,
            tuple(select),
            tuple(ignore),
            severity,
            (*rules,),
            (*profiles,),
            engine,
            show_values,
        )
        self._own = _own(rules, profiles) if rules or profiles else NO_CUSTOM
        self._enabled = enabled_rules(select, ignore, self._own)
        self._overrides: Overrides = tuple(
            (rule, None if setting == "off" else Severity(setting))
            for name, setting in sorted(severity.items(), key=lambda each: each[0] not in subjects())  # groups first
            for rule in sorted(resolve_rules([name], self._own))
        )
        self._engine = engine
        self.profile = profile  #: the name of the profile that judges; ``auto`` takes one for each request
        self.show_values = show_values
        # What has no profile of its own, such as a text that cannot be read, is told under the default one.
        try:
            self._judge: Judge = self._judge_for(DEFAULT_PROFILE if profile == AUTO else profile)
        except UnknownProfile:
            raise UnknownProfile(profile, [*profile_names(self._own), AUTO]) from None
        self._chosen = (self._judge, Choice(profile, ""))

    def __reduce__(self) -> tuple[Callable[..., "Linter"], tuple[object, ...]]:
        return _rebuilt, self._arguments

    def _judge_for(self, profile: str) -> Judge:
        return judge_for(profile, self._enabled, self._engine, self._overrides, self._own)

    @property
    def own(self) -> CustomFolders:
        """The folders of rules and profiles that were added to ours."""
        return self._own

    @property
    def enabled(self) -> frozenset[str]:
        """The ids of the rules that are on."""
        return frozenset(rule for rule, severity in self._judge.severities.items() if severity)

    def check(self, request: object) -> list[Finding]:
        """
        Judge one request: a dict, or a str or bytes that holds one as JSON.

        Never raises on account of the request; what cannot be read or sent is a finding.
        """
        text = _text_of(request)
        if text is not None:
            return list(self.check_text(text).findings)
        judge = self._judge if self.profile != AUTO else self.judge_of(Envelope(Kind.REQUEST, (), request))[0]
        verdict = judge.judge(request, sure=False)
        if verdict is None:
            return []
        try:
            return self._findings(judge, verdict)
        except MemoryError:
            raise
        except Exception:  # another thread changed it since, or it is a bug of ours, and fails again
            verdict = judge.judge_copy(request)
            return self._findings(judge, verdict) if verdict else []

    def _findings(self, judge: Judge, verdict: Verdict) -> list[Finding]:
        teller = Describer(None, self.show_values)
        return [teller.finding(judge, hit, verdict.value) for hit in verdict.hits]

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
            kind: what each document wraps its requests in; by default told by each document.
        """
        as_bytes = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else bytes(text)
        if kind is None and self._is_clean_request(as_bytes, source, form):
            return Report((), 1, 1, (), ((self.profile, "", 1),))
        return self.check_source(Source(source or "<text>", None, as_bytes), form=form, kind=kind, shown=source)

    def _is_clean_request(self, text: bytes, source: str | None, form: Form | str | None) -> bool:
        """
        Tell by the shortest way that a text is one JSON request with nothing to say of.

        It is what nearly every call before sending comes to; anything else takes the long way, which says why.
        """
        if self.profile == AUTO or form not in (None, Form.JSON):
            return False
        if source and not source.endswith(".json"):
            return False
        try:
            request = read_json(text)
        except ValueError:
            return False
        if type(request) is not dict or type(request.get("messages")) is not list or "custom_id" in request:
            return False
        return self._judge.judge(request) is None

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
        extract: Sequence[str] = (),
        shown: str | None = "",
    ) -> Report:
        """
        Judge every document of *source*, reading it as a stream where its form allows.

        *extract* are pointers to the requests of a document, where ``*`` is any one step and ``**`` any number; a
        document that has none of them is looked at as any other.
        """
        name = source.name if shown == "" else shown
        wanted = Kind(kind) if kind else None
        odd = why_unreadable(source)
        if odd in PASSED_OVER and scope is not Scope.NAMED:
            return Report(skipped=((source.name, odd),))  # one that waits to be written to would be waited for
        teller = Describer(name, self.show_values)
        findings: list[Finding] = []
        choices: Counter[Choice] = Counter()
        lines: FileLines | None = None
        failed: OSError | None = None
        meant = scope is not Scope.LIKELY  # whether the source holds requests even if it cannot be read
        try:
            if odd and odd != PIPE:
                raise OSError(odd)
            if odd:
                source = Source(source.name, None, source.read())  # what came through a pipe cannot be read once more
            form = Form(form) if form else detect_form(source)
            lines = self.file_lines(form, wanted)
            teller.several = form is Form.JSONL
            comments: _Comments | None = None
            looked_at = ""  # the text that the documents of a YAML stream have in common
            whole = True  # whether all of it could be read
            for document in read_documents(source, form):
                if document.value is UNREADABLE and not meant:
                    if not has_request_sign(source):
                        return skipped_without_sign(source)
                    meant = True
                whole = whole and document.value is not UNREADABLE
                if form is Form.YAML and document.text is not looked_at:
                    looked_at = document.text
                    teller.several = "\n---" in looked_at
                    if "reqlint:" in looked_at:
                        comments = _Comments(looked_at, self._own)
                told = self.of_document(teller, document, lines, wanted, scope, choices, extract)
                findings += comments.silence(told, document) if comments else told
            if comments and (choices or findings):
                on = frozenset().union(*(self._judge_for(choice.profile).on for choice in choices)) or self._judge.on
                findings += self._told(teller, comments.left_over(on, whole))
        except OSError as unreadable:
            failed = unreadable
        except MemoryError:
            failed = OSError(TOO_MUCH)
        except CheckFailed as bug:
            if isinstance(bug.cause, MemoryError):
                failed = OSError(TOO_MUCH)
            else:
                raise CheckFailed(bug.rule, name, bug.cause) from bug
        return self.concluded(teller, source, scope, lines, findings, choices, failed)

    def concluded(
        self,
        teller: Describer,
        source: Source,
        scope: Scope,
        lines: FileLines | None,
        findings: list[Finding],
        choices: "Counter[Choice]",
        failed: OSError | None = None,
    ) -> Report:
        """Add what a source has against it as a whole to what its documents have, or what kept it from being read."""
        without = "holds no request"
        try:
            if failed is not None:
                raise failed
            if lines is not None:
                if ended := lines.ended(source, named=scope is Scope.NAMED):
                    findings += [teller.finding(judge, hit, None, None, number) for number, judge, hit in ended]
                    findings.sort(key=lambda finding: finding.document)
                findings = lines.linked(findings, source)
                without = lines.without_request or without
        except OSError as unreadable:
            reason = unreadable.strerror.lower() if unreadable.strerror else str(unreadable)
            findings += self._told(teller, [Hit(facts={"reason": reason}, rule="unreadable-input")])
        if not choices and not findings:
            return Report(skipped=((source.name, without),))
        because = tuple((*choice, count) for choice, count in choices.items())
        return Report(tuple(findings), 1, choices.total(), (), because)

    def file_lines(self, form: Form, kind: Kind | None) -> FileLines:
        """Give what judges the lines of a file as lines."""
        return FileLines(form, kind, lambda line: self.judge_of(line)[0], trains=self._trains())

    def compile_now(self) -> None:
        """Get ready for many requests, which takes as long as judging a few hundred of them."""
        self._judge.compile_now()

    def check_lines(self, source: Source, kind: Kind | str | None = None) -> Iterator["JudgedLine"]:
        """
        Judge a source of JSON Lines line by line, for whoever cannot hold the findings of all.

        Blank lines are left out. The last one given has no number and says what the file has against it as a whole.

        Raises:
            OSError: the source cannot be read.
        """
        wanted = Kind(kind) if kind else None
        lines = self.file_lines(Form.JSONL, wanted)
        choices: Counter[Choice] = Counter()
        teller = Describer(source.name, self.show_values)
        judged = 0
        for document in read_documents(source, Form.JSONL):
            findings = tuple(self.of_document(teller, document, lines, wanted, Scope.NAMED, choices))
            before, judged = judged, choices.total()
            yield JudgedLine(document.index, findings, judged - before, document.value is not UNREADABLE)
            if findings:
                teller = Describer(source.name, self.show_values)  # it remembers what it told
        ended = lines.ended(source, named=True)
        yield JudgedLine(None, tuple(teller.finding(judge, hit, None, None, number) for number, judge, hit in ended), 0)

    def of_document(
        self,
        teller: Describer,
        document: Document,
        lines: FileLines,
        wanted: Kind | None,
        scope: Scope,
        choices: "Counter[Choice]",
        extract: Sequence[str] = (),
    ) -> Iterable[Finding]:
        """Judge one document as a line of its file and for the requests in it, which are counted in *choices*."""
        told = lines.judged(document)
        if document.value is UNREADABLE:
            return self._told(teller, document.flaws, document)
        sure = scope is Scope.NAMED or lines.kind is not wanted
        envelopes = extract_requests(document.value, extract, lines.kind) if extract else ()
        envelopes = envelopes or find_requests(document.value, lines.kind, named=sure)
        if not envelopes:
            lines.passed(document)
        return self._judged(teller, document, envelopes, choices, told) if envelopes or told else ()

    def _trains(self) -> bool:
        """Tell whether a conversation without a model may be a training example to this profile."""
        return self.profile == AUTO or Kind.FINETUNE in (self._judge.profile.lines or {})

    def judge_of(self, envelope: Envelope) -> tuple[Judge, Choice]:
        """Give the judge of a request, and what spoke for it."""
        if envelope.kind is Kind.FINETUNE and (self.profile == AUTO or not self._trains()):
            return self._judge_for(FALLBACK), Choice(FALLBACK, "training examples")
        if self.profile != AUTO:
            return self._chosen
        choice = choose_profile(envelope.url, _model_of(envelope.value), self._own)
        return self._judge_for(choice.profile), choice

    def _judged(
        self,
        teller: Describer,
        document: Document,
        envelopes: Sequence[Envelope],
        choices: "Counter[Choice]",
        told: Sequence[LineHit],
    ) -> Iterable[Finding]:
        """Judge the requests of one document, whose lines were *told* of; almost always there is nothing to say."""
        found = [*told]
        for envelope in envelopes:
            judge, choice = self.judge_of(envelope)
            choices[choice] += 1
            if envelope.kind is Kind.FINETUNE:
                continue  # the example is the line
            if envelope.inner is not None or envelope.answer is not None:
                from reqlint.judge.recorded import judge_recorded  # few documents are recordings

                found += [(envelope, judge, hit) for hit in judge_recorded(judge, document, envelope)]
                continue
            verdict = judge.judge(envelope.value)
            if verdict is not None:
                found += [(envelope, judge, _moved(hit, envelope.place)) for hit in verdict.hits]
        if not found and not document.flaws:
            return ()
        if document.flaws:
            known = {(flaw.rule, _writable(flaw.place)) for flaw in document.flaws}
            found = [each for each in found if (each[2].rule, each[2].place) not in known]
        for flaw in document.flaws:
            nearest = _nearest(envelopes or [envelope for envelope, _, _ in told], flaw)
            if nearest is not None and (judge := self.judge_of(nearest)[0]).severity(flaw) is not None:
                found.append((nearest, judge, flaw))
        located = _located(document, [(envelope, hit) for envelope, _, hit in found])
        found.sort(key=lambda each: _start(each[2], located))
        from reqlint.fixes.plan import find_fixes  # only what is wrong can be fixed

        fixes = find_fixes(document, found, [envelope for envelope, _, _ in told], located)
        return [
            teller.finding(judge, hit, document.value, located, document.index, envelope.custom_id, envelope.place, fix)
            for (envelope, judge, hit), fix in zip(found, fixes, strict=True)
        ]

    def tell(self, hits: Iterable[Hit | HitWithFix], source: str) -> list[Finding]:
        """Make findings of hits that are about no request but about *source*; those whose rule is off are left out."""
        return list(self._told(Describer(source, self.show_values), hits))

    def _told(
        self, teller: Describer, hits: Iterable[Hit | HitWithFix], document: Document | None = None
    ) -> Iterable[Finding]:
        """Tell hits that belong to no request."""
        index = document.index if document else 0
        text = document.text if document and teller.several else None  # what tells this line from the others
        mended = (each if isinstance(each, tuple) else (each, None) for each in hits)
        return [
            teller.finding(self._judge, hit, text, document=index, fix=fix)
            for hit, fix in mended
            if self._judge.severity(hit)
        ]


class _Comments:
    """What comments of a YAML text silence, and what they have against themselves."""

    def __init__(self, text: str, own: CustomFolders) -> None:
        from reqlint.run.yaml_comments import SuppressionComments  # few files have any

        self._comments = SuppressionComments(text, rules_by_name(own))
        self._starts: list[tuple[int, int]] = []

    def silence(self, findings: Iterable[Finding], document: Document) -> list[Finding]:
        return [self._comments.silence(finding, document) for finding in findings]

    def left_over(self, on: Collection[str], whole: bool) -> list[Hit | HitWithFix]:
        # NOTE: what a comment would have silenced in a text that cannot be read nobody knows; and taking it out would
        # be an edit of bytes that are not the text's.
        return [*self._comments.flaws, *(self._comments.unused(on) if whole else ())]


_TEXTS: tuple[Any, ...] = (str, bytes, bytearray)


def _text_of(request: object) -> str | bytes | bytearray | None:
    """Give what a text holds, be it of a class that says otherwise; None where it is none, whatever it says."""
    for kind in _TEXTS:
        if issubclass(type(request), kind):
            text: str | bytes | bytearray = kind.__getitem__(request, slice(None))
            return text
    return None


def _model_of(request: object) -> str | None:
    if type(request) is dict:
        model = request.get("model")
        if type(model) is str:
            return model
        if model is None:
            return None
    value, _ = to_json_value(request)
    model = value.get("model") if isinstance(value, dict) else None
    return model if isinstance(model, str) else None


def _rebuilt(
    profile: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    severity: Mapping[str, Severity | str],
    rules: tuple[str | PathLike[str], ...],
    profiles: tuple[str | PathLike[str], ...],
    engine: str | None,
    show_values: bool,
) -> Linter:
    return Linter(
        profile,
        select=select,
        ignore=ignore,
        severity=severity,
        rules=rules,
        profiles=profiles,
        engine=engine,
        show_values=show_values,
    )


def _own(rules: Collection[str | PathLike[str]], profiles: Collection[str | PathLike[str]]) -> CustomFolders:
    from reqlint.knowledge.custom import (
        load_custom,  # reads YAML and JSON Schemas, which only those who bring rules along need
    )

    return load_custom(rules, profiles)


def _writable(place: Place) -> Place:
    """Give a place of a text as it is in the value that is judged."""
    return tuple(encodable(step) if isinstance(step, str) else step for step in place)


def _nearest(envelopes: Sequence[Envelope], hit: Hit) -> Envelope | None:
    """Find the request that a flaw of the text belongs to; none for what a recording has around its requests."""
    around = envelopes[0] if envelopes[0].kind not in RECORDINGS else None
    return next((e for e in envelopes if hit.place[: len(e.place)] == e.place), around)


def _moved(hit: Hit, base: Place) -> Hit:
    """Give a hit as it stands in the document: the same each time, where a judge gives one for many requests."""
    if not base:
        return hit
    known = _MOVED.get(id(hit))
    if known is not None and known[0] is hit and known[1] == base:
        return known[2]
    value = hit.facts.get("value")
    there = rebase(hit, base)
    if not isinstance(value, str | list | dict) or len(value) <= _SHORT:
        if len(_MOVED) >= _MOST_MOVED:
            _MOVED.clear()
        _MOVED[id(hit)] = (hit, base, there)
    return there


_MOVED: dict[int, tuple[Hit, Place, Hit]] = {}
_MOST_MOVED = 1024
_SHORT = 100


def _located(document: Document, hits: Iterable[tuple[Envelope, Hit]]) -> Located:
    """Find every place that *hits* speak of, in one walk of the document and one of each text inside it."""
    wanted: list[tuple[Place, Part]] = []
    inner: dict[int, tuple[EmbeddedRequest, list[tuple[Place, Part]]]] = {}
    for envelope, hit in hits:
        places = wanted if envelope.inner is None else inner.setdefault(id(envelope.inner), (envelope.inner, []))[1]
        if hit.region is None:
            places.append((hit.place, hit.part))
        for link in hit.related:
            if link.region is None and link.document is None:
                places.append((link.place, link.part))
    for text, places in inner.values():
        outside = (at for at in places if at[0][: len(text.place)] != text.place)
        wanted += [(text.place, Part.VALUE), *outside]
    located = document.locate(wanted) if wanted else {}
    for text, places in inner.values():
        located.update(text.locate(document, places, located))
    return located


def _start(hit: Hit, located: Located) -> int:
    region = hit.region or located.get((hit.place, hit.part))
    return region.start if region else -1


_SIGNS = (b'"messages"', b'"role"', b"messages:")
_SOME = 1 << 20


def has_request_sign(source: Source) -> bool:
    """Tell whether a text that cannot be read has anything in it that requests have."""
    end = b""
    with source.open() as stream:
        while text := stream.read(_SOME):
            if any(sign in end + text for sign in _SIGNS):
                return True
            end = text[-16:]
    return False


def skipped_without_sign(source: Source) -> Report:
    """Say that a file was passed over because it cannot be read and smells of nothing."""
    return Report(skipped=((source.name, "not readable, and no sign of a request"),))


@cache
def linter_for(profile: str) -> Linter:
    """Give the linter of a profile with all its rules, built once."""
    return Linter(profile)


def check(request: object, profile: str = DEFAULT_PROFILE) -> list[Finding]:
    """
    Judge one request: a dict, or a str or bytes that holds one as JSON.

    Raises:
        UnknownProfile: there is no such profile.
    """
    return linter_for(profile).check(request)


def is_valid(request: object, profile: str = DEFAULT_PROFILE) -> bool:
    """Tell whether a request has no error-level finding; otherwise as `check`."""
    return linter_for(profile).is_valid(request)


def ensure_valid(request: object, profile: str = DEFAULT_PROFILE) -> None:
    """
    Do nothing when a request has no error-level finding; otherwise as `check`.

    Raises:
        InvalidRequest: it has; ``findings`` holds all of them.
    """
    findings = check(request, profile)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise InvalidRequest(findings)
