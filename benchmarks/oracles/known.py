"""What is recorded of a server beside its verdicts: figures of earlier tries, and the disagreements that are known."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "known"


@dataclass(frozen=True)
class Known:
    """The content of ``known/<server>.yaml``."""

    first_try: Mapping[str, Any]  #: of the profile as it was first written, on a seed that it had not seen
    unseen: Mapping[str, Any]  #: of the finished profile, on another such seed
    set_up: Mapping[str, Any]
    contrast: Mapping[str, Mapping[str, Any]]  #: figures of other APIs' profiles on the committed verdicts
    disagreements: Mapping[str, tuple[str, ...]]  #: cases among the committed verdicts, by why they are left
    documented: Mapping[str, tuple[str, ...]]  #: likewise, where the API's documents say otherwise than what was asked
    how: str = ""  #: what of the server is real, where something is replaced


def known_of(server: str) -> Known:
    """Return what is recorded of the server of this name."""
    loaded = yaml.safe_load((FOLDER / f"{server}.yaml").read_text("utf-8"))
    left, documented = (
        {each["why"]: tuple(map(str, each["cases"])) for each in loaded.get(key, ())}
        for key in ("disagreements", "documented")
    )
    figures = (loaded[key] for key in ("first-try", "unseen", "set-up", "contrast"))
    return Known(*figures, left, documented, loaded.get("how", ""))
