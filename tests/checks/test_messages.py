"""Checks of messages, images, sound, tool calls and answers, by their whole hits, on both sides of each limit."""

import base64
from typing import Any

import pytest

from reqlint.core.findings import Hit, Link, Severity
from reqlint.dialects.openai_chat import OPENAI_CHAT
from tests.support.checking import hits

# ruff: noqa: E501 - tables, read at a glance

PNG = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg=="


def parts(*content: object) -> dict[str, Any]:
    """Return a request whose second message has the given parts."""
    return {"model": "m", "messages": [{"role": "system", "content": "x"}, {"role": "user", "content": list(content)}]}


def image(url: object) -> dict[str, object]:
    """Return a part with a picture."""
    return {"type": "image_url", "image_url": {"url": url}}


# Pictures.


@pytest.mark.parametrize(
    "url",
    [
        "https://x/y.png", "http://x/y", "HTTPS://X", " https://x ", PNG, "DATA:IMAGE/PNG;BASE64,iVBO", "data:image/png;base64,iVBORw",
        "data:image/png;base64,iVBORw=", "data:image/png;base64,iVBORw==", "data:image/png;base64,iV BO\nRw==", "data:image/svg+xml;base64,PHN2",
        "data:image/x.y-z;base64,AAAA", "data:image/png;base64,a%2Bb", "data:{mime},x", "data:image/png;base64,{payload}", "data:image/png;base64,<x>",
        "data:image/png;charset=x;base64,AAAA", "data:image/png;base64,AA+/", "{url}", "${IMAGE}", "<image>", "[IMAGE]", "IMAGE_URL", "a...", "…", "%s", "%d", "x/$y",
        "data:...", "data:{x}", "", "data:image/png;base64,XXXX", "data:{x}{y}", "data:image/png;base64,AAAA%3D", "data:X_Y",
    ],
)  # fmt: skip
def test_a_usable_image_url_is_let_pass(url: str) -> None:
    """Addresses that are fetched, data that decodes and placeholders have no hit."""
    assert hits("unusable-image-url", parts(image(url))) == []
    assert hits("unusable-image-url", parts({"type": "image_url", "image_url": url})) == []


@pytest.mark.parametrize(
    ("url", "flaw"),
    [
        ("ftp://x", {"scheme": "ftp", "schemes": ["http", "https", "data"]}),
        ("FILE:///x", {"scheme": "file", "schemes": ["http", "https", "data"]}),
        ("a+b-c.d:x", {"scheme": "a+b-c.d", "schemes": ["http", "https", "data"]}),
        ("x.png", {"takes": ["http", "https", "data"]}),
        ("/a/b", {"takes": ["http", "https", "data"]}),
        ("C:\\x.png", {"takes": ["http", "https", "data"]}),
        ("abcdefghijklmnopq:x", {"takes": ["http", "https", "data"]}),
        ("abcdefghijklmnop:x", {"scheme": "abcdefghijklmnop", "schemes": ["http", "https", "data"]}),
        ("iVBORw0KGgoAAAANSUhEUg", {"takes": ["http", "https", "data"]}),
        ("AB" * 21, {"takes": ["http", "https", "data"]}),
        ("x" * 2000 + "{y}", {"takes": ["http", "https", "data"]}),
        ("data:image/png,iVBO", {"lacks": ";base64"}),
        ("data:image/png;base64", {"lacks": ";base64"}),
        ("data:image/png;base64;x,AAAA", {"lacks": ";base64"}),
        ("data:;base64,iVBO", {"lacks": "media type"}),
        ("data:png;base64,iVBO", {"lacks": "media type"}),
        ("data:image/;base64,iVBO", {"lacks": "media type"}),
        ("data:image/p ng;base64,iVBO", {"lacks": "media type"}),
        ("data:image/png;base64,", {"flaw": "it is empty"}),
        ("data:image/png;base64, =", {"flaw": "it is empty"}),
        ("data:image/png;base64,iVBOR", {"flaw": "5 characters are not a whole number of bytes"}),
        ("data:image/png;base64,iVBORw===", {"flaw": "9 characters are not a whole number of bytes"}),
        ("data:image/png;base64,iVBORw0===", {"flaw": "10 characters are not a whole number of bytes"}),
        ("data:image/png;base64,!VBO", {"flaw": "character 1 is not base64"}),
        ("data:image/png;base64,iV-O", {"flaw": "character 3 is not base64"}),
        ("data:image/png;base64,iV BO,AA", {"flaw": "character 5 is not base64"}),
        ("data:image/png;base64,iV=BO", {"flaw": "character 3 is not base64"}),
    ],
)  # fmt: skip
def test_an_unusable_image_url_is_told_with_its_flaw(url: str, flaw: dict[str, object]) -> None:
    """An unusable address is a hit with its flaw, in an object or, as some write it, as a string."""
    place = ("messages", 1, "content", 1, "image_url")
    text = {"type": "text", "text": "x"}
    assert hits("unusable-image-url", parts(text, image(f" {url}"))) == [Hit((*place, "url"), facts=flaw)]
    assert hits("unusable-image-url", parts(text, {"type": "image_url", "image_url": url})) == [Hit(place, facts=flaw)]


