"""Several schemas as one that accepts exactly what all of them accept, and looks at each part of a value once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from reqlint.schema.engine import resolve_reference

Schema = Mapping[str, Any] | bool

_ANNOTATIONS = frozenset(
    {"$id", "$schema", "$defs", "$comment", "title", "description", "default", "deprecated", "examples"}
)  # and what begins with x-: annotations, which decide nothing
_OBJECT = ("properties", "additionalProperties", "patternProperties")
_GROUPS = (("if", "then", "else"), ("contains", "minContains", "maxContains"))  # keywords that depend on each other
_ONE = frozenset({"if", "then", "else", "not", "contains", "additionalProperties", "propertyNames", "items"})
_SEVERAL = frozenset({"anyOf", "oneOf", "prefixItems"})


class _Conjunct(NamedTuple):
    """A subschema of a conjunction, and the schema that its references lead into."""

    root: Mapping[str, Any]
    schema: Schema


class _MemberSchemas(NamedTuple):
    """The subschemas of one schema for the members of an object."""

    root: Mapping[str, Any]
    named: Mapping[str, Schema]
    others: Schema


def combine_schemas(resources: Iterable[Mapping[str, Any]], base: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """
    Combine *resources*, each of which is self-contained, into one schema that accepts exactly what all of them accept.

    Validators walk a value once for each schema of a conjunction. In the combined schema, all that concerns one member
    is in one place: a message is looked at once, not once for each rule about messages.

    *base* is one that was combined already; what it asks stays as it is wherever no resource asks anything.
    """
    combiner = _Combiner(base)
    bases = () if base is None else (base,)
    root = combiner.merge([_Conjunct(resource, resource) for resource in (*bases, *resources)])
    if isinstance(root, bool):
        root = {} if root else {"not": {}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **combiner.inline(root),
        **combiner.definitions(),
    }


def separate_members(schema: Mapping[str, Any], keys: Iterable[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    Split a combined schema into one without the subschemas of the members *keys*, and one with only those.

    An object satisfies *schema* if and only if it satisfies the first, and its members *keys* the second.
    """
    properties: dict[str, Schema] = dict(schema.get("properties", {}))
    separate = {key: properties[key] for key in keys if key in properties}
    rest = {**schema, "properties": {**properties, **dict.fromkeys(separate, True)}}
    return rest, {"$schema": schema["$schema"], "properties": separate, "$defs": schema.get("$defs", {})}


class ArraySchemas(NamedTuple):
    """The schema of a member in two parts: what an array satisfies as a whole, and what each of its items does."""

    frame: Schema
    item: Schema


def separate_items(schema: Mapping[str, Any], keys: Iterable[str]) -> tuple[dict[str, Any], dict[str, ArraySchemas]]:
    """
    Split a combined schema into one without the subschemas of the members *keys*, and two for each of these.

    An object satisfies *schema* if and only if it satisfies the first, and its members *keys*, where they are arrays,
    satisfy theirs. Any other value of such a member satisfies it if it satisfies the frame.
    """
    properties: dict[str, Schema] = dict(schema.get("properties", {}))
    others = schema.get("additionalProperties", True)
    common = {"$schema": schema["$schema"], "$defs": schema.get("$defs", {})}
    arrays: dict[str, ArraySchemas] = {}
    for key in keys:
        body = properties.get(key, others)
        while isinstance(body, Mapping) and body.keys() == {"$ref"}:
            body = resolve_reference(schema, body["$ref"])
        properties[key] = True
        if isinstance(body, Mapping):
            item = body.get("items", True)
            frame = {**common, **{keyword: each for keyword, each in body.items() if keyword != "items"}}
            arrays[key] = ArraySchemas(frame, {**common, **item} if isinstance(item, Mapping) else item)
        else:
            arrays[key] = ArraySchemas(body, True)
    return {**schema, "properties": properties}, arrays


