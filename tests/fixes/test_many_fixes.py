"""Many fixes in one text: all are made that were promised, in time that grows with the text; what is not is said."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reqlint import Report
from reqlint.core.findings import Unfixed
from reqlint.fixes import apply, proof, writer
from reqlint.fixes.apply import Repair, apply_fixes, discard
from reqlint.fixes.read_back import ReadBack
from reqlint.judge.judge import Judge
from reqlint.run.one_request import linter_for
from reqlint.text.sources import Source
from tests.support.scratch import Scratch
from tests.support.timing import growth, growth_in_steps

pytestmark = pytest.mark.core

TURNS = {
    "role": lambda i: {"role": ("User", "USER", "uSer")[i % 3], "content": f"Question {i}"},
    "null": lambda i: {"role": "user", "content": f"Question {i}", "name": None},
    "good": lambda i: {"role": "user", "content": f"Question {i}"},
    "stuck": lambda i: {"role": "User", "content": i},  # once the role is right, the content is wrong
    "key": lambda i: {"role": "user", "contnt": f"Question {i}", "content": "Hi"},  # the right key is there as well
}


def request(numbers: range, *kinds: str) -> dict[str, object]:
    """Return a request with a message for each number, which differ, with mistakes of *kinds* in turn."""
    return {"model": "gpt-4o", "messages": [TURNS[kinds[i % len(kinds)]](i) for i in numbers]}


def tools(numbers: range) -> dict[str, object]:
    """Return a request with tools whose names the API refuses, and calls of all of them."""
    names = [f"look up.{i}" for i in numbers]
    calls = [
        {"id": f"c{i}", "type": "function", "function": {"name": n, "arguments": "{}"}} for i, n in enumerate(names)
    ]
    results = [{"role": "tool", "tool_call_id": f"c{i}", "content": "done"} for i in range(len(names))]
    asked = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": None, "tool_calls": calls}]
    offered = [{"type": "function", "function": {"name": name, "description": "Look it up"}} for name in names]
    return {"model": "gpt-4o", "messages": [*asked, *results], "tools": offered}


def indented(value: object) -> tuple[str, str]:
    """Return a value as a JSON file."""
    return "a.json", json.dumps(value, indent=1)


def block(value: object) -> tuple[str, str]:
    """Return a value as a YAML file."""
    return "a.yaml", yaml.dump(value, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), sort_keys=False)


def stream(numbers: range) -> tuple[str, str]:
    """Return a YAML stream of requests, each with a comment and a mistake."""
    one = "---\n# the {i}th\nmodel: gpt-4o\nmessages: [{{role: user, content: Question {i}}}]\nmax_token: {i}\n"
    return "a.yaml", "".join(one.format(i=i + 1) for i in numbers)


TEXTS: dict[str, Callable[[range], tuple[str, str]]] = {
    "roles in JSON": lambda n: indented(request(n, "role")),
    "roles in YAML": lambda n: block(request(n, "role")),
    "members to remove in JSON": lambda n: indented(request(n, "null")),
    "members to remove in YAML": lambda n: block(request(n, "null")),
    "some fixes fail": lambda n: indented(request(n, "role", "stuck", "null")),
    "an array of requests": lambda n: indented([request(range(i, i + 1), "role") for i in n]),
    "names of tools": lambda n: indented(tools(n[::2])),
    "a YAML stream": stream,
}


def fixed(name: str, text: str, *, unsafe: bool = True) -> tuple[Repair, str]:
    """Return what fixing a text comes to, and the text after it."""
    source = Source(name, None, text.encode())
    repair = apply_fixes(source, linter_for("openai").check_source, unsafe=unsafe)
    after = repair.source.read().decode()
    discard(repair, source)
    return repair, after


def promised(report: Report) -> Counter[tuple[int, str, str]]:
    """Return the findings with a fix."""
    return Counter((f.document, f.rule, f.pointer) for f in report if f.fix)


@pytest.mark.parametrize("what", TEXTS)
def test_what_check_promises_is_fixed(what: str) -> None:
    """The findings that `check` calls fixable are those that are fixed; no fix is taken back, and none is left."""
    name, text = TEXTS[what](range(600))
    report = linter_for("openai").check_text(text, name)
    repair, after = fixed(name, text)
    assert sum(promised(report).values()) >= 200
    assert promised(report) == promised(Report(repair.fixed))
    assert not repair.reverted
    assert not promised(repair.left)
    assert all(reason is Unfixed.HARMFUL for _, reason in repair.unfixed)
    assert fixed(name, after)[1] == after


GROWING = sorted(TEXTS.keys() - {"some fixes fail"})  # which take up to 16 proofs, see below


@pytest.mark.parametrize("what", GROWING)
def test_four_times_the_fixes_take_four_times_the_steps(what: str) -> None:
    """
    Checking and fixing grow with the text, whether it has one document or many.

    Counted are lines that run: 3.9 to 4.1 times as many; one that runs for each pair of fixes shows.
    """
    assert growth_in_steps(lambda text: fixed(*text), TEXTS[what], 60, below=4.3) < 4.3


@pytest.mark.parametrize("what", ["roles in JSON", "names of tools", "members to remove in YAML", "a YAML stream"])
def test_four_times_the_fixes_take_nothing_like_the_square_of_the_time(what: str) -> None:
    """
    Nor does anything in C, such as cutting a text, take more for each of four times as many fixes.

    Measured: 4.3 to 5.0 times, as larger texts find less of themselves in the processor's cache; a square, 16 times.
    """
    assert growth(lambda text: fixed(*text), lambda count: TEXTS[what](range(count)), 300, below=9) < 9


@pytest.mark.parametrize("what", TEXTS)
def test_proofs_grow_with_the_text(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many fixes a text has, its requests are judged and its documents read back a bounded number of times."""
    judged = read = 0
    judge, holds = Judge.judge, ReadBack.holds

    def judging(self: Judge, value: object, **how: bool) -> object:
        nonlocal judged
        judged += len(json.dumps(value))
        return judge(self, value, **how)

    def reading(self: ReadBack, *arguments: object) -> bool:
        nonlocal read
        start, end = self._extent
        read += end - start
        return holds(self, *arguments)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(Judge, "judge", judging)
    monkeypatch.setattr(ReadBack, "holds", reading)
    name, text = TEXTS[what](range(500))
    linter_for("openai").check_text(text, name)
    assert judged <= 2 * (proof.MOST_JUDGED + 4) * len(text)
    assert read <= writer.MOST_READ * len(text)
    if what != "some fixes fail":
        assert judged <= 5 * len(text)
        assert read <= 3 * len(text)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.sampled_from(sorted(TURNS)), min_size=1, max_size=30), st.sampled_from([indented, block]), st.booleans()
)
def test_every_promise_is_kept(kinds: list[str], write: Callable[[object], tuple[str, str]], unsafe: bool) -> None:
    """Whatever else is wrong, each finding with a fix is fixed, and each without one is left or has a reason."""
    name, text = write(request(range(len(kinds)), *kinds))
    repair, after = fixed(name, text, unsafe=unsafe)
    assert promised(repair.found) <= promised(Report(repair.fixed))
    assert not repair.reverted
    left = {(f.rule, f.pointer): f.unfixed for f in repair.left}
    for number, kind in enumerate(kinds):
        if kind == "stuck":
            assert left["unknown-role", f"/messages/{number}/role"] is Unfixed.HARMFUL
        elif kind == "key":
            assert left["unknown-field", f"/messages/{number}/contnt"] is Unfixed.CLASH
    assert fixed(name, after, unsafe=unsafe)[1] == after


