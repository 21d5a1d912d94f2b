"""Files as people and tools write them: JSON, JSON Lines, YAML and recordings in many layouts, and damaged bytes."""

# ruff: noqa: E501 - lists, read at a glance

import json
import random
import re
from typing import Any, NamedTuple

import yaml

from tests.strategies._requests import batch, examples, exchanges_of_nock, recording, request
from tests.strategies._tools import tool_list
from tests.support.traces import http, trace

_RULES = ("unknown-field", "wrong-type", "shape", "messages", "unknown-role", "no-such-rule", "")
_DAMAGE = (
    b"\0", b"\xff", b"\xc3", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xc0\xaf", b"\r", b"\n", b"\t", b"\\", b'"', b"'", b"{", b"}", b"[", b"]", b",",
    b":", b"#", b"\xe2\x80\xa8", b"\xc2\x85", b"\xc2\xa0", b"1e400", b"NaN", b"0x1F", b"007", b"+1", b".5", b"1_000", b"True", b"None", b"//",
    b"\\ud800", b"\\u0000", b"&a ", b"*a", b"<<: ", b"!!python/none ", b"---\n", b"- ", b"? ", b"|\n", b"%YAML 1.1\n", b"\x1b[31m", b"::error::",
    b"[" * 300,
)  # fmt: skip


class Written(NamedTuple):
    """A file: its bytes, and its name, which decides its form."""

    name: str
    data: bytes


def text(rng: random.Random, *, damaged: bool | None = None) -> Written:
    """Return a file of requests, lines or recorded exchanges; None for *damaged* leaves it to chance."""
    kind = rng.choice(
        (
            *("json", "json", "array", "jsonl", "batch", "examples", "yaml", "yaml", "stream"),
            *("recording", "recording", "nock", "trace", "tools"),
        )
    )
    if kind == "json":
        written = Written("request.json", as_json(rng, request(rng)))
    elif kind == "array":
        written = Written(
            "requests.json", as_json(rng, rng.choice((batch(rng), [request(rng) for _ in range(rng.randint(0, 3))])))
        )
    elif kind in ("jsonl", "batch", "examples"):
        lines = {
            "jsonl": [request(rng) for _ in range(rng.randint(0, 4))],
            "batch": batch(rng),
            "examples": examples(rng),
        }[kind]
        written = Written(f"{kind}.jsonl", as_lines(rng, lines))
    elif kind == "yaml":
        written = Written("request.yaml", as_yaml(rng, request(rng)))
    elif kind == "stream":
        written = Written("requests.yaml", b"---\n".join(as_yaml(rng, request(rng)) for _ in range(rng.randint(1, 3))))
    elif kind == "nock":
        written = Written("nock.json", as_json(rng, exchanges_of_nock(rng)))
    elif kind == "trace":
        written = Written("recorded.httprr", as_trace(rng, exchanges_of_nock(rng)))
    elif kind == "tools":
        value = tool_list(rng)
        written = rng.choice((Written("tools.json", as_json(rng, value)), Written("tools.yaml", as_yaml(rng, value))))
    else:
        form, value = recording(rng)
        if form == "har" or rng.random() < 0.3:
            written = Written("recorded.har" if form == "har" else "recorded.json", as_json(rng, value))
        else:
            written = Written("recorded.yaml", as_yaml(rng, value))
    if damaged is False or (damaged is None and rng.random() < 0.6):
        return written
    return written._replace(data=damage(rng, written.data))


def _bytes(written: str) -> bytes:
    return written.encode("utf-8", "replace")


def as_json(rng: random.Random, value: Any) -> bytes:
    """Return *value* as JSON in one of many layouts, some with a comment, a comma or a key too many."""
    ascii_only = rng.random() < 0.5
    written = json.dumps(
        value,
        indent=rng.choice((None, None, 1, 2, "\t")),
        ensure_ascii=ascii_only,
        separators=rng.choice((None, (",", ":"), (" , ", " : "))),
    )
    if rng.random() < 0.15:  # as other writers escape
        written = re.sub(
            r"[a-z/](?=[a-z]*\")", lambda found: rng.choice((found[0], f"\\u{ord(found[0]):04x}")), written
        )
    if rng.random() < 0.1:
        written = re.sub(r'("[a-z_]+"\s*:\s*)("[^"\\]*"|\d+|true)', r"\1\2, \1null", written, count=1)  # a key again
    if rng.random() < 0.08:
        written = re.sub(
            r"([}\]])\Z", rng.choice((r",\1", r"\1,", r"// the end\n\1", r"\1 # done", r"\1\n{}")), written
        )
    if rng.random() < 0.2:
        written += rng.choice(("\n", "\r\n", "\n\n", " "))
    if rng.random() < 0.15:
        written = written.replace("\n", "\r\n")
    return b"\xef\xbb\xbf" * (rng.random() < 0.05) + _bytes(written)


