"""What a fix may do to a text, tested on all examples and thousands of seeded mistakes."""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from reqlint import Finding, Linter, Report, Severity
from reqlint.fixes.apply import Repair, apply_fixes, discard
from reqlint.fixes.read_back import is_same_json
from reqlint.fixes.splices import apply_splices
from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.rule import Example, Rule
from reqlint.run.one_request import linter_for
from reqlint.text.documents import read_documents
from reqlint.text.forms import Form
from reqlint.text.sources import Source
from tests.conftest import ROOT, own_requests, unmarked
from tests.support.mutations import concerning, mutations, repeats

pytestmark = pytest.mark.core

MUTATED = list(mutations(own_requests(), 2100, seed=20261124))


def mistakes(count: int) -> Iterator[Any]:
    """Yield requests with several fixable mistakes each."""
    rng = random.Random(7)  # noqa: S311 - repeatable on purpose
    tool = {"function": {"name": "clock.now", "description": "Tell the time", "parameters": {"type": "object"}}}
    for _ in range(count):
        request: dict[str, Any] = {"model": rng.choice(["qwen-plus", "o3-mini", "gpt-4o-mini"])}
        content: Any = rng.choice(
            ["Hi", "é😀", "no", "12:30:45", "line\nbreak", "# not: a comment",
             [{"type": "text", "text": "What is this?"}, {"type": "image_url", "image_url": "https://example.com/ü.png"}]]
        )  # fmt: skip
        request["messages"] = [{"role": rng.choice(["User", "USER", "user"]), "content": content}]
        spares: list[tuple[str, Any]] = [
            ("steam", "true"), ("stream", None), ("n", "2"), ("tools", []), ("tools", [tool]), ("max_tokens", "100"),
            ("temprature", 0.5), ("extra_body", {"top_k": 20, "seed": 7}), ("extra_body", {}), ("stop", None),
            ("functions", [{"name": "now", "description": "Tell the time"}]), ("tool_choice", {"function": {"name": "clock.now"}}),
            ("response_format", {"type": "json_schema", "strict": True, "json_schema": {
                "name": "answer", "schema": {"type": "object", "properties": {"a": {"type": "string"}}}}}),
            ("response_format", {"type": "JSON_OBJECT"}),
        ]  # fmt: skip
        members = list({**request, **dict(rng.sample(spares, rng.randint(1, 5)))}.items())
        rng.shuffle(members)
        yield dict(members)


def crlf(text: str) -> str:
    """Return *text* with the line ends of Windows."""
    return text.replace("\n", "\r\n")


# ruff: noqa: E501 - tables of texts are easier to compare on long lines
FORMS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "compact": ("json", lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False)),
    "one line": ("json", json.dumps),
    "two spaces": ("json", lambda value: json.dumps(value, indent=2, ensure_ascii=False) + "\n"),
    "tabs, CRLF, BOM": ("json", lambda value: "\ufeff" + crlf(json.dumps(value, indent="\t"))),
    "lines": ("jsonl", lambda value: f'{{"model": "m", "messages": []}}\n{json.dumps(value)}\n\n{json.dumps(value)}'),
    "block": ("yaml", lambda value: yaml.safe_dump(value, sort_keys=False, allow_unicode=True, default_flow_style=False)),
    "block, CRLF": ("yaml", lambda value: crlf("# kept\n" + yaml.safe_dump(value, sort_keys=False, indent=4))),
    "flow": ("yaml", lambda value: yaml.safe_dump(value, sort_keys=False, default_flow_style=True)),
    "mixed": ("yaml", lambda value: yaml.safe_dump(value, sort_keys=False, default_flow_style=None, allow_unicode=True)),
}  # fmt: skip


def fixed(text: str | bytes, form: str, profile: str, *, unsafe: bool = True) -> Repair:
    """Fix a text as the command line does."""
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    source = Source(f"request.{form}", None, data)
    return apply_fixes(source, linter_for(profile).check_source, unsafe=unsafe)


