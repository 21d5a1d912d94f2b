"""
A process that runs the command line many times, each time in a fork of itself, so that nothing is imported twice.

``python -m tests.support.warm`` reads a run from each line of its standard input, as JSON, and prints its exit
code. Apart from what is imported and compiled already, a run is that of a new process.
"""

import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from reqlint import __main__ as command
from reqlint.cli.group import COMMANDS

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
        self,
        *arguments: str,
        folder: Path,
        given: bytes = b"",
        environment: Mapping[str, str] = os.environ,
        streams: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[bytes]:
        """
        Run ``reqlint`` with these arguments in *folder*, with *given* as its standard input.

        *streams* says which of ``in``, ``out`` and ``err`` are ``closed``, ``full`` or ``gone``, a pipe nobody reads.
        """
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        with tempfile.TemporaryDirectory() as scratch:
            files = [Path(scratch, name) for name in ("in", "out", "err")]
            files[0].write_bytes(given)
            wanted = {"arguments": arguments, "folder": str(folder), "environment": dict(environment)}
            wanted |= {"files": [str(file) for file in files], "streams": dict(streams or {})}
            stdin.write(json.dumps(wanted) + "\n")
            stdin.flush()
            code = int(stdout.readline())
            texts = [file.read_bytes() if file.exists() else b"" for file in files[1:]]
            return subprocess.CompletedProcess(arguments, code, *texts)


def become(wanted: dict[str, Any]) -> NoReturn:
    """Become the wanted run, and end as a process of Python's does."""
    os.chdir(wanted["folder"])
    os.environ.clear()
    os.environ.update(wanted["environment"])
    states = [wanted["streams"].get(name, "open") for name in ("in", "out", "err")]
    handles = [
        _opened(file, state, os.O_WRONLY | os.O_CREAT | os.O_TRUNC if number else os.O_RDONLY)
        for number, (file, state) in enumerate(zip(wanted["files"], states, strict=True))
    ]
    for number, (handle, state) in enumerate(zip(handles, states, strict=True)):
        os.dup2(handle, number)
        os.close(handle)
        if state == "closed":
            os.close(number)
    into, out, err = (state != "closed" for state in states)  # Python has None for a stream that is closed
    sys.stdin = io.TextIOWrapper(open(0, "rb", closefd=False), "utf-8") if into else None  # noqa: SIM115
    sys.stdout = io.TextIOWrapper(open(1, "wb", closefd=False), "utf-8") if out else None  # noqa: SIM115
    sys.stderr = (
        io.TextIOWrapper(open(2, "wb", closefd=False), "utf-8", "backslashreplace", line_buffering=True)  # noqa: SIM115
        if err
        else None
    )
    sys.argv = [str(command.__file__), *wanted["arguments"]]
    command.main()
    sys.exit()


def _opened(file: str, state: str, flags: int) -> int:
    if state == "gone":
        read, write = os.pipe()
        os.close(read)
        return write
    return os.open({"full": "/dev/full", "closed": os.devnull}.get(state, file), flags, 0o600)


def warm_up() -> None:
    """Import and compile what all runs share."""
    for module in COMMANDS.values():
        import_module(f"reqlint.cli.{module}")
    shown, sys.stdout = sys.stdout, io.TextIOWrapper(io.BytesIO(), "utf-8")
    with tempfile.TemporaryDirectory() as scratch:
        Path(scratch, "a.json").write_text(WARMING, "utf-8")
        for form in ("human", "json"):
            sys.argv = [
                str(command.__file__), "check", "--isolated", "--output-format", form, str(Path(scratch, "a.json"))
            ]  # fmt: skip
            with suppress(SystemExit):
                command.main()
    sys.stdout = shown


def serve() -> None:
    """Run what is asked for until there is no more."""
    warm_up()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            become(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve()
