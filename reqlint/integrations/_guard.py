"""The check that all guards make of an HTTP request about to be sent."""

import json
import logging
from collections.abc import Collection, Mapping
from functools import lru_cache, partial
from typing import Any, Final, Literal, get_args

from reqlint.core.errors import CheckFailed, InvalidRequest
from reqlint.core.findings import Finding, Severity
from reqlint.core.records import dataclass
from reqlint.dialects.registry import dialect_of, is_endpoint
from reqlint.display.escaping import sanitize
from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.profile_choice import AUTO, choose_profile
from reqlint.run.judges import errors_of_api
from reqlint.run.linter import Linter
from reqlint.text.json.reader import read_json

OnFindings = Literal["raise", "warn"]
"""What happens to a request with errors: an exception, or only log records."""

LOGGER: Final = logging.getLogger("reqlint")
_BATCHES = "/messages/batches"
_LEVELS = {Severity.ERROR: logging.WARNING, Severity.WARNING: logging.WARNING, Severity.NOTE: logging.INFO}


@dataclass(frozen=True, slots=True)
class Guard:
    """
    Judges requests to LLM APIs before they are sent. Immutable, and safe to share between threads.

    Raises:
        UnknownProfile, UnknownRule: no such name; the message has a suggestion.
        ValueError: *on_findings* is neither of its two words.
    """

    profile: str = AUTO  #: a profile's name; ``auto`` decides by the host, then by the model
    on_findings: OnFindings = "raise"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.on_findings not in get_args(OnFindings):
            raise ValueError(f'on_findings is "{self.on_findings}"; it takes "raise" or "warn"')
        _linter(self.profile, self.select, self.ignore)  # reports a wrong name now, not at the first request

    def prepare(self, url: str) -> None:
        """Build the linter for requests to *url*, so that the first of them does not wait for it."""
        self._linter(url, None)

    def check_outgoing(self, method: str, url: str, headers: Mapping[str, Any], body: bytes | None) -> None:
        """
        Do nothing when the request may be sent; findings are logged.

        Args:
            method: of the request, in capitals.
            url: the whole URL it goes to.
            headers: look-up must ignore the case of names.
            body: the bytes that will be sent; None if they are not known, as with a stream.

        Raises:
            InvalidRequest: it has error-level findings, and *on_findings* is ``"raise"``.
        """
        findings = self.findings(method, url, headers, body)
        if not findings:
            return
        if self.on_findings == "raise" and any(finding.severity is Severity.ERROR for finding in findings):
            raise InvalidRequest(findings)
        for finding in findings:
            LOGGER.log(_LEVELS[finding.severity], "%s", sanitize(str(finding)), extra={"finding": finding})

    def findings(self, method: str, url: str, headers: Mapping[str, Any], body: bytes | None) -> list[Finding] | None:
        """Return the findings; None for another endpoint, or if it cannot be judged. Arguments as `check_outgoing`."""
        url = url.partition("?")[0]
        if method != "POST" or not is_endpoint(url, self._dialect):
            return None
        if body is None:
            LOGGER.debug("a request was not judged: its body is a stream")
            return None
        try:
            try:
                value = read_json(body)
            except ValueError:
                return self._check_slowly(url, headers, body)
            linter = self._linter(url, value)
            if url.endswith(_BATCHES):  # the body holds requests
                return list(linter.check_text(body, form="json").findings)
            return linter.check_sent(value, url, headers)
        except CheckFailed as bug:
            LOGGER.error("a request was sent without being judged: %s", bug)  # a bug of ours must not stop a request
            return None

    def _check_slowly(self, url: str, headers: Mapping[str, Any], body: bytes) -> list[Finding] | None:
        """Judge a body that the fast reader refuses: it has a duplicate key, or is not JSON."""
        if headers.get("content-encoding", "identity") != "identity":
            LOGGER.debug("a request was not judged: its body is compressed")
            return None
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            value = None
        return list(self._linter(url, value).check_text(body, form="json", kind="request").findings)

    @property
    def _dialect(self) -> str | None:
        """The wire shape of the requests that the named profile judges; None for all of them."""
        return None if self.profile == AUTO else _linter(self.profile, self.select, self.ignore).judges.dialect

    def _linter(self, url: str, value: object) -> Linter:
        profile = self.profile
        if profile == AUTO:
            model = value.get("model") if isinstance(value, dict) else None
            choice = _profile_of(url, model if isinstance(model, str) else None, dialect_of(value, url))
            return _linter(choice.profile, self.select, self.ignore, choice.is_borrowed)
        return _linter(profile, self.select, self.ignore)


def build_guard(profile: str, on_findings: OnFindings, select: Collection[str], ignore: Collection[str]) -> Guard:
    """Return the guard for the arguments that every `guard` function takes."""
    return Guard(profile, on_findings, tuple(select), tuple(ignore))


_profile_of = lru_cache(maxsize=1024)(partial(choose_profile, shipped()))


@lru_cache(maxsize=64)
def _linter(profile: str, select: tuple[str, ...], ignore: tuple[str, ...], is_borrowed: bool = False) -> Linter:
    linter = Linter(profile, select=select, ignore=ignore)
    if not is_borrowed:
        return linter
    lowered = dict.fromkeys(errors_of_api(linter.judges.default), Severity.WARNING)
    return Linter(profile, select=select, ignore=ignore, severity=lowered)
