"""YAML written to bring readers down: every class ends in one finding, within a stated limit."""

import json
from pathlib import Path

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


# The text, the rule of its finding (None for none), and limits of seconds and megabytes: at least five times, and at
# least twice, what was measured.
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
    "10,000 comments that silence nothing": (
        _many("# reqlint: ignore[unknown-field] why\n", 10_000), "unused-suppression", 3, 150
    ),
    "10,000 comments on rules that are none": (
        _many("# reqlint: ignore[unknwn-{}] why\n", 10_000), "malformed-suppression", 4, 150
    ),
    "NUL": (GOOD + "a: \0\n", "invalid-yaml", 3, 120),
    "an escape beyond Unicode": (GOOD + 'a: "\\UFFFFFFFF"\n', "invalid-yaml", 3, 120),
    "a version of 5,000 digits": (f"%YAML 1.{'9' * 5000}\n---\n{GOOD}", "invalid-yaml", 3, 120),
}  # fmt: skip


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_ends_in_its_finding_within_its_limits(name: str, tmp_path: Path) -> None:
    """A hostile file has a finding of its rule, in limited time and memory, and the files around it are judged."""
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
    """A stream cut at any byte has documents or flaws, with regions inside the text."""
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
    """Whatever is written, nothing raises, and the regions of flaws are in the text."""
    _read(text.encode())


@given(st.lists(st.tuples(st.integers(0, len(STREAM)), pieces), min_size=1, max_size=3))
def test_no_damage_raises(damage: list[tuple[int, str]]) -> None:
    """Whatever is put into an ordinary stream, nothing raises, and the regions of flaws are in the text."""
    text = STREAM
    for at, piece in damage:
        text = text[:at] + piece + text[at:]
    _read(text.encode())


@pytest.mark.parametrize("name", [name for name, (text, *_) in CLASSES.items() if len(text) < 25_000])
def test_without_the_parser_in_c_the_rules_are_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PyYAML has no parser in C, its Python parser leads to the same rules."""
    text = CLASSES[name][0]
    linter = Linter()
    fast = [finding.rule for finding in linter.check_text(text, "a.yaml").findings]
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert [finding.rule for finding in linter.check_text(text, "a.yaml").findings] == fast
