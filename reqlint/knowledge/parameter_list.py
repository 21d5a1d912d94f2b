"""
A profile's own list of parameters over a wire shape, the form of ``delta.yaml`` that is complete in itself.

A parameter that is not listed is not documented, whatever the extended profile has, and definitions are those of the
shape and of the list. So what the extended profile gains later is not documented for this one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from reqlint.core.errors import BadData, UnknownName
from reqlint.core.pointer import Place, to_path
from reqlint.knowledge.index import home
from reqlint.knowledge.merge_patch import patch_schema
from reqlint.knowledge.protobuf_json import as_protobuf_json
from reqlint.knowledge.pydantic_lax import as_pydantic_lax
from reqlint.schema.limits import subschemas
from reqlint.text.trusted_files import display_path
from reqlint.text.trusted_json import load_json

_DEFINITIONS = "#/$defs/"
_ENCODINGS: Mapping[str | None, Callable[[Any], Any]] = {
    None: lambda schema: schema,
    "protobuf-json": as_protobuf_json,
    "pydantic": as_pydantic_lax,
}
"""What makes a schema of what the files say, by ``lax`` of the list, else by ``x-encoding`` of the shape."""
_DECIDING = frozenset({"type", "$ref", "enum", "const", "anyOf", "oneOf"})
"""Keywords that say what a value is; a schema without any of them is taken for a change of another profile's."""


class UnknownParameter(UnknownName):
    """There is no parameter of this name."""

    kind = "parameter"


class UnknownDefinition(UnknownName):
    """There is no definition of this name."""

    kind = "definition"


class UnknownShape(UnknownName):
    """There is no wire shape of this name."""

    kind = "shape"


def lists_parameters(delta: Mapping[str, Any]) -> bool:
    """Return whether a ``delta.yaml`` is a list of parameters; otherwise it is a merge patch of a whole schema."""
    return "parameters" in delta or "shape" in delta


def written_place(place: Place, delta: Mapping[str, Any]) -> Place:
    """Return the place in the file of *delta* that a *place* in its request schema comes from."""
    return ("parameters", *place[1:]) if lists_parameters(delta) and place[:1] == ("properties",) else place


