"""
Files that say how to judge: configurations, rules, profiles and baselines, read within bounds or refused in a sentence.

Whoever clones a repository and runs reqlint in it reads what strangers wrote. So nothing but plain files of bounded
size is opened, nothing is followed out of its folder, and YAML gives what JSON has a word for, and nothing else.
"""

import json
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from reqlint.core.errors import BadData
from reqlint.display.escaping import sanitize

MEGABYTE = 1 << 20
MOST_LEVELS = 100
"""Levels of lists and mappings in a file; our own have twelve."""
MOST_VALUES = 50_000
"""Values in a file of YAML, its aliases written out, or of JSON; our longest has some 4,000."""


def display_path(path: Path) -> str:
    """Give a path as people know it: from where they are."""
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def is_within(path: Path, folder: Path) -> bool:
    """Tell whether *path* is *folder* or below it once every link is followed."""
    try:
        real, top = os.path.realpath(path), os.path.realpath(folder)
    except ValueError:  # a NUL in a name
        return False
    return real == top or real.startswith(top.rstrip(os.sep) + os.sep)


def file_size(path: Path) -> int:
    """Give the size of a file in bytes; 0 where that cannot be known."""
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0


def read_text_file(path: Path, most: int = MEGABYTE, within: Path | None = None) -> str:
    """
    Read a plain file of at most *most* bytes of UTF-8, with or without a byte order mark.

    Raises:
        BadData: it is something else, or a link that leads out of the folder *within*.
    """
    if within is not None and not is_within(path, within):
        raise BadData(
            display_path(path), "", f"leads out of {display_path(within)}; only what is in the folder is read"
        )
    try:
        content = read_limited(path, most)
    except OSError as unreadable:
        reason = (unreadable.strerror or str(unreadable)).lower()
        raise BadData(display_path(path), "", f"cannot be read: {reason}") from unreadable
    except ValueError:
        raise BadData(sanitize(str(path)), "", "cannot be read: there is a NUL in its name") from None
    if len(content) > most:
        size = f"{most // MEGABYTE} MB" if most >= MEGABYTE else f"{most:,} bytes"
        raise BadData(display_path(path), "", f"has more than {size}; nobody writes that much by hand")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        line = content.count(b"\n", 0, broken.start) + 1
        raise BadData(display_path(path), f"line {line}", "is not UTF-8") from None


def read_limited(path: Path, most: int) -> bytes:
    """
    Give the first *most* bytes of a plain file, and one more if there is one; nothing else is even opened.

    Raises:
        OSError: it cannot be read, or is no plain file.
        ValueError: there is a NUL in its name.
    """
    mode = os.stat(path).st_mode  # noqa: PTH116 - as the next
    if not stat.S_ISREG(mode):
        kind = next((word for is_one, word in _KINDS if is_one(mode)), "a device")
        raise OSError(None, f"it is {kind}")
    # What was put in its place since does not block either.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        return file.read(most + 1)


_KINDS = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a named pipe"), (stat.S_ISSOCK, "a socket"))


def load_json(path: Path, within: Path | None = None, most: int = 8 * MEGABYTE) -> dict[str, Any]:
    """
    Read a JSON file that holds an object.

    Raises:
        BadData: it cannot be read, is not JSON, says something twice, or is larger than anybody needs.
    """
    loaded = load_json_value(path, most, within)
    if not isinstance(loaded, dict):
        raise BadData(display_path(path), "", "holds no object")
    _measure(loaded, path)
    return loaded


def load_json_value(path: Path, most: int, within: Path | None = None) -> object:
    """Read any JSON value; its size has no bound but that of the file. Raises `BadData` as `load_json` does."""
    text = read_text_file(path, most, within)
    try:
        return json.loads(text, parse_constant=_no_number, object_pairs_hook=_members)
    except json.JSONDecodeError as broken:
        at = f"{broken.lineno}:{broken.colno}"
        raise BadData(display_path(path), at, f"is not JSON: {broken.msg[:1].lower()}{broken.msg[1:]}") from None
    except RecursionError:
        raise BadData(display_path(path), "", "is nested too deeply to be read") from None
    except ValueError as broken:
        raise BadData(display_path(path), "", f"is not JSON: {str(broken).partition(';')[0]}") from None


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is no number of JSON")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        met: set[str] = set()
        twice = next(key for key, _ in pairs if key in met or met.add(key))  # type: ignore[func-returns-value]  # None is what it gives
        raise ValueError(f"the key {_quoted(twice)} stands twice in one object")
    return members


def _measure(value: object, path: Path) -> None:
    """Hold a JSON value to the bounds, and to what UTF-8 can write."""
    level: list[object] = [value]
    count = levels = 0
    while level:
        levels += 1
        inside: list[object] = []
        for each in level:
            if isinstance(each, dict):
                _of_characters(each, path)
                inside += each.values()
            elif isinstance(each, list):
                inside += each
            elif isinstance(each, str):
                _of_characters([each], path)
        count += len(level)
        if levels > MOST_LEVELS or count > MOST_VALUES:
            raise BadData(display_path(path), "", _too_much(levels))
        level = inside


def _of_characters(texts: Iterable[str], path: Path) -> None:
    for text in texts:
        if not text.isascii():
            try:
                text.encode()
            except UnicodeEncodeError:
                raise BadData(display_path(path), "", f"holds half a character in {_quoted(text)}") from None


