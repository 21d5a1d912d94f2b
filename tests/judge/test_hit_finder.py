"""The quick way to the hits of a request finds those of the long way, and asks each gate once."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.making import SMALL, request
from benchmarks.spoiling import with_note, with_three_mistakes
from reqlint import Linter
from reqlint.core.findings import Hit
from reqlint.core.json_values import to_json_value
from reqlint.judge import hit_finder
from reqlint.judge.hit_finder import HitFinder
from tests.conftest import own_requests
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


@pytest.mark.parametrize("profile", ["openai", "dashscope", "anthropic", "openai-responses"])
def test_hits_are_those_of_the_long_way(profile: str) -> None:
    """Of requests with any mistakes, in any order, whatever was remembered of those before."""
    linter = Linter(profile)
    finder, judge = finder_of(linter), linter.judges.default
    made = [to_json_value(each)[0] for each in mutations(own_requests(), 150, seed=19)]
    found = 0
    for each in concerning([*own_requests(), *made], profile):
        hits = finder.hits(each)
        if hits is not None:
            assert told(hits) == told(judge._hits(each)), each
            found += bool(hits)
    assert found > 15


def test_each_gate_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request costs one question for its tools, if they are new, and one for the rest; three if proofs fail."""
    asked: Counter[str] = Counter()
    real = hit_finder.compile_gate

    def counted(schemas: Any) -> Callable[[object], bool]:
        accepts = real(schemas)

        def ask(value: object) -> bool:
            asked["gates"] += 1
            return accepts(value)

        return ask

    monkeypatch.setattr(hit_finder, "compile_gate", counted)
    judge = Linter("openai").judges.default
    made = judge._shape.schemas, judge._unguarded, judge._guarded, judge._facts, judge.dialect, judge._shape.explain
    finder = HitFinder(*made)

    def cost(spoil: Callable[[Any, int], Any], number: int) -> tuple[int, int]:
        asked.clear()
        hits: Any = finder.hits(spoil(request(number, SMALL, model="gpt-4o", own_tools=True), number))
        assert all(isinstance(hit, Hit) for hit in hits)
        return len(hits), asked["gates"]

    costs = [cost(with_note, number) for number in range(20)]
    assert {found for found, _ in costs} == {1}
    assert min(gates for _, gates in costs) == 2
    costs += [cost(with_three_mistakes, number) for number in range(20)]
    assert max(gates for _, gates in costs) <= 6  # the strict gate of two parts, their shapes, and their proofs
