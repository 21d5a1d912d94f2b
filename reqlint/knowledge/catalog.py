"""All rules, profiles and evidence that are known: those that reqlint ships, and those of a project's folders."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any

from reqlint.core.errors import UnknownProfile, UnknownRule
from reqlint.core.records import dataclass, field
from reqlint.knowledge.custom_folders import NOTHING_CUSTOM, CustomContents, CustomFolders
from reqlint.knowledge.index import (
    shipped_answers,
    shipped_profile,
    shipped_profile_names,
    shipped_rule_text,
    shipped_rules,
    shipped_summaries,
    shipped_words,
)
from reqlint.knowledge.profile import (
    DEFAULT_DIALECT,
    DEFAULT_PROFILE,
    Profile,
    ProfileSummary,
    profile_from,
    summary_from,
)
from reqlint.knowledge.rule import Rule, RuleTexts, rule_from, texts_from


@dataclass(frozen=True, eq=False)
class Catalog:
    """
    Everything that is known. Immutable; what it holds is read when it is first asked for.

    `shipped` returns that of this installation, `reqlint.knowledge.custom.load_custom` that with a project's additions.
    """

    _custom: CustomContents = NOTHING_CUSTOM
    _profiles: dict[str, Profile] = field(default_factory=dict, init=False, repr=False)  # those asked for so far
    _words: dict[str, Mapping[str, Mapping[str, tuple[str, ...]]]] = field(default_factory=dict, init=False, repr=False)

    def with_custom(self, custom: CustomContents) -> "Catalog":
        """Return a catalog of the shipped rules and profiles with those of a project, which must be usable."""
        return Catalog(custom)

    @property
    def folders(self) -> CustomFolders:
        """The folders of the project; none for what reqlint ships."""
        return self._custom.folders

    # ----------------------------------------------------------------------------------------------------------- rules

    @cached_property
    def rules(self) -> "_Rules":
        """Every rule by id, in alphabetical order."""
        own = {loaded["id"]: loaded for loaded in self._custom.rules.values()}
        return _Rules({**shipped_rules(), **own}, frozenset(own))

    def rules_about(self, profile: Profile) -> frozenset[str]:
        """Return the ids of the rules that something is known or set of under a profile; all others are off there."""
        of_every_profile = {rule_id for rule_id, entry in self.rules.entries.items() if entry.get("evidence")}
        return frozenset(of_every_profile.union(profile.evidence or (), profile.settings or ()))

    def rule(self, rule_id: str) -> Rule:
        """
        Return the rule of this id.

        Raises:
            UnknownRule: there is none; the message has a suggestion.
        """
        if rule_id not in self.rules:
            raise UnknownRule(rule_id, self.rules)
        return self.rules[rule_id]

    @cached_property
    def subjects(self) -> tuple[str, ...]:
        """The names of the groups of rules; a group's name selects all its rules."""
        return tuple(sorted({rule.subject for rule in self.rules.values()}))

    def resolve_rules(self, names: Iterable[str]) -> frozenset[str]:
        """
        Return the ids of the rules that *names* of rules and groups stand for.

        Raises:
            UnknownRule: a name is neither a rule nor a group.
        """
        found: set[str] = set()
        for name in names:
            if name in self.rules:
                found.add(name)
            elif name in self.subjects:
                found |= {rule.id for rule in self.rules.values() if rule.subject == name}
            else:
                raise UnknownRule(name, [*self.rules, *self.subjects])
        return frozenset(found)

    def enabled_rules(self, select: Collection[str] = (), ignore: Collection[str] = ()) -> frozenset[str]:
        """
        Return the ids of the enabled rules: those of *select* (all if empty) without those of *ignore*.

        Raises:
            UnknownRule: a name is neither a rule nor a group.
        """
        return frozenset(self.resolve_rules(select) if select else self.rules) - self.resolve_rules(ignore)

    @cached_property
    def rules_by_name(self) -> Mapping[str, frozenset[str]]:
        """Every name that a user may give, rule ids and groups, with the rules that it stands for."""
        return MappingProxyType({name: self.resolve_rules([name]) for name in (*self.rules, *self.subjects)})

    # -------------------------------------------------------------------------------------------------------- profiles

    @cached_property
    def profile_names(self) -> tuple[str, ...]:
        """The names of all profiles, the default first."""
        names = {*shipped_profile_names(), *self._custom.profiles}
        return tuple(sorted(names, key=lambda name: (name != DEFAULT_PROFILE, name)))

    def profile(self, name: str) -> Profile:
        """
        Return the profile of this name, with its evidence.

        Raises:
            UnknownProfile: there is none of this name; the message has a suggestion.
        """
        profile = self._profiles.get(name)
        if profile is None:
            profile = self._profiles.setdefault(name, self._read_profile(name))
        return profile

    def _read_profile(self, name: str) -> Profile:
        if name not in self.profile_names:
            raise UnknownProfile(name, self.profile_names)
        custom = self._custom.profiles.get(name)
        if custom is None and self is not shipped():
            return shipped().profile(name)
        files: Mapping[str, Any] = custom or shipped_profile(name)
        loaded = files["profile"]
        parent = self.profile(loaded["extends"]) if "extends" in loaded else None
        schema = files["schema"] if "schema" in files else _schema_by_delta(files, parent)
        schema = {**schema, "$id": f"reqlint:{name}"}
        rest = (files.get("lines"), files.get("evidence"), files.get("facts"))
        return profile_from(name, loaded, schema, parent, *rest)

    def answers(self, profile: str) -> Mapping[str, tuple[str, ...]]:
        """Return distinctive words of the errors that the API of a profile answers with, by rule id."""
        custom = self._custom.profiles.get(profile)
        found = custom.get("answers", {}) if custom else shipped_answers().get(profile, {}).get("answers", {})
        return {rule: tuple(texts) for rule, texts in found.items()}

    @cached_property
    def summaries(self) -> Mapping[str, ProfileSummary]:
        """What is needed of every profile, to choose one or to list them, by name; the default first."""
        loaded = {**shipped_summaries(), **{name: files["profile"] for name, files in self._custom.profiles.items()}}
        return MappingProxyType({name: summary_from(name, loaded[name]) for name in self.profile_names})

    def profiles_in(self, dialect: str) -> tuple[str, ...]:
        """Return the names of the profiles whose requests have a wire shape, the default first."""
        return self._by_dialect.get(dialect, ())

    @cached_property
    def _by_dialect(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for name in self.profile_names:
            dialect = self._dialect_of(name)
            found[dialect] = (*found.get(dialect, ()), name)
        return found

    def _dialect_of(self, profile: str) -> str:
        """Return the dialect that a profile names, or that of the profiles it extends."""
        met: set[str] = set()
        while profile in self.summaries and profile not in met:
            summary = self.summaries[profile]
            if summary.dialect or not summary.extends:
                return summary.dialect or DEFAULT_DIALECT
            met.add(profile)
            profile = summary.extends
        return DEFAULT_DIALECT

    # ----------------------------------------------------------------------------------- what shipped profiles document

    def documented_words(self, dialect: str) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """
        Return the words that the shipped profiles of a dialect document: property → word → the profiles that take it.

        ``documented_words("openai-chat")["role"]["assistant"]`` names those whose schema has the role "assistant".
        """
        if self is not shipped():
            return shipped().documented_words(dialect)
        known = self._words.get(dialect)
        return known if known is not None else self._words.setdefault(dialect, self._read_words(dialect))

    def _read_words(self, dialect: str) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        takers: dict[str, dict[str, tuple[str, ...]]] = {}
        for name in self.profiles_in(dialect):
            for key, words in shipped_words()[name]["words"].items():
                by_word = takers.setdefault(key, {})
                by_word |= {word: (*by_word.get(word, ()), name) for word in words}
        return MappingProxyType(takers)

    def profiles_with_field(self, field: str, dialect: str) -> list[str]:
        """Return the names of the shipped profiles of a dialect that document a top-level *field*."""
        return [name for name in shipped().profiles_in(dialect) if field in shipped_words()[name]["fields"]]


class _Rules(Mapping[str, Rule]):
    """
    Rules by id, in alphabetical order; each is built when it is first asked for, as a profile needs few of them.

    Args:
        entries: what judging needs of each, or, for the project's *own*, the content of its file.
        own: ids of the project's rules.
    """

    def __init__(self, entries: Mapping[str, Mapping[str, Any]], own: frozenset[str]) -> None:
        self.entries = {rule_id: entries[rule_id] for rule_id in sorted(entries)}
        self._own = own
        self._built: dict[str, Rule] = {}

    def __getitem__(self, rule_id: str) -> Rule:
        rule = self._built.get(rule_id)
        if rule is None:
            entry = self.entries[rule_id]
            if "variants-of" in entry:
                entry = {**entry, "variants": self.entries[entry["variants-of"]]["variants"]}
            made = _custom_rule(entry) if rule_id in self._own else rule_from(entry, _texts_reader(rule_id))
            rule = self._built.setdefault(rule_id, made)
        return rule

    def __contains__(self, rule_id: object) -> bool:
        return rule_id in self.entries

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


def _texts_reader(rule_id: str) -> Callable[[], RuleTexts]:
    return cache(lambda: texts_from(shipped_rule_text(rule_id)))


def _custom_rule(loaded: Mapping[str, Any]) -> Rule:
    texts = texts_from(loaded)
    return rule_from(loaded, lambda: texts)


def _schema_by_delta(files: Mapping[str, Any], parent: Profile | None) -> Mapping[str, Any]:
    from reqlint.knowledge.delta import request_schema  # NOTE: not at the top; few projects need it

    parent_schema = parent.schema if parent else {}
    return request_schema(files["profile"], files.get("delta", {}), parent_schema, files["folder"] / "delta.yaml")


def shipped() -> Catalog:
    """Return the rules and profiles of this installation; always the same catalog."""
    return _SHIPPED


_SHIPPED = Catalog()
