"""Pasted texts: what a command sends, what a literal says, and where each part of it stands."""

# ruff: noqa: E501 - tables, read at a glance

import ast
import json
from collections.abc import Iterator
from math import isnan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqlint.core.pointer import Place, value_at
from reqlint.text.flaws import UNREADABLE
from reqlint.text.pasted.curl import find_curl
from reqlint.text.pasted.documents import curl_documents, literal_document
from reqlint.text.pasted.kinds_of_files import has_json_comments, kind_by_content, kind_by_name
from reqlint.text.pasted.logs import objects_alone_in_line
from reqlint.text.pasted.python import Literal, NotLiteral, locate_in_literal, read_literal, read_statement
from tests.strategies import PastedText, pasted

laws = settings(max_examples=150, deadline=None)
CHAT = "https://api.openai.com/v1/chat/completions"


def places(value: object, at: Place = ()) -> Iterator[Place]:
    """Yield the place of every value."""
    yield at
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield from places(inner, (*at, step))


def as_json(value: Any) -> Any:
    """Return what Python says as JSON would have it: lists for tuples, and keys that are strings."""
    if isinstance(value, dict):
        return {json.loads(json.dumps({key: 0})).popitem()[0]: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(inner) for inner in value]
    return set() if isinstance(value, set) else value


# ---------------------------------------------------------------------------------------------------------- commands


@laws
@given(pasted().filter(lambda text: bool(text.body)))
def test_every_character_of_a_body_is_at_the_stretch_that_writes_it(text: PastedText) -> None:
    """However a command quotes its body, the body is what it sends, and each character is where it is written."""
    (command,) = find_curl(text.text)
    assert command.body is not None
    assert command.body.text == text.body
    assert [command.body.span((at, at + 1)) for at in range(len(text.body))] == list(text.places)


@laws
@given(pasted().filter(lambda text: bool(text.body)))
def test_every_region_of_a_command_holds_its_value(text: PastedText) -> None:
    """The characters in the region of every part, read alone as the command reads them, are the part in JSON."""
    (document,) = curl_documents(text.text).documents
    assert document.value == text.request
    assert document.url == CHAT
    spans = document.spans(list(places(document.value)))
    assert set(spans) == set(places(document.value))
    for place, (key, span) in spans.items():
        first, last = (
            next(at for at, each in enumerate(text.places) if each[which] == span[which]) for which in (0, 1)
        )
        assert json.loads(text.body[first : last + 1]) == value_at(document.value, place)
        assert (key is None) == (not place or isinstance(place[-1], int))


