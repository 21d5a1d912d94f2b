"""
Run every command, option and format on a project that has an address wherever an address can be.

``python -m tests.support.everything FOLDER`` runs the commands in FOLDER one after the other, each in a process of its
own, and prints their results as JSON. ``REQLINT_TEST_STARTUP`` names a folder that these processes import from first.
"""

import gzip
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from reqlint.reporters import FORMATS

ROOT = Path(__file__).parents[2]
REMOTE = "http://127.0.0.1:9/asked"  # port 9 is the discard port, on which nothing listens
CLOSED = REMOTE.replace("http:", "https:")
NAMED = "https://remote.example/asked"
HIDDEN = "elsewhere.json"  #: name of a file that the project refers to and that must never be opened


class Result(NamedTuple):
    """The result of a command, without times and other parts that differ between runs."""

    words: str
    code: int
    out: str
    err: str


class Call(NamedTuple):
    """A command and its expected exit code."""

    code: int
    words: str
    given: str = ""
    environment: tuple[tuple[str, str], ...] = ()
    folder: str = "."


def _schema(where: str) -> dict[str, Any]:
    return {
        "$schema": where,
        "$id": where,
        "type": "object",
        "properties": {
            "a": {"$ref": where},
            "b": {"$ref": f"{where}#/$defs/x"},
            "c": {"$dynamicRef": where},
            "d": {"type": "strin", "$ref": f"file:///{HIDDEN}"},
        },
    }


def _request(where: str, model: str = "qwen-vl-plus") -> dict[str, Any]:
    content = [
        {"type": "text", "text": f"See {where} and ![picture]({where})"},
        {"type": "image_url", "image_url": {"url": where, "detail": where}},
        {"type": "video_url", "video_url": {"url": where}},
        {"type": "input_audio", "input_audio": {"data": where, "format": "wav"}},
        {"type": "file", "file": {"file_data": where, "filename": where}},
    ]
    function = {"name": "a", "description": where, "parameters": _schema(where)}
    return {
        "model": model,
        "messages": [{"role": "user", "content": content}, {"role": "tool", "content": where, "tool_call_id": where}],
        "tools": [{"type": "function", "function": {**function, "strict": True}}, {"type": "mcp", "server_url": where}],
        "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": _schema(where)}},
        "metadata": {"webhook": where},
        "base_url": where,
        "max_token": 5,
    }


def _line(number: int, where: str, **body: object) -> str:
    return json.dumps({"custom_id": str(number), "method": "POST", "url": where, "body": body}) + "\n"


_HI = [{"role": "user", "content": "Hi"}]
_GOOD = {"model": "gpt-4o-mini", "messages": _HI}
_PROFILE = f"""
name: NAME
title: A gateway
extends: openai
source: {{url: "{CLOSED}", read: 2026-08-21}}
endpoints: ["{CLOSED}"]
models: ["acme-*"]
errors: []
settings: {{metadata-without-store: "off"}}
"""
_RULE = f"""
id: ID
summary: A request that no cost center pays for
subject: hygiene
at: /metadata
place: error
request:
  $schema: https://json-schema.org/draft/2020-12/schema
  description: see {REMOTE}
  properties:
    metadata: METADATA
message: metadata has no cost_center
help: see {REMOTE}
why: >-
  The gateway at {REMOTE} books every request on the cost center in its metadata, and on the platform team's where there
  is none. It is left out in fixtures that are older than the gateway.
evidence:
  - profile: PROFILE
    effect: altered
    status: documented
    read: 2026-08-21
    url: "{NAMED}"
    says: requests without a cost center are booked on the platform team
examples:
  - bad: '{{"model": "acme-1", "messages": [{{"role": "user", "content": "Hi"}}], "metadata": «{{"a": "b"}}»}}'
    good: '{{"model": "acme-1", "messages": [{{"role": "user", "content": "Hi"}}], "metadata": {{"cost_center": "1"}}}}'
"""
_CASSETTE = f"""
interactions:
- request:
    body: '{{"model": "gpt-4o-mini", "messages": [{{"role": "user", "content": "{REMOTE}"}}], "stop_sequences": ["E"]}}'
    headers: {{host: [remote.example], proxy: ["{REMOTE}"]}}
    method: POST
    uri: {REMOTE}/v1/chat/completions
  response:
    body: {{string: '{{"error": {{"message": "see {REMOTE}", "type": "invalid_request_error"}}}}', file: "{REMOTE}"}}
    headers: {{location: ["{REMOTE}"]}}
    status: {{code: 400, message: Bad Request}}
version: 1
"""
_HAR = {
    "log": {
        "version": "1.2",
        "creator": {"name": REMOTE, "version": "1"},
        "entries": [
            {
                "request": {
                    "method": "POST",
                    "url": f"{REMOTE}/v1/chat/completions",
                    "postData": {"mimeType": "application/json", "text": json.dumps({**_GOOD, "top_logprobs": 3})},
                },
                "response": {"status": 400, "redirectURL": REMOTE, "content": {"text": "{}"}},
            }
        ],
    }
}
_YAML = f"""
$schema: {REMOTE}
model: &model gpt-4o-mini
messages:
  - {{role: user, content: "{REMOTE}"}}
extra_body: {{<<: {{a: {REMOTE}}}, b: !include {REMOTE}}}
---
!!python/object/apply:os.system ["echo {REMOTE}"]
---
!<tag:yaml.org,2002:python/object/new:urllib.request.urlopen> ["{REMOTE}"]
"""


