"""Checks of requests to Bedrock's Converse, by their whole hits, on both sides of each limit."""

from typing import Any

import pytest

from reqlint import Linter
from reqlint.checks import all_checks
from reqlint.core.findings import Hit, Part, Severity
from reqlint.dialects.bedrock_converse import DIALECT
from reqlint.knowledge.catalog import shipped

KEY, WARNING = Part.KEY, Severity.WARNING
CLAUDE = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0"
NOVA = "amazon.nova-lite-v1:0"
LLAMA = "us.meta.llama4-scout-17b-instruct-v1:0"
PROFILE = "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abc"
TEXT = {"text": "Hi"}


def hits(rule: str, request: dict[str, Any]) -> list[Hit]:
    """Return the hits of a check with the facts of the profile."""
    return list(all_checks()[rule](request, shipped().profile("bedrock-converse").facts or {}, DIALECT))


def found(rule: str, request: dict[str, Any]) -> list[tuple[Any, Severity | None]]:
    """Return the places of the hits of a check, with their own severities."""
    return [(hit.place, hit.severity) for hit in hits(rule, request)]


def said(*turns: Any, model: str | None = CLAUDE, **more: Any) -> dict[str, Any]:
    """Return a request of turns: role and blocks."""
    named = {"modelId": model} if model else {}
    return {**named, "messages": [{"role": role, "content": list(blocks)} for role, *blocks in turns], **more}


def use(id_: str = "t1", **more: Any) -> dict[str, Any]:
    return {"toolUse": {"toolUseId": id_, "name": "ferry", "input": {}, **more}}


def result(id_: str = "t1", **more: Any) -> dict[str, Any]:
    return {"toolResult": {"toolUseId": id_, "content": [TEXT], **more}}


def document(name: str = "plan", **more: Any) -> dict[str, Any]:
    return {"document": {"name": name, "format": "txt", "source": {"text": "At nine."}, **more}}


CONTENT = ("messages", 0, "content")


# -------------------------------------------------------------------------------------------------------------- unions


@pytest.mark.parametrize(
    ("request_", "several", "none"),
    [
        (said(("user", TEXT)), [], []),
        (said(("user", {"text": "Hi", "image": None})), [], []),  # null counts as absent
        (said(("user", {"text": "Hi", "image": {}})), [(*CONTENT, 0)], []),
        (said(("user", {"text": None})), [], [(*CONTENT, 0)]),
        (said(("user", {"text": "Hi", "note": 1})), [], []),  # that note is unknown is another finding
        (said(("user", {"note": 1})), [], [(*CONTENT, 0, "note")]),
        (said(("user", {"note": 1, "other": 2})), [], [(*CONTENT, 0)]),
        (said(("user", TEXT), system=[{}]), [], [("system", 0)]),
        (
            said(("user", TEXT), toolConfig={"tools": [{"toolSpec": {}, "cachePoint": {}}]}),
            [("toolConfig", "tools", 0)],
            [],
        ),
        (said(("user", TEXT), toolConfig={"toolChoice": {"auto": {}, "any": {}}}), [("toolConfig", "toolChoice")], []),
        (said(("user", result(content=[{}]))), [], [(*CONTENT, 0, "toolResult", "content", 0)]),
        (said(("user", document(source={}))), [], [(*CONTENT, 0, "document", "source")]),
        (
            said(("user", {"image": {"source": {"bytes": "QQ==", "s3Location": {}}}})),
            [(*CONTENT, 0, "image", "source")],
            [],
        ),
        (said(("user", {"image": {"source": {"text": "QQ=="}}})), [], [(*CONTENT, 0, "image", "source", "text")]),
    ],
)
def test_a_union_has_exactly_one_member(request_: dict[str, Any], several: list[Any], none: list[Any]) -> None:
    """Blocks, sources, tools and choices count their known members that are not null."""
    assert [hit.place for hit in hits("block-of-several-kinds", request_)] == several
    assert [hit.place for hit in hits("block-of-no-kind", request_)] == none