def as_lines(rng: random.Random, lines: list[Any]) -> bytes:
    """Return values as JSON Lines, with blank lines and line ends of any kind."""
    end = rng.choice(("\n", "\n", "\r\n"))
    written = [json.dumps(line, ensure_ascii=rng.random() < 0.5) for line in lines]
    if rng.random() < 0.2:
        written.insert(rng.randint(0, len(written)), rng.choice(("", "  ", "null", "[]", "{", '{"custom_id": "cut')))
    data = _bytes(end.join(written) + end * (rng.random() < 0.7))
    return b"\xef\xbb\xbf" * (rng.random() < 0.05) + data


def as_trace(rng: random.Random, exchanges: list[dict[str, Any]]) -> bytes:
    """Return exchanges as Go's httprr records them."""
    made = []
    for each in exchanges:
        body = json.loads(each["body"]) if isinstance(each["body"], str) else each["body"]
        host = each["scope"].removeprefix("https://")
        target = rng.choice((each["path"], each["scope"] + each["path"]))
        sent = http("POST", target, body, host=host, ascii_only=rng.random() < 0.5)
        made.append((sent, (each["status"], each["response"], rng.choice((b"", b"\n", b"\xff\xc3")))))
    return trace(*made)


class _Dumper(yaml.SafeDumper):
    """Writes long and broken texts as blocks, and an alias only for an object that repeats."""


def as_yaml(rng: random.Random, value: Any) -> bytes:
    """Return *value* as YAML: in block or flow style, with comments and scalars that readers disagree about."""
    value = json.loads(json.dumps(value))
    style = rng.choice((None, None, "|", ">", '"', "'"))

    class Dumper(_Dumper):
        pass

    def written_string(dumper: yaml.SafeDumper, said: str) -> yaml.Node:
        block = style if ("\n" in said or style in ('"', "'") or said.startswith("{")) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", said, style=block)

    Dumper.add_representer(str, written_string)
    written = yaml.dump(
        value, Dumper=Dumper, sort_keys=False, allow_unicode=rng.random() < 0.6, default_flow_style=rng.choice((False, False, None, True)),
        width=rng.choice((20, 80, 10_000)), indent=rng.choice((2, 4)), line_break=rng.choice((None, None, "\r\n")),
    )  # fmt: skip
    lines = written.split("\n")
    for _ in range(rng.choice((0, 0, 1, 2))):
        at = rng.randrange(len(lines))
        comment = rng.choice(
            (
                "# as recorded",
                f"# reqlint: ignore[{rng.choice(_RULES)}] it is so",
                "# reqlint: ignore",
                "#reqlint: ignore[shape]",
            )
        )
        if rng.random() < 0.5 and lines[at].strip():
            lines[at] += f"  {comment}"
        else:
            indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
            lines.insert(at, indent + comment)
    written = "\n".join(lines)
    if rng.random() < 0.15:
        plain = rng.choice(
            (
                "yes",
                "no",
                "010",
                "12:30:45",
                "2026-01-01",
                "0x1F",
                "~",
                ".inf",
                "1_000",
                "&a b",
                "*a",
                "!!str 1",
                "1e400",
                "<<",
            )
        )
        written = re.sub(r"(?<=: )[A-Za-z0-9.-]+$", plain, written, count=rng.choice((1, 1, 2)), flags=re.M)
    if rng.random() < 0.06:
        written = "base: &base {temperature: 1}\n<<: *base\n" + written
    if rng.random() < 0.03:
        written += "".join(
            f"a{i}: &a{i} [{', '.join([f'*a{i - 1}' if i else 'x'] * 9)}]\n" for i in range(8)
        )  # an alias bomb
    if rng.random() < 0.1:
        written = rng.choice(("---\n", "%YAML 1.2\n---\n", "\ufeff")) + written + rng.choice(("", "...\n", "---\n"))
    return _bytes(written)


def damage(rng: random.Random, data: bytes) -> bytes:
    """Return damaged bytes: cut off, removed, inserted, changed or doubled."""
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        at = rng.randint(0, len(data))
        end = min(len(data), at + rng.choice((1, 1, 2, 5, 30)))
        change = rng.randrange(6)
        if change == 0:
            data = data[:at]
        elif change == 1:
            data = data[:at] + data[end:]
        elif change == 2:
            data = data[:at] + rng.choice(_DAMAGE) + data[at:]
        elif change == 3:
            data = data[:at] + rng.choice(_DAMAGE) + data[end:]
        elif change == 4:
            data = data[:end] + data[at:end] + data[end:]
        elif at < len(data):
            data = data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]
    return data
