"""The table as Markdown, for pull requests and for the summary of a workflow."""

from collections.abc import Iterator, Sequence

from reqlint.display.cached import sanitize
from reqlint.display.escaping import counted
from reqlint.display.shown import Shown, ellipsis, fill, join, literal, transform
from reqlint.reporters.compat.wording import Alike, by_source, groups, name_of, noun_of, said_by
from reqlint.reporters.markdown import code, escape_markdown
from reqlint.reporters.rendering import Rendering, Write
from reqlint.reporters.shown_finding import ShownFinding
from reqlint.run.compat.table import Cell, CompatReport, Row, SharedFinding, ToolVerdict

_MOST_ROWS = 100  # of a source; a comment of a pull request has at most 65,536 characters
_MOST_FINDINGS = 50
_LONGEST_NAME = 64

_SIGNS = {ToolVerdict.TAKEN: "\u2705", ToolVerdict.CHANGED: "\u26a0\ufe0f", ToolVerdict.REFUSED: "\u274c"}
_UNCERTAIN = "\u2754"


def render(report: CompatReport, _rendering: Rendering, write: Write) -> None:
    """Write a table for each source, and the findings as a list."""
    for source, rows in by_source(report.rows).items():
        for line in _table(source, rows, groups(report.columns, rows)):
            write(fill("{}\n", line))
    counting = [each for each in report.findings if not each.finding.suppressed]
    if counting:
        write(literal("<details><summary>Findings</summary>\n\n"))
        for each in counting[:_MOST_FINDINGS]:
            write(fill("- {}\n", _finding(each)))
        if len(counting) > _MOST_FINDINGS:
            write(fill("- {} and {:,} more\n", ellipsis(True), len(counting) - _MOST_FINDINGS))
        write(literal("\n</details>\n"))


def _table(source: str, rows: Sequence[Row], alike: Sequence[Alike]) -> Iterator[Shown]:
    what = counted(len(rows), noun_of(rows))
    yield fill("### {}: {}\n", code(sanitize(source)), what)
    spoken = [
        number for number, row in enumerate(rows) if any(c.verdict is not ToolVerdict.TAKEN for c in row.cells.values())
    ]
    letters = [sanitize(group.letter) for group in alike]
    if spoken:
        yield fill("| | {} |", join(" | ", letters))
        yield fill("|---|{}|", join("|", (literal(":-:") for _ in alike)))
        for number in spoken[:_MOST_ROWS]:
            signs = join(" | ", (_sign(group.cells[number]) for group in alike))
            yield fill("| {} | {} |", _label(rows[number]), signs)
        yield literal("")
    if len(spoken) > _MOST_ROWS:
        yield fill("{} and {:,} more.\n", ellipsis(True), len(spoken) - _MOST_ROWS)
    if left := len(rows) - len(spoken):
        yield fill("{} taken by all.\n", counted(left, noun_of(rows, more=bool(spoken))))
    for group, letter in zip(alike, letters, strict=True):
        names = join(", ", (code(sanitize(name)) for name in group.names))
        refused, changed = group.counted(ToolVerdict.REFUSED), group.counted(ToolVerdict.CHANGED)
        told = fill("{:,} refused, {:,} changed", refused, changed) if refused or changed else literal("all taken")
        yield fill("- **{}** ({}): {}", letter, told, names)
    yield literal("")


def _label(row: Row) -> Shown:
    name = transform(sanitize(name_of(row)), lambda text: text[:_LONGEST_NAME])
    return transform(code(name), lambda text: text.replace("|", "\\|"))


def _sign(cell: Cell | None) -> Shown:
    if cell is None:
        return literal(" ")
    return sanitize(_UNCERTAIN if cell.verdict is ToolVerdict.REFUSED and not cell.is_certain else _SIGNS[cell.verdict])


def _finding(shared: SharedFinding) -> Shown:
    told = ShownFinding(shared.finding)
    parts = [fill("{} {}: {}", code(told.position), code(told.rule), escape_markdown(told.message))]
    if shared.columns:
        parts.append(escape_markdown(sanitize(said_by(shared))))
    return join(". ", parts)
