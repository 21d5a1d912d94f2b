"""Credentials of every kind, planted in every place, appear in nothing that reqlint writes."""

import json
import logging
import re
import traceback
from base64 import b64encode
from hashlib import sha512
from pathlib import Path
from random import Random
from re._parser import parse
from time import process_time
from typing import Any

import httpx
import pytest

from reqlint import InvalidRequest, Linter, ensure_valid
from reqlint.display import credential_search
from reqlint.display.credential_forms import FORMS as PATTERNS
from reqlint.display.credential_names import is_credential_key
from reqlint.display.credentials import mask, mask_path, mask_values
from reqlint.display.escaping import sanitize
from reqlint.integrations import httpx as httpx_guard
from reqlint.reporters import FORMATS
from tests.hostile.test_output import reports
from tests.support.planted import FORMS, NAMES, Secret, by_form, by_name, find_leaks, of_form
from tests.support.scratch import Outcome, Scratch
from tests.support.timing import Stopwatch
from tests.support.traces import http, trace

FORMED = list(by_form(Random(20260821)))  # noqa: S311 - the same in every run, so that a failure can be repeated
NAMED = list(by_name(Random(20260822)))  # noqa: S311 - likewise
ALL = [*FORMED, *NAMED]
USER = {"role": "user", "content": "Hi"}


def request_with(secret: Secret) -> dict[str, Any]:
    """Return a request with the credential wherever a string can be, and with a finding in most of these places."""
    text = secret.text
    schema = {
        "type": "strng",
        "description": text,
        "enum": [text, text],
        "default": text,
        "const": text,
        "examples": [text],
        "pattern": text,
        "properties": {text: {"type": text}},
        "required": [text],
    }
    call = {"id": text, "type": text, "function": {"name": text, "arguments": json.dumps({"key": text})}}
    return {
        "model": text,
        "messages": [
            {"role": "user", "content": f"My key is {text} and it fails", "name": text},
            {"role": text, "content": text},
            {"role": "user", "content": [{"type": text, "text": text}, {"type": "text", "text": text, text: text}]},
            {"role": "user", "content": [{"type": "image_url", "image_url": {"url": f"http://h.example/{text}?a={text}"}}]},
            {"role": "assistant", "content": None, "tool_calls": [call, call]},
            {"role": "tool", "tool_call_id": text, "content": json.dumps({"body": json.dumps({"inner": text})})},
            {"role": "tool", "tool_call_id": text + "-x", "content": text},
        ],
        "tools": [  # the first with everything wrong
            {"type": text, "function": {"name": text, "description": text, "parameters": schema, "strict": True}},
            {"type": "function", "function": {"name": text, "parameters": {"properties": {"a": schema}}}},
        ],
        "tool_choice": {"type": "function", "function": {"name": text + "-y"}},
        "response_format": {"type": text},
        "temprature": text,
        "temperature": text,
        "n": text,
        "stop": [text] * 6,
        "metadata": {text: text},
        "user": text,
        text: text,
        f"api_key_{text}": {"a": text},
    }  # fmt: skip


def request_naming(secret: Secret) -> dict[str, Any]:
    """Return a request with the credential beside its name, and with findings around it."""
    name, text = secret.kind, secret.text
    return {
        "model": "qwen-plus",
        name: text,
        "messages": [
            USER | {name: text},
            {"role": "user", "content": f"{name}={text}"},
            {"role": "user", "content": f'curl -H "{name}: {text}" and {{"{name}": "{text}"}}'},
            {"role": "assistant", "content": "", "tool_calls": [
                {"id": "1", "type": "function", "function": {"name": "f", "arguments": json.dumps({name: text})}}]},
        ],
        "metadata": {name: text, "other": {name: [text, text]}},
        "extra": {name: {"a": 1}},
        "temprature": 1,
        "n": {name: text},
    }  # fmt: skip


