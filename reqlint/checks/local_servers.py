"""Whether servers that are run by oneself can go on with a conversation."""

from collections.abc import Iterator

from reqlint.checks import Facts, Request, check
from reqlint.core.findings import Hit
from reqlint.dialects.vocabulary import Dialect


@check
def unextendable_last_answer(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a last answer that has calls in it, that follows another answer, or that JSON is to follow."""
    last = before = None
    for turn in dialect.turns(request):
        before, last = last, turn
    if last is None or last.role != "assistant":
        return
    if any(True for _ in dialect.calls(last)):
        yield Hit(last.role_place, facts={"reason": "it has calls in it"})
    elif before is not None and before.role == "assistant":
        yield Hit(last.role_place, facts={"reason": "so is the one before it"})
    elif last.value.get("content") and _wants_json(request.get("response_format")):
        yield Hit(last.role_place, facts={"reason": "response_format wants JSON from the beginning"})


def _wants_json(form: object) -> bool:
    return isinstance(form, dict) and form.get("type") in ("json_object", "json_schema")
