"""Comments that silence findings: no comment makes a value another, silences what it does not name, or raises."""

from collections.abc import Iterable

from fuzz import seeds as known
from fuzz.choices import Choices
from fuzz.laws import a_baseline_silences_its_run, alike, fixes_keep_the_rest, fixing_ends, hold, sound
from fuzz.words import rules
from reqlint import Linter
from reqlint.text.documents import read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form
from reqlint.text.sources import Source

_OPENAI = Linter("openai")
_BEFORE = ("", " ", "    ", "  \t", "- ", "x")
_AFTER = ("", " it is so", "\r", " \u2028 x", " # reqlint: ignore[shape]", " ]", "\t")


def run(data: bytes) -> None:
    """Judge a YAML text with comments, whose places and words the first bytes choose."""
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
    sound(report, source)
    for finding in report:
        hold(not finding.suppressed or finding.suppression, "what is silenced has a reason", finding)
    a_baseline_silences_its_run(report)
    fixes_keep_the_rest(report, source, Form.YAML)
    _taking_comments_out_keeps_values(source)
    fixing_ends(source, _OPENAI.check_source)


def _comment(choices: Choices) -> tuple[str, str]:
    names = [choices.one_of(rules()) if choices.below(6) else choices.text(12) for _ in range(choices.below(4))]
    word = choices.one_of(("ignore", "ignore ", "ignored", "disable", ""))
    said = f"# reqlint: {word}[{', '.join(names)}]{choices.one_of(_AFTER)}"
    return choices.one_of(_BEFORE), said if choices.below(8) else f"#reqlint:{choices.text(30)}"


def _taking_comments_out_keeps_values(source: Source) -> None:
    def check(given: Source) -> object:
        return [document.value for document in read_documents(given, Form.YAML)]

    linter = Linter("openai", select=["unused-suppression"])
    from reqlint.fixes.apply import apply_fixes

    repair = apply_fixes(source, linter.check_source, unsafe=True)
    one, other = check(source), check(repair.source)
    hold(UNREADABLE in one or alike(one, other), "taking a comment out keeps the values", one, other)


def seeds() -> Iterable[bytes]:
    """Give texts to begin with, and comments in them."""
    for i, text in enumerate([*known.files(".yaml"), *known.yaml()]):
        count = i % 4
        yield bytes([count, *([1, i % 170, 0, i % 7, i % 6, 1] * count), *([i % 50, i % 2] * count)]) + text
