"""Answers that mean harm: what `reqlint why` and `reqlint explain` read from a server, or from whoever says so."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from reqlint import Linter
from reqlint.reporters.why import as_values
from reqlint.run.why import Outcome, answer_of, explain_answer
from reqlint.text.sources import Source
from tests.support.planted import by_form, find_leaks
from tests.support.scratch import Scratch
from tests.support.timing import Stopwatch

REQUEST = {"model": "o3-mini", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 5}
SOURCE = Source("request.json", None, json.dumps(REQUEST).encode())
LINTER = Linter("openai")
ODD: tuple[Any, ...] = (None, True, 10**400, "x", [], {}, [[]], {"error": {}}, float("nan"), "\ud800", "\x1b[31m")


def hostile_bodies() -> Iterator[str]:
    """Yield bodies that are deep, long, odd, or no JSON."""
    for depth in (100, 300, 100_000):
        yield '{"error":' * depth + "1" + "}" * depth
        yield "[" * depth
    yield json.dumps({"error": {"message": "max_tokens " * 200_000}})
    yield json.dumps({"errors": [{"message": "x"}] * 100_000})
    yield '{"error": {"message": "' + "\\" * 99_999
    yield "HTTP/1.1 400 Bad Request\r\n" + "a: b\r\n" * 100_000
    yield "'param': '" * 100_000
    yield "a." * 300_000
    yield "`" * 300_000
    yield "<html>" + "<p>" * 100_000
    yield "\x00\x1b]0;title\x07" * 10_000
    for odd in ODD:
        yield json.dumps(odd)
        yield json.dumps({"error": odd})
        for key in ("message", "code", "param", "type", "details", "status", "metadata"):
            yield json.dumps({"error": {"message": "array schema missing items", key: odd}})
            yield json.dumps({key: odd, "detail": [odd, {"loc": odd, "msg": odd}]})


def test_no_answer_raises_or_takes_long() -> None:
    """All of them together are judged in seconds, and each result can be printed as JSON."""
    bodies = [*hostile_bodies()]
    assert len(bodies) > 150
    with Stopwatch() as watch:
        results = [explain_answer(LINTER, SOURCE, answer_of(body)) for body in bodies]
    assert watch.seconds < 10
    for why in results:
        json.dumps(as_values(why, "0"))
        assert [case.outcome in Outcome for case in why.cases] == [True]


def test_no_recorded_answer_raises() -> None:
    """Nor does one in a recording, whatever stands where its parts are."""
    for body in hostile_bodies():
        for response in (
            {"status": 400, "body": body[:100_000]},
            {"status": body[:300], "body": {"string": body[:300]}},
        ):
            text = json.dumps({"request": REQUEST, "response": response}).encode()
            json.dumps(as_values(explain_answer(LINTER, Source("pair.json", None, text)), "0"))


def test_nothing_of_an_answer_is_shown_but_its_status_code_and_parameter(scratch: Scratch) -> None:
    """Credentials and signs for terminals in an answer are printed by neither command, in neither format."""
    scratch.write("request.json", REQUEST)
    for number, secret in enumerate(by_form(Random(20261128))):  # noqa: S311 - the same in every run
        if number % 6:
            continue
        said = f"max_tokens is not supported with this model {secret.text} \x1b[31m '{secret.text}'"
        body = {"error": {"message": said, "type": secret.text, "param": secret.text, "code": secret.text}}
        scratch.write("error.json", body)
        scratch.write("error.txt", said)
        for arguments in (
            ("why", "request.json", "--answer", "error.json"),
            ("why", "request.json", "--answer", "error.json", "--output-format", "json"),
            ("why", "request.json", "--answer", "error.json", "--show-values"),
            ("why", "request.json", "--answer", "error.txt"),
            ("explain", json.dumps(body)),
            ("explain", said),
        ):
            done = scratch.run(*arguments)
            printed = done.out + done.err
            assert not find_leaks([secret], printed), arguments
            assert "\x1b[31m" not in printed


@pytest.mark.parametrize("name", ["'a.b'", "mine[0].x", "my_private_name", "x" * 90])
def test_a_name_in_the_words_of_an_answer_is_not_shown(scratch: Scratch, name: str) -> None:
    """A place that was found in a sentence is compared, but only one of the error object is shown."""
    scratch.write("request.json", REQUEST)
    scratch.write("error.json", {"error": {"message": f"something about {name} is wrong"}})
    done = scratch.run("why", "request.json", "--answer", "error.json")
    assert name.strip("'") not in done.out
