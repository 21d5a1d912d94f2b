"""Many tools, and many members of their schemas."""

from benchmarks.dimensions.kind import Json, hello, in_json, with_schema, with_tools

_TEXT = {"type": "string"}


def _object(properties: object, **more: object) -> Json:
    return {"type": "object", "properties": properties, **more}


def _texts(numbers: range) -> Json:
    return {f"p{n}": _TEXT for n in numbers}


def _closed(numbers: range) -> Json:
    """Return the schema of an object as strict mode wants it."""
    return _object(_texts(numbers), required=[f"p{n}" for n in numbers], additionalProperties=False)


def _nested(levels: int, number: int) -> Json:
    schema: Json = {"type": "string", "description": str(number)}
    for _ in range(levels):
        schema = _object({"a": schema})
    return schema


DIMENSIONS = (
    in_json(
        "tools", lambda numbers: with_tools(*({"name": f"f{n}", "parameters": _object({"a": _TEXT})} for n in numbers))
    ),
    in_json(
        "tools with malformed names", lambda numbers: with_tools(*({"name": f"f {n}"} for n in numbers)), size=2500
    ),
    in_json("tools of one name", lambda numbers: with_tools(*({"name": "f", "description": str(n)} for n in numbers))),
    in_json(
        "tools of one name, spelt differently",
        lambda numbers: with_tools(*({"name": f"{'fF'[n % 2]}{n // 2}"} for n in numbers)),
    ),
    in_json("tools without a name", lambda numbers: with_tools(*({"description": str(n)} for n in numbers))),
    in_json("tools of an unknown type", lambda numbers: hello(tools=[{"type": f"t{n}"} for n in numbers])),
    in_json(
        "tools that are strict and open",
        lambda numbers: with_tools(
            *({"name": f"f{n}", "strict": True, "parameters": _object({"a": _TEXT})} for n in numbers)
        ),
        size=2500,
    ),
    in_json(
        "unknown fields of a function", lambda numbers: with_tools({"name": "f", **{f"field{n}": n for n in numbers}})
    ),
    in_json(
        "names in required that are no property",
        lambda numbers: with_schema(_object({}, required=[f"p{n}" for n in numbers])),
    ),
    in_json(
        "one name in required",
        lambda numbers: with_schema(
            _object({f"p{numbers.start}": _TEXT}, required=[f"p{numbers.start}"] * len(numbers))
        ),
    ),
    in_json("objects in required", lambda numbers: with_schema(_object({}, required=[{"a": n} for n in numbers]))),
    in_json("properties", lambda numbers: with_schema(_object(_texts(numbers)))),
    in_json("properties of a strict tool", lambda numbers: with_schema(_closed(numbers), strict=True)),
    in_json(
        "properties that are not required in a strict tool",
        lambda numbers: with_schema(_object(_texts(numbers), required=[]), strict=True),
    ),
    in_json(
        "arrays without items", lambda numbers: with_schema(_object({f"a{n}": {"type": "array"} for n in numbers}))
    ),
    in_json(
        "properties of unknown types",
        lambda numbers: with_schema(_object({f"a{n}": {"type": f"t{n}"} for n in numbers})),
    ),
    in_json(
        "properties with a malformed pattern",
        lambda numbers: with_schema(_object({f"a{n}": {**_TEXT, "pattern": f"({n}"} for n in numbers})),
    ),
    in_json(
        "properties with an unsupported keyword in a strict tool",
        lambda numbers: with_schema(_object({f"a{n}": {**_TEXT, "minLength": n} for n in numbers}), strict=True),
    ),
    in_json(
        "values of one enum", lambda numbers: with_schema(_object({"a": {**_TEXT, "enum": [f"v{n}" for n in numbers]}}))
    ),
    in_json("objects in one enum", lambda numbers: with_schema(_object({"a": {"enum": [{"a": n} for n in numbers]}}))),
    in_json(
        "one value in an enum", lambda numbers: with_schema(_object({"a": {"enum": [numbers.start] * len(numbers)}}))
    ),
    in_json(
        "values of one enum in a strict tool",
        lambda numbers: with_schema(
            _object({"a": {**_TEXT, "enum": [f"v{n}" for n in numbers]}}, required=["a"], additionalProperties=False),
            strict=True,
        ),
    ),
    in_json(
        "branches of anyOf",
        lambda numbers: with_schema(
            _object({"a": {"anyOf": [{"type": "string", "description": str(n)} for n in numbers]}})
        ),
    ),
    in_json(
        "branches of anyOf in a strict tool",
        lambda numbers: with_schema(
            _object({"a": {"anyOf": [_object({f"b{n}": _TEXT}) for n in numbers]}}), strict=True
        ),
    ),
    in_json("numbers in anyOf", lambda numbers: with_schema(_object({"a": {"anyOf": [*numbers]}}))),
    in_json(
        "branches of allOf in a strict tool",
        lambda numbers: with_schema(
            _object({"a": {"allOf": [{**_TEXT, "title": str(n)} for n in numbers]}}), strict=True
        ),
    ),
    in_json("definitions", lambda numbers: with_schema(_object({}, **{"$defs": {f"d{n}": _TEXT for n in numbers}}))),
    in_json(
        "definitions, each referred to",
        lambda numbers: with_schema(
            _object(
                {f"p{n}": {"$ref": f"#/$defs/d{n}"} for n in numbers}, **{"$defs": {f"d{n}": _TEXT for n in numbers}}
            )
        ),
    ),
    in_json(
        "definitions, each referring to the next",
        lambda numbers: with_schema(
            _object(
                {"a": {"$ref": f"#/$defs/d{numbers.start}"}},
                **{"$defs": {f"d{n}": _object({"a": {"$ref": f"#/$defs/d{n + 1}"}}) for n in numbers}},
            )
        ),
    ),
    in_json(
        "definitions in a chain, strict",
        lambda numbers: with_schema(
            _object(
                {"a": {"$ref": f"#/$defs/d{numbers.start}"}},
                **{"$defs": {f"d{n}": _object({"a": {"$ref": f"#/$defs/d{n + 1}"}}) for n in numbers}},
            ),
            strict=True,
        ),
    ),
    in_json(
        "references to one definition",
        lambda numbers: with_schema(
            _object({f"p{n}": {"$ref": "#/$defs/d"} for n in numbers}, **{"$defs": {"d": _object({"a": _TEXT})}}),
            strict=True,
        ),
    ),
    in_json(
        "references to nowhere",
        lambda numbers: with_schema(_object({f"p{n}": {"$ref": f"#/$defs/d{n}"} for n in numbers})),
    ),
    in_json(
        "references to nowhere in a strict tool",
        lambda numbers: with_schema(_object({f"p{n}": {"$ref": f"#/$defs/d{n}"} for n in numbers}), strict=True),
    ),
    in_json(
        "deep schemas",
        lambda numbers: with_tools(*({"name": f"f{n}", "parameters": _nested(40, n)} for n in numbers)),
        size=250,
    ),
    in_json(
        "deep schemas of strict tools",
        lambda numbers: with_tools(*({"name": f"f{n}", "strict": True, "parameters": _nested(40, n)} for n in numbers)),
        size=100,
    ),
    in_json(
        "properties of a response format",
        lambda numbers: hello(
            response_format={
                "type": "json_schema",
                "json_schema": {"name": "r", "strict": True, "schema": _object(_texts(numbers))},
            }
        ),
    ),
)
