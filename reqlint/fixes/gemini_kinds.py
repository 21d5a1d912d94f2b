"""The kinds of remedies that give a generateContent request its form, where it has that of another API."""

from collections.abc import Mapping
from typing import Any

from reqlint.core.findings import Unfixed
from reqlint.fixes.case import FixCase, FixPlan
from reqlint.text.changes import Add, Change, Remove, Rename, Replace


def move_into_config(case: FixCase) -> FixPlan | Unfixed | None:
    """Move a setting into generationConfig; where there is none, the first setting takes the others along."""
    from reqlint.checks.gemini_foreign import PLACE_OF_SETTING  # only for a request of this shape
    from reqlint.dialects.protobuf_members import spelling

    request = case.request
    if not isinstance(request, Mapping) or case.key not in PLACE_OF_SETTING:
        return None
    into = spelling(request, "generationConfig")
    if isinstance(config := request.get(into), Mapping):
        name = PLACE_OF_SETTING[case.key]
        if spelling(config, name) in config:
            return Unfixed.CLASH
        moved: list[Change] = [Remove(case.hit.place), Add((*case.base, into), name, _as_list(name, case.value))]
        return FixPlan(f"move it into {into} as {name}", moved)
    settings = [key for key in request if key in PLACE_OF_SETTING and request[key] is not None]
    if into in request or settings[:1] != [case.key]:
        return Unfixed.CLASH  # of which the fix of the first setting takes care
    members = {PLACE_OF_SETTING[key]: _as_list(PLACE_OF_SETTING[key], request[key]) for key in settings}
    if len(members) < len(settings):
        return Unfixed.CLASH
    changes: list[Change] = [Remove((*case.base, key)) for key in settings]
    return FixPlan(f"move it into {into}", [*changes, Add(case.base, into, members)])


def _as_list(name: str, value: object) -> object:
    """Return the value of a setting, which may be a single text where other APIs take one."""
    return [value] if name == "stopSequences" and isinstance(value, str) else value


def wrap_instruction(case: FixCase) -> FixPlan | Unfixed | None:
    """Put a text into the parts of systemInstruction, and under that key."""
    from reqlint.dialects.protobuf_members import spelling

    if not isinstance(case.value, str) or not isinstance(case.request, Mapping):
        return None
    changes: list[Change] = [Replace(case.hit.place, {"parts": [{"text": case.value}]})]
    if case.key not in ("systemInstruction", "system_instruction"):
        if spelling(case.request, "systemInstruction") in case.request:
            return Unfixed.CLASH
        changes.append(Rename(case.hit.place, "systemInstruction"))
    return FixPlan("write it as systemInstruction with a part", changes)


def content_to_parts(case: FixCase) -> FixPlan | None:
    """Write the content of every turn as parts, where all contents are texts or lists of such."""
    contents = case.value
    changes: list[Change] = []
    for index, turn in enumerate(contents if isinstance(contents, list) else ()):
        if not isinstance(turn, Mapping) or "content" not in turn or "parts" in turn:
            continue
        parts = _as_parts(turn["content"])
        if parts is None:
            return None
        place = (*case.hit.place, index, "content")
        changes += [Replace(place, parts), Rename(place, "parts")]
        if turn.get("role") == "assistant":
            changes.append(Replace((*case.hit.place, index, "role"), "model"))
    return FixPlan("write content as parts", changes) if changes else None


def _as_parts(content: object) -> list[dict[str, Any]] | None:
    if isinstance(content, str):
        return [{"text": content}]
    parts: list[dict[str, Any]] = []
    for part in content if isinstance(content, list) else (None,):
        text = part.get("text") if isinstance(part, Mapping) and part.keys() <= {"type", "text"} else None
        if not isinstance(text, str):
            return None
        parts.append({"text": text})
    return parts


def drop_part_type(case: FixCase) -> FixPlan | None:
    """Remove the type of a part that has its text as this API wants it."""
    part = case.value
    if isinstance(part, Mapping) and part.keys() == {"type", "text"} and part["type"] in ("text", "input_text"):
        return FixPlan("remove type", [Remove((*case.hit.place, "type"))])
    return None


def declare_function(case: FixCase) -> FixPlan | None:
    """Write a function that is a tool of its own as a declaration, with its schema as the JSON Schema that it is."""
    from reqlint.checks.gemini_foreign import declaration_of

    declaration = declaration_of(case.value) if isinstance(case.value, Mapping) else None
    if declaration is None:
        return None
    return FixPlan(
        "write it as a function declaration", [Replace(case.hit.place, {"functionDeclarations": [declaration]})]
    )
