"""
Ask a server about seeded mutations, and compare its verdicts with those of reqlint's profile.

    python benchmarks/oracles/run.py llama.cpp --seed 7 --count 2000

installs the server into an environment of its own, starts it on this machine alone, asks, stops it and prints.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
sys.path[0:0] = [str(HERE.parent.parent)]  # measure the checkout that this file is in

from benchmarks.oracles.asking import Outcome, Verdict, ask_all  # noqa: E402 - needs the line above
from benchmarks.oracles.bases import BASES  # noqa: E402 - likewise
from benchmarks.oracles.comparing import Comparison, compare  # noqa: E402 - likewise
from benchmarks.oracles.install import cache_folder, install  # noqa: E402 - likewise
from benchmarks.oracles.mutate import GENERATOR, Mutation, mutations  # noqa: E402 - likewise
from benchmarks.oracles.servers import SERVERS, Server  # noqa: E402 - likewise
from benchmarks.oracles.serving import running  # noqa: E402 - likewise

MOST = 20000
"""Mutations that one run may ask about."""


def verdicts_of(server: Server, made: Sequence[Mutation], cache: Path, version: str | None = None) -> list[Verdict]:
    """Return a server's verdict on each base, then on each mutation."""
    at = install(server, cache, version)
    began = time.monotonic()
    with running(server, at, cache / f"{server.name}.log") as started:
        up = time.monotonic()
        verdicts = ask_all(server, started, [*BASES, *(mutation.request for mutation in made)])
    asked = time.monotonic() - up
    print(f"{server.name} {version or server.called}: up in {up - began:.1f} s, {len(verdicts)} requests in {asked:.1f} s")
    return verdicts


def remembered(server: Server, seed: int, count: int, cache: Path, *, ask: bool) -> list[Verdict]:
    """Return the verdicts on bases and mutations, those of the last run with this seed unless told to *ask*."""
    file = cache / "answers" / f"{server.name}-{server.version}-g{GENERATOR}-{seed}-{count}.jsonl"
    if ask or not file.exists():
        verdicts = verdicts_of(server, mutations(seed, count), cache)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"{json.dumps(verdict)}\n" for verdict in verdicts), "utf-8")
    read = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return [Verdict(Outcome(outcome), status, place, says) for outcome, status, place, says in read]


def line_of(comparison: Comparison) -> str:
    """Return a comparison as a line of the table."""
    alarms = sum(each.is_false_alarm for each in comparison.disagreements)
    misses = len(comparison.disagreements) - alarms
    places = f"{comparison.same_place}/{comparison.placed}" if comparison.placed else "-"
    return (
        f"{comparison.profile:18} {comparison.agreement:8.2%} {comparison.compared:8} {alarms:12} {misses:7} "
        f"{comparison.apart:6} {places:>12}"
    )


def show(comparison: Comparison, most: int) -> None:
    """Print the kinds of disagreement, each with an example and what the server says of it."""
    for kind, cases in list(comparison.kinds())[:most]:
        first = cases[0]
        names = " ".join(each.mutation.case for each in cases[:6])
        print(f"{len(cases):4} {kind}\n       {names}: {first.verdict.says[:300]!r}")


def main(words: Sequence[str]) -> int:
    """Measure, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server", choices=[*SERVERS])
    parser.add_argument("--seed", type=int, default=1, help="Seed of the mutations. Default: 1")
    parser.add_argument("--count", type=int, default=2000, help="Number of mutations. Default: 2000")
    parser.add_argument("--against", nargs="*", default=["openai", "dashscope", "gptproto-qwen", "openai-compatible"], help="Further profiles, for contrast")
    parser.add_argument("--cache", type=Path, default=cache_folder(), help="Folder for environments, model and answers")
    parser.add_argument("--cached", action="store_true", help="Compare with the answers of the last run with this seed")
    parser.add_argument("--show", type=int, default=20, help="Number of kinds of disagreement to print. Default: 20")
    parser.add_argument("--case", type=int, help="Show this mutation of the seed, and what both say of it")
    options = parser.parse_args(words)
    if not 1 <= options.count <= MOST:
        parser.error(f"--count takes 1 to {MOST}")
    server = SERVERS[options.server]
    made = mutations(options.seed, options.count)
    verdicts = remembered(server, options.seed, options.count, options.cache, ask=not options.cached)
    of_bases, of_made = verdicts[: len(BASES)], verdicts[len(BASES) :]
    for number, verdict in enumerate(of_bases):
        if verdict.outcome is not Outcome.ACCEPTED:
            print(f"base {number}: {verdict.outcome}, {verdict.says[:200]}")
    print(f"{'profile':18} {'agreement':>8} {'compared':>8} {'false alarms':>12} {'misses':>7} {'apart':>6} {'same place':>12}")
    own = compare(server.name, made, of_made)
    print(line_of(own))
    for profile in options.against:
        print(line_of(compare(profile, made, of_made)))
    crashed = [mutation.case for mutation, verdict in zip(made, of_made, strict=True) if verdict.outcome is Outcome.CRASHED]
    print(f"crashed: {len(crashed)} {' '.join(crashed[:10])}")
    show(own, options.show)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
