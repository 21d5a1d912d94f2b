"""
Runs a command within bounds on time and memory, and measures what it took.

The file is also the script that does so, called as ``python -I -S bounded.py SECONDS BYTES IN OUT ERR COMMAND…``. It is
a process of its own because a new process inherits the memory peak of its parent, and this one is as small as can be.
"""

import os
import sys

if __name__ == "__main__":
    import resource

    seconds, size, came, out, err, *command = sys.argv[1:]
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, came, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, out, flags, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, err, flags, 0o600),
    ]
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))  # ends a hang with SIGXCPU or SIGKILL
    resource.setrlimit(resource.RLIMIT_AS, (int(size), int(size)))  # ends what takes the machine's memory
    _, status, usage = os.wait4(os.posix_spawn(command[0], command, os.environ, file_actions=actions), 0)
    unit = 1 if sys.platform == "darwin" else 1024  # what getrusage counts in
    print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit, os.waitstatus_to_exitcode(status))
    sys.exit()

import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.support.timing import slowdown

REQLINT = (sys.executable, "-m", "reqlint")


class Bounded(NamedTuple):
    """How a run ended, its output, and the time and memory it took."""

    code: int  #: exit code; below zero the signal that ended it
    out: bytes
    err: bytes
    seconds: float  #: of the processor, all threads and children together, as the reference machine would take
    megabytes: float  #: the largest peak of one process


def bounded(
    *arguments: str,
    given: bytes = b"",
    folder: Path | None = None,
    command: Sequence[str] = REQLINT,
    environment: Mapping[str, str] | None = None,
    seconds: int = 60,
    megabytes: int = 4096,
) -> Bounded:
    """
    Run *command* with *arguments*, with *given* as its standard input.

    The system ends it after *seconds* of processor time or at *megabytes* of address space. Both are far above the
    bounds that tests state; they keep a broken program from taking the machine down.
    """
    here = Path(__file__).parents[2]
    around = {**os.environ, "PYTHONPATH": str(here), **(environment or {})}
    with tempfile.TemporaryDirectory() as scratch:
        came, out, err = (Path(scratch, name) for name in ("in", "out", "err"))
        came.write_bytes(given)
        before = slowdown()
        limits = (str(seconds), str(megabytes << 20), str(came), str(out), str(err))
        ran = subprocess.run(
            [sys.executable, "-I", "-S", __file__, *limits, *command, *arguments],
            cwd=folder, env=around, stdout=subprocess.PIPE, check=True, timeout=seconds * 20,
        )  # fmt: skip
        took, peak, code = ran.stdout.split()
        return Bounded(
            int(code), out.read_bytes(), err.read_bytes(), float(took) / max(before, slowdown()), int(peak) / (1 << 20)
        )
