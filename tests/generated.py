"""Every generated file: where it is and what it has to hold."""

from pathlib import Path

from reqlint.pages import profile_markdown, rule_book
from reqlint.profiles import load_profile, profile_names

ROOT = Path(__file__).parent.parent
NOTICE = "<!-- Written by `python tests/regenerate.py`; edit the YAML it is made of. -->\n"


def pages() -> dict[Path, str]:
    """Give the generated Markdown pages with their content."""
    files = {ROOT / "rules" / "README.md": NOTICE + rule_book()}
    for name in profile_names():
        files[ROOT / "docs" / "profiles" / f"{name}.md"] = NOTICE + profile_markdown(load_profile(name))
    return files
