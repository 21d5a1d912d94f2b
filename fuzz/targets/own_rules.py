"""Rule files of a project: a YAML text is a rule that can be used, or one clear `BadData`."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from fuzz import seeds as known
from fuzz.laws import hold, sound
from reqlint import Linter
from reqlint.core.errors import BadData
from reqlint.judge import judge, selection
from reqlint.knowledge import catalog, custom, custom_folders, profile, rule
from reqlint.text.sources import Source

_ID = "no-loud-prompts"


@cache
def _folder() -> Path:
    return Path(mkdtemp(prefix="reqlint-fuzz-"))


def run(data: bytes) -> None:
    """Use *data* as a rule."""
    (_folder() / f"{_ID}.yaml").write_bytes(data)
    try:
        linter = Linter("openai", rules=[_folder()])
        for text in known.texts()[:3]:
            sound(linter.check_text(text, "fuzz.json"), Source("fuzz.json", None, text), own=linter.own)
    except BadData as bad:
        hold(str(bad), "what is wrong is told")
    finally:
        for remembered in _REMEMBERED:  # the next rule stands in the same file
            remembered.cache_clear()


_REMEMBERED = (
    custom._verified,
    custom_folders.read_custom,
    catalog.merged_knowledge,
    rule._all_rules,
    profile._load_profile,
    selection.rules_by_name,
    judge.judge_for,
)
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
    """Give rules to begin with."""
    yield _SEED.encode()
    for path in sorted((known.ROOT / "rules").rglob("*.yaml"))[::12]:
        text = path.read_text("utf-8")
        yield text.replace(f"id: {path.stem}", f"id: {_ID}").encode()
