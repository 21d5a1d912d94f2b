"""The command line: exit codes, options, and one clear sentence for every bad input."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.scratch import Scratch
from tests.support.warm import Warm

GOOD = '{"model": "qwen-3.5", "messages": [{"role": "user", "content": "Hello"}]}'
BAD = '{"model": "qwen-3.5", "messages": [{"role": "user", "content": "Hello"}], "n": 11}'
WARNED = '{"model": "qwen-3.5", "messages": [{"role": "user", "content": "Hello"}], "top_k": 3}'


class Ran:
    """What a run printed, and how it ended."""

    def __init__(self, run: subprocess.CompletedProcess[str]) -> None:
        self.code, self.out, self.err = run.returncode, run.stdout, run.stderr
        assert "Traceback" not in self.err, self.err

    @property
    def report(self) -> dict[str, object]:
        """The JSON report."""
        loaded = json.loads(self.out)
        assert isinstance(loaded, dict)
        return loaded


Runner = Callable[..., Ran]


@pytest.fixture
def reqlint(tmp_path: Path, root: Path, warm: Warm) -> "Runner":
    """Return a function that runs the command in a scratch folder."""

    def run(*arguments: str, stdin: str | bytes = "", **environment: str) -> Ran:
        as_bytes = stdin.encode() if isinstance(stdin, str) else stdin
        variables = {**os.environ, "PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8", "COLUMNS": "100"}
        if environment or not hasattr(os, "fork"):  # it may change how Python itself starts
            done = subprocess.run(
                [sys.executable, "-m", "reqlint", *arguments],
                cwd=tmp_path, input=as_bytes, capture_output=True, env=variables | environment, check=False,
            )  # fmt: skip
        else:
            done = warm.run(*arguments, folder=tmp_path, given=as_bytes, environment=variables)
        text = subprocess.CompletedProcess(
            done.args, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8", "replace")
        )
        return Ran(text)

    return run


def test_exit_codes(reqlint: Runner, tmp_path: Path) -> None:
    """0 clean, 1 findings or unreadable, 2 usage, 3 nothing to check; the same in every format."""
    (tmp_path / "good.json").write_text(GOOD)
    (tmp_path / "bad.json").write_text(BAD)
    (tmp_path / "warned.json").write_text(WARNED)
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "index.json").write_text('{"files": 3}')
    for form in ("human", "concise", "json", "jsonl", "sarif"):
        assert reqlint("check", "good.json", "--output-format", form).code == 0
        assert reqlint("check", "bad.json", "--output-format", form).code == 1
        assert reqlint("check", "warned.json", "--output-format", form).code == 0
        assert reqlint("check", "warned.json", "--fail-on", "warning", "--output-format", form).code == 1
        assert reqlint("check", "bad.json", "--exit-zero", "--output-format", form).code == 0
        assert reqlint("check", "missing.json", "--output-format", form).code == 1
        assert reqlint("check", "empty", "--output-format", form).code == 3
        assert reqlint("check", "empty", "--allow-empty", "--output-format", form).code == 0
    for usage in (
        "check", "check x -p gptproto-qwem", "check x --select empty-mesages", "check x --output-format sarf", "chek",
        "explain unknown-rol", "explain", "profiles opnai", "check x --fail-onn error", "check x --as cake",
        "explain unknown-role -p opnai",
    ):  # fmt: skip
        ran = reqlint(*usage.split())
        assert (ran.code, ran.out) == (2, ""), usage
        assert ran.err


def test_wrong_names_have_suggestions(reqlint: Runner) -> None:
    """The error for a misspelled rule, profile, format, command or option suggests the right one."""
    assert 'did you mean "unknown-role"' in reqlint("explain", "unknown-rol").err
    assert 'did you mean "empty-messages"' in reqlint("check", "x", "--select", "empty-mesages").err
    assert 'did you mean "gptproto-qwen"' in reqlint("check", "x", "-p", "gptproto-qwem").err
    assert 'did you mean "sarif"' in reqlint("check", "x", "--output-format", "sarf").err
    assert 'did you mean "check"' in reqlint("chek").err
    assert "--fail-on" in reqlint("check", "x", "--fail-onn", "error").err


def test_standard_input(reqlint: Runner) -> None:
    """A dash reads standard input in any form, under the name that is given for it."""
    assert reqlint("check", "-", stdin=GOOD).code == 0
    (found,) = reqlint("check", "-", "--output-format", "json", stdin=BAD).report["findings"]
    assert (found["file"], found["rule"], found["column"]) == ("<stdin>", "out-of-range", 80)
    lines = f"{GOOD}\n{BAD}\n"
    (found,) = reqlint("check", "-", "--output-format", "json", "--stdin-filename", "a.jsonl", stdin=lines).report[
        "findings"
    ]
    assert (found["file"], found["line"], found["document"]) == ("a.jsonl", 2, 1)
    (found,) = reqlint("check", "-", "--output-format", "json", stdin="model: m\nmessages: 3\n").report["findings"]
    assert (found["line"], found["rule"]) == (2, "wrong-type")


def test_folders_are_searched_and_strangers_counted(reqlint: Runner, tmp_path: Path) -> None:
    """Requests below a folder are checked, other files are counted as skipped, hidden folders are left out."""
    files = {
        "a/b/one.json": BAD,
        "a/two.jsonl": f"{GOOD}\n{BAD}\n",
        "a/three.yml": "model: m\nmessages: []\n",
        "a/package.json": '{"name": "x"}',
        ".hidden/four.json": BAD,
        "a/notes.txt": BAD,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    report = reqlint("check", ".", "--output-format", "json").report
    assert {k: report["summary"][k] for k in ("files", "requests", "errors", "skipped")} == {
        "files": 3, "requests": 4, "errors": 2, "skipped": 1,
    }  # fmt: skip
    assert [f["file"] for f in report["findings"]] == ["./a/three.yml", "./a/two.jsonl", "./a/b/one.json"]
    assert "package.json" in reqlint("check", ".", "-v").out


def test_one_bad_input_does_not_hide_the_others(reqlint: Runner, tmp_path: Path) -> None:
    """A missing file, broken JSON and wrong bytes are findings; the other inputs are still checked."""
    (tmp_path / "broken.json").write_text('{"model": "qwen-3.5",')
    (tmp_path / "latin.json").write_bytes('{"model": "é"}'.encode("latin-1"))
    (tmp_path / "bad.json").write_text(BAD)
    (tmp_path / "half.jsonl").write_text(f"{GOOD}\n{GOOD[:-1]}\n{BAD}\n")
    report = reqlint(
        "check", "broken.json", "latin.json", "none.json", "bad.json", "half.jsonl", "--output-format", "json"
    ).report
    assert [(f["file"], f["line"], f["rule"]) for f in report["findings"]] == [
        ("broken.json", 1, "invalid-json"),
        ("latin.json", 1, "not-utf8"),
        ("none.json", None, "unreadable-input"),
        ("bad.json", 1, "out-of-range"),
        ("half.jsonl", 2, "invalid-json"),
        ("half.jsonl", 3, "out-of-range"),
    ]


def test_several_formats_in_one_run(reqlint: Runner, tmp_path: Path) -> None:
    """One run can print a human report and write SARIF and JSON files with the same findings."""
    (tmp_path / "bad.json").write_text(BAD)
    ran = reqlint(
        "check",
        "bad.json",
        "--output-format",
        "human",
        "--output-format",
        "sarif:o.sarif",
        "--output-format",
        "json:o.json",
    )
    assert "error[out-of-range]" in ran.out
    sarif, report = json.loads((tmp_path / "o.sarif").read_text()), json.loads((tmp_path / "o.json").read_text())
    assert (
        [r["ruleId"] for r in sarif["runs"][0]["results"]]
        == [f["rule"] for f in report["findings"]]
        == ["out-of-range"]
    )
    assert reqlint("check", "bad.json", "--output-format", "json:no/such/folder").code == 2


def test_values_and_credentials_stay_hidden(reqlint: Runner, tmp_path: Path) -> None:
    """Messages show names, other payload values only on request, and no output ever shows a credential."""
    key = "sk-proj-" + "Ab3dEf6hIj9kLm2nOp5q" * 2
    request = {
        "model": "m",
        "messages": [{"role": "narrator", "content": f"use {key}"}, {"role": "Xq7Zk2Vw9Bt4", "content": "Hi"}],
        "api_key": key,
        "n": key,
        "stream": "private-word",
    }
    (tmp_path / "secret.json").write_text(json.dumps(request))
    for form in ("human", "concise", "json", "jsonl", "sarif"):
        for more in ([], ["--show-values"]):
            ran = reqlint("check", "secret.json", "--output-format", form, *more)
            assert ran.code == 1
            assert key not in ran.out + ran.err
            assert key[:16] not in ran.out + ran.err
    messages = [f["message"] for f in reqlint("check", "secret.json", "--output-format", "json").report["findings"]]
    assert not any(word in message for message in messages for word in ("private-word", "Xq7Zk2Vw9Bt4"))
    assert any('role is "narrator"' in message for message in messages)
    shown = [
        f["message"]
        for f in reqlint("check", "secret.json", "--output-format", "json", "--show-values").report["findings"]
    ]
    assert any("private-word" in message for message in shown)


def test_a_payload_cannot_speak_to_the_terminal(reqlint: Runner, tmp_path: Path) -> None:
    """Escape sequences, bidirectional controls and CI commands in keys, values and file names are escaped."""
    nasty = "\x1b[31m\n::error::pwned\r\u202e##vso[task.complete] ##[add-mask]a"
    (tmp_path / "nasty.json").write_text(
        json.dumps({"model": "m", nasty: 1, "messages": [{"role": nasty, "content": nasty}]})
    )
    (tmp_path / "nasty.yaml").write_text('model: m\nmessages: 3\n"a\\e[31m\\n::error::x": 1\n')
    for form in ("human", "concise", "json", "jsonl", "sarif"):
        ran = reqlint(
            "check", "nasty.json", "nasty.yaml", "--output-format", form, "--show-values", "--fail-on", "note"
        )
        assert ran.code == 1
        assert not {"\x1b", "\u202e", "\r"} & set(ran.out)
        assert not any(line.startswith(("::", "##vso")) for line in ran.out.splitlines())
        assert form in ("json", "jsonl", "sarif") or "##[" not in ran.out


NEVER = [
    "jsonschema", "rich", "yaml", "difflib", "hypothesis", "referencing", "jsonschema_rs", "decimal", "socket",
    "email.utils", "random", "orjson", "subprocess", "multiprocessing", "click", "inspect", "uuid", "dataclasses",
    "pickle", "tempfile", "shutil", "logging", "importlib.metadata", "tomllib", "hashlib", "threading",
    "concurrent.futures", "reqlint.judge.shortcut", "reqlint.schema.reference", "reqlint.run.parallel",
    "reqlint.run.chunked", "reqlint.cli.group", "reqlint.cli.fixing", "reqlint.schema.accelerated",
    "reqlint.schema.combine",
]  # fmt: skip
"""Modules that no check of one small file needs."""
OF_FINDINGS = ["reqlint.schema.explain", "reqlint.schema.plain_failures", "reqlint.judge.describe"]
SMALL = {
    "model": "gpt-4o", "messages": [{"role": "user", "content": "Kolik je hodin v Brně? 几点了?"}],
    "tools": [{"type": "function", "function": {"name": "now", "parameters": {"type": "object", "properties": {}}}}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "request_", "code"),
    [
        (["check", "a.json"], SMALL, 0),
        (["check", "--isolated", "-p", "openai", "--output-format", "json", "a.json"], SMALL, 0),
        (["check", "--requests-only", "a.json"], {**SMALL, "temperature": 5}, 1),
        (["check", "--isolated", "--profile=openai", "--output-format", "json", "a.json"], {**SMALL, "topp": 1}, 1),
        (["--version"], SMALL, 0),
    ],
)
def test_one_small_file_loads_little(
    tmp_path: Path, root: Path, arguments: list[str], request_: dict[str, Any], code: int
) -> None:
    """Checking a small file imports no engine, rich, YAML, network, mail or click, with and without findings."""
    (tmp_path / "a.json").write_text(json.dumps(request_), "utf-8")
    program = (
        f"import sys, atexit; sys.argv[1:] = {arguments!r}\n"
        f"unwanted = {[*NEVER, *([] if code else OF_FINDINGS)]!r}\n"
        "atexit.register(lambda: print(*sorted(set(unwanted) & set(sys.modules)), file=sys.stderr))\n"
        "from reqlint.__main__ import main; main()"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True,
                         env={**os.environ, "PYTHONPATH": str(root)}, check=False)  # fmt: skip
    assert (ran.returncode, ran.stderr.strip()) == (code, "")


def test_the_profile_page_has_both_tables(reqlint: Runner) -> None:
    """A profile's page has its parameters and its errors, with the 503 that is really a 400."""
    page = reqlint("profiles", "gptproto-qwen").out
    for path in (
        "model",
        "messages[].role",
        "messages[].content[].type",
        "tools[].function.name",
        "response_format.type",
    ):
        assert f"  {path} " in page
    for status in ("401", "403", "429", "500", "503"):
        assert f"  {status} " in page
    assert "400" in next(line for line in page.splitlines() if " 503 " in line)