def text_of(repair: Repair) -> bytes:
    """Return the fixed text, and remove its temporary file."""
    data = repair.source.read()
    discard(repair, Source("", None, b""))
    return data


def values(text: bytes, form: str) -> list[object]:
    """Return the values of all documents."""
    return [document.value for document in read_documents(Source("", None, text), Form(form))]


def errors(report: Report) -> set[tuple[int, str, str]]:
    """Return document, rule and pointer of the errors in a report."""
    return {(f.document, f.rule, f.pointer) for f in report if f.severity is Severity.ERROR}


def edited(text: str, finding: Finding) -> str:
    """Return *text* with the fix of one finding."""
    assert finding.fix is not None
    return apply_splices(text, [(edit.region.start, edit.region.end, edit.replacement) for edit in finding.fix.edits])


CASES = [
    pytest.param(rule, example, profile, id=f"{rule.id}-{number}-{profile}")
    for rule in shipped().rules.values()
    if rule.fix
    for number, example in enumerate(rule.examples)
    for profile in shipped().profile_names
    if not repeats(rule.id, profile)
    and example.is_for(profile, shipped().profile(profile).dialect)
    and rule.id in linter_for(profile).enabled
]


@pytest.mark.parametrize(("rule", "example", "profile"), CASES)
def test_the_fix_of_a_bad_example_makes_it_clean(rule: Rule, example: Example, profile: str) -> None:
    """If a bad example has a fix, the fixed text has no finding, and the fix is safe exactly if the rule says so."""
    text = unmarked(example.bad)
    name = f"example.{example.form}"
    findings = linter_for(profile).check_text(text, name, form=example.form, kind=example.kind).findings
    for finding in findings[:1]:
        if finding.fix is None:
            continue
        assert rule.fix is not None
        assert finding.fix.safe is rule.fix.safe
        after = linter_for(profile).check_text(edited(text, finding), name, form=example.form, kind=example.kind)
        assert [str(f) for f in after] == []


def test_every_rule_with_a_fix_has_a_fixable_example() -> None:
    """Every rule with a fix, except those that only correct letter case, has an example that the fix makes good."""
    shown = set()
    for case in CASES:
        rule, example, profile = case.values
        findings = linter_for(profile).check_text(unmarked(example.bad), form=example.form, kind=example.kind)
        shown |= {rule.id for finding in findings if finding.fix}
    letters = {rule.id for rule in shipped().rules.values() if rule.fix and rule.fix.kind == "lower-case"}
    assert {rule.id for rule in shipped().rules.values() if rule.fix and rule.examples} - letters <= shown


@pytest.mark.parametrize("profile", shipped().profile_names)
@pytest.mark.parametrize("form", FORMS)
def test_fixing_is_lawful(form: str, profile: str) -> None:
    """
    On mutations, no error is new, a second run changes nothing, and a text without a fix keeps every byte.

    The fixed value is the same in compact, indented and other JSON.
    """
    suffix, dump = FORMS[form]
    rng = random.Random(form)  # noqa: S311 - repeatable on purpose
    for request in concerning([*rng.sample(MUTATED, 80), *mistakes(20)], profile):
        text = dump(request)
        once = fixed(text, suffix, profile)
        before, after = text.encode("utf-8", "surrogatepass"), text_of(once)
        assert errors(once.left) <= errors(once.found), text
        if not once.fixed:
            assert after == before
            continue
        again = fixed(after, suffix, profile)
        assert text_of(again) == after, text
        if suffix == "json":
            expected = values(text_of(fixed(json.dumps(request), "json", profile)), "json")
            assert is_same_json(values(after, suffix), expected), text


