"""The kinds of remedies that turn what Chat Completions has into what the Responses API has, and back."""

from collections.abc import Mapping

from reqlint.core.findings import Unfixed
from reqlint.core.pointer import Place
from reqlint.fixes.case import FixCase, FixPlan
from reqlint.text.changes import Add, Change, Remove, Rename, Replace, Unwrap, Wrap

_INTO = {"reasoning_effort": ("reasoning", "effort"), "verbosity": ("text", "verbosity")}
_LIMITS = ("max_tokens", "max_completion_tokens")


def flatten_member(case: FixCase) -> FixPlan | Unfixed | None:
    """Move the members of the object under the remedy's key up, into the object at the hit."""
    owner, key = case.value, str(case.remedy.key)
    inner = owner.get(key) if isinstance(owner, Mapping) else None
    if not isinstance(owner, Mapping) or not isinstance(inner, Mapping) or not inner:
        return None
    if any(each in owner for each in inner):
        return Unfixed.CLASH
    return FixPlan(f"move the members of {key} up one level", [Unwrap((*case.hit.place, key))])


def chat_parameter(case: FixCase) -> FixPlan | Unfixed | None:
    """Rename a parameter of Chat Completions, or move it into the object that holds it here."""
    if case.key in _LIMITS:
        return _renamed(case, "max_output_tokens")
    if case.key == "messages":
        return _renamed(case, "input", _parts_of(case.hit.place, case.value))
    if case.key in _INTO:
        return _moved(case, *_INTO[case.key])
    return _answer_format(case) if case.key == "response_format" else None


def _renamed(case: FixCase, key: str, more: list[Change] | None = None) -> FixPlan | Unfixed:
    others = [each for each in _LIMITS if isinstance(case.parent, Mapping) and each in case.parent and each != case.key]
    if isinstance(case.parent, Mapping) and (key in case.parent or (case.key in _LIMITS and others)):
        return Unfixed.CLASH
    return FixPlan(f"rename the key to {key}", [Rename(case.hit.place, key), *(more or ())])


def _moved(case: FixCase, owner: str, key: str) -> FixPlan | Unfixed | None:
    """Return the plan that puts the value at the hit under *key* of the parameter *owner*, which may be missing."""
    if not isinstance(case.parent, Mapping) or isinstance(case.value, Mapping | list):
        return None
    target = case.parent.get(owner)
    words = f"move it to {owner}.{key}"
    if owner not in case.parent:
        if owner == "text" and "response_format" in case.parent:
            return None  # which becomes text itself; then there is one to move into
        return FixPlan(words, [Rename(case.hit.place, owner), Wrap(case.hit.place, key)])
    if not isinstance(target, Mapping):
        return None
    if key in target:
        return Unfixed.CLASH
    return FixPlan(words, [Remove(case.hit.place), Add((*case.hit.place[:-1], owner), key, case.value)])


def _answer_format(case: FixCase) -> FixPlan | Unfixed | None:
    answer, parent, place = case.value, case.parent, case.hit.place
    if not isinstance(answer, Mapping) or not isinstance(parent, Mapping):
        return None
    described = answer.get("json_schema")
    is_nested = isinstance(described, Mapping) and answer.keys() == {"type", "json_schema"}
    if "json_schema" in answer and (not is_nested or not isinstance(described, Mapping) or "type" in described):
        return None
    words = "move it to text.format"
    if "text" not in parent:
        flat: list[Change] = [Unwrap((*place, "json_schema"))] if is_nested else []
        return FixPlan(words, [Rename(place, "text"), Wrap(place, "format"), *flat])
    if not isinstance(parent["text"], Mapping):
        return None
    if "format" in parent["text"]:
        return Unfixed.CLASH
    written = {**answer, **described} if isinstance(described, Mapping) else dict(answer)
    written.pop("json_schema", None)
    return FixPlan(words, [Remove(place), Add((*place[:-1], "text"), "format", written)])


