"""Suppressions with a reason: comments in YAML and entries of the configuration."""

import json
from pathlib import Path

import pytest

from reqlint import Linter
from reqlint.core.findings import Finding
from tests.support.scratch import REQUEST, Scratch

TYPO = {**REQUEST, "temprature": 1}


def judged(text: str, **settings: object) -> list[Finding]:
    """Return the findings of a YAML text."""
    return list(Linter("openai", **settings).check_text(text, "a.yaml"))  # type: ignore[arg-type]  # settings of a test


def told(text: str) -> dict[str, list[str]]:
    """Return the pointers of suppressed findings in a YAML text, and the other findings by rule."""
    findings = judged(text)
    return {
        "silenced": [finding.pointer for finding in findings if finding.suppressed],
        "left": [f"{finding.rule} {finding.pointer}".strip() for finding in findings if not finding.suppressed],
    }


# ----------------------------------------------------------------------------------------------------------- comments

MESSAGES = "messages:\n  - role: user\n    content: Hi\n"
COVERED = [
    ("on its line", f"model: m\nsteam: 1  # reqlint: ignore[unknown-field] old gateway\n{MESSAGES}"),
    ("on the line above", f"model: m\n# reqlint: ignore[unknown-field] old gateway\nsteam: 1\n{MESSAGES}"),
    ("above other comments", f"model: m\n# reqlint: ignore[unknown-field] old\n\n# it is so\nsteam: 1\n{MESSAGES}"),
    ("by its group", f"model: m\nsteam: 1  # reqlint: ignore[shape] old gateway\n{MESSAGES}"),
    ("with few blanks", f"model: m\nsteam: 1 #reqlint:ignore[unknown-field]old\n{MESSAGES}"),
    (
        "at the key above",
        "model: m\nmessages:  # reqlint: ignore[unknown-field] x\n  - role: user\n    content: a\n    b: 1\n",
    ),
    (
        "above the item",
        "model: m\nmessages:\n  # reqlint: ignore[unknown-field] x\n  - role: user\n    content: a\n    b: 1\n",
    ),
    ("inside flow", "model: m\nmessages: [\n  # reqlint: ignore[unknown-field] x\n  {role: user, content: a, b: 1}]\n"),
    ("beside a block", f"{MESSAGES}model: m\nsteam: |  # reqlint: ignore[unknown-field] x\n  a\n"),
    (
        "below a block",
        f"model: m\n{MESSAGES.replace('Hi', '|')}      a\n# reqlint: ignore[unknown-field] x\nsteam: 1\n",
    ),
    (
        "in the second document",
        f"model: m\n{MESSAGES}---\nmodel: m\nsteam: 1  # reqlint: ignore[unknown-field] x\n{MESSAGES}",
    ),
    ("above the first", f"# reqlint: ignore[missing-field] x\n---\n{MESSAGES}"),
]


@pytest.mark.parametrize(("how", "text"), COVERED, ids=[how for how, _ in COVERED])
def test_a_comment_silences(how: str, text: str) -> None:
    """A comment covers its line or the next one, everything below a key on its line, and the item below it."""
    assert how
    assert told(text)["left"] == []
    assert len(told(text)["silenced"]) == 1


NOT_COVERED = [
    ("another line", f"model: m  # reqlint: ignore[unknown-field] x\nsteam: 1\n{MESSAGES}"),
    ("another rule", f"model: m\nsteam: 1  # reqlint: ignore[wrong-type] x\n{MESSAGES}"),
    (
        "beside an item",
        "model: m\nmessages:\n  - role: user  # reqlint: ignore[unknown-field] x\n    content: a\n    b: 1\n",
    ),
    (
        "in a string",
        'model: m\nmessages:\n  - role: user\n    content: "a # reqlint: ignore[unknown-field] x"\n    b: 1\n',
    ),
    (
        "in a block",
        "model: m\nmessages:\n  - role: user\n    content: |\n      # reqlint: ignore[unknown-field] x\n    b: 1\n",
    ),
    ("of the whole", f"# reqlint: ignore[unknown-field] x\nmodel: m\nsteam: 1\n{MESSAGES}"),
]


