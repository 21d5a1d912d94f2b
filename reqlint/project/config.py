"""What a project says about how its requests are judged, in ``[tool.reqlint]`` or in ``reqlint.toml``."""

import os
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from reqlint.core.errors import BadData, UnknownName, UnknownRule
from reqlint.core.globs import matches_file
from reqlint.core.pointer import Place
from reqlint.knowledge.profile import DEFAULT_PROFILE
from reqlint.text.trusted_files import display_path, is_within, read_text_file

if TYPE_CHECKING:
    from reqlint.core.findings import Fix, Region
    from reqlint.knowledge.custom_folders import CustomFolders
    from reqlint.project.silence import Expect, Ignore
    from reqlint.text.documents import Lines

NAMES = ("reqlint.toml", "pyproject.toml")
"""The files that are looked for, in this order; a ``pyproject.toml`` without a table for reqlint is passed over."""

_TABLE = r"tool[\"' \t]*\.[\"' \t]*reqlint|^[ \t]*\[[\"' \t]*tool[\"' \t]*\]|^[\"' \t]*tool[\"' \t]*[=.]"
"""What a file has that may hold the table; a project without a configuration compiles no pattern."""


_MOST_PATTERNS = 1000
"""File patterns, pointers and tables of a configuration."""


_MOST_VALUES = 10_000
_MOST_TOLD = 50  # of what is wrong, at once


