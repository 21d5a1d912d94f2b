"""Rules: the named things that can be wrong, each from one YAML file."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from reqlint.core.findings import Part
from reqlint.core.records import dataclass, field, replace
from reqlint.dialects.openai_chat import OPENAI_CHAT
from reqlint.dialects.vocabulary import Dialect
from reqlint.knowledge.evidence import Evidence, evidence_of_rule
from reqlint.knowledge.rule_places import places_in


@dataclass(frozen=True, slots=True)
class Example:
    """The source text of a request with one thing wrong, marked with ``«…»``, and of the same request without it."""

    bad: str
    good: str
    form: str = "json"
    profiles: tuple[str, ...] = ()  #: where it applies, if not under every profile that has the rule on
    encoding: str = "utf-8"
    kind: str | None = None  #: as ``--as`` takes it, where the text does not show what it is
    dialect: str = OPENAI_CHAT.name  #: the wire shape of the request

    def is_for(self, profile: str, dialect: str) -> bool:
        """Return whether a profile, whose requests have the shape *dialect*, is one that the example applies to."""
        return self.dialect == dialect and (not self.profiles or profile in self.profiles)


@dataclass(frozen=True, slots=True)
class Remedy:
    """How ``--fix`` removes a finding of a rule; `reqlint.fixes.plan` implements the kinds."""

    kind: str
    safe: bool  #: whether the request keeps its meaning
    key: str | None = None
    value: object = None


@dataclass(frozen=True, slots=True)
class Variant:
    """What a rule says of one of the mistakes that it finds, where that differs from what it says of the others."""

    message: str | None = None
    help: str | None = None
    fix: Remedy | None = None


_SAME = Variant()


@dataclass(frozen=True, slots=True)
class RuleTexts:
    """What pages and reports say of a rule, and its examples."""

    summary: str
    why: str
    examples: tuple[Example, ...] = ()
    related: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A named thing that can be wrong, with why and examples; what each API does is evidence of its profile."""

    id: str
    subject: str
    message: str  #: template; see :mod:`reqlint.display.messages`
    evidence: tuple[Evidence, ...]  #: for every profile; in a project's rule, also for profiles that it names
    read_texts: Callable[[], RuleTexts] = field(repr=False, compare=False)  #: not needed for judging, so read on demand
    help: str | None = None
    at: str | None = None  #: the top-level key without which the rule is not asked
    reads: tuple[str, ...] = ()  #: further top-level keys that its check reads
    wakes: tuple[str, ...] = ()  #: those of them that wake it like `at`
    mark: Part = Part.VALUE
    place: Literal["at", "error"] = "at"
    request: Mapping[str, Any] | None = None
    is_portable: bool = False  #: whether it names places that every dialect has, rather than keys of one
    loaded: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)  #: what its file says of places
    supersedes: frozenset[str] = frozenset()
    fix: Remedy | None = None
    variants: Mapping[str, Variant] = field(default_factory=dict)  #: by the fact ``variant`` of a hit

    def message_for(self, facts: Mapping[str, object]) -> str:
        """Return the message template for a hit with these facts."""
        return self._variant(facts).message or self.message

    def help_for(self, facts: Mapping[str, object]) -> str | None:
        """Return the help template for a hit with these facts."""
        return self._variant(facts).help or self.help

    def fix_for(self, facts: Mapping[str, object]) -> Remedy | None:
        """Return how a hit with these facts is settled."""
        return self._variant(facts).fix or self.fix

    def _variant(self, facts: Mapping[str, object]) -> Variant:
        return self.variants.get(str(facts.get("variant")), _SAME) if self.variants else _SAME

    @property
    def summary(self) -> str:
        """A noun phrase that names what is wrong."""
        return self.read_texts().summary

    @property
    def why(self) -> str:
        """What the API does, and how people get here."""
        return self.read_texts().why

    @property
    def examples(self) -> tuple[Example, ...]:
        """Requests with this one thing wrong."""
        return self.read_texts().examples

    @property
    def related(self) -> tuple[str, ...]:
        """The ids of related rules."""
        return self.read_texts().related

    @property
    def tags(self) -> tuple[str, ...]:
        """What else reports call rules of its kind."""
        return self.read_texts().tags

    def in_dialect(self, dialect: Dialect) -> "Rule | None":
        """Return the rule with the keys and places of *dialect*; None if it cannot see there."""
        if dialect is OPENAI_CHAT or not self.is_portable:
            return self
        places = places_in(self.loaded, dialect)
        return (
            replace(self, at=places.at, reads=places.reads, wakes=places.wakes, request=places.request)
            if places
            else None
        )


def rule_from(loaded: Mapping[str, Any], read_texts: Callable[[], RuleTexts]) -> Rule:
    """Build a rule from its file's content, which must satisfy ``schemas/meta/rule.json``; texts are not looked at."""
    places = places_in(loaded, OPENAI_CHAT)
    if places is None:
        raise LookupError(f"{loaded['id']} names a place that {OPENAI_CHAT.name} does not have")
    names = [loaded.get("at", "/"), *loaded.get("reads", ())]
    return Rule(
        id=loaded["id"],
        subject=loaded["subject"],
        message=loaded["message"],
        evidence=tuple(evidence_of_rule(loaded.get("evidence", ()))),
        read_texts=read_texts,
        help=loaded.get("help"),
        at=places.at,
        reads=places.reads,
        wakes=places.wakes,
        mark=Part(loaded.get("mark", "value")),
        place=loaded.get("place", "at"),
        request=places.request,
        is_portable="each" in loaded or not all(name.startswith("/") for name in names),
        loaded=loaded,
        supersedes=frozenset(loaded.get("supersedes", ())),
        fix=_remedy_from(loaded),
        variants={
            name: Variant(variant.get("message"), variant.get("help"), _remedy_from(variant))
            for name, variant in loaded.get("variants", {}).items()
        },
    )


def _remedy_from(loaded: Mapping[str, Any]) -> Remedy | None:
    return Remedy(**loaded["fix"]) if "fix" in loaded else None


def texts_from(loaded: Mapping[str, Any]) -> RuleTexts:
    """Return the texts in the content of a rule's file."""
    return RuleTexts(
        summary=loaded["summary"],
        why=" ".join(loaded["why"].split()),
        examples=tuple(
            Example(
                bad=example["bad"],
                good=example["good"],
                form=example.get("form", "json"),
                profiles=tuple(example.get("profiles", ())),
                encoding=example.get("encoding", "utf-8"),
                kind=example.get("as"),
                dialect=example.get("dialect", OPENAI_CHAT.name),
            )
            for example in loaded.get("examples", ())
        ),
        related=tuple(loaded.get("related", ())),
        tags=tuple(loaded.get("tags", ())),
    )
