"""Edits that settle findings, and the proof that they do."""
