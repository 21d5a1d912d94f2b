"""Spoil clean chat requests: with the note that nearly everybody's have, with three mistakes, with a grave one."""

from collections.abc import Callable

from benchmarks.making import Json
from benchmarks.words import Dice


def with_note(body: Json, number: int) -> Json:
    """Return a copy with ``max_tokens``, which OpenAI has deprecated, at one place or another: one note."""
    return _with_key(body, "max_tokens", 100 + number % 900, Dice(number))


def with_three_mistakes(body: Json, number: int) -> Json:
    """Return a copy with three mistakes of eight kinds, at places and with words of this number's own."""
    dice = Dice(number)
    for spoil in dice.some_of(MISTAKES, 3):
        body = spoil(body, dice)
    return body


def _with_key(body: Json, key: str, value: object, dice: Dice) -> Json:
    """Return *body* with one more key, somewhere among the others."""
    items = list(body.items())
    items.insert(1 + dice.below(len(items)), (key, value))
    return dict(items)


def _with_item(body: Json, key: str, at: int, item: Json) -> Json:
    """Return *body* with another item in the list *key*."""
    items = list(body[key])
    items[at] = item
    return {**body, key: items}


def _misspelt_parameter(body: Json, dice: Dice) -> Json:
    key = dice.one_of(("presense_penalty", "frequency_penality", "logit_baias", "paralel_tool_calls", "stopp"))
    return _with_key(body, key, dice.below(90) / 100, dice)


def _unknown_parameter(body: Json, dice: Dice) -> Json:
    return _with_key(body, f"{dice.word()}_{dice.word()}_x", dice.text(3), dice)


def _parameter_as_text(body: Json, dice: Dice) -> Json:
    return _with_key(body, dice.one_of(("n", "top_logprobs", "max_completion_tokens")), dice.text(2), dice)


def _parameter_out_of_range(body: Json, dice: Dice) -> Json:
    return {**body, "temperature": 3 + dice.below(10_000) / 100}


def _unknown_key_in_message(body: Json, dice: Dice) -> Json:
    at = dice.below(len(body["messages"]))
    message = _with_key(body["messages"][at], f"{dice.word()}_at", dice.text(2), dice)
    return _with_item(body, "messages", at, message)


def _unknown_kind_of_tool(body: Json, dice: Dice) -> Json:
    half = len(body["tools"]) // 2  # in the second half, as nothing more is said of such a tool
    at = half + dice.below(half)
    return _with_item(body, "tools", at, {**body["tools"][at], "type": f"{dice.word()}-tool"})


def _description_as_number(body: Json, dice: Dice) -> Json:
    at = dice.below(len(body["tools"]) // 2)
    tool = body["tools"][at]
    return _with_item(body, "tools", at, {**tool, "function": {**tool["function"], "description": dice.below(10**6)}})


def _unknown_key_in_tool(body: Json, dice: Dice) -> Json:
    at = dice.below(len(body["tools"]) // 2)
    tool = body["tools"][at]
    function = _with_key(tool["function"], f"{dice.word()}_version", dice.text(2), dice)
    return _with_item(body, "tools", at, {**tool, "function": function})


MISTAKES: tuple[Callable[[Json, Dice], Json], ...] = (
    _misspelt_parameter,
    _unknown_parameter,
    _parameter_as_text,
    _parameter_out_of_range,
    _unknown_key_in_message,
    _unknown_kind_of_tool,
    _description_as_number,
    _unknown_key_in_tool,
)


def wrong_requests(body: Json) -> dict[str, Json]:
    """Return requests that every check of the shape must refuse, by the name of the mistake."""
    first, *others = body["messages"]
    return {
        "a wrong role": {**body, "messages": [{**first, "role": "bot"}, *others]},
        "a wrong type": {**body, "stream": "no"},
    }
