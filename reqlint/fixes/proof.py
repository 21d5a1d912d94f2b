"""The proof of the fixes of a request, together and before they are offered: findings are settled, no error is new."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from reqlint.containers.envelope import Envelope, Kind
from reqlint.core.findings import Hit, Severity, Unfixed
from reqlint.core.pointer import Place, value_at
from reqlint.core.records import replace
from reqlint.fixes.case import FixPlan
from reqlint.fixes.stays_fixed import stays_fixed
from reqlint.judge.hits import rebase
from reqlint.judge.judge import Judge
from reqlint.text.changes import Add, Change, Quote, Rename, Unwrap, apply_changes
from reqlint.text.documents import Document

MOST_JUDGED = 16
"""How often one request is judged for its fixes; all that are right are proven by the first time."""

_FEW = 8  # fixes of a request that are first proven one by one, which is quick where the outcome is remembered

Found = tuple[Envelope, Judge, Hit]
"""A hit with a place in the document, its request, and the judge that found it."""

_Name = tuple[str, Place, object]


class _Outcome(NamedTuple):
    """What some fixes come to together."""

    holds: bool
    suspects: frozenset[int] = frozenset()  #: those to blame where they do not; empty if that is not known


class RequestProof:
    """
    Proves fixes of one request: of those tried, which can be made together.

    Args:
        document: the one that the fixes change.
        found: the hits of the request.
        plans: what would settle each of them, by its number.
        is_line: whether the request is judged as a line of a file.
    """

    def __init__(
        self, document: Document, found: Mapping[int, Found], plans: Mapping[int, FixPlan], *, is_line: bool
    ) -> None:
        self._document = document
        self._found = found
        self._plans = plans
        self._is_line = is_line
        self._envelope, self._judge, _ = next(iter(found.values()))
        self._left = MOST_JUDGED
        hits = [hit for _, _, hit in found.values()]
        self._counts = Counter(hit.rule for hit in hits)
        self._names = Counter(map(_name, hits))
        self._errors = {(hit.rule, hit.place) for hit in hits if self._judge.severity(hit) is Severity.ERROR}
        self.accepted: list[int] = []  #: what was proven so far, all of it together
        self.refused: dict[int, Unfixed] = {}

    def prove(self, tried: Sequence[int]) -> None:
        """Find out which of the fixes *tried* hold beside those accepted so far, and add them to `accepted`."""
        rest = self._without_single_failures(tried)
        if not rest:
            return
        outcome = self._outcome(rest)
        if outcome.holds:
            self.accepted += rest
            return
        suspects = [each for each in rest if each in outcome.suspects]
        others = [each for each in rest if each not in outcome.suspects]
        if suspects and others and self._left > 0 and self._outcome(others).holds:
            self.accepted += others
            others = []
        self._bisect([*others, *suspects], outcome.suspects)

    def _bisect(self, failed: Sequence[int], suspects: frozenset[int]) -> None:
        """Accept what holds of *failed*, which does not hold together with what was accepted: halve it, and so on."""
        waiting: list[Sequence[int]] = [failed]
        while waiting:
            some = waiting.pop()
            if len(some) == 1:
                self.refused[some[0]] = Unfixed.HARMFUL
                continue
            middle = len(some) // 2
            for half in (some[:middle], some[middle:]):
                if self._left <= 0:
                    self.refused |= {each: Unfixed.HARMFUL if each in suspects else Unfixed.TOO_MANY for each in half}
                elif self._outcome(half).holds:
                    self.accepted += half
                else:
                    waiting.append(half)

    def _without_single_failures(self, tried: Sequence[int]) -> list[int]:
        """Refuse those of a few fixes that fail alone, where the members that they can affect tell."""
        if not 1 < len(tried) <= _FEW or self._document.flaws or self._is_line:
            return list(tried)
        kept = []
        for each in tried:
            if self._is_quoting([each]) or self._by_members([each]) is not False:
                kept.append(each)
            else:
                self.refused[each] = Unfixed.HARMFUL
        return kept

    def _by_members(self, fixes: Sequence[int]) -> bool | None:
        rules = tuple(self._found[each][2].rule for each in fixes)
        base = len(self._envelope.place)
        return stays_fixed(self._judge, self._envelope.value, rules, self._changes(fixes), base)

    def _is_quoting(self, fixes: Iterable[int]) -> bool:
        """Return whether the value stays the same."""
        return all(isinstance(change, Quote) for each in fixes for change in self._plans[each].changes)

    def _changes(self, fixes: Iterable[int]) -> list[Change]:
        """Return the changes of *fixes*, those of equal fixes once."""
        by_text = {repr(self._plans[each].changes): self._plans[each].changes for each in fixes}
        return [change for changes in by_text.values() for change in changes]

    def _outcome(self, tried: Sequence[int]) -> _Outcome:
        """Return whether *tried* hold together with what was accepted, and who is to blame where they do not."""
        fixes = [*self.accepted, *tried]
        if self._is_quoting(tried):
            return _Outcome(holds=True)
        self._left -= 1
        if len(fixes) <= _FEW and not self._document.flaws and not self._is_line:
            settled = self._by_members(fixes)
            if settled is True or (settled is False and len(fixes) == 1):
                return _Outcome(holds=settled)
        try:
            value = self._value_after(self._changes(fixes))
        except LookupError:
            return _Outcome(holds=False)  # the changes remove the request itself
        kind = self._envelope.kind
        verdict = self._judge.judge_line(kind, value) if self._is_line else self._judge.judge(value)
        hits = verdict.hits if verdict else ()
        if kind is Kind.BATCH and not self._is_line:
            hits = self._judge.in_batch(hits)  # as those that were found
        after = [rebase(hit, self._envelope.place) for hit in hits]
        return self._compare(after, fixes, tried)

    def _value_after(self, changes: Sequence[Change]) -> object:
        base = self._envelope.place
        if all(change.place[: len(base)] == base for change in changes):
            inside = [replace(change, place=change.place[len(base) :]) for change in changes]
            return apply_changes(value_at(self._document.value, base), inside)
        return value_at(apply_changes(self._document.value, changes), base)

    def _compare(self, after: Sequence[Hit], fixes: Sequence[int], tried: Sequence[int]) -> _Outcome:
        gone = self._names - Counter(map(_name, after))
        gone.subtract(_name(self._found[each][2]) for each in fixes if not self._is_quoting([each]))
        suspects = {each for each in tried if gone[_name(self._found[each][2])] < 0}
        new = [
            hit
            for hit in after
            if self._judge.severity(hit) is Severity.ERROR and (hit.rule, hit.place) not in self._errors
        ]
        suspects |= self._behind([hit.place for hit in new], tried)
        counts = Counter(hit.rule for hit in after)
        wanted = Counter(self._found[each][2].rule for each in fixes if not self._is_quoting([each]))
        short = {rule for rule, count in wanted.items() if counts[rule] > self._counts[rule] - count}
        if not new and not short and not suspects:
            return _Outcome(holds=True)
        if not suspects:
            suspects = {each for each in tried if self._found[each][2].rule in short}
        return _Outcome(holds=False, suspects=frozenset(suspects))

    def _behind(self, errors: Iterable[Place], tried: Iterable[int]) -> set[int]:
        """Return the fixes that change what is nearest to the *errors*; none for an error that has nothing near it."""
        near: dict[Place, set[int]] = {}
        for each in tried if errors else ():
            for change in self._plans[each].changes:
                for place in _touched(change, self._document.value):
                    for length in range(len(self._envelope.place) + 1, len(place) + 1):
                        near.setdefault(place[:length], set()).add(each)
        nearest = set()
        for error in errors:
            around = (error[:length] for length in range(len(error), -1, -1))
            nearest.add(next((place for place in around if place in near), None))
        return {each for place in nearest if place is not None for each in near[place]}


def _name(hit: Hit) -> _Name:
    return hit.rule, hit.place, hit.facts.get("field")


def _touched(change: Change, root: object) -> list[Place]:
    """Return the places, before or after a change, whose value is another one through it."""
    place = change.place
    if isinstance(change, Rename):
        return [place, (*place[:-1], change.key)]
    if isinstance(change, Unwrap):
        inside = value_at(root, place)
        return [place, *((*place[:-1], key) for key in (inside if isinstance(inside, Mapping) else ()))]
    if isinstance(change, Add) and change.key is not None:
        return [place, (*place, change.key)]
    return [place]
