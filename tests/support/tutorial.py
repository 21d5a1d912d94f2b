"""Play the tutorial: write its files, run its commands, and put their real output below them."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "docs" / "tutorial.md"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"[Ss]ave this as\s+`([\w.-]+)`|so that `([\w.-]+)` is")


def play(text: str, folder: Path) -> str:
    """
    Follow the tutorial's *text* in the empty *folder*, and return the text with the real output of its commands.

    A block after "save this as `name`" is written to that file; in a console block each line after `$ ` is run.

    Raises:
        AssertionError: the exit code of a command is not the one after its `# exit`, or not 0 if it has none.
    """
    commands = folder.parent / f"{folder.name}-bin"
    commands.mkdir()
    for name in ("reqlint", "pre-commit"):
        script = commands / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {name.replace("-", "_")} "$@"\n', "utf-8")
        script.chmod(0o755)
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PRE_COMMIT", "REQLINT_"))},
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
        "PRE_COMMIT_HOME": str(commands / "home"),
        "PRE_COMMIT_COLOR": "never",
        "COLUMNS": "100",
    }

    def block(match: re.Match[str]) -> str:
        language, content = match.groups()
        before = text[: match.start()].rpartition("```\n")[2]
        if language != "console":
            for name in _NAMED.findall(before)[-1:]:
                (folder / (name[0] or name[1])).write_text(content, "utf-8")
            return match[0]
        printed = []
        for line in re.findall(r"^\$ (.*)$", content, re.MULTILINE):
            command, _, code = line.partition("  # exit ")
            run = subprocess.run(
                command.split(),
                cwd=folder,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                check=False,
            )
            assert run.returncode == int(code or 0), f"{line}: exit code {run.returncode}\n{run.stdout}"
            printed.append(f"$ {line}\n{run.stdout.rstrip()}".rstrip() + "\n")
        return f"```console\n{''.join(printed)}```"

    return _BLOCK.sub(block, text)
