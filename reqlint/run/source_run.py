"""The state of one source while it is judged: from its documents, one after the other, to a report."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from reqlint.containers.envelope import Envelope, Kind
from reqlint.containers.finder import extract_requests, find_requests
from reqlint.core.findings import Finding, Fix, Hit, Report
from reqlint.judge.describe import Describer
from reqlint.judge.judge import Judge
from reqlint.judge.origin import Origin
from reqlint.knowledge.profile_choice import Choice
from reqlint.run.file_lines import FileLines, LineHit
from reqlint.run.judges import Judges
from reqlint.run.locate import encodable_place, locate_hits, nearest_request, start_of, to_document
from reqlint.run.scope import Scope
from reqlint.text.documents import Document
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form
from reqlint.text.sources import Source

if TYPE_CHECKING:
    from reqlint.run.yaml_comments import SuppressionComments

HitWithFix = tuple[Hit, Fix | None]
"""A hit, and the change that would settle it."""


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
    ) -> None:
        self.judges = judges
        self.findings: list[Finding] = []
        self.choices: Counter[Choice] = Counter()  #: requests by the profile that judged them, and why
        self.file_lines = FileLines(form, kind, lambda line: judges.choose(line)[0], trains=judges.knows_training_files)
        self.describer = Describer(name, show_values)
        self.describer.holds_several = form is Form.JSONL
        self._form = form
        self._kind = kind
        self._scope = scope
        self._extract = extract
        self._show_values = show_values
        self._stream: str | None = None  # the text that the documents of a YAML stream share
        self._comments: SuppressionComments | None = None
        self._all_read = True

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
            return describe_flaws(self.judges.default, self.describer, document)
        kind = self.file_lines.kind
        is_sure = self._scope is Scope.NAMED or kind is not self._kind
        envelopes = extract_requests(document.value, self._extract, kind) if self._extract else ()
        envelopes = envelopes or find_requests(document.value, kind, named=is_sure)
        if not envelopes:
            self.file_lines.count_other_endpoints(document)
        return self._judge_requests(document, envelopes, line_hits) if envelopes or line_hits else ()

    def _look_at_stream(self, document: Document) -> None:
        """Find the suppression comments of a YAML stream, and whether it holds several documents."""
        if document.text is self._stream:
            return
        self._stream = document.text
        self.describer.holds_several = "\n---" in document.text
        if "reqlint:" in document.text:
            from reqlint.run.yaml_comments import SuppressionComments  # few files have any

            self._comments = SuppressionComments(document.text, self.judges.catalog.rules_by_name)

    def forget_findings(self) -> None:
        """Number equal findings anew, for whoever judges a long file without keeping its findings."""
        self.describer = Describer(self.describer.name, self._show_values)

    def _judge_requests(
        self, document: Document, envelopes: Sequence[Envelope], line_hits: Sequence[LineHit]
    ) -> Sequence[Finding]:
        """Judge the requests of one document; almost always there is nothing to say."""
        found = [*line_hits]
        for envelope in envelopes:
            judge, choice = self.judges.choose(envelope)
            self.choices[choice] += 1
            if envelope.kind is Kind.FINETUNE:
                continue  # the example is the line, which was judged above
            if envelope.inner is not None or envelope.answer is not None:
                from reqlint.judge.recorded import judge_recorded  # few documents are recordings

                found += [(envelope, judge, hit) for hit in judge_recorded(judge, document, envelope)]
                continue
            verdict = judge.judge(envelope.value)
            if verdict is not None:
                found += [(envelope, judge, to_document(hit, envelope.place)) for hit in verdict.hits]
        if not found and not document.flaws:
            return ()
        if document.flaws:
            found = self._with_flaws(document, found, envelopes or [envelope for envelope, _, _ in line_hits])
        return self._describe(document, found, [envelope for envelope, _, _ in line_hits])

    def _with_flaws(self, document: Document, found: list[LineHit], envelopes: Sequence[Envelope]) -> list[LineHit]:
        """Add what the text itself has wrong; a flaw replaces the same rule's hit at the same place."""
        flaws = {(flaw.rule, encodable_place(flaw.place)) for flaw in document.flaws}
        kept = [each for each in found if (each[2].rule, each[2].place) not in flaws]
        for flaw in document.flaws:
            envelope = nearest_request(envelopes, flaw)
            if envelope is not None and (judge := self.judges.choose(envelope)[0]).severity(flaw) is not None:
                kept.append((envelope, judge, flaw))
        return kept

    def _describe(self, document: Document, found: list[LineHit], lines: Sequence[Envelope]) -> Sequence[Finding]:
        """Make findings of hits, in the order of the text; *lines* are the envelopes judged as lines of a file."""
        located = locate_hits(document, [(envelope, hit) for envelope, _, hit in found])
        found.sort(key=lambda each: start_of(each[2], located))
        from reqlint.fixes.plan import find_fixes  # only what is wrong can be fixed

        fixes = find_fixes(document, found, lines, located)
        describe = self.describer.finding
        return [
            describe(
                judge,
                hit,
                Origin(document.value, located, document.index, envelope.custom_id, envelope.place),
                fix,
            )
            for (envelope, judge, hit), fix in zip(found, fixes, strict=True)
        ]

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
            hit = Hit(facts={"reason": reason}, rule="unreadable-input")
            self.findings += describe_hits(self.judges.default, self.describer, [hit])
        if not self.choices and not self.findings:
            return Report(skipped=((source.name, self.file_lines.without_request or "holds no request"),))
        judged_by = tuple((*choice, count) for choice, count in self.choices.items())
        return Report(tuple(self.findings), 1, self.choices.total(), (), judged_by)

    def _finish_comments(self) -> None:
        """Add what suppression comments have wrong, and those that silenced nothing."""
        if self._comments is None or not (self.choices or self.findings):
            return
        judges = [self.judges.named(choice.profile) for choice in self.choices]
        enabled = frozenset().union(*(judge.on for judge in judges)) or self.judges.default.on
        # NOTE: nobody knows what a comment would have silenced in a text that cannot be read, and taking it out would
        # edit bytes that are not text.
        hits = [*self._comments.flaws, *(self._comments.unused(enabled) if self._all_read else ())]
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
        return [self.describer.finding(judge, hit, Origin(document=document)) for document, judge, hit in hits]


def describe_hits(judge: Judge, describer: Describer, hits: Iterable[Hit | HitWithFix]) -> list[Finding]:
    """Make findings of hits that belong to no request; those whose rule is off are left out."""
    with_fixes = (each if isinstance(each, tuple) else (each, None) for each in hits)
    return [describer.finding(judge, hit, fix=fix) for hit, fix in with_fixes if judge.severity(hit)]


def describe_flaws(judge: Judge, describer: Describer, document: Document) -> list[Finding]:
    """Make findings of what keeps the text of a document from being read."""
    text = document.text if describer.holds_several else None  # tells this line from the others in fingerprints
    return [
        describer.finding(judge, flaw, Origin(text, document=document.index))
        for flaw in document.flaws
        if judge.severity(flaw)
    ]