COMMANDS = {
    "single quotes": f"""curl {CHAT} -d '{{"model": "It'\\''s"}}'""",
    "the URL last": """curl -d '{"model": "It'"'"'s"}' """ + CHAT,
    "double quotes": f'''curl {CHAT} -d "{{\\"model\\": \\"It's\\"}}"''',
    "ANSI quoting, as browsers write it": f"""curl '{CHAT}' --data-raw $'{{"model": "It\\'s"}}'""",
    "a value beside its option": f"""curl -XPOST -sSHa:b --url {CHAT} -d'{{"model": "It'\\''s"}}'""",
    "a heredoc": f"""curl {CHAT} -d @- <<EOF\n{{"model":\n "It's"}}\nEOF\n""",
    "a heredoc with tabs": f"""\tcurl {CHAT} --json @- <<-'EOF' | jq .\n\t{{"model":\n\t"It's"}}\n\tEOF\n""",
    "a here-string": f"""curl {CHAT} -d @- <<< '{{"model": "It'\\''s"}}'""",
    "cat": f"""curl {CHAT} -d "$(cat <<EOF\n{{"model": "It's"}}\nEOF\n)" -v""",
    "a pipe": f"""echo "{{\\"model\\": \\"It's\\"}}" | curl {CHAT} -d @-""",
    "continued lines": f"""$ curl {CHAT} \\\n  -H "Authorization: Bearer $KEY" \\\n  -d "{{\\"model\\": \\\n\\"It's\\"}}"\n{{"error": 1}}""",
    "a substitution": f"""R=$(curl -s {CHAT} -d '{{"model": "It'\\''s"}}')\necho "$R" """,
    "in a line of a script": f"""if true; then A=b sudo curl {CHAT} -d '{{"model": "It'\\''s"}}'; fi""",
    "in Markdown": f"""# Curl\nI can't do it:\n```sh\ncurl {CHAT} -d '{{"model": "It'\\''s"}}'\n```\nDon't know why.""",
    "in backquotes": f"""Try `curl {CHAT} -d "{{\\"model\\": \\"It's\\"}}"` and you'll see `it`.""",
    "carets, as browsers write them": f"""curl ^"{CHAT}^" ^\r\n  --data-raw ^"^{{^\\^"model^\\^":^\\^"It's^\\^"^}}^"\r\n""",
    "doubled quotes, as browsers wrote them": f'''curl "{CHAT}" --data-binary "{{""model"":""It's""}}"''',
    "a line of cmd": f"""curl.exe {CHAT} ^\n -d "{{\\"model\\": \\"It's\\"}}" | more\n""",
    "the second of two": f"""curl -F a=b https://example.com/upload\n\ncurl {CHAT} --json '{{"model": "It'\\''s"}}'""",
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_read_however_it_is_quoted(name: str) -> None:
    """The body of every form of command is found, with its URL and the place of its value."""
    (document,) = curl_documents(COMMANDS[name]).documents
    assert (document.value, document.url, document.unknown) == ({"model": "It's"}, CHAT, None)
    key, (start, end) = document.spans([("model",)])["model",]
    written = COMMANDS[name][start:end].replace("'\\''", "'").replace("'\"'\"'", "'").replace("^", "")
    assert written.replace('""', '"').replace("\\", "") == '"It\'s"'
    assert key is not None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"curl {CHAT} -d @request.json", "its body is in another file, which is not opened"),
        (f"curl {CHAT} -d @-", "its body comes from standard input, which is not in the text"),
        (f"curl {CHAT} -d @- < request.json", "its body comes from standard input, which is not in the text"),
        (f"curl {CHAT} -d @- <<EOF\n$BODY\nEOF\n", "its body depends on what only a shell knows"),
        (f"curl {CHAT} --data-urlencode 'a=b'", "its body is a form (--data-urlencode)"),
        (f"curl {CHAT} -F a=b", "its body is a form (--form)"),
        (f"curl -G {CHAT} -d a=b", "it sends its data in the URL (--get)"),
        (f"curl -T a.json {CHAT}", "its body is a file (--upload-file), which is not opened"),
        (f"curl -K options {CHAT}", "its options are in a file (--config), which is not opened"),
        (f"curl {CHAT}", "it has no body"),
        (f'curl {CHAT} -d "$BODY"', "its body is what only a shell knows"),
        (f"curl {CHAT} -d $(jq . a.json)", "its body is what only a shell knows"),
        (f'curl {CHAT} -d "{{\\"a\\": 1 $REST}}"', "its body depends on what only a shell knows"),
        (f'curl {CHAT} -d "{{\\"$KEY\\": 1}}"', "its body depends on what only a shell knows"),
        (f'curl {CHAT} -d \'{{"a": 1}}', "a quote or heredoc in it does not end"),
        (f"curl {CHAT} -d @- <<EOF\n{{}}\n", "a quote or heredoc in it does not end"),
    ],
)
def test_a_command_that_cannot_be_judged_says_why(text: str, why: str) -> None:
    """What is not in the text is named and never opened."""
    assert curl_documents(text) == ([], [why])


def test_what_only_a_shell_knows_is_kept_and_marked() -> None:
    """Variables and output of commands stay as they are written, inside of strings and outside of them."""
    text = (
        f'curl {CHAT} -d "{{\\"model\\": \\"$MODEL\\", \\"n\\": ${{N:-1}}, \\"user\\": \\"a-$(id -u | tr \')\' x)\\"}}"'
    )
    (document,) = curl_documents(text).documents
    assert document.value == {"model": "$MODEL", "n": "${N:-1}", "user": "a-$(id -u | tr ')' x)"}
    assert document.unknown is not None
    assert document.unknown.places == {("model",), ("n",), ("user",)}
    spans = document.spans([("n",), ("user",)])
    assert {text[start:end] for _, (start, end) in spans.values()} == {"${N:-1}", "\\\"a-$(id -u | tr ')' x)\\\""}


def test_data_is_joined_as_curl_joins_it() -> None:
    """Several `--data` are joined by an ampersand, several `--json` by nothing; a second request has its own."""
    two, json_, one, other = find_curl(
        f"curl {CHAT} -d '{{' --data '}}'\ncurl {CHAT} --json '{{' --json '}}'\ncurl {CHAT} -d '{{}}' --next {CHAT} -d '[]'"
    )
    assert [each.body.text for each in (two, json_, one, other) if each.body] == ["{&}", "{}", "{}", "[]"]


