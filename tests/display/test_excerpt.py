"""What an excerpt of a long line costs, and shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqlint.display import excerpt as excerpts
from reqlint.display.excerpt import Look, excerpt
from reqlint.display.line_tokens import credential_spans


def test_credentials_of_a_long_line_are_looked_for_once_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many findings a line has, its characters are scanned for credentials a few times, not once for each."""
    scanned: list[int] = []

    def counted(line: str, start: int, end: int) -> list[tuple[int, int]]:
        scanned.append(min(end, len(line)) - start)
        return credential_spans(line, start, end)

    monkeypatch.setattr(excerpts, "credential_spans", counted)
    marks = 260
    line = "{" + ", ".join(f'"key {number}": "{"word " * 7}"' for number in range(4 * marks)) + "}"
    places = [at for number in range(0, 4 * marks, 4) if (at := line.find(f'"key {number}"')) >= 0]
    assert len(line) > 40_000
    for place in places:
        assert excerpt(line, [(place, place + 5)], Look(100)) is not None
    assert sum(scanned) < 8 * len(line)


def test_a_credential_at_the_edge_of_a_block_is_hidden() -> None:
    """Wherever a credential stands in a long line, and wherever the mark beside it, it is not shown."""
    secret = "sk-" + "proj-" + "a1B2c3D4" * 4
    for at in (9_950, 9_990, 9_999, 10_000, 10_010, 19_980, 20_000):
        line = " " * at + f'"x": "{secret}", "n": 0'
        start = line.find('"n"')
        shown = excerpt(line, [(start, start + 3)], Look(100, show_values=True))
        assert shown is not None
        assert "a1B2" not in shown.text


PIECES = [
    '{"a": 1}', '"role": "user", ', f'"{"words " * 12}"', "[1, 2]", "\t", '"é😀字"', "\u0301", "\x1b", f'"{"y" * 50}"',
    ", ", "true", f'"{"b" * 39}"', "password: hunter22secret ",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=80).map("".join), st.data())
def test_what_is_out_of_sight_changes_nothing(line: str, data: st.DataObject) -> None:
    """An excerpt is the same whether all tokens around a mark are looked at or only those that fill the columns."""
    ends = st.integers(0, len(line))
    spans = [(min(pair), max(pair)) for pair in data.draw(st.lists(st.tuples(ends, ends), min_size=1, max_size=3))]
    look = Look(data.draw(st.integers(5, 120)), show_values=data.draw(st.booleans()), yaml=data.draw(st.booleans()))
    few = excerpt(line, spans, look)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(excerpts, "_nearest", lambda _line, tokens, *_: tokens)
        assert excerpt(line, spans, look) == few
