"""
Where most servers refuse a request and the profile of another API finds no error in it.

A vote is no evidence of that API, whose servers are others; it shows where to look. Each case that was looked at and
left is listed in ``known/votes.yaml`` with the reason.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from benchmarks.oracles.asking import Outcome
from benchmarks.oracles.known import FOLDER
from benchmarks.oracles.verdicts import Committed, read
from reqlint import Finding, Linter, Severity
from reqlint.run.probing.mutations import Mutation

VOTERS = ("dynamo", "llama.cpp", "sglang", "smg", "vllm")
PROFILE = "openai"
ENOUGH = 3
LISTED = FOLDER / "votes.yaml"


class NotTheSame(Exception):
    """The servers were asked about different requests."""


@dataclass(frozen=True)
class Vote:
    """A request that enough servers refuse, without an error of the profile."""

    mutation: Mutation
    refused_by: tuple[str, ...]
    warnings: tuple[Finding, ...]  #: what the profile says of it all the same

    @property
    def kind(self) -> str:
        """What such requests have in common: the changes without numbers."""
        return ", ".join(sorted({re.sub(r"/[0-9]+(?=/|$)", "/*", change) for change in self.mutation.changes}))


def asked_of_all() -> dict[str, Committed]:
    """
    Return the committed verdicts of every voter, which are on the same requests.

    Raises:
        NotTheSame: they are not.
    """
    committed = {name: read(name) for name in VOTERS}
    if len({each.asked["digest"] for each in committed.values()}) > 1:
        raise NotTheSame("the voters' verdicts are on other seeds; ask them all about one")
    return committed


def votes(committed: dict[str, Committed]) -> Iterator[Vote]:
    """Yield the requests that enough of the voters refuse and in which the profile finds no error."""
    linter = Linter(profile=PROFILE)
    for index, mutation in enumerate(committed[VOTERS[0]].made):
        refused_by = tuple(name for name, each in committed.items() if each.verdicts[index].outcome is Outcome.REFUSED)
        if len(refused_by) >= ENOUGH:
            found = tuple(linter.check(mutation.request))
            if not any(each.severity is Severity.ERROR for each in found):
                yield Vote(mutation, refused_by, found)


def set_up() -> Mapping[str, Mapping[str, Any]]:
    """Return what it takes to install and to ask the voters that have no profile."""
    known: Mapping[str, Mapping[str, Any]] = yaml.safe_load(LISTED.read_text("utf-8"))["set-up"]
    return known


def listed() -> dict[str, tuple[str, ...]]:
    """Return the cases that were looked at and left, by why."""
    loaded = yaml.safe_load(LISTED.read_text("utf-8"))
    return {each["why"]: tuple(map(str, each["cases"])) for each in loaded["left"]}


def shown(found: Sequence[Vote]) -> Iterator[str]:
    """Yield the lines of a list of votes, by kind, the most frequent first; with what the profile only warns of."""
    for kind, number in Counter(each.kind for each in found).most_common():
        yield f"{number:4} {kind}"
        for each in found:
            if each.kind == kind:
                said = ", ".join(sorted({f"{warning.rule}" for warning in each.warnings})) or "nothing"
                yield f"       {each.mutation.case:10} {len(each.refused_by)} of {len(VOTERS)}  {PROFILE} says: {said}"
