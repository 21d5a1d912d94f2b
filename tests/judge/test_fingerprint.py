"""A fingerprint tells nothing of a credential, and stays when something else in its request is edited."""

import ast
import json
from collections.abc import Callable
from hashlib import sha256
from random import Random
from typing import Any

import pytest

from reqlint import Linter
from reqlint.display.credentials import mask_path
from reqlint.judge.fingerprint import _fast_sha256, _own_sha256
from reqlint.reporters import reporter
from reqlint.reporters.rendering import Rendering
from tests.support import secret_places
from tests.support.generated import ROOT
from tests.support.planted import FORMS, NAMES, of_form
from tests.support.secret_places import NAMED_PLACES, PLACES

LINTER = Linter("openai")


def test_the_first_hashes_are_those_of_all_others() -> None:
    """The implementation that hashes the first texts of a process and the one that hashes the others agree."""
    for text in ("", "a", "é" * 500):
        assert _own_sha256()(text.encode()).digest() == sha256(text.encode()).digest()
    assert _own_sha256() is not _fast_sha256()


def count(rule: str, found: list[tuple[str, str]]) -> int:
    """Return how many findings are of a rule."""
    return sum(each == rule for each, _ in found)


KINDS = [kind for kind in FORMS if "URL" not in kind and "webhook" not in kind and "query" not in kind]


def prints(source: str, text: str) -> list[tuple[str, str]]:
    """Return rule and fingerprint of every finding, in an order that does not depend on places."""
    return sorted((finding.rule, finding.fingerprint) for finding in LINTER.check_text(text, source).findings)


@pytest.mark.parametrize("place", PLACES)
def test_no_fingerprint_depends_on_a_credential(place: str) -> None:
    """Two texts that differ in a credential of any form alone have the same fingerprints, wherever it stands."""
    random = Random(place)  # noqa: S311 - the same in every run
    found = False
    for kind in KINDS:
        if place == "a file name" and any("/" in prefix for prefix, _, _ in FORMS[kind]):
            continue
        one, *others = (
            prints(*PLACES[place](text.replace("/", "a") if place == "a file name" else text))
            for text in (of_form(kind, random).text for _ in range(3))
        )
        for other in others:
            # A rule may know some keys of a form and others not.
            rules = {rule for rule, _ in one if count(rule, one) == count(rule, other)}
            assert [each for each in one if each[0] in rules] == [each for each in other if each[0] in rules], kind
            found = found or bool(rules)
    assert found


@pytest.mark.parametrize("place", NAMED_PLACES)
def test_no_fingerprint_depends_on_what_a_name_hides(place: str) -> None:
    """Nor do texts that differ in the value beside the name of a credential, which may be guessed."""
    for name, (letters, size) in NAMES.items():
        random = Random(name)  # noqa: S311 - likewise
        values = ["".join(random.choices(letters, k=size - 2)) + end for end in ("a1", "b2")]
        one, two = (prints(*NAMED_PLACES[place](name, value)) for value in values)
        assert one == two, name
        assert one


@pytest.mark.parametrize("form", ["sarif", "gitlab", "json"])
def test_no_report_tells_a_guess_either(form: str) -> None:
    """Whole reports are the same, with the hashes of lines that SARIF has for several findings on one line."""
    random = Random(form)  # noqa: S311 - likewise
    for place, make in PLACES.items():
        written = []
        for secret in (of_form("OpenAI project", random).text, of_form("OpenAI project", random).text):
            source, text = make(secret)
            output: list[str] = []
            lines = dict(enumerate(text.split("\n"), 1))
            rendering = Rendering(lines=lambda _, numbers, lines=lines: {n: lines[n] for n in numbers if n in lines})
            reporter(form)(LINTER.check_text(text, source), rendering, output.append)
            written.append("".join(output))
        assert written[0] == written[1], place


def test_only_one_function_hashes_what_a_finding_is_known_by() -> None:
    """In the folder of judges one function calls a hash, and it takes masked text."""
    callers = []
    for path in (ROOT / "reqlint" / "judge").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(
                (isinstance(part, ast.Name) and part.id in ("_sha256", "hash"))
                or (isinstance(part, ast.ImportFrom) and part.module == "hashlib")
                or (isinstance(part, ast.Attribute) and part.attr in ("sha256", "hexdigest", "blake2b"))
                for part in ast.walk(node)
            ):
                callers += [(node.name, [ast.unparse(arg.annotation) for arg in node.args.args if arg.annotation])]
    assert sorted(callers) == [("_fast_sha256", []), ("_hash", ["Masked"]), ("_own_sha256", [])]