def test_fixes_that_hold_are_found_among_those_that_do_not() -> None:
    """One fix that fails, somewhere among a thousand, is the only one that is not made."""
    for place in (0, 317, 999):
        value = request(range(1000), "role")
        value["messages"][place] = TURNS["stuck"](place)  # type: ignore[index]  # made a few lines above
        repair, _ = fixed(*indented(value))
        assert len(repair.fixed) == 999
        assert [(f.pointer, reason) for f, reason in repair.unfixed] == [(f"/messages/{place}/role", Unfixed.HARMFUL)]


def test_what_is_left_unfixed_is_said(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit that is reached, and a fix that fails, are a sentence with a count and a reason; the rest is fixed."""
    scratch.write("a.json", request(range(4), "stuck", "role"))
    done = scratch.run("check", "-p", "openai", "--fix", "a.json")
    assert "not fixed: 2 findings in a.json: the change would not remove it, or would cause another error" in done.err
    assert "Fixed 2 findings" in done.out
    monkeypatch.setattr(proof, "MOST_JUDGED", 1)
    scratch.write("b.json", {**request(range(20), "role"), "n": "400"})
    done = scratch.run("check", "-p", "openai", "--fix", "b.json")
    assert "in b.json: too many fixes fail together to find out which of them are right" in done.err


def test_rounds_that_run_out_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fixes that no round was left for are named as such, and running again makes them."""
    monkeypatch.setattr(apply, "MOST_ROUNDS", 0)
    name, text = indented(request(range(3), "role"))
    repair, after = fixed(name, text)
    assert after == text
    assert [reason for _, reason in repair.unfixed] == [Unfixed.ROUNDS] * 3


def test_every_format_counts_the_same(scratch: Scratch) -> None:
    """The number of fixable findings is that of the findings fixed, in each format that counts them."""
    scratch.write("a.json", request(range(60), "role", "stuck", "null"))
    before = Path("a.json").read_text()
    human, concise = (
        scratch.run("check", "-p", "openai", "--output-format", name, "a.json").out for name in ("human", "concise")
    )
    summary = json.loads(scratch.run("check", "-p", "openai", "--output-format", "json", "a.json").out)["summary"]
    assert "40 fixable with --fix" in human
    assert "40 fixable with --fix" in concise
    assert summary["fixable"] == 40
    done = scratch.run("check", "-p", "openai", "--fix", "--output-format", "json", "a.json")
    assert json.loads(done.out)["summary"]["fixed"] == 40
    assert Path("a.json").read_text() != before


def test_comments_and_other_documents_stay() -> None:
    """In a stream of many documents every fix changes its own document alone, and each end mark stays."""
    name, text = stream(range(40))
    text = "# first\n%YAML 1.2\n" + text + "...  # the end\n"
    repair, after = fixed(name, text)
    assert len(repair.fixed) == 40
    assert after == text.replace("max_token:", "max_tokens:")
