"""The kinds of remedies that a rule can name, one function each: the changes that would settle a hit."""

import re
from collections.abc import Callable, Mapping
from json import dumps, loads

from reqlint.core.findings import Part, Unfixed
from reqlint.core.pointer import value_at
from reqlint.fixes.case import FixCase, FixPlan
from reqlint.fixes.claude_kinds import claude_tool, claude_tool_choice, strip_end
from reqlint.fixes.converse_kinds import into_inference_config, text_to_blocks, to_converse_choice, to_tool_spec
from reqlint.fixes.gemini_kinds import (
    content_to_parts,
    declare_function,
    drop_part_type,
    move_into_config,
    wrap_instruction,
)
from reqlint.fixes.media_kinds import strip_data_url, to_data_url
from reqlint.fixes.responses_kinds import (
    chat_parameter,
    flatten_member,
    nest_name,
    to_call_output,
    to_chat_part,
    to_responses_part,
)
from reqlint.fixes.tool_kinds import complete_required, functions_to_tools, insert_type, rename_function
from reqlint.knowledge.field_owners import field_owner
from reqlint.schema.wrong_values import is_json_object
from reqlint.text.changes import Add, Quote, Remove, Rename, Replace, Unwrap, Wrap


def _rename_key(case: FixCase) -> FixPlan | Unfixed | None:
    key = case.remedy.key
    if key is None and case.hit.facts.get("close") == 0:
        return Unfixed.CLASH
    if key is None and case.hit.facts.get("close") == 1:
        inside = case.hit.place[len(case.base) : -1]
        if field_owner(case.key, case.profile, inside) is None:  # otherwise it is another API's field, no misspelling
            key = str(case.hit.facts["suggestion"])
    if key is None or not isinstance(case.parent, Mapping):
        return None
    if key in case.parent:
        return Unfixed.CLASH
    return FixPlan(f"rename the key to {key}", [Rename(case.hit.place, key)])


def _convert_value(case: FixCase) -> FixPlan | None:
    value, expected = case.value, str(case.hit.facts.get("expected", ""))
    if not isinstance(value, str):
        return None
    if value in ("true", "false") and "false" in expected:
        return FixPlan(f"write {value} without quotes", [Replace(case.hit.place, value == "true")])
    pattern = _INTEGER if "an integer" in expected else _NUMBER if "a number" in expected else None
    if pattern and pattern.match(value):
        return FixPlan("write the number without quotes", [Replace(case.hit.place, loads(value))])
    return None


# Numbers that a double holds exactly, so that every reader gets the number that is spelled.
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})\Z")
_NUMBER = re.compile(r"(?=.{1,16}\Z)-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?\Z")


def _to_json_text(case: FixCase) -> FixPlan | None:
    if isinstance(case.value, Mapping):
        written = dumps(case.value, ensure_ascii=False)
        return FixPlan("write it as JSON in a string", [Replace(case.hit.place, written)])
    return None


def _from_json_text(case: FixCase) -> FixPlan | None:
    if isinstance(case.value, str) and is_json_object(case.value):
        return FixPlan("write the object itself", [Replace(case.hit.place, loads(case.value))])
    return None


def _lower_case(case: FixCase) -> FixPlan | None:
    value, allowed = case.value, case.hit.facts.get("allowed")
    if isinstance(value, str) and isinstance(allowed, list) and value.lower() in allowed:
        return FixPlan(f'write it as "{value.lower()}"', [Replace(case.hit.place, value.lower())])
    return None


def _replace_value(case: FixCase) -> FixPlan | None:
    return FixPlan(f"write {dumps(case.remedy.value)}", [Replace(case.hit.place, case.remedy.value)])


def _remove_member(case: FixCase) -> FixPlan | None:
    if isinstance(case.parent, Mapping):
        return FixPlan(f"remove {case.key}", [Remove(case.hit.place)])
    return None


def _set_member(case: FixCase) -> FixPlan | None:
    """Add a member to the object at the hit; or flip the boolean at the hit if it is that member."""
    key, value, place = str(case.remedy.key), case.remedy.value, case.hit.place
    if case.key == key and isinstance(case.value, bool):
        return FixPlan(f"set {key} to {dumps(value)}", [Replace(place, value)])
    if case.key != key and isinstance(case.value, Mapping) and key not in case.value:
        return FixPlan(f'add "{key}": {dumps(value)}', [Add(place, key, value)])
    return None


def _wrap_value(case: FixCase) -> FixPlan | None:
    key = str(case.remedy.key)
    return FixPlan(f"wrap it in an object under {key}", [Wrap(case.hit.place, key)])


def _unwrap_member(case: FixCase) -> FixPlan | Unfixed | None:
    value, parent = case.value, case.parent
    if case.remedy.key not in (None, case.key) or not isinstance(value, Mapping) or not isinstance(parent, Mapping):
        return None
    if any(key in parent and key != case.key for key in value) or case.key in value:
        return Unfixed.CLASH
    description = f"move the members of {case.key} up one level" if value else f"remove {case.key}"
    return FixPlan(description, [Unwrap(case.hit.place)])


def _move_member(case: FixCase) -> FixPlan | None:
    into = (*case.hit.place[:-1], str(case.remedy.key))
    target, value = value_at(case.root, into), case.value
    if not isinstance(target, Mapping) or case.key in target or isinstance(value, Mapping | list | str):
        return None
    return FixPlan(f"move {case.key} into {case.remedy.key}", [Remove(case.hit.place), Add(into, case.key, value)])


def _quote_scalar(case: FixCase) -> FixPlan | None:
    is_key = case.hit.part is Part.KEY
    if not is_key and not isinstance(case.value, str):
        return None  # read as a number or the like here, so whether the author meant a string is unknown
    return FixPlan("put it in quotes", [Quote(case.hit.place, is_key)])


KINDS: Mapping[str, Callable[[FixCase], FixPlan | Unfixed | None]] = {
    "rename-key": _rename_key,
    "convert-value": _convert_value,
    "to-json-text": _to_json_text,
    "from-json-text": _from_json_text,
    "lower-case": _lower_case,
    "replace-value": _replace_value,
    "remove-member": _remove_member,
    "set-member": _set_member,
    "insert-type": insert_type,
    "wrap-value": _wrap_value,
    "unwrap-member": _unwrap_member,
    "move-member": _move_member,
    "quote-scalar": _quote_scalar,
    "text-to-blocks": text_to_blocks,
    "into-inference-config": into_inference_config,
    "to-tool-spec": to_tool_spec,
    "to-converse-choice": to_converse_choice,
    "rename-function": rename_function,
    "complete-required": complete_required,
    "functions-to-tools": functions_to_tools,
    "claude-tool": claude_tool,
    "claude-tool-choice": claude_tool_choice,
    "strip-end": strip_end,
    "strip-data-url": strip_data_url,
    "to-data-url": to_data_url,
    "move-into-config": move_into_config,
    "wrap-instruction": wrap_instruction,
    "content-to-parts": content_to_parts,
    "drop-part-type": drop_part_type,
    "declare-function": declare_function,
    "flatten-member": flatten_member,
    "chat-parameter": chat_parameter,
    "to-responses-part": to_responses_part,
    "to-call-output": to_call_output,
    "to-chat-part": to_chat_part,
    "nest-name": nest_name,
}
"""By name, as in a rule's ``fix``. None means that the remedy does not fit this hit; a `LookupError` means the same."""
