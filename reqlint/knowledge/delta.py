"""The request schema of a profile, made from its ``delta.yaml``: a list of parameters, or a patch of the parent's."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reqlint.knowledge.index import home
from reqlint.knowledge.merge_patch import patch_schema
from reqlint.knowledge.parameter_list import ParameterList, lists_parameters
from reqlint.text.trusted_json import load_json
from reqlint.text.trusted_yaml import load_yaml


def request_schema(
    profile: Mapping[str, Any], delta: Mapping[str, Any], parent_schema: Mapping[str, Any], file: Path
) -> dict[str, Any]:
    """
    Return the request schema of *profile*, the content of its ``profile.yaml``, by the *delta* that *file* holds.

    *parent_schema* is the request schema of the profile that it extends, and empty where it extends none.

    Raises:
        BadData: a list of parameters names or refers to something that does not exist.
    """
    schema: object
    if lists_parameters(delta):
        schema = ParameterList(delta, file, profile.get("extends"), parent_schema).schema(profile["title"])
    else:
        schema = patch_schema(parent_schema, delta)
    return name_schema(schema, profile["name"])


def name_schema(schema: object, profile: str) -> dict[str, Any]:
    """Return *schema* with the ``$id`` of *profile*; an empty schema where it is not an object."""
    return {**schema, "$id": f"reqlint:{profile}"} if isinstance(schema, dict) else {}


def generated_schemas(schemas: Path | None = None) -> dict[Path, str]:
    """Return the text of each ``request.json`` that is generated from a ``delta.yaml`` in the folder *schemas*."""
    folders = [path.parent for path in sorted((schemas or home() / "schemas").glob("*/delta.yaml"))]
    return {
        folder / "request.json": json.dumps(_schema_of(folder), ensure_ascii=False, indent=2) + "\n"
        for folder in folders
    }


def _schema_of(folder: Path) -> dict[str, Any]:
    """Return the request schema of a profile from the files that people write."""
    file = folder / "delta.yaml"
    if not file.exists():
        return load_json(folder / "request.json")
    profile = load_yaml(folder / "profile.yaml")
    parent_schema = _schema_of(folder.with_name(profile["extends"])) if "extends" in profile else {}
    return request_schema(profile, load_yaml(file), parent_schema, file)
