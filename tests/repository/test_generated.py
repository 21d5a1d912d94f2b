"""Generated files are current."""

from pathlib import Path

from tests.support.generated import ROOT, pages
from tests.support.house import CONTRIBUTING, contributing
from tests.support.written_data import faults_in_data


def test_pages_are_current() -> None:
    """The rule book is what ``python tests/regenerate.py`` writes."""
    for path, text in pages().items():
        assert path.read_text("utf-8") == text, f"{path.relative_to(ROOT)} is stale: run python tests/regenerate.py"


def test_no_page_is_left_over() -> None:
    """No page of a rule or a profile is kept in the repository: the site builds them."""
    assert not [name for name in ("rules", "profiles") if (ROOT / "docs" / name).exists()]


def test_the_map_of_the_package_is_current() -> None:
    """CONTRIBUTING.md lists every folder with its level and the first sentence of its docstring."""
    assert CONTRIBUTING.read_text("utf-8") == contributing(), "stale: run python tests/regenerate.py"


def test_a_fault_in_a_profile_is_a_sentence(tmp_path: Path) -> None:
    """What regenerate.py says of a note with a colon, which YAML reads as an object, names the file and the place."""
    assert list(faults_in_data()) == []
    text = (ROOT / "schemas" / "dashscope" / "profile.yaml").read_text("utf-8")
    file = tmp_path / "schemas" / "mine" / "profile.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(text.replace("notes:", "notes:\n  - On n: The page has two ranges."), "utf-8")
    [fault] = faults_in_data(tmp_path)
    assert fault == "schemas/mine/profile.yaml: notes[0]: notes[0] is an object; it takes a string"