def to_responses_part(case: FixCase) -> FixPlan | Unfixed | None:
    """Write a content part, or the address of its picture, in the form that it has here."""
    if case.key == "image_url":
        changes = _picture(case.hit.place, case.value, case.parent)
        return FixPlan("write the address as the value of image_url", changes) if changes else None
    changes = _part(case.hit.place[:-1], case.parent, str(case.hit.facts.get("replacement")))
    return FixPlan(f"write it as {case.hit.facts.get('replacement')}", changes) if changes else None


def _parts_of(place: Place, messages: object) -> list[Change]:
    """Return the changes that content parts of *messages* need to be those of items."""
    changes: list[Change] = []
    for index, message in enumerate(messages if isinstance(messages, list) else ()):
        content = message.get("content") if isinstance(message, Mapping) else None
        text = "output_text" if content and message.get("role") == "assistant" else "input_text"
        kinds = {"text": text, "image_url": "input_image", "file": "input_file"}
        for number, part in enumerate(content if isinstance(content, list) else ()):
            kind = part.get("type") if isinstance(part, Mapping) else None
            if isinstance(kind, str) and kind in kinds:
                changes += _part((*place, index, "content", number), part, kinds[kind]) or ()
    return changes


def _part(place: Place, part: object, kind: str) -> list[Change] | None:
    """Return the changes that make a content part one of *kind*; None if it has more or other members than expected."""
    if not isinstance(part, Mapping):
        return None
    to_type: list[Change] = [Replace((*place, "type"), kind)]
    if kind in ("input_text", "output_text"):
        return to_type if part.keys() == {"type", "text"} or part.get("type") in ("input_text", "output_text") else None
    if kind == "input_image" and part.keys() == {"type", "image_url"}:
        picture = _picture((*place, "image_url"), part["image_url"], part)
        return [*to_type, *picture] if picture else to_type if isinstance(part["image_url"], str) else None
    if kind == "input_file" and part.keys() == {"type", "file"}:
        file = part["file"]
        return (
            [*to_type, Unwrap((*place, "file"))] if isinstance(file, Mapping) and file and "type" not in file else None
        )
    return None


def _picture(place: Place, picture: object, part: object) -> list[Change] | None:
    if not isinstance(picture, Mapping) or not isinstance(part, Mapping) or not isinstance(picture.get("url"), str):
        return None
    if not picture.keys() <= {"url", "detail"} or ("detail" in picture and "detail" in part):
        return None
    changes: list[Change] = [Replace(place, picture["url"])]
    if "detail" in picture:
        changes.append(Add(place[:-1], "detail", picture["detail"]))
    return changes


def to_call_output(case: FixCase) -> FixPlan | None:
    """Write a tool message of Chat Completions as the output of a call."""
    message, place = case.parent, case.hit.place[:-1]
    if not isinstance(message, Mapping) or not isinstance(message.get("content"), str) or "type" in message:
        return None
    if message.keys() != {"role", "tool_call_id", "content"} or message["role"] != "tool":
        return None
    changes: list[Change] = [
        Rename((*place, "role"), "type"),
        Replace((*place, "role"), "function_call_output"),
        Rename((*place, "tool_call_id"), "call_id"),
        Rename((*place, "content"), "output"),
    ]
    return FixPlan("write it as the output of the call", changes)


def to_chat_part(case: FixCase) -> FixPlan | None:
    """Write a content part of the Responses API as one of Chat Completions."""
    part, place, kind = case.parent, case.hit.place[:-1], str(case.hit.facts.get("replacement"))
    if not isinstance(part, Mapping):
        return None
    changes: list[Change] = [Replace((*place, "type"), kind)]
    if kind == "image_url" and part.keys() == {"type", "image_url"} and isinstance(part["image_url"], str):
        changes.append(Wrap((*place, "image_url"), "url"))
    elif kind != "text" or part.keys() != {"type", "text"}:
        return None
    return FixPlan(f"write it as {kind}", changes)


def nest_name(case: FixCase) -> FixPlan | None:
    """Put the name of a chosen function into an object under the key function."""
    choice, place = case.value, (*case.hit.place, "name")
    if not isinstance(choice, Mapping) or choice.keys() != {"type", "name"}:
        return None
    return FixPlan("move name into function", [Rename(place, "function"), Wrap(place, "name")])
