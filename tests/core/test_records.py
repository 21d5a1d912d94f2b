"""Records are what dataclasses of the standard library are."""

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Sequence
from typing import Any

import pytest

from reqlint.core import records


@pytest.fixture(params=[0, 8], autouse=True, ids=["compiled", "at first"])
def _ours(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the classes anew, so that instances are among the first or not."""
    monkeypatch.setattr(records, "_FEW", request.param)
    OURS.update(_family(records.dataclass, records.field))


def _family(made: Any, make_field: Any) -> dict[str, Any]:
    """Return classes of every form that this project uses, made by one of the two modules."""

    @made(frozen=True, slots=True)
    class Plain:
        """Frozen, with slots."""

        one: int
        two: str = "b"
        many: dict[str, int] = make_field(default_factory=dict)

    @made(frozen=True)
    class Open:
        """Frozen, with a dictionary, and with what is neither shown nor compared nor given."""

        one: int
        hidden: str = make_field(default="h", repr=False, compare=False)
        own: list[int] = make_field(default_factory=list, init=False, repr=False)

    @made(frozen=True)
    class Longer(Plain):
        """One with more fields than its base."""

        three: float = 0.5

    @made(slots=True)
    class Changing:
        """One that may be changed."""

        one: int
        two: str = "b"

    @made(frozen=True, eq=False)
    class Same:
        """One that is equal only to itself."""

        one: int

    @made(frozen=True, slots=True)
    class Line(Sequence[int]):
        """One of an abstract class, with methods and a text of its own."""

        one: int = 0

        def __len__(self) -> int:
            return self.one

        def __getitem__(self, index: Any) -> Any:
            return range(self.one)[index]

        def __repr__(self) -> str:
            return "<line>"

    @made(frozen=True)
    class Careful:
        """One that looks at what it was given."""

        one: int

        def __post_init__(self) -> None:
            if self.one == 2:
                raise TypeError

    return {each.__name__: each for each in (Plain, Open, Longer, Changing, Same, Line, Careful)}


OURS: dict[str, Any] = {}
THEIRS = _family(dataclasses.dataclass, dataclasses.field)
CALLS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((), {}), ((1,), {}), ((2,), {}), ((1, "c"), {}), ((1,), {"two": "c"}), ((1, "b", {"x": 1}), {}),
    ((1,), {"hidden": "x"}), ((1,), {"three": 2.0}), ((), {"one": 2}), ((1,), {"own": []}), ((1, 2, 3, 4, 5), {}),
]  # fmt: skip


def _outcome(do: Any) -> object:
    """Return what comes of a call: a text of it, or the name of the exception."""
    try:
        return repr(do()).replace(f"{__name__}.", "")
    except (TypeError, AttributeError) as error:
        return type(error).__name__


def _both(ask: Any) -> None:
    """Hold what *ask* says of each class of ours, and of each instance, against what it says of theirs."""
    for name, ours in OURS.items():
        assert ask(ours) == ask(THEIRS[name]), name


def _instances(cls: Any) -> list[Any]:
    made = []
    for arguments, named in CALLS:
        try:
            made.append(cls(*arguments, **named))
        except TypeError:
            made.append(None)
    return made


def test_the_same_arguments_are_taken() -> None:
    """Every call gives the same attributes, or is refused, and the signature says so before the first one."""
    _both(lambda cls: str(inspect.signature(cls)).replace("_family.<locals>.", ""))
    _both(lambda cls: [repr(each) for each in _instances(cls)])
    _both(
        lambda cls: [
            each is not None and [getattr(each, name) for name in cls.__match_args__] for each in _instances(cls)
        ]
    )
    _both(lambda cls: (cls.__match_args__, cls.__doc__, cls.__name__, hasattr(cls(1), "__dict__")))


def test_instances_are_equal_and_hashed_alike() -> None:
    """Any two instances are equal as with dataclasses, equal ones have one hash, and what has none has none."""
    _both(lambda cls: [one == other for one in _instances(cls) for other in _instances(cls)])
    _both(
        lambda cls: [
            cls(1) == other(1) for other in (*OURS.values(), *THEIRS.values()) if other.__name__ != cls.__name__
        ]
    )
    _both(lambda cls: [_outcome(lambda each=each: hash(each) == hash(copy.copy(each))) for each in _instances(cls)])


def test_frozen_ones_cannot_be_changed() -> None:
    """Setting and deleting attributes is refused with the same exception, or works."""

    def change(each: Any) -> list[object]:
        return [
            _outcome(lambda: setattr(each, "one", 5)),
            _outcome(lambda: delattr(each, "one")),
        ]

    _both(lambda cls: [change(each) for each in _instances(cls) if each is not None])


def test_the_functions_of_the_standard_library_take_them() -> None:
    """`dataclasses`, `copy` and `match` say the same of an instance."""
    _both(
        lambda cls: [
            (each.name, str(each.type), each.init, each.repr, each.compare) for each in dataclasses.fields(cls)
        ]
    )
    _both(lambda cls: [dataclasses.asdict(each) for each in _instances(cls) if each is not None])
    _both(
        lambda cls: [
            _outcome(lambda each=each: dataclasses.replace(each, one=7)) for each in _instances(cls) if each is not None
        ]
    )
    _both(lambda cls: [repr(copy.deepcopy(each)) for each in _instances(cls)])
    match OURS["Plain"](1):
        case object(one=1, two=two):
            assert two == "b"
    assert dataclasses.is_dataclass(OURS["Plain"])
    for cls in OURS.values():
        for each in _instances(cls):
            if each is not None and "one" in cls.__match_args__:
                assert repr(records.replace(each, one=7)) == repr(dataclasses.replace(each, one=7))


@records.dataclass(frozen=True, slots=True)
class Sent:
    """One that another process gets."""

    one: int
    others: tuple["Sent", ...] = ()


@records.dataclass(frozen=True)
class Kept(Sent):
    """One that another process gets, with a dictionary."""

    three: float = 0.5


MADE = [Sent(1), Sent(1, (Sent(2), Kept(3))), Kept(1, (), 2.0)]


@pytest.mark.parametrize("record", MADE)
def test_records_are_pickled(record: Sent) -> None:
    """What is pickled and read back is equal."""
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(record, protocol)) == record  # noqa: S301 - our own


def test_a_default_that_instances_would_share_is_refused() -> None:
    """A list as a default is refused when the class is written."""
    with pytest.raises(TypeError, match="default_factory"):

        @records.dataclass
        class Shared:
            many: list[int] = []  # noqa: RUF012 - what is refused
