"""`reqlint why`: which finding explains what a server answered, or that none does."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.support.scratch import Outcome, Scratch

SCHEMA = Draft202012Validator(json.loads((Path(__file__).parents[2] / "schemas/meta/why.json").read_text("utf-8")))
HI = [{"role": "user", "content": "Hi"}]
REASONING = {"model": "o3-mini", "messages": HI, "max_tokens": 5}
FUNCTION = {"name": "plan", "parameters": {"type": "object", "properties": {"days": {"type": "array"}}}}
TOOL = {"type": "function", "function": FUNCTION}
TOOLS = {"model": "gpt-4o", "messages": HI, "tools": [TOOL]}
NO_ITEMS = "Invalid schema for function 'plan': In context=('properties', 'days'), array schema missing items."
NOT_TAKEN = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."


def error(message: str, **members: object) -> dict[str, Any]:
    """Return the body of an error as OpenAI writes it."""
    return {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None, **members}}


def pair(request: object, status: int, body: object) -> dict[str, Any]:
    """Return a request beside its response."""
    return {"request": request, "response": {"status": status, "body": body}}


def case(done: Outcome) -> dict[str, Any]:
    """Return the one case in the JSON output, which its schema describes."""
    result = json.loads(done.out)
    SCHEMA.validate(result)
    [only] = result["cases"]
    assert isinstance(only, dict)
    return only


def explained(only: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Return the rules that explain the answer, and by what."""
    return [(finding["rule"], finding["by"]) for finding in only["explained_by"]]


@pytest.mark.parametrize(
    ("answer", "by"),
    [
        (json.dumps(error(NOT_TAKEN, param="max_tokens", code="unsupported_parameter")), ["words", "place"]),
        (json.dumps(error(NOT_TAKEN)), ["words", "name"]),
        (f"Error code: 400 - {error(NOT_TAKEN, param='max_tokens')}", ["words", "place"]),
        (f"openai.BadRequestError: {NOT_TAKEN}", ["words", "name"]),
        (
            f"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n\r\n{json.dumps(error(NOT_TAKEN))}",
            ["words", "name"],
        ),
        (json.dumps(error("Dieser Wert geht nicht.", param="max_tokens")), ["place"]),
        (json.dumps(error("no", param="body.max_tokens")), ["place"]),
        (json.dumps({"error": {"code": 400}}), ["status"]),
    ],
)
def test_an_answer_is_explained_in_every_form(scratch: Scratch, answer: str, by: list[str]) -> None:
    """The JSON body, with headers or without, what a client logs, and an answer that says next to nothing."""
    scratch.write("request.json", REASONING)
    scratch.write("error.txt", answer)
    done = scratch.run("why", "request.json", "--answer", "error.txt", "--output-format", "json")
    assert done.code == 0
    assert explained(case(done)) == [("max-tokens-on-reasoning-model", by)]


def test_of_several_findings_the_one_the_answer_speaks_of_is_named(scratch: Scratch) -> None:
    """Each of two mistakes explains its own answer; the other one is found as well."""
    scratch.write("request.json", {**TOOLS, "temperature": 3})
    for message, rule, other in (
        (NO_ITEMS, "array-without-items", "out-of-range"),
        (
            "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 3.",
            "out-of-range",
            "array-without-items",
        ),
    ):
        scratch.write("error.json", error(message))
        only = case(scratch.run("why", "request.json", "--answer", "error.json", "--output-format", "json"))
        assert [rule for rule, _ in explained(only)] == [rule]
        assert [finding["rule"] for finding in only["found"]] == [other]


def test_the_place_of_an_answer_tells_two_findings_of_one_rule_apart(scratch: Scratch) -> None:
    """Of two tools with the same mistake the one at the place that the answer names is first."""
    two = [TOOL, {**TOOL, "function": {**FUNCTION, "name": "other"}}]
    scratch.write("request.json", {**TOOLS, "tools": two})
    scratch.write("error.json", error("array schema missing items", param="tools[1].function.parameters"))
    only = case(scratch.run("why", "request.json", "--answer", "error.json", "--output-format", "json"))
    assert only["explained_by"][0]["pointer"].startswith("/tools/1/")


