"""The answer in a file beside the file of its request."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from reqlint import Linter
from reqlint.containers.envelope import Answer
from reqlint.containers.siblings import MAX_BYTES, answer_beside
from reqlint.project.discovery import find_inputs
from reqlint.run.audit import audit
from reqlint.text.sources import Source

BAD = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "n": 0}
COMPLETION = {"id": "x", "object": "chat.completion", "choices": [{"index": 0}]}
REFUSAL = {"error": {"message": "no", "type": "invalid_request_error", "code": "bad_n", "param": "n"}}
REFUSED = Answer((), None, accepted=False, code="bad_n", param="n")
ANSWERED = Answer((), None, accepted=True)


def write(folder: Path, **files: Any) -> None:
    """Write files by name, with two underscores for a dot; values that are not text as JSON."""
    for name, value in files.items():
        text = value if isinstance(value, str) else json.dumps(value)
        (folder / name.replace("__", ".")).write_text(text)


@pytest.mark.parametrize(
    ("request_name", "answer_name"),
    [
        ("request.json", "response.json"),
        ("request.json", "response.yaml"),
        ("request.yaml", "response.json"),
        ("request.json", "response.txt"),
        ("request-2.json", "response-2.json"),
        ("request_2.json", "response_2.json"),
        ("2-request.json", "2-response.json"),
        ("followup-request.json", "followup-response.json"),
        ("a.request.json", "a.response.json"),
        ("a.request.body.json", "a.response.body.json"),
        ("a.request.body.json", "a.response.json"),
        ("a.request.body.json", "a.response.txt"),
        ("Request.json", "Response.json"),
        ("REQUEST.JSON", "RESPONSE.JSON"),
    ],
)
def test_the_answer_is_found_by_its_name(tmp_path: Path, request_name: str, answer_name: str) -> None:
    """The names of a pair differ in one word, and perhaps in the word for the body and the suffix."""
    (tmp_path / request_name).write_text(json.dumps(BAD))
    assert answer_beside(tmp_path / request_name) is None
    text = f"data: {json.dumps(COMPLETION)}\n\n" if answer_name.endswith("txt") else json.dumps(COMPLETION)
    (tmp_path / answer_name).write_text(text)
    assert answer_beside(tmp_path / request_name) == ANSWERED


@pytest.mark.parametrize("name", ["requests.json", "prerequest.json", "other.json", "requested.json", "a.json"])
def test_other_names_are_of_no_pair(tmp_path: Path, name: str) -> None:
    """A request in a file without the word ``request`` in its name has no answer beside it."""
    write(tmp_path, response__json=COMPLETION, responses__json=COMPLETION, preresponse__json=COMPLETION)
    assert answer_beside(tmp_path / name) is None


@pytest.mark.parametrize(
    ("name", "value", "answer"),
    [
        ("response__json", REFUSAL, REFUSED),
        ("error__json", REFUSAL, REFUSED),
        ("error__json", REFUSAL["error"], REFUSED),
        ("error__json", {"status": 400, **REFUSAL}, Answer((), 400, accepted=False, code="bad_n", param="n")),
        ("error__json", {"status": 429, "message": "slow down"}, Answer((), 429)),
        ("error__json", {"error": {"type": "rate_limit_error"}}, Answer((), code=None, param=None)),
        ("error__json", {"error": "400 Bad Request: n"}, Answer((), 400, accepted=False)),
        ("response__json", {"status": 200, "body": COMPLETION}, Answer((), 200, accepted=True)),
        ("response__json", {"statusCode": 400, "body": json.dumps(REFUSAL)}, Answer((), 400, False, "bad_n", "n")),
        ("response__json", {"response": {"status": 422}}, Answer((), 422, accepted=False)),
        ("response__json", [{"object": "chat.completion.chunk", "choices": []}], ANSWERED),
        ("response__json", {"text": "Hello"}, None),
        ("response__json", [], None),
        ("response__json", "not JSON {", None),
        ("response__json", "", None),
    ],
)
def test_the_answer_is_what_the_file_says(tmp_path: Path, name: str, value: object, answer: Answer | None) -> None:
    """A status decides; without one an error object is a refusal, and a completion an acceptance."""
    write(tmp_path, request__json=BAD, **{name: value})
    assert answer_beside(tmp_path / "request.json") == answer


def test_two_answers_say_nothing(tmp_path: Path) -> None:
    """A response beside an error: nobody knows which of the two is meant."""
    write(tmp_path, request__json=BAD, response__json=COMPLETION, error__json=REFUSAL)
    assert answer_beside(tmp_path / "request.json") is None


def test_no_link_and_no_pipe_is_opened(tmp_path: Path) -> None:
    """What is beside is opened only if it is a regular file of limited size: a link may lead out of the folder."""
    folder = tmp_path / "project"
    folder.mkdir()
    write(tmp_path, response__json=COMPLETION)
    write(folder, request__json=BAD)
    (folder / "response.json").symlink_to(tmp_path / "response.json")
    assert answer_beside(folder / "request.json") is None
    (folder / "response.json").unlink()
    os.mkfifo(folder / "response.json")
    assert answer_beside(folder / "request.json") is None
    (folder / "response.json").unlink()
    (folder / "response.json").mkdir()
    assert answer_beside(folder / "request.json") is None
    (folder / "response.json").rmdir()
    with (folder / "response.json").open("wb") as long:
        long.truncate(MAX_BYTES + 1)
    assert answer_beside(folder / "request.json") is None


def test_a_check_obeys_the_answer_beside(tmp_path: Path) -> None:
    """An accepted request contradicts an error in it; a refused one is explained by it; neither is fixed."""
    for name in ("accepted", "refused", "alone", "two"):
        (tmp_path / name).mkdir()
        write(tmp_path / name, request__json=BAD | {"temprature": 1})
    write(tmp_path / "accepted", response__json=COMPLETION)
    write(tmp_path / "refused", error__json=REFUSAL)
    write(tmp_path / "two", request__json=[BAD, BAD], response__json=COMPLETION)
    linter = Linter("openai")
    rules = {
        name: {f.rule for f in linter.check_file(tmp_path / name / "request.json") if not f.suppressed}
        for name in ("accepted", "refused", "alone", "two")
    }
    assert rules["accepted"] == {"contradicted-by-recording", "out-of-range", "unknown-field"}
    assert rules["refused"] == set()
    assert rules["alone"] == {"out-of-range", "unknown-field"}
    assert rules["two"] == {"out-of-range"}
    fixable = {
        name: any(f.fix for f in linter.check_file(tmp_path / name / "request.json")) for name in ("accepted", "alone")
    }
    assert fixable == {"accepted": False, "alone": True}


def test_an_audit_counts_the_answers_beside(tmp_path: Path) -> None:
    """A request with its answer beside it is recorded, one without is not."""
    write(tmp_path, request__json=BAD, response__json=REFUSAL, a_request__json=BAD)
    sources = [Source(found.name, Path(found.name)) for found in find_inputs([str(tmp_path)])]
    result = audit(Linter("openai"), sources)
    assert result.counts == {("openai", "refused", "error"): 1}
    assert (result.assumed, result.unrecorded) == (0, 1)