def test_which_schemes_are_fetched_is_the_profile_s() -> None:
    """A scheme on the profile's list has no hit; the hit of another shows the list."""
    assert hits("unusable-image-url", parts(image("oss://x")), image_url_schemes=["data", "oss"]) == []
    assert hits("unusable-image-url", parts(image("http://x")), image_url_schemes=["data", "oss"]) == [
        Hit(("messages", 1, "content", 0, "image_url", "url"), facts={"scheme": "http", "schemes": ["data", "oss"]})
    ]
    assert hits("unsupported-image-format", parts(image("data:image/bmp;base64,Qk0x")), image_url_schemes=["http"])


def test_every_image_of_every_message_is_looked_at() -> None:
    """Messages and parts of another shape are skipped, wherever they stand."""
    bad = image("x.png")
    odd = [
        None,
        "x",
        {"type": "text", "image_url": {"url": "x.png"}},
        {"type": "image_url"},
        image(None),
        image(5),
        {"type": "image_url", "image_url": []},
    ]
    request = {"messages": [None, "x", {"content": None}, {}, *parts(*odd, bad, bad)["messages"], {"content": [bad]}]}
    assert [hit.place[1:4:2] for hit in hits("unusable-image-url", request)] == [(5, 7), (5, 8), (6, 0)]
    assert hits("unusable-image-url", {"messages": None}) == []


def inline(data: bytes, mime: str = "image/png", more: str = "") -> str:
    """Return a data URL."""
    return f"data:{mime};base64,{base64.b64encode(data).decode()}{more}"


@pytest.mark.parametrize(
    ("begins", "facts"),
    [
        (b"\x89PNG\r\n", None), (b"\xff\xd8\xff\xe0", None), (b"\x89PNG\r\n\x1a", None), (b"\xff\xd8\xffxyzuvwtq", None), (b"GIF89a", None), (b"GIF87a", None), (b"RIFF\0\n\0\0WEBP", None),
        (b"RIFF\0\0\0\0WAVE", {"begins": "of no known format"}), (b"BM1234", {"format": "BMP"}), (b"II*\0xx", {"format": "TIFF"}),
        (b"MM\0*xx", {"format": "TIFF"}), (b"%PDF-1", {"format": "PDF"}), (b"<svg>x", {"format": "SVG, HTML or XML"}),
        (b"\0\0\1\0xx", {"format": "ICO"}), (b"\0\0\0\x18ftypheic", {"format": "HEIC or AVIF"}), (b"<abcftypheic", {"format": "HEIC or AVIF"}),
        (b"\0\0\0\x18ftyx", {"begins": "of no known format"}), (b"plain", {"begins": "of no known format"}), (b"x\x89PNG", {"begins": "of no known format"}),
        (b"x", {"begins": "of no known format"}), (b"<", {"format": "SVG, HTML or XML"}), (b"B", {"begins": "of no known format"}),
        (b"\x89PN", {"begins": "of no known format"}), (b"\x89PNG" + b"x" * 300, None), (b"BM" + b"x" * 300, {"format": "BMP"}),
    ],
)  # fmt: skip
def test_a_picture_begins_like_a_format_that_is_read(begins: bytes, facts: dict[str, str] | None) -> None:
    """The format of another file is recognised by its first bytes and named in the hit."""
    told = [Hit(("messages", 1, "content", 0, "image_url", "url"), facts=facts)] if facts else []
    padded = inline(begins)
    bare = padded if begins == b"<" else padded.rstrip("=")  # PA may stand for something filled in later
    for url in (padded, bare, f" {inline(begins, 'image/bmp')} ", padded.replace("data:", "DATA:")):
        assert hits("unsupported-image-format", parts(image(url))) == told


