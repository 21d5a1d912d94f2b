"""From the hits of a document to its findings: places, fixes and words; loaded when there is something to say."""

from collections.abc import Iterable, Sequence

from reqlint.containers.envelope import Envelope
from reqlint.core.findings import Finding, Fix, Hit
from reqlint.fixes.plan import find_fixes
from reqlint.judge.describe import Describer
from reqlint.judge.judge import Judge
from reqlint.judge.origin import Located, Origin
from reqlint.run.file_lines import LineHit
from reqlint.run.judges import Judges
from reqlint.run.locate import encodable_place, locate_hits, nearest_request, start_of
from reqlint.text.documents import Document

HitWithFix = tuple[Hit, Fix | None]
"""A hit, and the change that would settle it."""


def describe_document(
    describer: Describer, document: Document, found: list[LineHit], lines: Sequence[Envelope]
) -> list[Finding]:
    """Make findings of hits, in the order of the text; *lines* are the envelopes judged as lines of a file."""
    located = locate_hits(document, [(envelope, hit) for envelope, _, hit in found])
    found.sort(key=lambda each: start_of(each[2], located))
    fixes = find_fixes(document, found, lines, located)
    return [
        describer.finding(judge, hit, origin_of(envelope, hit, document.value, located, document.index), fix)
        for (envelope, judge, hit), fix in zip(found, fixes, strict=True)
    ]


def origin_of(envelope: Envelope, hit: Hit, root: object, located: Located | None = None, index: int = 0) -> Origin:
    """Return where a hit of an envelope comes from; for a tool of a list, the tool is the request."""
    base, request = envelope.place, envelope.value
    tool = envelope.tools.tool_at(hit.place) if envelope.tools else None
    if tool is not None:  # what tells it from others is its name, and not the list that it is in
        base, request = tool.place, {"name": tool.members["name"][1]} if "name" in tool.members else {}
    return Origin(root, located or {}, index, envelope.custom_id, base, request)


def add_flaws(
    judges: Judges, document: Document, found: Sequence[LineHit], envelopes: Sequence[Envelope]
) -> list[LineHit]:
    """Return *found* and what the text itself has wrong; a flaw replaces the same rule's hit at the same place."""
    flaws = {(flaw.rule, encodable_place(flaw.place)) for flaw in document.flaws}
    kept = [each for each in found if (each[2].rule, each[2].place) not in flaws]
    for flaw in document.flaws:
        envelope = nearest_request(envelopes, flaw)
        if envelope is not None and (judge := judges.choose(envelope)[0]).severity(flaw) is not None:
            kept.append((envelope, judge, flaw))
    return kept


def describe_hits(judge: Judge, describer: Describer, hits: Iterable[Hit | HitWithFix]) -> list[Finding]:
    """Make findings of hits that belong to no request; those whose rule is off are left out."""
    with_fixes = (each if isinstance(each, tuple) else (each, None) for each in hits)
    return [describer.finding(judge, hit, fix=fix) for hit, fix in with_fixes if judge.severity(hit)]


def describe_flaws(judge: Judge, describer: Describer, document: Document) -> list[Finding]:
    """Make findings of what keeps the text of a document from being read."""
    text = document.text if describer.holds_several else None  # tells this line from the others in fingerprints
    origin = Origin(text, document=document.index)
    return [describer.finding(judge, flaw, origin) for flaw in document.flaws if judge.severity(flaw)]
