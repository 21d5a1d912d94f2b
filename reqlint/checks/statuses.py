"""Recorded statuses against a profile's error table, and against what was found in the request."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from reqlint.core.findings import Hit, Link
from reqlint.core.pointer import Place


class Answer(Protocol):
    """What a recording says came back."""

    @property
    def place(self) -> Place:
        """Where it says so."""

    @property
    def status(self) -> int | None:
        """The HTTP status."""

    @property
    def accepted(self) -> bool | None:
        """Whether the request was; None for answers on something else, such as the key."""

    @property
    def code(self) -> str | None:
        """The code of the error object."""

    @property
    def param(self) -> str | None:
        """The parameter that the error object names."""


class Row(Protocol):
    """A row of an error table."""

    @property
    def status(self) -> int:
        """The status as it is listed."""

    @property
    def name(self) -> str:
        """What the table calls it."""

    @property
    def really(self) -> int | None:
        """The status that is sent, where the table says it is another."""


def find_contradictions(answer: Answer, table: Sequence[Row], errors: Sequence[Hit]) -> Iterator[Hit]:
    """
    Say where a recorded *answer* disagrees with the error *table*, or with the *errors* found in the request.

    The places of *errors* and of what is yielded are the document's.
    """
    status = answer.status
    disguise = next((row for row in table if row.really and status in (row.status, row.really)), None)
    own = any(row.status == status and not row.really for row in table)
    if answer.accepted:
        if errors:
            links = tuple(Link(hit.place, "this should have been refused", hit.part, hit.region) for hit in errors[:3])
            rules = list(dict.fromkeys(hit.rule for hit in errors))
            facts: dict[str, object] = {"status": status, "rules": ", ".join(rules[:4]) + ", …" * (len(rules) > 4)}
            yield Hit(answer.place, facts=facts, related=links, rule="contradicted-by-recording")
        return
    if status is not None and disguise and not own and not (status == disguise.really and errors):
        facts = {"status": status, "listed": disguise.status, "name": disguise.name, "really": disguise.really}
        yield Hit(answer.place, facts=facts, rule="disguised-status")
        return
    if status is not None and table and not own and not disguise and not 200 <= status < 300:
        yield Hit(answer.place, facts={"status": status}, rule="undocumented-status")
    if answer.accepted is False and not errors:
        facts = {"status": status, "code": answer.code, "param": answer.param}
        yield Hit(answer.place, facts=facts, rule="unexplained-refusal")
