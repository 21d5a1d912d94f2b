"""What documents a source holds, what is wrong with their text, and where their parts stand in it."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from reqlint.core.findings import Hit, Link, Part, Region
from reqlint.core.pointer import Place
from reqlint.text import compressed
from reqlint.text.json import reader
from reqlint.text.json.reader import UNREADABLE, Flaw, Span
from reqlint.text.sources import Source, strip_line_end

if TYPE_CHECKING:
    from reqlint.text.changes import Change
    from reqlint.text.json.edits import Splice
    from reqlint.text.yaml.reader import Loaded

__all__ = [
    "UNREADABLE",
    "Document",
    "Form",
    "JsonDocument",
    "Source",
    "YamlDocument",
    "read_documents",
    "form_of",
    "read_json_lines",
]

_NO_FLAWS: Final[tuple[Hit, ...]] = ()
_HEAD = 1 << 20  # what is read ahead where the first line makes no sense
_LINE = 1 << 24  # what is read of a line for that, or where the name does not tell the form
_BOM = b"\xef\xbb\xbf"
_WIDE = {b"\xff\xfe\x00\x00": "UTF-32", b"\x00\x00\xfe\xff": "UTF-32", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


class Form(StrEnum):
    """How a source writes its documents."""

    JSON = "json"
    JSONL = "jsonl"
    YAML = "yaml"


_SUFFIXES = {
    ".json": Form.JSON,
    ".har": Form.JSON,
    ".jsonl": Form.JSONL,
    ".ndjson": Form.JSONL,
    ".yaml": Form.YAML,
    ".yml": Form.YAML,
}


def form_of(name: str, head: bytes) -> Form:
    """
    Tell the form by the suffix of *name*; failing that by *head*, the first two lines of the content or more.

    A suffix that says how the content is compressed is passed over.
    """
    if form := _form_named(name):
        return form
    head = head.removeprefix(_BOM).lstrip(b" \t\r\n")
    if not head.startswith((b"{", b"[")):
        return Form.YAML if head else Form.JSON
    first, _, rest = head.partition(b"\n")
    if not rest.strip():
        return Form.JSON
    if _is_json(first):
        return Form.JSONL
    from reqlint.text.json.scanner import scan  # as in `_json_document`

    value, _ = scan(first.decode("utf-8", "replace"))
    return Form.JSON if value is UNREADABLE else Form.JSONL


class Document:
    """One value in a source, what the text itself has against it, and where its parts stand."""

    __slots__ = ("first_line", "flaws", "index", "value")

    def __init__(self, index: int, value: object, flaws: tuple[Hit, ...], first_line: int) -> None:
        self.index = index  #: from 0: the line of JSON Lines, blank ones included; the document of a YAML stream
        self.value = value  #: `UNREADABLE` when there is none
        self.flaws = flaws
        self.first_line = first_line

    @property
    def text(self) -> str:
        """The text that offsets of regions count in: the whole file, or the line."""
        raise NotImplementedError

    def spans(self, places: Iterable[Place]) -> reader.Spans:
        """Find where the key and the value at each of *places* stand; places that are not there are left out."""
        raise NotImplementedError

    def locate(self, places: Iterable[tuple[Place, Part]]) -> dict[tuple[Place, Part], Region]:
        """
        Find all *places* in the text, in one walk.

        A place that is not in the document is not in the result, nor is the key of the root or of an array's element.
        """
        wanted = set(places)
        if not wanted or self.value is UNREADABLE:
            return {}
        spans = self.spans({place for place, _ in wanted})
        lines = self.lines()
        found: dict[tuple[Place, Part], Region] = {}
        for place, part in wanted:
            if place in spans and (span := spans[place][part is Part.VALUE]):
                found[place, part] = lines.region(span)
        return found

    def writer(self, changes: Iterable["Change"]) -> "Callable[[Iterable[Change]], list[Splice]]":
        """
        Give what writes some of *changes* into `text`, which is walked once for all of them.

        It gives the stretches that go, in the order of the text and none over another, each with what comes instead,
        and raises `Unwritable` when the changes cannot be written without touching what they do not concern.
        """
        from reqlint.text.json.edits import needed_places, order_splices  # only what is wrong is changed

        text, spans = self.text, self.spans(needed_places(self.value, changes, around=isinstance(self, YamlDocument)))
        return lambda some: order_splices(self._splices(text, spans, some))

    def _splices(self, text: str, spans: reader.Spans, changes: Iterable["Change"]) -> "list[Splice]":
        raise NotImplementedError

    def lines(self) -> "Lines":
        """Give what makes regions of spans in `text`."""
        return Lines(self.text, self._base)

    @property
    def size(self) -> int:
        """Its length in bytes; 0 when it shares its text with others."""
        return 0

    def text_at(self, region: Region) -> str:
        """Give the text of a region of this document."""
        return self.text[region.start : region.end]

    @property
    def _base(self) -> int:
        """The line that `text` begins on."""
        return 1


class JsonDocument(Document):
    """A JSON text, or one line of JSON Lines; keeps its bytes and looks at them again only when asked where."""

    __slots__ = ("_data", "_lines", "_text")

    _lines: "Lines"  # set when somebody first asks

    def __init__(self, index: int, value: object, flaws: tuple[Hit, ...], first_line: int, data: bytes) -> None:
        self.index = index
        self.value = value
        self.flaws = flaws
        self.first_line = first_line
        self._data = data
        self._text: str | None = None  # decoded when somebody asks where something is

    @property
    def text(self) -> str:
        """The text that offsets of regions count in: the whole file, or the line."""
        if self._text is None:
            self._text = self._data.decode("utf-8", "replace")
        return self._text

    def lines(self) -> "Lines":
        """Give what makes regions of spans in `text`."""
        try:
            return self._lines
        except AttributeError:  # nobody asked before, as nobody does of a clean document
            self._lines = Lines(self.text, self._base)
            return self._lines

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return len(self._data)

    def spans(self, places: Iterable[Place]) -> reader.Spans:
        """Find where the key and the value at each of *places* stand; places that are not there are left out."""
        from reqlint.text.json.spans import locate  # a clean run locates nothing

        value = UNREADABLE if self.flaws or self.value is None else self.value
        return locate(self.text, int(self._data.startswith(_BOM)), places, value)

    def _splices(self, text: str, spans: reader.Spans, changes: Iterable["Change"]) -> "list[Splice]":
        from reqlint.text.json.edits import json_splices

        return json_splices(text, spans, self.value, changes)

    @property
    def _base(self) -> int:
        return self.first_line


class YamlDocument(Document):
    """One document of a YAML stream."""

    __slots__ = ("_lines", "_loaded")

    def __init__(self, index: int, loaded: "Loaded", flaws: tuple[Hit, ...], lines: "Lines", first_line: int) -> None:
        super().__init__(index, loaded.value, flaws, first_line)
        self._lines = lines  # all documents of a stream look up theirs in the same
        self._loaded = loaded

    @property
    def text(self) -> str:
        """The text that offsets of regions count in: the whole file."""
        return self._lines.text

    def lines(self) -> "Lines":
        """Give what makes regions of spans in `text`."""
        return self._lines

    def spans(self, places: Iterable[Place]) -> reader.Spans:
        """Find where the key and the value at each of *places* stand; places that are not there are left out."""
        return self._loaded.locate(places)

    def _splices(self, text: str, spans: reader.Spans, changes: Iterable["Change"]) -> "list[Splice]":
        from reqlint.text.yaml.edits import yaml_splices

        return yaml_splices(text, spans, self.value, changes)


def _form_named(name: str) -> Form | None:
    suffix = _suffix(name)
    if suffix in compressed.SUFFIXES:
        suffix = _suffix(name[: -len(suffix)])
    return _SUFFIXES.get(suffix)


def _suffix(name: str) -> str:
    # pathlib says the same, at the tenth of a whole clean check
    return "." + name.rpartition(".")[2].lower()


def detect_form(source: Source) -> Form:
    """
    Tell the form of *source* by its name, failing that by its content.

    Raises:
        OSError: the source cannot be read.
    """
    return _form_named(source.name) or form_of(source.name, _head(source))


def locate_in_source(
    source: Source, form: Form, wanted: Mapping[int, Iterable[tuple[Place, Part]]]
) -> dict[tuple[int, Place, Part], Region]:
    """
    Find places in some documents of *source*, by their numbers, reading it once more and no further than needed.

    A place that is not there is not in the result.
    """
    found: dict[tuple[int, Place, Part], Region] = {}
    left = len(wanted)
    for document in (_unread_lines(source) if form is Form.JSONL else read_documents(source, form)) if left else ():
        if document.index in wanted:
            regions = document.locate(wanted[document.index])
            found.update({(document.index, *at): region for at, region in regions.items()})
            left -= 1
            if not left:
                break
    return found


def _unread_lines(source: Source) -> Iterator[Document]:
    """Give the lines of *source* without reading their values, for whoever read them before."""
    with source.open() as stream:
        for index, line in enumerate(stream):
            yield JsonDocument(index, None, _NO_FLAWS, index + 1, line)


def read_documents(source: Source, form: Form | None = None) -> Iterator[Document]:
    """
    Read the documents of *source* one by one; JSON Lines as a stream, other forms whole.

    The form is told by the name, failing that by the content. A document that cannot be read is one whose value is
    `UNREADABLE` and whose flaws say why; lines after it are read all the same.

    Raises:
        OSError: the source cannot be read.
    """
    form = form or detect_form(source)
    if form is Form.JSONL:
        return _json_lines(source)
    if form is Form.YAML:
        return _yaml_documents(source.read())
    return iter([_json_document(source.read())])


def _json_lines(source: Source) -> Iterator[Document]:
    with source.open() as stream:
        lines = read_json_lines(stream)
        first = next(lines, None)
        if first is None:
            return
        if first.value is UNREADABLE:
            if first.flaws[0].facts.get("encoding"):
                yield first
                return  # every line of UTF-16 would say the same
            if _is_json_over_lines(source):
                yield _spread(first)
                return
        yield first
        yield from lines


def read_json_lines(lines: Iterable[bytes], first: int = 0) -> Iterator[JsonDocument]:
    """Read *lines* as values, one each, counting from *first*; blank ones are left out."""
    read = reader.read_json
    for index, line in enumerate(lines, first):
        try:
            yield JsonDocument(index, read(line), _NO_FLAWS, index + 1, line)
            continue
        except ValueError:
            pass
        if line.strip(b" \t\r\n"):
            yield _flawed(strip_line_end(line), index, index + 1, line=True)


def _is_json_over_lines(source: Source) -> bool:
    """Tell whether *source* is one JSON text after all; of a long one, whether it begins as one."""
    with source.open() as stream:
        head = stream.read(_HEAD)
        head += stream.readline(_LINE)
        if not stream.read(1):
            return _is_json(head.removeprefix(_BOM))
    from json import JSONDecodeError, JSONDecoder  # says where it stopped

    # No token of JSON goes over a line end, so that the beginning of a value is short of nothing but its end.
    text = head[: head.rfind(b"\n") + 1].removeprefix(_BOM).decode("utf-8", "replace").strip(" \t\r\n")
    try:
        JSONDecoder().raw_decode(text)
    except JSONDecodeError as stopped:
        return stopped.pos >= len(text) > 0
    except (RecursionError, ValueError):  # too deep, or a number of too many digits
        pass
    return False


def _spread(document: JsonDocument) -> JsonDocument:
    """Tell once, instead of line by line, that one JSON text stands where each line was to be a value."""
    facts = {"expected": "one value a line", "found": "one value over several lines"}
    document.flaws = tuple(
        replace(hit, facts=facts, related=()) if hit.rule == "invalid-json" else hit for hit in document.flaws
    )
    return document


def _json_document(data: bytes) -> JsonDocument:
    """Read a source that is one JSON text, and say what is wrong with it if the fast reader will not have it."""
    try:
        return JsonDocument(0, reader.read_json(data), _NO_FLAWS, 1, data)
    except ValueError:
        pass  # NOTE: left first, as what was read up to there is kept as long as the exception is
    return _flawed(data, 0, 1)


def _flawed(data: bytes, index: int, first_line: int, *, line: bool = False) -> JsonDocument:
    """Read a JSON text that the fast reader would not have, and say why."""
    text, flaws, start = _decoded(data)
    value: object = UNREADABLE
    if start >= 0:
        from reqlint.text.json.scanner import scan  # only what is not plain JSON needs it

        value, more = scan(text, start, line=line)
        flaws += more
    lines = Lines(text, first_line)
    return JsonDocument(index, value, tuple(lines.hit(flaw) for flaw in flaws), first_line, data)


def _yaml_documents(data: bytes) -> Iterator[Document]:
    # Most JSON is YAML, but PyYAML refuses some of it (escaped surrogate pairs, tabs) and is slower with all of it.
    if data.lstrip(b" \t\r\n").startswith((b"{", b"[")) and _is_json(data):
        yield _json_document(data)
        return
    from reqlint.text.yaml import reader

    text, flaws, start = _decoded(data)
    lines = Lines(text, 1)
    if start < 0:
        yield YamlDocument(0, reader.Loaded(), tuple(lines.hit(flaw) for flaw in flaws), lines, 1)
        return
    for index, loaded in enumerate(reader.load(text, start)):
        hits = tuple(lines.hit(flaw) for flaw in (*flaws, *loaded.flaws))
        if loaded.value is None and not hits and _is_nothing(loaded):
            continue  # a separator with nothing behind it, as generators leave at the end
        yield YamlDocument(index, loaded, hits, lines, lines.region((loaded.start, loaded.start)).line)
        flaws = []


def _is_nothing(loaded: "Loaded") -> bool:
    _, (start, end) = loaded.locate([()])[()]
    return start == end


def _decoded(data: bytes) -> tuple[str, list[Flaw], int]:
    """Give the text, what its bytes have against it, and the offset where reading starts; -1 when it cannot be read."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        encoding = next((name for mark, name in _WIDE.items() if data.startswith(mark)), None)
        at = len(data[: error.start].decode())
        facts: dict[str, object] = {"byte": f"0x{data[error.start]:02X}", "offset": error.start}
        if encoding:
            facts["encoding"] = facts["guess"] = encoding
        elif guess := _guess(data, error):
            facts["guess"] = guess
        return data.decode("utf-8", "replace"), [Flaw("not-utf8", (at, at + 1), facts)], -1
    if text.startswith("\ufeff"):
        return text, [Flaw("byte-order-mark", (0, 1))], 1
    return text, [], 0


