"""Run a command as a process, and measure its wall and processor time, its peak memory and the bytes it prints."""

import compileall
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.files import batch_file, cut_file
from benchmarks.making import Json, request
from benchmarks.rounds import Contender, Measurement, show_progress
from benchmarks.spoiling import wrong_requests

HERE = Path(__file__).parent
PYTHON = sys.executable


class Unexpected(Exception):
    """A command ended with an unexpected exit code, so its time means nothing."""

    def __init__(self, command: Sequence[str], code: int, printed: str) -> None:
        self.code = code
        name = " ".join(Path(word).name if os.sep in word else word for word in command)
        super().__init__(f"{name} ended with {code}: {printed.strip()[-300:] or 'it printed nothing'}")


@cache
def package() -> str:
    """
    Return a folder with the package laid out as in its wheel, made once a run.

    In a checkout reqlint would also compare the rules with their index, which a user never pays for.
    """
    folder = tempfile.TemporaryDirectory(prefix="reqlint-benchmark-package-")
    _package_folders.append(folder)  # keeps the folder as long as this process lives
    inside = Path(folder.name, "reqlint")
    shutil.copytree(HERE.parent / "reqlint", inside, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("rules", "schemas"):
        shutil.copytree(HERE.parent / name, inside / name)
    compileall.compile_dir(inside, quiet=1)  # as an installer does, also for the peers
    return folder.name


_package_folders: list[tempfile.TemporaryDirectory[str]] = []


def run(command: Sequence[str], folder: Path, ends_with: int | None = 0) -> Measurement:
    """
    Run a command in a folder, and return its measurement.

    *ends_with* is the exit code that it must have; None takes any exit code but 0.

    Raises:
        Unexpected: the command had another exit code.
    """
    output = folder / ".printed"
    launched = subprocess.run(
        [PYTHON, "-I", "-S", str(HERE / "launch.py"), str(output), *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": package()},
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, processor, memory, code = launched.stdout.split()
    measurement = Measurement(float(seconds), int(memory), output.stat().st_size, float(processor))
    if (int(code) == 0) if ends_with is None else (int(code) != ends_with):
        raise Unexpected(command, int(code), output.read_text("utf-8", errors="replace"))
    return measurement


Command = Callable[[Path], list[str]]  #: from the file or folder to check to the command line
Form = Callable[[Path, list[Json]], Path]  #: how requests are written to a path; see `files`


@dataclass(frozen=True, slots=True)
class Proof:
    """Files that a contender must accept and refuse, so that its time means something."""

    accepted: Path
    refused: Sequence[Path]


def proof(folder: Path, form: Form) -> Proof:
    """Write three clean requests, and for each kind of mistake a copy in which the third request has it."""
    home = folder / f"proof-{form.__name__}"
    home.mkdir(exist_ok=True)
    good = [request(number, model="gpt-4o-mini") for number in range(3)]
    wrong = wrong_requests(good[2]).values()
    return Proof(
        form(home / "accepted", good), [form(home / f"refused-{n}", [*good[:2], body]) for n, body in enumerate(wrong)]
    )


def reading_proof(folder: Path) -> Proof:
    """Write a complete file and a truncated one, for commands that only read JSON."""
    home = folder / "proof-reading"
    home.mkdir(exist_ok=True)
    good = [request(number, model="gpt-4o-mini") for number in range(3)]
    return Proof(batch_file(home / "accepted", good), [cut_file(home / "refused", good)])


def contender(
    name: str,
    command: Command | None,
    path: Path,
    proof: Proof,
    *,
    size: int = 0,
    absent: str = "not installed",
    ends_with: int = 0,
) -> Contender:
    """
    Return a contender that runs a command on *path*, after the command has passed its *proof*.

    If there is no command, or if it fails the proof, the contender has no figures and gives the reason.
    """
    if command is None:
        return Contender(name, None, absent=absent)
    folder = path.parent
    show_progress(f"proving {name}")
    accepted, *refused = (tuple(command(each)) for each in (proof.accepted, *proof.refused))
    if unproven := _unproven(accepted, tuple(refused), folder):
        return Contender(name, None, absent=unproven)
    return Contender(name, lambda: run(command(path), folder, ends_with), size or path.stat().st_size)


@cache
def _unproven(accepted: tuple[str, ...], refused: tuple[tuple[str, ...], ...], folder: Path) -> str:
    """Return why a command fails its proof, or an empty string; cached, as a command runs on several sizes."""
    try:
        run(accepted, folder)
    except Unexpected as failed:
        print(failed, file=sys.stderr)  # not in the results, as it may contain paths of this machine
        return f"refuses what is right, with {failed.code}"
    try:
        for wrong in refused:
            run(wrong, folder, ends_with=None)
    except Unexpected:
        return "accepts what is wrong"
    return ""


@contextmanager
def scratch(needed: int) -> Iterator[Path]:
    """
    Yield an empty folder with room for *needed* bytes, and delete it afterwards.

    Raises:
        SystemExit: the disk has not enough free space.
    """
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if free < needed * 1.1:
        raise SystemExit(
            f"this needs {needed / 1e9:.1f} GB for temporary files, and {free / 1e9:.1f} GB are free; "
            "TMPDIR can name another folder, and --size makes the files smaller"
        )
    with tempfile.TemporaryDirectory(prefix="reqlint-benchmark-") as folder:
        yield Path(folder).resolve()
