"""`reqlint compat --mcp-stdio`: a real MCP server is asked for its tools, and one that does harm gets a sentence."""

import json
import os
import select
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from tests.support.planted import find_leaks, of_form

pytestmark = [
    pytest.mark.outside,
    pytest.mark.skipif(find_spec("mcp") is None, reason="the package mcp is not installed"),
]

REAL = """
import anyio
import mcp.types as types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

PAGES = 3

def tool(page, number):
    schema = {"type": "object", "properties": {"city": {"type": "string", "minLength": page}}, "required": ["city"]}
    return types.Tool(name=f"tool-{page}-{number}", description="Looks it up.", input_schema=schema)

async def listed(_, params):
    page = int(params.cursor) if params and params.cursor else 0
    following = str(page + 1) if page + 1 < PAGES else None
    return types.ListToolsResult(tools=[tool(page, number) for number in range(2)], next_cursor=following)

async def main():
    server = Server("weather", on_list_tools=listed)
    async with stdio_server() as (received, sent):
        await server.run(received, sent, server.create_initialization_options())

anyio.run(main)
"""
"""A server of the package itself, with three pages of two tools."""

RAW = """
import json, os, signal, subprocess, sys

ABOUT = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": {"name": "raw", "version": "1"}}
SCHEMA = {"type": "object", "properties": {}}

def say(**message):
    print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)

def tool(name="x", **more):
    return {"name": name, "description": "-", "inputSchema": SCHEMA, **more}

def serve(tools=lambda asked: say(id=asked["id"], result={"tools": [tool()]}), about=ABOUT):
    for line in sys.stdin:
        asked = json.loads(line)
        print(asked.get("method"), file=open("asked", "a"))
        if asked.get("method") == "initialize":
            say(id=asked["id"], result=about)
        elif asked.get("method") == "tools/list":
            tools(asked)

"""
"""The beginning of a server by hand, which can answer anything."""


class Ended(NamedTuple):
    """How a run ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def tools(self) -> list[dict[str, Any]]:
        """The rows of its JSON report."""
        found = json.loads(self.out)["tools"]
        assert isinstance(found, list)
        return found


Asker = Callable[..., Ended]


@pytest.fixture
def ask(tmp_path: Path, root: Path) -> Asker:
    """Return a function that runs the command on servers of these texts."""

    def run(*servers: str, options: tuple[str, ...] = ("--output-format", "json")) -> Ended:
        words = [*command(tmp_path, *servers), *options]
        done = subprocess.run(words, cwd=tmp_path, env=around(root), capture_output=True, check=False, timeout=500)
        ended = Ended(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert "Traceback" not in ended.err, ended.err
        return ended

    return run


def command(folder: Path, *servers: str) -> list[str]:
    """Return the words of the command that asks servers of these texts."""
    words = [sys.executable, "-m", "reqlint", "compat", "--isolated", "-p", "openai"]
    for number, text in enumerate(servers):
        (folder / f"server{number}.py").write_text(text, "utf-8")
        words += ["--mcp-stdio", shlex.join([sys.executable, f"server{number}.py"])]
    return words


def around(root: Path) -> dict[str, str]:
    """Return the environment of a run."""
    return {**os.environ, "PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8"}


def test_all_pages_of_a_real_server_are_read_in_its_order(ask: Asker) -> None:
    """Three pages of two tools are six rows with places in a text of ours, named as the server names itself."""
    ran = ask(REAL, options=("--output-format", "json", "--prefix", "mcp__{file}__"))
    assert ran.code == 0, ran.err
    names = [f"mcp__weather__tool-{page}-{number}" for page in range(3) for number in range(2)]
    assert [tool["name"] for tool in ran.tools] == names
    assert [tool["pointer"] for tool in ran.tools] == [f"/tools/{number}" for number in range(6)]
    assert {tool["file"] for tool in ran.tools} == {"<mcp>"}
    lines = [tool["line"] for tool in ran.tools]
    assert lines == sorted(set(lines))


def test_several_servers_are_told_apart(ask: Asker) -> None:
    """Each has its own name in the table and before its tools; a prefix keeps equal names apart."""
    other = RAW + 'serve(about={**ABOUT, "serverInfo": {"name": "other", "version": "1"}})'
    ran = ask(RAW + "serve()", other, options=("--output-format", "json", "--prefix", "{file}-", "--together"))
    assert [(tool["file"], tool["name"]) for tool in ran.tools] == [("<mcp 1>", "raw-x"), ("<mcp 2>", "other-x")]
    same = ask(RAW + "serve()", other, options=("--output-format", "json", "--together"))
    assert "duplicate-tool-name" in {finding["rule"] for finding in json.loads(same.out)["findings"]}


def test_nothing_is_asked_but_for_the_tools(ask: Asker, tmp_path: Path) -> None:
    """A server hears the beginning of the conversation and the request for tools; what it asks itself is refused."""
    asking = """