class ParameterList:
    """The content of a ``delta.yaml`` that satisfies ``schemas/meta/delta.json``."""

    def __init__(
        self, delta: Mapping[str, Any], file: Path, parent: str | None, parent_schema: Mapping[str, Any]
    ) -> None:
        """Take the *delta* that *file* holds, and the name and the request schema of the extended profile, if any."""
        self._delta = delta
        self._file = file
        self._parent = parent
        self._parent_parameters = _named(parent_schema, "properties")
        self._parent_definitions = _named(parent_schema, "$defs")
        shape = self._load_shape(delta["shape"]) if "shape" in delta else {}
        self._shape = _named(shape, "$defs")
        self._encode = _ENCODINGS[delta.get("lax", shape.get("x-encoding"))]

    def schema(self, title: str) -> dict[str, Any]:
        """
        Return the request schema, with only those definitions that a parameter reaches, and without its ``$id``.

        Raises:
            BadData: the list names or refers to something that does not exist.
        """
        parameters = {name: self._parameter(name, change) for name, change in self._delta["parameters"].items()}
        for number, name in enumerate(self._delta["required"]):
            if name not in parameters:
                raise self._refusal(("required", number), str(UnknownParameter(name, parameters)))
        definitions = self._reached(parameters, self._definitions())
        written = {"title": title, "type": "object", "additionalProperties": False, **self._delta}
        head = ("title", "description", "type", "required", "additionalProperties", "allOf", "x-severity", "x-rule")
        schema: dict[str, Any] = self._encode(
            {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "$id": "",
                **{key: written[key] for key in head if key in written},
                "properties": parameters,
                **({"$defs": definitions} if definitions else {}),
            }
        )
        return schema

    def _load_shape(self, name: str) -> Mapping[str, Any]:
        paths = sorted((home() / "schemas" / "shapes").glob("*.json"))
        files = {path.stem: path for path in paths if "." not in path.stem}  # a name.proofs.json is no shape
        if name not in files:
            raise self._refusal(("shape",), str(UnknownShape(name, files)))
        return load_json(files[name])

    def _parameter(self, name: str, change: object) -> object:
        place = ("parameters", name)
        if change is None:
            raise self._refusal(place, "is null; leave it out, as a parameter that is not listed is not documented")
        if name in self._parent_parameters:
            return patch_schema(self._parent_parameters[name], change)
        if not isinstance(change, Mapping) or _DECIDING.intersection(change):
            return change
        if self._parent is None:
            raise self._refusal(place, "has no type; the profile extends none whose parameter it could change")
        unknown = UnknownParameter(name, self._parent_parameters)
        hint = "" if unknown.suggestion else "; a parameter of the profile's own has a type"
        raise self._refusal(place, f"{self._parent} has {unknown}{hint}")

    def _definitions(self) -> dict[str, Any]:
        """Return the definitions of the shape and those taken from the parent, with the changes of this list."""
        definitions = {**self._shape, **self._taken()}
        for name, change in self._delta.get("$defs", {}).items():
            if change is None:
                raise self._refusal(("$defs", name), "is null; a definition that nothing refers to is left out anyway")
            definitions[name] = patch_schema(definitions[name], change) if name in definitions else change
        return definitions

    def _taken(self) -> Mapping[str, Any]:
        """Return the definitions of the parent that ``defs-from`` names, with those they need that no shape has."""
        asked = self._delta.get("defs-from", [])
        if asked and self._parent is None:
            raise self._refusal(("defs-from",), "the profile extends none whose definitions it could take")
        if asked == "parent":
            return self._parent_definitions
        for number, name in enumerate(asked):
            if name not in self._parent_definitions:
                unknown = UnknownDefinition(name, self._parent_definitions)
                raise self._refusal(("defs-from", number), f"{self._parent} has {unknown}")
        taken: dict[str, Any] = {}
        left = list(asked)
        while left:
            name = left.pop()
            taken[name] = self._parent_definitions[name]
            inner = set(_references(taken[name])).intersection(self._parent_definitions)
            left += inner.difference(self._shape, taken)
        return taken

    def _reached(self, parameters: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
        """Return the *definitions* that *parameters* refer to, themselves or through others."""
        reached: set[str] = set()
        left: list[tuple[Place, object]] = [(("parameters", name), schema) for name, schema in parameters.items()]
        left += [((key,), {key: self._delta[key]}) for key in ("additionalProperties", "allOf") if key in self._delta]
        for place, schema in left:  # which grows
            for name in _references(schema):
                if name not in definitions:
                    raise self._refusal(place, self._dangling(name, definitions))
                if name not in reached:
                    reached.add(name)
                    left.append((("$defs", name), definitions[name]))
        self._verify_use(reached)
        return {name: definition for name, definition in definitions.items() if name in reached}

    def _dangling(self, name: str, definitions: Iterable[str]) -> str:
        if name in self._parent_definitions:
            shape = "" if "shape" in self._delta else "name a shape that has it, "
            return (
                f"refers to the definition {name} of {self._parent}; "
                f"{shape}write it under $defs, or take it over with defs-from: [{name}]"
            )
        return f"refers to {_DEFINITIONS}{name}, but there is {UnknownDefinition(name, definitions)}"

    def _verify_use(self, reached: Iterable[str]) -> None:
        """Raise for a definition that the list names and that nothing refers to; its name is likely misspelled."""
        named: list[tuple[Place, str]] = [(("$defs", name), name) for name in self._delta.get("$defs", {})]
        if isinstance(asked := self._delta.get("defs-from"), list):
            named += [(("defs-from", number), name) for number, name in enumerate(asked)]
        for place, name in named:
            if name not in reached:
                suggestion = UnknownDefinition(name, self._shape).suggestion
                meant = f'; did you mean "{suggestion}"?' if suggestion and suggestion != name else ""
                raise self._refusal(place, f"no parameter refers to the definition {name}{meant}")

    def _refusal(self, place: Place, what: str) -> BadData:
        return BadData(display_path(self._file), to_path(place), what)


def _named(schema: Mapping[str, Any], keyword: str) -> Mapping[str, Any]:
    """Return the subschemas under ``properties`` or ``$defs``, by name; none where the schema is malformed."""
    subschemas_by_name = schema.get(keyword)
    return subschemas_by_name if isinstance(subschemas_by_name, Mapping) else {}


def _references(schema: object) -> Iterator[str]:
    """Yield the names of the definitions that *schema* refers to directly."""
    for _, each in subschemas(schema):
        reference = each.get("$ref")
        if isinstance(reference, str) and reference.startswith(_DEFINITIONS):
            step, *_ = reference.removeprefix(_DEFINITIONS).split("/")
            yield step.replace("~1", "/").replace("~0", "~")
