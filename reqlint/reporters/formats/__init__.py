"""One module per output format, listed in `reqlint.reporters.FORMATS`."""
