"""Findings that a report only counts: it says the same, and nothing is described, located or proven for them."""

import json
import re
from collections import Counter
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.files import batch_line
from benchmarks.making import SMALL, request
from benchmarks.spoiling import with_note, with_three_mistakes
from fuzz.targets.lines import in_chunks
from reqlint import Linter, Report
from reqlint.fixes import proof
from reqlint.judge import describe
from reqlint.reporters import reporter
from reqlint.reporters.rendering import Rendering, RuleCard
from reqlint.reporters.source_lines import SourceLines
from reqlint.run.task import Task
from reqlint.text.documents import Document
from reqlint.text.sources import Source

OPENAI = Linter("openai")


def line(number: int, spoilt: str) -> str:
    """Return a batch line, clean, with a note, or with three mistakes."""
    body = request(number, SMALL, model="gpt-4o")
    body = {"note": with_note, "bad": with_three_mistakes}[spoilt](body, number) if spoilt in ("note", "bad") else body
    return json.dumps(batch_line(number, body))


LINES = [line(number, spoilt) for number in range(12) for spoilt in ("clean", "note", "bad")]
LINES += [
    "",
    '{"custom_id": "cut',
    json.dumps(batch_line(1, {"model": "gpt-4o", "messages": [], "max_tokens": 1})),
    LINES[2],
]


def task(lines: list[str], most: int | None, source: str = "lines.jsonl") -> Task:
    """Return the task of judging *lines*."""
    return Task(OPENAI, Source(source, None, "\n".join(lines).encode()), most_described=most)


def shown(report: Report, given: Task) -> str:
    """Return the human report."""
    written: list[str] = []
    severities = {each.rule: each.severity for each in report}
    cards = {rule: RuleCard(rule, "a", "b", severity, "c") for rule, severity in severities.items()}
    lines = SourceLines({given.source.name: given.source})
    reporter("human")(
        report, Rendering(lines=lines, rules=cards, max_per_rule=given.most_described or 3), written.append
    )
    return "".join(written)


def without_fixes(text: str) -> str:
    """Return a report without how many findings are fixable, which is not proven of those that are only counted."""
    text = re.sub(r"(up to )?[\d,]+ fixable with --fix(, [\d,]+ more with --unsafe-fixes)?", "", text)
    return re.sub(r"\s*·\s*|\n", " ", text).strip()


@settings(max_examples=12, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=14), st.integers(1, 4), st.integers(500, 20_000))
def test_the_report_says_the_same(lines: list[str], most: int, size: int) -> None:
    """Whether the rest is described or only counted, in one go or in chunks, whose reports are equal to the byte."""
    brief = task(lines, most)
    report = brief.run()
    assert shown(in_chunks(brief, size), brief) == shown(report, brief)
    full = task(lines, None).run()
    everything = shown(full, brief)
    assert without_fixes(shown(report, brief)) == without_fixes(everything)
    assert {each: report.count(each) for each in ("error", "warning", "note")} == {
        each: full.count(each) for each in ("error", "warning", "note")
    }


def test_nothing_is_done_for_what_is_only_counted() -> None:
    """A hundred lines with three findings: three of each rule and severity are described, located and proven."""
    lines = [line(number, "bad") for number in range(100)]
    work: Counter[str] = Counter()

    def counting(name: str, real: object) -> object:
        def call(*given: object, **more: object) -> object:
            work[name] += 1
            return real(*given, **more)  # type: ignore[operator]  # a function

        return call

    with (
        patch.object(describe.Describer, "finding", counting("described", describe.Describer.finding)),
        patch.object(Document, "locate", counting("located", Document.locate)),
        patch.object(proof.RequestProof, "prove", counting("proven", proof.RequestProof.prove)),
    ):
        report = task(lines, 3).run()
    assert len(report.findings) + sum(each.count for each in report.more) == 300
    kinds = {(each.rule, each.severity) for each in report}
    assert work["described"] == len(report.findings) <= 3 * 3 * len(kinds)  # with those beside them in their lines
    assert work["located"] <= 3 * len(kinds)
    assert work["proven"] <= 3 * 2 * len(kinds)


def test_what_all_findings_have_in_common_is_said() -> None:
    """A note at one place in all lines: the lines from the first to the last, and the place."""
    given = task([line(number, "note") for number in range(20)], 3)
    report = given.run()
    (more,) = report.more
    assert (more.rule, str(more.severity), more.count) == ("deprecated-field", "note", 17)
    assert (more.first_line, more.last_line, more.pointer) == (4, 20, "/body/max_tokens")
    assert "… and 17 more deprecated-field on lines 4–20, all at /body/max_tokens\n" in shown(report, given)


def test_an_error_among_many_warnings_is_shown() -> None:
    """Of a rule with both, the errors are shown first, however late in the file they come."""
    warned = [json.dumps(batch_line(n, _with_key_in_message(n))) for n in range(30)]
    last = json.dumps(batch_line(99, {**request(99, SMALL, model="gpt-4o"), "my_own_field": 1}))
    given = task([*warned, last], 3)
    assert [str(each.severity) for each in given.run()].count("error") == 1
    assert shown(given.run(), given).startswith("error[unknown-field]: unknown field my_own_field")


def _with_key_in_message(number: int) -> dict[str, object]:
    body = request(number, SMALL, model="gpt-4o")
    first, *others = body["messages"]
    return {**body, "messages": [{**first, f"said_{number}": "now"}, *others]}
