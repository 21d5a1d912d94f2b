"""
Lines of JSON, of which many have the same tools: those are read once.

The programs that write a file of requests send few sets of tools, and these are half of what there is to read.
"""

from json import JSONDecoder
from os import urandom
from typing import Any

from reqlint.text.json.plain_text import HOLDERS, remember_tools
from reqlint.text.json.reader import is_deeper, read_json

_LINES_BEFORE = 32  # lines that are read without remembering, as many a file has no more
_PATIENCE = 256  # how many more lines may have new tools than known ones before these are looked for no longer
_PAUSE = 4096  # lines until they are looked for again
_SHORTEST, _LONGEST = 256, 1 << 16  # bytes of tools that are remembered
_MOST_BYTES = 1 << 20  # of all that are remembered; their values take some times as much memory
_BEGINNING = 96  # bytes of tools by which they are found
_MOST_ALIKE = 8  # that begin alike
_DEEPEST = 200
_STARTS = (b'"tools": [', b'"tools":[')
_HOLDERS = (*HOLDERS, "toolConfig")
"""Members of a line in which tools stand, where they do not stand in the line itself."""

_LETTERS = str.maketrans("0123456789", "ghijklmnop")

_shared: dict[int, list[Any]] = {}
"""The tools that values share, by id; nobody changes them."""

_decode_first = JSONDecoder().raw_decode


def is_shared(value: object) -> bool:
    """Return whether *value* is one that lines share: the same object is the same JSON, as nobody changes it."""
    return value is not None and _shared.get(id(value)) is value


class LineReader:
    """
    Reads lines, each of which is one JSON value; what it returns must not be changed.

    NOTE: that known tools stand in a line is found in its bytes. A name in quotes with a colon and a bracket behind it
    is a member, or the end of a longer name: inside of a string, its second quote would have a backslash before it. So
    the bracket begins a value, and known tools there are all of that value, since they are a whole array. The rest of
    the line is read with a text in their place that no line has.
    """

    def __init__(self) -> None:
        # No digits, so that the text that stands for tools does not look like something escaped.
        self._stand_in = urandom(16).hex().translate(_LETTERS)
        self._written = b'"%s"' % self._stand_in.encode()
        self._known: dict[bytes, tuple[tuple[bytes, list[Any]], ...]] = {}  # by how they begin
        self._bytes = 0
        self._start = _STARTS[0]
        self._patience = _PATIENCE
        self._waits = _LINES_BEFORE

    def read(self, line: bytes) -> object:
        """
        Read one line.

        Raises:
            ValueError: as `read_json` does.
        """
        if self._waits > 0:
            self._waits -= 1
            return read_json(line)
        # The last ones, as most stand near the end of their line.
        at = line.rfind(self._start)
        at = self._find(line) if at < 0 else at + len(self._start) - 1
        if at < 0:
            return read_json(line)
        for written, tools in self._known.get(line[at : at + _BEGINNING], ()):
            if line.startswith(written, at):
                value = self._read_around(line, at, at + len(written), tools)
                if value is not None:
                    self._patience = min(self._patience + 2, _PATIENCE)
                    return value
                break
        value = read_json(line)
        self._count_miss()
        self._remember(line, at)
        return value

    def _find(self, line: bytes) -> int:
        """Return where tools that are written otherwise than before may begin in a line; -1 if there are none."""
        other = _STARTS[self._start is _STARTS[0]]
        at = line.rfind(other)
        if at < 0:
            self._count_miss()
            return -1
        self._start = other
        return at + len(other) - 1

    def _count_miss(self) -> None:
        self._patience -= 1
        if self._patience <= 0:
            self._waits, self._patience = _PAUSE, _PATIENCE // 8

    def _read_around(self, line: bytes, start: int, end: int, tools: list[Any]) -> object:
        """Read a line with *tools* for what stands from *start* to *end*; None if they are not those of a request."""
        value: Any
        holder: Any
        try:
            value = read_json(line[:start] + self._written + line[end:])
        except ValueError:
            return None
        holder = value
        while holder.__class__ is dict:
            if holder.get("tools") == self._stand_in:
                holder["tools"] = tools
                remember_tools(value, tools)
                return value
            holder = next((holder[key] for key in _HOLDERS if key in holder), None)
        return None

    def _remember(self, line: bytes, at: int) -> None:
        """Remember the tools that begin at an offset of a line, which was read without a mistake."""
        try:
            text = line[at : at + _LONGEST].decode("utf-8", "ignore")  # the last character may be cut in two
            _, end = _decode_first(text)
            written = text[:end].encode()
            if not _SHORTEST <= len(written) <= _LONGEST:
                return
            tools = read_json(written)
        except (ValueError, RecursionError):
            return
        if not isinstance(tools, list) or is_deeper(tools, _DEEPEST):
            return
        if self._bytes + len(written) > _MOST_BYTES:
            for several in self._known.values():
                for _, forgotten in several:
                    _shared.pop(id(forgotten), None)
            self._known.clear()
            self._bytes = 0
        beginning = written[:_BEGINNING]
        others = self._known.get(beginning, ())
        if len(others) < _MOST_ALIKE:
            self._known[beginning] = (*others, (written, tools))
            self._bytes += len(written)
            _shared[id(tools)] = tools
