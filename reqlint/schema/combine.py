"""One schema that accepts just what several accept together, and asks about each part of a value in one go."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

Schema = Mapping[str, Any] | bool

_SILENT = frozenset(
    {"$id", "$schema", "$defs", "$comment", "title", "description", "default", "deprecated", "examples"}
)  # and what begins with x-: said to readers, and to `shape`
_OBJECT = ("properties", "additionalProperties", "patternProperties")
_BOUND = (("if", "then", "else"), ("contains", "minContains", "maxContains"))  # keywords that mean something together
_ONE = frozenset({"if", "then", "else", "not", "contains", "additionalProperties", "propertyNames", "items"})
_SEVERAL = frozenset({"anyOf", "oneOf", "prefixItems"})


class _Said(NamedTuple):
    """A subschema, and the schema that its references lead into."""

    root: Mapping[str, Any]
    schema: Schema


class _Members(NamedTuple):
    """What one schema says of the members of an object."""

    root: Mapping[str, Any]
    named: Mapping[str, Schema]
    others: Schema


def combine_schemas(resources: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """
    Give a schema that accepts just what all *resources* accept, each of which is self-contained.

    Validators walk a value once for each schema of a conjunction. Here what the conjuncts say of one member stands
    together: a message is looked at once, not once for each rule about messages.
    """
    fuser = _Fuser()
    whole = fuser.merged([_Said(resource, resource) for resource in resources])
    if isinstance(whole, bool):
        whole = {} if whole else {"not": {}}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **fuser.inlined(whole), **fuser.kept()}


def separate_members(schema: Mapping[str, Any], keys: Iterable[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    Take apart what a fused schema says of the members *keys* and nothing else: the schema without it, and just that.

    An object satisfies *schema* just when it satisfies the first, and its members *keys* the second.
    """
    named: dict[str, Schema] = dict(schema.get("properties", {}))
    taken = {key: named[key] for key in keys if key in named}
    without = {**schema, "properties": {**named, **dict.fromkeys(taken, True)}}
    return without, {"$schema": schema["$schema"], "properties": taken, "$defs": schema.get("$defs", {})}