def tools(asked):
    say(id="a", method="sampling/createMessage", params={"messages": [], "maxTokens": 1})
    say(id="b", method="roots/list")
    say(id="c", method="ping")
    say(method="notifications/tools/list_changed")
    say(id=asked["id"], result={"tools": [tool("asker")]})
serve(tools)
"""
    ran = ask(RAW + asking)
    assert [tool["name"] for tool in ran.tools] == ["asker"]
    heard = (tmp_path / "asked").read_text().split()
    assert [word for word in heard if word != "None"] == ["initialize", "notifications/initialized", "tools/list"]


def test_a_malformed_tool_is_judged_like_any_other(ask: Asker) -> None:
    """One tool that is none by the protocol makes no server unreadable, and its text is kept as it was sent."""
    odd = """
def tools(asked):
    listed = '[{"name": "a b", "inputSchema": true}, {"name": 5}, {"name": "n", "description": "-", "inputSchema": ' \\
        '{"type": "object", "properties": {"n": {"type": "number", "maximum": 1.50e2, "default": 1E2}}}}]'
    print('{"jsonrpc": "2.0", "id": %s, "result": {"tools": %s}}' % (asked["id"], listed), flush=True)
serve(tools)
"""
    ran = ask(RAW + odd)
    assert [tool["verdicts"]["openai"]["verdict"] for tool in ran.tools] == ["refused", "refused", "taken"]
    shown = ask(RAW + odd, options=("--write", "mcp"))
    assert "1.50e2" in shown.out
    assert "1E2" in shown.out


def test_lines_of_a_log_between_the_messages_do_no_harm(ask: Asker) -> None:
    """Clients pass over what is no message, and so does this."""
    ran = ask(RAW + 'print("Server is ready", flush=True)\nserve()')
    assert [tool["name"] for tool in ran.tools] == ["x"]


def test_a_server_without_tools_is_nothing_to_judge(ask: Asker) -> None:
    """An empty list is exit code 3, as for a file without tools."""
    ran = ask(RAW + 'serve(lambda asked: say(id=asked["id"], result={"tools": []}))')
    assert ran.code == 3
    assert "<mcp>" in ran.err


BAD = {
    "ends": ("raise SystemExit(7)", "the server ended with code 7 before it listed its tools"),
    "ends later": ("serve(lambda asked: sys.exit(3))", "the server ended with code 3 before it listed its tools"),
    "falls": ("os.kill(os.getpid(), signal.SIGKILL)", "the server was ended by signal 9 before it listed its tools"),
    "garbage": ("print('Hello, world' * 9)", "the server answered something that is not MCP"),
    "bytes": ("os.write(1, bytes(range(256)) * 9)", "the server answered something that is not MCP"),
    "other json": ("print('[1, 2]'); print('{}'); print('9')", "the server answered something that is not MCP"),
    "deep": ("print('[' * 1_000_000)", "the server answered something that is not MCP"),
    "no list": (
        'serve(lambda asked: say(id=asked["id"], result={"tools": {}}))',
        "the server answered something that is not MCP",
    ),
    "version": ('serve(about={**ABOUT, "protocolVersion": "1"})', "the server answered something that is not MCP"),
    "error": (
        'serve(lambda asked: say(id=asked["id"], error={"code": -32601, "message": "PLANTED"}))',
        "the server answered with error -32601",
    ),
    "pages": (
        'serve(lambda asked: say(id=asked["id"], result={"tools": [], "nextCursor": "again"}))',
        "the server named a next page of tools 1,000 times",
    ),
    "one line": (
        "while True: os.write(1, b'x' * 1_000_000)",
        "the server sent more than 32,000,000 bytes",
    ),
    "many lines": (
        "while True: say(method='notifications/message', params={'level': 'info', 'data': 'x' * 1_000_000})",
        "the server sent more than 32,000,000 bytes",
    ),
    "a gigantic list": (
        'serve(lambda asked: say(id=asked["id"], result={"tools": [tool("x" * 1_000)] * 40_000}))',
        "the server sent more than 32,000,000 bytes",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_server_that_does_not_list_its_tools_gets_one_sentence(ask: Asker, kind: str) -> None:
    """Whatever a server does, standard error has one line, without a word of the server's, and the code is 1."""
    text, why = BAD[kind]
    noisy = "print('PLANTED', file=sys.stderr, flush=True)\n"
    ran = ask(RAW + noisy + text, options=("--mcp-timeout", "400", "-q"))
    assert ran.err.splitlines()[:1] == [f"error: cannot read <mcp>: {why}"]
    assert len(ran.err.splitlines()) == 1
    assert ran.code == 1
    assert "PLANTED" not in ran.out + ran.err


