"""Random credentials, made when the tests run, so that the repository contains nothing that looks like one."""

import base64
import json
import string
from collections.abc import Iterable, Mapping
from random import Random
from typing import NamedTuple

_ALNUM = string.ascii_letters + string.digits
_URL = _ALNUM + "_-"
_HEX = "0123456789abcdef"
_UPPER = string.ascii_uppercase + string.digits
_BASE64 = _ALNUM + "+/"


class Secret(NamedTuple):
    """A credential, with its kind."""

    kind: str
    text: str
    bodies: tuple[str, ...]  #: its secret parts; the rest of the text only identifies the kind and may be shown


FORMS: Mapping[str, tuple[tuple[str, str, int], ...]] = {
    "OpenAI": (("sk-", _ALNUM, 48),),
    "OpenAI project": (("sk-proj-", _URL, 60),),
    "OpenAI service account": (("sk-svcacct-", _URL, 60),),
    "Anthropic": (("sk-ant-api03-", _URL, 60),),
    "DashScope": (("sk-", _HEX, 32),),
    "OpenRouter": (("sk-or-v1-", _HEX, 64),),
    "AWS key id": (("AKIA", _UPPER, 16),),
    "AWS session key id": (("ASIA", _UPPER, 16),),
    "Alibaba Cloud": (("LTAI5t", _ALNUM, 18),),
    "Google API": (("AIza", _URL, 35),),
    "Google OAuth": (("ya29.", _URL, 60),),
    "Google client secret": (("GOCSPX-", _URL, 28),),
    "GitHub": (("ghp_", _ALNUM, 36),),
    "GitHub OAuth": (("gho_", _ALNUM, 36),),
    "GitHub server": (("ghs_", _ALNUM, 36),),
    "GitHub fine-grained": (("github_pat_", _ALNUM, 22), ("_", _ALNUM, 59)),
    "GitLab": (("glpat-", _URL, 20),),
    "Slack bot": (("xoxb-", string.digits, 12), ("-", string.digits, 12), ("-", _ALNUM, 24)),
    "Slack user": (("xoxp-", string.digits, 12), ("-", _HEX, 32)),
    "Slack webhook": (("https://hooks.slack.com/services/", _UPPER, 9), ("/", _UPPER, 9), ("/", _ALNUM, 24)),
    "Discord webhook": (("https://discord.com/api/webhooks/", string.digits, 18), ("/", _URL, 68)),
    "Stripe": (("sk_live_", _ALNUM, 24),),
    "Stripe restricted": (("rk_live_", _ALNUM, 24),),
    "Twilio": (("SK", _HEX, 32),),
    "Twilio account": (("AC", _HEX, 32),),
    "SendGrid": (("SG.", _URL, 22), (".", _URL, 43)),
    "Mailgun": (("key-", _HEX, 32),),
    "npm": (("npm_", _ALNUM, 36),),
    "PyPI": (("pypi-AgEIcHlwaS5vcmc", _URL, 120),),
    "Hugging Face": (("hf_", _ALNUM, 34),),
    "Replicate": (("r8_", _ALNUM, 37),),
    "Groq": (("gsk_", _ALNUM, 52),),
    "xAI": (("xai-", _ALNUM, 80),),
    "Perplexity": (("pplx-", _ALNUM, 48),),
    "NVIDIA": (("nvapi-", _ALNUM, 64),),
    "JWT": (("eyJ", _URL, 30), (".eyJ", _URL, 60), (".", _URL, 43)),
    "bearer": (("Bearer ", _ALNUM, 40),),
    "basic": (("Basic ", _ALNUM, 32),),
    "password in a URL": (("https://deploy:", _ALNUM, 20), ("@example.com/v1", "", 0)),
    "database URL": (("postgresql://app:", _ALNUM, 24), ("@db.example.com:5432/app", "", 0)),
    "Redis URL": (("redis://:", _ALNUM, 24), ("@cache.example.com", "", 0)),
    "Telegram": (("", "123456789", 10), (":AA", _URL, 33)),
    "Discord": (("M", _ALNUM, 25), (".", _ALNUM, 6), (".", _URL, 38)),
    "DigitalOcean": (("dop_v1_", _HEX, 64),),
    "Shopify": (("shpat_", _HEX, 32),),
    "Databricks": (("dapi", _HEX, 32),),
    "Linear": (("lin_api_", _ALNUM, 40),),
    "Notion": (("secret_", _ALNUM, 43),),
    "Notion, new": (("ntn_", _ALNUM, 46),),
    "Docker": (("dckr_pat_", _URL, 27),),
    "Grafana": (("glsa_", _ALNUM, 32),),
    "Vault": (("hvs.", _ALNUM, 90),),
    "Cloudflare CA": (("v1.0-", _HEX, 24), ("-", _HEX, 146)),
}
"""Credentials with a recognisable form, as parts: a fixed prefix, then the alphabet and length of a secret."""