def _guess(data: bytes, error: UnicodeDecodeError) -> str | None:
    """Name the encoding that text was probably saved in, where the bytes let one tell."""
    if error.reason == "unexpected end of data" or not data.decode("utf-8", "ignore").isascii():
        return None  # UTF-8 that was cut or damaged
    try:
        data.decode("gbk")
        if all(len(run) % 2 == 0 for run in re.findall(rb"[\x80-\xff]+", data)):
            return "GBK"
    except UnicodeDecodeError:
        pass
    return "Windows-1252" if re.search(rb"[\x80-\x9f]", data) else "Latin-1"


class Lines:
    """Lines and columns of a text, for whoever has offsets into it."""

    def __init__(self, text: str, first_line: int) -> None:
        self.text = text
        self.first_line = first_line
        self._ends: list[int] | None = None
        self._is_simple: bool | None = None  # one line of ASCII, as most lines of JSON Lines are

    def region(self, span: Span) -> Region:
        """Give the region of a span."""
        start, end = span
        if self._is_simple is None:
            self._is_simple = self.text.isascii() and self.text.find("\n", 0, -1) < 0
        if self._is_simple and end < len(self.text):
            line, column, end_column = self.first_line, start + 1, end + 1
            return Region(start, end, line, column, line, end_column, column, end_column, column, end_column)
        line, column, utf16, utf8 = self._position(start)
        end_line, end_column, end_utf16, end_utf8 = self._position(end)
        return Region(start, end, line, column, end_line, end_column, utf16, end_utf16, utf8, end_utf8)

    def hit(self, flaw: Flaw) -> Hit:
        """Give the hit of a flaw."""
        related = tuple(Link(place, label, part, self.region(span)) for label, place, part, span in flaw.related)
        region = self.region(flaw.span)
        if flaw.rule == "not-utf8":  # the text has U+FFFD there, three bytes for the one that was met
            region = replace(region, byte_end_column=region.byte_column + 1)
        return Hit(flaw.place, flaw.part, flaw.facts, related, rule=flaw.rule, region=region)

    def _position(self, at: int) -> tuple[int, int, int, int]:
        if self._ends is None:
            self._ends = [match.start() for match in re.finditer("\n", self.text)]
        line = bisect_right(self._ends, at - 1)
        start = self._ends[line - 1] + 1 if line else 0
        column = at - start + 1
        if self.text.isascii() or (before := self.text[start:at]).isascii():
            return self.first_line + line, column, column, column
        utf16 = len(before.encode("utf-16-le")) // 2 + 1
        return self.first_line + line, column, utf16, len(before.encode()) + 1


def _head(source: Source) -> bytes:
    """Give the first two lines that are not blank."""
    lines: list[bytes] = []
    with source.open() as stream:
        while len(lines) < 2 and (line := stream.readline(_LINE)):
            if line.strip():
                lines.append(line)
    return b"".join(lines)


def _is_json(data: bytes) -> bool:
    try:
        reader.read_json(data)
    except ValueError:
        return False
    return True