def test_an_answer_that_no_finding_explains(scratch: Scratch) -> None:
    """The rules it speaks of are named if they are known, and what else was found; the code is 1."""
    scratch.write("request.json", {**REASONING, "model": "gpt-4o", "temperature": 3})
    scratch.write("error.json", error(NO_ITEMS))
    done = scratch.run("why", "request.json", "--answer", "error.json")
    assert (done.code, done.err) == (1, "")
    assert "no finding explains it" in done.out
    assert 'it has words of array-without-items ("array schema missing items", ' in done.out
    assert "found, but the answer does not speak of: out-of-range" in done.out
    only = case(scratch.run("why", "request.json", "--answer", "error.json", "--output-format", "json"))
    assert only["outcome"] == "unexplained"
    assert only["spoken_of"][0]["rule"] == "array-without-items"
    scratch.write("error.json", error("Quite another matter."))
    done = scratch.run("why", "request.json", "--answer", "error.json", "--output-format", "json")
    assert (done.code, case(done)["spoken_of"]) == (1, [])


def test_a_note_or_an_ignored_parameter_explains_nothing(scratch: Scratch) -> None:
    """Only what an API is said to refuse explains a refusal."""
    scratch.write("request.json", {"model": "gpt-4o", "messages": HI, "max_tokens": 5})
    scratch.write("error.json", error("no", param="max_tokens"))
    assert scratch.report("request.json")["summary"]["notes"] > 0
    assert scratch.run("why", "request.json", "--answer", "error.json").code == 1


def test_a_profile_is_named_or_chosen(scratch: Scratch) -> None:
    """-p judges as it does in a check; otherwise the model or the recorded host chooses, which is told."""
    scratch.write("request.json", {"model": "m-1", "messages": HI, "temperature": 1.8, "max_tokens": 5})
    scratch.write(
        "error.json",
        {"type": "error", "error": {"type": "invalid_request_error", "message": "temperature: range: 0..1"}},
    )
    done = scratch.run("why", "request.json", "--answer", "error.json", "-p", "anthropic", "--output-format", "json")
    assert (case(done)["profile"], case(done)["chosen"]) == ("anthropic", None)
    assert explained(case(done)) == [("out-of-range", ["words", "place"])]
    done = scratch.run("why", "request.json", "--answer", "error.json", "--output-format", "json")
    assert (done.code, case(done)["chosen"]) == (1, "neither host nor model is known")


@pytest.mark.parametrize(
    ("status", "body", "code", "outcome"),
    [
        (400, error(NO_ITEMS), 0, "explained"),
        (400, error("Quite another matter."), 1, "unexplained"),
        (200, {"object": "chat.completion"}, 3, "accepted"),
        (401, error("Incorrect API key provided"), 3, "other"),
        (429, error("array schema missing items"), 3, "other"),
        (500, error("array schema missing items"), 3, "other"),
        (404, error("array schema missing items"), 0, "explained"),
        (400, "<!DOCTYPE html><title>400</title>", 3, "page"),
    ],
)
def test_a_recorded_pair_has_its_answer(scratch: Scratch, status: int, body: object, code: int, outcome: str) -> None:
    """The code says whether a refusal is explained; an answer that is about something else is none."""
    scratch.write("pair.json", pair(TOOLS, status, body))
    done = scratch.run("why", "pair.json", "--output-format", "json")
    assert (done.code, case(done)["outcome"]) == (code, outcome)
    assert case(done)["pointer"] == "/request"
    assert scratch.run("why", "pair.json").out.count("\n") > 1


def test_every_refusal_of_a_recording_must_be_explained(scratch: Scratch) -> None:
    """The code is 1 as soon as one refusal is not explained; answers are counted where there are many."""
    good, bad, odd = pair(TOOLS, 200, {}), pair(TOOLS, 400, error(NO_ITEMS)), pair(TOOLS, 400, error("Odd."))
    for exchanges, code in (([good, bad], 0), ([good, bad, odd], 1), ([good] * 5, 3)):
        scratch.write("pairs.jsonl", exchanges)
        done = scratch.run("why", "pairs.jsonl", "--output-format", "json")
        assert (done.code, json.loads(done.out)["explained"]) == (code, {0: True, 1: False, 3: None}[code])
        SCHEMA.validate(json.loads(done.out))
    assert "5 answers that say nothing against the request" in scratch.run("why", "pairs.jsonl").out