def test_a_misspelled_member_is_suggested() -> None:
    """A known member in another case is named; the fix renames it."""
    [hit] = hits("block-of-no-kind", said(("user", {"tool_result": {}})))
    assert (hit.part, hit.facts["suggestion"]) == (KEY, "toolResult")
    [hit] = hits("block-of-no-kind", said(("user", {"card": {}})))
    assert "suggestion" not in hit.facts


# ------------------------------------------------------------------------------------------------------ order of turns


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (NOVA, [None]),
        (LLAMA, [None]),
        (CLAUDE, []),
        ("qwen.qwen3-32b-v1:0", []),
        ("anthropic.claude-3-5-sonnet-20240620-v1:0", [WARNING]),
        ("openai.gpt-oss-20b-1:0", [WARNING]),
        (PROFILE, [WARNING]),
        (None, [WARNING]),
    ],
)
def test_the_assistant_may_begin_with_some_models(model: str | None, expected: list[Severity | None]) -> None:
    """An error where models of the family refused it, nothing where they answered, a warning elsewhere."""
    turns = said(("assistant", TEXT), ("user", TEXT), model=model)
    assert found("assistant-turn-first", turns) == [(("messages", 0, "role"), severity) for severity in expected]
    assert found("assistant-turn-first", said(("user", TEXT), model=model)) == []
    after_system = said(("system", TEXT), ("assistant", TEXT), model=model)
    assert [place for place, _ in found("assistant-turn-first", after_system)] == [("messages", 1, "role")] * len(
        expected
    )


@pytest.mark.parametrize(
    ("model", "count"), [(NOVA, 1), (CLAUDE, 0), ("anthropic.claude-3-haiku-20240307-v1:0", 1), (None, 1)]
)
def test_turns_alternate_for_most_models(model: str | None, count: int) -> None:
    """Two turns of one role in a row are found at the second, unless the model joins them."""
    turns = said(("user", TEXT), ("user", TEXT), ("assistant", TEXT), model=model)
    assert [hit.place for hit in hits("consecutive-turns-of-one-role", turns)] == [("messages", 1, "role")] * count
    assert hits("consecutive-turns-of-one-role", said(("user", TEXT), ("assistant", TEXT), model=model)) == []


def test_calls_and_results_need_the_tools() -> None:
    """The first of them is found where toolConfig is missing or null, and only that."""
    history = [("user", TEXT), ("assistant", TEXT, use()), ("user", result())]
    for more in ({}, {"toolConfig": None}):
        assert hits("unconfigured-tool-blocks", said(*history, **more)) == [
            Hit(("messages", 1, "content", 1, "toolUse"), KEY, {"kind": "toolUse"})
        ]
    assert hits("unconfigured-tool-blocks", said(*history, toolConfig={"tools": []})) == []
    assert hits("unconfigured-tool-blocks", said(("user", TEXT))) == []


def test_words_beside_results_and_calls_depend_on_the_model() -> None:
    """Claude takes both, an ARN says nothing; a cache point is no words."""
    mixed = [("user", TEXT), ("assistant", TEXT, use()), ("user", result(), TEXT)]
    for model, results, calls in ((LLAMA, 1, 1), (NOVA, 1, 0), (CLAUDE, 0, 0), (PROFILE, 0, 0), (None, 0, 0)):
        request = said(*mixed, model=model)
        assert [hit.place for hit in hits("text-beside-tool-result", request)] == [
            ("messages", 2, "content", 1)
        ] * results
        assert [hit.place for hit in hits("text-beside-tool-use", request)] == [("messages", 1, "content", 0)] * calls
    assert hits("text-beside-tool-result", said(("user", result(), {"cachePoint": {}}), model=LLAMA)) == []


