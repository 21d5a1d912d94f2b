"""The three promised functions that judge one request."""

from functools import cache

from reqlint.core.errors import InvalidRequest
from reqlint.core.findings import Finding, Severity
from reqlint.knowledge.profile_choice import AUTO
from reqlint.run.linter import Linter


@cache
def linter_for(profile: str) -> Linter:
    """Return the linter of a profile with all its rules, built once."""
    return Linter(profile)


def check(request: object, profile: str = AUTO) -> list[Finding]:
    """
    Judge one request: a dict, or a str or bytes that holds one as JSON.

    Raises:
        UnknownProfile: there is no such profile.
    """
    return linter_for(profile).check(request)


def is_valid(request: object, profile: str = AUTO) -> bool:
    """Return whether a request has no error-level finding; otherwise as `check`."""
    return linter_for(profile).is_valid(request)


def ensure_valid(request: object, profile: str = AUTO) -> None:
    """
    Do nothing when a request has no error-level finding; otherwise as `check`.

    Raises:
        InvalidRequest: it has; ``findings`` holds all of them.
    """
    findings = check(request, profile)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise InvalidRequest(findings)