class BadConfig(BadData):
    """A configuration says something it cannot mean; ``also`` holds what else is wrong with it, by place."""

    def __init__(self, file: str, where: str, what: str, also: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(file, where, what)
        self.also = also

    def __str__(self) -> str:
        from reqlint.display.escaping import sanitize

        told = [(self.where, self.what), *self.also]
        lines = [f"{self.file}:{where}: {what}" if where else f"{self.file}: {what}" for where, what in told]
        return "\n".join(map(sanitize, lines))


class SettingValue(NamedTuple):
    """A setting, and who said so."""

    value: Any
    where: str  #: ``default``, ``command line``, or a file and line


class Settings(NamedTuple):
    """What applies to one file."""

    profile: str = DEFAULT_PROFILE
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: tuple[tuple[str, str], ...] = ()
    kind: str = "auto"
    extract: tuple[str, ...] = ()
    fail_on: str = "error"
    baseline: Path | None = None
    rules: tuple[str, ...] = ()  #: folders of own rules
    profiles: tuple[str, ...] = ()  #: folders of own profiles
    origins: Mapping[str, str] = {}  #: by name, where each value is from


FIELDS = {
    "profile": "profile",
    "select": "select",
    "ignore": "ignore",
    "severity": "severity",
    "as": "kind",
    "extract": "extract",
    "fail-on": "fail_on",
    "baseline": "baseline",
    "rules": "rules",
    "profiles": "profiles",
}
"""The settings as a configuration names them, and as `Settings` does."""


def settings_of(config: "Config | None", file: str, given: Mapping[str, Any]) -> Settings:
    """
    Say what applies to *file*, a path from the configuration's folder.

    What the command line has *given*, by the names of a configuration, goes before what the configuration says.
    """
    values_of: dict[str, SettingValue] = config.settings(file) if config else {}
    values_of |= {key: SettingValue(value, "command line") for key, value in given.items()}
    values: dict[str, Any] = {FIELDS[key]: each.value for key, each in values_of.items()}
    for name in ("select", "ignore", "extract", "rules", "profiles"):
        values[name] = tuple(values.get(name, ()))
    values["severity"] = tuple(sorted(values.get("severity", {}).items()))
    return Settings(**values, origins={key: each.where for key, each in values_of.items()})


class Config:
    """One configuration file, which says nothing it cannot mean."""

    def __init__(self, path: Path, table: Mapping[str, Any], base: Place, text: str) -> None:
        self.path = path
        self.folder = path.parent
        self.shown = display_path(path)  #: its name in reports
        self._table = table
        self._base = base
        self._text = text

    @cached_property
    def own(self) -> "CustomFolders":
        """The rules and profiles that the project brings along."""
        from reqlint.knowledge.custom import load_custom

        return load_custom(
            *([self.folder / name for name in self._table.get(key, ())] for key in ("rules", "profiles"))
        )

    def region(self, *place: str | int) -> "Region | None":
        """Give the region of the key at *place* in the table; failing that of what it should be in."""
        found = self._entries
        wanted = (*self._base, *place)
        while wanted and wanted not in found:
            wanted = wanted[:-1]
        return self._lines.region(found[wanted].key) if wanted in found else None

    def without(self, *place: str | int) -> "Fix | None":
        """Give the edit that takes out the table with a header of its own at *place*, up to its last line."""
        from reqlint.core.findings import Edit, Fix

        path = (*self._base, *place)
        start = self._entries[path].key[0]
        if not self._text.startswith("[[", start):
            return None  # an element of an array on one line, with commas to mind
        end = max(entry.value[1] for at, entry in self._entries.items() if at[: len(path)] == path)
        after = self._text.find("\n", end)
        span = (start, after + 1 if after >= 0 else len(self._text))
        return Fix("take the entry out", True, (Edit(self._lines.region(span), ""),))

    @cached_property
    def _lines(self) -> "Lines":
        from reqlint.text.documents import Lines

        return Lines(self._text, 1)

    @cached_property
    def _entries(self) -> Mapping[Place, Any]:
        from reqlint.project.toml_places import find_entries

        return find_entries(self._text)

    def where(self, *place: str | int) -> str:
        """Name the file and the line of the key at *place*."""
        region = self.region(*place)
        return f"{self.shown}:{region.line}" if region else self.shown

    def settings(self, file: str) -> dict[str, SettingValue]:
        """Give what is said of *file*, a path from this folder, by setting."""
        found = {}
        for key in FIELDS:
            if key in self._table:
                found[key] = SettingValue(self._plain(key, self._table[key]), self.where(key))
        if "ignore" in found and not found["ignore"].value:
            del found["ignore"]
        for number, entry in enumerate(self._table.get("per-file", ())):
            if any(matches_file(pattern, file) for pattern in entry["files"]):
                for key, value in entry.items():
                    if key != "files":
                        where = self.where("per-file", number, key)
                        found[key] = _over(found.get(key), key, value, where)
        return found

    def _plain(self, key: str, value: Any) -> Any:
        if key == "ignore":
            return [name for name in value if isinstance(name, str)]
        if key == "baseline":
            return self.folder / value
        return [str(self.folder / name) for name in value] if key in ("rules", "profiles") else value

    def excludes(self, file: str) -> bool:
        """Tell whether *file*, a path from this folder, or a folder that it is in is excluded."""
        return any(matches_file(pattern, file) for pattern in self._table.get("exclude", ()))

    @cached_property
    def ignores(self) -> "tuple[Ignore, ...]":
        """The entries ``[[ignore]]``."""
        from reqlint.judge.judge import resolve_rules
        from reqlint.project.silence import Ignore

        return tuple(
            Ignore(
                files=tuple(entry.get("files", ("**",))),
                pointer=entry.get("pointer"),
                custom_id=entry.get("custom_id"),
                rules={name: resolve_rules([name], self.own) for name in entry["rules"]},
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
        from reqlint.judge.judge import resolve_rules
        from reqlint.project.silence import Expect

        return tuple(
            Expect(
                files=tuple(entry["files"]),
                rules={name: resolve_rules([name], self.own) for name in entry["rules"]},
                reason=entry.get("reason", "expected here"),
                region=self.region("expect", number),
            )
            for number, entry in enumerate(self._table.get("expect", ()))
        )

    def check(self) -> None:
        """
        Hold the table against the schema of configurations, and its names against what there is.

        Raises:
            BadConfig: something is wrong; all of it is told, by line.
        """
        from reqlint.knowledge.validation import find_faults

        if _count(self._table) > _MOST_VALUES:
            raise BadConfig(self.shown, "", f"has more than {_MOST_VALUES:,} values")
        found = [(fault.place, fault.what) for fault in find_faults(self._table, "config", _whole(self._base))]
        found = found or [*self._beyond()] or [*islice(self._names(), _MOST_TOLD)]
        told = []
        for place, what in found:
            region = self.region(*place)
            told.append((region.start if region else 0, f"{region.line}:{region.column}" if region else "", what))
        if told:
            (_, where, what), *rest = sorted(told)
            also = [(where, what) for _, where, what in rest[: _MOST_TOLD - 1]]
            if len(rest) > len(also):
                also.append(("", f"and {len(rest) - len(also):,} more like these"))
            raise BadConfig(self.shown, where, what, tuple(also))

    def _beyond(self) -> Iterator[tuple[Place, str]]:
        """Say what leads out of the repository, and what there is too much of."""
        top = top_of(self.folder)
        for key in ("rules", "profiles", "baseline"):
            named = self._table.get(key, ())
            for place, name in (
                [((key,), named)] if key == "baseline" and named else [((key, i), each) for i, each in enumerate(named)]
            ):
                if not is_within(self.folder / name, top):
                    yield (
                        place,
                        f"{key} leads out of the repository, or of this folder if it is in none",
                    )
        count = 0
        for key in ("exclude", "extract", "per-file", "ignore", "expect"):
            for entry in self._table.get(key, ()):
                if isinstance(entry, str):
                    count += key != "ignore"
                else:
                    count += 1 + sum(len(entry.get(each, ())) for each in ("files", "extract"))
            if count > _MOST_PATTERNS:
                yield (
                    (key,),
                    f"there are more than {_MOST_PATTERNS:,} patterns and tables",
                )
                return

    def _names(self) -> Iterator[tuple[Place, str]]:
        """Say which names of rules and profiles are unknown."""
        from reqlint.judge.judge import resolve_rules
        from reqlint.knowledge.profile import profile_names
        from reqlint.knowledge.profile_choice import AUTO

        for place, name in _rules_named(self._table):
            try:
                resolve_rules([name], self.own)
            except UnknownRule as unknown:
                yield place, str(unknown)
        known = (*profile_names(self.own), AUTO)
        tables: list[tuple[Place, Mapping[str, Any]]] = [((), self._table)]
        tables += [(("per-file", i), entry) for i, entry in enumerate(self._table.get("per-file", ()))]
        for at, table in tables:
            if "profile" in table and table["profile"] not in known:
                unknown_profile = UnknownName(table["profile"], known)
                unknown_profile.kind = "profile"
                yield (*at, "profile"), str(unknown_profile)


def _rules_named(table: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    tables: list[tuple[Place, Mapping[str, Any]]] = [((), table)]
    tables += [(("per-file", i), entry) for i, entry in enumerate(table.get("per-file", ()))]
    for at, each in tables:
        for key in ("select", "ignore"):
            for i, name in enumerate(each.get(key, ())):
                if isinstance(name, str):
                    yield (*at, key, i), name
                else:
                    yield from (((*at, key, i, "rules", n), rule) for n, rule in enumerate(name["rules"]))
        yield from (((*at, "severity", name), name) for name in each.get("severity", ()))
    for i, entry in enumerate(table.get("expect", ())):
        yield from ((("expect", i, "rules", n), rule) for n, rule in enumerate(entry["rules"]))


def _over(before: SettingValue | None, key: str, value: Any, where: str) -> SettingValue:
    """Put a setting for some files over the one for all: what is ignored adds up, the rest is replaced."""
    if before and key == "ignore":
        return SettingValue([*before.value, *value], f"{before.where}, {where}")
    if before and key == "severity":
        return SettingValue({**before.value, **value}, f"{before.where}, {where}")
    return SettingValue(value, where)


def top_of(folder: Path) -> Path:
    """Give the top of the repository around *folder*; where there is none, *folder* itself."""
    here = Path(os.path.abspath(folder))  # noqa: PTH100 - with .. resolved, and no links
    return next((each for each in (here, *here.parents) if os.path.lexists(each / ".git")), here)


def find_config(folder: Path, known: dict[str, Path | None] | None = None) -> Path | None:
    """
    Find the configuration for the files in *folder*: the nearest, going up as far as the top of the repository.

    Without a repository around it, as far as there are folders. *known* keeps what was found for other folders.
    """
    known = {} if known is None else known
    here = str(folder.absolute())
    passed = []
    while here not in known:
        passed.append(here)
        for name in NAMES:
            path = os.path.join(here, name)  # noqa: PTH118 - as below
            if os.path.isfile(path) and (name != "pyproject.toml" or _speaks_of_us(Path(path))):  # noqa: PTH113
                known[here] = Path(path)
                break
        parent = os.path.dirname(here)  # noqa: PTH120 - asked for every folder of a run; pathlib takes ten times as long
        if here not in known and (parent == here or os.path.exists(os.path.join(here, ".git"))):  # noqa: PTH110, PTH118
            known[here] = None
        if here not in known:
            here = parent
    return known.setdefault(here, None) if not passed else _kept(known, passed, known[here])


def _kept(known: dict[str, Path | None], folders: list[str], found: Path | None) -> Path | None:
    known.update(dict.fromkeys(folders, found))
    return found


def _speaks_of_us(path: Path) -> bool:
    """Tell whether a ``pyproject.toml`` may have a table for reqlint, without reading it as TOML if it cannot."""
    try:
        text = read_text_file(path)
    except BadData as unreadable:
        if isinstance(unreadable.__cause__, OSError):
            return False
        raise BadConfig(unreadable.file, unreadable.where.removeprefix("line "), unreadable.what) from None
    if "reqlint" not in text or not re.search(_TABLE, text, re.M):
        return False
    tool = _parsed(path)[0].get("tool", {})
    return isinstance(tool, dict) and "reqlint" in tool


_LONG_NAME = r"""(?<![\w."'-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){32}"""
"""More than thirty names with dots between them: `tomllib` takes the square of their number in time and memory."""


def _parsed(path: Path) -> tuple[dict[str, Any], str]:
    """Read a TOML file: what it says, and its text."""
    import tomllib  # a project without a configuration has no use for it

    try:
        text = read_text_file(path).replace("\r\n", "\n")
    except BadData as unreadable:
        raise BadConfig(unreadable.file, unreadable.where.removeprefix("line "), unreadable.what) from None
    if long := re.search(_LONG_NAME, text):
        line = text.count("\n", 0, long.start()) + 1
        raise BadConfig(display_path(path), f"{line}:1", "has a key of more than 32 names")
    try:
        return tomllib.loads(text), text
    except RecursionError:
        raise BadConfig(display_path(path), "", "is nested too deeply to be read") from None
    except tomllib.TOMLDecodeError as broken:
        problem = str(broken)
        at = re.search(r" \(at line (\d+), column (\d+)\)$", problem)
        where = f"{at[1]}:{at[2]}" if at else ""
        problem = problem[: at.start()] if at else problem.removesuffix(" (at end of document)")
        if problem.startswith(("Cannot mutate immutable", "Cannot overwrite", "Cannot declare")):
            problem += '; beside [[ignore]] there is no ignore = […], and severity = {rule = "off"} does what it did'
        raise BadConfig(display_path(path), where, f"is not TOML: {problem[:1].lower()}{problem[1:]}") from None
    except ValueError as broken:  # more digits than Python reads, or a day that there is not
        raise BadConfig(display_path(path), "", f"is not TOML: {str(broken).partition(';')[0]}") from None


def load_config(path: Path) -> Config:
    """
    Read a configuration file.

    Raises:
        BadConfig: it cannot be read, or says something that it cannot mean; the message has the lines.
    """
    loaded, text = _parsed(path)
    base: Place = ()
    if path.name == "pyproject.toml" or "tool" in loaded:
        tool = loaded.get("tool", {})
        table, base = tool.get("reqlint", {}) if isinstance(tool, dict) else {}, ("tool", "reqlint")
        if not isinstance(table, dict):
            raise BadConfig(display_path(path), "", "[tool.reqlint] is no table")
    else:
        table = loaded
    config = Config(path, _with_dates_as_text(table), base, text)
    config.check()
    return config


def _count(value: object) -> int:
    if isinstance(value, dict | list):
        return 1 + sum(map(_count, value.values() if isinstance(value, dict) else value))
    return 1


def _with_dates_as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _with_dates_as_text(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_with_dates_as_text(member) for member in value]
    if isinstance(value, float) and not isfinite(value):
        return str(value)  # TOML has words for them, and no setting takes one
    return value.isoformat() if hasattr(value, "isoformat") else value


def _whole(base: Place) -> str:
    return "[tool.reqlint]" if base else "the configuration"
