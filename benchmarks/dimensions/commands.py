"""Many files, settings, baseline entries and own rules, judged by a command."""

import json
from collections.abc import Callable, Mapping, Sequence

from benchmarks.dimensions.kind import Dimension, hello
from benchmarks.dimensions.setting import Setting, run

_Files = Mapping[str, str]

_CONFIG = "reqlint.toml"
_ONE_BY_ONE = ("--jobs", "1", "--output-format", "concise", "-p", "openai")
_ISOLATED = ("check", "--isolated", *_ONE_BY_ONE)
_CHECK = ("check", *_ONE_BY_ONE)
_CREATE = ("baseline", "create", "-p", "openai", "--baseline", "b.json")
_BATCH = ', "method": "POST", "url": "/v1/chat/completions", "body": '


def _command(
    name: str,
    files: Callable[[range], _Files],
    arguments: Sequence[str] = (*_CHECK, "."),
    *,
    size: int = 2500,
    first: Sequence[str] = (),
) -> Dimension:
    """Return the dimension of a command in a folder with the *files* for some numbers; *first* is called before it."""
    return Dimension(f"command: {name}", lambda numbers: Setting(files(numbers), arguments, first), run, size=size)


def _wrong(numbers: range) -> str:
    return "\n".join(json.dumps(hello(n, **{f"f{n}": 1})) for n in numbers)


def _one_wrong(numbers: range) -> str:
    return json.dumps(hello(**{f"field{n}": n for n in numbers}))


def _batch(numbers: range, other: str = "") -> str:
    lines = [f'{{"custom_id": "r{n}"{_BATCH}{json.dumps(hello(n, **({"f": 1} if n % 2 else {})))}}}' for n in numbers]
    return "\n".join(lines + [line.replace("Hi", other) for line in lines if other])


def _each_file(numbers: range, more: _Files | None = None, **members: object) -> _Files:
    return {f"{n // 100}/{n}.json": json.dumps(hello(n, **members)) for n in numbers} | (dict(more) if more else {})


def _ignores(numbers: range) -> str:
    """Return tables for 20 of the numbers; a configuration has at most 1,000, and each is asked about each finding."""
    return "".join(
        f'[[ignore]]\nfiles = ["a.json"]\npointer = "/field{n}"\nrules = ["unknown-field"]\nreason = "r"\n\n'
        for n in numbers[:20]
    )


def _accepted(numbers: range, file: str) -> str:
    entries = [
        {"file": file.format(n), "rule": "unknown-field", "at": f"/f{n}", "fingerprint": f"{n:016x}"} for n in numbers
    ]
    return json.dumps({"version": 1, "tool": "reqlint", "findings": entries})


_RULE = """\
id: missing-m{n}
summary: A request without m{n}
subject: hygiene
at: /metadata
place: error
request:
  properties:
    metadata: {{type: object, required: [m{n}]}}
message: metadata has no m{n}
why: Every team has to say so, and the gateway counts it.
evidence:
- {{profile: "*", effect: discouraged, status: documented, url: "https://example.com/{n}", read: 2026-08-21}}
examples:
  bad: '{{"model": "gpt-4o", "messages": [{{"role": "user", "content": "Hi"}}], "metadata": «{{}}»}}'
  good: '{{"model": "gpt-4o", "messages": [{{"role": "user", "content": "Hi"}}], "metadata": {{"m{n}": "a"}}}}'
"""


def _rules(numbers: range) -> _Files:
    rules = {f"lint/rules/missing-m{n}.yaml": _RULE.format(n=n) for n in numbers}
    return {**rules, _CONFIG: 'rules = ["lint/rules"]\n', "a.json": json.dumps(hello(metadata={}))}