@pytest.mark.parametrize(("how", "text"), NOT_COVERED, ids=[how for how, _ in NOT_COVERED])
def test_a_comment_silences_nothing_else(how: str, text: str) -> None:
    """A comment does not cover other lines or other rules, and text inside a value is no comment."""
    assert told(text)["silenced"] == []
    unused = [] if how.startswith("in a ") else ["unused-suppression"]
    assert [left.split()[0] for left in told(text)["left"]] == ["unknown-field", *unused]


def test_a_silenced_finding_says_why() -> None:
    """A suppressed finding stays in the report with its reason, and makes no request invalid."""
    (finding,) = judged(f"model: m\nsteam: 1  # reqlint: ignore[unknown-field] the old gateway\n{MESSAGES}")
    assert finding.suppressed
    assert finding.suppression is not None
    assert (finding.suppression.kind, finding.suppression.reason) == ("inSource", "the old gateway")
    assert Linter("openai").check_text(f"model: m\nsteam: 1  # reqlint: ignore[shape] x\n{MESSAGES}", "a.yaml").is_valid


def test_what_is_wrong_with_a_comment_is_told() -> None:
    """A comment without a reason or rules, with an unknown rule or with another word is itself a finding."""
    text = (
        f"model: m  # reqlint: ignore\nsteam: 1  # reqlint: ignore[unknown-field]\n"
        f"n: 1  # reqlint: ignore[unknwn-field] x\ntop_p: 1  # reqlint: ignore[] x\n{MESSAGES}"
    )
    left = [finding for finding in judged(text) if not finding.suppressed]
    assert [(f.rule, f.region and f.region.line, f.message) for f in left] == [
        ("malformed-suppression", 1, "this comment silences nothing: no ignore[rule] follows"),
        ("unexplained-suppression", 2, 'no reason is given for silencing "unknown-field"'),
        (
            "malformed-suppression",
            3,
            'this comment silences nothing: no rule "unknwn-field"; did you mean "unknown-field"?',
        ),
        ("malformed-suppression", 4, "this comment silences nothing: brackets without a rule"),
    ]


def test_a_comment_is_unused_only_where_its_rule_is_on() -> None:
    """A run with some rules does not report comments for other rules as unused."""
    text = f"model: m  # reqlint: ignore[unknown-role] x\n{MESSAGES}"
    assert [finding.rule for finding in judged(text)] == ["unused-suppression"]
    assert judged(text, select=["hygiene"]) == []
    assert judged(text, ignore=["unused-suppression"]) == []


def test_what_is_not_needed_is_taken_out(scratch: Scratch) -> None:
    """--fix removes an unused comment with its line, or just the unused name, and changes nothing else."""
    text = (
        "model: m\n# reqlint: ignore[wrong-type] x\nsteam: 1  # reqlint: ignore[wrong-type, unknown-field] y\n"
        f"n: 1 # reqlint: ignore[shape] z\n# kept\n{MESSAGES}"
    )
    path = scratch.write("a.yaml", text)
    assert scratch.run("check", "a.yaml", "--fix", "-p", "openai").code == 0
    left = f"model: m\nsteam: 1  # reqlint: ignore[unknown-field] y\nn: 1\n# kept\n{MESSAGES}"
    assert path.read_text("utf-8") == left


def test_an_entry_that_is_not_needed_has_its_edit(scratch: Scratch) -> None:
    """The finding about an unused or expired entry has a fix that removes exactly its table."""
    kept = 'profile = "openai"  # [[ignore]]\n\n'
    entry = '[[ignore]]\nrules = [\n  "shape",  # x\n]\nreason = """a\n[b]"""  # c\n'
    more = '\n# about the next\n[[ignore]]\nrules = ["tools"]\nreason = "x"\nexpires = 2020-01-01\n'
    scratch.write("reqlint.toml", kept + entry + more)
    scratch.write("a.json", REQUEST)
    findings = scratch.report(".")["findings"]
    assert [finding["rule"] for finding in findings] == ["unused-suppression", "expired-suppression"]
    edits = [finding["fix"]["edits"] for finding in findings]
    assert [(e["line"], e["column"], e["end_line"], e["end_column"], e["replacement"]) for (e,) in edits] == [
        (3, 1, 9, 1, ""),
        (11, 1, 15, 1, ""),
    ]


