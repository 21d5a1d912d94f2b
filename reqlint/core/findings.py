"""Findings and what they consist of: severities, regions, hits, fixes; and the report of a run."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Literal, overload

from reqlint.core.pointer import Place
from reqlint.core.records import dataclass, field


class Severity(StrEnum):
    """What happens on the wire."""

    ERROR = "error"  #: the API refuses the request
    WARNING = "warning"  #: accepted, but ignored, truncated or not what the author meant; or refused on thin evidence
    NOTE = "note"  #: portability or deprecation

    @property
    def rank(self) -> int:
        """0 for errors, so that sorting by rank puts them first."""
        return _RANKS[self]


SEVERITIES = tuple(severity.value for severity in Severity)
"""The names of the severities, the gravest first."""


_RANKS = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


class Part(StrEnum):
    """Which piece at a place is meant."""

    VALUE = "value"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class Region:
    """
    A stretch of source text.

    Lines and columns count from 1; the end column is one past the last character. ``column`` and ``end_column`` are
    in code points; the other two pairs are the same positions in UTF-16 code units (SARIF, GitHub, editors) and in
    UTF-8 bytes (rdjson). ``start`` and ``end`` are code-point offsets into the text of the *document*: the file for
    JSON and YAML, the line for JSONL, the exchange for a trace of httprr.
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
    """A second place that a hit is about, and in a few words why."""

    place: Place
    label: str
    part: Part = Part.VALUE
    region: Region | None = None  #: where the text layer knows it already
    document: int | None = None  #: its document in the source, if not that of the hit


@dataclass(frozen=True, slots=True)
class Hit:
    """
    A rule applies at a place, with the facts of the case. Severity, wording and region are added later.

    *facts* fill the placeholders of the rule's message; ``schemas/meta/rule.json`` lists them. The fact ``value`` is
    payload, of which a message shows only the type unless the user asks for values. All others are shown as they are.
    """

    place: Place = ()
    part: Part = Part.VALUE
    facts: Mapping[str, object] = field(default_factory=dict)
    related: tuple[Link, ...] = ()
    rule: str = ""  #: filled in by the judge for a check of one rule
    severity: Severity | None = None  #: where it differs from the rule's, as with ``x-severity`` in a schema
    region: Region | None = None  #: where the text layer knows it already


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that a finding is about."""

    message: str
    pointer: str
    path: str
    region: Region | None = None
    document: int | None = None  #: its document in the source, if not that of the finding


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of a document's text and its replacement."""

    region: Region  #: empty for an insertion
    replacement: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits of the text that remove a finding and leave the rest unchanged, byte for byte."""

    description: str  #: in the imperative: ``rename the key to temperature``
    safe: bool  #: whether the request keeps its meaning
    edits: tuple[Edit, ...]  #: in the order of the text, not overlapping


class Unfixed(StrEnum):
    """Why a finding was not fixed although its rule has a fix."""

    UNCERTAIN = "it is not certain that this is a request"
    CLASH = "the key or name that it needs is taken, or another fix changes the same place"
    HARMFUL = "the change would not remove it, or would cause another error"
    UNWRITABLE = "an edit of what is written in this way could change something else"
    TOO_MANY = "too many fixes fail together to find out which of them are right"
    ROUNDS = "it would need more rounds than are made; run --fix again"


@dataclass(frozen=True, slots=True)
class Suppression:
    """Why a finding does not count."""

    #: a comment, the configuration, the file of accepted findings, or a recorded refusal that the finding explains
    kind: Literal["inSource", "external", "baseline", "recording"]
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One occurrence of a rule in a document."""

    rule: str
    severity: Severity
    message: str
    pointer: str  #: RFC 6901, from the root of the document: ``/messages/0/role``
    path: str  #: the same as people write it: ``messages[0].role``
    profile: str | None = None
    source: str | None = None  #: the path of the file as given or found, or the name of the text
    region: Region | None = None  #: None when the request came as a value, or the position is unknown
    related: tuple[Related, ...] = ()
    fix: Fix | None = None  #: where an edit of the text removes the finding and causes no new error
    part: Part = Part.VALUE
    document: int = 0  #: the document in the source, from 0: a JSONL line, a YAML document
    custom_id: str | None = None  #: of a batch line
    help: str | None = None  #: the edit that would remove it, in words
    note: str | None = None  #: what the API does, and the evidence for it
    fingerprint: str = ""  #: does not change when lines move; see `reqlint.judge.fingerprint`
    suppressed: bool = False  #: reported and marked as suppressed, but not counted
    suppression: Suppression | None = None
    explains: str | None = None  #: pointer of the recorded request that was refused, as this error says it would be
    unfixed: Unfixed | None = None  #: why it has no fix although its rule has one
    evidence: str | None = (
        None  #: how the claim behind it is known: ``documented``; None for what is no claim of an API
    )

    @property
    def explained(self) -> bool:
        """Whether it does not count because it explains a recorded refusal."""
        return self.suppression is not None and self.suppression.kind == "recording"

    @property
    def baselined(self) -> bool:
        """Whether it is among the accepted findings of the baseline."""
        return self.suppression is not None and self.suppression.kind == "baseline"

    def __str__(self) -> str:
        from reqlint.display.escaping import sanitize

        where = f"{self.source}:{self.region.line}:{self.region.column}: " if self.source and self.region else ""
        return sanitize(f"{where}{self.severity}[{self.rule}] {self.message} ({self.path or 'request'})")

    def __repr__(self) -> str:
        # Tracebacks and logs print this; the attributes would show parts of the request.
        return f"<Finding {self}>"


