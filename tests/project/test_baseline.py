"""The baseline accepts the findings of today, and recognises them wherever they move."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from reqlint import Linter
from reqlint.judge.fingerprint import FINGERPRINT_NODE
from reqlint.project.baseline import Baseline, read_baseline
from reqlint.text.sources import Source
from tests.support.scratch import Scratch

OPENAI = Linter("openai")


def request(topic: str, **more: object) -> dict[str, Any]:
    """Return a clean request."""
    messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": f"What is {topic}?"}]
    return {"model": "gpt-4.1", "messages": messages, "temperature": 0.5, "max_completion_tokens": 64, **more}


WRONG = [
    {"temprature": 0.2},
    {"n": "2"},
    {"tools": []},
    {"response_format": {"type": "xml"}},
    {"messages": [{"role": "user", "content": "Hi"}, {"role": "tool", "content": "1", "tool_call_id": "x"}]},
]


def marks(text: str, name: str = "a.json") -> list[str]:
    """Return the parts of the fingerprints that do not depend on the file, sorted."""
    as_source = Source(name, None, text.encode())
    return sorted(finding.fingerprint[:FINGERPRINT_NODE] for finding in OPENAI.check_source(as_source))


def shuffled(value: Any, chance: random.Random) -> Any:
    """Return a value with the members of every object in another order."""
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: shuffled(value[key], chance) for key in keys}
    return [shuffled(each, chance) for each in value] if isinstance(value, list) else value


# -------------------------------------------------------------------------------------------------------- fingerprints


def test_moving_lines_changes_no_fingerprint() -> None:
    """Reordered members, other indentation, shuffled JSONL lines and blank lines change no fingerprint."""
    chance = random.Random(4)  # noqa: S311 - a seed, not a secret
    requests = [request("rain", **WRONG[0], **WRONG[1], **WRONG[3]), request("snow", **WRONG[4], **WRONG[2])]
    lines = [request(f"number {i}", **WRONG[i % 5]) for i in range(8)]
    batch = [
        {"custom_id": f"r{i}", "method": "POST", "url": "/v1/chat/completions", "body": b} for i, b in enumerate(lines)
    ]
    texts = [json.dumps(each) for each in requests]
    as_lines = ["".join(json.dumps(line) + "\n" for line in each) for each in (lines, batch)]
    known = [marks(text) for text in texts]
    known_lines = [marks(text, "a.jsonl") for text in as_lines]
    assert [len(each) for each in known] == [3, 2]
    for turn in range(1000):
        which = turn % 4
        if which < 2:
            text = json.dumps(shuffled(requests[which], chance), indent=chance.choice([None, 1, 2, 8]))
            assert marks(text) == known[which], text
        else:
            moved = [shuffled(line, chance) for line in (lines, batch)[which - 2]]
            chance.shuffle(moved)
            text = "".join(json.dumps(line) + "\n" for line in moved)
            assert marks(text, "a.jsonl") == known_lines[which - 2], text


def test_an_inserted_message_or_line_changes_no_fingerprint() -> None:
    """Inserting a message or a line before a finding does not change its fingerprint."""
    wrong = request("rain", **WRONG[0], **WRONG[4])
    known = marks(json.dumps(wrong))
    for at in range(len(wrong["messages"])):
        more = {
            **wrong,
            "messages": [*wrong["messages"][:at], {"role": "system", "content": "New."}, *wrong["messages"][at:]],
        }
        assert marks(json.dumps(more)) == known
        line = json.dumps(wrong) + "\n"
        assert marks(json.dumps(request("new")) + "\n" + json.dumps(more) + "\n", "a.jsonl") == marks(line, "a.jsonl")
    in_yaml = [f"model: m\nmessages: [{{role: user, content: {word}}}]\nsteam: 1\n" for word in ("a", "b")]
    both = marks("---\n".join(in_yaml), "a.yaml")
    assert both == marks("---\n".join(reversed(in_yaml)), "a.yaml")
    assert len(set(both)) == 2


@pytest.mark.parametrize("named", [False, True], ids=["plain lines", "batch lines"])
def test_a_repair_and_a_new_mistake_do_not_cancel_out(named: bool) -> None:
    """The same mistake fixed in one line and made in another, or at another value, is a new finding."""

    def text(wrong: int) -> str:
        lines = [request(f"number {i}", **(WRONG[0] if i == wrong else {})) for i in range(4)]
        if named:
            around = {"method": "POST", "url": "/v1/chat/completions"}
            lines = [{"custom_id": f"r{i}", **around, "body": line} for i, line in enumerate(lines)]
        return "".join(json.dumps(line) + "\n" for line in lines)

    assert len({tuple(marks(text(i), "a.jsonl")) for i in range(4)}) == 4
    in_one = [[{"role": "user", "content": "a"}, {"role": "user", "content": "b"}] for _ in range(2)]
    in_one[0][0]["nmae"] = in_one[1][1]["nmae"] = "x"
    missing = [
        [{"role": "user"}, {"role": "user", "content": "b"}],
        [{"role": "user", "content": "a"}, {"role": "usr"}],
    ]
    for one, two in ((in_one[0], in_one[1]), (missing[0], missing[1])):
        assert (
            set(marks(json.dumps({"model": "m", "messages": one}))).isdisjoint(
                marks(json.dumps({"model": "m", "messages": two}))
            )
            or one is in_one[0]
        )


def test_every_finding_has_its_own_fingerprint() -> None:
    """All findings of a line have different fingerprints, also equal ones, and two files never share one."""
    line = json.dumps({"model": 1, "messages": [{"role": "x"}, {"role": "x"}], "a": 1, "b": 1, "n": "1"})
    findings = [f.fingerprint for f in OPENAI.check_text(f"{line}\n{line}\n", "a.jsonl")]
    assert len(set(findings)) == len(findings) > 10
    other = [f.fingerprint for f in OPENAI.check_text(f"{line}\n{line}\n", "b.jsonl")]
    assert [f[:FINGERPRINT_NODE] for f in other] == [f[:FINGERPRINT_NODE] for f in findings]
    assert set(other).isdisjoint(findings)


# ------------------------------------------------------------------------------------------------------------- in use


@pytest.fixture
def adopted(scratch: Scratch) -> Scratch:
    """Return a project of 400 fixtures, 25 of them wrong, which adopts reqlint with a baseline."""
    chance = random.Random(25)  # noqa: S311 - as above
    wrong = set(chance.sample(range(400), 25))
    for i in range(400):
        more = WRONG[i % 5] if i in wrong else {}
        scratch.write(f"fixtures/{i % 7}/{i}.json", json.dumps(request(f"topic {i}", **more), indent=2))
    scratch.write(
        "pyproject.toml", '[tool.reqlint]\nprofile = "openai"\nbaseline = "reqlint-baseline.json"\nfail-on = "note"\n'
    )
    done = scratch.run("baseline", "create")
    assert done.out == (
        "reqlint-baseline.json accepts 25 findings in 25 files; 400 requests judged\n"
        "From now on reqlint check leaves them out. Commit the file, so that all runs do.\n"
    )
    return scratch


def test_only_what_is_new_counts(adopted: Scratch) -> None:
    """With a baseline the project is clean, and a new mistake is one finding from whatever folder it is checked."""
    done = adopted.run("check", ".")
    assert done.code == 0
    assert "25 in the baseline" in done.out
    adopted.write("fixtures/3/3.json", json.dumps(request("topic 3", temprature=1), indent=2))
    assert adopted.findings(".") == [("./fixtures/3/3.json", "unknown-field")]
    assert adopted.findings("fixtures") == [("fixtures/3/3.json", "unknown-field")]
    assert adopted.run("check", ".").code == 1
    report = adopted.report(".")
    assert (report["summary"]["baselined"], report["summary"]["suppressed"], len(report["findings"])) == (25, 0, 26)
    (accepted, *_) = [finding for finding in report["findings"] if finding["suppressed"]]
    assert accepted["baselined"]
    assert accepted["suppression"] == {"kind": "baseline", "reason": "accepted in reqlint-baseline.json"}
    sarif = json.loads(adopted.run("check", ".", "--output-format", "sarif").out)
    assert sum(bool(result["suppressions"]) for result in sarif["runs"][0]["results"]) == 25


def test_moved_lines_leave_the_project_clean(adopted: Scratch) -> None:
    """Rewriting every fixture with its members in another order leaves all findings accepted."""
    chance = random.Random(1)  # noqa: S311 - as above
    for path in Path("fixtures").rglob("*.json"):
        path.write_text(json.dumps(shuffled(json.loads(path.read_text("utf-8")), chance), indent=chance.choice([1, 4])))
    assert adopted.findings(".") == []
    assert adopted.run("baseline", "audit").code == 0


def test_what_is_no_longer_found_is_told_and_pruned(adopted: Scratch) -> None:
    """A fixed and a deleted fixture are stale entries with their lines; prune removes exactly those."""
    entries = read_baseline(Path("reqlint-baseline.json")).entries
    repaired, deleted = entries[3], entries[10]
    adopted.write(repaired.file, request("something clean"))
    Path(deleted.file).unlink()
    stale = ("reqlint-baseline.json", "stale-baseline-entry")
    report = [finding for finding in adopted.report(".")["findings"] if not finding["suppressed"]]
    assert [(finding["file"], finding["rule"], finding["line"]) for finding in report] == [(*stale, 6), (*stale, 13)]
    assert adopted.findings(repaired.file) == [stale]
    assert adopted.findings(entries[5].file) == []
    assert adopted.findings(".", "--select", "tools,hygiene") == [
        stale for each in (repaired, deleted) if "tools" in each.rule
    ]
    audited = adopted.run("baseline", "audit")
    assert audited.code == 1
    assert f"  {repaired.file}: {repaired.rule} at {repaired.at}\n" in audited.out
    before = Path("reqlint-baseline.json").read_text("utf-8").splitlines()
    assert adopted.run("baseline", "prune").out == "reqlint-baseline.json: 2 entries removed, 23 left\n"
    after = Path("reqlint-baseline.json").read_text("utf-8").splitlines()
    assert [line for line in before if line not in after] == [before[5], before[12]]
    assert adopted.findings(".") == []
    assert adopted.run("baseline", "audit").code == 0


def test_a_repair_does_not_pay_for_a_new_mistake(adopted: Scratch) -> None:
    """A mistake that moves to another request of the file is one stale entry and one new finding."""
    lines = [request(f"line {i}", **(WRONG[0] if i == 1 else {})) for i in range(3)]
    adopted.write("many.jsonl", lines)
    adopted.run("baseline", "create", "--force")
    assert adopted.findings(".") == []
    adopted.write("many.jsonl", [request(f"line {i}", **(WRONG[0] if i == 2 else {})) for i in range(3)])
    assert adopted.findings(".") == [
        ("./many.jsonl", "unknown-field"),
        ("reqlint-baseline.json", "stale-baseline-entry"),
    ]


def test_the_file_is_for_diffs(adopted: Scratch) -> None:
    """The file is sorted, has one entry per line and relative paths, and is the same however paths are given."""
    text = Path("reqlint-baseline.json").read_text("utf-8")
    lines = text.splitlines()[2:-1]
    assert len(lines) == 25
    assert lines[:-1] == [f"{json.dumps(json.loads(line[:-1]))}," for line in lines[:-1]]
    assert [json.loads(line.rstrip(","))["file"] for line in lines] == sorted(
        json.loads(line.rstrip(","))["file"] for line in lines
    )
    adopted.run("baseline", "create", "--force", str(adopted.folder))
    assert Path("reqlint-baseline.json").read_text("utf-8") == text
    assert adopted.run("baseline", "create").err == (
        "error: reqlint-baseline.json already exists; --force overwrites it, prune only removes entries\n"
    )


def test_a_baseline_that_is_none_ends_the_run(scratch: Scratch) -> None:
    """A missing file, another file and a broken entry are one sentence each, with exit code 2."""
    scratch.write("a.json", request("rain"))
    scratch.write("other.json", {"version": 1})
    scratch.write("broken.json", {"version": 1, "tool": "reqlint", "findings": [{"file": "a.json"}]})
    for name, said in (
        ("missing.json", "cannot be read: no such file or directory; reqlint baseline create makes it"),
        ("other.json", "is not a baseline of reqlint"),
        ("broken.json", "findings[0]: is not an entry: file, rule, at and fingerprint must be strings"),
    ):
        done = scratch.run("check", "a.json", "--baseline", name)
        assert (done.code, done.err) == (2, f"error: {name}: {said}\n")


def test_what_is_silenced_is_not_accepted_twice(scratch: Scratch) -> None:
    """A new baseline holds no suppressed findings, and none about the configuration itself."""
    scratch.write(
        "reqlint.toml",
        'profile = "openai"\n[[ignore]]\nrules = ["empty-tools"]\nreason = "x"\n'
        '[[ignore]]\nrules = ["flat-tool"]\nreason = "x"\n',
    )
    scratch.write("a.json", request("rain", tools=[], n=1000))
    assert scratch.run("baseline", "create").code == 0
    assert [entry.rule for entry in read_baseline(Path("reqlint-baseline.json")).entries] == ["out-of-range"]


def test_a_baseline_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Whatever names and pointers it holds, a baseline is read back unchanged."""
    path = tmp_path / "b.json"
    findings = OPENAI.check_text('{"model": 1, "messages": [], "é\\n😀/~": 1}', str(tmp_path / "ü é.json"))
    empty = Baseline(path)
    made = Baseline(path, tuple(sorted(empty.entry(finding) for finding in findings)))
    made.write()
    assert read_baseline(path) == made
    assert len(made.entries) == 3
    assert {entry.file for entry in made.entries} == {"ü é.json"}


