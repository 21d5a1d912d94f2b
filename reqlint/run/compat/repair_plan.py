"""Which edits settle what is refused of the tools of a source, and why others are not made."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from reqlint.containers.envelope import Envelope, Kind
from reqlint.containers.finder import find_requests
from reqlint.core.findings import Edit, Finding, Fix
from reqlint.core.pointer import Place, from_pointer, to_path, value_at
from reqlint.core.records import replace
from reqlint.dialects.registry import ToolList
from reqlint.dialects.vocabulary import OfferedTool
from reqlint.fixes.case import FixPlan
from reqlint.fixes.differences import differences
from reqlint.fixes.plan import UNCERTAIN_FLAWS
from reqlint.fixes.writer import Writer
from reqlint.run.compat.tool_proof import OUTSIDE, Key, Probe, Settled, ToolProof
from reqlint.text.changes import Change, Replace
from reqlint.text.documents import Document, read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import detect_form
from reqlint.text.sources import Source

_NO_LIST = "it is not in a list of tools; what else it may be is not edited"
_BARE_SCHEMA = "it may be the schema of something else than a tool; pass --as schema if it is one"
_FLAWED = "the text has a flaw that leaves open what it holds"
_UNWRITABLE = "an edit of what is written in this way could change something else"
_NAMES = {
    "malformed-tool-name": "programs call the tool by this name; rename it where it is defined",
    "reserved-tool-name": "programs call the tool by this name; rename it where it is defined",
    "duplicate-tool-name": "programs call the tools by their names; rename one where it is defined",
    "malformed-property-name": "the tool's code reads its argument by this name; rename it where it is defined",
    "undocumented-property-name": "the tool's code reads its argument by this name; rename it where it is defined",
}


class Loss(NamedTuple):
    """Something that an edit loses."""

    source: str
    path: str  #: of the schema that it is lost in, as people write it
    description: str  #: of the edit, with what it loses


class PlannedTool(NamedTuple):
    """The edits of one tool, and the findings that they settle."""

    document: int
    findings: tuple[Finding, ...]  #: each with the edits of the whole tool
    losses: tuple[Loss, ...]


class Plans(NamedTuple):
    """All edits of a source."""

    planned: list[PlannedTool]
    unfixed: list[tuple[Finding, str]]


class _ToolFindings(NamedTuple):
    """A tool, and what is refused of it."""

    listed: ToolList
    tool: OfferedTool
    findings: list[tuple[Finding, Place]]  #: with the place


def plan_edits(source: Source, findings: Sequence[Finding], probe: Probe, *, unsafe: bool, kind: Kind | None) -> Plans:
    """Return the edits that settle *findings*, each proven in its tool, and why others have none."""
    by_document: dict[int, list[Finding]] = {}
    for finding in findings:
        by_document.setdefault(finding.document, []).append(finding)
    plans = Plans([], [])
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
) -> tuple[list[_ToolFindings], list[tuple[Finding, str]]]:
    """Return the tools that findings are about; and the findings that are about none, with the reason."""
    lists = [each for each in _envelopes(document, kind) if each.tools is not None]
    tools: dict[Place, _ToolFindings] = {}
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
                tools.setdefault(tool.place, _ToolFindings(envelope.tools, tool, []))
                tools[tool.place].findings.append((finding, place))
                break
        else:
            is_bare = (
                not lists
                and isinstance(document.value, dict)
                and ("$schema" in document.value or "type" in document.value)
            )
            others.append((finding, _BARE_SCHEMA if is_bare else _NO_LIST))
    return list(tools.values()), others


def _envelopes(document: Document, kind: Kind | None) -> Iterator[Envelope]:
    for envelope in find_requests(document.value, kind, named=kind is not None):
        if envelope.inner is None:
            yield envelope


def _schema_of(document: Document, tool: OfferedTool) -> object:
    return value_at(document.value, tool.members["parameters"][0]) if "parameters" in tool.members else None


def _plan_document(
    document: Document, tools: Sequence[_ToolFindings], probe: Probe, plans: Plans, *, unsafe: bool
) -> None:
    """Add to *plans* what is to be done with the tools of a document."""
    settled: dict[int, Settled] = {}
    changes: dict[int, FixPlan] = {}
    for number, found in enumerate(tools):
        schema = _schema_of(document, found.tool)
        base = found.tool.members["parameters"][0]
        assert isinstance(schema, dict)  # others were sorted out
        proof = ToolProof(probe, found.listed, found.tool, schema, unsafe=unsafe)
        keys = [_key(finding, place, base) for finding, place in found.findings]
        done = settled[number] = proof.settle(dict.fromkeys(key for key in keys if key))
        for key, (finding, _) in zip(keys, found.findings, strict=True):
            if key is None:
                plans.unfixed.append((finding, OUTSIDE))
            elif key in done.unsettled:
                plans.unfixed.append((finding, done.unsettled[key]))
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
            if (key := _key(finding, place, base)) is not None and key in done.settled
        )
        plans.planned.append(PlannedTool(document.index, fixed, losses))
    for number in unwritten:
        base = tools[number].tool.members["parameters"][0]
        of_edits = (
            finding for finding, at in tools[number].findings if _key(finding, at, base) in settled[number].settled
        )
        plans.unfixed.extend((finding, _UNWRITABLE) for finding in of_edits)


def _key(finding: Finding, place: Place, base: Place) -> Key | None:
    """Return what names a finding in the schema at *base*; None for one that is elsewhere in the tool."""
    return (finding.rule, place[len(base) :]) if place[: len(base)] == base else None


def _write(
    document: Document, plans: Mapping[int, FixPlan], tools: Sequence[_ToolFindings], settled: Mapping[int, Settled]
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
