"""Requests of objects that are not JSON or misreport themselves: judged as the JSON that would be sent, or reported."""

# ruff: noqa: E501 - a row of a table is a line

import copy
import enum
import json
import sys
import threading
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
from reqlint.run.one_request import linter_for
from reqlint.schema.validators import ACCELERATED, REFERENCE
from tests.support.mutations import WHOLE
from tests.support.scratch import REQUEST
from tests.support.timing import Stopwatch

ENGINES = (ACCELERATED, REFERENCE)


class Liar(dict[str, Any]):
    """A dict whose methods report that it is empty; JSON writers call `items`."""

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __getitem__(self, key: str) -> Any:
        return key

    def __contains__(self, key: object) -> bool:
        return False

    def get(self, *_: Any) -> Any:
        """Return something else."""
        return None


class Other(dict[str, Any]):
    """A dict whose `items` returns other members than it has."""

    def items(self) -> Any:
        """Return what a JSON writer writes."""
        return [("said", 1)]


class Raising(dict[str, Any]):
    """A dict that raises on every access."""

    def __getattribute__(self, name: str) -> Any:
        raise ValueError(name)

    def items(self) -> Any:
        """Raise."""
        raise ValueError

    __len__ = __iter__ = __bool__ = __eq__ = __hash__ = __repr__ = __str__ = items  # type: ignore[assignment]  # on purpose


class Text(str):
    """A string that raises when it is compared or converted."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        raise ValueError

    __hash__ = __len__ = __str__ = __repr__ = __format__ = __eq__  # type: ignore[assignment]  # on purpose


class Five(int):
    """An integer that converts to another, and raises when it is compared."""

    def __int__(self) -> int:
        return 7

    def __eq__(self, other: object) -> bool:
        raise ValueError

    __hash__ = __repr__ = __lt__ = __bool__ = __index__ = __eq__  # type: ignore[assignment]  # on purpose


class Half(float):
    """A float that raises when it is converted or compared."""

    def __float__(self) -> float:
        raise ValueError

    __eq__ = __repr__ = __lt__ = __hash__ = __float__  # type: ignore[assignment]  # on purpose


class Items(list[Any]):
    """A list that reports that it is empty."""

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0


class Number(enum.IntEnum):
    """A named integer."""

    ONE = 1


class Word(enum.StrEnum):
    """A named string."""

    USER = "user"


Pair = namedtuple("Pair", "left right")


class Masked:
    """An object that claims to be a dict."""

    @property
    def __class__(self) -> Any:
        """Return a class that is not the object's."""
        return dict

    @__class__.setter
    def __class__(self, _: Any) -> None: ...


class Classless:
    """An object whose class cannot be read."""

    @property
    def __class__(self) -> Any:
        """Raise."""
        raise ValueError

    @__class__.setter
    def __class__(self, _: Any) -> None: ...


class Meta(type):
    """A metaclass whose classes raise on every access."""

    def __getattr__(cls, name: str) -> Any:
        raise ValueError(name)

    def __hash__(cls) -> int:
        raise ValueError


class Unasked(metaclass=Meta):
    """A class that raises on every access."""


class Endless(Mapping[str, Any]):
    """A mapping with endlessly many keys."""

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
    """A sequence with endlessly many items."""

    def __getitem__(self, index: Any) -> Any:
        return []

    def __len__(self) -> int:
        return 10**12


class Loop(UserDict[str, Any]):
    """A mapping that contains itself."""

    def __init__(self) -> None:
        super().__init__()
        self.data["again"] = self


class Dumps:
    """A model whose dump is the value that it was made with."""

    def __init__(self, given: Any) -> None:
        self.given = given

    def model_dump(self, **_: Any) -> Any:
        """Return the value, the result of calling it, or raise it."""
        if isinstance(self.given, BaseException):
            raise self.given
        return self.given(self) if callable(self.given) else self.given


