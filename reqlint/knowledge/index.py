"""
The rules and profiles that reqlint ships: read from ``rules/`` and ``schemas/``, or from the index made of them.

Parsing the YAML files would take longer than the rest of a run, so their content is kept as JSON, in ``index/``. An
installed package uses only that. A checkout uses an entry while its digest is that of the file it was made of, and
otherwise reads the file, so that an edited rule takes effect at once. Only what is asked for is opened and compared.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reqlint.knowledge.index_entries import Entry

_PACKAGE = Path(__file__).parents[1]
INDEX = Path(__file__).with_name("index")


@cache
def home() -> Path:
    """Return the folder that holds ``rules/`` and ``schemas/``: the installed package, or the checkout around it."""
    return _PACKAGE if (_PACKAGE / "rules").is_dir() else _PACKAGE.parent


@cache
def rule_files() -> Mapping[str, Path]:
    """Return the file of each rule, by id, sorted."""
    files = {path.stem: path for path in (home() / "rules").glob("*/*.yaml")}
    return dict(sorted(files.items()))


def profile_folders() -> list[Path]:
    """Return the folders of ``schemas/`` that hold a profile, sorted."""
    return [path.parent for path in sorted((home() / "schemas").glob("*/profile.yaml"))]


def answers_files() -> list[Path]:
    """Return the files with words of servers' answers, sorted."""
    return sorted((home() / "schemas").glob("*/answers.yaml"))


@cache
def shipped_profile_names() -> frozenset[str]:
    """Return the names of the profiles, without opening a file."""
    if _is_installed():
        return frozenset(path.stem for path in (INDEX / "profiles").glob("*.json"))
    return frozenset(folder.name for folder in profile_folders())


@cache
def shipped_rules() -> "Mapping[str, Entry]":
    """Return what judging needs of each rule, by id."""
    kept = {entry["id"]: entry for entry in _read_lines("rules.jsonl")}
    if _is_installed():
        return kept
    from reqlint.knowledge.index_entries import rule_entry

    return {rule: _current(kept.get(rule), path, rule_entry) for rule, path in rule_files().items()}


def shipped_rule_text(rule: str) -> "Entry":
    """Return what only pages and reports need of a rule."""
    line = _text_lines().get(rule)
    kept = json.loads(line) if line else None
    if kept is not None and _is_installed():
        return kept  # type: ignore[no-any-return]  # an object in each line
    from reqlint.knowledge.index_entries import rule_text_entry

    return _current(kept, rule_files()[rule], rule_text_entry)


@cache
def _text_lines() -> Mapping[str, str]:
    """Return the lines of the texts by rule id; most runs need one or two of them, so they are not parsed together."""
    lines = _read("texts.jsonl").split("\n")
    return {line.split('"', 4)[3]: line for line in lines if line.startswith('{"id":"')}


@cache
def shipped_summaries() -> "Mapping[str, Entry]":
    """Return what is needed of every profile, by name."""
    kept = {entry["name"]: entry for entry in _read_lines("profiles.jsonl")}
    if _is_installed():
        return kept
    from reqlint.knowledge.index_entries import summary_entry

    files = {folder.name: folder / "profile.yaml" for folder in profile_folders()}
    return {name: _current(kept.get(name), path, summary_entry) for name, path in files.items()}


@cache
def shipped_words() -> "Mapping[str, Entry]":
    """Return the ``fields`` at the top level and the ``words`` by property that each profile documents, by name."""
    kept = {entry["name"]: entry for entry in _read_lines("words.jsonl")}
    if _is_installed():
        return kept
    from reqlint.knowledge.index_entries import words_entry

    files = {folder.name: folder / "request.json" for folder in profile_folders()}
    return {name: _current(kept.get(name), path, words_entry) for name, path in files.items()}


@cache
def shipped_answers() -> "Mapping[str, Entry]":
    """Return the ``answers`` of each profile that has any, words of its errors by rule id, by name."""
    kept = {entry["name"]: entry for entry in _read_lines("answers.jsonl")}
    if _is_installed():
        return kept
    from reqlint.knowledge.index_entries import answers_entry

    return {path.parent.name: _current(kept.get(path.parent.name), path, answers_entry) for path in answers_files()}


@cache
def shipped_neighbours() -> Mapping[str, Any]:
    """Return the content of ``schemas/neighbours.yaml``."""
    content: Mapping[str, Any] = _content(_read_object("neighbours.json"), home() / "schemas" / "neighbours.yaml")
    return content


def shipped_profile(name: str) -> Mapping[str, Any]:
    """Return the content of a profile's folder: ``profile``, ``schema``, ``lines`` by form, ``evidence``, ``facts``."""
    kept = _read_object(f"profiles/{name}.json")
    if _is_installed():
        return {
            "profile": kept["profile"]["content"],
            "schema": kept["schema"]["content"],
            "lines": {form: entry["content"] for form, entry in kept["lines"].items()},
            "evidence": {rule: entry["claims"] for rule, entry in kept["evidence"].items()},
            "facts": kept["facts"].get("content", {}),
        }
    from reqlint.knowledge.index_entries import line_forms

    folder = home() / "schemas" / name
    lines = kept.get("lines", {})
    return {
        "profile": _content(kept.get("profile"), folder / "profile.yaml"),
        "schema": _content(kept.get("schema"), folder / "request.json"),
        "lines": {form: _content(lines.get(form), path) for form, path in line_forms(folder)},
        "evidence": _evidence(kept.get("evidence", {}), folder / "evidence.yaml"),
        "facts": _content(kept.get("facts"), facts) if (facts := folder / "facts.yaml").exists() else {},
    }


def _is_installed() -> bool:
    return home() == _PACKAGE


def _current(kept: "Entry | None", path: Path, make: "Callable[[Path], Entry]") -> "Entry":
    """Return the entry *kept* of a file if it is as the file, else one that is made now."""
    from reqlint.knowledge.index_entries import digest

    return kept if kept and kept["digest"] == digest(path.read_bytes()) else make(path)


def _content(kept: "Entry | None", path: Path) -> Any:
    if kept and _is_installed():
        return kept["content"]
    from reqlint.knowledge.index_entries import file_entry

    return _current(kept, path, file_entry)["content"]


def _evidence(kept: "Mapping[str, Entry]", path: Path) -> Mapping[str, Any]:
    from reqlint.knowledge.index_entries import evidence_digests, evidence_entries

    digests = evidence_digests(path.read_text("utf-8")) if path.exists() else {}
    is_current = digests == {rule: entry["digest"] for rule, entry in kept.items()}
    entries = kept if is_current else evidence_entries(path)
    return {rule: entry["claims"] for rule, entry in entries.items()}


def _read_lines(name: str) -> "list[Entry]":
    lines = _read(name).rstrip("\n").split("\n")
    return _parse(f"[{','.join(lines)}]", [])  # type: ignore[no-any-return]  # an object in each line


def _read_object(name: str) -> Mapping[str, Any]:
    return _parse(_read(name), {})  # type: ignore[no-any-return]  # an object in the file


def _read(name: str) -> str:
    path = INDEX / name
    return path.read_text("utf-8") if _is_installed() or path.exists() else ""


def _parse(text: str, otherwise: Any) -> Any:
    """Parse a part of the index; *otherwise* stands for what a checkout lacks or has in conflict after a merge."""
    try:
        return json.loads(text)
    except ValueError:
        if _is_installed():
            raise
        return otherwise
