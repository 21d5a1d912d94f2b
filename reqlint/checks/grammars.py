"""
Whether a server can make a grammar of the schemas in a request.

What it reads of one schema is data, the fact ``grammar`` of its profile; which schemas it comes to is the walk here,
which neither calls itself nor looks at a schema twice, however deep and wide they are.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.checks.json_schema import MAX_SUBSCHEMAS, subschemas
from reqlint.core.findings import Hit
from reqlint.core.pointer import Place, from_pointer, to_path, value_at
from reqlint.core.records import replace
from reqlint.dialects.vocabulary import Dialect

_Judged = tuple[Mapping[str, Any], Any, Any]
_compiled: dict[int, _Judged] = {}
_MOST_COMPILED = 16
"""Schemas of one schema that are kept compiled, by id, with the schema, which keeps the id its own."""


@check
def schema_beyond_grammar(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find what no grammar can be made of, in every schema that the server reads of a tool or an answer."""
    grammar = facts["grammar"]["value"] if "grammar" in facts else None
    if grammar is None:
        return
    for at, root, is_answer in _roots(request, grammar, dialect):
        flat = [_judge_of(grammar["schema"])]
        if is_answer and "answer" in grammar:
            flat.append(_judge_of(grammar["answer"]))
        for place, value in _read(root, grammar):
            part = _thin(value)
            for _, accepts, explainer in flat:
                if not accepts(part):
                    for hit in explainer.explain(part).hits:
                        whole = (*at, *place, *hit.place)
                        yield replace(hit, place=whole, facts=_worded(hit, whole), rule="")


