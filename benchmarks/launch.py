"""
Run one command, and print its wall time, processor time, the memory peak of its largest process and its exit code.

This is a separate script because a new process inherits the memory peak of its parent, and this parent is as small as
can be. Usage: ``python -I -S launch.py OUTPUT COMMAND…``; everything that the command prints goes to the file OUTPUT.
"""

import os
import sys
from time import perf_counter


def main() -> None:
    """Start the command, wait for it, and print seconds, processor seconds, bytes and exit code."""
    output, *command = sys.argv[1:]
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [(os.POSIX_SPAWN_OPEN, 1, output, flags, 0o600), (os.POSIX_SPAWN_DUP2, 1, 2)]
    start = perf_counter()
    process = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(process, 0)
    seconds = perf_counter() - start
    unit = 1 if sys.platform == "darwin" else 1024  # getrusage counts kilobytes, on macOS bytes
    processor = usage.ru_utime + usage.ru_stime  # with that of the processes it waited for
    print(seconds, processor, usage.ru_maxrss * unit, os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