NAMES: Mapping[str, tuple[str, int]] = {
    "api_key": (_HEX, 32),  # Azure's, among others
    "x-api-key": (_ALNUM, 40),
    "apiKey": (_ALNUM, 32),
    "Ocp-Apim-Subscription-Key": (_HEX, 32),
    "Authorization": (_ALNUM, 40),
    "Proxy-Authorization": (_ALNUM, 40),
    "password": (_ALNUM, 12),
    "passwd": (_ALNUM, 12),
    "cookie": (_ALNUM, 40),
    "Set-Cookie": (_ALNUM, 40),
    "client_secret": (_URL, 40),
    "clientSecret": (_URL, 40),
    "aws_secret_access_key": (_BASE64, 40),
    "AccountKey": (_BASE64, 86),
    "connection_string": (_ALNUM, 60),
    "sessionid": (_ALNUM, 32),
    "session_token": (_ALNUM, 100),
    "signature": (_HEX, 64),
    "X-Amz-Signature": (_HEX, 64),
    "private_key": (_BASE64, 64),
    "X-Auth-Token": (_ALNUM, 40),  # Cloudflare's tokens have no recognisable form
    "refresh_token": (_ALNUM, 40),
}
"""Names of credentials without a recognisable form, with their usual alphabet and length."""


def by_form(random: Random) -> Iterable[Secret]:
    """Yield one credential of every kind that has a recognisable form."""
    for kind, parts in FORMS.items():
        pairs = [(prefix, "".join(random.choices(letters, k=size)) if size else "") for prefix, letters, size in parts]
        yield Secret(kind, "".join(prefix + body for prefix, body in pairs), tuple(body for _, body in pairs))
    for kind in ("RSA", "OPENSSH", "EC", ""):
        body = base64.b64encode(random.randbytes(600)).decode()
        lines = [body[at : at + 64] for at in range(0, len(body), 64)]
        label = f"{kind} PRIVATE KEY".strip()
        dashes = "-" * 5
        text = "\n".join([f"{dashes}BEGIN {label}{dashes}", *lines, f"{dashes}END {label}{dashes}"])
        yield Secret(f"{kind} private key", text, tuple(lines))
    account = json.dumps({"type": "service_account", "private_key": text, "client_id": "1"})
    yield Secret("Google service account", account, tuple(lines))


def by_name(random: Random) -> Iterable[Secret]:
    """Yield one credential for every name; each has a letter and a digit, as random ones nearly always do."""
    for name, (letters, size) in NAMES.items():
        body = "".join(random.choices(letters, k=size - 2)) + "a1"
        yield Secret(name, body, (body,))


def find_leaks(secrets: Iterable[Secret], output: str, run: int = 6) -> dict[str, str]:
    """
    Return the kinds whose secret characters occur in *output*, *run* of them in a row, with the first occurrence.

    Hexadecimal digits count only in runs of four more, because fingerprints contain short runs by chance.
    """
    found: dict[str, str] = {}
    for length, of_digits in ((run, False), (run + 4, True)):
        pieces = {
            piece: secret.kind
            for secret in secrets
            for body in secret.bodies
            for at in range(len(body) - length + 1)
            if set(piece := body[at : at + length]).issubset(_HEX) is of_digits
        }
        for at in range(len(output) - length + 1):
            if (piece := output[at : at + length]) in pieces:
                found.setdefault(pieces[piece], output[max(0, at - 60) : at + 60])
    return found
