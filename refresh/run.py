"""
Print what changed about models since `schemas/*/facts.yaml` was read; edit nothing.

    python refresh/run.py [--from FOLDER] [PROFILE…]

Downloads the newest wheels of packages that ship tables of models with pip, from where pip is set up to look, into a
folder of its own, which is removed afterwards; with --from, takes those that are in FOLDER. Their tables are read as
data, and no code of theirs is run. Exit code 1 if there are differences, 2 if a package cannot be read.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent))

from refresh.archives import UnreadableSource, download
from refresh.comparison import differences
from refresh.sources import PACKAGES, Claim, claims_in
from reqlint.knowledge.catalog import shipped

_SOON = timedelta(days=180)
"""How far ahead a model's end is told."""


def report(claims: Iterable[Claim], today: date, profiles: Sequence[str] = ()) -> list[str]:
    """Return the lines to print: for each profile, in the order of names, a heading and its differences."""
    claims = list(claims)
    lines = [f"read: {', '.join(dict.fromkeys(claim.source for claim in claims))}"]
    for name in sorted({claim.profile for claim in claims}):
        if profiles and name not in profiles:
            continue
        facts = shipped().profile(name).facts or {}
        of_profile = (claim for claim in claims if claim.profile == name)
        found = list(differences(facts, of_profile, (today + _SOON).isoformat()))
        lines += ["", f"{name}: {len(found)} differences", *(f"  {line}" for line in found)] if found else []
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="folder", type=Path, metavar="FOLDER", help="a folder with the wheels")
    parser.add_argument("profiles", nargs="*", metavar="PROFILE", help="only of these profiles")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.folder is not None:
            lines = report(claims_in(chosen.folder), date.today(), chosen.profiles)
        else:
            with TemporaryDirectory() as made:
                download(PACKAGES, Path(made))
                lines = report(claims_in(Path(made)), date.today(), chosen.profiles)
    except UnreadableSource as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(lines))
    return 1 if len(lines) > 1 else 0


if __name__ == "__main__":
    sys.exit(main())
