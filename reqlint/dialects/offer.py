"""Writing tools that stand elsewhere into a request that offers them."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from reqlint.core.pointer import Place
from reqlint.dialects.vocabulary import OfferedTool


class WrittenForm(NamedTuple):
    """How a wire shape writes a tool."""

    dialect: str  #: whose tools are written as they are
    tools: Place  #: of the list
    inside: Place = ()  #: of the object with name and parameters, in a tool
    members: Mapping[str, Place] = MappingProxyType({})  #: where a member stands in that object, if not by its own name
    beside: Mapping[str, object] = MappingProxyType({})  #: further members of a tool


def write_tools(offered: Iterable[OfferedTool], form: WrittenForm) -> tuple[list[object], dict[Place, Place]]:
    """Return *offered* tools in a form, uncopied, as they may be large; and which place of theirs each place is."""
    places: dict[Place, Place] = {}
    written: list[object] = []
    for index, tool in enumerate(offered):
        at: Place = (*form.tools, index)
        if tool.dialect == form.dialect or not (tool.members or isinstance(tool.value, Mapping)):
            places[at] = tool.place
            written.append(tool.value)
            continue
        function: dict[str, object] = {}
        for key, (place, value) in tool.members.items():
            steps = form.members.get(key, (key,))
            function[str(steps[0])] = _wrapped(value, steps[1:])
            places[(*at, *form.inside, *steps)] = place
        if tool.is_schema:
            function |= {"name": f"f{index}", "description": "-"}
        else:
            around = (at, *((*at, *form.inside[: n + 1]) for n in range(len(form.inside))))
            places |= dict.fromkeys(around, tool.place)
            holders = (steps[:-1] for steps in form.members.values() if len(steps) > 1)
            places |= {(*at, *form.inside, *holder): tool.place for holder in holders}
        inner = _wrapped(function, form.inside)
        written.append({**form.beside, **inner} if isinstance(inner, dict) else inner)
    return written, places


def _wrapped(value: object, steps: Place) -> object:
    for step in reversed(steps):
        value = {step: value}
    return value