@pytest.mark.parametrize("form", FORMS)
def test_nothing_outside_the_edits_changes(form: str) -> None:
    """A fix leaves the text before, between and after its edits as it was, and the result can be read."""
    suffix, dump = FORMS[form]
    for profile in shipped().profile_names:
        for request in concerning([*MUTATED[:50], *mistakes(20)], profile):
            text = dump(request)
            lines = text.split("\n") if suffix == "jsonl" else [text]
            for finding in linter_for(profile).check_text(text, f"request.{suffix}"):
                if finding.fix is None:
                    continue
                line = lines[finding.document] if suffix == "jsonl" else text
                rest, position = edited(line, finding), 0
                for edit in finding.fix.edits:
                    kept = line[position : edit.region.start]
                    assert rest.startswith(kept + edit.replacement)
                    rest, position = rest[len(kept) + len(edit.replacement) :], edit.region.end
                assert rest == line[position:]
                read = values(edited(line, finding).encode(), "json" if suffix == "jsonl" else suffix)
                assert len(read) == 1
                assert not isinstance(read[0], str)


def test_most_yaml_is_fixed_as_json_is() -> None:
    """At least 19 of 20 requests are fixed to the same value in YAML as in JSON."""
    total = agreed = 0
    for request in mistakes(120):
        expected = values(text_of(fixed(json.dumps(request), "json", "openai")), "json")
        for form in ("block", "flow", "mixed", "block, CRLF"):
            total += 1
            agreed += is_same_json(values(text_of(fixed(FORMS[form][1](request), "yaml", "openai")), "yaml"), expected)
    assert agreed >= 0.95 * total, (agreed, total)


def test_good_examples_are_not_edited() -> None:
    """For a file without findings, `apply_fixes` returns the given source and copies no bytes."""
    for path in sorted((ROOT / "examples" / "good").iterdir()):
        for profile in shipped().profile_names:
            source = Source(str(path), path, None)
            repair = apply_fixes(source, Linter(profile, select=["files", "hygiene"]).check_source)
            assert repair.source is source


def test_recordings_have_no_fixes() -> None:
    """A finding in a recording has no fix, because the recording says what was sent."""
    for path in sorted((ROOT / "examples" / "recordings").iterdir()):
        for profile in shipped().profile_names:
            assert all(finding.fix is None for finding in linter_for(profile).check_file(path))


