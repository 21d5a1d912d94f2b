"""Random credentials, made when the tests run, so that the repository contains nothing that looks like one."""

import base64
import json
import re
import string
from collections.abc import Iterable, Mapping
from functools import lru_cache
from random import Random
from typing import NamedTuple

_ALNUM = string.ascii_letters + string.digits
_URL = _ALNUM + "_-"
_HEX = "0123456789abcdef"
_UPPER = string.ascii_uppercase + string.digits
_BASE64 = _ALNUM + "+/"
_SMALL = string.ascii_lowercase + string.digits


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
    "Google OAuth": (("ya29.", _URL + ".", 60),),
    "Google client secret": (("GOCSPX-", _URL, 28),),
    "GitHub": (("ghp_", _ALNUM, 36),),
    "GitHub OAuth": (("gho_", _ALNUM, 36),),
    "GitHub server": (("ghs_", _ALNUM, 36),),
    "GitHub fine-grained": (("github_pat_", _ALNUM, 22), ("_", _ALNUM, 59)),
    "GitLab": (("glpat-", _URL, 20),),
    "GitLab runner": (("GR1348941", _URL, 20),),
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
    "NVIDIA": (("nvapi-", _URL, 64),),
    "JWT": (("eyJ", _URL, 30), (".eyJ", _URL, 60), (".", _URL, 43)),
    "bearer": (("Bearer ", _ALNUM, 40),),
    "basic": (("Basic ", _ALNUM, 32),),
    "password in a URL": (("https://deploy:", _ALNUM, 20), ("@example.com/v1", "", 0)),
    "database URL": (("postgresql://app:", _ALNUM, 24), ("@db.example.com:5432/app", "", 0)),
    "Redis URL": (("redis://:", _ALNUM, 24), ("@cache.example.com", "", 0)),
    "Telegram": (("8123456790:AA", _URL, 33),),  # what is before the colon is the number of the bot, and public
    "Discord": (("M", _ALNUM, 25), (".", _ALNUM, 6), (".", _URL, 38)),
    "DigitalOcean": (("dop_v1_", _HEX, 64),),
    "Shopify": (("shpat_", _HEX, 32),),
    "Databricks": (("dapi", _HEX, 32),),
    "Linear": (("lin_api_", _ALNUM, 40),),
    "Notion": (("secret_", _ALNUM, 43),),
    "Notion, new": (("ntn_", _ALNUM, 46),),
    "Docker": (("dckr_pat_", _URL, 27),),
    "Grafana": (("glsa_", _ALNUM, 32),),
    "Vault": (("hvs.", _URL, 90),),
    "Cloudflare CA": (("v1.0-", _HEX, 24), ("-", _HEX, 146)),
    "small letters after sk": (("sk-", string.ascii_lowercase, 48),),
    "LiteLLM": (("sk-", _URL, 22),),
    "joined to a word": (("my-sk-", _ALNUM, 48),),
    "joined to a letter": (("xsk-", _ALNUM, 48),),
    "OpenAI session": (("sess-", _ALNUM, 40),),
    "Helicone": (("sk-helicone-", _SMALL, 7), ("-", _SMALL, 7), ("-", _SMALL, 7), ("-", _SMALL, 7)),
    "ElevenLabs": (("sk_", _HEX, 48),),
    "Together": (("tgp_v1_", _URL, 43),),
    "Tavily": (("tvly-", _ALNUM, 32),),
    "Tavily, development": (("tvly-dev-", _ALNUM, 32),),
    "Cerebras": (("csk-", _SMALL, 48),),
    "Fireworks": (("fw_", _ALNUM, 24),),
    "Jina": (("jina_", _ALNUM, 60),),
    "Firecrawl": (("fc-", _HEX, 32),),
    "Hugging Face organization": (("api_org_", string.ascii_letters, 34),),
    "Hugging Face, letters": (("hf_", string.ascii_letters, 34),),
    "Pinecone": (("pcsk_", _ALNUM, 5), ("_", _ALNUM, 63)),
    "LangSmith": (("lsv2_pt_", _HEX, 32), ("_", _HEX, 10)),
    "LangSmith service": (("lsv2_sk_", _HEX, 32), ("_", _HEX, 10)),
    "Voyage": (("pa-", _URL, 43),),
    "Vercel": (("vck_", _ALNUM, 56),),
    "Weights & Biases": (("wandb_v1_", _ALNUM, 27), ("_", _ALNUM, 49)),
    "Volcengine Ark": (("ark-", _HEX, 8), ("-", _HEX, 4), ("-", _HEX, 4), ("-", _HEX, 4), ("-", _HEX, 12)),
    "Baidu Qianfan": (("bce-v3/ALTAK-", _ALNUM, 21), ("/", _HEX, 40)),
    "Zhipu": (("", _HEX, 32), (".", _ALNUM, 16)),
    "AWS Bedrock": (("ABSK", _BASE64, 128),),
    "AWS Bedrock, short-lived": (("bedrock-api-key-", _BASE64, 120),),
    "AWS service": (("ABIA", _UPPER, 16),),
    "Google AI Studio": (("AQ.", _URL, 40),),
    "Google refresh": (("1//0", _URL, 60),),
    "Azure AD": (("", _ALNUM, 3), ("8Q~", _URL + ".~", 34)),
    "1Password": (("ops_eyJ", _BASE64, 250),),
    "Doppler": (("dp.pt.", _ALNUM, 43),),
    "Fly.io": (("fo1_", _URL, 43),),
    "Heroku": (("HRKU-AA", _URL, 58),),
    "PlanetScale": (("pscale_tkn_", _URL, 43),),
    "Supabase": (("sbp_", _HEX, 40),),
    "Grafana cloud": (("glc_", _BASE64, 100),),
    "Sentry": (("sntryu_", _HEX, 64),),
    "Postman": (("PMAK-", _HEX, 24), ("-", _HEX, 34)),
    "Sendinblue": (("xkeysib-", _HEX, 64), ("-", _ALNUM, 16)),
    "Square": (("sq0atp-", _URL, 22),),
    "Resend": (("re_", _ALNUM, 8), ("_", _ALNUM, 24)),
    "Linear OAuth": (("lin_oauth_", _HEX, 64),),
    "Harness": (("pat.", _URL, 22), (".", _ALNUM, 24), (".", _ALNUM, 20)),
    "Terraform": (("", _ALNUM, 14), (".atlasv1.", _URL, 67)),
    "token in a URL": (("https://", _ALNUM, 40), ("@git.example.com/a", "", 0)),
    "key in a query": (("https://h.example/v1?key=", _URL, 40),),
    "code in a query": (("https://h.example/api/f?code=", _ALNUM, 52), ("==", "", 0)),
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
    "AZURE_OPENAI_KEY": (_HEX, 32),
    "openai_key": (_ALNUM, 32),
    "stripe_key": (_ALNUM, 32),
    "x-functions-key": (_ALNUM, 54),
    "auth": (_ALNUM, 20),
    "bearer": (_ALNUM, 20),
    "creds": (_ALNUM, 20),
    "app_key": (_ALNUM, 20),
    "appkey": (_ALNUM, 20),
    "private_key_pem": (_BASE64, 64),
    "pw": (_ALNUM, 12),
    "root_pw": (_ALNUM, 12),
    "DB_PASS": (_ALNUM, 12),
    "otp": (string.digits, 8),
    "database_url": (_ALNUM, 40),
    "webhook_url": (_ALNUM, 40),
}
"""Names of credentials without a recognisable form, with their usual alphabet and length."""


