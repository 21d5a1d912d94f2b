"""
Committed verdicts: what a server said of the mutations of one seed, packed into a small file.

The first line says what was asked; each further line is a verdict, its outcome by its first letter and the place that
the server named. The requests themselves are made again from the seed, and a digest shows that they are the same.
"""

import datetime
import json
import lzma
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.oracles.asking import Outcome, Verdict
from benchmarks.oracles.servers import SERVERS, Server
from reqlint.run.probing.mutations import GENERATOR, Mutation, digest, mutations

FOLDER = Path(__file__).parent / "verdicts"
_OUTCOMES = {outcome.value[0]: outcome for outcome in (Outcome.ACCEPTED, Outcome.REFUSED, Outcome.CRASHED)}
_OUTCOMES["-"] = Outcome.APART
_LETTERS = {outcome: letter for letter, outcome in _OUTCOMES.items()}


class OutOfDate(Exception):
    """The generator makes other requests than the server was asked about."""


@dataclass(frozen=True)
class Committed:
    """The verdicts of one server that are kept with the project."""

    asked: Mapping[str, Any]  #: the server, its version and flags, the seed, the day
    bases: Sequence[Mapping[str, Any]]  #: the requests that the mutations were made from
    of_bases: Sequence[Verdict]
    made: Sequence[Mutation]
    verdicts: Sequence[Verdict]  #: one for each mutation


def servers_with_verdicts() -> list[str]:
    """Return the names of the servers that have committed verdicts and a profile."""
    names = sorted(path.name.removesuffix(".jsonl.xz") for path in FOLDER.glob("*.jsonl.xz"))
    return [name for name in names if SERVERS[name].has_profile]


def write(server: Server, made: Sequence[Mutation], verdicts: Sequence[Verdict]) -> Path:
    """Write the verdicts on the bases and on the mutations *made*, all of one seed, and return the file."""
    asked = {
        "server": server.name,
        "version": server.called,
        "package": f"{server.package}=={server.version}",
        "flags": server.flags,
        "day": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        "generator": GENERATOR,
        "seed": made[0].seed,
        "count": len(made),
        "digest": digest(made),
    }
    lines = [asked, *([_LETTERS[verdict.outcome], verdict.place] for verdict in verdicts)]
    text = "".join(f"{json.dumps(line, separators=(',', ':'))}\n" for line in lines)
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / f"{server.name}.jsonl.xz"
    file.write_bytes(lzma.compress(text.encode(), preset=9))
    return file


def read(server: str) -> Committed:
    """
    Return the committed verdicts of the server of this name.

    Raises:
        OutOfDate: the requests that the seed makes now are not those that were asked about.
    """
    first, *lines = lzma.decompress((FOLDER / f"{server}.jsonl.xz").read_bytes()).decode().splitlines()
    asked = json.loads(first)
    material = SERVERS[server].material
    made = mutations(asked["seed"], asked["count"], material)
    if asked["generator"] != GENERATOR or asked["digest"] != digest(made):
        raise OutOfDate(f"{server} was asked about other requests than generator {GENERATOR} makes; ask it again")
    verdicts = [Verdict(_OUTCOMES[letter], 0, place) for letter, place in map(json.loads, lines)]
    bases = material.bases
    return Committed(asked, bases, verdicts[: len(bases)], made, verdicts[len(bases) :])
