"""The command ``reqlint``, also as ``python -m reqlint``."""

import sys


def main() -> None:
    """Run the command line; exits with its code."""
    if sys.argv[1:] == ["--version"]:
        # Asked by every hook runner and setup script; answered before the command line is loaded.
        from reqlint import __version__

        sys.stdout.write(f"reqlint {__version__}\n")
        return
    from reqlint.cli import main as run

    run()


if __name__ == "__main__":
    main()
