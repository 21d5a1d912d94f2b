"""Files, recordings, pictures and their addresses, each on both sides of what is taken, by whole findings."""

import base64
from typing import Any

import pytest

from reqlint.checks.addresses import unreachable_address
from reqlint.dialects.anthropic_messages import DIALECT as ANTHROPIC_MESSAGES
from reqlint.dialects.openai_chat import OPENAI_CHAT
from reqlint.dialects.vocabulary import Dialect
from reqlint.run.one_request import linter_for

# ruff: noqa: E501 - tables are easier to compare on long lines
ERROR, WARNING = "error", "warning"
PDF = "data:application/pdf;base64,JVBERi0="
MODELS = {"dashscope": "qwen3-vl-plus", "vllm": "m"}


def chat(*parts: Any, model: str = "gpt-4.1") -> dict[str, Any]:
    """Return a chat request whose user sends these parts."""
    return {"model": model, "messages": [{"role": "user", "content": [*parts]}]}


def file(**members: Any) -> dict[str, Any]:
    """Return a request with a file."""
    return chat({"type": "file", "file": members})


def sound(data: str, kind: str = "wav", model: str = "gpt-audio") -> dict[str, Any]:
    """Return a request with a recording."""
    return chat({"type": "input_audio", "input_audio": {"data": data, "format": kind}}, model=model)


def responses(**members: Any) -> dict[str, Any]:
    """Return a request of the Responses API with a file."""
    return {"model": "gpt-5.4", "input": [{"role": "user", "content": [{"type": "input_file", **members}]}]}


