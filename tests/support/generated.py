"""The generated Markdown pages of the repository and their content."""

import re
from pathlib import Path

from reqlint.knowledge.catalog import shipped
from reqlint.pages.book import rule_book
from reqlint.pages.profiles import profile_markdown

ROOT = Path(__file__).parents[2]
NOTICE = "<!-- Written by `python tests/regenerate.py`; edit the YAML it is made of. -->\n"


def pages() -> dict[Path, str]:
    """Return the content of every generated page, by path; the pages of rules are made with the site."""
    files = {ROOT / "rules" / "README.md": NOTICE + rule_book()}
    rules = shipped().rules

    def linked(cell: re.Match[str]) -> str:
        rule = rules[cell[2]]
        return f"{cell[1]}[`{rule.id}`](../../rules/{rule.subject}/{rule.id}.yaml) |"

    for name in shipped().profile_names:
        page = re.sub(
            r"^(\| \w+ \| )`([a-z0-9-]+)` \|", linked, profile_markdown(shipped().profile(name), shipped()), flags=re.M
        )
        files[ROOT / "docs" / "profiles" / f"{name}.md"] = NOTICE + page
    return files