@pytest.mark.parametrize(
    ("url", "known"),
    [
        (f'"{CHAT}"', CHAT),
        ("api.openai.com/v1/chat/completions", CHAT),
        ('"$BASE_URL/v1/chat/completions"', "/v1/chat/completions"),
        ('"https://$HOST/v1/chat/completions"', "/v1/chat/completions"),
        ('"https://a.example/v1/chat/completions?key=$KEY"', "https://a.example/v1/chat/completions?key=0"),
        ("$URL", None),
    ],
)
def test_a_host_that_is_not_known_is_not_guessed(url: str, known: str | None) -> None:
    """Of a URL that a shell completes, what is known is kept."""
    (command,) = find_curl(f"curl {url} -d '{{}}'")
    assert command.url == known


def test_a_flaw_of_a_body_covers_its_characters() -> None:
    """A body that is no JSON is reported where the command writes the wrong characters."""
    text = f"""curl {CHAT} -d $'{{"model": "a", \\'n\\': 1}}'"""
    (document,) = curl_documents(text).documents
    assert document.value is UNREADABLE
    (flaw,) = document.flaws
    assert flaw.region is not None
    assert (flaw.rule, document.text_at(flaw.region)) == ("invalid-json", "\\'")


# ------------------------------------------------------------------------------------------------------------ Python

_ATOMS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=12),
    st.binary(max_size=6),
)  # fmt: skip
LITERALS = st.recursive(
    _ATOMS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=6) | st.integers() | st.booleans() | st.none(), inner, max_size=4)
        | st.sets(st.integers(), min_size=1, max_size=3)
    ),
    max_leaves=15,
)


@laws
@given(LITERALS)
def test_a_literal_is_what_python_says_it_is(value: Any) -> None:
    """Whatever Python's `repr` writes is read as the value it was written from, and each part is where it stands."""
    text = repr(value)
    literal = read_literal(text)
    assert literal.end == len(text)
    assert literal.value == as_json(value)
    found = locate_in_literal(text, literal, list(places(literal.value)))
    assert set(found) == set(places(literal.value))
    for place, (key, (start, end)) in found.items():
        assert as_json(ast.literal_eval(f"({text[start:end]}\n)")) == value_at(literal.value, place)
        if key is not None:
            assert as_json({ast.literal_eval(text[slice(*key)]): 0}) == {place[-1]: 0}


@laws
@given(pasted().filter(lambda text: text.name.endswith(".py")))
def test_every_region_of_python_holds_its_value(text: PastedText) -> None:
    """Of a literal or call as people write it, Python itself reads the region of every part as its value."""
    literal = read_statement(text.text)
    assert literal.value == text.request
    document = literal_document(text.text, literal)
    for place, (_, (start, end)) in document.spans(list(places(literal.value))).items():
        if place or not literal.call:
            read = as_json(ast.literal_eval(f"({text.text[start:end]}\n)"))
            assert read == value_at(literal.value, place)


SOURCES = [
    "'a'", 'b"\\xff\\n"', r"r'\n'", "'a' 'b'", "('a'\n 'b')", "'''a\n'b''' \"\"\"c\\\nd\"\"\"", "u'\\N{BULLET}\\u00e9\\U0001F600\\x41\\101'",
    "-1", "- 1.5e3", "0x_ff", "0b11", "1_000", ".5", "1.", "(1)", "((1))", "(1,)", "()", "(1, 2,)", "[1, # one\n 2,]", "{}", "{1: 2, 1: 3}",
    "{'a': 1, **{'b': 2}}", "{1, 2}", "[...]", "True", "{'a': (\n1)}", "'\\\n'", "''", "''''''", "1j",
]  # fmt: skip


@pytest.mark.parametrize("text", SOURCES)
def test_every_form_of_a_literal_is_read_as_python_reads_it(text: str) -> None:
    """All forms of literals agree with Python."""
    meant = as_json(eval(text, {"__builtins__": {}}))  # noqa: S307 - texts of ours, some of which `ast` does not take
    assert read_literal(text).value == meant


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{'a': f'{x}'}", "an f-string, whose value is not in the text"), ("{'a': x}", "a name whose value is not in the text"),
        ("{'a': f(1)}", "a call inside of the literal"), ("{'a': 1 + 2}", "an expression"), ("['a' b'b']", "bytes beside a string"),
        ("{'a': 01}", "a number that Python does not read"), ("{'a': 1abc}", "a number that Python does not read"),
        ("['a]", "a string that does not end"), ("'''a''", "a string that does not end"), ("[1", "the end of the text"), ("", "the end of the text"),
        ("['\\x1']", "an escape that Python does not read"), ("['\\N{NO SUCH}']", "an escape that Python does not read"),
        ("{(1,): 2}", "a key that JSON does not have"), ("[not 1]", "a name whose value is not in the text"), ("[-x]", "an expression"),
        ("[t'a']", "a string of another kind"), ("[<a at 0x1>]", "`<`"), ("[" * 300, "more levels than are read"),
        ("[1][0]", "more than one literal"), ("f(1)", "an argument without a name"), ("f(a=1)(b=2)", "more than one literal"),
        ("x = 1; y = 2", "more than one literal"), ("import os", "a name whose value is not in the text"),
        ("[" + "9" * 5000 + "]", "a number of thousands of digits"), ("((((((((((((((((((((((1))))))))))))))))))))))", "more levels than are read"),
    ],
)  # fmt: skip
def test_what_is_no_literal_is_named(text: str, what: str) -> None:
    """Text that is not a literal is refused in words, never guessed at and never run."""
    with pytest.raises(NotLiteral) as refused:
        read_statement(text)
    assert refused.value.what == what
    assert 0 <= refused.value.at <= len(text)


