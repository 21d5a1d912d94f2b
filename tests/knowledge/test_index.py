"""The index of shipped rules and profiles: it is read instead of the YAML files, as far as a run needs it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reqlint.knowledge.index_entries import evidence_digests
from tests.conftest import ROOT

CLEAN = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hi"}]}
WRONG = {**CLEAN, "temprature": 1}

Opened = Callable[..., set[str]]

_SCRIPT = """
import json, os, sys
opened = []
def note(event, args):
    if event == "open" and isinstance(args[0], (str, os.PathLike)):
        opened.append(os.fspath(args[0]))
sys.addaudithook(note)
from reqlint.__main__ import main
sys.argv = ["reqlint", *json.loads(sys.argv[1])]
try:
    main()
finally:
    print(json.dumps(opened), file=sys.stderr)
"""


def copy_package(folder: Path, data: Path) -> None:
    """Copy the package into *folder*, and the rules and schemas into *data*."""
    skipped = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "reqlint", folder / "reqlint", ignore=skipped)
    for name in ("rules", "schemas"):
        shutil.copytree(ROOT / name, data / name)


def run(folder: Path, *arguments: str) -> tuple[str, list[str]]:
    """Run reqlint of the package in *folder*; return its output and the paths of the files that it opened."""
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, json.dumps(arguments)],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stderr.splitlines()
    assert lines, done.stdout
    opened: list[str] = json.loads(lines[-1])
    return done.stdout, opened


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """Return a folder with the package as a wheel installs it: the rules and schemas are inside."""
    copy_package(tmp_path, tmp_path / "reqlint")
    return tmp_path


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder with the package as in a checkout: the rules and schemas are beside it."""
    copy_package(tmp_path, tmp_path)
    return tmp_path


def of_knowledge(folder: Path, opened: list[str]) -> set[str]:
    """Return the opened files of rules, schemas and the index, relative to the package or the checkout."""
    relative = {Path(path).relative_to(folder).as_posix() for path in opened if path.startswith(str(folder))}
    names = {path.removeprefix("reqlint/") for path in relative}
    return {name for name in names if name.startswith(("knowledge/index/", "rules/", "schemas/"))}


def test_a_run_opens_only_what_it_needs(installed: Path) -> None:
    """With a named profile, a clean request costs the index of rules and of that profile, however many there are."""
    (installed / "clean.json").write_text(json.dumps(CLEAN), "utf-8")
    (installed / "wrong.json").write_text(json.dumps(WRONG), "utf-8")
    needed = {"knowledge/index/rules.jsonl", "knowledge/index/profiles/openai.json"}
    for _ in range(2):
        opened = of_knowledge(installed, run(installed, "check", "--isolated", "-p", "openai", "clean.json")[1])
        assert {path for path in opened if "/shapes/" not in path} == needed
        profiles = installed / "reqlint" / "knowledge" / "index" / "profiles"
        for number in range(10):
            shutil.copy(profiles / "dashscope.json", profiles / f"copy{number}.json")
    opened = of_knowledge(installed, run(installed, "check", "--isolated", "-p", "openai", "wrong.json")[1])
    for_messages = {
        f"knowledge/index/{name}" for name in ("words.jsonl", "neighbours.json", "texts.jsonl", "profiles.jsonl")
    }
    assert {path for path in opened if "/shapes/" not in path} <= needed | for_messages


def test_choosing_a_profile_opens_the_chosen_one(installed: Path) -> None:
    """With ``auto``, one file has what is needed of every profile; only the chosen one is opened."""
    (installed / "clean.json").write_text(json.dumps(CLEAN), "utf-8")
    output, opened = run(installed, "check", "--isolated", "-p", "auto", "-v", "clean.json")
    assert "openai" in output
    profiles = {path for path in of_knowledge(installed, opened) if "profile" in path}
    names = ("profiles.jsonl", "profiles/openai.json")
    assert profiles == {f"knowledge/index/{name}" for name in names}