@dataclass(frozen=True, slots=True)
class MoreFindings:
    """
    Findings of one rule and severity in one file of lines that were counted, and not described.

    The count is 0 if all were described, of which some may have fixes that are counted but not proven.
    """

    source: str | None
    rule: str
    severity: Severity
    count: int
    first_line: int
    last_line: int
    pointer: str | None  #: where all of them are, if that is one place
    safe_fixes: int  #: how many more than those proven may be safely fixed: an upper bound
    unsafe_fixes: int  #: the same of unsafe fixes

    def __add__(self, later: "MoreFindings") -> "MoreFindings":
        """Add those of later lines, of the same rule and severity."""
        here, there = (self, later) if self.count and later.count else (later, later) if later.count else (self, self)
        return MoreFindings(
            self.source,
            self.rule,
            self.severity,
            self.count + later.count,
            here.first_line,
            there.last_line,
            here.pointer if here.pointer == there.pointer else None,
            self.safe_fixes + later.safe_fixes,
            self.unsafe_fixes + later.unsafe_fixes,
        )


@dataclass(frozen=True, slots=True)
class Report(Sequence[Finding]):
    """All findings of one or more sources, in source order, and what was read. A sequence of its findings."""

    findings: tuple[Finding, ...] = ()
    files: int = 0  #: sources that were read
    requests: int = 0  #: requests that were judged
    skipped: tuple[tuple[str, str], ...] = ()  #: (source, reason) of files that hold no request
    judged_by: tuple[tuple[str, str, int], ...] = ()  #: (profile, why it was chosen, requests); no reason if named
    passed_over: tuple[tuple[str, str, int], ...] = ()  #: (kind, whose, how many) of what is known to be no request
    unlisted_models: int = 0  #: requests whose model is in no list of a profile
    worth_trying: tuple[str, ...] = ()  #: further profiles that list the models, where one only stood in
    tools: int = 0  #: tools that were judged without a request
    thin: int = 0  #: findings that were left out because their evidence is thinner than asked for
    more: tuple[MoreFindings, ...] = ()  #: beside `findings`; only where the caller asked for the first ones alone

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
        """Count the unsuppressed findings of a severity or, as any sequence does, the items equal to *value*."""
        if isinstance(value, Severity):
            more = sum(each.count for each in self.more if each.severity is value)
            return more + sum(each.severity is value and not each.suppressed for each in self.findings)
        return self.findings.count(value)

    def worst(self) -> Severity | None:
        """Return the gravest severity among findings that are not suppressed, or None if there are none."""
        severities = [finding.severity for finding in self.findings if not finding.suppressed]
        return min(severities, key=lambda severity: severity.rank, default=None)

    @property
    def explained_refusals(self) -> int:
        """The number of recorded requests that were refused and have errors that say so."""
        return len({(each.source, each.document, each.explains) for each in self.findings if each.explained})

    @property
    def is_valid(self) -> bool:
        """Whether there is no error-level finding that counts."""
        return self.worst() is not Severity.ERROR

    @property
    def has_judged(self) -> bool:
        """Whether anything was judged, requests or tools without one."""
        return bool(self.requests or self.tools)

    @property
    def profiles(self) -> tuple[str, ...]:
        """The names of the profiles that judged, without duplicates."""
        return tuple(dict.fromkeys(profile for profile, _, _ in self.judged_by))

    def __add__(self, other: "Report") -> "Report":
        """Concatenate two reports."""
        return Report(
            self.findings + other.findings,
            self.files + other.files,
            self.requests + other.requests,
            self.skipped + other.skipped,
            sum_counts(self.judged_by + other.judged_by),
            sum_counts(self.passed_over + other.passed_over),
            self.unlisted_models + other.unlisted_models,
            tuple(dict.fromkeys(self.worth_trying + other.worth_trying)),
            self.tools + other.tools,
            self.thin + other.thin,
            self.more + other.more,
        )


def sum_counts(counts: Iterable[tuple[str, str, int]]) -> tuple[tuple[str, str, int], ...]:
    """Add up the counts of equal pairs: requests by profile and reason, and what was passed over by kind and owner."""
    totals: dict[tuple[str, str], int] = {}
    for first, second, count in counts:
        totals[first, second] = totals.get((first, second), 0) + count
    return tuple((first, second, count) for (first, second), count in totals.items())
