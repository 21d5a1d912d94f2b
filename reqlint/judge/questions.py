"""All that a profile asks of a request, for those who answer it in few steps."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from reqlint.checks import Facts
from reqlint.checks.idle import is_idle
from reqlint.checks.model_lists import LONGEST_NAME
from reqlint.core.findings import Hit
from reqlint.dialects.vocabulary import Dialect
from reqlint.judge.guards import GuardedChecks, WokenCheck
from reqlint.judge.hits import of_rule


class Questions(NamedTuple):
    """The schemas that a request satisfies, and the checks."""

    schemas: Sequence[Mapping[str, Any]]  #: that of the profile, and those of its rules
    unguarded: Sequence[WokenCheck]  #: checks to run whenever their key is present
    guarded: Sequence[GuardedChecks]  #: checks that a proof silences on nearly every request
    facts: Facts  #: for the checks
    dialect: Dialect  #: the wire shape of the requests

    def worth_asking(
        self, several: Sequence[WokenCheck], model: str | None, request: Mapping[str, Any]
    ) -> tuple[WokenCheck, ...]:
        """Return those of *several* checks that may have something to find, with this model and the keys there are."""
        is_name = is_short(model)
        return tuple(
            woken
            for woken in several
            if woken.at in request
            and not (is_name and is_idle(woken.rule, model, request.keys(), self.facts, self.dialect))
        )

    def run(self, checks: Sequence[WokenCheck], request: Any, hits: list[Hit]) -> None:
        """Add to *hits* what checks find."""
        _, _, _, facts, dialect = self
        for rule, _, _, check in checks:
            for hit in check(request, facts, dialect):
                hits.append(of_rule(hit, rule))  # noqa: PERF401 - a list takes a call, also of each silent check


def is_short(model: str | None) -> bool:
    """Return whether the name of a model is no longer than those that lists of models are searched for."""
    return model is None or len(model) <= LONGEST_NAME
