"""What it takes to run a whole process: wall time, peak memory, bytes printed."""

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

from benchmarks.making import Json, batch_file, cut_file, refused, request
from benchmarks.rounds import Contender, Taken, told

HERE = Path(__file__).parent
PYTHON = sys.executable


class Unexpected(Exception):
    """A command did not end as it should, so its time would say nothing."""

    def __init__(self, command: Sequence[str], code: int, printed: str) -> None:
        self.code = code
        name = " ".join(Path(word).name if os.sep in word else word for word in command)
        super().__init__(f"{name} ended with {code}: {printed.strip()[-300:] or 'it printed nothing'}")


@cache
def package() -> str:
    """Lay the package out as its wheel does, once a run: in a checkout it would compare rules with their index."""
    folder = tempfile.TemporaryDirectory(prefix="reqlint-benchmark-package-")
    _kept.append(folder)  # for as long as this process lives
    inside = Path(folder.name, "reqlint")
    shutil.copytree(HERE.parent / "reqlint", inside, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("rules", "schemas"):
        shutil.copytree(HERE.parent / name, inside / name)
    compileall.compile_dir(inside, quiet=1)  # as an installer does, for the peers as well
    return folder.name


_kept: list[tempfile.TemporaryDirectory[str]] = []


def run(command: Sequence[str], folder: Path, ends_with: int | None = 0) -> Taken:
    """
    Run a command in a folder and give what it took; ``ends_with=None`` takes any exit code but 0.

    Raises:
        Unexpected: it ended otherwise.
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
    seconds, memory, code = launched.stdout.split()
    taken = Taken(float(seconds), int(memory), output.stat().st_size)
    if (int(code) == 0) if ends_with is None else (int(code) != ends_with):
        raise Unexpected(command, int(code), output.read_text("utf-8", errors="replace"))
    return taken


Command = Callable[[Path], list[str]]  #: what to run, given the file or folder to look at
Form = Callable[[Path, list[Json]], Path]  #: how requests are written; see `making`


@dataclass(frozen=True, slots=True)
class Proof:
    """What a contender must accept and what it must refuse before its time says anything."""

    accepted: Path
    refused: Sequence[Path]


def proof(folder: Path, form: Form) -> Proof:
    """Write what proves that a command checks: three clean requests, and the third of them wrong in each way."""
    home = folder / f"proof-{form.__name__}"
    home.mkdir(exist_ok=True)
    good = [request(number, model="gpt-4o-mini") for number in range(3)]
    wrong = refused(good[2]).values()
    return Proof(
        form(home / "accepted", good), [form(home / f"refused-{n}", [*good[:2], body]) for n, body in enumerate(wrong)]
    )


def reading_proof(folder: Path) -> Proof:
    """Write what proves that a command reads JSON, all that can be asked of a reader: a whole file, and one cut off."""
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
    Make a contender of a command that looks at *path*, once it has proven that it does.

    Without a command, or when it proves nothing, the contender has no figures and says why.
    """
    if command is None:
        return Contender(name, None, absent=absent)
    folder = path.parent
    told(f"proving {name}")
    accepted, *refused = (tuple(command(each)) for each in (proof.accepted, *proof.refused))
    if unproven := _unproven(accepted, tuple(refused), folder):
        return Contender(name, None, absent=unproven)
    return Contender(name, lambda: run(command(path), folder, ends_with), size or path.stat().st_size)


@cache
def _unproven(accepted: tuple[str, ...], refused: tuple[tuple[str, ...], ...], folder: Path) -> str:
    """Say what is wrong with a command, or nothing; each is asked once, however many sizes it meets."""
    try:
        run(accepted, folder)
    except Unexpected as failed:
        print(failed, file=sys.stderr)  # not on the page, as it may name places of this machine
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
    Give an empty folder for *needed* bytes, gone afterwards.

    Raises:
        SystemExit: the disk has not that much left.
    """
    free = shutil.disk_usage(tempfile.gettempdir()).free
    if free < needed * 1.1:
        raise SystemExit(
            f"this needs {needed / 1e9:.1f} GB for temporary files, and {free / 1e9:.1f} GB are free; "
            "TMPDIR can name another folder, --quick needs little, and without --full there is no 2 GB file"
        )
    with tempfile.TemporaryDirectory(prefix="reqlint-benchmark-") as folder:
        yield Path(folder).resolve()
