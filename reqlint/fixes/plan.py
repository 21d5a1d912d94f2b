"""Which fix is offered for which finding of a document."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from reqlint.containers.envelope import READ_ONLY, Envelope
from reqlint.core.findings import Edit, Fix
from reqlint.core.pointer import Place
from reqlint.display.escaping import sanitize
from reqlint.fixes.case import FixCase, FixPlan
from reqlint.fixes.kinds import KINDS
from reqlint.fixes.proof import Found, Proof
from reqlint.fixes.read_back import ReadBack
from reqlint.fixes.splices import scalar_splice
from reqlint.judge.origin import Located
from reqlint.text.changes import Change, Rename
from reqlint.text.documents import Document, YamlDocument
from reqlint.text.json.edits import Splice, Unwritable
from reqlint.text.lines import Lines

MOST_PLANNED = 200
"""Fixes planned for one document: each takes a proof, and `--fix` comes back for the other findings."""

_UNCERTAIN = frozenset(("duplicate-key", "invalid-json", "invalid-yaml", "too-deep", "not-utf8"))
"""Flaws with which a place may not be where it seems to be."""


def find_fixes(
    document: Document, found: Sequence[Found], lines: Iterable[Envelope] = (), located: Located | None = None
) -> list[Fix | None]:
    """
    Return a fix or None for each of *found*, whose places are the document's.

    A fix is offered only if the fixed value has fewer findings of that rule and no new error. Recorded requests have
    none, because they show what was sent, and neither have lists of tools. *lines* are the envelopes that are judged as
    lines of a file, and *located* has the regions that are already known.
    """
    fixes: list[Fix | None] = [None] * len(found)
    if any(flaw.rule in _UNCERTAIN for flaw in document.flaws):
        return fixes
    plans = _proven_plans(document, found, lines)
    if not plans:
        return fixes
    writer = _Writer(document, {index: plan.changes for index, plan in plans.items()}, located or {})
    renamed_to: set[tuple[Place, str]] = set()
    for index, plan in plans.items():
        targets = {(change.place[:-1], change.key) for change in plan.changes if isinstance(change, Rename)}
        if not renamed_to.isdisjoint(targets):
            continue  # two misspellings of one key: once the first is renamed, the key is taken
        edits = writer.edits(index)
        if edits is not None:
            renamed_to |= targets
            _, judge, hit = found[index]
            remedy = judge.rules[hit.rule].fix
            fixes[index] = Fix(_sanitized(plan.description), bool(remedy and remedy.safe), edits)
    return fixes


_sanitized = lru_cache(maxsize=256)(sanitize)


def _proven_plans(document: Document, found: Sequence[Found], lines: Iterable[Envelope]) -> dict[int, FixPlan]:
    proof = Proof(document, found, lines)
    proven: dict[int, FixPlan] = {}
    for index, plan in _plans(document, found):
        if proof.is_exhausted:
            break
        if proof.settles(index, plan.changes):
            proven[index] = plan
    return proven


def _plans(document: Document, found: Sequence[Found]) -> Iterator[tuple[int, FixPlan]]:
    planned = 0
    for index, (envelope, judge, hit) in enumerate(found):
        remedy = judge.rules[hit.rule].fix if hit.rule in judge.rules else None
        if remedy is None or envelope.inner is not None or envelope.kind in READ_ONLY or planned >= MOST_PLANNED:
            continue
        try:
            plan = KINDS[remedy.kind](
                FixCase(hit, remedy, document.value, envelope.place, judge.profile.name, judge.dialect)
            )
        except LookupError:
            continue  # the hit is at a place that the value does not have, such as a key in a YAML merge
        if plan is not None:
            planned += 1
            yield index, plan


class _Writer:
    """Writes the changes of several fixes as edits of one document's text, and reads each result back."""

    def __init__(self, document: Document, changes: dict[int, list[Change]], located: Located) -> None:
        self._document = document
        self._changes = changes
        in_place = {} if isinstance(document, YamlDocument) else located
        self._scalars = {index: scalar_splice(of_fix, in_place) for index, of_fix in changes.items()}
        others = [change for index, of_fix in changes.items() if self._scalars[index] is None for change in of_fix]
        self._write = document.writer(others) if others else None
        self._read_back = ReadBack(document)
        self._regions = {(region.start, region.end): region for region in located.values()}
        self._lines: Lines | None = None

    def edits(self, index: int) -> tuple[Edit, ...] | None:
        """Return the edits of a fix; None if it cannot be written, or if its text would hold something else."""
        changes = self._changes[index]
        try:
            splices = self._scalars[index] or (self._write(changes) if self._write else [])
        except Unwritable:
            return None
        return tuple(map(self._edit, splices)) if self._read_back.holds(splices, changes) else None

    def _edit(self, splice: Splice) -> Edit:
        start, end, text = splice
        region = self._regions.get((start, end))
        if region is None:
            self._lines = self._lines or self._document.lines()
            region = self._lines.region((start, end))
        return Edit(region, text)