# ------------------------------------------------------------------------------------------------------ configuration


def ignoring(scratch: Scratch, entry: str) -> list[tuple[str, str]]:
    """Return the findings that count in the scratch project with one [[ignore]] entry."""
    scratch.write("reqlint.toml", f'profile = "openai"\n[[ignore]]\n{entry}\nreason = "the reason"\n')
    return scratch.findings(".")


def test_an_entry_silences_by_file_pointer_and_batch_line(scratch: Scratch) -> None:
    """A finding must meet all conditions of an entry; without files the entry covers all of them."""
    bad = {**REQUEST, "messages": [{"role": "user", "content": "Hi", "b": 1}], "c": 1}
    line = {"method": "POST", "url": "/v1/chat/completions", "body": bad}
    scratch.write("x/a.json", bad)
    scratch.write("y.jsonl", [{"custom_id": "one", **line}, {"custom_id": "two", **line}])
    rule = 'rules = ["unknown-field"]'
    everything = ["./y.jsonl"] * 4 + ["./x/a.json"] * 2

    def left(entry: str) -> list[str]:
        return [file for file, rule in ignoring(scratch, entry) if rule == "unknown-field"]

    assert left('rules = ["tools"]') == everything
    assert left(rule) == []
    assert left('rules = ["shape"]') == []
    assert left(f'{rule}\nfiles = ["x/**"]') == ["./y.jsonl"] * 4
    assert left(f'{rule}\npointer = "/messages/*/b"') == ["./y.jsonl"] * 4 + ["./x/a.json"]
    assert left(f'{rule}\npointer = "/body/messages"') == ["./y.jsonl"] * 2 + ["./x/a.json"] * 2
    assert left(f'{rule}\ncustom_id = "two"') == ["./y.jsonl"] * 2 + ["./x/a.json"] * 2
    assert left(f'{rule}\ncustom_id = "two"\npointer = "/**/b"') == ["./y.jsonl"] * 3 + ["./x/a.json"] * 2


def test_silenced_findings_are_reported_and_do_not_count(scratch: Scratch) -> None:
    """JSON and SARIF mark suppressed findings with kind and reason, other formats omit them, and none counts."""
    scratch.write("a.json", TYPO)
    assert ignoring(scratch, 'rules = ["unknown-field"]') == []
    report = scratch.report(".")
    (finding,) = report["findings"]
    assert finding["suppression"] == {"kind": "external", "reason": "the reason"}
    assert (report["summary"]["errors"], report["summary"]["suppressed"], report["summary"]["baselined"]) == (0, 1, 0)
    done = scratch.run("check", ".")
    assert done.code == 0
    assert "1 suppressed" in done.out
    assert "unknown-field" not in done.out
    sarif = json.loads(scratch.run("check", ".", "--output-format", "sarif").out)
    assert sarif["runs"][0]["results"][0]["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "the reason"}
    ]


def test_an_entry_ends_on_its_day(scratch: Scratch) -> None:
    """An entry applies through its last day; afterwards its findings count, and the entry is reported with its line."""
    scratch.write("a.json", TYPO)
    assert ignoring(scratch, 'rules = ["unknown-field"]\nexpires = 2999-12-31') == []
    assert ignoring(scratch, 'rules = ["unknown-field"]\nexpires = 2020-01-31') == [
        ("./a.json", "unknown-field"),
        ("reqlint.toml", "expired-suppression"),
    ]
    finding = scratch.report(".")["findings"][-1]
    assert (finding["line"], finding["message"]) == (
        2,
        "this suppression expired on 2020-01-31; its findings count again",
    )
    assert "[[ignore]]" in scratch.run("check", ".").out