@dataclass
class Data:
    """A dataclass, which JSON writers refuse."""

    role: str = "user"


class Message(BaseModel):
    """A message as an SDK returns it."""

    role: str
    content: str | None = None


def nested(levels: int) -> list[Any]:
    """Return lists nested in lists."""
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


def ringed() -> tuple[list[Any], dict[str, Any]]:
    """Return a list and a dict that contain each other and themselves."""
    ring: list[Any] = []
    knot: dict[str, Any] = {"ring": ring}
    ring += [knot, (knot,), ring]
    return ring, knot


WRITTEN: list[tuple[str, Any]] = [  # values that json.dumps accepts
    ("a liar", Liar(a=1)), ("other items", Other(a=1)), ("a text", Text("x")), ("a number", Five(5)), ("a half", Half(0.5)),
    ("items", Items([1])), ("IntEnum", Number.ONE), ("StrEnum", Word.USER), ("a tuple", (1, "a")), ("a named tuple", Pair(1, 2)),
    ("OrderedDict", OrderedDict(a=1)), ("defaultdict", defaultdict(list, a=1)), ("Counter", Counter("aab")),
    ("int keys", {50256: 1, -1: 2}), ("float keys", {0.5: 1, 1e300: 2}), ("other keys", {None: 1, True: 2, False: 3}),
    ("named keys", {Number.ONE: 1, Word.USER: 2}), ("text keys", {str.__new__(type("T", (str,), {}), "k"): 1}),
    ("a long integer", 10**4000), ("deep", nested(200)), ("nothing", None), ("empty", [{}, [], "", 0, 0.0, False]),
]  # fmt: skip

REFUSED: list[tuple[str, Callable[[], Any]]] = [  # values that it refuses, or would never finish
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

SLOW = (
    "an endless mapping",
    "an endless sequence",
    "models in models",
)  # which reach the limit of values that are copied

TAKEN: list[tuple[str, Callable[[], Any], Any]] = [  # values that an SDK converts before it writes them, with the result
    ("UserDict", lambda: UserDict(a=1), {"a": 1}), ("MappingProxyType", lambda: MappingProxyType({"a": 1}), {"a": 1}),
    ("range", lambda: range(2), [0, 1]), ("a model", lambda: Message(role="user"), {"role": "user"}),
    ("a model in a model", lambda: Dumps({"a": Message(role="user", content="Hi")}), {"a": {"role": "user", "content": "Hi"}}),
]  # fmt: skip


def findings_of(linter: Linter, request: Any) -> list[tuple[str, str, str]]:
    """Return the rule, pointer and message of each finding."""
    return [(finding.rule, finding.pointer, finding.message) for finding in linter.check(request)]


def placed(value: Any) -> Iterator[Any]:
    """Yield requests with the value in each kind of place, including some that no schema describes."""
    yield value
    yield {**REQUEST, "metadata": value}
    yield {**REQUEST, "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": {"x": value}}}}
    yield {**REQUEST, "messages": [*REQUEST["messages"], value]}
    yield {**REQUEST, "tools": [{"type": "function", "function": {"name": "f", "parameters": {"x-a": value}}}]}


@pytest.mark.parametrize(("name", "value"), WRITTEN, ids=[name for name, _ in WRITTEN])
def test_a_value_is_judged_as_the_json_that_is_written(name: str, value: Any) -> None:
    """A value that `json.dumps` accepts has the findings of the JSON that it writes, at any place and in both engines."""
    as_json = json.loads(json.dumps(value))
    for profile in WHOLE:
        for engine in ENGINES:
            linter = Linter(profile, engine=engine)
            for request, expected in zip(placed(value), placed(as_json), strict=True):
                if not issubclass(type(request), str):  # a string is read as the text of a request
                    assert findings_of(linter, request) == findings_of(linter, expected), (name, profile)


