"""Durations in what commands print, which differ between runs."""

import re


def untimed(text: str) -> str:
    """Replace durations, which differ between runs."""
    return re.sub(r"\d+(\.\d+)? m?s\b", "… s", text)


def keep_durations(new: str, old: str) -> str:
    """Return *new* with the durations of *old* in each line that is otherwise the same there."""
    known = {untimed(line): line for line in old.splitlines(keepends=True)}
    return "".join(known.get(untimed(line), line) for line in new.splitlines(keepends=True))
