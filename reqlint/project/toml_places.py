"""Where the keys of a TOML text stand; what they say is `tomllib`'s business."""

import re
from typing import NamedTuple

Path = tuple[str | int, ...]


class TomlEntry(NamedTuple):
    """A key and its value, as offsets into the text; an element of an array has no key of its own."""

    key: tuple[int, int]
    value: tuple[int, int]


_SKIP = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRINGS = (
    re.compile(r'"""(?:\\.|(?!""").)*"""(?:""?)?', re.S),
    re.compile(r"'''(?:(?!''').)*'''(?:''?)?", re.S),
    re.compile(r'"(?:\\.|[^"\\\n])*"'),
    re.compile(r"'[^'\n]*'"),
)
_SCALAR = re.compile(r"[^,\]}#\n]*")


def find_entries(text: str) -> dict[Path, TomlEntry]:
    """
    Find every key of a TOML text, which `tomllib` has accepted.

    A table's entry is its first header; an array of tables has one entry for each of its tables.
    """
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[Path, TomlEntry] = {}
        self.tables: dict[Path, int] = {}  # arrays of tables, and how many of their tables were met

    def read(self) -> dict[Path, TomlEntry]:
        base: Path = ()
        while self.skip() < len(self.text):
            start = self.at
            if self.text[self.at] != "[":
                self.pair(base)
                continue
            double = self.text.startswith("[[", self.at)
            self.at += 2 if double else 1
            base = self.header(self.dotted(), double=double)
            self.at = self.text.index("]", self.skip()) + (2 if double else 1)
            self.found.setdefault(base, TomlEntry((start, self.at), (start, self.at)))
        return self.found

    def header(self, names: list[str], *, double: bool) -> Path:
        path: Path = ()
        for number, name in enumerate(names):
            path = (*path, name)
            if double and number == len(names) - 1:
                self.tables[path] = self.tables.get(path, -1) + 1
            if path in self.tables:
                path = (*path, self.tables[path])
        return path

    def skip(self) -> int:
        match = _SKIP.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at

    def dotted(self) -> list[str]:
        names = []
        while True:
            self.skip()
            start = self.at
            if self.text[self.at] in "\"'":
                self.string()
                names.append(_unquoted(self.text[start : self.at]))
            else:
                match = _BARE.match(self.text, self.at)
                self.at = match.end() if match else self.at + 1
                names.append(self.text[start : self.at])
            if self.text[self.skip() : self.at + 1] != ".":
                return names
            self.at += 1

    def pair(self, base: Path) -> None:
        start = self.at
        path = (*base, *self.dotted())
        end = start + len(self.text[start : self.at].rstrip())
        self.at = self.text.index("=", self.at) + 1
        self.value(path, (start, end))

    def value(self, path: Path, key: tuple[int, int] | None) -> None:
        start = self.skip()
        opened = self.text[start]
        if opened in "\"'":
            self.string()
        elif opened in "[{":
            self.at += 1
            count = 0
            while self.text[self.skip()] not in "]}":
                if opened == "{":
                    self.pair(path)
                else:
                    self.value((*path, count), None)
                    count += 1
                if self.text[self.skip()] == ",":
                    self.at += 1
            self.at += 1
        else:
            match = _SCALAR.match(self.text, self.at)
            self.at += len(match[0].rstrip()) if match else 1
        self.found[path] = TomlEntry(key or (start, self.at), (start, self.at))

    def string(self) -> None:
        for pattern in _STRINGS:
            if match := pattern.match(self.text, self.at):
                self.at = match.end()
                return
        self.at = len(self.text)


def _unquoted(written: str) -> str:
    if written.startswith("'"):
        return written[1:-1]
    import tomllib  # escapes are rare in keys, and its reading of them is the right one

    name: str = tomllib.loads(f"x = {written}")["x"]
    return name
