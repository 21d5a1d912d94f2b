"""Whether a recorded status agrees with the profile's error table and with the errors found in the request."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from reqlint.core.findings import Hit, Link
from reqlint.core.pointer import Place


class RecordedAnswer(Protocol):
    """An answer in a recording."""

    @property
    def place(self) -> Place:
        """Where the status stands."""

    @property
    def status(self) -> int | None:
        """The HTTP status."""

    @property
    def accepted(self) -> bool | None:
        """Whether the API accepted the request; None when the answer is about something else, such as the key."""

    @property
    def code(self) -> str | None:
        """The code of the error object."""

    @property
    def param(self) -> str | None:
        """The parameter that the error object names."""


class ErrorTableRow(Protocol):
    """A row of an error table."""

    @property
    def status(self) -> int:
        """The listed status."""

    @property
    def name(self) -> str:
        """The name in the table."""

    @property
    def really(self) -> int | None:
        """The status that is really sent, where the table says that it differs from the listed one."""


def find_contradictions(answer: RecordedAnswer, table: Sequence[ErrorTableRow], errors: Sequence[Hit]) -> Iterator[Hit]:
    """
    Find where a recorded *answer* disagrees with the error *table*, or with the *errors* found in the request.

    All places, those of *errors* and of the hits, are counted from the document's root.
    """
    status = answer.status
    disguise = next((row for row in table if row.really and status in (row.status, row.really)), None)
    is_listed = any(row.status == status and not row.really for row in table)
    if answer.accepted:
        if errors:
            links = tuple(Link(hit.place, "this should have been refused", hit.part, hit.region) for hit in errors[:3])
            rules = list(dict.fromkeys(hit.rule for hit in errors))
            what = "a completion" if status is None else status
            facts: dict[str, object] = {"status": what, "rules": ", ".join(rules[:4]) + ", …" * (len(rules) > 4)}
            yield Hit(answer.place, facts=facts, related=links, rule="contradicted-by-recording")
        return
    if status is not None and disguise and not is_listed and not (status == disguise.really and errors):
        facts = {"status": status, "listed": disguise.status, "name": disguise.name, "really": disguise.really}
        yield Hit(answer.place, facts=facts, rule="disguised-status")
        return
    if status is not None and table and not is_listed and not disguise and not 200 <= status < 300:
        yield Hit(answer.place, facts={"status": status}, rule="undocumented-status")
    if answer.accepted is False and not errors:
        facts = {"status": status, "code": answer.code, "param": answer.param}
        yield Hit(answer.place, facts=facts, rule="unexplained-refusal")
