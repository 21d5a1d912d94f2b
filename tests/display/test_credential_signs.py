"""A text that is said to hold no credential at a glance holds none that the search would find."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqlint.display.credential_forms import FORMS
from reqlint.display.credential_search import _beginnings, _signs, _words, find_credentials, may_hold_credential
from tests.support.planted import by_form

WORDS = "unknown field temperature; did you mean top_p, messages[0].content or a-zone?"
PREFIXES = _words()


@given(st.text("abkp_-/:. A0~\\=", max_size=12), st.sampled_from(PREFIXES), st.text("abkp_-/:. A0~", max_size=12))
def test_every_beginning_has_a_sign(before: str, prefix: str, behind: str) -> None:
    """Wherever a form may begin, the quick pattern is found, whatever stands around it."""
    text = before + prefix + behind
    assert _signs().search(text)
    assert may_hold_credential(text)


@pytest.mark.parametrize("seed", range(3))
def test_every_credential_has_a_sign(seed: int) -> None:
    """A planted credential of any form is never ruled out, alone or between words."""
    random = Random(seed)  # noqa: S311 - for test data
    for secret in by_form(random):
        for text in (secret.text, f"{WORDS}{secret.text}", f"{WORDS} {secret.text} {WORDS}"):
            if _beginnings().search(text):
                assert _signs().search(text), secret.kind
            assert may_hold_credential(text) or not list(find_credentials(text)), secret.kind


def test_forms_without_a_prefix_name_their_sign() -> None:
    """A form that begins with nothing certain says what else is in all of its credentials."""
    assert all(bool(form.sign) is not bool(form.prefixes) for form in FORMS)


@pytest.mark.parametrize(
    "text", [WORDS, "", "max_tokens", "/messages/0/content", "tools[3].function.name", "a-b", "x.y", "value is 2.5"]
)
def test_ordinary_words_are_ruled_out(text: str) -> None:
    """The messages, places and keys of nearly all findings are not searched further."""
    assert not may_hold_credential(text)
