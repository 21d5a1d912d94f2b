"""Where the rules and schemas are, ours and those that somebody adds."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from reqlint.core.errors import BadData
from reqlint.text.trusted_files import display_path, file_size, is_within, load_json, load_yaml


class CustomFolders(NamedTuple):
    """Folders of rules and profiles that somebody adds to ours; `reqlint.knowledge.custom.load_custom` looks at what is in them."""

    rules: tuple[str, ...] = ()  #: ``<id>.yaml`` or ``<subject>/<id>.yaml`` in each
    profiles: tuple[str, ...] = ()  #: ``<name>/profile.yaml`` in each, with a ``delta.yaml`` or a ``request.json``


NO_CUSTOM = CustomFolders()


@cache
def home() -> Path:
    """Give the folder that holds ``rules/`` and ``schemas/``: the installed package, or the checkout around it."""
    package = Path(__file__).parents[1]
    return package if (package / "rules").is_dir() else package.parent


def merge_patch(target: object, patch: object) -> object:
    """Apply a JSON merge patch (RFC 7396): objects are merged, null removes, anything else replaces."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for key, change in patch.items():
        if change is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), change)
    return merged


class CustomContents(NamedTuple):
    """What is in added folders, as it is written."""

    rules: Mapping[Path, dict[str, Any]]
    profiles: Mapping[str, Mapping[str, Any]]  #: by folder name: ``folder``, ``profile``, and ``delta`` or ``schema``


_MOST_FILES = 1000
_MOST_CHARACTERS = 4 << 20


@cache
def read_custom(own: CustomFolders) -> CustomContents:
    """
    Read what is in the added folders, each file once; `reqlint.knowledge.custom.load_custom` looks at it before anybody uses it.

    Raises:
        BadData: a file cannot be read, or there is more than any project needs.
    """
    rules: dict[Path, dict[str, Any]] = {}
    profiles: dict[str, Mapping[str, Any]] = {}
    count = size = 0

    def counted(path: Path, folder: Path) -> Path:
        nonlocal count, size
        count, size = count + 1, size + file_size(path)
        if count > _MOST_FILES or size > _MOST_CHARACTERS:
            raise BadData(
                display_path(folder), "", f"holds more than {_MOST_FILES:,} files or {_MOST_CHARACTERS >> 20} MB"
            )
        return path

    for top in map(Path, own.rules):
        for path in _files(top, counted):
            rules[path] = load_yaml(path, top)
    for top in map(Path, own.profiles):
        for folder in _folders(top):
            if not os.path.lexists(folder / "profile.yaml"):
                continue
            if folder.name in profiles:
                other = display_path(profiles[folder.name]["folder"])
                raise BadData(display_path(folder), "", f"{other} is a profile of this name as well")
            profiles[folder.name] = {
                "folder": folder,
                **{
                    key: load(counted(folder / name, top), top)
                    for key, name, load in _PROFILE_FILES
                    if os.path.lexists(folder / name)
                },
            }
    return CustomContents(rules, profiles)


_PROFILE_FILES: tuple[tuple[str, str, Callable[[Path, Path], dict[str, Any]]], ...] = (
    ("profile", "profile.yaml", load_yaml),
    ("delta", "delta.yaml", load_yaml),
    ("schema", "request.json", load_json),
)


def _files(top: Path, counted: Callable[[Path, Path], Path]) -> list[Path]:
    """Give the ``*.yaml`` of a folder and of those in it, sorted."""
    found = [counted(Path(entry.path), top) for entry in _entries(top) if entry.name.endswith(".yaml")]
    for folder in _folders(top):
        found += [counted(Path(entry.path), top) for entry in _entries(folder) if entry.name.endswith(".yaml")]
    return sorted(found)


def _folders(top: Path) -> list[Path]:
    """Give the folders in a folder, sorted; one that leads out of it is none of them."""
    return sorted(path for entry in _entries(top) if (path := Path(entry.path)).is_dir() and is_within(path, top))


def _entries(folder: Path) -> Iterator["os.DirEntry[str]"]:
    """Give what is in a folder, apart from what is hidden."""
    try:
        with os.scandir(folder) as entries:
            yield from (entry for entry in entries if not entry.name.startswith("."))
    except OSError as unreadable:
        raise BadData(display_path(folder), "", f"cannot be read: {(unreadable.strerror or '').lower()}") from None