EDITS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "a member added": lambda body: {**body, "frequency_penalty": 0.5},
    "a member removed": lambda body: {key: value for key, value in body.items() if key != "presence_penalty"},
    "a member changed": lambda body: {**body, "presence_penalty": 0},
    "members in another order": lambda body: dict(reversed(body.items())),
    "a mistake repaired": lambda body: {key: value for key, value in body.items() if key != "temprature"},
    "an answer added": lambda body: {**body, "messages": [*body["messages"], {"role": "assistant", "content": "x"}]},
}
BODY = {**secret_places.HI, "presence_penalty": 1, "n": 0, "temprature": 1, "top_p": 7}
CONTAINERS: dict[str, Callable[[dict[str, Any]], tuple[str, str]]] = {
    "plain": lambda body: ("a.json", json.dumps(body)),
    "lines": lambda body: ("a.jsonl", f"{json.dumps(body)}\n{json.dumps(secret_places.HI)}\n"),
    "array": lambda body: ("a.json", json.dumps([body, secret_places.HI])),
    "YAML": lambda body: ("a.yaml", secret_places.yaml(body, secret_places.HI)),
    "batch": lambda body: ("a.jsonl", secret_places.batch(body)),
    "pair": lambda body: ("a.json", secret_places.pair(body)),
    "cassette": lambda body: ("a.yaml", secret_places.cassette(body)),
    "archive": lambda body: ("a.har", secret_places.har(body)),
    "training": lambda body: ("a.jsonl", json.dumps({**body, "messages": [*body["messages"],
        {"role": "assistant", "content": "x", "weight": 3}]}) + "\n"),
    "broken body": lambda body: ("a.yaml", secret_places.cassette(json.dumps(body)[:-1] + ", \"x\": 1, \"x\": 1}")),
}  # fmt: skip


@pytest.mark.parametrize("container", CONTAINERS)
def test_an_edit_leaves_the_other_findings_known(container: str) -> None:
    """Whatever is edited in a request, findings at other places keep their fingerprints, in whatever it is stored."""
    before = set(prints(*CONTAINERS[container](BODY)))
    assert {"out-of-range"} < {rule for rule, _ in before}
    for edit, change in EDITS.items():
        after = set(prints(*CONTAINERS[container](change(BODY))))
        gone = {rule for rule, _ in before - after}
        assert gone <= ({"unknown-field"} if "repaired" in edit else set()), edit


def test_two_requests_in_a_recording_are_told_apart() -> None:
    """The same mistake in two requests of a cassette has two fingerprints, and one keeps its own without the other."""
    one, two = secret_places.saying("one"), secret_places.saying("two")
    both = json.loads(secret_places.cassette(one))
    both["interactions"] += json.loads(secret_places.cassette(two))["interactions"]
    together = prints("a.yaml", json.dumps(both))
    assert len(set(together)) == len(together)
    assert set(prints("a.yaml", secret_places.cassette(two))) < set(together)


def test_a_masked_path_has_the_fingerprints_of_the_path() -> None:
    """A file is known by its masked path."""
    text = json.dumps(secret_places.WRONG)
    path = f"a/{of_form('OpenAI', Random(1)).text}.json"  # noqa: S311 - likewise
    assert prints(path, text) == prints(mask_path(path), text)


def test_equal_flaws_in_different_documents_are_told_apart() -> None:
    """Flaws that say the same share their wording, but the request that each is in is part of its fingerprint."""
    body = '{"model": "gpt-4o", "n": 1, "n": 1}'
    line = f'{{{{"custom_id": "{{}}", "method": "POST", "url": "/v1/chat/completions", "body": {{{body}}}}}}}'
    report = LINTER.check_text("\n".join(line.format(name) for name in "ab") + "\n", "a.jsonl")
    repeated = [finding for finding in report if finding.rule == "duplicate-key"]
    assert [finding.custom_id for finding in repeated] == ["a", "b"]
    assert len({finding.fingerprint for finding in repeated}) == 2
