"""Profiles: what is known of each API, from its folder in ``schemas/``."""

from collections.abc import Mapping
from typing import Any

from reqlint.core.findings import Severity
from reqlint.core.records import dataclass
from reqlint.dialects.vocabulary import AS_WRITTEN, ToolWay
from reqlint.knowledge.evidence import EVERY_PROFILE, Evidence, evidence_of_profile
from reqlint.knowledge.merge_patch import merge_patch
from reqlint.knowledge.rule import Rule

DEFAULT_PROFILE = "gptproto-qwen"
DEFAULT_DIALECT = "openai-chat"
"""The wire shape of a profile that names none."""


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One row of an API's error table."""

    status: int
    name: str
    meaning: str
    really: int | None = None  #: the HTTP status that is sent, where the page says that it differs


@dataclass(frozen=True, slots=True)
class Measured:
    """The server that was run to see what it does with requests."""

    server: str  #: its name in ``benchmarks/oracles``
    version: str
    flags: str
    template: str


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything that is claimed about one API."""

    name: str
    title: str
    url: str  #: the page that was read
    read: str  #: the day it was read, ISO
    schema: Mapping[str, Any]
    dialect: str = DEFAULT_DIALECT  #: the wire shape of its requests
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
    tool_columns: Mapping[str, ToolWay] | None = None  #: the ways in which it can be sent a tool, by name
    measured: Measured | None = None  #: what its claims with that status are about

    @property
    def ways(self) -> Mapping[str, ToolWay]:
        """The ways in which this API can be sent a tool, by the name of each: its own name if there is one only."""
        return self.tool_columns or {self.name: AS_WRITTEN}

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


@dataclass(frozen=True, slots=True)
class ProfileSummary:
    """What is needed of every profile, to choose one or to list them."""

    name: str
    title: str
    url: str  #: the page that was read
    read: str  #: the day it was read, ISO
    endpoints: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    dialect: str | None = None  #: the wire shape of its requests; None: that of the extended profile, or chat
    extends: str | None = None


def summary_from(name: str, loaded: Mapping[str, Any]) -> ProfileSummary:
    """Return the summary of a profile from the content of its ``profile.yaml``."""
    return ProfileSummary(
        name=name,
        title=loaded["title"],
        url=loaded["source"]["url"],
        read=str(loaded["source"]["read"]),
        endpoints=tuple(loaded.get("endpoints", ())),
        models=tuple(loaded.get("models", ())),
        dialect=loaded.get("dialect"),
        extends=loaded.get("extends"),
    )


def profile_from(
    name: str,
    loaded: Mapping[str, Any],
    schema: Mapping[str, Any],
    parent: Profile | None,
    lines: Mapping[str, Mapping[str, Any]] | None = None,
    evidence: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
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
        dialect=loaded.get("dialect") or (parent.dialect if parent else DEFAULT_DIALECT),
        endpoints=tuple(loaded.get("endpoints", ())),
        models=tuple(loaded.get("models", ())),
        defaults=loaded.get("defaults", {}),
        statuses=statuses or (parent.statuses if parent else ()),
        settings={**(parent.settings or {}), **settings} if parent and takes_rules else settings,
        facts=_merged(parent.facts if parent else None, {**loaded.get("facts", {}), **(facts or {})}),
        notes=tuple(" ".join(note.split()) for note in loaded.get("notes", ())),
        lineage=(name, *(parent.lineage if parent and takes_rules else ())),
        lines={**((parent.lines or {}) if parent and takes_rules else {}), **(lines or {})},
        evidence=_joined(
            parent.evidence if parent and takes_rules else None, evidence_of_profile(name, evidence or {})
        ),
        measured=Measured(**loaded["measured"]) if "measured" in loaded else None,
        tool_columns={column: ToolWay(**way) for column, way in loaded.get("tool-columns", {}).items()},
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
