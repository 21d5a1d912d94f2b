"""A real bash and the real Python read pasted texts as reqlint does."""

import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqlint.text.pasted.posix import read_pipeline

pytestmark = [
    pytest.mark.outside,
    pytest.mark.skipif(shutil.which("bash") is None, reason="bash itself is asked, and there is none"),
]

PRINTING = "curl() { printf '%s\\0' \"$@\"; }\n"

single = st.text('ab "\\\n#{}é漢', max_size=8).map(lambda text: f"'{text}'")
double = st.lists(
    st.sampled_from(["a", " ", "'", '\\"', "\\\\", "\\$", "\\`", "\\n", "\\\n", "\n", "#", "é", "$ "]), max_size=8
).map(lambda parts: '"' + "".join(parts) + '"')
ansi = st.lists(
    st.sampled_from(
        [
            "a",
            " ",
            '"',
            "\\'",
            "\\\\",
            "\\n",
            "\\t",
            "\\x41",
            "\\xe4\\xb8\\xad",
            "\\101",
            "\\u00e9",
            "\\U0001F600",
            '\\"',
            "\\q",
            "\n",
            "漢",
        ]
    ),
    max_size=8,
).map(lambda parts: "$'" + "".join(parts) + "'")
bare = st.lists(
    st.sampled_from(["a", "-d", "=", ":", "\\ ", "\\'", "\\\\", '\\"', "\\\n", "{", "}", "é", "@", "a#b", "\\$"]),
    min_size=1,
    max_size=5,
).map("".join)
words = st.lists(st.one_of(single, double, ansi, bare), min_size=1, max_size=3).map("".join)
commands = st.lists(words, max_size=4).map(lambda parts: "curl " + " ".join(parts))


@settings(max_examples=300, deadline=None)
@given(commands)
def test_bash_reads_the_same_words(command: str) -> None:
    """The arguments that bash hands to a command are the words that are read."""
    ran = subprocess.run(
        ["bash", "--norc", "-c", PRINTING + command],
        capture_output=True,
        check=False,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    assert ran.returncode == 0, ran.stderr
    there = ran.stdout.split(b"\0")[:-1]
    (read,) = read_pipeline(command, 0)
    # printf without an argument prints one empty string.
    assert ([word.text.encode() for word in read.words[1:]] or [b""]) == there


@settings(max_examples=100, deadline=None)
@given(
    # No line ends in a backslash: bash joins it with the next, tabs and delimiter included, which nobody means.
    st.lists(st.text("ab \"'\\#{}é", max_size=10).map(lambda line: line.rstrip("\\")), max_size=4),
    st.booleans(),
    st.booleans(),
)
def test_bash_reads_the_same_heredoc(lines: list[str], quoted: bool, stripped: bool) -> None:
    """A heredoc is read as bash reads it, with a quoted delimiter or without, and with tabs that are taken away."""
    delimiter = "'EOF'" if quoted else "EOF"
    tab = "\t" if stripped else ""
    body = "".join(f"{tab}{line}\n" for line in lines)
    command = f"cat <<{'-' if stripped else ''}{delimiter}\n{body}{tab}EOF\n"
    ran = subprocess.run(
        ["bash", "--norc", "-c", command],
        capture_output=True,
        check=False,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    (read,) = read_pipeline(command, 0)
    assert read.unclosed < 0
    assert "".join(piece.text for piece in read.given or ()).encode() == ran.stdout
