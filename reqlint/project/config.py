"""One configuration, from ``[tool.reqlint]`` or ``reqlint.toml``: what it says of a file, and where it says so."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reqlint.core.globs import matches_file
from reqlint.core.pointer import Place
from reqlint.project.config_toml import BadConfig, as_json_value, parse_config
from reqlint.project.settings import FIELDS, SettingValue, override
from reqlint.text.trusted_files import display_path

if TYPE_CHECKING:
    from reqlint.core.findings import Fix, Region
    from reqlint.knowledge.catalog import Catalog
    from reqlint.project.config_check import Mistake
    from reqlint.project.silence import Expect, Ignore
    from reqlint.project.toml_places import TomlEntry
    from reqlint.text.lines import Lines


class Config:
    """
    A configuration file.

    Args:
        path: the file.
        table: the table of reqlint in it, as values of JSON.
        base: the place of that table in the file.
        text: the file's text.
    """

    def __init__(self, path: Path, table: Mapping[str, Any], base: Place, text: str) -> None:
        self.path = path
        self.folder = path.parent
        self.display_name = display_path(path)  #: its name in reports
        self._table = table
        self._base = base
        self._text = text

    @cached_property
    def catalog(self) -> "Catalog":
        """
        The rules and profiles that are known in the project, with its own.

        Raises:
            BadData: one of them cannot be used.
        """
        from reqlint.knowledge.custom import load_custom

        return load_custom(
            *([self.folder / name for name in self._table.get(key, ())] for key in ("rules", "profiles"))
        )

    # ------------------------------------------------------------------------------------------ what it says of a file

    def settings(self, file: str) -> dict[str, SettingValue]:
        """Return the settings of *file*, a path relative to this folder, by key."""
        found = {}
        for key in FIELDS:
            if key in self._table:
                found[key] = SettingValue(self._resolved(key, self._table[key]), self.where(key))
        if "ignore" in found and not found["ignore"].value:
            del found["ignore"]
        for number, entry in enumerate(self._table.get("per-file", ())):
            if any(matches_file(pattern, file) for pattern in entry["files"]):
                for key, value in entry.items():
                    if key != "files":
                        found[key] = override(found.get(key), key, value, self.where("per-file", number, key))
        return found

    def _resolved(self, key: str, value: Any) -> Any:
        """Return a value with its paths joined to this folder, and without the tables among the ignored rules."""
        if key == "ignore":
            return [name for name in value if isinstance(name, str)]
        if key == "baseline":
            return self.folder / value
        return [str(self.folder / name) for name in value] if key in ("rules", "profiles") else value

    def excludes(self, file: str) -> bool:
        """Return whether *file*, a path relative to this folder, or a folder above it is excluded."""
        return any(matches_file(pattern, file) for pattern in self._table.get("exclude", ()))

    @cached_property
    def ignores(self) -> "tuple[Ignore, ...]":
        """The entries ``[[ignore]]``."""
        from reqlint.project.silence import Ignore

        return tuple(
            Ignore(
                files=tuple(entry.get("files", ("**",))),
                pointer=entry.get("pointer"),
                custom_id=entry.get("custom_id"),
                rules={name: self.catalog.resolve_rules([name]) for name in entry["rules"]},
                reason=entry["reason"],
                expires=entry.get("expires"),
                region=self.region("ignore", number),
            )
            for number, entry in enumerate(self._table.get("ignore", ()))
            if isinstance(entry, dict)
        )

    @cached_property
    def expects(self) -> "tuple[Expect, ...]":
        """The entries ``[[expect]]``."""
        from reqlint.project.silence import Expect

        return tuple(
            Expect(
                files=tuple(entry["files"]),
                rules={name: self.catalog.resolve_rules([name]) for name in entry["rules"]},
                reason=entry.get("reason", "expected here"),
                region=self.region("expect", number),
            )
            for number, entry in enumerate(self._table.get("expect", ()))
        )

    # ------------------------------------------------------------------------------------------------ where it says so

    def region(self, *place: str | int) -> "Region | None":
        """Return the region of the key at *place* in the table, or of the nearest table around it that exists."""
        entries = self._entries
        wanted = (*self._base, *place)
        while wanted and wanted not in entries:
            wanted = wanted[:-1]
        return self._lines.region(entries[wanted].key) if wanted in entries else None

    def where(self, *place: str | int) -> str:
        """Return the file and the line of the key at *place*."""
        region = self.region(*place)
        return f"{self.display_name}:{region.line}" if region else self.display_name

    def removal(self, *place: str | int) -> "Fix | None":
        """Return the fix that removes the ``[[table]]`` at *place*; None if it is an element of an inline array."""
        from reqlint.core.findings import Edit, Fix

        path = (*self._base, *place)
        start = self._entries[path].key[0]
        if not self._text.startswith("[[", start):
            return None
        end = max(entry.value[1] for at, entry in self._entries.items() if at[: len(path)] == path)
        after = self._text.find("\n", end)
        span = (start, after + 1 if after >= 0 else len(self._text))
        return Fix("remove the entry", True, (Edit(self._lines.region(span), ""),))

    @cached_property
    def _lines(self) -> "Lines":
        from reqlint.text.lines import Lines

        return Lines(self._text, 1)

    @cached_property
    def _entries(self) -> "Mapping[Place, TomlEntry]":
        from reqlint.project.toml_places import find_entries

        return find_entries(self._text)

    def check(self) -> None:
        """
        Check that this configuration can be used.

        Raises:
            BadConfig: it cannot; the error lists the mistakes in the order of the text.
        """
        from reqlint.project.config_check import find_mistakes

        title = "[tool.reqlint]" if self._base else "the configuration"
        mistakes = find_mistakes(self._table, title, self.folder, lambda: self.catalog)
        if mistakes:
            raise self._error(mistakes)

    def _error(self, mistakes: "list[Mistake]") -> BadConfig:
        from reqlint.project.config_check import MOST_MISTAKES

        located = []
        for place, what in mistakes:
            region = None if place is None else self.region(*place)
            located.append((region.start if region else 0, f"{region.line}:{region.column}" if region else "", what))
        (_, where, what), *rest = sorted(located)
        also = [(where, what) for _, where, what in rest[: MOST_MISTAKES - 1]]
        if len(rest) > len(also):
            also.append(("", f"and {len(rest) - len(also):,} more like these"))
        return BadConfig(self.display_name, where, what, tuple(also))


def load_config(path: Path) -> Config:
    """
    Read and check a configuration file.

    Raises:
        BadConfig: it cannot be read, or says something that cannot be used; the error names the lines.
    """
    loaded, text = parse_config(path)
    base: Place = ()
    if path.name == "pyproject.toml" or "tool" in loaded:
        tool = loaded.get("tool", {})
        table, base = tool.get("reqlint", {}) if isinstance(tool, dict) else {}, ("tool", "reqlint")
        if not isinstance(table, dict):
            raise BadConfig(display_path(path), "", "[tool.reqlint] is not a table")
    else:
        table = loaded
    config = Config(path, as_json_value(table), base, text)
    config.check()
    return config
