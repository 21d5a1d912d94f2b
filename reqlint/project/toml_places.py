"""Where the keys of a TOML text are; `tomllib` reads their values."""

import re
from typing import NamedTuple

from reqlint.core.pointer import Place


class TomlEntry(NamedTuple):
    """The spans of a key and its value, as offsets; for an element of an array both are the value's."""

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


def find_entries(text: str) -> dict[Place, TomlEntry]:
    """
    Return the entry of every key in a TOML text that `tomllib` has accepted.

    The entry of a table is its first header; an array of tables has one entry for each of its tables.
    """
    return _TomlScanner(text).read()


class _TomlScanner:
    """Walks through a text once and collects its entries; each method reads one construct at the current offset."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.entries: dict[Place, TomlEntry] = {}
        self.tables: dict[Place, int] = {}  # number of the latest table of each array of tables

    def read(self) -> dict[Place, TomlEntry]:
        base: Place = ()
        while self.skip_blank() < len(self.text):
            start = self.at
            if self.text[self.at] != "[":
                self.read_pair(base)
                continue
            double = self.text.startswith("[[", self.at)
            self.at += 2 if double else 1
            base = self.table_place(self.read_names(), double=double)
            self.at = self.text.index("]", self.skip_blank()) + (2 if double else 1)
            self.entries.setdefault(base, TomlEntry((start, self.at), (start, self.at)))
        return self.entries

    def table_place(self, names: list[str], *, double: bool) -> Place:
        """Return the place of the table with this header; *double* if it is in double brackets."""
        place: Place = ()
        for number, name in enumerate(names):
            place = (*place, name)
            if double and number == len(names) - 1:
                self.tables[place] = self.tables.get(place, -1) + 1
            if place in self.tables:
                place = (*place, self.tables[place])
        return place

    def skip_blank(self) -> int:
        """Skip white space and comments; return the offset behind them."""
        match = _SKIP.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at

    def read_names(self) -> list[str]:
        """Return the names of a key, which dots separate."""
        names = []
        while True:
            self.skip_blank()
            start = self.at
            if self.text[self.at] in "\"'":
                self.skip_string()
                names.append(_unquoted(self.text[start : self.at]))
            else:
                match = _BARE.match(self.text, self.at)
                self.at = match.end() if match else self.at + 1
                names.append(self.text[start : self.at])
            if self.text[self.skip_blank() : self.at + 1] != ".":
                return names
            self.at += 1

    def read_pair(self, base: Place) -> None:
        start = self.at
        place = (*base, *self.read_names())
        end = start + len(self.text[start : self.at].rstrip())
        self.at = self.text.index("=", self.at) + 1
        self.read_value(place, (start, end))

    def read_value(self, place: Place, key: tuple[int, int] | None) -> None:
        start = self.skip_blank()
        opening = self.text[start]
        if opening in "\"'":
            self.skip_string()
        elif opening in "[{":
            self.at += 1
            count = 0
            while self.text[self.skip_blank()] not in "]}":
                if opening == "{":
                    self.read_pair(place)
                else:
                    self.read_value((*place, count), None)
                    count += 1
                if self.text[self.skip_blank()] == ",":
                    self.at += 1
            self.at += 1
        else:
            match = _SCALAR.match(self.text, self.at)
            self.at += len(match[0].rstrip()) if match else 1
        self.entries[place] = TomlEntry(key or (start, self.at), (start, self.at))

    def skip_string(self) -> None:
        for pattern in _STRINGS:
            if match := pattern.match(self.text, self.at):
                self.at = match.end()
                return
        self.at = len(self.text)


def _unquoted(written: str) -> str:
    if written.startswith("'"):
        return written[1:-1]
    import tomllib  # escapes are rare in keys

    name: str = tomllib.loads(f"x = {written}")["x"]
    return name
