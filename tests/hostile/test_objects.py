"""Values that are no plain JSON, or lie about what they are: judged as the JSON that would be sent, or told."""

# ruff: noqa: E501 - a row of a table is a line

import copy
import enum
import json
import threading
import time
from collections import Counter, OrderedDict, UserDict, defaultdict, namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from reqlint import Linter, check, ensure_valid, is_valid
from reqlint.core.json_values import is_json_value, json_predicate, to_json_value
from reqlint.knowledge.profile import profile_names
from reqlint.run.linter import linter_for
from reqlint.schema.validators import ACCELERATED, REFERENCE
from tests.support.scratch import REQUEST

ENGINES = (ACCELERATED, REFERENCE)


class Liar(dict[str, Any]):
    """A dict whose methods say that it is empty; JSON writers ask `items`."""

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __getitem__(self, key: str) -> Any:
        return key

    def __contains__(self, key: object) -> bool:
        return False

    def get(self, *_: Any) -> Any:
        """Give something else."""
        return None


class Other(dict[str, Any]):
    """A dict that gives other members than it has."""

    def items(self) -> Any:
        """Give what a JSON writer takes."""
        return [("said", 1)]


class Raising(dict[str, Any]):
    """A dict that raises whenever it is asked."""

    def __getattribute__(self, name: str) -> Any:
        raise ValueError(name)

    def items(self) -> Any:
        """Raise."""
        raise ValueError

    __len__ = __iter__ = __bool__ = __eq__ = __hash__ = __repr__ = __str__ = items  # type: ignore[assignment]  # on purpose


