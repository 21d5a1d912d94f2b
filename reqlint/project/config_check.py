"""What is wrong with a configuration that is TOML: its shape, its size, where it leads, and the names it uses."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reqlint.core.errors import UnknownName, UnknownRule
from reqlint.core.pointer import Place
from reqlint.project.config_search import find_top
from reqlint.project.docs_urls import fault_in_template
from reqlint.text.trusted_files import is_within

if TYPE_CHECKING:
    from reqlint.knowledge.catalog import Catalog

MOST_MISTAKES = 50  #: reported at once

_MOST_PATTERNS = 1000  # file patterns, pointers and tables
_MOST_VALUES = 10_000

Mistake = tuple[Place | None, str]
"""A place in the table of reqlint, and what is wrong there; no place if it is wrong with the whole file."""


def find_mistakes(
    table: Mapping[str, Any], title: str, folder: Path, load_catalog: "Callable[[], Catalog]"
) -> list[Mistake]:
    """
    Return what is wrong with a table of reqlint; an empty list if it can be used.

    Args:
        table: the table, as values of JSON.
        title: what messages call the table.
        folder: the folder of the configuration.
        load_catalog: returns the rules and profiles known in the project; called once paths and sizes are fine.
    """
    from reqlint.knowledge.validation import find_faults

    if _count_values(table) > _MOST_VALUES:
        return [(None, f"has more than {_MOST_VALUES:,} values")]
    return (
        [(fault.place, fault.what) for fault in find_faults(table, "config", title)]
        or [*_outside(table, folder), *_too_many(table), *_bad_address(table)]
        or [*islice(_unknown_names(table, load_catalog()), MOST_MISTAKES)]
    )


def _outside(table: Mapping[str, Any], folder: Path) -> Iterator[Mistake]:
    """Yield the paths that lead out of the repository."""
    top = find_top(folder)
    paths: list[tuple[Place, str]] = [
        ((key, number), name) for key in ("rules", "profiles") for number, name in enumerate(table.get(key, ()))
    ]
    if table.get("baseline"):
        paths.append((("baseline",), table["baseline"]))
    for place, name in paths:
        if not is_within(folder / name, top):
            yield place, f"{place[0]} is outside the repository (outside this folder if there is none)"


def _bad_address(table: Mapping[str, Any]) -> Iterator[Mistake]:
    """Yield the key of an address that reports must not show."""
    if "docs-url" in table and (fault := fault_in_template(table["docs-url"])):
        yield ("docs-url",), f"docs-url {fault}"


def _too_many(table: Mapping[str, Any]) -> Iterator[Mistake]:
    """Yield the key at which there are too many patterns and tables."""
    count = 0
    for key in ("exclude", "extract", "per-file", "ignore", "expect"):
        for entry in table.get(key, ()):
            if isinstance(entry, str):
                count += key != "ignore"  # a rule id is no pattern
            else:
                count += 1 + sum(len(entry.get(each, ())) for each in ("files", "extract"))
        if count > _MOST_PATTERNS:
            yield (key,), f"there are more than {_MOST_PATTERNS:,} patterns and tables"
            return


def _unknown_names(table: Mapping[str, Any], catalog: "Catalog") -> Iterator[Mistake]:
    """Yield the names of rules and profiles that do not exist."""
    from reqlint.knowledge.profile_choice import AUTO
    from reqlint.run.compat.columns import UnknownColumn, column_names

    for place, name in _rule_names(table):
        try:
            catalog.resolve_rules([name])
        except UnknownRule as unknown:
            yield place, str(unknown)
    known = (*catalog.profile_names, AUTO)
    for at, part in _parts(table):
        if "profile" in part and part["profile"] not in known:
            unknown_profile = UnknownName(part["profile"], known)
            unknown_profile.kind = "profile"
            yield (*at, "profile"), str(unknown_profile)
        for number, name in enumerate(part.get("require", ())):
            if name not in (columns := column_names(catalog)):
                yield (*at, "require", number), str(UnknownColumn(name, columns))


def _rule_names(table: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """Yield each name of a rule or group with its place."""
    for at, part in _parts(table):
        for key in ("select", "ignore"):
            for number, entry in enumerate(part.get(key, ())):
                if isinstance(entry, str):
                    yield (*at, key, number), entry
                else:
                    yield from (((*at, key, number, "rules", i), rule) for i, rule in enumerate(entry["rules"]))
        yield from (((*at, "severity", name), name) for name in part.get("severity", ()))
    for number, entry in enumerate(table.get("expect", ())):
        yield from ((("expect", number, "rules", i), rule) for i, rule in enumerate(entry["rules"]))


def _parts(table: Mapping[str, Any]) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Yield the table and its ``per-file`` tables, which hold settings of the same form."""
    yield (), table
    for number, entry in enumerate(table.get("per-file", ())):
        yield ("per-file", number), entry


def _count_values(value: object) -> int:
    if isinstance(value, dict | list):
        return 1 + sum(map(_count_values, value.values() if isinstance(value, dict) else value))
    return 1
