"""Where the rules and schemas are, and how their YAML is read."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from reqlint.errors import BadData


class Own(NamedTuple):
    """Folders of rules and profiles that somebody adds to ours; `reqlint.own.own_from` looks at what is in them."""

    rules: tuple[str, ...] = ()  #: ``<id>.yaml`` or ``<subject>/<id>.yaml`` in each
    profiles: tuple[str, ...] = ()  #: ``<name>/profile.yaml`` in each, with a ``delta.yaml`` or a ``request.json``


NOTHING_OWN = Own()


@cache
def home() -> Path:
    """Give the folder that holds ``rules/`` and ``schemas/``: the installed package, or the checkout around it."""
    package = Path(__file__).parent
    return package if (package / "rules").is_dir() else package.parent


def shown(path: Path) -> str:
    """Give a path as people know it: from where they are."""
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def load_yaml(path: Path) -> dict[str, Any]:
    """
    Read one of our own YAML files.

    Raises:
        BadData: it cannot be read, is not YAML, or holds something else than a mapping.
    """
    import yaml  # only here and in _yaml; a clean run reads the compiled index instead

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - a safe loader, C or not
    except (OSError, UnicodeDecodeError) as unreadable:
        raise BadData(shown(path), "", f"cannot be read: {unreadable}") from unreadable
    except yaml.YAMLError as broken:
        mark = getattr(broken, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else ""
        raise BadData(
            shown(path), where, f"is not YAML: {getattr(broken, 'problem', broken)}"
        ) from None  # it quotes the file
    if not isinstance(loaded, dict):
        raise BadData(shown(path), "", "holds no mapping")
    return loaded


def load_json(path: Path) -> dict[str, Any]:
    """Read one of our own JSON files; raises `BadData` as `load_yaml` does."""
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as unreadable:
        raise BadData(shown(path), "", f"cannot be read: {unreadable}") from unreadable
    if not isinstance(loaded, dict):
        raise BadData(shown(path), "", "holds no object")
    return loaded


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


def own_rule_files(own: Own) -> list[Path]:
    """Give the rule files of the added folders, sorted within each."""
    return [
        path for folder in own.rules for path in sorted([*Path(folder).glob("*.yaml"), *Path(folder).glob("*/*.yaml")])
    ]


def own_profile_folders(own: Own) -> dict[str, Path]:
    """Give the added profiles by name: the folders that hold a ``profile.yaml``."""
    return {
        path.parent.name: path.parent for folder in own.profiles for path in sorted(Path(folder).glob("*/profile.yaml"))
    }


@cache
def extended(own: Own) -> Mapping[str, Any]:
    """Give all that is known, with what is in the added folders; a delta is applied as it is read."""
    known = knowledge()
    if own == NOTHING_OWN:
        return known
    rules = {path.stem: load_yaml(path) for path in own_rule_files(own)}
    folders = own_profile_folders(own)
    profiles = {
        name: {"profile": load_yaml(folder / "profile.yaml"), "schema": _own_schema(name, folders), "lines": {}}
        for name, folder in folders.items()
    }
    return {**known, "rules": {**known["rules"], **rules}, "profiles": {**known["profiles"], **profiles}}


def _own_schema(name: str, folders: Mapping[str, Path]) -> dict[str, Any]:
    folder = folders.get(name)
    if folder is None:
        schema = knowledge()["profiles"][name]["schema"]
    elif (folder / "request.json").exists():
        schema = load_json(folder / "request.json")
    else:
        parent = _own_schema(load_yaml(folder / "profile.yaml")["extends"], folders)
        delta = load_yaml(folder / "delta.yaml") if (folder / "delta.yaml").exists() else {}
        schema = merge_patch(parent, delta)
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
    if home() == Path(__file__).parent or _is_current(index):
        return load_json(index)
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
    return Path(__file__).with_name("_index.json")


def _is_current(index: Path) -> bool:
    try:
        with index.open(encoding="utf-8") as file:
            head = file.read(128)  # the digest is its first member
    except OSError:
        return False
    return digest() in head
