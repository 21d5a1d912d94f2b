"""Checks of the lines of a file, and of recorded answers, by their whole hits."""

from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from reqlint.checks.files import BatchLines, EarlierLines, TrainingLines
from reqlint.checks.statuses import find_contradictions
from reqlint.core.findings import Hit, Link, Part, Region
from reqlint.core.pointer import Place

# ruff: noqa: E501 - tables, read at a glance

MEGABYTE = 1 << 20
LIMITS = {"lines": 3, "megabytes": 2, "line-megabytes": 1, "dry-run": {"url": "/dry", "lines": 1, "megabytes": 1}}


def batch(**limits: object) -> BatchLines:
    """Return the lines of a batch file with the given limits."""
    return BatchLines({"batch-limits": {"value": {name.replace("_", "-"): value for name, value in limits.items()}}})


def line(custom_id: object = None, model: object = "m", url: object = "/u", **body: object) -> dict[str, object]:
    """Return a batch line."""
    return {"custom_id": custom_id, "url": url, "body": {"model": model, **body}}


def repeats(document: int, place: Place = ()) -> Hit:
    """Return the hit of an id that first came in *document*."""
    link = Link((*place, "custom_id"), "first used here", document=document)
    return Hit(("custom_id",), facts={"first": document + 1}, related=(link,), rule="duplicate-custom-id")


def differs(what: str, own: str, first: str, document: int, base: Place = ()) -> Hit:
    """Return the hit of a model or url that is not the first one."""
    place: Place = ("url",) if what == "urls" else ("body", "model")
    link = Link((*base, *place), "the first one", document=document)
    facts = {"own": own, "first": first, "line": document + 1}
    return Hit(place, facts=facts, related=(link,), rule=f"mixed-batch-{what}")


def test_lines_are_held_against_those_before_them() -> None:
    """A repeated id, and a model or url that is not the first, are hits that link to the first one."""
    lines = batch()
    assert lines.check(line("a"), 4, (), 0) == []
    assert lines.check(line("b"), 5, (), 0) == []
    assert lines.check(line("a"), 7, (), 0) == [repeats(4)]
    assert lines.check(line("a", model="n", url="/v"), 8, (), 0) == [
        repeats(4), differs("urls", "/v", "/u", 4), differs("models", "n", "m", 4),
    ]  # fmt: skip
    assert lines.check(line("c", model=None, url=None), 9, (), 0) == lines.check(line(""), 9, (), 0) == []
    assert lines.check(line("", model="n"), 10, (), 0) == [repeats(9), differs("models", "n", "m", 4)]
    assert (lines.count, list(lines.end(0))) == (7, [])


