"""
Commands that write files, with a fault injected at every step they take.

Called as ``python -m tests.support.faults SCENARIO STROKE [MODULE…]``, it runs the scenario in child processes. The
first child gets the fault at the first line that a writing module executes, the next child at the second line, until
one gets through. One line of JSON is printed for each child. This is a process of its own because it forks: what the
command imports and compiles is done once for all children.
"""

import gc
import io
import json
import os
import re
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from errno import EIO, ENOSPC
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NamedTuple

from reqlint.cli import main

ROOT = Path(__file__).parents[2]
WRITING = (
    "text/atomic_write.py", "fixes/apply.py", "run/splitting/split.py",
    "run/splitting/parts.py", "baseline.py",
    "cli/fixing.py", "cli/split.py", "cli/init.py",
)  # fmt: skip
"""Modules in which every line is a step; all changes of files go through `atomic_write`."""

ASKED = {"role": "user", "content": "Hi"}
LINE = json.dumps({"model": "qwen-3.5", "messages": [ASKED], "max_token": 1})
FIXED = LINE.replace("max_token", "max_tokens")
PLAIN = json.dumps({"model": "qwen-3.5", "messages": [ASKED]})
BASELINE = '{"version": 1, "tool": "reqlint",\n"findings": []}\n'


class Scenario(NamedTuple):
    """A command, the files that exist before it, and those that it leaves if it is not interrupted."""

    arguments: tuple[str, ...]
    before: dict[str, str]
    after: dict[str, str]  #: final content of the written files; ``...`` stands for any content


SCENARIOS = {
    "fix-json": Scenario(("check", "--fix", "a.json"), {"a.json": LINE}, {"a.json": FIXED}),
    "fix-jsonl": Scenario(
        ("check", "--fix", "a.jsonl"),
        {"a.jsonl": f"{PLAIN}\n{LINE}\n{PLAIN}"},
        {"a.jsonl": f"{PLAIN}\n{FIXED}\n{PLAIN}"},
    ),
    "fix-yaml": Scenario(
        ("check", "--fix", "a.yaml"),
        {"a.yaml": "model: m # one\nmessages:\n- {role: user, content: Hi}\nmax_token: 1\r\n"},
        {"a.yaml": "model: m # one\nmessages:\n- {role: user, content: Hi}\nmax_tokens: 1\r\n"},
    ),
    "split": Scenario(
        ("split", "in.jsonl", "--good", "good", "--bad", "bad"),
        {"in.jsonl": f"{PLAIN}\n{{oops\n", "good": "old good", "bad": "old bad"},
        {"good": f"{PLAIN}\n", "bad": "{oops\n"},
    ),
    "split-chunk": Scenario(
        ("split", "in.jsonl", "--good", "good.jsonl", "--bad", "bad", "--chunk-lines", "1", "--fix"),
        {"in.jsonl": f"{PLAIN}\n{LINE}\n{{oops\n", "good-001.jsonl": "old good", "bad": "old bad"},
        {"good-001.jsonl": f"{PLAIN}\n", "good-002.jsonl": f"{FIXED}\n", "bad": "{oops\n"},
    ),
    "baseline-create": Scenario(("baseline", "create", "a.json"), {"a.json": LINE}, {"reqlint-baseline.json": "..."}),
    "baseline-force": Scenario(
        ("baseline", "create", "--force", "a.json"),
        {"a.json": LINE, "reqlint-baseline.json": BASELINE},
        {"reqlint-baseline.json": "..."},
    ),
    "init": Scenario(("init", "-q"), {}, {"reqlint.toml": "..."}),
    "init-pyproject": Scenario(
        ("init", "-q", "--pyproject"), {"pyproject.toml": "[project]\r\nname = 'a'"}, {"pyproject.toml": "..."}
    ),
    "report": Scenario(
        ("check", "--output-format", "json:out.json", "a.json"),
        {"a.json": LINE, "out.json": "old"},
        {"out.json": "..."},
    ),
}


class Struck(NamedTuple):
    """How one child process ended."""

    step: int
    where: str  #: module and line of the fault; empty when the command ended before it
    code: int  #: exit code; below zero the signal that ended it
    err: str
    files: dict[str, str]


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def _raise(error: BaseException) -> Callable[[], None]:
    def strike() -> None:
        raise error

    return strike


def _edit() -> None:
    """Add a line to every file that exists, as an editor running beside the command would."""
    for name in ("a.json", "a.jsonl", "a.yaml", "reqlint-baseline.json", "pyproject.toml", "in.jsonl"):
        if Path(name).exists():
            with Path(name).open("a") as file:
                file.write(EDIT)


EDIT = "\n# \N{GREEK SMALL LETTER MU}, by somebody else\n"
STROKES: dict[str, Callable[[], None]] = {
    "kill": _kill,
    "end": _end,
    "full": _raise(OSError(ENOSPC, "No space left on device")),
    "broken": _raise(OSError(EIO, "Input/output error")),
    "interrupt": _raise(KeyboardInterrupt()),
    "memory": _raise(MemoryError()),
    "edit": _edit,
}


