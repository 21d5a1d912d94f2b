"""Edits of the schemas of tools: each settles what some API refuses, and says what it loses."""