@pytest.mark.parametrize(
    "url",
    [
        "https://x/y.bmp", "https://x/y,Qk0xMjM0", "data:image/bmp;base64,q" + " " * 300 + "%3D", "data:image/bmp;base64,Qk0xM" + " " * 300 + "%3D", "x", "ftp://x,Qk0x", "data:image/bmp;base64", "data:image/bmp,Qk0x", "data:image/bmp;base64,Qk0x!",
        "data:image/bmp;base64,", "data:image/bmp;base64,{bytes}", "data:image/{kind};base64,Qk0xMjM0", "data:image/bmp;base64,Qk0xMjM0%3D",
        "data:image/bmp;base64,QK0XMJM0" + "", "x,Qk0xMjM0",
    ],
)  # fmt: skip
def test_a_picture_that_is_not_there_has_no_format(url: str) -> None:
    """Addresses, placeholders and unusable data have no format to report."""
    assert hits("unsupported-image-format", parts(image(url))) == []


def test_white_space_inside_a_picture_does_not_hide_its_format() -> None:
    """White space inside base64 is skipped, as decoders skip it."""
    split = "data:image/bmp;base64,\n Q k\t0x\r\n MjM0"
    assert [hit.facts for hit in hits("unsupported-image-format", parts(image(split)))] == [{"format": "BMP"}]
    png = "data:image/png;base64,\n iVBO\n Rw0K"
    silent = (png, "x", "data:image/bmp;base64,{x}", "data:image/bmp;base64,q" + " " * 300 + "%3D")
    for url in silent:
        found = hits("unsupported-image-format", parts(image(url), image(split), image(url), image(split)))
        assert [hit.place[3] for hit in found] == [1, 3]


def test_only_how_a_picture_begins_is_looked_at() -> None:
    """Nothing after the first two hundred characters changes the result."""
    for payload in ("Qk0x" * 50 + "%2B", "Qk0x" * 60 + "%2B,iVBORw0K", "Qk0x" * 50):
        (hit,) = hits("unsupported-image-format", parts(image(f"data:image/bmp;base64,{payload}")))
        assert hit.facts == {"format": "BMP"}
    assert hits("unsupported-image-format", parts(image("data:image/bmp;base64," + "Qk0x" * 49 + "Qk0%2B"))) == []


# Sound, video, and models that take none of it.


def test_pictures_for_a_model_that_reads_text() -> None:
    """Each part's type is a hit: an error for a listed model, a warning for one of a listed family."""
    lists = {"text_only": {"models": ["m"]}, "text_only_by_family": {"models": ["f*"]}}
    request = parts(
        *({"type": kind} for kind in ("text", "image_url", "video_url", "video", "input_audio", "file")), {}
    )
    places = [
        (("messages", 1, "content", index, "type"), kind)
        for index, kind in ((1, "image_url"), (2, "video_url"), (3, "video"))
    ]
    rule = "image-for-text-only-model"
    assert hits(rule, request, **lists) == [Hit(place, facts={"kind": kind, "model": "m"}) for place, kind in places]
    assert hits(rule, {**request, "model": "f1"}, **lists) == [
        Hit(place, facts={"kind": kind, "model": "f1"}, severity=Severity.WARNING) for place, kind in places
    ]
    assert hits(rule, {**request, "model": "n"}, **lists) == hits(rule, request) == []
    assert hits(rule, {"messages": request["messages"]}, **lists) == hits(rule, {"model": "m"}, **lists) == []


