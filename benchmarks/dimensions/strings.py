"""One long string, and many flaws in one string."""

from benchmarks.dimensions.kind import Json, call, conversation, hello, in_json, text, with_tools


def _content(pieces: str) -> str:
    return f'{{"model": "gpt-4o", "messages": [{{"role": "user", "content": "{pieces}"}}]}}'


def _picture(url: str) -> Json:
    return conversation({"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]})


LONG = 1_000_000

DIMENSIONS = (
    text("half characters in one string", lambda numbers: _content("".join(rf"\ud800{n}" for n in numbers))),
    text(
        "half characters in one string over lines",
        lambda numbers: _content("".join(rf"\ud800{n}" for n in numbers)).replace("{", "\n{"),
    ),
    text(
        "half characters beside one that is not ASCII",
        lambda numbers: _content("é" + "".join(rf"\udc00{n}" for n in numbers)),
    ),
    text(
        "half characters in one key",
        lambda numbers: (
            f'{{"model": "gpt-4o", "messages": [], "{"".join(rf"{chr(92)}ud800{n}" for n in numbers)}": 1}}'
        ),
    ),
    text(
        "half characters, one in each message",
        lambda numbers: (
            '{"model": "gpt-4o", "messages": ['
            + ", ".join(rf'{{"role": "user", "content": "\ud800{n}"}}' for n in numbers)
            + "]}"
        ),
    ),
    text("pairs of escapes", lambda numbers: _content("".join(rf"\ud83d\ude00{n}" for n in numbers)), size=100_000),
    text("escapes", lambda numbers: _content(r"\u00e9\n\\\"" * len(numbers)), size=100_000),
    text("a wrong escape after many right ones", lambda numbers: _content(r"\n" * len(numbers) + r"\x"), size=LONG),
    text("a wrong escape after many backslashes", lambda numbers: _content(r"\\" * len(numbers) + r"\x"), size=LONG),
    text("control characters", lambda numbers: _content("\x01" * len(numbers)), size=LONG),
    text("a string without an end", lambda numbers: '{"model": "' + "a" * len(numbers), size=LONG),
    text("quotes alone", lambda numbers: '{"model": ' + '"' * len(numbers), size=LONG),
    text("curly quotes", lambda numbers: '{"model": ' + "“" * len(numbers) + "}", size=LONG),
    text("apostrophes", lambda numbers: '{"model": ' + "'" * len(numbers) + "}", size=LONG),
    in_json(
        "a long content", lambda numbers: conversation({"role": "user", "content": "x y" * len(numbers)}), size=LONG
    ),
    in_json(
        "a long content beside a mistake",
        lambda numbers: hello(n=0, messages=[{"role": "user", "content": "x y" * len(numbers)}]),
        size=LONG,
    ),
    in_json("a long role", lambda numbers: conversation({"role": "x" * len(numbers), "content": "Hi"}), size=LONG),
    in_json("a long key", lambda numbers: hello(**{"x" * len(numbers): 1}), size=LONG),
    in_json("a long key of words", lambda numbers: hello(**{"max_tokens " * len(numbers): 1}), size=100_000),
    in_json("a long model", lambda numbers: hello(model="q" * len(numbers)), size=LONG),
    in_json("a long model of dashes", lambda numbers: hello(model="gpt-4o" + "-" * len(numbers)), size=LONG),
    in_json("a long tool name", lambda numbers: with_tools({"name": "a b" * len(numbers)}), size=LONG),
    in_json("a long address", lambda numbers: _picture("https://example.com/" + "a/" * len(numbers)), size=LONG),
    in_json(
        "a large picture", lambda numbers: _picture("data:image/png;base64," + "iVBORw0K" * len(numbers)), size=LONG
    ),
    in_json(
        "a large picture that is none",
        lambda numbers: _picture("data:image/png;base64," + "a b" * len(numbers)),
        size=LONG,
    ),
    in_json("a large picture of an odd kind", lambda numbers: _picture("data:image/" + ";x" * len(numbers)), size=LONG),
    in_json(
        "long arguments of a call",
        lambda numbers: conversation(
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [call(1, arguments=f'{{"a": [{", ".join(map(str, numbers))}]}}')],
            },
            {"role": "tool", "tool_call_id": "c1", "content": ""},
        ),
        size=100_000,
    ),
    in_json(
        "long arguments that are broken",
        lambda numbers: conversation(
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [call(1, arguments=f'{{"a": [{", ".join(map(str, numbers))}]')],
            },
            {"role": "tool", "tool_call_id": "c1", "content": ""},
        ),
        size=100_000,
    ),
    in_json("half a credential again and again", lambda numbers: hello(**{"sk-" * len(numbers): 1}), size=LONG),
    in_json(
        "credentials in one key", lambda numbers: hello(**{" ".join(f"sk-{n:048d}a" for n in numbers): 1}), size=10_000
    ),
)
