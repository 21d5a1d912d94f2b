"""The table of tools and APIs, and what stands in it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from reqlint.core.findings import Finding, Region, Severity
from reqlint.core.records import dataclass, field


class ToolVerdict(StrEnum):
    """What an API does with a tool."""

    TAKEN = "taken"  #: as it is
    CHANGED = "changed"  #: taken, but something of it is lost or gets another meaning
    REFUSED = "refused"  #: and with it the whole request


@dataclass(frozen=True, slots=True)
class Cell:
    """What one API does with one tool, and how that is known."""

    verdict: ToolVerdict
    rules: tuple[str, ...] = ()  #: behind the verdict
    status: str | None = None  #: of the evidence for the verdict, the firmest; None for what is taken
    is_certain: bool = True  #: whether it is measured, documented or observed; otherwise inferred or disputed


TAKEN = Cell(ToolVerdict.TAKEN)


@dataclass(frozen=True, slots=True)
class Row:
    """A tool, or a whole request, and what each API does with it."""

    name: str | None  #: of the tool; None for a tool without a name, a schema or a request
    source: str
    document: int
    pointer: str  #: from the root of the document
    region: Region | None
    cells: Mapping[str, Cell]  #: by column; those of other wire shapes are missing for a request
    is_request: bool = False

    @property
    def is_taken(self) -> bool:
        """Whether every API takes it as it is."""
        return all(cell.verdict is ToolVerdict.TAKEN for cell in self.cells.values())


@dataclass(frozen=True, slots=True)
class SharedFinding:
    """A finding, told once for all APIs that it concerns."""

    finding: Finding  #: with the gravest severity
    columns: Mapping[str, Severity]  #: the columns that it counts in, with its severity there
    verdicts: Mapping[str, ToolVerdict]  #: what the API does, by column

    def counts_for(self, required: Sequence[str], fail_on: Severity) -> list[str]:
        """Return those of the *required* columns for which this is at least as grave as *fail_on*."""
        known = self.columns
        return [name for name in required if name in known and known[name].rank <= fail_on.rank]


@dataclass(frozen=True, slots=True)
class CompatReport:
    """The table, the findings behind it, and what could not be read."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    findings: tuple[SharedFinding, ...] = ()
    files: int = 0  #: sources that hold tools or requests
    skipped: tuple[tuple[str, str], ...] = ()  #: (source, reason) of files that hold neither
    unread: tuple[tuple[str, str], ...] = ()  #: (source, reason) of files that cannot be read
    required: Mapping[str, int] = field(default_factory=dict)  #: how many findings count against each required column