@pytest.mark.parametrize("text", ["import time\ntime.sleep(3600)", RAW + "serve(lambda asked: None)"])
def test_a_server_that_never_answers_is_not_waited_for(ask: Asker, text: str) -> None:
    """The time of the option is all that it has."""
    ran = ask(text, options=("--mcp-timeout", "0.5"))
    assert "error: cannot read <mcp>: the server did not list its tools in 0.5 s\n" in ran.err
    assert ran.code == 1


def test_a_command_that_cannot_be_started_gets_one_sentence(tmp_path: Path, root: Path) -> None:
    """No shell is asked, which would have a meaning for the words."""
    words = [sys.executable, "-m", "reqlint", "compat", "--mcp-stdio", "no-such-server; echo started > shell"]
    ran = subprocess.run(words, cwd=tmp_path, env=around(root), capture_output=True, encoding="utf-8", check=False)
    assert ran.returncode == 1
    assert "cannot read <mcp>: the server could not be started: no such file or directory" in ran.stderr
    assert not (tmp_path / "shell").exists()


def test_names_and_values_of_a_server_are_shown_like_those_of_a_file(ask: Asker) -> None:
    """Control characters are escaped and credentials masked, in every format, as payload values are."""
    planted = of_form("OpenAI project", Random(16))  # noqa: S311 - the same in every run
    hostile = f"""
NAME = "\\x1b]0;owned\\x07" + {planted.text!r}
def tools(asked):
    schema = {{"type": "object", "properties": {{"k": {{"type": NAME, "enum": [NAME], "default": NAME}}}}, NAME: 1}}
    print(NAME, file=sys.stderr, flush=True)
    say(id=asked["id"], result={{"tools": [{{"name": NAME, "description": NAME, "inputSchema": schema}}]}})
serve(tools, {{**ABOUT, "serverInfo": {{"name": NAME, "version": NAME}}, "instructions": NAME}})
"""
    for form in ("human", "markdown", "json", "sarif"):
        ran = ask(RAW + hostile, options=("--output-format", form, "--prefix", "{file}__", "-v", "-p", "openai,gemini"))
        assert ran.code in (0, 1)
        assert find_leaks([planted], ran.out + ran.err) == {}, form
        assert "\x1b" not in ran.out + ran.err, form
        assert "\x07" not in ran.out + ran.err, form


# --------------------------------------------------------------------------------------------- nothing is left behind

HOLDS = """
held = os.open("alive", os.O_WRONLY)
child = [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(3600)"]
subprocess.Popen(child, pass_fds=[held], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
"""
"""A server that starts a program, which both hold a pipe open and do not end when they are told to."""


@pytest.fixture
def alive(tmp_path: Path) -> Iterator[int]:
    """Return the reading end of a pipe, which ends when no process of a server is left."""
    os.mkfifo(tmp_path / "alive")
    end = os.open(tmp_path / "alive", os.O_RDONLY | os.O_NONBLOCK)
    yield end
    os.close(end)


def is_gone(end: int) -> bool:
    """Return whether nobody holds the other end any more, waiting for what the system still has to do."""
    select.select([end], [], [], 120)
    return os.read(end, 10) == b""


@pytest.mark.parametrize("text", ["serve()", "raise SystemExit(1)", "print('x')", "serve(lambda asked: None)"])
def test_no_process_of_a_server_is_left(ask: Asker, alive: int, text: str) -> None:
    """Whether it answered or not, the server and the programs that it started are ended."""
    ask(RAW + HOLDS + text, options=("--mcp-timeout", "2"))
    assert is_gone(alive)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_no_process_of_a_server_is_left_when_the_run_is_ended(
    tmp_path: Path, root: Path, alive: int, number: signal.Signals
) -> None:
    """Ctrl-C and the signals that end a program end the server with it, even one that does not listen."""
    stubborn = "signal.signal(signal.SIGTERM, signal.SIG_IGN)\nos.write(held, b'!')\n"
    words = [*command(tmp_path, RAW + HOLDS + stubborn + "signal.pause()"), "--mcp-timeout", "500"]
    # Whoever runs the tests in the background may ignore these signals, which a program would inherit.
    ready = f"import signal; signal.signal({int(number)}, signal.{'default_int_handler' if number == 2 else 'SIG_DFL'})"
    start = f"{ready}; import sys; sys.argv[0] = 'reqlint'; from reqlint.__main__ import main; main()"
    running = subprocess.Popen(
        [words[0], "-c", start, *words[3:]],
        cwd=tmp_path,
        env=around(root),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    select.select([alive], [], [], 240)
    assert os.read(alive, 1) == b"!"
    running.send_signal(number)
    _, err = running.communicate(timeout=240)
    assert running.returncode not in (0, 1)
    assert b"Traceback" not in err, err
    assert is_gone(alive)
