"""Links on a terminal: only to the project's own pages, only where they are known to work, and never in a log."""

from pathlib import Path

import pytest

from reqlint.cli import hyperlinks
from reqlint.display.shown import linked, literal
from tests.support.pseudo_terminal import on_terminal, screen

BAD = '{"model": "qwen-3.5", "messages": [{"role": "user", "content": "Hello"}], "n": 11}'
URL = "https://docs.example/{rule}"
LINK = "[\x1b]8;;https://docs.example/out-of-range\x1b\\out-of-range\x1b]8;;\x1b\\]"


class _Terminal:
    """A stream that is a terminal or none."""

    def __init__(self, is_one: bool) -> None:
        self.is_one = is_one

    def isatty(self) -> bool:
        """Return whether it is one."""
        return self.is_one


@pytest.mark.parametrize(
    ("variables", "is_terminal", "color", "wanted"),
    [
        ({"TERM_PROGRAM": "WezTerm"}, True, "auto", True),
        ({"TERM_PROGRAM": "vscode"}, True, "auto", True),
        ({"TERM_PROGRAM": "Apple_Terminal"}, True, "auto", False),
        ({"TERM": "xterm-kitty"}, True, "auto", True),
        ({"VTE_VERSION": "7006"}, True, "auto", True),
        ({"VTE_VERSION": "5000"}, True, "auto", False),
        ({"VTE_VERSION": "new"}, True, "auto", False),
        ({"WT_SESSION": "1"}, True, "auto", True),
        ({}, True, "auto", False),
        ({"TERM_PROGRAM": "WezTerm"}, False, "auto", False),
        ({"TERM_PROGRAM": "WezTerm", "FORCE_COLOR": "1"}, False, "auto", False),
        ({"TERM_PROGRAM": "WezTerm", "CI": "true"}, True, "auto", False),
        ({"TERM_PROGRAM": "WezTerm", "TERM": "tmux-256color"}, True, "auto", False),
        ({"VTE_VERSION": "7006", "TMUX": "socket"}, True, "auto", False),
        ({"TERM_PROGRAM": "WezTerm", "TERM": "dumb"}, True, "auto", False),
        ({"TERM_PROGRAM": "WezTerm", "NO_COLOR": "1"}, True, "auto", False),
        ({"TERM_PROGRAM": "WezTerm"}, True, "never", False),
        ({"FORCE_HYPERLINK": "1", "NO_COLOR": "1"}, False, "auto", True),
        ({"FORCE_HYPERLINK": "0", "TERM_PROGRAM": "WezTerm"}, True, "auto", False),
        ({"FORCE_HYPERLINK": "", "TERM_PROGRAM": "WezTerm"}, True, "auto", True),
    ],
)
def test_where_links_are_written(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], is_terminal: bool, color: str, wanted: bool
) -> None:
    """On a known terminal with colour that is not in CI, or wherever FORCE_HYPERLINK asks for them."""
    for name in ("CI", "TEAMCITY_VERSION", "NO_COLOR", "FORCE_COLOR", "FORCE_HYPERLINK", "TERM_PROGRAM", "VTE_VERSION",
                 "WT_SESSION", "KONSOLE_VERSION", "DOMTERM", "TMUX"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert hyperlinks.wants_links(_Terminal(is_terminal), color) is wanted  # type: ignore[arg-type]  # it only asks isatty


def test_a_rule_is_a_link_to_the_projects_own_page(tmp_path: Path) -> None:
    """The name of a rule is a link where --docs-url is given; the terminal shows the same text; a pipe gets none."""
    (tmp_path / "bad.json").write_text(BAD)
    known = {"TERM_PROGRAM": "WezTerm", "CI": "", "TEAMCITY_VERSION": "", "TMUX": "", "NO_COLOR": ""}
    arguments = ("check", "bad.json", "--isolated", "-q", "--docs-url", URL)
    shown, _, _ = on_terminal(tmp_path, *arguments, out=True, **known)
    plain, _, _ = on_terminal(tmp_path, *arguments, **known)
    assert LINK in shown
    assert shown.count("\x1b]8;") == 2
    assert "\x1b" not in plain
    assert screen(shown, 120) == [line.rstrip() for line in plain.splitlines() if line]


def test_a_file_never_has_links(tmp_path: Path) -> None:
    """A report in a file has none, whatever is forced."""
    (tmp_path / "bad.json").write_text(BAD)
    arguments = ("check", "bad.json", "--isolated", "--docs-url", URL, "--output-format", "human:report.txt")
    on_terminal(tmp_path, *arguments, FORCE_HYPERLINK="1")
    assert "\x1b" not in (tmp_path / "report.txt").read_text("utf-8")


@pytest.mark.parametrize(
    "url",
    ["https://a.example/\x1b\\x", "https://a.example/\x07", "javascript:alert(1)", "file:///etc/x", "https://a b"],
)
def test_only_a_plain_address_becomes_a_link(url: str) -> None:
    """An address that could end the link early, or is none of the web, is no link."""
    assert linked(literal("x"), url) == "x"