def test_the_examples_have_findings_of_many_rules(reqlint: Runner, root: Path) -> None:
    """The bad examples have findings of at least eight rules, the good ones have none."""
    ran = reqlint("check", str(root / "examples"), "--output-format", "json")
    assert ran.code == 1
    findings = ran.report["findings"]
    assert len({f["rule"] for f in findings}) >= 8
    assert not [f for f in findings if "/good/" in f["file"].replace("\\", "/")]


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_reference_pages_in_every_form(reqlint: Runner, form: str) -> None:
    """explain, rules and profiles print text, Markdown and JSON."""
    for command in (["explain", "--all"], ["rules"], ["profiles"], ["profiles", "gptproto-qwen"]):
        ran = reqlint(*command, "--output-format", form)
        assert ran.code == 0
        if form == "json":
            json.loads(ran.out)


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_explain_shows_the_apis_that_are_asked_for(reqlint: Runner, form: str) -> None:
    """With -p, a page has what is known of these profiles, in the order given, and the rest of it as without."""

    def page(*options: str) -> str:
        return reqlint("explain", "developer-role", "--output-format", form, *options).out

    def named(text: str) -> list[str]:
        return re.findall(r'^[ |"]+(gptproto-qwen|dashscope|openai)["| ]', text, re.M)

    assert set(named(page())) == {"gptproto-qwen", "dashscope", "openai"}
    assert named(page("-p", "openai")) == ["openai"]
    assert named(page("-p", "openai", "--profile", "dashscope", "-p", "openai")) == ["openai", "dashscope"]
    assert set(page("-p", "openai").splitlines()) < set(page("-p", "dashscope", "-p", "openai").splitlines())


