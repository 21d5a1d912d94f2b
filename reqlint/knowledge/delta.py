"""The request schema of a profile that extends another: the parent's schema, changed by a JSON merge patch."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reqlint.knowledge.index import home, profile_folders
from reqlint.schema.keyword_rules import write_out_rules
from reqlint.text.trusted_json import load_json
from reqlint.text.trusted_yaml import load_yaml


def merge_patch(target: object, patch: object) -> object:
    """Apply a JSON merge patch (RFC 7396): objects are merged, null removes a member, anything else replaces."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for key, change in patch.items():
        if change is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), change)
    return merged


def apply_delta(schema: object, delta: object) -> object:
    """Apply a delta to a schema as a merge patch; an ``x-rule`` of either still stands for the keywords beside it."""
    return merge_patch(write_out_rules(schema, delta), write_out_rules(delta, schema))


def name_schema(schema: object, profile: str) -> dict[str, Any]:
    """Return *schema* with the ``$id`` of *profile*; an empty schema where it is not an object."""
    return {**schema, "$id": f"reqlint:{profile}"} if isinstance(schema, dict) else {}


def generated_schemas() -> dict[Path, str]:
    """Return the text of each shipped ``request.json`` that is generated from a ``delta.yaml``."""
    return {
        folder / "request.json": json.dumps(_patched(folder.name), ensure_ascii=False, indent=2) + "\n"
        for folder in profile_folders()
        if (folder / "delta.yaml").exists()
    }


def _patched(profile: str) -> dict[str, Any]:
    folder = home() / "schemas" / profile
    if not (folder / "delta.yaml").exists():
        return load_json(folder / "request.json")
    parent = _patched(load_yaml(folder / "profile.yaml")["extends"])
    return name_schema(apply_delta(parent, load_yaml(folder / "delta.yaml")), profile)
