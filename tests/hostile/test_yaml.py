"""YAML that is written to bring readers down: each class ends in a finding, within a stated bound, and alone."""

import json
from pathlib import Path
from time import process_time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reqlint import Linter
from reqlint.text.documents import read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form
from reqlint.text.sources import Source
from tests.support.bounded import bounded

GOOD = "model: qwen-plus\nmessages:\n- {role: user, content: Hi}\n"
WRONG = "model: qwen-plus\nmessages: 3\n"


def _bomb(of: str, joined: str, ends: str) -> str:
    levels = [f"a0: &a0 {ends[0]}{of.format('x', 0)}{ends[1]}\n"]
    for level in range(1, 30):
        inside = joined.join(of.format(f"*a{level - 1}", number) for number in range(9))
        levels.append(f"a{level}: &a{level} {ends[0]}{inside}{ends[1]}\n")
    return "".join(levels) + GOOD


def _many(line: str, count: int) -> str:
    return GOOD + "".join(line.format(number) for number in range(count))


# What is written, the rule that is to be told (None where there is nothing wrong), seconds and megabytes at most. They
# are five times and more, and twice and more, what was measured.
CLASSES: dict[str, tuple[str, str | None, float, float]] = {
    "lists of aliases": (_bomb("{0}", ", ", "[]"), "too-many-aliases", 3, 120),
    "objects of aliases": (_bomb("k{1}: {0}", ", ", "{}"), "too-many-aliases", 3, 120),
    "a long text by aliases": (
        f"a: &a {'x' * 100_000}\nb: [{', '.join(['*a'] * 50_000)}]\n{GOOD}", "too-many-aliases", 3, 120
    ),
    "a wide list by aliases": (
        f"a: &a [{', '.join('x' * 2000)}]\nb: [{', '.join(['*a'] * 2000)}]\n{GOOD}", "too-many-aliases", 3, 120
    ),
    "chained merges": (
        "a0: &a0 {x: 1}\n" + "".join(f"a{i}: &a{i} {{<<: *a{i - 1}, k{i}: 1}}\n" for i in range(1, 3000)) + GOOD,
        "too-many-aliases", 6, 450,
    ),
    "a list inside itself": ("a: &a [*a]\n" + GOOD, "too-many-aliases", 3, 120),
    "an object that merges itself": ("a: &a {<<: *a}\n" + GOOD, "too-many-aliases", 3, 120),
    "a key that is what it stands in": ("a: &a {*a : 1}\n" + GOOD, "too-many-aliases", 3, 120),
    "tags of Python": (GOOD + "a: !!python/object/apply:os.system [touch made]\n", "non-json-value", 3, 120),
    "tags by a directive": (
        "%TAG ! tag:yaml.org,2002:python/\n---\na: !name:os.system x\n" + GOOD, "non-json-value", 3, 120
    ),
    "flow nesting": ("a: " + "{a: " * 100_000 + "}" * 100_000 + "\n", "too-deep", 3, 120),
    "dashes": ("- " * 100_000 + "x\n", "too-deep", 3, 120),
    "question marks": ("? " * 100_000 + "x\n", "too-deep", 3, 120),
    "a number in base 60": (GOOD + "a: 1" + ":59" * 100_000 + "\n", "ambiguous-yaml-scalar", 3, 150),
    "a fraction in base 60": (GOOD + "a: 1" + ":59" * 400 + ".5\n", "ambiguous-yaml-scalar", 3, 120),
    "a number in base 2": (GOOD + "a: 0b" + "1" * 20_000 + "\n", "ambiguous-yaml-scalar", 3, 120),
    "a number in base 8": (GOOD + "a: 0o" + "7" * 20_000 + "\n", "non-json-value", 3, 120),
    "a number in base 16": (GOOD + "a: 0x" + "f" * 20_000 + "\n", "non-json-value", 3, 120),
    "a number of 5,000 digits": (GOOD + "a: " + "9" * 5000 + "\n", "non-json-value", 3, 120),
    "a block of 5 MB": (GOOD + "a: |\n" + "  some text here\n" * 300_000, "unknown-field", 5, 300),
    "10,000 documents": (("---\n" + GOOD) * 10_000, None, 6, 150),
    "10,000 keys": (_many("k{}: 1\n", 10_000), "unknown-field", 8, 200),
    "10,000 times a key": (_many("k: 1\n", 10_000), "duplicate-key", 6, 200),
    "20,000 comments that silence nothing": (
        _many("# reqlint: ignore[unknown-field] why\n", 20_000), "unused-suppression", 6, 250
    ),
    "20,000 comments on rules that are none": (
        _many("# reqlint: ignore[unknwn-{}] why\n", 20_000), "malformed-suppression", 8, 250
    ),
    "NUL": (GOOD + "a: \0\n", "invalid-yaml", 3, 120),
    "an escape beyond Unicode": (GOOD + 'a: "\\UFFFFFFFF"\n', "invalid-yaml", 3, 120),
    "a version of 5,000 digits": (f"%YAML 1.{'9' * 5000}\n---\n{GOOD}", "invalid-yaml", 3, 120),
}  # fmt: skip


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_ends_in_its_finding_within_its_bound(name: str, tmp_path: Path) -> None:
    """A hostile file among ordinary ones is told by its rule, in bounded time and memory; the others are judged."""
    text, rule, seconds, megabytes = CLASSES[name]
    (tmp_path / ".git").mkdir()
    for file, content in {"a.yaml": WRONG, "hostile.yaml": text, "z.yaml": WRONG}.items():
        (tmp_path / file).write_text(content, "utf-8")
    ran = bounded("check", "--output-format", "json", "a.yaml", "hostile.yaml", "z.yaml", folder=tmp_path)
    assert (ran.code, ran.err) == (1, b""), name
    findings = json.loads(ran.out)["findings"]
    assert [f["file"] for f in findings if f["file"] != "hostile.yaml"] == ["a.yaml", "z.yaml"]
    told = {f["rule"] for f in findings if f["file"] == "hostile.yaml"}
    assert (rule in told) if rule else not told
    assert not (tmp_path / "made").exists()
    assert ran.seconds < seconds
    assert ran.megabytes < megabytes
    assert all(" null" not in f["message"] and len(f["message"]) < 500 for f in findings)