_TOOL = {"type": "object", "properties": {"at": {"const": REMOTE, "format": "uri"}}, "$schema": REMOTE}


def write_project(folder: Path, hidden: Path) -> None:
    """Write the project to the new *folder*, and the file *hidden* that the project only refers to."""
    hidden.write_text('{"type": "object"}', "utf-8")
    local = hidden.as_uri()
    metadata = '{type: object, required: [cost_center], $ref: "#/$defs/a"}\n  $defs: {a: {}}'
    texts: dict[str, str] = {
        ".git/config": f"[remote]\n\turl = {REMOTE}\n",
        "requests/remote.json": json.dumps(_request(REMOTE)),
        "requests/named.json": json.dumps(_request(NAMED, "gpt-4o")),
        "requests/local.json": json.dumps(_request(local, "acme-1")),
        "requests/several.yaml": _YAML.lstrip(),
        "requests/broken.json": json.dumps(_request(REMOTE))[:-1],
        "requests/fix.json": json.dumps(
            {"model": "gpt-4o-mini", "messages": _HI, "user": REMOTE, "n": "3", "stopp": [REMOTE]}
        ),
        "requests/extra.txt": json.dumps(_request(REMOTE)),
        "exchanges/one.yaml": _CASSETTE.lstrip(),
        "exchanges/two.har": json.dumps(_HAR),
        "batch.jsonl": "".join(
            _line(number, where, **body)
            for number, (where, body) in enumerate(
                [(REMOTE, _request(REMOTE)), ("/v1/chat/completions", _GOOD), ("/v1/chat/completions", {"n": REMOTE})]
            )
        ),
        "train.jsonl": json.dumps({"messages": [*_HI, {"role": "assistant", "content": REMOTE}]}) + "\n",
        "lint/rules/no-cost-center.yaml": _RULE.lstrip()
        .replace("ID", "no-cost-center")
        .replace("METADATA", metadata)
        .replace("PROFILE", "acme"),
        "lint/profiles/acme/profile.yaml": _PROFILE.lstrip().replace("NAME", "acme"),
        "lint/profiles/acme/delta.yaml": f'properties: {{trace: {{type: string, description: "{REMOTE}"}}}}\n',
        "reqlint.toml": f'# {REMOTE}\nrules = ["lint/rules"]\nprofiles = ["lint/profiles"]\nexclude = ["many/**"]\n',
        "lint/schema.json": json.dumps({"type": "object", "properties": {"at": {"$ref": REMOTE}}, "$id": REMOTE}),
        "lint/tools.json": json.dumps([{"name": "a", "description": REMOTE, "inputSchema": _TOOL}]),
        "base.toml": 'exclude = ["many/**"]\n',
        "fresh/pyproject.toml": f'[project]\nname = "x"\nurls = {{a = "{REMOTE}"}}\n',
        "empty/.keep": "",
    }
    # References that a project's rule or profile could ask reqlint to fetch, each in its own folder.
    for name, reference in (
        ("remote", REMOTE),
        ("named", NAMED),
        ("local", local),
        ("beside", f"../../../../{HIDDEN}"),
    ):
        texts[f"evil/{name}/rules/{name}-rule.yaml"] = (
            _RULE.lstrip()
            .replace("ID", f"{name}-rule")
            .replace("METADATA", f'{{$ref: "{reference}"}}')
            .replace("PROFILE", "openai")
        )
        texts[f"evil/{name}/rule.toml"] = 'rules = ["rules"]\n'
        texts[f"evil/{name}/profile.toml"] = 'profile = "evil"\nprofiles = ["profiles"]\n'
        texts[f"evil/{name}/profiles/evil/profile.yaml"] = _PROFILE.lstrip().replace("NAME", "evil")
        texts[f"evil/{name}/profiles/evil/request.json"] = json.dumps(
            {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "$id": reference,
                "type": "object",
                "properties": {"model": {"$ref": reference}, "messages": {"type": "array"}},
            }
        )
        texts[f"evil/{name}/extends.toml"] = f'profile = "{reference}"\nrules = ["{reference}"]\n'
    for number in range(260):  # enough files for several processes
        texts[f"many/{number}.json"] = json.dumps({**_GOOD, "user": REMOTE})
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    # Long enough to be split into chunks for several processes.
    wide = {**_GOOD, "messages": [{"role": "user", "content": f"{REMOTE} " * 100}]}
    long = "".join(_line(number, "/v1/chat/completions", **wide) for number in range(2_000))
    (folder / "many" / "long.jsonl").write_text(long, "utf-8")
    (folder / "batch.jsonl.gz").write_bytes(gzip.compress((folder / "batch.jsonl").read_bytes(), mtime=0))
    (folder / "batch.jsonl.zst").write_bytes(_STORED)


