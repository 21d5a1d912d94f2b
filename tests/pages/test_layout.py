"""Tables of pages: whole in a file, and no wider than a terminal."""

import pytest

from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.profile import DEFAULT_PROFILE
from reqlint.pages.layout import write_table
from reqlint.pages.profiles import profiles_table
from reqlint.pages.rules import rules_table

HEAD = ["rule", "what it finds"]
ROWS = [["blank-line", "A blank line between the lines of a batch"], ["x", "-"]]


def test_the_last_column_goes_on_below() -> None:
    """Words that do not fit stand below each other, under the head of their column."""
    assert write_table(HEAD, ROWS, columns=36) == (
        "rule        what it finds\nblank-line  A blank line between the\n            lines of a batch\nx           -\n"
    )
    assert write_table(HEAD, ROWS, columns=200) == write_table(HEAD, ROWS)
    assert write_table(HEAD, ROWS, columns=30) == (
        "rule\n    what it finds\nblank-line\n    A blank line between the\n    lines of a batch\nx\n    -\n"
    )


@pytest.mark.parametrize("columns", [70, 80, 100, 120])
def test_tables_fit_a_terminal(columns: int) -> None:
    """No row is wider than the terminal, and in a file every row is whole."""
    catalog = shipped()
    rules = list(catalog.rules.values())
    for table in (
        profiles_table(catalog, columns=columns),
        rules_table(rules, catalog.profile(DEFAULT_PROFILE), columns=columns),
    ):
        assert max(map(len, table.splitlines())) <= columns
    whole = profiles_table(catalog)
    assert all(profile.url in whole for profile in catalog.summaries.values())
    assert len(whole.splitlines()) == len(catalog.profile_names) + 1
