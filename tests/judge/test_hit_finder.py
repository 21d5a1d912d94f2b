"""The quick way to the hits of a request finds those of the long way, and asks each gate once."""

from typing import Any

import pytest

from benchmarks.making import LARGE, SMALL, request
from benchmarks.spoiling import with_note, with_three_mistakes
from reqlint import Linter
from reqlint.core.findings import Hit
from reqlint.core.json_values import to_json_value
from reqlint.judge import hit_finder
from reqlint.judge.hit_finder import HitFinder
from reqlint.knowledge.catalog import shipped
from reqlint.schema.accelerated import AcceleratedEngine
from tests.conftest import own_requests
from tests.support.counting import count_gates
from tests.support.mutations import concerning, mutations


def finder_of(linter: Linter) -> HitFinder:
    """Return the finder of a linter's judge."""
    linter.compile_now()
    finder = linter.judges.default._finder
    assert finder is not None
    return finder


def told(hits: Any) -> list[str]:
    """Return hits without their order."""
    return sorted(map(repr, hits))


@pytest.mark.parametrize("profile", shipped().profile_names)
def test_hits_are_those_of_the_long_way(profile: str) -> None:
    """Of requests with any mistakes, in any order, whatever was remembered of those before."""
    linter = Linter(profile)
    finder, judge = finder_of(linter), linter.judges.default
    made = [to_json_value(each)[0] for each in mutations(own_requests(), 700, seed=19)]
    found = 0
    for each in concerning([*own_requests(), *made], profile):
        hits = finder.hits(each)
        if hits is not None:
            assert told(hits) == told(judge._hits(each)), each
            found += bool(hits)
    assert found > 15


def test_only_what_is_wrong_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine lists the failures of wrong items and of the rest, and never those of a whole conversation."""
    explained: list[int] = []
    real = AcceleratedEngine.failures

    def counted(self: AcceleratedEngine, value: Any) -> Any:
        explained.append(max((len(each) for each in value.values() if isinstance(each, list)), default=0))
        return real(self, value)

    linter = Linter("openai", severity={"empty-batch-file": "off"})  # so that no other test has its judge
    finder = finder_of(linter)
    for number in range(60):
        if number == 30:  # members are explained by themselves by now
            monkeypatch.setattr(AcceleratedEngine, "failures", counted)
        assert finder.hits(with_three_mistakes(request(number, LARGE, model="gpt-4o", own_tools=True), number))
    assert explained
    assert max(explained) <= 3
    assert len(explained) <= 30 * 3  # the rest, the conversation and the tools


def test_each_part_is_asked_about_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request costs one question for each item and each array, one for the rest, and one more for what is wrong."""
    asked = count_gates(monkeypatch, hit_finder)
    judge = Linter("openai").judges.default
    finder = HitFinder(judge.questions, judge._shape.explain)
    for number in range(20):
        body = request(number, SMALL, model="gpt-4o", own_tools=True)
        parts = len(body["messages"]) + len(body["tools"]) + 3
        proofs = 10 if "response_format" in body else 0  # some do not hold there, so all are asked for
        for spoil, most in ((with_note, proofs), (with_three_mistakes, proofs + 3)):
            asked.clear()
            hits: Any = finder.hits(spoil(body, number))
            assert all(isinstance(hit, Hit) for hit in hits)
            assert len(hits) == 1 or spoil is with_three_mistakes
            assert parts <= asked["gates"] <= parts + most


def test_what_was_proven_of_tools_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tools that the shortcut knows are neither looked at nor given to checks of tools alone."""
    linter = Linter("openai", severity={"mixed-batch-urls": "off"})  # so that no other test has its judge
    finder = finder_of(linter)
    tools = request(1, SMALL, model="gpt-4o")["tools"]

    def spoken(number: int) -> dict[str, Any]:
        return {**request(number, SMALL, model="gpt-4o"), "tools": tools, "temperature": 5}

    hits = [finder.hits(spoken(number)) for number in range(3)]
    assert all(hits)
    monkeypatch.setitem(finder._arrays["tools"][1].strict.__dict__, "accepts", None)  # calling it would raise
    for number in range(20):
        found: Any = finder.hits(spoken(number))
        assert [hit.rule for hit in found] == ["out-of-range"]
