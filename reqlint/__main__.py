"""The command ``reqlint``, also as ``python -m reqlint``."""

import sys


def main() -> None:
    """Run the command line and exit with its code."""
    if sys.argv[1:] == ["--version"]:
        # Hook runners and setup scripts ask for it, so it is answered before click is imported.
        from reqlint import __version__

        sys.stdout.write(f"reqlint {__version__}\n")
        return
    from reqlint.cli import main as run

    run()


if __name__ == "__main__":
    main()
