"""The settings that a command line gives, and the table of ``--show-settings``."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from reqlint.core.paths import is_folder

if TYPE_CHECKING:
    from reqlint.project.project import Project

_OPTIONS = {
    "profile": "profile",
    "select": "select",
    "ignore": "ignore",
    "kind": "as",
    "fail_on": "fail-on",
    "fail_on_refusals": "fail-on-refusals",
    "evidence": "evidence",
    "docs_url": "docs-url",
    "require": "require",
    "prefix": "prefix",
}
"""The setting of each parameter that has one, by key of a configuration."""


def given_settings(ctx: click.Context, baseline: str | None = None) -> dict[str, Any]:
    """Return the settings that the user gave this command, by key of a configuration, without defaults."""
    given = {
        setting: ctx.params[name]
        for name, setting in _OPTIONS.items()
        if ctx.get_parameter_source(name) not in (None, ParameterSource.DEFAULT)
    }
    return {**given, "baseline": Path(baseline)} if baseline else given


def show(project: "Project", paths: Sequence[str]) -> None:
    """Print the settings of every file, and where each value comes from."""
    from reqlint.cli.terminal import write_page
    from reqlint.display.escaping import sanitize
    from reqlint.project.settings import FIELDS

    named = [path for path in paths if path == "-" or not is_folder(path)]
    found = [file.name for file in project.find_inputs([path for path in paths if path not in named])]
    for number, name in enumerate([*named, *found]):
        settings = project.settings_of(name)
        rows = [
            (key, _shown(getattr(settings, field)), settings.origins.get(key, "default"))
            for key, field in FIELDS.items()
        ]
        rows += _entries(project, name)
        widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
        write_page(("\n" if number else "") + sanitize(name) + ("   excluded" if project.excludes(name) else "") + "\n")
        for key, value, where in rows:
            write_page(
                f"  {key:<{widths[0]}}  {sanitize(value):<{min(widths[1], 60)}}  {sanitize(where)}".rstrip() + "\n"
            )


def _entries(project: "Project", name: str) -> list[tuple[str, str, str]]:
    """Return a row for each ``[[ignore]]`` and ``[[expect]]`` that covers a file."""
    config = project.config_of(name)
    if config is None:
        return []
    rows = []
    for key, entries in (("[[ignore]]", config.ignores), ("[[expect]]", config.expects)):
        for entry in entries:
            if project.matches(config, entry.files, name):
                where = f"{config.display_name}:{entry.region.line}" if entry.region else config.display_name
                rows.append((key, f"{', '.join(entry.rules)}: {entry.reason}", where))
    return rows


def _shown(value: object) -> str:
    from reqlint.text.trusted_files import display_path

    if isinstance(value, Path):
        return display_path(value)
    if isinstance(value, tuple):
        parts = (f"{each[0]} = {each[1]}" if isinstance(each, tuple) else str(each) for each in value)
        return ", ".join(display_path(Path(part)) if Path(part).is_absolute() else part for part in parts) or "-"
    if isinstance(value, bool):
        return str(value).lower()
    return "-" if value is None or value == "" else str(value)