def test_an_answer_beside_its_request_is_found(scratch: Scratch) -> None:
    """As in a check, error.json beside request.json is its answer."""
    scratch.write("request.json", TOOLS)
    scratch.write("error.json", error(NO_ITEMS, status=400))
    assert scratch.run("why", "request.json").code == 0


def test_the_answer_or_the_request_may_be_standard_input(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Either is read from standard input, but not both; an answer in UTF-16 is read as well."""
    scratch.write("request.json", TOOLS)
    scratch.write("error.json", error(NO_ITEMS))
    for arguments, data in (
        (("request.json", "--answer", "-"), json.dumps(error(NO_ITEMS)).encode("utf-16")),
        (("request.json", "--answer", "-"), b"\xef\xbb\xbf" + NO_ITEMS.encode()),
        (("-", "--answer", "error.json"), json.dumps(TOOLS).encode()),
    ):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), "utf-8"))
        assert scratch.run("why", *arguments).code == 0
    assert scratch.run("why", "-", "--answer", "-").code == 2


def test_a_pasted_command_is_a_request(scratch: Scratch) -> None:
    """What check reads, why reads: a curl command with its URL."""
    scratch.write("sent.sh", f"curl https://api.openai.com/v1/chat/completions -d '{json.dumps(TOOLS)}'")
    scratch.write("error.json", error(NO_ITEMS))
    done = scratch.run("why", "sent.sh", "--answer", "error.json", "--output-format", "json")
    assert explained(case(done)) == [("array-without-items", ["words", "name"])]
    assert case(done)["chosen"] == "host api.openai.com"


def test_a_request_that_is_no_json_has_its_flaw(scratch: Scratch) -> None:
    """A text that cannot be read explains an answer that says no more than that."""
    scratch.write("request.json", '{"model": "gpt-4o", "messages": [}')
    scratch.write("error.json", error("We could not parse the JSON body of your request."))
    done = scratch.run("why", "request.json", "--answer", "error.json", "--output-format", "json")
    assert (done.code, explained(case(done))) == (0, [("invalid-json", ["words"])])


@pytest.mark.parametrize(
    ("content", "arguments", "code", "said"),
    [
        (TOOLS, (), 3, "no answer is recorded in it; name the file of the answer with --answer"),
        ([TOOL], (), 3, "it holds no request"),
        ([TOOLS, TOOLS], ("--answer", "error.json"), 3, "it holds several requests"),
        (TOOLS, ("--answer", "no-such.json"), 2, "no-such.json: no such file or directory"),
        (TOOLS, ("--answer", "empty.json"), 2, "the answer is empty."),
        (TOOLS, ("-p", "no-such"), 2, 'no profile "no-such"'),
    ],
)
def test_what_cannot_be_judged_is_one_sentence(
    scratch: Scratch, content: object, arguments: tuple[str, ...], code: int, said: str
) -> None:
    """Nothing to judge has the code 3, a mistake of the caller 2."""
    scratch.write("it.json", content)
    scratch.write("error.json", error(NO_ITEMS))
    scratch.write("empty.json", " \n")
    done = scratch.run("why", "it.json", *arguments)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert scratch.run("why", "no-such-file.json").code == 2


def test_a_second_argument_is_answered_with_how_an_answer_is_given(scratch: Scratch) -> None:
    """The text of an answer is no argument; it is not repeated, and the sentence says how it is given."""
    scratch.write("request.json", TOOLS)
    done = scratch.run("why", "request.json", NOT_TAKEN)
    assert (done.code, done.out) == (2, "")
    assert "--answer FILE" in done.err
    assert "| reqlint why REQUEST --answer -" in done.err
    assert NOT_TAKEN not in done.err
