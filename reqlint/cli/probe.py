"""The command that asks a server which requests it takes, and compares a profile with its answers."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reqlint import __version__
from reqlint.cli import streams
from reqlint.cli.commands import Listing, OneOf, StrictCommand, WholeNumber
from reqlint.cli.options import human_or_json
from reqlint.cli.terminal import CLEAN, FOUND, NOTHING, is_unicode, write_stderr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reqlint.cli.probe_sending import Address, Connection
    from reqlint.run.probing.mutations import Mutation
    from reqlint.run.probing.probe import Exchange

_HELP = """\
Ask a server which requests it takes, and compare a profile with its answers.

Sends small chat requests, most of them with one mistake, to the server that you name, one after the other. Nothing of
yours is in them. A server on this machine is asked at once, any other one only with --yes-send. No other command of
reqlint sends anything.

Exit codes: 0 the server was asked, 1 it could not be asked everything or agrees less than --fail-under, 2 usage or
internal error, 3 no answer says anything about a request."""

_IN_A_ROW = 3
"""So many answers in a row that speak of the account or the load, or that do not come, end a run."""


def _profiles(_: click.Context | None, __: click.Parameter | None, typed: str) -> list[str]:
    from reqlint.knowledge.catalog import shipped

    return [name for name in shipped().profiles_in("openai-chat") if name.startswith(typed)]


@click.command(cls=StrictCommand, help=_HELP)
@click.option("--server", required=True, metavar="URL", help="Base address, such as http://127.0.0.1:8000/v1.")
@click.option(
    "-p",
    "--profile",
    cls=Listing,
    names=lambda: _profiles(None, None, ""),
    required=True,
    metavar="PROFILE",
    shell_complete=_profiles,
    help="Profile of the server's API:",
)
@click.option("--model", metavar="NAME", help="Model to ask. By default the first one that the server lists.")
@click.option(
    "--count", type=WholeNumber(1, 10_000), default=200, show_default=True, help="Number of requests to send."
)
@click.option(
    "--seed", type=WholeNumber(0, 2**31), default=1, show_default=True, help="Which requests: the same for a seed."
)
@click.option("--key-from", "variable", metavar="VARIABLE", help="Environment variable that holds the server's key.")
@click.option("--yes-send", is_flag=True, help="Send to a server that is not this machine. It may cost money.")
@click.option(
    "--limit-key",
    type=OneOf(["max_tokens", "max_completion_tokens"]),
    default="max_tokens",
    show_default=True,
    help="Key that keeps answers short where a request has none.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True, max=600),
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="Time for each answer.",
)
@click.option("--pairs", metavar="FILE", type=click.Path(), help="Write the disagreements here, for reqlint audit.")
@click.option("--force", is_flag=True, help="Replace the file of --pairs.")
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Exit with code 1 when server and profile agree on less than this share.",
)
@human_or_json
def probe(
    server: str,
    profile: str,
    model: str | None,
    count: int,
    seed: int,
    variable: str | None,
    yes_send: bool,
    limit_key: str,
    timeout: float,
    pairs: str | None,
    force: bool,
    fail_under: float | None,
    form: str,
) -> None:
    """Run ``reqlint probe``."""
    from reqlint.cli.probe_sending import Connection, NoAnswer, address_of, need_httpx
    from reqlint.reporters.probe import Asked, as_json, as_text
    from reqlint.run.linter import Linter
    from reqlint.run.probing.mutations import mutations
    from reqlint.run.probing.probe import compare

    linter = Linter(profile)
    if linter.judges.default.dialect.name != "openai-chat":
        raise click.UsageError(f"{profile} is no API of chat requests in OpenAI's shape, which is what probe sends")
    address = address_of(server)
    key = _key(variable, address)
    if not address.is_here and not yes_send:
        raise click.UsageError(
            f"{address.host} is not this machine, and {count:,} requests would be sent there; --yes-send allows it"
        )
    if pairs is not None and not force and os.path.lexists(pairs):
        raise click.UsageError(f"{pairs} exists; add --force to replace it")
    need_httpx()
    asking = _Asking(limit_key, bounded=not address.is_here)
    try:
        with Connection(address, key, timeout) as connection:
            asking.model = model or connection.first_model()
            exchanges = tuple(asking.each(connection, mutations(seed, count)))
    except NoAnswer as failed:
        write_stderr(f"error: {address.url}: {failed}")
        sys.exit(FOUND)
    result = compare(linter, exchanges)
    asked = Asked(address.url, asking.model, seed, asking.left_out, asking.stopped)
    if pairs is not None:
        _write(Path(pairs), result.pairs(), force=force)
    if form == "json":
        streams.print_text(as_json(result, asked, __version__) + "\n")
    else:
        streams.print_text(as_text(result, asked, is_unicode(streams.stdout())))
    if asking.stopped:
        write_stderr(f"error: {address.url}: {asking.stopped}")
    agree, decided = result.agreement
    is_under = fail_under is not None and decided > 0 and 100 * agree / decided < fail_under
    sys.exit(FOUND if asking.stopped or is_under else CLEAN if decided else NOTHING)


class _Asking:
    """Sends mutations, and stops when the server does not speak of them."""

    def __init__(self, limit_key: str, *, bounded: bool) -> None:
        self.model = ""
        self.left_out = 0
        self.stopped: str | None = None
        self._limit_key, self._bounded = limit_key, bounded

    def each(self, connection: "Connection", made: "list[Mutation]") -> "Iterator[Exchange]":
        """Yield what was sent and what came back, in order."""
        from reqlint.cli.probe_sending import NoAnswer
        from reqlint.run.probing.probe import Exchange
        from reqlint.run.probing.tiny import asking

        in_a_row = 0
        for number, mutation in enumerate(made):
            request = asking(mutation, self.model, self._limit_key, bounded=self._bounded)
            if request is None:
                self.left_out += 1
                continue
            try:
                answered = connection.ask(request)
            except NoAnswer as failed:
                if not number:
                    raise
                self.stopped = f"stopped after {number:,} of {len(made):,} requests: {failed}"
                return
            yield Exchange(mutation, request, answered.status, answered.body)
            in_a_row = in_a_row + 1 if answered.status in (None, 401, 402, 403, 404, 429, 502, 503) else 0
            if in_a_row == _IN_A_ROW:
                said = "did not come" if answered.status is None else f"had status {answered.status}"
                self.stopped = (
                    f"stopped after {number + 1:,} of {len(made):,} requests: {in_a_row} answers in a row {said}"
                )
                return


def _key(variable: str | None, address: "Address") -> str | None:
    """Return the key in an environment variable; None if none is named."""
    if variable is None:
        return None
    key = os.environ.get(variable, "").strip()
    if not key:
        raise click.UsageError(f"--key-from: the environment variable {variable} is not set")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise click.UsageError(f"--key-from: {variable} holds characters that no key has")
    if not address.is_secret:
        raise click.UsageError(f"a key for {address.host} could be read on its way; use https")
    return key


def _write(path: Path, lines: "Iterator[str]", *, force: bool) -> None:
    from reqlint.text.atomic_write import Replacement

    with Replacement(path, new=not force) as out:
        out.file.writelines(f"{line}\n".encode() for line in lines)
        out.commit()