@pytest.mark.parametrize(("name", "made"), REFUSED, ids=[name for name, _ in REFUSED])
def test_a_value_that_cannot_be_written_is_a_finding(name: str, made: Callable[[], Any]) -> None:
    """A value that JSON cannot write is a finding wherever it is, in both engines and within bounded time."""
    with Stopwatch() as took:
        for engine in ENGINES if name not in SLOW else ENGINES[:1]:
            linter = Linter("openai", engine=engine)
            for request in placed(made()):
                if not issubclass(type(request), str | bytes | bytearray):
                    rules = {finding.rule for finding in linter.check(request)}
                    assert rules & {"non-json-value", "too-deep", "lone-surrogate", "duplicate-key"}, name
    assert took.seconds < 30  # measured: 3.3 at most


@pytest.mark.parametrize(("name", "made", "as_json"), TAKEN, ids=[name for name, _, _ in TAKEN])
def test_a_model_is_judged_as_its_dump(name: str, made: Callable[[], Any], as_json: Any) -> None:
    """Mappings, sequences and models have the findings of the objects and arrays that an SDK sends for them."""
    for profile in WHOLE:
        linter = linter_for(profile)
        for request, expected in zip(placed(made()), placed(as_json), strict=True):
            assert findings_of(linter, request) == findings_of(linter, expected), (name, profile)


MADE: list[Callable[[], Any]] = [
    *((lambda value=value: value) for _, value in WRITTEN[:-2]),  # type: ignore[misc]  # its default is its value
    *(made for name, made in REFUSED if name not in (*SLOW, "deeper than called")),
]
LEAVES = st.integers(0, len(MADE) - 1).map(
    lambda number: MADE[number]()
)  # by number, since hypothesis cannot print all of them
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
def test_no_object_makes_a_check_raise(request: dict[Any, Any]) -> None:
    """Whatever objects a request consists of, every function returns, and both engines have the same findings."""
    for profile in (*WHOLE, "auto"):
        answers = [findings_of(Linter(profile, engine=engine), request) for engine in ENGINES]
        assert answers[0] == answers[1]
        assert is_valid(request, profile) in (True, False)
        try:
            ensure_valid(request, profile)
        except ValueError as refused:
            assert str(refused)  # noqa: PT017 - it may raise or not


@pytest.mark.parametrize("profile", ["openai", "dashscope", "gptproto-qwen", "mistral", "auto"])
def test_the_shortcut_has_the_same_findings(profile: str) -> None:
    """A linter with its shortcut compiled has the findings of one without, whatever it judged before."""
    quick = Linter(profile)
    quick.compile_now()
    for _ in range(2):
        for _, value in WRITTEN:
            for request in placed(value):
                if not issubclass(type(request), str):
                    assert findings_of(quick, request) == findings_of(Linter(profile, engine=REFERENCE), request)
        for name, made in REFUSED:
            if name in SLOW:
                continue
            for request in list(placed(made()))[1:]:
                assert findings_of(quick, request), name
            assert findings_of(quick, REQUEST) == []


def test_the_request_is_left_as_it_was() -> None:
    """Judging a request replaces none of its objects, changes none of their content, and inserts nothing."""
    inner: Any = defaultdict(list, role="user", content="Hi")
    tools = [{"type": "function", "function": defaultdict(dict, name="f", parameters={"a": {1: 2}})}]
    request: Any = defaultdict(list, model="gpt-4.1", messages=[inner, Message(role="user")], tools=tools, n=Five(1))
    before, parts = copy.deepcopy({**request, "n": None}), {key: id(value) for key, value in dict.items(request)}
    for profile in (*WHOLE, "auto"):
        check(request, profile)
        is_valid(request, profile)
    assert {key: id(value) for key, value in dict.items(request)} == parts
    assert {**request, "n": None} == before
    assert [*inner] == ["role", "content"]


