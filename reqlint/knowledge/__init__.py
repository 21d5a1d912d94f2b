"""Rules and profiles: read from ``rules/``, ``schemas/`` and a project's own folders."""