def only_members(schema: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    """Return what a schema asks of its members *keys*, each by itself; the second schema of `separate_members`."""
    if _is_about_members(schema):
        properties = {key: schema["properties"][key] for key in keys if key in schema.get("properties", {})}
        return {**schema, "properties": properties}
    return separate_members(combine_schemas([schema]), keys)[1]


def without_members(schema: Mapping[str, Any], keys: Iterable[str]) -> Mapping[str, Any]:
    """Return a schema that asks nothing of its members *keys*, where that is easily left out; the same otherwise."""
    if not _is_about_members(schema) or "properties" not in schema:
        return schema
    named = schema["properties"]
    return {**schema, "properties": {**named, **dict.fromkeys((key for key in keys if key in named), True)}}


def _is_about_members(schema: Mapping[str, Any]) -> bool:
    """Return whether a schema says something of members by their names, and nothing else."""
    return all(key == "properties" or key in _ANNOTATIONS for key in schema)


class _Combiner:
    """Merges conjunctions, and defines each of them once however often it is referred to."""

    def __init__(self, base: Mapping[str, Any] | None) -> None:
        self._base = base
        self._kept: set[int] = set()  # ids of subschemas of the base that stay as they are
        self._bodies: dict[str, Schema] = {}  # merged conjunctions by the name of their definition
        self._names: dict[frozenset[tuple[int, int]], str] = {}
        self._prefix = "" if base is None else "of-both-"
        self._uses: dict[str, int] = {}

    def merge(self, conjuncts: Sequence[_Conjunct]) -> Schema:
        """Merge a conjunction into one schema."""
        written: dict[str, Any] = {}
        separate: list[Schema] = []  # for ``allOf``: keywords that are there already with another value
        members: list[_MemberSchemas] = []
        items: list[_Conjunct] = []
        dependent: dict[str, list[_Conjunct]] = {}
        pending = list(conjuncts)
        seen = set()
        for root, schema in pending:  # grows on the way
            if schema is True or id(schema) in seen:
                continue
            if schema is False:
                return False
            seen.add(id(schema))
            if "allOf" in schema:
                pending += [_Conjunct(root, each) for each in schema["allOf"]]
            if "$ref" in schema:
                pending.append(_Conjunct(root, resolve_reference(root, schema["$ref"])))
            condition_key = _condition_key(schema) if "if" in schema else None
            if condition_key:
                dependent.setdefault(condition_key, []).append(_Conjunct(root, schema["then"]))
            elif "patternProperties" in schema:
                separate.append(self._write(root, _pick(schema, _OBJECT)))
            elif "properties" in schema or "additionalProperties" in schema:
                members.append(
                    _MemberSchemas(root, schema.get("properties", {}), schema.get("additionalProperties", True))
                )
            if "items" in schema and "prefixItems" not in schema:
                items.append(_Conjunct(root, schema["items"]))
            if "prefixItems" in schema:
                separate.append(
                    self._write(root, {key: schema[key] for key in ("prefixItems", "items") if key in schema})
                )
            for group in _GROUPS:
                if group[0] in schema and not (condition_key and group[0] == "if"):
                    _add(written, separate, self._write(root, _pick(schema, group)))
            if "dependentSchemas" in schema:
                for name, each in schema["dependentSchemas"].items():
                    dependent.setdefault(name, []).append(_Conjunct(root, each))
            for keyword, value in schema.items():
                if keyword not in _NOT_MERGED_ALONE and not keyword.startswith("x-"):
                    has_inner = keyword in _ONE or keyword in _SEVERAL
                    _add(written, separate, self._write(root, {keyword: value}) if has_inner else {keyword: value})
        for name, several in list(dependent.items()):
            dependent[name] = self._hoist(name, several, members)
        dependent = {name: several for name, several in dependent.items() if several}
        if members:
            _add(written, separate, self._write_members(members))
        if items:
            _add(written, separate, {"items": self._merge_once(items)})
        if dependent:
            _add(
                written,
                separate,
                {"dependentSchemas": {name: self._merge_once(several) for name, several in dependent.items()}},
            )
        if separate:
            written["allOf"] = separate
        return written or True

    def _hoist(self, name: str, conjuncts: Iterable[_Conjunct], members: list[_MemberSchemas]) -> list[_Conjunct]:
        """Move conjuncts that apply when a member is there and concern only it to *members*; return the others."""
        others = []
        for root, schema in conjuncts:
            if (
                isinstance(schema, Mapping)
                and set(schema) - _ANNOTATIONS == {"properties"}
                and set(schema["properties"]) == {name}
            ):
                members.append(_MemberSchemas(root, schema["properties"], True))
            else:
                others.append(_Conjunct(root, schema))
        return others

    def _write_members(self, members: Sequence[_MemberSchemas]) -> dict[str, Any]:
        names = dict.fromkeys(name for each in members for name in each.named)
        written: dict[str, Any] = {}
        if names:
            written["properties"] = {
                name: self._merge_once([_Conjunct(each.root, each.named.get(name, each.others)) for each in members])
                for name in names
            }
        others = self._merge_once([_Conjunct(each.root, each.others) for each in members])
        if others is not True:
            written["additionalProperties"] = others
        return written

    def _write(self, root: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
        """Write keywords with each of their subschemas merged on its own."""
        written: dict[str, Any] = {}
        for keyword, value in schema.items():
            if keyword in _ONE:
                written[keyword] = self._merge_once([_Conjunct(root, value)])
            elif keyword in _SEVERAL:
                written[keyword] = [self._merge_once([_Conjunct(root, each)]) for each in value]
            elif keyword in ("properties", "patternProperties"):
                written[keyword] = {name: self._merge_once([_Conjunct(root, each)]) for name, each in value.items()}
            else:
                written[keyword] = value
        return written

    def _merge_once(self, conjuncts: Iterable[_Conjunct]) -> Schema:
        """Return a reference to the definition of a conjunction, merged when it is needed for the first time."""
        demanding = [each for each in conjuncts if each.schema is not True]
        if not demanding:
            return True
        for each in demanding:
            if each.schema is False:
                return False
        if len(demanding) == 1 and demanding[0].root is self._base:
            self._kept.add(id(demanding[0].schema))
            return demanding[0].schema
        key = frozenset([(id(each.root), id(each.schema)) for each in demanding])
        name = self._names.get(key)
        if name is None:
            name = self._names[key] = f"{self._prefix}{len(self._names)}"
            self._bodies[name] = self.merge(demanding)
        self._uses[name] = self._uses.get(name, 0) + 1
        return {"$ref": f"#/$defs/{name}"}

    def inline(self, schema: Any) -> Any:
        """Replace references to definitions that are used once, or that hold no subschemas."""
        if isinstance(schema, list):
            return [self.inline(each) for each in schema]
        if (schema.__class__ is not dict and not isinstance(schema, Mapping)) or id(schema) in self._kept:
            return schema
        if len(schema) == 1 and "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            body = self._bodies.get(name)
            if body is not None and (self._uses[name] == 1 or _is_leaf(body)):
                return self.inline(body)
            return schema
        return {keyword: self._inline_under(keyword, value) for keyword, value in schema.items()}

    def _inline_under(self, keyword: str, value: Any) -> Any:
        if keyword in ("properties", "patternProperties", "dependentSchemas"):
            return {name: self.inline(each) for name, each in value.items()}
        return self.inline(value) if keyword in _ONE or keyword in _SEVERAL or keyword == "allOf" else value

    def definitions(self) -> dict[str, Any]:
        """Return the ``$defs`` that references are left to."""
        shared = {n: body for n, body in self._bodies.items() if self._uses[n] > 1 and not _is_leaf(body)}
        of_base = {} if self._base is None else self._base.get("$defs", {})
        return {"$defs": {**of_base, **{name: self.inline(body) for name, body in shared.items()}}}


_HANDLED = frozenset({*_OBJECT, *(key for keys in _GROUPS for key in keys)}) | {
    "$ref", "allOf", "items", "prefixItems", "dependentSchemas",
}  # fmt: skip


_NOT_MERGED_ALONE = _HANDLED | _ANNOTATIONS


def _pick(schema: Mapping[str, Any], keywords: Iterable[str]) -> dict[str, Any]:
    return {keyword: schema[keyword] for keyword in keywords if keyword in schema}


def _condition_key(schema: Mapping[str, Any]) -> str | None:
    """Return the key that a condition asks for, where it asks for nothing else and has no ``else``."""
    condition = schema.get("if")
    if not isinstance(condition, Mapping) or "else" in schema or condition.keys() != {"type", "required"}:
        return None
    required = condition["required"]
    return required[0] if condition["type"] == "object" and len(required) == 1 and "then" in schema else None


def _is_leaf(body: Schema) -> bool:
    """Return whether a schema has no subschemas."""
    if isinstance(body, bool):
        return True
    for key, value in body.items():
        if value.__class__ is str or value.__class__ is bool:
            continue
        if value.__class__ is dict or isinstance(value, Mapping):
            return False
        if isinstance(value, list) and key not in ("enum", "type", "required"):
            return False
    return True


def _add(written: dict[str, Any], separate: list[Schema], keywords: Mapping[str, Any]) -> None:
    """Add keywords that depend on each other to *written*; to *separate* where one of them is there already."""
    if written.keys().isdisjoint(keywords):
        written.update(keywords)
    elif keywords.keys() == {"required"}:
        written["required"] = list(dict.fromkeys((*written["required"], *keywords["required"])))
    elif any(written.get(key) != value for key, value in keywords.items()):
        separate.append(dict(keywords))