@check
def dangling_reference(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every reference that leads nowhere: in the parameters of functions, or in all that becomes a grammar."""
    grammar = facts["grammar"]["value"] if "grammar" in facts else None
    roots: Iterable[tuple[Place, object]]
    if grammar is None:
        roots = ((tool.parameters_place, tool.parameters) for tool in dialect.tools(request))
    else:
        roots = ((at, root) for at, root, _ in _roots(request, grammar, dialect))
    for at, root in roots:
        if not isinstance(root, dict) or not any("$ref" in schema for _, schema in subschemas(root)):
            continue
        from reqlint.checks.drafts import dangling_references, described  # most schemas have no references

        read = None if grammar is None else {place for place, _ in _read(root, grammar)}
        for place, reference in dangling_references(root):
            if read is None or place[:-1] in read:
                yield Hit((*at, *place), facts=described(root, reference))


def _worded(hit: Hit, place: Place) -> Mapping[str, object]:
    """Return the facts of a hit in a schema: a schema as a whole has the name it goes by, and nothing is said twice."""
    named = {} if hit.place else {"name": to_path(place[-2:])}
    said_twice = hit.facts.get("expected") is not None and hit.facts.get("expected") == hit.facts.get("allowed")
    return {key: fact for key, fact in {**hit.facts, **named}.items() if key != "allowed" or not said_twice}


def _roots(request: Request, grammar: Mapping[str, Any], dialect: Dialect) -> Iterator[tuple[Place, object, bool]]:
    """Yield the schemas that become grammars, with their places, and whether each is that of the answer."""
    choice = request.get("tool_choice")
    word = choice.get("type") if isinstance(choice, dict) else choice
    for tool in dialect.tools(request) if request.get("tools") and word != "none" else ():
        is_read = isinstance(tool.parameters, dict) and (not grammar["strict-only"] or tool.value.get("strict") is True)
        if is_read:
            yield tool.parameters_place, tool.parameters, False
    must_call = word in ("any", "required") or (isinstance(choice, dict) and word not in ("auto", "none"))
    if grammar["calls-are-answers"] and must_call:
        return  # the answer is a call
    for place, schema, _ in dialect.answers(request):
        yield place, schema, True
    form = request.get("response_format")
    if grammar["schema-of-json-mode"] and isinstance(form, dict) and form.get("type") == "json_object":
        own = form.get("schema")
        if isinstance(own, dict):
            yield ("response_format", "schema"), own, True


def _read(root: object, grammar: Mapping[str, Any]) -> Iterator[tuple[Place, object]]:
    """Yield the root and every schema in it that the server comes to; to definitions it comes by references."""
    pending: list[tuple[Place, object]] = [((), root)]
    read: set[Place] = set()
    while pending and len(read) < MAX_SUBSCHEMAS:
        place, schema = pending.pop()
        if place in read:
            continue
        read.add(place)
        yield place, schema
        if isinstance(schema, dict):
            pending += _referred(schema, root)
            pending += [((*place, *inner), each) for inner, each in _inner(schema, grammar)][::-1]


def _referred(schema: Mapping[str, Any], root: object) -> Iterator[tuple[Place, object]]:
    """Yield the schema in *root* that one refers to, if it does."""
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/"):
        from urllib.parse import unquote  # slow to import, and most schemas have no references

        with suppress(LookupError):  # which leads nowhere; that is another rule
            place = from_pointer(unquote(reference[1:]), root)
            yield place, value_at(root, place)


def _inner(schema: Mapping[str, Any], grammar: Mapping[str, Any]) -> Iterator[tuple[Place, object]]:
    """Yield the schemas directly inside one that are read: of the ways to say what is taken, the first one counts."""
    is_reference = "$ref" in schema
    if not is_reference or grammar["all-of-beside-reference"]:
        yield from _listed(schema, "allOf")
    if is_reference:
        return
    if "anyOf" in schema or "oneOf" in schema:
        yield from _listed(schema, "anyOf")
        yield from _listed(schema, "oneOf")
    elif "enum" not in schema and "const" not in schema:
        types = schema.get("type")
        if _may_be(types, "object"):
            yield from _named(schema, "properties")
            yield from _one(schema, "additionalProperties")
        if _may_be(types, "array"):
            yield from _one(schema, "items")
            if grammar["lists-of-items"]:
                yield from _listed(schema, "items")
            yield from _listed(schema, "prefixItems")


def _may_be(types: object, kind: str) -> bool:
    return types is None or types == kind or (isinstance(types, list) and kind in types)


def _named(schema: Mapping[str, Any], keyword: str) -> Iterator[tuple[Place, object]]:
    members = schema.get(keyword)
    if isinstance(members, dict):
        yield from (((keyword, name), each) for name, each in members.items())


def _listed(schema: Mapping[str, Any], keyword: str) -> Iterator[tuple[Place, object]]:
    members = schema.get(keyword)
    if isinstance(members, list):
        yield from (((keyword, index), each) for index, each in enumerate(members))


def _one(schema: Mapping[str, Any], keyword: str) -> Iterator[tuple[Place, object]]:
    if isinstance(schema.get(keyword), dict):
        yield (keyword,), schema[keyword]


def _thin(value: object) -> object:
    """Return a schema without what is in its members: those are judged by themselves."""
    return {key: _emptied(each) for key, each in value.items()} if isinstance(value, dict) else _emptied(value)


def _emptied(value: object) -> object:
    if isinstance(value, dict):
        return {}
    if isinstance(value, list):
        return [[] if isinstance(each, list) else {} if isinstance(each, dict) else each for each in value]
    return value


def _judge_of(schema: Mapping[str, Any]) -> _Judged:
    """Return *schema* with what accepts values by it and what explains why it does not, compiled once."""
    from reqlint.schema.explain import Explainer
    from reqlint.schema.validators import compile_gate

    known = _compiled.get(id(schema))
    if known is None:
        if len(_compiled) >= _MOST_COMPILED:
            _compiled.clear()
        whole = {"$id": f"reqlint:grammar-{id(schema)}", **schema}
        known = _compiled[id(schema)] = (schema, compile_gate([whole]), Explainer(whole, ()))
    return known
