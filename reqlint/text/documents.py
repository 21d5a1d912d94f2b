"""The documents of a source: their values, the flaws of their text, and where their parts stand in it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from reqlint.core.findings import Hit, Part, Region
from reqlint.core.pointer import Place
from reqlint.core.records import replace
from reqlint.text.flaws import UNREADABLE, Flaw, Spans
from reqlint.text.forms import Form, detect_form, is_json, is_json_over_lines
from reqlint.text.json.line_reader import LineReader
from reqlint.text.json.reader import read_json
from reqlint.text.sources import BOM, Source, strip_line_end

if TYPE_CHECKING:
    from reqlint.text.changes import Change
    from reqlint.text.flaws import Span
    from reqlint.text.httprr import RecordedExchange
    from reqlint.text.json.edits import Splice
    from reqlint.text.lines import Lines
    from reqlint.text.yaml.nodes import Loaded

# NOTE: imports inside functions below keep out of a clean run what only findings, flaws or fixes need.

_line_reader = LineReader()
_NO_FLAWS: Final[tuple[Hit, ...]] = ()


class Document:
    """One value in a source, the flaws of its text, and where its parts stand."""

    __slots__ = ("first_line", "flaws", "index", "value")

    writes_verbatim = False  #: whether its text has each string as it is, without quotes and escapes
    is_editable = True  #: whether fixes may be written into its text

    def __init__(self, index: int, value: object, flaws: tuple[Hit, ...], first_line: int) -> None:
        self.index = index  #: from 0: of the line of JSON Lines, counting blank ones; of the document in a YAML stream
        self.value = value  #: `UNREADABLE` when the text cannot be read
        self.flaws = flaws
        self.first_line = first_line

    @property
    def text(self) -> str:
        """The text that offsets of regions count in: the whole file, or the line."""
        raise NotImplementedError

    @property
    def size(self) -> int:
        """Its length in bytes; 0 when it shares its text with other documents."""
        return 0

    def lines(self) -> "Lines":
        """Return the lines of `text`, which turn spans into regions."""
        raise NotImplementedError

    def text_at(self, region: Region) -> str:
        """Return the text of a region of this document."""
        return self.text[region.start : region.end]

    def spans(self, places: Iterable[Place]) -> Spans:
        """Find the spans of the key and the value at each of *places*; omit places that do not exist."""
        raise NotImplementedError

    def locate(self, places: Iterable[tuple[Place, Part]]) -> dict[tuple[Place, Part], Region]:
        """
        Find all *places* in the text, in one walk.

        The result omits places that are not in the document, and keys of the root and of array items, which have none.
        """
        # NOTE: in their order and not as sets: regions of places that follow each other then do so in memory, too,
        # and looking at a hundred thousand of them takes a third less.
        wanted = dict.fromkeys(places)
        if not wanted or self.value is UNREADABLE:
            return {}
        spans = self.spans(dict.fromkeys([place for place, _ in wanted]))
        region = self.lines().region
        found: dict[tuple[Place, Part], Region] = {}
        for each in wanted:
            place, part = each
            key_and_value = spans.get(place)
            if key_and_value is not None and (span := key_and_value[part is Part.VALUE]):
                found[each] = region(span)
        return found

    def writer(self, changes: Iterable["Change"]) -> "Callable[[Iterable[Change]], list[Splice]]":
        """
        Return a function that turns any of *changes* into splices of `text`; the text is walked once for all of them.

        The splices come in the order of the text and do not overlap. The function raises `Unwritable` when changes
        cannot be written without touching other parts of the text.
        """
        from reqlint.text.json.edits import needed_places, order_splices

        text, spans = self.text, self.spans(needed_places(self.value, changes, around=isinstance(self, YamlDocument)))
        return lambda some: order_splices(self._splices(text, spans, some))

    def _splices(self, text: str, spans: Spans, changes: Iterable["Change"]) -> "list[Splice]":
        raise NotImplementedError


class JsonDocument(Document):
    """A JSON text, or one line of JSON Lines; keeps its bytes, and decodes them only to locate something."""

    __slots__ = ("_data", "_lines", "_text")

    _lines: "Lines"  # not set in a clean document

    def __init__(self, index: int, value: object, flaws: tuple[Hit, ...], first_line: int, data: bytes) -> None:
        self.index = index
        self.value = value
        self.flaws = flaws
        self.first_line = first_line
        self._data = data
        self._text: str | None = None

    @property
    def text(self) -> str:
        """The text that offsets of regions count in: the whole file, or the line."""
        if self._text is None:
            self._text = self._data.decode("utf-8", "replace")
        return self._text

    @property
    def size(self) -> int:
        """Its length in bytes."""
        return len(self._data)

    def lines(self) -> "Lines":
        """Return the lines of `text`, which turn spans into regions."""
        try:
            return self._lines
        except AttributeError:
            from reqlint.text.lines import Lines

            self._lines = Lines(self.text, self.first_line)
            return self._lines

    def spans(self, places: Iterable[Place]) -> Spans:
        """Find the spans of the key and the value at each of *places*; omit places that do not exist."""
        from reqlint.text.json.spans import locate

        value = UNREADABLE if self.flaws or self.value is None else self.value
        return locate(self.text, int(self._data.startswith(BOM)), places, value)

    def _splices(self, text: str, spans: Spans, changes: Iterable["Change"]) -> "list[Splice]":
        from reqlint.text.json.edits import json_splices

        return json_splices(text, spans, self.value, changes)


class YamlDocument(Document):
    """One document of a YAML stream."""

    __slots__ = ("_lines", "_loaded")

    def __init__(self, index: int, loaded: "Loaded", flaws: tuple[Hit, ...], lines: "Lines", first_line: int) -> None:
        super().__init__(index, loaded.value, flaws, first_line)
        self._lines = lines  # shared by all documents of a stream
        self._loaded = loaded

    @property
    def text(self) -> str:
        """The text that offsets of regions count in: the whole file."""
        return self._lines.text

    def lines(self) -> "Lines":
        """Return the lines of `text`, which turn spans into regions."""
        return self._lines

    @property
    def extent(self) -> "Span":
        """Where the document starts and ends in `text`, which it may share with others, in whole lines if possible."""
        text, start, end = self.text, self._loaded.start, self._loaded.end
        line = text.rfind("\n", 0, start) + 1
        if 0 < end < len(text) and text[end - 1] != "\n":  # behind the mark of its end
            end = text.find("\n", end) + 1 or len(text)
        return (start if text[line:start].strip(" \ufeff") else line), end

    def spans(self, places: Iterable[Place]) -> Spans:
        """Find the spans of the key and the value at each of *places*; omit places that do not exist."""
        return self._loaded.locate(places)

    def _splices(self, text: str, spans: Spans, changes: Iterable["Change"]) -> "list[Splice]":
        from reqlint.text.yaml.edits import yaml_splices

        return yaml_splices(text, spans, self.value, changes)


class HttpDocument(Document):
    """One recorded HTTP exchange; its text has each string as it is."""

    __slots__ = ("_lines", "_spans")

    writes_verbatim = True

    def __init__(self, index: int, recorded: "RecordedExchange") -> None:
        from reqlint.text.lines import Lines

        self._lines = Lines(recorded.text, recorded.first_line)
        self._spans = recorded.spans
        flaw = Flaw("unreadable-input", (0, len(recorded.text)), {"reason": recorded.damage})
        flaws = (self._lines.hit(flaw),) if recorded.damage else _NO_FLAWS
        super().__init__(index, recorded.value, flaws, recorded.first_line)

    @property
    def text(self) -> str:
        """The text that offsets of regions count in: the request and the response."""
        return self._lines.text

    def lines(self) -> "Lines":
        """Return the lines of `text`, which turn spans into regions."""
        return self._lines

    def spans(self, places: Iterable[Place]) -> Spans:
        """Find the spans of the values at *places*; omit places that do not exist."""
        return {place: self._spans[place] for place in places if place in self._spans}

    def _splices(self, text: str, spans: Spans, changes: Iterable["Change"]) -> "list[Splice]":  # noqa: ARG002
        from reqlint.text.json.edits import Unwritable

        raise Unwritable  # a recording shows what was sent


def read_documents(source: Source, form: Form | None = None) -> Iterator[Document]:
    """
    Read the documents of *source* one by one; JSON Lines as a stream, other forms as a whole.

    Without *form*, the name or else the content decides. A document that cannot be read has the value `UNREADABLE`,
    and its flaws say why; the lines after it are read all the same.

    Raises:
        OSError: the source cannot be read.
    """
    form = form or detect_form(source)
    if form is Form.JSONL:
        return _json_lines(source)
    if form is Form.YAML:
        return _yaml_documents(source.read())
    if form is Form.HTTPRR:
        from reqlint.text.httprr import read_exchanges  # few sources are recordings of Go

        return (HttpDocument(index, each) for index, each in enumerate(read_exchanges(source.read())))
    return iter([_json_document(source.read())])


def read_json_lines(lines: Iterable[bytes], first: int = 0) -> Iterator[JsonDocument]:
    """Read each of *lines* as one value, counting from *first*; skip blank lines."""
    read = _line_reader.read
    for index, line in enumerate(lines, first):
        try:
            yield JsonDocument(index, read(line), _NO_FLAWS, index + 1, line)
            continue
        except ValueError:
            pass
        if line.strip(b" \t\r\n"):
            yield _scan_json(strip_line_end(line), index, index + 1, line=True)


def locate_in_source(
    source: Source, form: Form, wanted: Mapping[int, Iterable[tuple[Place, Part]]]
) -> dict[tuple[int, Place, Part], Region]:
    """
    Find places in some documents of *source*, by the indexes of the documents.

    Reads the source once more, no further than the last document wanted. The result omits places that do not exist.
    """
    found: dict[tuple[int, Place, Part], Region] = {}
    left = len(wanted)
    if not left:
        return found
    for document in _lines_without_values(source) if form is Form.JSONL else read_documents(source, form):
        if document.index in wanted:
            regions = document.locate(wanted[document.index])
            found.update({(document.index, *at): region for at, region in regions.items()})
            left -= 1
            if not left:
                break
    return found


def _lines_without_values(source: Source) -> Iterator[Document]:
    """Yield the lines of *source* without reading their values, which the caller has read before."""
    with source.open() as stream:
        for index, line in enumerate(stream):
            yield JsonDocument(index, None, _NO_FLAWS, index + 1, line)


def _json_lines(source: Source) -> Iterator[Document]:
    with source.open() as stream:
        lines = read_json_lines(stream)
        first = next(lines, None)
        if first is None:
            return
        if first.value is UNREADABLE:
            if first.flaws[0].facts.get("encoding"):
                yield first
                return  # every line of UTF-16 would have the same flaw
            if is_json_over_lines(source):
                yield _say_several_lines(first)
                return
        yield first
        yield from lines


def _say_several_lines(document: JsonDocument) -> JsonDocument:
    """Reword the flaw of the first line, once for all lines of one JSON text that stands where JSON Lines should."""
    facts = {"expected": "one value per line", "found": "one value over several lines"}
    document.flaws = tuple(
        replace(hit, facts=facts, related=()) if hit.rule == "invalid-json" else hit for hit in document.flaws
    )
    return document


def _json_document(data: bytes) -> JsonDocument:
    """Read a source that is one JSON text; scan it for flaws if the fast reader refuses it."""
    try:
        return JsonDocument(0, read_json(data), _NO_FLAWS, 1, data)
    except ValueError:
        pass  # NOTE: scan after this block; the exception keeps alive what was read so far
    return _scan_json(data, 0, 1)


def _scan_json(data: bytes, index: int, first_line: int, *, line: bool = False) -> JsonDocument:
    """Read a JSON text that the fast reader refused, and find its flaws."""
    from reqlint.text.decoding import decode
    from reqlint.text.lines import Lines

    text, flaws, start = decode(data)
    value: object = UNREADABLE
    if start >= 0:
        from reqlint.text.json.scanner import scan

        value, more = scan(text, start, line=line, was_refused=not start)
        flaws += more
    lines = Lines(text, first_line)
    return JsonDocument(index, value, tuple(lines.hit(flaw) for flaw in flaws), first_line, data)


def _yaml_documents(data: bytes) -> Iterator[Document]:
    # Most JSON is YAML, but PyYAML refuses some of it (escaped surrogate pairs, tabs) and is slower with all of it.
    if data.lstrip(b" \t\r\n").startswith((b"{", b"[")) and is_json(data):
        yield _json_document(data)
        return
    from reqlint.text.decoding import decode
    from reqlint.text.lines import Lines
    from reqlint.text.yaml.nodes import Loaded
    from reqlint.text.yaml.reader import load

    text, flaws, start = decode(data)
    lines = Lines(text, 1)
    if start < 0:
        yield YamlDocument(0, Loaded(), tuple(lines.hit(flaw) for flaw in flaws), lines, 1)
        return
    for index, loaded in enumerate(load(text, start)):
        hits = tuple(lines.hit(flaw) for flaw in (*flaws, *loaded.flaws))
        if loaded.value is None and not hits and _is_empty(loaded):
            continue  # a separator with nothing after it, as generators leave at the end
        yield YamlDocument(index, loaded, hits, lines, lines.region((loaded.start, loaded.start)).line)
        flaws = []


def _is_empty(loaded: "Loaded") -> bool:
    _, (start, end) = loaded.locate([()])[()]
    return start == end
