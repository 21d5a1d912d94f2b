"""JSON files that configure reqlint, such as schemas and baselines, read within the limits of `trusted_files`."""

import json
from pathlib import Path
from typing import Any

from reqlint.core.errors import BadData
from reqlint.text.trusted_files import (
    MAX_LEVELS,
    MAX_VALUES,
    MEGABYTE,
    display_path,
    exceeded_limit,
    quote,
    read_text_file,
    require_utf8,
)


def load_json(path: Path, within: Path | None = None, most: int = 8 * MEGABYTE) -> dict[str, Any]:
    """
    Read a JSON file that holds an object.

    Raises:
        BadData: it cannot be read, is not JSON, has a duplicate key, or exceeds a limit.
    """
    return parse_json(read_text_file(path, most, within), path)


def parse_json(text: str, path: Path) -> dict[str, Any]:
    """Return the object in the text of a JSON file; errors name its *path*. Otherwise as `load_json`."""
    loaded = _parse(text, path)
    if not isinstance(loaded, dict):
        raise BadData(display_path(path), "", "holds no object")
    _check_limits(loaded, path)
    return loaded


def load_json_value(path: Path, most: int, within: Path | None = None) -> object:
    """Read any JSON value, limited only by the size of the file; raise `BadData` as `load_json` does."""
    return _parse(read_text_file(path, most, within), path)


def _parse(text: str, path: Path) -> object:
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_unique_members)
    except json.JSONDecodeError as error:
        at = f"{error.lineno}:{error.colno}"
        raise BadData(display_path(path), at, f"is not JSON: {error.msg[:1].lower()}{error.msg[1:]}") from None
    except RecursionError:
        raise BadData(display_path(path), "", "is nested too deeply to be read") from None
    except ValueError as error:
        raise BadData(display_path(path), "", f"is not JSON: {str(error).partition(';')[0]}") from None


def _refuse_constant(word: str) -> object:
    raise ValueError(f"{word} is not a JSON number")


def _unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise ValueError(f"duplicate key {quote(key)}")
            seen.add(key)
    return members


def _check_limits(value: object, path: Path) -> None:
    """Raise `BadData` if *value* has too many levels or values, or text that UTF-8 cannot write."""
    level: list[object] = [value]
    count = levels = 0
    while level:
        levels += 1
        inside: list[object] = []
        for item in level:
            if isinstance(item, dict):
                require_utf8(item, path)
                inside += item.values()
            elif isinstance(item, list):
                inside += item
            elif isinstance(item, str):
                require_utf8([item], path)
        count += len(level)
        if levels > MAX_LEVELS or count > MAX_VALUES:
            raise BadData(display_path(path), "", exceeded_limit(levels))
        level = inside
