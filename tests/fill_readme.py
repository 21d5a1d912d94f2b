"""Put the real output of every console example into README and tutorial; run it after it has changed on purpose."""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.support.tutorial import TUTORIAL, played

ROOT = Path(__file__).parent.parent


def filled(block: re.Match[str]) -> str:
    """Run the block's command and write what it prints below it, cut where the block was cut by hand."""
    line, _, old = block[1].partition("\n")
    piped, _, last = line.removeprefix("$ ").partition("  # exit ")[0].rpartition(" | ")
    given = (ROOT / piped.split()[1]).read_text("utf-8") if piped else ""  # the pipe is a cat
    run = subprocess.run(
        [sys.executable, "-m", "reqlint", *shlex.split(last)[1:]],
        cwd=ROOT,
        input=given,
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
    readme = ROOT / "README.md"
    readme.write_text(re.sub(r"^```console\n(.*?)^```$", filled, readme.read_text("utf-8"), flags=re.M | re.S), "utf-8")
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder, "tutorial")
        empty.mkdir()
        TUTORIAL.write_text(played(TUTORIAL.read_text("utf-8"), empty), "utf-8")
