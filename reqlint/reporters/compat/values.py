"""The table for programs: one JSON object, which ``schemas/meta/compat.json`` describes."""

from reqlint.display.cached import mask, mask_path, mask_pointer
from reqlint.display.escaping import to_json
from reqlint.display.shown import Json, Shown, fill, join, literal, verbatim
from reqlint.reporters.formats.json_report import as_dict
from reqlint.reporters.rendering import Rendering, Write
from reqlint.run.compat.table import Cell, CompatReport, Row, SharedFinding


def render(report: CompatReport, rendering: Rendering, write: Write) -> None:
    """Write one object, each tool and each finding on its own line."""
    tool: Json = {"name": literal("reqlint"), "version": verbatim(rendering.version)}
    write(fill('{{"version": 1,\n"tool": {},\n', to_json(tool)))
    write(fill('"profiles": {},\n', to_json([verbatim(name) for name in report.columns])))
    write(fill('"tools": {},\n', _listed([to_json(_row(row)) for row in report.rows])))
    write(fill('"findings": {},\n', _listed([to_json(_finding(each)) for each in report.findings])))
    skipped: Json = [{"file": mask_path(name), "reason": mask(why)} for name, why in report.skipped]
    unread: Json = [{"file": mask_path(name), "reason": mask(why)} for name, why in report.unread]
    write(fill('"skipped": {},\n"unreadable": {}}}\n', to_json(skipped), to_json(unread)))


def _listed(lines: list[Shown]) -> Shown:
    return fill("[\n{}\n]", join(",\n", lines)) if lines else literal("[]")


def _row(row: Row) -> Json:
    return {
        "name": None if row.name is None else mask(row.name),
        "kind": literal("request" if row.is_request else "tool"),
        "file": mask_path(row.source),
        "document": row.document,
        "pointer": mask_pointer(row.pointer),
        "line": row.region.line if row.region else None,
        "verdicts": {verbatim(name): _cell(cell) for name, cell in row.cells.items()},
    }


def _cell(cell: Cell) -> Json:
    return {
        "verdict": cell.verdict,
        "rules": [verbatim(rule) for rule in cell.rules],
        "status": None if cell.status is None else verbatim(cell.status),
        "certain": cell.is_certain,
    }


def _finding(shared: SharedFinding) -> Json:
    finding: dict[str, Json] = as_dict(shared.finding)  # type: ignore[assignment]  # its values are masked
    return {**finding, "profiles": [verbatim(name) for name in shared.columns]}
