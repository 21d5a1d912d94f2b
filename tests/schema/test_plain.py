"""The proofs in plain Python: what they hold for valid is valid for the reference."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqlint.run.one_request import linter_for
from reqlint.schema import first_values
from reqlint.schema.engine import Failure
from reqlint.schema.first_values import FirstEngine, FirstGate
from reqlint.schema.plain import judge_plainly
from reqlint.schema.plain_failures import find_failures
from reqlint.schema.validators import ACCELERATED, REFERENCE, compile_validator
from tests.judge.test_shortcut import MUTATED, RESOURCES, VALUES
from tests.support.mutations import concerning


@settings(max_examples=80, deadline=None)
@given(st.lists(RESOURCES, min_size=1, max_size=3), st.lists(VALUES, min_size=1, max_size=12))
def test_what_is_said_is_true(resources: list[dict[str, Any]], values: list[object]) -> None:
    """Whatever is said of a value is what the engine says that defines what it means."""
    named = [{"$id": f"reqlint:{number}", **resource} for number, resource in enumerate(resources)]
    defining = compile_validator(named, REFERENCE).is_valid
    for value in values:
        assert judge_plainly(named, value) in (None, defining(value)), value


@pytest.mark.parametrize("profile", ["openai", "anthropic", "gemini", "bedrock-converse", "openai-responses"])
def test_nearly_every_valid_request_is_proven(profile: str) -> None:
    """What is said of requests is true, and nearly all valid ones are proven."""
    shape = linter_for(profile).judges.default._shape
    accepts = compile_validator(shape.schemas, ACCELERATED).is_valid
    valid = proven = 0
    for request in concerning(MUTATED, profile)[:400]:
        answer = judge_plainly(shape.schemas, request)
        assert answer in (None, accepts(request)), request
        valid += accepts(request)
        proven += answer is True
    assert valid
    assert proven >= 0.8 * valid


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"const": 1}, True),
        ({"enum": [0]}, False),
        ({"type": "integer"}, True),
        ({"type": "integer"}, 1.5),
        ({"type": "number"}, float("nan")),
        ({"type": "array"}, (1,)),
        ({"minimum": 2}, 1),
        ({"pattern": "^a$"}, "a\n"),
        ({"pattern": "(a+)+b"}, "a" * 4000),  # Python would take for ever
        ({"pattern": "(?i)a"}, "A"),  # read differently
        ({"pattern": r"\s"}, "\x1c"),  # white space for Python alone
        ({"pattern": r"\w"}, "\u00e9"),
        ({"pattern": r"a\b"}, "a\u0301"),  # whether the accent belongs to the word
        ({"not": {"pattern": r"a\b"}}, "a\u0301"),
        ({"not": {"pattern": r"^\s"}}, "\ufeffa"),  # white space for some
        ({"not": {"pattern": r"[^\s]"}}, "\ufeff"),
        ({"not": {"pattern": r"\d"}}, "\u0663"),
        ({"not": {"pattern": "^.$"}}, "\u2028"),
        ({"not": {"pattern": "a\\b{2}"}}, "a\u00e9"),
        ({"pattern": "e"}, "\ud800e"),  # half a character, which an engine may refuse to look at
        ({"unevaluatedProperties": True}, {}),
        ({"uniqueItems": True}, [1, 1.0]),
        ({"$ref": "#/$defs/one"}, 1),
    ],
)
def test_what_is_wrong_or_unsure_is_not_proven(schema: dict[str, Any], value: object) -> None:
    """What does not satisfy is not proven, and neither is what takes an engine to say."""
    assert judge_plainly([schema], value) is not True


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"not": {"pattern": r"\bsk-[0-9]{20,}[\s\\n]{0,6}$"}}, "p\u0159\u00edli\u0161 sk-1 \u8bf7\u6c42"),
        ({"pattern": "^data:"}, "data:\u00e9"),
        ({"not": {"pattern": "[(][?][=!<]"}}, "\u201cwords\u201d (\u8bf7\u6c42)"),
        ({"not": {"pattern": "^[a-z]+$"}}, "\u00e9"),
    ],
)
def test_texts_beyond_ascii_need_no_engine(schema: dict[str, Any], value: str) -> None:
    """What no engine finds in a text of any language is proven not to be there."""
    assert judge_plainly([schema], value)
    named = [{"$id": "reqlint:0", **schema}]
    assert all(compile_validator(named, engine).is_valid(value) for engine in (REFERENCE, ACCELERATED))


PIECES = [
    "a",
    r"\b",
    r"\s",
    r"\w",
    r"\d",
    r"\S",
    ".",
    "$",
    "^",
    "[a\\s]",
    "[^a\\s]",
    "[^a]",
    "+",
    "?",
    "{2}",
    "|",
    "(?:é|a)",
]
TEXTS = st.text("a1_ é\u0301\u0663\u2028\ufeff\x1c\x85\n", max_size=5)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=5).map("".join), TEXTS)
def test_what_is_proven_of_a_pattern_holds_for_both_engines(pattern: str, text: str) -> None:
    """Whether a pattern is found in a text or not: where there is a proof, both engines say the same."""
    for schema in ({"pattern": pattern}, {"not": {"pattern": pattern}}):
        if judge_plainly([schema], text):
            named = [{"$id": "reqlint:0", **schema}]
            assert all(compile_validator(named, engine).is_valid(text) for engine in (REFERENCE, ACCELERATED))


def test_deep_values_and_schemas_are_left_to_the_engine() -> None:
    """A schema that refers to itself, and a value without end, end in no proof."""
    ring: list[Any] = []
    ring.append(ring)
    assert not judge_plainly([{"items": {"$ref": "#"}}], ring)
    assert not judge_plainly([{"$ref": "#"}], 1)
    assert judge_plainly([{"type": "array", "items": {"const": 1}}], [1, 1.0])


def test_the_engine_is_compiled_when_it_is_needed() -> None:
    """The first values are proven without an engine; one that is not, or the fourth, has it compiled, once."""
    compiled = []

    def compile_it() -> Any:
        compiled.append(1)
        return lambda value: value == 1

    gate = FirstGate([{"const": 1}], compile_it)
    assert [gate.accepts(value) for value in (1, 2, 1)] == [True, False, True]
    assert not compiled
    assert gate.accepts(1)
    assert not gate.accepts(2)
    assert len(compiled) == 1
    gate = FirstGate([{"unevaluatedProperties": True}], compile_it)
    assert not gate.accepts(2)
    assert len(compiled) == 2


@settings(max_examples=40, deadline=None)
@given(st.lists(RESOURCES, min_size=1, max_size=3), st.lists(VALUES, min_size=1, max_size=12))
def test_failures_are_those_of_both_engines(resources: list[dict[str, Any]], values: list[object]) -> None:
    """Where failures are found without an engine, each engine finds the same at the same places, and none else."""
    named = [{"$id": f"reqlint:{number}", **resource} for number, resource in enumerate(resources)]
    for engine in (compile_validator(named, REFERENCE), compile_validator(named, ACCELERATED)):
        for value in values:
            found = find_failures(engine.resources, value)
            assert found is None or _listed(found) == _listed(engine.failures(value)), value


@pytest.mark.parametrize("profile", ["openai", "anthropic", "gemini", "bedrock-converse", "openai-responses"])
def test_nearly_all_failures_are_found_without_an_engine(profile: str) -> None:
    """Of wrong requests, the failures are those of the accelerated engine, and nearly always found without it."""
    shape = linter_for(profile).judges.default._shape
    engine = compile_validator(shape.schemas, ACCELERATED)
    wrong = found = 0
    for request in concerning(MUTATED, profile)[:300]:
        if not engine.is_valid(request):
            failures = find_failures(engine.resources, request)
            assert failures is None or _listed(failures) == _listed(engine.failures(request)), request
            wrong += 1
            found += failures is not None
    assert wrong
    assert found >= 0.8 * wrong


def _listed(failures: Iterable[Failure]) -> set[tuple[Any, ...]]:
    """Return failures to compare; one keyword may fail several times at one place, for each member that is missing."""
    return {(each.place, each.keyword, each.resource, id(each.schema)) for each in failures}


@pytest.mark.parametrize("value", [{"a": float("nan")}, {1: 2}, {"a": "\ud800"}, {"a": (1,)}, {"a": {1, 2}}])
def test_failures_of_what_json_cannot_hold_are_left_to_the_engine(value: object) -> None:
    """A value that JSON cannot hold is not looked at, wherever it stands."""
    assert find_failures([{"required": ["x"]}], value) is None


def test_the_first_failures_need_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The failures of the first values are found without an engine; those of a fourth, or what is unsure, are not."""
    compiled: list[int] = []
    make = first_values.engine_of
    monkeypatch.setattr(first_values, "engine_of", lambda *given: compiled.append(1) or make(*given))
    for values, times in (([2, 3, 2], 0), ([2, 3, 2, 2], 1), ([float("nan")], 1)):
        compiled.clear()
        engine = FirstEngine([{"$id": "reqlint:0", "const": 1}], None)
        for value in values:
            with suppress(ValueError):
                [failure] = engine.failures(value)
                assert failure == Failure((), "const", engine.resources[0], 0)
        assert len(compiled) == times
