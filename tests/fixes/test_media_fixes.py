"""What --fix makes of the data of files and recordings in another form than the API decodes."""

import json
from typing import Any

import pytest

from reqlint import Linter
from reqlint.fixes.apply import apply_fixes
from reqlint.text.sources import Source

PNG, WEBP = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwC", "UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEA"
WAV, MP3, OTHER, PDF = "UklGRiQAAABXQVZF", "SUQzBAAAAAAAAAAA", "AAECAwQFBgcICQoL", "JVBERi0xLjQKJcOkw7zDtsOfCg=="


def sound(data: str, kind: str | None = "wav") -> dict[str, Any]:
    return {"type": "input_audio", "input_audio": {"data": data, **({"format": kind} if kind else {})}}


def file(data: str) -> dict[str, Any]:
    return {"type": "file", "file": {"filename": "a.pdf", "file_data": data}}


def image(url: str) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url}}


def bytes_of(data: str) -> dict[str, Any]:
    return {"inlineData": {"mimeType": "image/png", "data": data}}


def fixed(profile: str, part: dict[str, Any]) -> dict[str, Any]:
    """Return the part after safe fixes."""
    turns, parts = ("contents", "parts") if profile == "gemini" else ("messages", "content")
    model = {"dashscope": "qwen3-omni-flash", "openai": "gpt-audio"}.get(profile)
    said = {"model": model, "stream": True} if model else {}
    request = {**said, turns: [{"role": "user", parts: [part]}]}
    linter = Linter(profile=profile)
    repair = apply_fixes(Source("a.json", None, json.dumps(request).encode()), linter.check_source)
    changed: dict[str, Any] = json.loads(repair.source.read())[turns][0][parts][0]
    return changed


@pytest.mark.parametrize(
    ("profile", "wrong", "right"),
    [
        ("openai", sound(f"data:audio/wav;base64,{WAV}"), sound(WAV)),
        ("openai", sound(f"data:audio/x-wav;base64,{WAV}"), sound(WAV)),
        ("openai", sound(f"data:audio/mpeg;base64,{MP3}", "mp3"), sound(MP3, "mp3")),
        ("openai", sound(f"DATA:;BASE64,{WAV}"), sound(WAV)),
        ("openai", file(PDF), file(f"data:application/pdf;base64,{PDF}")),
        ("openai", image(PNG), image(f"data:image/png;base64,{PNG}")),
        ("openai", image(WEBP), image(f"data:image/webp;base64,{WEBP}")),
        ("gemini", bytes_of(f"data:image/png;base64,{PNG}"), bytes_of(PNG)),
        ("dashscope", sound(WAV), sound(f"data:audio/wav;base64,{WAV}")),
        ("dashscope", sound(MP3, "mp3"), sound(f"data:audio/mpeg;base64,{MP3}", "mp3")),
        ("dashscope", sound(OTHER, "aac"), sound(f"data:audio/aac;base64,{OTHER}", "aac")),
    ],
)
def test_data_is_written_in_the_form_that_is_decoded(
    profile: str, wrong: dict[str, Any], right: dict[str, Any]
) -> None:
    """The beginning of a data URL is taken away or added, and the bytes stay what they are."""
    assert fixed(profile, wrong) == right


@pytest.mark.parametrize(
    ("profile", "part"),
    [
        ("openai", sound(f"data:audio/ogg;base64,{OTHER}")),
        ("openai", sound(f"data:audio/wav,{WAV}")),
        ("openai", sound("https://a.example/a.wav")),
        ("openai", file(OTHER)),
        ("openai", image(OTHER)),
        ("openai", image("/home/me/a.png")),
        ("openai", image("data:image/png,x")),
        ("gemini", bytes_of(f"data:image/gif;base64,{PNG}")),
        ("openai", file("https://a.example/a.pdf")),
        ("dashscope", sound("/home/me/a.wav")),
        ("dashscope", sound("AAEC")),
    ],
)
def test_what_is_not_known_for_certain_is_left_alone(profile: str, part: dict[str, Any]) -> None:
    """A media type that says something else, data of no known kind, addresses and paths."""
    assert fixed(profile, part) == part
