"""Suppression comments: no comment changes a value or makes reqlint raise, and a baseline accepts its run."""

from collections.abc import Iterable

from fuzz import examples
from fuzz.choices import Choices
from fuzz.laws import a_baseline_silences_its_run, alike, fixes_keep_the_rest, fixing_ends, report_is_sound, require
from fuzz.words import rules
from reqlint import Linter
from reqlint.fixes.apply import apply_fixes
from reqlint.text.documents import read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form
from reqlint.text.sources import Source

_OPENAI = Linter("openai")
_BEFORE = ("", " ", "    ", "  \t", "- ", "x")
_AFTER = ("", " it is so", "\r", " \u2028 x", " # reqlint: ignore[shape]", " ]", "\t")


def run(data: bytes) -> None:
    """Judge a YAML text with comments; the first bytes choose their places and words."""
    choices = Choices(data)
    comments = [_comment(choices) for _ in range(choices.below(4))]
    at = [(choices.below(60), choices.below(2)) for _ in comments]
    lines = choices.rest().decode("utf-8", "replace").split("\n")
    for (number, own_line), (before, comment) in zip(at, comments, strict=True):
        number %= len(lines)
        if own_line:
            lines.insert(number, before + comment)
        else:
            lines[number] += " " + comment
    source = Source("fuzz.yaml", None, "\n".join(lines).encode("utf-8", "surrogateescape"))
    report = _OPENAI.check_source(source)
    report_is_sound(report, source)
    for finding in report:
        require(not finding.suppressed or finding.suppression, "a suppressed finding names its suppression", finding)
    a_baseline_silences_its_run(report)
    fixes_keep_the_rest(report, source, Form.YAML)
    _removing_comments_keeps_values(source)
    fixing_ends(source, _OPENAI.check_source)


def _comment(choices: Choices) -> tuple[str, str]:
    names = [choices.one_of(rules()) if choices.below(6) else choices.text(12) for _ in range(choices.below(4))]
    word = choices.one_of(("ignore", "ignore ", "ignored", "disable", ""))
    comment = f"# reqlint: {word}[{', '.join(names)}]{choices.one_of(_AFTER)}"
    return choices.one_of(_BEFORE), comment if choices.below(8) else f"#reqlint:{choices.text(30)}"


def _removing_comments_keeps_values(source: Source) -> None:
    def values(given: Source) -> list[object]:
        return [document.value for document in read_documents(given, Form.YAML)]

    linter = Linter("openai", select=["unused-suppression"])
    repair = apply_fixes(source, linter.check_source, unsafe=True)
    before, after = values(source), values(repair.source)
    require(UNREADABLE in before or alike(before, after), "removing a comment keeps the values", before, after)


def seeds() -> Iterable[bytes]:
    """Yield texts to start from, and the comments to add."""
    for i, text in enumerate([*examples.files(".yaml"), *examples.yaml()]):
        count = i % 4
        yield bytes([count, *([1, i % 170, 0, i % 7, i % 6, 1] * count), *([i % 50, i % 2] * count)]) + text
