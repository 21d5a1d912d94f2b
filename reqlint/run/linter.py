"""The promised face: a linter of one profile."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reqlint.containers.envelope import Kind
from reqlint.core.findings import Finding, Hit, Report, Severity
from reqlint.knowledge.catalog import Catalog
from reqlint.knowledge.profile_choice import AUTO
from reqlint.run.judges import Judges
from reqlint.run.one_value import findings_of, judge_clean_text, judge_sent, judge_value, text_of
from reqlint.run.scope import Scope
from reqlint.run.source_run import judge_source
from reqlint.text.forms import Form
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
        chosen: dict[str, Any] = {
            "profile": profile,
            "select": (*select,),
            "ignore": (*ignore,),
            "severity": dict(severity or {}),
            "rules": (*rules,),
            "profiles": (*profiles,),
            "engine": engine,
            "models": dict(models or {}),
        }
        self._arguments = {**chosen, "show_values": show_values}
        self.judges = Judges(**chosen)  #: which judge is asked about which request
        self.profile = profile  #: the name of the profile that judges; ``auto`` chooses one for each request
        self.show_values = show_values

    def __reduce__(self) -> tuple[Callable[..., "Linter"], tuple[object, ...]]:
        return partial(Linter, **self._arguments), ()

    def without(self, rules: Collection[str]) -> "Linter":
        """Return a linter that is as this one, but for *rules*, which are off."""
        return Linter(**{**self._arguments, "ignore": (*self._arguments["ignore"], *rules)})

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
            return [] if verdict is None else findings_of(judge, request, verdict, self.show_values)
        text = text_of(request)
        if text is not None:
            return list(self.check_text(text).findings)
        return judge_value(self.judges, request, self.show_values)

    def check_sent(self, request: object, url: str, headers: Mapping[str, str] | None = None) -> list[Finding]:
        """
        Judge a request that is sent to *url*, whatever it looks like; otherwise as `check`.

        Some APIs have the model in the URL, or say in a header by which rules they read the body; names of *headers*
        are compared without their case. With ``auto``, the URL decides on the profile.
        """
        return judge_sent(self.judges, request, url, headers, self.show_values)

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
        clean = judge_clean_text(self.judges, as_bytes, source, form) if kind is None else None
        if clean is not None:  # a report without findings is false
            return clean
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

    def findings_about(self, source: str, hits: "Iterable[Hit | HitWithFix]") -> list[Finding]:
        """Make findings of hits that are about *source* and no request in it; those whose rule is off are left out."""
        from reqlint.judge.describe import Describer
        from reqlint.run.describe import describe_hits

        return describe_hits(self.judges.default, Describer(source, self.show_values), hits)

    def compile_now(self) -> None:
        """Compile what pays only for many requests; takes as long as judging a few hundred of them."""
        self.judges.expect_many()
