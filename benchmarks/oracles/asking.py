"""Send requests to a server on this machine, and read its verdicts."""

import http.client
import json
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from typing import Any, NamedTuple

from benchmarks.oracles.servers import TOO_LONG, UNABLE, UNREACHED, Server
from benchmarks.oracles.serving import HOST, Running
from reqlint.run.probing.pools import MODEL


class Outcome(StrEnum):
    """What a server did with a request."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    CRASHED = "crashed"  #: it answered with a fault of its own, or not at all
    APART = "apart"  #: it says nothing of the request: the model is too small, or there is no network


class Verdict(NamedTuple):
    """A server's answer to one request."""

    outcome: Outcome
    status: int
    place: str = ""  #: the pointer that it names, as far as it names one
    says: str = ""  #: its sentence; never stored with the project


LATE = Verdict(Outcome.ACCEPTED, 0)
"""Of a request that is still being answered when the server's time is over; it was not refused."""


def ask_all(server: Server, running: Running, requests: Sequence[Any]) -> list[Verdict]:
    """
    Return the verdict of a server for each request, which is sent once; a server that one ends is started again.

    So is one that does not answer in time, which may be because of another request of those that are under way
    together; these are then sent one by one.
    """
    verdicts: list[Verdict] = []
    with ThreadPoolExecutor(server.at_once) as pool:
        for first in range(0, len(requests), server.at_once):
            some = requests[first : first + server.at_once]
            answers = list(pool.map(lambda request: ask(server, running.port, request), some))
            if LATE in answers and len(some) > 1:
                running.start()
                answers = [_alone(server, running, request) for request in some]
            elif LATE in answers:
                running.start()
            verdicts += answers
            if any(answer.outcome is Outcome.CRASHED for answer in answers) and running.has_ended():
                running.start()
    return verdicts


def _alone(server: Server, running: Running, request: Any) -> Verdict:
    verdict = ask(server, running.port, request)
    if verdict == LATE:
        running.start()
    return verdict


def ask(server: Server, port: int, request: Any) -> Verdict:
    """Return the verdict of the server on *port* for one request."""
    if isinstance(request, dict) and isinstance(request.get("model"), str) and request["model"]:
        request = {
            **request,
            "model": MODEL,
        }  # another name is refused for what was not installed, which no linter knows
    body = json.dumps(request).encode()
    for attempt in (1, 2):
        connection = http.client.HTTPConnection(HOST, port, timeout=server.patience)
        try:
            connection.request("POST", server.path, body, {"content-type": "application/json"})
            answer = connection.getresponse()
            return read_answer(server, answer.status, answer.read().decode("utf-8", "replace"))
        except TimeoutError:
            return LATE
        except (OSError, http.client.HTTPException) as failed:
            if attempt == 2:
                return Verdict(Outcome.CRASHED, 0, says=repr(failed))
        finally:
            connection.close()
    raise AssertionError("one of two attempts returns")


def read_answer(server: Server, status: int, text: str) -> Verdict:
    """Return the verdict in an answer with *status* and *text*, as a whole or as a stream of events."""
    fault = _fault(text)
    if status < 400 and server.given_up and server.given_up.search(text):
        return Verdict(Outcome.REFUSED, status, says=text[-500:])
    if fault is None:
        return Verdict(Outcome.ACCEPTED, status) if status < 400 else Verdict(Outcome.CRASHED, status, says=text[:500])
    if status < 400:
        code = fault.get("code")  # a stream that begins with the fault
        status = code if isinstance(code, int) else 400
    says = str(fault.get("message") or fault.get("detail") or text)[:1500]
    place = pointer_from(fault.get("param"))
    if any(pattern.search(says) for pattern in (UNABLE, UNREACHED, TOO_LONG, server.noise) if pattern):
        return Verdict(Outcome.APART, status, place, says)
    if server.beyond and server.beyond.search(says):
        return Verdict(Outcome.ACCEPTED, status)
    is_told = status < 500 or (server.faults_of_body is not None and server.faults_of_body.search(says))
    return Verdict(Outcome.REFUSED if is_told else Outcome.CRASHED, status, place, says)


def _fault(text: str) -> Mapping[str, Any] | None:
    """Return the object that says what is wrong; None if the answer has none."""
    first, _, _ = text.partition("\n\n")
    if first.startswith("event:"):
        first = first.partition("\n")[2]
    try:
        answer = json.loads(first.removeprefix("data:").removeprefix("error:"))
    except ValueError:
        return None
    if not isinstance(answer, dict):
        return None
    told = "detail" in answer or isinstance(answer.get("message"), str)  # a stream may begin with an empty message
    fault = answer.get("error", answer if told else None)
    return {"message": fault} if isinstance(fault, str) else fault


_STEP = re.compile(r"[a-z_$][A-Za-z0-9_$-]*\Z|[0-9]+\Z")


def pointer_from(param: object) -> str:
    """
    Return the pointer of what a server names with dots: ``body.messages.0.Kind.content`` is ``/messages/0/content``.

    Names of classes, which begin with a capital letter or have brackets, are no steps; what follows one that
    cannot be told from a key is left out.
    """
    if not isinstance(param, str):
        return ""
    steps = param.removeprefix("body.").split(".")
    return "".join(f"/{step}" for step in steps if _STEP.match(step))
