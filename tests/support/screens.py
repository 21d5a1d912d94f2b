"""The pictures of terminals in the docs: the output of real runs, drawn by rich as SVG."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parents[2]
COLUMNS = 116

RUNS = {
    "check": "check examples/bad/night-train.json",
    "batch": "check examples/bad/nightly-batch.jsonl",
    "explain": "explain developer-role -p gptproto-qwen -p dashscope -p openai",
}
"""
The name of each picture, with the arguments of `reqlint` that produce it.

None shows a list of profiles, which would change with every profile that is added.
"""

# NOTE: the default frame of rich loads a font from another host; a picture in a README must not.
_FRAME = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
    <style>
    .{unique_id}-matrix {{
        font-family: "Fira Code", "DejaVu Sans Mono", Menlo, Consolas, monospace;
        font-size: {char_height}px;
        line-height: {line_height}px;
    }}
    .{unique_id}-title {{
        font-size: 18px;
        font-weight: bold;
        font-family: sans-serif;
    }}
    {styles}
    </style>
    <defs>
    <clipPath id="{unique_id}-clip-terminal">
      <rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
    </clipPath>
    {lines}
    </defs>
    {chrome}
    <g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
    {backgrounds}
    <g class="{unique_id}-matrix">
    {matrix}
    </g>
    </g>
</svg>
"""


def screens() -> dict[Path, str]:
    """Run every command, and return the pictures by the files they belong in."""
    return {ROOT / "docs" / "screens" / f"{name}.svg": _picture(name, words) for name, words in RUNS.items()}


def _picture(name: str, words: str) -> str:
    from rich.console import Console
    from rich.text import Text

    run = subprocess.run(
        [sys.executable, "-m", "reqlint", *words.split()],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": str(COLUMNS), "FORCE_COLOR": "1", "NO_COLOR": "", "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    if run.returncode not in (0, 1):
        raise RuntimeError(run.stderr)
    untimed = re.sub(r"  ·  \d+\.\d+ s\b", "", run.stdout)
    console = Console(
        record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, color_system="standard", _environ={}
    )
    console.print(Text.assemble(("$ ", "dim"), (f"reqlint {words}", "bold")))
    console.print(Text.from_ansi(untimed.rstrip("\n")))
    svg = console.export_svg(title="reqlint", code_format=_FRAME, unique_id=name)
    return re.sub(r"[ \t]+$", "", svg, flags=re.M)


def text_runs(svg: str) -> list[tuple[float, str, str]]:
    """Return the row, the text and the style of each run of text in a picture, without the frame."""
    tree = ElementTree.fromstring(svg)  # noqa: S314 - a picture of this repository
    styles = dict(re.findall(r"\.([\w-]+) \{ ([^}]*) \}", svg))
    return [
        (float(text.attrib["y"]), (text.text or "").replace("\u00a0", " "), styles.get(text.attrib["class"], ""))
        for text in tree.iter("{http://www.w3.org/2000/svg}text")
        if text.attrib.get("class", "").rpartition("-")[2].startswith("r")
    ]
