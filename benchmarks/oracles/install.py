"""Install a server into an environment of its own, and make the tiny model beside it."""

import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.oracles.servers import REQUIREMENTS, SERVERS, STARTERS, Environment, Server

_LIMIT = 1800  # seconds, for one call of pip


def cache_folder() -> Path:
    """Return the folder for environments, models and answers, which is outside of the repository."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "reqlint-oracles"


def install(server: Server, cache: Path, version: str | None = None) -> Environment:
    """
    Return the environment of *server* in *cache*, made now if it is not there yet.

    Another *version* of its package than the pinned one has an environment of its own.
    """
    if server.shares is not None:
        server = SERVERS[server.shares]
    version = version or server.version
    folder = cache / "environments" / f"{server.name}-{version}"
    python = folder / "bin" / "python"
    done = folder / "complete"
    if not done.exists():
        began = time.monotonic()
        _run([sys.executable, "-m", "venv", str(folder)])
        pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        wanted = f"{server.package}=={version}"
        alone = REQUIREMENTS / f"{server.name}.alone.txt"  # what must not bring its dependencies
        for file, options in ((REQUIREMENTS / f"{server.name}.txt", []), (alone, ["--no-deps"])):
            if file.exists():
                text = file.read_text("utf-8").replace(f"{server.package}=={server.version}", wanted)
                pinned = folder / file.name
                pinned.write_text(text, "utf-8")
                _run([*pip, *options, "-r", str(pinned)])
        done.touch()
        print(f"{server.name} {version}: installed in {time.monotonic() - began:.0f} s, {_megabytes(folder):.0f} MB")
    return _with_model(server, python, cache)


def _with_model(server: Server, python: Path, cache: Path) -> Environment:
    model = cache / f"model-{server.name}"
    at = Environment(python, model, model / "tiny.gguf")
    if server.needs_model and not (model / "model.safetensors").exists():
        _run([str(python), str(STARTERS / "make_model.py"), str(model)])
    if server.makes_gguf and not at.gguf.exists():
        _run([str(python), str(STARTERS / "make_gguf.py"), str(model), str(at.gguf)])
    return at


def _megabytes(folder: Path) -> float:
    return sum(path.lstat().st_size for path in folder.rglob("*")) / 1e6


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, timeout=_LIMIT)