def test_so_many_frames_and_no_more() -> None:
    """The first list with the model sets the limit; one frame more is a hit with both numbers."""
    lines = [{"models": ["n"], "most": 1}, {"models": ["m*"], "most": 3}, {"models": ["m"], "most": 2}]
    request = parts(
        {"type": "video", "video": ["x"] * 4}, {"video": ["x"] * 3}, {"video": "xxxx"}, {"video": ["x"] * 5}
    )
    assert hits("too-many-video-frames", request, frames=lines) == [
        Hit(("messages", 1, "content", 0, "video"), facts={"count": 4, "most": 3, "model": "m"}),
        Hit(("messages", 1, "content", 3, "video"), facts={"count": 5, "most": 3, "model": "m"}),
    ]
    assert hits("too-many-video-frames", {**request, "model": "x"}, frames=lines) == []
    assert hits("too-many-video-frames", request) == []
    assert hits("too-many-video-frames", parts({"video": ["x"]}), frames=[{"models": ["m"], "most": 1}]) == []


USABLE = [
    "https://x",
    "http://x",
    "HTTP://X",
    " oss://x",
    "data:video/mp4;base64,AA",
    "data:;base64,AA",
    "Data:x;BASE64,A",
    "{x}",
    "<x>",
    "…",
    "a...b",
    "%s",
    "VIDEO_1",
    "",
    "a[0]",
    "$x",
]
UNUSABLE = [
    "x.mp4",
    "file:///x",
    "UklGRg",
    "data:video/mp4,AA",
    "data:base64",
    f"data:{'x' * 201}base64,A",
    "x" * 2000 + "{y}",
    "A" * 41,
    "https:/x",
]


@pytest.mark.parametrize(("url", "usable"), [*((url, True) for url in USABLE), *((url, False) for url in UNUSABLE)])
def test_sound_and_video_are_fetched_or_decoded(url: str, usable: bool) -> None:
    """An address that can be neither fetched nor decoded is a hit under its member's name; images have another rule."""
    request = parts(
        {"type": "video_url", "video_url": {"url": url}},
        {"type": "input_audio", "input_audio": {"data": url, "format": "wav"}},
        {"type": "video", "video": ["https://x", url]},
        image(url),
    )
    told = [
        Hit(("messages", 1, "content", 0, "video_url", "url"), facts={"name": "url"}),
        Hit(("messages", 1, "content", 1, "input_audio", "data"), facts={"name": "data"}),
        Hit(("messages", 1, "content", 2, "video", 1), facts={"name": "video"}),
    ]
    assert hits("unusable-media-url", request) == ([] if usable else told)


def test_addresses_of_another_shape_are_stepped_over() -> None:
    """Addresses of another shape have no hit, and those after them are still checked."""
    odd = [
        {"video_url": "x"},
        {"video_url": {"url": 5}},
        {"video_url": {}},
        {"input_audio": [], "video": "x"},
        {"video": [5, None]},
        None,
        "x",
    ]
    request = {"messages": [None, {"content": "x"}, {"content": None}, {"content": [*odd, {"video": [5, "x"]}]}]}
    assert [hit.place for hit in hits("unusable-media-url", request)] == [("messages", 3, "content", 7, "video", 1)]
    for messages in (None, {}, "x"):
        assert hits("unusable-media-url", {"messages": messages}) == hits("unusable-media-url", {}) == []


def test_a_data_url_has_a_length() -> None:
    """A data URL one character over the limit is a hit; other addresses may have any length."""
    limit = {"data_url_limit": 10}
    fits, over = "data:12345", "DATA:123456"
    request = parts(
        image(fits), image(over), image("https://x/1234"), {"video": ["x", over]}, {"input_audio": {"data": over}}
    )
    assert hits("oversized-data-url", request, **limit) == [
        Hit(("messages", 1, "content", 1, "image_url", "url"), facts={"length": 11, "most": 10}),
        Hit(("messages", 1, "content", 3, "video", 1), facts={"length": 11, "most": 10}),
        Hit(("messages", 1, "content", 4, "input_audio", "data"), facts={"length": 11, "most": 10}),
    ]
    assert hits("oversized-data-url", request) == []


def test_a_temporary_address_is_told() -> None:
    """A temporary address is a hit wherever it stands, if its scheme is written in lower case."""
    request = parts(image("oss://x"), image("https://oss://x"), {"video": ["oss://x"]}, image("OSS://x"))
    assert hits("unresolved-oss-url", request) == [
        Hit(("messages", 1, "content", 0, "image_url", "url")),
        Hit(("messages", 1, "content", 2, "video", 0)),
    ]


