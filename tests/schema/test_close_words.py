"""The known words that a written one may misspell are those that `difflib` finds, found with less work."""

from difflib import get_close_matches
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from reqlint.knowledge.catalog import shipped
from reqlint.schema.close_words import bare, close_words, known_words

KNOWN = tuple(shipped().profile("openai").schema["properties"])
WORDS = st.text("abcdemnoprstu_0", min_size=1, max_size=12)
MISSPELT = st.builds(
    lambda word, at, letter: word[: at % len(word)] + letter + word[at % len(word) + 1 :],
    st.sampled_from(KNOWN),
    st.integers(0, 40),
    st.sampled_from(["", "x", "e", "ee", "_"]),
)


@given(WORDS | MISSPELT, st.lists(WORDS | st.sampled_from(KNOWN), max_size=12, unique_by=bare).map(tuple))
def test_close_words_are_those_of_difflib(word: str, known: tuple[str, ...]) -> None:
    """What is ruled out by lengths and letters is nothing that would have been close enough."""
    normalized = {bare(key): key for key in known}
    written = bare(word)
    wanted = [normalized[each] for each in get_close_matches(written, normalized, n=2, cutoff=0.8)]
    assert list(close_words(word, known)) == ([normalized[written]] if written in normalized else wanted)


def test_a_word_like_no_other_is_not_compared() -> None:
    """Most unknown keys resemble nothing; `difflib` is not asked about them."""
    known_words.cache_clear()
    with patch("difflib.get_close_matches", side_effect=AssertionError):
        assert [close_words(f"wijzig_hoek_{number}", KNOWN) for number in range(50)] == [()] * 50
        assert [close_words(word, KNOWN) for word in ("temmmmmpet", "stopopst", "rrrrmodel")] == [()] * 3
    assert list(close_words("temprature", KNOWN)) == ["temperature"]
