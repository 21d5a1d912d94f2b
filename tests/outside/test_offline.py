"""
Nothing is fetched: no command, option, format or library call opens a socket, whatever stands in what it reads.

Everything of `tests.support.everything` runs twice at the same time: as it is, and closed in as far as this system can: in a
network namespace that has nothing in it, under `strace`, and with an audit hook in every process.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from referencing.exceptions import Unresolvable

from reqlint.cli import cli
from reqlint.reporters import FORMATS
from reqlint.schema.validators import REFERENCE, compile_validator
from tests.support import everything
from tests.support.everything import CALLS, HIDDEN, REMOTE, ROOT, Ran, lay, timeless
from tests.support.scratch import Scratch

WATCH = """
import os, sys

LOG = {log!r}
EVENTS = (
    "socket.", "ssl.", "urllib.", "http.", "ftplib.", "smtplib.", "poplib.", "imaplib.", "nntplib.", "telnetlib.",
    "webbrowser.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile", "os.forkpty",
    "pty.", "ctypes.",
)
MODULES = {{
    "ssl", "_ssl", "http.client", "http.server", "urllib.request", "ftplib", "smtplib", "socketserver", "xmlrpc.client",
    "asyncio", "ctypes", "webbrowser", "requests", "urllib3", "httpx", "httpx2", "aiohttp",
}}
# These load the module for its names, and make none: jsonschema-rs loads the first, a pool of processes the others.
MAY_LOAD_SOCKET = {{"email.utils", "multiprocessing.connection", "multiprocessing.reduction"}}

