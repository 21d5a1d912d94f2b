"""What an excerpt of a long line costs."""

import pytest

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
