"""A hook that puts a report for the browser on the site: of examples/bad, and of a batch file made for it."""

import json
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from properdocs.config.defaults import ProperDocsConfig
from properdocs.structure.files import File, Files

_ROOT = Path(__file__).parent.parent
_LINES = 800
_NAME = "example-report.html"
_LINK = (
    f"\n[This report]({_NAME}) was written when the site was built, of the files in `examples/bad` and a batch file.\n"
)


def on_files(files: Files, *, config: ProperDocsConfig) -> Files:
    """Add the report."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(_ROOT / "examples" / "bad", folder, dirs_exist_ok=True)
        Path(folder, "letters.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in _batch()), "utf-8")
        command = [
            sys.executable,
            "-m",
            "reqlint",
            "check",
            ".",
            "--isolated",
            "--exit-zero",
            "--output-format",
            "html",
        ]
        done = subprocess.run(command, cwd=folder, capture_output=True, check=True, env=None)
    files.append(File.generated(config, _NAME, content=done.stdout))
    return files


def on_page_markdown(markdown: str, **_: object) -> str:
    """Link to the report where the page about reports says so."""
    return markdown.replace("<!-- example report -->", _LINK)


def _batch() -> list[object]:
    """Return the lines of a batch file: half-way a program changed, and here and there a person made a mistake."""
    chance = random.Random(20)  # noqa: S311 - the same file each time
    lines = []
    for number in range(1, _LINES + 1):
        letter = f"Letter {number}: " + " ".join(["the parcel arrived late"] * chance.randint(1, 5))
        body = {
            "model": "gpt-4o-mini",
            "messages": [{"role": "system", "content": "Sort letters."}, {"role": "user", "content": letter}],
            "temperature": 0.2,
            "max_token" if number > _LINES * 0.6 else "max_completion_tokens": 20,
        }
        if 0.2 < number / _LINES < 0.27:
            body["temperature"] = 2.5
        if chance.random() < 0.04:
            body["messages"][1]["role"] = "human"
        if chance.random() < 0.02:
            body["messages"][1]["content"] = None
        line = {
            "custom_id": f"letter-{number if number != 90 else 89}",
            "method": "POST",
            "url": "/v1/chat/completions",
        }
        lines.append({**line, "body": body})
    return lines