@cache
def merged_knowledge(own: CustomFolders) -> Mapping[str, Any]:
    """Give all that is known, with what is in the added folders and has been looked at; a delta is applied."""
    known = knowledge()
    if own == NO_CUSTOM:
        return known
    added = read_custom(own)
    rules = {path.stem: loaded for path, loaded in added.rules.items()}
    profiles = {
        name: {"profile": files["profile"], "schema": custom_schema(name, added), "lines": {}}
        for name, files in added.profiles.items()
    }
    return {**known, "rules": {**known["rules"], **rules}, "profiles": {**known["profiles"], **profiles}}


def custom_schema(name: str, added: CustomContents) -> dict[str, Any]:
    """Give the request schema of a profile, once it is known that each has a parent or a schema of its own."""
    files = added.profiles.get(name)
    if files is None:
        schema = knowledge()["profiles"][name]["schema"]
    elif "schema" in files:
        schema = files["schema"]
    else:
        schema = merge_patch(custom_schema(files["profile"]["extends"], added), files.get("delta", {}))
    return {**schema, "$id": f"reqlint:{name}"} if isinstance(schema, dict) else {}


def generated_schemas() -> dict[Path, str]:
    """Give the text of each ``request.json`` that is made of a ``delta.yaml`` and the schema it changes."""
    return {
        folder / "request.json": json.dumps(_patched(folder.name), ensure_ascii=False, indent=2) + "\n"
        for folder in _profile_folders()
        if (folder / "delta.yaml").exists()
    }


def _patched(name: str) -> dict[str, Any]:
    folder = home() / "schemas" / name
    if not (folder / "delta.yaml").exists():
        return load_json(folder / "request.json")
    parent = _patched(load_yaml(folder / "profile.yaml")["extends"])
    schema = merge_patch(parent, load_yaml(folder / "delta.yaml"))
    return {**schema, "$id": f"reqlint:{name}"} if isinstance(schema, dict) else {}


@cache
def knowledge() -> Mapping[str, Any]:
    """
    Give all that ``rules/`` and ``schemas/`` say: ``{"rules": {id: …}, "profiles": {name: {"profile", "schema"}}, …}``.

    Parsing some eighty YAML files would take longer than all the rest of a run, so the same content is kept as one
    JSON file, the index. An installed package uses it as it is; in a checkout it counts only while its digest is that
    of the files, so an edited rule is in force at once.
    """
    index = _index_path()
    if home() == Path(__file__).parents[1] or _is_current(index):
        content: dict[str, Any] = json.loads(index.read_text("utf-8"))
        return content
    return read_sources()


def read_sources() -> dict[str, Any]:
    """Read every rule and profile file; the content of the index."""
    rules = {path.stem: load_yaml(path) for path in sorted((home() / "rules").glob("*/*.yaml"))}
    profiles = {
        folder.name: {
            "profile": load_yaml(folder / "profile.yaml"),
            "schema": load_json(folder / "request.json"),
            "lines": {
                path.name.removesuffix("-line.json"): load_json(path) for path in sorted(folder.glob("*-line.json"))
            },
        }
        for folder in _profile_folders()
    }
    neighbours = load_yaml(home() / "schemas" / "neighbours.yaml")
    return {"digest": digest(), "rules": rules, "profiles": profiles, "neighbours": neighbours}


def _profile_folders() -> list[Path]:
    """Give the folders of ``schemas/`` that hold a profile."""
    return [path.parent for path in sorted((home() / "schemas").glob("*/profile.yaml"))]


def digest() -> str:
    """
    Tell the files that the index is made of from what they were before: names and content.

    A checksum serves, as nobody gains by deceiving it, and the library of hashes takes longer to load than this runs.
    """
    from zlib import adler32, crc32

    crc, adler = 0, 1
    profiles = [
        path
        for folder in _profile_folders()
        for path in (folder / "profile.yaml", folder / "request.json", *sorted(folder.glob("*-line.json")))
    ]
    rules = sorted((home() / "rules").glob("*/*.yaml"))
    for path in [*rules, *profiles, home() / "schemas" / "neighbours.yaml"]:
        content = f"{path.parent.name}/{path.name}\0".encode() + path.read_bytes().replace(b"\r\n", b"\n")
        crc, adler = crc32(content, crc), adler32(content, adler)
    return f"{crc:08x}{adler:08x}"


def write_index() -> Path:
    """Write the index anew; gives its path."""
    text = json.dumps(read_sources(), ensure_ascii=False, default=str, separators=(",", ":"))
    _index_path().write_text(text + "\n", encoding="utf-8")
    return _index_path()


def _index_path() -> Path:
    return Path(__file__).with_name("index.json")


def _is_current(index: Path) -> bool:
    try:
        with index.open(encoding="utf-8") as file:
            head = file.read(128)  # the digest is its first member
    except OSError:
        return False
    return digest() in head