def test_an_id_is_used_once_in_a_message() -> None:
    """The second call with an id is found; another message may use it again, and calls of the service do not count."""
    twice = said(("assistant", use(), use("t2"), use()), ("assistant", use()))
    [hit] = hits("repeated-tool-use-id", twice)
    assert hit.place == ("messages", 0, "content", 2, "toolUse", "toolUseId")
    assert hit.related[0].place == ("messages", 0, "content", 0, "toolUse", "toolUseId")
    assert hits("repeated-tool-use-id", said(("assistant", use(type="server_tool_use"), use()))) == []


# --------------------------------------------------------------------------------------------------------------- blocks


@pytest.mark.parametrize(("model", "severity"), [(CLAUDE, None), (NOVA, None), (LLAMA, WARNING), (None, WARNING)])
@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_a_blank_text_is_an_error_for_some_models(model: str | None, severity: Severity | None, text: str) -> None:
    """White space alone counts as blank."""
    assert found("blank-block-text", said(("user", {"text": text}), model=model)) == [((*CONTENT, 0, "text"), severity)]
    assert found("blank-block-text", said(("user", {"text": f"{text}x"}), model=model)) == []


def test_documents_have_names_of_their_own_in_the_whole_request() -> None:
    """Those in tool results count as well."""
    request = said(
        ("user", TEXT, document()), ("user", result(content=[document()])), ("user", TEXT, document("other"))
    )
    [hit] = hits("duplicate-document-name", request)
    assert hit.place == ("messages", 1, "content", 0, "toolResult", "content", 0, "document", "name")
    assert hit.related[0].place == (*CONTENT, 1, "document", "name")


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("report", None), ("report_v1 (final) [2]-b", None), (" report ", None), ("a" * 200, None),
        ("report.pdf", "error"), ("John's report", "error"), ("résumé", "error"), ("a  b", "error"),
        ("a\u3000b", "error"), ("a\tb", "warning"), ("#1", "error"),
    ],
)  # fmt: skip
def test_a_document_name_keeps_to_the_alphabet(name: str, severity: str | None) -> None:
    """English letters and digits, single spaces, underscores, hyphens, parentheses and brackets."""
    report = Linter("bedrock-converse").check(said(("user", TEXT, document(name))))
    assert [(f.rule, str(f.severity)) for f in report] == ([("malformed-document-name", severity)] if severity else [])


def test_a_document_needs_a_text_beside_it() -> None:
    """A document in a tool result does not."""
    assert found("document-without-text", said(("user", {"image": {}}, document()))) == [
        ((*CONTENT, 1, "document"), None)
    ]
    assert found("document-without-text", said(("user", document(), TEXT))) == []
    assert found("document-without-text", said(("user", result(content=[document()])))) == []


def test_a_message_has_so_many_files() -> None:
    """Twenty pictures and five documents pass; the first above is found."""
    image = {"image": {"format": "png", "source": {"bytes": "QQ=="}}}
    assert hits("too-many-files-in-turn", said(("user", *[image] * 20, *[document()] * 5))) == []
    assert hits("too-many-files-in-turn", said(("user", *[image] * 21))) == [
        Hit((*CONTENT, 20, "image"), facts={"count": 21, "most": 20, "kind": "images"})
    ]
    assert [hit.place for hit in hits("too-many-files-in-turn", said(("user", *[document()] * 6)))] == [
        (*CONTENT, 5, "document")
    ]


