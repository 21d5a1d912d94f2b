"""A request with very many keys that it should not have: what each of them takes, in every format."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from unittest.mock import patch

import pytest

from reqlint import Linter, Report
from reqlint.reporters import reporter
from reqlint.reporters.rendering import Rendering
from reqlint.run import describe
from tests.support.timing import growth_in_steps, steps

LINTER = Linter("openai")
BODY = '"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]'
FORMATS = ("human", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "rdjson", "rdjsonl", "html")


def unknown(numbers: range) -> str:
    """Return a request with a key for each number that the API does not have."""
    return _with(f'"field_{number}_x": {number}' for number in numbers)


def equal(numbers: range) -> str:
    """Return a request in which one key is written for each number."""
    return _with(f'"temperature": 0.{number}' for number in numbers)


def twice(numbers: range) -> str:
    """Return a request in which a key of each number is written twice."""
    return _with(f'"field_{number}_x": {number}, "field_{number}_x": 1' for number in numbers)


def _with(members: Iterable[str]) -> str:
    return "{" + ", ".join([BODY, *members]) + "}"


def judge(text: str) -> Report:
    """Return the report of a request."""
    return LINTER.check_text(text, "a.json")


def write(report: Report, form: str) -> None:
    """Write a report in a format."""
    reporter(form)(report, Rendering(), lambda _: None)


@pytest.mark.parametrize("make", [unknown, equal, twice])
def test_four_times_the_keys_take_four_times_the_steps(make: Callable[[range], str]) -> None:
    """To judge, and to write in every format."""

    def judge_and_write(text: str) -> None:
        report = judge(text)
        for form in FORMATS:
            write(report, form)

    with patch.object(describe, "_MANY", 100):
        assert growth_in_steps(judge_and_write, make, 150, below=4.3) < 4.3


STEPS: Mapping[Callable[[range], str], Mapping[str, int]] = {
    unknown: {"judging": 400, "concise": 90, "gitlab": 130, "junit": 150, "rdjson": 140, "html": 75},
    equal: {"judging": 220, "concise": 60, "gitlab": 105, "junit": 80, "rdjson": 75, "html": 65},
    twice: {"judging": 700, "concise": 175, "gitlab": 265, "junit": 310, "rdjson": 290, "html": 135},
}
"""Steps for a further key, a tenth more than measured; described and written one by one, keys took far more."""


@pytest.mark.parametrize("make", [unknown, equal, twice])
def test_a_further_key_takes_few_steps(make: Callable[[range], str]) -> None:
    """What the keys have in common is worked out once, and written once."""
    few, many = make(range(10_000, 10_200)), make(range(20_000, 20_500))
    bounds = dict(STEPS[make])
    with patch.object(describe, "_MANY", 100):
        judge(make(range(30_000, 30_300)))
        assert (steps(judge, many) - steps(judge, few)) / 300 < bounds.pop("judging")
        reports = judge(few), judge(many)
    for form, bound in bounds.items():
        write(judge(make(range(40_000, 40_200))), form)
        first, second = (steps(partial(write, form=form), report) for report in reports)
        assert (second - first) / 300 < bound, form