def test_a_checkout_opens_no_other_profile(checkout: Path) -> None:
    """A checkout compares the files of the profile that judges with the index, and those of no other."""
    (checkout / "clean.json").write_text(json.dumps(CLEAN), "utf-8")
    opened = of_knowledge(checkout, run(checkout, "check", "--isolated", "-p", "openai", "clean.json")[1])
    assert "schemas/openai/evidence.yaml" in opened
    assert not {path for path in opened if "dashscope" in path or "gptproto-qwen" in path}


EDITS = [
    ("rules/shape/unknown-field.yaml", '"unknown field', '"odd field', "odd field temprature"),
    ("rules/shape/unknown-field.yaml", "why: >-\n", "why: >-\n  Oddly enough,\n", "Oddly enough,"),
    ("schemas/openai/evidence.yaml", "unknown-field: {effect: refused", "unknown-field: {effect: discouraged", "note"),
    ("schemas/openai/request.json", '"temperature": {', '"temprature": {}, "temperature": {', '"results": []'),
    ("schemas/openai/profile.yaml", "name: openai", "name: openai\nsettings: {unknown-field: note}", "note"),
    ("schemas/openai/facts.yaml", '"o1-pro*", ', '"gpt-4o-mini", ', "responses-only-model"),
    ("schemas/dashscope/profile.yaml", 'models: ["qwen*"', 'models: ["gpt-*"', "reqlint/dashscope/"),
    ("schemas/neighbours.yaml", "fields:\n", "fields:\n  temprature: {owner: native}\n", "DashScope's native protocol"),
]


@pytest.mark.parametrize(("file", "old", "new", "shown"), EDITS)
def test_an_edited_file_of_a_checkout_takes_effect(checkout: Path, file: str, old: str, new: str, shown: str) -> None:
    """Whichever file of rules and profiles is edited, the next run of the checkout is by its new content."""
    shown = '"level": "note"' if shown == "note" else shown
    profile = "auto" if "dashscope" in file else "openai"
    (checkout / "wrong.json").write_text(json.dumps(WRONG), "utf-8")
    command = ("check", "--isolated", "-p", profile, "wrong.json", "--output-format", "sarif")
    assert shown not in run(checkout, *command)[0]
    text = (checkout / file).read_text("utf-8")
    assert text.count(old) == 1
    (checkout / file).write_text(text.replace(old, new), "utf-8")
    assert shown in run(checkout, *command)[0]


FILES = ["rules.jsonl", "texts.jsonl", "profiles.jsonl", "words.jsonl", "neighbours.json", "profiles/openai.json"]


@pytest.mark.parametrize("name", FILES)
def test_a_checkout_needs_no_index(checkout: Path, name: str) -> None:
    """Where a file of the index is missing, or holds a conflict after a merge, a checkout reads the sources."""
    (checkout / "wrong.json").write_text(json.dumps(WRONG), "utf-8")
    path = checkout / "reqlint" / "knowledge" / "index" / name
    command = ("check", "--isolated", "-p", "auto", "wrong.json", "--output-format", "sarif")
    before, _ = run(checkout, *command)
    assert "temprature" in before
    text = path.read_text("utf-8")
    path.write_text(f"<<<<<<< ours\n{text}=======\n{text}>>>>>>> theirs\n", "utf-8")
    assert run(checkout, *command)[0] == before
    path.unlink()
    assert run(checkout, *command)[0] == before


def test_a_change_of_one_entry_changes_one_digest() -> None:
    """The digest of an entry of evidence is that of its lines, so that branches that add others do not conflict."""
    text = "# shape\na-rule: {effect: refused}\n\n# tools\nb-rule:\n  - {effect: refused}\n  - {effect: ignored}\n"
    before = evidence_digests(text)
    assert [*before] == ["a-rule", "b-rule"]
    added = evidence_digests(text.replace("\n# tools", "aa-rule: {}\n\n# more tools"))
    assert {rule: added[rule] for rule in before} == before
    assert [*added] == ["a-rule", "aa-rule", "b-rule"]
    changed = evidence_digests(text.replace("ignored", "altered"))
    assert changed["a-rule"] == before["a-rule"]
    assert changed["b-rule"] != before["b-rule"]
    assert evidence_digests(text.replace("\n", "\r\n")) == before