def test_an_entry_is_unused_where_all_it_speaks_of_was_looked_at(scratch: Scratch) -> None:
    """An entry is reported as unused only by a run over all of its files and with its rules."""
    scratch.write("fx/a.json", REQUEST)
    scratch.write("fx/b.json", REQUEST)
    entry = 'files = ["fx/*.json"]\nrules = ["empty-tools"]'
    unused = [("reqlint.toml", "unused-suppression")]
    assert ignoring(scratch, entry) == unused
    assert scratch.findings("fx") == unused
    assert scratch.findings("fx/a.json", "fx/b.json") == []
    assert scratch.findings(".", "--select", "shape,unused-suppression") == []
    assert ignoring(scratch, 'files = ["fx/a.json"]\nrules = ["empty-tools"]') == unused
    assert scratch.findings("fx/a.json") == unused
    assert scratch.findings("fx/b.json") == []


# ------------------------------------------------------------------------------------------------------- expectations


def expecting(scratch: Scratch, files: str, rules: str) -> list[tuple[str, str]]:
    """Return the findings that count in the scratch project with one [[expect]] entry."""
    scratch.write("reqlint.toml", f'profile = "openai"\n[[expect]]\nfiles = [{files}]\nrules = [{rules}]\n')
    return scratch.findings(".")


def test_what_is_expected_does_not_count(scratch: Scratch) -> None:
    """Expected findings do not count in the files of the entry; other rules and other files do."""
    scratch.write("bad/a.json", TYPO)
    scratch.write("bad/b.json", {**TYPO, "n": "1"})
    scratch.write("c.json", TYPO)
    assert expecting(scratch, '"bad/*"', '"unknown-field"') == [
        ("./c.json", "unknown-field"),
        ("./bad/b.json", "wrong-type"),
    ]


def test_a_file_that_turned_clean_is_told(scratch: Scratch) -> None:
    """A file without an expected finding is reported, and so is an entry that matches no file."""
    scratch.write("bad/a.json", TYPO)
    scratch.write("bad/b.json", REQUEST)
    unmet = ("reqlint.toml", "unmet-expectation")
    assert expecting(scratch, '"bad/*"', '"unknown-field", "wrong-type"') == [unmet, unmet, unmet]
    messages = [finding["message"] for finding in scratch.report(".")["findings"] if not finding["suppressed"]]
    assert messages == [
        "bad/a.json has no wrong-type any more",
        "bad/b.json has no unknown-field any more",
        "bad/b.json has no wrong-type any more",
    ]
    assert scratch.findings("bad/a.json") == [unmet]
    assert scratch.findings("bad/a.json", "--select", "unknown-field,unmet-expectation") == []
    assert expecting(scratch, '"gone/*.json"', '"unknown-field"') == [("./bad/a.json", "unknown-field"), unmet]
    assert scratch.findings("bad") == [("bad/a.json", "unknown-field")]


def test_expecting_can_fail_the_run(scratch: Scratch) -> None:
    """An unmet expectation is a warning, or an error if the project says so."""
    scratch.write("a.json", REQUEST)
    assert expecting(scratch, '"a.json"', '"wrong-type"') == [("reqlint.toml", "unmet-expectation")]
    assert scratch.run("check", ".").code == 0
    text = Path("reqlint.toml").read_text("utf-8")
    scratch.write("reqlint.toml", f'severity = {{unmet-expectation = "error"}}\n{text}')
    assert scratch.run("check", ".").code == 1


def test_fixing_does_not_touch_what_is_silenced(scratch: Scratch) -> None:
    """--fix leaves suppressed and expected findings alone."""
    kept = scratch.write("bad.json", TYPO)
    fixed = scratch.write("a.json", TYPO)
    before = kept.read_bytes()
    expecting(scratch, '"bad.json"', '"unknown-field"')
    assert scratch.run("check", ".", "--fix").code == 0
    assert kept.read_bytes() == before
    assert b"temperature" in fixed.read_bytes()