def of_form(kind: str, random: Random) -> Secret:
    """Return a credential of a kind that has a recognisable form; its characters are any of the form's alphabet."""
    pairs = [
        (prefix, "".join(random.choices(letters, k=size)) if size else "") for prefix, letters, size in FORMS[kind]
    ]
    return Secret(kind, "".join(prefix + body for prefix, body in pairs), tuple(body for _, body in pairs))


def by_form(random: Random) -> Iterable[Secret]:
    """Yield one credential of every kind that has a recognisable form."""
    for kind in FORMS:
        yield of_form(kind, random)
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
    secrets = tuple(secrets)
    for length, of_digits in ((run, False), (run + 4, True)):
        pieces, words = _pieces(secrets, length, of_digits)
        for word in dict.fromkeys(words.findall(output)):  # a report repeats most of them
            for at in range(len(word) - length + 1):
                if (piece := word[at : at + length]) in pieces:
                    place = output.index(piece)
                    found.setdefault(pieces[piece], output[max(0, place - 60) : place + 60])
    return found


@lru_cache(maxsize=8)
def _pieces(secrets: tuple[Secret, ...], length: int, of_digits: bool) -> tuple[dict[str, str], re.Pattern[str]]:
    """Return what may not occur, with its kind, and a pattern for all words in which it could."""
    pieces = {
        piece: secret.kind
        for secret in secrets
        for body in secret.bodies
        for at in range(len(body) - length + 1)
        if set(piece := body[at : at + length]).issubset(_HEX) is of_digits
    }
    letters = "".join(sorted({letter for piece in pieces for letter in piece}))
    return pieces, re.compile(f"[{re.escape(letters)}]{{{length},}}" if letters else "(?!)")
