"""The options that a benchmark takes, the tables it answers with, and how figures are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.making import Size
from benchmarks.rounds import Row, Spread, ratio

MOST_LINES = 50_000  #: of one batch file of OpenAI's


@dataclass(frozen=True, slots=True)
class Options:
    """The options of a run of the benchmarks."""

    rounds: int = 5
    quick: bool = False  #: small sizes, to test that everything works; the figures mean little
    full: bool = False  #: include the 2 GB file, which needs minutes and disk space
    megabytes: int = 200  #: size of the large files

    @property
    def many(self) -> int:
        """The number of rounds for contenders that take less than a second."""
        return self.rounds if self.quick else self.rounds * 3

    def lines(self, size: Size) -> int:
        """Return how many lines of that size a large file has, no more than a batch may have."""
        return max(20, min(int((2 if self.quick else self.megabytes) * 1e6 / size.bytes), MOST_LINES))


@dataclass(frozen=True, slots=True)
class Table:
    """Figures, with a caption that describes the input."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """The complete answer to one question."""

    tables: Sequence[Table]
    notes: Sequence[str] = ()  #: how to read the figures, a short paragraph each
    pictures: Mapping[str, str] = field(default_factory=dict)  #: file name → SVG


def comparison_table(
    caption: str,
    rows: Sequence[Row],
    bases: Mapping[str, str],
    *,
    speed: bool = False,
    memory: bool = False,
    written: bool = False,
) -> Table:
    """
    Return a table with a line for each contender, and its ratio to each base.

    *bases* maps the head of a ratio column to the name of the contender that is the base. A base that is not installed
    gets no column. What a command took on all processors stands beside its time. *speed* adds MB/s, *memory* the peak
    memory of a process, *written* the number of bytes printed.
    """
    measured = {row.name: row for row in rows if row.runs}
    columns = {head: measured[name] for head, name in bases.items() if name in measured}
    timed = any(row.processor for row in rows if row.runs)
    head = [
        "",
        "median",
        *["processor"] * timed,
        *["MB/s"] * speed,
        *["peak memory"] * memory,
        *["report"] * written,
        *columns,
    ]
    body: list[list[str]] = []
    for row in rows:
        if not row.runs:
            body.append([row.name, row.absent, *[""] * (len(head) - 2)])
            continue
        line = [row.name, duration(row.seconds)]
        line += [duration(row.processor)] * timed
        line += [figure(row.size / row.seconds / 1e6)] * speed
        line += [amount(row.memory)] * memory
        line += [amount(row.written)] * written
        body.append([*line, *(times(ratio(row, base)) for base in columns.values())])
    return Table(caption, head, body)


def times(spread: Spread) -> str:
    """Format a ratio with its range."""
    return f"{figure(spread.median)} × ({figure(spread.low)}–{figure(spread.high)})"


def figure(number: float) -> str:
    """Format a number with about three significant digits."""
    for limit, form in ((0.1, ".3f"), (10, ".2f"), (100, ".1f")):
        if number < limit:
            return format(number, form)
    return f"{number:,.0f}"


def duration(seconds: float) -> str:
    """Format a time in s, ms or µs."""
    for factor, unit in ((1, "s"), (1e3, "ms")):
        if seconds * factor >= 1:
            return f"{figure(seconds * factor)} {unit}"
    return f"{figure(seconds * 1e6)} µs"


def amount(size: int) -> str:
    """Format a number of bytes in GB, MB or KB; a megabyte is a million bytes."""
    for factor, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "KB")):
        if size >= factor:
            return f"{figure(size / factor)} {unit}"
    return f"{size} bytes"


def markdown(table: Table) -> str:
    """Return a table as Markdown, with names aligned left and figures aligned right."""
    lines = [table.head, ["---", *["---:"] * (len(table.head) - 1)], *table.rows]
    return "\n".join([f"{table.caption}\n", *(f"| {' | '.join(cells)} |" for cells in lines)])
