"""Evidence: what an API does with a request that a rule finds fault with, how that is known, and when it was read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, get_args

from reqlint.core.findings import Severity
from reqlint.core.records import dataclass

Effect = Literal["refused", "ignored", "altered", "discouraged", "accepted"]
Status = Literal["measured", "documented", "observed", "inferred", "disputed"]

STATUSES: tuple[Status, ...] = get_args(Status)
"""How claims are known, the firmest first."""

EVERY_PROFILE = "*"

_FIRM = ("measured", "documented", "observed")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One claim about what an API does, with its source."""

    profile: str  #: a profile's name, or ``*`` for every profile
    effect: Effect
    status: Status
    read: str  #: ISO date
    url: str | None = None  #: ``profile`` means the source page of the profile
    basis: str | None = None  #: what was observed, where there is no single page to name
    says: str | None = None
    case: str | None = None  #: of what was measured: the seed and the index of a request that a server was sent
    lowered: Severity | None = None  #: a lower severity than the evidence supports
    variants: frozenset[str] = frozenset()  #: the mistakes that it is about, of those that the rule tells apart

    @property
    def severity(self) -> Severity | None:
        """
        The severity that this evidence supports; None when the API accepts the request.

        Only a measured, documented or observed refusal is an error.
        """
        if self.effect == "accepted":
            return None
        if self.lowered:
            return self.lowered
        if self.effect == "refused":
            return Severity.ERROR if self.status in _FIRM else Severity.WARNING
        return Severity.NOTE if self.effect == "discouraged" else Severity.WARNING


def is_thinner(status: str, least: str) -> bool:
    """Return whether a claim of a *status* is known less firmly than one of *least*."""
    return STATUSES.index(status) > STATUSES.index(least)


def evidence_of_rule(entries: Sequence[Mapping[str, Any]]) -> Iterator[Evidence]:
    """Yield the evidence in a rule's file: of every profile, or in a project's rule also of profiles it names."""
    for entry in entries:
        names = entry["profile"]
        for name in [names] if isinstance(names, str) else names:
            yield _evidence_from(name, entry)


def evidence_of_profile(name: str, loaded: Mapping[str, Any]) -> dict[str, tuple[Evidence, ...]]:
    """Return the evidence in a profile's ``evidence.yaml``, which has one entry or several for a rule, by rule id."""
    return {
        rule: tuple(_evidence_from(name, entry) for entry in ([entries] if isinstance(entries, Mapping) else entries))
        for rule, entries in loaded.items()
    }


def _evidence_from(profile: str, entry: Mapping[str, Any]) -> Evidence:
    return Evidence(
        profile=profile,
        effect=entry["effect"],
        status=entry["status"],
        read=str(entry["read"]),
        url=entry.get("url"),
        basis=entry.get("basis"),
        says=entry.get("says"),
        case=entry.get("case"),
        lowered=Severity(entry["severity"]) if "severity" in entry else None,
        variants=frozenset(entry.get("variants", ())),
    )