@pytest.mark.parametrize(
    ("kind", "format_", "model", "length", "is_found"),
    [
        ("image", "png", CLAUDE, 5_000_000, False), ("image", "png", CLAUDE, 5_000_001, True),
        ("document", "txt", CLAUDE, 6_000_000, False), ("document", "txt", CLAUDE, 6_000_001, True),
        ("document", "pdf", CLAUDE, 6_000_001, False), ("document", "pdf", LLAMA, 6_000_001, True),
    ],
)  # fmt: skip
def test_a_file_has_so_many_bytes(kind: str, format_: str, model: str, length: int, is_found: bool) -> None:
    """The limit counts bytes, of which base64 writes three in four characters; some models take larger PDF files."""
    file = {kind: {"name": "plan", "format": format_, "source": {"bytes": "A" * length}}}
    places = [hit.place for hit in hits("oversized-file-in-block", said(("user", file), model=model))]
    assert places == ([(*CONTENT, 0, kind, "source", "bytes")] if is_found else [])


def test_a_cache_point_stands_apart_from_documents() -> None:
    """Right after a document of text it is an error, after other files a warning, and not across messages."""
    point = {"cachePoint": {"type": "default"}}
    at = (*CONTENT, 1, "cachePoint")
    assert found("cache-point-after-document", said(("user", document(), point))) == [(at, None)]
    assert found("cache-point-after-document", said(("user", document(format="pdf"), point))) == [(at, WARNING)]
    assert found("cache-point-after-document", said(("user", {"video": {}}, point))) == [(at, WARNING)]
    assert found("cache-point-after-document", said(("user", document(), TEXT, point))) == []
    assert found("cache-point-after-document", said(("user", document()), ("user", point))) == []


def test_files_of_the_assistant_are_found() -> None:
    """Pictures and documents are; films are not documented to be the user's."""
    request = said(("assistant", {"image": {}}, document(), {"video": {}}), ("user", {"image": {}}))
    assert [hit.place[-1] for hit in hits("file-outside-user-turn", request)] == ["image", "document"]


# ---------------------------------------------------------------------------------------------------- what models take


S3 = {"source": {"s3Location": {"uri": "s3://harbour/plan.pdf"}}}


@pytest.mark.parametrize(
    ("model", "expected"), [(NOVA, []), (CLAUDE, [None]), (LLAMA, [WARNING]), (PROFILE, []), (None, []), ("nova", [])]
)
def test_few_models_read_from_s3(model: str | None, expected: list[Severity | None]) -> None:
    """An error for Claude, which was seen to refuse it; a warning for others; nothing where the model is not known."""
    place = (*CONTENT, 0, "document", "source", "s3Location")
    request = said(("user", {"document": S3}), model=model)
    assert found("s3-file-for-model-without-it", request) == [(place, severity) for severity in expected]


def test_a_document_in_s3_is_not_cited() -> None:
    """Only with citations switched on, also in a tool result."""
    cited = {"document": {**S3, "citations": {"enabled": True}}}
    assert found("cited-document-in-s3", said(("user", cited))) == [
        ((*CONTENT, 0, "document", "source", "s3Location"), None)
    ]
    assert len(hits("cited-document-in-s3", said(("user", result(content=[cited]))))) == 1
    assert hits("cited-document-in-s3", said(("user", {"document": {**S3, "citations": {"enabled": False}}}))) == []
    assert hits("cited-document-in-s3", said(("user", document(citations={"enabled": True})))) == []


NEW = "global.anthropic.claude-opus-4-8"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"inferenceConfig": {"temperature": 0.2}}, [(("inferenceConfig", "temperature"), None)]),
        ({"inferenceConfig": {"temperature": 1}}, [(("inferenceConfig", "temperature"), WARNING)]),
        ({"inferenceConfig": {"topP": 0.9, "maxTokens": 5}}, [(("inferenceConfig", "topP"), None)]),
        (
            {"additionalModelRequestFields": {"top_k": 1}},
            [(("additionalModelRequestFields", "top_k"), None)],
        ),
        ({"inferenceConfig": {"temperature": None}}, []),
        ({"inferenceConfig": None}, []),
    ],
)
def test_newer_models_take_no_sampling(more: dict[str, Any], expected: list[Any]) -> None:
    """Whatever stands in inferenceConfig or in the vendor's own fields; 1 may pass."""
    assert found("sampling-for-model-without-it", said(("user", TEXT), model=NEW, **more)) == expected
    assert found("sampling-for-model-without-it", said(("user", TEXT), **more)) == []


