"""Pasted texts that mean harm: every one ends in findings or one sentence, within bounds, and nothing is run."""

# ruff: noqa: E501 - tables, read at a glance

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqlint import Linter
from reqlint.text.pasted.bodies import read_body
from reqlint.text.pasted.curl import find_curl
from reqlint.text.pasted.documents import curl_documents
from reqlint.text.pasted.kinds_of_files import has_json_comments
from reqlint.text.pasted.logs import objects_alone_in_line
from reqlint.text.pasted.pieces import MappedText, Piece
from reqlint.text.pasted.python import NotLiteral, read_statement
from reqlint.text.sources import Source
from tests.strategies import PastedText, pasted
from tests.support.bounded import bounded
from tests.support.timing import growth

CHAT = "https://api.openai.com/v1/chat/completions"
LINTER = Linter("auto")
MEGABYTE = 1_000_000

TEXTS: dict[str, str] = {
    "substitutions": f"curl {CHAT} -d " + "$(" * MEGABYTE,
    "substitutions in quotes": f"curl {CHAT} -d " + '"$(' * MEGABYTE,
    "backquotes": f"curl {CHAT} -d " + "`" * (MEGABYTE + 1),
    "braces": f"curl {CHAT} -d " + "${" * MEGABYTE,
    "quotes": f"curl {CHAT} -d " + "'a'\"b\"$'c'" * (MEGABYTE // 10),
    "commands that do not end": f"curl {CHAT} -d '\n" * 50_000,
    "commands that open quotes": "curl \"\ncurl '\n" * 100_000,
    "echoes": "echo '\n" * 200_000 + "curl",
    "commands in one line": f"curl {CHAT} -d '{{}}';" * 20_000,
    "heredocs without an end": f"curl {CHAT} -d @- <<EOF\n" * 50_000,
    "many heredocs": f"curl {CHAT} -d @- " + "<<A " * 100_000 + "\n" + "A\n" * 100_000,
    "a heredoc of lines": f"curl {CHAT} -d @- <<EOF\n" + "\\\n" * MEGABYTE + "EOF\n",
    "bytes": f"curl {CHAT} -d $'" + "\\xe4\\xb8\\xad" * (MEGABYTE // 6) + "'",
    "variables": f'curl {CHAT} -d "{{' + "$A" * MEGABYTE + '}"',
    "variables in values": f'curl {CHAT} -d "[' + '\\"$A\\",' * 5_000 + '0]"',
    "options": f"curl {CHAT} " + "-d a " * 200_000,
    "short options": f"curl {CHAT} -" + "s" * MEGABYTE,
    "carets": f"curl ^\n {CHAT} -d " + '^"' * MEGABYTE,
    "carets and backslashes": f"curl ^\n {CHAT} -d " + "\\" * (2 * MEGABYTE) + '"',
    "an environment": "A=b " * MEGABYTE + "curl x",
    "prompts": "$ " * MEGABYTE + "curl x",
    "a deep body": f"curl {CHAT} -d '" + "[" * MEGABYTE + "'",
    "a body that is no JSON": f"curl {CHAT} -d '" + "{'a':" * (MEGABYTE // 5) + "'",
    "Python's brackets": "[" * MEGABYTE,
    "Python's braces": "{'a':" * MEGABYTE,
    "Python's parentheses": "(" * MEGABYTE,
    "closed parentheses": "(" * 100 + "1" + ")" * 100,
    "Python's signs": "[" + "-" * MEGABYTE,
    "Python's strings": "['a' " + "'b' " * MEGABYTE + "]",
    "Python's quotes": "{'a': " + "'" * MEGABYTE,
    "triple quotes": "{'a': " + "'''" * MEGABYTE + "a",
    "Python's digits": "{'a': " + "9" * MEGABYTE,
    "underscores": "{'a': 1" + "_1" * MEGABYTE + "x}",
    "a long name": "x" * MEGABYTE + "(a=1",
    "dots": "a." * MEGABYTE,
    "an annotation": "a: " + "[ " * MEGABYTE + "= {'a': 1}",
    "calls": "f(a=" + "dict(a=" * MEGABYTE,
    "comments": "{'a': 1," + "#\n" * MEGABYTE,
    "braces of a log": "x {" * MEGABYTE,
    "objects that are cut": 'x {"a": [1, 2, 3], "b": \n' * 100_000,
    "Python that is cut": "x {'a': [1, 2, 3], 'b': \n" * 100_000,
    "deep objects that are cut": '{"a":' * 200_000 + "\nx {}",
    "objects of a log": 'x {"a": 1}\n' * 20_000,
    "objects in one line": '{"a": 1} {"b": 2} ' * 100_000,
    "comments of JSON": "{" + "/* */ " * MEGABYTE,
    "prose": "I'm not sure; curl it? " * 300_000,
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_paste_ends_within_limits(name: str, tmp_path: Path) -> None:
    """Whatever is pasted, the run ends with findings or one sentence, within 15 CPU seconds and 600 MB, or 5 for fewer lines."""
    ran = bounded(
        "check",
        "-",
        "--isolated",
        "--output-format",
        "json",
        "--jobs",
        "1",
        given=TEXTS[name].encode(),
        folder=tmp_path,
    )
    assert ran.code in (0, 1, 3), ran.err
    assert b"Traceback" not in ran.err
    assert ran.seconds < (5 if name == "objects of a log" else 15)
    assert ran.megabytes < 600


GROWING = {
    "commands": lambda count: "".join(f"curl {CHAT}/{number} -d '{{\"a\": {number}}}'\n" for number in range(count)),
    "unclosed quotes": lambda count: f"curl {CHAT} -d '\n" * count,
    "heredocs without an end": lambda count: f"curl {CHAT} -d @- <<EOF\n" * count,
    "pieces": lambda count: f"curl {CHAT} -d '" + "a'\\''" * count * 20 + "'",
    "bytes": lambda count: f"curl {CHAT} -d $'" + "\\xe4\\xb8\\xad" * count * 20 + "'",
    "variables": lambda count: f'curl {CHAT} -d "' + "$A" * count * 20 + '"',
    "carets": lambda count: f"curl ^\n {CHAT} -d " + "\\" * count * 20 + '"',
}


@pytest.mark.parametrize("name", GROWING)
def test_four_times_the_command_takes_four_times_the_time(name: str) -> None:
    """The time that commands take grows in line with their length."""
    assert growth(curl_documents, GROWING[name], 400, below=9) < 9


def _statement(text: str) -> None:
    with contextlib.suppress(NotLiteral):
        read_statement(text)


@pytest.mark.parametrize(
    ("unit", "end"),
    [("'a': [1, (2,)], ", "}"), ("'a': [1, (2,)], ", ""), ("'a' 'b' ", ""), ("# c\n", ""), ("'''", ""), ("1_", "")],
)
def test_four_times_the_python_takes_four_times_the_time(unit: str, end: str) -> None:
    """The time that a literal takes grows in line with its length, whether it ends or not."""
    assert growth(_statement, lambda count: "{" + unit * count + end, 3000, below=9) < 9


@pytest.mark.parametrize("unit", ['x {"a": [1], ', "x {'a': [1], ", "{", "x {} ", 'x {"a": 1}\n', "{'a':", '{"a":'])
def test_four_times_the_log_takes_four_times_the_time(unit: str) -> None:
    """The time that the lines of a log take grows in line with their length, whether objects end or not."""
    assert growth(lambda text: list(objects_alone_in_line(text)), lambda count: unit * count, 3000, below=9) < 9


def test_four_times_the_comments_take_four_times_the_time() -> None:
    """Looking for a comment of JSON takes time in line with the length of the text."""
    for unit in ('"a": 1, ', '"\\', "1 ", "[ "):
        assert growth(has_json_comments, lambda count, unit=unit: b"{" + unit.encode() * count, 3000, below=9) < 9


@settings(max_examples=150, deadline=None)
@given(pasted(), st.data())
def test_a_paste_may_end_or_be_damaged_anywhere(text: PastedText, data: st.DataObject) -> None:
    """No part of a pasted text, and no damage to it, raises; places stay inside of the text."""
    at = data.draw(st.integers(0, len(text.text)))
    noise = data.draw(
        st.sampled_from(
            [
                "",
                "'",
                '"',
                "$(",
                "`",
                "\\",
                "\n",
                "{",
                "}",
                "\0",
                "\ud800",
                "<<E\n",
                "|",
                "𝒳",
                "''' ",
                "^",
                "\U000f0000",
            ]
        )
    )
    for damaged in (text.text[:at], text.text[:at] + noise + text.text[at:]):
        report = LINTER.check_source(Source(text.name, None, damaged.encode("utf-8", "surrogatepass")))
        for finding in report:
            assert finding.region is None or 0 <= finding.region.start <= finding.region.end <= len(damaged)


@settings(max_examples=200, deadline=None)
@given(
    st.text("cur l-d'\"\\$`(){}<>EOF|;&\n^%@=#:1,[]é", max_size=80),
    st.sampled_from(["a.sh", "a.md", "a.py", "a.log", "<stdin>"]),
)
def test_no_text_raises(text: str, name: str) -> None:
    """No text in any of the forms raises."""
    for each in (text, f"curl {text}", f"curl {CHAT} -d {text}", f"{{'a': {text}"):
        LINTER.check_source(Source(name, None, each.encode()))


def test_nothing_is_run_and_nothing_is_opened(tmp_path: Path) -> None:
    """Commands, substitutions, files after an @ and calls in Python leave no trace, and files stay unread."""
    secret = tmp_path / "secret.json"
    secret.write_text('{"model": 1, "messages": "from the file"}')
    trace = tmp_path / "trace"
    texts = {
        "a.sh": f'touch {trace}; curl {CHAT} -d @{secret}\ncurl {CHAT} -d "$(touch {trace}; cat {secret})"\ncurl {CHAT} -d `touch {trace}`\n'
        f"curl {CHAT} -K {secret} -d '{{}}'\ncurl {CHAT} -d @- < {secret}\ncat {secret} | curl {CHAT} -d @-\n",
        "a.py": f"client.chat.completions.create(model=open('{trace}', 'w').write('x'), messages=[])",
        "b.py": f"{{'model': __import__('os').system('touch {trace}'), 'messages': []}}",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    ran = bounded("check", *texts, "--isolated", "--output-format", "json", "--show-values", folder=tmp_path)
    report = json.loads(ran.out)
    assert not trace.exists()
    assert b"from the file" not in ran.out
    assert report["summary"]["requests"] == 0
    assert {finding["rule"] for finding in report["findings"]} == {"unreadable-input"}


def test_a_body_may_hold_the_characters_that_stand_in() -> None:
    """A body that itself has the characters which stand in for what is unknown is not judged beside variables."""
    (command,) = find_curl(f'curl {CHAT} -d "{{\\"a\\": \\"\U000f0000\\", \\"b\\": \\"$B\\"}}"')
    assert command.body is not None
    assert read_body(command.body) is None
    (certain,) = find_curl(f'curl {CHAT} -d \'{{"a": "\U000f0000"}}\'')
    assert certain.body is not None
    body = read_body(certain.body)
    assert body is not None
    assert body.value == {"a": "\U000f0000"}
    assert read_body(MappedText([Piece("$A", 0, 2, unknown=True)] * 1001)) is None
