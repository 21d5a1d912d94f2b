"""Files that belong together as a whole: batches, and sets of training examples."""

import json
import tracemalloc
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from reqlint import Finding, Linter, Report, Severity
from reqlint.checks.files import BatchLines
from reqlint.cli.group import cli
from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.profile import Profile
from reqlint.run.one_request import linter_for
from reqlint.run.scope import Scope
from reqlint.text.sources import Source
from tests.conftest import unmarked
from tests.support.mutations import WHOLE
from tests.support.timing import Stopwatch

ROOT = Path(__file__).parents[2]
HI = [{"role": "user", "content": "Hi"}]
MODELS = {"openai": "gpt-4o-mini", "dashscope": "qwen-plus", "gptproto-qwen": "qwen-3.5", "auto": "gpt-4o-mini"}


def line(custom_id: object = "a", profile: str = "openai", **changes: Any) -> dict[str, Any]:
    """Return a batch line; a change to None removes the key."""
    body = {"model": MODELS.get(profile, "some-model"), "messages": HI}
    whole = {"custom_id": custom_id, "method": "POST", "url": "/v1/chat/completions", "body": body, **changes}
    return {key: value for key, value in whole.items() if value is not None}


def body(profile: str = "openai", **changes: Any) -> dict[str, Any]:
    """Return the request of a batch line."""
    return {"model": MODELS.get(profile, "some-model"), "messages": HI, **changes}


def jsonl(*lines: object) -> str:
    """Return values as JSON Lines."""
    return "".join(each if isinstance(each, str) else json.dumps(each) + "\n" for each in lines)


def checked(*lines: object, profile: str = "openai", kind: str | None = None) -> Report:
    """Return the report on a file of these lines."""
    return Linter(profile).check_text(jsonl(*lines), "b.jsonl", kind=kind)


def told(report: Report) -> list[tuple[str, int, str]]:
    """Return the rule, document and pointer of every finding."""
    return [(finding.rule, finding.document, finding.pointer) for finding in report]


@pytest.mark.parametrize("profile", ["auto", *shipped().profiles_in("openai-chat")])
def test_a_good_batch_has_no_finding(profile: str) -> None:
    """Lines with different ids, one model and one url have no finding under any profile of chat."""
    assert told(checked(*(line(f"r-{i}", profile) for i in range(3)), profile=profile)) == []


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        (line(method=None), ("missing-field", "")),
        (line(url=None), ("missing-field", "")),
        (line(body=None), ("missing-field", "")),
        ({key: value for key, value in line().items() if key != "custom_id"}, ("missing-field", "")),
        (line(7), ("wrong-type", "/custom_id")),
        (line(method="GET"), ("unknown-value", "/method")),
        (line(method="post"), ("unknown-value", "/method")),
        (line(url=5), ("wrong-type", "/url")),
        (line(url="v1/chat/completions"), ("unknown-batch-url", "/url")),
        (line(url="https://api.openai.com/v1/chat/completions"), ("unknown-batch-url", "/url")),
        (line(body=[]), ("wrong-type", "/body")),
        (line(body="{}"), ("wrong-type", "/body")),
    ],
)
def test_what_is_around_a_request_is_judged(bad: object, expected: tuple[str, str]) -> None:
    """A mistake in the keys around a request is one error at its place, under profiles that document batches."""
    report = checked(bad)
    assert (report[0].rule, report[0].pointer) == expected
    assert report[0].severity is Severity.ERROR
    assert report[0].region is not None
    assert {finding.rule for finding in report} == {expected[0]}


def test_an_undocumented_batch_is_warned_of_at_most() -> None:
    """A profile that does not document batches has no error for the keys around a request."""
    lines = [line(7, "gptproto-qwen", method=None), line("a", "gptproto-qwen"), line("a", "gptproto-qwen")]
    report = checked(*lines, line("b", "gptproto-qwen", body=body("gptproto-qwen", model="x")), profile="gptproto-qwen")
    rules = {"wrong-type", "missing-field", "duplicate-custom-id", "mixed-batch-models"}
    assert {finding.rule for finding in report} == rules
    assert {finding.severity for finding in report} == {Severity.WARNING}


def test_other_keys_of_a_line_are_warned_of() -> None:
    """An unknown key of a line is a warning, and a misspelled one has a suggestion."""
    report = checked(line(metadata={"x": "y"}))
    assert [(f.rule, f.severity, f.pointer, f.part) for f in report] == [
        ("unknown-field", Severity.WARNING, "/metadata", "key")
    ]