def note(*said):
    line = " ".join([str(os.getpid()), *said]) + "\\n"
    file = os.open(LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(file, line.encode(errors="replace"))
    os.close(file)

def importer():
    frame = sys._getframe(2)
    while frame and "importlib" in frame.f_code.co_filename:
        frame = frame.f_back
    return frame.f_globals.get("__name__", "?") if frame else "?"

def hook(event, args):
    if event.startswith(EVENTS):
        note("event", event, repr(args)[:300])
    elif event == "import" and (args[0] in MODULES or (args[0] == "socket" and importer() not in MAY_LOAD_SOCKET)):
        note("import", args[0], "by", importer())
    elif event == "open" and isinstance(args[0], str) and os.path.abspath(args[0]) == {hidden!r}:
        note("open", args[0])

sys.addaudithook(hook)
note("watched")
"""
ASTRAY = [
    *(f'$ref: "{place}"' for place in (REMOTE, f"file:///{HIDDEN}", HIDDEN, "//remote", "#", "#/$defs/missing")),
    '$ref: "#here", $anchor: here',
    '$ref: "#/properties/model"',
    '$dynamicRef: "#here"',
    f'$id: "{REMOTE}"',
]
EMPTY_NAMESPACE = ["unshare", "--net"] if hasattr(os, "geteuid") and os.geteuid() == 0 else ["unshare", "-r", "--net"]
TRACED = ["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=network", "-e", "signal=none", "-o"]


def _works(*command: str) -> bool:
    """Tell whether this system lets *command* run a program."""
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run([*command, sys.executable, "-c", ""], capture_output=True, check=False).returncode == 0


class Both(NamedTuple):
    """What everything came to."""

    open: list[Ran]
    closed: list[Ran]
    differing: list[str]  #: files that a run wrote otherwise than the other
    log: list[str]  #: what the audit hooks noted
    trace: list[str] | None  #: what strace saw of the network
    namespace: bool  #: whether there was no network


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    """Run everything, as it is and closed in."""
    folder = tmp_path_factory.mktemp("offline")
    startup = watching(folder)
    namespace = EMPTY_NAMESPACE if _works(*EMPTY_NAMESPACE) else []
    traced = [*TRACED, str(folder / "trace")] if _works(*TRACED, os.devnull) else []
    running = []
    for name, before, around in (
        ("opened", [], {}),
        ("closed", [*namespace, *traced], {"REQLINT_TEST_STARTUP": startup}),
    ):
        project = folder / name / "project"
        project.mkdir(parents=True)
        lay(project, folder / HIDDEN)
        running.append(
            subprocess.Popen(
                [*before, sys.executable, "-m", "tests.support.everything", str(project)],
                cwd=ROOT,
                env={**os.environ, **around},
                stdout=subprocess.PIPE,
                encoding="utf-8",
            )
        )
    came = []
    for name, run in zip(("opened", "closed"), running, strict=True):
        out, _ = run.communicate()
        assert run.returncode == 0
        came.append([Ran(**each) for each in json.loads(out.replace(f"{folder.name}/{name}", "…"))])
    files = {
        name: {
            path.relative_to(folder / name): path for path in (folder / name / "project").rglob("*") if path.is_file()
        }
        for name in ("opened", "closed")
    }
    same = {name for name in files["opened"].keys() & files["closed"].keys() if _same(*(files[f][name] for f in files))}
    differing = (files["opened"].keys() | files["closed"].keys()) - same
    trace = (folder / "trace").read_text("utf-8").splitlines() if traced else None
    log = (folder / "log").read_text("utf-8").splitlines()
    return Both(*came, sorted(map(str, differing)), log, trace, bool(namespace))


def _same(one: Path, other: Path) -> bool:
    if one.suffix in (".gz", ".zst"):
        return one.read_bytes() == other.read_bytes()
    told = [re.sub(r"/(opened|closed)/", "/", timeless(path.read_text("utf-8"))) for path in (one, other)]
    return told[0] == told[1]


def watching(folder: Path) -> str:
    """Make a folder to put on PYTHONPATH, with which every process notes in ``log`` what would reach a network."""
    startup = folder / "startup"
    startup.mkdir()
    hook = WATCH.format(log=str(folder / "log"), hidden=str(folder / HIDDEN))
    (startup / "sitecustomize.py").write_text(hook, "utf-8")
    return str(startup)


def _commands(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(command, click.Group):
        yield words, command
        return
    with click.Context(command) as context:
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _commands(inner, (*words, name))


def test_nothing_is_left_out() -> None:
    """What runs here has every command, every option, every value an option lists, and every format."""
    told = [call.words.split() for call in CALLS]
    for words, command in _commands(cli):
        of_it = [call[len(words) :] for call in told if tuple(call[: len(words)]) == words]
        assert of_it, words
        for option in command.params:
            if not isinstance(option, click.Option) or option.is_eager:
                continue
            values = option.type.choices if isinstance(option.type, click.Choice) else [None]
            for value in values:
                if value in (option.default, "auto", "never", "error"):
                    value = None  # what happens without the option is run anyway
                shown = [call for call in of_it if set(option.opts) & set(call)]
                assert any(value is None or value in call for call in shown), (words, option.opts, value)
    assert tuple(FORMATS) == everything.FORMATS


def test_each_ends_as_it_should(both: Both) -> None:
    """Every command ends with the exit code that it is run for, so that none of them is cut short by a mistake here."""
    assert [ran.code for ran in both.open] == [call.code for call in CALLS] + [0]
    assert [ran for ran in both.open if "Traceback" in ran.err] == []


def test_without_a_network_every_byte_is_the_same(both: Both) -> None:
    """In a network namespace that has nothing in it, all commands print and write what they do outside of it."""
    assert both.closed == both.open
    assert both.differing == []
    if not both.namespace:
        pytest.skip("this system lets nobody make a network namespace here")


def test_no_process_asks_for_a_socket(both: Both) -> None:
    """
    No process, workers forked and spawned included, raises an audit event of the network or of another program.

    None of them loads ssl, http.client, urllib.request, asyncio or ctypes either. The module socket is loaded by
    `email.utils`, which jsonschema-rs takes names from, and by the standard library's pool of processes.
    """
    assert [line for line in both.log if not line.endswith(" watched")] == []
    watched = {line.split()[0] for line in both.log}
    spawned, helping, forked = 2, 1, 0  # those that are forked are watched by the hook of the one they come from
    assert len(watched) >= len(CALLS) + 1 + spawned + helping + forked


def test_no_system_call_is_of_the_network(both: Both) -> None:
    """`strace` sees no socket made, not even one inside this machine; pipes join the workers."""
    if both.trace is None:
        pytest.skip("strace is not installed here, or may not trace")
    assert both.trace == []


GUARDED = """
import json, sys
import httpx, httpx2, openai, requests
from requests.adapters import BaseAdapter
sys.audit("http.loaded")  # what these libraries try out when they are loaded is over

from reqlint import InvalidRequest
from reqlint.integrations import httpx as httpx_guard, openai as openai_guard, requests as requests_guard

URL, ANSWER = "https://remote.example/v1/chat/completions", {{"id": "1", "choices": [], "object": "chat.completion"}}
BODIES = [{{"model": "gpt-4.1", "messages": [{{"role": "user", "content": text}}]}} for text in ("{remote}", 5)]

class Adapter(BaseAdapter):
    def send(self, request, **_):
        answer = requests.Response()
        answer.status_code, answer._content, answer.request = 200, b"{{}}", request
        return answer

    def close(self):
        pass

def answered(request):
    return httpx.Response(200, json=ANSWER)

client = httpx_guard.guard(httpx.Client(transport=httpx.MockTransport(answered)))
session = requests.Session()
session.trust_env = False  # whether a .netrc is there is the session's own question
session.mount("https://", Adapter())
session = requests_guard.guard(session)
sends = [lambda body: client.post(URL, json=body), lambda body: session.post(URL, json=body)]
own = httpx2.Client(transport=httpx2.MockTransport(lambda request: httpx2.Response(200, json=ANSWER)))
speaking = openai.OpenAI(api_key="none", base_url="https://remote.example/v1", http_client=own)
speaking = openai_guard.guard(speaking, "openai")
sends.append(lambda body: speaking.chat.completions.create(**body))
for send in sends:
    send(BODIES[0])
    try:
        send(BODIES[1])
    except InvalidRequest:
        continue
    raise SystemExit("it was sent")
print(len(sends))
"""


def test_a_guard_opens_nothing_itself(tmp_path: Path) -> None:
    """Around clients that reach no network, guards judge and refuse without one event of a socket."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([watching(tmp_path), str(ROOT)])}
    run = subprocess.run(
        [sys.executable, "-c", GUARDED.format(remote=REMOTE)],
        capture_output=True, encoding="utf-8", env=environment, check=False,
    )  # fmt: skip
    assert (run.returncode, run.stdout) == (0, "3\n"), run.stderr
    log = (tmp_path / "log").read_text("utf-8").splitlines()
    loaded = next(number for number, line in enumerate(log) if " event http.loaded " in line)
    asked = [line for line in log[loaded + 1 :] if " event " in line]
    assert [line for line in asked if "subprocess.Popen ('uname'" not in line] == []  # openai's client wants to know


def test_the_plugin_of_pytest_opens_nothing(tmp_path: Path) -> None:
    """A run of pytest that judges requests full of addresses raises no event of a socket or of another program."""
    (tmp_path / "project").mkdir()
    lay(tmp_path / "project", tmp_path / HIDDEN)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([watching(tmp_path), str(ROOT)])}
    plugins = [
        "-p",
        "no:reqlint",
        "-p",
        "reqlint.integrations.pytest_plugin",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
    ]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, "--reqlint", "requests/remote.json", "--reqlint-profile", "auto"],
        cwd=tmp_path / "project", capture_output=True, encoding="utf-8", env=environment, check=False,
    )  # fmt: skip
    assert run.returncode == 1, run.stdout + run.stderr
    assert "unknown-field" in run.stdout
    assert [line for line in (tmp_path / "log").read_text("utf-8").splitlines() if " event " in line] == []


