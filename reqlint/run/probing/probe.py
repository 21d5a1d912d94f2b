"""How a server's answers to seeded mutations compare with what a profile says."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from reqlint.containers.envelope import Kind
from reqlint.core.records import dataclass
from reqlint.run.audit import Audit, audit
from reqlint.run.linter import Linter
from reqlint.run.probing.mutations import Mutation
from reqlint.text.sources import Source


class Exchange(NamedTuple):
    """A mutation that was sent, and what came back."""

    mutation: Mutation
    request: Mapping[str, Any]  #: as it was sent
    status: int | None
    body: Any

    def written(self) -> str:
        """Return a line of a file of pairs, as `reqlint audit` reads it."""
        response = {"status_code": self.status, **({"body": self.body} if self.body is not None else {})}
        if self.status is None:
            return json.dumps({**self._named(), "request": self.request, "error": "no answer came"})
        return json.dumps({**self._named(), "request": self.request, "response": response})

    def _named(self) -> dict[str, Any]:
        return {"case": self.mutation.case, "changes": list(self.mutation.changes)}


class Disagreement(NamedTuple):
    """A mutation that a server answered and the profile calls an error, or the reverse."""

    exchange: Exchange
    rules: tuple[str, ...]  #: that call it an error
    code: str | None  #: of the server's error
    param: str | None  #: of the server's error


@dataclass(frozen=True, slots=True)
class Probed:
    """What was asked, and how the profile's verdicts compare with the server's."""

    profile: str
    exchanges: tuple[Exchange, ...]
    disagreements: tuple[Disagreement, ...]
    audit: Audit

    @property
    def agreement(self) -> tuple[int, int]:
        """How often the profile agrees with the server, and how many answers speak of the request at all."""
        return self.audit.agreement(self.profile)

    def pairs(self) -> Iterator[str]:
        """Yield the lines of a file of pairs: every exchange on which server and profile disagree."""
        for each in self.disagreements:
            yield each.exchange.written()


def compare(linter: Linter, exchanges: Sequence[Exchange]) -> Probed:
    """Compare answers with the verdicts of *linter*, exactly as `reqlint audit` does with the pairs in a file."""
    text = "\n".join(each.written() for each in exchanges)
    source = Source("pairs.jsonl", None, text.encode())
    result = audit(linter, [source], Kind.EXCHANGE)
    disagreements = tuple(
        Disagreement(exchanges[case.line - 1], case.rules, case.code, case.param)
        for case in result.cases
        if case.line is not None
    )
    return Probed(linter.judges.default.profile.name, tuple(exchanges), disagreements, result)
