"""Profiles: what is known of each API, from its folder in ``schemas/``."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from reqlint.core.errors import UnknownProfile
from reqlint.core.findings import Severity
from reqlint.knowledge.catalog import merged_knowledge
from reqlint.knowledge.custom_folders import NO_CUSTOM, CustomFolders
from reqlint.knowledge.delta import merge_patch
from reqlint.knowledge.evidence import EVERY_PROFILE, Evidence, evidence_of_profile
from reqlint.knowledge.rule import Rule

DEFAULT_PROFILE = "gptproto-qwen"


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One row of an API's error table."""

    status: int
    name: str
    meaning: str
    really: int | None = None  #: the HTTP status that is sent, where the page says that it differs


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything that is claimed about one API."""

    name: str
    title: str
    url: str  #: the page that was read
    read: str  #: the day it was read, ISO
    schema: Mapping[str, Any]
    endpoints: tuple[str, ...] = ()
    models: tuple[str, ...] = ()  #: patterns of the names of its models, for ``auto``
    defaults: Mapping[str, Any] | None = None
    statuses: tuple[StatusRow, ...] = ()
    settings: Mapping[str, Severity | None] | None = None  #: rule id → severity; None switches the rule off
    facts: Mapping[str, Any] | None = None
    notes: tuple[str, ...] = ()
    lineage: tuple[str, ...] = ()  #: its name, then the profiles whose rules apply to it as well
    lines: Mapping[str, Mapping[str, Any]] | None = None  #: schemas of JSONL lines: ``batch``, ``finetune``
    evidence: Mapping[str, tuple[Evidence, ...]] | None = None  #: by rule id; its own before that of its lineage

    def evidence_for(self, rule: Rule) -> tuple[Evidence, ...]:
        """
        Return the evidence for a rule under this profile; the first is the main one.

        Its own goes before that of the profiles in its lineage, and that of every profile is last.
        """
        of_profiles = (self.evidence or {}).get(rule.id, ())
        if not rule.evidence:
            return of_profiles
        order = (*self.lineage, EVERY_PROFILE)
        known = [entry for entry in (*of_profiles, *rule.evidence) if entry.profile in order]
        return tuple(sorted(known, key=lambda entry: order.index(entry.profile)))


def profile_from(
    name: str,
    loaded: Mapping[str, Any],
    schema: Mapping[str, Any],
    parent: Profile | None,
    lines: Mapping[str, Mapping[str, Any]] | None = None,
    evidence: Mapping[str, Any] | None = None,
) -> Profile:
    """Build a profile from its folder's content, which must satisfy the schemas in ``schemas/meta/``."""
    settings = {
        rule: None if setting == "off" else Severity(setting) for rule, setting in loaded.get("settings", {}).items()
    }
    takes_rules = parent is not None and loaded.get("takes-rules", True)
    statuses = tuple(
        StatusRow(row["status"], row["name"], row["meaning"], row.get("really")) for row in loaded.get("errors", ())
    )
    return Profile(
        name=name,
        title=loaded["title"],
        url=loaded["source"]["url"],
        read=str(loaded["source"]["read"]),
        schema=schema,
        endpoints=tuple(loaded.get("endpoints", ())),
        models=tuple(loaded.get("models", ())),
        defaults=loaded.get("defaults", {}),
        statuses=statuses or (parent.statuses if parent else ()),
        settings={**(parent.settings or {}), **settings} if parent and takes_rules else settings,
        facts=_merged(parent.facts if parent else None, loaded.get("facts", {})),
        notes=tuple(" ".join(note.split()) for note in loaded.get("notes", ())),
        lineage=(name, *(parent.lineage if parent and takes_rules else ())),
        lines={**((parent.lines or {}) if parent and takes_rules else {}), **(lines or {})},
        evidence=_joined(
            parent.evidence if parent and takes_rules else None, evidence_of_profile(name, evidence or {})
        ),
    )


def _joined(
    inherited: Mapping[str, tuple[Evidence, ...]] | None, evidence: Mapping[str, tuple[Evidence, ...]]
) -> Mapping[str, tuple[Evidence, ...]]:
    joined = dict(inherited or {})
    for rule, entries in evidence.items():
        joined[rule] = (*entries, *joined.get(rule, ()))
    return joined


def _merged(inherited: Mapping[str, Any] | None, facts: Mapping[str, Any]) -> Mapping[str, Any]:
    merged = merge_patch(inherited or {}, facts)
    return merged if isinstance(merged, dict) else {}


def load_profile(name: str, own: CustomFolders = NO_CUSTOM) -> Profile:
    """
    Return the profile of this name, shipped or from added folders.

    Raises:
        UnknownProfile: there is none of this name.
    """
    return _load_profile(name, own)


@cache
def _load_profile(name: str, own: CustomFolders) -> Profile:
    profiles = merged_knowledge(own)["profiles"]
    if name not in profiles:
        raise UnknownProfile(name, profiles)
    folder = profiles[name]
    parent = _load_profile(folder["profile"]["extends"], own) if "extends" in folder["profile"] else None
    return profile_from(name, folder["profile"], folder["schema"], parent, folder["lines"], folder["evidence"])


def profile_names(own: CustomFolders = NO_CUSTOM) -> tuple[str, ...]:
    """Return the names of all profiles, the default first."""
    return tuple(sorted(merged_knowledge(own)["profiles"], key=lambda name: (name != DEFAULT_PROFILE, name)))


@cache
def documented_words() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """
    Return the words that any API documents: property name → word → the profiles that take it.

    ``documented_words()["role"]["assistant"]`` names the profiles whose schema has the role "assistant".
    """
    words: dict[str, dict[str, list[str]]] = {}
    for name in profile_names():
        for key, word in _words(load_profile(name).schema):
            takers = words.setdefault(key, {}).setdefault(word, [])
            if name not in takers:
                takers.append(name)
    return {key: {word: tuple(takers) for word, takers in by_word.items()} for key, by_word in words.items()}


def words_of_schema(schema: object) -> tuple[object, ...]:
    """Return the values that a subschema lists, itself or in a branch for one of several types."""
    if not isinstance(schema, Mapping):
        return ()
    if "enum" in schema or "const" in schema:
        return tuple(schema.get("enum", (schema.get("const"),)))
    branches = [schema.get("then"), *(branch.get("then", branch) for branch in schema.get("allOf", ()))]
    return next((words for words in map(words_of_schema, branches) if words), ())


def _words(schema: object) -> Iterator[tuple[str, str]]:
    if isinstance(schema, Mapping):
        for key, subschema in schema.get("properties", {}).items():
            for word in words_of_schema(subschema):
                if isinstance(word, str):
                    yield key, word
        for subschema in schema.values():
            yield from _words(subschema)
    elif isinstance(schema, list):
        for subschema in schema:
            yield from _words(subschema)