def test_the_watch_sees_what_it_is_for(tmp_path: Path) -> None:
    """A process that connects, starts a program or loads a client is noted each time."""
    tried = "import socket, subprocess, sys, urllib.request\n"
    tried += "try:\n    urllib.request.urlopen('http://127.0.0.1:9')\nexcept OSError:\n    pass\n"
    tried += "subprocess.run([sys.executable, '-I', '-c', ''])\n"
    environment = {**os.environ, "PYTHONPATH": watching(tmp_path)}
    subprocess.run([sys.executable, "-c", tried], env=environment, check=True)
    log = (tmp_path / "log").read_text("utf-8")
    for seen in ("import socket", "import urllib.request", "event socket.connect", "event subprocess.Popen"):
        assert seen in log


@pytest.mark.parametrize("engine", ["reference", "accelerated"])
@pytest.mark.parametrize("reference", ASTRAY)
def test_a_reference_stays_in_its_schema(
    scratch: Scratch, monkeypatch: pytest.MonkeyPatch, engine: str, reference: str
) -> None:
    """What a rule refers to elsewhere is told in one sentence with its place, by both engines, and not read."""
    monkeypatch.setenv("REQLINT_ENGINE", engine)
    scratch.write(HIDDEN, '{"type": "object"}')
    lay(scratch.folder / "project", scratch.folder / HIDDEN)
    monkeypatch.chdir(scratch.folder / "project" / "evil" / "remote")
    rule = Path("rules/remote-rule.yaml")
    rule.write_text(rule.read_text("utf-8").replace(f'$ref: "{REMOTE}"', reference), "utf-8")
    done = scratch.run("check", "--config", "rule.toml", "../../requests/remote.json")
    assert done.code == 2
    assert done.err.startswith("error: rules/remote-rule.yaml: request.properties.metadata.$"), done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize("reference", [REMOTE, f"file:///{HIDDEN}", "ftp://127.0.0.1:9/x", "other.json"])
def test_the_reference_engine_itself_fetches_nothing(monkeypatch: pytest.MonkeyPatch, reference: str) -> None:
    """Even a schema that nobody looked at cannot make jsonschema open what it refers to."""
    monkeypatch.setattr("urllib.request.urlopen", lambda *_, **__: pytest.fail("it was opened"))
    engine = compile_validator([{"$id": "reqlint:tried", "properties": {"a": {"$ref": reference}}}], REFERENCE)
    with pytest.raises(Unresolvable):
        list(engine.failures({"a": 1}))