_STORED = bytes.fromhex("28b52ffd0458910000") + b'{"messages": 1}\r\n\n\n' + bytes(4)

_LISTED = [{"name": "at", "title": REMOTE, "inputSchema": {"type": "object", "properties": {"at": {"$ref": REMOTE}}}}]

_CHECK = [
    Call(1, "check --no-progress ."),
    Call(1, "check -v --color always --max-per-rule 0 --show-values requests"),
    Call(1, "check -q -p auto --as auto requests/named.json requests/local.json exchanges batch.jsonl"),
    Call(1, f"check -p openai {' '.join(f'--output-format {form}:all.{form}' for form in FORMATS)} requests exchanges"),
    Call(1, "check -p openai --output-format json requests batch.jsonl exchanges/two.har"),
    Call(1, "check -j 2 --isolated --output-format concise --output-format sarif:all.sarif --statistics ."),
    Call(1, "check --jobs 2 --isolated --output-format json -p auto many batch.jsonl"),
    *(
        Call(code, f"check --as {kind} --config base.toml --fail-on note {path}")
        for code, kind, path in (
            (1, "request", "requests/remote.json"),
            (1, "batch", "batch.jsonl"),
            (1, "finetune", "train.jsonl"),
            (0, "cassette", "exchanges/one.yaml"),  # the finding explains the recorded refusal
            (0, "har", "exchanges/two.har"),
            (3, "exchange", "exchanges/one.yaml"),
            (3, "nock", "exchanges/one.yaml"),
            (1, "tools", "requests/remote.json"),
            (0, "schema", "lint/schema.json"),
        )
    ),
    Call(1, "check -p acme --select no-cost-center --fail-on warning requests/local.json"),
    Call(1, "check -p acme --ignore hygiene requests/local.json"),
    Call(1, "check --fail-on-refusals exchanges"),
    *(
        Call(code, f"check --evidence {status} --docs-url {REMOTE}/{{rule}} requests/local.json")
        for status, code in (("measured", 0), ("documented", 1), ("observed", 1), ("inferred", 1))
    ),
    Call(1, "check --isolated batch.jsonl.gz batch.jsonl.zst"),
    Call(1, f"check --stdin-filename {NAMED}/x.json -", json.dumps(_request(REMOTE))),
    Call(1, "check -", _line(1, "/v1/chat/completions", **_request(REMOTE))),
    Call(1, f"check {REMOTE} {NAMED} file:///{HIDDEN}"),
    Call(0, "check --exit-zero --allow-empty --requests-only --force-exclude . empty"),
    Call(0, "check --show-settings requests"),
    Call(2, f"check --config {REMOTE} requests"),
    Call(2, f"check --baseline {REMOTE} requests"),
    Call(2, f"check -p {NAMED} requests"),
    Call(2, f"check --output-format sarif:{REMOTE} requests"),
    Call(2, "check --output-format sarif:missing/x.sarif requests --traceback"),
]
_OTHERS = [
    Call(0, "--version"),
    Call(0, "--help"),
    Call(0, "baseline create --no-progress --config base.toml --baseline base.json -p openai --ignore files requests"),
    Call(0, "baseline create --force --config base.toml --baseline base.json --select messages requests batch.jsonl"),
    Call(1, "check --isolated --baseline base.json requests"),
    Call(0, "baseline audit --no-progress --config base.toml --baseline base.json requests"),
    Call(0, "baseline prune --no-progress --config base.toml --baseline base.json requests"),
    Call(2, f"probe --server {NAMED} -p openai --count 3 --seed 2 --model m --output-format json"),
    Call(
        2,
        f"probe --server {NAMED} --profile openai --yes-send --key-from NOT_SET --limit-key max_completion_tokens"
        " --timeout 5 --pairs pairs.jsonl --force --fail-under 90",
    ),
    Call(
        2,
        f"lsp --stdio -p {NAMED} --select wrong-type --ignore unknown-field --config base.toml --isolated"
        f" --docs-url {NAMED}",
    ),  # it speaks with an editor until that ends; here its address of pages is none
    Call(0, "audit --no-progress exchanges"),
    Call(0, "audit -p openai --as cassette --output-format json exchanges/one.yaml"),
    Call(0, "audit -p auto --as har exchanges/two.har"),
    Call(3, "audit --as exchange batch.jsonl"),
    Call(3, "audit --as nock batch.jsonl"),
    Call(1, "check --diff --unsafe-fixes requests/fix.json"),
    Call(1, "check --show-fixes requests/fix.json"),
    Call(1, "check --fix --exit-non-zero-on-fix requests"),
    Call(1, "check --fix --unsafe-fixes -", json.dumps(_request(REMOTE))),
    Call(1, "compat --isolated --no-progress --require gemini,openai --diff --unsafe-fixes lint/tools.json"),
    Call(0, "compat --isolated --require gemini,openai --fix --unsafe-fixes lint/tools.json"),
    Call(1, "compat --isolated --require gemini --fix -", json.dumps([{"name": "a", "inputSchema": _TOOL}])),
    Call(1, "split batch.jsonl --good good.jsonl --bad bad.jsonl -p openai --isolated --fail-on warning --as batch"),
    Call(1, "split batch.jsonl --good g --bad b --config base.toml --select shape --ignore tools -q --fail-on note"),
    *(Call(1, f"split batch.jsonl --good g --bad b --as {kind}") for kind in ("request", "finetune")),
    Call(3, "split batch.jsonl --good g --bad b --as exchange"),
    Call(1, "split batch.jsonl --good g --bad b --chunk --chunk-lines 2 --chunk-megabytes 1 --fix -j 2 --no-progress"),
    Call(1, "why exchanges/one.yaml --color always"),
    Call(1, "why --answer - -p openai --isolated requests/local.json", f"Error code: 400 - {REMOTE} {NAMED}"),
    Call(
        1, "why --answer - --config base.toml --show-values --output-format json requests/local.json", "400 Bad Request"
    ),
    Call(0, "explain --all"),
    Call(0, "explain -", json.dumps({"error": {"message": f"array schema missing items in {REMOTE}"}})),
    Call(0, "rules tool_choice"),
    Call(0, "explain -p openai unknown-role"),
    *(Call(0, f"explain no-cost-center unknown-role --output-format {form}") for form in ("text", "markdown", "json")),
    *(Call(0, f"rules -p acme --output-format {form}") for form in ("text", "markdown", "json")),
    Call(0, "rules --test"),
    *(Call(0, f"profiles acme --output-format {form}") for form in ("text", "markdown", "json")),
    Call(0, "profiles"),
    Call(0, "schema acme"),
    Call(0, "init -p openai --pyproject -q", folder="fresh"),
    Call(0, "init", folder="empty"),
    *(Call(0, f"completion {shell}") for shell in ("bash", "zsh", "fish")),
    Call(
        0, "", "", (("_REQLINT_COMPLETE", "bash_complete"), ("COMP_WORDS", "reqlint check -p q"), ("COMP_CWORD", "3"))
    ),
]
_COMPAT = [
    Call(
        0, "compat --config base.toml --as tools -v --color always --max-per-rule 0 --show-values requests/remote.json"
    ),
    Call(1, "compat -q --isolated -p openai,gemini --require openai --fail-on warning --as tools requests/remote.json"),
    Call(
        0,
        "compat --isolated --require gemini --fail-on note --select tools --ignore shape --as tools exchanges/two.har",
    ),
    *(
        Call(0, f"compat --isolated --output-format {form}:compat.{form} --as schema --together lint/schema.json")
        for form in ("human", "markdown", "json", "sarif")
    ),
    Call(0, "compat --isolated --jobs 2 --as request requests/remote.json"),
    Call(0, "compat --isolated --prefix mcp__{file}__ --stdin-filename x.json -", json.dumps(_LISTED)),
    Call(0, "compat --isolated --tools-only requests/named.json"),
    Call(0, "compat --isolated --allow-empty empty"),
    *(
        Call(0, f"compat --isolated --write {form} -", json.dumps(_LISTED))
        for form in ("openai", "responses", "anthropic", "gemini", "bedrock", "mcp")
    ),
    Call(2, "compat --isolated --write mcp requests/remote.json"),
    Call(2, "compat --mcp-stdio '' --mcp-timeout 5"),  # the one option that starts a program, and here there is none
]
_EVIL = [
    Call(2, f"check --config evil/{name}/{kind}.toml requests/remote.json", "", (("REQLINT_ENGINE", engine),))
    for name, kind, engine in (
        ("remote", "rule", "reference"),
        ("remote", "profile", "reference"),
        ("remote", "rule", "accelerated"),
        ("remote", "extends", "reference"),
        ("named", "profile", "accelerated"),
        ("local", "rule", "reference"),
        ("local", "profile", "accelerated"),
        ("beside", "rule", "reference"),
    )
]
_ENGINES = [
    Call(1, "check --isolated -p auto requests batch.jsonl exchanges", "", (("REQLINT_ENGINE", "reference"),)),
    Call(1, "check -p acme requests", "", (("REQLINT_ENGINE", "reference"),)),
]
CALLS = [*_CHECK, *_OTHERS, *_COMPAT, *_EVIL, *_ENGINES]

