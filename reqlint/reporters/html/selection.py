"""Which findings a page of bounded length shows in full."""

from collections import Counter
from collections.abc import Sequence
from heapq import heappush, heapreplace

from reqlint.core.findings import Finding

MOST_OF_A_RULE = 100
MOST = 2_000


def selected(findings: Sequence[Finding], most: int = MOST, most_of_a_rule: int = MOST_OF_A_RULE) -> list[int]:
    """
    Return the indices of the findings to show, in their order; no more than *most* unless there are as many rules.

    Of each rule that is the first finding of every file, then the second of every file, and so on, so that a long file
    does not hide the others.
    """
    rules = {finding.rule for finding in findings}
    share = min(most_of_a_rule, max(1, most // max(1, len(rules))))
    seen: Counter[tuple[str, str | None]] = Counter()
    kept: dict[str, list[tuple[int, int]]] = {rule: [] for rule in rules}  # heaps with the last finding to show on top
    for index, finding in enumerate(findings):
        where = (finding.rule, finding.source)
        number = seen[where] = seen.get(where, 0) + 1
        if number > share:
            continue  # so many others of its own file come before it
        heap, entry = kept[finding.rule], (-number, -index)
        if len(heap) < share:
            heappush(heap, entry)
        elif entry > heap[0]:
            heapreplace(heap, entry)
    return sorted(-index for heap in kept.values() for _, index in heap)
