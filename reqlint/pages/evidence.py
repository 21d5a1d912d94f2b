"""A rule's severity and evidence under each profile."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from reqlint.core.findings import Severity
from reqlint.knowledge.catalog import Catalog
from reqlint.knowledge.evidence import Evidence
from reqlint.knowledge.profile import Profile
from reqlint.knowledge.rule import Rule

EFFECT_WORDS = {
    "refused": "refuses it",
    "ignored": "ignores it",
    "altered": "accepts it, but not as it reads",
    "discouraged": "advises against it",
    "accepted": "accepts it",
}


class RuleUnderProfile(NamedTuple):
    """What is known of one rule under one profile."""

    profile: Profile
    severity: Severity | None  #: None: the rule is off
    evidence: Evidence | None


def under_each_profile(rule: Rule, catalog: Catalog, names: Iterable[str] = ()) -> Iterator[RuleUnderProfile]:
    """Yield the severity of *rule* and the evidence for it under the profiles of these *names*; all if empty."""
    for name in dict.fromkeys(names) or catalog.profile_names:
        yield under_profile(rule, catalog.profile(name))


def under_profile(rule: Rule, profile: Profile) -> RuleUnderProfile:
    """Return the severity of *rule* under *profile*, and the main evidence for it."""
    evidence = next(iter(profile.evidence_for(rule)), None)
    severity = evidence.severity if evidence else None
    settings = profile.settings or {}
    return RuleUnderProfile(profile, settings.get(rule.id, severity), evidence)


def source_of(evidence: Evidence, profile: Profile) -> tuple[str, str]:
    """Return where a claim comes from and the day it was read."""
    if evidence.url == "profile":
        return profile.url, profile.read
    return evidence.url or evidence.basis or "", evidence.read


def cite(evidence: Evidence, profile: Profile) -> str:
    """Return the status, source and day of *evidence* as Markdown."""
    source, read = source_of(evidence, profile)
    linked = f"[{evidence.status}]({source})" if source.startswith("http") else f"{evidence.status}: {source}"
    return f"{linked}, read {read}"
