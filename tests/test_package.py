"""The built wheel, alone in a fresh environment, is a whole reqlint."""

import json
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """Build the wheel from the checkout."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(root)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return next(out.glob("*.whl"))


def test_the_wheel_holds_rules_schemas_and_types(wheel: Path, root: Path) -> None:
    """Rules, schemas, the index and py.typed ship inside the package; tests and examples do not."""
    names = set(zipfile.ZipFile(wheel).namelist())
    for path in [*root.glob("rules/*/*.yaml"), *root.glob("schemas/*/*")]:
        assert f"reqlint/{path.relative_to(root).as_posix()}" in names
    assert {"reqlint/py.typed", "reqlint/_index.json"} <= names
    assert not any(name.startswith(("tests/", "examples/")) for name in names)
    assert wheel.name.startswith("llm_reqlint-")


def test_the_installed_wheel_runs(wheel: Path, tmp_path: Path) -> None:
    """Installed alone, with its dependencies and nothing else, every command works from any folder."""
    venv.create(tmp_path / "env", with_pip=True)
    scripts = tmp_path / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    install = [str(scripts / "python"), "-m", "pip", "install", "-q", str(wheel)]
    run = subprocess.run(install, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr

    def reqlint(*arguments: str, code: int = 0) -> str:
        command = [str(scripts / "reqlint"), *arguments]
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
        assert run.returncode == code, run.stdout + run.stderr
        assert "Traceback" not in run.stderr
        return run.stdout

    (tmp_path / "a.json").write_text('{"model": "qwen-3.5", "messages": []}', "utf-8")
    assert "empty-messages" in reqlint("check", "--fail-on", "warning", "a.json", code=1)
    assert "What each API does" in reqlint("explain", "unknown-role")
    assert "empty-messages" in reqlint("rules")
    assert "Content policy violation" in reqlint("profiles", "gptproto-qwen")
    assert json.loads(reqlint("schema", "gptproto-qwen"))["required"] == ["model", "messages"]
    assert reqlint("--version").startswith("reqlint 0.")
