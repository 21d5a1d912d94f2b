"""The command ``reqlint``, also as ``python -m reqlint``."""

import gc
import sys

_INTERRUPTED = 130  # what a shell calls the end by Ctrl-C


def main() -> None:
    """Run the command line and exit with its code; Ctrl-C ends it without a traceback, also while it is imported."""
    try:
        if sys.argv[1:] == ["--version"] and _printed_version():
            return
        # Importing leaves no garbage worth a search; 100,000 objects are more than one small file needs.
        gc.set_threshold(100_000, *gc.get_threshold()[1:])
        from signal import SIG_DFL, SIGINT, default_int_handler, getsignal, signal

        if getsignal(SIGINT) is default_int_handler:
            # NOTE: an exception would be printed and lost where it hits a callback of the import. The command line
            # asks for it again as soon as it can say that it was interrupted.
            signal(SIGINT, SIG_DFL)
        from reqlint.cli import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    finally:
        gc.freeze()  # Python looks for garbage several times when it ends, and the system takes back all memory anyway


def _printed_version() -> bool:
    """Print the version; return False where it cannot be printed, which the command line explains."""
    # Hook runners and setup scripts ask for it, so it is answered before click is imported.
    from reqlint import __version__

    try:
        sys.stdout.write(f"reqlint {__version__}\n")
        sys.stdout.flush()
    except (AttributeError, OSError):
        return False
    return True


if __name__ == "__main__":
    main()
