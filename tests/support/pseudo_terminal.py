"""Runs of reqlint on a real pseudo-terminal, and what it shows."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pyte
import pytest

pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")

ROOT = Path(__file__).parents[2]

Process = subprocess.Popen[bytes]


def on_terminal(
    folder: Path,
    *arguments: str,
    out: bool = False,
    once_drawn: Callable[[Process], object] | None = None,
    closes: bool = False,
    go: Path | None = None,
    **variables: str,
) -> tuple[str, str, int]:
    """
    Run reqlint with its standard error on a terminal; return its output, what the terminal received, and the exit code.

    Args:
        folder: the working directory.
        arguments: the command line, without the name of the program.
        out: let standard output go to the terminal too.
        once_drawn: called with the process when the terminal has received a bar.
        closes: whether the terminal goes away when it has received a bar.
        go: a file to make when the terminal has received three bars, or is gone.
        variables: environment variables.
    """
    ours, theirs = pty.openpty()
    seen: list[bytes] = []
    drawn = Event()

    def read() -> None:
        while not (closes and drawn.is_set()):
            try:
                piece = os.read(ours, 1 << 16)
            except OSError:  # Linux reports the last writer's end this way
                break
            if not piece:
                break
            seen.append(piece)
            bars = b"".join(seen).count(b"lines/s")
            if bars:
                drawn.set()
            if bars >= 3 and go:
                go.touch()
        os.close(ours)
        if go:
            go.touch()

    inherited = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    reader = Thread(target=read)
    reader.start()
    with subprocess.Popen(
        [sys.executable, "-m", "reqlint", *arguments],
        cwd=folder,
        env={**inherited, "PYTHONPATH": str(ROOT), "TERM": "xterm", "PYTHONIOENCODING": "utf-8", **variables},
        stdin=subprocess.DEVNULL,
        stdout=theirs if out else subprocess.PIPE,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        if once_drawn is not None:
            assert drawn.wait(120), "no bar was drawn"
            once_drawn(process)
        output = b"" if out or process.stdout is None else process.stdout.read()
        code = process.wait(120)
    reader.join()
    terminal = b"".join(seen).decode("utf-8", "replace")
    return (terminal, terminal, code) if out else (output.decode(), terminal, code)


def screen(text: str, columns: int = 80) -> list[str]:
    """Return the lines that a terminal shows after *text*, without the empty ones."""
    shown = pyte.Screen(columns, 24)
    pyte.Stream(shown).feed(text)
    return [line.rstrip() for line in shown.display if line.strip()]
