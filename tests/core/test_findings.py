"""Findings and reports as values."""

import pickle
from dataclasses import replace

import pytest

from reqlint.core.findings import Edit, Finding, Fix, Region, Related, Report, Severity, Suppression

pytestmark = pytest.mark.core

REGION = Region(4, 8, 1, 5, 1, 9, 5, 9, 5, 9)
FINDING = Finding(
    "wrong-type",
    Severity.ERROR,
    "n is true; this API takes an integer",
    "/n",
    "n",
    source="a.json",
    region=REGION,
    related=(Related("first declared here", "/tools/0", "tools[0]", REGION),),
    fix=Fix("remove n", safe=False, edits=(Edit(REGION, ""),)),
)


def test_a_pickled_finding_is_equal() -> None:
    """A finding that crosses a process border keeps all of its parts, at any depth."""
    assert pickle.loads(pickle.dumps(FINDING)) == FINDING  # noqa: S301 - our own bytes


def test_a_suppressed_finding_does_not_count() -> None:
    """A report counts and ranks only the findings that are not suppressed."""
    silent = replace(FINDING, suppressed=True, suppression=Suppression("baseline", "accepted"))
    note = replace(FINDING, severity=Severity.NOTE)
    report = Report((silent, note))
    assert (report.count(Severity.ERROR), report.count(Severity.NOTE), report.count(note)) == (0, 1, 1)
    assert report.worst() is Severity.NOTE
    assert report.is_valid
    assert not Report((FINDING,)).is_valid
    assert Report().worst() is None
    assert silent.baselined


def test_reports_add_up() -> None:
    """The sum of two reports has the findings of both in order, and one count for each profile and reason."""
    note = replace(FINDING, severity=Severity.NOTE)
    first = Report((FINDING,), 1, 2, (("b.txt", "not a request"),), (("openai", "model gpt-4", 2),))
    second = Report((note,), 1, 3, (), (("openai", "model gpt-4", 1), ("openai", "", 2)))
    total = first + second
    assert list(total) == [FINDING, note]
    assert (total.files, total.requests, total.skipped) == (2, 5, first.skipped)
    assert total.judged_by == (("openai", "model gpt-4", 3), ("openai", "", 2))
    assert total.profiles == ("openai",)