def test_places_in_an_array_of_lines_are_those_of_the_lines() -> None:
    """In an array of lines, a link counts from the document and a hit from its own line."""
    lines = batch()
    assert lines.check(line("a"), 0, (3,), 0) == []
    assert lines.check(line("a", model="n", url="/v"), 0, (4,), 0) == [
        repeats(0, (3,)), differs("urls", "/v", "/u", 0, (3,)), differs("models", "n", "m", 0, (3,)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("odd", "expected"),
    [
        (None, []), ([], []), ("x", []), ({}, []), (line(5, model=5, url=5), []), (line(["a"]), []), ({"custom_id": "x", "body": None}, []), ({"body": "x", "messages": []}, []),
        ({"messages": []}, [Hit(rule="bare-request-in-batch")]), ({"messages": None, "custom_id": "a"}, [repeats(0), Hit(rule="bare-request-in-batch")]), ({"model": "m"}, []),
        ({"body": None, "messages": []}, []), (line(stream=True), [Hit(("body", "stream"), rule="stream-in-batch")]), (line(stream=False), []), (line(stream=1), []),
        (line(stream=None), []), ({"body": {"stream": True}}, [Hit(("body", "stream"), rule="stream-in-batch")]),
    ],
)  # fmt: skip
def test_a_line_by_itself(odd: object, expected: list[Hit]) -> None:
    """Streaming and a request without its envelope are hits; lines of another shape are only counted."""
    lines = batch()
    lines.check(line("a"), 0, (), 0)
    assert lines.check(odd, 1, (), 5 * MEGABYTE) == expected
    assert lines.count == 2


def sizes(size: str, limit: str) -> dict[str, str]:
    """Return the facts of something too large."""
    return {"size": size, "limit": limit}


def test_a_line_may_be_so_long() -> None:
    """A line may have the limit's bytes and not one more, whatever it holds."""
    for odd in (line(), None):
        lines = batch(**LIMITS, line_megabytes=1)
        assert lines.check(odd, 0, (), MEGABYTE) == []
        assert lines.check(odd, 1, (), MEGABYTE + 1) == [
            Hit(facts=sizes("1.0 MB", "1 MB"), rule="oversized-batch-line")
        ]
    assert BatchLines({}).check(line(), 0, (), 10**12) == []
    assert batch(line_megabytes=1.5).check(line(), 0, (), 2_000 * MEGABYTE) == [
        Hit(facts=sizes("2,000.0 MB", "1.5 MB"), rule="oversized-batch-line")
    ]


def ended(size: int, *urls: str | None, limits: dict[str, Any] = LIMITS) -> list[tuple[int | None, Hit]]:
    """Return the hits of a file whose lines have these urls, in every other document."""
    lines = BatchLines({"batch-limits": {"value": limits}})
    for number, url in enumerate(urls):
        lines.check(line(str(number), url=url), number * 2, (), 0)
    return list(lines.end(size))


def too_many(document: int, count: int, limit: int) -> tuple[int, Hit]:
    """Return the hit of too many lines."""
    return document, Hit(facts={"count": count, "limit": limit}, rule="too-many-batch-lines")


def too_large(size: str, limit: str) -> tuple[None, Hit]:
    """Return the hit of a file that is too large."""
    return None, Hit(facts=sizes(size, limit), rule="oversized-batch-file")


def test_a_file_may_have_so_many_lines_and_bytes() -> None:
    """A file may reach each limit; beyond it, the hit is at the first line too many."""
    assert ended(2 * MEGABYTE, "/u", "/u", "/u") == []
    assert ended(2 * MEGABYTE + 1, "/u", "/u", "/u", "/u", "/u") == [too_many(6, 5, 3), too_large("2.0 MB", "2 MB")]
    assert ended(0, "/u", "/dry", "/u", "/dry") == [too_many(6, 4, 3)]
    assert ended(10**12, "/u", "/u", limits={}) == ended(10**12, "/u", limits={"megabytes": 0, "lines": 0}) == []
    assert ended(1, "/u", "/u", limits={"lines": 1}) == [too_many(2, 2, 1)]
    assert ended(3 * MEGABYTE // 2 + 1, "/u", limits={"megabytes": 1.5}) == [too_large("1.5 MB", "1.5 MB")]
    assert ended(1536 * MEGABYTE, "/u", limits={"megabytes": 1024}) == [too_large("1,536.0 MB", "1,024 MB")]


def test_a_dry_run_has_its_own_limits() -> None:
    """A file whose first url is the dry run's has its limits, and the usual ones where it has none."""
    assert ended(MEGABYTE, "/dry") == ended(MEGABYTE, None, "/u") == []
    assert ended(MEGABYTE + 1, "/dry", "/dry") == [too_many(2, 2, 1), too_large("1.0 MB", "1 MB")]
    assert ended(MEGABYTE + 1, None, "/dry") == [too_many(2, 2, 1), too_large("1.0 MB", "1 MB")]
    assert ended(MEGABYTE + 1, "/u", "/dry") == ended(9 * MEGABYTE)[:0] == []
    assert ended(3 * MEGABYTE, "/dry", "/dry", limits={"lines": 1, "megabytes": 2, "dry-run": {"url": "/dry"}}) == [
        too_many(2, 2, 1),
        too_large("3.0 MB", "2 MB"),
    ]
    assert ended(3 * MEGABYTE, "/dry", limits={"megabytes": 2, "dry-run": {"megabytes": 9}}) == [
        too_large("3.0 MB", "2 MB")
    ]


# Files in stretches: whatever is met elsewhere is taken over as if it had been met here.


def met(
    lines: list[tuple[object, int]], cuts: tuple[int, ...], limits: dict[str, Any]
) -> tuple[list[list[Hit]], list[object]]:
    """Check lines in chunks, as several processes do; return the hits of each line and of the file."""

    def opened(at: int, *, few: bool) -> BatchLines:
        lines_of_file = BatchLines({"batch-limits": {"value": limits}})
        if at:  # they know the first line of the file, unless it is their own
            lines_of_file.check(*lines[0], (), 0)
        lines_of_file.restart(few=few)
        return lines_of_file

    whole, said = opened(1, few=False), list[list[Hit]]()
    for start, end in zip((0, *cuts), (*cuts, len(lines)), strict=True):
        apart = opened(start, few=True)
        hits = [apart.check(value, number, (), 0) for value, number in lines[start:end]]
        before = whole.append(apart)
        if before is not None:
            again = opened(start, few=True)
            again.resume(before)
            hits = [again.check(value, number, (), 0) for value, number in lines[start:end]]
            whole.append_places(again)
        said += hits
    return said, [whole.count, list(whole.end(9 * MEGABYTE))]


FILES: list[list[object]] = [
    [line(name) for name in "abcdef"], [line(name) for name in "abcabc"], [line(name) for name in "aabbaa"], [line("a", model=model) for model in "mmnnmm"],
    [line(name, url=url) for name, url in zip("abcdef", ("/dry", "/dry", "/u", "/dry", "/v", "/u"), strict=True)],
    [line("a", model=None, url=None), None, {}, line("b", url=None), line("a", model="n"), line("b", model=None, url="/dry")], [None] * 6,
    [line("a", model="m", url=None), line("b", model="m", url="/dry"), line("c", model="n", url="/dry"), line("c", model=None), line("d", url=None), line("a")],
]  # fmt: skip


@pytest.mark.parametrize("limits", [{}, LIMITS, {"lines": 1}, {"lines": 2}, {"lines": 4}, {"lines": 5}, {"lines": 6}])
@pytest.mark.parametrize("values", FILES)
def test_a_file_in_stretches_is_told_like_one_in_one_piece(values: list[object], limits: dict[str, Any]) -> None:
    """Wherever a file is split, once or twice, lines and file have the same hits."""
    lines = [(value, number * 2 + 1) for number, value in enumerate(values)]
    one = BatchLines({"batch-limits": {"value": limits}})
    said = [one.check(*each, (), 0) for each in lines]
    whole = said, [one.count, list(one.end(9 * MEGABYTE))]
    for first in range(1, 6):
        assert met(lines, (first,), limits) == whole, first
        for second in range(first + 1, 6):
            assert met(lines, (first, second), limits) == whole, (first, second)


def stretch(*values: object, opening: object = line("a"), **limits: object) -> BatchLines:
    """Return lines that were checked elsewhere and know the first line of the file."""
    lines = batch(**limits)
    lines.check(opening, 0, (), 0)
    lines.restart(few=True)
    for number, value in enumerate(values):
        lines.check(value, 10 + number, (), 0)
    return lines


def test_lines_are_met_again_only_where_it_makes_a_difference() -> None:
    """Lines are checked again only where an id repeats, a model or url differs, or a limit of lines is crossed."""

    def before(*values: object, **limits: object) -> BatchLines:
        lines = batch(**limits)
        for number, value in enumerate(values):
            lines.check(value, number, (), 0)
        return lines

    first = ("m", 0, ()), ("/u", 0, ())
    assert before(line("a")).append(stretch(line("b"))) is None
    assert before(line("a")).append(stretch(line("b", model=None, url=None))) is None
    assert before(line("a"), line("b")).append(stretch(line("b"), line("c"))) == EarlierLines({"b": (1, ())}, *first, 2)
    assert before(line("a")).append(stretch(line("b", model="n", url="/v"))) is None  # which was told there
    assert before(line("a")).append(stretch(line("b"), opening={})) == EarlierLines({}, *first, 1)
    assert before(line("a", url=None)).append(stretch(line("b"), opening={})) == EarlierLines({}, first[0], None, 1)
    assert before(line("a", model=None)).append(stretch(line("b"), opening={})) == EarlierLines({}, None, first[1], 1)
    assert before(None).append(stretch(line("b"), opening=None)) is None
    assert before().append(stretch(line("b"), line("b"))) is None
    assert before(line("a"), lines=2).append(stretch(line("b"), lines=2)) is None
    assert before(line("a"), lines=2).append(stretch(line("b"), line("c"), lines=2)) == EarlierLines({}, *first, 1)
    assert before(*[line()] * 3, lines=2).append(stretch(line("b"), lines=2)) is None
    assert before(*[line()] * 2, lines=2).append(stretch(line("b"), lines=2)) == EarlierLines({}, *first, 2)
    assert before(lines=1).append(stretch(line("b"), line("c"), lines=1)) is None


def test_lines_count_from_where_they_begin() -> None:
    """A restart keeps ids, model and url, and counts from 0; a bounded chunk keeps all ids by name."""
    lines = stretch(line("a"), line("b"), opening=None, lines=1)
    lines.restart(few=False)
    assert (lines.count, lines._documents, lines._ids.compacts) == (0, {}, True)
    assert lines.check(line("a"), 20, (), 0) == [repeats(10)]
    lines.restart(few=True)
    assert (lines.count, lines._ids.compacts) == (0, False)


# Training sets.


def training(fewest: int = 0) -> TrainingLines:
    """Return the examples of a file that needs at least so many."""
    return TrainingLines({"fewest-examples": {"value": fewest}} if fewest else {})


def told(example: object) -> list[Hit]:
    """Return the hits of an example."""
    return training().check(example, 0, (), 0)


def test_a_preference_has_its_own_names() -> None:
    """The keys of the published schema are hits, with the keys that the API takes."""
    assert told({"non_preferred_completion": 1, "preferred_completion": None}) == [
        Hit(("preferred_completion",), Part.KEY, {"field": "preferred_completion", "suggestion": "preferred_output"}, rule="preferred-completion"),
        Hit(("non_preferred_completion",), Part.KEY, {"field": "non_preferred_completion", "suggestion": "non_preferred_output"}, rule="preferred-completion"),
    ]  # fmt: skip
    assert told({"preferred_output": 1, "non_preferred_output": 1}) == []


def test_an_example_trains_something() -> None:
    """An example in which every assistant message has weight 0 is a hit at the first of them."""
    user, mute, loud = (
        {"role": "user", "weight": 0},
        {"role": "assistant", "weight": 0},
        {"role": "assistant", "weight": 1},
    )
    assert told({"messages": [None, user, mute, user, mute]}) == [
        Hit(("messages", 2, "weight"), rule="zero-weight-example")
    ]
    assert (
        told({"messages": [mute]})
        == told({"messages": [{**mute, "weight": 0.0}]})
        == [Hit(("messages", 0, "weight"), rule="zero-weight-example")]
    )
    for messages in (
        [user],
        [mute, loud],
        [loud, mute],
        [{"role": "assistant"}],
        [mute, {"role": "assistant"}],
        [{**mute, "weight": None}],
        [],
        None,
        "x",
        {"role": "assistant"},
    ):
        assert told({"messages": messages}) == [], messages


def test_calls_in_an_example_are_answered_unless_it_ends_with_them() -> None:
    """A call in the middle without its answer is a hit, also in a preference, and so is an answer without its call."""
    user, mine = {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}
    call = {"role": "assistant", "tool_calls": [{"id": name, "function": {"name": "now"}} for name in "ab"]}
    a, b = ({"role": "tool", "tool_call_id": name, "content": "5"} for name in "ab")

    def unanswered(calls: str, following: int, *base: str) -> Hit:
        asked = (*base, "messages", 1)
        links = [Link((*asked, "tool_calls", "ab".index(name), "id"), "has no answer") for name in calls.split(", ")]
        links.append(Link((*base, "messages", following), "this comes before the answer"))
        return Hit(asked, facts={"calls": calls}, related=tuple(links), rule="unanswered-call-in-example")

    assert told({"messages": [user, call, a, b, mine]}) == told({"messages": [user, call]}) == []
    assert told({"messages": [user, call, mine]}) == [unanswered("a, b", 2)]
    assert told({"messages": [user, call, b, mine]}) == [unanswered("a", 3)]
    assert told({"input": {"messages": [user, call, user]}}) == [unanswered("a, b", 2, "input")]
    early = Hit(("messages", 1, "role"), facts={"after": "right after a message of role user"})
    assert told({"messages": [user, a, mine]}) == [replace(early, rule="orphan-result-in-example")]
    link = Link(("messages", 1, "tool_calls", 1, "id"), "the call that it answers")
    late = Hit(("messages", 4, "role"), facts={"call": "b", "where": early.facts["after"]}, related=(link,))
    assert told({"messages": [user, call, a, user, b, mine]}) == [replace(late, rule="orphan-result-in-example")]


def test_the_question_of_a_preference_ends_before_the_answer() -> None:
    """A last assistant message in the input is a hit at its role."""
    user, mine = {"role": "user"}, {"role": "assistant"}
    assert told({"input": {"messages": [user, mine]}}) == [
        Hit(("input", "messages", 1, "role"), rule="answered-preference-input")
    ]
    for question in (
        {"messages": [mine, user]},
        {"messages": []},
        {"messages": [None]},
        {"messages": ["assistant"]},
        {"messages": {}},
        {},
        None,
        [user, mine],
        "x",
    ):
        assert told({"input": question}) == [], question
    for odd in (None, [], "x", {}):
        assert told(odd) == []


def test_a_training_set_has_so_many_examples() -> None:
    """One example too few is a hit at the last one; a file without examples has no hit."""

    def end(count: int, fewest: int) -> list[tuple[int | None, Hit]]:
        lines = training(fewest)
        for number in range(count):
            lines.check(None, number * 2, (), 0)
        return list(lines.end(0))

    assert end(0, 3) == end(3, 3) == end(4, 3) == end(1, 0) == end(1, 1) == []
    assert end(2, 3) == [(2, Hit(facts={"count": 2, "limit": 3}, rule="too-few-examples"))]
    assert end(1, 3) == [(0, Hit(facts={"count": 1, "limit": 3}, rule="too-few-examples"))]


def test_examples_in_stretches_are_counted_together() -> None:
    """Examples of chunks are counted together, and the last one is found in whatever order chunks come."""
    for first, second in ((3, 7), (7, 3)):
        lines, after = training(4), training(4)
        lines.check(None, first, (), 0)
        after.check(None, 0, (), 0)
        after.restart(few=True)
        assert after.count == 0
        after.check(None, second, (), 0)
        after.resume(EarlierLines({}, None, None, 1))
        assert after.count == 1
        lines.append(after)
        assert lines.count == 2
        assert list(lines.end(0)) == [(7, Hit(facts={"count": 2, "limit": 4}, rule="too-few-examples"))]
    assert list(training(4).end(0)) == []
    lines, after = training(4), training(4)
    after.check(None, 0, (), 0)
    lines.append(after)
    assert [document for document, _ in lines.end(0)] == [0]
    single = training(2)
    single.append(training(2))
    assert list(single.end(0)) == []


# Recorded answers.


class Recorded(NamedTuple):
    """An answer in a recording."""

    status: int | None
    accepted: bool | None
    code: str | None = "some_code"
    param: str | None = "some_param"
    place: Place = ("response", "status")


class Listed(NamedTuple):
    """A row of an error table."""

    status: int
    name: str
    really: int | None = None


TABLE = [Listed(400, "Bad"), Listed(429, "Busy"), Listed(501, "Odd", 422), Listed(500, "Real", 503), Listed(503, "Own")]
REGION = Region(0, 1, 1, 1, 1, 2, 1, 2, 1, 2)
ERRORS = [
    Hit(("body", name), Part.KEY, rule=rule, region=REGION) for name, rule in zip("abcdefg", "xyxzuvw", strict=True)
]
AT: Place = ("response", "status")


def unexplained(status: int | None) -> Hit:
    """Return the hit of a refusal without a finding."""
    return Hit(AT, facts={"status": status, "code": "some_code", "param": "some_param"}, rule="unexplained-refusal")


def undocumented(status: int) -> Hit:
    """Return the hit of a status that no table lists."""
    return Hit(AT, facts={"status": status}, rule="undocumented-status")


def disguised(status: int) -> Hit:
    """Return the hit of a status that the table lists under another one."""
    return Hit(AT, facts={"status": status, "listed": 501, "name": "Odd", "really": 422}, rule="disguised-status")


@pytest.mark.parametrize(
    ("recorded", "table", "errors", "expected"),
    [
        (Recorded(200, True), TABLE, [], []), (Recorded(None, True), TABLE, [], []), (Recorded(418, True), TABLE, [], []),
        (Recorded(400, False), TABLE, ERRORS, []), (Recorded(400, False), TABLE, [], [unexplained(400)]), (Recorded(400, None), TABLE, [], []),
        (Recorded(418, False), TABLE, ERRORS, [undocumented(418)]), (Recorded(418, False), TABLE, [], [undocumented(418), unexplained(418)]),
        (Recorded(418, None), TABLE, [], [undocumented(418)]), (Recorded(418, None), [], [], []), (Recorded(418, False), [], [], [unexplained(418)]),
        (Recorded(None, False), TABLE, [], [unexplained(None)]), (Recorded(None, None), TABLE, [], []),
        (Recorded(199, None), TABLE, [], [undocumented(199)]), (Recorded(200, None), TABLE, [], []), (Recorded(299, None), TABLE, [], []), (Recorded(300, None), TABLE, [], [undocumented(300)]),
        (Recorded(501, False), TABLE, [], [disguised(501)]), (Recorded(501, None), TABLE, ERRORS, [disguised(501)]), (Recorded(501, False), TABLE, ERRORS, [disguised(501)]),
        (Recorded(422, False), TABLE, [], [disguised(422)]), (Recorded(422, False), TABLE, ERRORS, []), (Recorded(422, None), TABLE, [], [disguised(422)]),
        (Recorded(503, False), TABLE, [], [unexplained(503)]), (Recorded(503, None), TABLE, [], []),
        (Recorded(None, None), [Listed(501, "Odd", 422)], [], []), (Recorded(None, False), [Listed(0, "None", 422)], [], [unexplained(None)]),
    ],
)  # fmt: skip
def test_a_recorded_status_is_held_against_table_and_findings(
    recorded: Recorded, table: list[Listed], errors: list[Hit], expected: list[Hit]
) -> None:
    """The hits of a status follow from the table's rows and from whether the request has errors."""
    assert list(find_contradictions(recorded, table, errors)) == expected


@pytest.mark.parametrize(
    ("count", "rules"), [(1, "x"), (2, "x, y"), (3, "x, y"), (4, "x, y, z"), (5, "x, y, z, u"), (6, "x, y, z, u, …")]
)
def test_what_was_accepted_contradicts_what_was_found(count: int, rules: str) -> None:
    """An accepted request with errors is one hit that names up to four rules and links to three places."""
    links = tuple(Link(hit.place, "this should have been refused", Part.KEY, REGION) for hit in ERRORS[: min(count, 3)])
    facts = {"status": 418, "rules": rules}
    assert list(find_contradictions(Recorded(418, True), TABLE, ERRORS[:count])) == [
        Hit(AT, facts=facts, related=links, rule="contradicted-by-recording")
    ]