def planted(scratch: Scratch, folder: str = "") -> None:
    """Write files of every form that hold every credential in every place, into a folder whose name ends in a slash."""
    requests = [*map(request_with, FORMED), *map(request_naming, NAMED)]
    batch = []
    for number, (secret, body) in enumerate(zip(ALL, requests, strict=True)):
        line = {
            "custom_id": secret.text if number < len(FORMED) else "a",
            "method": "POST",
            "url": "/v1/chat/completions",
            "body": body,
        }
        short = {"model": "m", "messages": [USER], "temprature": 1}  # the line before has the credential in its body
        batch += [line, line | {"url": f"https://h.example/{FORMED[number % len(FORMED)].text}", "body": short}]
    scratch.write(f"{folder}batch.jsonl", batch)
    for number, body in list(enumerate(requests))[::12]:
        scratch.write(f"{folder}requests/{number}.json", json.dumps(body, indent=2 if number % 2 else None))
    # What the readers refuse, as near to the credential as can be.
    broken = []
    for secret in FORMED:
        quoted = json.dumps(secret.text)
        bare = secret.text.replace("\n", " ")
        broken += [
            f'{{"model": {bare}}}',
            f'{{"model": {quoted} {quoted}}}',
            f'{{"model": {quoted[:-1]}\\x"}}',
            f'{{"model": {quoted[:-1]}',
            f'{{{quoted}: 1, {quoted}: 2, "messages": []}}',
            f'{{"custom_id": {quoted}, "body": {{"model" {quoted}}}}}',
            f'{{"model": NaN, "messages": {quoted}}} {bare}',
            f"{{'model': '{bare}'}}",
            f"// {bare}",
        ]
    broken += [f'{{"{s.kind}": "{s.text}" "{s.kind}": "{s.text}"}}' for s in NAMED]
    broken += [f'{{"{s.kind}": "{s.text}\\x", "model": NaN}}' for s in NAMED]
    scratch.write(f"{folder}broken.jsonl", "\n".join(broken) + "\n")
    for number, secret in enumerate(FORMED):
        bare = secret.text.replace("\n", " ")
        scratch.write(
            f"{folder}yaml/{number}.yaml",
            f"# reqlint: ignore[{bare}] {bare}\nmodel: {json.dumps(secret.text)} # {bare}\n"
            f"messages: # reqlint: {bare}\n"
            f"- role: user  # reqlint: ignore[unknown-field] {bare}\n  content: no\n  {json.dumps(secret.text)}: 010\n"
            f"temprature: {json.dumps(bare)}\n'{bare}': yes\nn: '{bare}'\n",
        )
        scratch.write(f"{folder}yaml/broken-{number}.yaml", f"model: {bare}\nmessages: [{bare}\n")
        if secret.kind in ("bearer", "basic"):  # an anchor takes no blank, and without the word before it has no form
            continue
        scratch.write(
            f"{folder}yaml/anchor-{number}.yaml", f"model: &{bare.split()[-1]} x\nmessages: *{bare.split()[-1]}-b\n"
        )
        scratch.write(f"{folder}yaml/tag-{number}.yaml", f"model: !{bare.split()[-1]} x\nmessages: []\n")
    for number, secret in enumerate(NAMED):
        scratch.write(
            f"{folder}yaml/named-{number}.yaml",
            f"model: m\nmessages: []\n{secret.kind}: {secret.text}\nextra: {{{secret.kind}: {secret.text}, no: 1}}\n"
            f"{secret.kind}: '{secret.text}'\n",
        )
    recorded = [
        {"request": {
            "method": "POST",
            "uri": f"https://api.example.com/v1/chat/completions?sig={NAMED[number % len(NAMED)].text}&a={secret.text}",
            "headers": {NAMED[number % len(NAMED)].kind: [NAMED[number % len(NAMED)].text], "x": [secret.text]},
            "body": {"string": json.dumps(request_with(secret))},
        }, "response": {"status": {"code": 400}, "headers": {}, "body": {"string": json.dumps(
            {"error": {"code": secret.text, "param": secret.text, "message": secret.text}})}}}
        for number, secret in enumerate(FORMED[::20])
    ]  # fmt: skip
    scratch.write(f"{folder}cassette.yaml", json.dumps({"interactions": recorded, "version": 1}))
    headers = [{"name": secret.kind, "value": secret.text} for secret in NAMED]
    entries = [
        {"request": {
            "method": "POST", "url": each["request"]["uri"], "headers": headers,
            "postData": {"mimeType": "application/json", "text": each["request"]["body"]["string"]},
        }, "response": {"status": 400, "content": {"text": each["response"]["body"]["string"]}}}
        for each in recorded
    ]  # fmt: skip
    scratch.write(f"{folder}recorded.har", {"log": {"entries": entries}})
    query = [each["request"]["uri"].partition("?")[2].replace("\n", "") for each in recorded]
    nock = [
        {
            "scope": "https://api.example.com:443",
            "method": "POST",
            "path": f"/v1/chat/completions?{asked}",
            "body": json.loads(each["request"]["body"]["string"]),
            "status": 401,
            "reqheaders": {secret.kind: secret.text for secret in NAMED},
            "rawHeaders": [text for secret in NAMED for text in (secret.kind, secret.text)],
            "response": json.loads(each["response"]["body"]["string"]),
        }
        for each, asked in zip(recorded, query, strict=True)
    ]
    scratch.write(f"{folder}nock.json", nock)
    failure = f"401 {FORMED[0].text}"
    logged = [{"payload": each["body"], "headers": each["reqheaders"], "error": failure} for each in nock]
    scratch.write(f"{folder}logged.jsonl", logged)
    sent = []
    for each, secret in zip(nock, FORMED, strict=False):
        target, headers = f"{each['scope']}{each['path']}", {"Authorization": secret.text, "Cookie": secret.text}
        sent.append((http("POST", target, each["body"], **headers), (401, each["response"])))
    (scratch.folder / folder / "TestChat.httprr").write_bytes(
        trace(*sent) + b"Authorization: " + FORMED[1].text.encode()
    )
    scratch.write(f"{folder}pair/request.json", request_with(FORMED[2]))
    scratch.write(
        f"{folder}pair/response.json", {"error": {"code": FORMED[2].text, "param": FORMED[2].text, "type": "x"}}
    )


