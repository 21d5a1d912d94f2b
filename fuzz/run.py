"""
Fuzz, guided by coverage: ``python fuzz/run.py [TARGET…] --seconds N``.

Each target runs for N seconds. Inputs that fail are shrunk and written to ``fuzz/regressions/TARGET/``, which the
ordinary tests replay. ``--record`` adds the run to ``fuzz/RESULTS.md``. The exit code is 1 if anything failed.
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

from fuzz import record  # noqa: E402 - needs the line above
from fuzz.shrinking import failure, shrink  # noqa: E402 - as the line above
from fuzz.targets import names, target  # noqa: E402 - as the line above
from fuzz.words import dictionary  # noqa: E402 - as the line above

CORPUS = ROOT / "fuzz" / "corpus"
REGRESSIONS = ROOT / "fuzz" / "regressions"
INPUT_SECONDS = 20  # wall time of one input; the slowest takes far less, even on a busy machine
MEMORY_MB = 2048
MAX_INPUT_BYTES = 8192


class TargetRun(NamedTuple):
    """The outcome of running one target."""

    target: str
    seconds: float
    executions: int
    started_with: int  #: edges that the seeds reach
    edges: int
    features: int
    corpus: int
    megabytes: int
    slowest: int  #: seconds of the slowest input
    failures: tuple[str, ...]


def fuzz_target(name: str, seconds: int) -> TargetRun:
    """Run one target for *seconds*; start it again when an input hangs or uses too much memory."""
    corpus = CORPUS / name
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in [*target(name).seeds(), *(path.read_bytes() for path in _regressions(name))]:
        (corpus / hashlib.sha1(seed, usedforsecurity=False).hexdigest()).write_bytes(seed)
    words = CORPUS / "words.dict"
    words.write_text(dictionary(), "utf-8")
    began, executions, first, last = time.monotonic(), 0, None, _Progress(0, 0, 0)
    megabytes, slowest, failures = 0, 0, []
    with TemporaryDirectory(prefix="reqlint-fuzz-") as scratch:
        while (left := seconds - (time.monotonic() - began)) > 2 or first is None:
            flags = (
                f"-max_total_time={max(int(left), 1)}", f"-timeout={INPUT_SECONDS}", f"-rss_limit_mb={MEMORY_MB}",
                f"-max_len={MAX_INPUT_BYTES}",
                f"-dict={words}", f"-artifact_prefix={scratch}/", "-print_final_stats=1", "-verbosity=1", str(corpus),
            )  # fmt: skip
            command = [sys.executable, "-m", "fuzz.engine", name, scratch, *flags]
            environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": scratch}
            log = Path(scratch, "log")
            with log.open("wb") as out:
                subprocess.run(command, cwd=ROOT, env=environment, stdout=out, stderr=out, check=False)
            output = log.read_text("utf-8", "replace")
            lines = [_Progress(*map(int, found)) for found in re.findall(r"cov: (\d+) ft: (\d+) corp: (\d+)", output)]
            inited = re.search(r"INITED cov: (\d+)", output)
            first = first or (int(inited[1]) if inited else None)
            last = max([last, *lines])
            done = re.findall(r"^#(\d+)", output, re.M)
            executions += int(done[-1]) if done else 0
            megabytes = max([megabytes, *map(int, re.findall(r"rss: (\d+)Mb", output))])
            slowest = max([slowest, *map(int, re.findall(r"slowest_unit_time_sec: +(\d+)", output))])
            failures += _keep_failures(name, Path(scratch))
            if not lines:
                sys.exit(f"{name} could not be started:\n{output[-2000:]}")
    took = time.monotonic() - began
    reached = (first or 0, last.edges, last.features, last.corpus)
    return TargetRun(name, took, executions, *reached, megabytes, slowest, tuple(failures))


class _Progress(NamedTuple):
    edges: int
    features: int
    corpus: int


def _regressions(name: str) -> list[Path]:
    return sorted((REGRESSIONS / name).glob("*"))


def _keep_failures(name: str, scratch: Path) -> list[str]:
    """Shrink the inputs that failed, keep them as regressions, and return a description of each failure."""
    failures = []
    for path in sorted(
        [*scratch.glob("failed-*"), *scratch.glob("timeout-*"), *scratch.glob("oom-*"), *scratch.glob("crash-*")]
    ):
        data = path.read_bytes()
        path.unlink()
        description = "" if path.name.startswith(("timeout", "oom")) else failure(target(name).run, data)
        if description:
            data = shrink(target(name).run, data)
        folder = REGRESSIONS / name
        folder.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha1(data, usedforsecurity=False).hexdigest()[:12]
        (folder / digest).write_bytes(data)
        failures.append(description or f"{path.name.partition('-')[0]}: {len(data)} bytes")
        print(f"  {name}: {failures[-1]}; kept as fuzz/regressions/{name}/{digest}", flush=True)
    return failures


def main() -> int:
    """Run the targets that the command line names, and return the exit code."""
    parser = argparse.ArgumentParser(description="Fuzz, guided by coverage.")
    parser.add_argument(
        "targets", nargs="*", metavar="TARGET", help=f"one or more of {', '.join(names())}; all by default"
    )
    parser.add_argument("--seconds", type=int, default=60, help="how long each target runs (60)")
    parser.add_argument("--jobs", type=int, default=1, help="how many targets run at once (1)")
    parser.add_argument("--record", action="store_true", help="write what was done to fuzz/RESULTS.md")
    given = parser.parse_args()
    if unknown := set(given.targets) - set(names()):
        parser.error(f"no target {', '.join(sorted(unknown))}; there are {', '.join(names())}")
    runs = []
    with ThreadPoolExecutor(given.jobs) as threads:
        for run in threads.map(lambda name: fuzz_target(name, given.seconds), given.targets or names()):
            runs.append(run)
            took = f"{run.executions:,} executions in {run.seconds:.0f} s, edges {run.started_with} → {run.edges}"
            print(f"{run.target}: {took}, {run.megabytes} MB, {len(run.failures)} failed", flush=True)
            if given.record:
                system = f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores"
                machine = f"{system}, Python {platform.python_version()}"
                inputs = [path.read_bytes() for path in _regressions(run.target)]
                held = sum(failure(target(run.target).run, data) is None for data in inputs)
                day = datetime.now(UTC).date().isoformat()
                record.add(ROOT / "fuzz" / "RESULTS.md", day, machine, run, len(inputs), held)
    return int(any(run.failures for run in runs))


if __name__ == "__main__":
    sys.exit(main())
