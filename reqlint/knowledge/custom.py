"""Rules and profiles that a project brings along: looked at before they are used, and their examples run."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from os import PathLike
from pathlib import Path
from typing import Any

from reqlint.core.errors import BadData, UnknownName
from reqlint.core.pointer import to_path
from reqlint.display.escaping import sanitize
from reqlint.knowledge import catalog
from reqlint.knowledge.catalog import NO_CUSTOM, CustomContents, CustomFolders
from reqlint.knowledge.validation import find_faults
from reqlint.schema.limits import subschemas
from reqlint.schema.validators import schema_fault
from reqlint.text.trusted_files import display_path

Folders = Iterable[str | PathLike[str]]

_MOST_PATTERNS = 200
"""Patterns in the schemas of a project; each may take some megabytes compiled."""


def load_custom(rules: Folders = (), profiles: Folders = ()) -> CustomFolders:
    """
    Give the rules and profiles of some folders, once they are known to be what they should be.

    Raises:
        BadData: a file is not what the schemas of rules and profiles ask for; the message names it and the place.
    """
    own = CustomFolders(*(tuple(str(Path(each).absolute()) for each in folders) for folders in (rules, profiles)))
    return NO_CUSTOM if own == NO_CUSTOM else _looked_at(own)


@cache
def _looked_at(own: CustomFolders) -> CustomFolders:
    for folder in (*own.rules, *own.profiles):
        if "\0" in folder or not Path(folder).is_dir():
            raise BadData(sanitize(display_path(Path(folder))), "", "is not a folder")
    ours = catalog.knowledge()
    brought = catalog.read_custom(own)
    if own.profiles and not brought.profiles:
        raise BadData(display_path(Path(own.profiles[0])), "", "holds no profile; each is a folder with a profile.yaml")
    known = [*ours["profiles"], *brought.profiles]
    for name in brought.profiles:
        _look_at_profile(name, brought, known, ours["profiles"])
    if own.rules and not brought.rules:
        raise BadData(display_path(Path(own.rules[0])), "", "holds no rule; each is a file <id>.yaml")
    met: dict[str, Path] = {}
    for path, rule in brought.rules.items():
        _look_at_rule(path, rule, known, ours["rules"])
        if path.stem in met:
            raise BadData(display_path(path), "", f"{display_path(met[path.stem])} has a rule of this id as well")
        met[path.stem] = path
    ids = {*ours["rules"], *met}
    schemas = [
        (schema, catalog.custom_schema(name, brought), "")
        for name in brought.profiles
        if (schema := _schema_file(brought, name)) is not None
    ] + [(path, rule["request"], "request") for path, rule in brought.rules.items()]
    left = _MOST_PATTERNS
    for path, schema, where in schemas:
        left -= _look_at_schema(path, where, schema, ids)
        if left < 0:
            raise BadData(
                display_path(path), where, f"the schemas of the project have more than {_MOST_PATTERNS} patterns"
            )
    return own


_NO_REQUEST = "the rule has no request; a rule of a project is a JSON Schema for the request"


def _look_at_rule(path: Path, rule: Mapping[str, Any], profiles: list[str], ours: Mapping[str, Any]) -> None:
    file = display_path(path)
    _held(path, rule, "rule", "the rule")
    if rule["id"] != path.stem:
        raise BadData(file, "id", f'is "{rule["id"]}", but the file is named {sanitize(path.name)}')
    if rule["id"] in ours:
        raise BadData(file, "id", f'reqlint has a rule "{rule["id"]}"; its severity can be set in the configuration')
    if "request" not in rule:
        raise BadData(file, "", _NO_REQUEST)
    for number, entry in enumerate(rule["evidence"]):
        names = [entry["profile"]] if isinstance(entry["profile"], str) else entry["profile"]
        for name in names:
            if name != "*" and name not in profiles:
                raise BadData(file, f"evidence[{number}].profile", _unknown("profile", name, profiles))


def _look_at_profile(name: str, brought: CustomContents, known: list[str], ours: Mapping[str, Any]) -> None:
    files = brought.profiles[name]
    profile = files["profile"]
    path = files["folder"] / "profile.yaml"
    file = display_path(path)
    _held(path, profile, "profile", "the profile")
    if profile["name"] != name:
        raise BadData(file, "name", f'is "{profile["name"]}", but the folder is named {sanitize(name)}')
    if name in ours:
        raise BadData(file, "name", f'reqlint has a profile "{name}"; extend it under another name')
    parent = profile.get("extends")
    if parent is not None and parent not in known:
        raise BadData(file, "extends", _unknown("profile", parent, known))
    chain = [name]
    while parent in brought.profiles:
        if parent in chain:
            raise BadData(file, "extends", f"{' extends '.join([*chain, parent])}, which never ends")
        chain.append(parent)
        parent = brought.profiles[parent]["profile"].get("extends")
    if "schema" not in files and "extends" not in profile:
        raise BadData(file, "", "has neither a request.json beside it nor a profile that it extends")
    for fact, entry in profile.get("facts", {}).items():
        for alike in (each["profile"].get("facts", {}).get(fact) for each in ours.values()):
            if alike is not None and not _is_like(entry["value"], alike["value"]):
                raise BadData(file, f"facts.{fact}.value", "is not built like that of the profiles of reqlint")


def _is_like(value: object, ours: object) -> bool:
    """Tell whether a fact is built like one of ours, which is what checks take it for."""
    if type(value) is not type(ours):
        return False
    if isinstance(value, dict) and isinstance(ours, dict):
        if value.keys() <= ours.keys() and ours:
            return all(_is_like(member, ours[key]) for key, member in value.items())
        return all(any(_is_like(member, each) for each in ours.values()) for member in value.values())
    if isinstance(value, list) and isinstance(ours, list):
        return all(any(_is_like(item, each) for each in ours) for item in value)
    return True


def _schema_file(brought: CustomContents, name: str) -> Path | None:
    """Give the file that a profile's schema is wrong in, if it is; None where it is that of another profile."""
    files = brought.profiles[name]
    by_key = {"schema": "request.json", "delta": "delta.yaml"}
    folder: Path = files["folder"]
    return next((folder / file for key, file in by_key.items() if key in files), None)


