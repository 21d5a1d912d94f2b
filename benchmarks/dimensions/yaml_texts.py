"""Many members, comments, anchors and lines in one YAML text."""

from benchmarks.dimensions.kind import Dimension, text

HEAD = "model: gpt-4o\nmessages: [{role: user, content: Hi}]\n"
_IGNORE = "# reqlint: ignore[unknown-field] on purpose"


def _each(name: str, line: str, *, head: str = HEAD, tail: str = "", size: int = 4000) -> Dimension:
    """Return the dimension of a *line* for each number, which stands where the line has ``%d``."""

    def make(numbers: range) -> str:
        return head + "".join(line.replace("%d", str(number)) for number in numbers) + tail

    return text(f"YAML: {name}", make, file="a.yaml", size=size)


def _anchors(numbers: range) -> str:
    named = "".join(f"  - &a{n} {{role: r{n}, content: Hi}}\n" for n in numbers)
    return f"model: gpt-4o\nx:\n{named}messages:\n" + "".join(f"  - *a{n}\n" for n in numbers)


DIMENSIONS = (
    _each("unknown fields", "k%d: 1\n"),
    _each("unknown fields that are not ASCII", "ä%d: 1\n"),
    _each("unknown fields over CRLF lines", "k%d: 1\r\n"),
    _each("unknown fields, each with a comment", f"k%d: 1 {_IGNORE}\n"),
    _each("unknown fields below a comment each", f"{_IGNORE}\nk%d: 1\n"),
    _each("unknown fields below one comment", "  k%d: 1\n", head=f"{HEAD}{_IGNORE}\nextra:\n"),
    _each(
        "wrong messages below one comment",
        "- {role: r%d, content: Hi}\n",
        head="model: gpt-4o\n# reqlint: ignore[unknown-value] on purpose\nmessages:\n",
    ),
    _each("comments that silence nothing", f"{_IGNORE} %d\n"),
    _each("comments on rules that are none", "# reqlint: ignore[unknwn-%d] why\n"),
    _each("rules in one comment", "unknwn-%d, ", head=f"{HEAD}# reqlint: ignore[", tail="] why\n"),
    _each("comments without a reason", "k%d: 1 # reqlint: ignore[unknown-field]\n"),
    _each("ordinary comments", "# %d\n"),
    _each("comments in a block of text", "    # reqlint: ignore[unknown-field] %d\n", head=f"{HEAD}a: |\n"),
    _each("one key again and again", "k: %d\n"),
    _each("keys that each stand twice", "k%d: 1\nk%d: 2\n"),
    _each("ambiguous words", "  k%d: yes\n", head=f"{HEAD}metadata:\n"),
    _each("numbers in base 60", "  k%d: 1:30:%d\n", head=f"{HEAD}metadata:\n"),
    _each("numbers that overflow", "  k%d: 1.0e+%d999\n", head=f"{HEAD}metadata:\n"),
    _each("tagged values", "  k%d: !!str %d\n", head=f"{HEAD}metadata:\n"),
    _each("unknown tags", "  k%d: !x%d 1\n", head=f"{HEAD}metadata:\n"),
    _each("keys that are no strings", "  %d: a\n", head=f"{HEAD}metadata:\n"),
    _each("merge keys", "- {<<: &m%d {role: r%d}, content: Hi}\n", head="model: gpt-4o\nmessages:\n", size=2500),
    _each("one merge key of many", "x%d: {<<: *m}\n", head=f"{HEAD}m: &m {{a: 1}}\n", size=2500),
    text("YAML: anchors and aliases", _anchors, file="a.yaml", size=2500),
    _each("aliases of one message", "- *m\n", head="model: gpt-4o\nm: &m {role: usr, content: Hi}\nmessages:\n"),
    _each(
        "messages with an unknown role", "- {role: r%d, content: Hi}\n", head="model: gpt-4o\nmessages:\n", size=2500
    ),
    _each(
        "messages over lines with an unknown role",
        "- role: r%d\n  content: Hi\n",
        head="model: gpt-4o\nmessages:\n",
        size=2500,
    ),
    _each(
        "messages in one line with an unknown role",
        "{role: r%d, content: Hi}, ",
        head="model: gpt-4o\nmessages: [",
        tail="]\n",
        size=2500,
    ),
    text(
        "YAML: messages in one line, not ASCII",
        lambda numbers: (
            "model: gpt-4o\nmessages: [" + ", ".join(f"{{role: é{n}, content: Hi}}" for n in numbers) + "]\n"
        ),
        file="a.yaml",
        size=2500,
    ),
    _each(
        "messages with a role in capitals",
        "- {role: User, content: Hi %d}\n",
        head="model: gpt-4o\nmessages:\n",
        size=250,
    ),
    _each(
        "lines of a block", "    line %d\n", head="model: gpt-4o\nmessages:\n- role: user\n  content: |\n", size=40_000
    ),
    _each(
        "lines of a folded text",
        "    line %d\n",
        head="model: gpt-4o\nmessages:\n- role: user\n  content: >\n",
        size=40_000,
    ),
    _each(
        "folded lines in quotes",
        "    line %d\n",
        head='model: gpt-4o\nmessages:\n- role: user\n  content: "\n',
        tail='    "\n',
        size=10_000,
    ),
    text(
        "YAML: escapes in quotes",
        lambda numbers: (
            f'model: gpt-4o\nmessages: [{{role: user, content: "{"".join(chr(92) + f"x41{n}" for n in numbers)}"}}]\n'
        ),
        file="a.yaml",
        size=40_000,
    ),
    text(
        "YAML: half characters in quotes",
        lambda numbers: (
            f'model: gpt-4o\nmessages: [{{role: user, content: "{"".join(chr(92) + f"ud800{n}" for n in numbers)}"}}]\n'
        ),
        file="a.yaml",
    ),
    text(
        "YAML: levels in one line",
        lambda numbers: f"{HEAD}a: [{', '.join('[' * 50 + str(n) + ']' * 50 for n in numbers)}]\n",
        file="a.yaml",
        size=250,
    ),
    text(
        "YAML: levels of blocks",
        lambda numbers: (
            HEAD + "".join(f"{' ' * (n % 50)}k{n}:\n" if n % 50 else f"k{n}:\n" for n in range(len(numbers)))
        ),
        file="a.yaml",
    ),
    text("YAML: tabs", lambda numbers: HEAD + "".join(f"k{n}:\t1\n" for n in numbers), file="a.yaml", size=4000),
    text(
        "YAML: JSON with comments in strings",
        lambda numbers: (
            '{"model": "gpt-4o", "x": " # reqlint: ignore[unknown-field] y", "messages": ['
            + ",\n".join(f'{{"role": "r{n}"}}' for n in numbers)
            + "]}"
        ),
        file="a.yaml",
        size=2500,
    ),
    text(
        "YAML: invalid at the end",
        lambda numbers: HEAD + "".join(f"k{n}: 1\n" for n in numbers) + "]\n",
        file="a.yaml",
        size=4000,
    ),
)
