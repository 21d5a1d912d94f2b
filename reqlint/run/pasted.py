"""The documents of a source that the user named and whose name does not say how it is written."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from reqlint.containers.envelope import Envelope, Kind
from reqlint.containers.finder import find_requests
from reqlint.containers.pasted import find_pasted, goes_elsewhere
from reqlint.core.findings import Hit
from reqlint.dialects.registry import SIGNS
from reqlint.judge.judge import Judge
from reqlint.judge.unknown import certain_hits
from reqlint.run.locate import to_document
from reqlint.text.documents import Document, YamlDocument
from reqlint.text.flaws import UNREADABLE
from reqlint.text.half_typed import HalfTypedDocument
from reqlint.text.pasted.documents import (
    MAX_BYTES,
    PastedDocument,
    curl_documents,
    literal_document,
    log_documents,
)
from reqlint.text.pasted.kinds_of_files import has_json_comments, kind_by_content, kind_by_name
from reqlint.text.pasted.python import NotLiteral, read_statement
from reqlint.text.sources import Source

_CURL = (".sh", ".bash", ".zsh", ".curl", ".md", ".markdown", ".mdx")
_PYTHON = (".py", ".pyi")
_PROSE = (".txt", ".log")
_PYTHON_TOKENS = (
    "True",
    "False",
    "None",
    "'",
    "(",
    *(f"{p}{q}" for p in "rRbBuUfF" for q in "'\""),
    "nan",
    "inf",
    "-inf",
)
_ELSEWHERE = "it goes to an endpoint that no profile here is for"


class NotRequests(OSError):
    """The source holds no request; the message says in words what it is."""


def requests_in(document: Document, kind: Kind | None, dialect: str | None = None) -> tuple[Envelope, ...]:
    """Return the requests of a dialect, or of any, in a pasted document, which the user named."""
    if not isinstance(document, PastedDocument):
        return ()
    return find_pasted(document, kind, named=True, dialect=dialect)


def uneditable_hits(judge: Judge, document: Document, envelope: Envelope) -> Sequence[Hit]:
    """
    Return the hits against a pasted or half-typed request that hold whatever is not known of it.

    They have places of the document.
    """
    if isinstance(document, HalfTypedDocument):
        from reqlint.run.half_typed import certain_hits_in  # only editors judge these

        return certain_hits_in(judge, document, envelope)
    if isinstance(document, PastedDocument) and document.unknown is not None:
        hits = certain_hits(judge, envelope.value, envelope.place, document.unknown)
    else:
        verdict = judge.judge_sent(envelope.value, envelope.url, envelope.headers)
        hits = verdict.hits if verdict else ()
    return [to_document(hit, envelope.place) for hit in hits]


def refuse_json_with_comments(data: bytes) -> None:
    """
    Do nothing with a text unless it is JSON with comments and has no sign of a request.

    Raises:
        NotRequests: it is.
    """
    if has_json_comments(data) and not any(sign in data for sign in SIGNS):
        raise NotRequests("it is JSON with comments (JSONC), which is not JSON, and has no sign of a request")


class PastedSource:
    """
    Finds the documents of one source, and why some of its commands are not among them.

    Args:
        source: what the user named.
        kind: what the user says each document wraps its requests in.
        dialect: that of the profile that the user named.
    """

    def __init__(self, source: Source, kind: Kind | None, dialect: str | None = None) -> None:
        self.left_out: list[str] = []
        self._source = source
        self._kind = kind
        self._dialect = dialect
        self._name = source.name.lower()
        self._why = ""

    def documents(self, read: Iterator[Document]) -> Iterator[Document]:
        """
        Yield what *read* has as JSON or YAML if that is data, otherwise the pasted requests in the text.

        Raises:
            NotRequests: the text is neither.
            OSError: it cannot be read.
        """
        first = next(read, None)
        is_data = first is not None and isinstance(first.value, dict | list)
        if first is not None and is_data and not isinstance(first, YamlDocument):
            if isinstance(first.value, dict) and "nbformat" in first.value and "cells" in first.value:
                raise NotRequests("it is a Jupyter notebook, and cells are not read as requests")
            return chain([first], read)
        known = kind_by_name(self._name)
        is_code = known is not None and not self._name.endswith(_PROSE)
        if (
            first is not None
            and is_data
            and not is_code
            and find_requests(first.value, self._kind, dialect=self._dialect)
        ):
            return chain([first], read)
        data = self._source.read()
        if (pasted := self._pasted(data, first)) is not None:
            return iter(pasted)
        if first is not None and not is_code and not self._why and self._is_data_with_flaws(data, first):
            return chain([first], read)
        content = kind_by_content(data)
        what = (known if content in (None, "a script") else content) or content or "text"
        raise NotRequests(f"it is {what}, not JSON or YAML{self._why or _hint(self._name)}")

    def _requests_in(self, value: object) -> tuple[Envelope, ...]:
        return find_requests(value, self._kind, dialect=self._dialect)

    def _is_data_with_flaws(self, data: bytes, first: Document) -> bool:
        """
        Return whether a text is meant as JSON or YAML all the same, so that its flaws say more than what it is.

        Raises:
            NotRequests: it is JSON with comments.
        """
        if kind_by_content(data) is not None:
            return not data.strip(b" \t\r\n\xef\xbb\xbf") and kind_by_name(self._name) is None
        if first.value is UNREADABLE:
            refuse_json_with_comments(data)
        if first.value is not UNREADABLE:
            return isinstance(first.value, dict | list)
        return first.flaws[0].rule == "not-utf8" or _DATA.match(data) is not None

    def _pasted(self, data: bytes, first: Document | None) -> list[PastedDocument] | None:
        """Return the pasted requests in a text; None if it has none, not even one that is not judged."""
        if len(data) > MAX_BYTES:
            self._why = f", and longer than {MAX_BYTES:,} bytes, in which pasted requests are looked for"
            return None
        try:
            text = data.decode()
        except UnicodeDecodeError:
            return None
        if first is not None and _is_json_with_a_slip(text, first):
            return None
        is_code = kind_by_name(self._name) is not None and not self._name.endswith(_PROSE)
        may_be_curl = not is_code or self._name.endswith(_CURL)
        if may_be_curl and "curl" in text and (commands := self._commands(text)) is not None:
            return commands
        may_be_python = not is_code or self._name.endswith(_PYTHON)
        if may_be_python and (literal := self._literal(text)) is not None:
            return [literal]
        if is_code:
            return None
        return [
            document for document in log_documents(text) if find_pasted(document, self._kind, dialect=self._dialect)
        ] or None

    def _commands(self, text: str) -> list[PastedDocument] | None:
        found = curl_documents(text)
        judged = [document for document in found.documents if not goes_elsewhere(document, self._dialect)]
        if not found.documents:
            if found.left_out:
                self._why = f"; its curl command is not judged: {found.left_out[0]}"
            return None
        self.left_out += [*found.left_out, *[_ELSEWHERE] * (len(found.documents) - len(judged))]
        return judged

    def _literal(self, text: str) -> PastedDocument | None:
        """Return the document of a text that is one Python literal or call."""
        try:
            literal = read_statement(text)
        except NotLiteral as other:
            is_javascript = text.startswith(("true", "false", "null"), other.at)
            looks_so = text.lstrip().startswith(("{'", "[{'", "{\n'")) or "completions.create(" in text[:200]
            if looks_so and not is_javascript:
                line = text.count("\n", 0, other.at) + 1
                self._why = f"; read as a Python literal, it has {other.what} in line {line:,}"
            return None
        if not isinstance(literal.value, dict | list):
            return None
        document = literal_document(text, literal)
        if goes_elsewhere(document, self._dialect):
            self._why = f"; a call of {literal.call} is for an endpoint that no profile here is for"
            return None
        return document


def _is_json_with_a_slip(text: str, first: Document) -> bool:
    """Return whether a text begins as JSON, and its first flaw is nothing that Python writes."""
    region = first.flaws[0].region if first.flaws else None
    begun = text.lstrip("\ufeff \t\r\n")
    if region is None or not begun.startswith(("{", "[")) or _TAG.match(begun):
        return False
    return not text.startswith(_PYTHON_TOKENS, region.start)


_TAG = re.compile(r"\[(?:(?!(?:true|false|null)\b)[A-Za-z]|\d{2,4}[-/:]\d\d)")
"""How a line of a log begins that no array does: ``[debug]``, ``[2026-11-28 12:45:00]``."""


_DATA = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|#[^\n]*\n|%[^\n]*\n|---)*+"
    rb"(?:[{\[]|-\s|[\"']?[\w.$/-]{1,60}[\"']?[ \t]*:(?:\s|\Z)|[!&*?|>%])"
)
"""How a text begins that is meant as JSON, or as a mapping or list in YAML."""


def _hint(name: str) -> str:
    if name.endswith(_PYTHON):
        return "; only a file that is one literal, or one call with literal arguments, is read"
    return ", and has no curl command with a body" if name.endswith(_CURL) else ""
