"""The proof of a fix before it is offered: its finding is settled and no error is new."""

from collections.abc import Iterable, Sequence

from reqlint.containers.envelope import Envelope
from reqlint.core.findings import Hit, Part, Severity
from reqlint.core.pointer import Place, value_at
from reqlint.fixes.stays_fixed import stays_fixed
from reqlint.judge.hits import rebase
from reqlint.judge.judge import Judge
from reqlint.text.changes import Change, Quote, apply_changes
from reqlint.text.documents import Document

_MOST_JUDGED = 10_000_000  # characters of one document, over all its fixes
_PER_FINDING = 500  # characters that take as long to judge as one finding takes to be found

Found = tuple[Envelope, Judge, Hit]
"""A hit with a place in the document, its request, and the judge that found it."""


class Proof:
    """
    Judges the value that a fix would make.

    Args:
        document: the one that the fixes change.
        found: its hits.
        lines: the envelopes that are judged as lines of a file.
    """

    def __init__(self, document: Document, found: Sequence[Found], lines: Iterable[Envelope]) -> None:
        self._document = document
        self._found = found
        self._lines = {id(envelope) for envelope in lines}
        self._left = _MOST_JUDGED
        self._cost: int | None = None  # of one proof
        self._errors: dict[int, set[tuple[str, Place]]] | None = None  # of each envelope
        self._counts: dict[tuple[int, str], int] = {}  # hits of each envelope and rule

    @property
    def is_exhausted(self) -> bool:
        """Whether so much was judged that no further fix of this document is to be proven."""
        return self._left < 0

    def settles(self, index: int, changes: Sequence[Change]) -> bool:
        """Return whether *changes* settle the hit with this *index* and cause no new error."""
        envelope, judge, hit = self._found[index]
        if all(isinstance(change, Quote) for change in changes):
            return True  # the value does not change
        if self._cost is None:
            root = self._document.locate([((), Part.VALUE)]).get(((), Part.VALUE))
            self._cost = (root.end - root.start if root else 0) + _PER_FINDING * len(self._found)
        self._left -= self._cost
        is_line = id(envelope) in self._lines
        if not self._document.flaws and not is_line:
            settled = stays_fixed(judge, envelope.value, hit.rule, changes, len(envelope.place))
            if settled is not None:
                return settled
        try:
            value = value_at(apply_changes(self._document.value, changes), envelope.place)
        except LookupError:
            return False  # the changes remove the request itself
        verdict = judge.judge_line(envelope.kind, value) if is_line else judge.judge(value)
        after = [rebase(hit, envelope.place) for hit in verdict.hits] if verdict else []
        errors = self._errors_before().get(id(envelope), set())
        if any(judge.severity(left) is Severity.ERROR and (left.rule, left.place) not in errors for left in after):
            return False
        return sum(left.rule == hit.rule for left in after) < self._counts[id(envelope), hit.rule]

    def _errors_before(self) -> dict[int, set[tuple[str, Place]]]:
        if self._errors is None:
            self._errors = {}
            for envelope, judge, hit in self._found:
                rule = (id(envelope), hit.rule)
                self._counts[rule] = self._counts.get(rule, 0) + 1
                if judge.severity(hit) is Severity.ERROR:
                    self._errors.setdefault(id(envelope), set()).add((hit.rule, hit.place))
        return self._errors
