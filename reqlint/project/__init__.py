"""The settings of a repository: configuration, suppressions, baseline, and which files are checked."""
