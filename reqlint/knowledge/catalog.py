"""All rules and profiles that are known: those that reqlint ships, and those of a project's folders."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from reqlint.knowledge.custom_folders import NO_CUSTOM, CustomContents, CustomFolders, read_custom
from reqlint.knowledge.delta import apply_delta, name_schema
from reqlint.knowledge.index import shipped_knowledge


@cache
def merged_knowledge(own: CustomFolders) -> Mapping[str, Any]:
    """Return the shipped rules and profiles with those of checked folders; the schema of a profile is complete."""
    shipped = shipped_knowledge()
    if own == NO_CUSTOM:
        return shipped
    custom = read_custom(own)
    rules = {path.stem: loaded for path, loaded in custom.rules.items()}
    profiles = {
        name: {
            "profile": files["profile"],
            "schema": custom_schema(name, custom),
            "lines": {},
            "evidence": files.get("evidence", {}),
        }
        for name, files in custom.profiles.items()
    }
    return {**shipped, "rules": {**shipped["rules"], **rules}, "profiles": {**shipped["profiles"], **profiles}}


def custom_schema(name: str, custom: CustomContents) -> dict[str, Any]:
    """Return the request schema of a profile; each must be known to have a schema or to extend one that has."""
    files = custom.profiles.get(name)
    if files is None:
        schema = shipped_knowledge()["profiles"][name]["schema"]
    elif "schema" in files:
        schema = files["schema"]
    else:
        schema = apply_delta(custom_schema(files["profile"]["extends"], custom), files.get("delta", {}))
    return name_schema(schema, name)
