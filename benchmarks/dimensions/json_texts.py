"""Many members in one JSON text."""

from benchmarks.dimensions.kind import conversation, hello, in_json, text

HEAD = '{"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], '
METADATA = '"metadata": {'


def _members(numbers: range, member: str, *, inside: str = "") -> str:
    """Return a request with a member for each number, which stands where *member* has ``%d``."""
    members = ", ".join(member % ((number,) * member.count("%d")) for number in numbers)
    return f"{HEAD}{inside}{members}{'}' * bool(inside)}}}"


DIMENSIONS = (
    in_json("unknown fields", lambda numbers: hello(**{f"field{n}": n for n in numbers})),
    in_json("unknown fields close to a known one", lambda numbers: hello(**{f"max_token{n}": n for n in numbers})),
    in_json(
        "unknown fields of one message",
        lambda numbers: conversation({"role": "user", "content": "", **{f"f{n}": n for n in numbers}}),
    ),
    in_json("members of metadata", lambda numbers: hello(metadata={f"k{n}": "v" for n in numbers})),
    in_json("wrong members of metadata", lambda numbers: hello(metadata={f"k{n}": n for n in numbers})),
    in_json("entries of logit_bias", lambda numbers: hello(logit_bias={str(n): n % 100 for n in numbers})),
    in_json("wrong entries of logit_bias", lambda numbers: hello(logit_bias={str(n): 1000 + n for n in numbers})),
    in_json("wrong stop sequences", lambda numbers: hello(stop=[*numbers])),
    in_json("unknown values of one kind", lambda numbers: hello(modalities=[f"m{n}" for n in numbers])),
    text("unknown fields over lines", lambda numbers: _members(numbers, '\n  "field%d": %d')),
    text("unknown fields over CRLF lines", lambda numbers: _members(numbers, '\r\n\t"field%d":\t%d')),
    text("unknown fields with escapes in the key", lambda numbers: _members(numbers, r'"\u0066%d": 1')),
    text("unknown fields that are not ASCII, in one line", lambda numbers: _members(numbers, '"ä%d": 1')),
    text("unknown fields beyond the first plane, in one line", lambda numbers: _members(numbers, '"😀%d": 1')),
    text("unknown fields that are not ASCII, over lines", lambda numbers: _members(numbers, '\n"ä%d": 1')),
    text("unknown fields that look like values", lambda numbers: _members(numbers, '"x%d": "x%d"')),
    text("unknown fields with names of a part of another", lambda numbers: _members(numbers, '"a%d": {"a": %d}')),
    text(
        "unknown fields of which each stands twice", lambda numbers: _members(numbers, '"a%d": {"b": %d, "c": "a%d"}')
    ),
    text("one key again and again", lambda numbers: _members(numbers, '"a": %d', inside=METADATA)),
    text("keys that each stand twice", lambda numbers: _members(numbers, '"a%d": "1", "a%d": "2"', inside=METADATA)),
    text(
        "keys that stand twice, far apart",
        lambda numbers: f"{HEAD}{METADATA}{', '.join([f'{chr(34)}a{n}{chr(34)}: 1' for n in numbers] * 2)}}}}}",
    ),
    text(
        "keys that stand twice, not ASCII", lambda numbers: _members(numbers, '"é%d": "1", "é%d": "2"', inside=METADATA)
    ),
    text("NaN", lambda numbers: _members(numbers, '"k%d": NaN', inside=METADATA)),
    text("numbers that overflow", lambda numbers: _members(numbers, '"k%d": 1e%d999', inside=METADATA)),
    text(
        "numbers of many digits",
        lambda numbers: _members(numbers, '"k%d": ' + "1234567890" * 20 + "%d", inside=METADATA),
        size=4000,
    ),
    text("digits of one number", lambda numbers: f'{HEAD}"n": {"7" * len(numbers)}{numbers.start}}}', size=1_000_000),
    text(
        "digits of one fraction", lambda numbers: f'{HEAD}"n": 0.{"7" * len(numbers)}{numbers.start}}}', size=1_000_000
    ),
    text("half characters in keys", lambda numbers: _members(numbers, r'"a\ud800%d": 1')),
    text(
        "blanks between tokens",
        lambda numbers: f'{HEAD}{" " * len(numbers)}"n": {numbers.start}{" " * len(numbers)}}}',
        size=1_000_000,
    ),
    text(
        "line ends between tokens",
        lambda numbers: f'{HEAD}{chr(10) * len(numbers)}"n": {numbers.start}{chr(10) * len(numbers)}}}',
        size=1_000_000,
    ),
    text(
        "levels of arrays",
        lambda numbers: f'{HEAD}"a": [{", ".join("[" * 100 + str(n) + "]" * 100 for n in numbers)}]}}',
        size=1000,
    ),
    text(
        "levels of objects with a wrong one each",
        lambda numbers: (
            f'{HEAD}"a": [' + ", ".join('{"a":' * 99 + f'{{"a{n}": NaN' + 100 * "}" for n in numbers) + "]}"
        ),
        size=250,
    ),
    text(
        "levels beyond the limit",
        lambda numbers: f'{HEAD}"a": {"[" * len(numbers)}{numbers.start}{"]" * len(numbers)}}}',
        size=100_000,
    ),
    text("a text that is cut", lambda numbers: _members(numbers, '"a%d": [1, {"b": %d}]')[:-1], size=20_000),
    text(
        "a comma too much at the end",
        lambda numbers: _members(numbers, '"a%d": [1, {"b": %d}]')[:-1] + ",}",
        size=20_000,
    ),
    text("invalid UTF-8", lambda numbers: _members(numbers, '"a%d": "é"').encode("latin-1"), size=100_000),
    text("invalid UTF-8 at the end", lambda numbers: _members(numbers, '"a%d": 1').encode() + b"\xff", size=100_000),
)
