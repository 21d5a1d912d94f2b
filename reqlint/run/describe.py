"""From the hits of a document to its findings: places, fixes and words; loaded when there is something to say."""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from reqlint.containers.envelope import Envelope
from reqlint.core.findings import Finding, Fix, Hit, Severity, Suppression
from reqlint.core.pointer import Place, to_pointer
from reqlint.core.records import replace
from reqlint.fixes.plan import find_fixes
from reqlint.judge.describe import Describer
from reqlint.judge.judge import Judge
from reqlint.judge.origin import Located, Origin
from reqlint.run.file_lines import LineHit
from reqlint.run.judges import Judges
from reqlint.run.locate import NearestRequest, encodable_place, locate_hits, regions_of
from reqlint.text.documents import Document

_MANY = 1000
"""Findings of one document; with more of them, most are unlike those of others."""

HitWithFix = tuple[Hit, Fix | None]
"""A hit, and the change that would settle it."""


def describe_document(
    describer: Describer, document: Document, found: list[LineHit], lines: Sequence[Envelope]
) -> list[Finding]:
    """Make findings of hits, in the order of the text; *lines* are the envelopes judged as lines of a file."""
    located = locate_hits(document, [(envelope, hit) for envelope, _, hit in found])
    regions = regions_of([hit for _, _, hit in found], located)
    starts = [region.start if region else -1 for region in regions]
    if any(start > later for start, later in pairwise(starts)):
        order = sorted(range(len(found)), key=starts.__getitem__)
        found[:] = [found[number] for number in order]
        regions = [regions[number] for number in order]
    fixes = find_fixes(document, found, lines, located)
    hashes: dict[tuple[str, Place], str] = {}
    origins: dict[int, Origin] = {}  # by the id of the envelope; those of tools differ
    describe = _describes(describer, len(found))
    findings: list[Finding] = []
    for (envelope, judge, hit), fix, region in zip(found, fixes, regions, strict=True):
        origin = origins.get(id(envelope))
        if origin is None:
            origin = origin_of(envelope, hit, document, located, hashes)
            if envelope.tools is None:
                origins[id(envelope)] = origin
        findings.append(describe(judge, hit, origin, fix, region))
    if any(envelope.answer is not None for envelope, _, _ in found):
        of_text = set(map(id, document.flaws))  # of the recording, not of what was sent
        return [
            finding if id(hit) in of_text else _explaining(finding, envelope)
            for finding, (envelope, _, hit) in zip(findings, found, strict=True)
        ]
    return findings


def _describes(describer: Describer, count: int) -> Callable[..., Finding]:
    """Return the function that describes so many hits of a document soonest, each as `Describer.finding` does."""
    if count <= _MANY:
        return describer.finding
    from reqlint.judge.many_keys import ManyKeys  # few documents have so many

    return ManyKeys(describer).finding


def _explaining(finding: Finding, envelope: Envelope) -> Finding:
    """Return *finding*, marked as not counting if it is an error and the request was refused, as it says."""
    answer = envelope.answer
    if answer is None or answer.accepted is not False or finding.severity is not Severity.ERROR:
        return finding
    status = "" if answer.status is None else f" with {answer.status}"
    reason = f"the request was refused{status}, which this error explains"
    return replace(
        finding,
        suppressed=True,
        suppression=Suppression("recording", reason),
        explains=to_pointer(envelope.place),
    )


def origin_of(
    envelope: Envelope,
    hit: Hit,
    document: Document | None = None,
    located: Located | None = None,
    hashes: dict[tuple[str, Place], str] | None = None,
) -> Origin:
    """Return where a hit of an envelope comes from; for a tool of a list, the tool is the request."""
    base, request = envelope.place, envelope.value
    tool = envelope.tools.tool_at(hit.place) if envelope.tools else None
    if tool is not None:  # what tells it from others is its name, and not the list that it is in
        base, request = tool.place, {"name": tool.members["name"][1]} if "name" in tool.members else {}
    root, index = (envelope.value, 0) if document is None else (document.value, document.index)
    return Origin(root, located or {}, index, envelope.custom_id, base, request, hashes)


def add_flaws(
    judges: Judges, document: Document, found: Sequence[LineHit], envelopes: Sequence[Envelope]
) -> list[LineHit]:
    """Return *found* and what the text itself has wrong; a flaw replaces the same rule's hit at the same place."""
    places = {(flaw.rule, flaw.place) for flaw in document.flaws}
    flaws = {(rule, encodable_place(place)) for rule, place in places}
    kept = [each for each in found if (each[2].rule, each[2].place) not in flaws]
    nearest = NearestRequest(envelopes)
    chosen: dict[int, Judge] = {}  # by the id of the envelope
    for flaw in document.flaws:
        envelope = nearest(flaw)
        if envelope is None:
            continue
        judge = chosen.get(id(envelope))
        if judge is None:
            judge = chosen[id(envelope)] = judges.choose(envelope)[0]
        if judge.severity(flaw) is not None:
            kept.append((envelope, judge, flaw))
    return kept


def describe_hits(judge: Judge, describer: Describer, hits: Iterable[Hit | HitWithFix]) -> list[Finding]:
    """Make findings of hits that belong to no request; those whose rule is off are left out."""
    with_fixes = (each if isinstance(each, tuple) else (each, None) for each in hits)
    return [describer.finding(judge, hit, fix=fix) for hit, fix in with_fixes if judge.severity(hit)]


def describe_flaws(judge: Judge, describer: Describer, document: Document) -> list[Finding]:
    """Make findings of what keeps the text of a document from being read."""
    text = document.text if describer.holds_several else None  # tells this line from the others in fingerprints
    origin = Origin(text, document=document.index, hashes={})
    describe = _describes(describer, len(document.flaws))
    return [describe(judge, flaw, origin) for flaw in document.flaws if judge.severity(flaw)]
