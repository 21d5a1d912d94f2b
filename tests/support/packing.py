"""Builds of the project, and fresh environments to install them in."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def done(*command: str | Path, **options: object) -> str:
    """Run a command that has to succeed, and give what it printed."""
    run = subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False, **options,  # type: ignore[call-overload]  # passed on as they are
    )  # fmt: skip
    assert run.returncode == 0, run.stdout
    return str(run.stdout)


def python_of(version: str) -> str | None:
    """Find an interpreter of *version*, such as ``3.12``, on the path or where pyenv keeps them; None without one."""
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
    """A fresh virtual environment, without pip in it; this one's pip installs into it."""

    def __init__(self, folder: Path, python: str = sys.executable) -> None:
        self.folder = folder
        done(python, "-m", "venv", "--without-pip", folder)
        self.scripts = folder / ("Scripts" if sys.platform == "win32" else "bin")
        self.python = self.scripts / "python"

    def install(self, *requirements: str | Path) -> None:
        """Install from where pip is set up to install from."""
        done(sys.executable, "-m", "pip", "--python", self.python, "install", "-q", "--no-input", *requirements)


def builder(folder: Path) -> Environment:
    """Give an environment with what `pyproject.toml` names to build with, and nothing else."""
    environment = Environment(folder)
    environment.install(*PROJECT["build-system"]["requires"])
    return environment


def built(builder: Environment, out: Path, source: Path = ROOT, kind: str = "wheel", **around: str) -> Path:
    """Build a ``wheel`` or an ``sdist`` of *source*, and give the file."""
    done(builder.python, "-m", "hatchling", "build", "-t", kind, "-d", out, cwd=source, env={**os.environ, **around})
    return next(out.glob("*.whl" if kind == "wheel" else "*.tar.gz"))


def copied(folder: Path, *without: str) -> Path:
    """Copy the checkout as git has it, or as it was unpacked, and without some of its top folders."""
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
