"""What a question is given, what it answers, and how the figures are written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.rounds import Row, Spread, ratio


@dataclass(frozen=True, slots=True)
class How:
    """What whoever runs the benchmarks asked for."""

    rounds: int = 5
    quick: bool = False  #: small sizes, to see that all of it works; its figures say little
    full: bool = False  #: also what takes long and much room

    @property
    def many(self) -> int:
        """How many rounds there are of what takes less than a second."""
        return self.rounds if self.quick else self.rounds * 3


@dataclass(frozen=True, slots=True)
class Table:
    """Figures under a sentence that says what was given to whom."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """All that a question answers."""

    tables: Sequence[Table]
    notes: Sequence[str] = ()  #: what to know when reading them, a sentence or two each
    pictures: Mapping[str, str] = field(default_factory=dict)  #: file name → SVG


def compared(
    caption: str,
    rows: Sequence[Row],
    bases: Mapping[str, str],
    *,
    speed: bool = False,
    memory: bool = False,
    written: bool = False,
) -> Table:
    """
    Make the usual table: a line for each contender, with its ratio to each base.

    *bases* gives the head of a ratio column → the name of the contender that is compared with. A base that is not
    installed has no column; *speed*, *memory* and *written* add MB/s, the peak of a process and the bytes printed.
    """
    known = {row.name: row for row in rows if row.taken}
    columns = {head: known[name] for head, name in bases.items() if name in known}
    head = ["", "median", *["MB/s"] * speed, *["peak memory"] * memory, *["report"] * written, *columns]
    body: list[list[str]] = []
    for row in rows:
        if not row.taken:
            body.append([row.name, row.absent, *[""] * (len(head) - 2)])
            continue
        line = [row.name, duration(row.seconds)]
        line += [figure(row.size / row.seconds / 1e6)] * speed
        line += [amount(row.memory)] * memory
        line += [amount(row.written)] * written
        body.append([*line, *(times(ratio(row, base)) for base in columns.values())])
    return Table(caption, head, body)


def times(spread: Spread) -> str:
    """Write a ratio with its range."""
    return f"{figure(spread.median)} × ({figure(spread.low)}–{figure(spread.high)})"


def figure(number: float) -> str:
    """Write a number so that three digits of it can be read."""
    for limit, form in ((0.1, ".3f"), (10, ".2f"), (100, ".1f")):
        if number < limit:
            return format(number, form)
    return f"{number:,.0f}"


def duration(seconds: float) -> str:
    """Write a time in the unit that suits it."""
    for factor, unit in ((1, "s"), (1e3, "ms")):
        if seconds * factor >= 1:
            return f"{figure(seconds * factor)} {unit}"
    return f"{figure(seconds * 1e6)} µs"


def amount(size: int) -> str:
    """Write a number of bytes in the unit that suits it; a megabyte is a million."""
    for factor, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "KB")):
        if size >= factor:
            return f"{figure(size / factor)} {unit}"
    return f"{size} bytes"


def markdown(table: Table) -> str:
    """Write a table as Markdown: names to the left, figures to the right."""
    lines = [table.head, ["---", *["---:"] * (len(table.head) - 1)], *table.rows]
    return "\n".join([f"{table.caption}\n", *(f"| {' | '.join(cells)} |" for cells in lines)])