def found(profile: str, request: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return rule, place and severity of every finding."""
    return [(each.rule, each.pointer, str(each.severity)) for each in linter_for(profile).check(request)]


FILE, DATA = "/messages/0/content/0/file", "/messages/0/content/0/file/file_data"
SOUND = "/messages/0/content/0/input_audio/data"


@pytest.mark.parametrize(
    ("profile", "request_", "rule", "pointer", "severity"),
    [
        ("openai", file(filename="a.pdf"), "unusable-file-part", FILE, ERROR),
        ("openai", file(), "unusable-file-part", FILE, ERROR),
        ("openai", file(filename="a.pdf", file_data=""), "unusable-file-part", FILE, ERROR),
        ("openai", file(file_data=PDF), "unusable-file-part", FILE, ERROR),
        ("openai", file(file_data="https://a.example/a.pdf", filename="a.pdf"), "unusable-file-part", DATA, ERROR),
        ("openai", file(file_data="JVBERi0xLjQKJcOkw7zDtsOfCg==", filename="a.pdf"), "unusable-file-part", DATA, ERROR),
        ("openai", file(file_data="/home/me/a.pdf", filename="a.pdf"), "unusable-file-part", DATA, ERROR),
        ("openai", file(file_data="data:application/pdf,%25PDF", filename="a.pdf"), "unusable-file-part", DATA, ERROR),
        ("openai", file(file_data="data:text/csv;base64,YSxi", filename="a.csv"), "unusable-file-part", DATA, ERROR),
        ("openai", file(file_data="data:image/png;base64,iVBORw0K", filename="a.png"), "unusable-file-part", DATA, ERROR),
        ("openai", file(file_data="data:application/msword;base64,0M8R4A==", filename="a.doc"), "unusable-file-part", DATA, WARNING),
        ("azure-openai", file(filename="a.pdf"), "unusable-file-part", FILE, ERROR),
        ("openai-responses", responses(file_data=PDF), "unusable-file-part", "/input/0/content/0", ERROR),
        ("openai-responses", responses(file_data="JVBERi0xLjQKJcOkw7zDtsOfCg==", filename="a.pdf"), "unusable-file-part", "/input/0/content/0/file_data", WARNING),
        ("openai", sound("data:audio/wav;base64,UklGRiQAAABXQVZF"), "unusable-sound-data", SOUND, ERROR),
        ("openai", sound("https://a.example/a.wav"), "unusable-sound-data", SOUND, ERROR),
        ("vllm", sound("data:;base64,UklGRiQAAABXQVZF"), "unusable-sound-data", SOUND, ERROR),
        ("dashscope", {**sound("UklGRiQAAABXQVZF", model="qwen3-omni-flash"), "stream": True}, "unusable-media-url", SOUND, ERROR),
    ],
)  # fmt: skip
def test_what_cannot_be_decoded_has_one_finding(
    profile: str, request_: dict[str, Any], rule: str, pointer: str, severity: str
) -> None:
    """A file or recording that is missing, or in another form than the API decodes, has one finding."""
    assert found(profile, request_) == [(rule, pointer, severity)]


@pytest.mark.parametrize(
    ("profile", "request_"),
    [
        ("openai", file(file_id="file-1")),
        ("openai", file(file_id="file-1", filename="a.pdf")),
        ("openai", file(file_data=PDF, filename="a.pdf")),
        ("openai", file(file_data="{data}")),
        ("openai", file(file_data="<base64>", filename="a.pdf")),
        ("openai", file(file_data="FILE_DATA", filename="a.pdf")),
        ("openai-responses", responses(file_id="file-1")),
        ("openai-responses", responses(file_url="https://a.example/a.pdf")),
        ("openai-responses", responses(file_data="data:text/csv;base64,YSxi", filename="a.csv")),
        ("openai", sound("UklGRiQAAABXQVZF")),
        ("openai", sound("${SOUND}")),
        ("dashscope", {**sound("data:;base64,UklGRiQAAABXQVZF", model="qwen3-omni-flash"), "stream": True}),
        ("openrouter", chat({"type": "file", "file": {"filename": "a.pdf", "file_data": "https://a.example/a.pdf"}}, model="openai/gpt-4.1")),
    ],
)  # fmt: skip
def test_what_is_decoded_has_none(profile: str, request_: dict[str, Any]) -> None:
    """Uploads, data in the right form and placeholders that are filled in later are let pass."""
    assert found(profile, request_) == []


# Addresses.


def where(url: str, dialect: Dialect = OPENAI_CHAT) -> list[object]:
    """Return what is said of a picture's address."""
    part = {"type": "image_url", "image_url": {"url": url}}
    return [hit.facts["where"] for hit in unreachable_address(chat(part), {}, dialect)]


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "LOCALHOST:8000", "api.localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1",
        "0.0.0.0", "0", "[::1]", "[::ffff:127.0.0.1]", "me:secret@localhost", "localhost.",  # noqa: S104 - hosts that are judged
    ],
)  # fmt: skip
def test_a_host_may_be_this_machine(host: str) -> None:
    """In every way in which addresses of the loopback are written."""
    assert where(f"http://{host}/a.png") == ["on this machine"]


@pytest.mark.parametrize(
    "host",
    [
        "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.20:9000", "169.254.169.254", "100.64.0.1", "3232235796", "0xC0A80114",
        "[fe80::1]", "[fe80::1%25eth0]", "[fd12:3456::1]", "printer.local", "host.docker.internal", "nas.home.arpa", "minio:9000", "db_1:80",
    ],
)  # fmt: skip
def test_a_host_may_be_in_a_private_network(host: str) -> None:
    """By its number, by a name that only private networks have, or by a bare name with a port."""
    assert where(f"https://{host}/a.png") == ["in a private network"]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/a.png", "https://local.example.com", "https://localhost.example.com/", "http://172.15.0.1", "http://172.32.0.1/",
        "http://8.8.8.8/", "http://192.0.2.1/", "http://192.169.0.1/", "http://256.1.1.1/", "http://1.2.3.4.5/", "http://1e100.net/", "http://08.1.1.1/",
        "http://1_0.0.0.1/", "http://[2001:db8::1]/", "http://[nonsense]/", "http://minio/a", "http://{host}/", "http://$HOST:80/", "http://<host>:80/",
        "http://IMAGE_HOST:80/a", "http://", "", "localhost/a.png", "data:image/png;base64,aaaa", "https://example.com/?u=http://localhost/",
        "http://99999999999/", "http://" + "9" * 5000 + "/", "https://example.com#@localhost/",
    ],
)  # fmt: skip
def test_other_addresses_are_let_pass(url: str) -> None:
    """Addresses that may be on the internet, that are none, or that are filled in later."""
    assert where(url) == []


