"""What ``rules/`` says: one YAML file for each named thing that can be wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from reqlint.core.errors import UnknownRule
from reqlint.core.findings import Part, Severity
from reqlint.knowledge import catalog

Effect = Literal["refused", "ignored", "altered", "discouraged", "accepted"]
Status = Literal["documented", "observed", "inferred", "disputed"]

_FIRM = ("documented", "observed")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one API does about a rule's case, how that is known, and when it was read."""

    profile: str  #: the profile it speaks of, or ``*`` for every one
    effect: Effect
    status: Status
    read: str  #: ISO date
    url: str | None = None  #: ``profile`` stands for the profile's own source page
    basis: str | None = None  #: what was observed, where no single page can be named
    says: str | None = None
    lowered: Severity | None = None  #: a lower severity than the evidence would allow

    @property
    def severity(self) -> Severity | None:
        """
        The severity this evidence backs; None when the API accepts the case.

        Only a documented or observed refusal is an error.
        """
        if self.effect == "accepted":
            return None
        if self.lowered:
            return self.lowered
        if self.effect == "refused":
            return Severity.ERROR if self.status in _FIRM else Severity.WARNING
        return Severity.NOTE if self.effect == "discouraged" else Severity.WARNING


@dataclass(frozen=True, slots=True)
class Example:
    """A request with one thing wrong, marked with ``«…»``, and its good twin. Both are source text."""

    bad: str
    good: str
    form: str = "json"
    profiles: tuple[str, ...] = ()  #: when it does not suit every profile that enables the rule
    encoding: str = "utf-8"
    kind: str | None = None  #: what it is, where its text does not say so


@dataclass(frozen=True, slots=True)
class Remedy:
    """How a rule's finding can be settled in the text; `reqlint.fixes.plan` knows the kinds."""

    kind: str
    safe: bool  #: whether the request then still means what its author wrote
    key: str | None = None
    value: object = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A named thing that can be wrong, with why, evidence and examples."""

    id: str
    summary: str
    subject: str
    message: str  #: template; see :mod:`reqlint.display.messages`
    why: str
    evidence: tuple[Evidence, ...]
    examples: tuple[Example, ...] = ()
    help: str | None = None
    at: str | None = None  #: the top-level key that wakes it
    reads: tuple[str, ...] = ()  #: further top-level keys it looks into
    mark: Part = Part.VALUE
    place: Literal["at", "error"] = "at"
    request: Mapping[str, Any] | None = None
    quick: Mapping[str, Any] | str | None = None  #: what nearly every request satisfies that its check is silent on
    supersedes: frozenset[str] = frozenset()
    related: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    fix: Remedy | None = None

    def evidence_for(self, lineage: Sequence[str]) -> Evidence | None:
        """Give the main evidence for a profile by its *lineage*: its own name, then those whose rules it takes over."""
        for name in (*lineage, "*"):
            for evidence in self.evidence:
                if evidence.profile == name:
                    return evidence
        return None


def rule_from(loaded: Mapping[str, Any]) -> Rule:
    """Make a rule of the content of its file, which the rule schema has accepted."""
    evidence = tuple(
        Evidence(
            profile=name,
            effect=entry["effect"],
            status=entry["status"],
            read=str(entry["read"]),
            url=entry.get("url"),
            basis=entry.get("basis"),
            says=entry.get("says"),
            lowered=Severity(entry["severity"]) if "severity" in entry else None,
        )
        for entry in loaded["evidence"]
        for name in ([entry["profile"]] if isinstance(entry["profile"], str) else entry["profile"])
    )
    examples = tuple(
        Example(
            bad=e["bad"],
            good=e["good"],
            form=e.get("form", "json"),
            profiles=tuple(e.get("profiles", ())),
            encoding=e.get("encoding", "utf-8"),
            kind=e.get("as"),
        )
        for e in loaded.get("examples", ())
    )
    return Rule(
        id=loaded["id"],
        summary=loaded["summary"],
        subject=loaded["subject"],
        message=loaded["message"],
        why=" ".join(loaded["why"].split()),
        evidence=evidence,
        examples=examples,
        help=loaded.get("help"),
        at=loaded["at"].removeprefix("/") if "at" in loaded else None,
        reads=tuple(key.removeprefix("/") for key in loaded.get("reads", ())),
        mark=Part(loaded.get("mark", "value")),
        place=loaded.get("place", "at"),
        request=loaded.get("request"),
        quick=loaded.get("quick"),
        supersedes=frozenset(loaded.get("supersedes", ())),
        related=tuple(loaded.get("related", ())),
        tags=tuple(loaded.get("tags", ())),
        fix=Remedy(**loaded["fix"]) if "fix" in loaded else None,
    )


def all_rules(own: catalog.CustomFolders = catalog.NO_CUSTOM) -> Mapping[str, Rule]:
    """Give every rule by id, in alphabetical order, with those of added folders."""
    return _all_rules(own)


@cache
def _all_rules(own: catalog.CustomFolders) -> Mapping[str, Rule]:
    loaded = catalog.merged_knowledge(own)["rules"]
    return {rule_id: rule_from(loaded[rule_id]) for rule_id in sorted(loaded)}


def rule_by_id(rule_id: str, own: catalog.CustomFolders = catalog.NO_CUSTOM) -> Rule:
    """
    Return the rule of this id.

    Raises:
        UnknownRule: there is none; the message has a suggestion.
    """
    rules = all_rules(own)
    if rule_id not in rules:
        raise UnknownRule(rule_id, rules)
    return rules[rule_id]


@cache
def subjects() -> tuple[str, ...]:
    """Give the groups that rules come in; a group's name selects all its rules."""
    return tuple(sorted({rule.subject for rule in all_rules().values()}))
