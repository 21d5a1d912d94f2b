"""The lines of a file that an API takes as a whole: what kind of file it is, and what is wrong with its lines."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from reqlint.checks.files import BatchLimits, BatchLines, EarlierLines, TrainingLines
from reqlint.containers.batch import (
    MESSAGE_BATCHES,
    find_batch_lines,
    is_file_line,
    is_message_line,
    other_endpoint,
    request_in_line,
)
from reqlint.containers.envelope import Envelope, Kind
from reqlint.containers.finetune import is_preference, is_training_example
from reqlint.core.findings import Finding, Hit, Part, Region
from reqlint.core.pointer import Place, to_pointer
from reqlint.core.records import replace
from reqlint.dialects.registry import is_endpoint
from reqlint.judge.hits import rebase
from reqlint.judge.judge import Judge
from reqlint.text.documents import Document, locate_in_source
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form
from reqlint.text.sources import Source

_LINE_KINDS = (Kind.BATCH, Kind.FINETUNE)


class NotSeparable(Exception):
    """A file cannot be judged in chunks: what its lines are depends on more than the first of them."""


LineHit = tuple[Envelope, Judge, Hit]
"""A hit, the envelope of its line or request, and the judge that found it."""


class LinesSummary(NamedTuple):
    """What the lines of a chunk say about the rest of the file; small enough to pickle."""

    kind: Kind | None
    lines: BatchLines | TrainingLines | None
    other_endpoints: Counter[str]
    blank: tuple[int, int]
    start: int  #: the document the chunk began with
    end: int  #: the one after its last; equal to *start* when all its lines are blank
    links: dict[int, set[tuple[Place, Part]]]
    size: int  #: in bytes, without blank lines


class FileLines:
    """
    The lines of one source, judged one after the other as lines of a batch or training file.

    Args:
        form: how the source writes its documents; only JSONL is a file for an API.
        kind: what the user says each document is, if anything.
        judge_of: returns the judge of an envelope; that of the first line judges all lines as lines.
        trains: whether a conversation without a model may be a training example.
    """

    def __init__(self, form: Form, kind: Kind | None, judge_of: Callable[[Envelope], Judge], *, trains: bool) -> None:
        self.kind = kind  #: what every document is; known after the first one
        self._form = form
        self._judge_of = judge_of
        self._trains = trains
        self._undecided = kind is None and form is Form.JSONL
        self._has_lines = kind is None or kind in _LINE_KINDS
        self._judge: Judge | None = None
        self._lines: BatchLines | TrainingLines | None = None
        self._accepts: Callable[[object], bool] = bool
        self._takes_messages = False  # whether the lines are those of message batches
        self._links: dict[int, set[tuple[Place, Part]]] = {}  # places in other documents that hits relate to
        self._other_endpoints: Counter[str] = Counter()  # batch lines for endpoints of no profile, by URL
        self._size = 0  # bytes of the documents, for a source that does not know its size
        self._start = self._next = 0  # the first document, and the one that comes next if no line is blank
        self._blank = (0, 0)  # number of the first blank line, from 1, and how many there are

    # ---------------------------------------------------------------------------------------------- line after line

    def check(self, document: Document) -> Sequence[LineHit]:
        """Judge *document* as a line, or the lines in it; nearly always nothing is wrong."""
        index = document.index
        self._size += document.size
        if index > self._next and self._form is Form.JSONL:
            first, count = self._blank
            self._blank = (first or self._next + 1, count + index - self._next)
        self._next = index + 1
        value = document.value
        if not self._has_lines or value is UNREADABLE:
            return ()
        if self._undecided:
            self._undecided = False
            self.kind = self._kind_by_first(value)
        if self.kind is Kind.FINETUNE or (self.kind is not None and self._form is Form.JSONL):
            return self._check_line(document, (), value, self.kind)
        hits: list[LineHit] = []
        for place, line in find_batch_lines(value, self.kind):
            hits += self._check_line(document, place, line, Kind.BATCH)
        return hits

    def count_other_endpoints(self, document: Document, dialect: str | None = None) -> None:
        """Count the batch lines in *document* that are for no endpoint of the named *dialect*, or of any."""
        for _, line in find_batch_lines(document.value, self.kind):
            if url := other_endpoint(line, dialect):
                self._other_endpoints[url] += 1

    @property
    def without_request(self) -> str:
        """Why the file holds no request; empty when that is not known."""
        counts = ", ".join(f"{count:,} for {url}" for url, count in self._other_endpoints.items())
        return f"holds no request; batch lines: {counts}" if counts else ""

    def _kind_by_first(self, first: object) -> Kind | None:
        """Return what a JSONL file holds, where its first line leaves no doubt."""
        if find_batch_lines(first):
            return Kind.BATCH
        return Kind.FINETUNE if is_preference(first) or (self._trains and is_training_example(first)) else None

    def _check_line(self, document: Document, place: Place, line: object, kind: Kind) -> Sequence[LineHit]:
        if self._judge is None or self._lines is None:
            in_line = request_in_line(line, place) if is_message_line(line) else ()  # type: ignore[arg-type]  # as asked
            body = line.get("body") if isinstance(line, Mapping) and kind is Kind.BATCH else line
            self._judge = self._judge_of(in_line[0] if in_line else Envelope(kind, place, body))
            self._lines = self._new_lines(kind)
            self._accepts = self._judge.line_gate(kind)
            self._takes_messages = is_endpoint(MESSAGE_BATCHES, self._judge.dialect.name) is True
        if is_file_line(line) if self._takes_messages else is_message_line(line):
            return ()  # the user named a profile of another shape; `find_requests` counts what is passed over
        hits = self._lines.check(line, document.index, place, document.size)
        try:
            if not hits and self._accepts(line):
                return ()
        except Exception:  # noqa: S110 - a YAML value that JSON does not have; `judge_line` judges what it becomes
            pass
        verdict = self._judge.judge_line(kind, line, hits)
        if verdict is None:
            return ()
        custom_id = line.get("custom_id") if isinstance(line, Mapping) and kind is Kind.BATCH else None
        envelope = Envelope(kind, place, line, custom_id if isinstance(custom_id, str) else None)
        for link in (link for hit in verdict.hits for link in hit.related if link.document is not None):
            self._links.setdefault(link.document or 0, set()).add((link.place, link.part))
        return [(envelope, self._judge, rebase(hit, place)) for hit in verdict.hits]

    def _new_lines(self, kind: Kind) -> BatchLines | TrainingLines:
        facts = (self._judge.profile.facts if self._judge else None) or {}
        return BatchLines(facts) if kind is Kind.BATCH else TrainingLines(facts)

    def batch_limits(self) -> BatchLimits | None:
        """Return what the API takes in the batch file that these lines begin; None when they are no batch lines."""
        return self._lines.limits() if isinstance(self._lines, BatchLines) else None

    def reports(self, rule: str) -> bool:
        """Return whether *rule*, which is about how lines go together, is on for the API that these lines are for."""
        return self._judge is not None and self._judge.severity(Hit(rule=rule)) is not None

    # ------------------------------------------------------------------------------------------- the end of the file

    def finish(self, source: Source, *, named: bool) -> list[tuple[int, Judge, Hit]]:
        """
        Return what the file has wrong as a whole: the document each hit is shown at, the judge and the hit.

        Only a JSONL file is handed to an API as it is; an array or a YAML stream is written out before.
        """
        judge = self._judge
        hits: list[tuple[int | None, Hit]] = []
        if self._form is not Form.JSONL or not self._has_lines:
            return []
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
        regions = {found[0]: region for found, region in locate_in_source(source, self._form, wanted).items()}
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

    def locate_related(self, findings: Sequence[Finding], source: Source) -> list[Finding]:
        """Add the regions of places in other documents that findings relate to; the source is read once more."""
        if not self._links:
            return list(findings)
        found = locate_in_source(source, self._form, self._links)
        regions = {(document, to_pointer(place)): region for (document, place, _), region in found.items()}
        return [_with_regions(finding, regions) for finding in findings]

    # ---------------------------------------------------------------------------------------------- a file in chunks

    def start_at(self, first: Document, start: int | None = None, earlier: EarlierLines | None = None) -> None:
        """
        Learn from the *first* document of the file what the others are.

        With *start*, the documents from that number on are judged next, knowing what *earlier* lines said. Without it,
        none is: the summaries of all chunks are merged by `absorb`.
        """
        self.check(first)
        self._start = self._next = start or 0
        self._size = 0
        self._blank = (0, 0)
        self._links.clear()
        if self._lines is None:
            return
        if self._start <= first.index:  # it is judged again, as the first
            self._lines = self._new_lines(self.kind or Kind.BATCH)
        self._lines.restart(few=start is not None)
        if earlier is not None:
            self._lines.resume(earlier)

    def summary(self) -> LinesSummary:
        """Return what the lines judged here say about the rest of the file, for `absorb`."""
        return LinesSummary(
            self.kind,
            self._lines,
            self._other_endpoints,
            self._blank,
            self._start,
            self._next,
            self._links,
            self._size,
        )

    def absorb(self, chunk: LinesSummary) -> EarlierLines | None:
        """
        Merge the summary of the next chunk, which began with the same first document.

        If the result is not None, the chunk must be judged again, knowing that; `absorb_links` then takes the rest.

        Raises:
            NotSeparable: the file cannot be judged in chunks.
        """
        if (self.kind is None and chunk.lines is not None) or chunk.kind is not self.kind:
            raise NotSeparable
        self._other_endpoints.update(chunk.other_endpoints)
        self._size += chunk.size
        if chunk.end > chunk.start:
            gap = chunk.start - self._next
            first = self._blank[0] or (self._next + 1 if gap else chunk.blank[0])
            self._blank = (first, self._blank[1] + gap + chunk.blank[1])
            self._next = chunk.end
        earlier = None
        if self._lines is not None and chunk.lines is not None:
            earlier = self._lines.append(chunk.lines)  # type: ignore[arg-type]  # of one kind, as was just asked
        if earlier is None:
            self.absorb_links(chunk)
        return earlier

    def absorb_links(self, chunk: LinesSummary) -> None:
        """Merge the places that the lines of a chunk relate to, once they were judged with all they must know."""
        for document, places in chunk.links.items():
            self._links.setdefault(document, set()).update(places)
        if isinstance(self._lines, BatchLines) and isinstance(chunk.lines, BatchLines):
            self._lines.append_places(chunk.lines)


def _with_regions(finding: Finding, regions: Mapping[tuple[int, str], Region]) -> Finding:
    if all(related.document is None for related in finding.related):
        return finding
    related = tuple(
        each if each.document is None else replace(each, region=regions.get((each.document, each.pointer)))
        for each in finding.related
    )
    return replace(finding, related=related)
