"""
Run one command, and print how long it took, how much memory its largest process held and how it ended.

A script of its own, because a new process takes over the peak of the process that starts it: this one is the smallest
there is. Called as ``python -I -S launch.py OUTPUT COMMAND…``, where OUTPUT takes all that the command prints.
"""

import os
import sys
from time import perf_counter


def main() -> None:
    """Start the command, wait for it, and print seconds, bytes and exit code."""
    output, *command = sys.argv[1:]
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [(os.POSIX_SPAWN_OPEN, 1, output, flags, 0o600), (os.POSIX_SPAWN_DUP2, 1, 2)]
    start = perf_counter()
    process = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(process, 0)
    seconds = perf_counter() - start
    unit = 1 if sys.platform == "darwin" else 1024  # what getrusage counts in
    print(seconds, usage.ru_maxrss * unit, os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