class Text(str):
    """A text that says it is another, and raises when it is compared."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        raise ValueError

    __hash__ = __len__ = __str__ = __repr__ = __format__ = __eq__  # type: ignore[assignment]  # on purpose


class Five(int):
    """A number that says it is another."""

    def __int__(self) -> int:
        return 7

    def __eq__(self, other: object) -> bool:
        raise ValueError

    __hash__ = __repr__ = __lt__ = __bool__ = __index__ = __eq__  # type: ignore[assignment]  # on purpose


class Half(float):
    """A number that raises."""

    def __float__(self) -> float:
        raise ValueError

    __eq__ = __repr__ = __lt__ = __hash__ = __float__  # type: ignore[assignment]  # on purpose


class Items(list[Any]):
    """A list that says it is empty."""

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0


class Number(enum.IntEnum):
    """A number with a name."""

    ONE = 1


class Word(enum.StrEnum):
    """A text with a name."""

    USER = "user"


Pair = namedtuple("Pair", "left right")


class Masked:
    """Says that it is a dict."""

    @property
    def __class__(self) -> Any:
        """Lie."""
        return dict

    @__class__.setter
    def __class__(self, _: Any) -> None: ...


class Classless:
    """Does not say what it is."""

    @property
    def __class__(self) -> Any:
        """Raise."""
        raise ValueError

    @__class__.setter
    def __class__(self, _: Any) -> None: ...


class Meta(type):
    """A class of classes that raise when they are asked."""

    def __getattr__(cls, name: str) -> Any:
        raise ValueError(name)

    def __hash__(cls) -> int:
        raise ValueError


class Unasked(metaclass=Meta):
    """Cannot be asked for anything."""


class Endless(Mapping[str, Any]):
    """A mapping that never ends."""

    def __getitem__(self, key: str) -> Any:
        return key

    def __iter__(self) -> Iterator[str]:
        number = 0
        while True:
            number += 1
            yield str(number)

    def __len__(self) -> int:
        return 10**12


class EndlessItems(Sequence[Any]):
    """A sequence that never ends."""

    def __getitem__(self, index: Any) -> Any:
        return []

    def __len__(self) -> int:
        return 10**12


class Loop(UserDict[str, Any]):
    """A mapping that holds itself."""

    def __init__(self) -> None:
        super().__init__()
        self.data["again"] = self


class Dumps:
    """A model that gives what it was made with, or raises it."""

    def __init__(self, given: Any) -> None:
        self.given = given

    def model_dump(self, **_: Any) -> Any:
        """Give or raise it."""
        if isinstance(self.given, BaseException):
            raise self.given
        return self.given(self) if callable(self.given) else self.given


@dataclass
class Data:
    """A dataclass, which JSON writers refuse."""

    role: str = "user"


class Message(BaseModel):
    """A message as an SDK has them."""

    role: str
    content: str | None = None


def nested(levels: int) -> list[Any]:
    """Give lists in lists."""
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


def ringed() -> tuple[list[Any], dict[str, Any]]:
    """Give a list and a dict that hold each other and themselves."""
    ring: list[Any] = []
    knot: dict[str, Any] = {"ring": ring}
    ring += [knot, (knot,), ring]
    return ring, knot


WRITTEN: list[tuple[str, Any]] = [  # what json.dumps takes, by what it writes
    ("a liar", Liar(a=1)), ("other items", Other(a=1)), ("a text", Text("x")), ("a number", Five(5)), ("a half", Half(0.5)),
    ("items", Items([1])), ("IntEnum", Number.ONE), ("StrEnum", Word.USER), ("a tuple", (1, "a")), ("a named tuple", Pair(1, 2)),
    ("OrderedDict", OrderedDict(a=1)), ("defaultdict", defaultdict(list, a=1)), ("Counter", Counter("aab")),
    ("int keys", {50256: 1, -1: 2}), ("float keys", {0.5: 1, 1e300: 2}), ("other keys", {None: 1, True: 2, False: 3}),
    ("named keys", {Number.ONE: 1, Word.USER: 2}), ("text keys", {str.__new__(type("T", (str,), {}), "k"): 1}),
    ("a long integer", 10**4000), ("deep", nested(200)), ("nothing", None), ("empty", [{}, [], "", 0, 0.0, False]),
]  # fmt: skip

REFUSED: list[tuple[str, Callable[[], Any]]] = [  # what it refuses, or never comes to an end of
    ("a dict that raises", lambda: Raising(a=1)), ("bytes", lambda: b"x"), ("bytearray", lambda: bytearray(b"x")),
    ("memoryview", lambda: memoryview(b"x")), ("a set", lambda: {1}), ("a frozenset", lambda: frozenset({1})),
    ("Decimal", lambda: Decimal("0.5")), ("Fraction", lambda: Fraction(1, 2)), ("a date", lambda: date(2026, 1, 1)),
    ("UUID", lambda: UUID(int=1)), ("complex", lambda: 1j), ("NaN", lambda: float("nan")), ("Infinity", lambda: float("-inf")),
    ("NaN deep", lambda: {"a": [{"b": float("nan")}]}), ("NaN beside null", lambda: [None, float("nan")]),
    ("a huge integer", lambda: 10**5000), ("bytes keys", lambda: {b"a": 1}), ("a tuple as key", lambda: {(1,): 1}),
    ("NaN as key", lambda: {float("nan"): 1}), ("twice", lambda: {1: 1, "1": 2}), ("half a character", lambda: "\ud800"),
    ("half a character as key", lambda: {"\udfff": 1}), ("a ring", lambda: ringed()[0]), ("a knot", lambda: ringed()[1]),
    ("a mapping in itself", Loop), ("a masked one", Masked), ("a classless one", Classless), ("one unasked", Unasked),
    ("the class itself", lambda: Unasked), ("an endless mapping", Endless), ("an endless sequence", EndlessItems),
    ("a generator", lambda: (each for each in [1])), ("an iterator", lambda: iter([1])), ("map", lambda: map(str, [1])),
    ("a dataclass", Data), ("an object", object), ("a function", lambda: len), ("Ellipsis", lambda: ...),
    ("a model of itself", lambda: Dumps(lambda self: self)), ("models for ever", lambda: Dumps(lambda self: Dumps(self.given))),
    ("models in models", lambda: Dumps(lambda self: {"a": Dumps(self.given), "b": Dumps(self.given)})),
    ("a model that raises", lambda: Dumps(ValueError())), ("a model of no JSON", lambda: Dumps(object())),
    ("deeper than called", lambda: nested(100_000)), ("a model that recurses", lambda: Dumps(lambda self: self.model_dump())),
    ("an enum member", lambda: [enum.Enum("Color", "RED").RED, Decimal(1)]),  # type: ignore[attr-defined]  # made on the spot
]  # fmt: skip

SLOW = ("an endless mapping", "an endless sequence", "models in models")  # which take up all that is looked into

TAKEN: list[tuple[str, Callable[[], Any], Any]] = [  # what an SDK makes JSON of before it writes
    ("UserDict", lambda: UserDict(a=1), {"a": 1}), ("MappingProxyType", lambda: MappingProxyType({"a": 1}), {"a": 1}),
    ("range", lambda: range(2), [0, 1]), ("a model", lambda: Message(role="user"), {"role": "user"}),
    ("a model in a model", lambda: Dumps({"a": Message(role="user", content="Hi")}), {"a": {"role": "user", "content": "Hi"}}),
]  # fmt: skip


def told(linter: Linter, request: Any) -> list[tuple[str, str, str]]:
    """Give what a linter has against a request."""
    return [(finding.rule, finding.pointer, finding.message) for finding in linter.check(request)]


def placed(value: Any) -> Iterator[Any]:
    """Put a value into every kind of place, some of which no schema looks at."""
    yield value
    yield {**REQUEST, "metadata": value}
    yield {**REQUEST, "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {"x": value}}}}
    yield {**REQUEST, "messages": [*REQUEST["messages"], value]}
    yield {**REQUEST, "tools": [{"type": "function", "function": {"name": "f", "parameters": {"x-a": value}}}]}


@pytest.mark.parametrize(("name", "value"), WRITTEN, ids=[name for name, _ in WRITTEN])
def test_what_is_written_is_judged_as_it_is_written(name: str, value: Any) -> None:
    """A value that `json.dumps` takes has the findings of the JSON that it becomes, anywhere, in both engines."""
    as_json = json.loads(json.dumps(value))
    for profile in profile_names():
        for engine in ENGINES:
            linter = Linter(profile, engine=engine)
            for request, expected in zip(placed(value), placed(as_json), strict=True):
                if not issubclass(type(request), str):  # which is the text of a request
                    assert told(linter, request) == told(linter, expected), (name, profile)


@pytest.mark.parametrize(("name", "made"), REFUSED, ids=[name for name, _ in REFUSED])
def test_what_cannot_be_written_is_told(name: str, made: Callable[[], Any]) -> None:
    """A value that no JSON writer takes is a finding at its place, wherever it is, in both engines and soon."""
    began = time.process_time()
    for engine in ENGINES if name not in SLOW else ENGINES[:1]:
        linter = Linter("openai", engine=engine)
        for request in placed(made()):
            if not issubclass(type(request), str | bytes | bytearray):
                rules = {finding.rule for finding in linter.check(request)}
                assert rules & {"non-json-value", "too-deep", "lone-surrogate", "duplicate-key"}, name
    assert time.process_time() - began < 30  # measured: 3.3 at most


@pytest.mark.parametrize(("name", "made", "as_json"), TAKEN, ids=[name for name, _, _ in TAKEN])
def test_what_an_sdk_dumps_is_judged_as_it_is_dumped(name: str, made: Callable[[], Any], as_json: Any) -> None:
    """Mappings, sequences and models are judged as the objects and arrays that an SDK makes of them."""
    for profile in profile_names():
        linter = linter_for(profile)
        for request, expected in zip(placed(made()), placed(as_json), strict=True):
            assert told(linter, request) == told(linter, expected), (name, profile)


MADE: list[Callable[[], Any]] = [
    *((lambda value=value: value) for _, value in WRITTEN[:-2]),  # type: ignore[misc]  # its default is its value
    *(made for name, made in REFUSED if name not in (*SLOW, "deeper than called")),
]
LEAVES = st.integers(0, len(MADE) - 1).map(lambda number: MADE[number]())  # by number, as not all can be shown
PLACES = [
    "model",
    "messages",
    "tools",
    "n",
    "stop",
    "response_format",
    "stream_options",
    "metadata",
    "tool_choice",
    "x",
]
NESTS = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["role", "content", "type", "function", 1, None]), inner, max_size=3)
        | inner.map(lambda each: MappingProxyType({"role": each}))
        | inner.map(lambda each: (each,))
        | inner.map(Dumps)
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(PLACES), NESTS, max_size=4))
def test_no_object_makes_it_raise(request: dict[Any, Any]) -> None:
    """Whatever objects a request is made of, all ways to ask give an answer, and both engines the same."""
    for profile in (*profile_names(), "auto"):
        answers = [told(Linter(profile, engine=engine), request) for engine in ENGINES]
        assert answers[0] == answers[1]
        assert is_valid(request, profile) in (True, False)
        try:
            ensure_valid(request, profile)
        except ValueError as refused:
            assert str(refused)  # noqa: PT017 - whether it raises is the request's affair


@pytest.mark.parametrize("profile", [*profile_names(), "auto"])
def test_the_thousandth_is_judged_like_the_first(profile: str) -> None:
    """What the quick way says of a value of any kind is what the long way says, whatever was judged before."""
    quick = Linter(profile)
    quick.compile_now()
    for _ in range(2):
        for _, value in WRITTEN:
            for request in placed(value):
                if not issubclass(type(request), str):
                    assert told(quick, request) == told(Linter(profile, engine=REFERENCE), request)
        for name, made in REFUSED:
            if name in SLOW:
                continue
            for request in list(placed(made()))[1:]:
                assert told(quick, request), name
            assert told(quick, REQUEST) == []


def test_the_request_is_left_as_it_was() -> None:
    """After it was judged every part of a request is the same object with the same content; nothing is inserted."""
    inner: Any = defaultdict(list, role="user", content="Hi")
    tools = [{"type": "function", "function": defaultdict(dict, name="f", parameters={"a": {1: 2}})}]
    request: Any = defaultdict(list, model="gpt-4.1", messages=[inner, Message(role="user")], tools=tools, n=Five(1))
    before, parts = copy.deepcopy({**request, "n": None}), {key: id(value) for key, value in dict.items(request)}
    for profile in (*profile_names(), "auto"):
        check(request, profile)
        is_valid(request, profile)
    assert {key: id(value) for key, value in dict.items(request)} == parts
    assert {**request, "n": None} == before
    assert [*inner] == ["role", "content"]


@pytest.mark.parametrize("ending", [KeyboardInterrupt(), SystemExit(3), MemoryError(), GeneratorExit()])
def test_what_ends_a_program_passes(ending: BaseException) -> None:
    """An interrupt, an exit and a lack of memory in somebody's method are not ours to swallow."""
    with pytest.raises(type(ending)):
        check({**REQUEST, "metadata": Dumps(ending)}, "openai")