DIMENSIONS = (
    _command("files", _each_file, size=500),
    _command("files with a finding", lambda numbers: _each_file(numbers, n=0), size=500),
    _command(
        "folders in folders",
        lambda numbers: {"/".join(["d"] * (n % 60 + 1)) + f"/{n}.json": json.dumps(hello(n)) for n in numbers},
        size=250,
    ),
    _command(
        "folders with a configuration",
        lambda numbers: {
            name: text
            for n in numbers
            for name, text in ((f"{n}/a.json", json.dumps(hello(n, n=0))), (f"{n}/reqlint.toml", 'fail-on = "note"\n'))
        },
        size=250,
    ),
    _command(
        "lines of .gitignore",
        lambda numbers: {".gitignore": "".join(f"*.x{n}\n" for n in numbers), "a.json": json.dumps(hello(1))},
        size=10_000,
    ),
    _command(
        "lines of .gitignore with folders",
        lambda numbers: {".gitignore": "".join(f"/a{n}/**/b\n" for n in numbers), "a.json": json.dumps(hello(1))},
        size=4000,
    ),
    _command(
        "findings in files with [[ignore]]",
        lambda numbers: {_CONFIG: _ignores(numbers), "a.json": _one_wrong(numbers)},
        size=1000,
    ),
    _command(
        "files with [[expect]]",
        lambda numbers: _each_file(
            numbers,
            {_CONFIG: '[[expect]]\nfiles = ["**/*.json"]\nrules = ["unknown-role", "out-of-range"]\nreason = "r"\n'},
            n=0,
        ),
        size=500,
    ),
    _command("a baseline of lines, created", lambda numbers: {"a.jsonl": _wrong(numbers)}, (*_CREATE, "."), size=2500),
    _command(
        "a baseline of lines, compared",
        lambda numbers: {"a.jsonl": _wrong(numbers)},
        (*_CHECK, "--baseline", "b.json", "."),
        first=(*_CREATE, "."),
        size=2500,
    ),
    _command(
        "a baseline of one request, compared",
        lambda numbers: {"a.json": _one_wrong(numbers)},
        (*_CHECK, "--baseline", "b.json", "."),
        first=(*_CREATE, "."),
        size=2500,
    ),
    _command(
        "a baseline of files, compared",
        lambda numbers: _each_file(numbers, n=0),
        (*_CHECK, "--baseline", "b.json", "."),
        first=(*_CREATE, "."),
        size=250,
    ),
    _command(
        "a baseline whose entries are stale",
        lambda numbers: {"a.jsonl": json.dumps(hello(1)), "b.json": _accepted(numbers, "a.jsonl")},
        (*_CHECK, "--baseline", "b.json", "."),
        size=4000,
    ),
    _command(
        "a baseline of files that are gone",
        lambda numbers: {"a.jsonl": json.dumps(hello(1)), "b.json": _accepted(numbers, "gone/{}.json")},
        (*_CHECK, "--baseline", "b.json", "."),
        size=4000,
    ),
    _command(
        "a baseline, pruned",
        lambda numbers: {"a.jsonl": json.dumps(hello(1)), "b.json": _accepted(numbers, "a.jsonl")},
        ("baseline", "prune", "--baseline", "b.json", "."),
        size=4000,
    ),
    _command(
        "a baseline, audited",
        lambda numbers: {"a.jsonl": json.dumps(hello(1)), "b.json": _accepted(numbers, "a.jsonl")},
        ("baseline", "audit", "--baseline", "b.json", "."),
        size=4000,
    ),
    _command(
        "split: lines of which every other is wrong",
        lambda numbers: {"a.jsonl": _batch(numbers)},
        ("split", "-p", "openai", "a.jsonl", "--good", "good.jsonl", "--bad", "bad.jsonl"),
        size=4000,
    ),
    _command(
        "split: lines of ids that stand twice",
        lambda numbers: {"a.jsonl": _batch(numbers, "Ho")},
        ("split", "-p", "openai", "a.jsonl", "--good", "good.jsonl", "--bad", "bad.jsonl"),
        size=2500,
    ),
    _command(
        "split: broken lines",
        lambda numbers: {"a.jsonl": "".join(f'{{"a": {n},\n' for n in numbers)},
        ("split", "-p", "openai", "a.jsonl", "--good", "good.jsonl", "--bad", "bad.jsonl"),
        size=4000,
    ),
    _command("rules of a project", _rules, size=25),
    _command(
        "requests at pointers",
        lambda numbers: {
            _CONFIG: '[[per-file]]\nfiles = ["*.json"]\nextract = ["/cases/*/payload", "/**/request"]\n',
            "a.json": json.dumps({"cases": [{"payload": hello(n, n=0)} for n in numbers]}),
        },
        size=1000,
    ),
    _command(
        "requests in strings at pointers",
        lambda numbers: {
            _CONFIG: '[[per-file]]\nfiles = ["*.json"]\nextract = ["/cases/*/payload"]\n',
            "a.json": json.dumps({"cases": [{"payload": json.dumps(hello(n, n=0))} for n in numbers]}),
        },
        size=1000,
    ),
    _command(
        "a difference of lines",
        lambda numbers: {"a.jsonl": "\n".join(json.dumps(hello(n, max_token=5)) for n in numbers)},
        (*_ISOLATED, "--diff", "."),
        size=500,
    ),
    _command(
        "a difference in one request",
        lambda numbers: {
            "a.json": json.dumps(
                {"model": "gpt-4o", "messages": [{"role": "User", "content": str(n)} for n in numbers]}
            )
        },
        (*_ISOLATED, "--diff", "."),
        size=50,
    ),
    _command(
        "a difference in a stream",
        lambda numbers: {
            "a.yaml": "".join(
                f"---\nmodel: gpt-4o\nmessages: [{{role: user, content: Hi {n}}}]\nmax_token: 5\n" for n in numbers
            )
        },
        (*_ISOLATED, "--diff", "."),
        size=50,
    ),
)
