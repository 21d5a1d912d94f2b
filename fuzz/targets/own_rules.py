"""Rule files of a project: every YAML text is a usable rule, or is refused with one clear `BadData`."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from fuzz import examples
from fuzz.laws import report_is_sound, require
from reqlint import Linter
from reqlint.core.errors import BadData
from reqlint.text.sources import Source

_ID = "no-loud-prompts"


@cache
def _folder() -> Path:
    return Path(mkdtemp(prefix="reqlint-fuzz-"))


def run(data: bytes) -> None:
    """Load *data* as a rule, and judge requests with it."""
    (_folder() / f"{_ID}.yaml").write_bytes(data)
    try:
        linter = Linter("openai", rules=[_folder()])
        for text in examples.texts()[:3]:
            source = Source("fuzz.json", None, text)
            report_is_sound(linter.check_text(text, "fuzz.json"), source, catalog=linter.catalog)
    except BadData as bad:
        require(str(bad), "an error has a message")


_SEED = """\
id: no-loud-prompts
summary: A prompt in capitals
subject: hygiene
at: /messages
place: error
request:
  properties: {messages: {items: {properties: {content: {not: {pattern: "^[A-Z ]+$"}}}}}}
message: the prompt is in capitals
help: write it in small letters
why: >-
  The team reads prompts in reviews. Capitals come from copied mails.
evidence:
  - {profile: "*", effect: discouraged, status: documented, read: 2026-08-21, basis: our own guide, says: no capitals}
examples:
  - bad: '{"model": "m", "messages": [{"role": "user", "content": «"HI"»}]}'
    good: '{"model": "m", "messages": [{"role": "user", "content": "Hi"}]}'
"""


def seeds() -> Iterable[bytes]:
    """Yield rule files to start from."""
    yield _SEED.encode()
    for path in sorted((examples.ROOT / "rules").rglob("*.yaml"))[::12]:
        text = path.read_text("utf-8")
        yield text.replace(f"id: {path.stem}", f"id: {_ID}").encode()