# JSON mode.

SPEAKS: list[object] = [
    {"content": "as JSON"}, {"content": "json"}, {"content": "xJsOnx"}, {"content": [{"type": "text", "text": "Json"}]}, {"content": ["json"]},
    {"content": [None, {}, {"text": "json"}]}, {"tool_calls": [{"function": {"name": "to_json"}}]}, {"content": None, "tool_calls": [{"function": {"name": "x", "arguments": "json"}}]},
    {"tool_calls": [None, {}, {"function": "json"}, {"function": {"name": 5, "arguments": "json"}}]},
]  # fmt: skip
SILENT: list[object] = [
    {"content": "jso n"}, {"content": None}, {}, None, "json", {"content": 5}, {"content": {"text": "xml"}}, {"content": [{"text": 5}, {"json": "json"}]},
    {"name": "json"}, {"tool_calls": None}, {"tool_calls": "json"}, {"tool_calls": {"function": {"name": "json"}}}, {"tool_calls": [{"name": "json"}, {"function": {"json": 5}}]},
    {"content": [[], ["json"]]},
]  # fmt: skip


def test_json_mode_asks_for_the_word() -> None:
    """One message with the word is enough, wherever it stands; without any, the type is a hit."""

    def found(*messages: object) -> list[Hit]:
        return hits(
            "json-mode-without-json-word", {"response_format": {"type": "json_object"}, "messages": list(messages)}
        )

    told = [Hit(("response_format", "type"))]
    assert found(*SILENT) == told
    for message in SILENT:
        assert found(message) == told, message
    for message in SPEAKS:
        assert found(message) == found(*SILENT, message) == found(message, *SILENT) == [], message
    assert found() == []


def test_json_mode_is_an_object_of_that_type() -> None:
    """Other forms of the answer, and messages of another shape, have no hit."""
    silent = [{"content": "x"}]
    for other in ({"type": "text"}, {"type": "json_schema"}, {}, None, "json_object"):
        assert hits("json-mode-without-json-word", {"response_format": other, "messages": silent}) == []
    for messages in (None, {}, "x"):
        assert (
            hits("json-mode-without-json-word", {"response_format": {"type": "json_object"}, "messages": messages})
            == []
        )
    assert hits("json-mode-without-json-word", {"response_format": {"type": "json_object"}}) == []


# Calls and their answers.


def call(*ids: object, **more: object) -> dict[str, object]:
    """Return an assistant message that makes calls."""
    return {"role": "assistant", "tool_calls": [{"id": each, "function": {"name": "f"}} for each in ids], **more}


def answer(to: object) -> dict[str, object]:
    """Return a tool message."""
    return {"role": "tool", "tool_call_id": to}


USER = {"role": "user", "content": "x"}


def found(rule: str, *messages: object) -> list[Hit]:
    """Return the hits of a rule in a conversation."""
    return hits(rule, {"messages": list(messages)})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([], "at the start of the conversation"), ([USER], "right after a message of role user"),
        ([USER, {"role": "assistant"}], "right after a message of role assistant"), ([{"role": "system"}], "right after a message of role system"),
        ([{"role": "developer"}], "right after a message of role developer"), ([{"role": "function"}], "right after a message of role function"),
        ([{"role": "x"}], "right after another message"), ([{}], "right after another message"), ([None], "right after another message"),
        ([{"role": 5}], "right after another message"), ([call("a"), answer("a"), USER], "right after a message of role user"),
        ([call()], "right after a message of role assistant"), ([{**call("a"), "role": "user"}], "right after a message of role user"),
        ([call(5)], "right after a message of role assistant"), ([{**call(), "tool_calls": "x"}], "right after a message of role assistant"),
        ([{**call(), "tool_calls": [None, "x"]}], "right after a message of role assistant"),
    ],
)  # fmt: skip
def test_an_answer_that_follows_no_calls_is_told_at_its_role(before: list[object], after: str) -> None:
    """Each answer that follows no calls is a hit that says what it follows; one without an id is not."""
    for more in ([], [USER], [call("b"), answer("b")]):
        talk = [*before, answer("a"), answer("b"), {"role": "tool"}, *more]
        start = len(before)
        assert found("orphan-tool-result", *talk) == [
            Hit(("messages", start + index, "role"), facts={"after": after}) for index in (0, 1)
        ]


