"""Rules and profiles that a project brings along: looked at before they are used, and their examples run."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from os import PathLike
from pathlib import Path
from typing import Any

from reqlint import _data
from reqlint._data import NOTHING_OWN, Own, shown
from reqlint.engines import schema_fault
from reqlint.errors import BadData, UnknownName
from reqlint.held import faults
from reqlint.pointer import to_path

Folders = Iterable[str | PathLike[str]]


def own_from(rules: Folders = (), profiles: Folders = ()) -> Own:
    """
    Give the rules and profiles of some folders, once they are known to be what they should be.

    Raises:
        BadData: a file is not what the schemas of rules and profiles ask for; the message names it and the place.
    """
    own = Own(*(tuple(str(Path(each).absolute()) for each in folders) for folders in (rules, profiles)))
    return NOTHING_OWN if own == NOTHING_OWN else _looked_at(own)


@cache
def _looked_at(own: Own) -> Own:
    for folder in (*own.rules, *own.profiles):
        if not Path(folder).is_dir():
            raise BadData(shown(Path(folder)), "", "is not a folder")
    ours = _data.knowledge()
    profiles = _data.own_profile_folders(own)
    if own.profiles and not profiles:
        raise BadData(shown(Path(own.profiles[0])), "", "holds no profile; each is a folder with a profile.yaml")
    known = [*ours["profiles"], *profiles]
    for name, home in profiles.items():
        _look_at_profile(name, home, known, ours["profiles"])
    files = _data.own_rule_files(own)
    if own.rules and not files:
        raise BadData(shown(Path(own.rules[0])), "", "holds no rule; each is a file <id>.yaml")
    met: dict[str, Path] = {}
    for path in files:
        _look_at_rule(path, known, ours["rules"])
        if path.stem in met:
            raise BadData(shown(path), "", f"{shown(met[path.stem])} has a rule of this id as well")
        met[path.stem] = path
    return own


def _look_at_rule(path: Path, profiles: list[str], ours: Mapping[str, Any]) -> None:
    file = shown(path)
    rule = _held(path, "rule", "the rule")
    if rule["id"] != path.stem:
        raise BadData(file, "id", f'is "{rule["id"]}", but the file is named {path.name}')
    if rule["id"] in ours:
        raise BadData(file, "id", f'reqlint has a rule "{rule["id"]}"; its severity can be set in the configuration')
    if "request" not in rule:
        raise BadData(file, "", "the rule has no request; a rule of a project is a JSON Schema for the request")
    for number, entry in enumerate(rule["evidence"]):
        names = [entry["profile"]] if isinstance(entry["profile"], str) else entry["profile"]
        for name in names:
            if name != "*" and name not in profiles:
                raise BadData(file, f"evidence[{number}].profile", _unknown("profile", name, profiles))
    _compiled(file, "request", rule["request"], within="#/$defs" if rule.get("at") else "#")


def _look_at_profile(name: str, folder: Path, known: list[str], ours: Mapping[str, Any]) -> None:
    file = shown(folder / "profile.yaml")
    profile = _held(folder / "profile.yaml", "profile", "the profile")
    if profile["name"] != name:
        raise BadData(file, "name", f'is "{profile["name"]}", but the folder is named {name}')
    if name in ours:
        raise BadData(file, "name", f'reqlint has a profile "{name}"; extend it under another name')
    parent = profile.get("extends")
    if parent is not None and parent not in known:
        raise BadData(file, "extends", _unknown("profile", parent, known))
    chain = [name]
    while parent is not None and parent not in ours:
        if parent in chain:
            raise BadData(file, "extends", f"{' extends '.join([*chain, parent])}, which never ends")
        chain.append(parent)
        beside = folder.parent / parent / "profile.yaml"
        parent = _data.load_yaml(beside).get("extends") if beside.exists() else None
    schema = folder / "request.json"
    if schema.exists():
        _compiled(shown(schema), "", _data.load_json(schema))
    elif "extends" not in profile:
        raise BadData(file, "", "has neither a request.json beside it nor a profile that it extends")


def _held(path: Path, schema: str, whole: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(json.dumps(_data.load_yaml(path), default=str))  # dates as they are written
    found = list(faults(loaded, schema, whole))
    # A misspelled key is likely the reason of whatever else is wrong.
    for fault in sorted(found, key=lambda fault: not fault.what.startswith("unknown key")):
        if schema == "rule" and "request" not in loaded and not fault.what.startswith("unknown key"):
            break
        raise BadData(shown(path), to_path(fault.place), fault.what)
    return loaded


def _compiled(file: str, where: str, schema: Mapping[str, Any], within: str = "#") -> None:
    """Raise what is wrong with a JSON Schema whose references begin with *within*."""
    fault = schema_fault(schema, within)
    if fault:
        raise BadData(file, ".".join(filter(None, [where, to_path(fault[0])])), fault[1])


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    unknown = UnknownName(name, known)
    unknown.kind = kind
    return str(unknown)
