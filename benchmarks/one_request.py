"""
How long does one clean request take, from a dict or from a text.

The requests have 7 to 8 KB. No contender ever sees one twice: every round has new ones, with words of their own, and
all contenders of a round get the same. Their tools are of forty sets; two more rows have new tools in each.
"""

import json
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from benchmarks.answers import Answer, Options, Table, comparison_table
from benchmarks.making import Json
from benchmarks.peers import (
    Accepts,
    of_fastjsonschema,
    of_jsonschema,
    of_jsonschema_rs,
    of_pydantic,
    reader,
)
from benchmarks.rounds import Contender, per_item, run_interleaved
from benchmarks.shapes import SHAPES, shaped
from benchmarks.spoiling import wrong_requests
from reqlint import Linter
from reqlint.knowledge.catalog import shipped
from reqlint.text.json.reader import expect_bytes

TYPE, EITHER = "CompletionCreateParamsNonStreaming", "CompletionCreateParams"  # as openai names them
POOL = 50  #: requests of a pass
PASSES = 5  #: over other requests, in each round
_PROOF = 4  # pools that a contender accepts before it is timed; a slow one only the first
CHAT = ("gptproto-qwen", "openai", "dashscope")
CHECK = "Linter.check(dict)"
READ_AND_CHECK = "json.loads(text), then Linter.check(dict)"
LOADS = "json.loads(text)"
BASES = {"÷ json.loads": LOADS, "÷ Linter.check": CHECK}
NOTES = (
    "Processor time. `Linter` holds a request against all rules of the profile, the peers against its parameter table "
    "alone (its `request.json`) or, for pydantic, against openai's types, which know no rule and no range.",
    "openai's types say `Iterable` where a request has lists, and pydantic looks into such a place only when somebody "
    "walks it: as the types stand, a wrong role passes. Here each of these places is a list in the compiled schema, so "
    "that all of the request is checked and built, faster than by walking the lazy result. openai has one type for "
    "calls without streaming and one for calls with; the type for either is their union, and takes twice as long.",
    "`Linter` is measured as it is in a program after its first thousand requests, when what pays by then is compiled.",
    f"The dicts of `{CHECK}` are made before the time begins, {POOL * PASSES} at once, so that the processor's cache "
    "no longer holds them and part of the time is waiting for memory. A program has just made the one that it sends: "
    "what that takes is the difference of the two rows with `json.loads`.",
    "Before it is timed, each contender has accepted other requests and refused wrong ones; those "
    "that only read have refused a text that is cut off. fastjsonschema implements drafts up to 2019-09.",
)


def ask(options: Options) -> Answer:
    """Measure every profile in turn."""
    return Answer([table(profile, options) for profile in (CHAT if options.quick else SHAPES)], NOTES)


def table(profile: str, options: Options) -> Table:
    """Measure one profile."""
    schema = shipped().profile(profile).schema
    found: list[Contender] = []

    def add(
        name: str, make: Callable[[], Accepts], *, text: bool = False, own_tools: bool = False, slow: bool = False
    ) -> None:
        """Add a contender; *slow* ones make one pass a round."""
        found.append(
            library(name, make, profile, text=text, own_tools=own_tools, passes=1 if slow or options.quick else PASSES)
        )

    def judging(*, text: bool = False) -> Accepts:
        linter = warmed_up(profile)
        if text:
            return lambda given: not linter.check_text(given, "request.json")
        return lambda given: not linter.check(given)

    def reading_and_judging() -> Accepts:
        linter = warmed_up(profile)
        return lambda given: not linter.check(json.loads(given))

    def reads(name: str) -> Accepts:
        loads = reader(name)
        return lambda given: bool(loads(given))

    add(LOADS, lambda: reads("json"), text=True)
    add("orjson, from text", lambda: reads("orjson"), text=True)
    add("jiter, from text", lambda: reads("jiter"), text=True)
    add(CHECK, judging)
    add(READ_AND_CHECK, reading_and_judging, text=True)
    add("Linter.check_text(text)", lambda: judging(text=True), text=True)
    add(f"{CHECK}, new tools in each", judging, own_tools=True)
    add("Linter.check_text(text), new tools in each", lambda: judging(text=True), text=True, own_tools=True)
    add("jsonschema-rs, the parameter table alone", lambda: of_jsonschema_rs(schema))
    if profile in CHAT:
        add("fastjsonschema, the parameter table alone", lambda: of_fastjsonschema(schema), slow=True)
        add("jsonschema, the parameter table alone", lambda: of_jsonschema(schema), slow=True)
    if profile == "openai":
        add("pydantic, openai's type without streaming, of a dict", lambda: of_pydantic(TYPE), slow=True)
        add("pydantic, openai's type for either, of a dict", lambda: of_pydantic(EITHER), slow=True)
        add(
            "pydantic, openai's type without streaming, of a text",
            lambda: of_pydantic(TYPE, text=True),
            text=True,
            slow=True,
        )
    mean = sum(map(len, texts(profile, 0))) / POOL
    caption = f"`{profile}`: requests of {mean:,.0f} characters, the time of one."
    return comparison_table(caption, run_interleaved(found, options.many), BASES)


def warmed_up(profile: str) -> Linter:
    """Return a linter in the state after its first thousand requests, when everything worth compiling is compiled."""
    linter = Linter(profile)
    linter.compile_now()
    expect_bytes(1 << 30)
    return linter


@lru_cache(maxsize=64)
def texts(profile: str, number: int, *, own_tools: bool = False) -> Sequence[str]:
    """Return pool *number* of a profile's requests, as JSON."""
    start = (list(SHAPES).index(profile) * 2 + own_tools) * 10**6 + number * POOL
    return [json.dumps(shaped(profile, start + n, own_tools=own_tools)) for n in range(POOL)]


def library(
    name: str, make: Callable[[], Accepts], profile: str, *, text: bool, own_tools: bool, passes: int
) -> Contender:
    """Return a contender that calls a function, after it has accepted clean requests and refused wrong ones."""

    def pool(number: int) -> Sequence[Any]:
        made = texts(profile, number, own_tools=own_tools)
        return made if text else [json.loads(body) for body in made]

    def pools(round_: int) -> list[Sequence[Any]]:
        first = _PROOF + round_ * PASSES
        return [pool(first + n) for n in range(passes)]

    try:
        judge = make()
    except ImportError:
        return Contender(name, None, absent="not installed")
    if not all(judge(body) for number in range(_PROOF if passes > 1 else 1) for body in pool(number)):
        return Contender(name, None, absent="refuses what is right")
    if any(
        accepted(judge, body) for body in bad(profile, text=text, reads=name == LOADS or name.endswith("from text"))
    ):
        return Contender(name, None, absent="accepts what is wrong")
    return Contender(name, per_item(judge, pools))


def bad(profile: str, *, text: bool, reads: bool) -> list[Any]:
    """Return what a contender must refuse: a text that is cut off if it only *reads*, and otherwise wrong requests."""
    first = texts(profile, 0)[0]
    if reads:
        return [first[:-20]]
    body: Json = json.loads(first)
    wrong = (
        list(wrong_requests(body).values()) if profile in CHAT else [{**body, key: 7} for key in body if key in _LISTS]
    )
    return [json.dumps(each) for each in wrong] if text else wrong


_LISTS = ("messages", "input", "contents", "tools", "toolConfig")


def accepted(judge: Callable[[Any], object], body: object) -> bool:
    """Return whether a judge or a reader accepts *body*; a reader refuses by raising ValueError."""
    try:
        return bool(judge(body))
    except ValueError:
        return False
