"""A configuration file as TOML, and the error for one that cannot be used."""

import re
from math import isfinite
from pathlib import Path
from typing import Any

from reqlint.core.errors import BadData
from reqlint.text.trusted_files import display_path, read_text_file

_LONG_NAME = r"""(?<![\w."'-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){32}"""
"""More than 32 names joined by dots: `tomllib` takes time and memory quadratic in their number."""

_TABLE = r"tool[\"' \t]*\.[\"' \t]*reqlint|^[ \t]*\[[\"' \t]*tool[\"' \t]*\]|^[\"' \t]*tool[\"' \t]*[=.]"
"""Occurs in every text that has the table; compiled only where ``reqlint`` occurs too."""


class BadConfig(BadData):
    """A configuration that cannot be used; ``also`` holds its other mistakes, each with its place."""

    def __init__(self, file: str, where: str, what: str, also: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(file, where, what)
        self.also = also

    def __str__(self) -> str:
        from reqlint.display.escaping import sanitize

        mistakes = [(self.where, self.what), *self.also]
        lines = [f"{self.file}:{where}: {what}" if where else f"{self.file}: {what}" for where, what in mistakes]
        return "\n".join(map(sanitize, lines))


def has_table(path: Path) -> bool:
    """Return whether a ``pyproject.toml`` has a table for reqlint; most are ruled out without parsing them as TOML."""
    try:
        text = read_text_file(path)
    except BadData as unreadable:
        if isinstance(unreadable.__cause__, OSError):
            return False
        raise _unreadable(unreadable) from None
    if "reqlint" not in text or not re.search(_TABLE, text, re.M):
        return False
    tool = parse_config(path)[0].get("tool", {})
    return isinstance(tool, dict) and "reqlint" in tool


def parse_config(path: Path) -> tuple[dict[str, Any], str]:
    """
    Return what a TOML file says, and its text with every line end as one character.

    Raises:
        BadConfig: it cannot be read or is not TOML.
    """
    import tomllib  # only projects with a configuration need it

    try:
        text = read_text_file(path).replace("\r\n", "\n")
    except BadData as unreadable:
        raise _unreadable(unreadable) from None
    if long := re.search(_LONG_NAME, text):
        line = text.count("\n", 0, long.start()) + 1
        raise BadConfig(display_path(path), f"{line}:1", "has a key of more than 32 names")
    try:
        return tomllib.loads(text), text
    except RecursionError:
        raise BadConfig(display_path(path), "", "is nested too deeply to be read") from None
    except tomllib.TOMLDecodeError as broken:
        reason = str(broken)
        at = re.search(r" \(at line (\d+), column (\d+)\)$", reason)
        where = f"{at[1]}:{at[2]}" if at else ""
        reason = reason[: at.start()] if at else reason.removesuffix(" (at end of document)")
        if reason.startswith(("Cannot mutate immutable", "Cannot overwrite", "Cannot declare")):
            reason += '; ignore = […] and [[ignore]] exclude each other; use severity = {rule = "off"}'
        raise BadConfig(display_path(path), where, f"is not TOML: {reason[:1].lower()}{reason[1:]}") from None
    except ValueError as broken:  # a number of more digits than Python reads, or an impossible date
        raise BadConfig(display_path(path), "", f"is not TOML: {str(broken).partition(';')[0]}") from None


def _unreadable(failed: BadData) -> BadConfig:
    return BadConfig(failed.file, failed.where.removeprefix("line "), failed.what)


def as_json_value(value: Any) -> Any:
    """Return a value of TOML as one of JSON: dates, infinities and NaN become text, which no setting accepts."""
    if isinstance(value, dict):
        return {key: as_json_value(member) for key, member in value.items()}
    if isinstance(value, list):
        return [as_json_value(member) for member in value]
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
