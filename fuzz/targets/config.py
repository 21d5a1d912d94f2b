"""Configurations: every TOML text is a configuration whose places exist, or is refused with one clear `BadConfig`."""

# ruff: noqa: E501 - lists are easier to read in long lines

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from fuzz.laws import require
from fuzz.words import settings
from reqlint.project import config
from reqlint.project.config_toml import BadConfig
from reqlint.project.toml_places import find_entries


@cache
def _file() -> Path:
    return Path(mkdtemp(prefix="reqlint-fuzz-"), "reqlint.toml")


def run(data: bytes) -> None:
    """Load *data* as a configuration, and call each of its methods."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        table = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError):
        table = {}
    else:
        _places_exist(text, table)
    ours = table.get("tool", {})
    ours = ours.get("reqlint", {}) if isinstance(ours, dict) else {}
    if any(isinstance(part, dict) and {"rules", "profiles"} & part.keys() for part in (table, ours)):
        return  # it names folders, which could be any folder of this machine
    _file().write_bytes(data)
    try:
        loaded = config.load_config(_file())
    except BadConfig as bad:
        require(str(bad) and "\n\n" not in str(bad), "an error has one paragraph", str(bad))
        return
    for file in ("a.json", "examples/bad/a.yaml", "", "a b/[c].jsonl"):
        loaded.settings(file)
        loaded.excludes(file)
    for number, _ in enumerate(loaded.ignores):
        loaded.removal("ignore", number)
    for number, _ in enumerate(loaded.expects):
        loaded.removal("expect", number)


def _places_exist(text: str, table: object) -> None:
    for place, entry in find_entries(text).items():
        value = table
        for step in place:
            require(isinstance(value, dict | list), "a place in TOML exists", place)
            value = value[step]  # type: ignore[index]  # as the line above requires
        for start, end in (entry.key, entry.value):
            require(0 <= start <= end <= len(text), "a place in TOML is in the text", place, entry)


_SEEDS = (
    'profile = "openai"\nselect = ["shape"]\nfail-on = "warning"\nexclude = ["**/a/*.json"]\n',
    '[tool.reqlint]\nprofile = "auto"\nseverity = {unknown-field = "off"}\n\n[tool.reqlint.severity]\ntools = "note"\n',
    '[[ignore]]\nfiles = ["a.json", "[a-c]?.yaml"]\nrules = ["wrong-type"]\nreason = "it is so"\npointer = "/messages/*/role"\nexpires = 2027-01-01\n',
    '[[per-file]]\nfiles = ["tests/**"]\nignore = ["unknown-field"]\n\n[[expect]]\nfiles = ["bad/**"]\nrules = ["shape"]\n',
    '"profile" = \'openai\'\nextract = [\n  "/a/*", # why\n  """/b""",\n]\nbaseline = "b.json"\n',
    "select = [{a = 1}, 1979-05-27T07:32:00Z, inf, 0x1F]\na.b.\"c d\".'e' = 1\n[a.b.f]\n[[x.y]]\n[x.y.z]\n",
)


def seeds() -> Iterable[bytes]:
    """Yield configurations to start from."""
    yield from (text.encode() for text in _SEEDS)
    yield from (
        f'{word} = ["a"]\n'.encode() for word in settings()[:80] if word.isascii() and word.replace("-", "").isalnum()
    )
