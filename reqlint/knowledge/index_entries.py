"""
What the index has for each file of rules and profiles: an entry with the file's content and its digest.

Every entry is made of one file and has lines of its own, so that branches that change different files merge.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from zlib import adler32, crc32

from reqlint.knowledge.words import words_by_property
from reqlint.text.trusted_json import load_json
from reqlint.text.trusted_yaml import load_yaml

Entry = Mapping[str, Any]

RULE_TEXTS = ("summary", "why", "related", "tags", "examples", "no-example")
"""Keys of a rule's file that only pages and reports need; all others are for judging and describing."""

PROFILE_SUMMARY = ("name", "title", "source", "endpoints", "models", "dialect", "extends")
"""Keys of a profile's file that are needed of every profile, to choose one and to list them."""


def digest(content: bytes) -> str:
    """
    Return a checksum of a file's content, whatever its line ends.

    A checksum is enough, since nobody gains by forging it, and hashlib takes longer to import than this takes to run.
    """
    content = content.replace(b"\r\n", b"\n")
    return f"{crc32(content):08x}{adler32(content):08x}"


def rule_entry(path: Path) -> Entry:
    """Return what judging needs of a rule's file."""
    loaded = load_yaml(path)
    kept = {key: value for key, value in loaded.items() if key not in RULE_TEXTS}
    return {"id": path.stem, "digest": digest(path.read_bytes()), **kept}


def rule_text_entry(path: Path) -> Entry:
    """Return what only pages and reports need of a rule's file."""
    loaded = load_yaml(path)
    kept = {key: loaded[key] for key in RULE_TEXTS if key in loaded}
    return {"id": path.stem, "digest": digest(path.read_bytes()), **kept}


def summary_entry(path: Path) -> Entry:
    """Return what is needed of every profile, from its ``profile.yaml``."""
    loaded = load_yaml(path)
    kept = {key: loaded[key] for key in PROFILE_SUMMARY if key in loaded}
    return {**kept, "name": path.parent.name, "digest": digest(path.read_bytes())}


def words_entry(path: Path) -> Entry:
    """Return the top-level fields and the words that a profile's ``request.json`` documents."""
    schema = load_json(path)
    return {
        "name": path.parent.name,
        "digest": digest(path.read_bytes()),
        "fields": list(schema.get("properties", {})),
        "words": words_by_property(schema),
    }


def answers_entry(path: Path) -> Entry:
    """Return the words of a profile's ``answers.yaml``, by rule id."""
    return {"name": path.parent.name, "digest": digest(path.read_bytes()), "answers": load_yaml(path)}


def file_entry(path: Path) -> Entry:
    """Return all of a file that holds a mapping."""
    content = load_json(path) if path.suffix == ".json" else load_yaml(path)
    return {"digest": digest(path.read_bytes()), "content": content}


def facts_entry(path: Path) -> Entry:
    """Return all of a profile's ``facts.yaml``; nothing if there is no such file."""
    return file_entry(path) if path.exists() else {}


def evidence_entries(path: Path) -> Mapping[str, Entry]:
    """Return an entry for each rule in a profile's ``evidence.yaml``; none if there is no such file."""
    if not path.exists():
        return {}
    digests = evidence_digests(path.read_text("utf-8"))
    return {rule: {"digest": digests[rule], "claims": claims} for rule, claims in load_yaml(path).items()}


_FIRST_LINE = re.compile(r"^[a-z0-9-]+(?=:)", re.M)
_LAST_LINES = re.compile(r"(\s*\n(#.*)?)+\Z")
"""Blank lines and comments after an entry, which belong to the next one."""


def evidence_digests(text: str) -> Mapping[str, str]:
    """Return the checksum of each entry in the text of an ``evidence.yaml``, by rule id."""
    starts = [match.start() for match in _FIRST_LINE.finditer(text)]
    blocks = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    return {block.partition(":")[0]: digest(_LAST_LINES.sub("", block).encode()) for block in blocks}


def line_forms(folder: Path) -> Iterable[tuple[str, Path]]:
    """Yield what JSONL files with lines of a schema are for, such as ``batch``, with the file of that schema."""
    for path in sorted(folder.glob("*-line.json")):
        yield path.name.removesuffix("-line.json"), path
