"""What `rules/` and `schemas/` say."""
