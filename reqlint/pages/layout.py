"""How pages lay out text: wrapped paragraphs, and tables for a terminal or as Markdown."""

import re
from collections.abc import Sequence
from textwrap import fill

_NO_LINK = re.compile(r"\](?=\((?!https://|[\w./#-]+\)))")
"""What Markdown would read as a link where a cell has a regular expression, ``[a-z](/.*)?``."""


def wrap(text: str, width: int, margin: int = 0) -> str:
    """Return *text* in lines of at most *width* columns, *margin* of them blank."""
    return fill(text, width, initial_indent=" " * margin, subsequent_indent=" " * margin, break_on_hyphens=False)


def write_table(head: Sequence[str], rows: Sequence[Sequence[str]], *, markdown: bool = False) -> str:
    """Return *rows* under *head*: padded columns for a terminal, or a Markdown table."""
    if markdown:
        escaped = [[_NO_LINK.sub(r"\\]", cell.replace("|", "\\|")) for cell in row] for row in rows]
        lines = ["| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *escaped]]
    else:
        widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [head, *rows]]
    return "".join(line.rstrip() + "\n" for line in lines)
