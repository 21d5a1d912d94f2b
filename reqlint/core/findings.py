"""What reqlint says: severities, regions, findings and the report of a run."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from operator import attrgetter
from typing import Any, Literal, TypeVar, overload

from reqlint.core.pointer import Place


class Severity(StrEnum):
    """What happens on the wire."""

    ERROR = "error"  #: the API refuses the request
    WARNING = "warning"  #: accepted, but ignored, truncated or not what the author meant; or refused on thin evidence
    NOTE = "note"  #: portability or deprecation

    @property
    def rank(self) -> int:
        """0 for the gravest, so that sorting by rank puts errors first."""
        return _RANKS[self]


_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


class Part(StrEnum):
    """Which piece of the text at a place is meant."""

    VALUE = "value"
    KEY = "key"


_Class = TypeVar("_Class", bound=type[Any])


def _handed_over(cls: _Class) -> _Class:
    """Have a dataclass pickled as a call of it, in half the time: thousands of findings cross a process border."""
    values = attrgetter(*(each.name for each in fields(cls)))

    def __reduce__(self: object) -> tuple[object, ...]:  # noqa: N807 - the name pickle asks for
        return cls, values(self)

    cls.__reduce__ = __reduce__  # type: ignore[assignment]  # of any class that this is given
    return cls


@_handed_over
@dataclass(frozen=True, slots=True)
class Region:
    """
    A stretch of source text.

    Lines and columns count from 1; the end column is one past the last character. ``column`` and ``end_column`` count
    code points, the other two pairs the same places in UTF-16 code units (SARIF, GitHub, editors) and in UTF-8 bytes
    (rdjson). ``start`` and ``end`` are code-point offsets into the text of the *document*: the whole file for JSON
    and YAML, the line for JSONL.
    """

    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int
    utf16_column: int
    utf16_end_column: int
    byte_column: int
    byte_end_column: int


@dataclass(frozen=True, slots=True)
class Link:
    """The other half of a relation: a second place, and in a few words why it matters."""

    place: Place
    label: str
    part: Part = Part.VALUE
    region: Region | None = None  #: set where the text layer knows it already
    document: int | None = None  #: which document of the source it is in, when in another than the hit


@dataclass(frozen=True, slots=True)
class Hit:
    """
    A rule met its case: where, and the facts. Severity, wording and position come later.

    *facts* fill the placeholders of the rule's message. The fact called ``value`` is payload: it is shown only as its
    type unless the user asks for values. All others are names and numbers, shown as they are.
    """

    place: Place = ()
    part: Part = Part.VALUE
    facts: Mapping[str, object] = field(default_factory=dict)
    related: tuple[Link, ...] = ()
    rule: str = ""  #: filled in by the engine for a check, which is one rule
    severity: Severity | None = None  #: set where a subschema states its own (``x-severity``)
    region: Region | None = None  #: set by the text layer, which finds by position


@_handed_over
@dataclass(frozen=True, slots=True)
class Related:
    """A second place that a finding shows: the other half of a relation."""

    message: str
    pointer: str
    path: str
    region: Region | None = None
    document: int | None = None  #: which document of the source it is in, when in another than the finding


@_handed_over
@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of a document's text, and what takes its place."""

    region: Region  #: empty where something is put in between
    replacement: str


