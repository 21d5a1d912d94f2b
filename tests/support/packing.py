"""Builds of the project, and fresh virtual environments to install them in."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

CORE = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "tests").rglob("test_*.py")
    if "\npytestmark = pytest.mark.core" in path.read_text("utf-8")
)
"""Test files that need only pytest, hypothesis and reqlint's own dependencies."""


def bounds() -> dict[str, str]:
    """Return the lower bound of each dependency by its name; none has another bound."""
    found = {}
    for text in PROJECT["project"]["dependencies"]:
        requirement = Requirement(text)
        [bound] = requirement.specifier
        assert bound.operator == ">=", text
        found[requirement.name] = bound.version
    return found


def done(*command: str | Path, **options: object) -> str:
    """Run a command that has to succeed, and return its output."""
    run = subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False, **options,  # type: ignore[call-overload]  # passed on as they are
    )  # fmt: skip
    assert run.returncode == 0, run.stdout
    return str(run.stdout)


def python_of(version: str) -> str | None:
    """Return an interpreter of *version*, such as ``3.12``, from the path or from pyenv; None if there is none."""
    if version == f"{sys.version_info[0]}.{sys.version_info[1]}":
        return sys.executable
    name = f"python{version}"
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    for path in (shutil.which(name), *sorted(pyenv.glob(f"{version}.*/bin/{name}"))):
        asked = [str(path), "-c", "import sys; print(*sys.version_info[:2], sep='.')"]
        if path and subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() == version:
            return str(path)
    return None


class Environment:
    """A fresh virtual environment without pip; the pip of the running one installs into it."""

    def __init__(self, folder: Path, python: str = sys.executable) -> None:
        self.folder = folder
        done(python, "-m", "venv", "--without-pip", folder)
        self.scripts = folder / ("Scripts" if sys.platform == "win32" else "bin")
        self.python = self.scripts / "python"

    def install(self, *requirements: str | Path) -> None:
        """Install *requirements* from the index that pip is configured for."""
        done(sys.executable, "-m", "pip", "--python", self.python, "install", "-q", "--no-input", *requirements)


def builder(folder: Path) -> Environment:
    """Return an environment with the build requirements of `pyproject.toml` and nothing else."""
    environment = Environment(folder)
    environment.install(*PROJECT["build-system"]["requires"])
    return environment


def built(builder: Environment, out: Path, source: Path = ROOT, kind: str = "wheel", **around: str) -> Path:
    """Build a ``wheel`` or an ``sdist`` of *source*, and return its path."""
    done(builder.python, "-m", "hatchling", "build", "-t", kind, "-d", out, cwd=source, env={**os.environ, **around})
    return next(out.glob("*.whl" if kind == "wheel" else "*.tar.gz"))


def copied(folder: Path, *without: str) -> Path:
    """Copy the files that git knows, or all if there is no git, *without* some top folders; return *folder*."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if listed.returncode == 0:
        names = [name for name in listed.stdout.split("\0") if name]
    else:
        names = [path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if "__pycache__" not in path.parts]
    for name in sorted(set(names)):
        source, target = ROOT / name, folder / name
        if name.partition("/")[0] in without or source.is_dir() or not source.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target, follow_symlinks=False)
    return folder
