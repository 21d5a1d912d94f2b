"""The rules and profiles that reqlint ships: read from ``rules/`` and ``schemas/``, or from the index made of them."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from reqlint.text.trusted_json import load_json
from reqlint.text.trusted_yaml import load_yaml


@cache
def home() -> Path:
    """Return the folder that holds ``rules/`` and ``schemas/``: the installed package, or the checkout around it."""
    package = Path(__file__).parents[1]
    return package if (package / "rules").is_dir() else package.parent


def profile_folders() -> list[Path]:
    """Return the folders of ``schemas/`` that hold a profile, sorted."""
    return [path.parent for path in sorted((home() / "schemas").glob("*/profile.yaml"))]


@cache
def shipped_knowledge() -> Mapping[str, Any]:
    """
    Return the content of ``rules/`` and ``schemas/``.

    Its form is ``{"rules": {id: …}, "profiles": {name: {"profile", "schema", "lines", "evidence"}}, "neighbours": …}``.

    Parsing some eighty YAML files would take longer than the rest of a run, so the same content is kept as one JSON
    file, the index. An installed package always uses it. A checkout uses it only while its digest matches the files,
    so that an edited rule takes effect at once.
    """
    index = _index_path()
    if home() == Path(__file__).parents[1] or _is_current(index):
        content: dict[str, Any] = json.loads(index.read_text("utf-8"))
        return content
    return read_sources()


def read_sources() -> dict[str, Any]:
    """Read every rule and profile file; the result is the content of the index."""
    rules = {path.stem: load_yaml(path) for path in sorted((home() / "rules").glob("*/*.yaml"))}
    profiles = {
        folder.name: {
            "profile": load_yaml(folder / "profile.yaml"),
            "schema": load_json(folder / "request.json"),
            "lines": {
                path.name.removesuffix("-line.json"): load_json(path) for path in sorted(folder.glob("*-line.json"))
            },
            "evidence": load_yaml(folder / "evidence.yaml") if (folder / "evidence.yaml").exists() else {},
        }
        for folder in profile_folders()
    }
    neighbours = load_yaml(home() / "schemas" / "neighbours.yaml")
    return {"digest": digest(), "rules": rules, "profiles": profiles, "neighbours": neighbours}


_PROFILE_FILES = ("profile.yaml", "request.json", "evidence.yaml")


def digest() -> str:
    """
    Return a checksum of the names and contents of the files that the index is made of.

    A checksum is enough, since nobody gains by forging it, and hashlib takes longer to import than this takes to run.
    """
    from zlib import adler32, crc32

    crc, adler = 0, 1
    profiles = [
        path
        for folder in profile_folders()
        for path in (*sorted(folder.glob("*-line.json")), *(folder / name for name in _PROFILE_FILES))
        if path.exists()
    ]
    rules = sorted((home() / "rules").glob("*/*.yaml"))
    for path in [*rules, *profiles, home() / "schemas" / "neighbours.yaml"]:
        content = f"{path.parent.name}/{path.name}\0".encode() + path.read_bytes().replace(b"\r\n", b"\n")
        crc, adler = crc32(content, crc), adler32(content, adler)
    return f"{crc:08x}{adler:08x}"


def write_index() -> Path:
    """Write the index of the current files, and return its path."""
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
