"""Which committed case shows what a server does with what a rule finds."""

from collections.abc import Iterator

from benchmarks.oracles.asking import Outcome
from benchmarks.oracles.comparing import errors_of
from benchmarks.oracles.verdicts import Committed
from reqlint import Linter


def shown_refusals(profile: str, committed: Committed) -> Iterator[tuple[str, str]]:
    """Yield each rule of *profile* with the first refused case in which it has the only error, sorted by rule."""
    linter = Linter(profile=profile)
    first: dict[str, str] = {}
    for mutation, verdict in zip(committed.made, committed.verdicts, strict=True):
        if verdict.outcome is Outcome.REFUSED:
            rules = {error.rule for error in errors_of(linter, mutation)}
            if len(rules) == 1:
                first.setdefault(rules.pop(), mutation.case)
    yield from sorted(first.items())
