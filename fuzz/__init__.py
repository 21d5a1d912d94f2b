"""Fuzzing guided by coverage: targets, and the command that runs them. See fuzz/README.md."""
