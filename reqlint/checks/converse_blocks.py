"""Whether every object of Bedrock's Converse that takes exactly one member has one, and blocks hold what they may."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from reqlint.checks import Facts, Request, check
from reqlint.checks.model_lists import is_any
from reqlint.core.findings import Hit, Link, Part, Severity
from reqlint.core.pointer import Place
from reqlint.dialects.bedrock_converse_marks import BLOCKS
from reqlint.dialects.vocabulary import Dialect

_RESULTS = frozenset({"document", "image", "json", "searchResult", "text", "video"})
_SYSTEM = frozenset({"cachePoint", "guardContent", "text"})
_TOOLS = frozenset({"cachePoint", "systemTool", "toolSpec"})
_CHOICES = frozenset({"any", "auto", "tool"})
_SOURCES = frozenset({"bytes", "content", "s3Location", "text"})
_TEXT_FORMATS = frozenset({"csv", "html", "md", "txt"})
_MOST_BASE64 = {"image": 5_000_000, "document": 6_000_000}
"""The documented most of 3.75 and 4.5 MB, in characters of base64: four for three bytes."""
_LIMITS = {"image": "3.75 MB", "document": "4.5 MB"}
_MOST = {"image": 20, "document": 5}


class _Choice(NamedTuple):
    """An object of which exactly one member is set."""

    place: Place
    value: Mapping[str, Any]
    takes: frozenset[str]

    @property
    def set(self) -> list[str]:
        """The members that are set; null counts as absent."""
        return [key for key, member in self.value.items() if key in self.takes and member is not None]


@check
def block_of_several_kinds(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every object with two members of which it takes one."""
    for choice in _choices(request, dialect):
        if len(kinds := choice.set) > 1:
            yield Hit(choice.place, facts={"fields": kinds})