@pytest.mark.parametrize(
    "line",
    [
        "---\nmodel: m\nmessages: []\n",
        "k{}: 1\n",
        "# reqlint: ignore[unknown-field] why\n",
        "k{}: 1 # reqlint: ignore[unknown-field] why\n",
    ],
    ids=["documents", "keys", "comments", "comments on keys"],
)
def test_twice_the_text_takes_twice_the_time(line: str) -> None:
    """Four times as many lines take about four times as long, not sixteen."""
    linter = Linter()
    linter.check_text(_many(line, 100), "a.yaml")
    took = []
    for count in (3000, 12_000):
        text = _many(line, count)
        best = []
        for _ in range(2):
            start = process_time()
            linter.check_text(text, "a.yaml")
            best.append(process_time() - start)
        took.append(min(best))
    assert took[1] / took[0] < 9


STREAM = (
    "%YAML 1.2\n---\n# reqlint: ignore[unknown-field] why\nmodel: &m \"qwen\\u002dplus\"\nmessages:\n"
    "- role: user\n  content: |\n    Hé 😀\n    there\n- {role: user, content: 'it''s'}\n? seed\n: 0x1F\n...\n"
    "---\n<<: &x {model: a}\nn: !!int \"3\"\nstop: [no, *m]\n"
)  # fmt: skip


def _read(data: bytes) -> None:
    for document in read_documents(Source("a.yaml", None, data), Form.YAML):
        for flaw in document.flaws:
            assert flaw.region is not None
            assert 0 <= flaw.region.start <= flaw.region.end <= len(document.text)
        assert document.value is not UNREADABLE or document.flaws


def test_a_text_cut_anywhere_is_read_or_refused() -> None:
    """Truncated at every byte a stream gives documents or flaws, each with a region inside the text."""
    data = STREAM.encode()
    linter = Linter()
    for end in range(len(data) + 1):
        _read(data[:end])
        linter.check_text(data[:end], "a.yaml")


pieces = st.sampled_from(
    [*"-?:,[]{}#&*!|>'\"%@` \t\n\r~0", "---\n", "...\n", "&a ", "*a", "<<: ", "\n  ", ": ", "- ", "!!int ",
     "\\U00110000", "\u2028", "\x85", "\ufeff", "é", "no", "0x", "1:59", "a", "\0"]
)  # fmt: skip


@given(st.lists(pieces, max_size=40).map("".join))
def test_no_text_raises(text: str) -> None:
    """Whatever is written, nothing raises, and what a flaw speaks of is in the text."""
    _read(text.encode())


@given(st.lists(st.tuples(st.integers(0, len(STREAM)), pieces), min_size=1, max_size=3))
def test_no_damage_raises(damage: list[tuple[int, str]]) -> None:
    """Whatever is put into an ordinary stream, nothing raises, and what a flaw speaks of is in the text."""
    text = STREAM
    for at, piece in damage:
        text = text[:at] + piece + text[at:]
    _read(text.encode())


@pytest.mark.parametrize("name", [name for name, (text, *_) in CLASSES.items() if len(text) < 25_000])
def test_without_the_parser_in_c_the_same_is_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PyYAML has no parser in C, its own one leads to the same rules."""
    text = CLASSES[name][0]
    linter = Linter()
    fast = [finding.rule for finding in linter.check_text(text, "a.yaml").findings]
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert [finding.rule for finding in linter.check_text(text, "a.yaml").findings] == fast
