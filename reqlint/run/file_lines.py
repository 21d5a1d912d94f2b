"""Files that are handed in as a whole: which kind one is, what its lines lack, and what they disagree on."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from reqlint.checks.files import BatchLines, EarlierLines, TrainingLines
from reqlint.containers.batch import find_batch_lines, other_endpoint
from reqlint.containers.envelope import Envelope, Kind
from reqlint.containers.finetune import is_preference, is_training_example
from reqlint.core.findings import Finding, Hit, Part, Region
from reqlint.core.pointer import Place, to_pointer
from reqlint.judge.judge import Judge, rebase
from reqlint.text.documents import UNREADABLE, Document, Form, Source, locate_in_source

_FROM_FIRST = (Kind.BATCH, Kind.FINETUNE)


class NotSeparable(Exception):
    """What the lines of a file are depends on more than the first of them."""


LineHit = tuple[Envelope, Judge, Hit]
"""A hit, the line it is in, and who judged."""


class LinesSummary(NamedTuple):
    """What a stretch of a file said of its lines; small enough to hand over."""

    kind: Kind | None
    lines: BatchLines | TrainingLines | None
    others: Counter[str]
    blank: tuple[int, int]
    at: int  #: the document it began with
    end: int  #: the one after its last; the same when all its lines are blank
    links: dict[int, set[tuple[Place, Part]]]
    size: int  #: in bytes, without blank lines


class FileLines:
    """
    The lines of one source, judged as lines of a batch or of a training set, one after the other.

    Args:
        form: how the source writes its documents; only JSON Lines are a file for an API.
        wanted: what the user says each document is, if anything.
        judge_of: gives the judge of an envelope; that of the first line judges all lines as lines.
        trains: whether a conversation without a model may be taken for a training example.
    """

    def __init__(self, form: Form, wanted: Kind | None, judge_of: Callable[[Envelope], Judge], *, trains: bool) -> None:
        self.kind = wanted  #: what every document is, known from the first one on
        self._others: Counter[str] = Counter()  # lines for something else than chat, by URL
        self._form = form
        self._undecided = wanted is None and form is Form.JSONL
        self._asks = wanted is None or wanted in _FROM_FIRST
        self._judge_of = judge_of
        self._trains = trains
        self._judge: Judge | None = None
        self._lines: BatchLines | TrainingLines | None = None
        self._fits: Callable[[object], bool] = bool
        self._links: dict[int, set[tuple[Place, Part]]] = {}
        self._size = 0  # bytes of the documents, for a source that does not know its own
        self._at = self._next = 0  # where it began, and the document that comes next, if no line is blank
        self._blank = (0, 0)  # the first blank line, from 1, and how many there are

    def passed(self, document: Document) -> None:
        """Count the lines in *document* that are for something else than chat."""
        for _, line in find_batch_lines(document.value, self.kind):
            if url := other_endpoint(line):
                self._others[url] += 1

    def begin(self, first: Document, at: int | None = None, before: EarlierLines | None = None) -> None:
        """
        Learn from the *first* document of the file what the others are.

        Either to judge those from *at* on, knowing what *before* says of the ones before them, as far as it matters;
        or, without *at*, to absorb what all of them said.
        """
        self.judged(first)
        self._at = self._next = at or 0
        self._size = 0
        self._blank = (0, 0)
        self._links.clear()
        if self._lines is None:
            return
        if self._at <= first.index:  # it is judged again, as the first
            self._lines = self._lines_of(self.kind or Kind.BATCH)
        self._lines.restart(few=at is not None)
        if before is not None:
            self._lines.resume(before)

    def met(self) -> LinesSummary:
        """Give what the lines judged here said, for `absorb`."""
        return LinesSummary(
            self.kind, self._lines, self._others, self._blank, self._at, self._next, self._links, self._size
        )

    def absorb(self, after: LinesSummary) -> EarlierLines | None:
        """
        Take over the lines that follow, which were judged elsewhere, by lines that began with the same first document.

        Gives what they would have had to know, where that makes a difference: they are to be judged again, by lines
        that begin with it, and `absorb_links` takes those over.

        Raises:
            Entangled: the file cannot be judged in stretches.
        """
        if (self.kind is None and after.lines is not None) or after.kind is not self.kind:
            raise NotSeparable
        self._others.update(after.others)
        self._size += after.size
        if after.end > after.at:
            gap = after.at - self._next
            first = self._blank[0] or (self._next + 1 if gap else after.blank[0])
            self._blank = (first, self._blank[1] + gap + after.blank[1])
            self._next = after.end
        before = None
        if self._lines is not None and after.lines is not None:
            before = self._lines.append(after.lines)  # type: ignore[arg-type]  # one kind, as was just asked
        if before is None:
            self.absorb_links(after)
        return before

    def absorb_links(self, after: LinesSummary) -> None:
        """Take over what lines related to, once they were judged knowing what was before."""
        for document, places in after.links.items():
            self._links.setdefault(document, set()).update(places)
        if isinstance(self._lines, BatchLines) and isinstance(after.lines, BatchLines):
            self._lines.append_places(after.lines)

    @property
    def without_request(self) -> str:
        """Say what the file holds in place of chat requests; empty when nothing is known."""
        counted = ", ".join(f"{count:,} for {url}" for url, count in self._others.items())
        return f"holds no chat request; batch lines: {counted}" if counted else ""

    def judged(self, document: Document) -> Sequence[LineHit]:
        """Say what the lines in *document* have against them as lines; nearly always nothing."""
        index = document.index
        self._size += document.size
        if index > self._next and self._form is Form.JSONL:
            first, count = self._blank
            self._blank = (first or self._next + 1, count + index - self._next)
        self._next = index + 1
        value = document.value
        if not self._asks or value is UNREADABLE:
            return ()
        if self._undecided:
            self._undecided = False
            self.kind = self._told_by(value)
        if self.kind is Kind.FINETUNE or (self.kind is not None and self._form is Form.JSONL):
            return self._line(document, (), value, self.kind)
        told: list[LineHit] = []
        for place, line in find_batch_lines(value, self.kind):
            told += self._line(document, place, line, Kind.BATCH)
        return told

    def _told_by(self, first: object) -> Kind | None:
        """Say what a file of JSON Lines holds by its first line, where that leaves no doubt."""
        if find_batch_lines(first):
            return Kind.BATCH
        return Kind.FINETUNE if is_preference(first) or (self._trains and is_training_example(first)) else None

    def _line(self, document: Document, place: Place, line: object, kind: Kind) -> Sequence[LineHit]:
        if self._judge is None or self._lines is None:
            body = line.get("body") if isinstance(line, Mapping) and kind is Kind.BATCH else line
            self._judge = self._judge_of(Envelope(kind, place, body))
            self._lines = self._lines_of(kind)
            self._fits = self._judge.line_gate(kind)
        hits = self._lines.check(line, document.index, place, document.size)
        try:
            if not hits and self._fits(line):
                return ()
        except Exception:  # noqa: S110 - a YAML value without a form in JSON; `judge_line` takes what it becomes
            pass
        verdict = self._judge.judge_line(kind, line, hits)
        if verdict is None:
            return ()
        custom_id = line.get("custom_id") if isinstance(line, Mapping) and kind is Kind.BATCH else None
        envelope = Envelope(kind, place, line, custom_id if isinstance(custom_id, str) else None)
        for link in (link for hit in verdict.hits for link in hit.related if link.document is not None):
            self._links.setdefault(link.document or 0, set()).add((link.place, link.part))
        return [(envelope, self._judge, rebase(hit, place)) for hit in verdict.hits]

    def _lines_of(self, kind: Kind) -> BatchLines | TrainingLines:
        facts = (self._judge.profile.facts if self._judge else None) or {}
        return BatchLines(facts) if kind is Kind.BATCH else TrainingLines(facts)

    def ended(self, source: Source, *, named: bool) -> list[tuple[int, Judge, Hit]]:
        """Say what the file as a whole has against it: the document each hit is shown at, who judged, and the hit."""
        judge = self._judge
        hits: list[tuple[int | None, Hit]] = []
        if self._form is not Form.JSONL or not self._asks:
            return []  # what an array or a stream of YAML holds is written out as a file before it is handed in
        if self._next == 0 and named:
            judge = self._judge_of(Envelope(Kind.BATCH, (), None))
            hits.append((None, Hit(rule="empty-batch-file")))
        if self._lines is not None:
            hits += self._lines.end(source.size() or self._size)
            hits += self._blank_lines()
        if judge is None or not hits:
            return []
        hits = [(document, hit) for document, hit in hits if judge.severity(hit) is not None]
        wanted = {document: {((), Part.VALUE)} for document, hit in hits if document is not None and not hit.region}
        regions = {at[0]: region for at, region in locate_in_source(source, self._form, wanted).items()}
        return [
            (
                document or 0,
                judge,
                hit if document is None else replace(hit, region=hit.region or regions.get(document)),
            )
            for document, hit in hits
        ]

    def _blank_lines(self) -> Iterator[tuple[int, Hit]]:
        first, count = self._blank
        if count:
            found = f"{count:,} blank lines, the first here," if count > 1 else "a blank line"
            region = Region(0, 0, first, 1, first, 1, 1, 1, 1, 1)
            yield first - 1, Hit(facts={"found": found}, rule="blank-line", region=region)

    def linked(self, findings: Sequence[Finding], source: Source) -> list[Finding]:
        """Give *findings* with the regions of what they relate to in other documents, which are read once more."""
        if not self._links:
            return list(findings)
        found = locate_in_source(source, self._form, self._links)
        regions = {(document, to_pointer(place)): region for (document, place, _), region in found.items()}
        return [_linked(finding, regions) for finding in findings]


def _linked(finding: Finding, regions: Mapping[tuple[int, str], Region]) -> Finding:
    if all(related.document is None for related in finding.related):
        return finding
    related = tuple(
        each if each.document is None else replace(each, region=regions.get((each.document, each.pointer)))
        for each in finding.related
    )
    return replace(finding, related=related)
