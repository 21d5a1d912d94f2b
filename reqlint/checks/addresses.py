"""Whether a server elsewhere can reach the addresses of pictures, sound and files."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.core.findings import Hit
from reqlint.core.pointer import Place
from reqlint.dialects.vocabulary import Dialect

# Patterns are compiled where they are first needed, which most requests never do.
_HOST = r"\s*https?://(?:[^/?#@\s]*@)?(\[[^\]/?#\s]*\]|[^/?#:\s]+)(:[0-9])?"
# A placeholder that is filled in later: {host}, <host>, $HOST, …, ..., %s, IMAGE_URL
_PLACEHOLDER = r"[{}<>$…]|\.\.\.|%[sd]|\A[A-Z0-9]+_[A-Z0-9_]*\Z"
_OWNERS = ("image_url", "video_url", "video", "input_audio", "file", "file_url", "document_url", "source")
_MEMBERS = ("url", "data", "file_data", "file_url")
_ELSEWHERE = (".local", ".internal", ".home.arpa", ".lan", ".intranet")
_MOST_NAMES = 4


@check
def unreachable_address(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every address of a picture, recording or file whose host is the sender's machine or network."""
    for part in dialect.parts(request):
        for place, url in _addresses(part.place, part.value):
            match = re.match(_HOST, url, re.IGNORECASE)
            where = None
            if match and not re.search(_PLACEHOLDER, match[1]):
                where = _where(match[1].lower().rstrip("."), has_port=match[2] is not None)
            if where:
                yield Hit(place, facts={"where": where})


def _addresses(place: Place, part: Mapping[str, Any]) -> Iterator[tuple[Place, str]]:
    """Yield every text at which a part can have an address, with its place; also inside of the answer of a tool."""
    for key in _OWNERS:
        owner = part.get(key)
        if isinstance(owner, str):
            yield (*place, key), owner
        elif isinstance(owner, dict):
            yield from (((*place, key, name), owner[name]) for name in _MEMBERS if isinstance(owner.get(name), str))
        elif isinstance(owner, list):
            yield from (((*place, key, number), each) for number, each in enumerate(owner) if isinstance(each, str))
    inner = part.get("content")
    for number, each in enumerate(inner if isinstance(inner, list) and "tool_use_id" in part else ()):
        if isinstance(each, dict):
            yield from _addresses((*place, "content", number), each)


def _where(host: str, *, has_port: bool = False) -> str | None:
    """Return where a host is, in words, if it is not on the internet; None if it may be."""
    if host.rpartition(".")[2] == "localhost":
        return _HERE
    if host.endswith(_ELSEWHERE):
        return _NEAR
    address = _number(host)
    if address is not None:
        return _where_is(address)
    return _NEAR if has_port and "." not in host else None  # a container's name, such as minio:9000


_HERE = "on this machine"
_NEAR = "in a private network"


def _number(host: str) -> int | str | None:
    """
    Return the number of an IPv4 address, the text of an IPv6 address, and None for a name.

    IPv4 addresses have up to four numbers, each decimal, octal or hexadecimal, of which the last fills what is left
    (https://url.spec.whatwg.org/#concept-ipv4-parser).
    """
    if host.startswith("["):
        return host[1:-1].partition("%")[0]
    parts = host.split(".")
    if len(parts) > _MOST_NAMES or not parts[-1][:1].isdigit():
        return None
    numbers: list[int] = []
    for part in parts:
        if not part.isalnum():
            return None
        base = 16 if part.startswith("0x") else 8 if part.startswith("0") and len(part) > 1 else 10
        try:
            numbers.append(int(part.removeprefix("0x") or "0", base))
        except ValueError:
            return None
    *first, last = numbers
    if any(number > 255 for number in first) or last >= 256 ** (5 - len(numbers)):
        return None
    return last + sum(number << 8 * (3 - place) for place, number in enumerate(first))


def _where_is(address: int | str) -> str | None:
    from ipaddress import ip_address, ip_network  # slow to import, and needed only for hosts that are numbers

    try:
        known = ip_address(address)
    except ValueError:
        return None
    known = getattr(known, "ipv4_mapped", None) or known
    if known.is_loopback or known.is_unspecified:
        return _HERE
    is_near = known.is_link_local or any(known in ip_network(each) for each in _PRIVATE)
    return _NEAR if is_near else None


_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
"""Not the networks that documents use for examples, which stand for addresses on the internet."""