def thinking(*, model: str | None = CLAUDE, kind: str = "enabled", **more: Any) -> dict[str, Any]:
    """Return a request that tells the model to think."""
    fields = {"thinking": {"type": kind, "budget_tokens": 1024}}
    return said(("user", TEXT), model=model, additionalModelRequestFields=fields, **more)


def test_claude_thinks_under_conditions() -> None:
    """No forced call, temperature 1 and a budget of 1,024; nothing for other models, or while thinking is disabled."""
    choice = {"toolConfig": {"tools": [], "toolChoice": {"tool": {"name": "ferry"}}}}
    warm = {"inferenceConfig": {"temperature": 0.7}}
    for request, count in (
        (thinking(**choice, **warm), 1),
        (thinking(model=PROFILE, **choice, **warm), 1),
        (thinking(model=None, **choice, **warm), 1),
        (thinking(model=NOVA, **choice, **warm), 0),
        (thinking(kind="disabled", **choice, **warm), 0),
    ):
        assert len(hits("forced-tool-with-model-thinking", request)) == count
        assert len(hits("temperature-with-model-thinking", request)) == count
    assert hits("temperature-with-model-thinking", thinking(inferenceConfig={"temperature": 1.0})) == []
    assert hits("forced-tool-with-model-thinking", thinking(toolConfig={"toolChoice": {"auto": {}}})) == []
    assert hits("too-small-model-thinking-budget", thinking()) == []
    for key in ("thinking", "reasoning_config"):
        small = said(("user", TEXT), additionalModelRequestFields={key: {"type": "enabled", "budget_tokens": 1023}})
        place = ("additionalModelRequestFields", key, "budget_tokens")
        assert [hit.place for hit in hits("too-small-model-thinking-budget", small)] == [place]


@pytest.mark.parametrize(
    ("model", "effort", "count"),
    [
        ("openai.gpt-oss-20b-1:0", "high", 0), ("openai.gpt-oss-20b-1:0", "none", 1), ("us.deepseek.r1-v1:0", "low", 1),
        ("zai.glm-5.3", "max", 0), ("zai.glm-5.3", "minimal", 1), (NOVA, "minimal", 0), ("openai.gpt-oss-20b", None, 0),
    ],
)  # fmt: skip
def test_models_take_words_of_effort(model: str, effort: str | None, count: int) -> None:
    """Each family has its own; DeepSeek R1 has none."""
    request = said(("user", TEXT), model=model, additionalModelRequestFields={"reasoning_effort": effort})
    assert len(hits("effort-of-other-models", request)) == count


def test_one_choice_among_tools() -> None:
    """The vendor's own choice stands alone, or toolChoice does; and not every model can be forced."""
    own = {"additionalModelRequestFields": {"tool_choice": {"type": "any"}}}
    both = said(("user", TEXT), toolConfig={"toolChoice": {"any": {}}}, **own)
    assert hits("two-tool-choices", both) == [Hit(("additionalModelRequestFields", "tool_choice"), KEY)]
    assert hits("two-tool-choices", said(("user", TEXT), toolConfig={}, **own)) == []
    for kind, model, count in (("any", LLAMA, 1), ("tool", LLAMA, 1), ("auto", LLAMA, 0), ("any", NOVA, 0)):
        request = said(("user", TEXT), model=model, toolConfig={"toolChoice": {kind: {}}})
        assert len(hits("tool-choice-of-other-models", request)) == count
    assert len(hits("tools-for-model-without-them", said(("user", TEXT), model="deepseek.r1-v1:0", toolConfig={}))) == 1
    assert hits("tools-for-model-without-them", said(("user", TEXT), model="deepseek.r1-v1:0", toolConfig=None)) == []