def _struck(
    scenario: Scenario, strike: Callable[[], None], step: int, folder: Path, modules: tuple[str, ...],
    watch: Callable[[str], None] | None = None,
) -> Struck:  # fmt: skip
    for name, text in scenario.before.items():
        (folder / name).write_bytes(text.encode())
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        os.chdir(folder)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(writer, 2)
        os._exit(_run(scenario.arguments, strike, step, writer, modules, watch))
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        output = stream.read().decode()
    _, status = os.waitpid(child, 0)
    where, _, err = output.rpartition("\0") if "\0" in output else ("", "", output)
    files = {path.name: path.read_bytes().decode() for path in sorted(folder.iterdir())}
    return Struck(step, where.rpartition("\0")[2], os.waitstatus_to_exitcode(status), err, files)


def _run(
    arguments: tuple[str, ...], strike: Callable[[], None], step: int, writer: int, modules: tuple[str, ...],
    watch: Callable[[str], None] | None = None,
) -> int:  # fmt: skip
    left = step
    is_writing: dict[CodeType, bool] = {}

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal left
        code = frame.f_code
        if code not in is_writing:
            is_writing[code] = code.co_filename.endswith(modules)
        if not is_writing[code]:
            return None
        if event == "line":
            left -= 1
            if watch is not None:
                watch(f"{Path(code.co_filename).name}:{frame.f_lineno}:{code.co_name}")
            elif not left:
                sys.settrace(None)
                name = Path(frame.f_code.co_filename).name
                os.write(writer, f"{name}:{frame.f_lineno}:{frame.f_code.co_name}\0".encode())
                strike()
        return trace

    sys.argv = ["reqlint", *arguments]
    sys.stdout = io.TextIOWrapper(os.fdopen(os.dup(1), "wb"), "utf-8")
    sys.stderr = io.TextIOWrapper(os.fdopen(os.dup(2), "wb", 0), "utf-8", write_through=True)
    sys.settrace(trace)
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    except BaseException:  # print it as Python would
        import traceback

        sys.settrace(None)
        traceback.print_exc()
        return 99
    return 98


def strokes(scenario: Scenario, stroke: str, modules: tuple[str, ...] = WRITING) -> Iterator[Struck]:
    """Yield the outcome of a fault at the first step, the second and so on; the last one ended before its fault."""
    if stroke == "kill":
        yield from _kills(scenario, modules)
        return
    step = 0
    while True:
        step += 1
        with tempfile.TemporaryDirectory() as folder:
            struck = _struck(scenario, STROKES[stroke], step, Path(folder), modules)
        yield struck
        if not struck.where:
            return


def _kills(scenario: Scenario, modules: tuple[str, ...]) -> Iterator[Struck]:
    """
    Yield what a kill at each step leaves.

    That is what the folder holds at the step. So the command is watched once, and killed at the steps before which the
    folder changed, where it has to leave just what was seen; between two of them nothing is there that could differ.
    """
    seen: list[tuple[str, dict[str, str]]] = []
    with tempfile.TemporaryDirectory() as folder:
        ended = _watched(scenario, Path(folder), modules, seen)
    for step, (where, files) in enumerate(seen, 1):
        if step > 1 and _steady(files) == _steady(seen[step - 2][1]):
            yield Struck(step, where, -signal.SIGKILL, "", files)
            continue
        with tempfile.TemporaryDirectory() as folder:
            struck = _struck(scenario, STROKES["kill"], step, Path(folder), modules)
        assert _steady(struck.files) == _steady(files), (struck, files)
        assert struck.where == where
        yield struck
    yield ended


def _steady(files: dict[str, str]) -> list[tuple[str, str]]:
    """Return files as each run has them: the names of temporary ones have something random."""
    return sorted((re.sub(r"^(\.reqlint-).*(\.tmp)$", r"\1\2", name), text) for name, text in files.items())


def _watched(
    scenario: Scenario, folder: Path, modules: tuple[str, ...], seen: list[tuple[str, dict[str, str]]]
) -> Struck:
    """Run a scenario without a fault in a child, and note what the folder holds at each step."""
    with tempfile.TemporaryDirectory() as beside:
        notes = Path(beside, "notes")

        def watch(where: str) -> None:
            files = {path.name: path.read_bytes().decode() for path in sorted(folder.iterdir())}
            with notes.open("a", encoding="utf-8") as file:
                file.write(json.dumps([where, files]) + "\n")

        ended = _struck(scenario, _kill, 0, folder, modules, watch)
        seen += [(where, files) for where, files in map(json.loads, notes.read_text("utf-8").splitlines())]
    return ended._replace(step=len(seen) + 1)


if __name__ == "__main__":
    name, stroke, *only = sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:  # do the imports and compilation that all children share
        warm = SCENARIOS[name]
        for file, text in warm.before.items():
            Path(scratch, file).write_bytes(text.encode())
        os.chdir(scratch)
        sys.argv, shown, sys.stdout = ["reqlint", *warm.arguments], sys.stdout, io.TextIOWrapper(io.BytesIO())
        with suppress(SystemExit):
            main()
        sys.stdout = shown
        os.chdir("/")
    gc.collect()
    gc.freeze()  # a search for cycles in a child would copy the memory that is shared
    gc.disable()
    written = tuple(only) or WRITING
    sources = [path.as_posix() for path in (ROOT / "reqlint").rglob("*.py")]
    assert all(any(path.endswith(module) for path in sources) for module in written), "a module was moved"
    for outcome in strokes(SCENARIOS[name], stroke, written):
        sys.stdout.write(json.dumps(outcome._asdict()) + "\n")
        sys.stdout.flush()
