"""
Find credentials, by their form or by the name beside them, and mask them.

Masking is broader than the rule ``credential-in-request``: text masked by mistake costs a look into the file, a wrong
finding costs trust. Prose, code, hashes, UUIDs, pictures and names are left alone, and so is a bare word of random
letters, because neither its form nor a name tells it from those.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from reqlint.display.shown import Masked, ellipsis

# The letter of a JSON escape, as in \nsk-…, is not part of the word that follows.
_BEGIN = r"(?:(?<![A-Za-z0-9-])|(?<=--)|(?<=\\[bfnrt])|(?<=\\u[0-9a-fA-F]{4})|(?<=%[0-9A-F]{2}))"

_PREFIX_AND_SECRET = (
    # OpenAI and similar, Stripe's publishable keys, Langfuse; not the name of a tool, which has only small letters.
    (r"[srp]k-(?:(?:proj|svcacct|admin|ant|or|ws|lf)-)", r"[\w-]{8,}"),
    (r"[srp]k-", r"(?:[A-Za-z]{1,12}-){0,4}(?=[A-Za-z]*[0-9])[A-Za-z0-9]{8,}[\w-]*"),
    (r"[srp]k_(?:live|test)_|whsec_", r"[A-Za-z0-9+/=_-]{10,}"),  # Stripe
    (r"(?:AKIA|ASIA|AGPA|AIDA|AROA|LTAI)", r"[A-Za-z0-9]{8,}"),  # AWS, Alibaba Cloud
    (r"gh[pousr]_|github_pat_", r"[A-Za-z0-9_]{16,}"),
    (r"gl(?:pat|oas|dt|rt|rtr|cbt|ptt|ft|imt|agent|soat|ffct)-", r"[\w.-]{16,}"),  # GitLab
    (r"hf_|r8_|gsk_|npm_|tgp_v1_|fw_|jina_|tvly-|fc-|nvapi-|csk-|pplx-|xai-", r"[A-Za-z0-9]{16,}[\w-]*"),
    (r"lin_(?:api|oauth)_", r"[A-Za-z0-9]{16,}"),  # Linear
    (r"pypi-", r"(?:AgE|[A-Za-z]*[0-9])[\w-]{16,}"),
    (r"xox[a-z]-|xapp-", r"[A-Za-z0-9-]{8,}"),  # Slack
    (r"AIza", r"[\w-]{16,}"),  # Google
    (r"ya29\.|GOCSPX-", r"[\w.-]{16,}"),
    (r"do[opr]_v1_|shp(?:at|ca|pa|ss|tka)_|dapi|dckr_(?:pat|oat)_|gl(?:c|sa)_|sbp_|ph[cx]_|sntry[su]_|rubygems_|hv[sb]\.|pul-",
     r"[A-Za-z0-9][\w-]{15,}"),
    (r"secret_|ntn_", r"(?=[A-Za-z]*[0-9])[A-Za-z0-9]{24,}"),  # Notion
    (r"SG\.", r"[\w-]{10,}\.[\w-]{10,}"),  # SendGrid
    (r"key-", r"[0-9a-f]{24,}"),  # Mailgun
    (r"AC|SK", r"[0-9a-f]{32}(?![0-9A-Za-z])"),  # Twilio
    (r"ATATT3|AGE-SECRET-KEY-1", r"[\w=-]{24,}"),  # Atlassian, age
    (r"EAA", r"[A-Za-z0-9]{60,}"),  # Meta
    (r"v1\.0-", r"[0-9a-f]{24}-[0-9a-f]{64,}"),  # Cloudflare
    (r"eyJ", r"[\w-]{8,}+\.[\w-]{8,}+(?:\.[\w-]*)?"),  # a JWT
    (r"(?i:Bearer)\s++", r"(?=[^\s\d\"'\\]*?(?:[0-9]|[a-z][A-Z]))[A-Za-z0-9._~+/=-]{8,}"),
    (r"(?i:Basic)\s++", r"(?=[A-Za-z0-9+/]*[0-9A-Z+/])[A-Za-z0-9+/]{16,}={0,2}"),
    (r"", r"[0-9]{8,10}:AA[\w-]{30,}"),  # Telegram
    (r"[MNO]", r"[A-Za-z0-9_-]{22,28}\.[\w-]{6}\.[\w-]{27,}"),  # Discord
)  # fmt: skip

# These forms may begin in the middle of a word.
_ANYWHERE = (
    (r"[a-zA-Z][a-zA-Z0-9+.-]{1,20}:\\?/\\?/", r"[^\s/@:\"'\\<>]{0,256}:[^\s/@\"'\\<>]{1,256}(?=@)"),  # user:password@
    (r"hooks\.slack\.com\\?/(?:services|workflows|triggers)\\?/", r"[\w/\\-]{8,}"),
    (r"discord(?:app)?\.com\\?/api\\?/webhooks\\?/", r"[\w/\\-]{8,}"),
    (r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----", r"[\w+/=\s\\:,-]+"),
)  # fmt: skip

_KEY_NAMES = r"""
    (?:api|access|account|auth|encryption|license|master|private|secret|service|shared|shared[\W_]?access|signing|storage
      |subscription|webhook)[\W_]?key (?:[\W_]?id)?
  | (?:access|auth|bearer|client|csrf|id|refresh|session|security|xsrf)?[\W_]?token
  | (?:proxy[\W_]?)?authorization | credentials? | (?:set[\W_]?)?cookie | connection[\W_]?string | dsn | jwt
  | (?:client|app|shared|webhook|signing)?[\W_]?secret (?:[\W_]?value)?
  | pass(?:word|wd|phrase|code)? | pwd | session[\W_]?(?:id|key)? | sess?id | signature | sig | x[\W_]?auth
