"""Fixing the tools of a source, so that all APIs that are required take them."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from reqlint.containers.envelope import Kind
from reqlint.core.findings import Finding, Report
from reqlint.fixes.apply import Repair, edit_source, remove_temporary, unchanged
from reqlint.fixes.together import choose_together
from reqlint.run.compat.columns import Column
from reqlint.run.compat.repair_plan import Loss, PlannedTool, plan_edits
from reqlint.run.compat.table import SharedFinding, ToolVerdict
from reqlint.run.compat.tool_proof import Probe
from reqlint.text.forms import Form, detect_form
from reqlint.text.sources import Source

JudgeTools = Callable[[Source], Sequence[SharedFinding]]
"""Returns the findings of the columns that are required."""

_MOST_ROUNDS = 5  # in YAML, edits that touch each other are made one after the other

_TOGETHER = "with all other edits it would lead to another finding of the whole list"


class ToolRepair(NamedTuple):
    """A source before and after the fixes of its tools."""

    repair: Repair
    losses: tuple[Loss, ...] = ()


def repair_tools(
    source: Source, judge: JudgeTools, columns: Sequence[Column], *, unsafe: bool = False, kind: Kind | None = None
) -> ToolRepair:
    """
    Edit the schemas of a source's tools until all *columns* take them, as far as that is possible.

    Each edit is proven in the tool that it is made in: it removes a finding, and no column finds more than before. The
    edited text is judged once more as a whole. *source* itself is not written; pass the result to `commit` or
    `discard`.

    Raises:
        InputChanged: somebody else changed the file while it was read.
    """
    probe = Probe(columns)
    names = [column.name for column in columns]
    with unchanged(source) as (stamp, look):
        found = now = _refused(judge(source), names)
        look()
        current, fixed, losses = source, list[Finding](), list[Loss]()
        unfixed: list[tuple[Finding, str]] = []
        try:
            for _ in range(_MOST_ROUNDS):
                plans = plan_edits(current, [each.finding for each in now], probe, unsafe=unsafe, kind=kind)
                unfixed = plans.unfixed
                chosen, is_all = _chosen(current, plans.planned)
                edited, left, kept = _edited(current, chosen, judge, names, now)
                unfixed += [(finding, _TOGETHER) for each in chosen[len(kept) :] for finding in each.findings]
                if not kept:
                    break
                if current is not source:
                    remove_temporary(current, source)
                current, now = edited, left
                fixed += [finding for each in kept for finding in each.findings]
                losses += [loss for each in kept for loss in each.losses]
                if is_all:
                    break
            look()
        except BaseException:
            remove_temporary(current, source)
            raise
    repair = Repair(_report(found), _report(now), tuple(fixed), (), current, tuple(unfixed), stamp)
    return ToolRepair(repair, tuple(losses))


def _refused(findings: Sequence[SharedFinding], names: Sequence[str]) -> list[SharedFinding]:
    """Return the findings because of which a column refuses a tool, and which the project does not accept."""
    return [
        each
        for each in findings
        if not each.finding.suppressed and any(each.verdicts.get(name) is ToolVerdict.REFUSED for name in names)
    ]


def _report(findings: Sequence[SharedFinding]) -> Report:
    return Report(tuple(each.finding for each in findings))


def _counts(findings: Sequence[SharedFinding], names: Sequence[str]) -> Counter[tuple[str, str]]:
    return Counter((name, each.finding.rule) for each in findings for name in names if name in each.columns)


def _edited(
    source: Source,
    chosen: Sequence[PlannedTool],
    judge: JudgeTools,
    names: Sequence[str],
    before: Sequence[SharedFinding],
) -> tuple[Source, list[SharedFinding], Sequence[PlannedTool]]:
    """Return the source with the edits, what is refused of it, and the edits that led to nothing new together."""
    is_lines = detect_form(source) is Form.JSONL
    known = _counts(before, names)
    while chosen:
        batch: dict[int, list[Finding]] = {}  # one finding of each tool, as all of them have the edits of the tool
        for each in chosen:
            batch.setdefault(each.document if is_lines else 0, []).append(each.findings[0])
        edited = edit_source(source, batch)
        try:
            left = _refused(judge(edited), names)
        except BaseException:
            remove_temporary(edited, source)
            raise
        if not _counts(left, names) - known:
            return edited, left, chosen
        remove_temporary(edited, source)
        chosen = chosen[: len(chosen) // 2]
    return source, list(before), ()


def _chosen(source: Source, planned: Sequence[PlannedTool]) -> tuple[list[PlannedTool], bool]:
    """Return the edits that can be made at once, and whether these are all."""
    may_touch = detect_form(source) is not Form.YAML
    by_document: dict[int, list[int]] = {}
    for number, each in enumerate(planned):
        by_document.setdefault(each.document if may_touch else 0, []).append(number)
    chosen: list[int] = []
    for numbers in by_document.values():
        splices = (
            (number, [(edit.region.start, edit.region.end, edit.replacement) for edit in fix.edits])
            for number in numbers
            if (fix := planned[number].findings[0].fix)
        )
        chosen += choose_together(splices, may_touch=may_touch)
    return [planned[number] for number in sorted(chosen)], len(chosen) == len(planned)
