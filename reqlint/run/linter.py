"""The promised face: a linter of one profile."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from reqlint.containers.envelope import Envelope, Kind
from reqlint.containers.finder import find_tools
from reqlint.core.findings import Finding, Hit, Report, Severity
from reqlint.core.headers import kept_headers
from reqlint.dialects.registry import has_turn_list, stranger_of
from reqlint.judge.judge import Judge, Verdict
from reqlint.knowledge.catalog import Catalog
from reqlint.knowledge.profile_choice import AUTO, Choice
from reqlint.run.judges import Judges
from reqlint.run.scope import Scope
from reqlint.run.source_run import SourceRun, judge_source
from reqlint.text.forms import Form
from reqlint.text.json.reader import read_json
from reqlint.text.sources import Source

if TYPE_CHECKING:
    from reqlint.run.describe import HitWithFix


class Linter:
    """
    Judges requests. Build once; immutable, picklable and safe to share between threads.

    Args:
        profile: the profile's name; see `reqlint profiles`. ``auto`` chooses one for each request.
        select: rule ids or group names; only these rules are on. All when empty.
        ignore: rule ids or group names that are off.
        severity: what a rule's findings are instead, ``"off"`` for nothing; for rules the profile says anything about.
        rules: folders of the project's rules; see docs/write-a-rule.md.
        profiles: folders of the project's profiles.
        engine: ``"reference"`` for `jsonschema` instead of `jsonschema-rs`; ``REQLINT_ENGINE`` does the same.
        show_values: let messages show payload values; credentials stay hidden all the same.
        models: the model that a name stands for, for names of the project's own, such as those of deployments.

    Raises:
        UnknownProfile, UnknownRule: no such name; the message has a suggestion.
        BadData: a rule or profile of the project is not what it should be.
    """

    __slots__ = ("_arguments", "judges", "profile", "show_values")

    def __init__(
        self,
        profile: str = AUTO,
        *,
        select: Collection[str] = (),
        ignore: Collection[str] = (),
        severity: Mapping[str, Severity | str] | None = None,
        rules: Collection[str | PathLike[str]] = (),
        profiles: Collection[str | PathLike[str]] = (),
        engine: str | None = None,
        show_values: bool = False,
        models: Mapping[str, str] | None = None,
    ) -> None:
        chosen = (profile, (*select,), (*ignore,), dict(severity or {}), (*rules,), (*profiles,), engine)
        self._arguments = (*chosen, show_values, dict(models or {}))
        self.judges = Judges(*chosen, dict(models or {}))  #: which judge is asked about which request
        self.profile = profile  #: the name of the profile that judges; ``auto`` chooses one for each request
        self.show_values = show_values

    def __reduce__(self) -> tuple[Callable[..., "Linter"], tuple[object, ...]]:
        return _rebuild, self._arguments

    def without(self, rules: Collection[str]) -> "Linter":
        """Return a linter that is as this one, but for *rules*, which are off."""
        build, arguments = self.__reduce__()
        profile, select, ignore, *others = cast(tuple[Any, ...], arguments)
        return build(profile, select, (*ignore, *rules), *others)

    @property
    def catalog(self) -> Catalog:
        """The rules and profiles that are known here, with those of the project as they were when this was built."""
        return self.judges.catalog

    @property
    def enabled(self) -> frozenset[str]:
        """The ids of the rules that are on."""
        return frozenset(rule for rule, severity in self.judges.default.severities.items() if severity)

    def check(self, request: object) -> list[Finding]:
        """
        Judge one request: a dict, or a str or bytes that holds one as JSON.

        Never raises on account of the request; what cannot be read or sent is a finding. With ``auto``, what is known
        to be something else, such as an answer or a request of an API that no profile is for, has none.
        """
        if type(request) is dict and (named := self.judges.named_one) is not None and named[0].has_turns(request):
            judge = named[0]  # the case of nearly every call, in as few steps as there can be
            verdict = judge.judge(request, from_text=False)
            return [] if verdict is None else self._findings_in(judge, request, verdict)
        text = _text_of(request)
        if text is not None:
            return list(self.check_text(text).findings)
        if type(request) is list or (type(request) is dict and not has_turn_list(request)):
            found = find_tools(request)
            if found is not None:
                return self._of_tools(found)
        judges = self.judges
        if judges.named_one is not None:
            judge = judges.named_one[0]
        elif stranger_of(request) is not None:
            return []
        else:
            judge = judges.choose(Envelope(Kind.REQUEST, (), request))[0]
        return self._findings_in(judge, request, judge.judge(request, from_text=False))

    def check_sent(self, request: object, url: str, headers: Mapping[str, str] | None = None) -> list[Finding]:
        """
        Judge a request that is sent to *url*, whatever it looks like; otherwise as `check`.

        Some APIs have the model in the URL, or say in a header by which rules they read the body; names of *headers*
        are compared without their case. With ``auto``, the URL decides on the profile.
        """
        kept = kept_headers((headers or {}).items())
        judge = self.judges.choose(Envelope(Kind.REQUEST, (), request, url=url, headers=kept))[0]
        return self._findings_in(judge, request, judge.judge_sent(request, url, kept, from_text=False))

    def _findings_in(self, judge: Judge, request: object, verdict: Verdict | None) -> list[Finding]:
        if verdict is None:
            return []
        try:
            return self._findings(judge, verdict)
        except MemoryError:
            raise
        except Exception:  # another thread changed the request meanwhile; a bug of ours fails again below
            verdict = judge.judge_copy(request)
            return self._findings(judge, verdict) if verdict else []

    def _of_tools(self, envelope: Envelope) -> list[Finding]:
        """Judge tools without a request."""
        from reqlint.judge.describe import Describer
        from reqlint.judge.offered import judge_tools
        from reqlint.run.describe import origin_of

        if envelope.tools is None:
            return []
        judge, describer = self.judges.choose(envelope)[0], Describer(None, self.show_values)
        hits = judge_tools(judge, envelope.tools)
        return [describer.finding(judge, hit, origin_of(envelope, hit)) for hit in hits]

    def _findings(self, judge: Judge, verdict: Verdict) -> list[Finding]:
        from reqlint.judge.describe import Describer  # a clean request needs none
        from reqlint.judge.origin import Origin

        describer = Describer(None, self.show_values)
        origin = Origin(verdict.value, hashes={})
        return [describer.finding(judge, hit, origin) for hit in verdict.hits]

    def is_valid(self, request: object) -> bool:
        """Return whether *request* has no error-level finding."""
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
            source: its name; its suffix decides the form, and findings carry it.
            form: ``json``, ``jsonl`` or ``yaml``; by default decided by the name, then by the text.
            kind: what each document wraps its requests in; by default decided by each document.
        """
        as_bytes = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else bytes(text)
        if kind is None and (choice := self._clean_request(as_bytes, source, form)):
            others = choice.others if choice.stands_in else ()
            return Report((), 1, 1, (), ((choice.profile, choice.why, 1),), (), choice.has_unlisted_model, others)
        return self.check_source(Source(source or "<text>", None, as_bytes), form=form, kind=kind, shown=source)

    def _clean_request(self, text: bytes, source: str | None, form: Form | str | None) -> Choice | None:
        """
        Return how a text that is one JSON request without findings was judged; None if it may be something else.

        Nearly every call before a request is sent ends here; the long way says what is wrong with the others.
        """
        if form not in (None, Form.JSON) or (source and not source.endswith(".json")):
            return None
        try:
            request = read_json(text)
        except ValueError:
            return None
        if type(request) is not dict or "custom_id" in request:
            return None
        if self.judges.is_auto and stranger_of(request) is not None:
            return None
        judge, choice = self.judges.named_one or self.judges.choose(Envelope(Kind.REQUEST, (), request))
        return choice if judge.dialect.has_turns(request) and judge.judge(request) is None else None

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
        most_described: int | None = None,
    ) -> Report:
        """
        Judge every document of *source*, reading it as a stream where its form allows.

        Args:
            source: what to read.
            form: how it writes its documents; by default decided by its name, then by its content.
            kind: what each document wraps its requests in; by default decided by each document.
            scope: whether the user named it.
            extract: pointers to the requests of a document, where ``*`` is any one step and ``**`` any number; a
                document that has none of them is looked at like any other.
            shown: the name that findings carry; that of the source by default.
            most_described: how many findings of each rule and severity are described in a file of lines; the others
                are only counted, as ``more`` of the report. By default all are.
        """
        name = source.name if shown == "" else shown
        return judge_source(
            self.judges,
            source,
            name,
            form=Form(form) if form else None,
            kind=Kind(kind) if kind else None,
            scope=scope,
            extract=extract,
            show_values=self.show_values,
            most_described=most_described,
        )

    def source_run(
        self,
        name: str | None,
        form: Form,
        *,
        kind: Kind | None = None,
        scope: Scope = Scope.NAMED,
        extract: Sequence[str] = (),
        most_described: int | None = None,
    ) -> SourceRun:
        """Return the state of a source that is about to be judged, for whoever reads its documents differently."""
        return SourceRun(
            self.judges,
            name,
            form,
            kind=kind,
            scope=scope,
            extract=extract,
            show_values=self.show_values,
            most_described=most_described,
        )

    def findings_about(self, source: str, hits: "Iterable[Hit | HitWithFix]") -> list[Finding]:
        """Make findings of hits that are about *source* and no request in it; those whose rule is off are left out."""
        from reqlint.judge.describe import Describer
        from reqlint.run.describe import describe_hits

        return describe_hits(self.judges.default, Describer(source, self.show_values), hits)

    def compile_now(self) -> None:
        """Compile what pays only for many requests; takes as long as judging a few hundred of them."""
        self.judges.expect_many()


_TEXTS: tuple[Any, ...] = (str, bytes, bytearray)


def _text_of(request: object) -> str | bytes | bytearray | None:
    """Return the text in *request*, also of a subclass that pretends to hold another; None if it is no text."""
    for kind in _TEXTS:
        if issubclass(type(request), kind):
            text: str | bytes | bytearray = kind.__getitem__(request, slice(None))
            return text
    return None


def _rebuild(
    profile: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    severity: Mapping[str, Severity | str],
    rules: tuple[str | PathLike[str], ...],
    profiles: tuple[str | PathLike[str], ...],
    engine: str | None,
    show_values: bool,
    models: Mapping[str, str],
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
        models=models,
    )
