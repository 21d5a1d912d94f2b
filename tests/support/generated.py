"""The generated Markdown pages of the repository and their content."""

from pathlib import Path

from reqlint.pages.book import rule_book

ROOT = Path(__file__).parents[2]
NOTICE = "<!-- Written by `python tests/regenerate.py`; edit the YAML it is made of. -->\n"


def pages() -> dict[Path, str]:
    """Return the content of every generated page, by path; the pages of rules and profiles are made with the site."""
    return {ROOT / "rules" / "README.md": NOTICE + rule_book()}
