"""Describe the machine and the versions of a run, without host names or paths."""

import os
import platform
from pathlib import Path

from benchmarks.peers import PEERS, version
from reqlint import __version__


def machine() -> dict[str, str]:
    """Return the processor, cores, memory, load and system of this machine."""
    return {
        "processor": _first("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
        "cores": str(_cores()),
        "memory": _memory(),
        "load": _load(),
        "system": f"{_system()}, {platform.machine()}",
    }


def versions() -> dict[str, str]:
    """Return the version of reqlint, of Python and of every peer."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return {"reqlint": __version__, "Python": python, **{name: version(name) or "not installed" for name in PEERS}}


def _cores() -> int:
    """Return the number of cores that this process may use, which can be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory() -> str:
    kilobytes = _first("/proc/meminfo", "MemTotal").removesuffix(" kB")
    if kilobytes:
        return f"{int(kilobytes) / 1e6:.0f} GB"
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 1e9:.0f} GB"
    except (ValueError, OSError):
        return "unknown"


def _load() -> str:
    """Return how many processes wanted a core in the last quarter of an hour, those of the run among them."""
    if not hasattr(os, "getloadavg"):
        return "unknown"
    return f"{os.getloadavg()[2]:.1f} processes wanted a core at a time, in the last quarter of an hour of the run"


def _system() -> str:
    try:
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {platform.system()}"
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}"


def _first(file: str, key: str) -> str:
    """Return the first value of a key in a file such as /proc/cpuinfo, or an empty string."""
    try:
        lines = Path(file).read_text("utf-8").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.partition(":")[0].strip() == key), "")