YAML_CASES = {
    "a comment stays": (
        "model: qwen-plus  # the cheap one\nsteam: true  # as it comes\nmessages: [{role: user, content: Hi}]\n",
        "model: qwen-plus  # the cheap one\nstream: true  # as it comes\nmessages: [{role: user, content: Hi}]\n",
    ),
    "a removed member takes its lines along": (
        "model: qwen-plus\ntools: []  # none yet\nmessages:\n- role: user\n  content: Hi\n",
        "model: qwen-plus\nmessages:\n- role: user\n  content: Hi\n",
    ),
    "the last line of a file without its end": (
        "model: qwen-plus\nmessages:\n- role: user\n  content: Hi\ntools: []",
        "model: qwen-plus\nmessages:\n- role: user\n  content: Hi",
    ),
    "the first key behind a dash": (
        "model: qwen-plus\nmessages:\n- name:\n  role: user\n  content: Hi\n",
        "model: qwen-plus\nmessages:\n- role: user\n  content: Hi\n",
    ),
    "lifted members lose their indentation": (
        "model: qwen-plus\nextra_body:\n    top_k: 20\n    # slower\n    enable_thinking: true\nstream: true\n"
        "messages:\n- role: user\n  content: |\n    Hi\n",
        "model: qwen-plus\ntop_k: 20\n# slower\nenable_thinking: true\nstream: true\n"
        "messages:\n- role: user\n  content: |\n    Hi\n",
    ),
    "wrapped values gain indentation": (
        "model: qwen-plus\nmessages:\n- role: user\n  content: Hi\nfunctions:\n- name: now\n  description: >\n    Tell\n\n    the time\n",
        "model: qwen-plus\nmessages:\n- role: user\n  content: Hi\ntools:\n- type: function\n  function:\n    name: now\n"
        "    description: >\n      Tell\n\n      the time\n",
    ),
    "quotes": (
        "model: 'qwen-plus'\nmessages:\n- 'role': 'User'\n  content: no\n",
        "model: 'qwen-plus'\nmessages:\n- 'role': 'user'\n  content: \"no\"\n",
    ),
    "an anchor with an alias": (
        "model: qwen-plus\nmessages:\n- &first {role: User, content: Hi}\n- *first\n",
        "model: qwen-plus\nmessages:\n- &first {role: User, content: Hi}\n- *first\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", YAML_CASES)
def test_yaml_is_edited_as_by_hand(case: str) -> None:
    """Comments, styles and indentation stay; a value shared by an anchor is not edited."""
    before, after = YAML_CASES[case]
    for turn in (str, crlf):
        assert text_of(fixed(turn(before), "yaml", "dashscope")).decode() == turn(after)


JSON_CASES = {
    "the last member takes the comma before it": (
        '{\n  "model": "qwen-plus",\n  "messages": [{"role": "user", "content": "Hi"}],\n  "tools": []\n}\n',
        '{\n  "model": "qwen-plus",\n  "messages": [{"role": "user", "content": "Hi"}]\n}\n',
    ),
    "any other member takes the comma after it": (
        '{\n  "tools": [],\n  "model": "qwen-plus",\n  "messages": [{"role": "user", "content": "Hi"}]\n}\n',
        '{\n  "model": "qwen-plus",\n  "messages": [{"role": "user", "content": "Hi"}]\n}\n',
    ),
    "new members have the spacing around them": (
        '{"model":"qwen-plus","messages":[{"role":"user","content":"Hi"}],"tools":[{"function":{"name":"now","description":"x"}}]}',
        '{"model":"qwen-plus","messages":[{"role":"user","content":"Hi"}],"tools":[{"type":"function","function":{"name":"now","description":"x"}}]}',
    ),
    "lifted members lose their indentation": (
        '{\n\t"model": "qwen-plus",\n\t"extra_body": {\n\t\t"top_k": 20,\n\t\t"enable_thinking": false\n\t},\n'
        '\t"messages": [{"role": "user", "content": "Hi"}]\n}',
        '{\n\t"model": "qwen-plus",\n\t"top_k": 20,\n\t"enable_thinking": false,\n'
        '\t"messages": [{"role": "user", "content": "Hi"}]\n}',
    ),
    "of two misspellings of one key the first is renamed": (
        '{"model": "qwen-plus", "messages": [{"role": "user", "content": "Hi"}], "steam": true, "sream": true}',
        '{"model": "qwen-plus", "messages": [{"role": "user", "content": "Hi"}], "stream": true, "sream": true}',
    ),
    "a number out of range stays a string": (
        '{"model": "qwen-plus", "messages": [{"role": "user", "content": "Hi"}], "n": "400"}',
        '{"model": "qwen-plus", "messages": [{"role": "user", "content": "Hi"}], "n": "400"}',
    ),
    "with duplicate keys nothing is certain": (
        '{"model": "qwen-plus", "messages": [{"role": "user", "content": "Hi"}], "steam": true, "steam": false}',
        '{"model": "qwen-plus", "messages": [{"role": "user", "content": "Hi"}], "steam": true, "steam": false}',
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", JSON_CASES)
def test_json_is_edited_as_by_hand(case: str) -> None:
    """A removed member takes one comma along, and new text has the spacing and indentation of its neighbours."""
    before, after = JSON_CASES[case]
    for turn in (str, crlf):
        assert text_of(fixed(turn(before), "json", "dashscope")).decode() == turn(after)


def test_unsafe_fixes_are_opt_in() -> None:
    """A function is renamed, wherever it is named, only if unsafe fixes are allowed."""
    call = {"id": "a", "type": "function", "function": {"name": "clock.now", "arguments": "{}"}}
    request = {
        "model": "gpt-4o-mini",
        "messages": [
            {"role": "user", "content": "What time is it?"},
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "a", "content": "noon"},
        ],
        "tools": [{"type": "function", "function": {"name": "clock.now", "description": "Tell the time"}}],
        "tool_choice": {"type": "function", "function": {"name": "clock.now"}},
    }
    text = json.dumps(request)
    assert text_of(fixed(text, "json", "openai", unsafe=False)).decode() == text
    assert text_of(fixed(text, "json", "openai")).decode() == text.replace("clock.now", "clock_now")


def test_a_fix_with_a_new_error_is_taken_back() -> None:
    """A fix that causes a new error is taken back and reported as such, and the other fixes stay."""
    text = '{"model": "qwen-plus", "messages": [{"role": "user", "content": "Hi"}], "steam": true, "n": "2"}'
    linter = linter_for("dashscope")

    def check(source: Source) -> Report:
        report = linter.check_source(source)
        if b'"stream"' in source.read():
            more = linter.check_text('{"model": 1, "messages": [{"role": "user", "content": "Hi"}]}', source.name)
            return Report((*report.findings, *more.findings), report.files, report.requests)
        return report

    repair = apply_fixes(Source("request.json", None, text.encode()), check)
    assert text_of(repair).decode() == text.replace('"2"', "2")
    assert [finding.rule for finding in repair.reverted] == ["unknown-field"]
    assert [finding.rule for finding in repair.fixed] == ["wrong-type"]


def test_lines_are_fixed_as_a_stream(tmp_path: Path) -> None:
    """Clean, blank and unreadable lines keep every byte; only the line with a fix changes."""
    good = b'{"model": "qwen-plus",   "messages": [{"role": "user", "content": "Hi"}]}\r\n'
    lines = [good, b"\n", good.replace(b"user", b"User"), b'{"broken": \n', b'{"latin": "\xe9"}\n', good.rstrip()]
    path = tmp_path / "requests.jsonl"
    path.write_bytes(b"".join(lines))
    repair = apply_fixes(Source(str(path), path, None), linter_for("dashscope").check_source)
    assert text_of(repair) == b"".join(lines).replace(b"User", b"user")
    assert path.read_bytes() == b"".join(lines)


def test_a_stream_of_yaml_is_fixed_document_by_document() -> None:
    """Each document of a YAML stream is fixed in place, and the text around it stays."""
    one = "model: qwen-plus\nmessages:\n- role: User\n  content: é😀\n"
    stream = f"# first\n---\n{one}---\n{one}...\n---\nnot: a request\n"
    assert text_of(fixed(stream, "yaml", "dashscope")).decode() == stream.replace("User", "user")


CUSTOM_RULE = """\
id: loud-seed
summary: A seed of our own
subject: output
at: /seed
request: {properties: {seed: {const: 7}}}
message: seed is {value}
fix: {kind: replace-value, value: 7, safe: true}
why: Our fixtures are recorded with one seed, so that they can be compared from run to run.
evidence:
  - {profile: "*", effect: refused, status: documented, read: 2026-08-21, basis: our own agreement, says: the seed is 7}
examples:
  - bad: '{"model": "qwen-plus", "messages": [{"role": "user", "content": "Hi"}], "seed": «8»}'
    good: '{"model": "qwen-plus", "messages": [{"role": "user", "content": "Hi"}], "seed": 7}'
"""


def test_a_custom_rule_can_have_a_fix(tmp_path: Path) -> None:
    """A rule file of the user names a kind of fix and its parameters, and needs no code."""
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "loud-seed.yaml").write_text(CUSTOM_RULE, "utf-8")
    linter = Linter("dashscope", rules=(str(tmp_path),))
    text = b'{"model": "qwen-plus", "messages": [{"role": "user", "content": "Hi"}], "seed": 8}'
    repair = apply_fixes(Source("request.json", None, text), linter.check_source)
    assert text_of(repair) == text.replace(b"8", b"7")


def test_only_exact_numbers_lose_their_quotes() -> None:
    """A quoted number is unquoted only if every reader then reads the number that is spelled."""
    for spelled, exact in {
        "1": True,
        "0.5": True,
        "1e0": False,
        "0.12345678901234567": False,
        "01": False,
        " 1": False,
    }.items():
        text = (
            f'{{"model": "qwen-plus", "messages": [{{"role": "user", "content": "Hi"}}], "temperature": "{spelled}"}}'
        )
        assert (text_of(fixed(text, "json", "dashscope")).decode() == text.replace(f'"{spelled}"', spelled)) is exact