@pytest.mark.parametrize("ending", [KeyboardInterrupt(), SystemExit(3), MemoryError(), GeneratorExit()])
def test_an_exception_that_ends_the_program_is_not_caught(ending: BaseException) -> None:
    """An interrupt, an exit or a MemoryError raised by a method of a request's object reaches the caller."""
    with pytest.raises(type(ending)):
        check({**REQUEST, "metadata": Dumps(ending)}, "openai")


@pytest.mark.parametrize("text", [type("S", (str,), {"encode": None}), type("B", (bytes,), {"__bytes__": None})])
def test_a_text_is_read_by_its_content(text: Any) -> None:
    """An instance of a subclass of str or bytes is read by its content, whatever its methods do."""
    written = json.dumps(REQUEST)
    assert check(text(written) if issubclass(text, str) else text(written.encode())) == []
    assert check(Text(written)) == []


def test_a_verdict_is_never_that_of_an_earlier_content() -> None:
    """An object that changed since the last check is judged again, in every part that any cache remembers."""
    linter = Linter("openai")
    linter.compile_now()
    tool: dict[str, Any] = {
        "type": "function",
        "function": {"name": "f", "parameters": {"type": "object", "properties": {}}},
    }
    request: dict[str, Any] = {**REQUEST, "model": "gpt-4.1", "tools": [tool], "metadata": {}, "store": True}
    for _ in range(3):
        assert findings_of(linter, request) == []
        for place, key, bad in [
            (tool["function"], "name", "no name"), (tool["function"], "parameters", {"x": {1, 2}}), (request, "n", 0),
            (tool["function"]["parameters"], "x-limit", float("nan")), (request["metadata"], "a", Decimal(1)),
            (request["messages"][0], "role", "usr"), (request["messages"][0], "role", Decimal(1)), (request, "model", 1),
        ]:  # fmt: skip
            before = place.get(key, place)
            place[key] = bad
            assert findings_of(linter, request), key
            if before is place:
                del place[key]
            else:
                place[key] = before
    assert findings_of(linter, request) == []


def test_both_json_predicates_agree() -> None:
    """Whatever the fast predicate accepts is JSON, except for tuples and UUIDs below the top level."""
    fast = json_predicate()
    for _, value in WRITTEN:
        assert not fast({"a": value}) or is_json_value(json.loads(json.dumps(value)))
    for name, made in REFUSED:
        assert not fast({"a": made()}), name
        assert not fast({"a": [made()]}) or name == "UUID", name  # which orjson writes as text
        assert not is_json_value(made()), name


def test_the_copy_is_what_is_written() -> None:
    """The copy of a value equals what `json.loads` returns for what `json.dumps` writes, and is JSON itself."""
    for name, value in WRITTEN:
        copied, hits = to_json_value(value)
        assert (copied, hits) == (json.loads(json.dumps(value)), []), name
        assert is_json_value(copied), name


@pytest.mark.parametrize("profile", ["openai", "auto"])
def test_another_thread_may_change_the_request(profile: str) -> None:
    """While another thread adds, removes and replaces parts, every check returns a list of findings."""
    linter = Linter(profile)
    message: dict[Any, Any] = {"role": "user", "content": "Hi"}
    request: dict[Any, Any] = {**REQUEST, "messages": [message], "tools": [], "metadata": {}}
    ended = threading.Event()
    number = 0

    def change() -> None:
        nonlocal number
        while not ended.is_set():
            number += 1
            request[number % 7] = request[f"k{number % 11}"] = number
            message["content"] = [{"type": "text", "text": "x"}] * (number % 3) if number % 2 else "Hi"
            request["messages"] = [message] * (number % 4)
            request["metadata"] = {str(each): each for each in range(number % 20)}
            request.pop(number % 5, None)
            request.pop(f"k{number % 3}", None)

    changing = threading.Thread(target=change)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # the threads take turns within a check, not between two
    changing.start()
    try:
        answers = 0
        while answers < 1_000 or number < 5_000:
            assert isinstance(linter.check(request), list)
            answers += 1
    finally:
        ended.set()
        changing.join()
        sys.setswitchinterval(interval)
