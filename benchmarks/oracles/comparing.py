"""Compare a server's verdicts with those of a reqlint profile, and name every disagreement."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from benchmarks.oracles.asking import Outcome, Verdict
from reqlint import Finding, Linter, Severity
from reqlint.knowledge.catalog import shipped
from reqlint.run.probing.mutations import Mutation

_SAYS_SOMETHING = (Outcome.ACCEPTED, Outcome.REFUSED)


class Disagreement(NamedTuple):
    """A request on which a server and a profile disagree."""

    mutation: Mutation
    verdict: Verdict
    errors: tuple[Finding, ...]

    @property
    def is_false_alarm(self) -> bool:
        """Whether reqlint has an error where the server answered; otherwise it missed a refusal."""
        return self.verdict.outcome is Outcome.ACCEPTED

    @property
    def kind(self) -> str:
        """What such disagreements have in common: the rules, or the changes without numbers and names."""
        if self.is_false_alarm:
            return "false alarm: " + ", ".join(
                sorted({f"{each.rule} {_general(each.pointer)}" for each in self.errors})
            )
        return "miss: " + ", ".join(sorted({_general(change) for change in self.mutation.changes}))


@dataclass(frozen=True)
class Comparison:
    """How a profile's verdicts on a list of mutations compare with a server's."""

    profile: str
    compared: int
    apart: int  #: mutations on which the server says nothing of the request
    disagreements: tuple[Disagreement, ...]
    placed: int = 0  #: refusals for which the server names a place, and reqlint has an error
    same_place: int = 0  #: of those, how often at or around that place

    @property
    def agreement(self) -> float:
        """The share of compared mutations with the same verdict, from 0 to 1."""
        return 1 - len(self.disagreements) / self.compared if self.compared else 0.0

    def kinds(self) -> Iterator[tuple[str, list[Disagreement]]]:
        """Yield the disagreements by kind, the most frequent first."""
        counted = Counter(each.kind for each in self.disagreements)
        for kind, _ in counted.most_common():
            yield kind, [each for each in self.disagreements if each.kind == kind]


def compare(
    profile: str, made: Sequence[Mutation], verdicts: Sequence[Verdict], counts: Severity = Severity.ERROR
) -> Comparison:
    """
    Compare *verdicts* on the mutations *made* with those of the reqlint profile of this name.

    Findings of severity *counts* and above say that a request is refused.
    """
    linter = Linter(profile=profile)
    disagreements = []
    compared = placed = same = 0
    for mutation, verdict in zip(made, verdicts, strict=True):
        if verdict.outcome not in _SAYS_SOMETHING:
            continue
        compared += 1
        errors = errors_of(linter, mutation, counts)
        if bool(errors) is not (verdict.outcome is Outcome.REFUSED):
            disagreements.append(Disagreement(mutation, verdict, errors))
        elif errors and verdict.place:
            placed += 1
            same += any(_meets(each.pointer, verdict.place) for each in errors)
    return Comparison(profile, compared, len(made) - compared, tuple(disagreements), placed, same)


def changed(
    made: Sequence[Mutation], old: Sequence[Verdict], new: Sequence[Verdict]
) -> Iterator[tuple[Mutation, Verdict, Verdict]]:
    """Yield the mutations on which two versions of a server have another verdict, with both."""
    for mutation, before, after in zip(made, old, new, strict=True):
        if before.outcome is not after.outcome:
            yield mutation, before, after


def errors_of(linter: Linter, mutation: Mutation, counts: Severity = Severity.ERROR) -> tuple[Finding, ...]:
    """Return what reqlint finds in a mutation of severity *counts* and above, and says to be refused."""
    return tuple(
        each for each in linter.check(mutation.request) if each.severity.rank <= counts.rank and _is_refusal(each)
    )


def _is_refusal(finding: Finding) -> bool:
    """Return whether a finding is about a refusal; a warning may be about something else."""
    if finding.severity is Severity.ERROR:
        return True
    entries = shipped().profile(finding.profile).evidence_for(shipped().rule(finding.rule))
    return not entries or entries[0].effect == "refused"


def _meets(one: str, other: str) -> bool:
    """Return whether one of two pointers leads through the other."""
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")


def _general(place: str) -> str:
    place = re.sub(r"/[0-9]+(?=/|$)", "/*", place)
    return re.sub(r"/(properties|\$defs|logit_bias|metadata)/[^/]+", r"/\1/<key>", place)
