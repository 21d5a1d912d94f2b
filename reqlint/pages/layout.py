"""How pages lay out text: wrapped paragraphs, and tables for a terminal or as Markdown."""

import re
from collections.abc import Iterator, Sequence
from textwrap import fill
from textwrap import wrap as broken

_NO_LINK = re.compile(r"\](?=\((?!https://|[\w./#-]+\)))")
"""What Markdown would read as a link where a cell has a regular expression, ``[a-z](/.*)?``."""


def wrap(text: str, width: int, margin: int = 0) -> str:
    """Return *text* in lines of at most *width* columns, *margin* of them blank."""
    return fill(text, width, initial_indent=" " * margin, subsequent_indent=" " * margin, break_on_hyphens=False)


_NARROWEST = 24  # columns that the last column of a table is wrapped at
_MARGIN = 4  # blanks before it where it stands below the others


def write_table(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, markdown: bool = False, columns: int | None = None
) -> str:
    """
    Return *rows* under *head*: padded columns for a terminal, or a Markdown table.

    If the terminal has too few *columns*, the words of the last column go on below each other, or below the others.
    """
    if markdown:
        escaped = [[_NO_LINK.sub(r"\\]", cell.replace("|", "\\|")) for cell in row] for row in rows]
        lines = ["| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *escaped]]
    else:
        widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
        before = sum(widths[:-1]) + 2 * len(widths[:-1])
        if columns is not None and columns < before + widths[-1]:
            if columns < before + _NARROWEST:
                return "".join(_below(row, widths, columns) for row in [head, *rows])
            rows = [each for row in rows for each in _in_lines(row, columns - before)]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [head, *rows]]
    return "".join(line.rstrip() + "\n" for line in lines)


def _below(row: Sequence[str], widths: Sequence[int], columns: int) -> str:
    """Return a row of a table with its last column below the others."""
    first = "  ".join(cell.ljust(width) for cell, width in zip(row[:-1], widths[:-1], strict=True))
    return f"{first.rstrip()}\n{wrap(row[-1], max(columns, _NARROWEST), _MARGIN)}\n"


def _in_lines(row: Sequence[str], width: int) -> Iterator[list[str]]:
    """Yield a row of a table, and below it what its last column has no room for."""
    first, *more = broken(row[-1], width, break_on_hyphens=False) or [""]
    yield [*row[:-1], first]
    yield from ([*([""] * len(row[:-1])), line] for line in more)