def test_every_kind_of_part_is_looked_at() -> None:
    """Pictures, video, frames, sound and files, as text and in objects, and pictures in the answers of tools."""
    url = "http://localhost/a"
    parts: list[dict[str, Any]] = [
        {"type": "image_url", "image_url": url}, {"type": "video_url", "video_url": {"url": url}}, {"type": "video", "video": [url, 5]},
        {"type": "input_audio", "input_audio": {"data": url}}, {"type": "file", "file": {"file_data": url}}, {"type": "input_file", "file_url": url},
        {"type": "document_url", "document_url": url}, {"type": "text", "text": url},
    ]  # fmt: skip
    assert [hit.place[3:] for hit in unreachable_address(chat(*parts), {}, OPENAI_CHAT)] == [
        (0, "image_url"), (1, "video_url", "url"), (2, "video", 0), (3, "input_audio", "data"), (4, "file", "file_data"), (5, "file_url"),
        (6, "document_url"),
    ]  # fmt: skip
    shot = {"type": "image", "source": {"type": "url", "url": url}}
    result = {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": ""}, shot, None]}
    assert [hit.place[2:] for hit in unreachable_address(chat(shot, result), {}, ANTHROPIC_MESSAGES)] == [
        ("content", 0, "source", "url"),
        ("content", 1, "content", 1, "source", "url"),
    ]


def test_only_servers_elsewhere_cannot_reach_it() -> None:
    """A model on the same machine may; the vendors' servers may not, which is a warning."""
    request = chat({"type": "image_url", "image_url": {"url": "http://localhost:8000/a.png"}}, model="m")
    place = "/messages/0/content/0/image_url/url"
    for profile in ("openai", "azure-openai", "openrouter", "xai", "mistral"):
        assert ("unreachable-address", place, WARNING) in found(profile, request)
    for profile in ("vllm", "llama.cpp", "ollama", "lmstudio", "openai-compatible"):
        assert found(profile, request) == []


# The size of pictures.


def picture(width: int, height: int, *, video: bool = False) -> dict[str, Any]:
    """Return a request with a GIF of this size, or with a video of such frames."""
    head = b"GIF89a" + width.to_bytes(2, "little") + height.to_bytes(2, "little") + bytes(3)
    url = "data:image/gif;base64," + base64.b64encode(head).decode()
    part = {"type": "video", "video": [url] * 4} if video else {"type": "image_url", "image_url": {"url": url}}
    return chat(part, {"type": "text", "text": "What is this?"}, model="qwen3-vl-plus")


@pytest.mark.parametrize(
    ("width", "height", "severities"),
    [
        (1, 1, [ERROR]), (9, 500, [ERROR]), (500, 9, [ERROR]), (10, 500, [WARNING]), (10, 10, [WARNING]), (11, 11, []), (500, 500, []),
        (20, 4000, []), (20, 4001, [ERROR]), (4001, 20, [ERROR]), (0, 0, []),
    ],
)  # fmt: skip
def test_a_picture_has_to_have_some_size(width: int, height: int, severities: list[str]) -> None:
    """A side of less than 10 pixels is refused, one of 10 is disputed, and so is a side 200 times the other."""
    place = "/messages/0/content/0/image_url/url"
    expected = [("unreadable-picture-size", place, severity) for severity in severities]
    assert found("dashscope", picture(width, height)) == expected
    assert found("openai", picture(width, height)) == []


def test_frames_have_to_have_some_size_too() -> None:
    """Each frame of a video is a picture."""
    assert found("dashscope", picture(4, 4, video=True)) == [
        ("unreadable-picture-size", f"/messages/0/content/0/video/{number}", ERROR) for number in range(4)
    ]