def _held(path: Path, loaded: Mapping[str, Any], schema: str, whole: str) -> None:
    found = list(find_faults(loaded, schema, whole))
    # A misspelled key is likely the reason of whatever else is wrong.
    for fault in sorted(found, key=lambda fault: not fault.what.startswith("unknown key")):
        if schema == "rule" and "request" not in loaded and not fault.what.startswith("unknown key"):
            raise BadData(display_path(path), "", _NO_REQUEST)
        raise BadData(display_path(path), to_path(fault.place), fault.what)


def _look_at_schema(path: Path, where: str, schema: Mapping[str, Any], rules: set[str]) -> int:
    """Raise what is wrong with a JSON Schema; gives the number of its patterns."""
    fault = schema_fault(schema)
    count = 0
    for place, each in subschemas(schema) if fault is None else ():
        count += ("pattern" in each) + len(each.get("patternProperties", ()))
        for keyword, what in _said_to_us(each, rules):
            fault = fault or ((*place, keyword), what)
    if fault:
        raise BadData(
            display_path(path), sanitize(".".join(filter(None, [where, to_path(fault[0])]))), sanitize(fault[1])
        )
    return count


def _said_to_us(schema: Mapping[str, Any], rules: set[str]) -> Iterator[tuple[str, str]]:
    """Say what keywords of reqlint's own say that they cannot mean."""
    named = schema.get("x-rule")
    if named is not None and (not isinstance(named, str) or named not in rules):
        yield "x-rule", _unknown("rule", named, rules) if isinstance(named, str) else "is no rule"
    if schema.get("x-severity", "note") not in ("error", "warning", "note"):
        yield "x-severity", 'takes "error", "warning" or "note"'
    member = schema.get("x-discriminator")
    if "x-discriminator" in schema and not isinstance(schema.get("properties", {}).get(str(member)), Mapping):
        yield "x-discriminator", "names none of the properties beside it"


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    unknown = UnknownName(name, known)
    unknown.kind = kind
    return str(unknown)
