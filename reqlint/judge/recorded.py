"""A recorded request, judged together with its answer."""

from reqlint.checks.statuses import find_contradictions
from reqlint.containers.envelope import Envelope
from reqlint.core.findings import Hit, Severity
from reqlint.judge.hits import rebase
from reqlint.judge.judge import Judge
from reqlint.text.documents import Document
from reqlint.text.flaws import UNREADABLE


def judge_recorded(judge: Judge, document: Document, envelope: Envelope, *, stands_in: bool = False) -> list[Hit]:
    """
    Return the hits that count against a recorded request, with places of the document.

    Among them are those against the request's text, if it is JSON inside a string, and those against its answer; but
    an answer does not contradict a profile that only *stands in* for that of another API.
    """
    hits = [flaw for flaw in (envelope.inner.flaws(document) if envelope.inner else ()) if judge.severity(flaw)]
    if envelope.value is not UNREADABLE and (verdict := judge.judge(envelope.value)):
        flaws = {(flaw.rule, flaw.place) for flaw in hits}
        of_request = [rebase(hit, envelope.place) for hit in verdict.hits]
        hits += [hit for hit in of_request if (hit.rule, hit.place) not in flaws]
    if envelope.answer is not None and not stands_in:
        errors = [hit for hit in hits if judge.severity(hit) is Severity.ERROR]
        contradictions = find_contradictions(envelope.answer, judge.profile.statuses, errors)
        hits += [hit for hit in contradictions if judge.severity(hit)]
    return hits
