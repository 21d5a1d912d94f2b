"""
Nothing is fetched: no command, option, format or library call opens a socket, whatever is in the files it reads.

Everything in `tests.support.everything` runs twice at the same time: once as usual, and once in an empty network
namespace, under `strace` and with an audit hook in every process, as far as this system allows it.
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

from reqlint.cli.group import cli
from reqlint.reporters import FORMATS
from tests.support.everything import CALLS, HIDDEN, REMOTE, ROOT, Result, without_times, write_project

pytestmark = pytest.mark.outside

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
EMPTY_NAMESPACE = ["unshare", "--net"] if hasattr(os, "geteuid") and os.geteuid() == 0 else ["unshare", "-r", "--net"]
TRACED = ["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=network", "-e", "signal=none", "-o"]


def _works(*command: str) -> bool:
    """Return whether this system lets *command* run a program."""
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run([*command, sys.executable, "-c", ""], capture_output=True, check=False).returncode == 0


class Both(NamedTuple):
    """The results of both runs."""

    open: list[Result]
    closed: list[Result]
    differing: list[str]  #: files that the two runs wrote differently
    log: list[str]  #: the audit hooks' notes
    trace: list[str] | None  #: network system calls that strace saw; None without strace
    namespace: bool  #: whether a network namespace could be made


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    """Run everything as usual and in isolation, at the same time."""
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
        write_project(project, folder / HIDDEN)
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
        came.append([Result(**each) for each in json.loads(out.replace(f"{folder.name}/{name}", "…"))])
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
    told = [re.sub(r"/(opened|closed)/", "/", without_times(path.read_text("utf-8"))) for path in (one, other)]
    return told[0] == told[1]


def watching(folder: Path) -> str:
    """Return a folder for PYTHONPATH that makes every process note in ``log`` what could reach a network."""
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
    """Every command, option, listed value of an option and output format is among the calls."""
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
    assert all(f"--output-format {form}:" in " ".join(call.words for call in CALLS) for form in FORMATS)


def test_each_ends_as_it_should(both: Both) -> None:
    """Every command ends with its expected exit code, so none is cut short by a mistake in this test."""
    assert [ran.code for ran in both.open] == [call.code for call in CALLS] + [0]
    assert [ran for ran in both.open if "Traceback" in ran.err] == []


def test_without_a_network_every_byte_is_the_same(both: Both) -> None:
    """In an empty network namespace all commands print and write the same bytes as outside it."""
    assert both.closed == both.open
    assert both.differing == []
    if not both.namespace:
        pytest.skip("this system lets nobody make a network namespace here")


def test_no_process_asks_for_a_socket(both: Both) -> None:
    """
    No process, forked and spawned workers included, raises an audit event of the network or of another program.

    None loads ssl, http.client, urllib.request, asyncio or ctypes either. The module socket is loaded by
    `email.utils`, which jsonschema-rs imports, and by the standard library's process pool.
    """
    assert [line for line in both.log if not line.endswith(" watched")] == []
    watched = {line.split()[0] for line in both.log}
    spawned, helping, forked = 2, 1, 0  # those that are forked are watched by the hook of the one they come from
    assert len(watched) >= len(CALLS) + 1 + spawned + helping + forked


def test_no_system_call_is_of_the_network(both: Both) -> None:
    """`strace` sees no socket created, not even a local one; workers are connected by pipes."""
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
    """Guards around clients with fake transports judge and refuse without any socket event."""
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
    """A pytest run that judges requests full of addresses raises no event of a socket or another program."""
    (tmp_path / "project").mkdir()
    write_project(tmp_path / "project", tmp_path / HIDDEN)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([watching(tmp_path), str(ROOT)])}
    plugins = ("no:reqlint", "reqlint.integrations.pytest_plugin", "no:cacheprovider", "no:xdist")
    chosen = [word for plugin in plugins for word in ("-p", plugin)]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *chosen, "--reqlint", "requests/remote.json", "--reqlint-profile", "auto"],
        cwd=tmp_path / "project", capture_output=True, encoding="utf-8", env=environment, check=False,
    )  # fmt: skip
    assert run.returncode == 1, run.stdout + run.stderr
    assert "unknown-field" in run.stdout
    assert [line for line in (tmp_path / "log").read_text("utf-8").splitlines() if " event " in line] == []


def test_the_watch_sees_what_it_is_for(tmp_path: Path) -> None:
    """The audit hook notes a process that connects, starts a program or loads a client."""
    tried = "import socket, subprocess, sys, urllib.request\n"
    tried += "try:\n    urllib.request.urlopen('http://127.0.0.1:9')\nexcept OSError:\n    pass\n"
    tried += "subprocess.run([sys.executable, '-I', '-c', ''])\n"
    environment = {**os.environ, "PYTHONPATH": watching(tmp_path)}
    subprocess.run([sys.executable, "-c", tried], env=environment, check=True)
    log = (tmp_path / "log").read_text("utf-8")
    for seen in ("import socket", "import urllib.request", "event socket.connect", "event subprocess.Popen"):
        assert seen in log
