"""
Runs reqlint within bounds on time and memory, and measures what it took.

Called as ``python -m tests.support.bounded``, the file is also the process in which that is done: it reads a run from
each line of its standard input, as JSON, and prints what it came to. Each run is a fork of it, in which everything is
imported already; a run in a new process imports it itself.
"""

import atexit
import gc
import json
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from tests.support.timing import slowdown

ROOT = Path(__file__).parents[2]
WORTH_CORRECTING = 2.5  #: seconds; no test has a bound below


class Bounded(NamedTuple):
    """How a run ended, its output, and the time and memory it took."""

    code: int  #: exit code; below zero the signal that ended it
    out: bytes
    err: bytes
    seconds: float  #: of the processor, all threads and children together, as the reference machine would take
    megabytes: float  #: the largest peak of one process, some 20 of which are what is imported in advance


def bounded(
    *arguments: str,
    given: bytes = b"",
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    seconds: int = 60,
    megabytes: int = 4096,
    in_new_process: bool = False,
) -> Bounded:
    """
    Run ``reqlint`` with *arguments*, with *given* as its standard input.

    The system ends it after *seconds* of processor time or at *megabytes* of address space. Both are far above the
    bounds that tests state; they keep a broken program from taking the machine down.
    """
    around = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
    with tempfile.TemporaryDirectory() as scratch:
        files = [Path(scratch, name) for name in ("in", "out", "err")]
        files[0].write_bytes(given)
        wanted = {
            "arguments": arguments,
            "folder": str(folder or Path.cwd()),
            "environment": around,
            "files": [str(file) for file in files],
            "streams": {},
            "limits": [seconds, megabytes << 20],
            "new": in_new_process,
        }
        took, peak, code = _runner().asked(wanted, seconds * 20)
        if took >= WORTH_CORRECTING:  # what is less keeps within every bound, however slow the machine is
            took /= max(slowdown() for _ in range(3))
        return Bounded(int(code), files[1].read_bytes(), files[2].read_bytes(), took, peak / (1 << 20))


class _Runner:
    """The process that forks."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.bounded"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip

    def asked(self, wanted: object, seconds: float) -> tuple[float, float, float]:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(wanted) + "\n")
        stdin.flush()
        if not select.select([stdout], [], [], seconds)[0]:
            self._process.kill()
            _runner.cache_clear()
            raise TimeoutError("a run neither ends nor takes processor time")
        took, peak, code = json.loads(stdout.readline())
        return took, peak, code

    def close(self) -> None:
        self._process.communicate()


@cache
def _runner() -> _Runner:
    runner = _Runner()
    atexit.register(runner.close)
    return runner


def _serve() -> None:
    """Run what is asked for until there is no more."""
    import resource

    from tests.support import warm

    warm.warm_up()
    gc.collect()
    gc.freeze()  # a search for cycles in a run would copy the memory that is shared
    unit = 1 if sys.platform == "darwin" else 1024  # what getrusage counts in
    for line in sys.stdin:
        wanted = json.loads(line)
        child = os.fork()
        if not child:
            seconds, size = wanted["limits"]
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))  # ends a hang with SIGXCPU or SIGKILL
            resource.setrlimit(resource.RLIMIT_AS, (size, size))  # ends what takes the machine's memory
            if wanted["new"]:
                _begin(wanted)
            warm.become(wanted)
        _, status, usage = os.wait4(child, 0)
        took = usage.ru_utime + usage.ru_stime
        print(json.dumps([took, usage.ru_maxrss * unit, os.waitstatus_to_exitcode(status)]), flush=True)


def _begin(wanted: dict[str, Any]) -> NoReturn:
    """Become a new process, which finds nothing imported."""
    os.chdir(wanted["folder"])
    write = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    for number, (file, flags) in enumerate(zip(wanted["files"], (os.O_RDONLY, write, write), strict=True)):
        os.dup2(os.open(file, flags, 0o600), number)
    os.execve(sys.executable, [sys.executable, "-m", "reqlint", *wanted["arguments"]], wanted["environment"])  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    _serve()
