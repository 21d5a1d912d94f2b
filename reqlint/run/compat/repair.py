"""Fixing the tools of a source, so that all APIs that are required take them."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from reqlint.containers.envelope import Envelope, Kind
from reqlint.containers.finder import find_requests
from reqlint.core.findings import Edit, Finding, Fix, Report
from reqlint.core.pointer import Place, from_pointer, to_path, value_at
from reqlint.dialects.registry import ToolList
from reqlint.dialects.vocabulary import OfferedTool
from reqlint.fixes.apply import Repair, edit_source, remove_temporary, unchanged
from reqlint.fixes.case import FixPlan
from reqlint.fixes.differences import differences
from reqlint.fixes.plan import UNCERTAIN_FLAWS
from reqlint.fixes.together import choose_together
from reqlint.fixes.writer import Writer
from reqlint.run.compat.columns import Column
from reqlint.run.compat.table import SharedFinding, ToolVerdict
from reqlint.run.compat.tool_proof import Probe, Settled, ToolProof
from reqlint.text.changes import Change, Replace
from reqlint.text.documents import Document, read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form, detect_form
from reqlint.text.sources import Source

JudgeTools = Callable[[Source], Sequence[SharedFinding]]
"""Returns the findings of the columns that are required."""

_MOST_ROUNDS = 5  # in YAML, edits that touch each other are made one after the other

_NO_LIST = "it is not in a list of tools; what else it may be is not edited"
_BARE_SCHEMA = "it may be the schema of something else than a tool; pass --as schema if it is one"
_FLAWED = "the text has a flaw that leaves open what it holds"
_UNWRITABLE = "an edit of what is written in this way could change something else"
_TOGETHER = "with all other edits it would lead to another finding of the whole list"
_NAMES = {
    "malformed-tool-name": "programs call the tool by this name; rename it where it is defined",
    "duplicate-tool-name": "programs call the tools by their names; rename one where it is defined",
    "malformed-property-name": "the tool's code reads its argument by this name; rename it where it is defined",
    "undocumented-property-name": "the tool's code reads its argument by this name; rename it where it is defined",
}


class Loss(NamedTuple):
    """Something that an edit loses."""

    source: str
    path: str  #: of the schema that it is lost in, as people write it
    description: str  #: of the edit, with what it loses


class ToolRepair(NamedTuple):
    """A source before and after the fixes of its tools."""

    repair: Repair
    losses: tuple[Loss, ...] = ()


class _Planned(NamedTuple):
    """The edits of one tool, and the findings that they settle."""

    document: int
    findings: tuple[Finding, ...]  #: each with the edits of the whole tool
    losses: tuple[Loss, ...]


class _Plans(NamedTuple):
    """All edits of a source."""

    planned: list[_Planned]
    unfixed: list[tuple[Finding, str]]


class _Found(NamedTuple):
    """A tool, and what is refused of it."""

    listed: ToolList
    tool: OfferedTool
    findings: list[tuple[Finding, Place]]  #: with the place


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
                plans = _plan(current, [each.finding for each in now], probe, unsafe=unsafe, kind=kind)
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
    chosen: Sequence[_Planned],
    judge: JudgeTools,
    names: Sequence[str],
    before: Sequence[SharedFinding],
) -> tuple[Source, list[SharedFinding], Sequence[_Planned]]:
    """Return the source with the edits, what is refused of it, and the edits that led to nothing new together."""
    is_lines = detect_form(source) is Form.JSONL
    known = _counts(before, names)
    while chosen:
        batch: dict[int, list[Finding]] = {}
        for each in chosen:
            batch.setdefault(each.document if is_lines else 0, []).extend(each.findings)
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


def _chosen(source: Source, planned: Sequence[_Planned]) -> tuple[list[_Planned], bool]:
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


# ------------------------------------------------------------------------------------------------------- planning


def _plan(source: Source, findings: Sequence[Finding], probe: Probe, *, unsafe: bool, kind: Kind | None) -> _Plans:
    by_document: dict[int, list[Finding]] = {}
    for finding in findings:
        by_document.setdefault(finding.document, []).append(finding)
    plans = _Plans([], [])
    for document in read_documents(source, detect_form(source)) if findings else ():
        of_document = by_document.get(document.index, [])
        if not of_document or document.value is UNREADABLE:
            continue
        if not document.is_editable or any(flaw.rule in UNCERTAIN_FLAWS for flaw in document.flaws):
            plans.unfixed.extend((finding, _FLAWED) for finding in of_document)
            continue
        tools, others = _by_tool(document, of_document, kind)
        plans.unfixed.extend(others)
        _plan_document(document, tools, probe, plans, unsafe=unsafe)
    return plans


def _by_tool(
    document: Document, findings: Sequence[Finding], kind: Kind | None
) -> tuple[list[_Found], list[tuple[Finding, str]]]:
    """Return the tools that findings are about; and the findings that are about none, with the reason."""
    lists = [each for each in _envelopes(document, kind) if each.tools is not None]
    tools: dict[Place, _Found] = {}
    others: list[tuple[Finding, str]] = []
    for finding in findings:
        if finding.rule in _NAMES:
            others.append((finding, _NAMES[finding.rule]))
            continue
        try:
            place = from_pointer(finding.pointer, document.value)
        except LookupError:
            place = ()
        for envelope in lists:
            tool = envelope.tools.tool_at(place) if envelope.tools else None
            if envelope.tools and tool and isinstance(_schema_of(document, tool), dict):
                tools.setdefault(tool.place, _Found(envelope.tools, tool, []))
                tools[tool.place].findings.append((finding, place))
                break
        else:
            is_bare = not lists and isinstance(document.value, dict) and ("$schema" in document.value or "type" in document.value)
            others.append((finding, _BARE_SCHEMA if is_bare else _NO_LIST))
    return list(tools.values()), others


def _envelopes(document: Document, kind: Kind | None) -> Iterator[Envelope]:
    for envelope in find_requests(document.value, kind, named=kind is not None):
        if envelope.inner is None:
            yield envelope


def _schema_of(document: Document, tool: OfferedTool) -> object:
    return value_at(document.value, tool.members["parameters"][0]) if "parameters" in tool.members else None


def _plan_document(document: Document, tools: Sequence[_Found], probe: Probe, plans: _Plans, *, unsafe: bool) -> None:
    settled: dict[int, Settled] = {}
    changes: dict[int, FixPlan] = {}
    for number, found in enumerate(tools):
        schema = _schema_of(document, found.tool)
        base = found.tool.members["parameters"][0]
        assert isinstance(schema, dict)  # others were sorted out
        proof = ToolProof(probe, found.listed, found.tool, schema, unsafe=unsafe)
        keys = {(finding.rule, place[len(base) :]): finding for finding, place in found.findings if place[: len(base)] == base}
        outside = [finding for finding, place in found.findings if place[: len(base)] != base]
        done = settled[number] = proof.settle(keys)
        plans.unfixed.extend((keys[key], reason) for key, reason in done.unsettled.items())
        plans.unfixed.extend((finding, _NO_LIST if base else _BARE_SCHEMA) for finding in outside)
        if done.settled:
            changes[number] = FixPlan("", list(differences(schema, done.schema, base)))
    written, unwritten = _write(document, changes, tools, settled)
    for number, edits in written.items():
        found, done = tools[number], settled[number]
        base = found.tool.members["parameters"][0]
        losses = tuple(
            Loss(found.findings[0][0].source or "", to_path((*base, *edit.place)), edit.description)
            for edit in done.edits
            if not edit.safe
        )
        fixed = tuple(
            replace(finding, fix=Fix(done.settled[key], not losses, edits))
            for finding, place in found.findings
            if (key := (finding.rule, place[len(base) :])) in done.settled
        )
        plans.planned.append(_Planned(document.index, fixed, losses))
    for number in unwritten:
        base = tools[number].tool.members["parameters"][0]
        of_edits = (finding for finding, at in tools[number].findings if (finding.rule, at[len(base) :]) in settled[number].settled)
        plans.unfixed.extend((finding, _UNWRITABLE) for finding in of_edits)


def _write(
    document: Document, plans: Mapping[int, FixPlan], tools: Sequence[_Found], settled: Mapping[int, Settled]
) -> tuple[dict[int, tuple[Edit, ...]], list[int]]:
    """Return the edits of each tool's text; where small ones cannot be written, the schema is written anew."""
    if not plans:
        return {}, []
    writer = Writer(document, plans, {})
    written = dict(writer.edits())
    if not writer.unwritten:
        return written, []
    whole: dict[int, FixPlan] = {}
    for number in writer.unwritten:
        replaced: list[Change] = [Replace(tools[number].tool.members["parameters"][0], settled[number].schema)]
        whole[number] = FixPlan("", replaced)
    anew = Writer(document, whole, {})
    written |= dict(anew.edits())
    return written, list(anew.unwritten)
