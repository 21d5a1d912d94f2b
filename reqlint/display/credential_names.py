"""Names of credentials: ``api_key``, ``X-Auth-Token``, ``AZURE_OPENAI_KEY``, ``clientSecret``, ``root_pw``."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

_NAMES = r"""
    (?:[a-z0-9]+[_])*? (?:api|access|app|auth|license|master|private|secret|service|shared|signing|subscription)key
  | (?:access|auth|bearer|client|csrf|id|refresh|session|security|xsrf)? _? token
  | (?:proxy_)? authorization | auth | bearer | cred(?:ential)?s? | (?:set_)? cookie | connection_?string | dsn | jwt
  | (?:client|app|shared|webhook|signing)? _? secrets? (?:_?value)?
  | pass(?:words?|wd|phrase|code)? | pwd | pw | [mt]?otp(?:_code)? | pem
  | session_?(?:id|key)? | sess?id | signature | sig
  | (?:database|db|redis|mongo|mongodb|postgres|postgresql|mysql|amqp|rabbitmq|broker|webhook|connection) _? ur[il]
"""

_KEY = (
    r"(?P<what>[a-z0-9]+)_key (?:_?(?:id|pem|base64|b64|hex|value|[0-9]{1,2}))? | (?:api|access|secret|private)_?keys"
)

_ORDINARY_KEYS = """
    accelerator answer any arrow attribute bucket cache child column composite conversation correct count custom data
    dedup deduplication default dict document down dup duplicate each empty entity entry event extra feature field file
    first foreign group hash home hot i18n idempotency index item join json label lang language last layout left line
    list lookup map member merge message metadata metric missing model name natural node null object option order
    page parent partition path primary prompt property public queue range record reference required right root routing
    row s3 schema search section sequence shard shift sort space state step string surrogate table tag task
    template text theme thread title tool topic translation type unique unknown up value wrong yaml
"""
"""What stands before ``key`` in names of things that are not secret: ``primary_key``, ``prompt_cache_key``."""


@cache
def _name() -> re.Pattern[str]:
    return re.compile(rf"(?:^|_)(?:{''.join(_NAMES.split())})$|(?:apikey|accesskey|token|password)$")


@cache
def _key() -> re.Pattern[str]:
    return re.compile(rf"(?:^|_)(?:{''.join(_KEY.split())})$")


@cache
def _camel() -> re.Pattern[str]:
    return re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@cache
def _count() -> re.Pattern[str]:
    return re.compile(r"(?:max|min|num|n|total)_")  # max_token is a misspelt max_tokens


_ENDS = (
    "key", "keys", "token", "authorization", "auth", "bearer", "cred", "creds", "credential", "credentials", "cookie",
    "string", "dsn", "jwt", "secret", "secrets", "value", "pass", "word", "words", "wd", "phrase", "code", "pw", "otp",
    "pem", "session", "id", "signature", "sig", "url", "uri", "hex",
)  # fmt: skip
"""The last words of all names of credentials, but for those with a number behind ``key``."""


def may_name_credential(name: str) -> bool:
    """Return False for a name that is none of a credential, if that is seen at its end, as of most names."""
    last, small = name[-1:], name.lower()
    return small.endswith(_ENDS) or not last.isalnum() or ("0" <= last <= "9" and "key" in small)


@lru_cache(maxsize=4096)
def _is_credential_name(name: str) -> bool:
    if not may_name_credential(name):
        return False
    words = _separator().sub("_", _camel().sub("_", name)).lower().strip("_")
    if _count().match(words):
        return False
    if _name().search(words):
        return True
    key = _key().search(words)
    return key is not None and key["what"] not in _ordinary()


@cache
def _ordinary() -> frozenset[str]:
    return frozenset(_ORDINARY_KEYS.split())


@cache
def _separator() -> re.Pattern[str]:
    return re.compile(r"[\W_]+")


def is_credential_key(key: str) -> bool:
    """Whether the value of *key* is masked whatever it looks like: ``api_key``, ``X-Auth-Token``, ``clientSecret``."""
    return _is_credential_name(key[-80:])


_PASSWORD = frozenset({"pass", "password", "passwd", "passphrase", "passcode", "pwd", "pw", "secret"})


def is_password_name(name: str) -> bool:
    """Whether what *name* stands for may be a word of letters, as people choose passwords."""
    return not _PASSWORD.isdisjoint(_separator().sub("_", _camel().sub("_", name[-80:])).lower().split("_"))


def is_under_credential_key(steps: Sequence[object]) -> bool:
    """Whether the value at *steps* is masked because of a key above it; properties that a schema names do not count."""
    for index, step in enumerate(steps):
        if (
            step.__class__ is str
            and may_name_credential(step)
            and is_credential_key(step)
            and not (index and steps[index - 1] in _SCHEMA_KEYWORDS)
        ):
            return True
    return False


_SCHEMA_KEYWORDS = frozenset({"properties", "$defs", "definitions", "patternProperties"})