@check
def block_of_no_kind(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every object without the one member that it takes."""
    for choice in _choices(request, dialect):
        if not choice.set:
            yield _nameless(choice)


def _nameless(choice: _Choice) -> Hit:
    takes = sorted(choice.takes)
    given = [key for key, member in choice.value.items() if member is not None]
    if len(given) != 1:
        return Hit(choice.place, facts={"takes": takes})
    facts: dict[str, object] = {"field": given[0], "takes": takes}
    if meant := next((key for key in takes if key.lower() == given[0].lower().replace("_", "")), None):
        facts |= {"suggestion": meant, "close": 1}
    return Hit((*choice.place, given[0]), Part.KEY, facts)


@check
def file_outside_user_turn(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every picture and document in a turn of the assistant."""
    for part in dialect.parts(request):
        for kind in _MOST if part.turn.role == "assistant" else ():
            if part.value.get(kind) is not None:
                yield Hit((*part.place, kind), facts={"kind": kind})


@check
def empty_error_result(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the content of every tool result that failed and says nothing."""
    for part in dialect.parts(request):
        result = part.value.get("toolResult")
        if isinstance(result, dict) and result.get("status") == "error" and result.get("content") == []:
            yield Hit((*part.place, "toolResult", "content"))


@check
def blank_block_text(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every text without anything but white space; a warning for models that are not known to refuse it."""
    severity = None if is_any(request.get("modelId"), facts, "blank-text-refused-by") else Severity.WARNING
    for part in dialect.parts(request):
        text = part.value.get("text")
        if isinstance(text, str) and not text.strip():
            yield Hit((*part.place, "text"), severity=severity)


@check
def duplicate_document_name(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every document with the name of an earlier one, anywhere in the request."""
    first: dict[str, Place] = {}
    for place, document in _documents(request, dialect):
        name, at = document.get("name"), (*place, "name")
        if isinstance(name, str) and name in first:
            yield Hit(at, related=(Link(first[name], "first used here"),))
        elif isinstance(name, str):
            first[name] = at


@check
def document_without_text(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the first document of every turn of the user that has no text."""
    for turn in dialect.turns(request):
        blocks = [(n, each) for n, each in enumerate(_list(turn.value.get("content"))) if isinstance(each, dict)]
        documents = [n for n, block in blocks if block.get("document") is not None]
        if documents and not any(isinstance(block.get("text"), str) for _, block in blocks):
            yield Hit((*turn.place, "content", documents[0], "document"))


@check
def too_many_files_in_turn(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the first picture and the first document above the most that a turn may have."""
    for turn in dialect.turns(request):
        for kind, most in _MOST.items():
            content = _list(turn.value.get("content"))
            places = [n for n, each in enumerate(content) if isinstance(each, dict) and each.get(kind) is not None]
            if len(places) > most:
                place = (*turn.place, "content", places[most], kind)
                yield Hit(place, facts={"count": len(places), "most": most, "kind": f"{kind}s"})


@check
def oversized_file_in_block(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every picture and document with more bytes than the page allows."""
    for part in dialect.parts(request):
        for kind, most in _MOST_BASE64.items():
            file = part.value.get(kind)
            source = file.get("source") if isinstance(file, dict) else None
            written = source.get("bytes") if isinstance(source, dict) else None
            if isinstance(written, str) and len(written) > most and not _may_be_larger(request, facts, file):
                size = f"{len(written) * 3 / 4_000_000:.1f} MB"
                yield Hit(
                    (*part.place, kind, "source", "bytes"), facts={"kind": kind, "size": size, "limit": _LIMITS[kind]}
                )


def _may_be_larger(request: Request, facts: Facts, file: object) -> bool:
    is_pdf = isinstance(file, dict) and file.get("format") == "pdf"
    return is_pdf and is_any(request.get("modelId"), facts, "larger-pdf-taken-by")


@check
def cache_point_after_document(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every cache point right after a document or a film; only after a document of text is it an error."""
    before: Mapping[str, Any] = {}
    turn: Place = ()
    for part in dialect.parts(request):
        if part.turn.place != turn:
            turn, before = part.turn.place, {}
        document = before.get("document")
        if part.value.get("cachePoint") is not None and (document is not None or before.get("video") is not None):
            is_text = isinstance(document, dict) and document.get("format") in _TEXT_FORMATS
            kind = "video" if document is None else "document"
            yield Hit((*part.place, "cachePoint"), facts={"kind": kind}, severity=None if is_text else Severity.WARNING)
        before = part.value


@check
def cited_document_in_s3(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the address of every document in S3 that is to be cited."""
    for place, document in _documents(request, dialect):
        citations, source = document.get("citations"), document.get("source")
        is_cited = isinstance(citations, dict) and citations.get("enabled") is True
        if is_cited and isinstance(source, dict) and source.get("s3Location") is not None:
            yield Hit((*place, "source", "s3Location"))


def _documents(request: Request, dialect: Dialect) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Yield every document of the conversation, also those in tool results."""
    for part in dialect.parts(request):
        pieces = [(part.place, part.value), *_pieces(part.place, part.value)]
        for place, piece in pieces:
            document = piece.get("document")
            if isinstance(document, dict):
                yield (*place, "document"), document


def _choices(request: Request, dialect: Dialect) -> Iterator[_Choice]:
    """Yield every object that takes exactly one member, apart from those that cite."""
    for turn in dialect.turns(request):
        yield from _blocks(turn.value.get("content"), (*turn.place, "content"), BLOCKS)
    yield from _blocks(request.get("system"), ("system",), _SYSTEM)
    config = request.get("toolConfig")
    if isinstance(config, dict):
        yield from _blocks(config.get("tools"), ("toolConfig", "tools"), _TOOLS)
        if isinstance(choice := config.get("toolChoice"), dict):
            yield _Choice(("toolConfig", "toolChoice"), choice, _CHOICES)


def _blocks(content: object, place: Place, takes: frozenset[str]) -> Iterator[_Choice]:
    for number, block in enumerate(_list(content)):
        if isinstance(block, dict):
            at = (*place, number)
            yield _Choice(at, block, takes)
            yield from _sources(at, block)
            for inner, piece in _pieces(at, block):
                yield _Choice(inner, piece, _RESULTS)
                yield from _sources(inner, piece)


def _pieces(place: Place, block: Mapping[str, Any]) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Yield the blocks of the tool result in a block, with their places."""
    result = block.get("toolResult")
    for number, piece in enumerate(_list(result.get("content") if isinstance(result, dict) else None)):
        if isinstance(piece, dict):
            yield (*place, "toolResult", "content", number), piece


def _sources(place: Place, block: Mapping[str, Any]) -> Iterator[_Choice]:
    for kind in ("image", "document", "video", "audio"):
        file = block.get(kind)
        source = file.get("source") if isinstance(file, dict) else None
        if isinstance(source, dict):
            takes = _SOURCES if kind == "document" else _SOURCES - {"content", "text"}
            yield _Choice((*place, kind, "source"), source, takes)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