@pytest.fixture
def garden(scratch: Scratch) -> Scratch:
    """Return a project with credentials planted in all kinds of files."""
    planted(scratch)
    return scratch


_FILES = tuple(option for form in FORMATS if form != "human" for option in ("--output-format", f"{form}:../{form}.out"))
"""Every format in a file of its own, beside the folder that is checked."""
_VALUES = ("--show-values", "--output-format", "json:../json.out", "--output-format", "sarif:../sarif.out")
_RUNS = {
    "every format": (*_FILES, "--output-format", "human", "--max-per-rule", "2"),
    "colour, values": ("--output-format", "human", "--color", "always", "-v", "--max-per-rule", "9", *_VALUES),
    "fixes": ("--show-fixes", "--unsafe-fixes", "--max-per-rule", "0", "--show-values"),
    "statistics": ("--statistics", "--output-format", "json"),
}


def outputs(scratch: Scratch, monkeypatch: pytest.MonkeyPatch, run: str, *paths: str) -> dict[str, str]:
    """Check files in one of the runs; return what it wrote, by the format, and what it printed."""
    (scratch.folder / "checked").mkdir(exist_ok=True)
    monkeypatch.chdir(scratch.folder / "checked")
    summary = scratch.folder / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    done = scratch.run("check", *paths, "--fail-on", "note", "-p", "openai", "--jobs", "1", *_RUNS[run])
    assert done.code == 1, done.err
    written = {path.stem: path.read_text("utf-8") for path in scratch.folder.glob("*.out")}
    assert written.keys() == {option.partition(":")[0] for option in _RUNS[run] if ":../" in option}
    printed = {"printed": done.out + done.err}
    if summary.exists():
        printed["summary"] = summary.read_text("utf-8")
    assert ("summary" in printed) is ("github" in written)
    assert min(map(len, (written | printed).values())) > 1_000
    return written | printed


