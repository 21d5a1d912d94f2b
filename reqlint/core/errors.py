"""
Exceptions.

    ReqlintError
    ├── InvalidRequest        a request has error-level findings (raised by ensure_valid and guards)
    ├── UnknownName           no rule, group, profile, format or setting of this name; carries a suggestion
    │   ├── UnknownProfile
    │   └── UnknownRule
    ├── BadData               a rule, profile or configuration file is not what it should be
    ├── NotWritten            a file could not be written, and what was there is as it was
    └── CheckFailed           a bug in a check of ours, with the rule and where it happened
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reqlint.core.findings import Finding


class ReqlintError(Exception):
    """Base of everything reqlint raises on purpose."""


class InvalidRequest(ReqlintError, ValueError):
    """A request has error-level findings; they are in ``findings``, with the warnings and notes beside them."""

    def __init__(self, findings: "Sequence[Finding]") -> None:
        super().__init__(findings)
        self.findings = list(findings)

    def __str__(self) -> str:
        from reqlint.display.escaping import sanitize

        errors = [f for f in self.findings if f.severity == "error"]
        lines = [f"  {sanitize(f.path) or 'request'}: {sanitize(f.message)} [{f.rule}]" for f in errors]
        return "\n".join([f"the request has {len(errors)} error{'s' * (len(errors) != 1)}", *lines])


_MOST_NAMES = 24  # in a message; more are a page of their own
_LONGEST_NAME = 200  # characters; what is longer was not meant to be one


class UnknownName(ReqlintError, LookupError):
    """A name that is not among the known ones."""

    kind = "name"

    def __init__(self, name: str, known: Iterable[str] = ()) -> None:
        super().__init__(name)
        self.name = name
        self.known = sorted(known)

    @property
    def suggestion(self) -> str | None:
        """The known name that was probably meant."""
        from difflib import get_close_matches  # slow to import, and needed for a mistake only

        return next(iter(get_close_matches(self.name, self.known, n=1, cutoff=0.6)), None)

    def __str__(self) -> str:
        from reqlint.display.escaping import sanitize

        unknown = f'no {self.kind} "{sanitize(self.name[:_LONGEST_NAME])}{"…" * (len(self.name) > _LONGEST_NAME)}"'
        if len(self.name) <= _LONGEST_NAME and self.suggestion:
            return f'{unknown}; did you mean "{sanitize(self.suggestion)}"?'
        if len(self.known) > _MOST_NAMES:
            return f"{unknown}, and none like it"
        if self.known:
            return f"{unknown}; there is {sanitize(', '.join(self.known))}"
        return unknown

    def __reduce__(self) -> tuple[type["UnknownName"], tuple[str, list[str]]]:
        return type(self), (self.name, self.known)


class UnknownProfile(UnknownName):
    """There is no profile of this name."""

    kind = "profile"


class UnknownRule(UnknownName):
    """There is no rule or group of this name."""

    kind = "rule"


class BadData(ReqlintError, ValueError):
    """A rule, profile or configuration file says something it cannot mean; names the file and the place in it."""

    def __init__(self, file: str, where: str, what: str) -> None:
        super().__init__(file, where, what)
        self.file, self.where, self.what = file, where, what

    def __str__(self) -> str:
        from reqlint.display.escaping import sanitize

        return sanitize(f"{self.file}: {self.where + ': ' if self.where else ''}{self.what}")


class CheckFailed(ReqlintError, RuntimeError):
    """A check raised; a bug in reqlint, never the payload's fault."""

    def __init__(self, rule: str, source: str | None, cause: BaseException | str) -> None:
        super().__init__(rule, source, cause)
        self.rule, self.source, self.cause = rule, source, cause

    def __str__(self) -> str:
        from reqlint.display.escaping import sanitize

        on = f" on {sanitize(self.source)}" if self.source else ""
        return f"internal error in rule {self.rule}{on} (this is a bug in reqlint): {self._kind}"

    @property
    def _kind(self) -> str:
        return self.cause if isinstance(self.cause, str) else type(self.cause).__name__

    def __reduce__(self) -> tuple[type["CheckFailed"], tuple[str, str | None, str]]:
        return CheckFailed, (self.rule, self.source, self._kind)  # what caused it may not survive the way


class NotWritten(ReqlintError):
    """A file could not be written; what was there is as it was."""

    def __str__(self) -> str:
        from reqlint.display.escaping import sanitize

        return sanitize(super().__str__())


class WorkerLost(ReqlintError):
    """A process that judged for this one ended before it was done."""

    def __str__(self) -> str:
        return (
            "a worker process ended before it was done, as one does that is killed or runs out of memory; "
            "nothing is known of what it was judging; --jobs 1 judges in one process"
        )
