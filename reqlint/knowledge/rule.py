"""Rules: the named things that can be wrong, each from one YAML file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal

from reqlint.core.errors import UnknownRule
from reqlint.core.findings import Part, Severity
from reqlint.dialects.openai_chat import OPENAI_CHAT
from reqlint.dialects.vocabulary import Dialect
from reqlint.knowledge.catalog import merged_knowledge
from reqlint.knowledge.custom_folders import NO_CUSTOM, CustomFolders
from reqlint.knowledge.rule_places import places_in

Effect = Literal["refused", "ignored", "altered", "discouraged", "accepted"]
Status = Literal["documented", "observed", "inferred", "disputed"]

_FIRM = ("documented", "observed")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an API does with a request that a rule finds fault with, how that is known, and when it was read."""

    profile: str  #: a profile's name, or ``*`` for every profile
    effect: Effect
    status: Status
    read: str  #: ISO date
    url: str | None = None  #: ``profile`` means the source page of the profile
    basis: str | None = None  #: what was observed, where there is no single page to name
    says: str | None = None
    lowered: Severity | None = None  #: a lower severity than the evidence supports

    @property
    def severity(self) -> Severity | None:
        """
        The severity that this evidence supports; None when the API accepts the request.

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
    """The source text of a request with one thing wrong, marked with ``«…»``, and of the same request without it."""

    bad: str
    good: str
    form: str = "json"
    profiles: tuple[str, ...] = ()  #: where it applies, if not under every profile that has the rule on
    encoding: str = "utf-8"
    kind: str | None = None  #: as ``--as`` takes it, where the text does not show what it is


@dataclass(frozen=True, slots=True)
class Remedy:
    """How ``--fix`` removes a finding of a rule; `reqlint.fixes.plan` implements the kinds."""

    kind: str
    safe: bool  #: whether the request keeps its meaning
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
    at: str | None = None  #: the top-level key without which the rule is not asked
    reads: tuple[str, ...] = ()  #: further top-level keys that its check reads
    mark: Part = Part.VALUE
    place: Literal["at", "error"] = "at"
    request: Mapping[str, Any] | None = None
    is_portable: bool = False  #: whether it names places that every dialect has, rather than keys of one
    loaded: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)  #: the content of its file
    supersedes: frozenset[str] = frozenset()
    related: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    fix: Remedy | None = None

    def in_dialect(self, dialect: Dialect) -> "Rule | None":
        """Return the rule with the keys and places of *dialect*; None if it cannot see there."""
        if dialect is OPENAI_CHAT or not self.is_portable:
            return self
        places = places_in(self.loaded, dialect)
        return replace(self, at=places.at, reads=places.reads, request=places.request) if places else None

    def evidence_for(self, lineage: Sequence[str]) -> Evidence | None:
        """Return the main evidence for the profile with this *lineage*: its name, then the profiles it extends."""
        for name in (*lineage, "*"):
            for evidence in self.evidence:
                if evidence.profile == name:
                    return evidence
        return None


def rule_from(loaded: Mapping[str, Any]) -> Rule:
    """Build a rule from its file's content, which must satisfy ``schemas/meta/rule.json``."""
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
            bad=example["bad"],
            good=example["good"],
            form=example.get("form", "json"),
            profiles=tuple(example.get("profiles", ())),
            encoding=example.get("encoding", "utf-8"),
            kind=example.get("as"),
        )
        for example in loaded.get("examples", ())
    )
    places = places_in(loaded, OPENAI_CHAT)
    if places is None:
        raise LookupError(f"{loaded['id']} names a place that {OPENAI_CHAT.name} does not have")
    names = [loaded.get("at", "/"), *loaded.get("reads", ())]
    return Rule(
        id=loaded["id"],
        summary=loaded["summary"],
        subject=loaded["subject"],
        message=loaded["message"],
        why=" ".join(loaded["why"].split()),
        evidence=evidence,
        examples=examples,
        help=loaded.get("help"),
        at=places.at,
        reads=places.reads,
        mark=Part(loaded.get("mark", "value")),
        place=loaded.get("place", "at"),
        request=places.request,
        is_portable="each" in loaded or not all(name.startswith("/") for name in names),
        loaded=loaded,
        supersedes=frozenset(loaded.get("supersedes", ())),
        related=tuple(loaded.get("related", ())),
        tags=tuple(loaded.get("tags", ())),
        fix=Remedy(**loaded["fix"]) if "fix" in loaded else None,
    )


def all_rules(own: CustomFolders = NO_CUSTOM) -> Mapping[str, Rule]:
    """Return every rule by id, in alphabetical order, including those of added folders."""
    return _all_rules(own)


@cache
def _all_rules(own: CustomFolders) -> Mapping[str, Rule]:
    loaded = merged_knowledge(own)["rules"]
    return {rule_id: rule_from(loaded[rule_id]) for rule_id in sorted(loaded)}


def rule_by_id(rule_id: str, own: CustomFolders = NO_CUSTOM) -> Rule:
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
    """Return the names of the groups of rules; a group's name selects all its rules."""
    return tuple(sorted({rule.subject for rule in all_rules().values()}))
