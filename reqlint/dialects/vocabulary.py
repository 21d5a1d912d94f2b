"""
The words in which checks speak of a request, whatever its wire shape: tools, turns, calls, results and parts.

A `Dialect` is one wire shape of a request. It finds these in a request and yields them with the wire's own places:
a request is never converted to a common model, so that every finding points at what its author wrote. Two dialects
place the same things differently: a tool's name is at ``/tools/0/function/name`` in one and ``/tools/0/name`` in the
other; an answer to a call is a message of its own in one and a part of the user's next message in the other.

Views never raise, whatever the request holds, and leave out what has another form than the dialect's.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from reqlint.core.pointer import Place
from reqlint.core.records import dataclass, field

Request = Mapping[str, Any]
"""A request: a JSON object."""


class Tool(NamedTuple):
    """A function that the model may call."""

    place: Place  #: of the object that has its name, description and parameters
    value: Mapping[str, Any]  #: that object
    name: str | None
    name_place: Place
    parameters: object  #: the schema of its arguments; None if there is none
    parameters_place: Place


class ChosenTool(NamedTuple):
    """A tool that the model is told to use, by name."""

    kind: str  #: what sort of tool it is: ``function``
    name: str
    place: Place  #: of the name


class Turn(NamedTuple):
    """One message of the conversation."""

    place: Place
    role: str | None
    role_place: Place
    value: Mapping[str, Any]


class ToolCall(NamedTuple):
    """A tool call that the model made."""

    place: Place
    id: str | None
    id_place: Place
    name: str | None
    arguments: object  #: as the wire has them: JSON text, or a value
    arguments_place: Place
    value: Mapping[str, Any] | None  #: the object with name and arguments; None if there is none


class ToolResult(NamedTuple):
    """The answer to a tool call."""

    id: str  #: of the call that it answers
    id_place: Place
    place: Place  #: what says that this is an answer


class Round(NamedTuple):
    """A turn, the calls in it, and the answers right after it."""

    turn: Turn | None  #: None for answers at the start of the conversation
    calls: Sequence[ToolCall]  #: those with an id
    results: Sequence[ToolResult]
    next: Place | None  #: of what comes after the answers; None at the end of the conversation


class ContentPart(NamedTuple):
    """A piece of the content of a turn."""

    place: Place
    value: Mapping[str, Any]
    turn: Turn


Proof = Callable[[Any], bool]
"""Returns True when some checks are known to find nothing in a request; False when they have to run."""


class OfferedTool(NamedTuple):
    """A tool that stands outside of a request, in whatever form."""

    place: Place  #: in the document
    value: object
    members: Mapping[str, tuple[Place, object]]  #: those of name, description, parameters and strict that are there
    dialect: str | None = None  #: in whose requests the value could stand as it is
    is_schema: bool = False  #: whether this is only the schema of parameters


class ToolWay(NamedTuple):
    """One of the ways in which an API can be sent a tool that stands outside of a request."""

    strict: bool | None = None  #: what the tool says of being followed strictly; None leaves it as it is
    schema: str | None = None  #: the key that the schema of parameters goes under, where the API has several
    model: str | None = None  #: the model that the request is for, where that changes what is taken


AS_WRITTEN = ToolWay()


class Offering(NamedTuple):
    """A request that offers tools from elsewhere, made for a profile to judge."""

    request: dict[str, Any]
    places: Mapping[Place, Place]  #: where in the document its parts come from; the parts of these are the document's


@dataclass(frozen=True)
class Dialect:
    """
    One wire shape of a request, as functions that find things in it.

    A check without a proof in a dialect is always asked there.
    """

    name: str  #: as profiles name it: ``openai-chat``
    keys: Mapping[
        str, str
    ]  #: top-level keys by what stands there: ``turns`` → ``messages``, also ``tools``, ``choice``
    places: Mapping[str, str]  #: named places, for rules with ``each``: ``tool-name`` → ``/tools/*/function/name``
    turns: Callable[[Request], Iterable[Turn]]
    has_turns: Callable[[Request], bool]  #: whether there is a conversation with at least one turn
    calls: Callable[[Turn], Iterable[ToolCall]]  #: every call in a turn, whoever speaks
    rounds: Callable[[Request], Iterable[Round]]
    parts: Callable[[Request], Iterable[ContentPart]]
    texts: Callable[[Request], Iterable[str]]  #: everything that is said, newest turn first
    tools: Callable[[Request], Iterable[Tool]]
    chosen: Callable[[Request], Iterable[ChosenTool]]
    declared: Callable[[Request], frozenset[tuple[str, str]] | None]  #: kind and name of every tool; None: unknown
    strict_answers: Callable[[Request], Iterable[tuple[Place, dict[str, Any]]]]  #: schemas the answer must satisfy
    json_mode: Callable[[Request], Place | None]  #: of what asks for JSON without a schema
    names: Callable[[Request], Iterable[tuple[Place, str]]]  #: every place that names a function
    model: Callable[[Request], str | None]
    offering: Callable[[Iterable[OfferedTool], ToolWay], Offering]  #: a request with tools that stood elsewhere
    first_words: Callable[[Request], object]  #: what the user said first; tells a request from others in its source
    proofs: Mapping[str, Proof] = field(default_factory=dict)  #: by name; see ``schemas/shapes/<dialect>.proofs.yaml``
    bulk: str = ""  #: the key whose value is another one in nearly every request
    repeated: tuple[str, ...] = ()  #: keys whose values are the same from one request of a program to the next
    token_limits: Callable[[Request], Iterable[tuple[Place, object]]] = lambda _: ()
    """Every member that limits how many tokens the answer may have, with its value."""
    limit_keys: tuple[str, ...] = ()  #: the top-level keys under which these are; () where that is not said
    plain_settings: frozenset[str] = frozenset()
    """Members of a top-level object that are numbers, whose values no check compares with tools or their schemas."""
    is_certain: Callable[[object, Collection[str]], bool] = lambda *_: False
    """Whether a value is such a request beyond doubt, given more keys that it may have; no other value is edited."""
    is_foreign: Callable[[object], bool] = lambda _: True
    """Whether a value has a mark of an answer or of another API's request."""
    answers: Callable[[Request], Iterable[tuple[Place, dict[str, Any], bool]]] = lambda _: ()
    """Every JSON Schema of the answer, with its place, and whether it is strict; none where they have another form."""
    spellings: Callable[[str], Sequence[str]] = lambda key: (key,)
    """The ways in which a key may be written; the first is that of `keys` and `places`, and of schemas."""
    stated: Callable[[str | None, Mapping[str, str]], Mapping[str, Any]] = lambda *_: {}
    """
    What the URL and the headers, by names in small letters, say that the body need not: the model, the version.

    As members that the body could have; a request is judged as if its body had them.
    """
