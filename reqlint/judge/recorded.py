"""A recorded request: what is wrong with it, and whether what came back agrees."""

from reqlint.checks.statuses import find_contradictions
from reqlint.containers.envelope import Envelope
from reqlint.core.findings import Hit, Severity
from reqlint.judge.judge import Judge, rebase
from reqlint.text.documents import UNREADABLE, Document


def judge_recorded(judge: Judge, document: Document, envelope: Envelope) -> list[Hit]:
    """
    Give the hits that count in a recorded request, in its text if it is one inside a string, and in its answer.

    Places are the document's.
    """
    hits = [flaw for flaw in (envelope.inner.flaws(document) if envelope.inner else ()) if judge.severity(flaw)]
    if envelope.value is not UNREADABLE and (verdict := judge.judge(envelope.value)):
        known = {(flaw.rule, flaw.place) for flaw in hits}
        moved_hits = [rebase(hit, envelope.place) for hit in verdict.hits]
        hits += [hit for hit in moved_hits if (hit.rule, hit.place) not in known]
    if envelope.answer is not None:
        errors = [hit for hit in hits if judge.severity(hit) is Severity.ERROR]
        disagreements = find_contradictions(envelope.answer, judge.profile.statuses, errors)
        hits += [hit for hit in disagreements if judge.severity(hit)]
    return hits
