"""
Standard streams that are closed, full or left by their reader, and Ctrl-C before the command line is there.

The rules: what cannot be written to standard output makes the exit code 2, with a sentence where there is somebody to
read it; what cannot be written to standard error is dropped, and the exit code stands; a closed standard input is an
input that cannot be read.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from reqlint.cli.group import COMMANDS, cli
from tests.support.warm import Warm

ROOT = Path(__file__).parents[2]
FULL = "/dev/full"
CLOSED = "error: cannot write the output: standard output is closed\n"
NO_SPACE = "error: cannot write the output: no space left on device\n"
BAD = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "max_token": 5}
TOOL = {"name": "find_table", "description": "Find a free table", "inputSchema": {"type": "object", "properties": {}}}
GOOD = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}

CALLS: dict[str, tuple[Sequence[str], int, bool]] = {
    "version": (["--version"], 0, True),
    "help": (["--help"], 0, True),
    "help of check": (["check", "--help"], 0, True),
    "clean": (["check", "good.json"], 0, True),
    "findings": (["check", "-p", "openai", "bad.json", "--output-format", "json"], 1, True),
    "quiet": (["check", "-q", "good.json"], 0, False),
    "exit zero": (["check", "--exit-zero", "bad.json"], 0, True),
    "nothing": (["check", "empty"], 3, True),
    "to a file": (["check", "-p", "openai", "bad.json", "--output-format", "sarif:report.sarif"], 1, False),
    "diff": (["check", "--diff", "-p", "openai", "bad.json"], 1, True),
    "fix": (["check", "--fix", "-p", "openai", "copy.json"], 0, True),
    "settings": (["check", "--show-settings", "bad.json"], 0, True),
    "usage": (["check", "--no-such-option"], 2, False),
    "unknown profile": (["check", "-p", "no-such", "good.json"], 2, False),
    "baseline create": (["baseline", "create", "--force", "--baseline", "new.json", "bad.json"], 0, True),
    "baseline prune": (["baseline", "prune", "--baseline", "base.json", "bad.json"], 0, True),
    "baseline audit": (["baseline", "audit", "--baseline", "base.json", "bad.json"], 0, True),
    "audit": (["audit", "pair.json"], 0, True),
    "compat": (["compat", "tools.json"], 0, True),
    "compat to a file": (["compat", "tools.json", "--output-format", "sarif:compat.sarif"], 0, False),
    "probe": (["probe", "--server", "http://127.0.0.1:1/v1", "-p", "vllm", "--model", "small"], 1, False),
    "lsp": (["lsp", "--docs-url", "nowhere"], 2, False),
    "explain": (["explain", "unknown-field"], 0, True),
    "why": (["why", "pair.json"], 3, True),
    "rules": (["rules"], 0, True),
    "profiles": (["profiles", "openai"], 0, True),
    "schema": (["schema", "openai"], 0, True),
    "split": (["split", "lines.jsonl", "--good", "g.jsonl", "--bad", "b.jsonl"], 1, False),
    "init": (["init", "--pyproject"], 0, True),
    "completion": (["completion", "bash"], 0, True),
}
"""Arguments, exit code with all streams open, and whether anything is printed on standard output."""


def test_every_command_is_called() -> None:
    """No command and no subcommand is left out."""
    called = {arguments[0] for arguments, *_ in CALLS.values()}
    assert set(COMMANDS) <= called
    subcommands = cli.get_command(None, "baseline").commands  # type: ignore[arg-type,union-attr]  # it looks at no context
    assert {f"baseline {name}" for name in subcommands} <= set(CALLS)


class Ended(NamedTuple):
    """How a process ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the files that the calls name."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "empty").mkdir()
    (tmp_path / "good.json").write_text(json.dumps(GOOD))
    (tmp_path / "bad.json").write_text(json.dumps(BAD))
    (tmp_path / "tools.json").write_text(json.dumps({"tools": [TOOL]}))
    (tmp_path / "copy.json").write_text(json.dumps(BAD))
    (tmp_path / "lines.jsonl").write_text(f"{json.dumps(GOOD)}\n{json.dumps({'messages': 3})}\n")
    (tmp_path / "pair.json").write_text(json.dumps({"request": GOOD, "response": {"status_code": 200}}))
    (tmp_path / "base.json").write_text('{"version": 1, "tool": "reqlint", "findings": []}')
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    return tmp_path


