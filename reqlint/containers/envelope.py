"""A request found in a document, together with what the wrapping around it states."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from reqlint.core.findings import Hit, Part, Region
from reqlint.core.headers import NO_HEADERS
from reqlint.core.pointer import Place
from reqlint.core.records import dataclass, field
from reqlint.dialects.registry import ToolList
from reqlint.text.documents import Document


class Kind(StrEnum):
    """What a document wraps its requests in."""

    REQUEST = "request"  #: nothing
    BATCH = "batch"  #: lines of a batch file: ``{"custom_id": …, "method": "POST", "url": …, "body": {…}}``
    CASSETTE = "cassette"  #: exchanges that VCR recorded: ``{"interactions": [{"request": {…}, "response": {…}}]}``
    HAR = "har"  #: exchanges in an HTTP archive, of a browser or of Polly.js: ``{"log": {"entries": [{…}]}}``
    FINETUNE = "finetune"  #: lines of a training file: ``{"messages": […]}``, or an input with two outputs
    NOCK = "nock"  #: exchanges that nock recorded: ``[{"scope": …, "path": …, "body": {…}, "status": 200}]``
    PASTED = "pasted"  #: a curl command, Python, or a line of a log; see `reqlint.text.pasted`
    TOOLS = "tools"  #: nothing; they are tools without a request: ``{"tools": […]}``, an array of them, or one
    SCHEMA = "schema"  #: nothing; they are schemas of a tool's parameters
    EXCHANGE = "exchange"  #: a request and its response: ``{"request": {…}, "response": {…}}``, or a log line with one


RECORDINGS = frozenset({Kind.CASSETTE, Kind.HAR, Kind.NOCK, Kind.EXCHANGE})
"""The kinds of document that may record an answer. Only the requests in them are judged, not what surrounds them."""
TOOL_KINDS = frozenset({Kind.TOOLS, Kind.SCHEMA})
READ_ONLY = RECORDINGS | TOOL_KINDS
"""The kinds of document that no fix is offered for: they show what was sent, or belong to somebody else's program."""


WRAPPING_KEYS = ("payload", "body", "request_body", "json", "json_data", "kwargs", "data", "params", "input")
"""Keys other than ``request`` under which logs keep a request."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The recorded answer to a request."""

    place: Place  #: of the status, or of the response if there is no status
    status: int | None = None
    accepted: bool | None = None  #: None if the answer is not about the request but, say, about the API key
    code: str | None = None  #: of the error object
    param: str | None = None  #: of the error object
    said: str = field(default="", repr=False, compare=False)
    """The texts of the error, one a line. They may quote the request, so they are compared and never shown."""


class EmbeddedRequest(Protocol):
    """A text inside a string of a document, which can locate its parts in the document's text."""

    @property
    def place(self) -> Place:
        """The place of the string."""
        ...

    @property
    def is_flawed(self) -> bool:
        """Whether the text itself has a flaw."""
        ...

    def locate(
        self,
        document: Document,
        places: Iterable[tuple[Place, Part]],
        known: Mapping[tuple[Place, Part], Region] | None = None,
    ) -> Mapping[tuple[Place, Part], Region]:
        """Find the regions of *places*; those outside of the text may be *known*. What is nowhere is left out."""
        ...

    def flaws(self, document: Document, known: Mapping[tuple[Place, Part], Region]) -> Sequence[Hit]:
        """Return the hits against the text itself, with regions of the *document*; that of the string is *known*."""
        ...


class Envelope(NamedTuple):
    """A request, its place in the document, and what the wrapping states about it."""

    kind: Kind
    place: Place
    value: object
    custom_id: str | None = None
    url: str | None = None
    method: str | None = None
    inner: EmbeddedRequest | None = None  #: set if the request is JSON text inside a string of the document
    answer: Answer | None = None  #: set if it was recorded
    tools: ToolList | None = None  #: set if there is no request, but tools that one could offer
    headers: Mapping[str, str] = NO_HEADERS  #: those that change what the body may be

    @property
    def status(self) -> int | None:
        """The recorded HTTP status."""
        return self.answer.status if self.answer else None
