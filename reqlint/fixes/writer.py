"""The edits that write the fixes of a document, each read back from the edited text before it is offered."""

from collections.abc import Iterator, Mapping, Sequence

from reqlint.core.findings import Edit, Unfixed
from reqlint.fixes.case import FixPlan
from reqlint.fixes.read_back import ReadBack
from reqlint.fixes.splices import scalar_splice
from reqlint.fixes.together import choose_together
from reqlint.judge.origin import Located
from reqlint.text.changes import Change
from reqlint.text.documents import Document, YamlDocument
from reqlint.text.json.edits import Splice, Unwritable, order_splices

MOST_READ = 24
"""How often one document is read back; fixes that can be written at once are read back at once."""


class Writer:
    """
    Writes fixes as edits of one document's text.

    Args:
        document: the one that they change.
        plans: the fixes by their number, in the order in which they are preferred.
        located: the regions that are already known.
    """

    def __init__(self, document: Document, plans: Mapping[int, FixPlan], located: Located) -> None:
        self._document = document
        self._plans = plans
        self._regions = {(region.start, region.end): region for region in located.values()}
        self._read_back = ReadBack(document)
        self._left = MOST_READ
        self.unwritten: dict[int, Unfixed] = {}
        in_place: Located = {} if isinstance(document, YamlDocument) else located
        scalars = {each: scalar_splice(plan.changes, in_place) for each, plan in plans.items()}
        others = [change for each, plan in plans.items() if scalars[each] is None for change in plan.changes]
        write = document.writer(others) if others else None
        self._splices: dict[int, list[Splice]] = {}
        for each, plan in plans.items():
            try:
                self._splices[each] = scalars[each] or (write(plan.changes) if write else [])
            except Unwritable:
                self.unwritten[each] = Unfixed.UNWRITABLE

    def edits(self) -> Iterator[tuple[int, tuple[Edit, ...]]]:
        """Yield the edits of each fix whose text holds what was meant."""
        swaps = self._read_back.swaps_scalars
        waiting = [each for each, splices in self._splices.items() if not swaps(splices, self._plans[each].changes)]
        while waiting:
            batch = choose_together(
                [(each, self._splices[each]) for each in waiting],
                may_touch=not isinstance(self._document, YamlDocument),
            )
            self._read(batch)
            chosen = set(batch)
            waiting = [each for each in waiting if each not in chosen]
        for each, splices in self._splices.items():
            if each not in self.unwritten:
                yield each, tuple(map(self._edit, splices))

    def _read(self, batch: Sequence[int]) -> None:
        """Read back the fixes of *batch* at once; where that fails, find those that are not written as meant."""
        good: list[int] = []
        tries: list[Sequence[int]] = [batch]
        while tries:
            some = tries.pop()
            if self._left <= 0:
                self.unwritten.update(dict.fromkeys(some, Unfixed.TOO_MANY))
                continue
            self._left -= 1
            if self._holds([*good, *some]):
                good += some
            elif len(some) == 1:
                self.unwritten[some[0]] = Unfixed.UNWRITABLE
            else:
                middle = len(some) // 2
                tries += [some[middle:], some[:middle]]

    def _holds(self, fixes: Sequence[int]) -> bool:
        by_splices = {tuple(self._splices[each]): self._plans[each].changes for each in fixes}
        changes: list[Change] = [change for of_fix in by_splices.values() for change in of_fix]
        try:
            splices = order_splices([splice for of_fix in by_splices for splice in of_fix])
        except Unwritable:
            return False
        return self._read_back.holds(splices, changes)

    def _edit(self, splice: Splice) -> Edit:
        start, end, text = splice
        region = self._regions.get((start, end))
        return Edit(region or self._document.lines().region((start, end)), text)