REAL = {"version", "help", "clean", "findings", "to a file", "split", "rules"}
"""Calls that are made in new processes; the others in forks of a process that has imported everything already."""


def run_warm(warm: Warm, folder: Path, arguments: Sequence[str], **streams: str) -> Ended:
    """Do as `run`, in a fork of a process that has imported everything."""
    (folder / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    done = warm.run(*arguments, folder=folder, streams=streams)
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def run(folder: Path, arguments: Sequence[str], **streams: str) -> Ended:
    """Run reqlint with streams that are ``closed``, ``full``, ``gone`` (a pipe that nobody reads) or, else, open."""
    (folder / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    into = {name: folder / f"{name}.txt" for name in ("out", "err")}
    handles = {}
    for name, number in (("out", 1), ("err", 2)):
        if streams.get(name) == "gone":
            read, handles[number] = os.pipe()
            os.close(read)
        else:
            full = streams.get(name) == "full"
            handles[number] = os.open(FULL if full else into[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)

    def close() -> None:
        for number, name in enumerate(("in", "out", "err")):
            if streams.get(name) == "closed":
                os.close(number)

    try:
        done = subprocess.run(
            [sys.executable, "-m", "reqlint", *arguments],
            cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdin=subprocess.DEVNULL,
            stdout=handles[1], stderr=handles[2], preexec_fn=close, check=False, timeout=120,
        )  # fmt: skip
    finally:
        for handle in handles.values():
            os.close(handle)
    texts = [into[name].read_text("utf-8") if into[name].exists() else "" for name in ("out", "err")]
    return Ended(done.returncode, *texts)


@pytest.mark.parametrize("name", CALLS)
def test_any_stream_may_be_closed(folder: Path, name: str, warm: Warm) -> None:
    """With any of the three closed a run ends as with all open, unless it has something to print and cannot."""
    arguments, code, prints = CALLS[name]
    run_it = run if name in REAL else partial(run_warm, warm)
    whole = run_it(folder, arguments)
    assert (whole.code, bool(whole.out)) == (code, prints), whole
    for names in (("in",), ("out",), ("err",), ("in", "out", "err")):
        streams = dict.fromkeys(names, "closed")
        (folder / "copy.json").write_text(json.dumps(BAD))
        ended = run_it(folder, arguments, **streams)
        lost = prints and "out" in streams
        assert ended.code == (2 if lost else code), (streams, ended)
        if "err" not in streams and lost:
            assert ended.err.endswith(CLOSED)
            assert "internal error" not in ended.err
        if "out" not in streams:
            assert ended.out.count("\n") == whole.out.count("\n"), streams


@pytest.mark.skipif(not Path(FULL).exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(("state", "said"), [("full", NO_SPACE), ("gone", "")])
def test_any_output_may_be_full_or_left(folder: Path, name: str, state: str, said: str, warm: Warm) -> None:
    """A full disk is one sentence and exit code 2; so is a reader that went away, without the sentence."""
    arguments, code, prints = CALLS[name]
    run_it = run if name in REAL else partial(run_warm, warm)
    for streams in ({"out": state}, {"err": state}):
        (folder / "copy.json").write_text(json.dumps(BAD))
        ended = run_it(folder, arguments, **streams)
        lost = prints and "out" in streams
        assert ended.code == (2 if lost else code), (streams, ended)
        if lost and "err" not in streams:
            assert ended.err.endswith(said)
            assert "Traceback" not in ended.err
            assert "Exception ignored" not in ended.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["check", "-", "--output-format", "concise"], 1, "cannot be read: standard input is closed"),
        (["check", "--fix", "-"], 2, "error: cannot fix <stdin>: standard input is closed"),
        (["check", "--diff", "-"], 1, ""),
        (["audit", "-"], 1, "error: cannot read <stdin>: standard input is closed"),
        (["split", "-", "--good", "g", "--bad", "b"], 1, "error: cannot read -: standard input is closed"),
        (["baseline", "create", "-"], 2, "a baseline needs files; standard input cannot be used"),
    ],
)
def test_a_closed_standard_input_is_an_input_that_cannot_be_read(
    folder: Path, arguments: Sequence[str], code: int, said: str
) -> None:
    """It is a finding or a sentence that names it, and the other inputs are judged."""
    ended = run(folder, arguments, **{"in": "closed"})
    assert ended.code == code, ended
    assert said in ended.out + ended.err
    if arguments[0] == "check" and "--fix" not in arguments:
        both = run(folder, [*arguments, "-p", "openai", "bad.json"], **{"in": "closed"})
        assert "max_token" in both.out


@pytest.mark.parametrize("first", [["--output-format", "human"], ["--output-format", "json:/nowhere/at/all.json"]])
def test_a_report_that_is_lost_takes_no_other_with_it(folder: Path, first: list[str]) -> None:
    """The files after a report that could not be written are written."""
    ended = run(folder, ["check", "bad.json", *first, "--output-format", "json:after.json"], out="closed")
    assert ended.code == 2
    assert ended.err.count("error: cannot write ") == 1
    assert json.loads((folder / "after.json").read_text())["findings"]


def test_a_file_never_takes_the_number_of_a_closed_stream(folder: Path) -> None:
    """What is written to a closed stream is not in a file that was opened since."""
    for number in (0, 1, 2):
        (folder / "after.json").unlink(missing_ok=True)
        closed = dict.fromkeys(("in", "out", "err")[: number + 1], "closed")
        arguments = ["check", "bad.json", "missing.json", "--output-format", "json:after.json", "-v"]
        run(folder, arguments, **closed)
        assert json.loads((folder / "after.json").read_text())["summary"]["files"] == 2


@pytest.mark.parametrize("module", ["reqlint/cli", "click", "reqlint/cli/terminal", "reqlint/cli/plain"])
def test_an_early_interrupt_ends_quietly(tmp_path: Path, module: str) -> None:
    """Ctrl-C while the command line is imported ends the process as it ends any other, and prints nothing."""
    arguments = ["check", "x.json", *(["-v"] if module == "click" else [])]  # without it click is not imported
    ended = interrupted(tmp_path, module, arguments)
    assert ended in ((-signal.SIGINT, "", ""), (130, "", ""))


def test_a_late_interrupt_ends_quietly(tmp_path: Path) -> None:
    """So does Ctrl-C when everything is said; until then it is `interrupted`."""
    (tmp_path / "good.json").write_text(json.dumps(GOOD))
    ended = interrupted(tmp_path, "at exit", ["check", "--isolated", "-q", "good.json"])
    assert ended in ((-signal.SIGINT, "", ""), (130, "", ""))
    for option in ("-q", "-v"):  # read without click, and by it
        ended = interrupted(tmp_path, "reqlint/cli/judging", ["check", option, "x.json"])
        assert ended == (2, "", "\ninterrupted\n")


def interrupted(folder: Path, module: str, arguments: Sequence[str]) -> tuple[int, str, str]:
    """Interrupt a run that waits at a named pipe while it imports a module, or at its exit; return how it ended."""
    gate = folder / "gate"
    if not gate.exists():
        os.mkfifo(gate)
    wait = f"open({str(gate)!r}).read()"
    waiting = folder / "sitecustomize.py"
    if module == "at exit":
        waiting.write_text(f"import atexit\natexit.register(lambda: {wait})\n")
    else:
        waiting.write_text(_HOOK.format(module=module.replace("/", "."), wait=wait))
    process = subprocess.Popen(
        [sys.executable, "-m", "reqlint", *arguments],
        cwd=folder, env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    with gate.open("w"):  # once the process reads it
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    return process.returncode, out, err


_HOOK = """
import sys

class Hook:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            sys.meta_path.remove(self)
            {wait}

sys.meta_path.insert(0, Hook())
"""


HELP = """
import sys
from click.testing import CliRunner
from reqlint.cli.group import cli

def texts(command, name):
    yield name, CliRunner().invoke(cli, [*name.split(), "--help"]).output
    for each in getattr(command, "list_commands", lambda _: ())(None):
        yield from texts(command.get_command(None, each), f"{name} {each}".strip())

sys.stdout.write(repr(list(texts(cli, ""))))
"""


def test_help_does_not_depend_on_docstrings() -> None:
    """`python -O` and `-OO`, which have no docstrings, print the same help for every command."""
    outputs = [
        subprocess.run(
            [sys.executable, *flags, "-c", HELP],
            env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
        ).stdout
        for flags in ((), ("-O",), ("-OO",))
    ]  # fmt: skip
    assert outputs[0] == outputs[1] == outputs[2]
    assert outputs[0].count("Usage:") > len(COMMANDS)
