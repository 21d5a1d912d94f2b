"""The settings that apply to a file, and where each of their values comes from."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from reqlint.knowledge.evidence import STATUSES
from reqlint.knowledge.profile_choice import AUTO

BASELINE_NAME = "reqlint-baseline.json"
"""The baseline that is used where none is named: beside the configuration, else in the working folder."""


class SettingValue(NamedTuple):
    """The value of one setting, and its origin."""

    value: Any
    where: str  #: ``command line``, or a file and line


class Settings(NamedTuple):
    """All settings of one file."""

    profile: str = AUTO
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: tuple[tuple[str, str], ...] = ()
    kind: str = "auto"
    extract: tuple[str, ...] = ()
    fail_on: str = "error"
    fail_on_refusals: bool = False
    baseline: Path | None = None
    rules: tuple[str, ...] = ()  #: folders of custom rules
    profiles: tuple[str, ...] = ()  #: folders of custom profiles
    require: tuple[str, ...] = ()  #: APIs that must take all tools
    prefix: str = ""  #: what clients put before the names of tools
    models: tuple[tuple[str, str], ...] = ()  #: the models that names of the project's own stand for
    evidence: str = STATUSES[-1]  #: how firmly a finding must be known at least
    docs_url: str = ""  #: address of the project's page about a rule, with ``{rule}`` for its name
    origins: Mapping[str, str] = {}  #: where each value comes from, by key of a configuration


FIELDS = {
    "profile": "profile",
    "select": "select",
    "ignore": "ignore",
    "severity": "severity",
    "as": "kind",
    "extract": "extract",
    "fail-on": "fail_on",
    "fail-on-refusals": "fail_on_refusals",
    "baseline": "baseline",
    "rules": "rules",
    "profiles": "profiles",
    "require": "require",
    "prefix": "prefix",
    "models": "models",
    "evidence": "evidence",
    "docs-url": "docs_url",
}
"""The key of each setting in a configuration, and its field in `Settings`."""


def make_settings(configured: Mapping[str, SettingValue], given: Mapping[str, Any]) -> Settings:
    """
    Return the settings of a file.

    Args:
        configured: what a configuration says of the file.
        given: what the command line says, which takes precedence; both are by key of a configuration.
    """
    chosen = {**configured, **{key: SettingValue(value, "command line") for key, value in given.items()}}
    values: dict[str, Any] = {FIELDS[key]: setting.value for key, setting in chosen.items()}
    for name in ("select", "ignore", "extract", "rules", "profiles", "require"):
        values[name] = tuple(values.get(name, ()))
    for name in ("severity", "models"):
        values[name] = tuple(sorted(values.get(name, {}).items()))
    return Settings(**values, origins={key: setting.where for key, setting in chosen.items()})


def override(before: SettingValue | None, key: str, value: Any, where: str) -> SettingValue:
    """Return the setting of some files, given the one for all: ``ignore`` and ``severity`` add up, others replace."""
    if before and key == "ignore":
        return SettingValue([*before.value, *value], f"{before.where}, {where}")
    if before and key == "severity":
        return SettingValue({**before.value, **value}, f"{before.where}, {where}")
    return SettingValue(value, where)