"""

# In a text a name counts only beside a value with a digit, as in password=hunter2 or \"apiKey\": \"1a2b3c\".
_TEXT_NAMES = r"""
    (?:api|access|account|auth|encryption|private|secret|shared|signing|storage|subscription)[_-]?key
  | connection[_-]?string
  | token | authorization | cookie | secret | passw(?:or)?d | passphrase | pwd | session[_-]?id | signature | sig
"""


@cache
def credential_pattern() -> re.Pattern[str]:
    """
    Return the pattern of a credential; the group that matched is its prefix, which stays visible.

    Matching takes linear time: every repetition is bounded or can match in one way only.
    """
    forms = "|".join(f"({prefix}){secret}" for prefix, secret in _PREFIX_AND_SECRET)
    others = "|".join(f"({prefix}){secret}" for prefix, secret in _ANYWHERE)
    named = (
        rf"((?i:{''.join(_TEXT_NAMES.split())})(?:\\?[\"'])?\s{{0,8}}[:=]\s{{0,8}}(?:\\?[\"'])?)"
        r"(?=[^\s\"'\\,;&(){}<>\[\]0-9]{0,200}[0-9])[^\s\"'\\,;&(){}<>\[\]]{6,}+(?!\()"  # getToken1() is code
    )
    return re.compile(f"{_BEGIN}(?:{forms})|{others}|{named}", re.DOTALL)


@cache
def _credential_key() -> re.Pattern[str]:
    names = "".join(_KEY_NAMES.split())
    return re.compile(rf"(?:^|[\W_])(?:{names})$|(?:apikey|accesskey|token|password)$", re.IGNORECASE)


@cache
def _count_key() -> re.Pattern[str]:
    return re.compile(r"(?:max|min|num|n|total)[\W_]", re.IGNORECASE)  # max_token is a misspelt max_tokens


@cache
def _camel() -> re.Pattern[str]:
    return re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def is_credential_key(key: str) -> bool:
    """Whether the value of *key* is masked whatever it looks like: ``api_key``, ``X-Auth-Token``, ``clientSecret``."""
    return bool(_credential_key().search(_camel().sub("_", key[-80:]))) and not _count_key().match(key)


def masked_as(prefix: str, unicode: bool = True) -> Masked:
    """Return the text shown in place of a credential that begins with *prefix*."""
    return Masked(f"{prefix}{ellipsis(unicode)}(masked)")


def mask(text: str, unicode: bool = True) -> Masked:
    """Mask everything in *text* that looks like a credential."""
    return Masked(credential_pattern().sub(lambda found: masked_as(kept_prefix(found), unicode), text))


def shorten(text: str, most: int = 24, shown: int = 12) -> str:
    """
    Return *text* masked, for a message; of text longer than *most* characters only the first *shown*.

    It is masked before it is cut, because half of a credential would not be recognised.
    """
    masked = mask(text[:_FAR])
    if len(masked) <= most and len(text) <= _FAR:
        return masked
    return f"{masked[:shown]}… ({len(text)} characters)"


_FAR = 2000  # characters; longer than what is shown plus any credential that begins in it


def mask_pointer(pointer: str, unicode: bool = True) -> Masked:
    """Mask credentials in the keys of a JSON Pointer, in which ``~`` and ``/`` are escaped (RFC 6901 section 3)."""
    if "~" not in pointer:
        return mask(pointer, unicode)
    return Masked("/".join(_mask_step(step, unicode) for step in pointer.split("/")))


def _mask_step(step: str, unicode: bool) -> str:
    key = step.replace("~1", "/").replace("~0", "~")
    masked = mask(key, unicode)
    return step if masked == key else masked.replace("~", "~0").replace("/", "~1")


def kept_prefix(found: re.Match[str]) -> str:
    """Return the prefix of a credential, which tells its kind and is not secret: ``sk-``."""
    return found[found.lastindex or 0]


def is_under_credential_key(steps: Sequence[object]) -> bool:
    """Whether the value at *steps* is masked because of a key above it; properties that a schema names do not count."""
    return any(
        isinstance(step, str) and is_credential_key(step) and (index == 0 or steps[index - 1] not in _SCHEMA_KEYWORDS)
        for index, step in enumerate(steps)
    )


_SCHEMA_KEYWORDS = frozenset({"properties", "$defs", "definitions", "patternProperties"})


def mask_values(value: object) -> object:
    """Return a copy of a JSON value with credentials masked, by their form or by their key."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        return {
            key: masked_as("")
            if isinstance(item, str | int | float) and is_credential_key(str(key))
            else mask_values(item)
            for key, item in value.items()
        }
    return [mask_values(item) for item in value] if isinstance(value, list) else value
