"""
What this project uses of `dataclasses`, for a tenth of the time that a definition takes there.

The standard library imports `inspect`, and compiles up to seven methods for each class: with forty classes a third of
what ``reqlint check`` needs for one small file. Here the methods are shared, and ``__init__`` is compiled for the
first instance. The rest is the same, for type checkers too: `dataclasses.fields`, `dataclasses.asdict`, `pickle`,
`copy` and `inspect.signature` take these classes for dataclasses.
"""

from collections.abc import Callable, Mapping
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

__all__ = ["dataclass", "field", "replace"]

_MISSING: Any = object()


class _Field:
    """What a class says of one of its attributes; see `dataclasses.field`."""

    __slots__ = ("compare", "default", "default_factory", "init", "repr")

    def __init__(
        self,
        *,
        default: Any = _MISSING,
        default_factory: Any = _MISSING,
        init: bool = True,
        repr: bool = True,  # noqa: A002 - the name that `dataclasses` has for it
        compare: bool = True,
    ) -> None:
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.compare = compare


def _dataclass(cls: Any = None, /, *, frozen: bool = False, slots: bool = False, eq: bool = True) -> Any:
    """Return a class with the methods of a dataclass; see `dataclasses.dataclass`."""
    if cls is None:
        return lambda written: _completed(written, frozen=frozen, slots=slots, eq=eq)
    return _completed(cls, frozen=frozen, slots=slots, eq=eq)


