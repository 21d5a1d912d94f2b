"""A JSON Lines file divided into files: the lines that an API takes, in files that it takes, and those it refuses."""
