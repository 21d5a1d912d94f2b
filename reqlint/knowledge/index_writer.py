"""Writing the index of the rules and profiles that reqlint ships; `python tests/regenerate.py` calls it."""

import json
from collections.abc import Iterable
from pathlib import Path

from reqlint.knowledge.index import INDEX, answers_files, home, profile_folders, rule_files
from reqlint.knowledge.index_entries import (
    Entry,
    answers_entry,
    evidence_entries,
    facts_entry,
    file_entry,
    line_forms,
    rule_entry,
    rule_text_entry,
    summary_entry,
    words_entry,
)


def write_index() -> list[Path]:
    """Write the index of the current files and remove what is left over; return the paths that were written."""
    texts = index_texts()
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    for path in {*INDEX.rglob("*.json*")} - texts.keys():
        path.unlink()
    return list(texts)


def index_texts() -> dict[Path, str]:
    """Return the text of each file of the index, by path."""
    rules, folders = rule_files().values(), profile_folders()
    texts = {
        INDEX / "rules.jsonl": _lines(map(rule_entry, rules)),
        INDEX / "texts.jsonl": _lines(map(rule_text_entry, rules)),
        INDEX / "profiles.jsonl": _lines(summary_entry(folder / "profile.yaml") for folder in folders),
        INDEX / "words.jsonl": _lines(words_entry(folder / "request.json") for folder in folders),
        INDEX / "answers.jsonl": _lines(map(answers_entry, answers_files())),
        INDEX / "neighbours.json": _broken(file_entry(home() / "schemas" / "neighbours.yaml"), 3) + "\n",
    }
    return texts | {INDEX / "profiles" / f"{folder.name}.json": _profile_text(folder) for folder in folders}


def _profile_text(folder: Path) -> str:
    parts = {
        "profile": _broken(file_entry(folder / "profile.yaml"), 2),
        "schema": _broken(file_entry(folder / "request.json"), 3),
        "lines": _broken({form: file_entry(path) for form, path in line_forms(folder)}, 1),
        "evidence": _broken(evidence_entries(folder / "evidence.yaml"), 1),
        "facts": _broken(facts_entry(folder / "facts.yaml"), 3),
    }
    return "{\n" + ",\n".join(f'"{key}":{text}' for key, text in parts.items()) + "\n}\n"


def _lines(entries: Iterable[Entry]) -> str:
    return "".join(f"{_dumps(entry)}\n" for entry in entries)


def _broken(value: object, levels: int) -> str:
    """Return *value* as JSON with each member of an object on its own line, down to so many *levels*."""
    if levels == 0 or not isinstance(value, dict) or not value:
        return _dumps(value)
    return "{\n" + ",\n".join(f"{_dumps(key)}:{_broken(each, levels - 1)}" for key, each in value.items()) + "\n}"


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
