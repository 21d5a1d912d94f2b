"""A headless Chromium that a test drives over two pipes, with the DevTools protocol and no library."""

import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
"""The program of the browser, or None where there is none."""

_LONGEST = 120.0  # seconds until a browser that does not answer is given up
_OPTIONS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe",
    "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

_BECOME = """
import fcntl, os, sys
reads, writes = (fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3])
os.dup2(reads, 3)
os.dup2(writes, 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
# The browser reads commands from file 3 and writes answers to file 4.


class Browser:
    """A running browser; what it is asked and what it tells goes through pipes, a zero byte after each message."""

    def __init__(self, process: "subprocess.Popen[bytes]", reads: int, writes: int) -> None:
        self._process = process
        self._reads, self._writes = reads, writes
        self._unread = b""
        self._number = 0
        self.events: list[dict[str, Any]] = []

    def ask(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """Send a command, and return its result; what happens meanwhile is kept in `events`."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._writes, json.dumps(message).encode() + b"\0")
        while (told := self._read()).get("id") != self._number:
            self.events.append(told)
        assert "error" not in told, (method, told["error"])
        result: dict[str, Any] = told["result"]
        return result

    def _read(self) -> dict[str, Any]:
        deadline = time.monotonic() + _LONGEST
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._reads], [], [], max(0.0, deadline - time.monotonic()))
            piece = os.read(self._reads, 1 << 20) if ready else b""
            assert piece, f"the browser says nothing; it ended with {self._process.poll()}"
            self._unread += piece
        message, _, self._unread = self._unread.partition(b"\0")
        told: dict[str, Any] = json.loads(message)
        return told

    def open(self, url: str, width: int = 1280, height: int = 900) -> "Tab":
        """Open a page in a tab of its own, and wait until it is loaded."""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        tab = Tab(self, self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"])
        for domain in ("Page", "Runtime", "Network", "Log"):
            tab.ask(f"{domain}.enable")
        tab.ask("Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=False, flatten=True)
        tab.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        tab.go(url)
        return tab


class Tab:
    """One page."""

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser = browser
        self._session = session

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command about this page."""
        return self._browser.ask(method, self._session, **parameters)

    def go(self, url: str) -> None:
        """Open another page in this tab, and wait until it is loaded."""
        assert "errorText" not in self.ask("Page.navigate", url=url)
        self.until(f"document.readyState === 'complete' && location.href === new URL({json.dumps(url)}).href")

    def value(self, expression: str, session: str | None = None) -> Any:
        """Return the value of an expression on the page, or of what it promises; *session* is that of a worker."""
        answer = self._browser.ask("Runtime.evaluate", session or self._session, expression=expression,
                                   awaitPromise=True, returnByValue=True)  # fmt: skip
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def until(self, expression: str) -> None:
        """Wait until an expression is true on the page."""
        look = f"const look = () => ({expression}) ? seen(true) : setTimeout(look, 10); look();"
        looking = f"new Promise((seen) => {{ {look} }})"
        while True:
            try:
                assert self.value(looking)
            except AssertionError as failed:
                if "Execution context was destroyed" in str(failed) or "navigated" in str(failed):
                    continue  # the page was being left for the next
                raise
            return

    def type(self, text: str) -> None:
        """Type a text where the cursor stands."""
        self.ask("Input.insertText", text=text)

    def told(self, method: str) -> list[dict[str, Any]]:
        """Return the parameters of all events of a kind so far, of this page and its workers."""
        sessions = {self._session, *self.workers()}
        events = self._browser.events
        return [e["params"] for e in events if e.get("method") == method and e.get("sessionId") in sessions]

    def requested(self) -> set[str]:
        """Return the addresses that were asked for."""
        return {event["request"]["url"] for event in self.told("Network.requestWillBeSent")}

    def complaints(self) -> list[str]:
        """Return the errors that the browser tells: of scripts, and of what the page's policy forbids."""
        errors = [event["entry"]["text"] for event in self.told("Log.entryAdded") if event["entry"]["level"] == "error"]
        return errors + [str(event["exceptionDetails"]) for event in self.told("Runtime.exceptionThrown")]

    def workers(self) -> list[str]:
        """Return the sessions of the page's workers."""
        attached = [
            event["params"]
            for event in self._browser.events
            if event.get("method") == "Target.attachedToTarget" and event.get("sessionId") == self._session
        ]
        return [each["sessionId"] for each in attached if each["targetInfo"]["type"] == "worker"]


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """Start a browser with its profile in *folder*, and end it."""
    assert CHROMIUM
    theirs, writes = os.pipe()
    reads, theirs_too = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", _BECOME, str(theirs), str(theirs_too), CHROMIUM, *_OPTIONS, f"--user-data-dir={folder}"],
        pass_fds=(theirs, theirs_too), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    os.close(theirs_too)
    try:
        yield Browser(process, reads, writes)
    finally:
        process.kill()
        process.wait()
        os.close(reads)
        os.close(writes)


class _Quiet(SimpleHTTPRequestHandler):
    def guess_type(self, path: str | os.PathLike[str]) -> str:
        known = {".wasm": "application/wasm", ".mjs": "text/javascript"}
        return known.get(Path(path).suffix) or super().guess_type(path)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine; give the address of its root."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