def _too_much(levels: int) -> str:
    if levels > MOST_LEVELS:
        return f"is nested in more than {MOST_LEVELS} levels"
    return f"holds more than {MOST_VALUES:,} values, its aliases written out"


def load_yaml(path: Path, within: Path | None = None) -> dict[str, Any]:
    """
    Read a YAML file that holds a mapping: what JSON can say, and dates as they are written.

    Raises:
        BadData: it cannot be read, is not YAML, has tags, says something twice, or is larger than anybody needs.
    """
    import yaml  # only here and in _yaml; a clean run reads the compiled index instead

    text = read_text_file(path, MEGABYTE, within)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = yaml.compose(text, Loader=loader)
    except yaml.YAMLError as broken:
        mark = getattr(broken, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else ""
        problem = getattr(broken, "problem", None) or str(broken).partition("\n")[0]
        raise BadData(display_path(path), where, f"is not YAML: {sanitize(problem)}") from None
    except RecursionError:
        raise BadData(display_path(path), "", _too_much(MOST_LEVELS + 1)) from None
    if not isinstance(node, yaml.MappingNode):
        raise BadData(display_path(path), "", "holds no mapping")
    loaded: dict[str, Any] = _Values(path).of(node, 1)[0]
    return loaded


class _Values:
    """The values of the nodes of one YAML file. What an alias means is made once, and counted each time."""

    def __init__(self, path: Path) -> None:
        from yaml.constructor import SafeConstructor

        self.path = path
        self.scalars = SafeConstructor()
        self.known: dict[int, tuple[Any, int, int]] = {}  # by node: the value, how many are in it, and its levels
        self.opened: set[int] = set()

    def of(self, node: Any, level: int) -> tuple[Any, int, int]:
        """Give the value of a node, the number of values in it, and its levels."""
        if id(node) in self.opened:
            raise self.wrong(node, "an anchor holds itself")
        known = self.known.get(id(node))
        if known is None:
            if level > MOST_LEVELS:
                raise self.wrong(node, _too_much(level))
            self.opened.add(id(node))
            known = self.known[id(node)] = self.made(node, level)
            self.opened.discard(id(node))
        if level + known[2] > MOST_LEVELS + 1 or known[1] > MOST_VALUES:
            raise self.wrong(node, _too_much(level + known[2] - 1))
        return known

    def made(self, node: Any, level: int) -> tuple[Any, int, int]:
        kind = node.tag.removeprefix("tag:yaml.org,2002:")
        if node.id == "scalar":
            return self.scalar(node, kind), 1, 1
        if kind != {"mapping": "map", "sequence": "seq"}[node.id]:
            raise self.wrong(node, f"the tag {_quoted(_tag(node))} stands for no value of JSON")
        size, levels = 1, 0
        if node.id == "sequence":
            items = []
            for each in node.value:
                value, inside, below = self.of(each, level + 1)
                items.append(value)
                size, levels = self.counted(node, size + inside), max(levels, below)
            return items, size, levels + 1
        merged: dict[str, Any] = {}
        members: dict[str, Any] = {}
        for key, each in node.value:
            value, inside, below = self.of(each, level + 1)
            size, levels = self.counted(node, size + inside), max(levels, below)
            if key.tag == "tag:yaml.org,2002:merge":
                several = value if isinstance(value, list) else [value]
                if not all(isinstance(one, dict) for one in several):
                    raise self.wrong(key, "a merge key takes a mapping, or a list of them")
                for one in several:
                    merged = {**one, **merged}
                continue
            if key.id != "scalar" or not isinstance(name := self.of(key, level)[0], str):
                raise self.wrong(key, "a key is no string")
            if name in members:
                raise self.wrong(key, f"the key {_quoted(name)} stands twice in one mapping")
            members[name] = value
        return {**merged, **members}, size, levels + 1

    def counted(self, node: Any, size: int) -> int:
        if size > MOST_VALUES:
            raise self.wrong(node, _too_much(0))
        return size

    def scalar(self, node: Any, kind: str) -> object:
        written: str = node.value
        if kind in ("str", "timestamp", "value"):
            _of_characters([written], self.path)
            return written
        try:
            if kind == "null":
                return None
            if kind == "bool":
                return self.scalars.construct_yaml_bool(node)
            if kind == "int":
                return self.scalars.construct_yaml_int(node)
            if kind == "float":
                number = self.scalars.construct_yaml_float(node)
                if number - number == 0:  # neither NaN nor infinite
                    return number
        except (ValueError, LookupError):
            pass
        else:
            if kind != "float":
                raise self.wrong(node, f"the tag {_quoted(_tag(node))} stands for no value of JSON")
        raise self.wrong(node, f"{_quoted(written)} is no number that JSON can write")

    def wrong(self, node: Any, what: str) -> BadData:
        return BadData(display_path(self.path), f"line {node.start_mark.line + 1}", what)


def _tag(node: Any) -> str:
    tag: str = node.tag
    return tag.replace("tag:yaml.org,2002:", "!!", 1)


def _quoted(text: str) -> str:
    return f'"{sanitize(text if len(text) <= 60 else text[:59] + "…")}"'
