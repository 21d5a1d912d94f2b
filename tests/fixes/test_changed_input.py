"""
A file that somebody else changes while it is being fixed: their version stays, and one sentence says so.

The run is held whenever it opens the file: right before, or right after, the file is changed, and then it goes on.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from reqlint.cli.fixing import Fixing
from reqlint.text.sources import Source
from tests.support.scratch import Scratch

pytestmark = pytest.mark.core


def _request(number: int) -> dict[str, Any]:
    turn = {"role": "user", "content": f"Question {number} " * (number % 5 + 1)}
    return {"model": "gpt-4o", "messages": [turn], "max_token": number + 1}


def _stream(numbers: range) -> str:
    return "".join(f"---\n{json.dumps(_request(n))}\n" for n in numbers)


TEXTS: dict[str, Callable[[range], str]] = {
    "a.json": lambda numbers: json.dumps([_request(n) for n in numbers], indent=1, ensure_ascii=False),
    "a.jsonl": lambda numbers: "".join(f"{json.dumps(_request(n))}\n" for n in numbers),
    "a.yaml": _stream,
}


def _replace(path: Path) -> None:
    path.with_name("other").write_text(TEXTS[path.name](range(50, 70)), "utf-8")
    path.with_name("other").replace(path)


def _shorten(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def _grow(path: Path) -> None:
    with path.open("a") as file:
        file.write(TEXTS[path.name](range(90, 95)))


def _mend(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace("max_token", "max_tokens"), "utf-8")


def _garble(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00" + path.read_bytes())


CHANGES: dict[str, Callable[[Path], None]] = {
    "replaced": _replace,
    "shortened": _shorten,
    "emptied": lambda path: os.truncate(path, 0),
    "removed": Path.unlink,
    "grown": _grow,
    "made good": _mend,
    "no text any more": _garble,
}


class _Hold:
    """Calls *change* at step *number* of a fix, which takes one before it opens the file at *path*, and one after."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, path: str, number: int, change: Callable[[Path], None]) -> None:
        self._left = number
        self._is_fixing = False
        opened, run = Source.open, Fixing.run

        def run_fixing(fixing: Fixing, *arguments: Any) -> Any:
            self._is_fixing = True
            try:
                return run(fixing, *arguments)
            finally:
                self._is_fixing = False

        def step(source: Source) -> None:
            if self._is_fixing and source.path is not None and source.data is None and str(source.path) == path:
                self._left -= 1
                if not self._left:
                    change(source.path)

        def hold(source: Source) -> BinaryIO:
            step(source)
            stream = opened(source)
            step(source)
            return stream

        monkeypatch.setattr(Fixing, "run", run_fixing)
        monkeypatch.setattr(Source, "open", hold)

    @property
    def is_done(self) -> bool:
        """Whether the change was made."""
        return self._left <= 0


SENTENCES = {
    "error: cannot fix {}: it was changed while it was read; it is left as it is",
    "error: cannot write {}: it was changed after it was read; it is left unchanged",
}


@pytest.mark.parametrize("option", ["--fix", "--diff"])
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", TEXTS)
def test_a_change_meanwhile_is_one_sentence(
    scratch: Scratch, monkeypatch: pytest.MonkeyPatch, name: str, change: str, option: str
) -> None:
    """Whenever it happens, it is exit code 1 and one sentence, nothing of theirs is lost, and other files are fixed."""
    path, theirs = scratch.folder / name, scratch.folder / "theirs"

    def their_change(target: Path) -> None:
        CHANGES[change](target)
        if target.exists():
            theirs.write_bytes(target.read_bytes())

    number = 0
    while True:
        number += 1
        path.write_text(TEXTS[name](range(20)), "utf-8")
        theirs.unlink(missing_ok=True)
        scratch.write("z.json", _request(7))
        with monkeypatch.context() as patch:
            hold = _Hold(patch, name, number, their_change)
            done = scratch.run("check", "-p", "openai", option, "--output-format", "concise", name, "z.json")
        if not hold.is_done:
            break
        assert done.code == 1, (number, done)
        [sentence] = [line for line in done.err.splitlines() if name in line]
        assert sentence.replace(name, "{}") in SENTENCES
        assert name not in done.out
        assert "not fixed" not in done.err
        assert path.exists() == theirs.exists()
        assert not path.exists() or path.read_bytes() == theirs.read_bytes()
        assert ("max_tokens" in Path("z.json").read_text("utf-8")) is (option == "--fix")
        assert "1 finding" in done.out + done.err  # that of the other file
    assert number > 3
    assert not list(scratch.folder.glob(".reqlint-*"))


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_before_the_file_is_replaced_is_one_sentence(
    scratch: Scratch, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """The same at the last moment, when the new file is complete and about to take the place of the old one."""
    from reqlint.text.atomic_write import Replacement

    path = scratch.folder / "a.json"
    path.write_text(TEXTS["a.json"](range(20)), "utf-8")
    finish = Replacement.finish

    def change_and_finish(self: Replacement) -> None:
        finish(self)
        CHANGES[change](path)

    monkeypatch.setattr(Replacement, "finish", change_and_finish)
    done = scratch.run("check", "-p", "openai", "--fix", "--output-format", "concise", "a.json")
    assert done.code == 1
    assert done.err == "error: cannot write a.json: it was changed after it was read; it is left unchanged\n"
    assert path.exists() is (change != "removed")
    if path.exists():
        left = path.read_bytes()
        path.write_text(TEXTS["a.json"](range(20)), "utf-8")
        CHANGES[change](path)
        assert path.read_bytes() == left


def test_exit_zero_counts_a_changed_input_as_a_finding(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    """--exit-zero makes the exit code 0, as for an input that cannot be read; the sentence stays."""
    (scratch.folder / "a.json").write_text(TEXTS["a.json"](range(3)), "utf-8")
    with monkeypatch.context() as patch:
        _Hold(patch, "a.json", 1, CHANGES["replaced"])
        done = scratch.run("check", "-p", "openai", "--fix", "--exit-zero", "a.json")
    assert (done.code, "a.json: it was changed" in done.err) == (0, True)