@pytest.mark.parametrize("text", [type("S", (str,), {"encode": None}), type("B", (bytes,), {"__bytes__": None})])
def test_a_text_is_what_it_holds(text: Any) -> None:
    """A subclass of text or bytes is read as the characters it holds, whatever its methods do."""
    written = json.dumps(REQUEST)
    assert check(text(written) if issubclass(text, str) else text(written.encode())) == []
    assert check(Text(written)) == []


def test_a_verdict_is_never_that_of_an_earlier_content() -> None:
    """An object that changes between two checks is judged anew, in every part that is remembered by anything."""
    linter = Linter("openai")
    linter.compile_now()
    tool: dict[str, Any] = {
        "type": "function",
        "function": {"name": "f", "parameters": {"type": "object", "properties": {}}},
    }
    request: dict[str, Any] = {**REQUEST, "model": "gpt-4.1", "tools": [tool], "metadata": {}, "store": True}
    for _ in range(3):
        assert told(linter, request) == []
        for place, key, bad in [
            (tool["function"], "name", "no name"), (tool["function"], "parameters", {"x": {1, 2}}), (request, "n", 0),
            (tool["function"]["parameters"], "x-limit", float("nan")), (request["metadata"], "a", Decimal(1)),
            (request["messages"][0], "role", "usr"), (request["messages"][0], "role", Decimal(1)), (request, "model", 1),
        ]:  # fmt: skip
            before = place.get(key, place)
            place[key] = bad
            assert told(linter, request), key
            if before is place:
                del place[key]
            else:
                place[key] = before
    assert told(linter, request) == []


