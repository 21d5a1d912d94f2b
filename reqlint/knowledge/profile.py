"""What ``schemas/`` says: one folder for each API, with the page and the day it was read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from reqlint.core.errors import UnknownProfile
from reqlint.core.findings import Severity
from reqlint.knowledge import catalog

DEFAULT_PROFILE = "gptproto-qwen"


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One row of an API's error table."""

    status: int
    name: str
    meaning: str
    really: int | None = None  #: the HTTP status that is sent, where the page itself says it is another


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything we claim about one API."""

    name: str
    title: str
    url: str  #: the page that was read
    read: str  #: the day it was read, ISO
    schema: Mapping[str, Any]
    endpoints: tuple[str, ...] = ()
    models: tuple[str, ...] = ()  #: name patterns of the models this API serves, for ``auto``
    defaults: Mapping[str, Any] | None = None
    statuses: tuple[StatusRow, ...] = ()
    settings: Mapping[str, Severity | None] | None = None  #: rule id → severity; None switches the rule off
    facts: Mapping[str, Any] | None = None
    notes: tuple[str, ...] = ()
    lineage: tuple[str, ...] = ()  #: its own name, then the profiles whose rules it takes over
    lines: Mapping[str, Mapping[str, Any]] | None = None  #: schemas of lines of files: ``batch``, ``finetune``


def profile_from(
    name: str,
    loaded: Mapping[str, Any],
    schema: Mapping[str, Any],
    parent: Profile | None,
    lines: Mapping[str, Mapping[str, Any]] | None = None,
) -> Profile:
    """Make a profile of the content of its folder, which the profile schema has accepted."""
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
    )


def _merged(facts: Mapping[str, Any] | None, own: Mapping[str, Any]) -> Mapping[str, Any]:
    merged = catalog.merge_patch(facts or {}, own)
    return merged if isinstance(merged, dict) else {}


def load_profile(name: str, own: catalog.CustomFolders = catalog.NO_CUSTOM) -> Profile:
    """
    Load a profile by its name, from ours or those of added folders.

    Raises:
        UnknownProfile: there is none of this name.
    """
    return _load_profile(name, own)


@cache
def _load_profile(name: str, own: catalog.CustomFolders) -> Profile:
    known = catalog.merged_knowledge(own)["profiles"]
    if name not in known:
        raise UnknownProfile(name, known)
    folder = known[name]
    parent = _load_profile(folder["profile"]["extends"], own) if "extends" in folder["profile"] else None
    return profile_from(name, folder["profile"], folder["schema"], parent, folder.get("lines"))


def profile_names(own: catalog.CustomFolders = catalog.NO_CUSTOM) -> tuple[str, ...]:
    """Name every profile there is, the default first."""
    return tuple(sorted(catalog.merged_knowledge(own)["profiles"], key=lambda name: (name != DEFAULT_PROFILE, name)))


@cache
def documented_words() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """
    Give the words any API documents: property name → word → the profiles that take it.

    ``vocabulary()["role"]["assistant"]`` names the profiles whose schema has the role "assistant".
    """
    words: dict[str, dict[str, list[str]]] = {}
    for name in profile_names():
        for key, word in _words(load_profile(name).schema):
            takers = words.setdefault(key, {}).setdefault(word, [])
            if name not in takers:
                takers.append(name)
    return {key: {word: tuple(takers) for word, takers in by_word.items()} for key, by_word in words.items()}


def words_of_schema(schema: object) -> tuple[object, ...]:
    """Give the values a subschema lists, itself or in the branch for one of several types."""
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
