"""What is wrong with a regular expression in every dialect."""

import re
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqlint.checks.patterns import fault_in

PIECES = (
    "a",
    "\\d",
    "\\\\",
    "\\(",
    "\\]",
    "[",
    "[^",
    "]",
    "(",
    "(?:",
    "(?=",
    "(?P<n>",
    ")",
    "*",
    "+",
    "?",
    "{2}",
    "|",
    "^",
    "$",
    "\\x00",
)
NUL, NO_END = "\\x00 in place of \\0", "a character after the last backslash"


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_what_one_engine_reads_has_no_fault(pattern: str) -> None:
    """Only what no engine reads is named; Python's is the one at hand."""
    try:
        with warnings.catch_warnings(action="ignore", category=FutureWarning):  # on classes inside classes
            re.compile(pattern)
    except (re.error, OverflowError):
        return
    assert fault_in(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("(", "a ) for each ("),
        ("(a(b)", "a ) for each ("),
        ("a)", "a ( for each )"),
        ("\\()", "a ( for each )"),
        ("[a", "a ] for each ["),
        ("[^", "a ] for each ["),
        ("[\\]", "a ] for each ["),
        ("*a", "something before * to repeat"),
        ("(+)", "something before + to repeat"),
        ("a|?", "something before ? to repeat"),
        ("a\\", NO_END),
        ("\\0", NUL),
        ("[^/\\\\\\0]+", NUL),
    ],
)
def test_each_fault_says_what_is_wanted(pattern: str, fault: str) -> None:
    """The words complete a message: this API wants a ) for each (."""
    assert fault_in(pattern) == fault


@pytest.mark.parametrize(
    "pattern",
    [
        "", "a{2}", "{", "a}", "]", "[]", "[^]", "[]a]", "[(]", "[*]", "\\\\0", "[\\\\0]", "\\x00", "^(?!a).*$", "a++",
        "(?<n>a)+?", "(?#()a", "\\Q(\\E", "(?x)a # (", "\\p{L}", "[[:alpha:]]", "(?i:a)*", "x\\*",
    ],
)  # fmt: skip
def test_what_some_engine_reads_is_left_alone(pattern: str) -> None:
    """Engines differ in classes, comments and quoted texts; a pattern that one of them takes may be right."""
    assert fault_in(pattern) is None