@_handed_over
@dataclass(frozen=True, slots=True)
class Fix:
    """A change of the text that settles a finding and leaves the rest as it is, byte for byte."""

    description: str  #: the edit in the imperative: ``rename the key to temperature``
    safe: bool  #: whether the request still means what its author wrote
    edits: tuple[Edit, ...]  #: in the order of the text, none over another


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why a finding does not count."""

    kind: Literal["inSource", "external", "baseline"]  #: a comment, the configuration, the file of accepted findings
    reason: str


@_handed_over
@dataclass(frozen=True, slots=True, repr=False)
class Finding:
    """One occurrence of a rule in a document."""

    rule: str
    severity: Severity
    message: str
    pointer: str  #: RFC 6901, from the root of the document: ``/messages/0/role``
    path: str  #: the same for people: ``messages[0].role``
    profile: str | None = None
    source: str | None = None  #: the file as it was given or found, or the name of the text
    region: Region | None = None  #: absent when the request came as a value, or the place cannot be known
    related: tuple[Related, ...] = ()
    fix: Fix | None = None  #: where the text can be changed so that the finding is gone and no error is new
    part: Part = Part.VALUE
    document: int = 0  #: which document of the source, from 0: a JSONL line, a YAML document
    custom_id: str | None = None  #: of a batch line
    help: str | None = None  #: the edit that would settle it
    note: str | None = None  #: what the API does, with the evidence
    fingerprint: str = ""  #: the same when lines move; see :mod:`reqlint.run.linter`
    suppressed: bool = False  #: it is reported, marked as such, and does not count
    suppression: Suppression | None = None

    @property
    def baselined(self) -> bool:
        """Whether it is among the accepted findings of the baseline."""
        return self.suppression is not None and self.suppression.kind == "baseline"

    def __str__(self) -> str:
        from reqlint.display.escaping import sanitize

        where = f"{self.source}:{self.region.line}:{self.region.column}: " if self.source and self.region else ""
        return sanitize(f"{where}{self.severity}[{self.rule}] {self.message} ({self.path or 'request'})")

    def __repr__(self) -> str:
        # As it stands in tracebacks and logs: the attributes lead into the request, this only names what is wrong.
        return f"<Finding {self}>"


@dataclass(frozen=True, slots=True)
class Report(Sequence[Finding]):
    """All findings of one or more sources, in source order, and what was covered. A sequence of its findings."""

    findings: tuple[Finding, ...] = ()
    files: int = 0  #: sources that were read
    requests: int = 0  #: requests that were judged
    skipped: tuple[tuple[str, str], ...] = ()  #: (source, why) of files that hold no request
    judged_by: tuple[tuple[str, str, int], ...] = ()  #: (profile, what spoke for it, requests); nothing spoke if named

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    @overload
    def __getitem__(self, index: int) -> Finding: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Finding, ...]: ...
    def __getitem__(self, index: int | slice) -> Finding | tuple[Finding, ...]:
        return self.findings[index]

    def count(self, value: object) -> int:
        """Count the findings of a severity (or, as any sequence does, those equal to *value*)."""
        if isinstance(value, Severity):
            return sum(f.severity is value and not f.suppressed for f in self.findings)
        return self.findings.count(value)

    def worst(self) -> Severity | None:
        """Give the gravest severity among findings that are not suppressed, or None when there is none."""
        severities = [f.severity for f in self.findings if not f.suppressed]
        return min(severities, key=lambda s: s.rank, default=None)

    @property
    def is_valid(self) -> bool:
        """Whether no error-level finding is here."""
        return self.worst() is not Severity.ERROR

    @property
    def profiles(self) -> tuple[str, ...]:
        """The names of the profiles that judged, each once."""
        return tuple(dict.fromkeys(profile for profile, _, _ in self.judged_by))

    def __add__(self, other: "Report") -> "Report":
        """Put two reports together, keeping the order of their findings."""
        return Report(
            self.findings + other.findings,
            self.files + other.files,
            self.requests + other.requests,
            self.skipped + other.skipped,
            sum_counts(self.judged_by + other.judged_by),
        )


def sum_counts(judged_by: Iterable[tuple[str, str, int]]) -> tuple[tuple[str, str, int], ...]:
    """Add up the requests that one profile judged for one reason."""
    totals: dict[tuple[str, str], int] = {}
    for profile, why, count in judged_by:
        totals[profile, why] = totals.get((profile, why), 0) + count
    return tuple((profile, why, count) for (profile, why), count in totals.items())