class _Fuser:
    def __init__(self) -> None:
        self._bodies: dict[str, Schema] = {}  # by name, what several places refer to
        self._names: dict[frozenset[tuple[int, int]], str] = {}
        self._uses: dict[str, int] = {}

    def merged(self, conjuncts: Sequence[_Said]) -> Schema:
        """Write a conjunction as one schema."""
        written: dict[str, Any] = {}
        apart: list[Schema] = []  # what cannot stand beside a keyword of the same name
        members: list[_Members] = []
        items: list[_Said] = []
        dependent: dict[str, list[_Said]] = {}
        pending = list(conjuncts)
        met = set()
        for root, schema in pending:  # grows on the way
            if schema is True or id(schema) in met:
                continue
            if schema is False:
                return False
            met.add(id(schema))
            pending += [_Said(root, each) for each in schema.get("allOf", ())]
            if "$ref" in schema:
                pending.append(_Said(root, resolve_reference(root, schema["$ref"])))
            waking = _waking(schema)
            if waking:
                dependent.setdefault(waking, []).append(_Said(root, schema["then"]))
            elif "patternProperties" in schema:
                apart.append(self._written(root, _some(schema, _OBJECT)))
            elif "properties" in schema or "additionalProperties" in schema:
                members.append(_Members(root, schema.get("properties", {}), schema.get("additionalProperties", True)))
            if "items" in schema and "prefixItems" not in schema:
                items.append(_Said(root, schema["items"]))
            if "prefixItems" in schema:
                apart.append(
                    self._written(root, {key: schema[key] for key in ("prefixItems", "items") if key in schema})
                )
            for together in _BOUND:
                if together[0] in schema and not (waking and together[0] == "if"):
                    _put(written, apart, self._written(root, _some(schema, together)))
            for name, each in schema.get("dependentSchemas", {}).items():
                dependent.setdefault(name, []).append(_Said(root, each))
            for keyword in schema.keys() - _HANDLED - _SILENT:
                if not keyword.startswith("x-"):
                    _put(written, apart, self._written(root, {keyword: schema[keyword]}))
        for name, said in list(dependent.items()):
            dependent[name] = self._hoisted(name, said, members)
        dependent = {name: said for name, said in dependent.items() if said}
        if members:
            _put(written, apart, self._members(members))
        if items:
            _put(written, apart, {"items": self._fused(items)})
        if dependent:
            _put(
                written,
                apart,
                {"dependentSchemas": {name: self._fused(said) for name, said in dependent.items()}},
            )
        if apart:
            written["allOf"] = apart
        return written or True

    def _hoisted(self, name: str, conjuncts: Iterable[_Said], members: list[_Members]) -> list[_Said]:
        """Move what is said of a member, for when it is there, to what is said of members; give what is left."""
        left = []
        for root, schema in conjuncts:
            if (
                isinstance(schema, Mapping)
                and set(schema) - _SILENT == {"properties"}
                and set(schema["properties"]) == {name}
            ):
                members.append(_Members(root, schema["properties"], True))
            else:
                left.append(_Said(root, schema))
        return left

    def _members(self, members: Sequence[_Members]) -> dict[str, Any]:
        names = dict.fromkeys(name for each in members for name in each.named)
        written: dict[str, Any] = {}
        if names:
            written["properties"] = {
                name: self._fused([_Said(each.root, each.named.get(name, each.others)) for each in members])
                for name in names
            }
        others = self._fused([_Said(each.root, each.others) for each in members])
        if others is not True:
            written["additionalProperties"] = others
        return written

    def _written(self, root: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
        """Write keywords whose schemas stand by themselves."""
        written: dict[str, Any] = {}
        for keyword, value in schema.items():
            if keyword in _ONE:
                written[keyword] = self._fused([_Said(root, value)])
            elif keyword in _SEVERAL:
                written[keyword] = [self._fused([_Said(root, each)]) for each in value]
            elif keyword in ("properties", "patternProperties"):
                written[keyword] = {name: self._fused([_Said(root, each)]) for name, each in value.items()}
            else:
                written[keyword] = value
        return written

    def _fused(self, conjuncts: Iterable[_Said]) -> Schema:
        """Write a conjunction where it is first met, and refer to it from then on."""
        said = [each for each in conjuncts if each.schema is not True]
        if not said:
            return True
        if any(each.schema is False for each in said):
            return False
        key = frozenset((id(each.root), id(each.schema)) for each in said)
        if key not in self._names:
            name = self._names[key] = str(len(self._names))
            self._bodies[name] = self.merged(said)
        name = self._names[key]
        self._uses[name] = self._uses.get(name, 0) + 1
        return {"$ref": f"#/$defs/{name}"}

    def inlined(self, schema: Any) -> Any:
        """Put what only one place refers to, or what is nothing but plain keywords, into its place."""
        if isinstance(schema, list):
            return [self.inlined(each) for each in schema]
        if not isinstance(schema, Mapping):
            return schema
        if schema.keys() == {"$ref"}:
            name = schema["$ref"].rpartition("/")[2]
            body = self._bodies.get(name)
            if body is not None and (self._uses[name] == 1 or _is_plain(body)):
                return self.inlined(body)
            return schema
        return {keyword: self._inlined_under(keyword, value) for keyword, value in schema.items()}

    def _inlined_under(self, keyword: str, value: Any) -> Any:
        if keyword in ("properties", "patternProperties", "dependentSchemas"):
            return {name: self.inlined(each) for name, each in value.items()}
        return self.inlined(value) if keyword in _ONE or keyword in _SEVERAL or keyword == "allOf" else value

    def kept(self) -> dict[str, Any]:
        """Give the definitions that are referred to from several places."""
        several = {n: body for n, body in self._bodies.items() if self._uses[n] > 1 and not _is_plain(body)}
        return {"$defs": {name: self.inlined(body) for name, body in several.items()}}


_HANDLED = frozenset({*_OBJECT, *(key for keys in _BOUND for key in keys)}) | {
    "$ref", "allOf", "items", "prefixItems", "dependentSchemas",
}  # fmt: skip


def _some(schema: Mapping[str, Any], keywords: Iterable[str]) -> dict[str, Any]:
    return {keyword: schema[keyword] for keyword in keywords if keyword in schema}


def resolve_reference(root: Mapping[str, Any], reference: str) -> Any:
    """Give what a local reference leads to."""
    node: Any = root
    for step in reference.removeprefix("#").split("/")[1:]:
        node = node[step.replace("~1", "/").replace("~0", "~")]
    return node


def _waking(schema: Mapping[str, Any]) -> str | None:
    """Give the key whose presence wakes a condition, where it says no more than that."""
    condition = schema.get("if")
    if not isinstance(condition, Mapping) or "else" in schema or condition.keys() != {"type", "required"}:
        return None
    required = condition["required"]
    return required[0] if condition["type"] == "object" and len(required) == 1 and "then" in schema else None


def _is_plain(body: Schema) -> bool:
    """Tell whether a schema has none inside it."""
    return isinstance(body, bool) or not any(
        isinstance(value, Mapping) or (isinstance(value, list) and key not in ("enum", "type", "required"))
        for key, value in body.items()
    )


def _put(written: dict[str, Any], apart: list[Schema], keywords: Mapping[str, Any]) -> None:
    """Add keywords that mean something together, beside what is written if no keyword of theirs is there."""
    if written.keys().isdisjoint(keywords):
        written.update(keywords)
    elif keywords.keys() == {"required"}:
        written["required"] = list(dict.fromkeys((*written["required"], *keywords["required"])))
    elif any(written.get(key) != value for key, value in keywords.items()):
        apart.append(dict(keywords))
