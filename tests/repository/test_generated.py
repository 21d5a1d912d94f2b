"""Generated files say what the data says."""

from tests.support.generated import ROOT, pages


def test_pages_are_current() -> None:
    """The rule book and the profile pages are what ``python tests/regenerate.py`` writes."""
    for path, text in pages().items():
        assert path.read_text("utf-8") == text, f"{path.relative_to(ROOT)} is stale: run python tests/regenerate.py"


def test_no_page_is_left_over() -> None:
    """There is no page of a rule or profile that is gone."""
    expected = set(pages())
    for folder in ("rules", "profiles"):
        assert set((ROOT / "docs" / folder).glob("*.md")) <= expected
