"""
Fuzz, guided by coverage: ``python fuzz/run.py [TARGET…] --seconds N``.

Each target runs for N seconds. What fails is made small and written to ``fuzz/regressions/TARGET/``, which the ordinary
tests replay; with ``--record`` what was done is written to ``fuzz/RESULTS.md``. Ends with 1 if anything failed.
"""

import argparse
import hashlib
import os
import platform
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from fuzz import record  # noqa: E402 - found only from here on
from fuzz.shrinking import failure, shrunk  # noqa: E402 - as the line above
from fuzz.targets import names, target  # noqa: E402 - as the line above
from fuzz.words import dictionary  # noqa: E402 - as the line above

CORPUS = ROOT / "fuzz" / "corpus"
REGRESSIONS = ROOT / "fuzz" / "regressions"
ONE_INPUT = 20  # seconds of the clock that one input may take: the slowest is far below, on a busy machine too
MEMORY = 2048  # megabytes
LONGEST = 8192  # bytes of an input


class Ended(NamedTuple):
    """How one target's run ended."""

    target: str
    seconds: float
    executions: int
    started_with: int  #: edges that the seeds alone reach
    edges: int
    features: int
    corpus: int
    megabytes: int
    slowest: int  #: whole seconds of the slowest input
    failures: tuple[str, ...]


def fuzzed(name: str, seconds: int) -> Ended:
    """Run one target, as often as a hang or its memory ends it, until *seconds* are over."""
    corpus = CORPUS / name
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in [*target(name).seeds(), *(path.read_bytes() for path in _regressions(name))]:
        (corpus / hashlib.sha1(seed, usedforsecurity=False).hexdigest()).write_bytes(seed)
    words = CORPUS / "words.dict"
    words.write_text(dictionary(), "utf-8")
    began, executions, first, last = time.monotonic(), 0, None, _Line(0, 0, 0)
    megabytes, slowest, failures = 0, 0, []
    with TemporaryDirectory(prefix="reqlint-fuzz-") as scratch:
        while (left := seconds - (time.monotonic() - began)) > 2 or first is None:
            flags = (
                f"-max_total_time={max(int(left), 1)}", f"-timeout={ONE_INPUT}", f"-rss_limit_mb={MEMORY}",
                f"-max_len={LONGEST}",
                f"-dict={words}", f"-artifact_prefix={scratch}/", "-print_final_stats=1", "-verbosity=1", str(corpus),
            )  # fmt: skip
            command = [sys.executable, "-m", "fuzz.engine", name, scratch, *flags]
            around = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": scratch}
            log = Path(scratch, "log")
            with log.open("wb") as out:
                subprocess.run(command, cwd=ROOT, env=around, stdout=out, stderr=out, check=False)
            said = log.read_text("utf-8", "replace")
            lines = [_Line(*map(int, found)) for found in re.findall(r"cov: (\d+) ft: (\d+) corp: (\d+)", said)]
            inited = re.search(r"INITED cov: (\d+)", said)
            first = first or (int(inited[1]) if inited else None)
            last = max([last, *lines])
            done = re.findall(r"^#(\d+)", said, re.M)
            executions += int(done[-1]) if done else 0
            megabytes = max([megabytes, *map(int, re.findall(r"rss: (\d+)Mb", said))])
            slowest = max([slowest, *map(int, re.findall(r"slowest_unit_time_sec: +(\d+)", said))])
            failures += _kept(name, Path(scratch))
            if not lines:
                sys.exit(f"{name} could not be started:\n{said[-2000:]}")
    took = time.monotonic() - began
    reached = (first or 0, last.edges, last.features, last.corpus)
    return Ended(name, took, executions, *reached, megabytes, slowest, tuple(failures))


class _Line(NamedTuple):
    edges: int
    features: int
    corpus: int


def _regressions(name: str) -> list[Path]:
    return sorted((REGRESSIONS / name).glob("*"))


def _kept(name: str, scratch: Path) -> list[str]:
    """Make what failed small and keep it; give how each failed."""
    failures = []
    for path in sorted(
        [*scratch.glob("failed-*"), *scratch.glob("timeout-*"), *scratch.glob("oom-*"), *scratch.glob("crash-*")]
    ):
        data = path.read_bytes()
        path.unlink()
        how = "" if path.name.startswith(("timeout", "oom")) else failure(target(name).run, data)
        if how:
            data = shrunk(target(name).run, data)
        folder = REGRESSIONS / name
        folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha1(data, usedforsecurity=False).hexdigest()[:12]
        (folder / digest).write_bytes(data)
        failures.append(how or f"{path.name.partition('-')[0]}: {len(data)} bytes")
        print(f"  {name}: {failures[-1]}; kept as fuzz/regressions/{name}/{digest}", flush=True)
    return failures


def main() -> int:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.strip().partition("\n")[0])
    parser.add_argument(
        "targets", nargs="*", metavar="TARGET", help=f"one or more of {', '.join(names())}; all by default"
    )
    parser.add_argument("--seconds", type=int, default=60, help="how long each target runs (60)")
    parser.add_argument("--jobs", type=int, default=1, help="how many targets run at once (1)")
    parser.add_argument("--record", action="store_true", help="write what was done to fuzz/RESULTS.md")
    given = parser.parse_args()
    if unknown := set(given.targets) - set(names()):
        parser.error(f"no target {', '.join(sorted(unknown))}; there are {', '.join(names())}")
    ended = []
    with ThreadPoolExecutor(given.jobs) as threads:
        for each in threads.map(lambda name: fuzzed(name, given.seconds), given.targets or names()):
            ended.append(each)
            took = f"{each.executions:,} executions in {each.seconds:.0f} s, edges {each.started_with} → {each.edges}"
            print(f"{each.target}: {took}, {each.megabytes} MB, {len(each.failures)} failed", flush=True)
            if given.record:
                system = f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores"
                machine = f"{system}, Python {platform.python_version()}"
                inputs = [path.read_bytes() for path in _regressions(each.target)]
                held = sum(failure(target(each.target).run, data) is None for data in inputs)
                day = datetime.now(UTC).date().isoformat()
                record.add(ROOT / "fuzz" / "RESULTS.md", day, machine, each, len(inputs), held)
    return int(any(each.failures for each in ended))


if __name__ == "__main__":
    sys.exit(main())
