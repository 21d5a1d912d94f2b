"""A rule's severity and evidence under each profile."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from reqlint.core.findings import Severity
from reqlint.knowledge.catalog import Catalog
from reqlint.knowledge.evidence import Evidence
from reqlint.knowledge.profile import Measured, Profile
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
    """Return where a claim comes from and the day it was read, or measured."""
    if evidence.case is not None and profile.measured is not None:
        return measured_by(evidence.case, profile.measured), evidence.read
    if evidence.url == "profile":
        return profile.url, profile.read
    return evidence.url or evidence.basis or "", evidence.read


def measured_by(case: str, measured: Measured) -> str:
    """Return the server that was asked about a case, and the command that asks it again."""
    seed, _, number = case.partition(":")
    return (
        f"{measured.server} {measured.version} with {measured.flags} and {measured.template}; "
        f"python benchmarks/oracles/run.py {measured.server} --seed {seed} --case {number}"
    )


def cite(evidence: Evidence, profile: Profile) -> str:
    """Return the status, source and day of *evidence* as Markdown."""
    source, read = source_of(evidence, profile)
    linked = f"[{evidence.status}]({source})" if source.startswith("http") else f"{evidence.status}: {source}"
    return f"{linked}, read {read}"
