"""Record runs in fuzz/RESULTS.md: one row for each day, machine and target, with the sum of its runs."""

from pathlib import Path
from typing import Protocol

_HEAD = """\
# What was fuzzed

Written by `python fuzz/run.py --record`: a row for each day, machine and target, its runs added up. *Edges* are
branches of `reqlint` (and of PyYAML) that were taken, by the seeds alone and at the end; *features* tell edges apart by
how often they were taken. *Kept* are the inputs in `regressions/` that failed once, each in its own way, and *hold now*
how many of them do not fail any more.

| day | machine | target | s | executions | edges, seeds → end | features | corpus | MB | slowest s | kept | hold now |
|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
"""


class _TargetRun(Protocol):
    @property
    def target(self) -> str: ...
    @property
    def seconds(self) -> float: ...
    @property
    def executions(self) -> int: ...
    @property
    def started_with(self) -> int: ...
    @property
    def edges(self) -> int: ...
    @property
    def features(self) -> int: ...
    @property
    def corpus(self) -> int: ...
    @property
    def megabytes(self) -> int: ...
    @property
    def slowest(self) -> int: ...


def add(file: Path, day: str, machine: str, ended: _TargetRun, kept: int, held: int) -> None:
    """Add a run to the record; *kept* inputs of the target failed once, and *held* of them do not fail any more."""
    rows = _rows(file)
    key = (day, machine, ended.target)
    seconds, executions, started = round(ended.seconds), ended.executions, ended.started_with
    megabytes, slowest, edges, features = ended.megabytes, ended.slowest, ended.edges, ended.features
    if before := rows.get(key):
        seconds += _number(before[0])
        executions += _number(before[1])
        started = min(started, _number(before[2].partition(" → ")[0]))
        edges = max(edges, _number(before[2].partition(" → ")[2]))
        features = max(features, _number(before[3]))
        megabytes, slowest = max(megabytes, _number(before[5])), max(slowest, _number(before[6]))
    written = (seconds, executions, f"{started:,} → {edges:,}", features, ended.corpus, megabytes, slowest, kept, held)
    rows[key] = [cell if isinstance(cell, str) else f"{cell:,}" for cell in written]
    lines = [f"| {' | '.join((*key, *row))} |\n" for key, row in sorted(rows.items())]
    seconds = sum(_number(row[0]) for row in rows.values())
    executions = sum(_number(row[1]) for row in rows.values())
    file.write_text(f"{_HEAD}{''.join(lines)}\n{executions:,} executions in {seconds / 60:.0f} minutes.\n", "utf-8")


def _rows(file: Path) -> dict[tuple[str, str, str], list[str]]:
    rows = {}
    for line in file.read_text("utf-8").splitlines() if file.exists() else ():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 12 and cells[0][:1].isdigit():
            rows[cells[0], cells[1], cells[2]] = cells[3:]
    return rows


def _number(cell: str) -> int:
    return int(cell.replace(",", ""))
