"""What is said of a finding that several APIs share, and of the groups of APIs that answer alike."""

from collections.abc import Iterable, Sequence
from typing import LiteralString, NamedTuple

from reqlint.core.findings import Finding, Severity
from reqlint.core.records import replace
from reqlint.run.compat.table import Cell, Row, SharedFinding, ToolVerdict

_WORDS = {
    ToolVerdict.REFUSED: "refused by",
    ToolVerdict.CHANGED: "changed by",
    ToolVerdict.TAKEN: "taken, with a remark, by",
}


def alone(shared: SharedFinding) -> Finding:
    """Return the finding as one that says in its note which APIs it concerns."""
    return replace(shared.finding, note=said_by(shared)) if shared.columns else shared.finding


def said_by(shared: SharedFinding) -> str:
    """Return which APIs do what, the gravest first."""
    parts = []
    for verdict in (ToolVerdict.REFUSED, ToolVerdict.CHANGED, ToolVerdict.TAKEN):
        of_it = [name for name, found in shared.verdicts.items() if found is verdict]
        certain = [
            name for name in of_it if verdict is not ToolVerdict.REFUSED or shared.columns[name] is Severity.ERROR
        ]
        if certain:
            parts.append(f"{_WORDS[verdict]} {', '.join(certain)}")
        if probably := [name for name in of_it if name not in certain]:
            parts.append(f"probably {_WORDS[verdict]} {', '.join(probably)}")
    return "; ".join(parts)


class Alike(NamedTuple):
    """APIs that answer alike for all tools."""

    letter: str  #: A for the first group
    names: tuple[str, ...]
    cells: tuple[Cell | None, ...]  #: one for each row; None where the API has another wire shape than a request

    def counted(self, verdict: ToolVerdict) -> int:
        """Return how many rows have a verdict."""
        return sum(cell is not None and cell.verdict is verdict for cell in self.cells)


def groups(columns: Sequence[str], rows: Sequence[Row]) -> list[Alike]:
    """Return the columns in groups that have the same verdicts for all rows, those that refuse most first."""
    found: dict[tuple[object, ...], list[str]] = {}
    for name in columns:
        cells = [row.cells.get(name) for row in rows]
        if any(cell is not None for cell in cells):
            found.setdefault(tuple(cell and (cell.verdict, cell.is_certain) for cell in cells), []).append(name)
    alike = [Alike("", tuple(names), tuple(row.cells.get(names[0]) for row in rows)) for names in found.values()]
    alike.sort(key=lambda group: (-group.counted(ToolVerdict.REFUSED), -group.counted(ToolVerdict.CHANGED)))
    return [group._replace(letter=_letter(number)) for number, group in enumerate(alike)]


def _letter(number: int) -> str:
    first, second = divmod(number, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)


def by_source(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Return the rows of each source."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.source, []).append(row)
    return found


def name_of(row: Row) -> str:
    """Return what a row is called."""
    return row.name or ("the request" if row.is_request else "a schema") + (f" at {row.pointer}" if row.pointer else "")


def noun_of(rows: Sequence[Row], *, more: bool = False) -> LiteralString:
    """Return what the rows are, in the singular."""
    if all(row.is_request for row in rows):
        return "more request" if more else "request"
    return "more tool" if more else "tool"
