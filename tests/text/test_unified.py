"""A unified diff is a patch that makes the one text of the other, however many lines differ."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqlint.text.unified import unified
from tests.support.timing import growth, growth_in_steps, steps

pytestmark = pytest.mark.core

LINES = st.lists(st.sampled_from([b"{\n", b"}\n", b"a\n", b"b\r\n", b"\n", b"c: 1\n"]), max_size=30)


def diff(before: bytes, after: bytes) -> list[bytes]:
    """Return the lines of a diff."""
    return b"".join(unified(BytesIO(before), BytesIO(after), "a", line_by_line=False)).splitlines(keepends=True)


def patched(before: bytes, patch: list[bytes]) -> bytes:
    """Apply a patch to a text, line by line, comparing all that it says is there."""
    left, made = before.splitlines(keepends=True), []
    at = 0
    for number, line in enumerate(patch):
        if line.startswith((b"---", b"+++", b"\\")):
            continue
        if line.startswith(b"@@"):
            start, _, count = line.split()[1].lstrip(b"-").partition(b",")
            first = int(start) - (count != b"0")
            made += left[at:first]
            at = first
            continue
        text = line[1:]
        if patch[number + 1 : number + 2] == [b"\\ No newline at end of file\n"]:
            text = text.removesuffix(b"\n")
        if line[:1] in b"- ":
            assert left[at] == text
            at += 1
        if line[:1] in b"+ ":
            made.append(text)
    return b"".join([*made, *left[at:]])


@given(LINES, LINES, st.booleans())
def test_a_diff_makes_one_text_of_the_other(one: list[bytes], other: list[bytes], cut: bool) -> None:
    """Whatever two texts have in common, the patch holds, with and without an end of the last line."""
    before, after = b"".join(one), b"".join(other)
    if cut:
        before, after = before.rstrip(b"\n"), after.rstrip(b"\n")
    assert patched(before, diff(before, after)) == after


@given(LINES, st.data())
def test_a_small_edit_is_a_small_diff(lines: list[bytes], data: st.DataObject) -> None:
    """One line replaced, removed or added in a text of different lines is one line in the diff."""
    numbered = [b"%d %b" % item for item in enumerate(lines)]
    at = data.draw(st.integers(0, len(numbered)))
    new = [*numbered[:at], b"new\n", *numbered[at + data.draw(st.integers(0, 1)) :]]
    changed = [line for line in diff(b"".join(numbered), b"".join(new))[3:] if line[:1] in b"-+"]
    assert [line for line in changed if line[:1] == b"+"] == [b"+new\n"]
    assert len(changed) <= 2


def _texts(numbers: range) -> tuple[bytes, bytes]:
    before = "".join(f"- role: User\n  content: Question {i % 7}\n  name:\n" for i in numbers)
    return before.encode(), before.replace("User", "user").replace("  name:\n", "").encode()


def test_steps_grow_with_the_lines() -> None:
    """A diff of four times as many changed lines takes four times the steps."""
    assert growth_in_steps(lambda texts: diff(*texts), _texts, 200, below=4.6) < 4.6


def test_time_grows_with_the_lines() -> None:
    """Nor does anything in C take the square of the time: that would be 16 times as much."""
    assert growth(lambda texts: diff(*texts), lambda count: _texts(range(count)), 1000, below=9) < 9


def test_lines_that_never_agree_again_take_steps_in_proportion_to_what_is_looked_at() -> None:
    """Among lines that all differ, each is compared with some dozens around it, and not each of these with each."""
    before = [f"{number}\n".encode() for number in range(500)]
    after = [f"{number}\n".encode() for number in range(1000, 1500)]
    assert steps(lambda texts: diff(*texts), (b"".join(before), b"".join(after))) < 500 * 1000
