"""The remark about files that are wrong on purpose: where it stands, and where it does not."""

from typing import Any

import pytest

from tests.support.scratch import Scratch

REMARK = "[[tool.reqlint.expect]] declares findings that a file must have"
HELLO = [{"role": "user", "content": "Hello"}]


def request(**more: object) -> dict[str, Any]:
    return {"model": "gpt-4o-mini", "messages": HELLO, **more}


def refused(**more: object) -> dict[str, Any]:
    asked = {"method": "POST", "url": "https://api.openai.com/v1/chat/completions", "body": request(**more)}
    return {"request": asked, "response": {"status": 400}}


@pytest.mark.parametrize(
    "folder", ["tests/invalid", "src/test/resources/bad-requests", "Fixtures/chat/refused", "spec/broken"]
)
def test_a_wrong_request_in_a_folder_of_wrong_tests_is_remarked(scratch: Scratch, folder: str) -> None:
    """One line names the file and the entry that declares it."""
    scratch.write(f"{folder}/n.json", request(n=0))
    done = scratch.run("check", ".")
    assert done.code == 1
    assert done.out.splitlines()[-1] == f"./{folder}/n.json seems wrong on purpose; {REMARK}"


def test_many_such_files_have_one_remark(scratch: Scratch) -> None:
    """It names the first and counts them; a file elsewhere is not among them."""
    for number in range(1200):
        scratch.write(f"tests/invalid/{number:04}.json", request(n=-number))
    scratch.write("prompts/n.json", request(n=0))
    said = [line for line in scratch.run("check", ".").out.splitlines() if REMARK in line]
    assert said == [f"1,200 files, ./tests/invalid/0000.json first, seem wrong on purpose; {REMARK}"]


@pytest.mark.parametrize(
    "name", ["tests/n.json", "tests/invalid.json", "examples/bad/n.json", "tests/notbad/n.json", "bad/n.json"]
)
def test_other_wrong_requests_have_none(scratch: Scratch, name: str) -> None:
    """Neither a test, nor a bad example of documentation, nor the name of a file alone says that it is meant."""
    scratch.write(name, request(n=0))
    done = scratch.run("check", ".")
    assert done.code == 1
    assert REMARK not in done.out


def test_what_is_no_error_or_declared_already_has_none(scratch: Scratch) -> None:
    """A note does not fail a run; a declared finding does not count; a quiet run says nothing."""
    scratch.write("tests/invalid/note.json", request(max_tokens=5))
    done = scratch.run("check", ".")
    assert "deprecated-field" in done.out
    assert REMARK not in done.out
    scratch.write("tests/invalid/n.json", request(n=0))
    assert REMARK in scratch.run("check", ".").out
    assert REMARK not in scratch.run("check", "-q", ".").out
    expect = '[[expect]]\nfiles = ["tests/invalid/n.json"]\nrules = ["out-of-range"]\nreason = "n below 1 is refused"\n'
    scratch.write("reqlint.toml", expect)
    done = scratch.run("check", ".")
    assert done.code == 0
    assert REMARK not in done.out


def test_an_explained_refusal_is_remarked_where_it_is_shown_or_counts(scratch: Scratch) -> None:
    """Without -v and without --fail-on-refusals, nothing is to be done about it, so nothing is said."""
    scratch.write("recorded/n.json", refused(n=0))
    said = f"recorded/n.json seems wrong on purpose; {REMARK}"
    assert REMARK not in scratch.run("check", ".").out
    assert said in scratch.run("check", "-v", ".").out
    counted = scratch.run("check", "--fail-on-refusals", ".")
    assert counted.code == 1
    assert said in counted.out


def test_a_credential_in_the_name_is_masked(scratch: Scratch) -> None:
    """The remark shows no more of a path than the report does."""
    key = "sk-proj-" + "0planted0" * 4
    scratch.write(f"tests/invalid/{key}/n.json", request(n=0))
    done = scratch.run("check", ".")
    assert REMARK in done.out
    assert key not in done.out
