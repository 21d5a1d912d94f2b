"""Which fix is offered for which finding of a document, and why some have none."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from reqlint.containers.certainty import Certainty
from reqlint.containers.envelope import READ_ONLY, Envelope
from reqlint.core.findings import Fix, Hit, Unfixed
from reqlint.display.escaping import sanitize
from reqlint.fixes.case import FixCase, FixPlan, FunctionNames
from reqlint.fixes.claims import Claims
from reqlint.fixes.kinds import KINDS
from reqlint.fixes.proof import Found, RequestProof
from reqlint.fixes.writer import Writer
from reqlint.judge.judge import Judge
from reqlint.judge.origin import Located
from reqlint.knowledge.rule import Remedy
from reqlint.text.documents import Document

UNCERTAIN_FLAWS = frozenset(("duplicate-key", "invalid-json", "invalid-yaml", "too-deep", "not-utf8"))
"""Flaws with which a place may not be where it seems to be."""


def find_fixes(
    document: Document, found: Sequence[Found], lines: Iterable[Envelope] = (), located: Located | None = None
) -> list[Fix | Unfixed | None]:
    """
    Return a fix for each of *found*, whose places are the document's; or why there is none; or None without a remedy.

    A fix is offered only if the fixed value has fewer findings of that rule and no new error, also together with all
    other fixes that are offered. Recorded requests have none, because they show what was sent; pasted ones have none,
    because they are neither JSON nor YAML; and lists of tools have none. *lines* are the
    envelopes that are judged as lines of a file, and *located* has the regions that are already known.
    """
    fixes: list[Fix | Unfixed | None] = [None] * len(found)
    if not document.is_editable or any(flaw.rule in UNCERTAIN_FLAWS for flaw in document.flaws):
        return fixes
    plans: dict[int, FixPlan] = {}
    for index, plan in _plans(document, found):
        if isinstance(plan, Unfixed):
            fixes[index] = plan
        else:
            plans[index] = plan
    if not plans:
        return fixes
    for index in _uncertain(document, found, plans):
        del plans[index]
        fixes[index] = Unfixed.UNCERTAIN
    proven, refused = _prove(document, found, plans, lines)
    writer = Writer(document, {index: plans[index] for index in proven}, located or {})
    for index, edits in writer.edits():
        fixes[index] = Fix(_sanitized(plans[index].description), _is_safe(found[index]), edits)
    for index, reason in {**refused, **writer.unwritten}.items():
        fixes[index] = reason
    return fixes


_sanitized = lru_cache(maxsize=256)(sanitize)


def _is_safe(found: Found) -> bool:
    _, judge, hit = found
    remedy = judge.rules[hit.rule].fix_for(hit.facts)
    return bool(remedy and remedy.safe)


def planned_fix(judge: Judge, request: object, hit: Hit) -> Remedy | None:
    """
    Return the remedy of a hit in *request* if it comes to a plan, which nobody has proven; None if it does not.

    This takes a small part of the time of `find_fixes`, for a report that does not show the fix.
    """
    remedy = judge.rules[hit.rule].fix_for(hit.facts)
    if remedy is None:
        return None
    dialect = judge.dialect
    case = FixCase(hit, remedy, request, (), judge.profile.name, dialect, FunctionNames(request, dialect))
    try:
        plan = KINDS[remedy.kind](case)
    except LookupError:
        return None
    return remedy if isinstance(plan, FixPlan) else None


def _plans(document: Document, found: Sequence[Found]) -> Iterator[tuple[int, FixPlan | Unfixed]]:
    names: dict[int, FunctionNames] = {}
    for index, (envelope, judge, hit) in enumerate(found):
        remedy = judge.rules[hit.rule].fix_for(hit.facts) if hit.rule in judge.rules else None
        if remedy is None or envelope.inner is not None or envelope.kind in READ_ONLY:
            continue
        if id(envelope) not in names:
            names[id(envelope)] = FunctionNames(envelope.value, judge.dialect)
        profile, root, base = judge.profile.name, document.value, envelope.place
        try:
            plan = KINDS[remedy.kind](FixCase(hit, remedy, root, base, profile, judge.dialect, names[id(envelope)]))
        except LookupError:
            continue  # the hit is at a place that the value does not have, such as a key in a YAML merge
        if plan is not None:
            yield index, plan


def _uncertain(document: Document, found: Sequence[Found], plans: Iterable[int]) -> list[int]:
    """Return the *plans* that would change something that is not certainly a request."""
    certainty = Certainty(document.value)
    misspelled: dict[int, set[str]] = {}
    for envelope, _, hit in found:
        if "close" in hit.facts:
            misspelled.setdefault(id(envelope), set()).add(str(hit.facts["field"]))
    certain: dict[int, bool] = {}
    uncertain = []
    for index in plans:
        envelope, judge, hit = found[index]
        if id(envelope) not in certain:
            keys = {*judge.profile.schema.get("properties", ()), *misspelled.get(id(envelope), ())}
            certain[id(envelope)] = certainty.of(envelope, judge.dialect, keys)
        if not certain[id(envelope)] or hit.place[: len(envelope.place)] != envelope.place:
            uncertain.append(index)
    return uncertain


def _prove(
    document: Document, found: Sequence[Found], plans: dict[int, FixPlan], lines: Iterable[Envelope]
) -> tuple[list[int], dict[int, Unfixed]]:
    """Return the plans that hold together, safe ones first, and why the others do not."""
    are_lines = {id(envelope) for envelope in lines}
    of_request: dict[int, dict[int, Found]] = {}
    for index, each in enumerate(found):
        of_request.setdefault(id(each[0]), {})[index] = each
    waiting: dict[int, list[int]] = {}
    for index in sorted(plans, key=lambda index: not _is_safe(found[index])):
        waiting.setdefault(id(found[index][0]), []).append(index)
    proven: list[int] = []
    refused: dict[int, Unfixed] = {}
    for request, indexes in waiting.items():
        proof = RequestProof(document, of_request[request], plans, is_line=request in are_lines)
        _prove_request(proof, document, found, plans, indexes)
        proven += proof.accepted
        refused |= proof.refused
    return sorted(proven, key=lambda index: (not _is_safe(found[index]), index)), refused


def _prove_request(
    proof: RequestProof, document: Document, found: Sequence[Found], plans: dict[int, FixPlan], waiting: list[int]
) -> None:
    """Prove safe fixes and then unsafe ones; what a refused fix claimed is free for another."""
    clashing = waiting
    while clashing:
        claims = Claims(document.value)
        for index in proof.accepted:
            claims.take(found[index][0].place, plans[index])
        free: list[int] = []
        again: list[int] = []
        for index in clashing:
            (free if claims.take(found[index][0].place, plans[index]) else again).append(index)
        for safe in (True, False):
            proof.prove([index for index in free if _is_safe(found[index]) is safe])
        if not free or not proof.refused.keys() & set(free):
            proof.refused.update(dict.fromkeys(again, Unfixed.CLASH))
            return
        clashing = again