@pytest.mark.parametrize("run", _RUNS)
def test_no_format_shows_a_credential(scratch: Scratch, monkeypatch: pytest.MonkeyPatch, run: str) -> None:
    """Six characters in a row of any credential are in no report, wherever it stands and whatever is asked for."""
    planted(scratch, "checked/")
    for form, output in outputs(scratch, monkeypatch, run, ".").items():
        assert find_leaks(ALL, output) == {}, form


NAMES_SHOWN = ("rule", "profile", "source", "fingerprint")  # shown as they are, because readers look them up


@pytest.mark.parametrize("form", FORMATS)
def test_no_field_of_a_finding_shows_a_credential_in_any_format(tmp_path: Path, form: str) -> None:
    """Whatever string a finding or a report holds, no format writes a credential; only names are left as they are."""
    for secret in FORMED:
        for text in (secret.text, f"it is {secret.text} here"):
            for written in reports(form, text, tmp_path / "summary.md", NAMES_SHOWN):
                assert find_leaks([secret], written) == {}, secret.kind


def split_by_model(garden: Scratch) -> Outcome:
    """Split lines whose models are credentials, which the summary tells of each file."""
    lines = [
        {"custom_id": str(number), "method": "POST", "url": "/v1/chat/completions",
         "body": {"model": secret.text, "messages": [USER]}}
        for number, secret in enumerate(FORMED[:40])
    ]  # fmt: skip
    garden.write("models.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
    done = garden.run(
        "split", "models.jsonl", "--good", "parts.jsonl", "--bad", "rest.jsonl", "--chunk", "-p", "openai-compatible"
    )
    assert "parts-001.jsonl: 1 line" in done.err
    return done


def test_what_stands_beside_reports_shows_none(garden: Scratch) -> None:
    """Nor does the audit, what split says, a baseline and its audit."""
    runs = [
        garden.run("audit", "cassette.yaml", "recorded.har", "-p", "openai"),
        garden.run("audit", "nock.json", "logged.jsonl", "TestChat.httprr", "pair", "-p", "openai"),
        garden.run("audit", "cassette.yaml", "--output-format", "json", "-p", "openai"),
        garden.run("split", "batch.jsonl", "--good", "good.jsonl", "--bad", "bad.jsonl", "-p", "openai"),
        split_by_model(garden),
        garden.run("baseline", "create", "batch.jsonl", "-p", "openai"),
    ]
    baseline = (garden.folder / "reqlint-baseline.json").read_text("utf-8")
    assert "(masked)" in baseline
    (garden.folder / "batch.jsonl").write_text(json.dumps({"model": "m", "messages": [USER]}) + "\n")
    runs.append(garden.run("baseline", "audit", "batch.jsonl", "-p", "openai"))
    output = "".join(done.out + done.err for done in runs) + baseline
    assert len(output) > 10_000
    assert find_leaks(ALL, output) == {}


def test_errors_about_arguments_and_configuration_show_none(scratch: Scratch) -> None:
    """A credential on the command line or in a configuration, put there by mistake, is not repeated."""
    scratch.write("a.json", {"model": "m", "messages": [USER]})
    output = ""
    for secret in FORMED[::3]:
        text = secret.text.replace("\n", " ")
        for arguments in (("check", "a.json", "-p", text), ("explain", text), (text,),
                          ("check", "a.json", f"--{text}"), ("check", "a.json", "--output-format", text),
                          ("check", "a.json", "--select", text), ("check", "a.json", "--fail-on", text)):  # fmt: skip
            done = scratch.run(*arguments)
            output += done.out + done.err
        scratch.write("reqlint.toml", f"profile = {json.dumps(text)}\nignore = [{json.dumps(text)}]\n")
        done = scratch.run("check", "a.json")
        assert done.code == 2
        output += done.out + done.err
        scratch.write("reqlint.toml", f"{json.dumps(text)} = 1\n")
        output += "".join(str(each) for each in scratch.run("check", "a.json"))
        (scratch.folder / "reqlint.toml").unlink()
    assert "(masked)" in output
    assert find_leaks(ALL, output) == {}


def test_no_exception_or_log_shows_a_credential(caplog: pytest.LogCaptureFixture) -> None:
    """Neither text, arguments nor traceback of what a guard raises, nor what it logs, has any of one."""
    caplog.set_level(logging.DEBUG, "reqlint")
    texts = []
    for request in [*map(request_with, FORMED), *map(request_naming, NAMED)]:
        client = httpx_guard.guard(httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200))))
        for body in (json.dumps(request), json.dumps(request)[:-9]):
            with pytest.raises(InvalidRequest) as raised:
                client.post("https://api.openai.com/v1/chat/completions", content=body)
            failed = raised.value
            texts += [str(failed), repr(failed), repr(failed.args), repr(failed.__cause__), repr(failed.__context__)]
            texts += traceback.format_exception_only(failed)
        warned = httpx_guard.guard(
            httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200))), on_findings="warn"
        )
        warned.post("https://api.openai.com/v1/chat/completions", json=request)
        with pytest.raises(InvalidRequest) as raised:
            ensure_valid(request, "openai")
        texts += [str(raised.value), repr(raised.value)]
    assert caplog.text
    assert find_leaks(ALL, "\n".join([*texts, caplog.text])) == {}


