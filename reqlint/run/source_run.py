"""The state of one source while it is judged: from its documents, one after the other, to a report."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reqlint.containers.envelope import Envelope, Kind
from reqlint.containers.finder import extract_requests, find_requests
from reqlint.core.errors import CheckFailed
from reqlint.core.findings import Finding, Hit, MoreFindings, Report, sum_counts
from reqlint.dialects.registry import Stranger
from reqlint.knowledge.profile_choice import Choice, count_judged
from reqlint.run.file_lines import FileLines, LineHit
from reqlint.run.judges import Judges
from reqlint.run.scope import Scope, has_request_sign, skipped_by_name, skipped_without_sign
from reqlint.text.documents import Document, read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form, detect_form, form_by_name
from reqlint.text.sources import PASSED_OVER, PIPE, TOO_MUCH, Source, why_unreadable

if TYPE_CHECKING:
    from reqlint.judge.describe import Describer
    from reqlint.judge.fingerprint import Fingerprints
    from reqlint.judge.origin import Located
    from reqlint.run.describe import HitWithFix
    from reqlint.run.tally import Tally
    from reqlint.run.yaml_comments import SuppressionComments

# NOTE: imports inside functions below keep out of a clean run what only findings need.


class SourceRun:
    """
    Judges the documents of one source and remembers what the report needs.

    `judge` takes the documents in their order, `finish` returns the report. Whoever judges documents without a report
    (a chunk of a file, a row of a table) reads `findings`, `choices` and `file_lines` instead.

    Args:
        judges: which judge is asked about which request.
        name: of the source, as findings carry it.
        kind: what each document wraps its requests in; None if each document decides.
        scope: whether the source was named by the user.
        extract: pointers to the requests in a document, tried before its own structure.
        show_values: let messages show payload values.
        most_described: how many findings of each rule and severity are described in a file of lines; the others are
            only counted. None for all of them.
    """

    def __init__(
        self,
        judges: Judges,
        name: str | None,
        form: Form,
        *,
        kind: Kind | None = None,
        scope: Scope = Scope.NAMED,
        extract: Sequence[str] = (),
        show_values: bool = False,
        most_described: int | None = None,
    ) -> None:
        self.judges = judges
        self.findings: list[Finding] = []
        self.more: tuple[MoreFindings, ...] = ()  #: what was counted elsewhere, in the chunks of the source
        self.choices: Counter[Choice] = Counter()  #: requests by the profile that judged them, and why
        self.passed_over: Counter[Stranger] = Counter()  #: what was found and is no request here, by what it is
        self.file_lines = FileLines(form, kind, lambda line: judges.choose(line)[0], trains=judges.knows_training_files)
        self.request_file: Path | None = None  #: the file, if its name says that its answer may lie beside it
        #: whether the source is known to hold more than one request
        self.holds_several = form in (Form.JSONL, Form.HTTPRR)
        self._name = name
        self._describer: Describer | None = None
        self._tally: Tally | None = None
        self._form = form
        self._kind = kind
        self._scope = scope
        self._extract = extract
        self._show_values = show_values
        self._judges_foreign = scope is Scope.NAMED and not judges.is_auto
        self._stream: str | None = None  # the text that the documents of a YAML stream share
        self._comments: SuppressionComments | None = None
        self._all_read = True
        self._most_described = most_described if form is Form.JSONL else None
        self.most_findings: int | None = None  #: of one document, for an editor; all with None
        self.left_out: list[str] = []  #: why parts of the source are not judged, in words, one for each

    @property
    def describer(self) -> "Describer":
        """What makes findings of hits, and numbers those that are equal."""
        if self._describer is None:
            from reqlint.judge.describe import Describer

            self._describer = Describer(self._name, self._show_values)
        self._describer.holds_several = self.holds_several
        return self._describer

    @property
    def tally(self) -> "Tally | None":
        """What counts the findings that are not described; None if all are."""
        if self._tally is None and self._most_described is not None:
            from reqlint.run.tally import Tally

            self._tally = Tally(self._name, self._most_described)
        return self._tally

    def counted(self) -> "tuple[MoreFindings, ...]":
        """Return the findings that were counted instead of described."""
        return self._tally.more() if self._tally else ()

    @property
    def fingerprints(self) -> "Fingerprints | None":
        """What numbered equal findings; None where nothing was described."""
        return self._describer.fingerprints if self._describer else None

    # -------------------------------------------------------------------------------------------------- documents

    def judge(self, document: Document) -> None:
        """Judge a document as a line of its file, and the requests in it; add to `findings` and `choices`."""
        if self._form is Form.YAML:
            self._look_at_stream(document)
        findings = self.findings_of(document)
        if findings and self._comments is not None:
            findings = [self._comments.silence(finding, document) for finding in findings]
        self.findings += findings

    def findings_of(self, document: Document) -> Sequence[Finding]:
        """Judge a document; return its findings instead of keeping them, and count its requests in `choices`."""
        line_hits = self.file_lines.check(document)
        if document.value is UNREADABLE:
            self._all_read = False
            from reqlint.run.describe import describe_flaws

            return describe_flaws(self.judges.default, self.describer, document)
        kind = self.file_lines.kind
        is_sure = self._scope is Scope.NAMED or kind is not self._kind
        envelopes = extract_requests(document.value, self._extract, kind) if self._extract else ()
        if not document.is_editable:
            from reqlint.run.pasted import requests_in

            envelopes = requests_in(document, self._kind, self.judges.dialect)
        envelopes = envelopes or find_requests(
            document.value,
            kind,
            named=is_sure,
            foreign=self._judges_foreign,
            passed_over=self.passed_over,
            dialect=self.judges.dialect,
        )
        if self.request_file is not None and not self.holds_several:
            from reqlint.containers.siblings import with_answer_beside  # few requests lie beside their answers

            envelopes = with_answer_beside(envelopes, self.request_file)
        if not document.is_editable:
            from reqlint.run.half_typed import certain_parts

            envelopes, line_hits = certain_parts(document, envelopes, line_hits)
        if not envelopes:
            self.file_lines.count_other_endpoints(document, self.judges.dialect)
        return self._judge_requests(document, envelopes, line_hits) if envelopes or line_hits else ()

    def _look_at_stream(self, document: Document) -> None:
        """Find the suppression comments of a YAML stream, and whether it holds several documents."""
        if document.text is self._stream:
            return
        self._stream = document.text
        self.holds_several = "\n---" in document.text
        if "reqlint:" in document.text:
            from reqlint.run.yaml_comments import SuppressionComments  # few files have any

            self._comments = SuppressionComments(document.text, self.judges.catalog.rules_by_name)

    def forget_findings(self) -> None:
        """Number equal findings anew, for whoever judges a long file without keeping its findings."""
        self._describer = None

    def stop(self) -> None:
        """Judge no further documents; what they hold is not known."""
        self._all_read = False

    def _judge_requests(
        self, document: Document, envelopes: Sequence[Envelope], line_hits: Sequence[LineHit]
    ) -> Sequence[Finding]:
        """Judge the requests of one document; almost always there is nothing to say."""
        found = [*line_hits]
        flawed: Located | None = None  # in a recording
        was_offered = False  # to the tally
        for envelope in envelopes:
            judge, choice = self.judges.choose(envelope)
            self.choices[choice] += len(envelope.tools.tools) if envelope.tools else 1
            if envelope.kind is Kind.FINETUNE:
                continue  # the example is the line, which was judged above
            if envelope.tools is not None:
                from reqlint.judge.offered import judge_tools  # few documents are lists of tools

                found += [(envelope, judge, hit) for hit in judge_tools(judge, envelope.tools)]
                continue
            if envelope.inner is not None or envelope.answer is not None:
                from reqlint.judge.recorded import judge_recorded, locate_flawed_texts  # few documents are recordings

                flawed = locate_flawed_texts(document, envelopes) if flawed is None else flawed
                hits = judge_recorded(judge, document, envelope, flawed, stands_in=choice.stands_in)
                found += [(envelope, judge, hit) for hit in hits]
                continue
            if not document.is_editable:
                from reqlint.run.pasted import uneditable_hits

                found += [(envelope, judge, hit) for hit in uneditable_hits(judge, document, envelope)]
                continue
            verdict = judge.judge_sent(envelope.value, envelope.url, envelope.headers)
            if verdict is not None:
                counted = judge.in_batch(verdict.hits) if envelope.kind is Kind.BATCH else verdict.hits
                was_offered = len(envelopes) == 1 and not line_hits and not document.flaws
                if self.tally and was_offered and self.tally.takes(judge, counted, envelope, document.first_line):
                    return ()
                from reqlint.run.locate import to_document

                found += [(envelope, judge, to_document(hit, envelope.place)) for hit in counted]
        if not found and not document.flaws:
            return ()
        from reqlint.run.describe import add_flaws, describe_document

        if self.most_findings is not None:
            del found[self.most_findings + 1 :]

        lines = [envelope for envelope, _, _ in line_hits]
        if document.flaws:
            found = add_flaws(self.judges, document, found, envelopes or lines)
        findings = describe_document(self.describer, document, found, lines)
        if self.tally is not None:
            self.tally.count_described(findings, were_offered=was_offered)
        return findings

    # ------------------------------------------------------------------------------------------------- the report

    def finish(self, source: Source, failed: OSError | None = None) -> Report:
        """
        Return the report, with what the source has wrong as a whole.

        *failed* is what kept the rest of the source from being read; it becomes a finding.
        """
        try:
            if failed is not None:
                raise failed
            self._finish_comments()
            self._finish_lines(source)
        except OSError as unreadable:
            reason = unreadable.strerror.lower() if unreadable.strerror else str(unreadable)
            self._add([Hit(facts={"reason": reason}, rule="unreadable-input")])
        passed_over = tuple((str(each.what), each.of, count) for each, count in self.passed_over.items())
        if not self.choices and not self.findings:
            return Report(skipped=((source.name, self._why_nothing()),), passed_over=passed_over)
        judged_by = sum_counts((choice.profile, choice.why, count) for choice, count in self.choices.items())
        unlisted = sum(count for choice, count in self.choices.items() if choice.has_unlisted_model)
        skipped = tuple((source.name, reason) for reason in _counted(self.left_out))
        others = tuple(dict.fromkeys(name for choice in self.choices if choice.stands_in for name in choice.others))
        requests, tools = count_judged(self.choices)
        counts = skipped, judged_by, passed_over, unlisted, others, tools
        more = self.more or self.counted()
        if more and self._most_described is not None:
            from reqlint.run.tally import in_a_report

            more = in_a_report(more, self.findings, self._most_described)
        return Report(tuple(self.findings), 1, requests, *counts, more=more)

    def _why_nothing(self) -> str:
        """Return why there was nothing to judge: what the source holds instead, as far as it is known."""
        if self.file_lines.without_request:
            return self.file_lines.without_request
        if self.left_out:
            return "; ".join(_counted(self.left_out))
        found = ", ".join(each.counted(count) for each, count in self.passed_over.items())
        return f"holds {found}" if found else "holds no request"

    def _finish_comments(self) -> None:
        """Add what suppression comments have wrong, and those that silenced nothing."""
        if self._comments is None or not (self.choices or self.findings):
            return
        judges = [self.judges.named(choice.profile) for choice in self.choices]
        enabled = frozenset().union(*(judge.on for judge in judges)) or self.judges.default.on
        # NOTE: nobody knows what a comment would have silenced in a text that cannot be read, and taking it out would
        # edit bytes that are not text.
        self._add([*self._comments.flaws, *(self._comments.unused(enabled) if self._all_read else ())])

    def _add(self, hits: "Iterable[Hit | HitWithFix]") -> None:
        """Add findings of hits that belong to no request."""
        from reqlint.run.describe import describe_hits

        self.findings += describe_hits(self.judges.default, self.describer, hits)

    def _finish_lines(self, source: Source) -> None:
        """Add what the file has wrong as a whole, and find the places in other lines that findings relate to."""
        of_file = self.findings_of_file(source)
        if of_file:
            self.findings += of_file
            self.findings.sort(key=lambda finding: finding.document)
        self.findings = self.file_lines.locate_related(self.findings, source)

    def findings_of_file(self, source: Source) -> list[Finding]:
        """Return what the file has wrong as a whole, once all its documents were judged."""
        hits = self.file_lines.finish(source, named=self._scope is Scope.NAMED)
        if not hits:
            return []
        from reqlint.judge.origin import Origin

        return [self.describer.finding(judge, hit, Origin(document=document)) for document, judge, hit in hits]


def _counted(reasons: Sequence[str]) -> list[str]:
    return [f"{count:,} not judged: {reason}" for reason, count in Counter(reasons).items()]


def judge_source(
    judges: Judges,
    source: Source,
    name: str | None,
    *,
    form: Form | None = None,
    kind: Kind | None = None,
    scope: Scope = Scope.NAMED,
    extract: Sequence[str] = (),
    show_values: bool = False,
    most_described: int | None = None,
    mend: Callable[[Document], Document] | None = None,
    most_findings: int | None = None,
) -> Report:
    """
    Judge every document of *source*, reading it as a stream where its form allows; arguments as `SourceRun`.

    *mend* makes the best of a document that cannot be read, for an editor; by default its flaws are all there is.
    After *most_findings* no further document is judged.

    Raises:
        CheckFailed: a check of ours raised, which is a bug.
    """
    odd = why_unreadable(source)
    if odd in PASSED_OVER and scope is not Scope.NAMED:
        return Report(skipped=((source.name, odd),))  # reading it would wait for somebody to write to it

    def start(form: Form) -> SourceRun:
        return SourceRun(
            judges,
            name,
            form,
            kind=kind,
            scope=scope,
            extract=extract,
            show_values=show_values,
            most_described=most_described,
        )

    run: SourceRun | None = None
    failed: OSError | None = None
    try:
        if odd and odd != PIPE:
            raise OSError(odd)
        if odd:
            source = Source(source.name, None, source.read())  # a pipe can be read only once
        is_told = form is not None or form_by_name(source.name) is not None or name is None
        if not is_told and scope is Scope.LIKELY and (skipped := skipped_by_name(source)) is not None:
            return skipped
        form = form or detect_form(source)
        is_told = is_told or form is Form.HTTPRR
        run = start(form)
        if kind is None and source.path is not None and "request" in source.path.name.lower():
            run.request_file = source.path
        run.most_findings = most_findings
        documents = read_documents(source, form)
        left_out: list[str] = []
        if not is_told and scope is Scope.NAMED:
            from reqlint.run.pasted import PastedSource  # nearly all names say what the file is

            pasted = PastedSource(source, kind, judges.dialect)
            documents, left_out = pasted.documents(documents), pasted.left_out
        readable = scope is Scope.NAMED  # or known to hold requests although it cannot be read
        for document in documents:
            if mend is not None and document.value is UNREADABLE:
                document = mend(document)
            if document.value is UNREADABLE and not readable:
                if (form is Form.YAML and not is_told) or not has_request_sign(source):
                    return skipped_without_sign(source)
                readable = True
            if document.value is UNREADABLE and form is Form.JSON and scope is Scope.NAMED and name:
                from reqlint.run.pasted import refuse_json_with_comments

                refuse_json_with_comments(source.read())
            run.judge(document)
            if most_findings is not None and len(run.findings) > most_findings:
                run.stop()
                break
        run.left_out += left_out
    except OSError as unreadable:
        failed = unreadable
    except MemoryError:
        failed = OSError(TOO_MUCH)
    except CheckFailed as bug:
        if not isinstance(bug.cause, MemoryError):
            raise CheckFailed(bug.rule, name, bug.cause) from bug
        failed = OSError(TOO_MUCH)
    return (run or start(Form.JSON)).finish(source, failed)