# ------------------------------------------------------------------------------------------- where one is looked for


@pytest.mark.parametrize("configuration", [None, "reqlint.toml"])
def test_a_baseline_of_the_default_name_is_used(scratch: Scratch, configuration: str | None) -> None:
    """After `baseline create` the next check has nothing new, from any folder below the configuration."""
    scratch.write("fixtures/a.json", '{"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "n": 0}')
    if configuration:
        scratch.write(configuration, 'profile = "openai"\n')
    assert scratch.run("check", "fixtures").code == 1
    made = scratch.run("baseline", "create", "fixtures")
    assert "From now on reqlint check leaves them out" in made.out
    checked = scratch.run("check", "fixtures")
    assert (checked.code, "1 in the baseline" in checked.out) == (0, True)
    assert scratch.run("check", "--isolated", "-p", "openai", "fixtures").code == 1


def test_a_baseline_elsewhere_has_to_be_named(scratch: Scratch) -> None:
    """After a baseline is made where none is looked for, the next step is said, and works as it is said."""
    scratch.write("a.json", '{"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "n": 0}')
    scratch.write("lint/keep", "")
    made = scratch.run("baseline", "create", "--baseline", "lint/accepted.json", "a.json")
    assert 'Next: reqlint check --baseline lint/accepted.json, or baseline = "lint/accepted.json"' in made.out
    assert scratch.run("check", "a.json").code == 1
    assert scratch.run("check", "--baseline", "lint/accepted.json", "a.json").code == 0