def _completed(cls: Any, *, frozen: bool, slots: bool, eq: bool) -> Any:
    written = cls.__dict__
    own = {name: _field_of(name, written) for name in cls.__annotations__}
    inherited: Mapping[str, _Field] = getattr(cls, "__record_fields__", {})
    fields = {**inherited, **own}
    methods: dict[str, Any] = {
        "__record_fields__": fields,
        "__match_args__": tuple(name for name, each in fields.items() if each.init),
        "__init__": _late_init(),
        **_METHODS,
    }
    if eq:
        compared = (name for name, each in fields.items() if each.compare)
        methods |= {"__record_key__": attrgetter(*compared), "__eq__": _equals, "__hash__": _hash if frozen else None}
    if frozen:
        methods |= {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
    if slots:
        methods["__reduce__"] = _as_call
    methods = {name: each for name, each in methods.items() if written.get(name) is None}
    if slots:  # they are laid out when a class is made, so it is made again
        kept = {name: each for name, each in written.items() if name not in (*own, "__dict__", "__weakref__")}
        new = tuple(name for name in own if name not in inherited)
        qualified = cls.__qualname__
        cls = type(cls)(cls.__name__, cls.__bases__, {**kept, **methods, "__slots__": new})
        cls.__qualname__ = qualified
    else:
        for name, each in own.items():
            if each.default is not _MISSING:
                setattr(cls, name, each.default)
            elif name in written:
                delattr(cls, name)
        for name, method in methods.items():
            setattr(cls, name, method)
    if "__init__" in methods:
        cls.__init__.owner = cls
    return cls


def _field_of(name: str, written: Mapping[str, Any]) -> _Field:
    value = written.get(name, _MISSING)
    if isinstance(value, _Field):
        return value
    if value.__class__.__hash__ is None:
        raise TypeError(f"all instances would share the default of {name}; use default_factory")
    return _Field(default=value)


_FEW = 8
"""Instances; making more of one class pays for compiling its ``__init__``."""


def _late_init() -> Any:
    """Return an ``__init__`` that sets the attributes of a few instances of its ``owner``, and then is compiled."""
    left = _FEW

    def init(self: Any, *arguments: Any, **named: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0 or not _is_set(self, late.owner, arguments, named):
            _compile_init(late.owner)(self, *arguments, **named)

    late: Any = init
    return late


def _is_set(record: Any, cls: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> bool:
    """Set all attributes and return True; return False where that takes more, or the arguments are not right."""
    names = cls.__match_args__
    values = dict(zip(names, arguments, strict=False)) | named
    if len(values) != len(arguments) + len(named) or not values.keys() <= {*names} or hasattr(cls, "__post_init__"):
        return False
    for name, each in cls.__record_fields__.items():
        if name not in values:
            if each.default_factory is not _MISSING:
                values[name] = each.default_factory()
            elif each.default is not _MISSING:
                values[name] = each.default
            else:
                return False
    for name, value in values.items():
        object.__setattr__(record, name, value)
    return True


def _is_frozen(cls: Any) -> bool:
    return cls.__setattr__ is _refuse_to_set


_SLOT = type(_Field.__dict__["default"])  # of the attributes of a class with slots


def _compile_init(cls: Any) -> Callable[..., None]:
    known: dict[str, Any] = {"__set": object.__setattr__, "__unset": _UNSET}
    parameters, lines = ["self"], []
    for name, each in cls.__record_fields__.items():
        value = name
        known[f"__default_{name}"] = each.default
        if each.default_factory is not _MISSING:
            known[f"__make_{name}"] = each.default_factory
            value = f"__make_{name}() if {name} is __unset else {name}" if each.init else f"__make_{name}()"
            parameters += [f"{name}=__unset"] * each.init
        elif each.init:
            parameters.append(name if each.default is _MISSING else f"{name}=__default_{name}")
        slot: Any = getattr(cls, name, None)
        if not _is_frozen(cls):
            lines.append(f"    self.{name} = {value}")
        elif slot.__class__ is _SLOT:  # twice as fast as the way around the frozen `__setattr__`
            known[f"__set_{name}"] = slot.__set__
            lines.append(f"    __set_{name}(self, {value})")
        else:
            lines.append(f"    __set(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("    self.__post_init__()")
    exec("\n".join([f"def __init__({', '.join(parameters)}):", *lines]), known)  # noqa: S102 - names of our own attributes
    init: Any = known["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    kinds = _annotations(cls)
    init.__annotations__ = {name: kinds[name] for name in cls.__match_args__} | {"return": None}
    cls.__init__ = init
    return init  # type: ignore[no-any-return]  # a function made of text


def _annotations(cls: Any) -> dict[str, Any]:
    """Return the type of each field, those of base classes first."""
    records = [each for each in reversed(cls.__mro__) if "__record_fields__" in each.__dict__]
    return {name: kind for record in records for name, kind in record.__annotations__.items()}


class _Unset:
    """Stands for an argument that was not given and has no value to show before there is an instance."""

    def __repr__(self) -> str:
        return "<factory>"


_UNSET = _Unset()


def _values(record: Any) -> tuple[Any, ...]:
    return tuple([getattr(record, name) for name in record.__match_args__])


def _equals(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return self.__record_key__(self) == self.__record_key__(other)


def _hash(self: Any) -> int:
    return hash(self.__record_key__(self))


@recursive_repr()
def _show(self: Any) -> str:
    shown = (f"{name}={getattr(self, name)!r}" for name, each in self.__record_fields__.items() if each.repr)
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _as_call(self: Any) -> tuple[object, ...]:
    # A call of the class is read back in half the time of a state; thousands of findings cross process borders.
    return self.__class__, _values(self)


def _replace(self: Any, /, **changes: Any) -> Any:
    """Return a copy with other values of some attributes."""
    return self.__class__(**{**dict(zip(self.__match_args__, _values(self), strict=True)), **changes})


def _refuse_to_set(_: Any, name: str, __: object) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_: Any, name: str) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot delete field {name!r}")


class _Lazy:
    """An attribute of a class that is worked out when it is asked for, as few programs do."""

    __slots__ = ("_name", "_work_out")

    def __init__(self, name: str, work_out: Callable[[Any], Any]) -> None:
        self._name = name
        self._work_out = work_out

    def __get__(self, _: object, cls: Any) -> Any:
        found = self._work_out(cls)
        setattr(cls, self._name, found)
        return found


def _described(cls: Any) -> Any:
    """Return a dataclass of the same fields, for what the functions of `dataclasses` look at."""
    from dataclasses import field, make_dataclass

    kinds = _annotations(cls)
    fields = [
        (
            name,
            kinds[name],
            field(**{key: getattr(each, key) for key in _Field.__slots__ if getattr(each, key) is not _MISSING}),
        )
        for name, each in cls.__record_fields__.items()
    ]
    return make_dataclass(cls.__name__, fields, frozen=_is_frozen(cls), eq=cls.__eq__ is _equals)


def _signature(cls: Any) -> Any:
    from inspect import signature

    owner = getattr(cls.__init__, "owner", None)
    found = signature(_compile_init(owner) if owner else cls.__init__)
    return found.replace(parameters=list(found.parameters.values())[1:])


_METHODS = {
    "__dataclass_fields__": _Lazy("__dataclass_fields__", lambda cls: _described(cls).__dataclass_fields__),
    "__dataclass_params__": _Lazy("__dataclass_params__", lambda cls: _described(cls).__dataclass_params__),
    "__signature__": _Lazy("__signature__", _signature),
    "__repr__": _show,
    "__replace__": _replace,
}
"""What all classes have alike."""

if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
else:
    dataclass, field, replace = _dataclass, _Field, _replace
