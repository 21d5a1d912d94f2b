"""A scratch folder with a project in it, in which the command line runs within this process."""

import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from reqlint.cli import main

REQUEST: dict[str, Any] = {"model": "qwen-plus", "messages": [{"role": "user", "content": "Hi"}]}


class Done(NamedTuple):
    """What a run printed, and how it ended."""

    code: int
    out: str
    err: str


class Scratch:
    """A folder of its own, below which nothing else is configured."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, output: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._patch = patch
        self._output = output
        (folder / ".git").mkdir()  # the top, so that no configuration above it is met
        patch.chdir(folder)

    def write(self, name: str, content: object) -> Path:
        """Write a file: a text as it is, a list as JSON Lines for a .jsonl, anything else as JSON."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, str):
            lines = content if name.endswith(".jsonl") and isinstance(content, list) else [content]
            content = "".join(json.dumps(line) + "\n" for line in lines)
        path.write_text(content, "utf-8")
        return path

    def run(self, *arguments: str) -> Done:
        """Run the command."""
        self._patch.setattr(sys, "argv", ["reqlint", *arguments])
        self._output.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = self._output.readouterr()
        return Done(int(ended.value.code or 0), printed.out, printed.err)

    def report(self, *arguments: str) -> dict[str, Any]:
        """Run a check, and give its JSON report."""
        done = self.run("check", "--output-format", "json", *arguments)
        assert done.out, done.err
        loaded: dict[str, Any] = json.loads(done.out)
        return loaded

    def told(self, *arguments: str) -> list[tuple[str, str]]:
        """Run a check, and give the file and rule of each finding that counts."""
        findings = self.report(*arguments)["findings"]
        return [(finding["file"], finding["rule"]) for finding in findings if not finding["suppressed"]]
