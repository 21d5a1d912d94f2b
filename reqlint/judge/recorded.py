"""A recorded request, judged together with its answer."""

from collections.abc import Iterable

from reqlint.checks.statuses import find_contradictions
from reqlint.containers.envelope import Envelope
from reqlint.core.findings import Hit, Part, Severity
from reqlint.judge.hits import rebase
from reqlint.judge.judge import Judge
from reqlint.judge.origin import Located
from reqlint.text.documents import Document
from reqlint.text.flaws import UNREADABLE


def locate_flawed_texts(document: Document, envelopes: Iterable[Envelope]) -> Located:
    """Return where *document* writes the texts of requests that have a flaw; it is walked once for all of them."""
    return document.locate([(each.place, Part.VALUE) for each in envelopes if each.inner and each.inner.is_flawed])


def judge_recorded(
    judge: Judge, document: Document, envelope: Envelope, flawed: Located, *, stands_in: bool = False
) -> list[Hit]:
    """
    Return the hits that count against a recorded request, with places of the document.

    Among them are those against the request's text, if it is JSON inside a string, and those against its answer; but
    an answer does not contradict a profile that only *stands in* for that of another API. *flawed* is what
    `locate_flawed_texts` returned.
    """
    of_text = envelope.inner.flaws(document, flawed) if envelope.inner else ()
    hits = [flaw for flaw in of_text if judge.severity(flaw)]
    if envelope.value is not UNREADABLE and (
        verdict := judge.judge_sent(envelope.value, envelope.url, envelope.headers)
    ):
        flaws = {(flaw.rule, flaw.place) for flaw in hits}
        of_request = [rebase(hit, envelope.place) for hit in verdict.hits]
        hits += [hit for hit in of_request if (hit.rule, hit.place) not in flaws]
    if envelope.answer is not None and not stands_in:
        errors = [hit for hit in hits if judge.severity(hit) is Severity.ERROR]
        contradictions = find_contradictions(envelope.answer, judge.profile.statuses, errors)
        hits += [hit for hit in contradictions if judge.severity(hit)]
    return hits
