"""The requests that curl commands in a text would send."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from reqlint.core.headers import NO_HEADERS, kept_headers
from reqlint.text.pasted.cmd import read_command
from reqlint.text.pasted.pieces import MappedText, Piece
from reqlint.text.pasted.posix import Command, Word, read_pipeline


class CurlRequest(NamedTuple):
    """What one curl command would send."""

    start: int  #: offset of the command
    end: int
    url: str | None  #: without what only a shell knows; a path alone if that is the host; None if nothing is known
    method: str | None  #: if one is named
    body: MappedText | None  #: None if there is none to read; *reason* says why
    reason: str = ""
    headers: Mapping[str, str] = NO_HEADERS  #: those that change what the body may be


MOST_COMMANDS = 10_000
"""Commands of one text that are read."""


def find_curl(text: str) -> Iterator[CurlRequest]:
    """
    Yield the requests of the curl commands in *text*: in a script, in a terminal's output, in Markdown or in prose.

    The work is bounded by the length of the text, however many quotes it opens and never closes.
    """
    at, left, count = 0, 4 * len(text) + 100_000, 0
    while left > 0 and count <= MOST_COMMANDS and (found := _START.search(text, at)):
        command_at = found.start("command")
        in_backquotes = text.startswith("`", found.start()) and text.find("`", command_at)
        commands = _commands(text, command_at, found["command"], in_backquotes or None)
        curls = [command for command in commands if _is_curl(command)]
        end = max((command.end for command in commands), default=found.end())
        left -= end - command_at + 1
        if not curls:
            at = found.end()
            continue
        before: Command | None = None
        for command in commands:
            if _is_curl(command):
                count += 1
                yield from _requests(command, before)
            before = command
        at = found.end() if any(command.unclosed >= 0 for command in curls) else max(end, found.end())


_START = re.compile(
    r"(?:^[ \t]*+(?:(?:[-\w.@:~/\[\]]{0,80}[$%>]|[-\w.@:~/\[\]]{1,80}#) [ \t]*+)?|[;&|(`!][ \t]*+)"
    r"(?:(?:sudo|time|exec|then|do|else|eval|nohup|env|[A-Za-z_]\w{0,80}=[^\s'\"]{0,200})[ \t]++){0,9}"
    r"(?P<command>(?:/[\w./-]{1,80}/)?curl(?:\.exe)?(?=[ \t\\^])|(?:echo|printf|cat)(?=[ \t\\<]))",
    re.MULTILINE,
)
_CMD = re.compile(r"\S+[ \t]+(?:-\S+[ \t]+)*\^\"|[^\n]{0,4096}\^[ \t]*\r?\n")
_LONGEST_LINE = 4096  # characters that are looked at to tell Windows from other systems
_DOUBLED = re.compile(r'"\{[ \t]*""')


def _commands(text: str, at: int, name: str, end: int | None) -> list[Command]:
    first_line = text[at : at + _LONGEST_LINE].partition("\n")[0]
    doubled = _DOUBLED.search(first_line)
    if "curl" in name and (_CMD.match(text, at) or (doubled and "'" not in first_line[: doubled.start()])):
        return [read_command(text, at)]
    return read_pipeline(text, at, end=None if end is None or end < 0 else end)


def _is_curl(command: Command) -> bool:
    return bool(command.words) and re.fullmatch(r"(?:.*/)?curl(?:\.exe)?", command.words[0].text) is not None


_DATA = {"d": "", "data": "", "data-ascii": "", "data-binary": "", "data-raw": "raw", "json": "json"}
_SHORT_WITH_VALUE = frozenset("AbcCdDeEFHKmoPQrtTuUwxXyYz")
_LONG_WITH_VALUE = frozenset(
    """
    abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type ciphers config connect-timeout connect-to
    continue-at cookie cookie-jar create-file-mode crlfile curves data data-ascii data-binary data-raw data-urlencode
    delegation dns-interface dns-ipv4-addr dns-ipv6-addr dns-servers doh-url dump-header ech egd-file engine
    etag-compare etag-save expand-data expand-url expect100-timeout form form-string ftp-account
    ftp-alternative-to-user ftp-method ftp-port ftp-ssl-ccc-mode happy-eyeballs-timeout-ms haproxy-clientip header
    hostpubmd5 hostpubsha256 hsts interface ip-tos ipfs-gateway json keepalive-cnt keepalive-time key key-type krb
    libcurl limit-rate local-port login-options mail-auth mail-from mail-rcpt max-filesize max-redirs max-time
    netrc-file noproxy oauth2-bearer output output-dir parallel-max parallel-max-host pass pinnedpubkey preproxy proto
    proto-default proto-redir proxy proxy-cacert proxy-capath proxy-cert proxy-cert-type proxy-ciphers proxy-crlfile
    proxy-header proxy-key proxy-key-type proxy-pass proxy-pinnedpubkey proxy-service-name proxy-tls13-ciphers
    proxy-tlsauthtype proxy-tlspassword proxy-tlsuser proxy-user proxy1.0 pubkey quote random-file range rate referer
    request request-target resolve retry retry-delay retry-max-time sasl-authzid service-name sigalgs socks4 socks4a
    socks5 socks5-gssapi-service socks5-hostname speed-limit speed-time ssl-sessions stderr telnet-option tftp-blksize
    time-cond tls-max tls13-ciphers tlsauthtype tlspassword tlsuser trace trace-ascii trace-config unix-socket
    upload-file upload-flags url url-query user user-agent variable vlan-priority write-out
    """.split()  # noqa: SIM905 - a table of words, read at a glance
)  # of curl 7.88.1 (`curl --help all`, read 2026-11-28), and those that its changelog added since
_LONG_OF_SHORT = {"X": "request", "F": "form", "T": "upload-file", "G": "get", "I": "head", "K": "config", ":": "next"}
_UNREADABLE = {
    "data-urlencode": "its body is a form (--data-urlencode)",
    "form": "its body is a form (--form)",
    "form-string": "its body is a form (--form-string)",
    "upload-file": "its body is a file (--upload-file), which is not opened",
    "get": "it sends its data in the URL (--get)",
    "head": "it asks for headers only (--head)",
    "config": "its options are in a file (--config), which is not opened",
    "expand-data": "its body has variables of curl (--expand-data)",
}


def _options(words: tuple[Word, ...]) -> Iterator[tuple[str, Word | None]]:
    """Yield the options of a command by their names, with their values; the name is empty for what is no option."""
    number = 1
    only_urls = False
    while number < len(words):
        word, number = words[number], number + 1
        text = word.text
        if only_urls or not text.startswith("-") or text == "-":
            yield "", word
        elif text == "--":
            only_urls = True
        elif text.startswith("--"):
            name = text[2:]
            takes = name in _LONG_WITH_VALUE
            yield name, words[number] if takes and number < len(words) else None
            number += takes
        else:
            for at, letter in enumerate(text[1:], 2):
                name = _LONG_OF_SHORT.get(letter, letter)
                if letter not in _SHORT_WITH_VALUE:
                    yield name, None
                    continue
                if at < len(text):
                    yield name, _rest_of(word, at)
                else:
                    yield name, words[number] if number < len(words) else None
                    number += 1
                break


def _rest_of(word: Word, at: int) -> Word:
    """Return *word* without its first *at* characters."""
    pieces = []
    for piece in word.pieces:
        if at <= 0:
            pieces.append(piece)
        elif at < len(piece.text) and len(piece.text) == piece.end - piece.start:
            pieces.append(Piece(piece.text[at:], piece.start + at, piece.end, piece.unknown))
        at -= len(piece.text)
    return Word(tuple(pieces), word.start, word.end)


def _requests(command: Command, before: Command | None) -> Iterator[CurlRequest]:
    """Yield the request of a command, and those after each ``--next``."""
    groups: list[list[tuple[str, Word | None]]] = [[]]
    for option in _options(command.words):
        if option[0] == "next":
            groups.append([])
        else:
            groups[-1].append(option)
    for options in groups:
        yield _request(command, options, _stdin_of(command, before))


def _request(command: Command, options: list[tuple[str, Word | None]], stdin: "_Input") -> CurlRequest:
    url: str | None = None
    method: str | None = None
    reason = ""
    data: list[Piece] = []
    headers: list[tuple[str, str]] = []
    has_data = False
    for name, word in options:
        if name in ("", "url") and word is not None:
            url = url or _known_url(word)
        elif name == "request" and word is not None and word.is_certain:
            method = word.text
        elif name in ("H", "header") and word is not None and word.is_certain:
            key, _, value = word.text.partition(":")
            headers.append((key.strip(), value.strip()))
        elif name in _DATA and word is not None:
            pieces, why = _data(word, _DATA[name], stdin, strips=name in ("d", "data", "data-ascii"))
            reason = reason or why
            if has_data and _DATA[name] != "json":
                at = word.start
                data.append(Piece("&", at, at))
            data += pieces
            has_data = True
        elif name in _UNREADABLE:
            reason = reason or _UNREADABLE[name]
    if command.unclosed >= 0 and not reason:
        reason = _UNCLOSED
    if not has_data and not reason:
        reason = "it has no body"
    body = None if reason else MappedText(data)
    return CurlRequest(command.start, command.end, url, method, body, reason, kept_headers(headers))


_FROM_ELSEWHERE = "its body comes from standard input, which is not in the text"
_UNCLOSED = "a quote or heredoc in it does not end"
_Input = tuple[tuple[Piece, ...] | None, str]
"""What a command reads from standard input; None with the reason if that is not known."""


def _stdin_of(command: Command, before: Command | None) -> _Input:
    if command.given is not None:
        return command.given, ""
    if command.unclosed >= 0:
        return None, _UNCLOSED
    if command.is_piped and before is not None and before.words:
        name = before.words[0].text
        if name == "cat" and len(before.words) == 1 and before.given is not None:
            return before.given, ""
        if name == "echo" and len(before.words) == 2 and "\\" not in before.words[1].text:
            word = before.words[1]
            return (*word.pieces, Piece("\n", word.end, word.end)), ""
    return None, _FROM_ELSEWHERE


def _data(word: Word, how: str, stdin: _Input, *, strips: bool) -> tuple[tuple[Piece, ...], str]:
    """Return what an option adds to the body; nothing, and the reason, if that is not in the text."""
    first = word.pieces[0] if word.pieces else None
    if first is None:
        return (), ""
    if first.unknown and len(word.pieces) == 1:
        return (), "its body is what only a shell knows"
    if how != "raw" and first.text.startswith("@"):
        if word.text != "@-":
            return (), "its body is in another file, which is not opened"
        if stdin[0] is None or all(piece.unknown for piece in stdin[0]):
            return (), stdin[1] or _FROM_ELSEWHERE
        return tuple(_without_line_ends(stdin[0]) if strips else stdin[0]), ""
    return word.pieces, ""


def _without_line_ends(pieces: tuple[Piece, ...]) -> Iterator[Piece]:
    """Yield *pieces* without line ends, as ``--data`` reads files."""
    for piece in pieces:
        if piece.unknown or len(piece.text) != piece.end - piece.start:
            if piece.text.strip("\r\n"):
                yield piece
            continue
        for line in re.finditer(r"[^\r\n]+", piece.text):
            yield Piece(line[0], piece.start + line.start(), piece.start + line.end())


def _known_url(word: Word) -> str | None:
    """Return a URL without the host if that is not known."""
    if word.is_certain:
        url = word.text
        return url if "://" in url or url.startswith("/") else f"https://{url}"
    host_known = False
    known = ""
    for piece in word.pieces:
        if not piece.unknown:
            known += piece.text
            continue
        rest = known.partition("://")[2] if "://" in known else known
        host_known = host_known or "/" in rest
        known = known + "0" if host_known else ""  # a stand-in that is no name of an endpoint
    if host_known and known:
        return known if "://" in known else f"https://{known}"
    return "/" + known.partition("/")[2] if "/" in known else None
