"""Inputs to start fuzzing from: the files in examples/, and the examples of every rule."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from reqlint.knowledge.catalog import shipped
from reqlint.text.documents import read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.sources import Source

ROOT = Path(__file__).parent.parent


@cache
def files(*suffixes: str) -> tuple[bytes, ...]:
    """Return the content of the files in examples/ that have one of the *suffixes*."""
    return tuple(path.read_bytes() for path in sorted((ROOT / "examples").rglob("*")) if path.suffix in suffixes)


@cache
def texts() -> tuple[bytes, ...]:
    """Return the texts of all examples of rules, bad and good."""
    found = [
        text
        for rule in shipped().rules.values()
        for example in rule.examples
        for text in (example.bad, example.good)
        if text
    ]
    return tuple(text.replace("«", "").replace("»", "").encode() for text in found)


@cache
def values() -> tuple[Any, ...]:
    """Return the values of all examples that are JSON objects: requests and batch lines."""
    return tuple(_values())


def _values() -> Iterator[Any]:
    for text in texts():
        read = [
            document.value for document in read_documents(Source("", None, text)) if document.value is not UNREADABLE
        ]
        for value in read:
            if isinstance(value, dict):
                yield value


def lines() -> Iterator[bytes]:
    """Yield JSON Lines files with a few examples each, once bare and once as lines of a batch."""
    for at in range(0, len(values()), 5):
        some = values()[at : at + 5]
        yield b"".join(json.dumps(each).encode() + b"\n" for each in some)
        around = [
            {"custom_id": f"a-{i}", "method": "POST", "url": "/v1/chat/completions", "body": each}
            for i, each in enumerate(some)
        ]
        yield b"".join(json.dumps(each).encode() + b"\n" for each in around)


def yaml() -> Iterator[bytes]:
    """Yield the values of the examples as YAML in block style."""
    import yaml

    for value in values():
        yield yaml.safe_dump(value, allow_unicode=True, sort_keys=False).encode()
