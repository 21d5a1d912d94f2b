"""
Write the real output of console examples into the README, the page of compat and the tutorial, after a change.

A line that differs in nothing but a duration stays as it is.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.support.durations import keep_durations
from tests.support.tutorial import TUTORIAL, play

ROOT = Path(__file__).parent.parent


def fill(block: re.Match[str]) -> str:
    """Return the block with the real output of its command, cut with … if the block was."""
    line, _, old = block[1].partition("\n")
    piped, _, last = line.removeprefix("$ ").partition("  # exit ")[0].rpartition(" | ")
    stdin = (ROOT / piped.split()[1]).read_text("utf-8") if piped else ""  # only `cat FILE |` is used
    run = subprocess.run(
        [sys.executable, "-m", "reqlint", *shlex.split(last)[1:]],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        env={**os.environ, "COLUMNS": "100"},
        check=False,
    )
    printed = (run.stdout + run.stderr).rstrip().splitlines()
    if old.rstrip().endswith("…"):
        printed = [*printed[: len(old.rstrip().splitlines()) - 1], "…"]
    return "\n".join(["```console", line, *printed, "```"])


if __name__ == "__main__":
    for page in (ROOT / "README.md", ROOT / "docs" / "compat.md"):
        written = page.read_text("utf-8")
        filled = re.sub(r"^```console\n(.*?)^```$", fill, written, flags=re.M | re.S)
        page.write_text(keep_durations(filled, written), "utf-8")
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder, "tutorial")
        empty.mkdir()
        written = TUTORIAL.read_text("utf-8")
        TUTORIAL.write_text(keep_durations(play(written, empty), written), "utf-8")