def test_both_ways_to_tell_plain_values_agree() -> None:
    """What is told to be plain JSON by the fast way is so by the slow one, but for tuples."""
    fast = json_predicate()
    for _, value in WRITTEN:
        assert not fast({"a": value}) or is_json_value(json.loads(json.dumps(value)))
    for name, made in REFUSED:
        assert not fast({"a": made()}), name
        assert not fast({"a": [made()]}) or name == "UUID", name  # which orjson writes as text
        assert not is_json_value(made()), name


def test_what_is_copied_is_what_is_written() -> None:
    """The copy that is judged is what `json.loads` makes of what `json.dumps` writes, and has plain values only."""
    for name, value in WRITTEN:
        copied, hits = to_json_value(value)
        assert (copied, hits) == (json.loads(json.dumps(value)), []), name
        assert is_json_value(copied), name


@pytest.mark.parametrize("profile", ["openai", "auto"])
def test_another_thread_may_change_it_meanwhile(profile: str) -> None:
    """While another thread adds, removes and replaces parts, every answer is a list of findings; for two seconds."""
    linter = Linter(profile)
    message: dict[Any, Any] = {"role": "user", "content": "Hi"}
    request: dict[Any, Any] = {**REQUEST, "messages": [message], "tools": [], "metadata": {}}
    ended = threading.Event()

    def change() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            request[number % 7] = request[f"k{number % 11}"] = number
            message["content"] = [{"type": "text", "text": "x"}] * (number % 3) if number % 2 else "Hi"
            request["messages"] = [message] * (number % 4)
            request["metadata"] = {str(each): each for each in range(number % 20)}
            request.pop(number % 5, None)
            request.pop(f"k{number % 3}", None)

    changing = threading.Thread(target=change)
    changing.start()
    try:
        until = time.monotonic() + 2
        answers = 0
        while time.monotonic() < until:
            assert isinstance(linter.check(request), list)
            answers += 1
    finally:
        ended.set()
        changing.join()
    assert answers
