"""Text of a payload cannot be written raw: mypy refuses it, and the few ways around mypy are closed."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from reqlint.display.cached import escape, mask, mask_pointer, sanitize
from reqlint.display.credential_forms import FORMS, READ, FormSource
from reqlint.display.credentials import mask as mask_uncached
from reqlint.display.credentials import mask_pointer as mask_pointer_uncached
from reqlint.display.escaping import escape as escape_uncached
from reqlint.display.escaping import sanitize as sanitize_uncached
from reqlint.display.shown import Masked, Shown, Style, fill, join, literal, repeat, styled, transform, wrap

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "reqlint"

REPORTER = """
from reqlint.core.findings import Finding
from reqlint.display.cached import mask, sanitize
from reqlint.display.escaping import escape, to_json
from reqlint.display.shown import Json, fill, join, literal, transform
from reqlint.reporters.rendering import Rendering, Write
from reqlint.reporters.shown_finding import ShownFinding, shown_fix


def entry(finding: Finding) -> Json:
    return {"message": mask(finding.message), "level": finding.severity, "line": [1, None]}


def raw_entry(finding: Finding) -> Json:
    return {"message": finding.message}  # refused


def render(finding: Finding, rendering: Rendering, write: Write) -> None:
    write(sanitize(finding.message))
    write(escape(mask(finding.message)))
    write(fill("{}: {}\\n", ShownFinding(finding).message, finding.severity))
    write(to_json(entry(finding)))
    write(transform(ShownFinding(finding).pointer, str.upper))
    write(finding.message)  # refused
    write(finding.path)  # refused
    write(finding.source or "")  # refused
    write(f"{finding.pointer}\\n")  # refused
    write(str(finding))  # refused
    write(mask(finding.message))  # refused
    write(escape(finding.message))  # refused
    write(sanitize(finding.message) + "\\n")  # refused
    write(fill("{}", finding.message))  # refused
    write(join(", ", [finding.message]))  # refused
    write(transform(finding.message, str.upper))  # refused
    write(to_json({"message": finding.message}))  # refused
    write(to_json([finding.message]))  # refused
    write(rendering.notifications[0])  # refused
    rendering.say(finding.message)  # refused
"""


def test_mypy_refuses_a_reporter_that_writes_raw_text(tmp_path: Path) -> None:
    """Each way to write a text that is not masked and escaped is an error of mypy, and what is right is none."""
    file = tmp_path / "bad_reporter.py"
    file.write_text(REPORTER)
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", str(file)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    refused = {int(line) for line in re.findall(r"bad_reporter\.py:(\d+): error", run.stdout)}
    expected = {number for number, line in enumerate(REPORTER.split("\n"), 1) if line.endswith("# refused")}
    assert refused == expected, run.stdout + run.stderr


def calls(folder: Path) -> Iterator[tuple[str, str, ast.Call]]:
    """Yield every call of a function by its name: the file, the function and the call."""
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield path.relative_to(PACKAGE).as_posix(), node.func.id, node


def is_literal(node: ast.expr) -> bool:
    """Whether an expression is a string in the source code, or one of two."""
    if isinstance(node, ast.IfExp):
        return is_literal(node.body) and is_literal(node.orelse)
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_templates_are_literals() -> None:
    """The template of `fill`, the separator of `join` and the text of `literal` stand in the source code."""
    found = [
        (file, name, node) for file, name, node in calls(PACKAGE / "reporters") if name in ("literal", "fill", "join")
    ]
    assert len(found) > 100
    assert [(file, ast.unparse(node)) for file, _, node in found if not is_literal(node.args[0])] == []


def test_only_display_declares_a_text_shown() -> None:
    """Outside of `reqlint.display` nothing is cast to `Shown` or `Masked`, and mypy is not told to look away."""
    for path in PACKAGE.rglob("*.py"):
        if "display" in path.parts:
            continue
        text = path.read_text("utf-8")
        assert not re.search(r"\b(Shown|Masked)\(", text), path
        assert not re.search(r"cast\([\"']?(Shown|Masked)", text), path
        assert not ("reporters" in path.parts and re.search(r"type: ignore\[(arg-type|dict-item)", text)), path


def test_only_names_are_exempt_from_masking() -> None:
    """What reporters call `verbatim` for is a name or a fingerprint, and no field that may quote a payload."""
    quoting = re.compile(r"\.(message|pointer|path|help|note|custom_id|reason|replacement|description|notifications)\b")
    found = [(file, ast.unparse(node.args[0])) for file, name, node in calls(PACKAGE) if name == "verbatim"]
    assert len(found) > 10
    assert [(file, text) for file, text in found if quoting.search(text)] == []


@given(st.text(max_size=30), st.integers(0, 4))
def test_composing_keeps_text_as_it_is(text: str, times: int) -> None:
    """The functions that put shown text together do what the methods of `str` do."""
    shown = sanitize(text)
    assert fill("{}: {:,}{}", shown, 1234, literal("!")) == f"{shown}: 1,234!"
    assert join(", ", [shown] * times) == ", ".join([shown] * times)
    assert repeat(shown, times) == shown * times
    assert transform(shown, str.upper) == shown.upper()


@given(st.text(max_size=30))
def test_remembering_changes_nothing(text: str) -> None:
    """The functions with a cache return what those without one do, for long texts too."""
    for each in (text, text * 40 + "x" * 501):
        assert sanitize(each) == sanitize_uncached(each)
        assert mask(each) == mask_uncached(each)
        assert mask_pointer(f"/{each}") == mask_pointer_uncached(f"/{each}")
        assert escape(Masked(each)) == escape_uncached(Masked(each))


@pytest.mark.parametrize(("style", "name"), [
    (Style.RED, "bold red"), (Style.YELLOW, "bold yellow"), (Style.CYAN, "bold cyan"), (Style.DIM, "dim"),
])  # fmt: skip
def test_styles_are_the_codes_that_rich_writes(style: Style, name: str) -> None:
    """A styled text has the bytes that rich prints on a terminal with 16 colours."""
    console = Console(color_system="standard", force_terminal=True, legacy_windows=False, _environ={})
    with console.capture() as captured:
        console.print(Text("text", style=name), soft_wrap=True)
    assert captured.get() == f"{styled(literal('text'), style)}\n"


def test_every_form_of_credentials_says_where_it_was_read() -> None:
    """The table has a day and a source for each form, and no prefix leads to nothing."""
    assert date.fromisoformat(READ) <= date.today()
    for form in FORMS:
        assert form.issuer
        assert form.source in FormSource
        re.compile(form.secret)
        for prefix in form.prefixes.split():
            assert prefix.isascii()


_PIECES = st.lists(
    st.sampled_from(["a", "field", '"one two"', '"x"', "::", "##", 'its"', "", "a-long-word-without-a-blank"])
)


@settings(max_examples=50, deadline=None)
@given(_PIECES, st.integers(1, 30), st.integers(1, 30))
def test_text_wraps_at_blanks_outside_of_quotes(pieces: list[str], first: int, width: int) -> None:
    """Joined lines are the text, and a quotation is on one line if one has room for it."""
    text = " ".join(pieces)
    lines = wrap(cast("Shown", text), first, width)
    assert " ".join(lines).split() == text.split()
    if text.count('"') == 2 * (pieces.count('"one two"') + pieces.count('"x"')):
        assert all(line.count('"') % 2 == 0 for line in lines) or width < len('"one two"')
    assert not any(line.startswith(("::", "##")) for line in lines[1:])
