"""
Ask a server about seeded mutations, and compare its verdicts with those of reqlint's profile.

    python benchmarks/oracles/run.py llama.cpp --seed 7 --count 2000   install, start, ask, compare, print
    python benchmarks/oracles/run.py llama.cpp --seed 7 --case 120     one mutation, and what both say of it
    python benchmarks/oracles/run.py llama.cpp --seed 7 --commit       and keep the verdicts with the project
    python benchmarks/oracles/run.py diff llama.cpp OLD NEW            which verdicts changed between two versions
    python benchmarks/oracles/run.py cases llama.cpp                   a case for each rule, as evidence names it
    python benchmarks/oracles/run.py votes                             what most servers refuse and openai does not
    python benchmarks/oracles/run.py results                           write RESULTS.md from the verdicts that are kept

A server is installed into an environment of its own, runs on this machine alone while it is asked, and is then stopped.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
sys.path[0:0] = [str(HERE.parent.parent)]  # measure the checkout that this file is in

from benchmarks.oracles import results, verdicts  # noqa: E402 - needs the line above
from benchmarks.oracles.asking import Outcome, Verdict, ask_all  # noqa: E402 - likewise
from benchmarks.oracles.comparing import Comparison, changed, compare, errors_of  # noqa: E402 - likewise
from benchmarks.oracles.install import cache_folder, install  # noqa: E402 - likewise
from benchmarks.oracles.servers import SERVERS, Server  # noqa: E402 - likewise
from benchmarks.oracles.serving import running  # noqa: E402 - likewise
from benchmarks.oracles.showing import shown_refusals  # noqa: E402 - likewise
from benchmarks.oracles.votes import asked_of_all, shown, votes  # noqa: E402 - likewise
from reqlint import Linter  # noqa: E402 - likewise
from reqlint.run.probing.mutations import GENERATOR, Mutation, mutations  # noqa: E402 - likewise

MOST = 20000
"""Mutations that one run may ask about."""


def asked(server: Server, requests: Sequence[object], cache: Path, version: str | None = None) -> list[Verdict]:
    """Return a server's verdict on each of *requests*."""
    at = install(server, cache, version)
    began = time.monotonic()
    with running(server, at, cache / f"{server.name}.log") as started:
        up = time.monotonic()
        answers = ask_all(server, started, requests)
    took = time.monotonic() - up
    print(
        f"{server.name} {version or server.called}: up in {up - began:.1f} s, {len(answers)} requests in {took:.1f} s"
    )
    return answers


def remembered(
    server: Server, made: Sequence[Mutation], cache: Path, version: str | None, *, again: bool
) -> list[Verdict]:
    """Return the verdicts on bases and mutations, those of the last run with the seed, unless *again*."""
    name = f"{server.name}-{version or server.version}-g{GENERATOR}-{made[0].seed}-{len(made)}.jsonl"
    file = cache / "answers" / name
    if again or not file.exists():
        answers = asked(server, [*server.material.bases, *(mutation.request for mutation in made)], cache, version)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"{json.dumps(verdict)}\n" for verdict in answers), "utf-8")
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


def measure(options: argparse.Namespace) -> None:
    """Ask a server about the mutations of a seed, and print how its verdicts compare with those of profiles."""
    server = SERVERS[options.server]
    made = mutations(options.seed, options.count, server.material)
    answers = remembered(server, made, options.cache, None, again=not options.cached)
    bases = len(server.material.bases)
    of_bases, of_made = answers[:bases], answers[bases:]
    for number, verdict in enumerate(of_bases):
        if verdict.outcome is not Outcome.ACCEPTED:
            print(f"base {number}: {verdict.outcome}, {verdict.says[:200]}")
    print(f"{'profile':18} agreement compared false alarms  misses  apart   same place")
    own = compare(server.name, made, of_made, server.counts) if server.has_profile else None
    if own is not None:
        print(line_of(own))
    for profile in options.against:
        print(line_of(compare(profile, made, of_made, server.counts)))
    crashed = [each.case for each, verdict in zip(made, of_made, strict=True) if verdict.outcome is Outcome.CRASHED]
    print(f"crashed: {len(crashed)} {' '.join(crashed[:10])}")
    if own is not None:
        show(own, options.show)
    if options.commit:
        print(verdicts.write(server, made, answers))


def show_case(options: argparse.Namespace) -> None:
    """Print one mutation, and what the server and its profile say of it."""
    server = SERVERS[options.server]
    mutation = mutations(options.seed, options.case + 1, server.material)[-1]
    print(f"{mutation.case}, from base {mutation.base}: {'; '.join(mutation.changes)}")
    print(json.dumps(mutation.request, indent=1, ensure_ascii=False))
    (verdict,) = asked(server, [mutation.request], options.cache)
    print(f"{server.name}: {verdict.outcome}, status {verdict.status}, {verdict.place or 'no place'}: {verdict.says}")
    errors = errors_of(Linter(profile=server.name), mutation, server.counts) if server.has_profile else ()
    for error in errors:
        print(f"reqlint: {error.rule} at {error.pointer or '/'}: {error.message}")


def show_changes(options: argparse.Namespace) -> None:
    """Print which verdicts differ between two versions of a server's package."""
    server = SERVERS[options.server]
    made = mutations(options.seed, options.count, server.material)
    bases = len(server.material.bases)
    old, new = (
        remembered(server, made, options.cache, version, again=not options.cached)[bases:]
        for version in (options.old, options.new)
    )
    differing = list(changed(made, old, new))
    print(f"{len(differing)} of {len(made)} verdicts differ between {options.old} and {options.new}")
    for mutation, before, after in differing[: options.show]:
        print(f"{mutation.case:12} {before.outcome} -> {after.outcome}: {'; '.join(mutation.changes)}")
        print(f"{'':12} {(after.says or before.says)[:160]!r}")


def _parser(first: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    if first == "diff":
        parser.add_argument("what", choices=["diff"])
    parser.add_argument("server", choices=[*SERVERS])
    if first == "diff":
        parser.add_argument("old", help="A version of the server's package")
        parser.add_argument("new", help="Another one")
    parser.add_argument("--seed", type=int, default=1, help="Seed of the mutations. Default: 1")
    parser.add_argument("--count", type=int, default=2000, help="Number of mutations. Default: 2000")
    parser.add_argument("--against", nargs="*", default=results.CONTRAST, help="Further profiles, for contrast")
    parser.add_argument("--cache", type=Path, default=cache_folder(), help="Folder for environments, model and answers")
    parser.add_argument("--cached", action="store_true", help="Use the answers of the last run with this seed")
    parser.add_argument("--show", type=int, default=20, help="Number of disagreements or changes to print. Default: 20")
    parser.add_argument("--case", type=int, help="Show this mutation of the seed, and what both say of it")
    parser.add_argument("--commit", action="store_true", help="Keep the verdicts with the project")
    return parser


def main(words: Sequence[str]) -> int:
    """Do what the command line says, and return the exit code."""
    first = words[0] if words else ""
    if first == "cases":
        for rule, case in shown_refusals(words[1], verdicts.read(words[1])):
            print(f"{rule}: {case}")
        return 0
    if first == "votes":
        print("\n".join(shown([*votes(asked_of_all())])))
        return 0
    if first == "results":
        results.PAGE.write_text(results.page(), "utf-8")
        return 0
    parser = _parser(first)
    options = parser.parse_args(words)
    if not 1 <= options.count <= MOST or not 0 <= (options.case or 0) < MOST:
        parser.error(f"one run asks about 1 to {MOST} mutations")
    action = show_changes if first == "diff" else show_case if options.case is not None else measure
    action(options)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