LIBRARY = f"""
import json, pickle, threading
from pathlib import Path
from reqlint import Linter, check, ensure_valid, is_valid, InvalidRequest
from reqlint.run.linter import Linter
from reqlint.run.parallel import WorkerPool
from reqlint.run.task import Task
from reqlint.text.sources import Source

def main():
    request = json.loads(Path("requests/remote.json").read_text())
    results = []
    for name in ("gptproto-qwen", "openai", "dashscope", "acme"):
        linter = Linter(name, rules=["lint/rules"], profiles=["lint/profiles"])
        results += [(f.rule, f.pointer, f.message) for f in pickle.loads(pickle.dumps(linter)).check(request)]
        results += [f.rule for f in linter.check_text(json.dumps(request), source="{REMOTE}").findings]
        for path in sorted(Path("requests").iterdir()):
            results += [(f.rule, f.pointer) for f in linter.check_file(path).findings]
    results += [f.rule for f in check(request)] + [is_valid(request, profile="openai")]
    try:
        ensure_valid(request)
    except InvalidRequest as refused:
        results.append(str(refused))
    # With another thread the workers are spawned, not forked.
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait)
    thread.start()
    sources = [Source(str(path), path, None) for path in sorted(Path("many").iterdir())]
    with WorkerPool([Task(Linter("openai"), source) for source in sources], 2) as crew:
        assert crew.is_parallel
        results += [len(outcome.findings) for outcome in crew.outcomes()]
    ended.set()
    thread.join()
    print(json.dumps(results))

if __name__ == "__main__":
    main()
"""


def run_all(folder: Path) -> Iterator[Result]:
    """Run every command, and then the library, on the project in *folder*, and yield the results."""
    library = folder.parent / "library.py"
    library.write_text(LIBRARY, "utf-8")
    around = {key: value for key, value in os.environ.items() if not key.startswith(("REQLINT_", "GITHUB_"))}
    around["PYTHONPATH"] = os.pathsep.join(filter(None, [os.environ.get("REQLINT_TEST_STARTUP"), str(ROOT)]))
    for call in [*CALLS, None]:
        words = ["-m", "reqlint", *shlex.split(call.words)] if call else [str(library)]
        run = subprocess.run(
            [sys.executable, *words],
            cwd=folder / (call.folder if call else ""),
            env={**around, "COLUMNS": "100", **dict(call.environment if call else ())},
            input=call.given if call else "",
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        yield Result(shlex.join(words), run.returncode, without_times(run.stdout), without_times(run.stderr))


def without_times(text: str) -> str:
    """Replace durations in *text* by …."""
    return re.sub(r"\d+\.\d\d s\b|(?<= time=\")[\d.]+", "…", text)


if __name__ == "__main__":
    print(json.dumps([result._asdict() for result in run_all(Path(sys.argv[1]))]))
