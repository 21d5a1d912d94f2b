"""A scratch folder with a project, in which tests run the command line inside their own process."""

import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from reqlint.cli import main

REQUEST: dict[str, Any] = {"model": "qwen-plus", "messages": [{"role": "user", "content": "Hi"}]}


class Outcome(NamedTuple):
    """The output and the exit code of a run."""

    code: int
    out: str
    err: str


class Scratch:
    """A folder with a project; no configuration outside the folder is used."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, output: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._patch = patch
        self._output = output
        (folder / ".git").mkdir()  # the root of a repository, so that no configuration above it is read
        patch.chdir(folder)

    def write(self, name: str, content: object) -> Path:
        """Write a text as it is, a list in a .jsonl file as JSON Lines, and anything else as JSON; return the path."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not isinstance(content, str):
            lines = content if name.endswith(".jsonl") and isinstance(content, list) else [content]
            content = "".join(json.dumps(line) + "\n" for line in lines)
        path.write_text(content, "utf-8")
        return path

    def run(self, *arguments: str) -> Outcome:
        """Run reqlint with these arguments."""
        self._patch.setattr(sys, "argv", ["reqlint", *arguments])
        self._output.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = self._output.readouterr()
        return Outcome(int(ended.value.code or 0), printed.out, printed.err)

    def report(self, *arguments: str) -> dict[str, Any]:
        """Run a check, and return its JSON report."""
        done = self.run("check", "--output-format", "json", *arguments)
        assert done.out, done.err
        loaded: dict[str, Any] = json.loads(done.out)
        return loaded

    def findings(self, *arguments: str) -> list[tuple[str, str]]:
        """Run a check, and return the file and the rule of each finding that is not suppressed."""
        findings = self.report(*arguments)["findings"]
        return [(finding["file"], finding["rule"]) for finding in findings if not finding["suppressed"]]
