"""
Exceptions.

    ReqlintError
    ├── InvalidRequest        a request has error-level findings (raised by ensure_valid and guards)
    ├── UnknownName           no rule, group, profile, format or setting has this name; carries a suggestion
    │   ├── UnknownProfile
    │   └── UnknownRule
    ├── BadData               a rule, profile or configuration file cannot be used
    ├── NotWritten            a file could not be written, and is unchanged
    │   └── InputChanged      an input was changed by somebody else while it was read
    ├── WorkerLost            a worker process ended early
    └── CheckFailed           a bug in one of reqlint's checks
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reqlint.core.findings import Finding


class ReqlintError(Exception):
    """Base of everything reqlint raises on purpose."""


class InvalidRequest(ReqlintError, ValueError):
    """A request has error-level findings; ``findings`` has them, and its warnings and notes."""

    def __init__(self, findings: "Sequence[Finding]") -> None:
        super().__init__(findings)
        self.findings = list(findings)

    def __str__(self) -> str:
        from reqlint.display.escaping import sanitize

        errors = [finding for finding in self.findings if finding.severity == "error"]
        lines = [f"  {sanitize(each.path) or 'request'}: {sanitize(each.message)} [{each.rule}]" for each in errors]
        return "\n".join([f"the request has {len(errors)} error{'s' * (len(errors) != 1)}", *lines])


_MOST_NAMES = 24  # that a message lists
_LONGEST_NAME = 200  # characters; anything longer was not meant as a name


class UnknownName(ReqlintError, LookupError):
    """There is nothing of this name; ``known`` has the names that there are."""

    kind = "name"
    lists_all = False  #: whether the message lists all names even if one of them is close

    def __init__(self, name: str, known: Iterable[str] = ()) -> None:
        super().__init__(name)
        self.name = name
        self.known = sorted(known)

    @property
    def suggestion(self) -> str | None:
        """The known name that was probably meant, if one is close."""
        from difflib import get_close_matches  # slow to import, and only needed for a mistake

        return next(iter(get_close_matches(self.name, self.known, n=1, cutoff=0.6)), None)

    def __str__(self) -> str:
        from reqlint.display.escaping import sanitize

        unknown = f'no {self.kind} "{sanitize(self.name[:_LONGEST_NAME])}{"…" * (len(self.name) > _LONGEST_NAME)}"'
        if len(self.name) <= _LONGEST_NAME and self.suggestion:
            meant = f'{unknown}; did you mean "{sanitize(self.suggestion)}"?'
            return f"{meant} Known: {sanitize(', '.join(self.known))}" if self.lists_all else meant
        if len(self.known) > _MOST_NAMES and not self.lists_all:
            return f"{unknown}, and none like it"
        if self.known:
            return f"{unknown}; known: {sanitize(', '.join(self.known))}"
        return unknown

    def __reduce__(self) -> tuple[type["UnknownName"], tuple[str, list[str]]]:
        return type(self), (self.name, self.known)


class UnknownProfile(UnknownName):
    """There is no profile of this name."""

    kind = "profile"
    lists_all = True


class UnknownRule(UnknownName):
    """There is no rule or group of this name."""

    kind = "rule"


class BadData(ReqlintError, ValueError):
    """A rule, profile or configuration file cannot be used; names the file, the place in it and the reason."""

    def __init__(self, file: str, where: str, what: str) -> None:
        super().__init__(file, where, what)
        self.file, self.where, self.what = file, where, what

    def __str__(self) -> str:
        from reqlint.display.escaping import sanitize

        return sanitize(f"{self.file}: {self.where + ': ' if self.where else ''}{self.what}")


class CheckFailed(ReqlintError, RuntimeError):
    """A check raised: a bug in reqlint, never the payload's fault."""

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
        return CheckFailed, (self.rule, self.source, self._kind)  # the exception may not be picklable


class NotWritten(ReqlintError):
    """A file could not be written, and its content is unchanged."""

    def __str__(self) -> str:
        from reqlint.display.escaping import sanitize

        return sanitize(super().__str__())


class InputChanged(NotWritten):
    """An input was changed by somebody else while it was read, so nothing is known of it."""


class WorkerLost(ReqlintError):
    """A worker process ended before it was done."""

    def __str__(self) -> str:
        return (
            "a worker process ended before it was done, as one does that is killed or runs out of memory; "
            "nothing is known of what it was judging; --jobs 1 judges in one process"
        )