def test_the_path_of_azure_is_a_note_only() -> None:
    """A url that another API of the same format takes is a note."""
    report = checked(line("a", url="/chat/completions"), line("b", url="/chat/completions"))
    assert {(f.rule, f.severity) for f in report} == {("unversioned-batch-url", Severity.NOTE)}


def test_a_message_speaks_of_the_line() -> None:
    """A message about a missing key names the line, not the request, and the finding has its custom_id."""
    (finding,) = checked(line("q-1", method=None))
    assert (finding.message, finding.custom_id) == ("the line has no method", "q-1")


def test_both_lines_of_a_duplicate_are_shown() -> None:
    """A duplicate id is a finding on the later line, related to the first one with the region of its value."""
    lines = [line("a"), line("b"), line("a"), line("a")]
    report = checked(*lines)
    assert told(report) == [("duplicate-custom-id", 2, "/custom_id"), ("duplicate-custom-id", 3, "/custom_id")]
    for finding in report:
        assert finding.custom_id == "a"
        (related,) = finding.related
        assert (related.document, related.pointer) == (0, "/custom_id")
        assert related.region is not None
        assert (related.region.line, related.region.column) == (1, 15)
    assert len({finding.fingerprint for finding in report}) == 2


def test_both_lines_stand_in_the_report_for_people(tmp_path: Path) -> None:
    """The human report shows both lines of a duplicate, and the JSON report has the document of each."""
    (tmp_path / "b.jsonl").write_text(jsonl(line("a"), line("b"), line("a")))
    arguments = ["check", "-p", "openai", str(tmp_path / "b.jsonl")]
    shown = CliRunner().invoke(cli, arguments).output
    assert "b.jsonl:3:15" in shown
    assert ' 1 | {"custom_id": "a"' in shown
    assert "--- first used here" in shown
    assert ' 3 | {"custom_id": "a"' in shown
    written = json.loads(CliRunner().invoke(cli, [*arguments, "--output-format", "json"]).output)
    (finding,) = written["findings"]
    assert (finding["document"], finding["line"]) == (2, 3)
    assert (finding["related"][0]["document"], finding["related"][0]["line"]) == (0, 1)
    schema = json.loads((ROOT / "schemas/meta/report.json").read_text("utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(written)] == []


def test_a_duplicate_in_an_array_of_lines_is_found_there() -> None:
    """Lines inside one JSON array count as lines, and a duplicate's first occurrence is found in the array."""
    (finding,) = Linter("openai").check_text(json.dumps([line("a"), line("a")]), "b.json")
    assert (finding.rule, finding.pointer) == ("duplicate-custom-id", "/1/custom_id")
    assert finding.related[0].pointer == "/0/custom_id"
    assert finding.related[0].region is not None


def test_every_line_that_differs_from_the_first_is_told() -> None:
    """A line with another model or url than the first is a finding on that line."""
    report = checked(
        line("a"),
        line("b", body=body(model="gpt-4o")),
        line("c"),
        line("d", url="/v1/embeddings", body={"model": "gpt-4o-mini", "input": "Hi"}),
    )
    assert told(report) == [("mixed-batch-models", 1, "/body/model"), ("mixed-batch-urls", 3, "/url")]
    assert [finding.related[0].document for finding in report] == [0, 0]
    assert all(finding.related[0].region for finding in report)
    assert report.requests == 3


def test_a_stream_in_a_batch_is_warned_of() -> None:
    """`stream: true` in a batch line is a warning; `stream: false` is none."""
    (finding,) = checked(line("a", body=body(stream=True)))
    assert (finding.rule, finding.severity, finding.pointer) == ("stream-in-batch", Severity.WARNING, "/body/stream")
    assert told(checked(line("a", body=body(stream=False)))) == []
    assert told(checked(body(stream=True))) == []


def test_in_a_batch_every_line_is_held_to_be_one() -> None:
    """After a batch line, a bare request, an array and a number are findings."""
    report = checked(line("a"), body(), [1], 3, {})
    assert [(f.rule, f.document) for f in report] == [
        ("bare-request-in-batch", 1),
        ("wrong-type", 2),
        ("wrong-type", 3),
        *[("missing-field", 4)] * 4,
    ]


def test_as_batch_settles_it() -> None:
    """As a batch, every bare request is a finding; as requests, none is, and batch lines are judged as requests."""
    assert told(checked(body(), body(), kind="batch")) == [("bare-request-in-batch", i, "") for i in (0, 1)]
    assert told(checked(body(), body(), kind="request")) == []
    assert told(checked(line(), line(), kind="request")) != []
    assert "duplicate-custom-id" not in {f.rule for f in checked(line(), line(), kind="request")}


def test_a_note_of_an_http_request_is_no_batch_line() -> None:
    """An object with a complete URL, headers and a body is no batch line."""
    noted = {"method": "POST", "url": "https://api.openai.com/v1/chat/completions", "headers": {}, "body": body()}
    assert told(checked(noted, noted)) == []
    assert told(checked({key: value for key, value in noted.items() if key != "headers"})) == []


def test_lines_for_other_endpoints_are_counted() -> None:
    """A batch for another endpoint counts as skipped, and its ids are still compared."""
    embedding = {"method": "POST", "url": "/v1/embeddings", "body": {"model": "e", "input": "x"}}
    report = checked({"custom_id": "a", **embedding}, {"custom_id": "b", **embedding})
    assert report.skipped == (("b.jsonl", "holds no request; batch lines: 2 for /v1/embeddings"),)
    report = checked({"custom_id": "a", **embedding}, {"custom_id": "a", **embedding})
    assert told(report) == [("duplicate-custom-id", 1, "/custom_id")]


def test_blank_lines_are_told_once() -> None:
    """Any number of blank lines is one finding, at the first; a line break at the end of the file is none."""
    report = Linter("openai").check_text(jsonl(line("a"), "\n", " \n", line("b"), "\n", line("c"), "\n"), "b.jsonl")
    (finding,) = report
    assert (finding.rule, finding.severity) == ("blank-line", Severity.NOTE)
    assert finding.message.startswith("3 blank lines")
    assert finding.region is not None
    assert finding.region.line == 2
    assert told(checked(body(), "\n", body())) == []


def test_a_line_that_is_not_json_is_no_blank_line() -> None:
    """A line that is not JSON has its own finding, and the lines after it are judged."""
    report = checked(line("a"), '{"custom_id": "b",,}\n', line("a"))
    assert [(f.rule, f.document) for f in report] == [("invalid-json", 1), ("duplicate-custom-id", 2)]


def test_an_empty_file(tmp_path: Path) -> None:
    """An empty file is a finding when it is named and the profile documents it; in a folder it is skipped."""
    (tmp_path / "empty.jsonl").write_text("")
    (tmp_path / "blank.jsonl").write_text("\n\n")
    for name in ("empty.jsonl", "blank.jsonl"):
        (finding,) = Linter("openai").check_file(tmp_path / name)
        assert (finding.rule, finding.severity) == ("empty-batch-file", Severity.ERROR)
        assert CliRunner().invoke(cli, ["check", "-p", "openai", str(tmp_path / name)]).exit_code == 1
        assert CliRunner().invoke(cli, ["check", str(tmp_path / name)]).exit_code == 3
        assert CliRunner().invoke(cli, ["check", "--allow-empty", str(tmp_path / name)]).exit_code == 0
    assert CliRunner().invoke(cli, ["check", "-p", "openai", str(tmp_path)]).exit_code == 3
    assert CliRunner().invoke(cli, ["check", "-p", "openai", "--requests-only", str(tmp_path)]).exit_code == 0
    assert told(Linter("openai").check_file(tmp_path / "empty.jsonl", scope=Scope.FOUND)) == []


def test_standard_input_is_judged_like_a_file() -> None:
    """From standard input too, a report shows both lines of a duplicate."""
    text = jsonl(line("a"), line("a"))
    shown = CliRunner().invoke(cli, ["check", "-p", "openai", "-"], input=text)
    assert shown.exit_code == 1
    assert "<stdin>:2:15" in shown.output
    assert "first used here" in shown.output
    assert CliRunner().invoke(cli, ["check", "-p", "openai", "--as", "batch", "-"], input=text).exit_code == 1


def test_auto_judges_each_line_by_its_model_and_the_file_by_the_first() -> None:
    """With auto each line is judged by the profile of its model, and the file by that of the first line."""
    report = checked(line("a"), line("b", "dashscope", body=body("dashscope", n=9)), profile="auto")
    assert {(finding.rule, finding.profile) for finding in report} >= {
        ("mixed-batch-models", "openai"),
        ("n-above-upstream-limit", "gptproto-qwen"),
    }


def many(count: int, profile: str = "openai") -> bytes:
    """Return a batch of *count* lines without findings."""
    written = json.dumps(line("r-#", profile))
    return "".join(written.replace("#", str(i)) + "\n" for i in range(count)).encode()


def test_fifty_thousand_lines_are_judged_as_a_stream(tmp_path: Path) -> None:
    """The largest batch is judged in seconds and little memory, and a duplicate of its first line is found."""
    path = tmp_path / "b.jsonl"
    path.write_bytes(many(49_999) + json.dumps(line("r-0")).encode())
    linter = linter_for("openai")
    linter.check_text(jsonl(line()), "warm.jsonl")
    with Stopwatch() as took:
        report = linter.check_file(path)
    assert took.seconds < 20
    assert told(report) == [("duplicate-custom-id", 49_999, "/custom_id")]
    assert report[0].related[0].region is not None
    assert (report[0].region.line if report[0].region else 0, report[0].related[0].region.line) == (50_000, 1)
    assert report.requests == 50_000
    path.write_bytes(many(10_000))
    tracemalloc.start()
    linter.check_file(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak / 10_000 < 400, "bytes a line"


@pytest.mark.parametrize("profile", ["openai", "dashscope"])
def test_a_batch_may_have_so_many_lines(profile: str) -> None:
    """A batch over the limit has one finding, at the first line beyond it, with the number of lines."""
    limit = (shipped().profile(profile).facts or {})["batch-limits"]["value"]["lines"]
    linter = Linter(profile, select=["too-many-batch-lines"])
    assert told(linter.check_source(Source("b.jsonl", None, many(limit, profile)))) == []
    (finding,) = linter.check_source(Source("b.jsonl", None, many(limit + 2, profile)))
    assert (finding.rule, finding.document, finding.severity) == ("too-many-batch-lines", limit, Severity.ERROR)
    assert finding.message == f"the file has {limit + 2} lines; a batch may have at most {limit}"
    assert finding.region is not None
    assert finding.region.line == limit + 1


def test_a_dry_run_has_limits_of_its_own() -> None:
    """A batch to the address for dry runs may have a hundred lines."""
    lines = [line(f"r-{i}", "dashscope", url="/v1/chat/ds-test") for i in range(101)]
    assert told(checked(*lines[:100], profile="dashscope")) == []
    assert told(checked(*lines, profile="dashscope")) == [("too-many-batch-lines", 100, "")]


def test_a_long_line_is_told_where_lines_have_a_limit() -> None:
    """A line over six megabytes is a finding under the one profile that limits lines."""
    long = [{"role": "user", "content": "x" * (6 << 20)}]
    for profile, expected in (("dashscope", [("oversized-batch-line", 0, "")]), ("openai", [])):
        linter = Linter(profile, select=["files"])
        text = jsonl(line("a", profile, body=body(profile, messages=long)))
        assert told(linter.check_text(text, "b.jsonl")) == expected


@pytest.mark.parametrize(("profile", "megabytes"), [("openai", 200), ("dashscope", 500)])
def test_a_file_may_be_so_large(profile: str, megabytes: int) -> None:
    """A file over the profile's limit is a finding; a megabyte counts as 2**20 bytes."""
    lines = BatchLines(shipped().profile(profile).facts or {})
    lines.check(line("a", profile), 0, (), 100)
    assert list(lines.end(megabytes << 20)) == []
    ((document, hit),) = lines.end((megabytes << 20) + 1)
    assert (document, hit.rule, hit.facts["limit"]) == (None, "oversized-batch-file", f"{megabytes} MB")


def test_the_size_of_a_file_reaches_its_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """The size of a source reaches the rule about it."""
    monkeypatch.setattr(Source, "size", lambda _: 1 << 30)
    (finding,) = checked(line())
    assert (finding.rule, finding.region) == ("oversized-batch-file", None)
    assert finding.message == "the file has 1,024.0 MB; a batch file may have at most 200 MB"


def test_rules_of_files_can_be_chosen() -> None:
    """A rule about files that is not selected has no finding, and the other findings stay."""
    text = jsonl(line("a", method=None), line("a"))
    assert {f.rule for f in Linter("openai", ignore=["duplicate-custom-id"]).check_text(text, "b.jsonl")} == {
        "missing-field"
    }
    assert {f.rule for f in Linter("openai", select=["files"]).check_text(text, "b.jsonl")} == {"duplicate-custom-id"}


def test_schemas_of_lines_name_rules_that_are_there() -> None:
    """Each schema of lines is a JSON Schema, and names only rules that its profile has evidence for."""

    def walk(node: object, profile: Profile) -> None:
        if isinstance(node, dict):
            if "x-rule" in node:
                assert profile.evidence_for(shipped().rules[node["x-rule"]]), node["x-rule"]
            for child in node.values():
                walk(child, profile)
        elif isinstance(node, list):
            for child in node:
                walk(child, profile)

    with_batches = set()
    for name in shipped().profile_names:
        profile = shipped().profile(name)
        for form, schema in (profile.lines or {}).items():
            Draft202012Validator.check_schema(dict(schema))
            walk(schema, profile)
            with_batches |= {name} if form == "batch" else set()
    assert with_batches >= {"azure-openai", "dashscope", "gptproto-qwen", "openai", "openai-compatible"}


# --- training sets ---


def example(*, extra: str | None = None, **changes: Any) -> dict[str, Any]:
    """Return a training example; *extra* is an unknown key."""
    answer = {"role": "assistant", "content": "Hello", **changes}
    return {"messages": [*HI, answer], **({extra: 1} if extra else {})}


PREFERENCE = {
    "input": {"messages": HI},
    "preferred_output": [{"role": "assistant", "content": "Hello!"}],
    "non_preferred_output": [{"role": "assistant", "content": "What?"}],
}


def trained(*lines: object, profile: str = "openai", kind: str | None = None) -> list[Finding]:
    """Return the findings of a training set with these lines and enough others, without those about its length."""
    others = [example()] * 9 if kind or not lines or "messages" in str(lines[0])[:12] else [PREFERENCE] * 9
    return list(checked(*lines, *others, profile=profile, kind=kind))


@pytest.mark.parametrize("profile", ["openai", "auto"])
def test_a_training_set_is_told_by_its_first_line(profile: str) -> None:
    """A file is a training set when its first line is a conversation that ends with the assistant, or a preference."""
    for one in (example(), PREFERENCE, example(weight=1)):
        report = checked(*[one] * 10, profile=profile)
        assert told(report) == []
        assert report.requests == 10
        assert report.profiles == ("openai",)


@pytest.mark.parametrize(
    "first", [{"messages": HI}, {**example(), "temperature": 1}, {**example(), "model": "gpt-4o-mini"}, body()]
)
def test_requests_are_not_taken_for_examples(first: dict[str, Any]) -> None:
    """A line that may be a request or an example is judged as a request."""
    found = {(f.rule, f.pointer) for f in checked(first, first)}
    assert found == (set() if "model" in first else {("missing-field", "")})


def test_a_broken_first_line_leaves_it_to_the_next() -> None:
    """The first readable line decides what a file holds."""
    assert [f.rule for f in checked('{"messages": \n', *[example()] * 10)] == ["invalid-json"]
    assert [f.rule for f in checked('{"custom_id": \n', line("a"), body())] == ["invalid-json", "bare-request-in-batch"]


def test_a_named_profile_keeps_conversations_requests() -> None:
    """A named profile without training schemas judges conversations as requests; preferences never are one."""
    report = checked(*[example()] * 10, profile="gptproto-qwen")
    assert {f.rule for f in report} >= {"missing-field"}
    for report in (
        checked(*[example()] * 10, profile="gptproto-qwen", kind="finetune"),
        checked(*[PREFERENCE] * 10, profile="gptproto-qwen"),
    ):
        assert told(report) == []
        assert report.profiles == ("openai",)


def test_one_example_in_a_json_file_is_a_request() -> None:
    """A JSON file is a training set only with `--as finetune`."""
    text = json.dumps(example())
    assert [f.rule for f in Linter("openai").check_text(text, "a.json")] == ["missing-field"]
    assert [f.rule for f in Linter("openai").check_text(text, "a.json", kind="finetune")] == []


def test_a_training_set_has_ten_examples() -> None:
    """A training set of nine examples is a finding with their number."""
    (finding,) = checked(*[example()] * 9)
    assert (finding.rule, finding.severity, finding.document) == ("too-few-examples", Severity.ERROR, 8)
    assert "9 examples" in finding.message
    assert finding.region is not None


@pytest.mark.parametrize(
    ("bad", "rule", "pointer", "severity"),
    [
        (example(extra="metadata"), "unknown-field", "/metadata", "error"),
        (example(weight=2), "unknown-value", "/messages/1/weight", "error"),
        (example(weight=0.5), "wrong-type", "/messages/1/weight", "error"),
        (example(weight=0), "zero-weight-example", "/messages/1/weight", "warning"),
        (example(wait=0), "unknown-field", "/messages/1/wait", "warning"),
        ({"messages": HI}, "example-without-assistant", "/messages", "warning"),
        ({"messages": []}, "wrong-length", "/messages", "error"),
        ({"messages": "Hi"}, "wrong-type", "/messages", "error"),
        ({"prompt": "Hi"}, "missing-field", "", "error"),
        (
            {"messages": [{"role": "bot", "content": ""}, *example()["messages"]]},
            "unknown-role",
            "/messages/0/role",
            "error",
        ),
        (
            {"messages": [{"role": "developer", "content": ""}, *example()["messages"]]},
            "developer-role-in-example",
            "/messages/0/role",
            "warning",
        ),
        (["messages"], "wrong-type", "", "error"),
    ],
)
def test_what_is_wrong_with_an_example(bad: object, rule: str, pointer: str, severity: str) -> None:
    """Each mistake in an example has one finding at its place; an inferred one is a warning."""
    found = [(f.rule, f.pointer, str(f.severity)) for f in trained(example(), bad)]
    assert (rule, pointer, severity) in found
    assert {f[0] for f in found} <= {rule, "unknown-field"}


@pytest.mark.parametrize(
    ("changes", "rule", "pointer"),
    [
        ({"preferred_output": None}, "missing-field", ""),
        ({"input": None}, "missing-field", ""),
        (
            {"preferred_output": None, "preferred_completion": PREFERENCE["preferred_output"]},
            "preferred-completion",
            "/preferred_completion",
        ),
        ({"input": {"messages": example()["messages"]}}, "answered-preference-input", "/input/messages/1/role"),
        ({"preferred_output": HI}, "unknown-role", "/preferred_output/0/role"),
        ({"preferred_output": []}, "wrong-length", "/preferred_output"),
        ({"preferred_output": {}}, "wrong-type", "/preferred_output"),
        ({"input": "Hi"}, "wrong-type", "/input"),
    ],
)
def test_what_is_wrong_with_a_preference(changes: dict[str, Any], rule: str, pointer: str) -> None:
    """A preference needs two outputs that answer one input, under the names of the guide."""
    bad = {key: value for key, value in {**PREFERENCE, **changes}.items() if value is not None}
    assert (rule, pointer) in [(f.rule, f.pointer) for f in trained(PREFERENCE, bad)]


def test_names_of_the_published_schema_are_disputed() -> None:
    """The other names of the outputs, which pages disagree on, are a warning with the name to use."""
    bad = {"input": PREFERENCE["input"]}
    bad["preferred_completion"] = PREFERENCE["preferred_output"]
    bad["non_preferred_completion"] = PREFERENCE["non_preferred_output"]
    found = trained(bad)
    assert Counter((f.rule, f.severity, f.part) for f in found) == {
        ("preferred-completion", Severity.WARNING, "key"): 2
    }
    assert found[0].help == "rename it to preferred_output"


@pytest.mark.parametrize("kind", ["batch", "finetune"])
@pytest.mark.parametrize("profile", ["auto", *WHOLE])
def test_no_value_of_a_line_makes_it_raise(profile: str, kind: str) -> None:
    """A line with any value at any place is judged without an exception, in JSON Lines and in YAML."""
    odd: list[Any] = [None, 1, "x", [], {}, [[]], {"a": None}, [None], True, float("nan")]
    keys = ["custom_id", "method", "url", "body", "messages", "input", "preferred_output", "tools"]
    lines: list[Any] = [*odd, *({key: value} for key in keys for value in odd)]
    lines += [{**line(), key: value} for key in keys for value in odd]
    lines += [{**PREFERENCE, key: {"messages": value}} for key in keys for value in odd]
    lines += [{"messages": [value, {"role": value, "content": value, "weight": value}]} for value in odd]
    assert len(checked(*lines, profile=profile, kind=kind)) > 0
    text = "".join("---\n" + json.dumps(each) + "\n" for each in lines)
    assert len(Linter(profile).check_text(text, "b.yaml", kind=kind)) > 0


@pytest.mark.parametrize("rule", (shipped().profile("dashscope").facts or {})["rules-waived-in-batches"]["value"])
def test_a_batch_needs_no_stream_where_a_single_request_does(rule: str) -> None:
    """Models that only stream, and thinking, are offered to batches: what is told of a request is not told there."""
    linter = Linter("dashscope")
    for example in shipped().rule(rule).examples:
        request = json.loads(unmarked(example.bad))
        assert rule in {finding.rule for finding in linter.check(request)}
        in_file = linter.check_text(json.dumps(line(body=request)), "batch.jsonl")
        assert rule not in {finding.rule for finding in in_file}
