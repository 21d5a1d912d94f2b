"""Whether the tools of a generateContent request, and what is said of their use, go together."""

from collections.abc import Iterator, Mapping
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.checks.gemini_models import is_one_of, written_id
from reqlint.core.findings import Hit, Part, Severity
from reqlint.core.pointer import Place
from reqlint.dialects.gemini_generate import calling_config, declarations
from reqlint.dialects.protobuf_members import child, listed, member, spelling
from reqlint.dialects.vocabulary import Dialect

_FUNCTIONS = "functionDeclarations"
_KINDS = (
    _FUNCTIONS, "googleSearch", "googleSearchRetrieval", "googleMaps", "codeExecution", "urlContext", "computerUse",
    "fileSearch", "mcpServers", "retrieval", "enterpriseWebSearch", "exaAiSearch", "parallelAiSearch",
)  # fmt: skip
"""The keys of a tool, each of which is a kind."""
_BUILT_IN = ("googleSearch", "googleSearchRetrieval", "googleMaps", "codeExecution", "urlContext", "fileSearch")
"""Those that the server runs itself, and that its refusals of a mixture name."""
_PAIRS = (("parameters", "parametersJsonSchema"), ("response", "responseJsonSchema"))
_MODES_WITH_NAMES = ("ANY", "VALIDATED")
_MOST = 512


@check
def tool_without_kind(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every tool that is no tool: an empty object, or one with an empty list of functions."""
    for place, tool in listed(request, "tools", ()):
        if not any(_has(tool, kind) for kind in _KINDS) and set(tool) <= {_FUNCTIONS, "function_declarations"}:
            yield Hit(place)


@check
def several_kinds_in_tool(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every tool object that is several tools."""
    for place, tool in listed(request, "tools", ()):
        kinds = [spelling(tool, kind) for kind in _KINDS if _has(tool, kind)]
        if len(kinds) > 1:
            yield Hit(place, facts={"fields": kinds})


@check
def functions_with_built_in_tool(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the first tool of the server's own beside functions, where nothing says that its calls are to be shown."""
    config, _ = child(request, "toolConfig", ())
    if not any(True for _ in declarations(request)) or member(config, "includeServerSideToolInvocations") is True:
        return
    for place, tool in listed(request, "tools", ()):
        kind = next((kind for kind in _BUILT_IN if _has(tool, kind)), None)
        if kind is not None:
            is_known = is_one_of(request, facts, "functions-or-built-in-tools")
            severity = None if is_known else Severity.WARNING
            yield Hit((*place, spelling(tool, kind)), Part.KEY, {"name": spelling(tool, kind)}, severity=severity)
            return


@check
def server_tool_calls_on_older_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the wish to see the calls of the server's own tools when the model cannot show them."""
    config, place = child(request, "toolConfig", ())
    key = spelling(config, "includeServerSideToolInvocations")
    if config.get(key) is True and is_one_of(request, facts, "before-gemini-3"):
        yield Hit((*place, key), Part.KEY, {"model": written_id(request)})


@check
def calling_config_without_functions(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find what says whether functions are called when there are none."""
    config, place = calling_config(request)
    if config and not any(True for _ in declarations(request)):
        yield Hit(place, Part.KEY)


@check
def allowed_names_in_another_mode(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the names of allowed functions when the mode does not make the model call one of them."""
    config, place = calling_config(request)
    key, mode = spelling(config, "allowedFunctionNames"), config.get("mode")
    shown = mode if isinstance(mode, str) else "AUTO"
    if config.get(key) and shown.upper() not in _MODES_WITH_NAMES:
        yield Hit((*place, key), Part.KEY, {"value": shown})


@check
def two_schemas_of_a_function(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every function whose parameters, or whose response, have a schema in both forms."""
    for place, function in declarations(request):
        for own, json in _PAIRS:
            if member(function, own) is not None and member(function, json) is not None:
                written = spelling(function, json)
                yield Hit((*place, written), Part.KEY, {"name": written, "first": own})


@check
def too_many_declarations(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the function that is one too many, of all tools together."""
    most = facts.get("most-functions", {}).get("value", _MOST)
    all_of_them = list(declarations(request))
    if len(all_of_them) > most:
        severity = None if len(all_of_them) > _MOST else Severity.WARNING
        yield Hit(all_of_them[most][0], facts={"count": len(all_of_them), "most": most}, severity=severity)


@check
def unresolved_json_schema_reference(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every reference in a JSON Schema, of a function or of the answer, that leads nowhere."""
    for place, schema in _json_schemas(request):
        from reqlint.checks.drafts import (
            dangling_references,
            described,
        )  # not needed where a proof speaks for all schemas

        for inside, reference in dangling_references(schema):
            yield Hit((*place, *inside), facts=described(schema, reference))


def _json_schemas(request: Request) -> Iterator[tuple[Place, dict[str, Any]]]:
    for place, function in declarations(request):
        for _, key in _PAIRS:
            yield from _objects(function, key, place)
    config, place = child(request, "generationConfig", ())
    yield from _objects(config, "responseJsonSchema", place)


def _objects(owner: Mapping[str, Any], key: str, place: Place) -> Iterator[tuple[Place, dict[str, Any]]]:
    written = spelling(owner, key)
    if isinstance(owner.get(written), dict):
        yield (*place, written), owner[written]


def _has(tool: Mapping[str, Any], kind: str) -> bool:
    """Return whether a tool is of a kind; an empty list of functions counts for none, an empty object for one."""
    return member(tool, kind) not in (None, [])
