"""Generated files are current."""

from tests.support.generated import ROOT, pages
from tests.support.house import CONTRIBUTING, contributing


def test_pages_are_current() -> None:
    """The rule book and the pages of profiles are what ``python tests/regenerate.py`` writes."""
    for path, text in pages().items():
        assert path.read_text("utf-8") == text, f"{path.relative_to(ROOT)} is stale: run python tests/regenerate.py"


def test_no_page_is_left_over() -> None:
    """Every page is of a profile that exists, and no page of a rule is kept beside the rule."""
    assert set((ROOT / "docs" / "profiles").glob("*.md")) <= set(pages())
    assert not (ROOT / "docs" / "rules").exists()


def test_the_map_of_the_package_is_current() -> None:
    """CONTRIBUTING.md lists every folder with its level and the first sentence of its docstring."""
    assert CONTRIBUTING.read_text("utf-8") == contributing(), "stale: run python tests/regenerate.py"
