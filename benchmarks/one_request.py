"""
How long does one clean request take, from a dict or from a text.

The requests have 5 to 6 KB, 13 messages and 8 tools. All contenders run in one process, on the same pool of requests
in the same order, so that no request is checked twice in a row.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.answers import Answer, Options, Table, comparison_table
from benchmarks.making import Json, request, wrong_requests
from benchmarks.peers import (
    Accepts,
    of_fastjsonschema,
    of_jsonschema,
    of_jsonschema_rs,
    of_pydantic,
    reader,
)
from benchmarks.rounds import Contender, once_per_item, per_item, run_interleaved
from reqlint import Linter
from reqlint.knowledge.catalog import shipped
from reqlint.text.json.reader import expect_bytes

TYPE, EITHER = "CompletionCreateParamsNonStreaming", "CompletionCreateParams"  # as openai names them
POOL = 50  #: requests; about 1 MB of dicts
MODELS = {"gptproto-qwen": "qwen-plus", "openai": "gpt-4o-mini", "dashscope": "qwen-plus"}
CHECK = "Linter.check(dict)"
LOADS = "json.loads(text)"
JSONSCHEMA = "jsonschema, the parameter table alone"
BASES = {"÷ json.loads": LOADS, "÷ Linter.check": CHECK}
NOTES = (
    "`Linter` holds a request against all rules of the profile, the peers against its parameter table alone (its "
    "`request.json`) or, for pydantic, against openai's types, which know no rule and no range.",
    "The requests of the pool are different objects; in all but the rows with new tools they carry equal tools, as the "
    "calls of one agent do, which reqlint may remember. The rows with new tools give it requests whose eight tools it "
    "has never seen, made anew for every round.",
    "openai's types say `Iterable` where a request has lists, and pydantic looks into such a place only when somebody "
    "walks it: as the types stand, a wrong role passes. Here each of these places is a list in the compiled schema, so "
    "that all of the request is checked and built, faster than by walking the lazy result. openai has one type for "
    "calls without streaming and one for calls with; the type for either is their union, and takes twice as long.",
    "`Linter` is measured as it is in a program after its first thousand requests, when what pays by then is compiled.",
    "Before it is timed, each contender has accepted the whole pool and refused a wrong role and a wrong type; those "
    "that only read have refused a text that is cut off. fastjsonschema implements drafts up to 2019-09.",
)


def ask(options: Options) -> Answer:
    """Measure every profile in turn."""
    return Answer([table(profile, options) for profile in MODELS], NOTES)


def table(profile: str, options: Options) -> Table:
    """Measure one profile."""
    bodies = pool(profile)
    texts = [json.dumps(body) for body in bodies]
    bodies = [json.loads(text) for text in texts]  # as a program has them: no two requests share objects
    schema = shipped().profile(profile).schema
    linter = warmed_up(profile)
    wrong: list[Json] = list(wrong_requests(bodies[0]).values())
    wrong_texts = [json.dumps(body) for body in wrong]
    cut = [texts[0][:-20]]

    def accepts(judge: Callable[[Any], object]) -> Accepts:
        return lambda given: not judge(given)

    def text_of(linter: Linter) -> Callable[[str], object]:
        return lambda text: linter.check_text(text, "request.json")

    least = 0.002 if options.quick else 0.04
    found: list[Contender] = []

    def add(name: str, make: Callable[[], Callable[[Any], object]], given: Sequence[Any], bad: Sequence[Any]) -> None:
        found.append(library(name, make, given, bad, least))

    for name in ("json", "orjson", "jiter"):
        shown = LOADS if name == "json" else f"{name}, from text"
        add(shown, lambda name=name: reader(name), texts, cut)  # type: ignore[misc]  # a default binds the name
    add(CHECK, lambda: accepts(linter.check), bodies, wrong)
    add("Linter.check_text(text)", lambda: accepts(text_of(linter)), texts, wrong_texts)
    found += unseen(profile)
    add("jsonschema-rs, the parameter table alone", lambda: of_jsonschema_rs(schema), bodies, wrong)
    add("fastjsonschema, the parameter table alone", lambda: of_fastjsonschema(schema), bodies, wrong)
    add(JSONSCHEMA, lambda: of_jsonschema(schema), bodies, wrong)
    if profile == "openai":
        add("pydantic, openai's type without streaming, of a dict", lambda: of_pydantic(TYPE), bodies, wrong)
        add("pydantic, openai's type for either, of a dict", lambda: of_pydantic(EITHER), bodies, wrong)
        add(
            "pydantic, openai's type without streaming, of a text",
            lambda: of_pydantic(TYPE, text=True),
            texts,
            wrong_texts,
        )
    caption = f"`{profile}`: {POOL} requests of {sum(map(len, texts)) / POOL:,.0f} characters, the time of one."
    return comparison_table(caption, run_interleaved(found, options.many), BASES)


def warmed_up(profile: str) -> Linter:
    """Return a linter in the state after its first thousand requests, when everything worth compiling is compiled."""
    linter = Linter(profile)
    linter.compile_now()
    expect_bytes(1 << 30)
    return linter


def pool(profile: str, start: int = 0, *, own_tools: bool = False) -> list[Json]:
    """Return requests that are clean under the profile."""
    history, model = profile != "gptproto-qwen", MODELS[profile]
    return [request(start + n, history=history, own_tools=own_tools, model=model) for n in range(POOL)]


def library(
    name: str, make: Callable[[], Callable[[Any], object]], given: Sequence[Any], bad: Sequence[Any], least: float
) -> Contender:
    """Return a contender that calls a function, after it has accepted all of *given* and refused all of *bad*."""
    try:
        judge = make()
    except ImportError:
        return Contender(name, None, absent="not installed")
    if not all(map(judge, given)):
        return Contender(name, None, absent="refuses what is right")
    if any(accepted(judge, body) for body in bad):
        return Contender(name, None, absent="accepts what is wrong")
    return Contender(name, per_item(judge, given, least))


def accepted(judge: Callable[[Any], object], body: object) -> bool:
    """Return whether a judge or a reader accepts *body*; a reader refuses by raising ValueError."""
    try:
        return bool(judge(body))
    except ValueError:
        return False


def unseen(profile: str) -> list[Contender]:
    """Return the contenders that get new tools in every request; each has its own linter and its own numbers."""

    def contender(name: str, check: Callable[[Any], object], text: bool, at: int) -> Contender:
        numbers = iter(range(at, at + 1_000_000, POOL))

        def fresh() -> list[Any]:
            made = [json.dumps(body) for body in pool(profile, next(numbers), own_tools=True)]
            return made if text else [json.loads(body) for body in made]

        for body in fresh():
            assert not check(body), "the request with new tools is clean"
        return Contender(name, once_per_item(check, fresh))

    linter, reading = warmed_up(profile), warmed_up(profile)
    return [
        contender("Linter.check(dict), new tools in each", linter.check, False, 0),
        contender(
            "Linter.check_text(text), new tools in each",
            lambda text: reading.check_text(text, "request.json"),
            True,
            1_000_000,
        ),
    ]
