"""Check what LiteLLM is about to send, in the form that it sends it to each provider."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from litellm.integrations.custom_logger import CustomLogger

from reqlint.core.errors import InvalidRequest
from reqlint.core.findings import Finding
from reqlint.dialects.registry import is_endpoint
from reqlint.integrations._guard import OnFindings, build_guard

__all__ = ["Callback", "StoppedRequest"]

_OF_THE_SDK = ("extra_body", "extra_headers", "extra_query", "timeout", "api_base")
"""Arguments of a client of the openai package that LiteLLM keeps with the body; the first is merged into it."""


class StoppedRequest(BaseException):
    """
    A request was not sent, because it has errors.

    No subclass of Exception, unlike `InvalidRequest`: LiteLLM logs and forgets every exception that a callback raises.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(str(InvalidRequest(findings)))
        self.findings = list(findings)  #: all findings of the request


class Callback(CustomLogger):
    """
    A callback of LiteLLM, sync and async, that checks each request as it will be sent.

    Add it to ``litellm.callbacks``. Calls of ``completion``, ``acompletion``, ``responses`` and ``aresponses`` are
    checked, streams too, after LiteLLM has translated them; each attempt of a retried call is.

    Args:
        profile: a profile's name; ``auto`` decides by the URL of each request, then by the model.
        on_findings: ``"raise"`` for `StoppedRequest` at errors, ``"warn"`` to only log them. Warnings are logged as
            such and notes as information by the logger ``reqlint`` in both cases.
        select: rule ids or group names; only these rules are on. All when empty.
        ignore: rule ids or group names that are off.

    Raises:
        UnknownProfile, UnknownRule: no such name; the message has a suggestion.
    """

    def __init__(
        self,
        profile: str = "auto",
        *,
        on_findings: OnFindings = "raise",
        select: Collection[str] = (),
        ignore: Collection[str] = (),
    ) -> None:
        super().__init__()
        self.guard = build_guard(profile, on_findings, select, ignore)

    def log_pre_api_call(self, model: str, messages: object, kwargs: Mapping[str, Any]) -> None:  # noqa: ARG002
        """
        Check a request; LiteLLM calls this with all that it knows of it.

        Raises:
            StoppedRequest: it has errors.
        """
        sent = kwargs.get("additional_args") or {}
        body, url = _body(sent.get("complete_input_dict")), str(sent.get("api_base") or "")
        if body is None:
            return
        if not is_endpoint(url) and "messages" in body:
            url = f"{url.rstrip('/')}/chat/completions"  # of a client of the openai package, which adds it
        headers = {str(name).lower(): value for name, value in (sent.get("headers") or {}).items()}
        try:
            written = json.dumps(body).encode()
        except (TypeError, ValueError):
            return  # a body that is no JSON: a file, a model
        try:
            self.guard.check_outgoing("POST", url, headers, written)
        except InvalidRequest as refused:
            raise StoppedRequest(refused.findings) from None


def _body(given: object) -> Mapping[str, Any] | None:
    """Return the body that will be sent; None if it is none of JSON."""
    if isinstance(given, str | bytes):
        try:
            given = json.loads(given)
        except ValueError:
            return None
    if not isinstance(given, Mapping):
        return None
    extra = given.get("extra_body")
    body = {key: value for key, value in given.items() if key not in _OF_THE_SDK}
    return {**body, **extra} if isinstance(extra, Mapping) else body
