"""What reads the answers of real servers: verdicts, places, and what is kept of them."""

import json

import pytest

from benchmarks.oracles import asking, verdicts
from benchmarks.oracles.asking import LATE, Outcome, Verdict, ask_all, pointer_from, read_answer
from benchmarks.oracles.comparing import changed, compare
from benchmarks.oracles.servers import SERVERS
from reqlint.run.probing.bases import BASES
from reqlint.run.probing.mutations import mutations

LLAMA, VLLM = SERVERS["llama.cpp"], SERVERS["vllm"]
SGLANG, DYNAMO = SERVERS["sglang"], SERVERS["dynamo"]
GIVEN_UP = 'data: {"choices": [{"delta": {}, "finish_reason":"abort"}]}\n\ndata: [DONE]\n\n'


def fault(message: str, **members: object) -> str:
    """Return an answer that says what is wrong, as servers of this format write it."""
    return json.dumps({"error": {"message": message, **members}})


@pytest.mark.parametrize(
    ("server", "status", "text", "outcome"),
    [
        (VLLM, 200, '{"choices": []}', Outcome.ACCEPTED),
        (VLLM, 200, 'data: {"choices": []}\n\ndata: [DONE]\n\n', Outcome.ACCEPTED),
        (VLLM, 200, f"data: {fault('Bad', code=400)}\n\n", Outcome.REFUSED),
        (VLLM, 400, fault("Bad"), Outcome.REFUSED),
        (VLLM, 422, '{"detail": "Bad"}', Outcome.REFUSED),
        (VLLM, 500, fault("Internal server error"), Outcome.CRASHED),
        (VLLM, 502, "<html>", Outcome.CRASHED),
        (VLLM, 400, fault("tiny is not a multimodal model"), Outcome.APART),
        (VLLM, 400, fault("Missing 'type' field in multimodal part"), Outcome.REFUSED),
        (LLAMA, 500, fault("Failed to parse messages: what"), Outcome.REFUSED),
        (LLAMA, 500, fault("The model produced output that does not match the form"), Outcome.APART),
        (LLAMA, 500, fault("image input is not supported"), Outcome.APART),
        (SGLANG, 200, GIVEN_UP, Outcome.REFUSED),
        (VLLM, 200, GIVEN_UP, Outcome.ACCEPTED),
        (SGLANG, 400, '{"object": "error", "message": "Bad", "param": null, "code": 400}', Outcome.REFUSED),
        (SGLANG, 400, '{"message": "max_completion_tokens is too large: 131073."}', Outcome.APART),
        (DYNAMO, 501, '{"message": "Validation: `functions` is deprecated"}', Outcome.REFUSED),
        (DYNAMO, 500, '{"message": "Failed to generate completions"}', Outcome.ACCEPTED),
    ],
)
def test_an_answer_is_read_as_what_it_says_of_the_request(
    server: verdicts.Server, status: int, text: str, outcome: Outcome
) -> None:
    """A server's own fault is no verdict, and what the tiny model cannot do is set apart."""
    assert read_answer(server, status, text).outcome is outcome


@pytest.mark.parametrize(
    ("param", "pointer"),
    [
        ("body.messages.0.ChatCompletionUserMessageParam.content", "/messages/0/content"),
        ("body.tools.1.function.name", "/tools/1/function/name"),
        ("top_p", "/top_p"),
        (None, ""),
    ],
)
def test_a_place_with_dots_is_a_pointer(param: str | None, pointer: str) -> None:
    """Without the names of classes, which are no keys."""
    assert pointer_from(param) == pointer


def test_committed_verdicts_are_read_as_they_were_written(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    """With the requests made again from the seed, and refused when another generator makes others."""
    monkeypatch.setattr(verdicts, "FOLDER", tmp_path)
    made = mutations(5, 3)
    said = [Verdict(Outcome.ACCEPTED, 0)] * len(BASES) + [
        Verdict(Outcome.REFUSED, 0, "/n"),
        Verdict(Outcome.APART, 0),
        Verdict(Outcome.CRASHED, 0),
    ]
    verdicts.write(LLAMA, made, said)
    committed = verdicts.read("llama.cpp")
    assert [*committed.of_bases, *committed.verdicts] == said
    assert committed.made == made
    monkeypatch.setattr(verdicts, "GENERATOR", 0)
    with pytest.raises(verdicts.OutOfDate):
        verdicts.read("llama.cpp")


def test_what_is_set_apart_is_not_compared() -> None:
    """And a disagreement is a false alarm or a miss."""
    made = mutations(5, 3)
    comparison = compare(
        "llama.cpp", made, [Verdict(outcome, 0) for outcome in (Outcome.APART, Outcome.CRASHED, Outcome.ACCEPTED)]
    )
    assert (comparison.compared, comparison.apart) == (1, 2)


def test_only_verdicts_that_differ_between_versions_are_shown() -> None:
    """Whatever the sentences and the places."""
    made = mutations(5, 2)
    old = [Verdict(Outcome.REFUSED, 400, "/n", "before"), Verdict(Outcome.REFUSED, 400)]
    new = [Verdict(Outcome.REFUSED, 422, "", "after"), Verdict(Outcome.ACCEPTED, 200)]
    assert list(changed(made, old, new)) == [(made[1], old[1], new[1])]


def test_a_request_that_takes_too_long_says_nothing_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is started again, and what was under way together is sent one by one."""
    starts = []

    class Busy:
        port = 1

        def start(self) -> None:
            starts.append("again")

        def has_ended(self) -> bool:
            return False

    refused = Verdict(Outcome.REFUSED, 400)
    late = lambda _, __, request: LATE if request == "endless" or not starts else refused  # noqa: E731 - in place of ask
    monkeypatch.setattr(asking, "ask", late)
    said = ask_all(SGLANG, Busy(), ["bad", "endless", "bad"])  # type: ignore[arg-type]  # all that it needs
    assert [verdict.outcome for verdict in said] == [Outcome.REFUSED, Outcome.ACCEPTED, Outcome.REFUSED]
    assert starts == ["again", "again"]