def test_a_call_sends_what_the_sdk_sends() -> None:
    """Options of the SDK are left out, and what extra_body holds is sent beside the others."""
    text = (
        "response = await client.chat.completions.create(\n    model='a', timeout=3, extra_headers={'b': 'c'},\n"
        "    extra_body={'top_k': 5}, **{'n': 2}, stop=dict(a=1))"
    )
    literal = read_statement(text)
    assert literal.call == "client.chat.completions.create"
    assert literal.value == {"model": "a", "n": 2, "stop": {"a": 1}, "top_k": 5}
    found = locate_in_literal(text, literal, [("top_k",), ("model",), ("stop", "a"), ("n",)])
    assert {place: (text[slice(*key)] if key else None, text[slice(*at)]) for place, (key, at) in found.items()} == {
        ("top_k",): ("'top_k'", "5"), ("model",): ("model", "'a'"), ("stop", "a"): ("a", "1"), ("n",): ("'n'", "2"),
    }  # fmt: skip


def test_numbers_that_json_does_not_have_are_kept() -> None:
    """`nan` and `inf`, as Python prints them, are read."""
    value = read_literal("{'a': nan, 'b': -inf}").value
    assert isinstance(value, dict)
    assert isinstance(value["a"], float)
    assert isnan(value["a"])
    assert value["b"] == float("-inf")


# -------------------------------------------------------------------------------------------------- logs and the rest


def test_the_one_object_of_a_line_is_found() -> None:
    """A line with one object has it, in JSON or Python, over several lines too; a line with two has none."""
    text = (
        'a {\'b\': 1} c\nno {x} here {}\ntwo {"a": 1} and {"b": 2}\n{"c": {"d": "}"}} # e\n'
        'pretty {\n  "f": 1\n} after\ncut {"g": [1,\nlast {\'h\': None}'
    )
    assert [found.value for found in objects_alone_in_line(text)] == [
        {"b": 1}, {"c": {"d": "}"}}, {"f": 1}, {"h": None},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "kind"),
    [("app.py", "Python source code"), ("A.MD", "Markdown"), ("a.sh", "a shell script"), ("a.ipynb", "a Jupyter notebook"),
     ("a.py.gz", "Python source code"), ("a.json", None), ("a.jsonc", None), ("request", None), (".gitignore", None)],
)  # fmt: skip
def test_a_name_says_what_a_file_is(name: str, kind: str | None) -> None:
    """Suffixes of code and prose are known, in any case and packed; those of data say nothing here."""
    assert kind_by_name(name) == kind


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"", "an empty file"), (b"\xef\xbb\xbf \n", "an empty file"), (b"\x89PNG\r\n", "a PNG image"), (b"PK\x03\x04", "a ZIP archive"),
     (b"a\0b", "a binary file"), (b"#!/bin/sh\n", "a script"), (b"model: a\n", None), (b"\xff\xfea\0", None)],
)  # fmt: skip
def test_first_bytes_say_what_a_file_is(data: bytes, kind: str | None) -> None:
    """Empty files, well-known binary forms and scripts are told by their first bytes."""
    assert kind_by_content(data) == kind


@pytest.mark.parametrize(
    ("data", "has"),
    [(b'{\n // a\n "b": 1}', True), (b'// a\n{}', True), (b'{"a": 1, /* b */ "c": 2}', True), (b'{"url": "http://a"}', False),
     (b'{"a": 1,}', False), (b"# a\nb: //c", False), (b'{"a": "b\\"//"}', False)],
)  # fmt: skip
def test_json_with_comments_is_told_from_json(data: bytes, has: bool) -> None:
    """A comment counts only where no string is open."""
    assert has_json_comments(data) == has


def test_a_literal_is_a_plain_value() -> None:
    """A literal can be compared, so that a run is repeatable."""
    assert read_literal("{'a': 1}") == Literal({"a": 1}, 0, 8)
