"""What a repository says about its own files."""