def test_the_first_texts_of_a_process_are_masked_as_all_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked at before the patterns of all forms are compiled is masked as after it, prose around it or not."""
    texts = [pattern.format(secret.text) for secret in ALL for pattern in ("{}", "is {}, see", "/{}?a=1", "x:{}@h")]
    monkeypatch.setattr(credential_search, "_allowance", credential_search._Allowance(0))
    later = list(map(mask, texts))
    monkeypatch.setattr(credential_search, "_allowance", credential_search._Allowance(10**9))
    assert [mask(text) for text in texts] == later
    assert sum("(masked)" in text for text in later) > len(ALL)
    bare = [parse(form.secret).getwidth()[0] for form in PATTERNS if not form.prefixes]
    assert min(bare) == credential_search._SHORTEST_BARE


@pytest.mark.parametrize("kind", FORMS)
def test_no_key_of_a_form_is_shown(kind: str) -> None:
    """Of a thousand random keys of every form, alone or in any text around it, six characters in a row are in none."""
    random = Random(kind)  # noqa: S311 - the same in every run
    for _ in range(1000):
        secret = of_form(kind, random)
        text = secret.text
        for around in (
            text,
            f"it is {text}, and",
            f"name_{text}",
            f'{{\\"a\\":\\"{text}\\"}}',
            f"\\n{text}\\n",
            f"({text})",
        ):
            shown = mask(around)
            assert not any(body[at : at + 6] in shown for body in secret.bodies for at in range(len(body) - 5)), around


INVISIBLE = [
    "\u200b",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\xad",
    "\u202e",
    "\x00",
    "\ufe0f",
    "\U000e0041",
    "\\u200b",
    "\\ufeff",
]


@pytest.mark.parametrize("kind", ["NVIDIA", "OpenAI", "GitHub", "JWT", "AWS key id", "password in a URL"])
def test_an_invisible_character_splits_no_key(kind: str) -> None:
    """A key is masked to its end although something that nobody sees stands in it, written or as an escape of JSON."""
    random = Random(kind)  # noqa: S311 - likewise
    for sign in INVISIBLE:
        secret = of_form(kind, random)
        for at in range(1, len(secret.text)):
            shown = mask(f"see {secret.text[:at]}{sign}{secret.text[at:]} there")
            assert find_leaks([secret], shown.replace(sign, "")) == {}, (sign, at)
            assert shown.startswith("see ")
            assert shown.endswith(" there")
        escaped = "".join(f"\\u{ord(char):04x}" for char in secret.text)
        shown = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), mask(f"see {escaped} there"))
        assert find_leaks([secret], shown) == {}


def test_a_name_hides_a_value_of_letters() -> None:
    """What stands beside the name of a password is hidden even if it is a word, where nobody writes a sentence so."""
    for text in (
        "password: correcthorse", "curl\npassword: correcthorse\nuser: a", "  - passwd: correcthorse",
        "DB_PASS=correcthorse",
        "MY_SECRET=correcthorse", "https://h.example/a?token=correcthorse", '{\\"apiKey\\": \\"correcthorse\\"}',
        "password=correcthorse", 'secret = "correcthorse"', "a\\npassword: correcthorse\\nb",
    ):  # fmt: skip
        assert "horse" not in mask(text), text


ORDINARY_KEYS = [
    "prompt_cache_key",
    "primary_key",
    "foreign_key",
    "public_key",
    "sort_key",
    "max_tokens",
    "max_token",
    "monkey",
    "key",
    "keys",
    "tokens",
    "total_tokens",
    "author",
    "passage",
    "design",
    "compass",
    "logprobs",
    "tool_choice",
    "idempotency_key",
    "user",
    "seed",
    "model",
    "name",
    "signal",
    "opt",
    "powered",
    "authority",
    "url",
    "image_url",
    "file_url",
    "key_points",
]


@pytest.mark.parametrize("key", ORDINARY_KEYS)
def test_an_ordinary_key_hides_nothing(key: str) -> None:
    """Keys that requests have for other things are not taken for names of credentials."""
    assert not is_credential_key(key)
    assert not is_credential_key(key.upper().replace("_", "-"))


def test_a_key_in_a_file_name_is_shown_nowhere(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    """No format, message, log, URI or baseline has a credential out of a path, and the rest of the path is there."""
    summary = scratch.folder / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    hidden = [secret for secret in FORMED if not {"/", "\n", ":", " "}.intersection(secret.text)]
    assert len(hidden) > 60
    for number, secret in enumerate(hidden):
        scratch.write(f"kept-{number}/{secret.text}.json", {"model": "m", "messages": [USER], "temprature": 1})
        scratch.write(f"folder-{number}-{secret.text}/{number}.txt", "none")
    for form in FORMATS:
        done = scratch.run("check", ".", "-v", "-p", "openai", "--jobs", "1", "--output-format", form)
        output = done.out + done.err
        assert find_leaks(hidden, output) == {}, form
        assert all(f"kept-{number}/" in output for number in range(len(hidden)) if form not in ("human", "github")), (
            form
        )
    assert find_leaks(hidden, summary.read_text("utf-8")) == {}
    outputs = [scratch.run("baseline", "create", "-p", "openai"), scratch.run("check", hidden[0].text, "-p", "openai")]
    baseline = (scratch.folder / "reqlint-baseline.json").read_text("utf-8")
    assert find_leaks(hidden, baseline + "".join(done.out + done.err for done in outputs)) == {}


def test_a_baseline_knows_a_file_by_its_masked_name(scratch: Scratch) -> None:
    """A finding in a file with a key in its name is accepted, also by a baseline that still has the name in full."""
    name = f"{FORMED[0].text}.json"
    scratch.write(name, {"model": "m", "messages": [USER], "temprature": 1})
    scratch.run("baseline", "create", "-p", "openai")
    file = scratch.folder / "reqlint-baseline.json"
    masked = file.read_text("utf-8")
    older = masked.replace(mask_path(name), name)
    assert older != masked
    for content in (masked, older):
        file.write_text(content, "utf-8")
        assert scratch.run("check", ".", "-p", "openai", "--baseline", file.name).code == 0
    (scratch.folder / name).write_text(json.dumps({"model": "m", "messages": [USER]}))
    done = scratch.run("check", ".", "-p", "openai", "--baseline", file.name)
    assert "stale-baseline-entry" in done.out


@pytest.mark.parametrize("secret", FORMED, ids=lambda secret: secret.kind)
def test_masking_a_path_twice_changes_nothing_more(secret: Secret) -> None:
    """A masked path is its own masked path, and keeps its suffix and its folders."""
    once = mask_path(f"a/{secret.text}/b.tar.gz")
    assert mask_path(once) == once
    assert once.startswith("a/")
    assert mask_path("tests/cassettes/test_chat.v1.yaml") == "tests/cassettes/test_chat.v1.yaml"


def test_no_fingerprint_tells_a_guess() -> None:
    """Two requests that differ in a credential alone have the same fingerprints, so that none can be tried out."""
    linter = Linter("openai")
    for name in NAMES:
        one, two = ([f.fingerprint for f in linter.check({**GOOD, name: value})] for value in ("hunter2", "passw0rd"))
        assert one == two
        assert one


GOOD = {"model": "gpt-4o", "messages": [USER]}
PROSE = [
    "You are a helpful assistant. Bearer authentication is required, Basic Chinese vocabulary is not.",
    "The password: required. A token is a piece of a word; secret: see page twelve. Signature: John Smith",
    "密码必须是八个字符以上，请不要在提示中写入密钥。令牌：见下文",
    "for token in tokens: password = getPassword1(); key = cache[i + 1]; sig = inspect.signature(f)",
    "data:image/png;base64," + "iVBORw0KGgoAAAANSUhEUgAAAAUA" * 40,
    "3f2504e0-4f89-11d3-9a0c-0305e82c3301 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "gpt-4o-mini-2024-07-18 qwen-plus-2025-01-25 claude-3-5-sonnet-20241022 deepseek-r1-distill-qwen-32b",
    "sk-learn-docs sk-learn-v1-docs npm_install_package hf_transformers_docs gsk_earnings_report key-value-store",
    "sk-learn pa-rsing sess-ion api_org_name ark-itecture nvapi-client-library-for-python-docs key-value-store-1",
    "task-3f2504e04f8911d39a0c0305e82c3301 risk-assessment-2024-final disk-usage-report-20241022",
    "req_011CSHoEeqs5C35K2UUqR7Fy xai-docs",
    "chatcmpl-9xQZfT2Q0WbVYkq0X8wWJ1Zr batch_67a1c0ffee call_9xQZfT2Q0WbVYkq0 resp_67ccd2bed1ec",
    "ssh://git@example.com/a.git https://someone@example.com key=first_name cache_key=user12345",
    "d41d8cd98f00b204e9800998ecf8427e.json file-9xQZfT2Q0WbVYkq0X8w",
    "https://example.com:8080/a@b?page=2 mailto:someone@example.com max_tokens=4096 call_abc123 req-000123 SKILL ACE",
]


@pytest.mark.parametrize("text", PROSE)
def test_ordinary_text_is_left_alone(text: str) -> None:
    """Prose, code, pictures, UUIDs, hashes, models and names of tools are not taken for credentials."""
    assert mask(text) == text


@pytest.mark.parametrize("secret", ALL, ids=lambda secret: secret.kind)
def test_masking_comes_to_an_end(secret: Secret) -> None:
    """Sanitizing twice changes nothing more, and each kind is recognised by its key or its form."""
    once = sanitize(f"it is {secret.text} here")
    assert sanitize(once) == once
    assert is_credential_key(secret.kind) if secret.kind in NAMES else "(masked)" in once
    assert find_leaks([secret], str(mask_values({secret.kind: secret.text}))) == {}


PARTS = [
    "sk-", " sk-a-", "bearer ", "basic a", "token=", "token=a", "password:      ", "://", "a://b:c", "eyJ",
    " eyJaaaaaaaa.",
    "-----BEGIN ", "-----BEGIN PRIVATE KEY-----", " M", "SG.", "1", "a", "a.", "\\n", " ", "é", "\u200b", "\\u0061",
    "\\/", "key=", "a=", "token=token=", "token: ", "?key=a", "://aaaaaaaaaaaa1", f"{'a' * 31}.", "_eyJ", "0Q~",
]  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
def test_the_pattern_takes_time_in_proportion(part: str) -> None:
    """
    Twice the text takes about twice the time, whatever it repeats.

    A character took 0.7 microseconds of the processor at most; the bound is 10.
    """
    for size in (20_000, 40_000, 80_000):
        text = part * (size // len(part))
        with Stopwatch() as took:
            mask(text)
        assert took.seconds < size * 10e-6


def test_no_form_takes_more_than_time_in_proportion() -> None:
    """Nor does a text of nothing but the beginning of some form, with and without what could follow."""
    slow = []
    for prefix in {prefix for form in PATTERNS for prefix in form.prefixes.split()}:
        for part in (prefix, prefix + "a-", prefix + "_A"):
            began = process_time()
            mask(part * (20_000 // len(part)))
            if process_time() - began > 20_000 * 2e-6:
                slow.append(part)
    for part in slow:  # on a busy machine many; a longer text tells which really are
        with Stopwatch() as took:
            mask(part * (80_000 // len(part)))
        assert took.seconds < 80_000 * 5e-6, part


@pytest.mark.parametrize("more", [(), ("--show-values",)], ids=["", "values"])
def test_a_line_of_a_private_key_is_hidden_by_itself(scratch: Scratch, more: tuple[str, ...]) -> None:
    """Where a report shows a line out of the middle of a key, as in YAML that breaks off there, the line is masked."""
    lines = [b64encode(sha512(bytes([number])).digest()[:48]).decode() for number in range(6)]
    head = "-----BEGIN RSA " + "PRIVATE KEY-----"
    block = "\n".join(["      " + head, *("      " + line for line in lines[:3]), " " + lines[3], "      " + lines[4]])
    scratch.write("a.yaml", f"model: m\nmessages:\n- role: user\n  content: |\n{block}\n")
    folded = "\n\n  ".join(lines)
    scratch.write("b.yaml", f'model: m\nkey: "{head}\n  {folded}\\q"\n')
    done = scratch.run("check", *more, "a.yaml", "b.yaml")
    assert done.out.count("invalid-yaml") >= 2
    assert [line for line in lines if line[:12] in done.out] == []


def pasted_texts(secrets: list[Secret]) -> dict[str, str]:
    """Return commands, Python and log lines with credentials wherever people write them, and with findings beside."""
    url = "https://api.openai.com/v1/chat/completions"
    texts: dict[str, str] = {}
    for number, secret in enumerate(secrets):
        text = secret.text.replace("\n", " ")
        has_form = secret in FORMED  # any other is told by its name alone, which stands beside it
        said = {"content": f"key {text}", "x": text} if has_form else {"content": "Hi", secret.kind: text}
        more = {"steam": text} if has_form else {"steam": {secret.kind: text}}
        body = json.dumps({"model": "gpt-4o", "messages": [{"role": "usr", **said}], **more})
        beside = text if has_form else f"{secret.kind}={text}"
        quoted = body.replace("'", "'\\''")
        named = f"-H '{secret.kind}: {text}' -b '{secret.kind}={text}' -u 'me:{text}' --oauth2-bearer '{text}'"
        bearer = f"-H 'Authorization: Bearer {text}' -H 'x-api-key: {text}'"
        texts[f"{number}.sh"] = (
            f"OPENAI_API_KEY={text.split()[0]} curl '{url}?api_key={text}' {bearer} -d '{quoted}' {named}\n"
            f"curl https://me:{text}@api.openai.com/v1/chat/completions {named} --json '{quoted}'\n"
            f"curl {url} -d @{text} {bearer}\ncurl {url} -d '{quoted} {beside}'\n"
        )
        texts[f"{number}.py"] = f"client.chat.completions.create(api_key={text!r}, **{json.loads(body)!r})\n"
        texts[f"{number}.log"] = f"INFO {secret.kind}={text} Authorization: Bearer {text} request: {body}\n"
        texts[f"{number}.txt"] = f"{{{secret.kind!r}: {text!r}, {beside!r}: f'{beside}'}}\n"
        texts[f"{number}.md"] = f"# {beside}\n\nmy key is {beside}\n"
    return texts


@pytest.mark.parametrize("run", _RUNS)
def test_no_pasted_text_shows_a_credential(scratch: Scratch, monkeypatch: pytest.MonkeyPatch, run: str) -> None:
    """Headers, cookies, addresses and variables around a pasted request stay hidden, and so does what is in it."""
    secrets = [*FORMED[::2], *NAMED]
    texts = pasted_texts(secrets)
    for name, text in texts.items():
        scratch.write(f"checked/{name}", text)
    for form, output in outputs(scratch, monkeypatch, run, *texts).items():
        assert find_leaks(secrets, output) == {}, form
