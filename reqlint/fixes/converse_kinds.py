"""The kinds of remedies that give a request to Bedrock's Converse its form, where it has that of another API."""

from collections.abc import Mapping

from reqlint.core.findings import Unfixed
from reqlint.fixes.case import FixCase, FixPlan
from reqlint.text.changes import Add, Change, Remove, Rename, Replace, Unwrap, Wrap

_CHOICES = {"any": "any", "auto": "auto", "required": "any"}
_SCHEMAS = ("input_schema", "parameters")


def text_to_blocks(case: FixCase) -> FixPlan | None:
    """Make a block of a text, and a list of the only block."""
    value, place = case.value, case.hit.place
    if isinstance(value, str) and value.strip():  # a blank block would be refused as well
        if isinstance(case.parent, list):
            return FixPlan("write it as a text block", [Wrap(place, "text")])
        return FixPlan("write it as a list of one text block", [Replace(place, [{"text": value}])])
    if isinstance(value, Mapping) and value and not isinstance(case.parent, list):
        return FixPlan("put it into a list", [Replace(place, [value])])
    return None


def into_inference_config(case: FixCase) -> FixPlan | Unfixed | None:
    """Move a setting into inferenceConfig; where there is none, the first setting takes the others along."""
    from reqlint.dialects.bedrock_converse_marks import MEMBER_OF_SETTING  # only for a request of this shape

    request = case.request
    if not isinstance(request, Mapping) or case.key not in MEMBER_OF_SETTING:
        return None
    into = "inferenceConfig"
    if isinstance(config := request.get(into), Mapping):
        name = MEMBER_OF_SETTING[case.key]
        if name in config:
            return Unfixed.CLASH
        moved: list[Change] = [Remove(case.hit.place), Add((*case.base, into), name, _as_list(name, case.value))]
        return FixPlan(f"move it into {into} as {name}", moved)
    settings = [key for key in request if key in MEMBER_OF_SETTING]
    if into in request or settings[:1] != [case.key]:
        return Unfixed.CLASH  # of which the fix of the first setting takes care
    members = {MEMBER_OF_SETTING[key]: _as_list(MEMBER_OF_SETTING[key], request[key]) for key in settings}
    if len(members) < len(settings):
        return Unfixed.CLASH
    changes: list[Change] = [Remove((*case.base, key)) for key in settings[1:]]
    return FixPlan(f"move it into {into}", [Replace(case.hit.place, members), Rename(case.hit.place, into), *changes])


def _as_list(name: str, value: object) -> object:
    """Return the value of a setting, which may be a single text where other APIs take one."""
    return [value] if name == "stopSequences" and isinstance(value, str) else value


def to_tool_spec(case: FixCase) -> FixPlan | None:
    """Put a tool of Anthropic or Chat Completions under toolSpec, with its schema under inputSchema and json."""
    tool, place = case.value, case.hit.place
    if not isinstance(tool, Mapping) or tool.get("type") not in (None, "function", "custom"):
        return None  # a tool that the service of the other API runs itself
    function, at = tool.get("function"), place
    changes: list[Change] = [Remove((*place, "type"))] if "type" in tool else []
    if isinstance(function, Mapping):
        if not function.keys().isdisjoint(tool.keys()):
            return None
        at = (*place, "function")
        changes.append(Unwrap(at))
        tool = function
    schema = next((key for key in _SCHEMAS if isinstance(tool.get(key), Mapping)), None)
    if schema is None or "inputSchema" in tool:
        return None  # without a schema, one would have to be made up
    changes += [Wrap((*at, schema), "json"), Rename((*at, schema), "inputSchema"), Wrap(place, "toolSpec")]
    return FixPlan("write it as a toolSpec", changes)


def to_converse_choice(case: FixCase) -> FixPlan | None:
    """Write a choice of Anthropic or Chat Completions as the one member that it has here."""
    choice = case.value
    word = choice.get("type") if isinstance(choice, Mapping) else choice
    written: object = {_CHOICES[word]: {}} if isinstance(word, str) and word in _CHOICES else None
    if isinstance(choice, Mapping) and word in ("function", "tool"):
        named = choice.get("function", choice)
        name = named.get("name") if isinstance(named, Mapping) else None
        written = {"tool": {"name": name}} if isinstance(name, str) else None
    return FixPlan("write it as this API takes it", [Replace(case.hit.place, written)]) if written else None
