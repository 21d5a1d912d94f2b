"""`reqlint explain` with words instead of a rule: what an API said, or a parameter."""

import pytest

from tests.support.scratch import Scratch


@pytest.mark.parametrize(
    ("words", "near"),
    [
        ("array schema missing items", "array-without-items"),
        ("Unrecognized request argument supplied", "unknown-field"),
        ("top_logprobs", "top-logprobs-without-logprobs"),
        ("max_tokens is not supported with this model", "max-tokens-on-reasoning-model"),
        ("tool_calls must be followed by tool messages responding to each tool_call_id", "unanswered-tool-call"),
    ],
)
def test_words_of_an_error_lead_to_the_rule(scratch: Scratch, words: str, near: str) -> None:
    """The rules about these words are listed, the right one near the top; it is no rule, so the code is 2."""
    done = scratch.run("explain", words)
    said, *listed = done.err.splitlines()
    assert (done.code, done.out) == (2, "")
    assert said == f'error: no rule "{words}"; rules about it:'
    assert near in [line.split()[0] for line in listed[:3]]


def test_a_parameter_lists_every_rule_about_it(scratch: Scratch) -> None:
    """More than the one rule whose name is close to it."""
    listed = [line.split()[0] for line in scratch.run("explain", "tool_choice").err.splitlines()[1:]]
    assert {"undeclared-tool-choice", "tool-choice-without-tools"} <= {*listed}


@pytest.mark.parametrize("words", ["zzzz", "the", "%", "x" * 5000, "out-of-rang"])
def test_words_that_no_rule_is_about_are_told_as_before(scratch: Scratch, words: str) -> None:
    """One sentence, with the rule that was probably meant if there is one."""
    done = scratch.run("explain", words)
    assert done.code == 2
    assert done.err.startswith('error: no rule "')
    assert "rules about it" not in done.err
    assert done.err.count("\n") == 1
