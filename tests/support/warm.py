"""
A process that runs the command line many times, each time in a fork of itself, so that nothing is imported twice.

``python -m tests.support.warm`` reads a run from each line of its standard input, as JSON, and prints its exit
code. Apart from what is imported and compiled already, a run is that of a new process.
"""

import atexit
import io
import json
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from reqlint import __main__ as command

ROOT = Path(__file__).parents[2]
WARMING = '{"model": "qwen-3.5", "messages": [{"role": "user", "content": "Hello"}], "n": 11}'


class Warm:
    """The running process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.warm"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def run(
        self, *arguments: str, folder: Path, given: bytes, environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[bytes]:
        """Run ``reqlint`` with these arguments in *folder*, with *given* as its standard input."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        with tempfile.TemporaryDirectory() as scratch:
            files = [Path(scratch, name) for name in ("in", "out", "err")]
            files[0].write_bytes(given)
            wanted = {"arguments": arguments, "folder": str(folder), "environment": dict(environment)}
            stdin.write(json.dumps({**wanted, "files": [str(file) for file in files]}) + "\n")
            stdin.flush()
            code = int(stdout.readline())
            return subprocess.CompletedProcess(arguments, code, *(file.read_bytes() for file in files[1:]))


def run_as_wanted(wanted: dict[str, Any]) -> int:
    """Become the wanted run; return its exit code."""
    os.chdir(wanted["folder"])
    os.environ.clear()
    os.environ.update(wanted["environment"])
    write = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    for number, (file, flags) in enumerate(zip(wanted["files"], (os.O_RDONLY, write, write), strict=True)):
        os.dup2(os.open(file, flags, 0o600), number)
    sys.stdin = io.TextIOWrapper(open(0, "rb"), "utf-8")  # noqa: SIM115 - open to the end of the process
    sys.stdout = io.TextIOWrapper(open(1, "wb"), "utf-8")  # noqa: SIM115
    sys.stderr = io.TextIOWrapper(open(2, "wb"), "utf-8", "backslashreplace", line_buffering=True)  # noqa: SIM115
    return _ended(wanted["arguments"])


def _ended(arguments: list[str]) -> int:
    sys.argv = [str(command.__file__), *arguments]
    code = 0
    try:
        command.main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    except BaseException:  # as Python itself would
        traceback.print_exc()
        code = 1
    with suppress(OSError):
        sys.stdout.flush()
    atexit._run_exitfuncs()
    return code


def warm_up() -> None:
    """Import and compile what all runs share."""
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch, "a.json").write_text(WARMING, "utf-8")
        shown, sys.stdout = sys.stdout, io.TextIOWrapper(io.BytesIO(), "utf-8")
        for form in ("human", "json"):
            _ended(["check", "--isolated", "--output-format", form, str(Path(scratch, "a.json"))])
        sys.stdout = shown


def serve() -> None:
    """Run what is asked for until there is no more."""
    warm_up()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            os._exit(run_as_wanted(json.loads(line)))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve()
