"""Types and style, checked by mypy and ruff."""

import subprocess
import sys
from pathlib import Path


def test_types_are_strict(root: Path) -> None:
    """Mypy in strict mode reports nothing in the package."""
    run = subprocess.run([sys.executable, "-m", "mypy"], cwd=root, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_style_is_clean(root: Path) -> None:
    """Ruff reports nothing in the project."""
    run = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "."], cwd=root, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout
