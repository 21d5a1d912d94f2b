"""Check what an OpenAI client, sync or async, is about to send: chat requests and those to the Responses API."""

from collections.abc import Collection

from reqlint.integrations._guard import OnFindings, build_guard
from reqlint.integrations._sdk import Client, guarded_copy, is_client_of

__all__ = ["guard"]


def guard(
    client: Client,
    profile: str = "auto",
    *,
    on_findings: OnFindings = "raise",
    select: Collection[str] = (),
    ignore: Collection[str] = (),
) -> Client:
    """
    Return a copy of *client* that checks each request, as the bytes to send; the original does not change.

    The copy is made by ``client.copy()`` and shares the connections: closing one closes both. Copies made by
    ``with_options`` are guarded too. Each attempt is checked; a refused one is neither retried nor wrapped.

    Args:
        client: an ``OpenAI``, ``AsyncOpenAI`` or Azure client of the openai package, version 1 or newer.
        profile: a profile's name; ``auto`` decides by the host of the client's base URL, then by the model.
        on_findings: ``"raise"`` for `InvalidRequest` at errors, ``"warn"`` to only log them. Warnings are logged as
            such and notes as information by the logger ``reqlint`` in both cases.
        select: rule ids or group names; only these rules are on. All when empty.
        ignore: rule ids or group names that are off.

    Raises:
        UnknownProfile, UnknownRule: no such name; the message has a suggestion.
        TypeError: *client* is not a client of the openai package.
    """
    if not is_client_of(client, "openai"):
        raise TypeError(f"{type(client).__name__} is not a client of the openai package")
    chosen = build_guard(profile, on_findings, select, ignore)
    chosen.prepare(f"{str(getattr(client, 'base_url', '')).rstrip('/')}/chat/completions")
    return guarded_copy(client, chosen)