def test_an_answer_to_none_of_the_calls_before_it_is_told_at_its_id() -> None:
    """An answer to none of the calls is a hit with up to five of their ids and links to three calls."""
    ids = ["a", "b", "c", "d", "e", "f"]
    links = tuple(Link(("messages", 1, "tool_calls", number, "id"), "a call before it") for number in range(3))
    talk = [USER, call(*ids), answer("b"), answer("x"), answer("a"), answer("y")]
    assert found("orphan-tool-result", *talk) == [
        Hit(("messages", index, "tool_call_id"), facts={"ids": ids[:5]}, related=links) for index in (3, 5)
    ]
    assert found("orphan-tool-result", call(None, "a"), answer("x")) == [
        Hit(
            ("messages", 1, "tool_call_id"),
            facts={"ids": ["a"]},
            related=(Link(("messages", 0, "tool_calls", 1, "id"), "a call before it"),),
        )
    ]
    assert found("orphan-tool-result", call("a"), answer("a"), call("b"), answer("a"))[0].place == (
        "messages",
        3,
        "tool_call_id",
    )
    assert found("orphan-tool-result", call("a", "b"), answer("b"), answer("a"), answer("a")) == []
    assert hits("orphan-tool-result", {"messages": None}) == []


def test_calls_that_are_left_unanswered_are_told_at_their_message() -> None:
    """Unanswered calls are one hit, with links to three and to what follows; a stray answer stands for one of them."""

    def unanswered(number: int) -> Link:
        return Link(("messages", 1, "tool_calls", number, "id"), "has no answer")

    talk = [USER, call(*"abcdefg"), answer("b")]
    told = [unanswered(0), unanswered(2), unanswered(3)]
    assert found("unanswered-tool-call", *talk) == [
        Hit(("messages", 1), facts={"calls": "a, c, d, e, f"}, related=tuple(told))
    ]
    early = Link(("messages", 3), "this comes before the answer")
    assert found("unanswered-tool-call", *talk, USER, answer("x")) == [
        Hit(("messages", 1), facts={"calls": "a, c, d, e, f"}, related=(*told, early))
    ]
    assert found("unanswered-tool-call", USER, call("a", "b", "c"), answer("b"), answer("x")) == [
        Hit(("messages", 1), facts={"calls": "c"}, related=(unanswered(2),))
    ]
    for whole in (
        [call("a"), answer("a")],
        [call("a"), answer("x")],
        [call("a", "b"), answer("x"), answer("b")],
        [call()],
        [USER],
        [],
    ):
        assert found("unanswered-tool-call", *whole) == []
    assert [hit.place for hit in found("unanswered-tool-call", call("a"), call("b"))] == [
        ("messages", 0),
        ("messages", 1),
    ]
    for odd in (None, [], {}):
        assert hits("unanswered-tool-call", {"messages": odd}) == []


def test_an_answer_that_comes_too_late_is_told_once() -> None:
    """It is told where it stands, with the call that it answers; the call is not called unanswered as well."""

    def late(index: int, name: str, after: str, at: tuple[int, int]) -> Hit:
        link = Link(("messages", at[0], "tool_calls", at[1], "id"), "the call that it answers")
        where = f"right after a message of role {after}"
        return Hit(("messages", index, "role"), facts={"call": name, "where": where}, related=(link,))

    talk = [USER, call("a", "b"), answer("a"), USER, answer("b")]
    assert found("orphan-tool-result", *talk) == [late(4, "b", "user", (1, 1))]
    assert found("unanswered-tool-call", *talk) == []
    # Among the answers to other calls; the second time nothing waits for it.
    talk = [call("a"), call("b"), answer("a"), answer("b"), answer("a")]
    assert found("orphan-tool-result", *talk)[0] == late(2, "a", "assistant", (0, 0))
    assert [hit.place for hit in found("orphan-tool-result", *talk)] == [
        ("messages", 2, "role"),
        ("messages", 4, "tool_call_id"),
    ]
    assert found("unanswered-tool-call", *talk) == []
    # An answer that comes before its call answers nothing.
    assert [hit.place for hit in found("unanswered-tool-call", answer("a"), call("a"), USER)] == [("messages", 1)]
    assert found("orphan-tool-result", answer("a"), call("a"), USER)[0].facts == {
        "after": "at the start of the conversation"
    }


