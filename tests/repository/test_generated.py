"""Generated files are current."""

from tests.support.generated import ROOT, pages
from tests.support.house import CONTRIBUTING, contributing


def test_pages_are_current() -> None:
    """The rule book is what ``python tests/regenerate.py`` writes."""
    for path, text in pages().items():
        assert path.read_text("utf-8") == text, f"{path.relative_to(ROOT)} is stale: run python tests/regenerate.py"


def test_no_page_is_left_over() -> None:
    """No page of a rule or a profile is kept in the repository: the site builds them."""
    assert not [name for name in ("rules", "profiles") if (ROOT / "docs" / name).exists()]


def test_the_map_of_the_package_is_current() -> None:
    """CONTRIBUTING.md lists every folder with its level and the first sentence of its docstring."""
    assert CONTRIBUTING.read_text("utf-8") == contributing(), "stale: run python tests/regenerate.py"