def test_a_bug_is_a_sentence(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unforeseen exception is reported as a bug of reqlint, with a traceback only on request."""
    scratch.write("a.json", {"model": "m", "messages": []})

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a secret of the payload")

    monkeypatch.setattr("reqlint.cli.result.exit_code", broken)
    done = scratch.run("check", "a.json")
    assert done.code == 2
    assert done.err.startswith("error: internal error (this is a bug in reqlint): RuntimeError")
    assert "secret" not in done.err
    with pytest.raises(RuntimeError):
        scratch.run("check", "--traceback", "a.json")


def test_the_help_has_every_summary_whole(scratch: Scratch) -> None:
    """Summaries of commands are wrapped, never cut."""
    helped = scratch.run("--help").out
    assert "so that only new ones count." in " ".join(helped.split())
    assert "..." not in helped.partition("Commands:")[2]


def test_an_unknown_profile_lists_all(scratch: Scratch) -> None:
    """With the one that was probably meant, if any."""
    scratch.write("a.json", {"model": "gpt-4o", "messages": []})
    for name, meant in (("opnai", '; did you mean "openai"? Known: '), ("zzz", "; known: ")):
        done = scratch.run("check", "a.json", "-p", name)
        said = f'error: no profile "{name}"{meant}'
        assert (done.code, done.err[: len(said)]) == (2, said)
        listed = done.err.removeprefix(said).strip().split(", ")
        assert {"auto", "openai", "gptproto-qwen"} <= {*listed}


def test_errors_stand_before_what_there_is_too_much_of(scratch: Scratch) -> None:
    """Where findings are left out, the gravest rule is first, and the report says how to count them."""
    body = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 5}
    scratch.write("a.jsonl", [{**body, "max_tokens": 5 + n, **({"n": 0} if n == 99 else {})} for n in range(100)])
    done = scratch.run("check", "a.jsonl")
    assert done.out.startswith("error[out-of-range]: ")
    assert "--statistics counts by rule" in done.out
    assert "--statistics" not in scratch.run("check", "a.jsonl", "--statistics").out
    scratch.write("b.jsonl", [body, {**body, "n": 0}])
    done = scratch.run("check", "b.jsonl")
    assert done.out.startswith("note[deprecated-field]: ")
    assert "--statistics" not in done.out


def test_the_first_request_of_a_program_loads_little(root: Path) -> None:
    """Judging one dict in a program imports no engine and none of what reads many requests."""
    program = (
        f"import sys, reqlint; reqlint.check({SMALL!r}, profile='openai')\n"
        f"print(*sorted({{*{NEVER!r}, 'msgspec', 'uuid'}} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True,
                         env={**os.environ, "PYTHONPATH": str(root)})  # fmt: skip
    assert ran.stdout.strip() == ""
