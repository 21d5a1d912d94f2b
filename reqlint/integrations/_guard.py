"""What every guard asks of an HTTP request that is about to leave: whether it is a chat request, and may go."""

import json
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal, get_args

from reqlint.core.errors import CheckFailed, InvalidRequest
from reqlint.core.findings import Finding, Severity
from reqlint.display.escaping import sanitize
from reqlint.knowledge.profile_choice import AUTO, choose_profile
from reqlint.run.linter import Linter
from reqlint.text.json.reader import read_json

OnFindings = Literal["raise", "warn"]
"""What a request with errors meets: an exception, or only the log."""

LOGGER: Final = logging.getLogger("reqlint")
_ENDPOINT = "/chat/completions"
_LEVELS = {Severity.ERROR: logging.WARNING, Severity.WARNING: logging.WARNING, Severity.NOTE: logging.INFO}


@dataclass(frozen=True, slots=True)
class Guard:
    """
    Judges chat requests on their way out. Immutable, and safe to share between threads.

    Raises:
        UnknownProfile, UnknownRule: no such name; the message has a suggestion.
        ValueError: *on_findings* is neither of its two words.
    """

    profile: str = AUTO  #: a profile's name; ``auto`` goes by the host, then by the model
    on_findings: OnFindings = "raise"
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.on_findings not in get_args(OnFindings):
            raise ValueError(f'on_findings is "{self.on_findings}"; it takes "raise" or "warn"')
        _linter(self.profile, self.select, self.ignore)  # a wrong name should not wait for the first request

    def ready(self, url: str) -> None:
        """Build what requests to *url* will need, so that the first of them does not wait for it."""
        self._linter(url, None)

    def let_pass(self, method: str, url: str, headers: Mapping[str, Any], body: bytes | None) -> None:
        """
        Do nothing when the request may leave as it is; what is worth a word is logged.

        Args:
            method: of the request, in capitals.
            url: the whole URL it goes to.
            headers: looked at only for a body that cannot be read; it must not care for the case of names.
            body: the very bytes that are sent; None when they cannot be known, as with a stream.

        Raises:
            InvalidRequest: it has error-level findings, and the guard was not asked to only warn.
        """
        findings = self.findings(method, url, headers, body)
        if not findings:
            return
        if self.on_findings == "raise" and any(finding.severity is Severity.ERROR for finding in findings):
            raise InvalidRequest(findings)
        for finding in findings:
            LOGGER.log(_LEVELS[finding.severity], "%s", sanitize(str(finding)), extra={"finding": finding})

    def findings(self, method: str, url: str, headers: Mapping[str, Any], body: bytes | None) -> list[Finding] | None:
        """Judge a request; None when it is not for a chat endpoint or cannot be judged. Arguments as `let_pass`."""
        url = url.partition("?")[0]
        if method != "POST" or not url.rstrip("/").endswith(_ENDPOINT):
            return None
        if body is None:
            LOGGER.debug("a request to a chat endpoint was not judged: its body is a stream")
            return None
        try:
            try:
                value = read_json(body)
            except ValueError:
                return self._unread(url, headers, body)
            return self._linter(url, value).check(value)
        except CheckFailed as bug:
            LOGGER.error("a request was sent without being judged: %s", bug)  # a bug of ours should stop nobody
            return None

    def _unread(self, url: str, headers: Mapping[str, Any], body: bytes) -> list[Finding] | None:
        """Judge a body that the fast reader refuses: a key stands twice, or it is not JSON at all."""
        if headers.get("content-encoding", "identity") != "identity":
            LOGGER.debug("a request to a chat endpoint was not judged: its body is compressed")
            return None
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            value = None
        return list(self._linter(url, value).check_text(body, form="json", kind="request").findings)

    def _linter(self, url: str, value: object) -> Linter:
        profile = self.profile
        if profile == AUTO:
            model = value.get("model") if isinstance(value, dict) else None
            profile = choose_profile(url, model if isinstance(model, str) else None).profile
        return _linter(profile, self.select, self.ignore)


def guard_with(profile: str, on_findings: OnFindings, select: Collection[str], ignore: Collection[str]) -> Guard:
    """Make the guard that the arguments of every `guard` function ask for."""
    return Guard(profile, on_findings, tuple(select), tuple(ignore))


@lru_cache(maxsize=64)
def _linter(profile: str, select: tuple[str, ...], ignore: tuple[str, ...]) -> Linter:
    return Linter(profile, select=select, ignore=ignore)
