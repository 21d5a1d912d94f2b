"""A profile is its folder and nothing else: adding one changes no page, picture or example of the repository."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

NAME = "another-api"
PARTS = ("README.md", "CONTRIBUTING.md", "pyproject.toml", "docs", "examples", "reqlint", "rules", "schemas", "tests")


def copied(folder: Path) -> Path:
    """Return a copy of what the generated files are made of."""
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """Return the content of every file, by its path below *folder*."""
    files = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_a_new_profile_changes_its_folder_and_the_index_alone(tmp_path: Path) -> None:
    """With a profile that documents all that another one does, whatever is generated elsewhere stays the same."""
    checkout = copied(tmp_path)
    folder = checkout / "schemas" / NAME
    shutil.copytree(checkout / "schemas" / "dashscope", folder)
    text = (folder / "profile.yaml").read_text("utf-8")
    renamed = text.replace("name: dashscope\n", f"name: {NAME}\n").replace("aliyuncs.com", "example.com")
    (folder / "profile.yaml").write_text(renamed.replace('["qwen*", "qwq*", "qvq*"]', '["another-*"]'), "utf-8")
    before = contents(checkout)
    for script in ("regenerate.py", "fill_readme.py"):
        subprocess.run(
            [sys.executable, f"tests/{script}"],
            cwd=checkout,
            env={**os.environ, "PYTHONPATH": str(checkout)},
            stdout=subprocess.DEVNULL,
            check=True,
        )
    after = contents(checkout)
    assert {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)} == {
        f"schemas/{NAME}/request.json",
        f"reqlint/knowledge/index/profiles/{NAME}.json",
        "reqlint/knowledge/index/answers.jsonl",
        "reqlint/knowledge/index/profiles.jsonl",
        "reqlint/knowledge/index/words.jsonl",
    }