def test_a_second_answer_to_a_call_is_told_beside_the_first() -> None:
    """A second answer is a hit; calls that share an id have an answer each, and a stray has its own rule."""

    def again(index: int, first: int, name: str) -> Hit:
        link = Link(("messages", first, "tool_call_id"), "first answered here")
        return Hit(("messages", index, "tool_call_id"), facts={"call": name}, related=(link,))

    a, b = answer("a"), answer("b")
    assert found("duplicate-tool-result", call("a", "b"), a, b, a, a, b) == [
        again(3, 1, "a"),
        again(4, 1, "a"),
        again(5, 2, "b"),
    ]
    assert found("duplicate-tool-result", call("a", "a"), a, a, a) == [again(3, 1, "a")]
    assert (
        found("duplicate-tool-result", call("a"), a, call("a"), a)
        == found("duplicate-tool-result", call("a"), answer("x"), a)
        == []
    )
    assert found("duplicate-tool-result", a, a, call("b"), b, answer("x"), answer("x")) == [
        again(1, 0, "a"),
        again(5, 4, "x"),
    ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("{}", False), ("", False), ('{"a": 1}', False), ("null", False), ("9" * 5000, False), ("[" * 100_000, False), ("NaN", False),
        (" ", True), ("{", True), ("{'a': 1}", True), ("{} {}", True), ("undefined", True), (None, False), (5, False), ({}, False),
    ],
)  # fmt: skip
def test_arguments_that_do_not_parse_are_told(arguments: object, told: bool) -> None:
    """Each call's broken arguments are a hit, whatever is odd about what comes before."""
    calls = [
        None,
        {},
        {"function": None},
        {"function": {"arguments": arguments}},
        {"function": {"arguments": arguments}},
    ]
    place = ("messages", 4, "tool_calls")
    talk = [None, {}, {"tool_calls": None}, {"tool_calls": {}}, {"role": "assistant", "tool_calls": calls}]
    expected = [Hit((*place, number, "function", "arguments")) for number in (3, 4)] if told else []
    assert found("tool-arguments-not-json", *talk) == expected
    assert hits("tool-arguments-not-json", {"messages": None}) == []


def test_deep_arguments_do_not_hide_what_follows() -> None:
    """Arguments too deep to be read have no hit, and the calls after them are checked."""
    calls = [{"function": {"arguments": text}} for text in ("[" * 100_000, "{")]
    assert [hit.place[3] for hit in found("tool-arguments-not-json", {"tool_calls": calls})] == [1]


@pytest.mark.parametrize(
    ("messages", "proven"),
    [
        ([USER], True), ([], True), ([USER, call("a"), answer("a")], True), ([call("a", "b"), answer("b"), answer("a"), USER], True),
        ([call("a"), answer("a"), USER, call("a"), answer("a")], True), ([call("a"), answer("a"), call("a"), answer("a")], False), ([call()], True), ([{**USER, "tool_calls": None}], True), ([{**USER, "tool_calls": []}], True),
        ([call("a")], False), ([call("a"), USER, answer("a")], False), ([call("a"), answer("b")], False), ([answer("a")], False),
        ([call("a"), answer("a"), answer("a")], False), ([call("a", "a"), answer("a")], False), ([{**call("a"), "role": "user"}, answer("a")], False),
        ([call("a"), USER], False), ([{"content": "x"}], False), ([None], False), (None, False), ([call(["a"]), answer(["a"])], False),
        ([{**USER, "tool_calls": 5}], False), ([call("a"), {"role": "tool"}], False),
    ],
)  # fmt: skip
def test_paired_calls_are_proven_in_one_look(messages: object, proven: bool) -> None:
    """The usual conversation is proven; a conversation with a hit never is."""
    assert OPENAI_CHAT.proofs["paired-calls"]({"messages": messages}) is proven
    if proven:
        for rule in ("orphan-tool-result", "unanswered-tool-call", "duplicate-tool-result"):
            assert hits(rule, {"messages": messages}) == []
