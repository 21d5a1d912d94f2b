"""YAML text: read, located and edited."""
