"""The extension for VS Code: built with npm, strictly typed, and asking the server only for what it has."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from reqlint.cli.lsp import lsp

pytestmark = pytest.mark.outside

EXTENSION = Path(__file__).parents[2] / "editors" / "vscode"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the extension with its packages installed."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    folder = tmp_path_factory.mktemp("vscode") / "extension"
    shutil.copytree(EXTENSION, folder, ignore=shutil.ignore_patterns("node_modules", "out"))
    command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    try:
        installed = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip("the npm registry does not answer")
    if installed.returncode and re.search(r"ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|network", installed.stderr):
        pytest.skip("the npm registry cannot be reached")
    assert installed.returncode == 0, installed.stderr
    return folder


def test_it_is_built_without_a_complaint_of_the_compiler(built: Path) -> None:
    """And the choice of the command, which needs no VS Code, passes its own tests."""
    run = subprocess.run(["npm", "test"], cwd=built, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert (built / "out" / "extension.js").is_file()


def test_its_manifest_its_code_and_its_page_agree() -> None:
    """Every setting is read and described, and every option that it passes on is one of the server's."""
    manifest = json.loads((EXTENSION / "package.json").read_text("utf-8"))
    settings = set(manifest["contributes"]["configuration"]["properties"])
    page = (EXTENSION / "README.md").read_text("utf-8")
    assert set(re.findall(r"^\| `(reqlint\.[\w.]+)`", page, re.M)) == settings
    code = "".join(path.read_text("utf-8") for path in sorted((EXTENSION / "src").glob("*.ts")))
    read = {f"reqlint.{name}" for name in re.findall(r'settings\.get(?:<[^>]*>)?\("(\w+)"', code)}
    assert read == settings - {"reqlint.trace.server"}  # which the library reads itself
    assert set(re.findall(r'registerCommand\("([\w.]+)"', code)) == {
        each["command"] for each in manifest["contributes"]["commands"]
    }
    known = {option for each in lsp.params if isinstance(each, click.Option) for option in each.opts}
    assert set(re.findall(r'"(--[\w-]+)"', code)) <= known
