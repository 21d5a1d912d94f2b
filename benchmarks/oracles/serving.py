"""Start a server on this machine alone, wait until it answers, and stop it."""

import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.oracles.servers import Environment, Server

HOST = "127.0.0.1"
_START_LIMIT = 300  # seconds
_STOP_LIMIT = 20
_MOST_STARTS = 40


class NotUp(Exception):
    """The server ended, or did not answer in time."""


class Running:
    """A server that runs now."""

    def __init__(self, server: Server, at: Environment, log: Path) -> None:
        self._server = server
        self._at = at
        self._log = log
        self._starts = 0
        self.port = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """
        Start the server, or start it again where a request has ended it.

        Raises:
            NotUp: it did not come up, or it has been started too often.
        """
        self.stop()
        self._starts += 1
        if self._starts > _MOST_STARTS:
            raise NotUp(f"requests have ended the server {_MOST_STARTS} times")
        self.port = _free_port()
        with self._log.open("ab") as written:
            self._process = subprocess.Popen(
                self._server.command(self._at, self.port),
                stdout=written,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self._server.environment},
                cwd=self._log.parent,
                start_new_session=True,
            )
        _wait(self._process, self.port, self._server.ready, self._log)

    def has_ended(self) -> bool:
        """Return whether the server is gone, as after a request that it did not survive."""
        return self._process is None or self._process.poll() is not None

    def stop(self) -> None:
        """End the server."""
        if self._process is not None:
            _stop(self._process)


@contextmanager
def running(server: Server, at: Environment, log: Path) -> Iterator[Running]:
    """
    Run *server* while the block lasts; *log* has what it says.

    Raises:
        NotUp: it did not come up.
    """
    log.unlink(missing_ok=True)
    started = Running(server, at, log)
    try:
        started.start()
        yield started
    finally:
        started.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def _wait(process: "subprocess.Popen[bytes]", port: int, ready: str, log: Path) -> None:
    deadline = time.monotonic() + _START_LIMIT
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise NotUp(f"the server ended with status {process.returncode}; see {log}")
        if _answers(port, ready):
            return
        time.sleep(0.2)
    raise NotUp(f"the server did not answer within {_START_LIMIT} s; see {log}")


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """End the server and what it started, which are in a session of their own."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, how)
        except ProcessLookupError:
            break
        try:
            process.wait(_STOP_LIMIT)
        except subprocess.TimeoutExpired:
            continue
    process.wait()
