"""Coverage-guided fuzzing: the targets, and the command that runs them. See fuzz/README.md."""
